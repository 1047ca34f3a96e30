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
		text = locale.T("%s: %s", text, CauseName(m.Cause))
	}
	switch m.End {
	case sequence.Lost:
		return locale.T("%s (lost)", text)
	case sequence.Corrupted:
		return locale.T("%s (corrupted)", text)
	case sequence.Refused:
		return locale.T("%s (refused)", text)
	case sequence.Received, sequence.Travelling:
	}
	return text
}

// Note says what a note says.
func (Words) Note(n sequence.Note) string {
	text := noteName(n.Kind)
	switch {
	case n.Kind == sequence.Retrying && n.Cause != model.OK:
		return locale.T("%s → retrying", CauseName(n.Cause))
	case n.Kind == sequence.Dropped && n.Cause == model.Expired:
		return CauseName(n.Cause)
	case n.Kind == sequence.TaskRejected, n.Kind == sequence.TaskCancelled, n.Kind == sequence.TaskLost, n.Cause == model.OK:
		return text
	}
	return locale.T("%s: %s", text, CauseName(n.Cause))
}

// Bar says what goes on in a bar.
func (Words) Bar(b sequence.Bar) string {
	switch {
	case b.State == sequence.Blocked:
		return locale.T("waits for an answer")
	case b.State == sequence.Working:
		return locale.T("works")
	case b.Task == 0:
		return locale.T("waits in the queue")
	}
	return locale.T("waits for a worker")
}

// Cut says that the story goes on.
func (Words) Cut() string { return locale.T("The story is longer; the rest is not drawn.") }

// KindName is what a kind of message is called, in a word or two.
func KindName(k sequence.Kind) string {
	switch k {
	case sequence.Request:
		return locale.T("request")
	case sequence.Reply:
		return locale.T("reply")
	case sequence.FailedReply:
		return locale.T("failed")
	case sequence.Event:
		return locale.T("event")
	case sequence.Ack:
		return locale.T("ack")
	case sequence.Nack:
		return locale.T("nack")
	case sequence.Retry:
		return locale.T("again")
	case sequence.Duplicate:
		return locale.T("duplicate")
	case sequence.Cancel:
		return locale.T("cancel")
	}
	return locale.T("dead letter")
}

func noteName(k sequence.NoteKind) string {
	switch k {
	case sequence.Accepted:
		return locale.T("accepted")
	case sequence.Confirmed:
		return locale.T("confirmed")
	case sequence.Failed:
		return locale.T("failed")
	case sequence.Retrying:
		return locale.T("retrying")
	case sequence.TaskFailed:
		return locale.T("task failed")
	case sequence.TaskRejected:
		return locale.T("rejected: no room")
	case sequence.TaskCancelled:
		return locale.T("cancelled")
	case sequence.TaskLost:
		return locale.T("task lost")
	case sequence.TaskAgain:
		return locale.T("work begins again")
	case sequence.DeadLettered:
		return locale.T("dead-lettered")
	}
	return locale.T("dropped")
}

// CauseName is what a cause of failure is called.
func CauseName(c model.Cause) string {
	switch c {
	case model.Timeout:
		return locale.T("timeout")
	case model.Rejected:
		return locale.T("rejected")
	case model.Refused:
		return locale.T("refused")
	case model.Error:
		return locale.T("error")
	case model.CircuitOpen:
		return locale.T("circuit open")
	case model.Limited:
		return locale.T("limited")
	case model.Lost:
		return locale.T("lost")
	case model.Expired:
		return locale.T("expired")
	case model.DeadLettered:
		return locale.T("dead-lettered")
	case model.Deadline:
		return locale.T("deadline passed")
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
