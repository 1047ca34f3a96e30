package check

import (
	"asynclab/sim/design"
	"asynclab/sim/warning"
)

// What a service does not do although its settings may look like it.

// inTurn warns of a service with priorities that serves its queues in turn: with
// a prefetch of one, each queue has one message there, and only among those does
// the priority decide.
func (c *checker) inTurn(s *design.Service, path string) {
	if s.Discipline != design.Priority && s.Discipline != design.Preemptive || s.Workers == design.Unlimited {
		return
	}
	differ := false
	for i := range c.d.Loads {
		differ = differ || c.d.Loads[i].Priority != c.d.Loads[0].Priority
	}
	single := 0
	for i := range s.Consumes {
		if k := &s.Consumes[i]; k.Prefetch == 1 || k.Prefetch == 0 && k.Ack == design.Manual && !k.Stopped {
			single++
		}
	}
	if differ && single > 1 {
		c.warn(path+".discipline", warning.ServedInTurn)
	}
}

// deadInstances warns of calls to an instance that is down.
func (c *checker) deadInstances(g *flowGraph) {
	called := map[string]bool{}
	for i := range c.d.Loads {
		called[c.d.Loads[i].To.Node] = true
	}
	for i := range g.nodes {
		for _, e := range g.nodes[i].edges {
			if len(g.nodes[i].steps) > 0 {
				called[g.nodes[e.to].end] = true
			}
		}
	}
	for i := range c.d.Faults {
		f := &c.d.Faults[i]
		if f.Kind != design.FaultCrash && f.Kind != design.FaultHostCrash {
			continue
		}
		for _, m := range f.Members() {
			s := c.services[m.Node]
			if s == nil || s.Instances < 2 || m.Instance == 0 || !called[m.Node] || s.Uses.Of("health") != nil {
				continue
			}
			kind := warning.DeadInstance
			if b := s.Balance; b != nil && b.Fooled {
				kind = warning.DeadLooksIdle
			}
			c.at(kindFault, i)
			c.warn("fault."+design.Named(f.Name, i), kind, m.Instance, m.Node)
		}
	}
}
