package sequence

import (
	"asynclab/sim/sequence"
	"asynclab/sim/topology"
	"asynclab/ui/control"
)

// FromStory is the diagram of a story in a design.
func FromStory(st control.Story, g topology.Graph) sequence.Diagram {
	entries := make([]sequence.Entry, len(st.Entries))
	for i := range st.Entries {
		entries[i] = st.Entries[i].Entry
	}
	d := sequence.Build(entries, g)
	d.Cut = d.Cut || st.Cut
	return d
}
