package engine

import (
	"testing"
	"time"

	"pgregory.net/rapid"
)

// Next is when Step will be, before the duration, and asking changes nothing.
func TestNext(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := genDesign(t)
		cfg := Config{Duration: time.Second, Seed: 3, MaxEvents: 20_000}
		quiet := mustRun(t, d, cfg)
		quiet.Advance(never, 0)
		r := mustRun(t, d, cfg)
		for r.Events() < cfg.MaxEvents {
			at, ok := r.Next()
			if !ok {
				break
			}
			if !r.Step() {
				t.Fatalf("the next event is at %d; there was none", at)
			}
			if r.Now() != at {
				t.Fatalf("the next event was to be at %d, and is at %d", at, r.Now())
			}
		}
		r.Advance(never, 0)
		same(t, "the run that was asked", r, quiet)
	})
}
