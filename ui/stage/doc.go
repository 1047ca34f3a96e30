// Package stage shows a design with its messages in motion, and lets one look at
// it: zoom, pan, point, select, follow one operation.
//
//	control.Scene ──► ground: frames, links, outlines ─ one picture, drawn again when the view changes
//	                  names:  texts of nodes and links ─ placed again when the view changes
//	control.Lane ───► fills, states: bars, cells, health ─ placed again when a state changes
//	                  motion: dots and sparks ─ moved in place, every frame
//
// Everything but the ground is made of pooled canvas objects: a frame moves them
// and asks for one repaint, it makes and lays out nothing.
//
// # How to choose
//
// Stage is the picture that lives in a window; Legend says what its marks mean and
// is a widget of its own, to be put beside, below or away. Stage.SVG and Stage.PNG
// are the whole picture of this moment for slides and reports; for a design without
// a run, topology.SVG is enough.
package stage
