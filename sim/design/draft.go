package design

import (
	"maps"
	"reflect"
	"slices"
	"strings"
)

// Draft is a design whose parameters are changed one by one. A change costs what
// the element costs that it belongs to, however many there are: a draft finds the
// element by an index of names, copies the list in which it is when it changes
// something in it for the first time, and shares all else with the design that it
// began with.
//
//	d ──NewDraft──► Draft ──Set, Reset──► changed in place
//	                  │ Design: what has been given out does not change any more
//	                  └ Fork: another draft that goes on from here
type Draft struct {
	*Design
	names *index
	links map[string]int32 // those that were declared by setting a parameter
	own   owned
}

// owned tells which parts of a draft nobody else has.
type owned struct {
	design, loads, services, links bool
	brokers                        []bool
}

// Part is an element of a design as parameters see it. All links are one part,
// because what one of them does not say is what the default says.
type Part struct {
	Kind  PartKind
	Index int32 // in the list of its kind; 0 for links
}

// PartKind is the list that a part is in.
type PartKind uint8

// The parts.
const (
	LoadPart PartKind = iota
	ServicePart
	BrokerPart
	LinkPart
)

// NewDraft begins with a design, which is not changed.
func NewDraft(d *Design) *Draft {
	return &Draft{Design: d, names: newIndex(d), links: map[string]int32{}}
}

// Param describes a parameter; ok is false where there is none of that path.
func (f *Draft) Param(path string) (p Param, ok bool) {
	s := f.lookup(path)
	if s == nil {
		return p, false
	}
	return s.param(s.path), true
}

// Get is the canonical text of a parameter's value; ok is false where there is none of
// that path.
func (f *Draft) Get(path string) (text string, ok bool) {
	s := f.lookup(path)
	if s == nil {
		return "", false
	}
	return s.text(), true
}

// Now is that of a design.
func (f *Draft) Now(path string) (now string, old, ok bool) {
	s := f.lookup(path)
	if s == nil {
		return path, false, false
	}
	return s.path, s.old, true
}

// Valid reports whether Set would accept a value; it changes nothing.
func (f *Draft) Valid(path, value string) error {
	s := f.lookup(path)
	if s == nil {
		return f.Unknown(path, f.Paths())
	}
	_, _, err := s.read(path, value)
	return err
}

// EachUseAt visits the uses of mechanisms of the elements that a path may belong to.
func (f *Draft) EachUseAt(path string, visit func(w *Where)) {
	w := walker{d: f.Design, visit: func(string, *slot) {}, use: visit}
	var few [4]spot
	for _, s := range f.spots(path, few[:0]) {
		w.spot(s)
	}
}

// Set gives a parameter a value, as Design.Set does.
func (f *Draft) Set(path, value string) error {
	f.take(path)
	s := f.lookup(path)
	if s == nil {
		return f.Unknown(path, f.Paths())
	}
	change, v, err := s.read(path, value)
	if change {
		s.store(v)
	}
	return err
}

// take makes the elements that a path may belong to the draft's own.
func (f *Draft) take(path string) {
	f.takeLists(path)
	var few [4]spot
	for _, s := range f.spots(path, few[:0]) {
		switch s.kind {
		case atLoad:
			deepen(reflect.ValueOf(&f.Loads[s.i]).Elem())
		case atService:
			deepen(reflect.ValueOf(&f.Services[s.i]).Elem())
		case atFault:
			deepen(reflect.ValueOf(&f.Faults[s.i]).Elem())
		case atBroker, atQueue, atTopic, atSubscription:
			b := &f.Brokers[s.i]
			if !f.own.brokers[s.i] {
				deepen(reflect.ValueOf(b).Elem())
				f.own.brokers[s.i] = true
			}
			b.eachQueue(func(q *Queue) { // who has seen settings of a mechanism keeps them
				if len(q.Uses) > 0 {
					deepen(reflect.ValueOf(&q.Uses).Elem())
				}
			})
		}
	}
}

// takeLists makes the list that a path may belong to the draft's own.
func (f *Draft) takeLists(path string) {
	if !f.own.design {
		d := *f.Design
		f.Design, f.own = &d, owned{design: true}
	}
	switch kind, _, _ := strings.Cut(path, "."); kind {
	case "load":
		takeList(&f.Loads, &f.own.loads)
	case "service":
		takeList(&f.Services, &f.own.services)
	case "link":
		takeList(&f.Links, &f.own.links)
	case "queue", "broker":
		if f.own.brokers == nil {
			f.Brokers, f.own.brokers = slices.Clone(f.Brokers), make([]bool, len(f.Brokers))
		}
	case "fault":
		f.Faults = slices.Clone(f.Faults)
	}
}

// eachQueue visits the queues of a broker, subscriptions and templates too.
func (b *Broker) eachQueue(do func(q *Queue)) {
	for i := range b.Queues {
		do(&b.Queues[i])
	}
	for i := range b.Topics {
		t := &b.Topics[i]
		do(&t.Template)
		for j := range t.Subscriptions {
			do(&t.Subscriptions[j])
		}
	}
}

func takeList[T any](list *[]T, own *bool) {
	if !*own {
		*list, *own = slices.Clone(*list), true
	}
}

// Links is the part of every parameter of a link.
var Links = Part{Kind: LinkPart}

// Part is the element that a parameter belongs to; ok is false where there is no
// such parameter.
func (f *Draft) Part(path string) (p Part, ok bool) {
	if strings.HasPrefix(path, "link.") {
		return Links, true
	}
	var few [4]spot
	for _, s := range f.spots(path, few[:0]) {
		w := walker{d: f.Design, want: path}
		if w.spot(s); w.found == nil {
			continue
		}
		switch s.kind {
		case atLoad:
			return Part{LoadPart, s.i}, true
		case atService:
			return Part{ServicePart, s.i}, true
		case atBroker, atQueue, atTopic, atSubscription:
			return Part{BrokerPart, s.i}, true
		}
	}
	return p, false
}

// Reset makes the element of a parameter what it is in another draft of the same
// design. Of a link, this is the link, the default, and those that were not declared
// when the drafts began.
func (f *Draft) Reset(path string, from *Draft) {
	f.takeLists(path)
	p, ok := f.Part(path)
	switch {
	case !ok:
	case p.Kind == LoadPart:
		f.Loads[p.Index] = from.Loads[p.Index]
	case p.Kind == ServicePart:
		f.Services[p.Index] = from.Services[p.Index]
	case p.Kind == BrokerPart:
		f.Brokers[p.Index] = from.Brokers[p.Index]
		f.own.brokers[p.Index] = false
		if from.own.brokers != nil {
			from.own.brokers[p.Index] = false
		}
	case p.Kind == LinkPart:
		f.resetLink(path, from)
	}
}

func (f *Draft) resetLink(path string, from *Draft) {
	declared := f.names.links
	var few [4]spot
	for _, s := range f.spots(path, few[:0]) {
		if int(s.i) < declared {
			f.Links[s.i] = from.Links[s.i]
		}
	}
	f.Default = from.Default
	if len(f.links)+len(from.links) > 0 {
		f.Links = append(f.Links[:declared], from.Links[declared:]...)
		f.links = maps.Clone(from.links)
	}
}

// Freeze is the design as it is now, which does not change any more.
func (f *Draft) Freeze() *Design {
	f.own = owned{}
	return f.Design
}

// Fork is another draft that goes on from here.
func (f *Draft) Fork() *Draft {
	return &Draft{Design: f.Freeze(), names: f.names, links: maps.Clone(f.links)}
}

// Of is a draft of a design that a draft of the same design has frozen.
func (f *Draft) Of(d *Design) *Draft {
	g := &Draft{Design: d, names: f.names, links: map[string]int32{}}
	for i := f.names.links; i < len(d.Links); i++ {
		g.links["link."+d.Links[i].From+"->"+d.Links[i].To] = int32(i)
	}
	return g
}
