package expect

import (
	"fmt"
	"math"
	"strings"

	"asynclab/sim/draw"
	"asynclab/sim/measure"
)

// Lookup returns the value of a metric in one replication (0, 1, …). The design
// is "" where the expectation names none. A window of nil means the measured
// window. NaN stands for a metric without samples; ok is false if there is no
// such metric.
type Lookup func(design, metric string, window *Window, replication int) (value float64, unit draw.Unit, ok bool)

// Uncertainty returns how far the value of a metric may be from the true one: the
// error of the histogram of a percentile. It counts where there are replications.
type Uncertainty func(design, metric string, window *Window) float64

// Outcome is the result of evaluating an expectation.
type Outcome struct {
	Pass         bool
	Inconclusive bool             // the interval of the margin straddles the bound; Pass is false
	Value        float64          // of the left side, its mean over replications; NaN if there is none
	Low, High    float64          // the interval of Value; NaN where there is none, as in one replication
	Bound        float64          // of the right side, its mean over replications ("between": the nearer bound)
	Unit         draw.Unit        // of both
	Margin       measure.Estimate // left minus right ("within", "between": room to the nearer limit)
	Detail       string           // one line for a reader, without the expectation itself

	off float64 // how far the margin may be from the true one
	cmp comparison
}

// Room is the margin, seen from the bound: above 0 on the side where the expectation is
// met, below on the other. A side without a value is -Inf. Of an equality it is never
// above 0, of an inequality never below.
func (o Outcome) Room() measure.Estimate {
	m := o.Margin
	switch {
	case math.IsNaN(m.Mean):
		return measure.Estimate{Mean: math.Inf(-1), Low: math.Inf(-1), High: math.Inf(-1)}
	case o.cmp == atMost || o.cmp == less:
		return measure.Estimate{Mean: -m.Mean, Low: -m.High, High: -m.Low, N: m.N}
	case o.cmp == equal || o.cmp == notEqual:
		far, near := max(math.Abs(m.Low), math.Abs(m.High)), min(math.Abs(m.Low), math.Abs(m.High))
		if m.Low <= 0 && m.High >= 0 {
			near = 0
		}
		if o.cmp == equal {
			return measure.Estimate{Mean: -math.Abs(m.Mean), Low: -far, High: -near, N: m.N}
		}
		return measure.Estimate{Mean: math.Abs(m.Mean), Low: near, High: far, N: m.N}
	}
	return m
}

// Evaluate decides whether the expectation holds over one or more replications. Without
// an uncertainty all values are exact.
func (e *Expectation) Evaluate(replications int, lookup Lookup, off Uncertainty) Outcome {
	s := &sides{e: e, n: max(replications, 1), dims: make([]dim, len(e.refs)), off: make([]float64, len(e.refs))}
	for i, r := range e.refs {
		if off != nil && s.n > 1 {
			s.off[i] = off(r.Design, r.Metric, r.Window)
		}
	}
	if out, bad := s.gather(lookup); bad {
		return out
	}
	out := Outcome{Value: mean(s.left), Bound: mean(s.right), Unit: s.unit(), off: s.slack / float64(s.n), cmp: e.cmp}
	out.Low, out.High = math.NaN(), math.NaN()
	if s.n > 1 {
		left := measure.Summarize(s.left)
		out.Low, out.High = left.Low, left.High
	}
	switch e.cmp {
	case atLeast, greater:
		out.judge(e.cmp == greater, s.margin(1, s.right, -1))
	case atMost, less:
		out.judge(e.cmp == less, s.margin(-1, s.right, 1))
		out.Margin.Mean = -out.Margin.Mean
		out.Margin.Low, out.Margin.High = -out.Margin.High, -out.Margin.Low
	case equal, notEqual:
		out.judgeEqual(e.cmp == equal, s.margin(1, s.right, -1))
	default:
		lower, upper := s.limits()
		above, below := s.margin(1, lower, -1), s.margin(-1, upper, 1)
		if mean(below) < mean(above) {
			above, below = below, above
			if e.cmp == between {
				out.Bound = mean(s.extra)
			}
		}
		// Both limits must hold; the nearer one decides what is reported.
		far := out
		far.judge(false, below)
		out.judge(false, above)
		if out.Pass && !far.Pass {
			out.Pass, out.Inconclusive, out.Margin = far.Pass, far.Inconclusive, far.Margin
		}
	}
	out.Detail = s.detail(out)
	return out
}

// sides are the values of the parts of an expectation, one per replication.
type sides struct {
	e                  *Expectation
	n                  int
	dims               []dim
	off                []float64 // of the metrics
	slack              float64   // of the sides together, summed over the replications
	left, right, extra []float64
}

// gather computes the sides. If one of them has no value it returns false and
// an outcome with the reason.
func (s *sides) gather(lookup Lookup) (Outcome, bool) {
	e := s.e
	values := make([]float64, len(e.refs))
	empty, first := 0, ""
	for rep := range s.n {
		missing := ""
		for i, r := range e.refs {
			v, u, ok := lookup(r.Design, r.Metric, r.Window, rep)
			if !ok {
				return failed("there is no metric " + r.Name()), true
			}
			values[i], s.dims[i] = v, dimOf(u)
			if math.IsNaN(v) && missing == "" {
				missing = "no samples for " + r.Name()
			}
		}
		s.left = append(s.left, e.left.eval(values))
		s.right = append(s.right, e.right.eval(values))
		if e.extra != nil {
			s.extra = append(s.extra, e.extra.eval(values))
		}
		s.slack += e.slack(values, s.off)
		finite := isFinite(s.left[rep]) && isFinite(s.right[rep]) && (e.extra == nil || isFinite(s.extra[rep]))
		if missing == "" && !finite {
			missing = "no finite value, for instance because of a division by zero,"
		}
		if missing != "" {
			empty++
			if first == "" {
				first = missing
			}
		}
	}
	if empty == 0 {
		return Outcome{}, false
	}
	detail := strings.TrimSuffix(first, ",")
	if s.n > 1 {
		detail = fmt.Sprintf("%s in %d of %d replications", first, empty, s.n)
	}
	out := failed(detail)
	out.Unit = s.unit()
	if empty == s.n || s.n == 1 {
		out.Value, out.Bound = finiteMean(s.left), finiteMean(s.right)
	}
	return out, true
}

// slack is how far the sides together may be from the true ones, to the first order.
func (e *Expectation) slack(values, off []float64) (sum float64) {
	for i, d := range off {
		if d == 0 {
			continue
		}
		at := values[i]
		for _, side := range []*node{e.left, e.right, e.extra} {
			if side != nil {
				before := side.eval(values)
				values[i] = at + d
				sum += math.Abs(side.eval(values) - before)
				values[i] = at
			}
		}
	}
	return sum
}

func failed(detail string) Outcome {
	nan := math.NaN()
	return Outcome{Value: nan, Low: nan, High: nan, Bound: nan, Margin: measure.Estimate{Mean: nan, Low: nan, High: nan}, Detail: detail}
}

func isFinite(v float64) bool { return !math.IsNaN(v) && !math.IsInf(v, 0) }

func mean(values []float64) float64 { return measure.Summarize(values).Mean }

func finiteMean(values []float64) float64 {
	if m := mean(values); isFinite(m) {
		return m
	}
	return math.NaN()
}

// unit is the unit in which both sides are shown: a share if either side is
// one.
func (s *sides) unit() draw.Unit {
	left, err := s.e.left.dim(s.dims)
	if err != nil {
		return draw.None
	}
	right, err := s.e.right.dim(s.dims)
	switch {
	case err != nil:
		return draw.None
	case left.any:
		return right.unit()
	case right.ratio && left == dim{}:
		return draw.Ratio
	}
	return left.unit()
}

// margin is a·left + b·other per replication, or 0 where the difference is
// rounding only.
func (s *sides) margin(a float64, other []float64, b float64) []float64 {
	const rounding = 1e-12
	out := make([]float64, s.n)
	for i := range out {
		l, o := float64(a*s.left[i]), float64(b*other[i])
		out[i] = l + o
		if math.Abs(out[i]) <= rounding*max(math.Abs(l), math.Abs(o)) {
			out[i] = 0
		}
	}
	return out
}

// limits are the lower and the upper limit of "within" and "between".
func (s *sides) limits() (lower, upper []float64) {
	if s.e.cmp == between {
		return s.right, s.extra
	}
	d, _ := s.e.extra.dim(s.dims)
	for i, r := range s.right {
		tolerance := math.Abs(s.extra[i])
		if d.ratio {
			tolerance *= math.Abs(r)
		}
		lower, upper = append(lower, r-tolerance), append(upper, r+tolerance)
	}
	return lower, upper
}

// judge sets Pass if the margin is above 0, or is 0 and the comparison not
// strict.
func (o *Outcome) judge(strict bool, margin []float64) {
	o.summarize(margin)
	low, high := o.interval()
	switch {
	case low < 0 && high > 0:
		o.Inconclusive = true
	case strict:
		o.Pass = o.Margin.Mean > 0
	default:
		o.Pass = o.Margin.Mean >= 0
	}
}

func (o *Outcome) judgeEqual(want bool, margin []float64) {
	o.summarize(margin)
	all := true
	for _, m := range margin {
		all = all && m == 0
	}
	low, high := o.interval()
	switch {
	case all:
		o.Pass = want
	case low <= 0 && high >= 0:
		o.Inconclusive = true
	default:
		o.Pass = !want
	}
}

func (o *Outcome) summarize(margin []float64) {
	o.Margin = measure.Summarize(margin)
	o.Margin.Low -= o.off
	o.Margin.High += o.off
}

// interval is the 95 % interval of the margin; with one replication both ends
// are its value.
func (o *Outcome) interval() (low, high float64) {
	if o.Margin.N < 2 {
		return o.Margin.Mean, o.Margin.Mean
	}
	return o.Margin.Low, o.Margin.High
}

func (s *sides) detail(o Outcome) string {
	show := func(v float64) string { return draw.FormatQuantity(v, o.Unit) }
	text := show(o.Value)
	if s.e.right.op != '#' || s.n > 1 {
		text += " against " + show(o.Bound)
	}
	if s.n == 1 {
		return text
	}
	text += fmt.Sprintf(", margin %s [%s, %s]", show(o.Margin.Mean), show(o.Margin.Low), show(o.Margin.High))
	if o.Inconclusive {
		text += " straddles the bound"
	}
	return text
}

// eval computes an expression; NaN in any operand gives NaN.
func (n *node) eval(refs []float64) float64 {
	switch n.op {
	case '#':
		return n.value
	case '$':
		return refs[n.ref]
	}
	out := n.args[0].eval(refs)
	switch n.op {
	case '~':
		return -out
	case 'a':
		return math.Abs(out)
	}
	for _, a := range n.args[1:] {
		v := a.eval(refs)
		switch n.op {
		case '+':
			out += v
		case '-':
			out -= v
		case '*':
			// The conversion keeps products from being fused into the sum
			// around them, which would differ by processor.
			out = float64(out * v)
		case '/':
			out /= v
		case 'm':
			out = min(out, v)
		case 'M':
			out = max(out, v)
		}
	}
	return out
}
