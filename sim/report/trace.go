package report

import (
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"asynclab/sim"
	"asynclab/sim/draw"
	"asynclab/sim/sequence"
)

// Traces are the operations that were followed, one of each design.
type Traces struct {
	Scenario, Version string
	Seed              uint64
	Pick              string // in the words of the command line
	Followed          []*sim.Followed
	Width             int // columns of the text; 0: 80
}

// TraceFormats are the formats of Traces.Write.
func TraceFormats() []string { return []string{"text", "json", "otlp"} }

// Write writes the traces as text, as JSON, or as the JSON of OpenTelemetry (OTLP 1.x),
// which tracing tools read.
func (t *Traces) Write(w io.Writer, format string) error {
	switch format {
	case "json":
		return t.json(w)
	case "otlp":
		return t.otlp(w)
	}
	return t.text(w)
}

// spanMarks are the characters of a bar, by state.
var spanMarks = [...]rune{sequence.OnTheWay: '·', sequence.InQueue: '▒', sequence.InLine: '░', sequence.AtWork: '█', sequence.ForAnswer: '─'}

func (t *Traces) text(w io.Writer) error {
	var b strings.Builder
	for i, f := range t.Followed {
		if i > 0 {
			b.WriteByte('\n')
		}
		t.one(&b, f)
	}
	b.WriteString("\n· on the way   ▒ in a queue   ░ in line for a worker   █ at work   ─ waits for an answer\n")
	_, err := io.WriteString(w, b.String())
	return err
}

func (t *Traces) one(b *strings.Builder, f *sim.Followed) {
	root := &f.Trace.Spans[0]
	fmt.Fprintf(b, "%s/%s: operation %s of %s", t.Scenario, f.Design, whole(f.Number), f.Load)
	if f.Of > 0 {
		fmt.Fprintf(b, " (%s, %s came)", t.Pick, whole(f.Of))
	}
	fmt.Fprintf(b, "\narrives at %s, %s\n", sequence.Clock(f.Trace.Start), end(root))
	lines := spanLines(f.Trace.Spans)
	wide, last := 0, time.Duration(1)
	for _, l := range lines {
		wide, last = max(wide, utf8.RuneCountInString(l.name)), max(last, l.to)
	}
	width := t.Width
	if width == 0 {
		width = 80
	}
	wide = min(wide, width/2)
	cells := max(10, width-wide-24)
	fmt.Fprintf(b, "  %s %8s %8s\n", left("", wide), "from", "took")
	for _, l := range lines {
		if l.begins && f.Trace.Traces > 1 {
			fmt.Fprintf(b, "\n  trace %d of %d%s\n", l.trace+1, f.Trace.Traces, l.after)
		}
		name := l.name
		if n := utf8.RuneCountInString(name); n > wide {
			name = string([]rune(name)[:wide-1]) + "…"
		}
		fmt.Fprintf(b, "  %s %8s %8s  %s\n", left(name, wide), span(l.from), span(l.to-l.from), strings.TrimRight(l.bar(last, cells), " "))
	}
	if f.Trace.Cut {
		fmt.Fprintf(b, "  the first %d events; the rest is left out\n", sequence.MaxEntries)
	}
}

// span is a time with three digits.
func span(d time.Duration) string { return draw.FormatDuration(d.Seconds()) }

func whole(n uint64) string { return group(strconv.FormatUint(n, 10)) }

// end says how an operation ended.
func end(root *sequence.TraceSpan) string {
	switch {
	case root.Open:
		return "still open when the run ends"
	case root.Outcome != "":
		return root.Outcome + " after " + span(root.To-root.From)
	}
	return "confirmed after " + span(root.To-root.From)
}

// line is a span of the text, or a call together with the task that it brought about.
type line struct {
	name     string
	from, to time.Duration
	parts    []sequence.Part
	trace    int
	begins   bool   // a trace
	after    string // what brought that about
}

// spanLines makes lines of spans.
func spanLines(spans []sequence.TraceSpan) (lines []line) {
	depth := make([]int, len(spans))
	var in []int // the line that each span is in
	for i := range spans {
		x := &spans[i]
		if x.Parent >= 0 {
			depth[i] = depth[x.Parent] + 1
			if p := &spans[x.Parent]; x.Kind == sequence.TaskSpan && p.Kind == sequence.CallSpan {
				l := &lines[in[x.Parent]]
				depth[i] = depth[x.Parent]
				l.name = strings.Repeat("  ", depth[i]) + told(x, p)
				l.parts, l.to = append(l.parts, x.Parts...), max(l.to, x.To)
				in = append(in, in[x.Parent])
				continue
			}
		}
		l := line{name: strings.Repeat("  ", depth[i]) + told(x, x), from: x.From, to: x.To, parts: x.Parts, trace: x.Trace, begins: x.Parent < 0}
		if l.begins && x.Cause >= 0 {
			l.after = ": no trace came with " + spans[x.Cause].Name
		}
		in = append(in, len(lines))
		lines = append(lines, l)
	}
	return lines
}

// told names a span, and says what is unusual about it and the call that it answers.
func told(x, call *sequence.TraceSpan) string {
	name := x.Name
	switch x.Kind {
	case sequence.PublishSpan:
		name = "publish " + name
	case sequence.CallSpan:
		name = "call " + name
	case sequence.OperationSpan, sequence.TaskSpan, sequence.QueueSpan:
	}
	switch {
	case call.Kind == sequence.CallSpan && call.Try > 1:
		name += fmt.Sprintf(", attempt %d", call.Try)
	case x.Kind == sequence.QueueSpan && x.Try > 1:
		name += fmt.Sprintf(", delivery %d", x.Try)
	}
	if call.Kind == sequence.CallSpan && !call.Waits {
		name += ", sent"
	}
	if x.Kind != sequence.OperationSpan {
		if x.Outcome != "" {
			name += ", " + x.Outcome
		} else if call.Outcome != "" {
			name += ", " + call.Outcome
		}
		if x.Open {
			name += ", open"
		}
	}
	return name
}

// bar draws the parts in cells: in each the state that takes most of its time.
func (l *line) bar(last time.Duration, cells int) string {
	out := make([]rune, cells)
	for i := range out {
		from, to := last*time.Duration(i)/time.Duration(cells), last*time.Duration(i+1)/time.Duration(cells)
		out[i] = ' '
		most := time.Duration(0)
		for _, p := range l.parts {
			if d := min(p.To, to) - max(p.From, from); d > most {
				most, out[i] = d, spanMarks[p.State]
			}
		}
	}
	if len(l.parts) > 0 && strings.TrimSpace(string(out)) == "" { // shorter than a cell
		out[min(int(l.from*time.Duration(cells)/last), cells-1)] = spanMarks[l.parts[len(l.parts)-1].State]
	}
	return string(out)
}

type jsonTraces struct {
	Scenario string               `json:"scenario"`
	Version  string               `json:"version"`
	Seed     uint64               `json:"seed"`
	Designs  map[string]jsonTrace `json:"designs"`
}

type jsonTrace struct {
	Load      string     `json:"load"`
	Operation uint64     `json:"operation"`
	Arrived   float64    `json:"arrived"`
	Traces    int        `json:"traces"`
	Cut       bool       `json:"cut,omitempty"`
	Spans     []jsonSpan `json:"spans"`
}

type jsonSpan struct {
	ID       int         `json:"id"`
	Parent   *int        `json:"parent"`
	Cause    *int        `json:"cause"`
	Trace    int         `json:"trace"`
	Kind     string      `json:"kind"`
	Name     string      `json:"name"`
	From     float64     `json:"from"`
	To       float64     `json:"to"`
	Open     bool        `json:"open,omitempty"`
	Try      int         `json:"try"`
	Waits    bool        `json:"waits,omitempty"`
	Instance int         `json:"instance,omitempty"`
	Outcome  string      `json:"outcome,omitempty"`
	Parts    []jsonSpell `json:"parts,omitempty"`
}

type jsonSpell struct {
	State string  `json:"state"`
	From  float64 `json:"from"`
	To    float64 `json:"to"`
}

func (t *Traces) json(w io.Writer) error {
	out := jsonTraces{t.Scenario, t.Version, t.Seed, map[string]jsonTrace{}}
	number := func(i int) *int {
		if i < 0 {
			return nil
		}
		return &i
	}
	for _, f := range t.Followed {
		j := jsonTrace{Load: f.Load, Operation: f.Number, Arrived: f.Trace.Start.Seconds(), Traces: f.Trace.Traces, Cut: f.Trace.Cut}
		for i, x := range f.Trace.Spans {
			s := jsonSpan{i, number(x.Parent), number(x.Cause), x.Trace, x.Kind.String(), x.Name, x.From.Seconds(), x.To.Seconds(), x.Open, x.Try, x.Waits, x.Instance, x.Outcome, nil}
			for _, p := range x.Parts {
				s.Parts = append(s.Parts, jsonSpell{p.State.String(), p.From.Seconds(), p.To.Seconds()})
			}
			j.Spans = append(j.Spans, s)
		}
		out.Designs[f.Design] = j
	}
	return indented(w, out)
}

func indented(w io.Writer, v any) error {
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	e.SetEscapeHTML(false)
	return e.Encode(v)
}
