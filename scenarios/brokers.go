package scenarios

import (
	"asynclab/sim/model"
)

func queueProps[T any](q func(*T) *model.Queue, topic bool) []prop[T] {
	of := "the queue"
	if topic {
		of = "each subscription"
	}
	return []prop[T]{
		one("max_length", unbounded(1, 1e9), "10000", "how many messages may wait in "+of+"; or `unlimited`", func(t *T) *int { return &q(t).MaxLength }),
		one("when_full", choice(words("reject drop-oldest dead-letter block"), model.OverflowReject, model.OverflowDropHead, model.OverflowDeadLetter, model.OverflowBlock), "reject",
			"what happens to one more: it is refused; the oldest makes room; it goes to the dead-letter queue; its publisher waits",
			func(t *T) *model.Overflow { return &q(t).Overflow }),
		one("ttl", limitValue, "none", "a message that has waited so long expires", func(t *T) *duration { return &q(t).TTL }),
		one("visibility", limitValue, "none", "a delivery not acknowledged by then is delivered again", func(t *T) *duration { return &q(t).Visible }),
		one("on_disconnect", choice(words("return wait"), false, true), "return",
			"what a lost connection does to unacknowledged messages: they return at once, or at their visibility timeout", func(t *T) *bool { return &q(t).AwaitVisible }),
		one("max_deliveries", countOr(1, 1e6, map[string]int{"unlimited": 0}, "unlimited"), "unlimited", "after so many deliveries without success a message is dead-lettered, or dropped",
			func(t *T) *int { return &q(t).MaxDeliveries }),
		one("redelivery_delay", redeliveryValue, "0s", "the wait before a returned message is delivered again", func(t *T) *model.Retry { return &q(t).RedeliveryDelay }),
		one("dead_letter", nameValue, "dropped", "the queue of the same broker that takes what cannot be delivered", func(t *T) *string { return &q(t).DeadLetter }),
		one("durable", boolValue, "false", "its messages survive a crash of the broker", func(t *T) *bool { return &q(t).Durable }),
		one("requeue", choice(words("tail head"), false, true), "tail", "where a returned message goes", func(t *T) *bool { return &q(t).RequeueHead }),
	}
}

var queueObject = newObject("queue", "a queue: each message goes to one consumer",
	queueProps(func(q *model.Queue) *model.Queue { return q }, false)...).overridable()

var topicObject = newObject("topic", "a topic: each subscription gets a copy of every message; services that consume a topic get a subscription with these settings, and what a listed subscription does not say it takes from here too",
	append([]prop[model.Topic]{{field: field{"subscriptions", byName(nameKind, queueObject.asKind()), "", "subscriptions that exist even if nobody consumes them"}, set: readSubscriptions}},
		queueProps(func(t *model.Topic) *model.Queue { return &t.Template }, true)...)...).overridable()

// readSubscriptions keeps the nodes; they are read when the template is known.
func readSubscriptions(r *reader, n *node, t *model.Topic) {
	r.entries(n, "subscriptions", func(key, val *node) {
		if r.name(key, "subscription") {
			t.Subscriptions = append(t.Subscriptions, model.Queue{Name: key.text})
		}
	})
}

var brokerObject = newObject("broker", "a node that holds queues and topics",
	prop[model.Broker]{field: field{"queues", byName(nameKind, queueObject.asKind()), "", "its queues; `{}` is one with default settings"}, set: readQueues},
	prop[model.Broker]{field: field{"topics", byName(nameKind, topicObject.asKind()), "", "its topics"}, set: readTopics},
).overridable()

func readQueues(r *reader, n *node, b *model.Broker) {
	r.entries(n, "queues", func(key, val *node) {
		if !r.name(key, "queue") {
			return
		}
		q := model.Queue{Name: key.text}
		r.in("queue."+b.Name+"/"+key.text, key, val, func() { queueObject.read(r, val, &q) })
		b.Queues = append(b.Queues, q)
	})
}

func readTopics(r *reader, n *node, b *model.Broker) {
	r.entries(n, "topics", func(key, val *node) {
		if !r.name(key, "topic") {
			return
		}
		t := model.Topic{Name: key.text}
		path := "queue." + b.Name + "/" + key.text
		r.in(path, key, val, func() { topicObject.read(r, val, &t) })
		// A subscription starts from the settings of its topic.
		for i := range t.Subscriptions {
			sub := &t.Subscriptions[i]
			name := sub.Name
			*sub = t.Template
			sub.Name = name
			at := val.get("subscriptions").get(name)
			r.in("queue."+b.Name+"/"+t.Name+"/"+name, at, at, func() { queueObject.read(r, at, sub) })
		}
		b.Topics = append(b.Topics, t)
	})
}

// readBroker reads one broker of a merged design.
func readBroker(r *reader, name *node, n *node) (model.Broker, bool) {
	b := model.Broker{Name: name.text}
	if !r.name(name, "broker") {
		return b, false
	}
	brokerObject.read(r, n, &b)
	return b, n.shape == mapping
}
