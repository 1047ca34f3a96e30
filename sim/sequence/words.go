package sequence

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"asynclab/sim/draw"
	"asynclab/sim/record"
)

// The texts of bars, by State; where it is known, what waits for what.
var (
	stateWords = [...]record.Word{
		Waiting: {ID: "bar.waiting", English: "waits"},
		Working: {ID: "bar.working", English: "works"},
		Blocked: {ID: "bar.blocked", English: "waits for an answer"},
	}
	copyWaits = record.Word{ID: "bar.waiting.copy", English: "waits in the queue"}
	taskWaits = record.Word{ID: "bar.waiting.task", English: "waits for a worker"}
	cutWord   = record.Word{ID: "diagram.cut", English: "the story is longer; the rest is not drawn"}
)

// Words returns the words of diagrams besides those of package record.
func Words() []record.Word {
	return slices.Concat(stateWords[:], []record.Word{copyWaits, taskWaits, cutWord}, spanWords)
}

func (m *Message) label(v record.Voice) string { return m.Class.Label(v, m.Fate, m.Why.Word()) }

func (n *Note) label(v record.Voice) string { return n.Class.Label(v, record.InFlight, n.Why.Word()) }

func (b *Bar) label(v record.Voice) string {
	word := stateWords[b.State]
	if b.State == Waiting {
		word = taskWaits
		if b.Task == 0 {
			word = copyWaits
		}
	}
	return v.Say(word)
}

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
