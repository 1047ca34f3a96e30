package sequence

import (
	"fmt"
	"strings"
	"time"

	"asynclab/sim/draw"
	"asynclab/sim/model"
)

// Words say in a language what is in a diagram.
type Words interface {
	Message(Message) string
	Note(Note) string
	Bar(Bar) string
	Cut() string // there is more than is drawn
}

// English is the default.
type English struct{}

var kindWords = [numKinds]string{
	"request", "reply", "failed", "event", "ack", "nack", "again", "duplicate", "dead letter", "cancel",
}

// Message names a message.
func (English) Message(m Message) string {
	text := kindWords[m.Kind]
	if (m.Kind == FailedReply || m.Kind == Nack) && m.Cause != model.OK {
		text += ": " + cause(m.Cause)
	}
	switch m.End {
	case Lost:
		text += " (lost)"
	case Corrupted:
		text += " (corrupted)"
	case Refused:
		text += " (refused)"
	case Received, Travelling:
	}
	return text
}

var noteWords = [numNotes]string{
	"accepted", "confirmed", "failed", "retrying", "task failed", "rejected: no room", "cancelled", "task lost",
	"work begins again", "dead-lettered", "dropped",
}

// Note says what a note says.
func (English) Note(n Note) string {
	text := noteWords[n.Kind]
	switch {
	case n.Kind == Retrying && n.Cause != model.OK:
		return cause(n.Cause) + " → " + text
	case n.Kind == Dropped && n.Cause == model.Expired:
		return cause(n.Cause)
	case n.Kind == TaskRejected, n.Kind == TaskCancelled, n.Kind == TaskLost, n.Cause == model.OK:
		return text
	}
	return text + ": " + cause(n.Cause)
}

// Bar says what goes on in a bar.
func (English) Bar(b Bar) string {
	switch {
	case b.State == Blocked:
		return "waits for an answer"
	case b.State == Working:
		return "works"
	case b.Task == 0:
		return "waits in the queue"
	}
	return "waits for a worker"
}

// Cut says that the story goes on.
func (English) Cut() string { return "the story is longer; the rest is not drawn" }

func cause(c model.Cause) string { return strings.ReplaceAll(c.String(), "_", " ") }

// Clock writes a time since the story began; long ones keep their milliseconds.
func Clock(d time.Duration) string {
	switch s := d.Seconds(); {
	case s < 0:
		return "-" + Clock(-d)
	case s < 1:
		return spaced(draw.FormatDuration(s))
	case s < 60:
		return fmt.Sprintf("%.3f s", s)
	default:
		ms := d.Round(time.Millisecond).Milliseconds()
		return fmt.Sprintf("%d min %06.3f s", ms/60_000, float64(ms%60_000)/1000)
	}
}

// Span writes a length of time, with three digits.
func Span(d time.Duration) string { return spaced(draw.FormatDuration(d.Seconds())) }

// spaced puts a space between a number and its unit.
func spaced(s string) string {
	i := strings.IndexFunc(s, func(r rune) bool { return (r < '0' || r > '9') && r != '.' && r != '-' })
	if i <= 0 || strings.ContainsAny(s[i:], "0123456789") {
		return s
	}
	return s[:i] + " " + s[i:]
}
