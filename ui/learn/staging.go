package learn

import (
	"slices"

	"asynclab/lessons"
	"asynclab/scenarios"
	"asynclab/sim/metric"
	"asynclab/ui/control"
	"asynclab/ui/locale"
)

// stage puts the scenario and designs of the step on the bench.
func (p *Place) stage() {
	step := p.Player.Step()
	if step.Setup == nil || step.Setup == p.Setup && !step.Fresh && p.Workbench.Scenario != nil {
		return
	}
	u := step.Setup
	sc, designs, err := staged(p.Player.Lesson(), u)
	if err != nil {
		p.host.Fail(locale.T("lesson.lab-not-set-up"), err)
		return
	}
	p.drop()
	p.Setup, p.ended, p.spent = u, false, false
	p.Workbench.PlotIDs, p.Workbench.PlotOf = plotsOf(step)
	p.Workbench.Until = u.Until
	cfg := p.Player.Lesson().Config(u)
	p.Workbench.Open("lesson."+p.Player.Lesson().ID+"."+u.Scenario, u.Scenario, sc, designs, control.Options{Windows: cfg.Windows, Asked: cfg.Asked, At: u.From}, func() {
		p.Refill()
		p.Workbench.Controller.SetSpeed(u.Speed)
		if u.Select != "" {
			p.Workbench.Select(0, u.Select)
		}
		if u.Play && p.Player.MayRun() == nil {
			p.Workbench.Controller.Play()
		}
	})
}

// staged is the scenario of a setup, restricted to its designs and with its
// changes, and the indices of the designs on the bench.
func staged(l *lessons.Lesson, u *lessons.Setup) (sc *scenarios.Scenario, designs []int, err error) {
	ready, err := l.Designs(u)
	if err != nil {
		return nil, nil, err
	}
	whole := l.Scenario(u.Scenario)
	shown := *whole
	shown.Designs, shown.DesignTitles = ready, nil
	for i, d := range ready {
		for j := range whole.Designs {
			if whole.Designs[j].Name == d.Name {
				shown.DesignTitles = append(shown.DesignTitles, whole.DesignTitles[j])
			}
		}
		if i < control.MaxLanes {
			designs = append(designs, i)
		}
	}
	return &shown, designs, nil
}

// plotsOf are the plots that a step shows, and the elements that each is
// limited to. Of one operation of one's own there is no curve.
func plotsOf(s *lessons.Step) (ids []string, of map[string][]string) {
	ids, of = []string{}, map[string][]string{}
	for _, plot := range s.Setup.Plots {
		id := metric.ForLesson(plot.Kind).ID
		if !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
		if plot.Element != "" {
			of[id] = append(of[id], plot.Element)
		}
	}
	act := slices.ContainsFunc(s.Activities(), func(a *lessons.Activity) bool { return a.Kind == lessons.Act })
	if len(ids) == 0 && !act {
		ids = []string{"throughput", "median"}
	}
	return ids, of
}
