package engine

import (
	"testing"
	"time"

	"asynclab/sim/design"
	"asynclab/sim/draw"
)

// Over a connection of 10 kB/s a message of the default size takes 100 ms, one
// of no bytes no time: as a request, an answer, a message to a queue and from
// it.
func TestSizes(t *testing.T) {
	const kB = design.DefaultSize
	sizes := func(b float64) draw.Dist { return draw.Const(b) }
	for name, c := range map[string]struct {
		request, reply, publish float64 // below 0: not said
		call, queue             time.Duration
		bytes                   wants
	}{
		"by default":      {-1, -1, -1, 200 * milli, 200 * milli, wants{"link.l->s.bytes": kB, "link.s->l.bytes": kB, "link.p->bus.bytes": kB, "link.bus->e.bytes": kB}},
		"default said":    {kB, kB, kB, 200 * milli, 200 * milli, wants{"link.l->s.bytes": kB, "link.s->l.bytes": kB, "link.p->bus.bytes": kB, "link.bus->e.bytes": kB}},
		"no bytes":        {0, 0, 0, 0, 0, wants{"link.l->s.bytes": 0, "link.s->l.bytes": 0, "link.p->bus.bytes": 0, "link.bus->e.bytes": 0}},
		"a small request": {1, -1, -1, 100*milli + 100*time.Microsecond, 200 * milli, wants{"link.l->s.bytes": 1, "link.s->l.bytes": kB}},
		"a large answer":  {0, 50 * kB, 20 * kB, 5 * time.Second, 4 * time.Second, wants{"link.l->s.bytes": 0, "link.s->l.bytes": 50 * kB, "link.p->bus.bytes": 20 * kB, "link.bus->e.bytes": 20 * kB}},
	} {
		call := at("l", design.Target{Node: "s", Entry: "do"}, 0)
		publish := at("p", design.Target{Node: "bus", Entry: "q"}, 0)
		publish.Confirm = []design.Target{{Node: "e", Entry: "eat"}}
		reply := design.Step{Op: design.Reply}
		if c.request >= 0 {
			call.Size, call.HasSize = sizes(c.request), true
		}
		if c.publish >= 0 {
			publish.Size, publish.HasSize = sizes(c.publish), true
		}
		if c.reply >= 0 {
			reply.Size, reply.HasSize = sizes(c.reply), true
		}
		r := corner(t, &design.Design{
			Loads: []design.Load{call, publish}, Brokers: bus(design.Queue{}), Default: design.LinkParams{Bandwidth: 10 * kB},
			Services: []design.Service{service("s", reply), eater("e", design.Consume{})},
		})
		t.Log(name)
		wants{"load.l.confirmed.latency.max": c.call.Seconds(), "load.p.confirmed.latency.max": c.queue.Seconds()}.check(t, r)
		c.bytes.check(t, r)
	}
}
