package main

import (
	"fmt"
	"strings"
	"time"

	"asynclab/sim/design"
	"asynclab/sim/draw"
)

// faultText describes a fault and its times in one line.
func faultText(f *design.Fault) string {
	span := func(d time.Duration) string { return draw.FormatDuration(d.Seconds()) }
	when := "at " + span(f.At)
	switch {
	case f.Period > 0:
		when += " and every " + span(f.Period) + " after it"
	case f.HasEvery && f.At == 0:
		when = "repeatedly, first after " + f.Every.String()
	case f.HasEvery:
		when += " and again " + f.Every.String() + " after each end"
	}
	if f.HasFor {
		when += ", for " + f.For.String()
	} else {
		when += ", to the end of the run"
	}
	node := f.Node
	if f.Instance > 0 {
		node = fmt.Sprintf("instance %d of %s", f.Instance, f.Node)
	}
	what := ""
	switch f.Kind {
	case design.FaultCrash:
		what = node + " crashes"
	case design.FaultHostCrash:
		what = "the host of " + node + " crashes: no connection is reset"
	case design.FaultSlow:
		what = fmt.Sprintf("%s works %s times slower", node, draw.FormatQuantity(f.Factor, draw.None))
	case design.FaultPause:
		what = node + " pauses"
	case design.FaultErrors:
		what = fmt.Sprintf("%s of the tasks of %s fail", draw.FormatQuantity(f.Factor, draw.Ratio), node)
	case design.FaultCut:
		var cuts []string
		for _, c := range f.Cut {
			cuts = append(cuts, c.From+" -> "+c.To)
		}
		what = "links cut: " + strings.Join(cuts, ", ")
	case design.FaultSet:
		var sets []string
		for _, s := range f.Set {
			sets = append(sets, s.Path+" = "+s.Value)
		}
		what = "changed: " + strings.Join(sets, ", ")
	}
	return when + ": " + what
}
