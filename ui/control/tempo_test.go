package control

import (
	"math"
	"testing"
	"time"

	"asynclab/scenarios"
)

// At the tempo by itself, a message of every library scenario moves at once, and its
// accident, if it has one, is there within 15 seconds.
func TestPlayLeadsToTheAccident(t *testing.T) {
	accidents := 0
	for _, e := range scenarios.Library() {
		sc := load(t, e.Name)
		s, err := Open(sc, nil, Options{})
		if err != nil {
			t.Fatal(err)
		}
		p := tempoOf(sc, s.Length(), s.common(s.marks()))
		if !(p.message <= p.line && p.line <= p.run) {
			t.Errorf("%s: the speeds are %g, %g, %g", e.Name, p.message, p.line, p.run)
		}
		if math.IsInf(p.accident, 1) {
			continue
		}
		accidents++
		pl := player{}
		now := time.Unix(0, 0)
		p.last = now
		sim, was := 0.0, 0.0
		for ; sim < p.accident && now.Before(time.Unix(60, 0)); now = now.Add(frameTime) {
			p.follow(&pl, now, int64(sim*1e9))
			was = sim
			sim = float64(pl.target(now)) / 1e9
		}
		if took := now.Sub(time.Unix(0, 0)); took > 15*time.Second {
			t.Errorf("%s: the accident at %gs comes after %v", e.Name, p.accident, took)
		}
		if sim-was > p.line*0.05 {
			t.Errorf("%s: it runs past the accident by %gs", e.Name, sim-was)
		}
	}
	if accidents < 8 {
		t.Errorf("only %d scenarios of the library have an accident", accidents)
	}
}

// Play begins with the first message, and a speed set by hand stays.
func TestPlayBeginsWithAMessage(t *testing.T) {
	for _, name := range []string{"order-flow", "dominoes", "sync-vs-async"} {
		d := newDesk(t, name, Options{})
		d.Play()
		d.Sync()
		d.pass(200 * time.Millisecond)
		f := d.last()
		if f.Mode != Playing || f.InHand == 0 || f.Tempo != ByItself {
			t.Errorf("%s: after a moment it is in mode %d at %v with operation %d", name, f.Mode, f.Now, f.InHand)
		}
		d.SetSpeed(0.5)
		d.pass(6 * time.Second)
		if f := d.last(); f.Speed != 0.5 || f.Tempo != ByHand {
			t.Errorf("%s: a speed by hand of 0.5 became %g, tempo %d", name, f.Speed, f.Tempo)
		}
	}
}

// To the accident: from anywhere, and on from there.
func TestToAccident(t *testing.T) {
	d := newDesk(t, "order-flow", Options{})
	d.ToAccident()
	d.Sync()
	d.pass(3 * time.Second)
	if f := d.last(); f.Mode != Playing || f.Now < 4*time.Minute || f.Now > 4*time.Minute+10*time.Second {
		t.Errorf("3 s later it is in mode %d at %v", f.Mode, f.Now)
	}
}

// What is watched is never slower than what there is to see: an accident of a second where work
// takes ten seconds, and the half minute between two herds.
func TestPaceShowsSomething(t *testing.T) {
	sc := load(t, "visibility")
	x := tempoOf(sc, Length(sc), []Mark{{From: 7 * time.Minute, To: 7*time.Minute + time.Second}})
	if x.line < 5 || x.over < x.accident+5*lineTime.Seconds() {
		t.Errorf("the accident is watched at %v to %v", x.line, x.over-x.accident)
	}
	s := open(t, "thundering-herd", Options{}, 1)
	s.Advance(time.Second, 0)
	steps := 0
	for ; s.sampling(); steps++ {
		at, ok := s.next()
		if !ok {
			break
		}
		s.Advance(time.Duration(at), 0)
	}
	if at, _ := s.next(); steps < 10 || at < int64(29900*time.Millisecond) || at > int64(30100*time.Millisecond) {
		t.Errorf("after %d samples the second herd comes at %v", steps, time.Duration(at))
	}
}
