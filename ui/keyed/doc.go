// Package keyed has Fyne's widgets, changed so that the keys of the window still
// work after one of them was clicked.
//
//	key ──► focused widget ──its own──► does it
//	              └─────────the rest──► the canvas: ui/keys.go
//
// The toolkit gives the focus to a slider, a check or a list when it is clicked,
// and from then on that widget gets all keys and drops those it has no use for:
// after a click on the speed, Space would not play.
//
// # How to choose
//
// A widget on the bench comes from here, one in a dialog from the toolkit. Space
// plays and pauses everywhere: what it does in the toolkit's widgets, Enter does
// in these.
package keyed
