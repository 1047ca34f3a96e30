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
	lines := f.Trace.Lines(nil)
	wide, last := 0, time.Duration(1)
	for _, l := range lines {
		wide, last = max(wide, utf8.RuneCountInString(l.Name)+2*l.Depth), max(last, l.To)
	}
	width := t.Width
	if width == 0 {
		width = 80
	}
	wide = min(wide, width/2)
	cells := max(10, width-wide-24)
	fmt.Fprintf(b, "  %s %8s %8s\n", left("", wide), "from", "took")
	for _, l := range lines {
		if l.Begins && f.Trace.Traces > 1 {
			fmt.Fprintf(b, "\n  trace %d of %d", l.Trace+1, f.Trace.Traces)
			if l.After != "" {
				b.WriteString(": no trace came with " + l.After)
			}
			b.WriteByte('\n')
		}
		name := strings.Repeat("  ", l.Depth) + l.Name
		if n := utf8.RuneCountInString(name); n > wide {
			name = string([]rune(name)[:wide-1]) + "…"
		}
		fmt.Fprintf(b, "  %s %8s %8s  %s\n", left(name, wide), span(l.From), span(l.To-l.From), strings.TrimRight(bar(&l, last, cells), " "))
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

// bar draws the parts in cells: in each the state that takes most of its time.
func bar(l *sequence.Line, last time.Duration, cells int) string {
	out := make([]rune, cells)
	for i := range out {
		from, to := last*time.Duration(i)/time.Duration(cells), last*time.Duration(i+1)/time.Duration(cells)
		out[i] = ' '
		most := time.Duration(0)
		for _, p := range l.Parts {
			if d := min(p.To, to) - max(p.From, from); d > most {
				most, out[i] = d, spanMarks[p.State]
			}
		}
	}
	if len(l.Parts) > 0 && strings.TrimSpace(string(out)) == "" { // shorter than a cell
		out[min(int(l.From*time.Duration(cells)/last), cells-1)] = spanMarks[l.Parts[len(l.Parts)-1].State]
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
