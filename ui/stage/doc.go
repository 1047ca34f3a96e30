// Package stage shows a design with its messages in motion, and lets one look at
// it: zoom, pan, point, select, follow one operation.
//
//	control.Scene ──► ground: frames, links, outlines ─ one picture, drawn again when the view changes
//	                  names:  texts of nodes and links ─ placed again when the view changes
//	control.Lane ───► fills, states: bars, cells, health ─ placed again when a state changes
//	                  motion: dots and sparks ─ moved in place, every frame
//
// Everything but the ground is made of pooled canvas objects: a frame moves
// them and requests one repaint; it creates and lays out nothing.
//
// What waits is told from what moves: a line that is lit is held now, the worker
// that holds it has its colour, and the numbers are of the same instant; a faint
// line or worker was so a moment ago.
//
// # How to choose
//
// Stage is the live picture in a window; Legend explains its marks and is a
// widget of its own, to be placed beside or below it, or hidden. Stage.SVG and
// Stage.PNG write the whole picture of this moment for slides and reports; for
// a design without a run, topology.SVG is enough.
package stage
