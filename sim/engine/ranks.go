package engine

import (
	"math"

	"asynclab/sim/design"
)

// Lines in the order of priorities. The level of a copy is the highest byte of its place,
// so that the places of its queue (places.go) are the line.

const (
	levelShift  = 56
	inOrderBits = 1<<levelShift - 1 // of a place: the order of publication
)

// lineT is how the line of a queue is ordered; the zero value: by publication.
type lineT struct {
	levels  uint16
	highest bool
	ratio   uint64 // 0: strict
	turn    int32  // its place among the turns, with a ratio
}

func (c *compiler) lineOf(l *design.Line) lineT {
	if l.Levels == 0 {
		return lineT{}
	}
	c.ranks = true
	t := lineT{levels: uint16(l.Levels), highest: l.Highest, ratio: uint64(l.Ratio), turn: c.rankTurns}
	if l.Ratio > 0 {
		c.rankTurns++
	}
	return t
}

// rankOf is the priority of a message.
func (r *Run) rankOf(mi int32) uint8 {
	m := r.msgs.at(mi)
	if post := nth(r.prog.sites, m.site).post; post > 0 {
		if p := nth(r.prog.posts, post-1); p.ranked {
			return uint8(math.Max(0, math.Min(math.Round(float64(p.rank)*r.factor(m.op, got(r.env.msg, mi), p.rankBy)), design.MaxRanks-1)))
		}
	}
	return r.priority(m.op, got(r.env.msg, mi))
}

// stands gives a copy its place in its queue.
func (r *Run) stands(c *copyRec, id uint64) {
	c.place = id
	if t := &nth(r.prog.queues, c.queue).line; t.levels > 0 {
		level := min(uint64(c.rank), uint64(t.levels)-1)
		if t.highest {
			level = uint64(t.levels) - 1 - level
		}
		c.place |= level << levelShift
	}
}

// chosen is the waiting copy that is handed over next: the first in line or, with a ratio,
// at its turn the first of the levels behind.
func (r *Run) chosen(qi int32) int32 {
	d, t := nth(r.queues, qi), &nth(r.prog.queues, qi).line
	k := d.head
	if t.ratio == 0 || r.copies.at(k).place>>levelShift == r.copies.at(d.tail).place>>levelShift {
		return k
	}
	turn := nth(r.rankTurns, t.turn)
	n := *turn
	for *turn++; n%(t.ratio+1) == t.ratio; n /= t.ratio + 1 {
		behind := r.places[d.sorted].from((r.copies.at(k).place>>levelShift + 1) << levelShift)
		if behind == none {
			break
		}
		if k = behind; r.overdue(k) {
			return d.head // it goes when it is at the head
		}
	}
	return k
}

// from is the copy with the least place that is not before one; none if there is none.
func (p *places) from(place uint64) int32 {
	b, i := p.find(place)
	if b < len(p.order) && i == int(p.blocks[p.order[b]].n) {
		b, i = b+1, 0
	}
	if b == len(p.order) {
		return none
	}
	return p.blocks[p.order[b]].copy[i]
}
