package engine

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"asynclab/sim/check"
	"asynclab/sim/design"

	"pgregory.net/rapid"
)

// Instances come and go by hand at any moment: the books balance after each event, the run is
// the same from any checkpoint, and with the changes in its plan.
func TestInstancesChange(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := genDesign(t)
		var changes []design.Change
		for i := range rapid.IntRange(1, 8).Draw(t, "changes") {
			s := &d.Services[rapid.IntRange(0, len(d.Services)-1).Draw(t, "of")]
			path := "service." + s.Name + ".instances"
			if s.Uses.Of("scale") != nil && rapid.Bool().Draw(t, "bound") {
				path = "service." + s.Name + ".scale." + rapid.SampledFrom([]string{"min", "max"}).Draw(t, "which")
			}
			at := time.Duration(rapid.IntRange(0, 2500).Draw(t, "at"))*time.Millisecond + time.Duration(i+1)
			changes = append(changes, design.Change{At: at, Path: path, Value: fmt.Sprint(rapid.IntRange(1, 7).Draw(t, "n"))})
		}
		slices.SortStableFunc(changes, func(a, b design.Change) int { return int(a.At - b.At) })
		for i := 0; i < len(changes); { // what does not go with those before
			if check.Changes(d, changes[:i+1])[i] != nil {
				changes = slices.Delete(changes, i, i+1)
			} else {
				i++
			}
		}
		cfg := Config{Duration: 3 * time.Second, Seed: 5, MaxEvents: 100_000, Changes: changes}
		planned := mustRun(t, d, cfg)
		stride := uint64(rapid.IntRange(1, 60).Draw(t, "stride"))
		for planned.Advance(never, stride) == Running {
			if err := planned.Audit(); err != nil {
				t.Fatalf("after %d events at %d ns: %v", planned.Events(), planned.Now(), err)
			}
		}
		if err := planned.Audit(); err != nil {
			t.Fatalf("at the end: %v", err)
		}
		addUp(t, planned)
		r := mustRun(t, d, cfg)
		r.Advance(never, uint64(rapid.IntRange(0, int(planned.Events())).Draw(t, "events")))
		c := r.Checkpoint()
		r.Advance(never, 0)
		same(t, "the run the checkpoint was taken of", r, planned)
		r.Restore(c)
		r.Advance(never, 0)
		same(t, "the run from the checkpoint", r, planned)
	})
}
