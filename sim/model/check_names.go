package model

import (
	"strings"
	"unicode"
)

// name checks the letters of one name.
func (c *checker) name(path, name, what string) {
	bad := func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !strings.ContainsRune("-_.", r)
	}
	hint := "use letters, digits, - _ and ."
	switch at := strings.IndexFunc(name, bad); {
	case name == "":
		c.fail(path, "give it one", "the %s has no name", what)
	case len(name) > maxName:
		c.fail(path, "", "the name of the %s is longer than %d bytes", what, maxName)
	case strings.Contains(name, "->"):
		c.fail(path, hint, "a name cannot contain \"->\", which stands for a connection")
	case at >= 0:
		c.fail(path, hint, "the name %s cannot contain %q", quoted(name), []rune(name[at:])[0])
	case name[0] == '.' || name[len(name)-1] == '.':
		c.fail(path, hint, "the name %s begins or ends with a dot", quoted(name))
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
		c.fresh(seen, "fault."+named(c.d.Faults[i].Name, i), c.d.Faults[i].Name, "fault")
	}
	for i := range c.d.Services {
		s := &c.d.Services[i]
		for j := range s.Consumes {
			k := &s.Consumes[j]
			c.consumed[k.From] = true
			if h := c.handlers[Target{s.Name, k.Handler}]; h != nil {
				h.manual = h.manual || k.Ack == Manual
				h.auto = h.auto || k.Ack == Automatic
			}
		}
	}
}

// end adds a load, a service or a broker: they share one name space, because
// connections and metrics name them alike.
func (c *checker) end(name string, i int, kind elementKind) {
	what := elementNouns[kind]
	path := what + "." + named(name, i)
	c.name(path, name, what)
	if other, ok := c.ends[name]; ok && name != "" {
		c.fail(path, "loads, services and brokers share one set of names", "the name is already that of a %s", elementNouns[other])
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
		c.fail(path, "", "there is already a %s of this name", what)
		c.broken = true
	}
	seen[name] = true
}

func (c *checker) serviceNames(s *Service, i int) {
	seen := map[string]bool{}
	base := "service." + named(s.Name, i) + ".on."
	for j := range s.Handlers {
		h := &s.Handlers[j]
		path := base + named(h.Name, j)
		c.fresh(seen, path, h.Name, "handler")
		t := Target{s.Name, h.Name}
		if c.handlers[t] == nil {
			c.handlers[t] = &handlerInfo{service: s, handler: h, path: path, place: c.place}
		}
	}
}

func (c *checker) brokerNames(b *Broker, i int) {
	base := "queue." + named(b.Name, i) + "/"
	seen := map[string]bool{}
	for j := range b.Queues {
		q := &b.Queues[j]
		c.fresh(seen, base+named(q.Name, j), q.Name, "queue or topic")
		c.queues[Target{b.Name, q.Name}] = q
	}
	for j := range b.Topics {
		t := &b.Topics[j]
		path := base + named(t.Name, j)
		c.fresh(seen, path, t.Name, "queue or topic")
		if c.queues[Target{b.Name, t.Name}] == nil {
			c.topics[Target{b.Name, t.Name}] = t
		}
		subs := map[string]bool{}
		for k := range t.Subscriptions {
			q := &t.Subscriptions[k]
			c.fresh(subs, path+"/"+named(q.Name, k), q.Name, "subscription")
		}
	}
}
