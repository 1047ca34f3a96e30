package sequence

import (
	"cmp"
	"slices"
	"time"

	"asynclab/sim/engine"
	"asynclab/sim/record"
	"asynclab/sim/topology"
)

// SpanKind tells spans apart.
type SpanKind uint8

// The kinds of spans.
const (
	OperationSpan SpanKind = iota // of a load: from its arrival to its end
	CallSpan                      // a request: from its sending to its answer, or to its arrival if nobody waits for one
	TaskSpan                      // a handler
	PublishSpan                   // a message on its way to a queue or topic, and its confirmation if the sender waits for one
	QueueSpan                     // the stay of a copy in a queue
)

var spanKinds = [...]string{"operation", "call", "task", "publish", "queue"}

// String is the word of the kind in files.
func (k SpanKind) String() string { return spanKinds[k] }

// SpanState is what happens in a part of a span.
type SpanState uint8

// The states.
const (
	OnTheWay SpanState = iota // on a link
	InQueue                   // of a broker
	InLine                    // of a service, for a worker
	AtWork
	ForAnswer // a task or a client waits for an answer
)

var spanStates = [...]string{"network", "in queue", "in line", "working", "waiting for an answer"}

// String is the word of the state in files.
func (s SpanState) String() string { return spanStates[s] }

// Part is a part of a span in which nothing changes.
type Part struct {
	State    SpanState
	From, To time.Duration // since the operation's arrival
}

// TraceSpan is one thing that happened for an operation. A span that begins a trace has no
// parent. Cause is the span that brought it about: its parent, or, where a message did not
// carry the trace, the span that the parent would have been.
type TraceSpan struct {
	Parent, Cause int // indices; -1: none
	Trace         int // from 0
	Kind          SpanKind
	Name          string        // LOAD, SERVICE/HANDLER, BROKER/QUEUE, BROKER/TOPIC or BROKER/TOPIC/SUBSCRIPTION
	From, To      time.Duration // since the operation's arrival
	Open          bool          // not over when the story ends
	Try           int           // of a call: which attempt; of a stay and what follows: which delivery; from 1
	Waits         bool          // the sender waits for its end
	Instance      int           // of a task, from 0
	Outcome       string        // in words; "" if all is well
	Parts         []Part
}

// Trace is what a tracing tool would know of one operation, and what it could not.
type Trace struct {
	Start  time.Duration // the operation's arrival, in simulated time
	Spans  []TraceSpan   // parents come before their children, and of one parent the earlier first
	Traces int
	Cut    bool // the story has more than MaxEntries events
}

// Spans makes the trace of an operation from its events. Outcomes are in the words of
// the voice; nil is English.
func Spans(events []Entry, g topology.Graph, v record.Voice) Trace {
	b := build(events, g)
	if len(b.Moments) == 0 {
		return Trace{Traces: 1}
	}
	s := spanner{builder: b, voice: v, tasks: map[*task]int{}, messages: make([]int, len(b.Messages)), tries: map[[3]int]int{}}
	for i := range s.messages {
		s.messages[i] = none
	}
	s.operation()
	for i := range b.Messages { // the sender's task comes with a message sent before
		switch b.about[i].message {
		case engine.RequestMessage:
			s.request(i)
		case engine.PublishMessage:
			s.publish(i)
		case engine.DeliverMessage:
			s.delivery(i)
		case engine.ReplyMessage, engine.AckMessage, engine.NackMessage, engine.CancelMessage:
		}
	}
	s.ended()
	return Trace{Start: b.Start(), Spans: s.inOrder(), Traces: s.traces + 1, Cut: b.Cut}
}

type spanner struct {
	*builder
	voice    record.Voice
	spans    []TraceSpan
	tasks    map[*task]int // the span of each
	messages []int         // the span of each request and message published
	tries    map[[3]int]int
	traces   int
}

func (s *spanner) add(x TraceSpan) int {
	if x.Trace = 0; x.Parent != none {
		x.Trace = s.spans[x.Parent].Trace
	}
	s.spans = append(s.spans, x)
	return len(s.spans) - 1
}

// follow adds a span that a message brings about: in the same trace, or in one that
// begins with it.
func (s *spanner) follow(x TraceSpan, by int, broken bool) int {
	x.Parent, x.Cause = by, by
	if !broken {
		return s.add(x)
	}
	x.Parent = none
	s.traces++
	at := s.add(x)
	s.spans[at].Trace = s.traces
	return at
}

func (s *spanner) operation() {
	x := TraceSpan{Parent: none, Cause: none, Kind: OperationSpan, Open: s.over == none, Try: 1, To: s.Since(len(s.Moments) - 1)}
	for _, l := range s.Lanes {
		if l.Kind == topology.Client {
			x.Name = l.ID
		}
	}
	if s.over != none {
		x.To = s.Since(s.over)
	}
	if s.failed != nil {
		x.Outcome = record.OperationFailed.Label(s.voice, record.InFlight, s.failed.Word())
	}
	waits := x.To
	if s.accepted != none {
		waits = s.Since(s.accepted)
	}
	x.Parts = []Part{{ForAnswer, 0, waits}}
	s.add(x)
}

// from is the span of whoever sent a message.
func (s *spanner) from(message int) int {
	if t := s.builder.tasks[s.about[message].sender]; t != nil {
		if at, ok := s.tasks[t]; ok {
			return at
		}
	}
	for _, w := range s.waits { // of a message that had to wait before it was put on its link
		if at, ok := s.tasks[w.task]; ok && w.request == message {
			return at
		}
	}
	best := 0
	for t, at := range s.tasks {
		if m := s.Messages[message]; t.lane == m.From && t.started != none && t.started <= m.Sent && at > best {
			best = at
		}
	}
	return best
}

func (s *spanner) request(i int) {
	m, a := s.Messages[i], &s.about[i]
	by := s.from(i)
	x := TraceSpan{Kind: CallSpan, Name: s.Lanes[m.To].Label, From: s.Since(m.Sent), Parent: by, Cause: by}
	s.reaches(&x, i)
	x.Try = s.try(by, m)
	at := s.add(x)
	if s.messages[i] = at; a.task != nil {
		s.task(a.task, at, a.broken, 1)
	}
}

// try numbers the attempts of a call: the requests of one sender to one receiver of which
// each is a retry of the one before.
func (s *spanner) try(by int, m Message) int {
	k := [3]int{by, m.From, m.To}
	if m.Class != record.Retry {
		s.tries[k] = 0
	}
	s.tries[k]++
	return s.tries[k]
}

// reaches says until when a message is somebody's business: its answer has come, or it has
// arrived, or it never will.
func (s *spanner) reaches(x *TraceSpan, i int) {
	m, a := s.Messages[i], &s.about[i]
	x.To = s.Since(m.Arrived)
	x.Parts = []Part{{OnTheWay, x.From, x.To}}
	switch m.Fate {
	case record.Arrived:
	case record.InFlight:
		x.Open = true
	default:
		x.Outcome = m.Class.Label(s.voice, m.Fate, m.Why.Word())
	}
	for _, w := range s.waits {
		if w.request == i && s.blocks(w) {
			x.Waits = true
			if x.Open = w.to == none; w.to != none {
				x.To = s.Since(w.to)
			}
		}
	}
	if a.reply == none {
		return
	}
	r := s.Messages[a.reply]
	if x.Waits = true; r.Fate == record.Arrived {
		x.To, x.Open = s.Since(r.Arrived), false
		x.Parts = append(x.Parts, Part{OnTheWay, s.Since(r.Sent), x.To})
		if r.Class.Group().Bad() || r.Class == record.ErrorReply {
			x.Outcome = r.Class.Label(s.voice, r.Fate, r.Why.Word())
		}
	} else if r.Fate.Bad() {
		x.Outcome = r.Class.Label(s.voice, r.Fate, r.Why.Word())
	}
}

func (s *spanner) publish(i int) {
	m := s.Messages[i]
	if m.Class == record.DeadLetter {
		return // its stay in the dead-letter queue says it
	}
	by := s.from(i)
	x := TraceSpan{Kind: PublishSpan, Name: s.Lanes[m.To].Label, From: s.Since(m.Sent), Parent: by, Cause: by}
	s.reaches(&x, i)
	x.Try = s.try(by, m)
	s.messages[i] = s.add(x)
}

// delivery adds the stay of a copy and the task that its delivery began.
func (s *spanner) delivery(i int) {
	for k := range s.stays {
		y := &s.stays[k]
		if y.delivery != i {
			continue
		}
		m := s.Messages[i]
		at := s.stay(y, s.Since(m.Sent))
		if a := &s.about[i]; a.task != nil {
			s.task(a.task, at, false, y.number)
			return
		}
		s.spans[at].Outcome = m.Class.Label(s.voice, m.Fate, m.Why.Word())
		s.spans[at].Open = m.Fate == record.InFlight
	}
}

// stay adds the stay of a copy in a queue.
func (s *spanner) stay(y *stay, to time.Duration) int {
	from := s.Since(y.from)
	x := TraceSpan{Kind: QueueSpan, Name: y.queue, From: from, To: to, Try: y.number, Parts: []Part{{InQueue, from, to}}}
	by, broken := 0, false
	if y.of != none && s.messages[y.of] != none {
		by, broken = s.messages[y.of], s.about[y.of].broken
	}
	if !broken {
		return s.follow(x, by, false)
	}
	for k := range s.spans { // what comes again belongs to the trace of the first delivery
		if p := &s.spans[k]; p.Kind == QueueSpan && p.Cause == by && p.Parent == none && p.Name == x.Name {
			x.Parent, x.Cause = k, by
			return s.add(x)
		}
	}
	return s.follow(x, by, true)
}

// ended adds the stays that no delivery ended, and copies that are still there.
func (s *spanner) ended() {
	for k := range s.stays {
		if y := &s.stays[k]; y.delivery == none {
			at := s.stay(y, s.Since(y.to))
			if y.end != nil {
				s.spans[at].Outcome = y.end.Label(s.voice, record.InFlight, record.Word{})
			}
		}
	}
	last := len(s.Moments) - 1
	for _, l := range s.Lanes {
		if l.Kind == topology.Topic {
			continue
		}
		for _, c := range s.stored[l.ID] {
			if c.sure {
				at := s.stay(&stay{queue: l.ID, from: c.at, of: c.of, number: 1}, s.Since(last))
				s.spans[at].Open = true
			}
		}
	}
}

func (s *spanner) task(t *task, by int, broken bool, try int) {
	if _, again := s.tasks[t]; again {
		return
	}
	x := TraceSpan{Kind: TaskSpan, Name: s.Lanes[t.lane].Label, From: s.Since(t.arrived), Open: t.ended == none, Instance: t.instance, Try: try}
	if t.handler != "" {
		x.Name += "/" + t.handler
	}
	to := t.ended
	if to == none {
		to = len(s.Moments) - 1
	}
	x.To = s.Since(to)
	if t.end != nil {
		x.Outcome = t.end.Label(s.voice, record.InFlight, t.why.Word())
	}
	states := [...]SpanState{Waiting: InLine, Working: AtWork, Blocked: ForAnswer}
	for _, b := range s.taskBars(t, to) {
		x.Parts = append(x.Parts, Part{states[b.State], s.Since(b.From), s.Since(b.To)})
	}
	s.tasks[t] = s.follow(x, by, broken)
}

// inOrder puts children behind their parents, and a trace behind the one that brought it
// about, each by time.
func (s *spanner) inOrder() []TraceSpan {
	children := make([][]int, len(s.spans))
	var roots []int
	for i, x := range s.spans {
		if x.Parent == none {
			roots = append(roots, i)
		} else {
			children[x.Parent] = append(children[x.Parent], i)
		}
	}
	var order []int
	var visit func(i int)
	visit = func(i int) {
		order = append(order, i)
		slices.SortStableFunc(children[i], func(a, b int) int { return cmp.Compare(s.spans[a].From, s.spans[b].From) })
		for _, k := range children[i] {
			visit(k)
		}
	}
	for _, i := range roots {
		visit(i)
	}
	place := make([]int, len(order))
	for to, i := range order {
		place[i] = to
	}
	out := make([]TraceSpan, len(order))
	for to, i := range order {
		x := s.spans[i]
		if x.Parent != none {
			x.Parent = place[x.Parent]
		}
		if x.Cause != none {
			x.Cause = place[x.Cause]
		}
		out[to] = x
	}
	return out
}
