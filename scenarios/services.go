package scenarios

import (
	"asynclab/scenarios/yamltree"
	"asynclab/sim/design"
	"asynclab/sim/spec"

	"github.com/invopop/jsonschema"
)

// byName describes a mapping from names to something.
func byName(keys *kind, of *kind) *kind {
	return &kind{name: "mapping", example: "{…}", object: of.object, doc: "a " + of.name + " for each " + keys.name,
		schema: func() *jsonschema.Schema {
			s := &jsonschema.Schema{Type: "object", AdditionalProperties: of.schema()}
			if of.object == nil || of.object.Shared {
				s.AdditionalProperties = anyOf(s.AdditionalProperties, &jsonschema.Schema{Type: "null"})
			}
			if keys.schema != nil {
				s.PropertyNames = keys.schema()
			}
			return s
		}}
}

// entries visits the entries of a mapping from names; any other node is a mistake.
func (r *reader) entries(n *yamltree.Node, what string, visit func(key, val *yamltree.Node)) bool {
	if n == nil {
		return true
	}
	if n.Shape != yamltree.Mapping {
		r.at(n, "write {NAME: …}, or one name per line", "expected a mapping with names as keys (%s), found %s", what, n.Shape.Noun())
		return false
	}
	for _, p := range n.Pairs {
		visit(p.Key, p.Val)
	}
	return true
}

var handlersForm = form{
	fixed(byName(&kind{name: "handler name"}, stepsKind)),
	func(r *reader, n *yamltree.Node, e *entry, owner any) bool {
		all := e.At(owner).(*[]design.Handler)
		return r.entries(n, "handlers", func(key, val *yamltree.Node) {
			if !r.name(key, "handler") {
				return
			}
			r.push(key.Text, key, val)
			steps, _ := r.steps(val)
			r.pop()
			*all = append(*all, design.Handler{Name: key.Text, Steps: steps})
		})
	},
}

var consumersForm = form{
	func(l *language, f *spec.Field) *kind {
		return byName(&kind{name: "queue or topic (`bus/orders`)", schema: targetKind.schema}, l.partKind(&spec.Field{Inner: f.Inner}))
	},
	func(r *reader, n *yamltree.Node, e *entry, owner any) bool {
		s := owner.(*design.Service)
		part := &entry{Field: &spec.Field{Kind: spec.Part, Inner: e.Inner}}
		return r.entries(n, "queues and topics", func(key, val *yamltree.Node) {
			from, fine := r.target(key, key.Text)
			if !fine {
				return
			}
			r.push(key.Text, key, val)
			defer r.pop()
			c := design.Consume{From: from}
			if r.part(part, val, &design.Consumer{Consume: &c, Of: s}) {
				s.Consumes = append(s.Consumes, c)
			}
		})
	},
}

// readService reads one service of a merged design.
func readService(r *reader, name *yamltree.Node, n *yamltree.Node) (design.Service, bool) {
	s := design.Service{Name: name.Text}
	if !r.name(name, "service") {
		return s, false
	}
	r.lang.service.read(r, n, &s)
	return s, n.Shape == yamltree.Mapping
}
