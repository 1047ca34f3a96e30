package control

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"asynclab/scenarios"
	"asynclab/sim/design"
	"asynclab/sim/engine"

	"pgregory.net/rapid"
)

// straight checks that every lane is what a run is that goes straight to here
// with the changes made by hand.
func straight(t *rapid.T, s *Session) {
	for i, l := range s.lanes {
		cfg := l.cfg
		cfg.Changes = s.planned(i)
		r, err := l.prog.NewRun(cfg)
		if err != nil {
			t.Fatal(err)
		}
		r.Advance(math.MaxInt64/4, l.run.Events())
		if l.run.Events() == 0 {
			continue
		}
		if r.Events() != l.run.Events() || r.Fingerprint() != l.run.Fingerprint() {
			t.Fatalf("lane %d at %v: %d events, fingerprint %x; straight on %d, %x; changes %v",
				i, s.Now(), l.run.Events(), l.run.Fingerprint(), r.Events(), r.Fingerprint(), cfg.Changes)
		}
		if next, ok := l.run.Next(); ok && next < s.now {
			t.Fatalf("lane %d is left behind: at %v something is to happen at %v", i, s.Now(), time.Duration(next))
		}
		if max(s.now, s.aim) < l.run.Now() {
			t.Fatalf("lane %d runs ahead: %v at %v", i, time.Duration(l.run.Now()), s.Now())
		}
	}
	if s.now > s.reached {
		t.Fatalf("%v is beyond what is reached, %v", s.Now(), s.Reached())
	}
}

// Whatever is done, in whatever order: the run is exactly the one that goes
// straight to the same time with the same changes.
func TestExact(t *testing.T) {
	if testing.Short() {
		t.Skip("nothing in it is concurrent")
	}
	var names []string
	for _, e := range scenarios.Library() {
		sc := load(t, e.Name)
		restless := slices.ContainsFunc(sc.Designs, func(d *design.Design) bool { // who is refused at once comes again at once, 20 million times
			return slices.ContainsFunc(d.Loads, func(l design.Load) bool { return l.Users > 0 && l.Think.Mean() == 0 })
		})
		if Length(sc) < time.Hour && !restless { // the long ones do next to nothing in 4 s
			names = append(names, e.Name)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		sc := load(t, rapid.SampledFrom(names).Draw(t, "scenario"))
		opt := Options{Length: 4 * time.Second, Spacing: rapid.SampledFrom([]uint64{100, 500, 1 << 40}).Draw(t, "spacing")}
		if rapid.Bool().Draw(t, "little memory") {
			opt.Memory = 3 << 20
		}
		s, err := Open(sc, nil, opt)
		if err != nil {
			t.Fatal(err)
		}
		b := &bot{s: s, lane: rapid.IntRange(-1, len(s.lanes)-1)}
		t.Repeat(map[string]func(*rapid.T){
			"":        func(t *rapid.T) { straight(t, s) },
			"advance": b.advance, "jump": b.jump, "step": b.step, "set": b.set, "inject": b.inject,
			"heal": b.heal, "undo": b.undo, "story": b.story,
		})
	})
}

// bot does at random what a person can do.
type bot struct {
	s    *Session
	lane *rapid.Generator[int]
}

// when is a time, often one that comes again.
var when = rapid.Custom(func(t *rapid.T) time.Duration {
	d := time.Duration(rapid.IntRange(0, 4).Draw(t, "seconds")) * time.Second
	return d + time.Duration(rapid.SampledFrom([]int64{0, 0, 1, 1_234_567}).Draw(t, "nanoseconds"))
})

func (b *bot) advance(t *rapid.T) {
	most := rapid.SampledFrom([]uint64{0, 1, 100, 3_000}).Draw(t, "events")
	before := b.s.Events()
	b.s.Advance(when.Draw(t, "until"), most)
	if n := b.s.Events() - before; most > 0 && n > most+uint64(len(b.s.lanes))*(2*most+1_000) {
		t.Fatalf("%d events, where about %d were asked for", n, most)
	}
}

func (b *bot) jump(t *rapid.T) {
	to := min(when.Draw(t, "to"), b.s.Length())
	if err := b.s.JumpTo(to); err != nil || b.s.Now() != to {
		t.Fatalf("jumped to %v, not to %v: %v", b.s.Now(), to, err)
	}
}

func (b *bot) step(t *rapid.T) {
	switch rapid.IntRange(0, 4).Draw(t, "kind") {
	case 0:
		b.s.level()
		before := b.s.Events()
		b.s.StepEvent()
		if n := b.s.Events() - before; n != 1 && !b.s.Over() {
			t.Fatalf("one step is %d events", n)
		}
	case 1:
		b.s.StepMessage(0)
	case 2:
		b.s.StepMessage(b.s.follow)
	case 3:
		b.s.NextFault()
	case 4:
		b.s.NextFailure()
	}
}

// set gives one of the parameters that can change another value.
func (b *bot) set(t *rapid.T) {
	n := b.lane.Draw(t, "lane")
	d := b.s.lanes[max(n, 0)].run.Design().Clone()
	live := slices.DeleteFunc(design.Params(d), func(p design.Param) bool { return !p.Live })
	p := rapid.SampledFrom(live).Draw(t, "parameter")
	x, _ := d.Number(p.Path)
	if x *= rapid.SampledFrom([]float64{0, 0.5, 2}).Draw(t, "factor"); x == 0 && p.Kind == design.ParamRatio {
		x = 0.2
	}
	if x == 0 && strings.Contains(p.Path, ".think") {
		x = 0.2 // users who come back at once, and are turned away at once, end a run by its budget: then no jump gets anywhere
	}
	if d.SetNumber(p.Path, x) == nil {
		text, _ := d.Get(p.Path)
		_ = b.s.Set(n, p.Path, text)
	}
}

func (b *bot) inject(t *rapid.T) {
	n := b.lane.Draw(t, "lane")
	d := b.s.lanes[max(n, 0)].given
	who := rapid.SampledFrom(d.Services).Draw(t, "service").Name
	text := rapid.SampledFrom([]string{"crash %s", "host_crash %s for=1s", "slow %s factor=5 for=1s", "pause %s", "cut %s->*", "errors %s rate=30%%"}).Draw(t, "fault")
	f, err := design.ParseFault(fmt.Sprintf(text, who))
	if err != nil {
		t.Fatal(err)
	}
	_ = b.s.Inject(n, f)
}

func (b *bot) heal(t *rapid.T) {
	n := b.lane.Draw(t, "lane")
	for _, f := range b.s.lanes[max(n, 0)].run.Faults() {
		if f.Active {
			_ = b.s.Heal(n, f.Name)
			return
		}
	}
}

func (b *bot) undo(t *rapid.T) {
	do := rapid.SampledFrom([]func() error{b.s.Undo, b.s.Undo, b.s.Redo, b.s.Redo, b.s.ResetChanges}).Draw(t, "what")
	b.s.level()
	now := b.s.Now()
	if err := do(); err != nil || b.s.Now() != now {
		t.Fatalf("at %v: %v, now at %v", now, err, b.s.Now())
	}
}

func (b *bot) story(t *rapid.T) {
	op := b.s.lanes[0].watch.picks.last.op
	if op == 0 {
		return
	}
	if st, err := b.s.Story(0, op); err != nil || len(st.Entries) == 0 || st.Entries[0].Kind != engine.OpArrived {
		t.Fatalf("story of %d: %+v, %v", op, st, err)
	}
}
