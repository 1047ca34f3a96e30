package design

import (
	"slices"
	"strconv"
	"strings"

	"asynclab/sim/spec"
)

// walker visits a design in the order of its declaration and keeps the path of
// its position. With want set it visits only elements on that path.
type walker struct {
	d     *Design
	path  []byte
	want  string
	visit func(path string, s *slot)
	words bool // visit the fields that are a word too
	all   bool // and those that are yes or no, a target or a list
	use   func(w *Where)
	in    *Service // whose steps are visited

	places bool // steps are named by their places
	step   struct {
		base, end int    // in the path: the end of the handler, and of the step
		name      string // of the step
	}
	readers map[Target][]string // Design.Readers, once they are needed
	found   *slot
}

// enter appends one name, made of parts, to the path; ok is false if the wanted
// path does not contain it. Names may contain dots: the comparison is by whole
// prefixes, never by splitting at dots.
func (w *walker) enter(parts ...string) (back int, ok bool) {
	back = len(w.path)
	if back > 0 {
		w.path = append(w.path, '.')
	}
	for _, p := range parts {
		w.path = append(w.path, p...)
	}
	if w.want == "" {
		return back, true
	}
	n := len(w.path)
	if n <= len(w.want) && w.want[:n] == string(w.path) && (n == len(w.want) || w.want[n] == '.') {
		return back, true
	}
	w.path = w.path[:back]
	return back, false
}

func (w *walker) leave(back int) { w.path = w.path[:back] }

// emit reports a parameter at the current path.
func (w *walker) emit(s slot) {
	if w.want == "" {
		w.visit(string(w.path), &s)
		return
	}
	if w.found == nil && len(w.path) == len(w.want) {
		if s.path = w.want; w.step.end > 0 {
			s.path = w.want[:w.step.base] + "." + w.step.name + w.want[w.step.end:]
		}
		s.old = w.places
		w.found = &s
	}
}

// within walks a part of the design under a name.
func (w *walker) within(walk func(), parts ...string) {
	if w.found != nil {
		return
	}
	if back, ok := w.enter(parts...); ok {
		walk()
		w.leave(back)
	}
}

func (w *walker) design() {
	d := w.d
	for i := range d.Loads {
		w.within(func() { w.load(&d.Loads[i]) }, "load.", Named(d.Loads[i].Name, i))
	}
	for i := range d.Services {
		w.within(func() { w.service(&d.Services[i]) }, "service.", Named(d.Services[i].Name, i))
	}
	for i := range d.Brokers {
		w.broker(&d.Brokers[i], Named(d.Brokers[i].Name, i))
	}
	w.within(func() { w.table(&d.Default, Core.Link) }, "link.default")
	for i := range d.Links {
		l := &d.Links[i]
		w.within(func() { w.table(&l.LinkParams, Core.Link) }, "link.", l.From, "->", l.To)
	}
	for i := range d.Faults {
		w.within(func() { w.table(&d.Faults[i], Core.Fault) }, "fault.", Named(d.Faults[i].Name, i))
	}
	if d.Prices.Currency != "" {
		w.within(func() { w.table(&d.Prices, Core.Prices) }, "prices")
	}
}

// Named is the name of an element for a path, or its number if it has no name.
func Named(name string, i int) string {
	if name == "" {
		return "#" + strconv.Itoa(i+1)
	}
	return name
}

// table visits the fields of a struct: the numbers that apply to it, and the
// fields of its parts.
func (w *walker) table(owner any, t *spec.Table) {
	for i := range t.Fields {
		f := &t.Fields[i]
		name, ok := f.Param()
		if w.words && f.Kind == spec.Word || w.all && described(f) {
			name, ok = f.Key, true
			if f.Kind == spec.Target {
				name = "to"
			}
		}
		switch {
		case !ok || !f.Applies(owner):
		case f.Kind == spec.Part && name == spec.Self:
			w.table(f.At(owner), f.Inner)
		case f.Kind == spec.Part:
			w.within(func() { w.table(f.At(owner), f.Inner) }, name)
		case name == spec.Self:
			w.value(f, owner)
		default:
			w.within(func() { w.value(f, owner) }, name)
		}
	}
}

// value reports a field; a distribution has its mean as a second parameter.
func (w *walker) value(f *spec.Field, owner any) {
	w.emit(slot{Field: f, owner: owner})
	if f.Kind.Dist() {
		w.within(func() { w.emit(slot{Field: f, owner: owner, mean: true}) }, "mean")
	}
}

// uses visits the mechanisms of an element.
func (w *walker) uses(all Uses, where Where) {
	for i := range all {
		d := all[i].Of.Declaration()
		w.within(func() {
			if w.use != nil {
				where.Path, where.Of = string(w.path), &all[i]
				w.use(&where)
			}
			w.table(all[i].Settings, d.Fields)
		}, d.Key)
	}
}

func (w *walker) load(l *Load) {
	w.table(l, Core.Load)
	w.uses(l.Uses, Where{Load: l})
	if a := &l.Arrivals; a.rated() {
		for i := range a.Profile {
			w.within(func() { w.table(&a.Profile[i], segmentTable) }, "profile.", strconv.Itoa(i+1))
		}
	}
}

func (w *walker) service(s *Service) {
	w.table(s, Core.Service)
	w.uses(s.Uses, Where{Service: s})
	w.in = s
	for i := range s.Handlers {
		h := &s.Handlers[i]
		w.within(func() { w.handler(h) }, "on.", Named(h.Name, i))
	}
	for i := range s.Stores {
		w.within(func() { w.table(&s.Stores[i], storeTable) }, "stores.", Named(s.Stores[i].Name, i))
	}
	for i := range s.Consumes {
		k := &s.Consumes[i]
		w.within(func() { w.table(&Consumer{k, s}, consumeTable) }, "consumes.", k.Label())
	}
}

// Label names a consume in the path of a parameter.
func (k *Consume) Label() string {
	if k.Subscription != "" {
		return k.From.String() + "/" + k.Subscription
	}
	return k.From.String()
}

// ConsumersEach is the default number of consumers of an instance.
func (s *Service) ConsumersEach() int {
	if s.Workers < 0 {
		return 1 // with an unlimited prefetch
	}
	return s.WorkersEach()
}

func (op StepOp) String() string {
	if int(op) < len(stepTables) {
		return stepTables[op].Name()
	}
	return "step(" + strconv.Itoa(int(op)) + ")"
}

// BranchCount is the number of branches of a parallel step that run.
func (s *Step) BranchCount() int {
	if len(s.Branches) == 1 {
		return max(1, s.Times)
	}
	return max(1, len(s.Branches))
}

func (w *walker) broker(b *Broker, name string) {
	w.within(func() { w.table(b, brokerTable) }, "broker.", name)
	for i := range b.Queues {
		q := &b.Queues[i]
		w.within(func() { w.queue(q) }, "queue.", name, "/", Named(q.Name, i))
	}
	for i := range b.Topics {
		t := &b.Topics[i]
		topic := Named(t.Name, i)
		w.topic(b, t, 0, name, topic)
	}
}

// topic walks the subscriptions of a topic, from the given one on.
func (w *walker) topic(b *Broker, t *Topic, from int, broker, topic string) {
	// The settings of subscriptions that nobody declared.
	w.within(func() {
		w.queue(&t.Template)
		if t.Keep.Keeps() {
			w.within(func() { w.table(&t.Keep, keepTable) }, "keep")
		}
	}, "queue.", broker, "/", topic)
	for j := from; j < len(t.Subscriptions); j++ {
		w.subscription(t.Subscriptions, j, broker, topic)
	}
	if prefix := broker + "/" + topic + "/"; w.want == "" || strings.HasPrefix(w.want, "queue."+prefix) {
		w.madeSubscriptions(b.Name, t, prefix)
	}
}

func (w *walker) subscription(list []Queue, i int, broker, topic string) {
	w.within(func() { w.queue(&list[i]) }, "queue.", broker, "/", topic, "/", Named(list[i].Name, i))
}

func (w *walker) queue(q *Queue) {
	w.table(q, queueTable)
	w.uses(q.Uses, Where{Queue: q})
}

// madeSubscriptions walks the subscriptions that consumers make. Setting one of
// their parameters declares it, and those before it: the order stays.
func (w *walker) madeSubscriptions(broker string, t *Topic, prefix string) {
	if w.found != nil {
		return
	}
	if w.readers == nil {
		w.readers = w.d.Readers()
	}
	made := t.Made(w.readers[Target{broker, t.Name}])
	for i, name := range made {
		q := t.Template.named(name)
		w.within(func() { w.queue(&q) }, "queue.", prefix, name)
		if w.found != nil {
			w.found.declare = func() {
				for _, earlier := range made[:i] {
					t.Subscriptions = append(t.Subscriptions, t.Template.named(earlier))
				}
				t.Subscriptions = append(t.Subscriptions, q)
			}
			return
		}
	}
}

// undeclaredLink looks for the wanted path among links that are not declared, but
// whose ends exist. Such a link starts with the values that apply to it now: those
// of the link declared for the opposite direction, or the default.
func (w *walker) undeclaredLink() {
	rest, ok := strings.CutPrefix(w.want, "link.")
	from, rest, arrow := strings.Cut(rest, "->")
	if !ok || !arrow || !slices.Contains(w.d.Ends(), from) {
		return
	}
	for _, to := range w.d.Ends() {
		if w.found != nil || to == from || !strings.HasPrefix(rest, to+".") {
			continue
		}
		w.linkFrom(from, to, w.d.LinkBetween(from, to))
	}
}

// linkFrom walks a link that would be declared with what applies to it now.
func (w *walker) linkFrom(from, to string, now *LinkParams) {
	l := Link{From: from, To: to, LinkParams: *now}
	w.path = w.path[:0]
	w.within(func() { w.table(&l.LinkParams, Core.Link) }, "link.", from, "->", to)
	if w.found != nil {
		w.found.declare = func() { w.d.Links = append(w.d.Links, l) }
	}
}
