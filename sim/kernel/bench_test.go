package kernel

import (
	"fmt"
	"testing"

	"asynclab/sim/draw"
)

// gaps are the distributions of the time from the scheduling of an event to the
// event, with a mean of about 1 ms: ties stay rare. All draws are made beforehand:
// it is the list that is measured, as the anchor's own draws take next to nothing.
func gaps(name string) []int64 {
	k := draw.NewKey(1, 0, "hold", name)
	exp := draw.Must(draw.ExpDist(1e-3))
	of := make([]int64, 1<<16)
	for i := range of {
		u := k.Uniform(uint64(i), 0)
		switch name {
		case "exponential":
			of[i] = exp.SampleNanos(u)
		case "uniform":
			of[i] = int64(2e6 * u)
		case "bimodal": // nine in ten soon, the tenth a hundred times later
			of[i] = int64(1e5 + 1e4*k.Uniform(uint64(i), 1))
			if u < 0.1 {
				of[i] *= 100
			}
		case "constant":
			of[i] = 1e6
		}
	}
	return of
}

// The hold model: N pending, take the earliest, put one at now + a gap.
func BenchmarkHold(b *testing.B) {
	for _, name := range []string{"exponential", "uniform", "bimodal", "constant"} {
		gaps := gaps(name)
		for _, n := range []int{10, 30, 100, 1_000, 100_000, 1_000_000} {
			b.Run(fmt.Sprint(name, "/", n), func(b *testing.B) {
				var l List
				for i := range n {
					l.Push(gaps[i&(len(gaps)-1)]+int64(1e6*i/n), PhaseMain, 1, int32(i))
				}
				hold := func(i int) {
					e := l.Pop()
					l.Push(e.Time()+gaps[i&(len(gaps)-1)], PhaseMain, 1, e.Arg())
				}
				for i := range 3 * n {
					hold(i)
				}
				b.ReportAllocs()
				b.ResetTimer()
				for i := range b.N {
					hold(i)
				}
				b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "holds/s")
			})
		}
	}
}
