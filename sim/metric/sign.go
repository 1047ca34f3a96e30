package metric

import "asynclab/sim/record"

// Sign is what the picture writes at the element of a metric: of a level, while it is
// not 0; of a count, for a moment after it has gone up.
type Sign struct {
	// Says is the text, with one %s for the number: the value of a level, what a count
	// goes up by in a second. "": the metric has no sign.
	Says  string
	Group record.Group // chooses the colour
	Kept  bool         // a level is shown at 0 too
	Moved bool         // a level is shown for a moment after it has changed, as a count is
	Quiet bool         // a level is only shown in its node, not beside it where that has no room
	Asked bool         // only where the scenario expects something of the metric
}

// SignWord is the text of the metric's sign, with its id.
func (m *Metric) SignWord() record.Word {
	return record.Word{ID: "sign." + m.ID(), English: m.Sign.Says}
}

// SignWords are the texts of all signs of the kinds, which need a translation.
func (ks Kinds) SignWords() (all []record.Word) {
	for _, k := range ks {
		for i := range k.Metrics {
			if m := &k.Metrics[i]; m.Sign.Says != "" {
				all = append(all, m.SignWord())
			}
		}
	}
	return all
}
