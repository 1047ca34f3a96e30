package scenarios

import (
	"asynclab/scenarios/yamltree"
	"asynclab/sim/design"
	"asynclab/sim/spec"
)

// readSubscriptions keeps only the names. readTopics reads the settings later,
// because each subscription starts from the settings of its topic.
func readSubscriptions(r *reader, n *yamltree.Node, _ *entry, owner any) bool {
	t := owner.(*design.Topic)
	return r.entries(n, "subscriptions", func(key, val *yamltree.Node) {
		if r.name(key, "subscription") {
			t.Subscriptions = append(t.Subscriptions, design.Queue{Name: key.Text})
		}
	})
}

func readQueues(r *reader, n *yamltree.Node, e *entry, owner any) bool {
	b := owner.(*design.Broker)
	return r.entries(n, "queues", func(key, val *yamltree.Node) {
		if !r.name(key, "queue") {
			return
		}
		q := design.Queue{Name: key.Text}
		r.in("queue."+b.Name+"/"+key.Text, key, val, func() { r.lang.object(e.Inner).read(r, val, &q) })
		b.Queues = append(b.Queues, q)
	})
}

func readTopics(r *reader, n *yamltree.Node, e *entry, owner any) bool {
	b := owner.(*design.Broker)
	topic := r.lang.object(e.Inner)
	queue := r.lang.object(topic.Field("subscriptions").Inner)
	return r.entries(n, "topics", func(key, val *yamltree.Node) {
		if !r.name(key, "topic") {
			return
		}
		t := design.Topic{Name: key.Text}
		path := "queue." + b.Name + "/" + key.Text
		r.in(path, key, val, func() { topic.read(r, val, &t) })
		// A subscription starts from the settings of its topic.
		for i := range t.Subscriptions {
			sub := &t.Subscriptions[i]
			sub.From(&t.Template)
			at := val.Get("subscriptions").Get(sub.Name)
			r.in(path+"/"+sub.Name, at, at, func() { queue.read(r, at, sub) })
		}
		b.Topics = append(b.Topics, t)
	})
}

// byNameForm is a mapping from names to mappings with the fields of Inner.
func byNameForm(read func(r *reader, n *yamltree.Node, e *entry, owner any) bool) form {
	return form{func(l *language, f *spec.Field) *kind {
		return byName(nameKind, l.partKind(&spec.Field{Inner: f.Inner}))
	}, read}
}

// readBroker reads one broker of a merged design.
func readBroker(r *reader, name *yamltree.Node, n *yamltree.Node) (design.Broker, bool) {
	b := design.Broker{Name: name.Text}
	if !r.name(name, "broker") {
		return b, false
	}
	r.lang.broker.read(r, n, &b)
	if b.Reconnect.Base.IsZero() {
		b.Reconnect = design.DefaultReconnect
	}
	return b, n.Shape == yamltree.Mapping
}
