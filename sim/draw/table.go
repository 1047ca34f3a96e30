package draw

import (
	"cmp"
	"math"
	"slices"
	"strings"
)

const (
	maxBranches = 64
	maxDepth    = 4
	maxSamples  = 1 << 22
)

// accumulate fills cum with normalised cumulative weights; the last is exactly 1 so that every uniform finds a branch.
func (t *table) accumulate() *ExprError {
	total := 0.0
	for _, w := range t.weights {
		if !(w > 0) || w > maxValue {
			return &ExprError{Msg: "weights must be positive numbers", Hint: "leave out what never happens"}
		}
		total += w
	}
	t.cum = make([]float64, len(t.weights))
	sum := 0.0
	for i, w := range t.weights {
		sum += w
		t.cum[i] = sum / total
		if i > 0 && t.cum[i] <= t.cum[i-1] || t.cum[i] < 0x1p-50 {
			return &ExprError{Msg: "a weight is too small beside the others", Hint: "leave out what never happens"}
		}
	}
	t.cum[len(t.cum)-1] = 1
	return nil
}

func (t *table) weight(i int) float64 {
	if i == 0 {
		return t.cum[0]
	}
	return t.cum[i] - t.cum[i-1]
}

func checkCount(name string, n, weights int) *ExprError {
	switch {
	case n != weights:
		return Mistake(0, "", "%s: every value needs one weight", name)
	case n == 0:
		return Mistake(0, "", "%s: at least one branch is needed", name)
	case n > maxBranches:
		return Mistake(0, `put the values in a file and write empirical("file.csv")`, "%s: more than 64 branches", name)
	}
	return nil
}

// DiscreteDist takes values[i] with probability weights[i] / sum of weights: mean Σ wv, variance Σ w(v-mean)². Values
// are sorted and equal ones merged, so that sampling is by inversion. At most 64 values.
func DiscreteDist(values, weights []float64) (Dist, error) {
	if err := checkCount("discrete", len(values), len(weights)); err != nil {
		return Dist{}, err
	}
	order := make([]int, len(values))
	for i := range order {
		order[i] = i
		if !(values[i] >= 0 && values[i] <= maxValue) {
			return Dist{}, &ExprError{Msg: "discrete: values must be finite and not negative"}
		}
	}
	slices.SortStableFunc(order, func(i, j int) int { return cmp.Compare(values[i], values[j]) })
	t := &table{}
	for _, i := range order {
		if n := len(t.values); n > 0 && t.values[n-1] == values[i] {
			t.weights[n-1] += weights[i]
			continue
		}
		t.values = append(t.values, values[i]+0) // +0 makes a negative zero positive
		t.weights = append(t.weights, weights[i])
	}
	if err := t.accumulate(); err != nil {
		err.Msg = "discrete: " + err.Msg
		return Dist{}, err
	}
	for i, v := range t.values {
		t.mean += float64(t.weight(i) * v)
	}
	return Dist{kind: Discrete, form: formDiscrete, tab: t}, nil
}

// MixtureDist draws from branches[i] with probability weights[i] / sum of weights. Mean Σ wm; variance
// Σ w(v + (m-mean)²). At most 64 branches, nested at most 4 deep.
func MixtureDist(weights []float64, branches []Dist) (Dist, error) {
	if err := checkCount("mix", len(branches), len(weights)); err != nil {
		return Dist{}, err
	}
	t := &table{weights: slices.Clone(weights), dists: slices.Clone(branches)}
	if err := t.accumulate(); err != nil {
		err.Msg = "mix: " + err.Msg
		return Dist{}, err
	}
	d := Dist{kind: Mixture, form: formMix, unit: branches[0].unit, tab: t}
	for i := range branches {
		if branches[i].unit != d.unit {
			return Dist{}, &ExprError{Msg: "mix: branches of different units"}
		}
	}
	if d.depth() > maxDepth {
		return Dist{}, &ExprError{Msg: "mix: nested more than 4 deep", Hint: "multiply the weights out"}
	}
	t.averageBranches()
	return d, nil
}

func (t *table) averageBranches() {
	t.mean = 0
	for i := range t.dists {
		t.mean += float64(t.weight(i) * t.dists[i].Mean())
	}
}

func (d *Dist) depth() int {
	deepest := 0
	if d.kind == Mixture {
		for i := range d.tab.dists {
			deepest = max(deepest, d.tab.dists[i].depth())
		}
	}
	return deepest + 1
}

// FromSamples is the empirical distribution: every sample with the same probability (a step function, nothing is
// interpolated or extrapolated). Mean and variance are those of the samples, the variance divided by n. The slice is
// copied. At most about four million samples.
func FromSamples(samples []float64) (Dist, error) {
	if len(samples) == 0 || len(samples) > maxSamples {
		return Dist{}, &ExprError{Msg: "empirical: needs between 1 and 4194304 samples"}
	}
	t := &table{values: slices.Clone(samples)}
	n := float64(len(samples))
	for i, v := range t.values {
		if !(v >= 0 && v <= maxValue) {
			return Dist{}, &ExprError{Msg: "empirical: samples must be finite and not negative"}
		}
		t.values[i] = v + 0
		t.mean += v / n
	}
	slices.Sort(t.values)
	return Dist{kind: Empirical, form: formEmpirical, a: 1, tab: t}, nil
}

// Named gives an empirical distribution the name that its expression shows (quotes are dropped). Other kinds are
// returned unchanged.
func (d Dist) Named(name string) Dist {
	if d.kind == Empirical {
		t := *d.tab
		t.file.Name = strings.ReplaceAll(strings.ToValidUTF8(name, ""), `"`, "")
		d.tab = &t
	}
	return d
}

// Unit is the unit of the samples.
func (d *Dist) Unit() Unit { return d.unit }

// In gives the distribution a unit, for String. Constructors make plain numbers; Parse sets the unit it was given.
func (d Dist) In(u Unit) Dist {
	d.unit = u
	if d.kind == Mixture {
		t := *d.tab
		t.dists = make([]Dist, len(d.tab.dists))
		for i := range t.dists {
			t.dists[i] = d.tab.dists[i].In(u)
		}
		d.tab = &t
	}
	return d
}

// Scaled has the same shape and every sample multiplied by f; an f that is not positive, or NaN, gives the constant 0.
// The families that count keep their family instead: the mean of geometric is multiplied, but not below 1, integer and
// zipf stay as they are.
func (d *Dist) Scaled(f float64) Dist {
	if !(f > 0) {
		return Const(0).In(d.unit)
	}
	f = math.Min(f, maxValue)
	s := *d
	switch d.kind {
	case Geometric:
		s.p[0] = math.Min(math.Max(1, s.p[0]*f), 1e15)
	case Integer, Zipf:
		return s
	case Empirical:
		s.a = math.Min(d.a*f, maxValue)
		return s
	case Discrete, Mixture:
		t := *d.tab
		t.values = slices.Clone(d.tab.values)
		for i := range t.values {
			t.values[i] *= f
		}
		t.mean *= f
		t.dists = slices.Clone(d.tab.dists)
		for i := range t.dists {
			t.dists[i] = d.tab.dists[i].Scaled(f)
		}
		if d.kind == Mixture {
			t.averageBranches()
		}
		s.tab = &t
		return s
	}
	for i, q := range formSpecs[d.form].params {
		if q.class != plain {
			s.p[i] *= f
		}
	}
	s.derive()
	return s
}

// Equal reports whether two distributions draw the same samples and have the same canonical text.
func (d *Dist) Equal(e *Dist) bool {
	if d.tab == nil || e.tab == nil || d.tab == e.tab {
		return *d == *e
	}
	x, y := *d, *e
	x.tab, y.tab = nil, nil
	s, t := d.tab, e.tab
	return x == y && s.file == t.file && slices.Equal(s.values, t.values) && slices.Equal(s.weights, t.weights) &&
		slices.EqualFunc(s.dists, t.dists, func(a, b Dist) bool { return a.Equal(&b) })
}
