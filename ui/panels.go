package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"asynclab/ui/control"
)

type plotWall struct{ content fyne.CanvasObject }

func newPlotWall(*bench) *plotWall       { return &plotWall{container.NewStack()} }
func (*plotWall) refresh(*control.Board) {}

type storyPanel struct{ content fyne.CanvasObject }

func newStoryPanel(*bench) *storyPanel     { return &storyPanel{container.NewStack()} }
func (*storyPanel) refresh(*control.Board) {}
func (*storyPanel) ask(int, uint64)        {}

type logPanel struct{ content fyne.CanvasObject }

func newLogPanel(*bench) *logPanel       { return &logPanel{container.NewStack()} }
func (*logPanel) refresh(*control.Board) {}

type tablePanel struct{ content fyne.CanvasObject }

func newTablePanel(*bench) *tablePanel     { return &tablePanel{container.NewStack()} }
func (*tablePanel) refresh(*control.Board) {}
