package control

import (
	"asynclab/sim/engine"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"
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

var _ = engine.Running

// A jump anywhere in the flagship, ten minutes of three designs.
func BenchmarkJump(b *testing.B) {
	for _, memory := range []int{256 << 20, 32 << 20} {
		b.Run(fmt.Sprintf("%d MiB", memory>>20), func(b *testing.B) {
			s := open(b, "order-flow", Options{Memory: memory})
			s.Advance(s.Length(), 0)
			events := s.Events()
			worst, all := time.Duration(0), []float64{}
			r := rand.New(rand.NewPCG(1, 2))
			for b.Loop() {
				start := time.Now()
				if err := s.JumpTo(time.Duration(r.Int64N(int64(s.Length())))); err != nil {
					b.Fatal(err)
				}
				d := time.Since(start)
				worst, all = max(worst, d), append(all, d.Seconds()*1e3)
			}
			n, bytes := s.Checkpoints()
			b.ReportMetric(median(all), "median-ms")
			b.ReportMetric(worst.Seconds()*1e3, "worst-ms")
			b.ReportMetric(float64(events), "events")
			b.ReportMetric(float64(n), "checkpoints")
			b.ReportMetric(float64(bytes)/(1<<20), "MiB")
		})
	}
}

// What a window asks for at most 60 and 10 times a second.
func BenchmarkShow(b *testing.B) {
	s := open(b, "order-flow", Options{})
	s.Advance(5*time.Minute, 0)
	b.Run("frame", func(b *testing.B) {
		var f Frame
		b.ReportAllocs()
		for b.Loop() {
			s.Fill(&f)
		}
	})
	b.Run("board", func(b *testing.B) {
		curves := []string{"load.shoppers.offered", "load.shoppers.completed", "load.shoppers.confirmed.latency.p99", "service.pay.busy"}
		b.ReportAllocs()
		for b.Loop() {
			s.Board(curves, []string{"load.shoppers.confirmed.latency"}, 0, "pay")
		}
	})
}
