package report

import (
	"fmt"
	"math"

	"asynclab/sim"
	"asynclab/sim/draw"
)

// mostFaults is how many occurrences of faults a description lists.
const mostFaults = 4

// faults describes the occurrences of faults, each as an interval with what it did.
func faults(d sim.DesignResult) (out []string) {
	for i, e := range d.Faults {
		if i == mostFaults {
			break
		}
		out = append(out, "fault "+e.Fault+" "+episode(e))
	}
	if left := len(d.Faults) + d.MoreFaults - mostFaults; left > 0 {
		out = append(out, "and "+Plural(left, "more fault"))
	}
	return out
}

// episode describes one occurrence: "from 2min to 2min30s: 412 operations affected,
// recovered 12s later".
func episode(e sim.Episode) string {
	text := "from " + draw.FormatDuration(e.From.Seconds()) + " to the end"
	if e.To >= 0 {
		begin, end := draw.FormatInterval(e.From.Seconds(), e.To.Seconds())
		text = fmt.Sprintf("from %s to %s", begin, end)
	}
	sep := ": "
	if !math.IsNaN(e.Affected) {
		noun := "operations"
		if n := math.Round(e.Affected); n == 1 {
			noun = "operation"
		}
		text += sep + quantity(math.Round(e.Affected), draw.None) + " " + noun + " affected"
		sep = ", "
	}
	switch {
	case e.Recovery == 0:
		text += sep + "recovered at once"
	case !math.IsNaN(e.Recovery):
		text += sep + "recovered " + quantity(e.Recovery, draw.Seconds) + " later"
	}
	return text
}

// properties are the faults of all designs for JUnit.
func (r *Report) properties() *junitProperties {
	var out junitProperties
	for _, d := range r.Designs {
		for _, e := range d.Faults {
			out.List = append(out.List, junitProperty{d.Name + ": fault." + e.Fault, episode(e)})
		}
	}
	if len(out.List) == 0 {
		return nil
	}
	return &out
}

type junitProperties struct {
	List []junitProperty `xml:"property"`
}

type junitProperty struct {
	Name  string `xml:"name,attr"`
	Value string `xml:"value,attr"`
}
