package scenarios

import (
	"slices"

	"asynclab/scenarios/yamltree"
	"asynclab/sim/design"
	"asynclab/sim/mech"
	"asynclab/sim/spec"
)

// mechanismForm is the key of a mechanism at an element that may have it.
var mechanismForm = form{
	func(l *language, f *spec.Field) *kind { return l.partKind(f) },
	func(r *reader, n *yamltree.Node, e *entry, owner any) bool {
		i := slices.IndexFunc(r.lang.mechanisms, func(m *mech.Mechanism) bool { return m.Key == e.Key })
		m := r.lang.mechanisms[i]
		settings := m.New()
		ok := r.part(&entry{Field: &spec.Field{Inner: e.Inner, At: spec.Same}}, n, settings)
		uses := usesOf(owner)
		if u := uses.Of(m.Key); u != nil { // a subscription replaces what it has from its topic
			u.Settings = settings
		} else {
			*uses = append(*uses, design.Use{Of: m, Settings: settings})
		}
		return ok
	},
}

// usesOf is the place of the mechanisms of an element.
func usesOf(owner any) *design.Uses {
	switch o := owner.(type) {
	case *design.Load:
		return &o.Uses
	case *design.Service:
		return &o.Uses
	case *design.Step:
		return &o.Uses
	case *design.Topic:
		return &o.Template.Uses
	}
	return &owner.(*design.Queue).Uses
}
