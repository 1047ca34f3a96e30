package check

import (
	"errors"
	"slices"

	"asynclab/sim/design"
	"asynclab/sim/draw"
	"asynclab/sim/spell"
	"asynclab/sim/warning"
)

func (c *checker) fault(f *design.Fault, path string) {
	c.faultTimes(f, path)
	switch f.Kind.Class().Form {
	case "node":
		c.faultNodes(f, path)
	case "cut":
		c.faultCut(f, path)
	case "settings":
		c.faultSet(f, path)
	default:
		c.fail(path, "", "unknown fault %d", f.Kind)
	}
}

func (c *checker) faultTimes(f *design.Fault, path string) {
	switch {
	case f.HasDown != f.HasUp:
		c.fail(path+".down", "for example down: 1s, up: 2s", "a fault that comes and goes has both down and up")
	case f.HasDown && f.Down.IsZero(), f.HasUp && f.Up.IsZero():
		c.fail(path+".down", "write times such as down: 1s, up: 2s", "it comes and goes in no time")
	}
	c.faultTrigger(f, path)
	repeats := f.HasEvery || f.Period > 0
	switch {
	case f.HasEvery && f.Period > 0:
		c.fail(path+".every", "keep one of them", "the fault has both every and period")
	case repeats && !f.HasFor:
		c.fail(path+".for", "say how long it lasts", "the fault happens again and again, but never ends")
	case f.HasEvery && f.Every.IsZero():
		c.fail(path+".every", "write a distribution of times, such as exp(10m)", "the time to the next occurrence is always 0")
	case f.Period > 0 && f.For.IsConstant() && f.For.Mean() >= f.Period.Seconds():
		c.fail(path+".period", "make it longer than the fault lasts", "the fault begins again before it has ended")
	}
}

// faultTrigger checks what a fault waits for; whether there is such a metric is known when
// the design is compiled.
func (c *checker) faultTrigger(f *design.Fault, path string) {
	_, ok := design.ParseTrigger(f.When)
	switch {
	case f.When != "" && !ok:
		c.fail(path+".when", `write a metric, a comparison and a number, with blanks between: "queue.bus/orders.depth > 1000"`, "%s is not a condition", design.Quoted(f.When))
	case f.When != "" && (f.HasEvery || f.Period > 0):
		c.fail(path+".when", "keep one of them", "the fault has a condition, and times at which it happens again")
	case f.When == "" && f.Look != 0:
		c.fail(path+".look", "leave it out, or write what is looked at: when", "the fault has no condition to look at")
	}
	if f.Clock != design.ClockBusy {
		return
	}
	switch all := f.Members(); {
	case !f.HasEvery:
		c.fail(path+".clock", "for example every: exp(1h)", "the clock is that of every, and the fault has none")
	case len(all) != 1 || c.services[all[0].Node] == nil:
		c.fail(path+".clock", "give each service a fault of its own", "a clock that goes while a node is busy needs one service that the fault strikes")
	}
}

func (c *checker) faultNodes(f *design.Fault, path string) {
	all := f.Members()
	switch {
	case len(all) == 0:
		c.fail(path, "name a service or broker", "the fault has no node")
	case f.Pick < 0 || f.Pick >= max(2, len(all)):
		c.fail(path, "name more nodes, or leave pick out to strike them all", "pick %d of %d", f.Pick, len(all))
	}
	for i, m := range all {
		if c.faultNode(f, m, path); slices.Contains(all[:i], m) || m.Instance > 0 && slices.Contains(all, design.Member{Node: m.Node}) {
			c.fail(path, "leave one of them out", "%s is named twice", m)
		}
	}
}

func (c *checker) faultNode(f *design.Fault, m design.Member, path string) {
	kind, ok := c.ends[m.Node]
	switch {
	case !ok:
		c.nodeMissing(path, m.Node)
		return
	case kind == kindLoad:
		c.fail(path, "name a service or broker", "%s is a load: clients do not fail", m.Node)
		return
	case kind == kindBroker && f.Kind.Class().Node && m.Instance > 1:
	case kind == kindBroker && f.Kind.Class().Node && c.brokers[m.Node].Replicas.Nodes > 1:
		c.fail(path, spell.Textf("write %s#2 for a follower, or crash the leader", m.Node), "a leader that stands still is one that has crashed")
		return
	case kind == kindBroker && !f.Kind.Class().Broker:
		c.fail(path, "crash it, or change its connections", "%s is a broker, which does no work that could be slow, stand still or fail", m.Node)
		return
	}
	most := 1
	if s := c.services[m.Node]; s != nil {
		most = s.Slots()
	} else if i := slices.IndexFunc(c.d.Brokers, func(b design.Broker) bool { return b.Name == m.Node }); i >= 0 {
		most = max(1, c.d.Brokers[i].Replicas.Nodes) // 1 is the leader, the others are followers
	}
	if m.Instance < 0 || m.Instance > most {
		c.fail(path, spell.Textf("instances count from 1 to %d; 0 is all of them", most), "%s has no instance %d", m.Node, m.Instance)
	}
}

func (c *checker) faultCut(f *design.Fault, path string) {
	if len(f.Cut) == 0 {
		c.fail(path, "name connections, such as shop->pay", "the fault cuts nothing")
	}
	for _, cut := range f.Cut {
		for _, end := range []string{cut.From, cut.To} {
			if _, ok := c.ends[end]; !ok && end != "*" {
				c.fail(path, c.didYouMean(end, c.d.Ends(), "ends"), "there is no load, service or broker %s to cut off", design.Quoted(end))
			}
		}
		if cut.From == cut.To && cut.From != "*" {
			c.fail(path, "name two ends", "a cut from %s to itself", cut.From)
		}
	}
}

func (c *checker) faultSet(f *design.Fault, path string) {
	if len(f.Set) == 0 {
		c.fail(path, "name parameters and their values", "the fault sets nothing")
	}
	set := func(i int, err error) bool {
		var bad *design.ParamError
		if !errors.As(err, &bad) {
			return true
		}
		c.fail(numbered(path+".set", i), bad.Advice(), "%s: %s", bad.Path, bad.Says())
		return false
	}
	struck := c.draft.Fork()
	for i, s := range f.Set {
		if !set(i, c.set(s.Path, s.Value)) {
			continue
		}
		_ = struck.Set(s.Path, s.Value)
		if now, old, _ := c.d.Now(s.Path); old {
			c.warn(numbered(path+".set", i), warning.StepByPosition, s.Path, now)
		}
	}
	for i, s := range f.Set {
		if !set(i, c.fits(struck, s.Path)) {
			return // others of the element say the same
		}
	}
}

// unknownParam is an error with a hint, whose search visits every parameter:
// only the first few errors get one.
func (c *checker) unknownParam(path string) error {
	if c.hints++; c.hints > maxHints {
		return &design.ParamError{Path: path, Msg: "there is no such parameter"}
	}
	if c.paths == nil {
		c.paths = c.d.Paths()
	}
	return c.d.Unknown(path, c.paths)
}

// noteFaults records which faults stop nodes or lose messages on links.
func (c *checker) noteFaults() {
	for i := range c.d.Faults {
		f := &c.d.Faults[i]
		for _, m := range f.Members() {
			if f.Kind.Class().Stops && c.stops[m.Node] == "" {
				c.stops[m.Node] = f.Name
			}
		}
		for _, s := range f.Set {
			link, param := s.Link()
			if q, err := draw.ParseQuantity(s.Value); err != nil || q.Value == 0 || c.lossy[link] != "" {
				continue
			}
			if param == "loss" || param == "down" || param == "corrupt" {
				c.lossy[link] = f.Name
			}
		}
	}
}

// outage is the fault that makes messages to a node lost while it lasts; nil if there
// is none. A connection to a broker outlasts a cut of one and a half heartbeats.
func (c *checker) outage(from, to string) *warning.Term {
	if f := c.stops[to]; f != "" {
		why := warning.FaultStops.With(f, to)
		return &why
	}
	outlasts := 0.0
	if b := c.brokerOf(from, to); b != nil && c.linkParams(from, to).Resend(true) > 0 {
		beat := b.Heartbeat
		if beat == 0 {
			beat = design.DefaultHeartbeat
		}
		if outlasts = 1.5 * beat.Seconds(); beat == design.None {
			return nil
		}
	}
	for i := range c.d.Faults {
		f := &c.d.Faults[i]
		if f.Kind == design.FaultCut && f.Cuts(from, to) && (!f.HasFor || f.For.Mean() >= outlasts) {
			why := warning.FaultCuts.With(f.Name, from, to)
			return &why
		}
	}
	return nil
}

// brokerOf is the broker at one end of a link, or nil.
func (c *checker) brokerOf(from, to string) *design.Broker {
	if b := c.brokers[from]; b != nil {
		return b
	}
	return c.brokers[to]
}

// hazard finds the reason why a message between two nodes, or its answer, could
// be lost; nil if there is none.
func (c *checker) hazard(from, to string) *warning.Term {
	key := [2]string{from, to}
	why, ok := c.hazards[key]
	if !ok {
		why = c.findHazard(from, to)
		c.hazards[key] = why
	}
	return why
}

func (c *checker) findHazard(from, to string) *warning.Term {
	because := func(r warning.Reason, names ...string) *warning.Term {
		t := r.With(names...)
		return &t
	}
	broker := c.brokerOf(from, to)
	resent := true // in both directions, over a connection: then only an endless silence can lose something
	for _, way := range [][2]string{{from, to}, {to, from}} {
		resent = resent && broker != nil && c.linkParams(way[0], way[1]).Resend(true) > 0
	}
	if resent && broker.Heartbeat != design.None && c.stops[to] == "" {
		return nil
	}
	for _, way := range [][2]string{{from, to}, {to, from}} {
		if why := c.lossOn(way[0], way[1]); why != nil {
			return why
		}
		for _, link := range []string{way[0] + "->" + way[1], "default"} {
			if f := c.lossy[link]; f != "" {
				return because(warning.FaultLoses, f, from, to)
			}
		}
	}
	if f := c.stops[to]; f != "" {
		return because(warning.FaultStops, f, to)
	}
	for i := range c.d.Faults {
		f := &c.d.Faults[i]
		if f.Kind == design.FaultCut && (f.Cuts(from, to) || f.Cuts(to, from)) {
			return because(warning.FaultCuts, f.Name, from, to)
		}
	}
	return nil
}

// lossOn is the reason why the link from one node to another loses messages at any
// time; nil if it does not.
func (c *checker) lossOn(from, to string) *warning.Term {
	p, name := c.linkParams(from, to), from+"->"+to
	connection := c.brokerOf(from, to) != nil
	resends := p.Resend(connection) > 0
	var why warning.Term
	switch {
	case p.Loss > 0 && !resends:
		why = warning.MessageLost.With(name)
	case p.Corrupt > 0 && !p.Unseen && !(resends && connection):
		why = warning.MessageCorrupt.With(name)
	case p.Down > 0:
		why = warning.LinkDown.With(name)
	default:
		return nil
	}
	return &why
}
