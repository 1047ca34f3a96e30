package check

import (
	"cmp"
	"slices"

	"asynclab/sim/design"
	"asynclab/sim/mech/overflow"
	"asynclab/sim/spell"
	"asynclab/sim/warning"
)

// log checks the settings of a topic with partitions, or of one of its subscriptions.
func (c *checker) log(b *design.Broker, t *design.Topic, q *design.Queue, path string) {
	if t.Partitions == 0 {
		if t.Keep != (design.Retention{}) && q == &t.Template {
			c.fail(path+".keep", "give it partitions: 1", "only a topic with partitions is a log that can keep its messages")
		}
		c.noGroup(q, path)
		c.noRedrive(q, path)
		return
	}
	c.noRedrive(q, path)
	c.keeps(t, q, path)
	const all = "leave it out: a log keeps its messages in order until every subscription has had them, and a subscription is only a place in it"
	for _, wrong := range []struct {
		is       bool
		key, why string
	}{
		{q.MaxLength != 0, "max_length", "a topic with partitions has no length: what is published is appended to a log"},
		{cmp.Or(q.Overflow, overflow.Reject) != overflow.Reject, "when_full", "a topic with partitions is never full"},
		{q.TTL > 0, "ttl", "messages of a topic with partitions do not expire in a subscription"},
		{q.Expire != design.ExpireHead, "expire", "messages of a topic with partitions do not expire in a subscription"},
		{q.Line != (design.Line{}), "priorities", "a partition is in the order of publication, whatever the priorities of its messages"},
		{q.Delay > 0, "delayed", "a log is read in its order: no message waits in it until it can be delivered"},
		{q.Visible > 0, "visibility", "a partition belongs to its consumer, not for a time: group.session and group.poll_limit say when it is given to another"},
		{q.Timeout > 0, "consumer_timeout", "group.poll_limit says how long a member may take"},
		{q.AwaitVisible, "on_disconnect", "what a lost connection does, group.session says"},
		{q.RefuseLate, "late_ack", "a member that has left cannot commit any more, whatever this says"},
		{q.Requeue != design.RequeueOriginal || q.RequeueLost > design.RequeueOriginal+1, "requeue", "a partition is in order: what comes back takes its own place"},
		{q.MaxUnacked != 0, "max_unacked", "a member holds what its prefetch says, and a partition has one"},
		{q.Counted != nil, "counted", "a member counts what it tries, however that ends"},
		{q.SetAside, "at_limit", "a log keeps every message, and a member that has tried one often enough goes on behind it"},
		{!q.Persistent.IsZero(), "persistent", "a log survives a crash whole, or not at all"},
		{!q.Filter.IsZero(), "filter", "a subscription of a topic with partitions gets every message; let its handler choose"},
		{slices.ContainsFunc(q.Uses, func(u design.Use) bool { return !u.Of.Declaration().OfLog }), "", "nothing can stand before a subscription of a topic with partitions"},
	} {
		if wrong.is {
			at := path
			if wrong.key != "" {
				at += "." + wrong.key
			}
			c.fail(at, all, "%s", wrong.why)
		}
	}
	if t.Partitions < 0 || t.Partitions > design.MaxPartitions {
		c.fail(path+".partitions", "give it 1 or more", "a topic has 1 to %d partitions, not %d", design.MaxPartitions, t.Partitions)
	}
	if q != &t.Template && q.Known != t.Template.Known {
		c.fail(path+".deduplicate", "let the topic say it", "a message is stored once, whoever reads it: a subscription has no de-duplication of its own")
	}
	if q != &t.Template && !q.Uses.Equal(t.Template.Uses) {
		c.fail(path, "let the topic say it", "what stands before a log is asked once about a message, whoever reads it: a subscription has nothing of its own there")
	}
	if q != &t.Template && q.Flush != t.Template.Flush {
		c.fail(path+".flush", "let the topic say it", "a message is on disk once, whoever reads it: a subscription has no flush of its own")
	}
	if q != &t.Template && q.Key != t.Template.Key {
		c.fail(path+".key", "give the topic the key", "a message is in one partition, whoever reads it: a subscription has no key of its own")
	}
}

// keeps checks how long a log keeps its messages, and what is replayed from it.
func (c *checker) keeps(t *design.Topic, q *design.Queue, path string) {
	if t.Keep.Compact > 0 && t.Template.Key == "" && q == &t.Template {
		c.fail(path+".keep.compact", "give the topic a key", "messages are replaced by newer ones of their key, but there is none")
	}
	if q.Group.Begin.Several() {
		c.fail(path+".group.begin", "keep one of from, time and offset", "a group begins at one place")
	}
	if q.Replay == (design.Replay{}) {
		return
	}
	switch {
	case q.Replay.At <= 0:
		c.fail(path+".replay.at", "write when, for example at: 10m", "a replay has no time")
	case q.Replay.To.Several():
		c.fail(path+".replay", "keep one of from, time and offset", "a replay goes to one place")
	case !t.Keep.Keeps():
		c.fail(path+".replay", "give the topic keep: 7d, or keep: none for ever", "there is nothing to replay: the topic forgets a message as soon as every subscription has had it")
	}
}

// noGroup reports what only subscriptions of topics with partitions have.
func (c *checker) noGroup(q *design.Queue, path string) {
	if q.Group != (design.Group{}) {
		c.fail(path+".group", "give its topic partitions: 4, or leave it out", "only the consumers of a topic with partitions share them as a group")
	}
	if q.Replay != (design.Replay{}) {
		c.fail(path+".replay", "publish to a topic with partitions: 1 and keep: 7d", "what a queue has handed over is gone: only a topic with partitions can hand it over again")
	}
}

// members checks a consumer of a topic with partitions.
func (c *checker) member(s *design.Service, k *design.Consume, path string) {
	t := c.topics[k.From]
	if t == nil || t.Partitions == 0 {
		return
	}
	if k.Ack == design.Automatic {
		c.fail(path+".ack", "leave it out; group.commit says how often", "a consumer of a topic with partitions commits how far it has come")
	}
	each := k.Consumers
	if each == 0 {
		each = s.ConsumersEach()
	}
	if n := each * max(1, s.Instances); n > t.Partitions {
		c.warn(path, warning.IdleMembers, n, t.Partitions, n-t.Partitions)
	}
}

// flowControl checks when a broker holds publishers back.
func (c *checker) flowControl(b *design.Broker, name string) {
	f := &b.Flow
	if *f != (design.FlowControl{}) && f.Messages <= 0 && f.Size <= 0 {
		c.fail("broker."+name+".flow_control", "write how many messages, for example flow_control: 10000, or a size", "the flow control has no mark")
	}
}

// capacity checks the time of its own that messages cost a broker.
func (c *checker) capacity(b *design.Broker, name string) {
	t := &b.Capacity
	switch {
	case t.Workers == 0:
	case *t == (design.Capacity{Workers: t.Workers}):
		c.fail("broker."+name+".capacity", "say what a message costs, for example publish: 50us, deliver: 20us", "the workers of the broker have nothing to do")
	case !t.Replicate.IsZero() && b.Replicas.Nodes < 2:
		c.fail("broker."+name+".capacity.replicate", "give it replicas: 3, or leave it out", "a broker of one node has no followers")
	}
}

// replicas checks the nodes of a broker.
func (c *checker) replicas(b *design.Broker, name string) {
	path, t := "broker."+name+".replicas", &b.Replicas
	switch {
	case t.Nodes == 0 && *t != (design.Replication{}):
		c.fail(path, "write how many, for example nodes: 3", "the replication has no nodes")
	case t.Minimum > t.Nodes:
		c.fail(path+".min_in_sync", "at most nodes", "%d nodes must be up, but there are only %d: every message is refused", t.Minimum, t.Nodes)
	case t.Nodes > 0 && t.Unclean && t.CatchUp == 0 && t.LagLimit <= 0:
		c.fail(path+".unclean", "say how long a node needs: catch_up: 30s", "without catch_up every node that is up is in step, and leads cleanly")
	case t.LagLimit > 0 && t.Acks == design.AcksMajority:
		c.fail(path+".lag_limit", "say acks: all, or leave it out", "a majority does not ask who is in step")
	case t.LagLimit > 0 && t.Lag.Mean() >= t.LagLimit.Seconds():
		c.fail(path+".lag_limit", "more than lag", "the followers take longer than that for a message: they would hardly ever be in step")
	case t.Unclean && t.Acks == design.AcksMajority:
		c.fail(path+".unclean", "leave it out", "a majority elects none that lacks what a majority has")
	case t.Minimum > 1 && t.Acks != design.AcksAll:
		c.fail(path+".min_in_sync", "say acks: all, or leave it out", "only acks: all asks how many nodes are up")
	}
}

// unasked reports whether a node is a broker that acknowledges nothing.
func (c *checker) unasked(node string) bool {
	b := c.brokers[node]
	return b != nil && b.Replicas.Acks == design.AcksNone
}

// noRedrive reports a redrive of a topic or a subscription.
func (c *checker) noRedrive(q *design.Queue, path string) {
	if q.Redrive != (design.Redrive{}) {
		c.fail(path+".redrive", "let the queue say it that is named as dead_letter", "only a queue of dead letters is redriven")
	}
}

// redrive checks what moves the messages of a queue back to where they came from.
func (c *checker) redrive(b *design.Broker, q *design.Queue, path string) {
	if q.Redrive == (design.Redrive{}) {
		return
	}
	path += ".redrive"
	if q.Redrive.At <= 0 {
		c.fail(path+".at", "write when, for example at: 10min", "a redrive has no time")
	}
	if q.Redrive.Rate <= 0 {
		c.fail(path+".rate", "write how many, for example rate: 10/s", "a redrive moves nothing")
	}
	if to := q.Redrive.To; to != "" {
		switch {
		case to == q.Name:
			c.fail(path+".to", spell.Textf("name another queue of %s", b.Name), "the messages of a queue would go to itself")
		case c.queues[design.Target{Node: b.Name, Entry: to}] == nil:
			var queues []string
			for i := range b.Queues {
				queues = append(queues, b.Queues[i].Name)
			}
			c.fail(path+".to", c.didYouMean(to, queues, spell.Textf("queues of %s", b.Name)), "%s has no queue %s", b.Name, design.Quoted(to))
			c.broken = true
		}
		return
	}
	from := false
	for i := range b.Queues {
		from = from || b.Queues[i].DeadLetter == q.Name
	}
	for i := range b.Topics {
		t := &b.Topics[i]
		for _, s := range append([]*design.Queue{&t.Template}, pointers(t.Subscriptions)...) {
			if s.DeadLetter != q.Name {
				continue
			}
			if from = true; t.Partitions > 0 {
				c.fail(path+".to", "name a queue", "the dead letters of %s come from a log, in which nothing takes its place again", t.Name)
			}
		}
	}
	if !from {
		c.fail(path, "name the queue as dead_letter of another, or say to: QUEUE", "nothing in the queue has come from another")
	}
}

func pointers(all []design.Queue) (to []*design.Queue) {
	for i := range all {
		to = append(to, &all[i])
	}
	return to
}
