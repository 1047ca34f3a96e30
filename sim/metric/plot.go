package metric

import (
	"slices"

	"asynclab/sim/draw"
)

// Curve is how a metric is drawn over time. With the zero value it is not
// drawn.
type Curve struct {
	Plot  *Plot
	Stat  Stat
	Label string // beside or instead of the element's name; "" for none
	Color int    // used where the plot shows one design
	Dash  uint8  // distinguishes curves of the same colour
	Async bool   // only where operations are confirmed later than they are accepted
	Quiet bool   // left out while it is 0 everywhere
}

// The dashes by which curves of the same colour differ, numbered as charts do.
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
	Lesson string // its name in lessons; "" if they cannot name it
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
	Attempts    = &Plot{"attempts", "load", "attempts", "Requests sent by clients", "requests", draw.PerSecond}
	Open        = &Plot{"open", "load", "open", "Operations under way", "operations", draw.None}
	Queues      = &Plot{"queues", "queue", "depth", "Messages in queues", "messages", draw.None}
	Age         = &Plot{"age", "queue", "age", "Age of the oldest message", "", draw.Seconds}
	Workers     = &Plot{"workers", "service", "workers", "Workers busy and blocked", "workers", draw.None}
	Utilization = &Plot{"utilization", "service", "", "Utilization of workers", "", draw.Ratio}
	Waiting     = &Plot{"waiting", "service", "waiting", "Tasks waiting", "tasks", draw.None}
	Failures    = &Plot{"failures", "load", "failures", "Failures by cause", "operations", draw.PerSecond}
	Again       = &Plot{"retries", "edge", "", "Requests sent again", "requests", draw.PerSecond}
	Stopped     = &Plot{"rebalances", "group", "", "Partitions that stand still", "partitions", draw.None}
	Losses      = &Plot{"losses", "link", "", "Messages lost on links", "messages", draw.PerSecond}
	Cost        = &Plot{"cost", "run", "cost", "Cost of an hour", "", draw.None}
	Plots       = []*Plot{Throughput, Latency, Latencies, Tail, Median, Attempts, Open, Queues, Age, Workers, Utilization, Waiting, Failures, Again, Stopped, Losses, Cost}
)

// Curves lists the metrics of some kinds with a curve in the plot.
func (p *Plot) Curves(of Kinds) (all []*Metric) {
	for _, k := range of {
		for i := range k.Metrics {
			if k.Metrics[i].Curve.Plot == p {
				all = append(all, &k.Metrics[i])
			}
		}
	}
	return all
}

// Plots lists the plots: those of the core, then those in which only other kinds have
// curves.
func (ks Kinds) Plots() []*Plot {
	all := slices.Clone(Plots)
	for _, k := range ks {
		for i := range k.Metrics {
			if p := k.Metrics[i].Curve.Plot; p != nil && !slices.Contains(all, p) {
				all = append(all, p)
			}
		}
	}
	return all
}

// ForLesson is the plot with a name in lessons; nil if there is none.
func ForLesson(name string) *Plot {
	if i := slices.IndexFunc(Plots, func(p *Plot) bool { return p.Lesson == name && name != "" }); i >= 0 {
		return Plots[i]
	}
	return nil
}
