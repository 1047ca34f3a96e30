package sequence

import (
	"fmt"
	"io"
	"time"

	"asynclab/sim/record"
	"asynclab/sim/svg"
	"asynclab/sim/topology"
)

// Waterfall is the picture of a trace over time (a Gantt chart): a line for each span,
// below the one that brought it about, and the critical path marked under the bars.
type Waterfall struct {
	W, H   float64
	Names  float64 // width of the column of names
	Top    float64 // where the lines begin
	Bottom float64 // and end
	Lines  []Line
	Texts  []Label // of each line, its name; and one above each trace but the first
	Bars   []WaterBar
	Path   []Box // the critical path
	Ticks  []Tick
	Keys   []WaterKey // what the bars mean, below
}

// WaterBar is a part of a line.
type WaterBar struct {
	Line  int
	State SpanState
	Box   Box
	Tip   string
}

// Tick is a time of the axis.
type Tick struct {
	X    float64
	Text string
}

// WaterKey explains a bar, or the critical path.
type WaterKey struct {
	Path  bool
	State SpanState
	Box   Box
	Label Label
}

var (
	waterWay   = record.Word{ID: "span.way", English: "on the way"}
	waterPath  = record.Word{ID: "span.critical", English: "critical path"}
	waterTrace = record.Word{ID: "span.trace", English: "trace %d of %d: no trace came with %s"}
)

var spanWords = []record.Word{callSpan, publishSpan, attemptSpan, deliverySpan, sentSpan, openSpan, outcomeSpan, waterWay, waterPath, waterTrace}

// Word is what a state is called in pictures.
func (s SpanState) Word() record.Word {
	return [...]record.Word{OnTheWay: waterWay, InQueue: copyWaits, InLine: taskWaits, AtWork: stateWords[Working], ForAnswer: stateWords[Blocked]}[s]
}

// Sizes in pixels.
const (
	waterRow  = 24.0
	waterBar  = 12.0
	waterStep = 12.0 // of the indent of a level
	leastBars = 220.0
)

// NewWaterfall lays a trace out in a width; the bars get more than that where the names
// would leave too little.
func NewWaterfall(t *Trace, width float64, o Options) *Waterfall {
	if o.Measure == nil {
		o.Measure = topology.TextWidth
	}
	w := &Waterfall{Lines: t.Lines(o.Voice), Top: waterRow + pad}
	last := time.Duration(1)
	for _, l := range w.Lines {
		w.Names = max(w.Names, o.Measure(l.Name, LabelFont)+waterStep*float64(min(l.Depth, 12)))
		last = max(last, l.To)
		for _, p := range l.Parts {
			last = max(last, p.To)
		}
	}
	w.Names = min(w.Names, max(width*0.45, 120)) + 2*pad
	wide := max(width-w.Names-2*pad, leastBars)
	w.W = w.Names + wide + 2*pad
	x := func(at time.Duration) float64 { return w.Names + wide*float64(at)/float64(last) }
	y := w.Top
	for i := range w.Lines {
		l := &w.Lines[i]
		if l.Begins && i > 0 {
			text := o.Voice.Sayf(waterTrace, l.Trace+1, t.Traces, l.After)
			w.Texts = append(w.Texts, Label{text, Box{pad, y, o.Measure(text, LabelFont), waterRow}})
			y += waterRow
		}
		indent := pad + waterStep*float64(min(l.Depth, 12))
		name := cut(l.Name, w.Names-indent-pad/2, o.Measure)
		w.Texts = append(w.Texts, Label{name, Box{indent, y, o.Measure(name, LabelFont), waterRow}})
		for _, p := range l.Parts {
			b := Box{x(p.From), y + (waterRow-waterBar)/2 - 1, max(x(p.To)-x(p.From), 1), waterBar}
			if p.State == OnTheWay {
				b.Y, b.H = b.Y+waterBar/2-1.5, 3
			}
			tip := fmt.Sprintf("%s: %s, %s → %s (%s)", l.Name, o.Voice.Say(p.State.Word()), Clock(p.From), Clock(p.To), Span(p.To-p.From))
			w.Bars = append(w.Bars, WaterBar{i, p.State, b, tip})
		}
		for _, p := range l.Critical {
			w.Path = append(w.Path, Box{x(p.From), y + waterRow - 6, max(x(p.To)-x(p.From), 1), 3})
		}
		y += waterRow
	}
	w.ticks(last, x, o.Measure)
	w.Bottom = y
	w.H = w.keys(y+pad, o)
	return w
}

// ticks are round times, at most one for a hundred pixels.
func (w *Waterfall) ticks(last time.Duration, x func(time.Duration) float64, measure func(string, float64) float64) {
	step := time.Duration(1)
	for n := 0; x(step)-x(0) < 100 && step < last; n++ {
		step = step * [...]time.Duration{2, 5, 2}[n%3] / [...]time.Duration{1, 2, 1}[n%3]
	}
	for at := time.Duration(0); at <= last; at += step {
		text := Clock(at)
		if x(at)+measure(text, LabelFont) <= w.W-2 {
			w.Ticks = append(w.Ticks, Tick{x(at), text})
		}
	}
}

// keys explains the bars, in rows, and returns the height of the whole.
func (w *Waterfall) keys(y float64, o Options) float64 {
	x := pad
	for i := range 6 {
		k := WaterKey{Path: i == 5, State: SpanState(min(i, 4))}
		word := waterPath
		if !k.Path {
			word = k.State.Word()
		}
		text := o.Voice.Say(word)
		long := o.Measure(text, LabelFont)
		if x+26+long > w.W-pad && x > pad {
			x, y = pad, y+waterRow
		}
		k.Box = Box{x, y + (waterRow-waterBar)/2, 20, waterBar}
		if k.Path || k.State == OnTheWay {
			k.Box.Y, k.Box.H = k.Box.Y+waterBar/2-1.5, 3
		}
		k.Label = Label{text, Box{x + 26, y, long, waterRow}}
		w.Keys = append(w.Keys, k)
		x += 26 + long + 18
	}
	return y + waterRow + pad
}

// cut shortens a text to a width.
func cut(text string, width float64, measure func(string, float64) float64) string {
	if measure(text, LabelFont) <= width {
		return text
	}
	letters := []rune(text)
	for n := len(letters) - 1; n > 0; n-- {
		if short := string(letters[:n]) + "…"; measure(short, LabelFont) <= width {
			return short
		}
	}
	return "…"
}

// The classes of style.
var waterClass = [...]string{OnTheWay: "request", InQueue: "waits", InLine: "waits", AtWork: "works", ForAnswer: "blocked"}

// SVG writes the picture as one self-contained image. Bars have a <title>, which browsers
// show as a tooltip.
func (w *Waterfall) SVG(to io.Writer, theme Theme) error {
	prefix, css := style(theme)
	p := svg.Open(to, svg.Document{Class: prefix, W: w.W, H: w.H, Title: theme.Title, CSS: css, Background: theme.Background})
	rect := func(class string, b Box) {
		p.Put(`<rect class="%s" x="%s" y="%s" width="%s" height="%s"/>`, class, svg.Num(b.X), svg.Num(b.Y), svg.Num(b.W), svg.Num(b.H))
	}
	for _, t := range w.Ticks {
		p.Put(`<line class="life" x1="%s" y1="%s" x2="%s" y2="%s"/>`, svg.Num(t.X), svg.Num(waterRow), svg.Num(t.X), svg.Num(w.Bottom))
		p.Text("time", "start", t.X+2, waterRow-6, t.Text)
		p.Put("\n")
	}
	for _, t := range w.Texts {
		p.Text("name", "start", t.Box.X, t.Box.Y+waterRow/2+LabelFont*0.34, t.Text)
		p.Put("\n")
	}
	bar := func(state SpanState, b Box, tip string) {
		class := ""
		if state == OnTheWay {
			class = "tip"
		}
		p.Put(`<g class="bar %s">`, waterClass[state])
		if tip != "" {
			p.Put(`<title>%s</title>`, svg.Escape(tip))
		}
		rect(class, b)
		p.Put("</g>\n")
	}
	for _, b := range w.Bars {
		bar(b.State, b.Box, b.Tip)
	}
	path := func(b Box) {
		rect("note bad", b)
		p.Put("\n")
	}
	for _, b := range w.Path {
		path(b)
	}
	for _, k := range w.Keys {
		if k.Path {
			path(k.Box)
		} else {
			bar(k.State, k.Box, "")
		}
		p.Text("time", "start", k.Label.Box.X, k.Label.Box.Y+waterRow/2+LabelFont*0.34, k.Label.Text)
		p.Put("\n")
	}
	if err := p.Close(); err != nil {
		return fmt.Errorf("sequence: %w", err)
	}
	return nil
}
