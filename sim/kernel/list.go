package kernel

import (
	"math/bits"
	"slices"
)

// Phase orders the events of the same nanosecond.
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

const _ = 1<<phaseBits - 1 - PhaseSample // does not compile when a phase has no place in an event

// Limits of the fields of an event.
const (
	MaxArg    = 1<<argBits - 1  // objects of one kind alive at once
	MaxKind   = 1<<kindBits - 1 // kinds of events
	MaxTime   = 1<<61 - 1       // nanoseconds: 73 years
	MaxPushes = 1<<35 - 1       // events scheduled in one run
)

const (
	argBits   = 24
	kindBits  = 5
	phaseBits = 2
	seqShift  = argBits + kindBits
)

// Event is a pending event: 16 bytes, no pointers. Its two words are also the
// 128-bit number by which it is ordered. The model defines Kind and Arg.
type Event struct {
	at  uint64 // time, 62 bits | phase, 2
	key uint64 // sequence, 35 | kind, 5 | arg, 24
}

// Time is the simulated time of the event in nanoseconds.
func (e Event) Time() int64 { return int64(e.at >> phaseBits) }

// Phase is the event's place among those of the same nanosecond.
func (e Event) Phase() Phase { return Phase(e.at & (1<<phaseBits - 1)) }

// Kind is the kind given to Push.
func (e Event) Kind() uint8 { return uint8(e.key >> argBits & MaxKind) }

// Arg is the argument given to Push.
func (e Event) Arg() int32 { return int32(e.key & MaxArg) }

// ID names the event among all events of a run; it is what Push returned.
func (e Event) ID() uint64 { return e.key >> seqShift }

// less compares two events as 128-bit numbers, without a branch, which the
// processor would mispredict half of the time. It is 1 if e is earlier, else 0.
func (e *Event) less(o *Event) uint64 {
	_, b := bits.Sub64(e.key, o.key, 0)
	_, b = bits.Sub64(e.at, o.at, b)
	return b
}

// before is less with a branch, for where it is mostly predicted.
func (e *Event) before(o *Event) bool {
	return e.at < o.at || e.at == o.at && e.key < o.key
}

// root is the slot of the earliest event. With the root at slot 3 the four
// children of slot i are slots 4i-8 to 4i-5: one cache line.
const root = 3

// last is later than every event. Three of them follow the heap, so that a node
// with one child has four.
var last = Event{at: ^uint64(0), key: ^uint64(0)}

// set copies an event word by word: reading a pair of words at once that were
// written one by one would make the processor wait for both to reach its cache.
func set(to, from *Event) { to.at, to.key = from.at, from.key }

// List is the event list, ordered by (time, phase, sequence). A short list is
// kept sorted, the earliest event last: removing it moves no other event, and
// most designs never have more than a handful pending. A list that outgrows
// that keeps only the next events sorted, and the later ones in buckets by their
// time. If these cannot take any of the next events, those become a 4-ary heap.
// It is plain data, so that a checkpoint is a copy of it.
type List struct {
	short [1 + longest]Event // the sorted list, behind an event that is later than all
	n     int                // its length
	heap  []Event            // three slots not used, then the heap, then three times last
	near  uint64             // an event before this goes into the sorted list
	long  bool               // there may be events outside the sorted list
	seq   uint64
	dead  int     // cancelled events still in the list
	later buckets // the events after those in short or heap
}

const (
	shortest = 4  // a heap that shrinks to this becomes a sorted list
	longest  = 16 // what a sorted list has room for
)

// Init makes an empty list ready for Head. Everything else is ready without it.
func (l *List) Init() { l.bound() }

// sorted is the sorted list, the earliest event last.
func (l *List) sorted() []Event { return l.short[1 : 1+l.n] }

// Len is the number of events in the list, including cancelled ones that are
// not removed yet.
func (l *List) Len() int { return l.n + max(0, len(l.heap)-2*root) + l.later.n }

// Live is the number of events in the list that were not cancelled.
func (l *List) Live() int { return l.Len() - l.dead }

// Pushes is the number of events scheduled so far; MaxPushes is the limit.
func (l *List) Pushes() uint64 { return l.seq }

// Push schedules an event and returns its ID, which is never 0. The kind is at most
// MaxKind; a greater one would overflow into the sequence number, and panics.
func (l *List) Push(t int64, p Phase, kind uint8, arg int32) uint64 {
	seq := l.seq + 1
	l.seq = seq
	at, key := uint64(t)<<phaseBits|uint64(p), seq<<seqShift|uint64(kind)<<argBits|uint64(uint32(arg))
	if at >= l.near || l.n >= longest || kind > MaxKind {
		return l.pushLong(Event{at, key}, kind)
	}
	l.insert(at, key)
	return seq
}

// bound finds near again, after whatever changed where events go.
func (l *List) bound() {
	l.short[0] = last
	switch {
	case len(l.heap) > 0:
		l.near = 0
	case !l.long || l.later.after == last.at:
		l.near = last.at
	default:
		l.near = l.later.after + 1
	}
}

// Renumber changes the arguments of all events: what they are about has another number.
func (l *List) Renumber(now func(kind uint8, arg int32) int32) {
	change := func(e *Event) { e.key = e.key&^MaxArg | uint64(uint32(now(e.Kind(), e.Arg()))) }
	for i := range l.sorted() {
		change(&l.sorted()[i])
	}
	for i := root; i < len(l.heap)-root; i++ {
		change(&l.heap[i])
	}
	for _, b := range l.later.bucket {
		for c, left := b.head, b.n; left > 0; c = l.later.next[c] {
			for i := range min(left, chunk) {
				change(&l.later.slab[c*chunk+i])
			}
			left -= min(left, chunk)
		}
	}
}

// insert puts an event that was scheduled after all others into the sorted list:
// it stands behind those of its time and phase.
func (l *List) insert(at, key uint64) {
	l.n++
	e := l.slot(l.n)
	for i := l.n - 1; ; i-- {
		q := l.below(e, i)
		if q.at > at {
			e.at, e.key = at, key
			return
		}
		set(e, q)
		e = q
	}
}

// pushLong schedules an event in a long list, or in one that becomes long, and returns
// its ID.
func (l *List) pushLong(e Event, kind uint8) uint64 {
	if kind > MaxKind {
		panic("kernel: no place for this kind of event")
	}
	if !l.long {
		if l.n < longest { // the first of all
			l.bound()
			l.insert(e.at, e.key)
			return e.ID()
		}
		l.long = true
		l.later.begin()
	}
	for {
		switch {
		case e.at > l.later.after:
			l.later.put(&e)
			return e.ID()
		case len(l.heap) != 0:
			l.heap = append(l.heap, last)
			siftUp(l.heap, len(l.heap)-root-1, root, e)
			return e.ID()
		case l.n < longest:
			l.insert(e.at, e.key)
			return e.ID()
		}
		if moved, ok := l.later.split(l.sorted()); ok {
			l.n = copy(l.short[1:], l.sorted()[moved:])
		} else {
			l.lengthen()
		}
		l.bound()
	}
}

// lengthen turns the sorted list into a heap: read backwards it is one already.
// It happens where all its events are earlier than those of the last refill, or
// of one instant with events that are in a bucket.
func (l *List) lengthen() {
	l.heap = append(l.heap, Event{}, Event{}, Event{})
	for ; l.n > 0; l.n-- {
		l.heap = append(l.heap, l.short[l.n])
	}
	l.heap = append(l.heap, last, last, last)
}

// shorten turns a heap that has become small into a sorted list.
func (l *List) shorten() {
	for _, e := range l.heap[root : len(l.heap)-root] {
		l.n++
		i := l.n
		for ; l.short[i-1].before(&e); i-- {
			l.short[i] = l.short[i-1]
		}
		l.short[i] = e
	}
	l.heap = l.heap[:0]
	l.long = l.later.n > 0
	l.bound()
}

// refill moves the next events into the sorted list, which is empty. It is false
// if there are none.
func (l *List) refill() bool {
	if l.later.n == 0 {
		return false
	}
	l.n = l.later.refill(l.short[1:])
	l.long = l.later.n > 0
	l.bound()
	return true
}

// siftUp moves e up from the hole at i, at most to top.
func siftUp(h []Event, i, top int, e Event) {
	for i > top {
		up := i>>2 + 2
		if !e.before(&h[up]) {
			break
		}
		set(&h[i], &h[up])
		i = up
	}
	set(&h[i], &e)
}

// Next is the time of the earliest event.
func (l *List) Next() (t int64, ok bool) {
	e, ok := l.First()
	return e.Time(), ok
}

// First returns the earliest event without removing it.
func (l *List) First() (e Event, ok bool) {
	switch {
	case l.n > 0:
		return l.short[l.n], true
	case len(l.heap) > 0:
		return l.heap[root], true
	case l.refill():
		return l.First()
	}
	return Event{}, false
}

// Pop removes and returns the earliest event. The list must not be empty.
func (l *List) Pop() Event {
	e, _ := l.PopUntil(MaxTime)
	return e
}

// PopUntil removes and returns the earliest event if it is at the given time or
// before.
func (l *List) PopUntil(t int64) (e Event, ok bool) {
	end := Until(t)
	if l.n == 0 && !l.Fetch(end) || l.Head().After(end) {
		return Event{}, false
	}
	e = l.Head()
	l.Take()
	return e, true
}

// Head, Take and Fetch are PopUntil in parts, for a loop in which a call counts.

// Until is the end of a time, with all its phases, for Event.After and Fetch.
func Until(t int64) uint64 { return (uint64(t)+1)<<phaseBits - 1 }

// After reports whether the event is after an end.
func (e Event) After(end uint64) bool { return e.at > end }

// Head is the earliest event, if it is at hand, and otherwise one that is after any
// end: Fetch may find one.
func (l *List) Head() Event {
	p := l.slot(l.n)
	return Event{p.at, p.key}
}

// Take removes the event at the head.
func (l *List) Take() { l.n-- }

// Fetch brings the earliest event, if it is not after the end, to where Head
// finds it.
func (l *List) Fetch(end uint64) bool {
	switch {
	case l.n > 0:
		return false
	case len(l.heap) > 0:
		if l.heap[root].at > end {
			return false
		}
		e := l.popHeap()
		l.n++
		l.short[l.n] = e // before those that a short heap has left there
		return true
	}
	return l.refill() && l.short[l.n].at <= end
}

func (l *List) popHeap() Event {
	h := l.heap
	n := len(h) - 1 // the new length
	end := n - root
	top := Event{h[root].at, h[root].key}
	e := Event{h[end].at, h[end].key}
	set(&h[end], &last)
	h = h[:n]
	l.heap = h
	siftDown(h, root, e)
	if n-2*root <= shortest {
		l.shorten()
	}
	return top
}

// siftDown puts e into the hole at i and restores the heap below it. The hole
// goes down to a leaf first, along the earliest children, and e moves up from
// there: e was a leaf and mostly ends near one (bottom-up heapsort, Wegener
// 1993). The four children are compared as two independent pairs, which the
// processor can do in parallel.
func siftDown(h []Event, i int, e Event) {
	top, n := i, len(h)-root
	for c := i<<2 - 8; c < n; c = i<<2 - 8 {
		four := h[c : c+4 : c+4]
		a := four[1].less(&four[0])
		b := 2 + four[3].less(&four[2])
		a += (b - a) & -four[b&3].less(&four[a&3])
		set(&h[i], &four[a&3])
		i = c + int(a&3)
	}
	siftUp(h, i, top, e)
}

// Owner knows which pending events are not cancelled.
type Owner interface {
	// Live reports whether an event in the list has not been cancelled.
	Live(e Event) bool
}

// Cancel counts one more cancelled event in the list. The owner clears the ID
// of the event, so that its Live returns false. When more than half of the
// events are cancelled, these are removed: the list stays within twice its live
// size at a constant amortised cost, and the order of the others does not
// change, because (time, phase, sequence) is a total order.
func (l *List) Cancel(owner Owner) {
	l.dead++
	if l.dead > 32 && l.dead*2 > l.Len() {
		l.sweep(owner)
	}
}

// Skipped must be called when a popped event turns out to be cancelled: it
// lowers the number of cancelled events in the list.
func (l *List) Skipped() { l.dead-- }

func (l *List) sweep(owner Owner) {
	l.dead = 0
	l.later.sweep(owner)
	if len(l.heap) == 0 {
		l.n = len(slices.DeleteFunc(l.sorted(), func(e Event) bool { return !owner.Live(e) }))
		return
	}
	live := l.heap[:root]
	for i := root; i < len(l.heap)-root; i++ {
		if owner.Live(l.heap[i]) {
			live = append(live, l.heap[i])
		}
	}
	n := len(live)
	l.heap = append(live, last, last, last)
	for i := (n-1)>>2 + 2; n > root+1 && i >= root; i-- {
		siftDown(l.heap, i, l.heap[i])
	}
	if n-root <= shortest {
		l.shorten()
	}
}

// Clone copies the list.
func (l *List) Clone() List {
	c := *l
	c.heap, c.later = slices.Clone(l.heap), l.later.clone()
	return c
}

// Bytes is the size of the events of the list in memory.
func (l *List) Bytes() int { return 16*(longest+len(l.heap)) + l.later.bytes() }
