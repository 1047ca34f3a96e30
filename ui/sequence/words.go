package sequence

import (
	"asynclab/sim/model"
	"asynclab/sim/sequence"
	"asynclab/sim/topology"
	"asynclab/ui/control"
	"asynclab/ui/locale"
)

// FromStory is the diagram of a story in a design.
func FromStory(st control.Story, g topology.Graph) sequence.Diagram {
	entries := make([]sequence.Entry, len(st.Entries))
	for i, e := range st.Entries {
		entries[i] = sequence.Entry{Record: e.Record, NodeName: e.NodeName, ToName: e.ToName, QueueName: e.QueueName}
	}
	d := sequence.Build(entries, g)
	d.Cut = d.Cut || st.Cut
	return d
}

// Words say what is in a diagram in the language in use.
type Words struct{}

var _ sequence.Words = Words{}

// Message names a message.
func (Words) Message(m sequence.Message) string {
	text := KindName(m.Kind)
	if (m.Kind == sequence.FailedReply || m.Kind == sequence.Nack) && m.Cause != model.OK {
		text = locale.T("text.with-detail", text, CauseName(m.Cause))
	}
	switch m.End {
	case sequence.Lost:
		return locale.T("message.with-lost", text)
	case sequence.Corrupted:
		return locale.T("message.with-corrupted", text)
	case sequence.Refused:
		return locale.T("message.with-refused", text)
	case sequence.Received, sequence.Travelling:
	}
	return text
}

// Note says what a note says.
func (Words) Note(n sequence.Note) string {
	text := noteName(n.Kind)
	switch {
	case n.Kind == sequence.Retrying && n.Cause != model.OK:
		return locale.T("diagram.retrying-after", CauseName(n.Cause))
	case n.Kind == sequence.Dropped && n.Cause == model.Expired:
		return CauseName(n.Cause)
	case n.Kind == sequence.TaskRejected, n.Kind == sequence.TaskCancelled, n.Kind == sequence.TaskLost, n.Cause == model.OK:
		return text
	}
	return locale.T("text.with-detail", text, CauseName(n.Cause))
}

// Bar says what goes on in a bar.
func (Words) Bar(b sequence.Bar) string {
	switch {
	case b.State == sequence.Blocked:
		return locale.T("diagram.waits-for-answer")
	case b.State == sequence.Working:
		return locale.T("diagram.works")
	case b.Task == 0:
		return locale.T("diagram.waits-in-queue")
	}
	return locale.T("diagram.waits-for-worker")
}

// Cut says that the story goes on.
func (Words) Cut() string { return locale.T("diagram.cut") }

// KindName is what a kind of message is called, in a word or two.
func KindName(k sequence.Kind) string {
	switch k {
	case sequence.Request:
		return locale.T("message.request")
	case sequence.Reply:
		return locale.T("message.reply")
	case sequence.FailedReply:
		return locale.T("message.failed-reply-short")
	case sequence.Event:
		return locale.T("message.event")
	case sequence.Ack:
		return locale.T("message.ack-short")
	case sequence.Nack:
		return locale.T("message.nack-short")
	case sequence.Retry:
		return locale.T("message.retry-short")
	case sequence.Duplicate:
		return locale.T("message.duplicate")
	case sequence.Cancel:
		return locale.T("message.cancel")
	}
	return locale.T("message.dead-letter")
}

func noteName(k sequence.NoteKind) string {
	switch k {
	case sequence.Accepted:
		return locale.T("operation.accepted")
	case sequence.Confirmed:
		return locale.T("operation.confirmed")
	case sequence.Failed:
		return locale.T("operation.failed")
	case sequence.Retrying:
		return locale.T("operation.retrying")
	case sequence.TaskFailed:
		return locale.T("task.failed")
	case sequence.TaskRejected:
		return locale.T("diagram.task-rejected")
	case sequence.TaskCancelled:
		return locale.T("diagram.task-cancelled")
	case sequence.TaskLost:
		return locale.T("task.lost")
	case sequence.TaskAgain:
		return locale.T("diagram.work-again")
	case sequence.DeadLettered:
		return locale.T("copy.dead-lettered")
	}
	return locale.T("copy.dropped")
}

// CauseName is what a cause of failure is called.
func CauseName(c model.Cause) string {
	switch c {
	case model.Timeout:
		return locale.T("cause.timeout")
	case model.Rejected:
		return locale.T("cause.rejected")
	case model.Refused:
		return locale.T("cause.refused")
	case model.Error:
		return locale.T("cause.error")
	case model.CircuitOpen:
		return locale.T("cause.circuit_open")
	case model.Limited:
		return locale.T("cause.limited")
	case model.Lost:
		return locale.T("cause.lost")
	case model.Expired:
		return locale.T("cause.expired")
	case model.DeadLettered:
		return locale.T("cause.dead_lettered")
	case model.Deadline:
		return locale.T("cause.deadline")
	}
	return c.String()
}

// MessageOf is the message that an entry of the log is about: its kind and cause.
func MessageOf(e *control.Entry) sequence.Message {
	k := sequence.KindOf(sequence.Entry{Record: e.Record, QueueName: e.QueueName})
	m := sequence.Message{Kind: k}
	if k == sequence.FailedReply || k == sequence.Nack {
		m.Cause = e.Cause
	}
	return m
}

// Ends are the participants between which the message of an entry goes: queues
// stand for their broker.
func Ends(e *control.Entry) (from, to string) {
	switch {
	case e.QueueName == "":
		return e.NodeName, e.ToName
	case e.Message == model.DeliverMessage || e.Message == model.ReplyMessage:
		return e.QueueName, e.ToName
	}
	return e.NodeName, e.QueueName
}
