package metric

import (
	"slices"

	"asynclab/sim/draw"
)

// Curve is how a metric is drawn over time. The zero value is not at all.
type Curve struct {
	Plot  *Plot
	Stat  Stat
	Label string // beside or instead of the element's name; "" for none
	Color int    // where all curves of the plot are of one design
	Dash  uint8  // where they are not
	Async bool   // only where operations are confirmed later than they are accepted
	Quiet bool   // left out while it is 0 everywhere
}

// How a curve is told from others of the same colour, as charts have it.
const (
	solid = iota
	Dashed
	Dotted
	DashDot
)

// Plot is a figure of metrics of one kind of element.
type Plot struct {
	ID     string // in settings
	Of     string // the Name of the kind
	Lesson string // what lessons call it; "" if they do not
	Title  string
	Counts string // what its y axis counts; "" where the unit says it
	Unit   draw.Unit
}

// The plots. Distribution, Tail, Median and Latency are of the same latencies;
// Utilization is of the busy workers.
var (
	Throughput  = &Plot{"throughput", "load", "throughput", "Throughput", "operations", draw.PerSecond}
	Latency     = &Plot{"latency", "load", "latency", "Latency over time", "", draw.Seconds}
	Latencies   = &Plot{"distribution", "load", "distribution", "Latency distribution", "", draw.Seconds}
	Tail        = &Plot{"tail", "load", "", "Slowest operations", "", draw.Seconds}
	Median      = &Plot{"median", "load", "median", "How long it took (median)", "", draw.Seconds}
	Queues      = &Plot{"queues", "queue", "depth", "Messages in queues", "messages", draw.None}
	Workers     = &Plot{"workers", "service", "workers", "Workers busy and blocked", "workers", draw.None}
	Utilization = &Plot{"utilization", "service", "", "Utilization of workers", "", draw.Ratio}
	Waiting     = &Plot{"waiting", "service", "", "Tasks waiting", "tasks", draw.None}
	Failures    = &Plot{"failures", "load", "failures", "Failures by cause", "operations", draw.PerSecond}
	Losses      = &Plot{"losses", "link", "", "Messages lost on links", "messages", draw.PerSecond}
	Plots       = []*Plot{Throughput, Latency, Latencies, Tail, Median, Queues, Workers, Utilization, Waiting, Failures, Losses}
)

// Curves lists the metrics with a curve in the plot.
func (p *Plot) Curves() (all []*Metric) {
	for _, k := range Kinds {
		for i := range k.Metrics {
			if k.Metrics[i].Curve.Plot == p {
				all = append(all, &k.Metrics[i])
			}
		}
	}
	return all
}

// ForLesson is the plot that lessons call by a name; nil if there is none.
func ForLesson(name string) *Plot {
	if i := slices.IndexFunc(Plots, func(p *Plot) bool { return p.Lesson == name && name != "" }); i >= 0 {
		return Plots[i]
	}
	return nil
}
