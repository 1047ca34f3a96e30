package check

import (
	"reflect"
	"slices"

	"asynclab/sim/design"
	"asynclab/sim/warning"
)

// mechanisms checks the mechanisms of a design: each by its own check, and those that
// share a name against each other.
func (c *checker) mechanisms() {
	type element struct{ key, name string }
	first := map[element]*design.Use{}
	places := c.placesByPath()
	causes := int(design.NumCauses)
	known := map[*design.Reason]bool{}
	c.d.EachUse(func(w *design.Where) {
		c.place = places(w.Path)
		d := w.Of.Of.Declaration()
		path := w.Path + "."
		c.queued(w)
		w.Fail = func(key, hint, format string, args ...any) { c.fail(path+key, hint, format, args...) }
		w.Warn = func(key string, k warning.Kind, terms ...any) { c.warn(path+key, k, terms...) }
		if s := w.Step; s != nil && s.Op == design.Publish && !s.Confirm {
			c.fail(w.Path, "let the publish confirm", "nobody waits for what this publish sends")
		}
		for _, r := range d.Causes {
			if known[r] {
				continue
			}
			known[r] = true
			if causes++; causes > design.MaxCauses {
				c.fail(w.Path, "use fewer mechanisms in one design", "the cause %s is one too many: a design has at most %d", r.Name, design.MaxCauses)
			}
		}
		if d.Attribute != nil {
			c.by(path+"key", d.Attribute(w.Of.Settings))
		}
		if d.Targets != nil {
			for _, to := range d.Targets(w.Of.Settings) {
				if c.target(path+"to", to, d.Key) && w.Queued != c.brokered(to.Node) {
					c.fail(path+"to", "name handlers of services, or queues and topics of brokers", "%s cannot do what is asked of the first target: one of them is at a broker, and the other is not", to)
				}
			}
		}
		if d.Fails != nil {
			c.counted(path+"on", d.Fails(w.Of.Settings))
		}
		if w.Queue != nil && !d.OfLog && c.ofLog(w.Queue) {
			c.fail(w.Path, "put it on those who publish", "a topic with partitions takes every message: nothing stands before it")
		}
		if d.Check != nil {
			d.Check(w, w.Of.Settings)
		}
		names := []string{w.Element()}
		if d.EachTarget() && w.Queue == nil {
			for _, to := range w.Uses().Targets() {
				other := w.For(to)
				names = append(names, other.Element())
			}
		}
		for _, name := range names {
			e := element{d.Key, name}
			if other := first[e]; other == nil {
				first[e] = w.Of
			} else if !reflect.DeepEqual(other.Settings, w.Of.Settings) {
				c.fail(w.Path, "say the same, or give each a name", "two settings of %s.%s differ", d.Key, e.name)
			}
		}
	})
}

// queued notes whether an element sends to a broker.
func (c *checker) queued(w *design.Where) {
	switch {
	case w.Step != nil:
		w.Queued = c.brokered(w.Step.To.Node)
	case w.Load != nil:
		w.Queued = c.brokered(w.Load.To.Node)
	}
}

// counted checks the outcomes that a mechanism counts as failures of a callee: those that
// say nothing of it never count, and those that nothing brings about never come.
func (c *checker) counted(path string, on design.CauseSet) {
	if on.Has(design.Lost) {
		c.warn(path, warning.CauseIgnored)
	}
	some := on.IsEmpty() || on.Core&^(1<<design.Lost) != 0
	for _, name := range on.More {
		if i := slices.IndexFunc(c.reasons, func(r *design.Reason) bool { return r.Name == name }); i < 0 {
			c.warn(path, warning.CauseNever, name)
		} else {
			some = some || !c.reasons[i].Spares
		}
	}
	if !some {
		c.fail(path, "for example [timeout, error]", "no failure is ever counted: none of these says anything of who is called")
	}
}

// ofLog reports whether a queue is that of a topic with partitions.
func (c *checker) ofLog(q *design.Queue) bool {
	for i := range c.d.Brokers {
		for j := range c.d.Brokers[i].Topics {
			t := &c.d.Brokers[i].Topics[j]
			if t.Partitions > 0 && (q == &t.Template || slices.ContainsFunc(t.Subscriptions, func(s design.Queue) bool { return s.Name == q.Name })) {
				return true
			}
		}
	}
	return false
}

func (c *checker) brokered(node string) bool {
	return slices.ContainsFunc(c.d.Brokers, func(b design.Broker) bool { return b.Name == node })
}
