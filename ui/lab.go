package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"asynclab/scenarios"
	"asynclab/ui/keyed"
	"asynclab/ui/locale"
	"asynclab/ui/look"
)

// labPlace watches one design.
type labPlace struct {
	watchPlace
	compare func(path string) // shows a scenario in Compare
}

func newLab(host *window, compare func(path string)) *labPlace {
	p := &labPlace{watchPlace{host: host, name: "lab", b: newBench(host)}, compare}
	p.pick = func(sc *scenarios.Scenario, wanted []string) []int {
		for i, d := range sc.Designs {
			if len(wanted) > 0 && d.Name == wanted[0] {
				return []int{i}
			}
		}
		return []int{0}
	}
	p.header = p.bar
	return p
}

func (p *labPlace) bar() fyne.CanvasObject {
	var more []fyne.CanvasObject
	if len(p.sc.Designs) > 1 {
		var names []string
		for _, d := range p.sc.Designs {
			names = append(names, d.Name)
		}
		choice := keyed.NewSelect(names, nil)
		choice.Selected = names[p.b.designs[0]]
		choice.OnChanged = func(name string) {
			for i, n := range names {
				if n == name && i != p.b.designs[0] {
					p.putOn(p.sc, []int{i})
				}
			}
		}
		side := widget.NewButtonWithIcon(locale.T("place.compare"), look.Icon("compare"), func() { p.compare(p.path) })
		p.b.named["design"], p.b.named["compare-them"] = choice, side
		more = append(more, widget.NewLabel(locale.T("lab.design")), choice, side)
	}
	return p.titleBar(more...)
}
