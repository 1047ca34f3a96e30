package bench

import (
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"asynclab/sim/design"
	"asynclab/ui/control"
	"asynclab/ui/keyed"
	"asynclab/ui/locale"
	"asynclab/ui/window"
)

// changesPanel lists the changes made by hand and the active faults, with
// buttons to undo or save them.
type changesPanel struct {
	b                       *Bench
	list, broken            *fyne.Container
	Undo, Redo, Reset, save *keyed.Button
	said                    string
	Content                 fyne.CanvasObject
}

func newChangesPanel(b *Bench) *changesPanel {
	p := &changesPanel{b: b, list: container.NewVBox(), broken: container.NewVBox(), said: "-"}
	p.Undo = keyed.NewButton(locale.T("changes.undo"), theme.ContentUndoIcon(), func() { b.Controller.Undo() })
	p.Redo = keyed.NewButton(locale.T("changes.redo"), theme.ContentRedoIcon(), func() { b.Controller.Redo() })
	p.Reset = keyed.NewButton(locale.T("changes.reset"), theme.ViewRefreshIcon(), func() { b.Controller.ResetChanges() })
	p.save = keyed.NewButton(locale.T("changes.save"), theme.DocumentSaveIcon(), b.Save)
	head := container.NewVBox(container.NewGridWithColumns(3, p.Undo, p.Redo, p.Reset), p.save)
	p.Content = container.NewBorder(container.NewPadded(head), nil, nil, nil,
		container.NewVScroll(container.NewPadded(container.NewVBox(p.broken, p.list))))
	return p
}

func (p *changesPanel) refresh(d *control.Board) {
	window.Enable(p.Undo, d.CanUndo)
	window.Enable(p.Redo, d.CanRedo)
	window.Enable(p.Reset, len(d.Changes) > 0)
	if said := p.say(d); said != p.said {
		p.said = said
		p.fill(d)
	}
}

// say is the content of the panel as one string: the panel is rebuilt when it
// changes.
func (p *changesPanel) say(d *control.Board) string {
	var b strings.Builder
	for _, c := range d.Changes {
		b.WriteString(p.line(c, d) + "\n")
		if c.At > d.Now {
			b.WriteString("later")
		}
	}
	for i, l := range d.Lanes {
		for _, f := range l.Fault {
			if f.Active {
				b.WriteString(p.b.LaneName(i) + f.Name + "\n")
			}
		}
	}
	return b.String()
}

func (p *changesPanel) line(c control.Change, d *control.Board) string {
	text := clock(c.At, d.Length) + "   "
	if len(p.b.Scenes) > 1 && c.Lane >= 0 {
		text += p.b.LaneName(c.Lane) + ": "
	}
	switch c.Path {
	case design.Inject:
		words := c.Value
		if f, err := design.ParseFault(c.Value); err == nil {
			words = p.b.sentence(&f)
		}
		return text + locale.T("changes.broken", words)
	case design.Heal:
		return text + locale.T("changes.healed", p.b.faultWords(c.Value))
	}
	return text + design.PathWords(c.Path, called(p.b.Words)) + " = " + c.Value
}

func (p *changesPanel) fill(d *control.Board) {
	p.list.Objects, p.broken.Objects = nil, nil
	for i, l := range d.Lanes {
		for _, f := range l.Fault {
			if f.Active {
				p.addBroken(i, f)
			}
		}
	}
	if len(p.broken.Objects) > 0 {
		p.broken.Objects = append([]fyne.CanvasObject{window.SectionTitle(locale.T("changes.broken-now"))}, p.broken.Objects...)
	}
	p.list.Add(window.SectionTitle(locale.T("changes.by-hand")))
	if len(d.Changes) == 0 {
		none := widget.NewLabel(locale.T("changes.none"))
		none.Wrapping = fyne.TextWrapWord
		p.list.Add(none)
	}
	for _, c := range d.Changes {
		l := widget.NewLabel(p.line(c, d))
		l.Wrapping = fyne.TextWrapWord
		if c.At > d.Now {
			l.Importance = widget.LowImportance
			l.SetText(l.Text + "  " + locale.T("changes.to-come"))
		}
		p.list.Add(l)
	}
	p.list.Refresh()
	p.broken.Refresh()
}

func (p *changesPanel) addBroken(lane int, f control.FaultState) {
	text := p.b.sentence(&f.Fault)
	if len(p.b.Scenes) > 1 {
		text = locale.T("text.with-detail", p.b.LaneName(lane), text)
	}
	l := widget.NewLabel(text)
	l.Truncation = fyne.TextTruncateEllipsis
	heal := keyed.NewButton(locale.T("changes.heal"), theme.ConfirmIcon(), func() { p.b.changing().Heal(lane, f.Name) }) // in this design alone
	p.b.Named["heal"] = heal
	p.broken.Add(container.NewBorder(nil, nil, nil, heal, l))
}
