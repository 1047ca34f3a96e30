package engine

import (
	"runtime/debug"
	"unsafe"
)

// slab is a store of records addressed by index and recycled. A record keeps its
// contents until it is taken again and zeroed; the store never shrinks. The rest of
// the state holds indices, not pointers, so that a copy of the state is a state.
type slab[T any] struct {
	items []T
	free  []int32 // room for the index of each item: of those that are free, the first nfree
	nfree int
}

func (s *slab[T]) take() int32 {
	i := s.spare()
	if i == none {
		i = s.grow()
	}
	return i
}

// spare is take where a record has been given back, and none where none has: then grow
// makes one. It is inlined where it counts, as take is not.
func (s *slab[T]) spare() int32 {
	n := s.nfree - 1
	if n < 0 {
		return none
	}
	s.nfree = n
	i := *nth(s.free, n)
	spoil(s.at(i))
	return i
}

// grow is seldom, and not to be inlined.
//
//go:noinline
func (s *slab[T]) grow() int32 {
	n := len(s.items)
	if n == cap(s.items) || n == len(s.free) {
		s.enlarge()
	}
	s.items = s.items[:n+1]
	return int32(n)
}

// enlarge multiplies the memory of a store. What is not used of it yet is not
// resident: it is not written to, as append would. The old memory of a large store
// is given back to the system at once, so that at no time more is resident than the
// records that there have been. By two and a half and not by two, because what all
// stores have given back should be too small for the next: memory that is used
// again is cleared, and resident.
func (s *slab[T]) enlarge() {
	const large = 16 << 20 // bytes
	items := make([]T, len(s.items), max(64, 5*len(s.items)/2))
	copy(items, s.items)
	s.items = items
	s.free = make([]int32, cap(items)) // none is free now
	if s.bytes(len(items)) >= large {
		debug.FreeOSMemory()
	}
}

func (s *slab[T]) give(i int32) {
	*nth(s.free, s.nfree) = i
	s.nfree++
}

func (s *slab[T]) at(i int32) *T { return nth(s.items, i) }

// bytes is the size of n records.
func (s *slab[T]) bytes(n int) int {
	var record T
	return n * int(unsafe.Sizeof(record))
}

// live is the number of records in use.
func (s *slab[T]) live() int { return len(s.items) - s.nfree }

// The stores whose growth is bounded; there are hardly more calls than operations
// and tasks that make them, and not more keys than copies.
const (
	opStore = iota
	taskStore
	copyStore
	msgStore
	visitStore
	envelopeStore
	rowStore
	waitStore
	numStores
)

// room ends the run when more is in flight than the budget allows. A store
// never shrinks, so that it is enough to look when it has grown to n.
func (r *Run) room(store, n int) {
	if n != r.stores[store] {
		r.grown(store, n)
	}
}

func (r *Run) grown(store, n int) {
	r.stores[store] = n
	if n > maxStore || r.tooMuch() || r.visits.Used() > r.cfg.MaxBytes/8 {
		r.finish(BudgetInFlight)
	}
}

// tooMuch reports whether more is in flight than the budget allows.
func (r *Run) tooMuch() bool {
	return r.inFlight() > r.cfg.MaxBytes || r.cfg.MaxInFlight > 0 && r.records() > r.cfg.MaxInFlight
}

// inFlight is how many bytes the records take that are alive.
func (r *Run) inFlight() int {
	return r.ops.bytes(r.ops.live()) + r.msgs.bytes(r.msgs.live()) + r.tasks.bytes(r.tasks.live()) +
		r.copies.bytes(r.copies.live()) + r.calls.bytes(r.calls.live()) + r.visits.Used() + sizeOf(r.env.values) + r.store.size + r.logBytes + r.knownBytes() + r.seam.kept
}

// records is how many of them there are.
func (r *Run) records() int {
	return r.ops.live() + r.msgs.live() + r.tasks.live() + r.copies.live() + r.calls.live() + r.visits.Len() + r.store.rows + r.seam.rows()
}

// ring is a first-in first-out queue of small values in a power-of-two array
// that doubles when full.
type ring[T any] struct {
	a    []T
	head int
	n    int
}

func (q *ring[T]) push(v T) {
	if q.n == len(q.a) {
		q.grow()
	}
	*nth(q.a, (q.head+q.n)&(len(q.a)-1)) = v
	q.n++
}

func (q *ring[T]) pop() T {
	v := *nth(q.a, q.head)
	q.head = (q.head + 1) & (len(q.a) - 1)
	q.n--
	return v
}

// put is push where there is room: see reserve.
func (q *ring[T]) put(v T) {
	*nth(q.a, (q.head+q.n)&(len(q.a)-1)) = v
	q.n++
}

// reserve makes room for n values.
func (q *ring[T]) reserve(n int) {
	for len(q.a) < n {
		q.grow()
	}
}

//go:noinline
func (q *ring[T]) grow() {
	b := make([]T, max(8, 2*len(q.a)))
	for i := range q.n {
		b[i] = q.a[(q.head+i)&(len(q.a)-1)]
	}
	q.a, q.head = b, 0
}

// readyRing is a ring of ready items that writes and reads them word by word.
type readyRing struct {
	ring[readyItem]
}

func (q *readyRing) push(id, what uint64) {
	if q.n == len(q.a) {
		q.grow()
	}
	p := nth(q.a, (q.head+q.n)&(len(q.a)-1))
	p.id, p.what = id, what
	q.n++
}

func (q *readyRing) pop() readyItem {
	p := nth(q.a, q.head)
	q.head = (q.head + 1) & (len(q.a) - 1)
	q.n--
	return readyItem{p.id, p.what}
}

const none int32 = -1
