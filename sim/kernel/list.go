package kernel

import "slices"

// Phase orders what happens at the same nanosecond.
type Phase uint8

// The phases, first to last: faults, heals and changes; arrivals, replies and
// completions (a reply at the very moment of its timeout is in time); timers;
// sampling.
const (
	PhaseFault Phase = iota
	PhaseMain
	PhaseTimer
	PhaseSample
)

const (
	phaseShift = 62
	seqMask    = 1<<phaseShift - 1
)

// Event is one pending happening: 24 bytes, no pointers. Kind and Arg mean what
// the model wants them to mean.
type Event struct {
	Time int64 // nanoseconds
	key  uint64
	Arg  int32
	Kind uint8
}

// ID names the event among all events of a run; it is what Push returned.
func (e *Event) ID() uint64 { return e.key & seqMask }

// Phase is the event's place among those of the same nanosecond.
func (e *Event) Phase() Phase { return Phase(e.key >> phaseShift) }

func (e *Event) before(o *Event) bool {
	return e.Time < o.Time || e.Time == o.Time && e.key < o.key
}

// List is the event list: a 4-ary heap ordered by (time, phase, sequence).
// It is plain data, so that a checkpoint is a copy of it.
type List struct {
	heap []Event
	seq  uint64
	dead int // cancelled events still in the heap
}

// Len is the number of events in the list, cancelled ones that were not yet
// swept included.
func (l *List) Len() int { return len(l.heap) }

// Push schedules an event and returns its ID, which is never 0.
func (l *List) Push(t int64, p Phase, kind uint8, arg int32) uint64 {
	l.seq++
	e := Event{Time: t, key: uint64(p)<<phaseShift | l.seq, Arg: arg, Kind: kind}
	h := append(l.heap, e)
	l.heap = h
	i := len(h) - 1
	for i > 0 {
		up := (i - 1) >> 2
		if !e.before(&h[up]) {
			break
		}
		h[i] = h[up]
		i = up
	}
	h[i] = e
	return l.seq
}

// Next is the time of the earliest event.
func (l *List) Next() (t int64, ok bool) {
	if len(l.heap) == 0 {
		return 0, false
	}
	return l.heap[0].Time, true
}

// Pop takes the earliest event. The list must not be empty.
func (l *List) Pop() Event {
	h := l.heap
	top := h[0]
	n := len(h) - 1
	e := h[n]
	h = h[:n]
	l.heap = h
	if n > 0 {
		siftDown(h, 0, e)
	}
	return top
}

// siftDown puts e into the hole at i and restores the heap below it. The four
// children are compared as two pairs: two comparisons that do not wait for each
// other, then one.
func siftDown(h []Event, i int, e Event) {
	n := len(h)
	for {
		c := i<<2 + 1
		if c+3 >= n {
			break
		}
		four := h[c : c+4 : c+4]
		a, b := 0, 2
		if four[1].before(&four[0]) {
			a = 1
		}
		if four[3].before(&four[2]) {
			b = 3
		}
		if four[b&3].before(&four[a&3]) {
			a = b
		}
		m := &four[a&3]
		if !m.before(&e) {
			h[i] = e
			return
		}
		h[i] = *m
		i = c + a
	}
	if c := i<<2 + 1; c < n {
		m := c
		for k := c + 1; k < n; k++ {
			if h[k].before(&h[m]) {
				m = k
			}
		}
		if h[m].before(&e) {
			h[i] = h[m]
			i = m
		}
	}
	h[i] = e
}

// Owner knows which pending events still count.
type Owner interface {
	// Live tells whether an event in the list has not been cancelled.
	Live(e *Event) bool
}

// Cancel notes that one event in the list no longer counts. The owner forgets
// its ID, which is what makes Live say no. When more than half of the list is
// dead, the dead are swept out: the list stays within twice its live size, at
// a constant amortised cost, and the order of the living is what it was,
// because (time, phase, sequence) is a total order.
func (l *List) Cancel(owner Owner) {
	l.dead++
	if l.dead > 32 && l.dead*2 > len(l.heap) {
		l.sweep(owner)
	}
}

// Skipped notes that a cancelled event was popped.
func (l *List) Skipped() { l.dead-- }

func (l *List) sweep(owner Owner) {
	live := l.heap[:0]
	for i := range l.heap {
		if owner.Live(&l.heap[i]) {
			live = append(live, l.heap[i])
		}
	}
	l.heap = live
	l.dead = 0
	if len(live) > 1 {
		for i := (len(live) - 2) >> 2; i >= 0; i-- {
			siftDown(live, i, live[i])
		}
	}
}

// Clone copies the list.
func (l *List) Clone() List {
	c := *l
	c.heap = slices.Clone(l.heap)
	return c
}

// Bytes is the memory the list holds.
func (l *List) Bytes() int { return 24 * len(l.heap) }
