package sequence

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"asynclab/sim/design"
	"asynclab/sim/engine"
	"asynclab/sim/record"
	"asynclab/sim/topology"
)

// MaxEntries is the number of events that a diagram shows at most.
const MaxEntries = 600

// Build makes a diagram from the events of one operation. The graph of the
// design gives the kinds of participants, and where dead letters go; an empty
// one is allowed, and the diagram then says less.
func Build(events []Entry, g topology.Graph) Diagram { return build(events, g).Diagram }

func build(events []Entry, g topology.Graph) *builder {
	events = slices.Clone(events)
	slices.SortStableFunc(events, func(a, b Entry) int { return cmp.Compare(a.Time, b.Time) })
	b := &builder{
		kinds: map[string]topology.Kind{}, labels: map[string]string{}, dead: map[string]string{},
		lanes: map[string]int{}, sent: map[uint64]int{}, tasks: map[uint64]*task{},
		stored: map[string][]stored{}, taken: map[string]int{}, client: none, over: none, accepted: none,
	}
	for _, n := range g.Nodes {
		b.kinds[n.ID], b.labels[n.ID] = n.Kind, n.Title()
	}
	for _, e := range g.Edges {
		if e.Kind == topology.DeadLetter {
			b.dead[e.From] = e.To
		}
	}
	if len(events) > MaxEntries {
		events, b.Cut = events[:MaxEntries], true
	}
	for _, e := range events {
		b.add(e)
		b.before = e
	}
	b.finish()
	return b
}

const none = -1

type builder struct {
	Diagram
	kinds  map[string]topology.Kind
	labels map[string]string
	dead   map[string]string // queue to its dead-letter queue
	lanes  map[string]int
	sent   map[uint64]int // the last message sent with that identity
	about  []about        // parallel to Messages
	spans  []span         // of messages that take no time, at the last moment
	before Entry          // the event before
	ended  *task          // the task that the event before ended

	tasks  map[uint64]*task
	order  []*task // in order of arrival
	waits  []*wait
	stored map[string][]stored // copies by queue; by topic, those that subscriptions take
	taken  map[string]int      // copies taken from a topic, by subscription
	held   []held
	client int // moment at which the client began to wait; none: it does not wait
	stays  []stay
	over   int // moment at which the operation ended; none: it is open
	failed *design.Reason
	// accepted is the moment at which the client had its answer, or none
	accepted int
}

// about is what the builder knows of a message besides what is drawn.
type about struct {
	message  engine.MessageKind
	queue    string
	answers  int // a reply: the request, or none
	answered bool
	task     *task  // that the message created
	sender   uint64 // task that sent it; 0: a client, or not known
	broken   bool   // it does not carry the trace of its operation
	copyOf   int    // a delivery: the message that was published, or none
	reply    int    // a request: the message that answers it, or none
}

type span struct{ left, right int }

func (b *builder) add(e Entry) {
	ended := b.ended
	b.ended = nil
	switch e.Kind {
	case engine.OpArrived, engine.OpAccepted, engine.OpConfirmed, engine.OpFailed:
		b.operation(e)
	case engine.MsgSent, engine.MsgDuplicated:
		b.ended = ended // the end of a task may send more than one message
		b.send(e)
	case engine.MsgLost:
		if i, ok := b.find(e); ok {
			b.Messages[i].Fate = record.Lost
		}
	case engine.MsgCorrupted:
		if i, ok := b.find(e); ok {
			b.Messages[i].Fate, b.Messages[i].Arrived = record.Corrupted, b.moment(e)
		}
	case engine.MsgArrived:
		b.ended = ended
		b.arrive(e)
	case engine.MsgRefused:
		b.refuse(e)
	case engine.TaskArrived, engine.TaskStarted, engine.TaskEnded, engine.TaskRejected, engine.TaskCancelled, engine.TaskLost:
		b.task(e)
	case engine.CopyDeadLettered, engine.CopyEnded, engine.CopySetAside:
		b.copyEnded(e)
	case engine.Retrying:
		if lane := b.lane(e.NodeName, topology.Service); lane != none {
			b.note(e, lane, e.Class())
			b.retrying(e, lane)
		}
	case engine.Acted, engine.AttemptRefused:
		if lane := b.lane(e.NodeName, topology.Service); lane != none {
			b.note(e, lane, e.Class())
		}
	case engine.FaultBegan, engine.FaultEnded, engine.Changed, engine.ConnectionOpened, engine.ConnectionClosed, engine.PartitionsDealt: // not part of one operation
	}
}

// moment returns the moment of an event.
func (b *builder) moment(e Entry) int {
	t := time.Duration(e.Time)
	if n := len(b.Moments); n > 0 && b.Moments[n-1] == t {
		return n - 1
	}
	b.spans = b.spans[:0]
	b.Moments = append(b.Moments, t)
	return len(b.Moments) - 1
}

// between returns the moment of a message that takes no time: a new one where
// another such message would overlap.
func (b *builder) between(e Entry, from, to int) int {
	at := b.moment(e)
	s := span{min(from, to), max(from, to)}
	for _, other := range b.spans {
		if s.left < other.right && other.left < s.right || s.left == s.right {
			b.spans = b.spans[:0]
			b.Moments = append(b.Moments, time.Duration(e.Time))
			at++
			break
		}
	}
	b.spans = append(b.spans, s)
	return at
}

// lane finds or adds a participant: participants stand in the order in which
// they first take part.
func (b *builder) lane(id string, kind topology.Kind) int {
	if id == "" {
		return none
	}
	if i, ok := b.lanes[id]; ok {
		return i
	}
	l := Lane{ID: id, Label: id, Kind: kind}
	if k, ok := b.kinds[id]; ok {
		l.Kind = k
		if b.labels[id] != "" {
			l.Label = b.labels[id]
		}
	}
	if broker, _, ok := strings.Cut(id, "/"); ok && l.Label != id {
		l.Label = broker + "/" + l.Label
	}
	b.Lanes = append(b.Lanes, l)
	b.lanes[id] = len(b.Lanes) - 1
	return len(b.Lanes) - 1
}

// queueLane returns the participant that a queue belongs to: subscriptions are
// drawn as their topic.
func (b *builder) queueLane(queue string) int {
	kind := topology.Queue
	if topic := topicOf(queue); topic != "" {
		queue, kind = topic, topology.Topic
	}
	return b.lane(queue, kind)
}

// topicOf returns the topic of a subscription; empty for a queue.
func topicOf(queue string) string {
	if i := strings.LastIndexByte(queue, '/'); strings.Count(queue, "/") >= 2 {
		return queue[:i]
	}
	return ""
}

// ends returns the participants at the two ends of a message.
func (b *builder) ends(e Entry) (from, to int) {
	lane := func(name string) int {
		if name != "" && name == e.QueueName {
			return b.queueLane(name)
		}
		return b.lane(name, topology.Service)
	}
	source, target := e.Ends()
	from = lane(source)
	return from, lane(target)
}

func (b *builder) send(e Entry) {
	if e.NodeName == "" || e.ToName == "" {
		return
	}
	from, to := b.ends(e)
	at := 0
	if e.Arrives == e.Time {
		at = b.between(e, from, to)
	} else {
		at = b.moment(e)
	}
	m := Message{From: from, To: to, Sent: at, Arrived: at, Due: time.Duration(e.Arrives), Class: e.Class(), Why: e.Why, ID: e.Msg}
	i := len(b.Messages)
	b.sent[e.Msg] = i
	b.Messages = append(b.Messages, m)
	b.about = append(b.about, about{message: e.Message, queue: e.QueueName, answers: none, copyOf: none, reply: none, sender: e.Sender, broken: e.Broken})
	switch e.Message {
	case engine.RequestMessage, engine.PublishMessage:
		if e.Kind == engine.MsgSent {
			b.asks(i)
		}
	case engine.ReplyMessage:
		b.answers(i)
	case engine.DeliverMessage:
		if e.Kind == engine.MsgSent {
			b.handOut(e.QueueName, at, i)
		}
	case engine.AckMessage, engine.NackMessage, engine.CancelMessage:
	}
}

// find returns the message that an event is about.
func (b *builder) find(e Entry) (int, bool) {
	i, ok := b.sent[e.Msg]
	return i, ok
}

func (b *builder) arrive(e Entry) {
	i, ok := b.find(e)
	if !ok || b.Messages[i].Fate != record.InFlight {
		return
	}
	m := &b.Messages[i]
	m.Fate, m.Arrived, m.Due = record.Arrived, b.moment(e), time.Duration(e.Time)
	switch e.Message {
	case engine.PublishMessage:
		b.store(e.QueueName, m.Arrived, true, i)
	case engine.NackMessage:
		b.store(e.QueueName, m.Arrived, true, b.lastOf(e.QueueName))
	case engine.ReplyMessage:
		b.answered(i)
	case engine.RequestMessage, engine.DeliverMessage, engine.AckMessage, engine.CancelMessage:
	}
}

// refuse marks a message that was refused where it arrived. A refused request
// has another identity than the one it was sent with.
func (b *builder) refuse(e Entry) {
	at := b.moment(e)
	i, ok := b.find(e)
	if !ok {
		from, to := b.ends(e)
		i = len(b.Messages) - 1
		for ; i >= 0; i-- {
			if m := b.Messages[i]; m.From == from && m.To == to && m.Arrived == at && m.Fate == record.Arrived {
				break
			}
		}
	}
	if i < 0 {
		return
	}
	if b.about[i].queue != e.QueueName { // one of a topic's subscriptions has no room
		b.taken[e.QueueName]++
		b.note(e, b.Messages[i].To, record.CopyDropped)
		return
	}
	m := &b.Messages[i]
	m.Fate, m.Why = record.Refused, e.Why
	if s := b.stored[e.QueueName]; len(s) > 0 && m.Arrived == at {
		b.stored[e.QueueName] = s[:len(s)-1]
	}
}

func (b *builder) note(e Entry, lane int, class record.Class) {
	b.Notes = append(b.Notes, Note{Lane: lane, At: b.moment(e), Class: class, Why: e.Why})
}

func (b *builder) operation(e Entry) {
	lane := b.lane(e.NodeName, topology.Client)
	if lane == none {
		return
	}
	at := b.moment(e)
	if e.Kind == engine.OpArrived {
		b.client = at
		return
	}
	b.note(e, lane, e.Class())
	if e.Kind == engine.OpAccepted && b.accepted == none {
		b.accepted = at
	}
	if e.Kind != engine.OpAccepted && b.over == none {
		if b.over = at; e.Kind == engine.OpFailed {
			b.failed = e.Why
		}
	}
	if e.Kind == engine.OpConfirmed {
		return // the first answer may still come
	}
	if b.client != none {
		b.hold(held{lane: lane, from: b.client, to: at, state: Blocked})
		b.client = none
	}
}
