package control

import (
	"math"
	"slices"
	"time"

	"asynclab/sim/design"
	"asynclab/sim/engine"
	"asynclab/sim/topology"
)

// Fill draws the present moment into a frame, reusing the frame's memory. The
// caller sets Mode, Speed and Pace.
func (s *Session) Fill(f *Frame) {
	f.Now, f.Length, f.Reached = s.Now(), s.Length(), s.Reached()
	f.Events = s.Events()
	f.Goal = 0
	if s.goal.kind == toTime {
		f.Goal = time.Duration(s.goal.time)
	}
	f.Stopped, f.InHand = s.stopped, s.follow
	if cap(f.Lanes) < len(s.lanes) {
		f.Lanes = make([]Lane, len(s.lanes))
	}
	f.Lanes = f.Lanes[:len(s.lanes)]
	for i, l := range s.lanes {
		l.run.Snapshot(&l.snapshot)
		l.show(s.now, int64(s.quick))
		l.fillNodes(&f.Lanes[i], s.now, s.quick)
		l.fillLinks(&f.Lanes[i], s.now, s.quick, s.recent())
		l.fillDots(&f.Lanes[i], s.now, s.opt.Dots, s.follow)
		l.fillSparks(&f.Lanes[i], s.now, int64(s.fade))
		l.fillSigns(&f.Lanes[i], s.now, int64(s.fade), s.recent())
	}
}

// SetPace sets, in simulated time, how long a spark is shown, and how long a message
// must be on its way to be seen: one that is faster is part of a flow.
func (s *Session) SetPace(fade, quick time.Duration) { s.fade, s.quick = max(1, fade), quick }

// recent is how many simulated seconds a rate looks back.
func (s *Session) recent() float64 {
	if s.quick > 0 {
		return 10 * s.quick.Seconds()
	}
	return math.Inf(1)
}

// Follow shows all messages of an operation even when dots are thinned; 0:
// none.
func (s *Session) Follow(op uint64) { s.follow = op }

func sized[T any](a []T, n int) []T {
	if cap(a) < n {
		return make([]T, n)
	}
	return a[:n]
}

func (l *lane) fillNodes(f *Lane, now int64, quick time.Duration) {
	f.Nodes, f.behind = sized(f.Nodes, len(l.nodes)), l.behind
	for i, p := range l.nodes {
		n := NodeState{Room: design.Unlimited}
		switch p.kind {
		case topology.Client:
			n.Open = l.shown.Loads[p.index].Open
		case topology.Service:
			n = serviceState(&l.shown.Services[p.index], l.given.Services[p.index].Errors)
			if by := l.shown.Services[p.index].LockedBy; by > 0 {
				n.Holder = 1 + slices.Index(l.nodes, part{topology.Client, by - 1})
			}
			live := &l.snapshot.Services[p.index]
			n.Worked = l.atWork[i].lately(live.Busy > 0, live.Started, now, int64(quick)) && n.Health != Down
			l.atWork[i].instances(&n, live, now, int64(quick))
			f.behind = f.behind || n.Worked && n.Busy == 0
		case topology.Queue:
			q := &l.shown.Queues[p.index]
			n.Waiting, n.Room, n.Unacked, n.Line, n.Group = q.Depth, q.Max, q.Unacked, q.Line, q.Group
			if l.brokerDown(i) {
				n.ill(Down)
			}
		default:
			b := &l.snapshot.Brokers[p.index]
			if b.Down {
				n.ill(Down)
			}
			if p.kind == topology.Broker && b.Nodes > 1 {
				n.Nodes = NodesState{int8(b.Nodes), int8(b.Up), int8(b.InStep), b.Leads}
			}
		}
		f.Nodes[i] = n
	}
}

// brokerDown reports whether the broker that a queue is part of is down.
func (l *lane) brokerDown(node int) bool {
	i := l.node(l.owner[node])
	return i >= 0 && l.nodes[i].kind == topology.Broker && l.snapshot.Brokers[l.nodes[i].index].Down
}

// serviceState is the state of a service that fails a share of its tasks by
// design: that share is no alarm.
func serviceState(s *engine.ServiceNow, errors float64) NodeState {
	n := NodeState{Workers: s.Workers, Busy: s.Busy, Blocked: s.Blocked, Waiting: s.Waiting, GaveUp: s.Abandoned, Line: s.Line, Stale: s.Stale, Room: s.Room, Awaits: s.Awaiting,
		Timed: s.Timed, Locked: s.Locked, Vain: min(s.Vain, s.Busy)}
	n.apart(s)
	n.Sick[numHealths] = int16(min(s.Instances, math.MaxInt16))
	ill := func(h Health, count int) {
		if count > 0 {
			n.ill(h)
			n.Sick[h] = int16(min(count, math.MaxInt16))
		}
	}
	if s.Down > 0 && s.Down == s.Instances {
		ill(Down, s.Down)
		return n // nothing else of it is seen
	}
	ill(Partly, s.Down)
	ill(Hung, s.Hung)
	ill(Stopped, s.Paused)
	if s.Errors > errors {
		ill(Failing, max(s.Failing, 1))
	}
	ill(Slow, s.Slowed)
	return n
}

// apart tells the instances apart, if there are few.
func (n *NodeState) apart(s *engine.ServiceNow) {
	if s.Instances < 2 || s.Instances > len(s.Each) {
		return
	}
	n.Apart = s.Instances
	for i := range s.Instances {
		in := &s.Each[i]
		x := InstanceState{Busy: in.Busy, Blocked: in.Blocked, Waiting: in.Waiting, GaveUp: in.Abandoned, Line: in.Line}
		switch {
		case in.Down:
			x.Health = Down
		case in.Frozen:
			x.Health = Stopped
		case in.Failing:
			x.Health = Failing
		case in.Slowed:
			x.Health = Slow
		}
		n.Each[i] = x
	}
}

func (l *lane) fillLinks(f *Lane, now int64, quick time.Duration, recent float64) {
	const rarely = 0.05 // messages in the time in which one is seen
	f.Links = sized(f.Links, len(l.links))
	flows := false
	for i, pair := range l.links {
		counts, along := l.watch.counts[i], l.watch.along[i]
		if q := l.inside[i]; q >= 0 { // no message is sent there
			counts, along = l.snapshot.Queues[q].Came, l.snapshot.Queues[q].Came
		}
		s := LinkState{Rate: l.rates[i].next(counts, now, recent), Sent: l.sent[i].next(along, now, recent)}
		s.Said = l.said[i].calm(along, now, recent)
		t := &l.transit[i]
		t.next(along, l.watch.spent[i], now)
		if t.count > 0 && now >= t.last && now-t.last < 4*int64(quick) { // a rare one is a stream for a moment
			s.Sent = max(s.Sent, 2*rarely/quick.Seconds())
		}
		s.Flow = t.mean < float64(quick) && s.Sent*quick.Seconds() > rarely && !f.down(l.ends[i][0])
		flows = flows || s.Flow
		lately := t.count > 0 && now >= t.last && now-t.last < 4*int64(quick)
		l.fillHeld(f, i, &s, now, int64(quick), lately)
		if again := l.again[i].next(l.watch.again[i], now, recent); s.Sent > 0 {
			s.Again = eighths(again / s.Sent)
		}
		if l.scene.Graph.Edges[i].Kind == topology.Call && pair[0] >= 0 {
			bad := l.watch.bad[i]
			answers, failing := l.back[i].next(counts-along, now, recent), l.bad[i].next(bad, now, recent)
			if answers > 0 {
				s.Failing = eighths(failing / answers)
			}
		}
		for way, k := range pair {
			if k >= 0 {
				if l.snapshot.Links[k].Cut {
					s.Cut |= CutThere << way
				}
				s.Loss = max(s.Loss, l.snapshot.Links[k].Loss)
			}
		}
		f.Links[i] = s
	}
	l.flows = flows
	l.fillOpen(f)
}

// eighths is a share that does not change with every message.
func eighths(share float64) float64 { return math.Round(8*min(share, 1)) / 8 }

// next is the rate after a total of that many messages. Old frames lose weight:
// each new frame reduces it by a tenth, and all that was before a jump counts no
// more than the recent seconds.
func (r *rate) next(seen uint64, now int64, recent float64) float64 {
	if r.span > recent {
		r.count, r.span = r.count*recent/r.span, recent
	}
	if r.begun && now > r.at {
		r.count = 0.9*r.count + float64(seen-r.seen)
		r.span = 0.9*r.span + float64(now-r.at)/1e9
		r.perSecond = twoDigits(r.count / r.span)
	}
	if !r.begun || now > r.at {
		r.seen, r.at, r.begun = seen, now, true
	}
	return r.perSecond
}

// calm is the rate to be read: over half the recent seconds, or as long before as
// enough messages came, at most eight times these; 0 while it would be known from a few only. What
// a jump has passed over does not count.
func (r *rate) calm(seen uint64, now int64, recent float64) float64 {
	const enough, few = 20, 5
	if math.IsInf(recent, 1) {
		return r.next(seen, now, recent)
	}
	step := float64(now-r.at) / 1e9
	switch {
	case !r.begun || step < 0 || step > 2*recent:
		*r = rate{seen: seen, at: now, begun: true}
		return 0
	case step > 0:
		r.count, r.span = r.count+float64(seen-r.seen), r.span+step
		r.seen, r.at = seen, now
		if most := max(recent/2, min(8*recent, r.span*enough/max(r.count, 1))); r.span > most {
			r.count, r.span = r.count*most/r.span, most
		}
		r.perSecond = 0
		if r.span > 2*recent || r.count >= few && r.span > recent/5 {
			r.perSecond = twoDigits(r.count / r.span)
		}
	}
	return r.perSecond
}

// next goes on to that many messages, which took so many nanoseconds.
func (t *transit) next(count, spent uint64, now int64) {
	if n := count - t.count; n > 0 {
		mean := float64(spent-t.spent) / float64(n)
		if t.count > 0 {
			mean = 0.8*t.mean + 0.2*mean
		}
		*t = transit{count, spent, mean, now}
	}
}

// twoDigits keeps the two first digits of a number, so that it can be read, and is
// not drawn again for less.
func twoDigits(x float64) float64 {
	if !(x > 0) {
		return 0
	}
	scale := math.Pow(10, math.Floor(math.Log10(x))-1)
	return math.Round(x/scale) * scale
}

// fillDots puts the messages in motion on their edges. Beyond the maximum of
// dots, whole operations are left out: half of them, three quarters, and so on,
// chosen by a hash, so that an operation does not flicker between shown and
// hidden.
func (l *lane) fillDots(f *Lane, now int64, most int, follow uint64) {
	o := l.watch
	o.settle(now)
	f.Dots = f.Dots[:0]
	if cap(f.Dots) < most {
		f.Dots = make([]Dot, 0, most)
	}
	f.Moving = len(o.moving)
	for f.Moving > most && f.Moving>>l.share > most*9/10 {
		l.share++
	}
	for l.share > 0 && f.Moving>>l.share < most*7/20 {
		l.share--
	}
	flowing := 0
	for i := range o.moving {
		m := &o.moving[i]
		if !shows(m.op, l.share) && m.op != follow || len(f.Dots) == most {
			continue
		}
		if f.Links[m.way.edge()].Flow && m.op != follow {
			flowing++
			continue
		}
		t := float32(float64(now-m.sent) / float64(m.arrives-m.sent))
		if m.lost {
			t /= 2
		}
		if m.way.back() {
			t = 1 - t
		}
		f.Dots = append(f.Dots, Dot{Op: m.op, Msg: m.msg, Edge: m.way.edge(), T: min(max(t, 0), 1), Mark: m.mark})
	}
	if l.share == 0 {
		f.Moving -= flowing // they are seen as flow
	}
}

func shows(op uint64, share uint) bool {
	return share == 0 || op*0x9e3779b97f4a7c15>>(64-share) == 0
}

func (l *lane) fillSparks(f *Lane, now, fade int64) {
	f.Sparks = f.Sparks[:0]
	if cap(f.Sparks) < keptSparks {
		f.Sparks = make([]Spark, 0, keptSparks)
	}
	o := l.watch
	for i := range o.sparks.len() {
		s := o.sparks.at(i)
		age := now - s.time
		if age < 0 || age >= fade {
			continue
		}
		edge := int32(-1)
		if s.way != noWay {
			edge = s.way.edge()
		}
		f.Sparks = append(f.Sparks, Spark{Edge: edge, Node: s.node, T: s.t, Age: float32(float64(age) / float64(fade)), Mark: s.mark})
	}
}
