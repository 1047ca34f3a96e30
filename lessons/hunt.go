package lessons

import (
	"slices"

	"asynclab/sim/design"
	"asynclab/sim/draw"
	"asynclab/sim/engine"
)

// factors are what the hunt multiplies each parameter by.
var factors = []float64{0, 0.5, 2, 10}

// hunt looks for ways around a task: it turns every knob, or every parameter if the
// setup names no knobs, to 0, ½, 2 and 10 times its value. What solves the task has
// to be one of its repairs.
func (c *checker) hunt(l *Lesson, a *Activity) {
	if a.Kind != Task {
		return
	}
	knobs := a.setup.Knobs
	if len(knobs) == 0 {
		for _, d := range a.setup.begin {
			for _, p := range design.Params(d) {
				if !slices.Contains(knobs, p.Path) {
					knobs = append(knobs, p.Path)
				}
			}
		}
	}
	for _, path := range knobs {
		for _, by := range factors {
			t := a.setup.Turn(path, by)
			if t == nil || !l.runs(a.setup, t) {
				continue
			}
			c.later(&c.Hunted, l, a.at, a.setup, t, a.expectations(), nil, 1, func(s scene) {
				if v := judgeGoals(a, s); v.Right && v.Repair == 0 {
					c.unmet(l)(a.at, "make it a repair, add a goal that it misses, or name knobs without it", "%s solves the task, and no repair is like it", t.Set[0])
				}
			})
		}
	}
}

// runs tells whether the designs of an attempt can be run: a value that is valid by
// itself may not fit the others.
func (l *Lesson) runs(u *Setup, t *Attempt) bool {
	all, err := l.designs(u, t)
	for _, d := range all {
		for _, c := range t.in(u) {
			if p, unknown := d.Lookup(c.Path); err == nil && unknown == nil && c.At > 0 {
				if err = d.Set(c.Path, c.Value); !p.Live {
					return false
				}
			}
		}
		if err == nil {
			_, err = engine.Compile(d)
		}
	}
	return err == nil
}

// Turn is the attempt that multiplies a parameter; nil if it is no number, or no other
// or no valid one.
func (u *Setup) Turn(path string, by float64) *Attempt {
	for _, d := range u.begin {
		p, err := d.Lookup(path)
		if err != nil {
			continue
		}
		v, err := d.Number(path)
		if err != nil || float64(v*by) == v {
			return nil
		}
		value := draw.Quantity{Value: float64(v * by), Unit: p.Unit}.String()
		if d.Valid(path, value) != nil {
			return nil
		}
		return &Attempt{Set: []Change{{Path: path, Value: value}}, at: u.at}
	}
	return nil
}
