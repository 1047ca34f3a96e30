package lab

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"asynclab/scenarios"
	"asynclab/ui/bench"
	"asynclab/ui/keyed"
	"asynclab/ui/locale"
	"asynclab/ui/palette"
	"asynclab/ui/window"
)

// Lab shows one design.
type Lab struct {
	watchPlace
	compare func(path string, sc *scenarios.Scenario) // shows a scenario in Compare; sc is nil for that of a file or the library
	edit    func(path string)                         // shows its text in Build
}

// NewLab makes the place; compare, edit and vary show its scenario in other places.
func NewLab(host *window.Window, compare func(path string, sc *scenarios.Scenario), edit func(path string),
	vary func(path string, sc *scenarios.Scenario, param string)) *Lab {
	p := &Lab{watchPlace{host: host, name: "lab", Workbench: bench.New(host)}, compare, edit}
	p.pick = func(sc *scenarios.Scenario, wanted []string) []int {
		for i, d := range sc.Designs {
			if len(wanted) > 0 && d.Name == wanted[0] {
				return []int{i}
			}
		}
		return []int{0}
	}
	p.header = p.bar
	p.Workbench.OnVary = func(param string) { vary(p.path, p.Scenario, param) }
	return p
}

func (p *Lab) bar() fyne.CanvasObject {
	var more []fyne.CanvasObject
	if len(p.Scenario.Designs) > 1 {
		var names []string
		for _, d := range p.Scenario.Designs {
			names = append(names, d.Name)
		}
		choice := keyed.NewSelect(names, nil)
		choice.Selected = names[p.Workbench.Designs[0]]
		choice.OnChanged = func(name string) {
			for i, n := range names {
				if n == name && i != p.Workbench.Designs[0] {
					p.change([]int{i}, func() { choice.SetSelected(names[p.Workbench.Designs[0]]) })
				}
			}
		}
		side := keyed.NewButton(locale.T("place.compare"), palette.Icon("compare"), func() { p.compare(p.path, p.Unsaved) })
		p.Workbench.Named["design"], p.Workbench.Named["compare-them"] = choice, side
		more = append(more, widget.NewLabel(locale.T("lab.design")), choice, side)
	}
	if p.Unsaved == nil {
		text := window.NewButton(palette.Icon("build"), locale.T("lab.edit"), func() { p.edit(p.path) })
		text.Importance = widget.LowImportance
		p.Workbench.Named["edit"] = text
		more = append(more, text)
	}
	return p.titleBar(more...)
}
