package kernel

import (
	"fmt"
	"sort"
	"testing"

	"asynclab/sim/draw"

	"pgregory.net/rapid"
)

// model is the list as one would write it down: every living event, sorted.
type entry struct {
	t     int64
	phase Phase
	seq   uint64
	arg   int32
}

type owner struct{ dead map[uint64]bool }

func (o *owner) Live(e *Event) bool { return !o.dead[e.ID()] }

// Whatever is pushed, cancelled and popped, the living come out in the order of
// (time, phase, sequence), and the dead never outnumber them by much.
func TestOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var l List
		o := &owner{dead: map[uint64]bool{}}
		var want []entry
		now := int64(0)
		t.Repeat(map[string]func(*rapid.T){
			"push": func(t *rapid.T) {
				for range rapid.IntRange(1, 40).Draw(t, "burst") {
					e := entry{t: now + int64(rapid.IntRange(0, 5).Draw(t, "in")), phase: Phase(rapid.IntRange(0, 3).Draw(t, "phase")), arg: int32(len(want))}
					e.seq = l.Push(e.t, e.phase, 1, e.arg)
					want = append(want, e)
				}
				sort.Slice(want, func(i, j int) bool {
					a, b := want[i], want[j]
					if a.t != b.t {
						return a.t < b.t
					}
					if a.phase != b.phase {
						return a.phase < b.phase
					}
					return a.seq < b.seq
				})
			},
			"cancel": func(t *rapid.T) {
				for range rapid.IntRange(1, 30).Draw(t, "burst") {
					if len(want) == 0 {
						return
					}
					i := rapid.IntRange(0, len(want)-1).Draw(t, "which")
					o.dead[want[i].seq] = true
					want = append(want[:i:i], want[i+1:]...)
					l.Cancel(o)
				}
			},
			"pop": func(t *rapid.T) {
				for range rapid.IntRange(1, 40).Draw(t, "burst") {
					if l.Len() == 0 {
						return
					}
					e := l.Pop()
					if o.dead[e.ID()] {
						l.Skipped()
						continue
					}
					if len(want) == 0 || e.ID() != want[0].seq || e.Time() != want[0].t || e.Phase() != want[0].phase || e.Arg() != want[0].arg {
						t.Fatalf("popped %+v, want %+v", e, want)
					}
					now = e.Time()
					want = want[1:]
				}
			},
			"": func(t *rapid.T) {
				if dead := l.Len() - len(want); dead > 34 && dead > len(want)+1 {
					t.Fatalf("%d dead beside %d living", dead, len(want))
				}
			},
		})
	})
}

// A kind comes back as it was pushed, up to the last; one more is no event.
func TestKinds(t *testing.T) {
	var l List
	for kind := uint8(0); kind <= MaxKind; kind++ {
		l.Push(1, PhaseSample, kind, MaxArg)
		if e := l.Pop(); e.Kind() != kind || e.Arg() != MaxArg || e.Phase() != PhaseSample {
			t.Errorf("kind %d came back as %d with the argument %d in phase %d", kind, e.Kind(), e.Arg(), e.Phase())
		}
	}
	defer func() {
		if recover() == nil {
			t.Error("a kind above the last was scheduled")
		}
	}()
	l.Push(1, PhaseMain, MaxKind+1, 0)
}

// The hold model: N pending, take the earliest, put one at now + exp(1).
func BenchmarkHold(b *testing.B) {
	exp := draw.Must(draw.ExpDist(1e-3)) // 10⁶ ns: ties stay rare
	for _, n := range []int{1_000, 100_000, 1_000_000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			k := draw.NewKey(1, 0, "hold", "interval")
			// The draws are made beforehand: it is the list that is measured,
			// as the anchor's own draws take next to nothing.
			gaps := make([]int64, 1<<16)
			for i := range gaps {
				gaps[i] = exp.SampleNanos(k.Uniform(uint64(i), 0))
			}
			var l List
			for i := range n {
				l.Push(gaps[i&(len(gaps)-1)]+int64(i%1000), PhaseMain, 1, int32(i))
			}
			b.ReportAllocs()
			b.ResetTimer()
			for i := range b.N {
				e := l.Pop()
				l.Push(e.Time()+gaps[i&(len(gaps)-1)], PhaseMain, 1, e.Arg())
			}
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "holds/s")
		})
	}
}
