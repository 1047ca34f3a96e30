package scenarios

import (
	"asynclab/sim/design"
	"asynclab/sim/spec"
)

// readSubscriptions keeps the names; the rest is read when the template is known.
func readSubscriptions(r *reader, n *node, _ *entry, owner any) bool {
	t := owner.(*design.Topic)
	return r.entries(n, "subscriptions", func(key, val *node) {
		if r.name(key, "subscription") {
			t.Subscriptions = append(t.Subscriptions, design.Queue{Name: key.text})
		}
	})
}

func readQueues(r *reader, n *node, e *entry, owner any) bool {
	b := owner.(*design.Broker)
	return r.entries(n, "queues", func(key, val *node) {
		if !r.name(key, "queue") {
			return
		}
		q := design.Queue{Name: key.text}
		r.in("queue."+b.Name+"/"+key.text, key, val, func() { r.lang.object(e.Inner).read(r, val, &q) })
		b.Queues = append(b.Queues, q)
	})
}

func readTopics(r *reader, n *node, e *entry, owner any) bool {
	b := owner.(*design.Broker)
	topic := r.lang.object(e.Inner)
	queue := r.lang.object(topic.Field("subscriptions").Inner)
	return r.entries(n, "topics", func(key, val *node) {
		if !r.name(key, "topic") {
			return
		}
		t := design.Topic{Name: key.text}
		path := "queue." + b.Name + "/" + key.text
		r.in(path, key, val, func() { topic.read(r, val, &t) })
		// A subscription starts from the settings of its topic.
		for i := range t.Subscriptions {
			sub := &t.Subscriptions[i]
			name := sub.Name
			*sub = t.Template
			sub.Name = name
			at := val.get("subscriptions").get(name)
			r.in(path+"/"+name, at, at, func() { queue.read(r, at, sub) })
		}
		b.Topics = append(b.Topics, t)
	})
}

// byNameForm is a mapping from names to mappings with the fields of Inner.
func byNameForm(read func(r *reader, n *node, e *entry, owner any) bool) form {
	return form{func(l *language, f *spec.Field) *kind {
		return byName(nameKind, l.partKind(&spec.Field{Inner: f.Inner}))
	}, read}
}

// readBroker reads one broker of a merged design.
func readBroker(r *reader, name *node, n *node) (design.Broker, bool) {
	b := design.Broker{Name: name.text}
	if !r.name(name, "broker") {
		return b, false
	}
	r.lang.broker.read(r, n, &b)
	return b, n.shape == mapping
}
