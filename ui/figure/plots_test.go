package figure

import (
	"math"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"asynclab/scenarios"
	"asynclab/sim/chart"
	"asynclab/sim/design"
	"asynclab/sim/draw"
	"asynclab/sim/engine"
	"asynclab/sim/measure"
	"asynclab/ui/control"
)

// play opens a scenario and plays it to a time.
func play(t testing.TB, name string, length, until time.Duration) (*control.Session, []*Lane) {
	t.Helper()
	sc, err := scenarios.Load(name)
	if err != nil {
		t.Fatal(err)
	}
	s, err := control.Open(sc, nil, control.Options{Length: length})
	if err != nil {
		t.Fatal(err)
	}
	for !s.Advance(until, 100_000) {
	}
	var lanes []*Lane
	for i, scene := range s.Scenes() {
		d := sc.Designs[slices.IndexFunc(sc.Designs, func(d *design.Design) bool { return d.Name == scene.Design })]
		l, err := LaneOf(i, scene.Title, d)
		if err != nil {
			t.Fatal(err)
		}
		lanes = append(lanes, l)
	}
	return s, lanes
}

// Every metric that any plot asks for exists in every design of the library, and
// every plot that applies is a figure.
func TestPlotsOfTheLibrary(t *testing.T) {
	for _, e := range scenarios.Library() {
		s, lanes := play(t, e.Name, 20*time.Second, 10*time.Second)
		choices := [][]*Lane{lanes}
		for _, l := range lanes {
			choices = append(choices, []*Lane{l})
		}
		for _, chosen := range choices {
			curves, bars := Watch(Plots(), chosen)
			b := s.Board(curves, bars, 0, "")
			for _, l := range chosen {
				own, ownBars := Watch(Plots(), []*Lane{l})
				for _, m := range own {
					if _, ok := b.Lanes[l.Index].Curves[m]; !ok && len(chosen) == 1 {
						t.Errorf("%s %s: no series of %s", e.Name, l.Title, m)
					}
				}
				for _, m := range ownBars {
					if _, ok := b.Lanes[l.Index].Bars[m]; !ok && len(chosen) == 1 {
						t.Errorf("%s %s: no distribution of %s", e.Name, l.Title, m)
					}
				}
			}
			for _, p := range Plots() {
				if p.Applies(chosen) {
					checkFigure(t, e.Name+" "+p.ID, p.Figure(b, chosen), len(chosen))
				}
			}
		}
	}
}

func checkFigure(t *testing.T, what string, fig chart.Figure, lanes int) {
	t.Helper()
	if fig.Title == "" || fig.Empty == "" {
		t.Errorf("%s has no title", what)
	}
	seen := map[chart.Key]bool{}
	for _, c := range fig.Curves {
		k := chart.Key{Name: c.Name, Color: c.Color, Dash: c.Dash}
		if seen[k] {
			t.Errorf("%s: two curves are both %+v", what, k)
		}
		seen[k] = true
		if lanes > 1 && c.Color < laneColor {
			t.Errorf("%s: %q has no colour of a lane", what, c.Name)
		}
		if !slices.IsSortedFunc(c.XY, func(a, b chart.XY) int { return int(math.Copysign(1, a.X-b.X)) }) {
			t.Errorf("%s: %q goes back", what, c.Name)
		}
	}
	if (what == "order-flow throughput" || what == "order-flow latency") && len(fig.Curves[0].XY) < 50 {
		t.Errorf("%s has %d points", what, len(fig.Curves[0].XY))
	}
}

// hand is a lane made by hand, with a load that is confirmed later and one that
// is not.
func hand() *Lane {
	return &Lane{
		Title:    "hand",
		loads:    []load{{"web", true}, {"app", false}},
		services: []service{{"shop", 4, 1}, {"pay", math.Inf(1), 1}},
		queues:   []queue{{"bus/paid", false}},
		links:    [][2]string{{"shop", "pay"}},
		program:  *bare,
	}
}

// bare has the causes that every design has.
var bare, _ = engine.Compile(&design.Design{})

func names(lines []line) string {
	var out []string
	for _, x := range lines {
		out = append(out, strings.TrimSpace(x.row+" "+x.column)+"="+strings.Join(x.metrics, "+"))
	}
	return strings.Join(out, "\n")
}

func TestLines(t *testing.T) {
	for _, c := range []struct {
		id    string
		alone bool
		want  string
	}{
		{"throughput", true, `offered=load.web.offered.rate+load.app.offered.rate
accepted=load.web.accepted.rate+load.app.accepted.rate
completed=load.web.throughput+load.app.throughput
failed=load.web.failed.rate+load.app.failed.rate`},
		{"throughput", false, `offered=load.web.offered.rate+load.app.offered.rate
accepted=load.web.accepted.rate+load.app.accepted.rate
completed=load.web.throughput+load.app.throughput
failed=load.web.failed.rate+load.app.failed.rate`},
		{"latency", true, `web accepted p99=load.web.accepted.latency.p99
web accepted p50=load.web.accepted.latency.p50
web confirmed p99=load.web.confirmed.latency.p99
web confirmed p50=load.web.confirmed.latency.p50
app p99=load.app.confirmed.latency.p99
app p50=load.app.confirmed.latency.p50`},
		{"latency", false, `p99=load.web.confirmed.latency.p99
p90=load.web.confirmed.latency.p90
p50=load.web.confirmed.latency.p50`},
		{"queues", true, "paid=queue.bus/paid.depth.mean"},
		{"workers", true, `shop busy=service.shop.busy.mean
pay busy=service.pay.busy.mean
shop blocked=service.shop.blocked.mean
pay blocked=service.pay.blocked.mean`},
		{"workers", false, `busy=service.shop.busy.mean+service.pay.busy.mean
blocked=service.shop.blocked.mean+service.pay.blocked.mean`},
		{"utilization", true, "shop=service.shop.busy.mean"},
		{"waiting", false, "=service.shop.waiting.mean+service.pay.waiting.mean"},
		{"losses", true, "shop → pay=link.shop->pay.lost.rate"},
	} {
		p, ok := Find(c.id)
		if !ok {
			t.Fatalf("there is no plot %q", c.id)
		}
		if got := names(p.lines(hand(), c.alone)); got != c.want {
			t.Errorf("%s, alone %v:\n%s\nwant\n%s", c.id, c.alone, got, c.want)
		}
	}
	if _, ok := Find("none"); ok {
		t.Error("found what there is not")
	}
	empty := &Lane{program: *bare}
	for _, p := range Plots() {
		if p.Applies([]*Lane{empty}) {
			t.Errorf("%s applies to nothing", p.ID)
		}
	}
}

// boardOf is a board of lanes with the same series of two buckets.
func boardOf(lanes int, values map[string][]float64) *control.Board {
	b := &control.Board{Now: 25 * time.Second, Length: 40 * time.Second}
	for range lanes {
		l := control.LaneBoard{Curves: map[string]measure.Series{}, Bars: map[string][]measure.Bin{}}
		for name, v := range values {
			l.Curves[name] = measure.Series{Width: 10, Values: v}
		}
		b.Lanes = append(b.Lanes, l)
	}
	return b
}

func TestPointsOfLines(t *testing.T) {
	b := boardOf(1, map[string][]float64{"a": {1, 2}, "b": {4, math.NaN()}, "c": {8, 0}})
	for _, c := range []struct {
		name string
		line line
		want []chart.XY
	}{
		{"in the middle", line{metrics: []string{"a"}}, []chart.XY{{X: 5, Y: 1}, {X: 15, Y: 2}}},
		{"steps", line{metrics: []string{"a"}, step: true}, []chart.XY{{X: 0, Y: 1}, {X: 10, Y: 2}, {X: 20, Y: 2}}},
		{"sum", line{metrics: []string{"a", "c"}}, []chart.XY{{X: 5, Y: 9}, {X: 15, Y: 2}}},
		{"most", line{metrics: []string{"a", "c"}, of: []service{{"x", 1, 1}, {"y", 8, 2}}}, []chart.XY{{X: 5, Y: 1}, {X: 15, Y: 2}}},
		{"not yet there", line{metrics: []string{"x"}}, []chart.XY{}},
	} {
		if got := c.line.points(b, 0); !reflect.DeepEqual(got, c.want) {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
	gap := (&line{metrics: []string{"a", "b"}}).points(b, 0)
	if gap[0].Y != 5 || !math.IsNaN(gap[1].Y) {
		t.Errorf("a sum with a gap is %v", gap)
	}
}

// Workers that were changed by hand count from then on.
func TestUtilizationAfterChange(t *testing.T) {
	b := boardOf(1, map[string][]float64{"busy": {4, 4, 4}})
	change := func(lane int, at time.Duration, value string) control.Change {
		return control.Change{Lane: lane, Change: design.Change{At: at, Path: "service.x.workers", Value: value}}
	}
	b.Changes = []control.Change{change(1, time.Second, "99"), change(-1, 15*time.Second, "8"), change(0, 20*time.Second, "unlimited")}
	x := line{metrics: []string{"busy"}, of: []service{{"x", 2, 2}}}
	want := []chart.XY{{X: 5, Y: 1}, {X: 15, Y: 0.4}, {X: 25, Y: 0}} // of 4, 10 on average, and without end
	if got := x.points(b, 0); !reflect.DeepEqual(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
}

// Alone, a lane has a colour for each line; several have one each, and a legend
// of lanes and of dashes.
func TestCompareLaysOver(t *testing.T) {
	values := map[string][]float64{"load.web.offered.rate": {1, 2}, "load.web.failed.timeout.rate": {0, 3}, "load.web.failed.lost.rate": {0, 0}}
	one := hand()
	two := hand()
	two.Index, two.Title = 1, "two"
	p, _ := Find("throughput")
	fig := p.Figure(boardOf(2, values), []*Lane{one, two})
	want := []chart.Key{
		{Name: "hand", Color: laneColor}, {Name: "two", Color: laneColor + 1},
		{Name: "offered", Color: chart.Ink, Dash: chart.Dotted}, {Name: "accepted", Color: chart.Ink, Dash: chart.DashDot},
		{Name: "completed", Color: chart.Ink}, {Name: "failed", Color: chart.Ink, Dash: chart.Dashed},
	}
	if !reflect.DeepEqual(fig.Keys, want) {
		t.Errorf("keys %+v, want %+v", fig.Keys, want)
	}
	if len(fig.Curves) != 8 || fig.Curves[4].Name != "two · offered" || fig.Curves[4].Color != laneColor+1 {
		t.Errorf("curves %+v", fig.Curves)
	}
	p, _ = Find("failures")
	fig = p.Figure(boardOf(1, values), []*Lane{one})
	if len(fig.Curves) != 1 || fig.Curves[0].Name != "timeout" || len(fig.Keys) != 1 {
		t.Errorf("causes that do not occur are shown: %+v", fig.Curves)
	}
	if fig.X.Max != 40 || fig.Cursor != 25 || !fig.HasCursor {
		t.Errorf("x axis %+v, cursor %v", fig.X, fig.Cursor)
	}
	// A board from before another design was opened has fewer lanes.
	if fig := p.Figure(boardOf(1, values), []*Lane{one, two}); len(fig.Curves) != 1 {
		t.Errorf("%d curves of one lane", len(fig.Curves))
	}
}

func TestDistributions(t *testing.T) {
	b := boardOf(1, nil)
	b.Lanes[0].Bars["load.web.accepted.latency"] = []measure.Bin{{Lo: 0.01, Hi: 0.011, Count: 3}, {Lo: 0.02, Hi: 0.021, Count: 1}}
	p, _ := Find("distribution")
	fig := p.Figure(b, []*Lane{hand()})
	if len(fig.Bars) != 3 || fig.Bars[0].Name != "web accepted" || len(fig.Bars[0].Bins) < 2 || !fig.X.Log || fig.X.Unit != draw.Seconds {
		t.Errorf("%+v", fig)
	}
	p, _ = Find("tail")
	fig = p.Figure(b, []*Lane{hand()})
	if r := fig.At(0.015)[0]; r.Y != 0.25 {
		t.Errorf("%v took longer than 15 ms, want a quarter", r.Y)
	}
	// What happened in the warm-up is not counted, and that is said.
	if fig.X.Label != "latency" {
		t.Errorf("without a warm-up the axis is %q", fig.X.Label)
	}
	b.Warmup = 20 * time.Second
	if fig = p.Figure(b, []*Lane{hand()}); fig.X.Label != "latency, after the warm-up of 20s" {
		t.Errorf("with a warm-up the axis is %q", fig.X.Label)
	}
}

// The unit of simulated time is that of the whole run from the beginning: it does not
// change from ms to s, nor to minutes, while the run goes on.
func TestTimeKeepsItsUnit(t *testing.T) {
	p, _ := Find("throughput")
	for _, now := range []time.Duration{40 * time.Millisecond, 900 * time.Millisecond, 3 * time.Second, 10 * time.Second} {
		b := boardOf(1, map[string][]float64{"load.web.offered": {3}})
		b.Now, b.Length = now, 10*time.Second
		if fig := p.Figure(b, []*Lane{hand()}); fig.X.Grows != 10 {
			t.Errorf("at %v the axis is to grow to %v s", now, fig.X.Grows)
		}
	}
}

// So does that of latency, which is that of the work and the links of the design: it is
// the same at the beginning, after a jump to the accident, and after a jump back.
func TestLatencyKeepsItsUnit(t *testing.T) {
	p, _ := Find("latency")
	for _, c := range []struct {
		typical, longest float64
		length           time.Duration
		as               float64
	}{
		{0.01, 60, 10 * time.Minute, 0.01},
		{0.01, math.Inf(1), 10 * time.Minute, 0.01},
		{0.01, math.Inf(1), 15 * time.Hour, 10}, // it would be millions of milliseconds
		{20e-6, 0.1, time.Minute, 1e-5},
		{20e-6, 60, time.Minute, 0.01},
		{5, 60, time.Hour, 10},
	} {
		l := hand()
		l.typical, l.longest = c.typical, c.longest
		for _, now := range []time.Duration{time.Second, 50 * time.Second, 2 * time.Second} {
			b := boardOf(1, map[string][]float64{"load.web.confirmed.latency.p99": {0.002, now.Seconds()}})
			b.Now, b.Length = now, c.length
			if fig := p.Figure(b, []*Lane{l}); math.Abs(fig.Y.As-c.as) > 1e-9 {
				t.Errorf("a step of %g s, at most %g s, after %v: numbers as of %g s, want %g s", c.typical, c.longest, now, fig.Y.As, c.as)
			}
		}
	}
}

// The times of a design are those of its steps and its links.
func TestTimesOfADesign(t *testing.T) {
	sc, err := scenarios.Load("order-flow")
	if err != nil {
		t.Fatal(err)
	}
	typical, longest := times(sc.Designs[0])
	if typical < 0.005 || typical > 0.1 || longest != 300 {
		t.Errorf("the longest step takes %g s, an operation at most %g s", typical, longest)
	}
}

// Latency is drawn on a logarithmic axis as soon as a linear one would hide most
// of it.
func TestFarApart(t *testing.T) {
	p, _ := Find("latency")
	for _, c := range []struct {
		p99  []float64
		want bool
	}{{[]float64{0.2, 0.3}, false}, {[]float64{0.2, 30}, true}, {[]float64{math.NaN(), math.NaN()}, false}} {
		b := boardOf(1, map[string][]float64{"load.web.accepted.latency.p50": {0.1, 0.1}, "load.web.confirmed.latency.p99": c.p99})
		if fig := p.Figure(b, []*Lane{hand()}); fig.Y.Log != c.want {
			t.Errorf("p99 %v: logarithmic %v", c.p99, fig.Y.Log)
		}
	}
}

func TestBands(t *testing.T) {
	b := &control.Board{Marks: []control.Mark{
		{Lane: 1, Name: "late", From: 9 * time.Second, To: 10 * time.Second},
		{Lane: 0, Name: "crash", From: time.Second, To: 2 * time.Second},
		{Lane: 1, Name: "crash", From: time.Second, To: 2 * time.Second},
		{Lane: 2, Name: "elsewhere", From: time.Second, To: 2 * time.Second},
		{Lane: -1, Name: "all", From: 5 * time.Second, To: 6 * time.Second, Planned: true},
	}}
	want := []chart.Band{{Name: "crash", From: 1, To: 2}, {Name: "all", From: 5, To: 6, Faint: true}, {Name: "late", From: 9, To: 10}}
	if got := bands(b, []*Lane{{Index: 0}, {Index: 1}}); !reflect.DeepEqual(got, want) {
		t.Errorf("%+v, want %+v", got, want)
	}
}

// Faults at the same time share a name that is seen, and the warm-up is shown.
func TestOverlappingBands(t *testing.T) {
	b := &control.Board{Warmup: time.Second, Marks: []control.Mark{
		{Lane: -1, Name: "pay", From: 4 * time.Second, To: 8 * time.Second},
		{Lane: -1, Name: "stock", From: 5 * time.Second, To: 6 * time.Second},
		{Lane: -1, Name: "mail", From: 7 * time.Second, To: 9 * time.Second},
		{Lane: -1, Name: "late", From: 9 * time.Second, To: 10 * time.Second},
	}}
	want := []chart.Band{{Name: "warm-up", To: 1, Faint: true}, {Name: "pay, stock, mail", From: 4, To: 8}, {From: 5, To: 6}, {From: 7, To: 9}, {Name: "late", From: 9, To: 10}}
	if got := bands(b, []*Lane{{Index: 0}}); !reflect.DeepEqual(got, want) {
		t.Errorf("%+v, want %+v", got, want)
	}
}

func TestHorizon(t *testing.T) {
	const length = 160 * time.Second
	for _, c := range []struct{ now, want time.Duration }{
		{0, 10 * time.Second}, {9 * time.Second, 10 * time.Second}, {10 * time.Second, 20 * time.Second},
		{71 * time.Second, 80 * time.Second}, {73 * time.Second, length}, {length, length},
	} {
		if got := horizon(c.now, length); got != c.want {
			t.Errorf("at %v: %v, want %v", c.now, got, c.want)
		}
	}
}
