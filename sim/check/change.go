package check

import (
	"cmp"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"asynclab/sim/design"
	"asynclab/sim/spell"
	"asynclab/sim/warning"
)

// Changes checks changes to a design: one result for each change, nil or a
// *design.ParamError.
func Changes(d *design.Design, changes []design.Change) []error {
	errs := make([]error, len(changes))
	if len(changes) == 0 {
		return errs
	}
	c := newChecker(d)
	c.nameSpaces()
	known := map[string]time.Duration{} // by name of a fault: its time
	for i := range d.Faults {
		known[d.Faults[i].Name] = 0
	}
	for i := range changes {
		if ch := &changes[i]; ch.Path == design.Inject {
			f, err := design.ParseFault(ch.Value)
			if err == nil {
				err = c.injected(&f)
			}
			if errs[i] = err; err != nil {
				continue
			}
			if at, ok := known[f.Called()]; !ok || ch.At < at {
				known[f.Called()] = ch.At
			}
		}
	}
	for i := range changes {
		switch ch := &changes[i]; {
		case errs[i] != nil:
		case ch.At < 0 || ch.At > design.MaxTime:
			errs[i] = design.Wrong(ch.Path, "", "a change must be between 0 and %v", design.MaxTime)
		case ch.Path == design.Heal:
			errs[i] = Heal(ch, known)
		case ch.Path != design.Inject:
			errs[i] = c.set(ch.Path, ch.Value)
		}
	}
	c.together(changes, errs)
	return errs
}

// together checks what parameters say together once they have changed, from moment to
// moment. The last change of a moment is blamed.
func (c *checker) together(changes []design.Change, errs []error) {
	order := make([]int, 0, len(changes))
	for i := range changes {
		if errs[i] == nil && changes[i].Path != design.Inject && changes[i].Path != design.Heal {
			order = append(order, i)
		}
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(changes[a].At, changes[b].At) })
	now := c.draft.Fork()
	var moved []string
	for n, i := range order {
		ch := &changes[i]
		_ = now.Set(ch.Path, ch.Value) // c.set has tried it
		if moved = append(moved, ch.Path); n+1 == len(order) || changes[order[n+1]].At > ch.At {
			for _, path := range moved {
				errs[i] = cmp.Or(errs[i], c.fits(now, path))
			}
			moved = moved[:0]
		}
	}
}

// Fits checks what a parameter that has changed says together with others of its element:
// nil or a *design.ParamError.
func Fits(now *design.Draft, path string) error {
	c := checker{d: now.Design}
	return c.fits(now, path)
}

func (c *checker) fits(now *design.Draft, path string) (wrong error) {
	now.EachUseAt(path, func(w *design.Where) {
		c.queued(w)
		w.Warn = func(string, warning.Kind, ...any) {}
		w.Fail = func(key, hint, format string, args ...any) {
			if wrong == nil {
				wrong = design.Wrong(w.Path+"."+key, hint, format, args...)
			}
		}
		if d := w.Of.Of.Declaration(); d.Check != nil {
			d.Check(w, w.Of.Settings)
		}
	})
	return wrong
}

// set checks a change of a parameter during a run.
func (c *checker) set(path, value string) error {
	p, known := c.draft.Param(path)
	switch {
	case !known:
		return c.unknownParam(path)
	case !p.Live:
		return &design.ParamError{Path: path, Msg: "cannot change while running", Hint: "set it for the whole run instead"}
	}
	return c.draft.Valid(path, value)
}

// Injections checks faults by hand, one after the other, in designs that consist
// of the same parts.
type Injections struct{ c *checker }

// NewInjections is for what a design becomes when its parameters change.
func NewInjections(d *design.Design) Injections {
	c := newChecker(d)
	c.nameSpaces()
	return Injections{c}
}

// Check is nil or a *design.ParamError.
func (i Injections) Check(now *design.Draft, f *design.Fault) error {
	i.c.draft = now
	return i.c.injected(f)
}

// Heal checks the end of a fault by hand; known maps the name of each fault to
// its time. A fault that is injected twice gets a number behind its name.
func Heal(ch *design.Change, known map[string]time.Duration) error {
	at, ok := known[ch.Value]
	if base, n, numbered := cutNumber(ch.Value); !ok && numbered && n >= 2 {
		at, ok = known[base]
	}
	switch {
	case ok && at <= ch.At:
		return nil
	case ok:
		return design.Wrong(design.Heal, "heal it later, or inject it sooner", "the fault %s is injected only later", ch.Value)
	}
	names := slices.Sorted(maps.Keys(known))
	return design.Wrong(design.Heal, spell.HintText(ch.Value, "faults", names), "there is no fault %s then", design.Quoted(ch.Value))
}

// cutNumber takes the number off a name such as crash-pay-2.
func cutNumber(name string) (base string, n int, ok bool) {
	at := strings.LastIndexByte(name, '-')
	if at < 0 {
		return name, 0, false
	}
	n, err := strconv.Atoi(name[at+1:])
	return name[:at], n, err == nil
}

// injected checks a fault by hand.
func (c *checker) injected(f *design.Fault) error {
	c.found, c.errors = c.found[:0], 0
	if f.Name != "" {
		c.name(design.Inject, f.Name, "fault")
	}
	c.fault(f, design.Inject)
	for _, p := range c.found {
		return design.Wrong(design.Inject, p.Advice, "%s", p.Says)
	}
	return nil
}
