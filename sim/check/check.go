package check

import (
	"sort"
	"strings"

	"asynclab/sim/design"
	"asynclab/sim/spell"
	"asynclab/sim/warning"
)

// maxProblems bounds the errors, and the warnings of each kind: further errors are
// only counted.
const maxProblems = 200

// Design lists the errors and warnings about a design, in the order of its
// declaration. A design without errors can be compiled.
func Design(d *design.Design) []Problem {
	c := newChecker(d)
	if !c.sizes() {
		return c.problems() // too large for the other checks
	}
	c.nameSpaces()
	c.attributes()
	for i := range d.Loads {
		c.at(kindLoad, i)
		c.load(&d.Loads[i], "load."+design.Named(d.Loads[i].Name, i))
	}
	for i := range d.Services {
		c.at(kindService, i)
		c.service(&d.Services[i], "service."+design.Named(d.Services[i].Name, i))
	}
	c.totals()
	for i := range d.Brokers {
		c.at(kindBroker, i)
		c.broker(&d.Brokers[i], design.Named(d.Brokers[i].Name, i))
	}
	c.resends(&d.Default, "link.default")
	for i := range d.Links {
		c.at(kindLink, i)
		c.link(i)
	}
	for i := range d.Faults {
		c.at(kindFault, i)
		c.fault(&d.Faults[i], "fault."+design.Named(d.Faults[i].Name, i))
	}
	c.prices()
	c.ranges()
	c.mechanisms()
	c.flow()
	c.unread()
	return c.problems()
}

// checker collects the problems of one design.
type checker struct {
	d       *design.Design
	draft   *design.Draft // of the design, or of what it has become
	found   []located
	place   int // orders problems by their element
	errors  int
	warned  map[warning.Kind]int
	changed map[design.Target][]string // services whose stores a call changes
	locked  map[[3]string]bool         // service, and two stores: the lock of the second is taken by who holds that of the first

	ends     map[string]elementKind // loads, services, brokers: one name space
	handlers map[design.Target]*handlerInfo
	queues   map[design.Target]*design.Queue
	topics   map[design.Target]*design.Topic
	readers  map[design.Target][]string // of queues and topics: the subscriptions of their consumers
	links    map[[2]string]*design.LinkParams
	services map[string]*design.Service
	brokers  map[string]*design.Broker
	stops    map[string]string                // node: the fault that stops it
	behind   map[design.Target]*design.Target // of a handler: the queue or topic to which it publishes before it answers
	lossy    map[string]string                // link, or default: the fault that makes it lose messages
	hazards  map[[2]string]*warning.Term      // why a message between two nodes could be lost; nil if it could not
	paths    []string                         // of all parameters, once they are needed
	attrs    []design.Attribute               // of all loads
	batches  bool                             // some handler takes several messages at once
	read     map[string]bool                  // by whom ever
	written  map[string][]written             // by steps, on their messages
	reasons  []*design.Reason                 // causes of failure that something produces
	hints    int                              // unknown names that got one
	broken   bool                             // a name or a target is wrong: the flow of messages is not checked
}

type located struct {
	Problem
	place int
}

type handlerInfo struct {
	service *design.Service
	handler *design.Handler
	path    string
	place   int
	manual  bool // takes deliveries that it must acknowledge
	auto    bool // takes deliveries that are acknowledged already
	batch   bool // takes several messages at once
}

// elementKind orders the parts of a design.
type elementKind int

const (
	kindDesign elementKind = iota
	kindLoad
	kindService
	kindBroker
	kindLink
	kindFault
)

var elementNouns = [...]string{"design", "load", "service", "broker", "link", "fault"}

func newChecker(d *design.Design) *checker {
	c := &checker{
		d: d, draft: design.NewDraft(d), reasons: d.Reasons(), ends: map[string]elementKind{}, handlers: map[design.Target]*handlerInfo{},
		queues: map[design.Target]*design.Queue{}, topics: map[design.Target]*design.Topic{}, readers: d.Readers(),
		services: map[string]*design.Service{}, brokers: map[string]*design.Broker{}, links: map[[2]string]*design.LinkParams{}, stops: map[string]string{}, lossy: map[string]string{},
		hazards: map[[2]string]*warning.Term{}, warned: map[warning.Kind]int{}, changed: map[design.Target][]string{}, locked: map[[3]string]bool{}, behind: map[design.Target]*design.Target{},
	}
	for i := range d.Services {
		if s := &d.Services[i]; c.services[s.Name] == nil {
			c.services[s.Name] = s
		}
	}
	for i := range d.Brokers {
		if b := &d.Brokers[i]; c.brokers[b.Name] == nil {
			c.brokers[b.Name] = b
		}
	}
	for i := range d.Links {
		if l := &d.Links[i]; c.links[[2]string{l.From, l.To}] == nil {
			c.links[[2]string{l.From, l.To}] = &l.LinkParams
		}
	}
	c.noteFaults()
	return c
}

// maxHints bounds the hints for unknown names: each looks at every known name.
const maxHints = 20

// hinted reports whether the next unknown name still gets a hint.
func (c *checker) hinted() bool { return c.hints < maxHints }

// didYouMean is the hint for an unknown name.
func (c *checker) didYouMean(name string, known []string, what any) any {
	if c.hints++; c.hints > maxHints {
		return ""
	}
	return spell.HintText(name, what, known)
}

// at sets the element of the next problems.
func (c *checker) at(kind elementKind, i int) { c.place = placeOf(kind, i) }

func placeOf(kind elementKind, i int) int { return int(kind)<<32 + i }

func (c *checker) fail(path string, hint any, format string, args ...any) {
	if c.errors++; c.errors <= maxProblems {
		says, advice := spell.Textf(format, args...), spell.Of(hint)
		c.found = append(c.found, located{Problem{Path: path, Msg: says.String(), Hint: advice.String(), Says: says, Advice: advice}, c.place})
	}
}

// warn adds a warning; each term is a text, or a warning.Term.
func (c *checker) warn(path string, k warning.Kind, terms ...any) {
	if c.warned[k]++; c.warned[k] <= maxProblems {
		c.found = append(c.found, located{warned(warning.Of(k, path, terms...)), c.place})
	}
}

func warned(w warning.Warning) Problem {
	return Problem{Path: w.Element, Msg: w.Text(), Hint: w.Do(), Warning: &w, Says: spell.Textf("%s", w), Advice: spell.Textf("%s", w.Advice())}
}

func (c *checker) problems() []Problem {
	sort.SliceStable(c.found, func(i, j int) bool { return c.found[i].place < c.found[j].place })
	var all []Problem
	paths := design.NewStepPaths(c.d) // the checks know steps by their places
	for _, p := range c.found {
		p.Path = paths.ByName(p.Path)
		if p.Warning != nil {
			p.Warning.Element = paths.ByName(p.Warning.Element)
		}
		all = append(all, p.Problem)
	}
	if more := c.errors - maxProblems; more > 0 {
		says := spell.Textf("%d more errors are not shown", more)
		all = append(all, Problem{Path: "design", Msg: says.String(), Says: says})
	}
	return all
}

// sizes checks the limits that keep the rest of the checks bounded.
func (c *checker) sizes() bool {
	d := c.d
	nodes := len(d.Loads) + len(d.Services) + len(d.Brokers)
	handlers, steps := 0, 0
	for i := range d.Brokers {
		b := &d.Brokers[i]
		nodes += len(b.Queues) + len(b.Topics)
		for j := range b.Topics {
			nodes += len(b.Topics[j].Subscriptions)
		}
	}
	consumes := 0
	for i := range d.Services {
		consumes += len(d.Services[i].Consumes)
		handlers += len(d.Services[i].Handlers)
		for j := range d.Services[i].Handlers {
			steps += countSteps(d.Services[i].Handlers[j].Steps, 1)
		}
	}
	settings := 0
	for i := range d.Faults {
		settings += len(d.Faults[i].Cut) + len(d.Faults[i].Set) + len(d.Faults[i].Others)
	}
	for _, l := range []struct {
		what    string
		n, most int
	}{
		{"loads, services, brokers, queues and topics", nodes, design.MaxNodes},
		{"handlers", handlers, design.MaxSteps},
		{"consumers of queues", consumes, design.MaxSteps},
		{"steps", steps, design.MaxSteps},
		{"links", len(d.Links), design.MaxNodes * 10},
		{"faults", len(d.Faults), design.MaxFaults},
		{"nodes, cuts and settings of faults", settings, design.MaxFaults},
	} {
		if l.n > l.most {
			c.fail("design", "split the design, or model less of it", "%d %s, the most is %d", l.n, spell.Noun(l.what), l.most)
		}
	}
	return len(c.found) == 0
}

// countSteps counts nested steps; it stops going down where Check will complain.
func countSteps(list []design.Step, depth int) int {
	n := len(list)
	if depth > design.MaxStepDepth {
		return n
	}
	for i := range list {
		for _, b := range list[i].Branches {
			n += countSteps(b, depth+1)
		}
		n += countSteps(list[i].Else, depth+1)
		if n > design.MaxSteps {
			return n
		}
	}
	return n
}

// ranges checks every parameter by the registry: a value that Set would refuse is
// an error in a design written in Go too.
func (c *checker) ranges() {
	places := c.placesByPath()
	c.d.EachValue(func(path string, wrong *design.ParamError) {
		if wrong != nil {
			c.place = places(path)
			c.fail(path, wrong.Advice(), "%s", wrong.Says())
		}
	})
}

// placesByPath finds the element of a path. The walk visits elements in the order
// of declaration, so the place never decreases.
func (c *checker) placesByPath() func(path string) int {
	type prefix struct {
		text  string
		place int
	}
	var all []prefix
	d := c.d
	add := func(text string, kind elementKind, i int) { all = append(all, prefix{text + ".", placeOf(kind, i)}) }
	for i := range d.Loads {
		add("load."+design.Named(d.Loads[i].Name, i), kindLoad, i)
	}
	for i := range d.Services {
		add("service."+design.Named(d.Services[i].Name, i), kindService, i)
	}
	for i := range d.Brokers {
		add("broker."+design.Named(d.Brokers[i].Name, i), kindBroker, i)
		all = append(all, prefix{"queue." + design.Named(d.Brokers[i].Name, i) + "/", placeOf(kindBroker, i)})
	}
	all = append(all, prefix{"link.default.", placeOf(kindLink, -1)})
	for i := range d.Links {
		add("link."+d.Links[i].From+"->"+d.Links[i].To, kindLink, i)
	}
	for i := range d.Faults {
		add("fault."+design.Named(d.Faults[i].Name, i), kindFault, i)
	}
	at := 0
	return func(path string) int {
		for at < len(all) && !strings.HasPrefix(path, all[at].text) {
			at++
		}
		if at == len(all) {
			return placeOf(kindFault, len(d.Faults))
		}
		return all[at].place
	}
}
