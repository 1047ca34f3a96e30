package control

import "slices"

// ring keeps the last len(a) of the values added.
type ring[T any] struct {
	a []T // its length is a power of two
	n uint64
}

func newRing[T any](size int) ring[T] {
	n := 1
	for n < size {
		n *= 2
	}
	return ring[T]{a: make([]T, n)}
}

func (r *ring[T]) add(x *T) {
	r.a[r.n&uint64(len(r.a)-1)] = *x
	r.n++
}

func (r *ring[T]) len() int { return int(min(r.n, uint64(len(r.a)))) }

// at is the i-th value kept, the oldest first.
func (r *ring[T]) at(i int) *T {
	return &r.a[(r.n-uint64(r.len())+uint64(i))&uint64(len(r.a)-1)]
}

func (r *ring[T]) clear() { r.n = 0 }

// clone copies the values kept, without the unused capacity.
func (r *ring[T]) clone() ring[T] {
	c := ring[T]{a: make([]T, 0, r.len())}
	for i := range r.len() {
		c.a = append(c.a, *r.at(i))
	}
	return c
}

// copy replaces the contents by those of a clone.
func (r *ring[T]) copy(clone *ring[T]) {
	r.clear()
	for i := range clone.a {
		r.add(&clone.a[i])
	}
}

// opTable maps open operations to their arrivals: open addressing, linear
// probing, deletion by shifting back, so that it neither allocates nor slows
// down with use.
type opTable struct {
	cells []opTime // op 0: empty
	n     int
}

// mostOpen bounds the table; the arrivals of further operations are not
// recorded.
const mostOpen = 1 << 21

func (t *opTable) home(op uint64) int {
	return int(op * 0x9e3779b97f4a7c15 >> 20 & uint64(len(t.cells)-1))
}

func (t *opTable) find(op uint64) int {
	if len(t.cells) == 0 {
		return -1
	}
	for i := t.home(op); t.cells[i].op != 0; i = (i + 1) & (len(t.cells) - 1) {
		if t.cells[i].op == op {
			return i
		}
	}
	return -1
}

func (t *opTable) get(op uint64) (int64, bool) {
	if i := t.find(op); i >= 0 {
		return t.cells[i].at, true
	}
	return 0, false
}

func (t *opTable) put(op uint64, at int64) {
	if op == 0 || t.n >= mostOpen/2 {
		return
	}
	if 2*(t.n+1) > len(t.cells) {
		old := t.cells
		t.cells = make([]opTime, max(64, 2*len(old)))
		t.n = 0
		for _, c := range old {
			if c.op != 0 {
				t.put(c.op, c.at)
			}
		}
	}
	i := t.home(op)
	for t.cells[i].op != 0 {
		i = (i + 1) & (len(t.cells) - 1)
	}
	t.cells[i] = opTime{op, at}
	t.n++
}

func (t *opTable) remove(op uint64) {
	i := t.find(op)
	if i < 0 {
		return
	}
	t.n--
	mask := len(t.cells) - 1
	for j := (i + 1) & mask; t.cells[j].op != 0; j = (j + 1) & mask {
		// It may move into the gap unless its home lies between the gap and it.
		if home := t.home(t.cells[j].op); (j-home)&mask >= (j-i)&mask {
			t.cells[i] = t.cells[j]
			i = j
		}
	}
	t.cells[i] = opTime{}
}

func (t *opTable) clone() opTable { return opTable{slices.Clone(t.cells), t.n} }

func (t *opTable) copy(from *opTable) {
	t.cells, t.n = append(t.cells[:0], from.cells...), from.n
}
