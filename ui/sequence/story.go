package sequence

import (
	"asynclab/sim/sequence"
	"asynclab/sim/topology"
	"asynclab/ui/control"
)

// FromStory converts a story of a design to a diagram.
func FromStory(st control.Story, g topology.Graph) sequence.Diagram {
	entries := make([]sequence.Entry, len(st.Entries))
	for i := range st.Entries {
		entries[i] = st.Entries[i].Entry
	}
	d := sequence.Build(entries, g)
	d.Cut = d.Cut || st.Cut
	return d
}
