package engine

import (
	"slices"
	"strings"

	"asynclab/sim/design"
)

// A change of parameters makes anew only the tables of the elements that they
// belong to. What a design consists of does not change with a parameter, so
// everything keeps its index, and the compiler's index of names is still right.

// adapted is a program for a design that differs from the program's in the given
// parameters, and what of it is new.
type adapted struct {
	Program
	changedLoads    []int32
	changedServices []int32
	changedLinks    []int32
	changedQueues   bool
}

func (p *Program) adapt(d *design.Design, paths ...string) *adapted {
	a := &adapted{Program: *p}
	a.design = d
	a.parts = slices.Clone(p.parts) // settings change in place
	within := func(prefix string) bool {
		return slices.ContainsFunc(paths, func(path string) bool { return strings.HasPrefix(path, prefix) })
	}
	if within("queue.") || within("broker.") { // parameters of a topic are those of all its subscriptions
		a.Program = *compile(d)
		a.links, a.wires = p.links, p.wires                      // which know of messages in transit
		a.faults = append(a.faults, p.faults[len(a.faults):]...) // those by hand
		a.changedQueues = true
	}
	if within("load.") {
		for i := range p.loads {
			if within("load." + p.loads[i].name + ".") {
				a.changedLoads = append(a.changedLoads, int32(i))
				a.load(int32(i))
			}
		}
	}
	if within("service.") {
		for i := range p.services {
			if within("service." + p.services[i].name + ".") {
				a.changedServices = append(a.changedServices, int32(i))
				a.service(int32(i), within("service."+p.services[i].name+".on."))
			}
		}
	}
	if within("link.") {
		all := within("link.default.")
		for i := range p.links {
			l := &p.links[i]
			if all || within("link."+l.from+"->"+l.to+".") || within("link."+l.to+"->"+l.from+".") {
				a.changedLinks = append(a.changedLinks, int32(i))
				a.link(int32(i))
			}
		}
	}
	return a
}

// compiler makes tables of a part of the design, at the places that they have.
func (a *adapted) compiler(part design.Design) *compiler {
	q := a.Program
	q.loads, q.services, q.consumes = nil, nil, nil
	c := *a.names
	c.Program, c.d, c.into = &q, &part, map[string]int{}
	return &c
}

func (a *adapted) load(i int32) {
	c := a.compiler(design.Design{Loads: a.design.Loads[i : i+1]})
	c.sites = nil
	c.loadTables()
	l, s := c.loads[0], c.sites[0]
	l.m, l.site, s.load = a.loads[i].m, a.loads[i].site, i
	a.loads, a.sites = slices.Clone(a.loads), slices.Clone(a.sites)
	a.loads[i], a.sites[l.site] = l, s
}

func (a *adapted) service(i int32, steps bool) {
	old := &a.services[i]
	part := design.Design{Services: a.design.Services[i : i+1]}
	c := a.compiler(part)
	c.service, c.handler, c.instances = map[string]int32{}, map[design.Target]int32{}, int(old.inst0)
	c.serviceTables()
	s := c.services[0]
	s.m, s.capacity, s.at = old.m, old.capacity, old.at
	a.services = slices.Clone(a.services)
	a.services[i] = s
	if len(part.Services[0].Consumes) > 0 {
		a.readers(i, part)
	}
	if steps {
		a.steps(i, part)
	}
}

func (a *adapted) readers(i int32, part design.Design) {
	c := a.compiler(part)
	c.services, c.queues = a.services[i:i+1], slices.Clone(a.queues)
	a.consumes = slices.Clone(a.consumes)
	var mine []int32
	for k := range a.consumes {
		if t := &a.consumes[k]; t.service == i {
			mine = append(mine, int32(k))
			n := t.perInst * a.services[i].instances
			c.consumers -= int(n)
			c.queues[t.queue].consumers -= n
		}
	}
	c.consumeTables()
	for n, k := range mine {
		t := c.consumes[n]
		t.service, t.salt = i, a.consumes[k].salt
		a.consumes[k] = t
	}
	a.queues, a.consumers = c.queues, c.consumers
}

// steps compiles the handlers of a service over what was compiled before, which
// has the same length.
func (a *adapted) steps(i int32, part design.Design) {
	c := a.compiler(part)
	at := a.services[i].at
	code, sites, branches := slices.Clone(a.code), slices.Clone(a.sites), slices.Clone(a.branches)
	c.services, c.handlers = a.services[i:i+1], slices.Clone(a.handlers)
	c.code, c.sites, c.branches = code[:at.code], sites[:at.site], branches[:at.branch]
	c.emitHandlers()
	for k := int(at.site); k < len(c.sites); k++ {
		sites[k].from, sites[k].salt = i, a.sites[k].salt
	}
	a.code, a.sites, a.branches = code, sites, branches
}

func (a *adapted) link(i int32) {
	if len(a.changedLinks) == 1 {
		a.links, a.wires = slices.Clone(a.links), slices.Clone(a.wires)
	}
	l := &a.links[i]
	t := a.compiler(design.Design{}).linkTable(l.from, l.to, a.design.LinkBetween(l.from, l.to))
	t.m = l.m
	a.links[i], a.wires[i] = t, t.wire()
}
