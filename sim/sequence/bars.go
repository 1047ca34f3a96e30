package sequence

import (
	"asynclab/sim/engine"
	"cmp"
	"slices"
)

// owner is the owner of a stack of bars: a task, a copy, or a client.
type owner struct {
	lane, from, to int
	depth          int
	bars           []Bar
}

// bars turns tasks and copies into bars, side by side where they overlap.
func (b *builder) bars(last int) {
	var all []*owner
	for _, h := range b.held {
		bar := Bar{Lane: h.lane, From: h.from, To: h.to, State: h.state, Open: h.open}
		all = append(all, &owner{lane: h.lane, from: h.from, to: h.to, bars: []Bar{bar}})
	}
	for _, t := range b.order {
		o := &owner{lane: t.lane, from: t.arrived, to: t.ended}
		if t.ended == none {
			o.to = last
		}
		o.bars = b.taskBars(t, o.to)
		all = append(all, o)
	}
	slices.SortStableFunc(all, func(x, y *owner) int { return cmp.Compare(x.from, y.from) })
	for i, o := range all {
		for clash := true; clash; {
			clash = slices.ContainsFunc(all[:i], func(p *owner) bool {
				return p.lane == o.lane && p.depth == o.depth && (p.to > o.from || p.from == o.from && p.to == o.to)
			})
			if clash {
				o.depth++
			}
		}
		for _, bar := range o.bars {
			bar.Depth = o.depth
			b.Bars = append(b.Bars, bar)
		}
	}
}

// taskBars divides the life of a task into stretches of waiting and working.
func (b *builder) taskBars(t *task, to int) []Bar {
	bar := func(state State, from, to int) Bar {
		return Bar{Lane: t.lane, From: from, To: to, State: state, Task: t.id, Instance: t.instance}
	}
	var out []Bar
	at := t.arrived
	started := t.started
	if started == none {
		started = to
	}
	if started > at || t.started == none {
		out = append(out, bar(Waiting, at, started))
	}
	if t.started != none {
		at = started
		for _, w := range b.waiting(t, to) {
			if w[0] > at {
				out = append(out, bar(Working, at, w[0]))
			}
			out = append(out, bar(Blocked, w[0], w[1]))
			at = w[1]
		}
		if to > at || len(out) == 0 {
			out = append(out, bar(Working, at, to))
		}
	}
	out[len(out)-1].Open = t.ended == none
	return out
}

// waiting lists when a task waited for answers: in order, without overlaps.
func (b *builder) waiting(t *task, end int) [][2]int {
	var all [][2]int
	for _, w := range b.waits {
		if w.task != t || !b.blocks(w) {
			continue
		}
		to := w.to
		if to == none {
			to = end
		}
		if to > w.from {
			all = append(all, [2]int{w.from, to})
		}
	}
	slices.SortFunc(all, func(x, y [2]int) int { return cmp.Or(cmp.Compare(x[0], y[0]), cmp.Compare(x[1], y[1])) })
	var out [][2]int
	for _, w := range all {
		if n := len(out); n > 0 && w[0] <= out[n-1][1] {
			out[n-1][1] = max(out[n-1][1], w[1])
			continue
		}
		out = append(out, w)
	}
	return out
}

// blocks reports whether the sender waits for the answer to a request: if there
// was one, or if it timed out. A request to a service is assumed to be waited
// for, unless its task ended without an answer.
func (b *builder) blocks(w *wait) bool {
	a := b.about[w.request]
	return w.sure || a.message == engine.RequestMessage && (a.task == nil || !a.task.silent)
}
