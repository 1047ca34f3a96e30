package engine

import (
	"slices"
	"strings"

	"asynclab/sim/check"
	"asynclab/sim/design"
	"asynclab/sim/draw"
	"asynclab/sim/measure"
	"asynclab/sim/metric"
	"asynclab/sim/spell"
)

// Faults that do not come by the clock of the run: those of what wears out by work, and
// those that a condition brings about.

// wearOut has the instances of a fault tell when they begin to work.
func (r *Run) wearOut(i int32) {
	f := &r.prog.faults[i]
	struck{r, f, f.targets}.each(func(ii int32) { r.instances[ii].watched |= watchWork })
}

// wind lets a fault begin when its node has been busy for a time.
func (r *Run) wind(i int32, d int64) {
	s := &r.faults[i]
	s.left, s.goes = max(1, d), false
	r.tick(i)
}

// workMoved adapts the clocks of an instance whose workers begin to be busy, or are no
// longer.
func (r *Run) workMoved(in *instance) {
	for i := range r.faults {
		if f := &r.prog.faults[i]; f.wears && f.service == in.service {
			r.tick(int32(i))
		}
	}
}

// tick lets the clock of a fault go, or stand, as its node is busy or not.
func (r *Run) tick(i int32) {
	f, s := &r.prog.faults[i], &r.faults[i]
	if s.left == 0 {
		return
	}
	busy := false
	struck{r, f, f.targets}.each(func(ii int32) {
		busy = busy || r.instances[ii].busy > 0 && r.instances[ii].down == 0
	})
	switch {
	case busy == s.goes:
	case busy:
		s.goes, s.since = true, r.now
		r.scheduleFault(i, r.now+s.left)
	default:
		s.goes = false
		s.left = max(1, s.left-(r.now-s.since))
		r.cancel(&s.timer)
	}
}

// watchT is the condition of a fault, with the place of its metric.
type watchT struct {
	design.Trigger
	level bool
	l     measure.LevelID
	c     measure.Counter
	plus  []measure.Counter
	times int64
}

// met reports whether a condition holds now.
func (r *Run) met(w *watchT) bool {
	if w.level {
		return w.Holds(float64(r.rec.LevelValue(w.l)))
	}
	n := int64(r.rec.Total(w.c))
	for _, c := range w.plus {
		n += w.times * int64(r.rec.Total(c))
	}
	return w.Holds(float64(n))
}

// begins looks at the condition of a fault: does it begin to hold? If not, there is a next
// look, unless nothing else is left that could change it.
func (r *Run) begins(i int32) bool {
	f, s := &r.prog.faults[i], &r.faults[i]
	was := s.held
	if s.held = r.met(&f.when); s.held && !was && !r.draining {
		return true
	}
	others := 1 // the sample that is always due, and the looks at other conditions
	for k := range r.prog.faults {
		if k != int(i) && r.prog.faults[k].look > 0 {
			others++
		}
	}
	if !r.draining && (r.until != never || r.list.Live() > others) {
		r.scheduleFault(i, r.now+f.look)
	}
	return false
}

// watchTables finds the metrics of the conditions of faults.
func (c *compiler) watchTables() {
	var all []meter
	for i := range c.d.Faults {
		f := &c.d.Faults[i]
		if f.When == "" {
			continue
		}
		if all == nil {
			all = c.meters()
		}
		t := &c.faults[i]
		t.look = limit(f.Look, design.DefaultLook)
		t.when.Trigger, _ = design.ParseTrigger(f.When) // it was checked
		if m := watched(all, t.when.Metric); m != nil {
			t.when.level = m.Metric.Shape() == metric.Level
			t.when.l, t.when.c, t.when.plus, t.when.times = m.l, m.c, m.plus, m.times
		}
	}
}

// watched is the metric of a name that a condition can look at: a count, or the level of
// what can be counted; or nil.
func watched(all []meter, name string) *meter {
	for i := range all {
		m := &all[i]
		shape := m.Metric.Shape()
		if m.String() == name && m.Metric.Unit == draw.None && (shape == metric.Count || shape == metric.Level) {
			return m
		}
	}
	return nil
}

// conditions checks the conditions of faults of a design that has no other mistakes: they
// look at metrics, which are known when it is compiled.
func conditions(d *design.Design) (bad []check.Problem) {
	if !slices.ContainsFunc(d.Faults, func(f design.Fault) bool { return f.When != "" }) {
		return nil
	}
	all := compile(d).meters()
	for i := range d.Faults {
		f := &d.Faults[i]
		t, ok := design.ParseTrigger(f.When)
		if !ok {
			continue
		}
		var says, advice spell.Text
		switch {
		case watched(all, t.Metric) == nil:
			says = spell.Textf("no fault can wait for %s: it is no count, and no level of what can be counted", design.Quoted(t.Metric))
			advice = spell.HintText(t.Metric, "counts and levels", watchable(all, t.Metric))
		case t.Op == "<" && t.Value <= 0 || t.Op == "<=" && t.Value < 0:
			says = spell.Textf("%s is never %s %s", t.Metric, t.Op, draw.FormatQuantity(t.Value, draw.None))
			advice = spell.Textf("a count or a level is at least 0: write another bound, for example > 10")
		default:
			continue
		}
		bad = append(bad, check.Problem{Path: "fault." + design.Named(f.Name, i) + ".when", Msg: says.String(), Hint: advice.String(), Says: says, Advice: advice})
	}
	return bad
}

// watchable lists what conditions can look at: of the element that a name begins with, or
// all.
func watchable(all []meter, name string) (names []string) {
	var others []string
	for i := range all {
		if m := watched(all[i:i+1], all[i].String()); m != nil {
			if others = append(others, m.String()); strings.HasPrefix(name, m.Section()+".") {
				names = append(names, m.String())
			}
		}
	}
	if len(names) > 0 {
		return names
	}
	return others
}
