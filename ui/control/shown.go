package control

import (
	"math"
	"slices"

	"asynclab/sim/engine"
	"asynclab/sim/topology"
)

// What is shown of who holds, works and waits is of one instant: a line that is lit, the
// worker that holds it, and the number of its callers belong together. While the run plays,
// it stands for a while, because what changes at every frame cannot be read. What came and
// went meanwhile is told as such: held, or at work, lately.

// show takes the state that is shown. Where messages are seen one by one, the next follows at
// once on one that has stood long enough. Where they flow, it is taken at uneven
// intervals whatever happens, so that each state is shown as often as it is there.
func (l *lane) show(now, quick int64) {
	const golden = 0.6180339887498949 // of its multiples no two fractions are close
	_, part := math.Modf(float64(l.samples) * golden)
	age, stands := now-l.shownAt, int64(float64(quick)*(0.6+0.4*part))
	young := quick > 0 && age >= 0 && age < stands && l.samples > 0
	l.behind = !l.shows()
	if young && l.steady() || !l.behind && !l.flows {
		return
	}
	l.run.Snapshot(&l.shown)
	l.shownAt, l.samples, l.behind = now, l.samples+1, false
}

// shows reports whether the state that is shown is the present one.
func (l *lane) shows() bool {
	a, b := &l.shown, &l.snapshot
	return slices.Equal(a.Loads, b.Loads) && slices.Equal(a.Queues, b.Queues) && slices.Equal(a.Publishes, b.Publishes) &&
		slices.Equal(a.Services, b.Services) && slices.Equal(a.Brokers, b.Brokers) &&
		slices.EqualFunc(a.Links, b.Links, func(x, y engine.LinkNow) bool {
			return x.Held == y.Held && x.Awaited == y.Awaited && x.Resting == y.Resting
		}) &&
		!slices.ContainsFunc(l.signs, func(s sign) bool { return s.line() && s.sum(a) != s.sum(b) })
}

// steady reports whether nothing has broken or healed since: that is shown at once.
func (l *lane) steady() bool {
	for i := range l.shown.Services {
		a, b := &l.shown.Services[i], &l.snapshot.Services[i]
		if a.Workers != b.Workers || a.Instances != b.Instances || a.Down != b.Down || a.Hung != b.Hung || a.Paused != b.Paused || a.Slowed != b.Slowed || a.Failing != b.Failing {
			return false
		}
	}
	return slices.Equal(l.shown.Brokers, l.snapshot.Brokers)
}

// atWork is when a service was at work last.
type atWork struct {
	time    int64
	started uint64 // tasks, up to the last frame
	seen    bool
	each    [engine.MostApart]lastSeen
}

// instances tells which of several have worked lately: those that were seen to.
func (a *atWork) instances(n *NodeState, live *engine.ServiceNow, now, quick int64) {
	for i := range n.Apart {
		n.Each[i].Worked = a.each[i].lately(live.Each[i].Busy > 0, now, quick, false, true) && n.Each[i].Health != Down
	}
}

// lately reports whether a service has worked within the last second, while the run plays,
// also where it did between two frames only: of work that takes less than a frame nothing
// would be seen.
func (a *atWork) lately(busy bool, started uint64, now, quick int64) bool {
	more := quick > 0 && started > a.started && a.started > 0
	a.started = started
	switch {
	case busy || more:
		a.time, a.seen = now, true
	case now < a.time: // gone back
		a.seen = false
	}
	return a.seen && quick > 0 && now-a.time < 4*quick
}

// lastSeen is when somebody was seen to hold on, or to work.
type lastSeen struct {
	seen bool
	time int64
}

// lately reports whether somebody has held on within the last second, while the run plays.
// So it is, too, where a call was sent just now that may have been answered between two
// frames, unless it may have been without holding on, and nobody has been seen to.
func (h *lastSeen) lately(held bool, now, quick int64, sent, awaits bool) bool {
	switch {
	case held:
		*h = lastSeen{true, now}
	case now < h.time: // gone back
		*h = lastSeen{}
	}
	return quick > 0 && (h.seen && now-h.time < 4*quick || sent && (h.seen || !awaits))
}

// fillHeld tells who holds on over an edge, and who awaits an answer without a worker: now, or
// lately. Of a callee that is down nothing was held, it refuses; and whoever is down itself
// holds nothing.
func (l *lane) fillHeld(f *Lane, edge int, s *LinkState, now, quick int64, sent bool) {
	var live engine.LinkNow
	from, to, call := l.ends[edge][0], l.ends[edge][1], l.scene.Graph.Edges[edge].Kind == topology.Call
	switch k := l.links[edge][0]; {
	case k < 0:
		return
	case call:
		s.Held, s.Awaited, s.Resting, live = l.shown.Links[k].Held, l.shown.Links[k].Awaited, l.shown.Links[k].Resting, l.snapshot.Links[k]
	case l.sites[edge] >= 0:
		shown := publishing(&l.shown, k, l.sites[edge])
		s.Held, s.Awaited = shown.Held, shown.Awaited
		live.Held = publishing(&l.snapshot, k, l.sites[edge]).Held
	default:
		return
	}
	lately := l.held[edge].lately(live.Held > 0, now, quick, sent, l.awaits[edge] || !call)
	if s.Held > 0 || f.down(from) || f.down(to) {
		return
	}
	switch {
	case lately:
		s.HeldLately, f.behind = true, true
		if from >= 0 {
			f.Nodes[from].HeldOn = true
		}
	case s.Awaited == 0 && call && l.awaits[edge] && sent && quick > 0:
		s.AwaitedLately, f.behind = true, true
	}
}

// fillOpen counts as open who still holds on: an operation may have come to its end before its
// answer is back.
func (l *lane) fillOpen(f *Lane) {
	for i, p := range l.nodes {
		if p.kind != topology.Client {
			continue
		}
		held := 0
		for k, ends := range l.ends {
			if int(ends[0]) == i {
				held += f.Links[k].Held
			}
		}
		f.Nodes[i].Open = max(f.Nodes[i].Open, held)
	}
}

// publishing is who publishes over a link to a queue or topic.
func publishing(s *engine.Snapshot, link, site int32) (none engine.PublishNow) {
	for _, p := range s.Publishes {
		if p.Link == link && p.Queue == site {
			return p
		}
	}
	return none
}

// down reports whether a node is; -1 is none.
func (f *Lane) down(node int32) bool { return node >= 0 && f.Nodes[node].Health == Down }
