package engine

import (
	"slices"
	"strings"

	"asynclab/sim/design"
)

// A change of parameters makes anew only the tables of the elements that they
// belong to. What a design consists of does not change with a parameter, so
// everything keeps its index, and the compiler's index of names is still right.

// touched lists the elements that parameters belong to.
type touched struct {
	loads, services, links, queues, topics, brokers []int32
	steps                                           []int32 // of these services, the handlers
}

// touched finds the elements by the names that a path can begin with: they may
// contain dots.
func (p *Program) touched(paths []string) (t touched) {
	for _, path := range paths {
		kind, rest, _ := strings.Cut(path, ".")
		for at := range len(rest) {
			if rest[at] == '.' {
				t.add(p, kind, rest[:at], rest[at:])
			}
		}
	}
	for _, list := range []*[]int32{&t.loads, &t.services, &t.links, &t.queues, &t.topics, &t.brokers, &t.steps} {
		slices.Sort(*list)
		*list = slices.Compact(*list)
	}
	return t
}

func (t *touched) add(p *Program, kind, name, rest string) {
	switch kind {
	case "load", "service", "broker":
		node, ok := p.names.node[name]
		if !ok {
			return
		}
		service := node - int32(len(p.loads))
		broker := service - int32(len(p.services))
		switch {
		case kind == "load" && service < 0:
			t.loads = append(t.loads, node)
		case kind == "service" && service >= 0 && broker < 0:
			t.services = append(t.services, service)
			if strings.HasPrefix(rest, ".on.") {
				t.steps = append(t.steps, service)
			}
		case kind == "broker" && broker >= 0:
			t.brokers = append(t.brokers, broker)
		}
	case "link":
		if name == "default" {
			for l := range p.links {
				t.links = append(t.links, int32(l))
			}
		}
		from, to, _ := strings.Cut(name, "->")
		for _, ends := range [][2]string{{from, to}, {to, from}} {
			if l, ok := p.names.link[ends]; ok {
				t.links = append(t.links, l)
			}
		}
	case "queue":
		broker, entry, _ := strings.Cut(name, "/")
		target := design.Target{Node: broker, Entry: entry}
		if q, ok := p.names.queue[target]; ok {
			t.queues = append(t.queues, q)
		}
		if topic, ok := p.names.topic[target]; ok { // its parameters are those of all its subscriptions
			t.queues = append(t.queues, p.topics[topic].subs...)
			t.topics = append(t.topics, topic)
		}
	}
}

// owned tells which tables of a run's program no other run or checkpoint has.
type owned struct {
	loads, services, handlers, code, branches, sites, brokers, queues, consumes, links, wires, faults, parts, posts, logs bool
}

// own copies a table before it is changed for the first time.
func own[T any](table *[]T, is *bool) {
	if !*is {
		*table, *is = slices.Clone(*table), true
	}
}

// adapt makes tables anew, from the design as it is now.
func (r *Run) adapt(t *touched) {
	for _, i := range t.loads {
		r.adaptLoad(i)
	}
	for _, i := range t.services {
		r.adaptService(i)
	}
	for _, i := range t.steps {
		r.adaptSteps(i)
	}
	if len(t.links) > 0 {
		r.adaptLinks(t.links)
	}
	if len(t.queues)+len(t.brokers) > 0 {
		r.adaptQueues(t.queues, t.brokers)
	}
	for _, i := range t.topics {
		r.adaptLogs(i)
	}
}

// compiler makes tables of a part of the design, at the places that they have.
func (r *Run) compiler(part design.Design) *compiler {
	own(&r.prog.parts, &r.owned.parts) // whose settings change in place
	own(&r.prog.posts, &r.owned.posts)
	p, c := r.prog, *r.prog.names
	p.loads, p.services, p.consumes = nil, nil, nil
	c.alternates = nil
	c.Program, c.d, c.into, c.at = &p, &part, map[string]int{}, make([]place, len(part.Services)+1)
	return &c
}

func (r *Run) adaptLoad(i int32) {
	c := r.compiler(design.Design{Loads: r.design.Loads[i : i+1]})
	c.sites = nil
	c.loadTables()
	own(&r.prog.loads, &r.owned.loads)
	own(&r.prog.sites, &r.owned.sites)
	l, s, old := c.loads[0], c.sites[0], &r.prog.loads[i]
	l.m, l.site, s.load, s.m, s.gather = old.m, old.site, i, r.prog.sites[old.site].m, r.prog.sites[old.site].gather
	r.prog.adaptAlternates(&s, r.prog.sites[old.site].alts, c.alternates)
	r.prog.sites[l.site], *old = s, l
}

func (r *Run) adaptService(i int32) {
	own(&r.prog.services, &r.owned.services)
	old := &r.prog.services[i]
	part := design.Design{Services: r.design.Services[i : i+1]}
	c := r.compiler(part)
	c.handlers = nil
	c.service, c.handler, c.instances = map[string]int32{}, map[design.Target]int32{}, int(old.inst0)
	c.serviceTables()
	s := c.services[0]
	s.m, s.capacity, s.conns, s.instances = old.m, old.capacity, old.conns, old.instances
	*old = s
	if len(part.Services[0].Consumes) > 0 {
		r.adaptConsumers(i, part)
	}
}

func (r *Run) adaptConsumers(i int32, part design.Design) {
	own(&r.prog.consumes, &r.owned.consumes)
	own(&r.prog.queues, &r.owned.queues)
	s := &r.prog.services[i]
	c := r.compiler(part)
	c.services, c.queues = r.prog.services[i:i+1], r.prog.queues
	mine := r.prog.consumesOf(i)
	for k := range mine {
		n := mine[k].perInst * s.instances
		c.consumers -= int(n)
		c.queues[mine[k].queue].consumers -= n
	}
	c.consumeTables()
	for k, t := range c.consumes {
		t.service, t.salt, t.fetch.m = i, mine[k].salt, mine[k].fetch.m
		mine[k] = t
	}
	r.prog.consumers = c.consumers
}

// consumesOf are the queues that a service consumes.
func (p *Program) consumesOf(service int32) []consumeT {
	return p.consumes[p.names.at[service].consume:p.names.at[service+1].consume]
}

// adaptSteps compiles the handlers of a service over what was compiled before,
// which has the same length.
func (r *Run) adaptSteps(i int32) {
	p := &r.prog
	own(&p.handlers, &r.owned.handlers)
	own(&p.code, &r.owned.code)
	own(&p.sites, &r.owned.sites)
	own(&p.branches, &r.owned.branches)
	c := r.compiler(design.Design{Services: r.design.Services[i : i+1]})
	at, end := p.names.at[i], p.names.at[i+1]
	old := slices.Clone(p.sites[at.site:end.site])
	c.services, c.handlers = p.services[i:i+1], p.handlers
	c.code, c.sites, c.branches = p.code[:at.code], p.sites[:at.site], p.branches[:at.branch]
	c.emitHandlers()
	rest := c.alternates
	for k := range old {
		s := &p.sites[int(at.site)+k]
		s.from, s.salt, s.m, s.gather = i, old[k].salt, old[k].m, old[k].gather
		rest = p.adaptAlternates(s, old[k].alts, rest)
	}
}

func (r *Run) adaptLinks(links []int32) {
	own(&r.prog.links, &r.owned.links)
	own(&r.prog.wires, &r.owned.wires)
	c := r.compiler(design.Design{})
	for _, i := range links {
		l := &r.prog.links[i]
		t := c.linkTable(l.from, l.to, r.design.LinkBetween(l.from, l.to))
		t.m, t.conn0, t.conns = l.m, l.conn0, l.conns
		*l, r.prog.wires[i] = t, t.wire()
	}
}

// adaptLogs lets the logs of a topic keep their records for another time, or others of them.
func (r *Run) adaptLogs(i int32) {
	t := &r.prog.topics[i]
	if t.partitions == 0 {
		return
	}
	own(&r.prog.logs, &r.owned.logs)
	of := t.in(r.design.Design)
	r.compiler(design.Design{}).logGuards(t, of) // which have their settings in place
	keep := of.Keep
	for p := range t.partitions {
		of := &r.prog.logs[t.log0+p]
		of.age, of.size = limit(keep.For, 0), int64(max(0, keep.Size))
	}
}

func (r *Run) adaptQueues(queues, brokers []int32) {
	own(&r.prog.queues, &r.owned.queues)
	own(&r.prog.brokers, &r.owned.brokers)
	c := r.compiler(design.Design{})
	for _, i := range queues {
		old := &r.prog.queues[i]
		q := r.prog.names.sources[i].queue(r.design.Design)
		if old.gid > 0 {
			q.Uses = nil // they are of the topic
		}
		t := c.queueTable(old.broker, old.name, &q)
		t.consumers, t.only, t.readers, t.settled = old.consumers, old.only, old.readers, old.settled
		t.deadLetter, t.forDead, t.m = old.deadLetter, old.forDead, old.m
		t.redrive.to, t.line = old.redrive.to, old.line
		t.gid, t.known.memory, t.mortal, t.plain, t.flush = old.gid, old.known.memory, old.mortal, old.plain, old.flush
		*old = t
		if t.gid == 0 {
			continue
		}
		old.ofLog()
		g := &r.prog.groups[t.gid-1]
		for _, p := range r.prog.partitions[g.parts.from:g.parts.to] {
			part := &r.prog.queues[p.queue]
			part.maxDeliver, part.redelivery = t.maxDeliver, t.redelivery
		}
	}
	for _, i := range brokers {
		old := &r.prog.brokers[i]
		t := c.brokerTable(&r.design.Brokers[i])
		t.conns, t.queues, t.parts, t.replicas.m, t.flow.m = old.conns, old.queues, old.parts, old.replicas.m, old.flow.m
		t.capacity.m, t.capacity.there = old.capacity.m, old.capacity.there
		*old = t
	}
}
