package sequence

import (
	"bufio"
	"fmt"
	"io"
	"strings"

	"asynclab/sim/record"
	"asynclab/sim/topology"
)

// Mermaid writes a diagram in the language of Mermaid (https://mermaid.js.org/syntax/sequenceDiagram.html),
// which Markdown pages draw. It has no slanted arrows: a message stands where it arrives,
// one that is lost where it was sent.
func Mermaid(w io.Writer, d *Diagram) error {
	b := bufio.NewWriter(w)
	fmt.Fprintln(b, "sequenceDiagram")
	for i, l := range d.Lanes {
		kind := "participant"
		if l.Kind == topology.Client {
			kind = "actor"
		}
		fmt.Fprintf(b, "  %s p%d as %s\n", kind, i, plain(l.Label))
	}
	for at := range d.Moments {
		for _, m := range d.Messages {
			if m.where() == at {
				m.mermaid(b, d)
			}
		}
		for _, n := range d.Notes {
			if n.At == at {
				fmt.Fprintf(b, "  Note over p%d: %s, %s\n", n.Lane, plain(n.label(nil)), Clock(d.Since(at)))
			}
		}
	}
	if d.Cut {
		fmt.Fprintf(b, "  %%%% %s\n", cutWord.English)
	}
	return b.Flush()
}

// where is the moment at which a message is written down.
func (m *Message) where() int {
	if m.Fate == record.Lost || m.Fate == record.InFlight {
		return m.Sent
	}
	return m.Arrived
}

func (m *Message) mermaid(w io.Writer, d *Diagram) {
	arrow := "->>"
	switch {
	case m.Fate.Bad():
		arrow = "-x"
	case m.Class == record.Reply || m.Class == record.ErrorReply || m.Class == record.Confirm || m.Class == record.Ack || m.Class == record.Nack:
		arrow = "-->>"
	}
	when := Clock(d.Since(m.Sent))
	if m.where() == m.Arrived && d.Moments[m.Arrived] > d.Moments[m.Sent] {
		when += " to " + Clock(d.Since(m.Arrived))
	}
	fmt.Fprintf(w, "  p%d%sp%d: %s, %s\n", m.From, arrow, m.To, plain(m.label(nil)), when)
}

// plain leaves out what Mermaid reads as its own.
func plain(s string) string {
	return strings.Map(func(r rune) rune {
		if strings.ContainsRune(";:#%<>{}", r) || r < ' ' {
			return ' '
		}
		return r
	}, s)
}
