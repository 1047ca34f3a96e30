package engine

import (
	"asynclab/sim/design"
	"asynclab/sim/kernel"
	"slices"
	"unsafe"
)

// Checkpoint is a copy of a run's state at one moment.
type Checkpoint struct {
	time   int64
	state  state
	prog   Program
	design *design.Design
	byHand *design.Design
}

// Time is the simulated time of the checkpoint in nanoseconds.
func (c *Checkpoint) Time() int64 { return c.time }

// Bytes is about how much memory the checkpoint holds, for byte budgets.
func (c *Checkpoint) Bytes() int {
	s := &c.state
	return int(unsafe.Sizeof(*s)) + s.list.Bytes() + s.rec.Bytes() + s.windows.Bytes() + s.closed.rec.Bytes() +
		sizeOf(s.ops.items) + sizeOf(s.calls.items) + sizeOf(s.msgs.items) + sizeOf(s.tasks.items) +
		sizeOf(s.copies.items) + s.visits.Bytes() + sizeOf(s.began) + s.byKey.Bytes() + placesBytes(s.places) + sizeOf(s.deaths) + sizeOf(s.hires) + tablesBytes(s.known) +
		sizeOf(s.instances) + sizeOf(s.consumers) + sizeOf(s.kin) + sizeOf(s.queues) + sizeOf(s.sharing) + sizeOf(s.waits) + sizeOf(s.uncounted) + sizeOf(s.rank) + sizeOf(s.callers) + sizeOf(s.present) + sizeOf(s.conns) + s.seam.bytes() + s.env.bytes() + s.store.bytes() + s.impact.bytes() +
		sizeOf(s.partitions) + sizeOf(s.members) + sizeOf(s.fetchers) + sizeOf(s.gathers) + sizeOf(s.flushes) + sizeOf(s.inLogs) + s.logBytes
}

func tablesBytes(all []kernel.Table) (n int) {
	for i := range all {
		n += all[i].Bytes()
	}
	return n
}

func sizeOf[T any](a []T) int {
	var zero T
	return len(a) * int(unsafe.Sizeof(zero))
}

// Checkpoint copies the state of the run. The run goes on as if nothing had
// happened.
func (r *Run) Checkpoint() *Checkpoint {
	r.owned = owned{}
	return &Checkpoint{time: r.Now(), state: r.state.clone(), prog: r.prog, design: r.design.Freeze(), byHand: r.byHand.Freeze()}
}

// Restore takes the run back (or forward) to a checkpoint of the same run. The
// checkpoint stays usable.
func (r *Run) Restore(c *Checkpoint) {
	r.state = c.state.clone()
	r.prog, r.owned = c.prog, owned{}
	r.byHand = r.byHand.Of(c.byHand)
	if r.design = r.byHand; c.design != c.byHand {
		r.design = r.byHand.Of(c.design)
	}
	r.faultNames = nil
	r.weigh()
	r.otherwise()
}

// clone copies the state; a test holds that the copy shares no memory.
func (s *state) clone() state {
	c := *s
	c.list = s.list.Clone()
	c.rec = s.rec.Clone()
	c.windows = s.windows.Clone()
	c.closed.rec = s.closed.rec.Clone()
	c.closed.drainTimes = slices.Clone(s.closed.drainTimes)
	c.closed.now = Snapshot{}
	c.closed.now.set(&s.closed.now)
	c.ready.ring = s.ready.ring.clone()
	c.ops = s.ops.clone()
	c.calls = s.calls.clone()
	c.msgs = s.msgs.clone()
	c.tasks = s.tasks.clone()
	c.copies = s.copies.clone()
	c.began = slices.Clone(s.began)
	c.byKey = s.byKey.Clone()
	c.deaths = slices.Clone(s.deaths)
	c.hires = slices.Clone(s.hires)
	c.known = slices.Clone(s.known)
	for i := range c.known {
		c.known[i] = s.known[i].Clone()
	}
	c.rankTurns = slices.Clone(s.rankTurns)
	c.places = slices.Clone(s.places)
	for i := range c.places {
		c.places[i] = s.places[i].clone()
	}
	c.visits = s.visits.Clone()
	c.loads = slices.Clone(s.loads)
	c.services = slices.Clone(s.services)
	c.instances = slices.Clone(s.instances)
	for i := range c.instances {
		c.instances[i].shared = slices.Clone(s.instances[i].shared)
	}
	c.brokers, c.flow = slices.Clone(s.brokers), slices.Clone(s.flow)
	for i := range c.flow {
		c.flow[i].line = s.flow[i].line.clone()
	}
	c.serving, c.servers = slices.Clone(s.serving), s.servers.clone()
	for i := range c.serving {
		c.serving[i].line = s.serving[i].line.clone()
	}
	c.awayNodes, c.frozenNodes = slices.Clone(s.awayNodes), slices.Clone(s.frozenNodes)
	c.queues = slices.Clone(s.queues)
	for i := range c.queues {
		c.queues[i].idle, c.queues[i].pulls = s.queues[i].idle.clone(), s.queues[i].pulls.clone()
	}
	c.consumers, c.kin = slices.Clone(s.consumers), slices.Clone(s.kin)
	c.fetchers, c.gathers, c.flushes = slices.Clone(s.fetchers), slices.Clone(s.gathers), slices.Clone(s.flushes)
	c.links = slices.Clone(s.links)
	c.conns = slices.Clone(s.conns)
	c.faults = slices.Clone(s.faults)
	c.impact = s.impact.clone()
	c.active = slices.Clone(s.active)
	c.readers = slices.Clone(s.readers)
	c.held = slices.Clone(s.held)
	c.sends = slices.Clone(s.sends)
	c.sharing = slices.Clone(s.sharing)
	c.present = slices.Clone(s.present)
	c.rank, c.callers = slices.Clone(s.rank), slices.Clone(s.callers)
	c.waits = slices.Clone(s.waits)
	c.uncounted = slices.Clone(s.uncounted)
	c.changed = slices.Clone(s.changed)
	c.seam = s.seam.clone()
	c.env = s.env.clone()
	c.store = s.store.clone()
	c.turns = slices.Clone(s.turns)
	c.inLogs = slices.Clone(s.inLogs)
	c.logs = slices.Clone(s.logs)
	for i := range c.logs {
		c.logs[i] = s.logs[i].clone()
	}
	c.partitions = slices.Clone(s.partitions)
	for i := range c.partitions {
		c.partitions[i].live = s.partitions[i].live.clone()
	}
	c.groups = slices.Clone(s.groups)
	for i := range c.groups {
		c.groups[i].members = slices.Clone(s.groups[i].members)
	}
	c.members = slices.Clone(s.members)
	for i := range c.members {
		c.members[i].ready = s.members[i].ready.clone()
	}
	return c
}

func (s *slab[T]) clone() slab[T] {
	c := slab[T]{items: slices.Clone(s.items), free: make([]int32, len(s.items)), nfree: s.nfree}
	copy(c.free, s.free[:s.nfree])
	return c
}

func (q *ring[T]) clone() ring[T] { return ring[T]{a: slices.Clone(q.a), head: q.head, n: q.n} }
