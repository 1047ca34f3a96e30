// Package keyed has Fyne's widgets, changed so that the keys of the window
// still work after a widget was clicked.
//
//	key ──► focused widget ──its own──► does it
//	              └─────────the rest──► the canvas: ui/keys.go
//
// The toolkit gives the focus to a slider, a check box or a list when it is
// clicked, and from then on that widget gets all keys and drops those it does
// not use: after a click on the speed, Space would not play.
//
// # How to choose
//
// Use the widgets here in the places, and the toolkit's in dialogs. Space plays
// and pauses everywhere: Enter does in these widgets what Space does in the
// toolkit's. A button that Tab has led to is pressed by either.
package keyed
