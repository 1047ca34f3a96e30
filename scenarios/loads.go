package scenarios

import (
	"asynclab/scenarios/yamltree"
	"asynclab/sim/design"

	"github.com/invopop/jsonschema"
)

// targetsForm is a list of targets, or one target.
var targetsForm = form{
	fixed(&kind{name: "list of targets", example: "[mail/send, stock/book]",
		schema: func() *jsonschema.Schema {
			return anyOf(targetKind.schema(), &jsonschema.Schema{Type: "array", Items: targetKind.schema()})
		}}),
	func(r *reader, n *yamltree.Node, e *entry, owner any) bool {
		items := n.Items
		if n.Shape != yamltree.List {
			items = []*yamltree.Node{n}
		}
		if len(items) == 0 {
			r.at(n, "for example [mail/send]", "the list is empty")
		}
		all := e.At(owner).(*[]design.Target)
		ok := len(items) > 0
		for _, item := range items {
			text, fine := r.text(item, targetKind)
			if fine {
				var t design.Target
				t, fine = r.target(item, text)
				*all = append(*all, t)
			}
			ok = ok && fine
		}
		return ok
	},
}

// readLoad reads one load of a merged design.
func readLoad(r *reader, name *yamltree.Node, n *yamltree.Node) (design.Load, bool) {
	l := design.Load{Name: name.Text}
	r.lang.load.Fill(&l)
	if !r.name(name, "load") || !r.lang.load.read(r, n, &l) {
		return l, n.Shape == yamltree.Mapping
	}
	open, closed := n.Get("arrivals") != nil, n.Get("users") != nil
	switch {
	case open && closed:
		r.at(n.Get("users"), "to replace what all designs share, write arrivals: null", "a load has either arrivals or users")
	case !open && !closed:
		r.at(name, "for example arrivals: poisson(200/s), or users: 20 with think: exp(5s)", "load %s has neither arrivals nor users", name.Text)
	case open && n.Get("think") != nil:
		r.at(n.Get("think"), "write users: 20 instead of arrivals for users who wait for their answers", "think belongs to a load with users")
	}
	return l, true
}
