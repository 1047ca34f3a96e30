package design

import (
	"cmp"
	"slices"
	"strings"
)

// index finds what begins a path: "service.pay", "link.shop->pay", "queue.bus/orders".
type index struct {
	at    map[string]spot
	links int // declared when the index was made
}

// spot is a place in a design. Of a queue or topic, i is its broker and j its place
// there; k is that of a subscription in its topic and, of a topic, how many
// subscriptions it had when the index was made.
type spot struct {
	i    int32
	kind spotKind
	j, k int32
}

type spotKind uint8

const (
	atLoad spotKind = iota
	atService
	atBroker
	atQueue
	atTopic
	atSubscription
	atLink
	atFault
)

func newIndex(d *Design) *index {
	x := &index{at: make(map[string]spot, 2*(len(d.Loads)+len(d.Services)+len(d.Brokers)+len(d.Links))), links: len(d.Links)}
	add := func(s spot, parts ...string) {
		name := strings.Join(parts, "")
		if _, ok := x.at[name]; !ok { // of several the first counts
			x.at[name] = s
		}
	}
	for i := range d.Loads {
		add(spot{kind: atLoad, i: int32(i)}, "load.", Named(d.Loads[i].Name, i))
	}
	for i := range d.Services {
		add(spot{kind: atService, i: int32(i)}, "service.", Named(d.Services[i].Name, i))
	}
	for i := range d.Brokers {
		b := &d.Brokers[i]
		name := Named(b.Name, i)
		add(spot{kind: atBroker, i: int32(i)}, "broker.", name)
		for j := range b.Queues {
			add(spot{kind: atQueue, i: int32(i), j: int32(j)}, "queue.", name, "/", Named(b.Queues[j].Name, j))
		}
		for j := range b.Topics {
			t := &b.Topics[j]
			add(spot{kind: atTopic, i: int32(i), j: int32(j), k: int32(len(t.Subscriptions))}, "queue.", name, "/", Named(t.Name, j))
			for k := range t.Subscriptions {
				add(spot{kind: atSubscription, i: int32(i), j: int32(j), k: int32(k)}, "queue.", name, "/", Named(t.Name, j), "/", Named(t.Subscriptions[k].Name, k))
			}
		}
	}
	for i := range d.Links {
		add(spot{kind: atLink, i: int32(i)}, "link.", d.Links[i].From, "->", d.Links[i].To)
	}
	for i := range d.Faults {
		add(spot{kind: atFault, i: int32(i)}, "fault.", Named(d.Faults[i].Name, i))
	}
	return x
}

// spots finds what a path begins with, in the order of the design: names may
// contain dots, so that it can be more than one.
func (f *Draft) spots(path string, all []spot) []spot {
	slash := -1
	for p, c := range []byte(path) {
		if c == '/' && strings.HasPrefix(path, "queue.") {
			if slash++; slash == 1 { // behind a topic: of a subscription, which may not be declared
				if s, ok := f.names.at[path[:p]]; ok {
					all = append(all, s)
				}
			}
			continue
		}
		if c != '.' {
			continue
		}
		if s, ok := f.names.at[path[:p]]; ok {
			all = append(all, s)
		} else if i, ok := f.links[path[:p]]; ok {
			all = append(all, spot{kind: atLink, i: i})
		}
	}
	if len(all) > 1 {
		slices.SortFunc(all, func(a, b spot) int {
			return cmp.Or(cmp.Compare(a.i, b.i), cmp.Compare(a.kind, b.kind), cmp.Compare(a.j, b.j), cmp.Compare(a.k, b.k))
		})
	}
	return all
}

// lookup is that of a design, by the index.
func (f *Draft) lookup(path string) *slot {
	w := walker{d: f.Design, want: path}
	var few [4]spot
	w.within(func() { w.table(&w.d.Default, Core.Link) }, "link.default")
	for _, s := range f.spots(path, few[:0]) {
		w.spot(s)
	}
	if w.found == nil {
		f.undeclaredLink(&w)
	}
	if w.found == nil {
		return f.Design.lookup(path)
	}
	return w.found
}

// spot walks what is at a place.
func (w *walker) spot(s spot) {
	d, i := w.d, int(s.i)
	switch s.kind {
	case atLoad:
		w.within(func() { w.load(&d.Loads[i]) }, "load.", Named(d.Loads[i].Name, i))
		return
	case atService:
		w.within(func() { w.service(&d.Services[i]) }, "service.", Named(d.Services[i].Name, i))
		return
	case atLink:
		l := &d.Links[i]
		w.within(func() { w.table(&l.LinkParams, Core.Link) }, "link.", l.From, "->", l.To)
		return
	case atFault:
		w.within(func() { w.table(&d.Faults[i], Core.Fault) }, "fault.", Named(d.Faults[i].Name, i))
		return
	}
	b := &d.Brokers[i]
	name := Named(b.Name, i)
	switch s.kind {
	case atBroker:
		w.within(func() { w.table(b, brokerTable) }, "broker.", name)
	case atQueue:
		q := &b.Queues[s.j]
		w.within(func() { w.queue(q) }, "queue.", name, "/", Named(q.Name, int(s.j)))
	case atSubscription:
		w.subscription(b.Topics[s.j].Subscriptions, int(s.k), name, Named(b.Topics[s.j].Name, int(s.j)))
	case atTopic:
		t := &b.Topics[s.j]
		w.topic(b, t, int(s.k), name, Named(t.Name, int(s.j)))
	}
}

// undeclaredLink looks for a link that is not declared, but whose ends exist.
func (f *Draft) undeclaredLink(w *walker) {
	rest, ok := strings.CutPrefix(w.want, "link.")
	from, to, arrow := strings.Cut(rest, "->")
	if !ok || !arrow || !f.isEnd(from) {
		return
	}
	for p, c := range []byte(to) {
		if c == '.' && to[:p] != from && f.isEnd(to[:p]) {
			w.linkFrom(from, to[:p], f.LinkBetween(from, to[:p]))
		}
		if w.found != nil {
			declare, name := w.found.declare, "link."+from+"->"+to[:p]
			w.found.declare = func() {
				declare()
				f.links[name] = int32(len(f.Links) - 1)
			}
			return
		}
	}
}

func (f *Draft) isEnd(name string) bool {
	for _, kind := range []string{"load.", "service.", "broker."} {
		if _, ok := f.names.at[kind+name]; ok {
			return true
		}
	}
	return false
}

// LinkBetween is that of the design, by the index.
func (f *Draft) LinkBetween(from, to string) *LinkParams {
	for _, name := range []string{"link." + from + "->" + to, "link." + to + "->" + from} {
		if s, ok := f.names.at[name]; ok {
			return &f.Links[s.i].LinkParams
		}
		if i, ok := f.links[name]; ok {
			return &f.Links[i].LinkParams
		}
	}
	return &f.Default
}
