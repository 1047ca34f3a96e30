package sequence

import (
	"math"
	"slices"
	"strings"
	"time"

	"asynclab/sim/record"
	"asynclab/sim/topology"
)

// Scale maps time to height.
type Scale uint8

// The scales.
const (
	Even         Scale = iota // a row for every moment
	Proportional              // height proportional to time
)

// Options tune the layout of a diagram. The zero value suits most.
type Options struct {
	Scale   Scale
	Voice   record.Voice                            // English if nil
	Measure func(text string, size float64) float64 // width of a text in pixels; an estimate if nil
}

// Sizes in pixels at scale 1.
const (
	HeadFont  = 13.0
	LabelFont = 11.0
	HeadH     = 34.0
	BarW      = 10.0

	barStep  = 7.0 // between bars side by side
	rowStep  = 30.0
	gapStep  = 48.0 // between rows, where much time passes
	minGap   = 120.0
	maxGap   = 260.0
	pad      = 10.0
	headPad  = 14.0
	lineH    = 16.0
	tail     = 26.0 // below the last moment
	selfLoop = 34.0
	tallest  = 1200.0 // least height of a proportional diagram
)

// Point is a place in a layout; y grows downwards.
type Point struct{ X, Y float64 }

// Box is a rectangle.
type Box struct{ X, Y, W, H float64 }

func (a Box) touches(b Box) bool {
	return a.X < b.X+b.W && b.X < a.X+a.W && a.Y < b.Y+b.H && b.Y < a.Y+a.H
}

// Label is a text on one line, with its bounding box.
type Label struct {
	Text string
	Box  Box
}

// Arrow is the drawing of a message: straight, or a loop where it goes back to
// its sender. It ends in a head, in a cross if the message was lost or refused,
// or in neither while it is in flight.
type Arrow struct {
	Points []Point
	Cross  bool
	Head   bool
	Label  Label
}

// Row is a moment in the column of times.
type Row struct {
	Moment int
	Y      float64
	Label  Label
}

// Layout is a diagram with coordinates. Heads and Lines are parallel to its
// lanes, Arrows to its messages, Bars to its bars.
type Layout struct {
	W, H   float64
	Heads  []Box
	Lines  []float64 // x of the lifelines, from Top to Bottom
	Top    float64
	Bottom float64
	Arrows []Arrow
	Bars   []Box
	Notes  []NoteLabel
	Rows   []Row
	Gaps   []Label // "+ 1.8 s" between rows
	Foot   Label   // says that the story continues
}

// NoteLabel is the text of the notes at one place.
type NoteLabel struct {
	Label
	Notes []int // indices
}

// Arrange computes the layout of a diagram.
func Arrange(d *Diagram, o Options) *Layout {
	if o.Measure == nil {
		o.Measure = topology.TextWidth
	}
	a := &arranger{d: d, o: o, l: &Layout{}}
	a.groupNotes()
	a.columns()
	a.rows()
	a.drawBars()
	a.arrows()
	a.placeNotes()
	a.labels()
	a.foot()
	return a.l
}

type arranger struct {
	d     *Diagram
	o     Options
	l     *Layout
	ys    []float64 // by moment
	notes []noteGroup
	taken []Box // by labels and notes
}

type noteGroup struct {
	lane, at int
	text     string
	notes    []int
}

func (a *arranger) width(s string) float64 { return a.o.Measure(s, LabelFont) }

// groupNotes puts the notes of one participant at one moment on one line.
func (a *arranger) groupNotes() {
	for i, n := range a.d.Notes {
		text := n.label(a.o.Voice)
		k := slices.IndexFunc(a.notes, func(g noteGroup) bool { return g.lane == n.Lane && g.at == n.At })
		if k < 0 {
			a.notes = append(a.notes, noteGroup{n.Lane, n.At, text, []int{i}})
			continue
		}
		g := &a.notes[k]
		g.notes = append(g.notes, i)
		if !strings.Contains(g.text, text) {
			g.text += " · " + text
		}
	}
}

// columns places the lifelines: far enough apart for the texts between two
// neighbours.
func (a *arranger) columns() {
	n := len(a.d.Lanes)
	if n == 0 {
		return
	}
	gap := make([]float64, n) // to the right of each lifeline
	head := make([]float64, n)
	for i, l := range a.d.Lanes {
		head[i] = a.o.Measure(l.Label, HeadFont)*1.06 + 2*headPad
	}
	for i := range n - 1 {
		gap[i] = max(minGap, head[i]/2+head[i+1]/2+pad)
	}
	for _, m := range a.d.Messages {
		if left := min(m.From, m.To); max(m.From, m.To) == left+1 {
			gap[left] = max(gap[left], min(a.width(m.label(a.o.Voice))+4*pad, maxGap))
		}
	}
	left, right := 0.0, selfLoop
	for _, g := range a.notes {
		w := a.width(g.text) + 3*pad
		switch g.lane {
		case 0:
			left = max(left, w)
		case n - 1:
			right = max(right, w)
		default:
			gap[g.lane] = max(gap[g.lane], min(w+pad, maxGap))
		}
	}
	x := pad + a.times() + max(pad+left, head[0]/2)
	for i := range n {
		a.l.Lines = append(a.l.Lines, x)
		a.l.Heads = append(a.l.Heads, Box{x - head[i]/2, pad, head[i], HeadH})
		x += gap[i]
	}
	a.l.W = a.l.Lines[n-1] + max(right, head[n-1]/2) + pad
	a.l.Top = pad + HeadH + 2 // outlines have a width
}

// times returns the width of the column of times.
func (a *arranger) times() float64 {
	w := 0.0
	for i := range a.d.Moments {
		w = max(w, a.width("+ "+Clock(a.d.Since(i))))
	}
	return w
}

// rows places the moments.
func (a *arranger) rows() {
	d, n := a.d, len(a.d.Moments)
	a.ys = make([]float64, n)
	if n == 0 {
		a.l.Bottom = a.l.Top
		a.l.H = a.l.Bottom + pad
		return
	}
	whole := d.Since(n - 1)
	y := a.l.Top + rowStep*0.8
	for i := range d.Moments {
		if i > 0 && a.o.Scale == Even {
			y += a.step(i, whole)
		} else if i > 0 && whole > 0 {
			y = a.ys[0] + max(tallest, rowStep*float64(n)/2)*float64(d.Since(i))/float64(whole)
		}
		a.ys[i] = y
	}
	a.l.Bottom = y + tail
	a.l.H = a.l.Bottom + pad
	right := pad + a.times()
	last, shown := math.Inf(-1), ""
	for i := range d.Moments {
		if i > 0 && d.Moments[i] == d.Moments[i-1] || a.ys[i]-last < lineH*0.8 {
			continue
		}
		last = a.ys[i]
		text := Clock(d.Since(i))
		if text == shown {
			text = "+ " + Span(d.Moments[i]-d.Moments[i-1])
		} else {
			shown = text
		}
		w := a.width(text)
		a.l.Rows = append(a.l.Rows, Row{i, a.ys[i], Label{text, Box{right - w, a.ys[i] - lineH/2, w, lineH}}})
	}
}

// step returns the distance of a row from the one before; where far more time
// passes than on average it is wider, and labelled with the time.
func (a *arranger) step(i int, whole time.Duration) float64 {
	passed := a.d.Moments[i] - a.d.Moments[i-1]
	if passed*time.Duration(len(a.d.Moments)-1) <= 2*whole || len(a.d.Moments) < 3 {
		return rowStep
	}
	text := "+ " + Span(passed)
	w, right := a.width(text), pad+a.times()
	a.l.Gaps = append(a.l.Gaps, Label{text, Box{right - w, a.ys[i-1] + gapStep/2 - lineH/2, w, lineH}})
	return gapStep
}

// y returns the height of a time, interpolated between the rows around it.
func (a *arranger) y(t time.Duration) float64 {
	d := a.d.Moments
	i, _ := slices.BinarySearch(d, t)
	switch {
	case i >= len(d):
		return a.l.Bottom
	case i == 0 || d[i] == t:
		return a.ys[i]
	}
	share := float64(t-d[i-1]) / float64(d[i]-d[i-1])
	return a.ys[i-1] + share*(a.ys[i]-a.ys[i-1])
}

func (a *arranger) drawBars() {
	for _, b := range a.d.Bars {
		x := a.l.Lines[b.Lane] - BarW/2 + float64(b.Depth)*barStep
		y, to := a.ys[b.From], a.ys[b.To]
		if b.Open {
			to = a.l.Bottom
		}
		a.l.Bars = append(a.l.Bars, Box{x, y, BarW, max(to-y, 5)})
	}
}

// side returns how far left (-1) or right (+1) of a lifeline bars reach at a
// moment.
func (a *arranger) side(lane, at int, side float64) float64 {
	x := a.l.Lines[lane]
	for _, b := range a.d.Bars {
		if b.Lane == lane && b.From <= at && (at <= b.To || b.Open) {
			edge := a.l.Lines[lane] + float64(b.Depth)*barStep + side*BarW/2
			if side > 0 {
				x = max(x, edge)
			} else {
				x = min(x, edge)
			}
		}
	}
	return x
}

// placeNotes writes notes beside the lifeline, where no message crosses them if
// there is such a place; the first participant's are on its left.
func (a *arranger) placeNotes() {
	for _, g := range a.notes {
		w := a.width(g.text)
		right := a.side(g.lane, g.at, +1) + pad*0.6
		left := a.side(g.lane, g.at, -1) - pad*0.6 - w
		sides := []float64{right, left}
		if g.lane == 0 {
			sides = sides[1:]
		}
		a.l.Notes = append(a.l.Notes, NoteLabel{Label{g.text, a.noteBox(sides, a.ys[g.at], w)}, g.notes})
	}
}

func (a *arranger) noteBox(sides []float64, y, w float64) (best Box) {
	const steps = 8
	for _, crossed := range [...]bool{false, true} { // only if nothing else is free, across a message
		for k := range steps {
			for _, x := range sides {
				shift := float64((k+1)/2) * lineH * 0.5
				if k%2 == 1 {
					shift = -shift
				}
				box := Box{x, y - lineH/2 - shift, w, lineH}
				if box.Y > a.l.Top && !a.busy(box) && (crossed && k != 1 || !a.crossed(box)) {
					a.taken = append(a.taken, box)
					return box
				}
			}
		}
	}
	best = Box{sides[0], y - lineH/2, w, lineH}
	a.taken = append(a.taken, best)
	return best
}

// crossed reports whether a message crosses a box.
func (a *arranger) crossed(box Box) bool {
	for _, arrow := range a.l.Arrows {
		for i, q := range arrow.Points[1:] {
			p := arrow.Points[i]
			// The part of the line within the x range of the box.
			from, to := max(min(p.X, q.X), box.X), min(max(p.X, q.X), box.X+box.W)
			if from > to {
				continue
			}
			y := func(x float64) float64 {
				if p.X == q.X {
					return p.Y
				}
				return p.Y + (q.Y-p.Y)*(x-p.X)/(q.X-p.X)
			}
			if a, b := y(from), y(to); max(a, b) > box.Y && min(a, b) < box.Y+box.H {
				return true
			}
		}
	}
	return false
}

func (a *arranger) busy(box Box) bool {
	return slices.ContainsFunc(a.taken, box.touches)
}

func (a *arranger) foot() {
	if !a.d.Cut {
		return
	}
	text := a.o.Voice.Say(cutWord)
	w := a.width(text)
	a.l.Foot = Label{text, Box{pad, a.l.H, w, lineH}}
	a.l.H += lineH + pad
	a.l.W = max(a.l.W, w+2*pad)
}
