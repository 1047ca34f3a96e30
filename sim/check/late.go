package check

import (
	"fmt"
	"time"

	"asynclab/sim/design"
	"asynclab/sim/draw"
)

// Late returns warnings about the faults of a design that begin after the end of
// a run of this length. A length of 0 means unknown.
func Late(d *design.Design, length time.Duration) (all []Problem) {
	if length <= 0 {
		return nil
	}
	end := draw.FormatDuration(length.Seconds())
	for i := range d.Faults {
		if f := &d.Faults[i]; f.At >= length {
			all = append(all, Problem{Path: "fault." + design.Named(f.Name, i), Warning: true,
				Msg:  fmt.Sprintf("this fault never happens: it is due at %s, and the run ends at %s", draw.FormatDuration(f.At.Seconds()), end),
				Hint: "let it happen earlier, or run longer"})
		}
	}
	return all
}
