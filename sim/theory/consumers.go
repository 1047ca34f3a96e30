package theory

import (
	"fmt"

	"asynclab/sim/design"
)

// consumes says what about the queue before a service no model here knows; "" if nothing.
func (x *system) consumes(s *service) string {
	if len(s.readers) > 1 {
		return "it consumes several queues"
	}
	r := s.readers[0]
	for _, h := range s.hs {
		if h != r.h && h.rate > 0 {
			return "it is asked by calls and by a queue"
		}
	}
	q := r.queue
	switch {
	case len(x.readers[r.c.From]) > 1 && x.queues[r.c.From] != nil:
		return "several services consume " + r.name
	case x.partitioned(r.c.From):
		return r.name + " has partitions"
	case r.c.Stopped:
		return "its consumers are stopped"
	case q.TTL > 0:
		return "messages expire in " + r.name
	case len(q.Uses) > 0:
		return fmt.Sprintf("a %s stands at %s", q.Uses[0].Of.Declaration().Key, r.name)
	case r.h.fails > 0 && !r.again():
		return "some deliveries fail"
	case q.Visible > 0:
		return r.name + " has a visibility timeout"
	}
	slots := r.c.Consumers
	if slots == 0 {
		slots = s.d.WorkersEach()
	}
	switch prefetch := r.prefetch(); {
	case s.workers == 0:
	case slots != s.d.WorkersEach():
		return "it has more or fewer consumers than workers"
	case prefetch == 1:
	case s.d.Instances > 1:
		return fmt.Sprintf("what is handed over waits at its consumer (prefetch %s) while another may be free", count(prefetch))
	}
	return ""
}

func count(n int) string {
	if n == design.Unlimited {
		return "unlimited"
	}
	return fmt.Sprint(n)
}

func (r *reader) prefetch() int {
	switch {
	case r.c.Prefetch != 0:
		return r.c.Prefetch
	case r.c.Ack == design.Automatic:
		return design.Unlimited
	}
	return 1
}

// slots adds to the work of a consumer what its only slot is held for beyond it: the way
// of the message there and of the acknowledgement back.
func (x *system) slots(s *service) {
	s.own = s.work.mean()
	if len(s.readers) != 1 || s.rate == 0 {
		return
	}
	r := s.readers[0]
	if r.prefetch() != 1 {
		s.apart = r.prefetch() != design.Unlimited
		return
	}
	there, back := x.d.LinkBetween(r.c.From.Node, s.d.Name), x.d.LinkBetween(s.d.Name, r.c.From.Node)
	for _, l := range []*design.LinkParams{there, back} {
		s.work = s.work.then(momentsOf(&l.Latency, 1)).then(momentsOf(&l.Jitter, 1))
	}
}

// inQueue reports whether the line is in the queue, not at the service.
func (s *service) inQueue() bool { return len(s.readers) == 1 && s.readers[0].prefetch() == 1 }
