package figure

import (
	"cmp"
	"math"
	"slices"
	"strings"
	"time"

	"asynclab/sim/chart"
	"asynclab/sim/design"
	"asynclab/sim/engine"
	"asynclab/sim/mech/all"
	"asynclab/sim/metric"
	"asynclab/ui/control"
	"asynclab/ui/locale"
)

// Plot is a figure that the lab offers. Its texts are in the language in use
// when Plots was called.
type Plot struct {
	ID    string // in settings and lessons; never translated
	Title string
	Time  bool          // the x axis is simulated time: figures can share a pointer, a click jumps
	Until time.Duration // where that axis ends; 0: it grows with the run
	// Calm is the interval over which rates and levels are averaged; 0: the
	// intervals of the series, which show a few operations a second as spikes.
	Calm time.Duration

	of    *metric.Plot
	y     chart.Axis
	wide  bool                             // values may differ widely: the y axis becomes logarithmic when they do
	lines func(l *Lane, alone bool) []line // over time
	dist  func(xs []chart.Bars, bins [][]binned) chart.Figure
	bars  func(l *Lane, alone bool) []line // distributions
}

// Lane is a design and its elements, as needed by the plots.
type Lane struct {
	Index    int                    // in Board.Lanes
	Title    string                 // for people
	Word     func(id string) string // the name of an element for people, "" for its id; nil: their ids
	loads    []load
	services []service
	queues   []queue
	links    [][2]string
	program  engine.Program
	typical  float64 // the longest mean of a step or a link, in seconds
	longest  float64 // an operation lasts no longer than this; +Inf: as long as the run
}

type load struct {
	name  string
	async bool // operations are confirmed later than they are accepted
}

type queue struct {
	name   string
	parted bool // it has partitions
}

type service struct {
	name      string
	workers   float64 // per instance, initially; +Inf: unlimited
	instances float64
}

// mostLinks bounds the number of links whose losses are watched.
const mostLinks = 40

// LaneOf is a lane for the design d as in the scenario; d must compile. Workers
// changed by hand later are read from the board.
func LaneOf(index int, title string, d *design.Design) (*Lane, error) {
	p, err := engine.Compile(d)
	if err != nil {
		return nil, err
	}
	l := &Lane{Index: index, Title: title, links: p.Links(), program: *p}
	names := p.Queues()
	for i, parted := range p.Parted() {
		l.queues = append(l.queues, queue{names[i], parted})
	}
	l.links = l.links[:min(len(l.links), mostLinks)]
	l.typical, l.longest = times(d)
	for i := range d.Loads {
		l.loads = append(l.loads, load{d.Loads[i].Name, len(d.Loads[i].Confirm) > 0})
	}
	for i := range d.Services {
		s := &d.Services[i]
		x := service{s.Name, float64(max(s.Workers, 1)), float64(max(s.Instances, 1))}
		if s.Workers == design.Unlimited {
			x.workers = math.Inf(1)
		}
		l.services = append(l.services, x)
	}
	return l, nil
}

func (l *Lane) async() bool {
	return slices.ContainsFunc(l.loads, func(x load) bool { return x.async })
}

// line is a curve or a set of bars, and the metrics that it is made of.
type line struct {
	row     string // has a colour: the name of a curve or lane …
	column  string // … and has a dash; may be empty
	color   int    // of the curve when the lane is alone
	dash    chart.Dash
	step    bool
	metrics []string  // added up …
	of      []service // … or the greatest of the metrics, each as a share of these workers
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

// Applies reports whether the plot has anything to show for some lanes.
func (p *Plot) Applies(lanes []*Lane) bool {
	curves, bars := Watch([]Plot{*p}, lanes)
	return len(curves)+len(bars) > 0
}

// Plots lists the plots, the most used first: the curves that metrics declare,
// except those that need more than their declaration.
func Plots() (plots []Plot) {
	for _, of := range all.Mechanisms.Kinds().Plots() {
		p := Plot{ID: of.ID, of: of, Title: locale.Word("plot."+of.ID, of.Title), Time: true, y: chart.Axis{Unit: of.Unit}}
		if of.Counts != "" {
			p.y.Label = locale.Word("unit."+of.Counts, of.Counts)
		}
		switch of {
		case metric.Throughput:
			p.lines = throughput
		case metric.Latency:
			p.wide, p.lines = true, percentiles
		case metric.Latencies:
			p.Time, p.bars, p.dist = false, latencies, histogram
		case metric.Tail:
			p.Time, p.bars, p.dist = false, latencies, tail
		case metric.Median:
			p.lines = medians
		case metric.Utilization:
			p.lines = utilization
		case metric.Failures:
			p.lines = failures
		default:
			p.lines = func(l *Lane, alone bool) []line { return l.each(of.Curves(all.Mechanisms.Kinds()), alone) }
		}
		plots = append(plots, p)
	}
	return plots
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

// elements is the names of all elements of a kind, as used in metrics.
func (l *Lane) elements(k *metric.Kind) (names []string) {
	switch k {
	case metric.Load:
		for _, x := range l.loads {
			names = append(names, x.name)
		}
	case metric.Service:
		for _, x := range l.services {
			names = append(names, x.name)
		}
	case metric.Queue:
		for _, x := range l.queues {
			names = append(names, x.name)
		}
	case metric.Run:
		if l.program.Currency() != "" { // its curve is that of its cost
			return []string{""}
		}
	case metric.Link:
		for _, x := range l.links {
			names = append(names, x[0]+"->"+x[1])
		}
	default: // of a mechanism
		return l.program.Elements(k)
	}
	return names
}

// having is the elements that have a metric: of queues, age is of those without
// partitions, and lag time of the others.
func (l *Lane) having(m *metric.Metric) []string {
	if m.Key != metric.QueueAge && m.Key != metric.QueueLagTime {
		return l.elements(m.Kind())
	}
	var names []string
	for _, x := range l.queues {
		if x.parted == (m.Key == metric.QueueLagTime) {
			names = append(names, x.name)
		}
	}
	return names
}

// word is the name of an element for people, of a link those of both ends.
func (l *Lane) word(id string) string {
	from, to, link := strings.Cut(id, "->")
	switch {
	case link:
		return l.word(from) + " → " + l.word(to)
	case l.Word == nil:
		return l.short(id)
	}
	return cmp.Or(l.Word(id), l.short(id))
}

// short is a queue without its broker, as it stands in the picture, where no other is
// called so.
func (l *Lane) short(id string) string {
	name := id[strings.LastIndexByte(id, '/')+1:]
	for _, q := range l.queues {
		if q.name != id && q.name[strings.LastIndexByte(q.name, '/')+1:] == name {
			return id
		}
	}
	return name
}

// all is one metric for every element that has it.
func (l *Lane) all(m *metric.Metric, cause string, stat metric.Stat) (names []string) {
	for _, name := range l.having(m) {
		names = append(names, metric.Ref{Metric: m, Element: name, Cause: cause, Stat: stat}.String())
	}
	return names
}

// throughput has a curve for the sum over all loads.
func throughput(l *Lane, alone bool) (out []line) {
	for _, m := range metric.Throughput.Curves(metric.Core) {
		c := &m.Curve
		if c.Async && !l.async() { // without async it equals completed
			continue
		}
		x := line{row: locale.Curve(c), metrics: l.all(m, "", c.Stat), color: c.Color}
		if !alone {
			x.dash = chart.Dash(c.Dash)
		}
		out = append(out, x)
	}
	return out
}

// each has a curve of some metrics for each element; in Compare one for their
// sum.
func (l *Lane) each(of []*metric.Metric, alone bool) (out []line) {
	for _, m := range of {
		c := &m.Curve
		x := line{column: locale.Curve(c), dash: chart.Dash(c.Dash), step: m.Shape() == metric.Level, quiet: c.Quiet && alone}
		metrics := l.all(m, "", c.Stat)
		switch {
		case len(metrics) == 0:
		case alone:
			for i, name := range l.having(m) {
				x.row, x.metrics, x.color = l.word(name), metrics[i:i+1], i
				out = append(out, x)
			}
		default:
			x.metrics = metrics
			out = append(out, x)
		}
	}
	return out
}

var levels = []struct {
	stat metric.Stat
	dash chart.Dash
}{{metric.P99, chart.Solid}, {metric.P90, chart.Dashed}, {metric.P50, chart.Dotted}}

// percentiles has a colour for each load and each end of an operation
// (accepted, confirmed). With several loads p90 is left out, so that the curves
// stay readable.
func percentiles(l *Lane, alone bool) []line {
	var out []line
	ends := l.ends(alone)
	for color, e := range ends {
		for _, level := range levels {
			if len(ends) > 2 && level.stat == metric.P90 {
				continue
			}
			out = append(out, line{
				row: e.name, column: level.stat.String(), metrics: e.of(level.stat),
				color: color, dash: level.dash,
			})
		}
	}
	return out
}

// end is an end of the operations of a load: accepted or confirmed.
type end struct {
	name    string
	latency metric.Ref
}

// of is a statistic of the latency to this end; Plain is the distribution.
func (e end) of(s metric.Stat) []string {
	e.latency.Stat = s
	return []string{e.latency.String()}
}

// ends are the ends of a load: only one if the reply is the confirmation too.
func (x load) ends(name string) (all []end) {
	of := metric.Latency.Curves(metric.Core)
	if !x.async {
		return []end{{name, metric.Ref{Metric: of[len(of)-1], Element: x.name}}}
	}
	for _, m := range of {
		all = append(all, end{strings.TrimSpace(name + " " + locale.Curve(&m.Curve)), metric.Ref{Metric: m, Element: x.name}})
	}
	return all
}

// ends are the ends of all loads. Compare uses the confirmation of the first
// load of a design.
func (l *Lane) ends(alone bool) (out []end) {
	for _, x := range l.loads {
		name := ""
		if alone && len(l.loads) > 1 {
			name = l.word(x.name)
		}
		all := x.ends(name)
		if !alone {
			return []end{{"", all[len(all)-1].latency}}
		}
		out = append(out, all...)
	}
	return out
}

func latencies(l *Lane, alone bool) []line {
	var out []line
	for i, e := range l.ends(alone) {
		out = append(out, line{row: e.name, metrics: e.of(metric.Plain), color: i})
	}
	return out
}

// utilization has a curve for each service; in Compare, for the busiest at each
// time.
func utilization(l *Lane, alone bool) []line {
	limited := *l
	limited.services = slices.DeleteFunc(slices.Clone(l.services), func(s service) bool { return math.IsInf(s.workers, 1) })
	out := limited.each([]*metric.Metric{metric.Service.Metric(metric.ServiceBusy)}, alone)
	for i := range out {
		out[i].column, out[i].of = "", limited.services[i:]
	}
	return out
}

// failures has a curve for each cause that occurs; in Compare, one for all
// causes.
func failures(l *Lane, alone bool) []line {
	if len(l.loads) == 0 {
		return nil
	}
	if !alone {
		return []line{{metrics: l.all(metric.Load.Metric(metric.LoadFailed), "", metric.Rate)}}
	}
	var out []line
	for i, c := range l.program.Reasons()[design.Timeout:] {
		out = append(out, line{
			row: locale.Say(c.Word()), metrics: l.all(metric.Load.Metric(metric.LoadFailedBy), c.Name, metric.Rate),
			color: i, dash: chart.Dash(i / curveColors), quiet: true,
		})
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
