package design

import (
	"asynclab/sim/spec"
	"asynclab/sim/spell"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Properties derived from the parts of a design, for parameters, checks and the
// compiler.

// MaxName bounds the length of a name, in bytes.
const MaxName = 100

// Ends lists the names that can be the end of a link: those of loads, services and
// brokers.
func (d *Design) Ends() []string {
	var names []string
	for i := range d.Loads {
		names = append(names, d.Loads[i].Name)
	}
	for i := range d.Services {
		names = append(names, d.Services[i].Name)
	}
	for i := range d.Brokers {
		names = append(names, d.Brokers[i].Name)
	}
	return names
}

// LinkBetween returns the parameters of the link from one node to another: those
// of the declared link, or of the opposite direction, or the default.
func (d *Design) LinkBetween(from, to string) *LinkParams {
	var back *LinkParams
	for i := range d.Links {
		switch l := &d.Links[i]; {
		case l.From == from && l.To == to:
			return &l.LinkParams
		case l.From == to && l.To == from && back == nil:
			back = &l.LinkParams
		}
	}
	if back != nil {
		return back
	}
	return &d.Default
}

// Resend is the time after which what the link loses is sent again, or 0 where it
// is not; connection: the link leads to or from a broker.
func (l *LinkParams) Resend(connection bool) time.Duration {
	switch {
	case l.Retransmit > 0:
		return l.Retransmit
	case l.Retransmit == 0 && connection:
		return DefaultRetransmit
	}
	return 0
}

// InOrder reports whether no message overtakes another.
func (l *LinkParams) InOrder(connection bool) bool {
	return l.Order == OrderFIFO || l.Order == OrderByEnds && connection
}

// Declared lists the queues of a broker, and for each topic the template of its
// subscriptions and those that are declared.
func (b *Broker) Declared() []*Queue {
	var all []*Queue
	for i := range b.Queues {
		all = append(all, &b.Queues[i])
	}
	for i := range b.Topics {
		t := &b.Topics[i]
		all = append(all, &t.Template)
		for j := range t.Subscriptions {
			all = append(all, &t.Subscriptions[j])
		}
	}
	return all
}

// Readers names the subscription of each consumer, by the queue or topic that it
// consumes, in the order of declaration.
func (d *Design) Readers() map[Target][]string {
	all := map[Target][]string{}
	for i := range d.Services {
		s := &d.Services[i]
		for j := range s.Consumes {
			k := &s.Consumes[j]
			all[k.From] = append(all[k.From], k.SubscriptionOf(s.Name))
		}
	}
	return all
}

// Made names the subscriptions of a topic that exist only because one of its
// readers consumes them, in the order of declaration.
func (t *Topic) Made(readers []string) []string {
	var names []string
	known := map[string]bool{}
	for i := range t.Subscriptions {
		known[t.Subscriptions[i].Name] = true
	}
	for _, name := range readers {
		if !known[name] {
			known[name] = true
			names = append(names, name)
		}
	}
	return names
}

// Rounds is the largest number of times that the branches of a step run.
func (s *Step) Rounds() float64 {
	if s.Op == Repeat {
		return float64(s.Count)
	}
	return float64(max(1, s.Times))
}

// Leads is the consume whose credit that of a queue is: where consumers take from all
// queues of the service, the first.
func (s *Service) Leads(k int) *Consume {
	if s.Order == OrderEach {
		return &s.Consumes[k]
	}
	return &s.Consumes[0]
}

// WorkersEach is the number of workers of an instance; Unlimited.
func (s *Service) WorkersEach() int {
	if s.Workers == 0 && !s.NoWorkers {
		return 1
	}
	return s.Workers
}

// Holds is the largest number of tasks that a service can have at the same time.
func (s *Service) Holds() float64 {
	room := float64(DefaultRoom)
	if s.HasRoom {
		room = float64(s.Room)
	}
	if room < 0 || s.Workers < 0 && s.Discipline != Sharing {
		return math.Inf(1)
	}
	if s.Discipline != Sharing { // whose room holds those in service too
		room += float64(s.WorkersEach())
	}
	return float64(max(1, s.Instances)) * room
}

// Ends reports whether no step after this one can run.
func (s *Step) Ends() bool {
	return s.When.IsZero() && (s.Op == Stop || s.Op == Nack || s.Op == Fail && s.FailProb() == 1)
}

func (s *Step) FailProb() float64 {
	if !s.HasProb && s.Prob == 0 {
		return 1
	}
	return s.Prob
}

// All lists a topic's subscriptions: the declared ones, then those that its readers
// make, which take the topic's template.
func (t *Topic) All(readers []string) []Queue {
	subs := append([]Queue(nil), t.Subscriptions...)
	for _, name := range t.Made(readers) {
		subs = append(subs, t.Template.named(name))
	}
	return subs
}

// SubscriptionOf is the subscription that a consumer of the service reads a topic
// through.
func (k *Consume) SubscriptionOf(service string) string {
	if k.Subscription != "" {
		return k.Subscription
	}
	return service
}

// Link splits the path of a parameter of a link.
func (s Setting) Link() (link, param string) {
	rest, ok := strings.CutPrefix(s.Path, "link.")
	dot := strings.LastIndexByte(rest, '.')
	if !ok || dot < 0 {
		return "", ""
	}
	return rest[:dot], rest[dot+1:]
}

// Members lists what the fault strikes, or of which it picks: services, brokers and
// instances.
func (f *Fault) Members() []Member {
	if f.Node == "" {
		return nil
	}
	return append([]Member{{f.Node, f.Instance}}, f.Others...)
}

// Strikes reports whether the fault can strike a node.
func (f *Fault) Strikes(node string) bool {
	return node != "" && (f.Node == node || slices.ContainsFunc(f.Others, func(m Member) bool { return m.Node == node }))
}

// ParseMember reads the name of a node, or of one of its instances: pay, pay#2.
func ParseMember(text string) (m Member, ok bool) {
	name, number, has := strings.Cut(text, "#")
	if !has {
		return Member{Node: name}, name != ""
	}
	n, err := strconv.Atoi(number)
	return Member{name, n}, err == nil && n >= 1 && n <= MaxInstances && name != "" && number[0] != '+'
}

func (m Member) String() string {
	if m.Instance > 0 {
		return m.Node + "#" + strconv.Itoa(m.Instance)
	}
	return m.Node
}

func (f *Fault) Cuts(from, to string) bool {
	for _, c := range f.Cut {
		if (c.From == "*" || c.From == from) && (c.To == "*" || c.To == to) {
			return true
		}
	}
	return false
}

// Param describes a parameter; ok is false where there is none of that path.
func (d *Design) Param(path string) (p Param, ok bool) {
	s := d.lookup(path)
	if s == nil {
		return p, false
	}
	return s.param(s.path), true
}

// EachValue visits every parameter and every choice of a word with its error, nil
// if it is valid. The mean of a distribution is not visited as a separate value.
func (d *Design) EachValue(visit func(path string, wrong *ParamError)) {
	w := walker{d: d, words: true, visit: func(path string, s *slot) {
		switch {
		case s.mean:
		case s.Kind != spec.Word && s.Computed(s.owner):
			visit(path, nil)
		case s.Kind == spec.Word && s.Known(s.owner):
		case s.Kind == spec.Word:
			visit(path, Wrong(path, spell.Textf("write one of %s", strings.Join(s.Words, ", ")), "unknown word"))
		default:
			var wrong *ParamError
			if err := s.Check(s.load()); err != nil {
				wrong = s.wrong(path, "", err)
			}
			visit(path, wrong)
		}
	}}
	w.design()
}
