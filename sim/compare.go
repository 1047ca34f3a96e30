package sim

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"slices"

	"asynclab/sim/design"
	"asynclab/sim/measure"
	"asynclab/sim/metric"
)

// Comparison is a result with the differences between one design and each of the
// others, replication by replication under common random numbers.
type Comparison struct {
	*Result
	Base   string
	Pairs  []Pair
	Spared []Spared
}

// Pair is a design beside the base.
type Pair struct {
	Base, Design string
	Currency     string       // of costs
	Differences  []Difference // what designs are compared by first, then every other metric that both have
	Verdict      string       // in words; set by the caller
}

// Difference is a metric of a design less that of the base.
type Difference struct {
	Ref  metric.Ref // of element Everything: over all elements of the kind
	Name string
	Unit Unit
	// Base and Of are the means over the replications that both have samples in.
	Base, Of float64
	// Estimate is of the differences. Into its interval the errors of both histograms
	// are taken, where it is of a percentile.
	Estimate
	Median measure.Median // of the differences
	Middle [2]float64     // the medians of base and design
	Error  float64        // of the histograms
}

// Everything is the element of a number over all elements of a kind: their sum, or
// of what takes time to recover the longest.
const Everything = "*"

// Noise reports whether the interval of the difference has 0 in it, or there is no
// interval. Designs that are equal in every replication differ by 0, which is not
// noise.
func (d *Difference) Noise() bool {
	if d.N > 1 && d.Low == 0 && d.High == 0 {
		return false
	}
	return !(d.Low > 0 || d.High < 0)
}

// Same reports whether the designs are equal in every replication.
func (d *Difference) Same() bool { return d.N > 1 && d.Low == 0 && d.High == 0 }

// Disputed reports whether the interval of the median, which assumes nothing about the
// distribution, says otherwise than that of the mean whether there is a difference: a
// few replications are far from the rest.
func (d *Difference) Disputed() bool {
	if d.Error > 0 || math.IsNaN(d.Median.Low) || d.Same() {
		return false
	}
	return d.Noise() == (d.Median.Low > 0 || d.Median.High < 0)
}

// Relative is the difference as a share of the base; NaN where the base is 0.
func (d *Difference) Relative() float64 {
	if d.Base == 0 {
		return math.NaN()
	}
	return d.Mean / math.Abs(d.Base)
}

// Spared is a fault that does not happen in every design.
type Spared struct {
	Fault   string
	Designs []string // those that are spared
}

// SparedFaults lists the faults that some of the designs do not have, by their names:
// what such a fault hits is not there.
func SparedFaults(designs []*design.Design) (out []Spared) {
	has := func(d *design.Design, name string) bool {
		return slices.ContainsFunc(d.Faults, func(f design.Fault) bool { return f.Name == name })
	}
	for _, d := range designs {
		for _, f := range d.Faults {
			if slices.ContainsFunc(out, func(s Spared) bool { return s.Fault == f.Name }) {
				continue
			}
			s := Spared{Fault: f.Name}
			for _, o := range designs {
				if !has(o, f.Name) {
					s.Designs = append(s.Designs, o.Name)
				}
			}
			if len(s.Designs) > 0 {
				out = append(out, s)
			}
		}
	}
	return out
}

// Compare compares the designs of a result, which has replications, with one of them:
// the first if base is "".
func Compare(r *Result, base string) (*Comparison, error) {
	if len(r.Designs) < 2 {
		return nil, errors.New("a comparison needs at least two designs")
	}
	base = cmp.Or(base, r.Designs[0].Name)
	b, ok := r.Design(base)
	if !ok {
		return nil, fmt.Errorf("there is no design %q", base)
	}
	c := &Comparison{Result: r, Base: base}
	for i := range r.Designs {
		if d := &r.Designs[i]; d.Name != base {
			c.Pairs = append(c.Pairs, Pair{Base: base, Design: d.Name, Currency: r.Currency, Differences: differences(b, d)})
		}
	}
	return c, nil
}

// differences lists the differences of two designs.
func differences(base, of *DesignResult) []Difference {
	var out []Difference
	known := make(map[string]*Metric, len(base.Metrics))
	for i := range base.Metrics {
		known[base.Metrics[i].Name] = &base.Metrics[i]
	}
	for i := range of.Metrics {
		m := &of.Metrics[i]
		if b := known[m.Name]; b != nil {
			out = append(out, difference(b, m))
		}
	}
	out = append(out, totals(base, of)...)
	slices.SortStableFunc(out, func(a, b Difference) int { return cmp.Compare(a.order(), b.order()) })
	return out
}

// order is the place of a difference: what designs are compared by comes first, and
// of it the sums.
func (d *Difference) order() int {
	m := d.Ref.Metric
	i := -1
	if m != nil {
		i = slices.Index(m.Compared.Stats, d.Ref.Stat)
	}
	switch {
	case i < 0:
		return math.MaxInt
	case d.Ref.Element == Everything:
		return 1000*m.Compared.At + i
	}
	return 1000*m.Compared.At + i + 100
}

func difference(base, of *Metric) Difference {
	d := Difference{Ref: of.Ref, Name: of.Name, Unit: of.Unit, Error: base.Error + of.Error}
	var all, bases, ofs []float64
	for i := range min(len(base.Values), len(of.Values)) {
		delta := of.Values[i] - base.Values[i]
		all = append(all, delta)
		if !math.IsNaN(delta) {
			bases, ofs = append(bases, base.Values[i]), append(ofs, of.Values[i])
		}
	}
	d.Base, d.Of = measure.Summarize(bases).Mean, measure.Summarize(ofs).Mean
	d.Middle = [2]float64{measure.MedianOf(bases).Value, measure.MedianOf(ofs).Value}
	d.Estimate, d.Median = measure.Summarize(all), measure.MedianOf(all)
	if d.Error > 0 && !d.Same() {
		d.Low, d.High = d.Low-d.Error, d.High+d.Error
		d.Median.Low, d.Median.High = d.Median.Low-d.Error, d.Median.High+d.Error
	}
	return d
}

// totals compares what the elements of a kind have together, also where the designs do
// not have the same elements: worker time, losses, the longest recovery.
func totals(base, of *DesignResult) (out []Difference) {
	var refs []metric.Ref
	for _, d := range []*DesignResult{base, of} {
		for i := range d.Metrics {
			r := d.Metrics[i].Ref
			if r.Metric == nil || r.Element == "" || r.Compared.Over == metric.Each || !slices.Contains(r.Compared.Stats, r.Stat) {
				continue
			}
			r.Element, r.Cause = Everything, ""
			if !slices.Contains(refs, r) {
				refs = append(refs, r)
			}
		}
	}
	for _, r := range refs {
		out = append(out, difference(total(base, r), total(of, r)))
	}
	return out
}

// total is a metric over all elements of its kind. Without any element a sum is 0.
func total(d *DesignResult, r metric.Ref) *Metric {
	m := &Metric{Name: r.String(), Unit: r.Unit(), Ref: r}
	if len(d.Metrics) == 0 {
		return m
	}
	m.Values = make([]float64, len(d.Metrics[0].Values))
	if r.Compared.Over == metric.Longest {
		for i := range m.Values {
			m.Values[i] = math.NaN()
		}
	}
	for i := range d.Metrics {
		e := &d.Metrics[i]
		if e.Ref.Metric != r.Metric || e.Ref.Stat != r.Stat {
			continue
		}
		for k, v := range e.Values {
			switch {
			case r.Compared.Over == metric.Sum:
				m.Values[k] += v
			case math.IsNaN(v) && d.waited(e.Ref.Element, k):
				m.Values[k] = math.Inf(1)
			case math.IsNaN(m.Values[k]) || v > m.Values[k]:
				m.Values[k] = v
			}
		}
	}
	for k, v := range m.Values {
		if math.IsInf(v, 0) { // something has not recovered
			m.Values[k] = math.NaN()
		}
	}
	m.Estimate = measure.Summarize(m.Values)
	return m
}

// waited reports whether something ever waited in a queue: without a time to be empty
// again, it never was.
func (d *DesignResult) waited(queue string, replication int) bool {
	depth := metric.Ref{Metric: metric.Queue.Metric(metric.QueueDepth), Element: queue, Stat: metric.Max}
	i := slices.IndexFunc(d.Metrics, func(m Metric) bool { return m.Ref == depth })
	return i >= 0 && d.Metrics[i].Values[replication] > 0
}
