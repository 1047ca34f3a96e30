package metric

import "slices"

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
}

// The plots. Distribution, Tail, Median and Latency are of the same latencies;
// Utilization is of the busy workers.
var (
	Throughput  = &Plot{"throughput", "load", "throughput"}
	Latency     = &Plot{"latency", "load", "latency"}
	Latencies   = &Plot{"distribution", "load", "distribution"}
	Tail        = &Plot{"tail", "load", ""}
	Median      = &Plot{"median", "load", "median"}
	Queues      = &Plot{"queues", "queue", "depth"}
	Workers     = &Plot{"workers", "service", "workers"}
	Utilization = &Plot{"utilization", "service", ""}
	Waiting     = &Plot{"waiting", "service", ""}
	Failures    = &Plot{"failures", "load", "failures"}
	Losses      = &Plot{"losses", "link", ""}
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
