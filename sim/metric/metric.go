package metric

import (
	"cmp"
	"slices"
	"strings"

	"asynclab/sim/draw"
	"asynclab/sim/measure"
)

// Kind is a kind of element of a design, with the metrics of each such element
// in reporting order.
type Kind struct {
	Name    string // "load"
	Rank    int    // order among kinds in reports
	Element string // the placeholder of its name in a pattern: "NAME"; "" where there is only one
	Metrics []Metric

	id       string // of its declarations, where that is not the name
	slashes  int    // in the names of its elements, which tell it from the kind of the same name
	size     [3]int // counters, levels and histograms of one element
	reported []*Metric
}

// Metric is the declaration of a metric.
type Metric struct {
	// Key is where the recorder holds it: a measure.Counter, LevelID or HistID,
	// counted from the first of the element; or a Value. If several metrics have
	// the same Key, Kind.Metric returns the first.
	Key  any
	Name string    // what follows the element's name: "accepted.latency"
	Unit draw.Unit // of its plain value, mean and extremes
	Doc  string    // one line
	// Of is the denominator of its ratio, or of itself if it is a Value: the Key of
	// a count of the same element. Without one a count has no ratio.
	Of any
	// Plus is the Key of a count that is added, where the recorder counts only the
	// excess over it.
	Plus any
	// Less is the Key of a count that is subtracted.
	Less     any
	PerCause bool // one metric for each cause of failure, whose name follows
	// OfPublished counts messages by their publication, whenever it happens to them,
	// as a load counts operations by their arrival: the ratio is never above 1.
	OfPublished bool
	Priced      bool  // it is there only where the design has prices
	Tells       Tells // what findings make of it, where it is not 0
	Better      Way   // which way of it is better, where that can be said of it alone
	Row         Row
	Curve       Curve
	Sign        Sign
	Compared    Compared

	kind *Kind
}

// Tells is what a count or a level that is not 0 says of a run. Findings read it: a mechanism that
// declares it needs nothing else to be found.
type Tells uint8

// What counts tell.
const (
	Nothing Tells = iota
	Refuses       // a protection turned tasks, attempts or messages away
	Ends          // messages ended without being handled
	Lines         // a level: tasks or attempts stand in line; the first metric of its kind counts those that came
)

// Value is the Key of a metric that is computed when it is read.
type Value int32

// Shape determines the statistics that a metric has.
type Shape uint8

// The shapes of metrics.
const (
	Count        Shape = iota
	Level              // a value that holds until it changes
	Distribution       // of times, or of counts: see One
	Computed
)

// One is how a distribution of counts records a 1: as a second, so that its mean is plain.
const One = 1_000_000_000

func (s Shape) String() string { return [...]string{"count", "level", "distribution", "value"}[s] }

// Stat is one number of a metric.
type Stat uint8

// The statistics, and their suffixes in the name of a metric.
const (
	Plain Stat = iota
	Rate
	Ratio
	Mean
	P50
	P90
	P95
	P99
	P999
	Max
	Final
)

var suffixes = [...]string{"", ".rate", ".ratio", ".mean", ".p50", ".p90", ".p95", ".p99", ".p999", ".max", ".final"}

// String is the word that follows a metric's name; "" for its plain value.
func (s Stat) String() string { return strings.TrimPrefix(suffixes[s], ".") }

// Quantile is the level of a quantile (0.99 for p99), and 0 for other
// statistics.
func (s Stat) Quantile() float64 {
	if s < P50 || s > P999 {
		return 0
	}
	return [...]float64{.5, .9, .95, .99, .999}[s-P50]
}

var stats = [...][]Stat{
	Count: {Plain, Rate, Ratio}, Level: {Mean, Max, Final},
	Distribution: {Mean, P50, P90, P95, P99, P999, Max}, Computed: {Plain},
}

// Stats lists the statistics of a shape.
func (s Shape) Stats() []Stat { return stats[s] }

// Way is the direction in which a metric gets better. A baseline judges by it.
type Way uint8

// The ways. Neither is that of what is only different: the load that came, how busy a
// service is.
const (
	Neither Way = iota
	Lower
	Higher
)

// Row is the place of a metric in the tables of a report.
type Row struct {
	At    int // order among the rows of the element; 0: no row
	When  When
	Stats []Stat // a row each
	// Unless is the Key of a metric of the same element: if all rows are equal to
	// those of that metric, they are left out.
	Unless any
}

// Compared is the place of a metric among what designs are compared by.
type Compared struct {
	At    int // order; 0: it is among all metrics only
	Stats []Stat
	Over  Over // how the elements of a kind are taken together
	// Head marks the metrics of the table's head: those that a precision is about,
	// beside the ones that expectations name.
	Head bool
}

// Over is how designs are compared by a metric of many elements.
type Over uint8

// The ways to take elements together.
const (
	Each    Over = iota // not at all: element by element
	Sum                 // what is lost, worker time
	Longest             // recovery
)

// The order in which designs are compared: by what is done, how soon, what is lost,
// how long it takes to recover, and what it takes.
const (
	byGoodput = 10 * (iota + 1)
	byAccepted
	byConfirmed
	byLosses
	byRecovery
	byThreads
	byCost
)

// When is the condition under which a row is shown.
type When uint8

// The conditions for showing a row.
const (
	Always   When = iota
	NonZero       // in some design it is not zero
	NotOne        // in some design it is not one
	Measured      // some design has a value
	Expected      // an expectation names it
)

// Kinds is a list of kinds, in reporting order.
type Kinds []*Kind

// With is the list with more kinds, in reporting order.
func (ks Kinds) With(more ...*Kind) Kinds {
	all := append(slices.Clip(ks), more...)
	slices.SortStableFunc(all, func(a, b *Kind) int { return a.Rank - b.Rank })
	return all
}

// Declare completes the declarations of a kind.
func Declare(name string, rank int, element string, metrics []Metric) *Kind {
	k := &Kind{Name: name, Rank: rank, Element: element, Metrics: metrics}
	for i := range k.Metrics {
		m := &k.Metrics[i]
		m.kind = k
		switch key := m.Key.(type) {
		case measure.Counter:
			k.size[Count] = max(k.size[Count], int(key)+1)
		case measure.LevelID:
			k.size[Level] = max(k.size[Level], int(key)+1)
		case measure.HistID:
			k.size[Distribution] = max(k.size[Distribution], int(key)+1)
		}
		if m.Row.At > 0 {
			k.reported = append(k.reported, m)
		}
	}
	slices.SortStableFunc(k.reported, func(a, b *Metric) int { return a.Row.At - b.Row.At })
	return k
}

// Called gives the declarations of a kind whose metrics are named as another's an ID of
// their own. Its elements are told by the number of parts of their names.
func (k *Kind) Called(id string) *Kind {
	k.id, k.slashes = id, strings.Count(k.Element, "/")
	return k
}

// Size is how many counters, levels and histograms an element takes.
func (k *Kind) Size() (counters, levels, hists int) {
	return k.size[Count], k.size[Level], k.size[Distribution]
}

// Reported lists the metrics that have rows in a report, in the order of the
// rows.
func (k *Kind) Reported() []*Metric { return k.reported }

// Metric is the metric of a key.
func (k *Kind) Metric(key any) *Metric {
	i := slices.IndexFunc(k.Metrics, func(m Metric) bool { return m.Key == key })
	return &k.Metrics[i]
}

// ByArrival reports whether the metric is about what arrived in a window: the
// operations of a load, or the messages published.
func (m *Metric) ByArrival() bool { return m.kind.Name == "load" || m.OfPublished }

// Kind is the kind of element that has the metric.
func (m *Metric) Kind() *Kind { return m.kind }

// ID is the stable name of the declaration: "load.offered".
func (m *Metric) ID() string {
	return cmp.Or(m.kind.id, m.kind.Name) + "." + m.pattern()
}

// Pattern is the name of the metric with a placeholder for the element:
// "load.NAME.offered".
func (m *Metric) Pattern() string { return m.kind.section(m.kind.Element) + "." + m.pattern() }

func (m *Metric) pattern() string {
	if m.PerCause {
		return m.Name + ".CAUSE"
	}
	return m.Name
}

// Shape follows from the key.
func (m *Metric) Shape() Shape {
	switch m.Key.(type) {
	case measure.Counter:
		return Count
	case measure.LevelID:
		return Level
	case measure.HistID:
		return Distribution
	}
	return Computed
}

// Stats lists the statistics of the metric.
func (m *Metric) Stats() []Stat {
	all := m.Shape().Stats()
	if m.Shape() == Count && m.Of == nil {
		return all[:2]
	}
	return all
}

// Denominator is the metric by which a ratio divides; nil if there is none.
func (m *Metric) Denominator() *Metric {
	if m.Of == nil {
		return nil
	}
	return m.kind.Metric(m.Of)
}

// Ref is one number of one element.
type Ref struct {
	*Metric
	Element string // "shoppers", "bus/orders", "shop->pay"
	Cause   string // of a metric that is PerCause
	Stat    Stat
}

// Section is the name of the element with its kind: "load.shoppers".
func (r Ref) Section() string { return r.kind.section(r.Element) }

func (k *Kind) section(element string) string {
	if element == "" {
		return k.Name
	}
	return k.Name + "." + element
}

// Short is what follows the name of the element: "accepted.latency.p99".
func (r Ref) Short() string {
	if r.Cause != "" {
		return r.Name + "." + r.Cause + suffixes[r.Stat]
	}
	return r.Name + suffixes[r.Stat]
}

// String is the name: "load.shoppers.accepted.latency.p99".
func (r Ref) String() string { return r.Section() + "." + r.Short() }

// Unit is the unit of the number.
func (r Ref) Unit() draw.Unit {
	switch {
	case r.Stat == Ratio:
		return draw.Ratio
	case r.Stat == Rate && r.Metric.Unit == draw.Bytes:
		return draw.BytesPerSecond
	case r.Stat == Rate:
		return draw.PerSecond
	}
	return r.Metric.Unit
}

// Parse splits a name into its parts. It does not check whether the design has
// the element, nor whether the cause exists.
func (ks Kinds) Parse(name string) (Ref, bool) {
	kind, all, _ := strings.Cut(name, ".")
	element, _, _ := strings.Cut(all, ".") // names of elements have no dots
	alike := func(k *Kind) bool { return k.Name == kind && k.slashes > 0 && k.slashes == strings.Count(element, "/") }
	special := slices.ContainsFunc(ks, alike)
	for _, k := range ks {
		if k.Name != kind || special != alike(k) {
			continue
		}
		r, rest := Ref{}, all
		if k.Element != "" {
			r.Element, rest, _ = strings.Cut(rest, ".")
		}
		for i := range k.Metrics {
			r.Metric = &k.Metrics[i]
			tail, ok := strings.CutPrefix(rest, r.Name)
			if !ok {
				continue
			}
			if r.PerCause {
				r.Cause, tail, _ = strings.Cut(strings.TrimPrefix(tail, "."), ".")
				if tail != "" {
					tail = "." + tail
				}
			}
			for _, s := range r.Stats() {
				if suffixes[s] == tail && r.PerCause == (r.Cause != "") {
					r.Stat = s
					return r, true
				}
			}
			r.Cause = ""
		}
	}
	return Ref{}, false
}
