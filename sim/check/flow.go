package check

import (
	"strings"

	"asynclab/sim/design"
	"asynclab/sim/warning"
)

// The flow of a design is a graph: handlers, queues and topics, with an edge for
// everything that sends from one to another. From it follow the nodes that can be
// reached, the cycles that never end, and the messages per operation.

type flowNode struct {
	name    string // service/handler, broker/queue, broker/topic, broker/topic/subscription
	end     string // the service or broker, as links name it
	path    string
	place   int
	steps   []design.Step // of a handler
	topic   bool
	filters bool            // of a topic: a subscription has a filter
	subs    []design.Target // of a topic: its subscriptions
	dead    string          // of a queue or subscription: its dead-letter queue
	edges   []flowEdge
	scc     int
	count   float64 // messages that one message to here becomes
}

// flowEdge says that a message at one node becomes, on average, mean messages at
// another. 0 marks an edge that is used only after a failure.
type flowEdge struct {
	to   int
	mean float64
	sure bool // every message to the one becomes at least one to the other
	onlyIf
	path string // of the step
}

// onlyIf says on what it depends whether a step is done.
type onlyIf struct {
	holds     bool // on a condition: how often it holds is not known
	remembers bool // on what a store knows, as with messages that have been seen
}

func (o onlyIf) or(other onlyIf) onlyIf {
	return onlyIf{o.holds || other.holds, o.remembers || other.remembers}
}

type flowGraph struct {
	nodes  []flowNode
	byName map[design.Target]int
	legs   map[[2]string]bool // pairs of ends that exchange messages
	stores map[string][]design.Store
}

func (c *checker) flow() {
	g := c.graph()
	sccs := g.components()
	for _, members := range sccs {
		c.settle(g, members)
	}
	for i := range c.d.Loads {
		c.at(kindLoad, i)
		c.loadFlow(g, &c.d.Loads[i], "load."+design.Named(c.d.Loads[i].Name, i))
	}
	if c.broken {
		return // everything behind a wrong name would be reported as unreached
	}
	if len(c.d.Loads) == 0 {
		c.at(kindDesign, 0)
		c.warn("design", warning.NoLoad)
		return
	}
	c.unreached(g)
	c.deadInstances(g)
	for i := range c.d.Links {
		l := &c.d.Links[i]
		if c.links[[2]string{l.From, l.To}] != &l.LinkParams || l.From == l.To || c.ends[l.From] == 0 || c.ends[l.To] == 0 {
			continue // reported already
		}
		if !l.Zone && !g.legs[[2]string{l.From, l.To}] && !g.legs[[2]string{l.To, l.From}] {
			c.at(kindLink, i)
			c.warn("link."+l.From+"->"+l.To, warning.NoTraffic)
		}
	}
}

// graph builds the nodes, then the edges. Unknown targets have no edge.
func (c *checker) graph() *flowGraph {
	g := &flowGraph{byName: map[design.Target]int{}, legs: map[[2]string]bool{}, stores: map[string][]design.Store{}}
	add := func(t design.Target, n flowNode) {
		if _, ok := g.byName[t]; !ok {
			n.name, n.end = t.String(), t.Node
			g.byName[t] = len(g.nodes)
			g.nodes = append(g.nodes, n)
		}
	}
	for i := range c.d.Services {
		s := &c.d.Services[i]
		g.stores[s.Name] = s.Stores
		for j := range s.Handlers {
			h := c.handlers[design.Target{Node: s.Name, Entry: s.Handlers[j].Name}]
			add(design.Target{Node: s.Name, Entry: s.Handlers[j].Name}, flowNode{path: h.path, place: h.place, steps: h.handler.Steps})
		}
	}
	for i := range c.d.Brokers {
		b := &c.d.Brokers[i]
		place, base := placeOf(kindBroker, i), "queue."+design.Named(b.Name, i)+"/"
		for j := range b.Queues {
			q := &b.Queues[j]
			add(design.Target{Node: b.Name, Entry: q.Name}, flowNode{path: base + design.Named(q.Name, j), place: place, dead: q.DeadLetter})
		}
		for j := range b.Topics {
			t := &b.Topics[j]
			path := base + design.Named(t.Name, j)
			topic := flowNode{path: path, place: place, topic: true}
			subs := t.All(c.readers[design.Target{Node: b.Name, Entry: t.Name}])
			for _, sub := range subs {
				topic.filters = topic.filters || !sub.Filter.IsZero()
				topic.subs = append(topic.subs, design.Target{Node: b.Name, Entry: t.Name + "/" + sub.Name})
			}
			add(design.Target{Node: b.Name, Entry: t.Name}, topic)
			for k, sub := range subs {
				add(topic.subs[k], flowNode{path: path + "/" + sub.Name, place: place, dead: sub.DeadLetter})
			}
		}
	}
	c.edges(g)
	return g
}

func (c *checker) edges(g *flowGraph) {
	for i := range g.nodes {
		n := &g.nodes[i]
		g.stepEdges(n.steps, flowAt{from: i, path: n.path, mean: 1, sure: true, depth: 1})
		for _, sub := range n.subs {
			g.edge(i, sub, flowEdge{mean: 1, sure: !n.filters})
		}
		if n.dead != "" {
			g.edge(i, design.Target{Node: n.end, Entry: n.dead}, flowEdge{})
		}
	}
	for i := range c.d.Loads {
		l := &c.d.Loads[i]
		g.legs[[2]string{l.Name, l.To.Node}] = true
		for _, to := range l.Uses.Targets() {
			g.legs[[2]string{l.Name, to.Node}] = true
		}
	}
	c.consumeEdges(g)
}

func (g *flowGraph) edge(from int, to design.Target, e flowEdge) {
	t, ok := g.byName[to]
	if !ok {
		return
	}
	n := &g.nodes[from]
	if e.to = t; e.path == "" {
		e.path = n.path
	}
	n.edges = append(n.edges, e)
	if n.end != to.Node {
		g.legs[[2]string{n.end, to.Node}] = true
	}
}

// consumeEdges lead from queues to handlers. Services that compete for a queue
// share its messages; the shares are not known, so they count as equal.
func (c *checker) consumeEdges(g *flowGraph) {
	by := map[int][]design.Target{}
	var order []int
	for i := range c.d.Services {
		s := &c.d.Services[i]
		for j := range s.Consumes {
			k := &s.Consumes[j]
			from := k.From
			if c.topics[from] != nil {
				from.Entry += "/" + k.SubscriptionOf(s.Name)
			}
			q, ok := g.byName[from]
			if !ok {
				continue
			}
			if len(by[q]) == 0 {
				order = append(order, q)
			}
			by[q] = append(by[q], design.Target{Node: s.Name, Entry: k.Handler})
		}
	}
	for _, q := range order {
		for _, k := range by[q] {
			g.edge(q, k, flowEdge{mean: 1 / float64(len(by[q])), sure: len(by[q]) == 1})
		}
	}
}

// flowAt is the position of a list of steps, and how often it runs.
type flowAt struct {
	from  int // the handler
	path  string
	mean  float64
	sure  bool // it always runs
	only  onlyIf
	depth int
}

func (at flowAt) in(label string, times float64, sure bool) flowAt {
	if label != "" {
		at.path += "." + label
	}
	at.mean *= times
	at.sure = at.sure && sure
	at.depth++
	return at
}

// stepEdges adds the edges of a list of steps, and returns the probability that
// the step after it runs.
func (g *flowGraph) stepEdges(list []design.Step, at flowAt) (goesOn float64) {
	goesOn = 1
	if at.depth > design.MaxStepDepth {
		return goesOn
	}
	var places design.StepPlaces
	for i := range list {
		s := &list[i]
		here := at
		here.path += "." + places.Next(s.Op)
		here.mean *= goesOn
		here.only = at.only.or(g.when(at.from, s.When))
		here.sure = at.sure && goesOn == 1 && !here.only.holds
		if p := g.stepEdge(s, here); s.When.IsZero() { // how often a condition holds is not known: it may always, or never
			goesOn *= p
		}
		if s.HasElse { // only when something has failed
			g.stepEdges(s.Else, here.in("else", 0, false))
		}
		if s.Ends() {
			return 0
		}
		at.only = at.only.or(g.ends(at.from, s))
	}
	return goesOn
}

// when says on what a condition of a handler depends.
func (g *flowGraph) when(from int, cond design.Condition) onlyIf {
	o := onlyIf{holds: !cond.IsZero()}
	for i := range cond.Terms {
		name, _, _ := strings.Cut(cond.Terms[i].Name, ".")
		for k := range g.stores[g.nodes[from].end] {
			o.remembers = o.remembers || g.stores[g.nodes[from].end][k].Name == name
		}
	}
	return o
}

// ends says on what it depends whether the steps after this one are done.
func (g *flowGraph) ends(from int, s *design.Step) (o onlyIf) {
	switch s.Op {
	case design.Stop, design.Nack, design.Fail:
		return g.when(from, s.When)
	case design.Set:
		return onlyIf{len(s.From) > 0 || s.Fresh, len(s.From) > 0 || s.Fresh}
	case design.Choose:
		for i := range s.Whens {
			for k := range s.Branches[i] {
				if b := &s.Branches[i][k]; b.Op == design.Stop || b.Op == design.Nack || b.Op == design.Fail {
					o = o.or(g.when(from, s.Whens[i])).or(g.when(from, b.When))
				}
			}
		}
	}
	return o
}

func (g *flowGraph) stepEdge(s *design.Step, at flowAt) (goesOn float64) {
	label := func(i int) string { return design.BranchLabel(i, len(s.Branches)) }
	switch s.Op {
	case design.Call, design.Await, design.Send, design.Publish:
		g.edge(at.from, s.To, flowEdge{mean: at.mean, sure: at.sure, onlyIf: at.only, path: at.path})
		for _, to := range s.Uses.Targets() {
			g.edge(at.from, to, flowEdge{path: at.path})
		}
	case design.Fail:
		return 1 - s.FailProb()
	case design.Parallel:
		copies := float64(max(1, s.Times))
		for i := range s.Branches {
			g.stepEdges(s.Branches[i], at.in(label(i), copies, true))
		}
	case design.Choose:
		return g.chooseEdges(s, at)
	case design.Repeat:
		return g.repeatEdges(s, at)
	}
	return 1
}

// chooseEdges: a branch with a condition may always be done, or never.
func (g *flowGraph) chooseEdges(s *design.Step, at flowAt) (goesOn float64) {
	goesOn = 1
	rest, best := 1.0, 0.0
	for i := range s.Branches {
		w := rest
		switch {
		case i < len(s.Whens):
			w = 1
		case i < len(s.Weights):
			w = s.Weights[i]
			rest = max(0, rest-w)
		case len(s.Whens) > 0:
			w = 1
		}
		in := at.in(design.BranchLabel(i, len(s.Branches)), w, w >= 1 && len(s.Whens) == 0)
		for k := range min(i+1, len(s.Whens)) {
			in.only = in.only.or(g.when(at.from, s.Whens[k]))
		}
		p := g.stepEdges(s.Branches[i], in)
		goesOn -= float64(w * (1 - p))
		best = max(best, p)
	}
	if len(s.Whens) > 0 && !s.Rest {
		return 1
	}
	if len(s.Whens) > 0 {
		return best
	}
	return max(0, goesOn)
}

// repeatEdges: if each round goes on with probability p, there are (1-pⁿ)/(1-p)
// rounds on average.
func (g *flowGraph) repeatEdges(s *design.Step, at flowAt) (goesOn float64) {
	if len(s.Branches) != 1 {
		return 1
	}
	n := &g.nodes[at.from]
	before := len(n.edges)
	in := at.in("", 1, s.Count > 0)
	in.only = in.only.or(g.when(at.from, s.While))
	p := g.stepEdges(s.Branches[0], in)
	rounds, goesOn := float64(s.Count), 1.0
	if p < 1 {
		goesOn = pow(p, s.Count)
		rounds = (1 - goesOn) / (1 - p)
	}
	for i := before; i < len(n.edges); i++ {
		n.edges[i].mean *= rounds
	}
	return goesOn
}

func pow(p float64, n int) float64 {
	x := 1.0
	for ; n > 0; n >>= 1 {
		if n&1 == 1 {
			x *= p
		}
		p *= p
	}
	return x
}

// reached tells what can be reached from a target.
func (g *flowGraph) reached(from design.Target) []bool {
	seen := make([]bool, len(g.nodes))
	g.reach(from, seen)
	return seen
}

// reach marks what can be reached from a target, but through what is marked.
func (g *flowGraph) reach(from design.Target, seen []bool) {
	start, ok := g.byName[from]
	if !ok || seen[start] {
		return
	}
	seen[start] = true
	for next := []int{start}; len(next) > 0; {
		n := &g.nodes[next[len(next)-1]]
		next = next[:len(next)-1]
		for _, e := range n.edges {
			if !seen[e.to] {
				seen[e.to] = true
				next = append(next, e.to)
			}
		}
	}
}

// loadFlow checks the messages that follow from the operations of one load.
func (c *checker) loadFlow(g *flowGraph, l *design.Load, path string) {
	if i, ok := g.byName[l.To]; ok {
		if n := 1 + g.nodes[i].count; n > design.MaxFanOut {
			c.fail(path+".to", "fewer repeats, copies or subscriptions will do",
				"one operation becomes %.3g messages, the most is %d", n, design.MaxFanOut)
		}
	}
	var seen []bool
	if len(l.Confirm) > 0 {
		seen = g.reached(l.To)
	}
	for i, t := range l.Confirm {
		at, ok := g.byName[t]
		if !ok || seen[at] || c.broken {
			continue
		}
		c.fail(numbered(path+".confirm", i), "name a handler that messages come to", "no operation could ever be confirmed: nothing leads from %s to %s", l.To, t)
	}
	c.endless(g, l, path)
}

// endless warns of a client without a time limit whose answer may never come.
func (c *checker) endless(g *flowGraph, l *design.Load, path string) {
	if l.Timeout == design.None {
		if why := c.hazard(l.Name, l.To.Node); why != nil {
			c.warn(path+".timeout", warning.ClientWaits, *why)
		}
	}
	bounded := l.Timeout != design.None && len(l.Confirm) == 0 && l.Retry.Attempts != design.Unlimited
	if l.Deadline != design.None || bounded {
		return
	}
	why := c.hazard(l.Name, l.To.Node)
	seen := g.reached(l.To)
	for i := 0; i < len(g.nodes) && why == nil; i++ {
		if !seen[i] {
			continue
		}
		for _, e := range g.nodes[i].edges {
			if to := g.nodes[e.to].end; to != g.nodes[i].end && why == nil {
				why = c.hazard(g.nodes[i].end, to)
			}
		}
	}
	if why != nil {
		c.warn(path+".deadline", warning.NeverClosed, *why)
	}
}

// unreached warns of handlers that no message reaches.
func (c *checker) unreached(g *flowGraph) {
	reached := make([]bool, len(g.nodes))
	for i := range c.d.Loads {
		g.reach(c.d.Loads[i].To, reached)
		for _, to := range c.d.Loads[i].Uses.Targets() {
			g.reach(to, reached)
		}
	}
	for i := range g.nodes {
		if n := &g.nodes[i]; !reached[i] && strings.HasPrefix(n.path, "service.") {
			c.place = n.place
			c.warn(n.path, warning.Unreached)
		}
	}
}
