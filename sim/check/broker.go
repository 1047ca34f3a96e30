package check

import (
	"slices"
	"strings"

	"asynclab/sim/design"
	"asynclab/sim/spell"
	"asynclab/sim/warning"
)

func (c *checker) broker(b *design.Broker, name string) {
	dead := map[string]bool{} // queues that receive dead letters
	for _, q := range b.Declared() {
		dead[q.DeadLetter] = true
	}
	for i := range b.Queues {
		q := &b.Queues[i]
		path := "queue." + name + "/" + design.Named(q.Name, i)
		c.queue(b, q, path)
		c.redrive(b, q, path)
		if !q.Filter.IsZero() {
			c.fail(path+".filter", "publish to a topic, and filter in its subscription", "only subscriptions filter: a queue gets every message that is sent to it")
		}
		if len(c.readers[design.Target{Node: b.Name, Entry: q.Name}]) == 0 && !dead[q.Name] {
			c.warn(path, warning.NotConsumed)
		}
	}
	for i := range b.Queues {
		c.noGroup(&b.Queues[i], "queue."+name+"/"+design.Named(b.Queues[i].Name, i))
	}
	for i := range b.Topics {
		t := &b.Topics[i]
		path := "queue." + name + "/" + design.Named(t.Name, i)
		c.queue(b, &t.Template, path)
		c.log(b, t, &t.Template, path)
		for j := range t.Subscriptions {
			q := &t.Subscriptions[j]
			c.queue(b, q, path+"/"+design.Named(q.Name, j))
			c.log(b, t, q, path+"/"+design.Named(q.Name, j))
		}
		read := c.readers[design.Target{Node: b.Name, Entry: t.Name}]
		is := make(map[string]bool, len(read))
		for _, name := range read {
			is[name] = true
		}
		for j := range t.Subscriptions {
			if name := t.Subscriptions[j].Name; !is[name] {
				c.warn(path+"/"+design.Named(name, j), warning.NotConsumed)
			}
		}
		if len(read)+len(t.Subscriptions) == 0 {
			c.warn(path, warning.NoSubscription)
		}
	}
	c.deadLetterCycle(b, name)
	c.replicas(b, name)
	c.flowControl(b, name)
	c.capacity(b, name)
}

func (c *checker) queue(b *design.Broker, q *design.Queue, path string) {
	if q.DeadLetter != "" {
		switch {
		case q.DeadLetter == q.Name:
			c.fail(path+".dead_letter", spell.Textf("name another queue of %s", b.Name), "the queue is its own dead-letter queue")
		case c.queues[design.Target{Node: b.Name, Entry: q.DeadLetter}] == nil:
			var queues []string
			for i := range b.Queues {
				queues = append(queues, b.Queues[i].Name)
			}
			c.fail(path+".dead_letter", c.didYouMean(q.DeadLetter, queues, spell.Textf("queues of %s", b.Name)), "%s has no queue %s", b.Name, design.Quoted(q.DeadLetter))
			c.broken = true
		}
	}
	if q.DeadLetter == "" && q.Overflow != nil && q.Overflow.Buries {
		c.fail(path+".dead_letter", spell.Textf("name a queue of %s", b.Name), "messages that do not fit go to the dead-letter queue, but there is none")
	}
	if q.Timeout > 0 && (q.Visible > 0 || q.AwaitVisible) {
		c.fail(path+".consumer_timeout", "give the queue a visibility timeout, or a consumer timeout", "a visibility timeout returns one message and leaves its consumer alone; a consumer timeout closes the channel")
	}
	if q.AwaitVisible && q.Visible <= 0 {
		c.fail(path+".visibility", "give it a visibility timeout",
			"after a lost connection a message returns at its visibility timeout, but there is none")
	}
	for _, end := range q.Counted {
		if !slices.Contains(design.Ends, end) {
			c.fail(path+".counted", c.didYouMean(end, design.Ends, "ends of a delivery"), "no delivery ends by %s", design.Quoted(end))
		}
	}
	switch {
	case q.Line == (design.Line{}):
	case q.Line.Levels == 0:
		c.fail(path+".priorities.levels", "write how many, for example levels: 10", "the priorities have no levels")
	case q.Key != "":
		c.fail(path+".priorities", "leave one of them out", "messages of one key go in the order of publication, not of priorities")
	case q.Redrive != (design.Redrive{}):
		c.fail(path+".priorities", "let the queue have them to which the messages go back", "a redrive takes messages in the order in which they came")
	}
	if q.MaxLength == design.Unlimited {
		c.warn(path+".max_length", warning.UnboundedQueue)
	}
	c.condition(path+".filter", &q.Filter, nil)
	c.condition(path+".persistent", &q.Persistent, nil)
	if !q.Persistent.IsZero() && !q.Durable {
		c.fail(path+".durable", "write durable: true, or leave persistent out", "persistent says which messages survive a crash of the broker, but the queue is not durable: none does")
	}
	c.by(path+".key", q.Key)
	if q.Flush != (design.Flush{}) && !q.Durable {
		c.fail(path+".durable", "write durable: true, or leave the flush out", "flush says how messages come to the disk, but the queue is not durable: a crash loses all of them")
	}
	c.by(path+".deduplicate.key", q.Known.Key)
	if q.Known.Key != "" && q.Known.Window <= 0 {
		c.fail(path+".deduplicate.window", "write how long, for example window: 5min", "messages are the same by %s, but it is not said for how long one is remembered", design.Quoted(q.Known.Key))
	}
	c.retry(&q.RedeliveryDelay, design.Target{}, path+".redelivery")
}

// deadLetterCycle finds cycles of queues that dead-letter on overflow (the new
// copy or the oldest): with all of them full, a message would move round the
// cycle for ever.
func (c *checker) deadLetterCycle(b *design.Broker, name string) {
	next := map[string]string{}
	for i := range b.Queues {
		if q := &b.Queues[i]; q.Overflow != nil && (q.Overflow.Buries || q.Overflow.Evicts) && q.DeadLetter != "" && q.DeadLetter != q.Name {
			next[q.Name] = q.DeadLetter
		}
	}
	done := map[string]int{}
	for i := range b.Queues {
		var path []string
		for at := b.Queues[i].Name; at != "" && done[at] == 0; at = next[at] {
			done[at] = i + 1
			path = append(path, at)
			if to := next[at]; to != "" && done[to] == i+1 {
				cycle := append(path[slices.Index(path, to):], to)
				c.fail("queue."+name+"/"+design.Named(to, 0)+".dead_letter", "let one of them reject what does not fit",
					"full queues would pass a message round for ever: %s", strings.Join(cycle, " -> "))
			}
		}
	}
}

func (c *checker) link(i int) {
	l := &c.d.Links[i]
	path := "link." + l.From + "->" + l.To
	bad := false
	for _, end := range []string{l.From, l.To} {
		if _, ok := c.ends[end]; !ok {
			c.fail(path, c.didYouMean(end, c.d.Ends(), "ends"), "there is no load, service or broker %s", design.Quoted(end))
			bad = true
		}
	}
	if bad {
		return
	}
	if l.From == l.To {
		c.fail(path, "remove it", "a link leads from %s to itself", l.From)
	}
	if c.links[[2]string{l.From, l.To}] != &l.LinkParams {
		c.fail(path, "keep one", "the link is declared twice")
	}
	c.resends(&l.LinkParams, path)
}

// resends warns of a link over which nothing ever comes.
func (c *checker) resends(l *design.LinkParams, path string) {
	if l.Loss >= 1 && l.Retransmit > 0 {
		c.warn(path+".retransmit", warning.ResentForEver)
	}
}

// linkParams is Design.LinkBetween with an index, for many questions.
func (c *checker) linkParams(from, to string) *design.LinkParams {
	for _, k := range [][2]string{{from, to}, {to, from}} {
		if p := c.links[k]; p != nil {
			return p
		}
	}
	return &c.d.Default
}

// post checks what messages to a target have of their own for a broker.
func (c *checker) post(p *design.Post, targets []design.Target, confirmed bool, path string) {
	if *p == (design.Post{}) {
		return
	}
	c.times(path+".ttl", p.TTLBy)
	c.times(path+".delayed", p.DelayBy)
	c.times(path+".priority", p.PriorityBy)
	hasTTL, hasDelay := p.HasTTL || p.TTLBy != "" || !p.TTL.IsZero(), p.HasDelay || p.DelayBy != "" || !p.Delay.IsZero()
	for _, set := range []struct {
		is    bool
		key   string
		inLog string
	}{
		{hasTTL, "ttl", "a log keeps its messages, whatever each of them says: `keep` of the topic says how long"},
		{hasDelay, "delayed", "a log is read in its order: no message waits in it until it can be delivered"},
		{p.HasPriority || p.PriorityBy != "" || p.Priority > 0, "priority", "a partition is in the order of publication, whatever the priorities of its messages"},
		{p.Transient, "transient", "a log survives a crash whole, or not at all"},
		{p.Idempotent, "idempotent", ""},
	} {
		for _, to := range targets {
			t := c.topics[to]
			switch {
			case !set.is:
			case c.ends[to.Node] != kindBroker:
				c.fail(path+"."+set.key, "leave it out, or send to a queue", "only a broker knows what to do with it, and %s is none", to.Node)
			case t != nil && t.Partitions > 0 && set.inLog != "":
				c.fail(path+"."+set.key, "leave it out", "%s", set.inLog)
			case set.key == "idempotent" && !confirmed:
				c.fail(path+".idempotent", "say confirm: true", "a publish that waits for no confirmation is never sent again")
			default:
				continue
			}
			break
		}
	}
}
