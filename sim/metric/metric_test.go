package metric

import (
	"slices"
	"strings"
	"testing"

	"asynclab/sim/draw"
	"asynclab/sim/measure"
)

// every yields each declared metric.
func every(yield func(*Metric) bool) {
	for _, k := range Core {
		for i := range k.Metrics {
			if !yield(&k.Metrics[i]) {
				return
			}
		}
	}
}

func TestDeclarations(t *testing.T) {
	ids := map[string]bool{}
	for m := range every {
		if ids[m.ID()] {
			t.Errorf("two metrics are called %s", m.ID())
		}
		ids[m.ID()] = true
		if m.Name == "" || m.Doc == "" || strings.HasSuffix(m.Doc, ".") {
			t.Errorf("%s: %q is no line of documentation", m.ID(), m.Doc)
		}
		if m.Of != nil && m.Denominator().Shape() != Count || m.Of == m.Key {
			t.Errorf("%s: a ratio is of a count", m.ID())
		}
		if m.Plus != nil && m.Kind().Metric(m.Plus).Shape() != Count {
			t.Errorf("%s: a count is added to a count", m.ID())
		}
		for _, s := range m.Row.Stats {
			if !slices.Contains(m.Stats(), s) {
				t.Errorf("%s: a row of its %s, which it has not", m.ID(), s)
			}
		}
		if m.Compared.At > 0 && m.Better == Neither {
			t.Errorf("%s: designs are compared by it, and no way of it is better", m.ID())
		}
		if (m.Row.At > 0) != (len(m.Row.Stats) > 0) {
			t.Errorf("%s: a row has a place and statistics, or neither", m.ID())
		}
		if m.Row.Unless != nil && m.Kind().Metric(m.Row.Unless).Row.At == 0 {
			t.Errorf("%s: is left out where it equals what is not shown", m.ID())
		}
		if p := m.Curve.Plot; p != nil && (!slices.Contains(Plots, p) || p.Of != m.Kind().Name || p != Latency && !slices.Contains(m.Stats(), m.Curve.Stat)) {
			t.Errorf("%s: has no curve of its %s in the plot %s", m.ID(), m.Curve.Stat, p.ID)
		}
	}
}

// The places of an element's metrics in the recorder are counted without a gap,
// and rows do not share one.
func TestPlaces(t *testing.T) {
	for _, k := range Core {
		counters, levels, hists := k.Size()
		for c := range measure.Counter(counters) {
			k.Metric(c)
		}
		for l := range measure.LevelID(levels) {
			k.Metric(l)
		}
		for h := range measure.HistID(hists) {
			k.Metric(h)
		}
		at := map[int]string{}
		for _, m := range k.Reported() {
			if other := at[m.Row.At]; other != "" {
				t.Errorf("%s and %s have the same place in a report", other, m.ID())
			}
			at[m.Row.At] = m.ID()
			if m.PerCause && m.Key != measure.Counter(counters-1) {
				t.Errorf("%s: the counters of causes come last", m.ID())
			}
		}
	}
}

// A name that was made can be taken apart, and nothing else can.
func TestParse(t *testing.T) {
	for m := range every {
		r := Ref{Metric: m, Element: m.Kind().Element}
		if m.PerCause {
			r.Cause = "timeout"
		}
		for _, r.Stat = range m.Stats() {
			if got, ok := Core.Parse(r.String()); !ok || got != r {
				t.Errorf("%s is taken for %s", r, got)
			}
		}
		if want := strings.ReplaceAll(m.Pattern(), "CAUSE", "timeout"); !strings.HasPrefix(r.String(), want) {
			t.Errorf("%s is no %s", r, want)
		}
	}
	for _, name := range []string{"", "load", "load.x", "load.x.", "load.x.offered.ratio", "load.x.offered.p50", "load.x.failed.",
		"load.x.failed.lost.p50", "loads.x.offered", "run.x.events", "run", "queue.b/q.depth", "service.s.busy.rate"} {
		if r, ok := Core.Parse(name); ok {
			t.Errorf("%q is taken for %s", name, r)
		}
	}
}

func TestUnits(t *testing.T) {
	for name, want := range map[string]draw.Unit{
		"load.x.offered": draw.None, "load.x.offered.rate": draw.PerSecond, "load.x.failed.lost.ratio": draw.Ratio,
		"link.a->b.bytes": draw.Bytes, "link.a->b.bytes.rate": draw.BytesPerSecond, "queue.b/q.age.max": draw.Seconds,
	} {
		if r, ok := Core.Parse(name); !ok || r.Unit() != want {
			t.Errorf("%s: unit %v, want %v", name, r.Unit(), want)
		}
	}
}

func TestPlots(t *testing.T) {
	for _, p := range Plots {
		if p.Lesson != "" && ForLesson(p.Lesson) != p {
			t.Errorf("lessons take %s for another plot", p.ID)
		}
		if !slices.ContainsFunc(Core, func(k *Kind) bool { return k.Name == p.Of }) {
			t.Errorf("%s is a plot of nothing", p.ID)
		}
	}
	if ForLesson("") != nil || ForLesson("none") != nil {
		t.Error("lessons have a plot that there is not")
	}
	if n := len(Throughput.Curves(Core)); n != 4 {
		t.Errorf("%d curves of throughput", n)
	}
}
