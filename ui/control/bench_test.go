package control

import (
	"testing"
	"time"

	"asynclab/sim/model"
)

// What watching costs: the same runs with and without the observer, and with a
// frame every so often.
func BenchmarkRun(b *testing.B) {
	for _, name := range []string{"order-flow", "bench/sync-chain", "bench/mm1"} {
		for _, watched := range []string{"bare", "watched", "framed"} {
			b.Run(name+"/"+watched, func(b *testing.B) {
				events := uint64(0)
				var f Frame
				for b.Loop() {
					s := open(b, name, Options{Length: 2 * time.Minute})
					if watched == "bare" {
						for _, l := range s.lanes {
							l.run.SetObserver(nil)
						}
					}
					for t := time.Duration(0); t < s.Length(); t += time.Second {
						s.Advance(t, 0)
						if watched == "framed" {
							s.Fill(&f)
						}
					}
					events += s.Events()
				}
				b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(events), "ns/event")
			})
		}
	}
}

var _ = model.Running
