package kernel

import (
	"math/bits"
	"slices"
)

// Table is a hash table from keys to rows of words, with open addressing. Its rows are
// in a list, in the order in which they were added or last moved to its end: that is
// the only order in which they can be visited, so that it does not depend on the
// hashes. It is plain data: a checkpoint is a copy of it.
//
//	slots   [ · 3 · 1 · · 2 · ]   by hash, linear probing, no tombstones
//	rows    1 ⇄ 3 ⇄ 2             first to last; each has its key and Width words
//
// A row keeps its index as long as it is there; the index of a removed row is used again.
type Table struct {
	Width int // words of a row

	slots []int32 // indices of rows plus one; 0: empty
	rows  []tableRow
	words []int64
	first int32 // indices plus one, as all links
	last  int32
	free  int32 // the first of the removed rows
	n     int
}

type tableRow struct {
	key        uint64
	next, prev int32
}

// NoRow is the index of no row.
const NoRow int32 = -1

// Len is the number of rows.
func (t *Table) Len() int { return t.n }

// Rows is the number of rows that there is memory for: those in the table, and those
// that were removed and not used again.
func (t *Table) Rows() int { return len(t.rows) }

// Used is the size in bytes of the rows in the table and of their slots.
func (t *Table) Used() int { return 4*len(t.slots) + (16+8*t.Width)*t.n }

// Bytes is the size of the table in memory.
func (t *Table) Bytes() int { return 4*len(t.slots) + 16*len(t.rows) + 8*len(t.words) }

// Clone copies the table.
func (t *Table) Clone() Table {
	c := *t
	c.slots, c.rows, c.words = slices.Clone(t.slots), slices.Clone(t.rows), slices.Clone(t.words)
	return c
}

// home is the slot of a key that has no collision.
func (t *Table) home(key uint64) uint64 {
	// Fibonacci hashing (Knuth, The Art of Computer Programming 3, 6.4): the high bits
	// of a product with 2^64 divided by the golden ratio.
	return key * 0x9e3779b97f4a7c15 >> (64 - bits.TrailingZeros(uint(len(t.slots))))
}

// Find returns the row of a key, or NoRow.
func (t *Table) Find(key uint64) int32 {
	if t.n == 0 {
		return NoRow
	}
	mask := uint64(len(t.slots) - 1)
	for at := t.home(key); ; at++ {
		switch i := t.slots[at&mask]; {
		case i == 0:
			return NoRow
		case t.rows[i-1].key == key:
			return i - 1
		}
	}
}

// Add returns the row of a key; a new one is the last, and all its words are 0.
func (t *Table) Add(key uint64) (row int32, added bool) {
	if i := t.Find(key); i != NoRow {
		return i, false
	}
	if 4*(t.n+1) > 3*len(t.slots) {
		t.grow()
	}
	i := t.free - 1
	if i >= 0 {
		t.free = t.rows[i].next
		clear(t.Words(i))
	} else {
		i = int32(len(t.rows))
		t.rows = append(t.rows, tableRow{})
		t.words = append(t.words, make([]int64, t.Width)...)
	}
	t.rows[i] = tableRow{key: key}
	t.n++
	t.append(i)
	t.put(i)
	return i, true
}

// put enters a row into the slots.
func (t *Table) put(i int32) {
	mask := uint64(len(t.slots) - 1)
	at := t.home(t.rows[i].key)
	for t.slots[at&mask] != 0 {
		at++
	}
	t.slots[at&mask] = i + 1
}

func (t *Table) grow() {
	t.slots = make([]int32, max(8, 2*len(t.slots)))
	for i := t.First(); i != NoRow; i = t.Next(i) {
		t.put(i)
	}
}

// Key is the key of a row.
func (t *Table) Key(row int32) uint64 { return t.rows[row].key }

// Words are those of a row, valid until the next row is added.
func (t *Table) Words(row int32) []int64 {
	at := int(row) * t.Width
	return t.words[at : at+t.Width : at+t.Width]
}

// First is the first row, or NoRow.
func (t *Table) First() int32 { return t.first - 1 }

// Next is the row behind another, or NoRow.
func (t *Table) Next(row int32) int32 { return t.rows[row].next - 1 }

// Last moves a row to the end of the order.
func (t *Table) Last(row int32) {
	if t.last == row+1 {
		return
	}
	t.unlink(row)
	t.append(row)
}

func (t *Table) append(row int32) {
	r := &t.rows[row]
	r.prev, r.next = t.last, 0
	if t.last == 0 {
		t.first = row + 1
	} else {
		t.rows[t.last-1].next = row + 1
	}
	t.last = row + 1
}

func (t *Table) unlink(row int32) {
	r := &t.rows[row]
	if r.prev == 0 {
		t.first = r.next
	} else {
		t.rows[r.prev-1].next = r.next
	}
	if r.next == 0 {
		t.last = r.prev
	} else {
		t.rows[r.next-1].prev = r.prev
	}
}

// Remove removes a row. What was moved out of the way of others by its collision moves
// back (Knuth, algorithm 6.4R), so that no slot is lost.
func (t *Table) Remove(row int32) {
	mask := uint64(len(t.slots) - 1)
	hole := t.home(t.rows[row].key)
	for t.slots[hole&mask] != row+1 {
		hole++
	}
	for at := hole + 1; t.slots[at&mask] != 0; at++ {
		// The entry may move into the hole unless its home lies behind it.
		if home := t.home(t.rows[t.slots[at&mask]-1].key); (at-home)&mask >= (at-hole)&mask {
			t.slots[hole&mask] = t.slots[at&mask]
			hole = at
		}
	}
	t.slots[hole&mask] = 0
	t.unlink(row)
	t.rows[row] = tableRow{next: t.free}
	t.free = row + 1
	t.n--
}

// Clear removes all rows, and keeps the memory.
func (t *Table) Clear() {
	clear(t.slots)
	t.rows, t.words = t.rows[:0], t.words[:0]
	t.first, t.last, t.free, t.n = 0, 0, 0, 0
}
