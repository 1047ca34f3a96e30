package engine

import (
	"fmt"
	"strconv"
	"time"

	"asynclab/sim/check"
	"asynclab/sim/design"
	"asynclab/sim/spell"
)

// Faults by hand: injected and healed during a run, recorded as changes.

// FaultNow is a fault of a run, of the design or by hand.
type FaultNow struct {
	Name   string
	Kind   design.FaultKind
	Active bool
	ByHand bool
	Text   string // of one by hand: as design.FormatFault writes it, without its name
	Begun  int64  // when it last began, in nanoseconds; 0 if it never has
}

// Faults lists the faults of the design and, behind them, those by hand, each
// once however often it happened. Records of faults give the index in this list.
func (r *Run) Faults() []FaultNow {
	all := make([]FaultNow, len(r.faults))
	for i := range all {
		f, s := &r.prog.faults[i], &r.faults[i]
		all[i] = FaultNow{Name: f.name, Kind: f.kind, Active: s.active, ByHand: f.byHand != "", Text: f.byHand, Begun: s.begun}
	}
	return all
}

// Inject begins a fault one nanosecond from now, before anything else at that
// time. It lasts for For, or until it is healed. Without a name it is named
// after its kind and target (crash-pay), and a name that is taken gets a number
// (crash-pay-2): Faults lists the name once the fault has begun. Two faults of
// the same service add up, as those of a design do. A fault with the same text
// as one that is over begins again under the name of that one.
func (r *Run) Inject(f design.Fault) error {
	if r.over() {
		return fmt.Errorf("%s: the run is over", design.Inject)
	}
	if f.HasEvery || f.Period > 0 || f.At > 0 || f.When != "" {
		return design.FaultErrorf("", "a fault by hand begins at once and happens once")
	}
	text := design.FormatFault(f)
	if r.injections == nil {
		all := check.NewInjections(r.prog.design)
		r.injections = &all
	}
	if again, err := design.ParseFault(text); err != nil {
		return err
	} else if err := r.injections.Check(r.design, &again); err != nil {
		return err
	}
	if _, slot := r.injectedAs(&f); slot < 0 && len(r.faults)+r.pendingFaults() >= design.MaxFaults {
		return design.FaultErrorf("heal one of them and inject the same again", "there are %d faults, which is the most", design.MaxFaults)
	}
	r.schedule(design.Inject, text)
	return nil
}

// pendingFaults counts the injections that are still to come.
func (r *Run) pendingFaults() int {
	n := 0
	for _, c := range r.changed[r.applied:] {
		if c.Path == design.Inject {
			n++
		}
	}
	return n
}

// Heal ends a fault one nanosecond from now, whether it is one of the design or
// was injected, as if its duration were over: a repeated fault still has its
// next occurrence.
func (r *Run) Heal(name string) error {
	if r.over() {
		return fmt.Errorf("%s %s: the run is over", design.Heal, name)
	}
	heal := design.Change{At: time.Duration(r.now + 1), Path: design.Heal, Value: name}
	coming := map[string]time.Duration{}
	for _, c := range r.changed[r.applied:] {
		if f, err := design.ParseFault(c.Value); c.Path == design.Inject && c.At <= heal.At && err == nil {
			coming[f.Called()] = c.At
		}
	}
	i := r.faultNamed(name)
	if i >= 0 && r.faults[i].active || check.Heal(&heal, coming) == nil {
		r.schedule(heal.Path, heal.Value)
		return nil
	}
	if i >= 0 {
		return &design.ParamError{Path: design.Heal, Msg: fmt.Sprintf("the fault %s is not active now", name)}
	}
	var active []string
	for _, f := range r.Faults() {
		if f.Active {
			active = append(active, f.Name)
		}
	}
	return design.Wrong(design.Heal, spell.HintText(name, "active faults", active), "there is no fault %s", design.Quoted(name))
}

// faultNamed is the index of a fault, or -1.
func (r *Run) faultNamed(name string) int {
	if r.faultNames == nil {
		r.faultNames = make(map[string]int32, len(r.prog.faults))
	}
	for i := len(r.faultNames); i < len(r.prog.faults); i++ {
		r.faultNames[r.prog.faults[i].name] = int32(i)
	}
	if i, ok := r.faultNames[name]; ok {
		return int(i)
	}
	return -1
}

// injectedAs returns the name for a fault injected now, and its slot: the index
// of the same fault if that is over, or -1 for a new one.
func (r *Run) injectedAs(f *design.Fault) (name string, slot int) {
	base, text := f.Called(), f.Words()
	name = base
	for n := 2; ; n++ {
		i := r.faultNamed(name)
		switch {
		case i < 0:
			return name, -1
		case !r.faults[i].active && r.prog.faults[i].byHand == text:
			return name, i
		}
		name = base + "-" + strconv.Itoa(n)
	}
}

// inject makes an injected fault begin.
func (r *Run) inject(text string) {
	f, err := design.ParseFault(text)
	if err != nil {
		return // it was checked when it was asked for
	}
	name, slot := r.injectedAs(&f)
	if slot < 0 {
		if len(r.faults) >= design.MaxFaults {
			return
		}
		slot = len(r.faults)
		t := r.prog.faultTable(&f)
		t.name, t.byHand = name, f.Words()
		own(&r.prog.faults, &r.owned.faults)
		r.prog.faults = append(r.prog.faults, t)
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
