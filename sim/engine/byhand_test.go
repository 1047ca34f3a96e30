package engine

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"asynclab/sim/check"
	"asynclab/sim/design"
	"asynclab/sim/draw"

	"pgregory.net/rapid"
)

func genInjection(t *rapid.T, d *design.Design) design.Fault {
	service := &d.Services[rapid.IntRange(0, len(d.Services)-1).Draw(t, "service")]
	f := design.Fault{Node: service.Name, Instance: rapid.IntRange(0, max(1, service.Instances)).Draw(t, "instance")}
	switch f.Kind = design.FaultKind(rapid.IntRange(0, int(design.FaultCut)).Draw(t, "kind")); f.Kind {
	case design.FaultCrash, design.FaultHostCrash:
		if rapid.Bool().Draw(t, "broker") {
			f.Node, f.Instance = "bus", 0
		}
	case design.FaultSlow:
		f.Factor = rapid.SampledFrom([]float64{0.5, 3, 7}).Draw(t, "factor")
	case design.FaultErrors:
		f.Factor = rapid.SampledFrom([]float64{0.2, 1}).Draw(t, "rate")
	case design.FaultCut:
		f.Cut = [][]design.Cut{{{From: f.Node, To: "*"}}, {{From: "open", To: "s0"}, {From: "s0", To: "open"}}, {{From: "*", To: "bus"}}}[rapid.IntRange(0, 2).Draw(t, "cut")]
		f.Node, f.Instance = "", 0
	}
	if rapid.Bool().Draw(t, "ends") {
		f.HasFor, f.For = true, rapid.SampledFrom([]draw.Dist{draw.Const(0.1), exp(200 * time.Millisecond)}).Draw(t, "for")
	}
	if rapid.IntRange(0, 3).Draw(t, "named") == 0 {
		f.Name = "mine"
	}
	return f
}

// meddle does something to a run by hand.
func meddle(t *rapid.T, r *Run, d *design.Design) {
	if r.End() != Running {
		return
	}
	var err error
	switch rapid.IntRange(0, 2).Draw(t, "what") {
	case 0:
		s := rapid.SampledFrom(liveSettings).Draw(t, "change")
		if _, there := d.Param(s.Path); there { // that of a mechanism is in some designs only
			var bad *design.ParamError
			if err = r.Set(s.Path, s.Value); errors.As(err, &bad) && d.Valid(s.Path, s.Value) == nil {
				err = nil // it does not go with others of its element
			}
		}
	case 1:
		err = r.Inject(genInjection(t, d))
	default:
		for _, f := range r.Faults() {
			if f.Active && (err != nil || rapid.Bool().Draw(t, "heal "+f.Name)) {
				err = r.Heal(f.Name)
				break
			}
		}
	}
	if err != nil {
		t.Fatal(err)
	}
}

// ahead is a time to go on to: somewhere, or right before a fault of the design,
// so that what is done by hand falls on the same nanosecond.
func ahead(t *rapid.T, r *Run, d *design.Design) int64 {
	if len(d.Faults) > 0 && rapid.IntRange(0, 3).Draw(t, "before a fault") == 0 {
		if at := int64(d.Faults[0].At) - 1; at > r.Now() {
			return at
		}
	}
	return r.Now() + 1e6*int64(rapid.IntRange(0, 400).Draw(t, "later"))
}

// What is done by hand is part of the run: a run with these changes, and a run
// that goes back and is given those that were still to come, is this run.
func TestByHandReplays(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := genDesign(t)
		cfg := Config{Duration: 3 * time.Second, Warmup: time.Second, Seed: rapid.Uint64().Draw(t, "seed"), MaxEvents: 60_000}
		r := mustRun(t, d, cfg)
		steps := rapid.IntRange(1, 10).Draw(t, "steps")
		back := rapid.IntRange(0, steps-1).Draw(t, "back")
		var c *Checkpoint
		for i := range steps {
			meddle(t, r, d)
			if i == back {
				c = r.Checkpoint()
			}
			r.Advance(ahead(t, r, d), 0)
			if err := r.Audit(); err != nil {
				t.Fatalf("at %d ns: %v", r.Now(), err)
			}
		}
		r.Advance(never, 0)
		if err := r.Audit(); err != nil {
			t.Fatal(err)
		}
		want := fmt.Sprint(r.Values())
		events, fingerprint, faults, changes := r.Events(), r.Fingerprint(), fmt.Sprint(r.Faults()), r.Changes()
		compare := func(what string, got *Run) {
			if got.Fingerprint() != fingerprint || got.Events() != events || fmt.Sprint(got.Faults()) != faults {
				t.Fatalf("%s: %x after %d events with the faults %v, want %x after %d with %v; changes: %v", what, got.Fingerprint(), got.Events(), got.Faults(), fingerprint, events, faults, changes)
			}
			if values := fmt.Sprint(got.Values()); values != want {
				t.Fatalf("%s: metrics differ:\n%s\n%s", what, values, want)
			}
		}
		cfg.Changes = changes
		again := mustRun(t, d, cfg)
		again.Advance(never, 0)
		compare("the replayed run", again)
		stepped := mustRun(t, d, cfg)
		for stepped.Step() {
		}
		compare("the replayed run, step by step", stepped)
		r.Restore(c)
		if err := r.Plan(changes); err != nil {
			t.Fatal(err)
		}
		r.Advance(never, 0)
		compare("the run from the checkpoint, as planned", r)
		r.Restore(c)
		if err := r.Plan(nil); err != nil {
			t.Fatal(err)
		}
		for _, ch := range r.Changes() {
			if int64(ch.At) > r.Now() {
				t.Fatalf("%v is still to come", ch)
			}
		}
	})
}

// The text of a fault is the fault.
func TestFaultTextRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f := genInjection(t, genDesign(t))
		text := design.FormatFault(f)
		back, err := design.ParseFault(text)
		if err != nil {
			t.Fatalf("%q: %v", text, err)
		}
		if again := design.FormatFault(back); again != text || back.Kind != f.Kind || back.Node != f.Node || fmt.Sprint(back.Cut) != fmt.Sprint(f.Cut) || back.Factor != f.Factor || back.Instance != f.Instance || back.HasFor != f.HasFor || back.Name != f.Name {
			t.Fatalf("%q became %q: %+v, %+v", text, again, f, back)
		}
	})
}

func startByHand(t *testing.T) *Run {
	t.Helper()
	p, err := Compile(flow3())
	if err != nil {
		t.Fatal(err)
	}
	r, err := p.NewRun(Config{Duration: time.Minute, Seed: 1})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func injectText(t *testing.T, r *Run, text string) {
	t.Helper()
	f, err := design.ParseFault(text)
	if err != nil {
		t.Fatal(err)
	}
	if err := r.Inject(f); err != nil {
		t.Fatal(err)
	}
}

func faultNames(r *Run) string {
	var all []string
	for _, f := range r.Faults() {
		name := f.Name
		if f.Active {
			name += "*"
		}
		all = append(all, name)
	}
	return strings.Join(all, " ")
}

// Names, slots, crashes that nest, and a change before the first event.
func TestInjectAndHeal(t *testing.T) {
	r := startByHand(t)
	node := r.Design().Services[0].Name
	crash := "crash-" + node
	injectText(t, r, "crash "+node) // at time 0, before anything has happened
	if r.Advance(1, 0); faultNames(r) != crash+"*" || r.Faults()[0].Begun != 1 || !r.Faults()[0].ByHand {
		t.Fatalf("at 1 ns: %s, %+v", faultNames(r), r.Faults())
	}
	var s Snapshot
	look := func() ServiceNow { r.Snapshot(&s); return s.Services[0] }
	injectText(t, r, "crash "+node)
	r.Advance(1e9, 0)
	if got := faultNames(r); got != crash+"* "+crash+"-2*" || look().Down != look().Instances {
		t.Fatalf("twice: %s, %+v", got, look())
	}
	for i, name := range []string{crash, crash + "-2"} {
		if err := r.Heal(name); err != nil {
			t.Fatal(err)
		}
		r.Advance(r.Now()+1e9, 0)
		if down := look().Down > 0; down != (i == 0) {
			t.Fatalf("after healing %s: %+v", name, look())
		}
	}
	c := r.Checkpoint()
	injectText(t, r, "crash "+node)
	injectText(t, r, "slow "+node+" factor=4 for=2s name=treacle")
	r.Advance(r.Now()+1e9, 0)
	if got := faultNames(r); got != crash+"* "+crash+"-2 treacle*" || look().Slow != 4 {
		t.Fatalf("again: %s, %+v", got, look())
	}
	r.Advance(r.Now()+2e9, 0)
	if got := faultNames(r); got != crash+"* "+crash+"-2 treacle" || look().Slow != 1 {
		t.Fatalf("after it ended: %s, %+v", got, look())
	}
	r.Restore(c)
	if got := faultNames(r); got != crash+" "+crash+"-2" || len(r.Changes()) != 4 {
		t.Fatalf("after going back: %s, %v", got, r.Changes())
	}
	if err := r.Heal(crash); err == nil || !strings.Contains(err.Error(), "not active") {
		t.Errorf("healing what is over: %v", err)
	}
}

// There is a bound, but what was healed can be injected again.
func TestInjectIsBounded(t *testing.T) {
	r := startByHand(t)
	node := r.Design().Services[0].Name
	injectText(t, r, "crash "+node+" for=1s")
	r.Advance(2e9, 0)
	for len(r.faults) < design.MaxFaults { // as if they had been injected, one after the other
		r.prog.faults = append(r.prog.faults, faultT{name: fmt.Sprint("f", len(r.faults)), byHand: "other"})
		r.faults = append(r.faults, faultState{})
	}
	if err := r.Inject(design.Fault{Kind: design.FaultPause, Node: node}); err == nil || !strings.Contains(err.Error(), "the most") {
		t.Errorf("one too many: %v", err)
	}
	injectText(t, r, "crash "+node+" for=1s")
	r.Advance(2500e6, 0)
	if !r.Faults()[0].Active || len(r.Faults()) != design.MaxFaults {
		t.Errorf("%+v", r.Faults()[0])
	}
}

// Healing a fault that happens again and again leaves it its next occurrence.
func TestHealRecurring(t *testing.T) {
	d := flow3()
	d.Faults = []design.Fault{{Name: "again", Kind: design.FaultPause, Node: d.Services[0].Name, At: time.Second, For: draw.Const(2), HasFor: true, Period: 5 * time.Second}}
	p, err := Compile(d)
	if err != nil {
		t.Fatal(err)
	}
	r, _ := p.NewRun(Config{Duration: time.Minute, Seed: 1})
	active := func(at time.Duration) bool { r.Advance(int64(at), 0); return r.Faults()[0].Active }
	if !active(1500 * time.Millisecond) {
		t.Fatal("it did not begin")
	}
	if err := r.Heal("again"); err != nil {
		t.Fatal(err)
	}
	for _, x := range []struct {
		at   time.Duration
		want bool
	}{{1600 * time.Millisecond, false}, {5900 * time.Millisecond, false}, {6100 * time.Millisecond, true}, {7900 * time.Millisecond, true}, {8100 * time.Millisecond, false}} {
		if active(x.at) != x.want {
			t.Errorf("at %v: %v", x.at, !x.want)
		}
	}
}

func TestBrokenChanges(t *testing.T) {
	d := flow3()
	node := d.Services[0].Name
	for _, x := range []struct{ path, value, want string }{
		{"inject", "", "there is no fault"},
		{"inject", "crush " + node, `no fault called "crush" (did you mean crash?`},
		{"inject", "crash", "of which service or broker"},
		{"inject", "crash " + node + "x", "there is no service or broker"},
		{"inject", "crash " + d.Loads[0].Name, "clients do not fail"},
		{"inject", "slow " + node, "slow by how much"},
		{"inject", "slow " + node + " factor=0", "factor: 0 is below the least possible"},
		{"inject", "slow " + node + " factor=many", "is not a number"},
		{"inject", "errors " + node + " rate=200%", "rate: 200% is above the most possible"},
		{"inject", "pause " + node + " instance=9", "has no instance 9"},
		{"inject", "pause " + node + " for=5", "for: "},
		{"inject", "pause " + node + " fro=5s", "did you mean for?"},
		{"inject", "pause " + node + " for=5s for=6s", "given twice"},
		{"inject", "cut " + node, "is not a link"},
		{"inject", "cut " + node + "->nobody", `no load, service or broker "nobody"`},
		{"inject", "crash " + node + " name=a/b", "cannot contain"},
		{"heal", "x", `no fault "x" then`},
		{"load." + d.Loads[0].Name + ".count", "3", "cannot change while running"},
		{"service." + node + ".workres", "3", "did you mean service." + node + ".workers?"},
		{"service." + node + ".workers", "many", "service." + node + ".workers"},
	} {
		errs := check.Changes(d, []design.Change{{At: time.Second, Path: x.path, Value: x.value}})
		if errs[0] == nil || !strings.Contains(errs[0].Error(), x.want) {
			t.Errorf("%s %s: %v, want %q", x.path, x.value, errs[0], x.want)
		}
	}
	ok := []design.Change{{At: 2, Path: "heal", Value: "crash-" + node}, {At: 1, Path: "inject", Value: "crash " + node}, {At: 3, Path: "heal", Value: "crash-" + node + "-2"}, {At: 4, Path: "service." + node + ".workers", Value: "3"}}
	for i, err := range check.Changes(d, ok) {
		if err != nil {
			t.Errorf("%v: %v", ok[i], err)
		}
	}
	r := startByHand(t)
	for _, f := range []design.Fault{
		{Kind: design.FaultSet, Set: []design.Setting{{Path: "x", Value: "1"}}}, {Kind: design.FaultCrash, Node: "nobody"}, {Kind: design.FaultPause, Node: node, Period: time.Second},
	} {
		if err := r.Inject(f); err == nil {
			t.Errorf("%+v was injected", f)
		}
	}
	if err := r.Heal("nothing"); err == nil {
		t.Error("nothing was healed")
	}
	if err := r.Plan([]design.Change{{At: time.Second, Path: "heal", Value: "nothing"}}); err == nil {
		t.Error("a broken plan was accepted")
	}
	if _, err := r.prog.NewRun(Config{Duration: time.Second, Changes: []design.Change{{At: 1, Path: "no.such", Value: "1"}}}); err == nil {
		t.Error("a run with broken changes began")
	}
}
