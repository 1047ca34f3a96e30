package bench

import (
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"asynclab/sim/warning"
	"asynclab/ui/control"
	"asynclab/ui/locale"
)

// warningsPanel lists what a reader must know before believing the numbers, and what
// to do about it.
type warningsPanel struct {
	b       *Bench
	list    *fyne.Container
	said    string
	Content fyne.CanvasObject
}

func newWarningsPanel(b *Bench) *warningsPanel {
	p := &warningsPanel{b: b, list: container.NewVBox(), said: "-"}
	p.Content = container.NewVScroll(container.NewPadded(p.list))
	return p
}

func (p *warningsPanel) refresh(d *control.Board) {
	var lines []string
	kinds := map[string]warning.Kind{} // of the lines
	silenced := 0
	for i, l := range d.Lanes {
		silenced += l.Silenced
		for _, w := range l.Warnings {
			text := w.Say(locale.Word)
			if w.Element != "" {
				text = locale.T("text.with-detail", w.Element, text)
			}
			if len(p.b.Scenes) > 1 {
				text = locale.T("text.with-detail", p.b.LaneName(i), text)
			}
			lines, kinds[text] = append(lines, text), w.Kind
		}
	}
	if silenced > 0 {
		lines = append(lines, locale.T("warnings.silenced", silenced))
	} else if len(lines) == 0 {
		lines = []string{locale.T("warnings.none")}
	}
	said := strings.Join(lines, "\n")
	if said == p.said {
		return
	}
	p.said, p.list.Objects = said, nil
	for _, text := range lines {
		head := widget.NewLabel(text)
		head.Wrapping = fyne.TextWrapWord
		p.list.Add(head)
		if k, ok := kinds[text]; ok {
			head.Importance = widget.WarningImportance
			do := widget.NewLabel(locale.Say(k.Advice()))
			do.Wrapping = fyne.TextWrapWord
			p.list.Add(do)
		}
	}
	p.list.Refresh()
}
