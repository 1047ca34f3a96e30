package lessons

import (
	"math"
	"slices"
	"strings"

	"asynclab/scenarios/yamltree"
	"asynclab/sim/design"
	"asynclab/sim/draw"
	"asynclab/sim/expect"
)

// Trial lets the student turn the knobs before anything is explained. It is not
// graded: the changes and what came of them are kept, and shown.
var Trial = &ActivityKind{Block: "try", Log: "tries", Row: "try", Later: true,
	doc: "something to change before it is explained: not graded, only remembered",
	words: map[string]words{"name": {"en": "try", "zh-Hans": "试一试"}, "knobs": {"en": "(change only: %s)", "zh-Hans": "（只改：%s）"}, "list": {"en": ", ", "zh-Hans": "、"},
		"free": {"en": "There is no right answer here. What you tried is kept.", "zh-Hans": "这里没有标准答案。你试过的都会记下来。"}},
	page: func(a *Activity, say sayer) (shown, answer []Line) {
		return []Line{{Text: Text{{Text: say("knobs", strings.Join(a.setup.Knobs, say("list")))}}}, {Text: Text{{Text: say("free")}}}}, nil
	},
	keys: []prop[draft]{
		{"watch", true, true, "an expression: its value in the run is what the student is told", func(r *reader, n *yamltree.Node, d *draft) { d.Watch = r.expression(n) }},
	},
	finish: func(r *reader, _ *draft) { r.reportStrays(nil) },
	expects: func(a *Activity) []*expect.Expectation {
		return []*expect.Expectation{a.Watch}
	},
	check: func(r *reader, a *Activity) {
		if len(a.setup.Knobs) == 0 {
			r.At(a.at, "such as knobs: [service.pay.workers]", "the setup has no knobs to try")
		}
	},
	prove:  proveWatch,
	passed: func(t Try) bool { return t.Judged },
	judge:  judgeTrial,
}

// proveWatch checks that the run has the value that is watched.
func proveWatch(a *Activity) []*proof {
	p := &proof{at: a.at}
	p.judge = func(s scene) {
		if out := judge(a.Watch, a.setup.Designs, s); math.IsNaN(out.Value) {
			p.unmet(a.at, "", "the run has no value to watch: %s", out.Detail)
		}
	}
	return []*proof{p}
}

// judgeTrial notes what was changed, and the value that came of it. A run in which
// nothing was changed is no try, and one in which something else was changed does not
// count.
func judgeTrial(_ *Player, a *Activity, run Evidence, v *Verdict) *Try {
	changed := beside(a.setup, run, nil)
	v.Beside = slices.DeleteFunc(beside(a.setup, run, a.setup.Knobs), func(path string) bool { return !slices.Contains(changed, path) })
	if len(changed) == 0 || len(v.Beside) > 0 {
		return nil
	}
	out := judge(a.Watch, a.setup.Designs, run)
	v.Right, v.Truth = true, out.Value
	turned := slices.DeleteFunc(slices.Clone(changed), func(path string) bool { return !slices.Contains(a.setup.Knobs, path) })
	if len(turned) == 0 { // a part of a knob
		turned = changed
	}
	t := &Try{Said: strings.Join(a.setup.said(turned, run), ", ")}
	if !math.IsNaN(out.Value) {
		t.Value = &out.Value
	}
	return t
}

// said writes parameters with the values that they have in a run: "service.pay.workers=8".
func (u *Setup) said(paths []string, run Evidence) (all []string) {
	for _, path := range paths {
		for _, begin := range u.begin {
			var now *design.Design
			if now = run.Design(begin.Name); now == nil {
				continue
			}
			was, _ := begin.Get(path)
			if is, err := now.Get(path); err == nil && is != was {
				all = append(all, path+"="+is)
				break
			}
		}
	}
	return all
}

// Watched is what came of a try, with its unit.
func (a *Activity) Watched(t Try) string {
	if t.Value == nil {
		return "?"
	}
	return draw.FormatQuantity(*t.Value, a.unit)
}
