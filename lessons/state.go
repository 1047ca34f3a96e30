package lessons

import (
	"cmp"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"asynclab/lessons/internal/runs"
	"asynclab/scenarios"
	"asynclab/scenarios/yamltree"
	"asynclab/sim/design"
	"asynclab/sim/engine"
	"asynclab/sim/expect"
)

// scenario loads a scenario of the lesson: a file in its folder, or one of the
// library. Mistakes in the file are reported as mistakes of the lesson.
func (r *reader) scenario(n *yamltree.Node, name string) *scenarios.Scenario {
	if s, known := r.lesson.scenarios[name]; known {
		return s
	}
	r.lesson.scenarios[name] = nil
	file := name + ".yaml"
	if r.fsys != nil && fs.ValidPath(file) {
		if data, err := readLimited(r.fsys, file); err == nil {
			s, err := scenarios.Parse(r.fsys, file, data)
			if ds, ok := err.(Diagnostics); ok {
				for _, d := range ds {
					d.File = path.Join(path.Dir(r.File), d.File)
					r.Mistakes = append(r.Mistakes, d)
				}
				return nil
			}
			r.lesson.scenarios[name] = s
			return s
		}
	}
	var known []string
	for _, e := range scenarios.Library() {
		known = append(known, e.Name)
		if e.Name == name {
			s, err := scenarios.Parse(scenarios.LibraryFS(), name+".yaml", e.Content)
			if err == nil {
				r.lesson.scenarios[name] = s
			}
			return s
		}
	}
	if r.fsys != nil {
		for _, f := range r.files() {
			if base, ok := strings.CutSuffix(f, ".yaml"); ok {
				known = append(known, base)
			}
		}
	}
	r.Unknown(n, name, "scenarios", known, "there is no %s beside the lesson, and no scenario %q in the library", file, name)
	return nil
}

// Designs returns copies of the designs that a setup shows, with its parameters set
// and the faults that it does not name removed.
func (l *Lesson) Designs(u *Setup) ([]*design.Design, error) { return l.designs(u, nil) }

func (l *Lesson) designs(u *Setup, t *Attempt) (out []*design.Design, err error) {
	s := l.scenarios[u.Scenario]
	if s == nil {
		return nil, fmt.Errorf("the lesson has no scenario %q", u.Scenario)
	}
	faults, changes := u.Faults, u.Set
	if t != nil {
		changes = slices.Concat(u.Set, t.in(u))
		if t.Faults != nil {
			faults = t.Faults
		}
	}
	for _, name := range u.Designs {
		d := s.Design(name)
		if d == nil {
			return nil, fmt.Errorf("%s has no design %q", u.Scenario, name)
		}
		d = d.Clone()
		if faults != nil {
			d.Faults = slices.DeleteFunc(d.Faults, func(f design.Fault) bool { return !slices.Contains(faults, f.Name) })
		}
		for _, c := range changes {
			if c.At == 0 && c.about(d) {
				if err := d.Set(c.Path, c.Value); err != nil {
					return nil, fmt.Errorf("design %s: %w", name, err)
				}
			}
		}
		out = append(out, d)
	}
	return out, nil
}

// in is the changes of an attempt in a setup: none is made before the step begins.
func (t *Attempt) in(u *Setup) []Change {
	all := slices.Clone(t.Set)
	for i := range all {
		all[i].At = max(all[i].At, u.From)
	}
	return all
}

// about tells whether a change applies to a design.
func (c Change) about(d *design.Design) bool {
	if c.Design != "" {
		return c.Design == d.Name
	}
	_, err := d.Lookup(c.Path)
	return err == nil
}

// expect notes the windows that runs have to know from their beginning.
func (l *Lesson) expect(e *expect.Expectation) {
	l.asked = append(l.asked, expect.Names([]*expect.Expectation{e})...)
	for _, w := range expect.Spans([]*expect.Expectation{e}) {
		if !slices.Contains(l.windows, w) {
			l.windows = append(l.windows, w)
		}
	}
}

// Config is the run configuration of a setup: duration, warm-up, seed.
func (l *Lesson) Config(u *Setup) engine.Config {
	run := l.scenarios[u.Scenario].Run
	return engine.Config{Duration: run.Duration, Warmup: run.WarmupOf(run.Duration), Drain: run.Drain, Completions: run.Completions,
		Seed: run.Seed, MaxEvents: run.MaxEvents, Windows: l.windows, Asked: l.asked}
}

// state returns the design and configuration of a run, including the changes that an
// attempt makes during the run, with a seed so far from that of the scenario.
func (l *Lesson) state(u *Setup, t *Attempt, d *design.Design, seed int) runs.State {
	config := l.Config(u)
	config.Seed += uint64(seed)
	if t != nil {
		for _, c := range t.in(u) {
			if c.At > 0 && c.about(d) {
				config.Changes = append(config.Changes, design.Change{At: c.At, Path: c.Path, Value: c.Value})
			}
		}
		slices.SortStableFunc(config.Changes, func(a, b design.Change) int { return cmp.Compare(a.At, b.At) })
	}
	return runs.State{Of: l.scenarios[u.Scenario].Design(d.Name), Start: d, Config: config}
}
