package chart

import (
	"math"
	"sort"

	"asynclab/sim/draw"
)

// Figure is the content of a figure. Its receiver must not change what its
// slices hold.
type Figure struct {
	Title  string
	X, Y   Axis
	Curves []Curve
	Bars   []Bars
	Cells  []Cell // of a heat map; both axes then have Names
	Bands  []Band
	Keys   []Key   // the legend; nil: one key for each named curve and set of bars
	Cursor float64 // a vertical line, for instance now; drawn if HasCursor

	HasCursor bool
	Empty     string // shown in the middle when there is nothing to draw
}

// Axis describes an axis.
type Axis struct {
	Label    string // without the unit
	Unit     draw.Unit
	Log      bool
	Min, Max float64 // fixed where Min < Max; otherwise taken from the data (a linear y axis includes 0)
	Grows    float64 // what it goes to in the end, where Max grows: up to minutes its unit is chosen by that, and stays
	As       float64 // seconds: all its numbers are in the unit of this one, whatever the data; 0: they are in that of the greatest

	Names []string // of the values 0, 1, 2 …, instead of numbers
}

// XY is a point. A NaN as Y interrupts the curve.
type XY struct{ X, Y float64 }

// Dash is the dash pattern of a curve; it distinguishes curves of one colour.
type Dash uint8

// The dashes.
const (
	Solid Dash = iota
	Dashed
	Dotted
	DashDot
	NumDashes
)

// Ink is the number of the foreground colour, for curves without a colour of
// their own.
const Ink = -1

// Curve is a line through points in ascending order of X.
type Curve struct {
	Name  string
	XY    []XY
	Color int // index into the palette of a Style, or Ink
	Dash  Dash
	Step  bool // a value holds from its X to the next
	Dots  bool // a dot at every point
	Apart bool // dots with whiskers, no line: what lies between two points means nothing

	// Low and High are the ends of an interval around each point, drawn as a band or,
	// where points stand apart, as whiskers; nil: none. NaN: none at this point.
	Low, High []float64

	Row, Column string // place in a table of readings; both empty: a row of its own
}

// Bars is a histogram.
type Bars struct {
	Name  string
	Bins  []Bin // ascending, not overlapping
	Color int
}

// Cell is a field of a heat map, in the column and row of an axis' names.
type Cell struct {
	X, Y int
	Part float64 // of the darkest colour, from 0 to 1
	Text string  // written where it has room
}

// Bin is a bar from Lo to Hi, Y high.
type Bin struct{ Lo, Hi, Y float64 }

// Band is a shaded stretch of the x axis.
type Band struct {
	Name     string
	From, To float64
	Faint    bool // announced, not yet begun
}

// Key is an entry of the legend.
type Key struct {
	Name  string
	Color int
	Dash  Dash
	Block bool // a block instead of a line
}

// Reading is the value of a curve or a set of bars at a place on the x axis.
type Reading struct {
	Key
	X, Y        float64 // Y is NaN where there is no value
	Row, Column string  // as in Curve
}

// At returns the value nearest to x of each curve and each set of bars, in
// order; NaN where a curve has not begun or is over.
func (f *Figure) At(x float64) []Reading {
	out := make([]Reading, 0, len(f.Curves)+len(f.Bars))
	for i := range f.Curves {
		c := &f.Curves[i]
		p := c.at(x, f.X.Log)
		r := Reading{Key{Name: c.Name, Color: c.Color, Dash: c.Dash}, p.X, p.Y, c.Row, c.Column}
		if c.Row == "" && c.Column == "" {
			r.Row = c.Name
		}
		out = append(out, r)
	}
	for i := range f.Bars {
		b := &f.Bars[i]
		r := Reading{Key{Name: b.Name, Color: b.Color, Block: true}, x, math.NaN(), b.Name, ""}
		if len(b.Bins) > 0 && x >= b.Bins[0].Lo && x < b.Bins[len(b.Bins)-1].Hi {
			r.Y = 0 // between two bars the share is 0
		}
		j := sort.Search(len(b.Bins), func(j int) bool { return b.Bins[j].Hi > x })
		if j < len(b.Bins) && b.Bins[j].Lo <= x {
			r.X, r.Y = b.Bins[j].Lo, b.Bins[j].Y
		}
		out = append(out, r)
	}
	return out
}

func (c *Curve) at(x float64, log bool) XY {
	n := len(c.XY)
	i := sort.Search(n, func(i int) bool { return c.XY[i].X > x }) // the first after x
	switch {
	case n == 0 || c.Step && (i == 0 || x > c.XY[n-1].X):
		return XY{x, math.NaN()}
	case c.Step:
		return c.XY[i-1]
	case i == 0 && n > 1 && c.XY[0].X-x > c.XY[1].X-c.XY[0].X,
		i == n && n > 1 && x-c.XY[n-1].X > c.XY[n-1].X-c.XY[n-2].X: // further than the distance of the last two points
		return XY{x, math.NaN()}
	case i == 0:
		return c.XY[0]
	case i == n:
		return c.XY[n-1]
	}
	before, behind := c.XY[i-1], c.XY[i]
	nearer := x-before.X <= behind.X-x
	if log && before.X > 0 {
		nearer = x*x <= before.X*behind.X
	}
	if nearer {
		return before
	}
	return behind
}

// Format writes a value of the axis for people, with its unit.
func (a Axis) Format(v float64) string {
	if math.IsNaN(v) {
		return "–"
	}
	return draw.FormatQuantity(v, a.Unit)
}

// keys returns the legend: as given, or one key for each name.
func (f *Figure) keys() []Key {
	if f.Keys != nil {
		return f.Keys
	}
	var keys []Key
	for _, c := range f.Curves {
		if c.Name != "" {
			keys = append(keys, Key{Name: c.Name, Color: c.Color, Dash: c.Dash})
		}
	}
	for _, b := range f.Bars {
		if b.Name != "" {
			keys = append(keys, Key{Name: b.Name, Color: b.Color, Block: true})
		}
	}
	return keys
}

// interval is that of a point, if it has one.
func (c *Curve) interval(i int) (low, high float64, ok bool) {
	if i >= len(c.Low) || i >= len(c.High) || math.IsNaN(c.Low[i]) || math.IsNaN(c.High[i]) {
		return 0, 0, false
	}
	return c.Low[i], c.High[i], true
}

// extent returns the range of the data along both axes; on a logarithmic axis
// only of the values above 0. Without data lo is above hi.
func (f *Figure) extent() (x, y extent) {
	x, y = nothing(f.X.Log), nothing(f.Y.Log)
	for _, c := range f.Cells {
		x.add(float64(c.X))
		y.add(float64(c.Y))
	}
	fixed := f.X.Min < f.X.Max
	for i := range f.Curves {
		c := &f.Curves[i]
		for k, p := range c.XY {
			if math.IsNaN(p.Y) {
				continue
			}
			x.add(p.X)
			if !fixed || p.X >= f.X.Min && p.X <= f.X.Max {
				y.add(p.Y)
				if low, high, ok := c.interval(k); ok {
					y.add(low)
					y.add(high)
				}
			}
		}
	}
	for i := range f.Bars {
		for _, b := range f.Bars[i].Bins {
			x.add(b.Lo)
			x.add(b.Hi)
			y.add(b.Y)
		}
	}
	return x, y
}

type extent struct {
	lo, hi   float64
	positive bool
}

func nothing(log bool) extent { return extent{math.Inf(1), math.Inf(-1), log} }

// add ignores NaN, and values so large that they must be a mistake; a value
// below a thousandth of a nanosecond counts as 0.
func (e *extent) add(v float64) {
	if math.Abs(v) < 1e-12 {
		v = 0
	}
	if !(math.Abs(v) < 1e15) || e.positive && v <= 0 {
		return
	}
	e.lo, e.hi = min(e.lo, v), max(e.hi, v)
}

func (e *extent) empty() bool { return e.lo > e.hi }
