package model

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Faults by hand: injected and healed while a run goes on, recorded as changes.

// The paths of changes that are no parameters.
const (
	changeInject = "inject" // Value: the text of a fault
	changeHeal   = "heal"   // Value: the name of a fault
)

// FaultNow is a fault of a run, of the design or by hand.
type FaultNow struct {
	Name   string
	Kind   FaultKind
	Active bool
	ByHand bool
	Begun  int64 // when it last began, in nanoseconds; 0 if it never has
}

// Faults lists the faults of the design and, behind them, those by hand, each
// once however often it happened. Records of faults give the index in this list.
func (r *Run) Faults() []FaultNow {
	all := make([]FaultNow, len(r.faults))
	for i := range all {
		f, s := &r.prog.faults[i], &r.faults[i]
		all[i] = FaultNow{Name: f.name, Kind: f.kind, Active: s.active, ByHand: f.byHand != "", Begun: s.begun}
	}
	return all
}

// Inject begins a fault one nanosecond from now, before anything else at that
// time. It lasts as long as For says, or until it is healed. Without a name it
// is called by what it does (crash-pay), and a name that is taken gets a number
// (crash-pay-2): Faults tells once it has begun. Two faults of the same service
// add up, as those of a design do. What the same words injected before, and is
// over, begins again under the same name.
func (r *Run) Inject(f Fault) error {
	if r.end != Running {
		return fmt.Errorf("%s: the run is over", changeInject)
	}
	if err := r.design.checkInjected(&f); err != nil {
		return err
	}
	if _, slot := r.injectedAs(&f); slot < 0 && len(r.faults)+r.pendingFaults() >= MaxFaults {
		return wrongFault("heal one of them and inject the same again", "there are %d faults, which is the most", MaxFaults)
	}
	r.schedule(changeInject, FormatFault(f))
	return nil
}

// pendingFaults counts the injections that are still to come.
func (r *Run) pendingFaults() int {
	n := 0
	for _, c := range r.changed[r.applied:] {
		if c.Path == changeInject {
			n++
		}
	}
	return n
}

// Heal ends a fault one nanosecond from now, whether it is one of the design or
// was injected, as if it had come to its end by itself: one that happens again
// and again goes on with its next occurrence.
func (r *Run) Heal(name string) error {
	if r.end != Running {
		return fmt.Errorf("%s %s: the run is over", changeHeal, name)
	}
	i := r.faultNamed(name)
	if i >= 0 && r.faults[i].active || namesInjected(name, r.changed[r.applied:]) {
		r.schedule(changeHeal, name)
		return nil
	}
	if i >= 0 {
		return &ParamError{Path: changeHeal, Msg: fmt.Sprintf("the fault %s is not active now", name)}
	}
	var on []string
	for _, f := range r.Faults() {
		if f.Active {
			on = append(on, f.Name)
		}
	}
	return &ParamError{Path: changeHeal, Msg: "there is no fault " + quoted(name), Hint: didYouMean(name, on, "active faults")}
}

// faultNamed is the index of a fault, or -1.
func (r *Run) faultNamed(name string) int {
	return slices.IndexFunc(r.prog.faults, func(f faultT) bool { return f.name == name })
}

// injectedAs is the name that an injected fault gets now, and where it goes: the
// index of the same fault that is over, or -1 for a new one.
func (r *Run) injectedAs(f *Fault) (name string, slot int) {
	taken := make(map[string]int, len(r.prog.faults))
	for i := range r.prog.faults {
		taken[r.prog.faults[i].name] = i
	}
	base, text := f.called(), f.words()
	name = base
	for n := 2; ; n++ {
		i, known := taken[name]
		switch {
		case !known:
			return name, -1
		case !r.faults[i].active && r.prog.faults[i].byHand == text:
			return name, i
		}
		name = base + "-" + strconv.Itoa(n)
	}
}

// words is the text of a fault without its name.
func (f *Fault) words() string {
	g := *f
	g.Name = ""
	return FormatFault(g)
}

// inject makes an injected fault begin.
func (r *Run) inject(text string) {
	f, err := ParseFault(text)
	if err != nil {
		return // it was checked when it was asked for
	}
	name, slot := r.injectedAs(&f)
	if slot < 0 {
		if len(r.faults) >= MaxFaults {
			return
		}
		slot = len(r.faults)
		service := int32(slices.IndexFunc(r.prog.services, func(s serviceT) bool { return s.name == f.Node }))
		broker := int32(slices.IndexFunc(r.prog.brokers, func(b brokerT) bool { return b.name == f.Node }))
		t := r.prog.faultTable(&f, service, broker)
		t.name, t.byHand = name, f.words()
		r.prog.faults = append(slices.Clip(r.prog.faults), t) // others may share what there was
		r.faults = append(r.faults, faultState{})
	}
	r.begun(int32(slot))
}

// healNamed ends a fault, if it is active.
func (r *Run) healNamed(name string) {
	if i := r.faultNamed(name); i >= 0 && r.faults[i].active {
		r.cancel(&r.faults[i].timer)
		r.fault(int32(i))
	}
}

// CheckChanges finds what is wrong with changes to a design: one error for each
// change, nil where it is well.
func CheckChanges(d *Design, changes []Change) []error {
	errs := make([]error, len(changes))
	for i := range changes {
		errs[i] = d.checkChange(i, changes)
	}
	return errs
}

func (d *Design) checkChange(i int, changes []Change) error {
	c := &changes[i]
	switch {
	case c.At < 0 || c.At > MaxTime:
		return &ParamError{Path: c.Path, Msg: fmt.Sprintf("a change must be between 0 and %v", MaxTime)}
	case c.Path == changeInject:
		f, err := ParseFault(c.Value)
		if err != nil {
			return err
		}
		return d.checkInjected(&f)
	case c.Path == changeHeal:
		return d.checkHealed(c, changes)
	}
	p, err := d.Lookup(c.Path)
	switch {
	case err != nil:
		return err
	case !p.Live:
		return &ParamError{Path: c.Path, Msg: "cannot change while running", Hint: "set it for the whole run instead"}
	}
	return d.Valid(c.Path, c.Value)
}

func (d *Design) checkHealed(c *Change, changes []Change) error {
	if slices.ContainsFunc(d.Faults, func(f Fault) bool { return f.Name == c.Value }) {
		return nil
	}
	var known []string
	for i := range d.Faults {
		known = append(known, d.Faults[i].Name)
	}
	for i := range changes {
		if o := &changes[i]; o.Path == changeInject && o.At <= c.At {
			if namesInjected(c.Value, changes[i:i+1]) {
				return nil
			}
			if f, err := ParseFault(o.Value); err == nil {
				known = append(known, f.called())
			}
		}
	}
	return &ParamError{Path: changeHeal, Msg: "there is no fault " + quoted(c.Value) + " by then", Hint: didYouMean(c.Value, known, "faults")}
}

// called is the name that a fault gets where it is not taken.
func (f *Fault) called() string {
	if f.Name != "" {
		return f.Name
	}
	return f.defaultName()
}

// namesInjected tells whether one of the injections among changes may get a
// name: its own, or that with a number.
func namesInjected(name string, changes []Change) bool {
	return slices.ContainsFunc(changes, func(c Change) bool {
		if c.Path != changeInject {
			return false
		}
		f, err := ParseFault(c.Value)
		if err != nil {
			return false
		}
		number, ok := strings.CutPrefix(name, f.called())
		if !ok || number == "" {
			return ok
		}
		n, err := strconv.Atoi(strings.TrimPrefix(number, "-"))
		return err == nil && n >= 2 && number == "-"+strconv.Itoa(n)
	})
}

// checkInjected finds what is wrong with a fault by hand.
func (d *Design) checkInjected(f *Fault) error {
	switch {
	case int(f.Kind) >= len(injectable):
		return wrongFault("change the parameter itself", "a fault by hand cannot set parameters")
	case f.HasEvery || f.Period > 0 || f.At > 0:
		return wrongFault("", "a fault by hand begins at once and happens once")
	case f.Kind == FaultSlow && !(f.Factor >= 1e-6 && f.Factor <= 1e6):
		return wrongFault("for example factor=5", "the factor must lie between 1e-6 and 1e6")
	case f.Kind == FaultErrors && !(f.Factor >= 0 && f.Factor <= 1):
		return wrongFault("for example rate=20%", "the rate must lie between 0%% and 100%%")
	}
	c := newChecker(d)
	if f.Name != "" {
		c.name(changeInject, f.Name, "fault")
	}
	for i := range d.Loads {
		c.ends[d.Loads[i].Name] = kindLoad
	}
	for i := range d.Services {
		c.ends[d.Services[i].Name] = kindService
	}
	for i := range d.Brokers {
		c.ends[d.Brokers[i].Name] = kindBroker
	}
	c.fault(f, changeInject)
	for _, p := range c.found {
		return &ParamError{Path: changeInject, Msg: p.Msg, Hint: p.Hint}
	}
	if back, err := ParseFault(FormatFault(*f)); err != nil || back.words() != f.words() {
		return wrongFault("give it a duration", "how long the fault lasts cannot be written down")
	}
	return nil
}
