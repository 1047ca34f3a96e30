package main

import (
	"time"

	"asynclab/sim/design"
	"asynclab/sim/draw"
)

// faultText describes a fault, its times first, in one line.
func faultText(f *design.Fault) string {
	span := func(d time.Duration) string { return draw.FormatDuration(d.Seconds()) }
	when := "at " + span(f.At)
	switch {
	case f.When != "":
		when = "whenever it begins to hold that " + f.When
		if f.At > 0 {
			when += ", from " + span(f.At) + " on"
		}
	case f.Period > 0:
		when += " and every " + span(f.Period) + " after it"
	case f.HasEvery && f.At == 0:
		when = "repeatedly, first after " + f.Every.String()
	case f.HasEvery:
		when += " and again " + f.Every.String() + " after each end"
	}
	if f.Clock == design.ClockBusy {
		when += " (of work)"
	}
	if f.HasFor {
		when += ", for " + f.For.String()
	} else {
		when += ", to the end of the run"
	}
	if f.HasDown {
		when += ", for " + f.Down.String() + " at a time with " + f.Up.String() + " between"
	}
	return when + ": " + f.Sentence(nil, nil)
}
