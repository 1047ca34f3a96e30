package kernel

import (
	"math/bits"
	"slices"
)

const (
	digit  = 5                        // bits of a digit of the time
	digits = 1 << digit               // buckets on a level
	levels = (64 + digit - 1) / digit // digits of a time with its phase
	chunk  = 8                        // events in a chunk of a bucket: two cache lines
)

const _ = uint(longest - chunk) // does not compile when refill has no room for a chunk

// buckets holds the events that a long list does not need soon, by the digits
// of their time to the base 32: multi-level buckets (Denardo & Fox 1979) in front
// of a small sorted list, as in the hot queue of Cherkassky, Goldberg &
// Silverstein (1999). An event whose time differs from base first in digit k is
// on level k, in the bucket of its own digit k. So every event of a level comes
// before those of the levels above, and within a level the buckets are in order.
// Nothing has to be chosen or guessed: widths follow from where the times differ.
//
// When the sorted list is empty, it is refilled from the first bucket of the
// lowest level in use. A bucket with too many events for that is spread over the
// levels below first. An event moves down at most once a level, and at most
// thirteen times, however the times are distributed.
//
// A bucket is a chain of chunks in one slab. Events are only ever added at the
// end of a bucket, and only the ends of at most 32 buckets a level are written
// to, which stay in the fast caches at any length of the list.
//
// Events of one instant lie in their bucket in the order of their sequence: one
// that is pushed later is added later, and a bucket is spread before anything
// can be pushed to where its events go.
type buckets struct {
	base   uint64         // no event in a bucket is before it
	after  uint64         // and all are after it: base, or base - 1
	n      int            // events in buckets
	levels uint           // bit k: level k has events
	used   [levels]uint64 // bit d of used[k]: bucket d of level k has events
	bucket []bucket       // by level and digit; none while all events fit the sorted list
	slab   []Event        // the events of chunk c begin at 8c
	next   []uint32       // by chunk: the next one of its chain; plus one, the next free one
	free   uint32         // the first chunk not in use, plus one
}

// bucket is a chain of chunks, of which all but the last are full.
type bucket struct{ head, tail, n uint32 }

// begin makes the buckets, which are empty, take no event until the first split.
func (f *buckets) begin() {
	f.base, f.after = ^uint64(0), ^uint64(0)
	if f.bucket == nil {
		f.bucket = make([]bucket, levels*digits)
	}
}

// level is the highest digit in which two times differ, given their x^y.
func level(differ uint64) uint { return uint(bits.Len64(differ|1)-1) / digit }

// start is the beginning of a bucket on a level in use.
func (f *buckets) start(k, d uint) uint64 {
	return f.base>>(k*digit)>>digit<<digit<<(k*digit) | uint64(d)<<(k*digit)
}

// put adds an event that is after f.after.
func (f *buckets) put(e *Event) {
	k := level(e.at ^ f.base)
	i := k*digits + uint(e.at>>(k*digit))%digits
	b := &f.bucket[i]
	if b.n%chunk == 0 {
		f.extend(b, i)
	}
	set(&f.slab[b.tail*chunk+b.n%chunk], e)
	b.n++
	f.n++
}

// extend gives the bucket another chunk.
func (f *buckets) extend(b *bucket, i uint) {
	c := f.free - 1
	if f.free == 0 {
		c = uint32(len(f.next))
		f.slab = append(f.slab, make([]Event, chunk)...)
		f.next = append(f.next, 0)
	} else {
		f.free = f.next[c]
	}
	if b.n == 0 {
		b.head = c
		f.used[i/digits] |= 1 << (i % digits)
		f.levels |= 1 << (i / digits)
	} else {
		f.next[b.tail] = c
	}
	b.tail = c
}

// release gives back a chunk and returns the next one of its chain.
func (f *buckets) release(c uint32) uint32 {
	next := f.next[c]
	f.next[c] = f.free
	f.free = c + 1
	return next
}

// cut empties a bucket and returns its chain.
func (f *buckets) cut(k, d uint) bucket {
	b := &f.bucket[k*digits+d]
	chain := *b
	*b = bucket{}
	f.n -= int(chain.n)
	if f.used[k] &^= 1 << d; f.used[k] == 0 {
		f.levels &^= 1 << k
	}
	return chain
}

// refill moves the earliest events into the sorted list, which is empty and has
// room for them, and returns their number.
func (f *buckets) refill(to []Event) int {
	for {
		k := uint(bits.TrailingZeros(f.levels))
		d := uint(bits.TrailingZeros64(f.used[k]))
		if n := int(f.bucket[k*digits+d].n); n <= len(to) {
			return f.take(k, to)
		}
		f.base = f.start(k, d)
		f.after = f.base - 1
		if k == 0 {
			return f.takeSome(d, to)
		}
		chain := f.cut(k, d)
		for c, n := chain.head, chain.n; ; n -= chunk {
			for i := range min(n, chunk) {
				f.put(&f.slab[c*chunk+i])
			}
			c = f.release(c)
			if n <= chunk {
				break
			}
		}
	}
}

// take moves the first buckets of a level, as many as there is room for.
func (f *buckets) take(k uint, to []Event) int {
	total, run := 0, f.used[k]
	for rest := run; rest != 0; rest &= rest - 1 {
		n := int(f.bucket[k*digits+uint(bits.TrailingZeros64(rest))].n)
		if total+n > len(to) {
			run &^= rest
			break
		}
		total += n
	}
	end := total
	for ; run != 0; run &= run - 1 {
		d := uint(bits.TrailingZeros64(run))
		chain := f.cut(k, d)
		at := end - int(chain.n)
		f.sort(chain, to[at:end])
		end = at
		f.base = f.start(k, d) | (1<<(k*digit) - 1)
	}
	f.after = f.base
	return total
}

// sort moves the events of a chain to a list of their number, the earliest last.
func (f *buckets) sort(chain bucket, to []Event) {
	c := chain.head
	for i := range to {
		e := &f.slab[c*chunk+uint32(i)%chunk]
		j := i
		for j > 0 && to[j-1].before(e) {
			set(&to[j], &to[j-1])
			j--
		}
		set(&to[j], e)
		if i%chunk == chunk-1 {
			c = f.release(c)
		}
	}
	if len(to)%chunk != 0 {
		f.release(c)
	}
}

// takeSome moves as many whole chunks as there is room for out of the bucket of
// one instant, whose events lie in their order.
func (f *buckets) takeSome(d uint, to []Event) int {
	b := &f.bucket[d]
	total := len(to) / chunk * chunk
	for i := 0; i < total; i++ {
		set(&to[total-1-i], &f.slab[int(b.head)*chunk+i%chunk])
		if i%chunk == chunk-1 {
			b.head = f.release(b.head)
		}
	}
	b.n -= uint32(total)
	f.n -= total
	return total
}

// split moves the later half of a full sorted list into buckets and returns how
// many events that were. It is false if the buckets cannot take them: a new base
// must agree with the old one in the digits above the lowest level in use.
func (f *buckets) split(s []Event) (moved int, ok bool) {
	if f.base != f.after {
		return 0, false
	}
	cut := boundary(s)
	var base, after uint64
	if cut == 0 { // they are all of one instant: it is the later ones of it that go into a bucket
		base, after = s[0].at, s[0].at-1
	} else {
		k := level(s[cut-1].at ^ s[cut].at)
		base = s[cut].at | (1<<(k*digit) - 1)
		after = base
	}
	if base == 0 || f.levels != 0 && level(base^f.base) > uint(bits.TrailingZeros(f.levels)) {
		return 0, false
	}
	f.base, f.after = base, after
	for i := cut - 1; i >= 0; i-- {
		f.put(&s[i])
	}
	return cut, true
}

// boundary is the place nearest to the middle where the time changes in a
// sorted list, or 0 if it does not.
func boundary(s []Event) int {
	for i, j := len(s)/2, len(s)/2; i > 0; i, j = i-1, j+1 {
		if s[i-1].at != s[i].at {
			return i
		}
		if j < len(s) && s[j-1].at != s[j].at {
			return j
		}
	}
	return 0
}

// sweep removes cancelled events.
func (f *buckets) sweep(owner Owner) {
	for k := range f.used {
		for rest := f.used[k]; rest != 0; rest &= rest - 1 {
			chain := f.cut(uint(k), uint(bits.TrailingZeros64(rest)))
			for c, n := chain.head, chain.n; ; n -= chunk {
				for i := range min(n, chunk) {
					if e := f.slab[c*chunk+i]; owner.Live(e) {
						f.put(&e)
					}
				}
				c = f.release(c)
				if n <= chunk {
					break
				}
			}
		}
	}
}

// clone copies the buckets, without the chunks that are not in use.
func (f *buckets) clone() buckets {
	c := *f
	c.slab, c.next, c.free = nil, nil, 0
	c.bucket = slices.Clone(f.bucket)
	for i := range c.bucket {
		b := &c.bucket[i]
		for from, left := b.head, b.n; left > 0; left -= min(left, chunk) {
			b.tail = uint32(len(c.next))
			if left == b.n {
				b.head = b.tail
			}
			c.slab = append(c.slab, f.slab[from*chunk:(from+1)*chunk]...)
			c.next = append(c.next, b.tail+1)
			from = f.next[from]
		}
	}
	c.slab, c.next = slices.Clip(c.slab), slices.Clip(c.next)
	return c
}

// bytes is the size of the buckets in memory.
func (f *buckets) bytes() int { return 12*len(f.bucket) + 16*len(f.slab) + 4*len(f.next) }
