package figure

import (
	"slices"

	"asynclab/sim/chart"
	"asynclab/sim/metric"
	"asynclab/ui/locale"
)

// medians: for people who have not heard of percentiles. Of several designs too,
// it shows each end: that one accepts and confirms at the same moment, and
// another does not.
func medians(l *Lane, alone bool) []line {
	var out []line
	for i, x := range l.loads {
		name := ""
		if len(l.loads) > 1 {
			name = l.word(x.name)
		}
		ends := x.ends("")
		for k, e := range ends {
			y := line{row: join(name, e.name), metrics: e.of(metric.P50), color: 2*i + k}
			switch {
			case len(ends) == 1 && !alone:
				y.row, y.color = join(name, locale.T("operation.confirmed")), 2*i+1
			case k == 0 && !alone:
				y.dash = chart.Dotted
			}
			out = append(out, y)
		}
	}
	return out
}

// Only is the lane restricted to loads, services and queues with one of these
// names; a kind without any of the names is kept whole.
func (l *Lane) Only(names []string) *Lane {
	out := *l
	out.loads = only(l.loads, func(x load) bool { return slices.Contains(names, x.name) })
	out.services = only(l.services, func(x service) bool { return slices.Contains(names, x.name) })
	out.queues = only(l.queues, func(x queue) bool { return slices.Contains(names, x.name) })
	return &out
}

func only[T any](all []T, keep func(T) bool) []T {
	some := slices.DeleteFunc(slices.Clone(all), func(x T) bool { return !keep(x) })
	if len(some) == 0 {
		return all
	}
	return some
}
