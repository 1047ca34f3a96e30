// Package window is what every place of the lab needs of the window it is in.
//
//	Window ──► Fail, Tell          what did not work, and what did
//	       ──► SaveAs, AskForFile  files, written whole or not at all
//	       ──► Enlarge, OpenWeb    more room; the person's browser
//	       ──► Prefs (Settings)    what is remembered from one start to the next
//	Button, Label, Card, MistakesPage, SectionTitle …: what several places show
//
// # How to choose
//
// A place takes a *Window and nothing of the shell around it; what leads to
// another place is a function that the table of places hands in. A button without
// a text is a Button here: it says what it does when the pointer rests on it.
// What only one place shows belongs to that place.
package window
