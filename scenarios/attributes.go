package scenarios

import (
	"errors"
	"math"
	"slices"
	"strings"

	"asynclab/scenarios/yamltree"
	"asynclab/sim/design"
	"asynclab/sim/draw"
	"asynclab/sim/spec"
	"asynclab/sim/spell"

	"github.com/invopop/jsonschema"
)

var attributeKind = &kind{name: "attribute", example: "zipf(1000, 1.1)",
	doc: "words that are equally likely, `[eu, us]`, with dots for keys, `[orders.paid.eu, orders.sent.us]`; words with shares, `{buy: 20%, browse: 80%}`; or a distribution of numbers, times or sizes, `integer(1, 5)`, `exp(2kB)`",
	schema: func() *jsonschema.Schema {
		return anyOf(&jsonschema.Schema{AnyOf: []*jsonschema.Schema{{Type: "string"}, {Type: "number", Minimum: "0"}}},
			&jsonschema.Schema{Type: "array", Items: pattern(wordPatternSchema)()},
			&jsonschema.Schema{Type: "object", AdditionalProperties: shareKind.schema()})
	}}

// attributesForm is the attributes of a load, by name.
var attributesForm = form{
	fixed(&kind{name: "attributes", example: "{kind: {buy: 20%, browse: 80%}, items: integer(1, 5)}", doc: "each is " + attributeKind.doc,
		schema: func() *jsonschema.Schema {
			return &jsonschema.Schema{Type: "object", AdditionalProperties: attributeKind.schema()}
		}}),
	func(r *reader, n *yamltree.Node, e *entry, owner any) bool {
		if n.Shape != yamltree.Mapping {
			r.at(n, spell.Textf("for example %s", e.kind.example), "expected attributes by name, found %s", n.Shape.Noun())
			return false
		}
		all := e.At(owner).(*[]design.Attribute)
		ok := true
		for _, p := range n.Pairs {
			a := design.Attribute{Name: p.Key.Text}
			r.push(p.Key.Text, p.Key, p.Val)
			fine := r.attributeName(p.Key)
			fine = r.attribute(p.Val, &a) && fine
			r.pop()
			*all, ok = append(*all, a), ok && fine
		}
		return ok
	},
}

// attributeName checks the name of an attribute.
func (r *reader) attributeName(key *yamltree.Node) bool {
	if slices.Contains(design.Facts, key.Text) || slices.Contains([]string{"and", "or", "not"}, key.Text) {
		r.at(key, "give it another name", "%s has a meaning in conditions already", key.Text)
		return false
	}
	return r.name(key, "attribute")
}

// attribute reads the values of an attribute.
func (r *reader) attribute(n *yamltree.Node, a *design.Attribute) bool {
	var names []*yamltree.Node
	var shares []float64
	switch n.Shape {
	case yamltree.List:
		for _, item := range n.Items {
			names, shares = append(names, item), append(shares, 1)
		}
	case yamltree.Mapping:
		sum := 0.0
		for _, p := range n.Pairs {
			text, ok := r.text(p.Val, shareKind)
			if !ok {
				return false
			}
			share, ok := r.quantity(p.Val, 0, text, draw.Ratio, shareKind)
			if !ok {
				return false
			}
			names, shares = append(names, p.Key), append(shares, share)
			sum += share
		}
		if math.Abs(sum-1) > 1e-9 {
			r.at(n, "they have to add up to 100%", "the shares add up to %s", draw.FormatQuantity(sum, draw.Ratio))
			return false
		}
	default:
		return r.attributeDist(n, a)
	}
	return r.words(n, a, names, shares)
}

// words makes an attribute of words with their weights.
func (r *reader) words(n *yamltree.Node, a *design.Attribute, names []*yamltree.Node, shares []float64) bool {
	numbers := make([]float64, len(names))
	for i, w := range names {
		numbers[i] = float64(i)
		switch {
		case w.Shape != yamltree.Scalar:
			r.at(w, "for example [eu, us]", "expected a word, found %s", w.Shape.Noun())
			return false
		case !validWord(w.Text):
			r.at(w, "words are written like names, or are names with dots between them; numbers as a distribution: discrete(1: 90, 5: 10)", "%q is no word", w.Text)
			return false
		case slices.Contains(a.Words, w.Text):
			r.at(w, "leave out one of them", "the word %s stands there twice", w.Text)
			return false
		}
		a.Words = append(a.Words, w.Text)
	}
	var err error
	if a.Dist, err = draw.DiscreteDist(numbers, shares); err != nil {
		var e *draw.ExprError
		errors.As(err, &e)
		r.at(n, e.Advice(), "%s", strings.TrimPrefix(e.Msg, "discrete: "))
		return false
	}
	return true
}

// attributeDist reads a distribution of numbers, times or sizes.
func (r *reader) attributeDist(n *yamltree.Node, a *design.Attribute) bool {
	text, ok := r.text(n, attributeKind)
	if !ok {
		return false
	}
	d, first := r.data.dist(text, draw.None)
	if first == nil {
		a.Dist = d
		return true
	}
	for _, unit := range []draw.Unit{draw.Seconds, draw.Bytes} {
		if d, err := r.data.dist(text, unit); err == nil {
			a.Dist = d
			return true
		}
	}
	r.exprMistake(n, 0, first, "integer(1, 5)")
	return false
}

var conditionKind = &kind{name: "condition", example: "kind == buy",
	doc:    "compares attributes of the operation (`kind == buy`, `amount > 100`, `key matches \"orders.*.eu\"`: `*` is one word between dots, `#` any number of them) and `attempt`, `delivery`, `redelivered`, `batch`, joined by `and`, `or`, `not` and parentheses; an attribute that the load has not got makes its comparison false",
	schema: func() *jsonschema.Schema { return &jsonschema.Schema{Type: "string"} }}

var conditionForm = form{fixed(conditionKind), func(r *reader, n *yamltree.Node, e *entry, owner any) bool {
	text, ok := r.text(n, conditionKind)
	if !ok {
		return false
	}
	c, err := design.ParseCondition(text)
	if err != nil {
		r.exprMistake(n, 0, err, conditionKind.example)
		return false
	}
	if at := e.At(owner).(*design.Condition); at != nil {
		*at = c
	}
	return true
}}

var assignedKind = &kind{name: "word or a number", example: "refund"}

// setsForm is what a step sets on its message, by attribute.
var setsForm = form{
	fixed(&kind{name: "attributes of the message", example: "{kind: refund}", doc: "a word or a number for each attribute, or another attribute of the same message, `{kind: refund, items: 3, payer: {from: customer}}`, or how many messages a handler of batches has, `{rows: {from: batch}}`",
		schema: func() *jsonschema.Schema {
			from := &jsonschema.Schema{Type: "object", Properties: jsonschema.NewProperties(), Required: []string{"from"}}
			from.Properties.Set("from", &jsonschema.Schema{Type: "string"})
			return &jsonschema.Schema{Type: "object", AdditionalProperties: &jsonschema.Schema{AnyOf: []*jsonschema.Schema{{Type: "string"}, {Type: "number"}, from}}}
		}}),
	func(r *reader, n *yamltree.Node, e *entry, owner any) bool {
		if n.Shape != yamltree.Mapping {
			r.at(n, spell.Textf("for example %s", e.kind.example), "expected attributes by name, found %s", n.Shape.Noun())
			return false
		}
		all := e.At(owner).(*[]design.Assign)
		ok := true
		for _, p := range n.Pairs {
			r.push(p.Key.Text, p.Key, p.Val)
			a := design.Assign{Name: p.Key.Text}
			if r.attributeName(p.Key) && r.assigned(p.Val, &a) {
				*all = append(*all, a)
			} else {
				ok = false
			}
			r.pop()
		}
		return ok
	},
}

// assigned reads the value that a step sets.
func (r *reader) assigned(n *yamltree.Node, a *design.Assign) bool {
	if n.Shape == yamltree.Mapping {
		from := n.Get("from")
		if from == nil || len(n.Pairs) > 1 || !validName(from.Text) {
			r.at(n, "for example {from: customer}, or {from: batch}", "expected the attribute that it is copied from")
			return false
		}
		a.From = from.Text
		return true
	}
	text, ok := r.text(n, assignedKind)
	if !ok {
		return false
	}
	switch q, err := draw.ParseQuantity(text); {
	case err == nil:
		a.Value, a.Unit = q.Value, q.Unit
	case validWord(text):
		a.Word = text
	default:
		r.at(n, "for example {kind: refund}, or {items: 3}; what differs by chance is drawn by the load, or by a choose", "%q is no word and no number", text)
		return false
	}
	return true
}

// by splits VALUE * NAME, or a NAME alone, of a field that an attribute may multiply.
func (r *reader) by(e *entry, text string) (value, name string) {
	if e.By == nil {
		return text, ""
	}
	left, right, product := cutLast(text, "*")
	left, right = strings.TrimSpace(left), strings.TrimSpace(right)
	switch {
	case product && validName(right):
		return left, right
	case product && validName(left):
		return right, left
	case !product && validName(text) && !slices.Contains(wordsOf(e.Field), text) && !draw.Family(text):
		return "", text
	}
	return text, ""
}

// one is the value that an attribute alone multiplies.
func (e *entry) one() spec.Value {
	if e.Kind.Dist() {
		return spec.Value{Dist: draw.Const(1).In(e.Kind.Unit())}
	}
	return spec.Value{Num: 1}
}

func cutLast(s, sep string) (before, after string, found bool) {
	if i := strings.LastIndex(s, sep); i >= 0 {
		return s[:i], s[i+len(sep):], true
	}
	return s, "", false
}
