package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/dialog"

	"asynclab/ui/locale"
)

// enlarge shows something in most of the window, where a panel is too narrow for
// it.
func (s *Shell) enlarge(title string, content fyne.CanvasObject) {
	d := dialog.NewCustom(title, locale.T("action.close"), content, s.win)
	room := s.win.Canvas().Size()
	d.Resize(fyne.NewSize(room.Width-60, room.Height-40))
	d.Show()
}
