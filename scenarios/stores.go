package scenarios

import (
	"strings"

	"asynclab/scenarios/yamltree"
	"asynclab/sim/design"
	"asynclab/sim/spec"
	"asynclab/sim/spell"

	"github.com/invopop/jsonschema"
)

// storesForm is the stores of a service, by name.
var storesForm = form{
	func(l *language, f *spec.Field) *kind {
		return byName(&kind{name: "store"}, l.partKind(&spec.Field{Inner: f.Inner}))
	},
	func(r *reader, n *yamltree.Node, e *entry, owner any) bool {
		all := e.At(owner).(*[]design.Store)
		part := &entry{Field: &spec.Field{Kind: spec.Part, Inner: e.Inner}}
		return r.entries(n, "stores", func(key, val *yamltree.Node) {
			if !r.name(key, "store") {
				return
			}
			r.push(key.Text, key, val)
			defer r.pop()
			s := design.Store{Name: key.Text}
			if r.part(part, val, &s) {
				*all = append(*all, s)
			}
		})
	},
}

// wordsForm is a list of names, or one name.
var wordsForm = form{
	fixed(&kind{name: "list of words", example: "[new, paid]", doc: "a word, or a list of them, `[new, paid]`",
		schema: func() *jsonschema.Schema {
			return anyOf(pattern(namePatternSchema)(), &jsonschema.Schema{Type: "array", Items: pattern(namePatternSchema)()})
		}}),
	func(r *reader, n *yamltree.Node, e *entry, owner any) bool {
		words, ok := r.wordList(n)
		*e.At(owner).(*[]string) = words
		return ok
	},
}

func (r *reader) wordList(n *yamltree.Node) (words []string, ok bool) {
	items := []*yamltree.Node{n}
	if n.Shape == yamltree.List {
		items = n.Items
	}
	for _, item := range items {
		if item.Shape != yamltree.Scalar || !validName(item.Text) {
			r.at(item, "for example [new, paid]", "expected a word, found %s", found(item))
			return words, false
		}
		words = append(words, item.Text)
	}
	return words, true
}

// found says what stands at a node.
func found(n *yamltree.Node) string {
	if n.Shape == yamltree.Scalar {
		return design.Quoted(n.Text)
	}
	return n.Shape.String()
}

// transitionsForm is the states to which each state may lead.
var transitionsForm = form{
	fixed(&kind{name: "transitions", example: "{new: [paid, cancelled], paid: [sent]}", doc: "for each state the states to which it may lead",
		schema: func() *jsonschema.Schema {
			return &jsonschema.Schema{Type: "object", AdditionalProperties: wordsForm.kind(nil, nil).schema()}
		}}),
	func(r *reader, n *yamltree.Node, e *entry, owner any) bool {
		all := e.At(owner).(*[]design.Transition)
		ok := true
		return r.entries(n, "transitions", func(key, val *yamltree.Node) {
			to, fine := r.wordList(val)
			*all, ok = append(*all, design.Transition{From: key.Text, To: to}), ok && fine
		}) && ok
	},
}

// counterForm is the counter of a store.
var counterForm = form{
	fixed(&kind{name: "counter", example: "orders.paid", doc: "a store of the service and one of its counters, `orders.paid`",
		schema: func() *jsonschema.Schema { return &jsonschema.Schema{Type: "string"} }}),
	func(r *reader, n *yamltree.Node, e *entry, owner any) bool {
		text, ok := r.text(n, e.kind)
		if !ok {
			return false
		}
		s := owner.(*design.Step)
		var dot bool
		if s.Store, s.Counter, dot = strings.Cut(text, "."); !dot || s.Store == "" || s.Counter == "" {
			r.at(n, spell.Textf("for example %s", e.kind.example), "expected STORE.COUNTER, found %s", design.Quoted(text))
			return false
		}
		return true
	},
}
