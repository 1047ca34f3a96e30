package record

import (
	"slices"
)

// Mark is a sign of the picture. Several classes may share one. The code that
// draws the picture decides its shape and colour.
type Mark uint8

// The marks: of messages in transit, then of what goes wrong.
const (
	NoMark Mark = iota
	MarkRequest
	MarkReply
	MarkErrorReply
	MarkEvent
	MarkAck
	MarkNack
	MarkRetry
	MarkDuplicate
	MarkDeadLetter
	MarkCancel
	MarkLost     // on the link
	MarkRejected // at the end of the link, or on the service
	MarkFailed   // on the service or load
	MarkDropped  // on the queue
	NumMarks
)

// Stroke is the line of a message in a diagram.
type Stroke uint8

// The strokes.
const (
	Solid  Stroke = iota
	Dashed        // answers
	Dotted
)

var marks = [NumMarks]struct {
	id     string
	stroke Stroke
}{
	MarkRequest: {"request", Solid}, MarkReply: {"reply", Dashed}, MarkErrorReply: {"failed-reply", Dashed},
	MarkEvent: {"event", Solid}, MarkAck: {"ack", Dashed}, MarkNack: {"nack", Dashed}, MarkCancel: {"cancel", Dotted},
	MarkRetry: {"retry", Solid}, MarkDuplicate: {"duplicate", Solid}, MarkDeadLetter: {"dead-letter", Dotted},
	MarkLost: {"lost", Solid}, MarkRejected: {"rejected", Solid}, MarkFailed: {"failed", Solid}, MarkDropped: {"dropped", Solid},
}

// ID is the stable name of the mark, which style sheets use.
func (m Mark) ID() string { return marks[m].id }

// Stroke is the line of messages with the mark.
func (m Mark) Stroke() Stroke { return marks[m].stroke }

// Answer reports whether messages with the mark are answers.
func (m Mark) Answer() bool { return m.Stroke() == Dashed }

// MessageMarks are the marks of messages, in the order of a legend.
func MessageMarks() []Mark { return between(MarkRequest, MarkCancel) }

// TroubleMarks are the marks of what goes wrong, in the order of a legend.
func TroubleMarks() []Mark { return between(MarkLost, MarkDropped) }

func between(first, last Mark) (all []Mark) {
	for m := first; m <= last; m++ {
		all = append(all, m)
	}
	return all
}

// Name is the text of the mark in a legend: everything that it stands for.
func (m Mark) Name(v Voice) string {
	var all []string
	add := func(of Mark, text string) {
		if of == m && !slices.Contains(all, text) {
			all = append(all, text)
		}
	}
	for i := range fates {
		add(fates[i].mark, v.Say(fates[i].word))
	}
	for _, c := range Classes {
		text := v.Say(c.word)
		if short := v.Say(c.short()); short != text {
			text = v.Sayf(aside, text, short)
		}
		add(c.mark, text)
	}
	return v.Listed(all)
}
