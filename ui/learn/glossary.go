package learn

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/widget"

	"asynclab/lessons"
	"asynclab/ui/locale"
	"asynclab/ui/window"
)

// term explains a word beside the point that was tapped, until another tap.
func (p *Place) term(id string, at fyne.Position) {
	e, ok := lessons.Glossary(locale.Current()).Find(id)
	if !ok {
		return
	}
	name := widget.NewLabelWithStyle(e.Name, fyne.TextAlignLeading, fyne.TextStyle{Bold: true})
	text := window.Wrapped(e.Text)
	box := container.NewVBox(name, text)
	const width, gap = 400, 14
	box.Resize(fyne.NewSize(width, 0)) // the height of the text follows from its width
	pop := widget.NewPopUp(box, p.host.Win.Canvas())
	size, room := fyne.NewSize(width, box.MinSize().Height), p.host.Win.Canvas().Size()
	pop.Resize(size)
	p.host.Asked = map[string]fyne.CanvasObject{"term": text}
	y := at.Y + gap
	if y+size.Height+gap > room.Height {
		y = at.Y - size.Height - gap
	}
	pop.ShowAtPosition(fyne.NewPos(max(gap, min(at.X-width/4, room.Width-width-gap)), max(gap, y)))
}

// Glossary shows all entries.
func (p *Place) Glossary() {
	box := container.NewVBox()
	for _, e := range lessons.Glossary(locale.Current()) {
		name := widget.NewLabelWithStyle(e.Name, fyne.TextAlignLeading, fyne.TextStyle{Bold: true})
		text := widget.NewLabel(e.Text)
		text.Wrapping = fyne.TextWrapWord
		box.Add(name)
		box.Add(text)
	}
	scroll := container.NewVScroll(box)
	scroll.SetMinSize(fyne.NewSize(640, 460))
	dialog.NewCustom(locale.T("glossary.title"), locale.T("action.close"), scroll, p.host.Win).Show()
}
