package control

import (
	"strings"

	"asynclab/sim/model"
)

// Class is what sort of news an entry of the log is.
type Class uint8

// The classes. Ordinary is what happens to every message.
const (
	Ordinary   Class = iota
	Acceptance       // an operation is accepted or confirmed
	Failure          // an operation or a task has failed
	Loss             // a message or a task is lost
	Rejection        // turned away, dead-lettered, dropped
	Again            // a retry or redelivery
	FaultNews        // a fault begins or ends
	ChangeNews       // a parameter was changed
	NumClasses
)

// Class tells what sort of news it is.
func (e *Entry) Class() Class {
	switch e.Kind {
	case model.OpAccepted, model.OpConfirmed:
		return Acceptance
	case model.OpFailed:
		return Failure
	case model.TaskEnded:
		if e.Cause != model.OK {
			return Failure
		}
	case model.MsgLost, model.MsgCorrupted, model.TaskLost:
		return Loss
	case model.MsgRefused, model.TaskRejected, model.TaskCancelled, model.CopyDeadLettered, model.CopyEnded:
		return Rejection
	case model.Retrying:
		return Again
	case model.MsgSent, model.MsgDuplicated:
		if e.Resend && (e.Message == model.RequestMessage || e.Message == model.PublishMessage || e.Message == model.DeliverMessage) {
			return Again
		}
	case model.FaultBegan, model.FaultEnded:
		return FaultNews
	case model.Changed:
		return ChangeNews
	case model.OpArrived, model.MsgArrived, model.TaskArrived, model.TaskStarted:
	}
	return Ordinary
}

// ClassSet is a set of classes.
type ClassSet uint16

// Has tells whether the set holds c.
func (s ClassSet) Has(c Class) bool { return s&(1<<c) != 0 }

// With returns the set with c in it, or out of it.
func (s ClassSet) With(c Class, in bool) ClassSet {
	if in {
		return s | 1<<c
	}
	return s &^ (1 << c)
}

// Filter says which entries of the log to show. The zero value shows all.
type Filter struct {
	Text    string   // every word of it is in the line, in whatever case
	Classes ClassSet // empty: all
	Element string   // a node, queue or topic that the entry is about; empty: any
	Lane    int      // of Op
	Op      uint64   // of this operation only; 0: any
}

// Select lists the indices of the entries that the filter lets through, in their
// order. says is how an entry reads; it is asked only when there is a text to
// look for.
func (f *Filter) Select(log []Entry, says func(*Entry) string) []int {
	words := strings.Fields(strings.ToLower(f.Text))
	var out []int
	for i := range log {
		e := &log[i]
		if f.admits(e) && (len(words) == 0 || holds(strings.ToLower(says(e)), words)) {
			out = append(out, i)
		}
	}
	return out
}

func (f *Filter) admits(e *Entry) bool {
	switch {
	case f.Op != 0 && (e.Op != f.Op || e.Lane != f.Lane):
		return false
	case f.Classes != 0 && !f.Classes.Has(e.Class()):
		return false
	}
	return f.Element == "" || e.Concerns(f.Element)
}

// Concerns tells whether an entry is about an element: BROKER stands for its
// queues and topics too, BROKER/TOPIC for its subscriptions.
func (e *Entry) Concerns(element string) bool {
	return e.NodeName == element || e.ToName == element || e.QueueName == element ||
		strings.HasPrefix(e.QueueName, element+"/")
}

func holds(line string, words []string) bool {
	for _, w := range words {
		if !strings.Contains(line, w) {
			return false
		}
	}
	return true
}
