package check

import (
	"asynclab/sim/design"
	"asynclab/sim/spell"
	"strings"
	"unicode"
)

// name checks the letters of one name. A dot would end it in the name of a metric.
func (c *checker) name(path, name, what string) {
	bad := func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !strings.ContainsRune("-_", r)
	}
	hint := spell.Textf("use letters, digits, - and _")
	switch at := strings.IndexFunc(name, bad); {
	case name == "":
		c.fail(path, "give it one", "the %s has no name", spell.Noun(what))
	case len(name) > design.MaxName:
		c.fail(path, "take a shorter one", "the name of the %s is longer than %d bytes", spell.Noun(what), design.MaxName)
	case strings.Contains(name, "->"):
		c.fail(path, hint, "a name cannot contain \"->\", which stands for a connection")
	case at >= 0:
		c.fail(path, hint, "the name %s cannot contain %q", design.Quoted(name), []rune(name[at:])[0])
	default:
		return
	}
	c.broken = true
}

// nameSpaces fills the maps of names and checks that nothing is named twice.
func (c *checker) nameSpaces() {
	if c.d.Name != "" {
		c.name("design", c.d.Name, "design")
	}
	for i := range c.d.Loads {
		c.at(kindLoad, i)
		c.end(c.d.Loads[i].Name, i, kindLoad)
	}
	for i := range c.d.Services {
		c.at(kindService, i)
		c.end(c.d.Services[i].Name, i, kindService)
		c.serviceNames(&c.d.Services[i], i)
	}
	for i := range c.d.Brokers {
		c.at(kindBroker, i)
		c.end(c.d.Brokers[i].Name, i, kindBroker)
		c.brokerNames(&c.d.Brokers[i], i)
	}
	seen := map[string]bool{}
	for i := range c.d.Faults {
		c.at(kindFault, i)
		c.fresh(seen, "fault."+design.Named(c.d.Faults[i].Name, i), c.d.Faults[i].Name, "fault")
	}
	for i := range c.d.Services {
		s := &c.d.Services[i]
		for j := range s.Consumes {
			k := &s.Consumes[j]
			if h := c.handlers[design.Target{Node: s.Name, Entry: k.Handler}]; h != nil {
				h.manual = h.manual || k.Ack == design.Manual
				if k.Batch.Max > 0 {
					h.batch, c.batches = true, true
				}
				h.auto = h.auto || k.Ack == design.Automatic
			}
		}
	}
}

// end adds a load, a service or a broker: they share one name space, because
// connections and metrics name them alike.
func (c *checker) end(name string, i int, kind elementKind) {
	what := elementNouns[kind]
	path := what + "." + design.Named(name, i)
	c.name(path, name, what)
	if other, ok := c.ends[name]; ok && name != "" {
		c.fail(path, "loads, services and brokers share one set of names", "the name is already that of a %s", spell.Noun(elementNouns[other]))
		c.broken = true
		if other != kindLoad { // a load can only be meant as the end of a connection
			return
		}
	}
	c.ends[name] = kind
}

// fresh checks a name, and that it is new within its own set.
func (c *checker) fresh(seen map[string]bool, path, name, what string) {
	c.name(path, name, what)
	if seen[name] && name != "" {
		c.fail(path, "give one of them another name", "there is already a %s of this name", spell.Noun(what))
		c.broken = true
	}
	seen[name] = true
}

func (c *checker) serviceNames(s *design.Service, i int) {
	seen := map[string]bool{}
	base := "service." + design.Named(s.Name, i) + ".on."
	for j := range s.Handlers {
		h := &s.Handlers[j]
		path := base + design.Named(h.Name, j)
		c.fresh(seen, path, h.Name, "handler")
		t := design.Target{Node: s.Name, Entry: h.Name}
		if c.handlers[t] == nil {
			c.handlers[t] = &handlerInfo{service: s, handler: h, path: path, place: c.place}
		}
		c.stepNames(h, path)
	}
}

// stepNames checks the names of steps: no two of a handler are the same, and none is
// what a step without a name is called.
func (c *checker) stepNames(h *design.Handler, path string) {
	if !design.NamesSteps(h.Steps) {
		return
	}
	seen := map[string]bool{}
	for _, s := range h.StepNames() {
		if s.Step.Name == "" {
			continue
		}
		at := path + "." + s.Place + ".name"
		if kind := strings.TrimRight(s.Step.Name, "0123456789"); design.IsStep(kind) {
			c.fail(at, "say what the step is for, such as charge or first-try", "%s cannot be the name of a step: it stands for a kind of step", s.Step.Name)
			c.broken = true
			continue
		}
		c.fresh(seen, at, s.Step.Name, "step")
	}
}

func (c *checker) brokerNames(b *design.Broker, i int) {
	base := "queue." + design.Named(b.Name, i) + "/"
	seen := map[string]bool{}
	for j := range b.Queues {
		q := &b.Queues[j]
		c.fresh(seen, base+design.Named(q.Name, j), q.Name, "queue or topic")
		c.queues[design.Target{Node: b.Name, Entry: q.Name}] = q
	}
	for j := range b.Topics {
		t := &b.Topics[j]
		path := base + design.Named(t.Name, j)
		c.fresh(seen, path, t.Name, "queue or topic")
		if c.queues[design.Target{Node: b.Name, Entry: t.Name}] == nil {
			c.topics[design.Target{Node: b.Name, Entry: t.Name}] = t
		}
		subs := map[string]bool{}
		for k := range t.Subscriptions {
			q := &t.Subscriptions[k]
			c.fresh(subs, path+"/"+design.Named(q.Name, k), q.Name, "subscription")
		}
	}
}
