package design

import (
	"cmp"
	"reflect"
	"slices"
	"strings"

	"asynclab/sim/spec"
	"asynclab/sim/warning"
)

// Mechanism is what can be added to elements of a design: a breaker, a rate limit.
// Package mech declares how it runs; a design knows this much of it.
type Mechanism interface{ Declaration() *Declared }

// Declared is the part of a mechanism that a design, its checks and the language know.
type Declared struct {
	Key       string   // in a scenario; also its stable id, which fingerprints and translations begin with
	Rows      []string // of the catalogue: R3
	Doc       string   // one line
	Stands    Place    // where it may stand
	Fields    *spec.Table
	New       func() any // a pointer to its settings, with the zero value of each field
	Causes    []*Reason  // by which it makes attempts fail
	Warnings  []*warning.Declaration
	Check     func(w *Where, settings any) // across fields; ranges of single fields come from the table
	Slots     func(settings any) int       // instances that a service may have; nil: as many as it says
	OfHandler bool                         // an element of its own for each handler that a caller calls, not for each service
	OfLog     bool                         // one for a topic with partitions, which is asked before its log; others cannot stand there
	OfCall    bool                         // one for all targets of a call that has several, not one for each
	Attribute func(settings any) string    // that it reads as its key; "": none. Nil: none
	Targets   func(settings any) []Target  // of a call, beyond that of its step or load. Nil: none
	Fails     func(settings any) CauseSet  // the outcomes that it is told to count as failures; empty: by default. Nil: it counts none
	Name      func(settings any) string    // under which elements share one; "": the element has its own. Nil: always
}

// Declaration implements Mechanism for what embeds a Declared.
func (d *Declared) Declaration() *Declared { return d }

// EachTarget reports whether it has an element for each target of a call that has several.
func (d *Declared) EachTarget() bool { return d.Targets == nil && !d.OfCall }

// Place is a set of kinds of elements.
type Place uint8

// The places of mechanisms.
const (
	OnLoad    Place = 1 << iota // its client is the caller
	OnCall                      // a call, await or publish step
	OnService                   // its door
	OnQueue
)

// Use is a mechanism with its settings, at an element of a design.
type Use struct {
	Of       Mechanism
	Settings any // a pointer, as Declared.New makes it
}

// Uses are the mechanisms of one element.
type Uses []Use

// Of finds the use of a mechanism by its key; nil if there is none.
func (u Uses) Of(key string) *Use {
	if i := slices.IndexFunc(u, func(u Use) bool { return u.Of.Declaration().Key == key }); i >= 0 {
		return &u[i]
	}
	return nil
}

// Equal reports whether two elements use the same mechanisms, with the same settings.
func (u Uses) Equal(other Uses) bool {
	return len(u) == len(other) && !slices.ContainsFunc(u, func(a Use) bool {
		b := other.Of(a.Of.Declaration().Key)
		return b == nil || !reflect.DeepEqual(a.Settings, b.Settings)
	})
}

// Targets are the handlers to which mechanisms may send instead.
func (u Uses) Targets() (all []Target) {
	for i := range u {
		if to := u[i].Of.Declaration().Targets; to != nil {
			all = append(all, to(u[i].Settings)...)
		}
	}
	return all
}

// Slots is the greatest number of instances that the service may have: what it says, or
// what a mechanism that starts instances says.
func (s *Service) Slots() int {
	n := max(1, s.Instances)
	for i := range s.Uses {
		if slots := s.Uses[i].Of.Declaration().Slots; slots != nil {
			n = min(max(n, slots(s.Uses[i].Settings)), MaxInstances)
		}
	}
	return n
}

// Clone is a copy with settings of its own.
func (u Uses) Clone() Uses {
	u = slices.Clone(u)
	for i := range u {
		u[i].own()
	}
	return u
}

// own gives the use its own copy of the settings.
func (u *Use) own() {
	p := reflect.New(reflect.TypeOf(u.Settings).Elem())
	p.Elem().Set(reflect.ValueOf(u.Settings).Elem())
	deepen(p.Elem())
	u.Settings = p.Interface()
}

// named is a copy of a template of subscriptions.
func (q *Queue) named(name string) Queue {
	c := *q
	c.Name, c.Uses = name, q.Uses.Clone()
	return c
}

// From makes a subscription take the settings of a topic's template.
func (q *Queue) From(template *Queue) { *q = template.named(q.Name) }

// Where is the element that has a use of a mechanism, for its checks.
type Where struct {
	Path string // of the use: "load.shoppers.breaker"
	// The element: a load, a service with one of its steps, a service, or a queue.
	Load    *Load
	Service *Service
	Step    *Step
	Queue   *Queue
	Queued  bool // it sends to a broker

	Of   *Use
	Fail func(key, hint, format string, args ...any) // a mistake, at one of its settings
	Warn func(key string, k warning.Kind, terms ...any)
}

// Caller is the load or service that has the use; "" at a queue.
func (w *Where) Caller() string {
	switch {
	case w.Load != nil:
		return w.Load.Name
	case w.Service != nil:
		return w.Service.Name
	}
	return ""
}

// Gathers reports whether the element gathers what it publishes.
func (w *Where) Gathers() bool {
	return w.Load != nil && w.Load.Gather.Linger > 0 || w.Step != nil && w.Step.Gather.Linger > 0
}

// Uses are the mechanisms of the element.
func (w *Where) Uses() Uses {
	switch {
	case w.Load != nil:
		return w.Load.Uses
	case w.Step != nil:
		return w.Step.Uses
	case w.Service != nil:
		return w.Service.Uses
	}
	return w.Queue.Uses
}

// For is the same at a call of another target.
func (w Where) For(to Target) Where {
	switch {
	case w.Load != nil:
		l := *w.Load
		l.To, w.Load = to, &l
	case w.Step != nil:
		s := *w.Step
		s.To, w.Step = to, &s
	}
	return w
}

// Element is the name of the mechanism in metrics: the name under which elements share
// it, or that of the element: CALLER->CALLEE, SERVICE or BROKER/QUEUE.
func (w *Where) Element() string {
	d := w.Of.Of.Declaration()
	if d.Name != nil {
		if name := d.Name(w.Of.Settings); name != "" {
			return name
		}
	}
	switch {
	case w.Load != nil:
		return w.Caller() + "->" + w.Load.To.Node
	case w.Step != nil:
		if d.OfHandler {
			return w.Caller() + "->" + w.Step.To.String()
		}
		return w.Caller() + "->" + w.Step.To.Node
	case w.Service != nil:
		return w.Caller()
	}
	return strings.TrimSuffix(strings.TrimPrefix(w.Path, "queue."), "."+d.Key)
}

// EachUse visits the uses of mechanisms, in the order of declaration.
func (d *Design) EachUse(visit func(w *Where)) {
	w := walker{d: d, visit: func(string, *slot) {}, use: visit}
	w.design()
}

// Reasons lists the causes of failure in a design by their numbers: those of the core,
// then those of the mechanisms that it uses, by name. The first stands for success.
func (d *Design) Reasons() []*Reason {
	var more []*Reason
	if slices.ContainsFunc(d.Services, func(s Service) bool { return s.keeps() }) {
		more = append(more, NoCapacity)
	}
	d.EachUse(func(w *Where) {
		for _, c := range w.Of.Of.Declaration().Causes {
			if !slices.Contains(more, c) {
				more = append(more, c)
			}
		}
	})
	slices.SortFunc(more, func(a, b *Reason) int { return cmp.Compare(a.Name, b.Name) })
	all := make([]*Reason, 0, int(NumCauses)+len(more))
	for i := range causes {
		all = append(all, &causes[i])
	}
	return append(all, more...)
}

// With returns the tables with the fields and causes of mechanisms.
func (t Tables) With(all ...Mechanism) Tables {
	t.Load = t.add(t.Load, OnLoad, all)
	t.Service = t.add(t.Service, OnService, all)
	steps := slices.Clone(t.Steps)
	for _, op := range []StepOp{Call, Await, Publish} {
		steps[op].Table = t.add(steps[op].Table, OnCall, all)
	}
	t.Steps = steps
	queue := t.add(queueTable, OnQueue, all)
	topic := t.add(topicTable, OnQueue, all)
	if queue != queueTable {
		topic = replace(topic, queueTable, queue)
		t.Broker = replace(replace(t.Broker, queueTable, queue), topicTable, topic)
	}
	t.Mechanisms = append(slices.Clip(t.Mechanisms), all...)
	return t
}

// add is a table with a field for each mechanism that may stand there.
func (t Tables) add(to *spec.Table, at Place, all []Mechanism) *spec.Table {
	c := *to
	c.Fields = slices.Clone(c.Fields)
	for _, m := range all {
		if d := m.Declaration(); d.Stands&at != 0 {
			c.Fields = append(c.Fields, spec.Field{Of: "mechanism", Key: d.Key, Kind: spec.Part, Form: "mechanism", Inner: d.Fields, Default: spec.Says("none"), Doc: d.Doc})
		}
	}
	if len(c.Fields) == len(to.Fields) {
		return to
	}
	return spec.New(c)
}

// replace is a table with one of its inner tables replaced.
func replace(in, old, by *spec.Table) *spec.Table {
	c := *in
	c.Fields = slices.Clone(c.Fields)
	for i := range c.Fields {
		if c.Fields[i].Inner == old {
			c.Fields[i].Inner = by
		}
	}
	return spec.New(c)
}
