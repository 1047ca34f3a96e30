package main

import (
	"fmt"
	"strings"
	"time"

	"asynclab/sim/design"
	"asynclab/sim/draw"
)

// faultText describes a fault, its times first, in one line.
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
	who := []string{f.Node}
	if f.Instance > 0 {
		who[0] = fmt.Sprintf("instance %d of %s", f.Instance, f.Node)
	}
	for _, c := range f.Cut {
		who = append(who, c.From+" -> "+c.To)
	}
	for _, s := range f.Set {
		who = append(who, s.Path+" = "+s.Value)
	}
	if f.Node == "" {
		who = who[1:]
	}
	amount := ""
	if field := f.Kind.AmountField(); field != nil {
		amount = field.TextOf(f.Factor)
	}
	return when + ": " + fmt.Sprintf(f.Kind.Class().Text, strings.Join(who, ", "), amount)
}
