package check

import "asynclab/sim/design"

// fetches checks how a consumer asks for messages, and how many its handler takes at
// once.
func (c *checker) fetches(s *design.Service, k *design.Consume, path string) {
	if !k.Pull.On && k.Batch.Max == 0 {
		return
	}
	t, q := c.topics[k.From], c.queueOf(s, k)
	if t != nil && t.Partitions > 0 {
		if k.Pull.On {
			c.fail(path+".pull", "leave it out: prefetch says how many messages a member asks for at once", "a member of a group asks by itself, when it is done with what it had")
		}
		return
	}
	switch {
	case k.Pull.On && k.Batch.Linger > 0:
		c.fail(path+".batch.linger", "say pull: {wait: 5s, min: 10}", "with pull, it is the broker that waits for more messages")
	case k.Pull.Min > 1 && k.Pull.Wait == 0:
		c.fail(path+".pull.min", "give the pull a wait", "a pull that is answered at once cannot wait for %d messages", k.Pull.Min)
	case k.Pull.Min > 1 && q != nil && q.Key != "":
		c.fail(path+".pull.min", "leave it out", "of a keyed queue only one message of each key can be handed over, so that there may never be %d", k.Pull.Min)
	}
}

// gathers checks a publisher that gathers messages.
func (c *checker) gathers(path string, to design.Target, g *design.Gather) {
	if g.Linger > 0 && c.queues[to] == nil && c.topics[to] == nil {
		c.fail(path+".batch", "leave it out, or publish to a queue or topic", "only messages to a broker are sent in batches")
	}
}
