// Package palette says how the lab looks: the Fyne theme (light and dark, with the
// bundled fonts), and the colours and shapes by which nodes, messages, curves
// and states are told apart everywhere: on the stage, in plots, in sequence
// diagrams and in legends.
//
//	assets: fonts ──┐
//	palette ────────┼──► Theme ──► theme.Color(palette.ColorRequest), theme.Size(…), in any widget
//	sizes ──────────┘
//	record: marks; control: healths ──► Of, Health ──► Mark: shape and colour
//
// # How to choose
//
// What shows a message, a health or what went wrong asks for its Mark, which has a shape
// as well: colour alone is not enough for everybody. What shows something else of
// the lab takes a colour name of this package; what is a plain widget takes none,
// and has Fyne's. A new name gets its two colours in the palette, and a place in
// the tests, which measure contrast and how colours differ to several kinds of
// colour vision.
package palette
