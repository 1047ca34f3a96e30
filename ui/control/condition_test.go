package control

import (
	"testing"
	"time"
)

// A run goes on until a condition about a metric comes to hold, to the same moment
// whatever the way there; one that never holds leaves it where it was.
func TestUntil(t *testing.T) {
	sc := parsed(t, `version: 1
name: rising
run: {duration: 100s}
load: {u: {to: s/x, arrivals: every(1s)}}
services: {s: {on: {x: [work: 10s]}}}
`)
	s, err := Open(sc, nil, Options{})
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if err := s.Until("load.u.offered >= 20"); err != nil {
			t.Fatal(err)
		}
		if n, _, _ := s.Metric("", "load.u.offered", nil); n != 20 || s.stopped != ConditionMet || s.Now() > 20*time.Second {
			t.Errorf("stopped (%d) at %v with %v arrivals", s.stopped, s.Now(), n)
		}
		at := s.Now()
		if err := s.Until("load.u.offered > 1000"); err != nil || s.stopped != NoSuchMoment || s.Now() != at {
			t.Errorf("never: %v, stopped (%d) at %v", err, s.stopped, s.Now())
		}
		if err := s.JumpTo(3 * time.Second); err != nil {
			t.Fatal(err)
		}
	}
	for _, text := range []string{"load.u.offered", "other: load.u.offered > 1", "load.nobody.offered > 1", "> 3"} {
		if err := s.Until(text); err == nil || s.Seeking() {
			t.Errorf("%q: no error", text)
		}
	}
}
