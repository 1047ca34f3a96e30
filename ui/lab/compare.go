package lab

import (
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"asynclab/scenarios"
	"asynclab/ui/bench"
	"asynclab/ui/control"
	"asynclab/ui/keyed"
	"asynclab/ui/locale"
	"asynclab/ui/window"
)

// Compare shows two to four designs under one clock and one load.
type Compare struct{ watchPlace }

func NewCompare(host *window.Window) *Compare {
	p := &Compare{watchPlace{host: host, name: "compare", Workbench: bench.New(host)}}
	p.pick = func(sc *scenarios.Scenario, wanted []string) []int {
		var out []int
		for i, d := range sc.Designs {
			if slices.Contains(wanted, d.Name) && len(out) < control.MaxLanes {
				out = append(out, i)
			}
		}
		if len(out) >= min(least, len(sc.Designs)) {
			return out
		}
		out = nil
		for i := range min(len(sc.Designs), control.MaxLanes) {
			out = append(out, i)
		}
		return out
	}
	p.header = p.bar
	return p
}

// bar offers the choice of the designs to compare.
func (p *Compare) bar() fyne.CanvasObject {
	if len(p.Scenario.Designs) < 2 {
		only := widget.NewLabel(locale.T("compare.one-design"))
		only.Importance = widget.WarningImportance
		return p.titleBar(only)
	}
	boxes := container.NewHBox()
	var checks []*keyed.Check
	for i, d := range p.Scenario.Designs {
		c := keyed.NewCheck(d.Name, nil)
		c.Checked = slices.Contains(p.Workbench.Designs, i)
		c.OnChanged = func(bool) { p.choose(checks) }
		checks = append(checks, c)
		p.Workbench.Named["compare:"+d.Name] = c
		boxes.Add(c)
	}
	p.limit(checks)
	return p.titleBar(boxes)
}

func (p *Compare) choose(checks []*keyed.Check) {
	var designs []int
	for i, c := range checks {
		if c.Checked {
			designs = append(designs, i)
		}
	}
	p.limit(checks)
	if len(designs) >= least && !slices.Equal(designs, p.Workbench.Designs) {
		p.change(designs, func() {
			for i, c := range checks {
				c.Checked = slices.Contains(p.Workbench.Designs, i)
				c.Refresh()
			}
			p.limit(checks)
		})
	}
}

// least is the minimum number of designs in a comparison.
const least = 2

// limit keeps the number of designs between two and four.
func (p *Compare) limit(checks []*keyed.Check) {
	n := 0
	for _, c := range checks {
		if c.Checked {
			n++
		}
	}
	for _, c := range checks {
		if c.Checked && n <= least || !c.Checked && n >= control.MaxLanes {
			c.Disable()
		} else {
			c.Enable()
		}
	}
}
