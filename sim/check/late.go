package check

import (
	"time"

	"asynclab/sim/design"
	"asynclab/sim/draw"
	"asynclab/sim/warning"
)

// Late returns warnings about the faults of a design that begin after the end of
// a run of this length. A length of 0 means unknown.
func Late(d *design.Design, length time.Duration) (all []Problem) {
	if length <= 0 {
		return nil
	}
	for i := range d.Faults {
		if f := &d.Faults[i]; f.At >= length {
			all = append(all, warned(warning.Of(warning.LateFault, "fault."+design.Named(f.Name, i),
				draw.FormatDuration(f.At.Seconds()), draw.FormatDuration(length.Seconds()))))
		}
	}
	return all
}

// OldPath warns of a path that names a step by its position; ok is false for others.
func OldPath(d *design.Design, path string) (w warning.Warning, ok bool) {
	now, old, _ := d.Now(path)
	return warning.Of(warning.StepByPosition, path, path, now), old
}

// LateChange warns of a change that is due after the end of a run of this length.
func LateChange(ch *design.Change, length time.Duration) warning.Warning {
	return warning.Of(warning.LateChange, ch.Path, draw.FormatDuration(ch.At.Seconds()), draw.FormatDuration(length.Seconds()))
}
