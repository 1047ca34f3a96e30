package kernel

import (
	"cmp"
	"math"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// reference is the list as one would write it down: every living event, sorted.
type reference struct {
	list List
	want []Event
	dead map[uint64]bool
	now  int64
	most int // events in the list at once, ever
}

func newReference() *reference { return &reference{dead: map[uint64]bool{}} }

func (r *reference) Live(e Event) bool { return !r.dead[e.ID()] }

func (r *reference) push(t int64, p Phase, arg int32) {
	id := r.list.Push(t, p, 1, arg)
	e := Event{at: uint64(t)<<phaseBits | uint64(p), key: id<<seqShift | 1<<argBits | uint64(arg)}
	i, _ := slices.BinarySearchFunc(r.want, e, func(a, b Event) int { return cmp.Or(cmp.Compare(a.at, b.at), cmp.Compare(a.key, b.key)) })
	r.want = slices.Insert(r.want, i, e)
	r.most = max(r.most, r.list.Len())
}

func (r *reference) cancel(t interface{ Fatalf(string, ...any) }, i int) {
	if len(r.want) == 0 {
		return
	}
	i %= len(r.want)
	r.dead[r.want[i].ID()] = true
	r.want = slices.Delete(r.want, i, i+1)
	r.list.Cancel(r)
	if dead := r.list.Len() - len(r.want); dead > 32 && dead > len(r.want) {
		t.Fatalf("%d dead beside %d living", dead, len(r.want))
	}
}

// pop takes the earliest living event, and looks at it before if it is told to.
func (r *reference) pop(t interface{ Fatalf(string, ...any) }, look bool) {
	for r.list.Len() > 0 {
		if look {
			first, _ := r.list.First()
			if at, ok := r.list.Next(); !ok || at != first.Time() {
				t.Fatalf("the next event is at %d, the first at %d", at, first.Time())
			}
		}
		e := r.list.Pop()
		if r.dead[e.ID()] {
			r.list.Skipped()
			continue
		}
		if len(r.want) == 0 || e != r.want[0] {
			t.Fatalf("popped %+v, want %+v", e, r.want)
		}
		r.now = e.Time()
		r.want = r.want[1:]
		return
	}
	if _, ok := r.list.Next(); ok || len(r.want) > 0 {
		t.Fatalf("the list is empty; %d events should be in it", len(r.want))
	}
}

// check holds what is true at any moment.
func (r *reference) check(t interface{ Fatalf(string, ...any) }) {
	if got := r.list.Live(); got != len(r.want) {
		t.Fatalf("%d living events, want %d", got, len(r.want))
	}
	if f := &r.list.later; len(f.slab) > r.most+chunk*levels*digits {
		t.Fatalf("room for %d events; there were never more than %d", len(f.slab), r.most)
	}
}

// Whatever is pushed, cancelled, looked at and popped, at whatever distance in
// time, the living come out in the order of (time, phase, sequence), from the
// list and from a copy of it; after a cancellation the dead never outnumber them.
func TestOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := newReference()
		most := rapid.SampledFrom([]int{2, 40, 400}).Draw(t, "most")
		t.Repeat(map[string]func(*rapid.T){
			"push": func(t *rapid.T) {
				scale := rapid.IntRange(0, 40).Draw(t, "scale")
				for range rapid.IntRange(1, most).Draw(t, "burst") {
					in := rapid.Int64Range(0, 1<<scale).Draw(t, "in")
					r.push(r.now+in, Phase(rapid.IntRange(0, 3).Draw(t, "phase")), int32(len(r.want)))
				}
			},
			"cancel": func(t *rapid.T) {
				for range rapid.IntRange(1, most).Draw(t, "burst") {
					r.cancel(t, rapid.IntRange(0, 1<<16).Draw(t, "which"))
				}
			},
			"pop": func(t *rapid.T) {
				for range rapid.IntRange(1, most).Draw(t, "burst") {
					r.pop(t, rapid.Bool().Draw(t, "look"))
				}
			},
			"look":  func(*rapid.T) { r.list.First() },
			"clone": func(*rapid.T) { old := r.list; r.list = old.Clone(); spoil(&old) },
			"":      func(t *rapid.T) { r.check(t) },
		})
		for len(r.want) > 0 {
			r.pop(t, false)
		}
	})
}

// spoil overwrites everything in a list that its copy must not share.
func spoil(l *List) {
	clear(l.heap)
	clear(l.later.slab)
	clear(l.later.next)
	clear(l.later.bucket)
}

// FuzzOrder is TestOrder with the steps as bytes: what, how far, how often.
func FuzzOrder(f *testing.F) {
	f.Add([]byte{0, 10, 200, 1, 0, 40, 0, 3, 255, 2, 0, 30, 1, 0, 255})
	f.Add([]byte{0, 0, 255, 3, 0, 0, 0, 0, 100, 1, 0, 255, 4, 0, 0, 1, 0, 255})
	f.Add([]byte{0, 40, 60, 3, 0, 0, 0, 5, 255, 1, 0, 200})
	f.Fuzz(func(t *testing.T, b []byte) {
		r := newReference()
		for seed := uint64(1); len(b) >= 3 && r.now < 1<<50 && len(r.want) < 1<<10; b = b[3:] {
			for i := range int(b[2]) {
				seed = seed*6364136223846793005 + 1442695040888963407
				switch u := seed >> 32; b[0] % 5 {
				case 0:
					r.push(r.now+int64(u)<<8>>(40-b[1]%41), Phase(u%4), int32(i))
				case 1:
					r.pop(t, false)
				case 2:
					r.cancel(t, int(u))
				}
			}
			switch b[0] % 5 {
			case 3:
				r.list.First()
			case 4:
				old := r.list
				r.list = old.Clone()
				spoil(&old)
			}
			r.check(t)
		}
		for len(r.want) > 0 {
			r.pop(t, true)
		}
	})
}

// hard are times in nanoseconds by which bucketed lists are slow that choose
// their widths by an average or a sample.
var hard = map[string]func(i, n int) int64{
	"spread evenly":      func(i, n int) int64 { return int64(i*7919%n) * 1000 },
	"one instant":        func(i, n int) int64 { return 1 << 40 },
	"two clusters":       func(i, n int) int64 { return int64(i%2)<<55 + int64(i*7919%n) },
	"exponentially":      func(i, n int) int64 { return int64(math.Exp2(60 * float64(i*7919%n) / float64(n))) },
	"one far timer":      func(i, n int) int64 { return min(int64(i), 1)<<60 + int64(i) },
	"hundred instants":   func(i, n int) int64 { return int64(i%100) << 50 },
	"the last digit":     func(i, n int) int64 { return 1<<55 - 1 + int64(i%2) },
	"latest first":       func(i, n int) int64 { return int64(n-i) << 20 },
	"behind a look":      func(i, n int) int64 { return int64(n-i) + max(0, 40-int64(i))<<50 },
	"each half as close": func(i, n int) int64 { return 1<<60>>min(i, 60) + int64(i) },
}

// Events in whatever places take about the same time: a list that searches or
// shifts takes some thousand times longer on one of these.
func TestHard(t *testing.T) {
	const n = 100_000
	run := func(at func(i, n int) int64) time.Duration {
		var l List
		start := time.Now()
		for i := range n {
			l.Push(at(i, n), PhaseMain, 1, 1)
			if i < 100 {
				l.First()
			}
		}
		var before Event
		for i := range n {
			e := l.Pop()
			if i > 0 && !before.before(&e) {
				t.Fatalf("%+v came before %+v", before, e)
			}
			before = e
			if i%2 == 0 { // a tenth of them goes on, some at the same instant
				if i%20 == 0 {
					l.Push(e.Time()+int64(i%3), PhaseMain, 1, 1)
				}
				l.Next()
			}
		}
		return time.Since(start)
	}
	easy := run(hard["spread evenly"])
	for name, at := range hard {
		took := run(at)
		t.Logf("%-20s %v", name, took)
		if took > 50*easy+100*time.Millisecond {
			t.Errorf("%s: %v; spread evenly it is %v", name, took, easy)
		}
	}
}

// A list of any length does not allocate while its length stays the same.
func TestNoAllocation(t *testing.T) {
	for _, name := range []string{"exponential", "bimodal", "constant"} {
		gaps := gaps(name)
		for _, n := range []int{10, 18, 1000, 30_000} {
			var l List
			for i := range n {
				l.Push(gaps[i&(len(gaps)-1)], PhaseMain, 1, int32(i))
			}
			hold := func() {
				for i := range 1000 {
					e := l.Pop()
					l.Push(e.Time()+gaps[(int(l.Pushes())+i)&(len(gaps)-1)], PhaseMain, 1, e.Arg())
				}
			}
			for range 200 + 20*n/1000 {
				hold()
			}
			if got := testing.AllocsPerRun(100, hold); got != 0 {
				t.Errorf("%s, %d pending: %v allocations in 1,000 events", name, n, got)
			}
		}
	}
}

// A copy of a list has no room for what was in the list once.
func TestCloneIsSmall(t *testing.T) {
	var l List
	for i := range 100_000 {
		l.Push(int64(i)*1000, PhaseMain, 1, 1)
	}
	for range 99_900 {
		l.Pop()
	}
	c := l.Clone()
	if l.Bytes() < 1<<20 || c.Bytes() > 1<<15 {
		t.Errorf("a list of %d events: %d bytes, and its copy %d", l.Len(), l.Bytes(), c.Bytes())
	}
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
