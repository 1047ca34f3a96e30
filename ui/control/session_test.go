package control

import (
	"testing"
	"time"

	"asynclab/scenarios"
)

type fataler interface {
	Helper()
	Fatal(...any)
}

func load(t fataler, name string) *scenarios.Scenario {
	t.Helper()
	sc, err := scenarios.Load(name)
	if err != nil {
		t.Fatal(err)
	}
	return sc
}

func open(t testing.TB, name string, opt Options, designs ...int) *Session {
	t.Helper()
	s, err := Open(load(t, name), designs, opt)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// state is what a run is at a time, to the bit.
func state(s *Session) (all []uint64) {
	for i := range s.lanes {
		all = append(all, s.Fingerprint(i))
	}
	return all
}

func TestLibraryPlays(t *testing.T) {
	for _, e := range scenarios.Library() {
		s := open(t, e.Name, Options{Length: 30 * time.Second})
		for !s.Advance(20*time.Second, 10_000) {
		}
		var f Frame
		s.Fill(&f)
		if f.Now != 20*time.Second || len(f.Lanes) != len(s.Scenes()) || f.Events == 0 {
			t.Errorf("%s: %v with %d lanes after %d events", e.Name, f.Now, len(f.Lanes), f.Events)
		}
		if b := s.Board(nil, nil, 0, ""); len(b.Log) == 0 || len(b.Lanes[0].Values) == 0 {
			t.Errorf("%s: the board is empty", e.Name)
		}
	}
}

// A step across a long silence into a storm is cut short, so that commands are
// answered, and all lanes still arrive together.
func TestStorm(t *testing.T) {
	s := open(t, "order-flow", Options{})
	if err := s.Set(-1, "load.shoppers.rate", "0.001/s"); err != nil {
		t.Fatal(err)
	}
	s.Advance(3*time.Minute, 0)
	if err := s.Set(-1, "load.shoppers.rate", "20000/s"); err != nil {
		t.Fatal(err)
	}
	for {
		before := s.Events()
		done := s.Advance(3*time.Minute+time.Second, 2_000)
		if n := s.Events() - before; n > 20_000 {
			t.Fatalf("%d events at once at %v", n, s.Now())
		}
		if done {
			break
		}
	}
	for i, l := range s.lanes {
		if l.run.Now() != s.now {
			t.Errorf("lane %d is at %v", i, time.Duration(l.run.Now()))
		}
	}
	if s.Events() < 100_000 {
		t.Errorf("%d events are no storm", s.Events())
	}
}

// Who steps from message to message sees one operation to its end, and then
// another.
func TestStepsStayWithOne(t *testing.T) {
	s := open(t, "order-flow", Options{})
	s.Advance(time.Minute, 0)
	seen := map[uint64]int{}
	for range 60 {
		had, goesOn := s.follow, s.follow != 0 && s.alive(s.follow)
		s.StepMessage(0)
		if goesOn && s.follow != had {
			t.Fatalf("operation %d goes on, and %d is in hand", had, s.follow)
		}
		seen[s.follow]++
	}
	if len(seen) < 2 || len(seen) > 15 {
		t.Errorf("60 steps saw %d operations", len(seen))
	}
}
