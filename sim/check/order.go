package check

import (
	"asynclab/sim/design"
	"asynclab/sim/spell"
)

// order checks how the consumers of a service choose between its queues.
func (c *checker) order(s *design.Service, path string) {
	if s.Order != design.OrderWeighted {
		for i := range s.Consumes {
			if k := &s.Consumes[i]; k.Weight != 0 {
				c.fail(path+".consumes."+k.Label()+".weight", "say consume_order: weighted, or leave it out", "each queue has its turn by the order of the service, not by weights")
			}
		}
	}
	if s.Order == design.OrderEach {
		return
	}
	if len(s.Consumes) < 2 {
		c.fail(path+".consume_order", "let it consume another, or leave it out", "there is an order between queues, and it consumes fewer than two")
		return
	}
	first := &s.Consumes[0]
	if first.Prefetch == design.Unlimited || first.Prefetch == 0 && first.Ack == design.Automatic && !first.Pull.On && !first.Stopped {
		c.fail(path+".consumes."+first.Label()+".prefetch", "give it a prefetch", "where all there is is handed over at once, there is no order between queues")
	}
	for i := range s.Consumes {
		k := &s.Consumes[i]
		at := path + ".consumes." + k.Label()
		t, q := c.topics[k.From], c.queueOf(s, k)
		switch {
		case k.From.Node != first.From.Node:
			c.fail(at, spell.Textf("name a queue of %s", first.From.Node), "one credit is that of one connection: all queues of the order are of one broker")
		case t != nil && t.Partitions > 0:
			c.fail(at, "let another service consume it", "the members of a group have partitions, and no turns")
		case q != nil && q.Timeout > 0:
			c.fail(at, "say consumer_timeout: none of the queue", "a consumer timeout closes the channel of one queue, and a consumer of several has one for all")
		case k.Batch.Max > 0:
			c.fail(at+".batch", "leave it out, or say consume_order: each", "a batch is of one queue")
		case k.Ack != first.Ack:
			c.fail(at+".ack", "write the same for all", "a credit comes back by one kind of acknowledgement, and that of the first is another")
		case i > 0 && (k.Prefetch != 0 || k.Stopped || k.Consumers != 0 || k.Pull.On):
			c.fail(at, "leave prefetch, consumers and pull out", "%s, the first, says them for all queues of the order", first.Label())
		}
	}
}
