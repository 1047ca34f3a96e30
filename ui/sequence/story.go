package sequence

import (
	"asynclab/sim/sequence"
	"asynclab/sim/topology"
	"asynclab/ui/control"
)

// FromStory converts a story of a design to a diagram.
func FromStory(st control.Story, g topology.Graph) sequence.Diagram {
	d := sequence.Build(entries(st), g)
	d.Cut = d.Cut || st.Cut
	return d
}

func entries(st control.Story) []sequence.Entry {
	all := make([]sequence.Entry, len(st.Entries))
	for i := range st.Entries {
		all[i] = st.Entries[i].Entry
	}
	return all
}
