package lessons

import (
	"asynclab/scenarios/yamltree"
)

// prop describes a key of a block that is read into a T. The reader, its hints and
// the tables of the guide are derived from it.
type prop[T any] struct {
	key      string
	required bool
	original bool   // only in the original, not in a translation
	doc      string // a line of the guide
	read     func(r *reader, n *yamltree.Node, out *T)
}

// object describes a mapping that is read into a T.
type object[T any] struct {
	name  string // as in "the setup has no key …"
	props []prop[T]
}

// read fills out from a mapping; unknown, missing and misplaced keys are mistakes.
func (o object[T]) read(r *reader, n *yamltree.Node, out *T) {
	all := make([]field, len(o.props))
	for i, p := range o.props {
		all[i] = field{p.key, p.required, p.original, func(n *yamltree.Node) { p.read(r, n, out) }}
	}
	r.fields(n, o.name, r.original != nil, all...)
}

// blockNoun is how mistakes name a block.
func blockNoun(name string) string { return "the " + name + " block" }

// Nouns are what mistakes in lessons call the parts of a lesson.
func Nouns() []string {
	all := []string{headObject.name, setupObject.name, choiceObject.name, claimObject.name, realObject.name, goalObject.name, aCheat, aRepair, aTranslatedRepair}
	for _, name := range blockNames() {
		all = append(all, blockNoun(name))
	}
	return append(all, "blocks", "claims", "elements", "files", "lessons", "plots", "scenarios", "services", "queues", "loads", "terms")
}
