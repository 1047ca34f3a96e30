package engine

import (
	"fmt"
	"slices"
)

// places are the waiting copies of a queue by their place in the order of publication,
// for a line to which copies return in no order: of a keyed queue, each completion
// brings the next of its key from anywhere. Blocks of ascending places hold them, and
// order has the blocks in ascending order: finding one costs the logarithm of their
// number, inserting one at most a block and, every half block, the list of blocks.
type places struct {
	blocks []placeBlock
	order  []int32
	free   []int32
}

const blockPlaces = 64

type placeBlock struct {
	n     int32
	copy  [blockPlaces]int32
	place [blockPlaces]uint64
}

// find returns where a place is, or belongs: an index in order, and one in its block.
func (p *places) find(place uint64) (b, i int) {
	lo, hi := 0, len(p.order) // the last block that does not begin behind it
	for lo < hi {
		if mid := (lo + hi) / 2; p.blocks[p.order[mid]].place[0] <= place {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	if b = max(lo-1, 0); b == len(p.order) {
		return b, 0
	}
	block := &p.blocks[p.order[b]]
	i, _ = slices.BinarySearch(block.place[:block.n], place)
	return b, i
}

// insert adds a copy and returns the one before it, or none.
func (p *places) insert(place uint64, k int32) (before int32) {
	b, i := p.find(place)
	switch {
	case b == len(p.order): // the first of all
		p.open(b)
	case p.blocks[p.order[b]].n < blockPlaces:
	case i == blockPlaces && b == len(p.order)-1: // the last of all: full blocks stay full
		before = p.blocks[p.order[b]].copy[i-1]
		b, i = b+1, 0
		p.open(b)
		p.blocks[p.order[b]].put(0, place, k)
		return before
	default:
		p.open(b + 1)
		low, high := &p.blocks[p.order[b]], &p.blocks[p.order[b+1]]
		const half = blockPlaces / 2
		copy(high.place[:], low.place[half:])
		copy(high.copy[:], low.copy[half:])
		low.n, high.n = half, blockPlaces-half
		if i > half {
			b, i = b+1, i-half
		}
	}
	block := &p.blocks[p.order[b]]
	before = none
	if i > 0 {
		before = block.copy[i-1]
	}
	block.put(i, place, k)
	return before
}

func (b *placeBlock) put(i int, place uint64, k int32) {
	copy(b.place[i+1:], b.place[i:b.n])
	copy(b.copy[i+1:], b.copy[i:b.n])
	b.place[i], b.copy[i] = place, k
	b.n++
}

// open puts an empty block at an index of order.
func (p *places) open(at int) {
	var block int32
	if n := len(p.free); n > 0 {
		block, p.free = p.free[n-1], p.free[:n-1]
		p.blocks[block].n = 0
	} else {
		block = int32(len(p.blocks))
		p.blocks = append(p.blocks, placeBlock{})
	}
	p.order = slices.Insert(p.order, at, block)
}

// remove takes out the copy with a place.
func (p *places) remove(place uint64) {
	b, i := p.find(place)
	block := &p.blocks[p.order[b]]
	copy(block.place[i:], block.place[i+1:block.n])
	copy(block.copy[i:], block.copy[i+1:block.n])
	if block.n--; block.n == 0 {
		p.free = append(p.free, p.order[b])
		p.order = slices.Delete(p.order, b, b+1)
	}
}

// first is the copy with the least place; none if there is none.
func (p *places) first() int32 {
	if len(p.order) == 0 {
		return none
	}
	return p.blocks[p.order[0]].copy[0]
}

func (p *places) len() (n int) {
	for _, b := range p.order {
		n += int(p.blocks[b].n)
	}
	return n
}

func (p *places) clone() places {
	return places{slices.Clone(p.blocks), slices.Clone(p.order), slices.Clone(p.free)}
}

func placesBytes(all []places) (n int) {
	for i := range all {
		p := &all[i]
		n += sizeOf(p.blocks) + sizeOf(p.order) + sizeOf(p.free)
	}
	return n
}

// places holds that the places of a line are those of its copies.
func (a *auditor) places(r *Run, name string, d *queueState) {
	p, k, n := &r.places[d.sorted], d.head, 0
	for _, b := range p.order {
		block := &p.blocks[b]
		for i := range block.n {
			if k == none || block.copy[i] != k || block.place[i] != r.copies.items[k].place {
				a.errs = append(a.errs, fmt.Errorf("%s: place %d of its line is not that of copy %d", name, n, k))
				return
			}
			k, n = r.copies.items[k].next, n+1
		}
	}
	a.equal(name+": places", n+len(r.along(nil, k)), n)
}
