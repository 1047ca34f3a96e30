package model

import (
	"fmt"
	"sort"
	"strings"
	"unicode"
)

// maxProblems bounds the list: after so many, the rest is noise.
const maxProblems = 200

// Check finds everything that is wrong with a design, in the order of its
// declaration. A design without errors (warnings aside) can be compiled.
func Check(d *Design) []Problem {
	c := newChecker(d)
	if !c.sizes() {
		return c.problems() // too large to look at every part of it
	}
	c.nameSpaces()
	for i := range d.Loads {
		c.at(kindLoad, i)
		c.load(&d.Loads[i], "load."+named(d.Loads[i].Name, i))
	}
	for i := range d.Services {
		c.at(kindService, i)
		c.service(&d.Services[i], "service."+named(d.Services[i].Name, i))
	}
	c.totals()
	for i := range d.Brokers {
		c.at(kindBroker, i)
		c.broker(&d.Brokers[i], named(d.Brokers[i].Name, i))
	}
	for i := range d.Links {
		c.at(kindLink, i)
		c.link(i)
	}
	for i := range d.Faults {
		c.at(kindFault, i)
		c.fault(&d.Faults[i], "fault."+named(d.Faults[i].Name, i))
	}
	c.ranges()
	c.flow()
	return c.problems()
}

// checker collects the problems of one design.
type checker struct {
	d     *Design
	found []located
	place int // orders problems by what they are about
	more  int // problems beyond maxProblems

	ends     map[string]elementKind // loads, services, brokers: one name space
	handlers map[Target]*handlerInfo
	queues   map[Target]*Queue
	topics   map[Target]*Topic
	consumed map[Target]bool // queues and topics that some service consumes
	links    map[[2]string]*LinkParams
	stops    map[string]string // node: the fault that stops it
	lossy    map[string]string // link, or default: the fault that makes it lose messages
	hazards  map[[2]string]string
	paths    []string // of all parameters, once they are needed
	broken   bool     // a name or a target is wrong: no use in following messages
}

type located struct {
	Problem
	place int
}

type handlerInfo struct {
	service *Service
	handler *Handler
	path    string
	place   int
	manual  bool // takes deliveries that it must acknowledge
	auto    bool // takes deliveries that are acknowledged already
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

func newChecker(d *Design) *checker {
	c := &checker{
		d: d, ends: map[string]elementKind{}, handlers: map[Target]*handlerInfo{},
		queues: map[Target]*Queue{}, topics: map[Target]*Topic{}, consumed: map[Target]bool{},
		links: map[[2]string]*LinkParams{}, stops: map[string]string{}, lossy: map[string]string{},
		hazards: map[[2]string]string{},
	}
	for i := range d.Links {
		if l := &d.Links[i]; c.links[[2]string{l.From, l.To}] == nil {
			c.links[[2]string{l.From, l.To}] = &l.LinkParams
		}
	}
	c.noteFaults()
	return c
}

// at says what the next problems are about.
func (c *checker) at(kind elementKind, i int) { c.place = placeOf(kind, i) }

func placeOf(kind elementKind, i int) int { return int(kind)<<32 + i }

func (c *checker) add(p Problem) {
	if len(c.found) >= maxProblems {
		c.more++
		return
	}
	c.found = append(c.found, located{p, c.place})
}

func (c *checker) fail(path, hint, format string, args ...any) {
	c.add(Problem{Path: path, Msg: fmt.Sprintf(format, args...), Hint: hint})
}

func (c *checker) warn(path, hint, format string, args ...any) {
	c.add(Problem{Path: path, Msg: fmt.Sprintf(format, args...), Hint: hint, Warning: true})
}

func (c *checker) problems() []Problem {
	sort.SliceStable(c.found, func(i, j int) bool { return c.found[i].place < c.found[j].place })
	var all []Problem
	for _, p := range c.found {
		all = append(all, p.Problem)
	}
	if c.more > 0 {
		all = append(all, Problem{Path: "design", Msg: fmt.Sprintf("%d more problems are not shown", c.more)})
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
		settings += len(d.Faults[i].Cut) + len(d.Faults[i].Set)
	}
	for _, l := range []struct {
		what    string
		n, most int
	}{
		{"loads, services, brokers, queues and topics", nodes, MaxNodes},
		{"handlers", handlers, MaxSteps},
		{"consumers of queues", consumes, MaxSteps},
		{"steps", steps, MaxSteps},
		{"connections", len(d.Links), MaxNodes * 10},
		{"faults", len(d.Faults), MaxFaults},
		{"cuts and settings of faults", settings, MaxFaults},
		{"handlers times loads", handlers * len(d.Loads), maxTracks},
	} {
		if l.n > l.most {
			c.fail("design", "split the design, or model less of it", "%d %s, the most is %d", l.n, l.what, l.most)
		}
	}
	return len(c.found) == 0
}

// maxTracks bounds what the run keeps to see deliveries out of order: one number
// for each load at each handler.
const maxTracks = 4_000_000

// countSteps counts nested steps; it stops going down where Check will complain.
func countSteps(list []Step, depth int) int {
	n := len(list)
	if depth > MaxStepDepth {
		return n
	}
	for i := range list {
		for _, b := range list[i].Branches {
			n += countSteps(b, depth+1)
		}
		n += countSteps(list[i].Else, depth+1)
		if n > MaxSteps {
			return n
		}
	}
	return n
}

const maxName = 100

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

// ranges judges every parameter by the registry: what Set would refuse is wrong
// in a literal design too.
func (c *checker) ranges() {
	places := c.placesByPath()
	seen := map[string]bool{}
	w := walker{d: c.d, visit: func(path string, s *slot) {
		if s.mean {
			return
		}
		// Connections have no names of their own, and link checks them.
		if seen[path] && !c.broken && !strings.HasPrefix(path, "link.") {
			c.place = places(path)
			c.fail(path, "rename one of them", "two parameters have this path, because names contain dots")
		}
		seen[path] = true
		if err := s.check(s.load()); err != nil {
			c.place = places(path)
			bad := err.(*valueError)
			c.fail(path, bad.hint, "%s", bad.msg)
		}
	}}
	w.design()
}

// placesByPath finds what a path is about. The walk visits elements in the order
// of declaration, so the place only ever moves on.
func (c *checker) placesByPath() func(path string) int {
	type prefix struct {
		text  string
		place int
	}
	var all []prefix
	d := c.d
	add := func(text string, kind elementKind, i int) { all = append(all, prefix{text + ".", placeOf(kind, i)}) }
	for i := range d.Loads {
		add("load."+named(d.Loads[i].Name, i), kindLoad, i)
	}
	for i := range d.Services {
		add("service."+named(d.Services[i].Name, i), kindService, i)
	}
	for i := range d.Brokers {
		all = append(all, prefix{"queue." + named(d.Brokers[i].Name, i) + "/", placeOf(kindBroker, i)})
	}
	all = append(all, prefix{"link.default.", placeOf(kindLink, -1)})
	for i := range d.Links {
		add("link."+d.Links[i].From+"->"+d.Links[i].To, kindLink, i)
	}
	for i := range d.Faults {
		add("fault."+named(d.Faults[i].Name, i), kindFault, i)
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
