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
	if f.HasDown {
		when += ", for " + f.Down.String() + " at a time with " + f.Up.String() + " between"
	}
	var who []string
	for _, m := range f.Members() {
		if m.Instance > 0 {
			who = append(who, fmt.Sprintf("instance %d of %s", m.Instance, m.Node))
		} else {
			who = append(who, m.Node)
		}
	}
	for _, c := range f.Cut {
		who = append(who, c.From+" -> "+c.To)
	}
	for _, s := range f.Set {
		who = append(who, s.Path+" = "+s.Value)
	}
	amount := ""
	if field := f.Kind.AmountField(); field != nil {
		amount = field.TextOf(f.Factor)
	}
	target := strings.Join(who, ", ")
	if f.Pick > 0 {
		target = fmt.Sprintf("%d of %s", f.Pick, target)
	}
	return when + ": " + fmt.Sprintf(f.Kind.Class().Text, target, amount)
}
