package ui

import (
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"asynclab/ui/keyed"
)

// check chooses a design, or takes it away.
func (r *rig) check(design string, on bool) {
	r.t.Helper()
	c := r.control("compare:" + design).(*keyed.Check)
	if c.Disabled() {
		r.t.Fatalf("%s cannot be chosen", design)
	}
	c.SetChecked(on)
	b := r.s.bench()
	r.until("the choice is there", func() bool { return slices.Contains(b.DesignNames(), design) == on && ready(b) })
}

// Two to four designs stand side by side, chosen by their names, and stay chosen.
func TestChooseDesigns(t *testing.T) {
	r := start(t, "", at("compare"))
	b := r.open("order-queue")
	want := []string{"one", "two", "four", "eight"}
	if !slices.Equal(b.DesignNames(), want) {
		t.Fatalf("it begins with %v", b.DesignNames())
	}
	disabled := func() (names []string) {
		for _, d := range b.Scenario.Designs {
			if r.control("compare:" + d.Name).(*keyed.Check).Disabled() {
				names = append(names, d.Name)
			}
		}
		return names
	}
	if got := disabled(); !slices.Equal(got, []string{"automatic", "manual"}) {
		t.Errorf("with four, these cannot be chosen: %v", got)
	}
	r.check("eight", false)
	r.check("manual", true)
	if got := b.DesignNames(); !slices.Equal(got, []string{"one", "two", "four", "manual"}) || len(b.Stages) != 4 {
		t.Errorf("%v with %d pictures", got, len(b.Stages))
	}
	r.check("one", false)
	r.check("two", false)
	if got := disabled(); !slices.Equal(got, []string{"four", "manual"}) {
		t.Errorf("with two, these cannot be taken away: %v", got)
	}
	r = r.restart()
	r.until("it is open again", func() bool { return r.s.bench() != nil && ready(r.s.bench()) })
	if got := r.s.bench().DesignNames(); !slices.Equal(got, []string{"four", "manual"}) {
		t.Errorf("after a restart there is %v", got)
	}
	r.quiet()
}

// The designs have one clock and one load, and each is the run that it is alone.
func TestOneClock(t *testing.T) {
	r := start(t, "", at("compare"))
	b := r.open("order-flow")
	if len(b.Scenes) != 3 {
		t.Fatalf("%d designs", len(b.Scenes))
	}
	r.tap("play")
	for range 10 {
		r.tick(100 * time.Millisecond)
	}
	r.tap("play")
	b.Jump(2 * time.Minute)
	r.settle()
	offered := math.NaN()
	for i, l := range b.Board.Lanes {
		for _, v := range l.Values {
			if v.Name == "load.shoppers.offered" {
				if i > 0 && v.Value != offered || v.Value < 100 {
					t.Errorf("%s was offered %v operations, the first %v", b.LaneName(i), v.Value, offered)
				}
				offered = v.Value
			}
		}
	}
	prints := slices.Clone(b.Board.Fingerprints)
	for i, name := range b.DesignNames() {
		if !r.says(name) {
			t.Errorf("%s is not named", name)
		}
		r.s.lab().Wanted = []string{name}
		r.s.lab().Load("order-flow")
		r.s.goToPlace("lab")
		lab := r.s.lab().Workbench
		r.until("the lab has it", func() bool { return len(lab.Scenes) == 1 && lab.Scenes[0].Design == name && ready(lab) })
		lab.Jump(2 * time.Minute)
		r.settle()
		if lab.Board.Fingerprints[0] != prints[i] {
			t.Errorf("%s alone is another run", name)
		}
	}

	// Both ways, as in the lab.
	r.s.goToPlace("compare")
	r.drag(b, 0.1, 0.02)
	r.drag(b, 0.3)
	b.Jump(2 * time.Minute)
	r.settle()
	if !slices.Equal(b.Board.Fingerprints, prints) {
		t.Error("forward again it is another run")
	}
	r.quiet()
}

// What is changed is changed in all designs that have it, and what is broken is
// broken in all.
func TestChangeAll(t *testing.T) {
	r := start(t, "", at("compare"))
	b := r.open("order-flow")
	b.Choose(1, "pay")
	r.settle()
	r.tap("fault:crash")
	r.settle()
	for i, l := range b.Board.Lanes {
		down := false
		for _, f := range l.Fault {
			down = down || f.Active
		}
		if !down {
			t.Errorf("pay is up in %s", b.LaneName(i))
		}
	}
	b.SelectTab(b.Changes.Content)
	r.settle()
	if !r.says("Broken now") {
		t.Error("it is not listed")
	}
	r.press("Ctrl+Z")
	r.settle()
	if len(b.Board.Changes) != 0 || r.says("Broken now") {
		t.Errorf("after undoing there is %v", b.Board.Changes)
	}
	r.quiet()
}

// From the lab a button leads to the comparison of the same scenario; one with a
// single design says so.
func TestToCompare(t *testing.T) {
	r := start(t, "", at("lab"))
	r.open("sync-vs-async")
	r.tap("compare-them")
	r.until("they are compared", func() bool { return r.s.bench() != nil && ready(r.s.bench()) })
	if b := r.s.bench(); r.place() != "compare" || b.Path != "sync-vs-async" || len(b.Scenes) != 2 {
		t.Errorf("in %s, %s with %d designs", r.place(), b.Path, len(b.Scenes))
	}
	r.open("bench/mm1")
	if !r.says("This scenario has one design only.") || len(r.s.bench().Scenes) != 1 {
		t.Errorf("it says %s", strings.Join(r.texts(), "\n"))
	}
	r.quiet()
}
