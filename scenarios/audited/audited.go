// Package audited runs the small scenarios of the mechanisms' tests and counts on the way
// whether everything is still there.
//
//	text ──► Start ──► *engine.Run ──► Until, as often as wanted ──► Value
//
// How to choose: a test of one mechanism begins with Start, has Until advance the run in
// steps, and asks Value. What a scenario of the library must show is tested in package
// scenarios.
package audited

import (
	"fmt"
	"testing"
	"time"

	"asynclab/scenarios"
	"asynclab/sim/engine"
)

// Start begins a run of a scenario's only design, of the length and the warm-up that the
// scenario has, with seed 5. The text may have verbs of package fmt and begins after its
// first line break.
func Start(t testing.TB, text string, args ...any) *engine.Run {
	t.Helper()
	sc, err := scenarios.Parse(nil, "one.yaml", fmt.Appendf(nil, text[1:], args...))
	if err != nil {
		t.Fatal(err)
	}
	p, err := engine.Compile(sc.Designs[0])
	if err != nil {
		t.Fatal(err)
	}
	r, err := p.NewRun(engine.Config{Duration: sc.Run.Duration, Warmup: sc.Run.WarmupOf(sc.Run.Duration), Seed: 5})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// Until advances a run to a time in so many equal steps, at its end with the drain, and
// audits it after each.
func Until(t testing.TB, r *engine.Run, end time.Duration, steps int) {
	t.Helper()
	from := r.Now()
	for k := 1; k <= steps; k++ {
		at := from + (int64(end)-from)*int64(k)/int64(steps)
		r.Advance(at, 0)
		if err := r.Audit(); err != nil {
			t.Fatalf("at %v: %v", time.Duration(at), err)
		}
	}
}

// Value is a metric's, which must be there.
func Value(t testing.TB, r *engine.Run, metric string) float64 {
	t.Helper()
	v, ok := r.Value(metric)
	if !ok {
		t.Errorf("there is no %s", metric)
	}
	return v
}
