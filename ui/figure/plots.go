package figure

import (
	"math"
	"slices"
	"strings"
	"time"

	"asynclab/sim/chart"
	"asynclab/sim/draw"
	"asynclab/sim/model"
	"asynclab/ui/control"
	"asynclab/ui/locale"
	"asynclab/ui/sequence"
)

// Plot is a figure the lab offers. Its texts are in the language that was in use
// when Plots was called.
type Plot struct {
	ID    string // in settings and lessons; never translated
	Title string
	Time  bool          // the x axis is simulated time: figures can share a pointer, a click is a jump
	Until time.Duration // where that axis ends; 0: it grows with the run
	// Calm is how long rates and levels are averaged over; 0: the intervals of the
	// series, in which a few operations a second look like a comb.
	Calm time.Duration

	y     chart.Axis
	wide  bool                             // values may be far apart: the y axis is logarithmic once they are
	lines func(l *Lane, alone bool) []line // over time
	dist  func(xs []chart.Bars, bins [][]binned) chart.Figure
	bars  func(l *Lane, alone bool) []line // distributions
}

// Lane is a design as the plots know it.
type Lane struct {
	Index    int    // in Board.Lanes
	Title    string // for people
	loads    []load
	services []service
	queues   []string
	links    [][2]string
}

type load struct {
	name  string
	async bool // it is confirmed later than it is accepted
}

type service struct {
	name      string
	workers   float64 // of an instance, at the beginning; +Inf: unlimited
	instances float64
}

// mostLinks is how many links are asked for their losses; a design with more is
// seldom looked at link by link.
const mostLinks = 40

// LaneOf is a lane for the design d as the scenario has it, which must be one
// that compiles. Workers changed by hand later are found in the board.
func LaneOf(index int, title string, d *model.Design) (*Lane, error) {
	p, err := model.Compile(d)
	if err != nil {
		return nil, err
	}
	l := &Lane{Index: index, Title: title, queues: p.Queues(), links: p.Links()}
	l.links = l.links[:min(len(l.links), mostLinks)]
	for i := range d.Loads {
		l.loads = append(l.loads, load{d.Loads[i].Name, len(d.Loads[i].Confirm) > 0})
	}
	for i := range d.Services {
		s := &d.Services[i]
		x := service{s.Name, float64(max(s.Workers, 1)), float64(max(s.Instances, 1))}
		if s.Workers == model.Unlimited {
			x.workers = math.Inf(1)
		}
		l.services = append(l.services, x)
	}
	return l, nil
}

func (l *Lane) async() bool {
	return slices.ContainsFunc(l.loads, func(x load) bool { return x.async })
}

// line is a curve or a set of bars to be made of metrics.
type line struct {
	row     string // what has a colour …
	column  string // … and what of it, with a dash; may be empty
	color   int    // of the curve when the lane is alone
	dash    chart.Dash
	step    bool
	metrics []string  // added up …
	of      []service // … or, of each as a share of these workers, the greatest
	quiet   bool      // left out while it is 0 everywhere
}

// Watch is the metrics that some plots of a lane need, for Controller.Watch.
func Watch(plots []Plot, lanes []*Lane) (curves, bars []string) {
	collect := func(to *[]string, lines []line) {
		for _, x := range lines {
			*to = append(*to, x.metrics...)
		}
	}
	for _, p := range plots {
		for _, l := range lanes {
			if p.lines != nil {
				collect(&curves, p.lines(l, len(lanes) == 1))
			}
			if p.bars != nil {
				collect(&bars, p.bars(l, len(lanes) == 1))
			}
		}
	}
	for _, list := range []*[]string{&curves, &bars} {
		slices.Sort(*list)
		*list = slices.Compact(*list)
	}
	return curves, bars
}

// Applies tells whether the plot has anything to show of some lanes.
func (p *Plot) Applies(lanes []*Lane) bool {
	curves, bars := Watch([]Plot{*p}, lanes)
	return len(curves)+len(bars) > 0
}

// Plots lists the plots, the most asked for first.
func Plots() []Plot {
	latency := chart.Axis{Unit: draw.Seconds}
	perSecond := chart.Axis{Label: locale.T("unit.operations"), Unit: draw.PerSecond}
	return []Plot{
		{ID: "throughput", Title: locale.T("plot.throughput"), Time: true, y: perSecond, lines: throughput},
		{ID: "latency", Title: locale.T("plot.latency"), Time: true, y: latency, wide: true, lines: percentiles},
		{ID: "distribution", Title: locale.T("plot.distribution"), bars: latencies, dist: histogram},
		{ID: "tail", Title: locale.T("plot.tail"), bars: latencies, dist: tail},
		{ID: "median", Title: locale.T("plot.median"), Time: true, y: latency, lines: medians},
		{ID: "queues", Title: locale.T("plot.queues"), Time: true, y: chart.Axis{Label: locale.T("unit.messages")}, lines: depths},
		{ID: "workers", Title: locale.T("plot.workers"), Time: true, y: chart.Axis{Label: locale.T("unit.workers")}, lines: workers},
		{ID: "utilization", Title: locale.T("plot.utilization"), Time: true, y: chart.Axis{Unit: draw.Ratio}, lines: utilization},
		{ID: "waiting", Title: locale.T("plot.waiting"), Time: true, y: chart.Axis{Label: locale.T("unit.tasks")}, lines: waiting},
		{ID: "failures", Title: locale.T("plot.failures"), Time: true, y: perSecond, lines: failures},
		{ID: "losses", Title: locale.T("plot.losses"), Time: true, y: chart.Axis{Label: locale.T("unit.messages"), Unit: draw.PerSecond}, lines: losses},
	}
}

// Find is a plot of Plots by its ID.
func Find(id string) (Plot, bool) {
	for _, p := range Plots() {
		if p.ID == id {
			return p, true
		}
	}
	return Plot{}, false
}

// ofLoads is a metric of every load.
func (l *Lane) ofLoads(format string) []string {
	var out []string
	for _, x := range l.loads {
		out = append(out, strings.Replace(format, "NAME", x.name, 1))
	}
	return out
}

func throughput(l *Lane, alone bool) []line {
	add := func(name, metric string, color int, dash chart.Dash) line {
		return line{row: name, metrics: l.ofLoads("load.NAME." + metric + ".rate"), color: color, dash: dash}
	}
	completed := add(locale.T("operation.completed"), "completed", 2, chart.Solid)
	failed := add(locale.T("operation.failed"), "failed", 1, chart.Dashed)
	offered := add(locale.T("operation.offered"), "offered", 5, chart.Dotted)
	accepted := add(locale.T("operation.accepted"), "accepted", 0, chart.DashDot)
	if alone {
		offered.dash, failed.dash, accepted.dash = chart.Solid, chart.Solid, chart.Solid
	}
	out := []line{offered, completed, failed}
	if l.async() { // otherwise the same as completed
		out = slices.Insert(out, 1, accepted)
	}
	return out
}

var levels = []struct {
	name string
	dash chart.Dash
}{{"p99", chart.Solid}, {"p90", chart.Dashed}, {"p50", chart.Dotted}}

// percentiles: a colour for each load and each end that an operation has. With
// several loads there is no p90, so that what is there can be read.
func percentiles(l *Lane, alone bool) []line {
	var out []line
	ends := l.ends(alone)
	for color, e := range ends {
		for _, level := range levels {
			if len(ends) > 2 && level.name == "p90" {
				continue
			}
			out = append(out, line{
				row: e.name, column: level.name, metrics: []string{e.metric + "." + level.name},
				color: color, dash: level.dash,
			})
		}
	}
	return out
}

// end is an end that the operations of a load have.
type end struct{ name, metric string }

// ends: of a load with a reply there is one; where the confirmation comes later,
// there are two, of which Compare takes the confirmation. Compare takes the first
// load of a design.
func (l *Lane) ends(alone bool) []end {
	var out []end
	for _, x := range l.loads {
		name := ""
		if alone && len(l.loads) > 1 {
			name = x.name + " "
		}
		accepted := end{name + locale.T("operation.accepted"), "load." + x.name + ".accepted.latency"}
		confirmed := end{name + locale.T("operation.confirmed"), "load." + x.name + ".confirmed.latency"}
		switch {
		case !alone:
			return []end{{"", confirmed.metric}}
		case x.async:
			out = append(out, accepted, confirmed)
		default:
			out = append(out, end{strings.TrimSpace(name), confirmed.metric})
		}
	}
	return out
}

func latencies(l *Lane, alone bool) []line {
	var out []line
	for i, e := range l.ends(alone) {
		out = append(out, line{row: e.name, metrics: []string{e.metric}, color: i})
	}
	return out
}

// each is a line for each of some metrics; in Compare there is one for their sum.
func each(names, metrics []string, alone bool, sum line) []line {
	if len(metrics) == 0 {
		return nil
	}
	if !alone {
		sum.metrics = metrics
		return []line{sum}
	}
	var out []line
	for i := range metrics {
		x := sum
		x.row, x.metrics, x.color = names[i], metrics[i:i+1], i
		out = append(out, x)
	}
	return out
}

func depths(l *Lane, alone bool) []line {
	var metrics []string
	for _, q := range l.queues {
		metrics = append(metrics, "queue."+q+".depth.mean")
	}
	return each(l.queues, metrics, alone, line{step: true})
}

// ofServices is the names of services, and a metric of each.
func (l *Lane) ofServices(metric string) (names, metrics []string) {
	for _, s := range l.services {
		names = append(names, s.name)
		metrics = append(metrics, "service."+s.name+"."+metric)
	}
	return names, metrics
}

func workers(l *Lane, alone bool) []line {
	names, busy := l.ofServices("busy.mean")
	_, blocked := l.ofServices("blocked.mean")
	out := each(names, busy, alone, line{column: locale.T("worker.busy"), step: true})
	return append(out, each(names, blocked, alone, line{column: locale.T("worker.blocked"), dash: chart.Dotted, step: true, quiet: alone})...)
}

func waiting(l *Lane, alone bool) []line {
	names, metrics := l.ofServices("waiting.mean")
	return each(names, metrics, alone, line{step: true})
}

// utilization: each service; in Compare, the busiest at each time.
func utilization(l *Lane, alone bool) []line {
	var names, metrics []string
	var of []service
	for _, s := range l.services {
		if math.IsInf(s.workers, 1) {
			continue
		}
		names = append(names, s.name)
		metrics = append(metrics, "service."+s.name+".busy.mean")
		of = append(of, s)
	}
	out := each(names, metrics, alone, line{step: true})
	for i := range out {
		out[i].of = of[i:]
	}
	return out
}

// failures: the causes that occur. Compare shows all of them as one.
func failures(l *Lane, alone bool) []line {
	if len(l.loads) == 0 {
		return nil
	}
	if !alone {
		return []line{{metrics: l.ofLoads("load.NAME.failed.rate")}}
	}
	var out []line
	for i, c := range model.Causes() {
		out = append(out, line{
			row: sequence.CauseName(c), metrics: l.ofLoads("load.NAME.failed." + c.String() + ".rate"),
			color: i, dash: chart.Dash(i / curveColors), quiet: true,
		})
	}
	return out
}

func losses(l *Lane, alone bool) []line {
	var names, metrics []string
	for _, x := range l.links {
		names = append(names, x[0]+" → "+x[1])
		metrics = append(metrics, "link."+x[0]+"->"+x[1]+".lost.rate")
	}
	out := each(names, metrics, alone, line{})
	for i := range out {
		out[i].quiet = alone
	}
	return out
}

// Figure is the plot of some lanes of a board.
func (p *Plot) Figure(b *control.Board, lanes []*Lane) chart.Figure {
	if p.dist != nil {
		return p.ofBars(b, lanes)
	}
	return p.overTime(b, lanes)
}
