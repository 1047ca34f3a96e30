package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"asynclab/ui/control"
)

type logPanel struct{ content fyne.CanvasObject }

func newLogPanel(*bench) *logPanel       { return &logPanel{container.NewStack()} }
func (*logPanel) refresh(*control.Board) {}

type tablePanel struct{ content fyne.CanvasObject }

func newTablePanel(*bench) *tablePanel     { return &tablePanel{container.NewStack()} }
func (*tablePanel) refresh(*control.Board) {}
