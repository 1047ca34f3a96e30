// Package window is the part of a window that every place of the lab uses.
//
//	Window ──► Fail, Tell          what did not work, and what did
//	       ──► SaveAs, AskForFile  files, written whole or not at all
//	       ──► Enlarge, OpenWeb    more room; the person's browser
//	       ──► Prefs (Settings)    what is remembered from one start to the next
//	Button, Label, Card, MistakesPage, SectionTitle …: what several places show
//
// # How to choose
//
// A place takes a *Window and nothing of the shell around it; links to other
// places are functions that the table of places passes in. For a button without
// a text use Button: it has a hint, shown while the pointer rests on it.
// Widgets that only one place shows belong to that place.
package window
