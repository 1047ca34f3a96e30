package sequence

import (
	"fmt"
	"strings"

	"asynclab/sim/record"
	"asynclab/sim/topology"
)

// palette is a set of colours; lane fills and outlines are by kind of node.
type palette struct {
	back, ink, faint, life, bad string
	fill, edge                  [6]string
	message                     map[record.Mark]string
	waits, works, blocked       string
}

// The colours of messages and states are those of the window.
var (
	lightColours = palette{
		back: "#ffffff", ink: "#0f172a", faint: "#475569", life: "#94a3b8", bad: "#c8321f",
		fill: [6]string{"#e0e7ff", "#ecfdf5", "#f8fafc", "#fff1dc", "#f3e8ff", "#faf5ff"},
		edge: [6]string{"#4f46e5", "#059669", "#94a3b8", "#d97706", "#9333ea", "#a855f7"},
		message: map[record.Mark]string{
			record.MarkRequest:    "#0072b2",
			record.MarkReply:      "#008a63",
			record.MarkErrorReply: "#d04a00",
			record.MarkEvent:      "#a3459a",
			record.MarkAck:        "#4f7b94",
			record.MarkNack:       "#8c2f2f",
			record.MarkRetry:      "#9a6300",
			record.MarkDuplicate:  "#6b6200",
			record.MarkDeadLetter: "#2d353d",
			record.MarkCancel:     "#8c2f2f",
		},
		waits: "#8a6d00", works: "#1f7fc4", blocked: "#cf5b0a",
	}
	darkColours = palette{
		back: "#0b1220", ink: "#f1f5f9", faint: "#a9b6c8", life: "#64748b", bad: "#ff7a66",
		fill: [6]string{"#2a2f6b", "#0f3d33", "#131c2e", "#4a3110", "#3d1f5f", "#2f1d4a"},
		edge: [6]string{"#8b93ff", "#34d399", "#51617a", "#f5a742", "#c084fc", "#a78bfa"},
		message: map[record.Mark]string{
			record.MarkRequest:    "#4fa9ea",
			record.MarkReply:      "#2fcf9f",
			record.MarkErrorReply: "#ff7f45",
			record.MarkEvent:      "#e18fd0",
			record.MarkAck:        "#9fc9dd",
			record.MarkNack:       "#e06a6a",
			record.MarkRetry:      "#f2b02e",
			record.MarkDuplicate:  "#e6dd55",
			record.MarkDeadLetter: "#d8dee5",
			record.MarkCancel:     "#e06a6a",
		},
		waits: "#e3cd55", works: "#4fa9ea", blocked: "#ff8f4a",
	}
)

// style writes the style sheet; every rule begins with the prefix.
func style(t Theme) (prefix, css string) {
	if t.Prefix == "" {
		t.Prefix = "seq"
	}
	t = t.Complete()
	first := lightColours
	if t.Mode == topology.Dark {
		first = darkColours
	}
	var b strings.Builder
	b.WriteString(first.rules(t.Prefix))
	fmt.Fprintf(&b, `.%[1]s text { font-family: %[2]s; font-size: %[3]gpx }
.%[1]s .name { font-size: %[4]gpx; font-weight: 600 }
.%[1]s .time { font-variant-numeric: tabular-nums }
.%[1]s .gap { font-style: italic }
.%[1]s .label, .%[1]s .note { stroke-width: 4px; stroke-linejoin: round; paint-order: stroke }
.%[1]s .note { font-weight: 600 }
.%[1]s .head, .%[1]s .bar rect { stroke-width: 1.3px }
.%[1]s .waits rect { stroke-dasharray: 2 2; fill-opacity: 0.16 }
.%[1]s .life { stroke-dasharray: 2 3 }
.%[1]s .way { fill: none; stroke-width: 1.6px }
.%[1]s .cross { fill: none; stroke-width: 2.4px }
.%[1]s .reply .way, .%[1]s .failed-reply .way, .%[1]s .ack .way, .%[1]s .nack .way { stroke-dasharray: 6 4 }
.%[1]s .dead-letter .way, .%[1]s .cancel .way { stroke-dasharray: 2 4 }
`, t.Prefix, t.Font, LabelFont, HeadFont)
	if t.Mode == topology.Auto {
		fmt.Fprintf(&b, "@media (prefers-color-scheme: dark) {\n%s}\n", darkColours.rules(t.Prefix))
	}
	return t.Prefix, b.String()
}

func (p palette) rules(prefix string) string {
	var b strings.Builder
	fmt.Fprintf(&b, `.%[1]s .back { fill: %[2]s }
.%[1]s .name { fill: %[3]s }
.%[1]s .time, .%[1]s .gap { fill: %[4]s }
.%[1]s .life { stroke: %[5]s }
.%[1]s .waits rect { fill: %[6]s; stroke: %[6]s }
.%[1]s .works rect { fill: %[7]s; stroke: %[7]s }
.%[1]s .blocked rect { fill: %[2]s; stroke: %[8]s }
`, prefix, p.back, p.ink, p.faint, p.life, p.waits, p.works, p.blocked)
	for k := range p.fill {
		fmt.Fprintf(&b, ".%s .%v .head { fill: %s; stroke: %s }\n", prefix, topology.Kind(k), p.fill[k], p.edge[k])
	}
	for _, m := range record.MessageMarks() {
		fmt.Fprintf(&b, ".%[1]s .%[2]s .way { stroke: %[3]s }\n.%[1]s .%[2]s .tip, .%[1]s .label.%[2]s { fill: %[3]s }\n", prefix, m.ID(), p.message[m])
	}
	fmt.Fprintf(&b, ".%[1]s .label, .%[1]s .note { stroke: %[2]s }\n.%[1]s .note { fill: %[3]s }\n", prefix, p.back, p.ink)
	fmt.Fprintf(&b, ".%[1]s .cross { stroke: %[2]s }\n.%[1]s .note.bad, .%[1]s .label.bad { fill: %[2]s }\n", prefix, p.bad)
	return b.String()
}
