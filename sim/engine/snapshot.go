package engine

import (
	"asynclab/sim/design"
	"asynclab/sim/measure"
	"asynclab/sim/metric"
)

// The state of a run at one moment, for display.

// Snapshot is the state of a run now. Loads, Services and Brokers are parallel
// to those of the Design, Queues and Links to Program.Queues and Program.Links, Signs
// to Program.Signs.
type Snapshot struct {
	Loads    []LoadNow
	Services []ServiceNow
	Queues   []QueueNow
	Brokers  []BrokerNow
	Links    []LinkNow
	Signs    []int64 // the value of a level, the total of a count, warm-up included

	Publishes []PublishNow
}

// LoadNow is a load now.
type LoadNow struct {
	Open int // operations without an end
}

// ServiceNow is a service now, over all its instances.
type ServiceNow struct {
	Workers   int                    // Unlimited: no bound
	Busy      int                    // workers held, working or blocked
	Blocked   int                    // of these, waiting for an answer
	Waiting   int                    // tasks in the waiting rooms
	Abandoned int                    // of these, those whose caller has given up
	Stale     int                    // rows that say where to go, and whose instance is down: see register
	Line      Standing               // the first of the waiting room, instance after instance
	Room      int                    // places in the waiting rooms; Unlimited: no bound
	Instances int                    // that are there: of a service that is scaled, those that have started
	Down      int                    // instances that are down
	Paused    int                    // instances whose work is frozen
	Hung      int                    // instances that take requests and never answer
	Slowed    int                    // instances that are slower than they should be
	Failing   int                    // instances whose tasks fail with more than the design's probability
	Slow      float64                // how many times slower than it should be, the worst instance; 1 is normal
	Errors    float64                // probability that a task fails when it starts, the worst instance
	Started   uint64                 // tasks whose handler began so far, warm-up included
	Awaiting  int                    // tasks that are there without a worker, and not in line: they await an answer, or a restart
	Each      [MostApart]InstanceNow // the first Instances

	Timed  int // of Awaiting, those that wait for a time and nothing else
	Locked int // of Blocked, those that wait for a lock

	Vain     int   // of Busy, those at work for a caller that has given up
	LockedBy int32 // 1 + the number of the load for whose operation such a lock is held, the highest; 0: of none that is there
}

// MostApart is how many instances of a service a Snapshot tells apart.
const MostApart = 8

// InstanceNow is an instance of a service now.
type InstanceNow struct {
	Busy, Blocked, Waiting        int32
	Abandoned                     int32
	Line                          Standing
	Down, Frozen, Failing, Slowed bool // Frozen: it is paused, or hangs
}

// QueueNow is a queue or subscription now.
type QueueNow struct {
	Depth   int    // messages that wait
	Max     int    // most that may wait; Unlimited: no bound
	Unacked int    // delivered and not acknowledged
	Came    uint64 // messages so far, warm-up included
	Line    Standing
	Group   GroupNow
}

// BrokerNow is a broker now.
type BrokerNow struct {
	Down   bool
	Nodes  int  // that it consists of
	Up     int  // of these
	InStep int  // of these, those that have all that has been published; the leader is one of them
	Leads  bool // one of them leads
}

// LinkNow is one direction of a link now.
type LinkNow struct {
	Cut     bool
	Loss    float64 // probability that a message is lost
	Sent    uint64  // messages so far, warm-up included
	Held    int     // callers that wait for an answer over it: clients, and workers that do nothing else meanwhile
	Awaited int     // answers over it that are awaited without holding a worker
	Resting int     // of the clients that are held, those between two attempts
}

// Queues lists the names of queues and subscriptions, as in metrics:
// BROKER/QUEUE, BROKER/TOPIC/SUBSCRIPTION. Record.Queue counts in this order.
func (p *Program) Queues() []string {
	names := make([]string, p.named)
	for i := range p.queues[:p.named] {
		names[i] = p.queues[i].name
	}
	return names
}

// Parted tells of each of Queues whether it is a subscription of a topic with partitions.
func (p *Program) Parted() []bool {
	all := make([]bool, p.named)
	for i := range all {
		all[i] = p.queues[i].gid > 0
	}
	return all
}

// Topics lists the names of topics: BROKER/TOPIC. Observers number them on from
// the queues.
func (p *Program) Topics() []string {
	names := make([]string, len(p.topics))
	for i := range p.topics {
		names[i] = p.topics[i].name
	}
	return names
}

// Links lists the directions of links that messages can take: from, to.
func (p *Program) Links() [][2]string {
	ends := make([][2]string, len(p.links))
	for i := range p.links {
		ends[i] = [2]string{p.links[i].from, p.links[i].to}
	}
	return ends
}

// Snapshot fills s with the state of the run now; in the drain and after it, with
// the state at the duration. It reuses the slices of s, and changes nothing in
// the run.
func (r *Run) Snapshot(s *Snapshot) {
	if r.draining {
		s.set(&r.closed.now)
		return
	}
	s.Loads = sized(s.Loads, len(r.loads))
	for i := range s.Loads {
		s.Loads[i] = LoadNow{Open: int(r.loads[i].open)}
	}
	s.Services = sized(s.Services, len(r.services))
	for i := range s.Services {
		s.Services[i] = r.serviceNow(&r.prog.services[i])
	}
	r.countAbandoned(s.Services)
	r.countStale(s.Services)
	s.Queues = sized(s.Queues, r.prog.named)
	for i := range s.Queues {
		q, d := &r.prog.queues[i], &r.queues[i]
		s.Queues[i] = QueueNow{Depth: int(d.depth), Max: times(q.max, 1), Unacked: int(r.rec.LevelValue(q.m.l + metric.QueueUnacked)),
			Came: r.rec.Total(q.m.c + metric.QueuePublished), Line: r.inQueue(d), Group: r.groupNow(q)}
	}
	s.Brokers = sized(s.Brokers, len(r.brokers))
	for i := range s.Brokers {
		s.Brokers[i] = r.brokerNow(int32(i))
	}
	s.Links = sized(s.Links, len(r.links))
	for i := range s.Links {
		l := &r.prog.links[i]
		s.Links[i] = LinkNow{Cut: r.links[i].cut > 0 || l.down, Loss: l.loss, Sent: r.rec.Total(l.m.c + metric.LinkSent)}
	}
	r.countHeld(s)
	r.countReasons(s.Services)
	r.readSigns(s)
}

func (r *Run) brokerNow(b int32) BrokerNow {
	s, nodes := &r.brokers[b], r.prog.brokers[b].replicas.nodes
	now := BrokerNow{Down: s.down > 0, Leads: s.down == 0, Nodes: int(nodes), Up: int(nodes - s.missing), InStep: int(nodes - s.missing - s.behind)}
	if nodes <= 1 {
		now.Nodes, now.Up, now.InStep = 1, b2i(s.down == 0), b2i(s.down == 0)
	}
	return now
}

func b2i(b bool) int {
	if b {
		return 1
	}
	return 0
}

func (r *Run) serviceNow(s *serviceT) ServiceNow {
	now := ServiceNow{Slow: 1, Errors: s.errors, Started: r.rec.Total(s.m.c + metric.ServiceStarted)}
	if level := func(l measure.LevelID) int64 { return r.rec.LevelValue(s.m.l + l) }; s.discipline != design.Sharing {
		now.Awaiting = int(max(level(metric.ServiceTasks)-level(metric.ServiceBusy)-level(metric.ServiceWaiting), 0))
	}
	for ii := s.inst0; ii < s.inst0+s.instances; ii++ {
		in := &r.instances[ii]
		if in.stage == stageAway || in.stage == stageStarting { // it is not there, and nothing is wrong with it
			continue
		}
		if now.Instances < MostApart {
			now.Each[now.Instances] = in.now(s)
			now.Each[now.Instances].Line = r.inRoom(in, s)
		}
		now.Instances++
		if in.down == 0 {
			now.Busy += int(in.busy)
		}
		if in.down == 0 && s.discipline != design.Sharing { // whose threads wait without a processor
			now.Blocked += int(in.blocked)
		}
		if now.Waiting < MostStanding && in.waiting > 0 {
			now.Line = now.Line.before(r.inRoom(in, s), now.Waiting)
		}
		now.Waiting += int(in.waiting)
		if in.down > 0 {
			now.Down++
		}
		if in.paused > 0 {
			now.Paused++
		}
		if in.hung > 0 {
			now.Hung++
		}
		if in.slow > 1 {
			now.Slowed++
		}
		if in.errors > 0 {
			now.Failing++
		}
		now.Slow = max(now.Slow, in.slow)
		now.Errors = max(now.Errors, s.failing(in))
	}
	now.Workers, now.Room = times(s.workers, int32(now.Instances)), times(s.room, int32(now.Instances))
	return now
}

func (in *instance) now(s *serviceT) InstanceNow {
	now := InstanceNow{Busy: in.busy, Blocked: in.blocked, Waiting: in.waiting,
		Down: in.down > 0, Frozen: in.paused > 0 || in.hung > 0, Failing: in.errors > 0, Slowed: in.slow > 1}
	if in.down > 0 {
		now.Busy, now.Blocked = 0, 0
	}
	if s.discipline == design.Sharing {
		now.Blocked = 0
	}
	return now
}

// times is a bound over several instances.
func times(bound, instances int32) int {
	if bound == maxInt32 {
		return design.Unlimited
	}
	return int(bound) * int(instances)
}

func sized[T any](a []T, n int) []T {
	if cap(a) < n {
		return make([]T, n)
	}
	return a[:n]
}

// set makes s a copy of another, in its own slices.
func (s *Snapshot) set(from *Snapshot) {
	s.Loads = append(s.Loads[:0], from.Loads...)
	s.Services = append(s.Services[:0], from.Services...)
	s.Queues = append(s.Queues[:0], from.Queues...)
	s.Brokers = append(s.Brokers[:0], from.Brokers...)
	s.Links = append(s.Links[:0], from.Links...)
	s.Signs = append(s.Signs[:0], from.Signs...)
	s.Publishes = append(s.Publishes[:0], from.Publishes...)
}
