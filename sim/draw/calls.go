package draw

import (
	"slices"
	"strings"

	"asynclab/sim/spell"
)

// call builds a distribution with fixed parameters: the first form that takes exactly these arguments.
func (b *builder) call(n *node) (Dist, *ExprError) {
	forms := formsOf(n.name)
	for i := range n.args {
		a := &n.args[i]
		if a.weight != nil {
			return Dist{}, Mistake(a.off, b.usage(n.name), "%s takes no weights", n.name)
		}
		if err := b.checkKey(n, a, forms); err != nil {
			return Dist{}, err
		}
	}
	for _, f := range forms {
		if order := assign(&formSpecs[f], n.args); order != nil {
			return b.bind(f, n, order)
		}
	}
	return Dist{}, Mistake(n.off, b.usage(n.name), "these are not the arguments of %s", n.name)
}

// checkKey reports a keyword that no form has or that occurs twice.
func (b *builder) checkKey(n *node, a *arg, forms []form) *ExprError {
	if a.key == "" {
		return nil
	}
	for i := range n.args {
		if other := &n.args[i]; other != a && other.key == a.key && other.off < a.off {
			return Mistake(a.off, "", "%s is given twice", a.key)
		}
	}
	var known []string
	for _, f := range forms {
		for _, q := range formSpecs[f].params {
			known = append(known, q.name)
		}
	}
	if _, isLevel := level(a.key); slices.Contains(known, a.key) || isLevel && slices.Contains(known, "p99") {
		return nil
	}
	hint := b.usage(n.name)
	if near := spell.NearOr(a.key, known, spell.Text{}); near.Format != "" {
		hint = spell.Textf("%s %s", near, hint)
	}
	return Mistake(a.off, hint, "%s has no argument %s", n.name, quoted(a.key))
}

// assign maps each parameter to the index of its argument: named arguments by name, the others in order to the
// remaining parameters that need no name. It returns nil unless every argument and every parameter is used exactly
// once.
func assign(spec *formSpec, args []arg) []int {
	if len(args) != len(spec.params) {
		return nil
	}
	order := make([]int, len(spec.params))
	for i := range order {
		order[i] = -1
	}
	for i, a := range args {
		if a.key == "" {
			continue
		}
		for j, q := range spec.params {
			_, isLevel := level(a.key)
			if q.name == a.key || q.class == quantile && isLevel {
				order[j] = i
			}
		}
	}
	next := 0
	for i, a := range args {
		if a.key != "" {
			continue
		}
		for next < len(order) && (order[next] >= 0 || spec.params[next].keyOnly) {
			next++
		}
		if next == len(order) {
			return nil
		}
		order[next] = i
	}
	for _, i := range order {
		if i < 0 {
			return nil
		}
	}
	return order
}

// bind reads the arguments of a form and builds it.
func (b *builder) bind(f form, n *node, order []int) (Dist, *ExprError) {
	var values []float64
	var offs []int
	for j, q := range formSpecs[f].params {
		a := &n.args[order[j]]
		var v float64
		var err *ExprError
		if q.class == plain {
			v, err = b.number(&a.val, q.name)
		} else {
			v, err = b.value(&a.val)
		}
		if err != nil {
			if err.Hint == "" || q.class == plain {
				err.advise(b.usage(n.name))
			}
			return Dist{}, err
		}
		values, offs = append(values, v), append(offs, a.val.off)
		if q.class == quantile {
			l, _ := level(a.key)
			values, offs = append(values, l), append(offs, a.off)
		}
	}
	return b.form(f, n.name, values, offs, n.off)
}

func (b *builder) form(f form, name string, values []float64, offs []int, off int) (Dist, *ExprError) {
	if name == "geometric" && b.want != None {
		return Dist{}, Mistake(off, "for a waiting time write exp(mean)", "geometric counts 1, 2, 3 …, here %s is wanted", b.want.String())
	}
	d, at, err := build(f, values...)
	if err != nil {
		err.Offset = off
		if at >= 0 && at < len(offs) {
			err.Offset = offs[at]
		}
		return Dist{}, err
	}
	return d, nil
}

func (b *builder) discrete(n *node) (Dist, *ExprError) {
	var values, weights []float64
	for i := range n.args {
		a := &n.args[i]
		if a.weight == nil {
			return Dist{}, Mistake(a.off, b.usage("discrete"), "discrete takes value: weight pairs")
		}
		v, err := b.value(a.weight)
		if err == nil && v < 0 {
			err = Mistake(a.off, "values start at 0", "discrete: %s is negative", a.weight.text)
		}
		if err != nil {
			return Dist{}, err
		}
		w, err := b.weight(&a.val)
		if err != nil {
			return Dist{}, err
		}
		values, weights = append(values, v), append(weights, w)
	}
	d, err := DiscreteDist(values, weights)
	if err != nil {
		return Dist{}, located(err, n.off)
	}
	return d, nil
}

func (b *builder) mix(n *node) (Dist, *ExprError) {
	var weights []float64
	var branches []Dist
	for i := range n.args {
		a := &n.args[i]
		if a.weight == nil {
			return Dist{}, Mistake(a.off, b.usage("mix"), "mix takes weight: distribution pairs")
		}
		w, err := b.weight(a.weight)
		if err != nil {
			return Dist{}, err
		}
		d, err := b.dist(&a.val)
		if err != nil {
			return Dist{}, err
		}
		weights, branches = append(weights, w), append(branches, d)
	}
	d, err := MixtureDist(weights, branches)
	if err != nil {
		return Dist{}, located(err, n.off)
	}
	return d, nil
}

func (b *builder) weight(n *node) (float64, *ExprError) {
	w, err := b.number(n, "weight")
	if err == nil && !(w > 0) {
		err = Mistake(n.off, "leave out what never happens", "weight %s is not positive", strings.TrimSpace(n.text))
	}
	return w, err
}
