package ui

import (
	"fyne.io/fyne/v2"

	"asynclab/ui/bench"
	"asynclab/ui/build"
	"asynclab/ui/lab"
	"asynclab/ui/learn"
	"asynclab/ui/locale"
	"asynclab/ui/sweep"
)

// place is one of the places of the window. Its state outlives its content,
// which is rebuilt when the language or the theme changes.
type place interface {
	Build() fyne.CanvasObject // new content for the present state
	Enter()
	Leave()
	Bench() *bench.Bench // the bench shown; nil: none
	Close()

	Describe() map[string]string            // its state, for programs that drive the window
	Controls() map[string]fyne.CanvasObject // controls that can be pressed, by names that do not depend on the language
}

type namedPlace struct {
	id string
	place
}

// placeRow declares a place. Its id is also the name of its icon.
type placeRow struct {
	id    string
	title string
	key   fyne.KeyName // with Ctrl
	open  func(*Shell) place
}

// placeTable is the places in the order of the rail.
func placeTable() []placeRow {
	return []placeRow{
		{"learn", locale.T("place.learn"), fyne.Key1, func(s *Shell) place { return learn.NewPlace(s.Window, s.opt.DataDir, s.opt.Lessons) }},
		{"lab", locale.T("place.lab"), fyne.Key2, func(s *Shell) place { return lab.NewLab(s.Window, s.openTextInCompare, s.openInBuild, s.varyInSweep) }},
		{"compare", locale.T("place.compare"), fyne.Key3, func(s *Shell) place { return lab.NewCompare(s.Window) }},
		{"sweep", locale.T("place.sweep"), fyne.Key4, func(s *Shell) place { return sweep.NewPlace(s.Window, s.openTextInLab, s.useInBuild) }},
		{"build", locale.T("place.build"), fyne.Key5, func(s *Shell) place { return build.NewPlace(s.Window, s.openTextInLab) }},
	}
}
