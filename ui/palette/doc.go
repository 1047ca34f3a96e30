// Package palette has the look of the lab: the Fyne theme (light and dark, with
// the bundled fonts), and the colours and shapes that distinguish nodes,
// messages, curves and states everywhere: on the stage, in plots, in sequence
// diagrams and in legends.
//
//	assets: fonts ──┐
//	palette ────────┼──► Theme ──► theme.Color(palette.ColorRequest), theme.Size(…), in any widget
//	sizes ──────────┘
//	record: marks; control: healths ──► Of, Health ──► Mark: shape and colour
//
// # How to choose
//
// A widget that shows a message, a health or a failure uses its Mark, which has
// a shape as well, because colour alone is not enough for everybody. One that
// shows another part of the lab uses a colour name of this package; a plain
// widget uses Fyne's colours. A new name needs its two colours in the palette,
// and a place in the tests, which measure contrast and the distances of colours
// for several kinds of colour vision.
package palette
