package scenarios

import (
	"errors"
	"slices"
	"strings"

	"asynclab/scenarios/preset"
	"asynclab/scenarios/yamltree"
	"asynclab/sim/design"
	"asynclab/sim/spec"
	"asynclab/sim/spell"

	"github.com/invopop/jsonschema"
)

// Elements of presets: the settings of a preset are laid under those that stand beside
// its name, before the element is read. So they are read, checked and replaced as if
// they were written there.
//
//	{use: rabbitmq-4.2/quorum, ttl: 5min}   ──►   {max_deliveries: 21, …, ttl: 5min}

// useKey names the presets of an element.
const useKey = "use"

// usedCost is what a node of a preset costs of the budget of a file: with where it is
// from it takes so many times the memory of one that is written.
const usedCost = 5

// maxUsed bounds the presets of one element: each is compared with the others.
const maxUsed = 8

// Used is what an element has from a preset.
type Used struct {
	Element string // its path: "queue.bus/orders"
	Preset  preset.Preset
	Values  []UsedValue
}

// UsedValue is a setting of a preset at an element.
type UsedValue struct {
	preset.Value
	Replaced bool     // the scenario says something else
	Params   []string // the parameters that it sets, below the path of the element
}

// useForm is a preset, or a list of them. The object that has it reads it (use).
var useForm = form{
	fixed(&kind{name: "preset, or a list of presets", example: "rabbitmq-4.2/quorum",
		doc: "settings that a known system has by default; `asynclab presets` lists them. What is written beside it stands",
		schema: func() *jsonschema.Schema {
			return anyOf(&jsonschema.Schema{Type: "string"}, &jsonschema.Schema{Type: "array", Items: &jsonschema.Schema{Type: "string"}})
		}}),
	func(*reader, *yamltree.Node, *entry, any) bool { return true },
}

// element is the word by which presets name a kind of element.
func (o *object) element() string { return strings.TrimSuffix(o.Name, " step") }

// use returns the mapping of an element with the settings of its presets.
func (r *reader) use(o *object, n *yamltree.Node) *yamltree.Node {
	own := &yamltree.Node{Pos: n.Pos, Shape: n.Shape, Size: n.Size}
	for _, p := range n.Pairs {
		if p.Key.Text != useKey {
			own.Pairs = append(own.Pairs, p)
		}
	}
	names := []*yamltree.Node{n.Get(useKey)}
	if names[0].Shape == yamltree.List {
		names = names[0].Items
	}
	if len(names) > maxUsed {
		r.at(names[0], "", "more than %d presets for one element", maxUsed)
		names = nil
	}
	var under *yamltree.Node
	first := len(r.used)
	for _, name := range names {
		p, ok := r.preset(o, name)
		if !ok {
			continue
		}
		settings := p.Settings(name.Pos)
		if !r.afford(&yamltree.Node{Pos: name.Pos, Size: usedCost * settings.Size}) {
			break
		}
		r.needs(p, name, own)
		r.contradict(p, name, own, r.used[first:])
		r.used = append(r.used, used(o, p, strings.Join(r.path, "."), own))
		under = r.Merge(under, settings)
	}
	return r.Merge(under, own)
}

// preset finds the preset that a node names.
func (r *reader) preset(o *object, name *yamltree.Node) (p preset.Preset, ok bool) {
	text, ok := r.text(name, useForm.kind(nil, nil))
	if !ok {
		return p, false
	}
	p, err := preset.Find(text, o.element())
	var wrong *preset.Error
	if errors.As(err, &wrong) {
		r.at(name, wrong.Advice, "%s", wrong.Says)
	}
	return p, err == nil
}

// needs reports what a preset demands, and the element does not say.
func (r *reader) needs(p preset.Preset, name, own *yamltree.Node) {
	for _, need := range p.Needs {
		if own.Get(need.Key) == nil {
			r.at(name, spell.Textf("write %s: …, %s", need.Key, need.Says), "%s is missing beside %s", need.Key, p.Name())
		}
	}
}

// contradict reports what two presets of an element set to different values, unless the
// element decides it.
func (r *reader) contradict(p preset.Preset, name, own *yamltree.Node, before []Used) {
	if len(before) == 0 {
		return
	}
	values := p.Values()
	for _, u := range before {
		for _, a := range u.Values {
			for _, b := range values {
				if a.Key == b.Key && a.Text != b.Text && !says(own, a.Key) {
					r.at(name, spell.Textf("write %s beside use, or leave one of them out", a.Key),
						"%s sets %s to %s, and %s to %s", u.Preset.Name(), a.Key, a.Text, p.Name(), b.Text)
				}
			}
		}
	}
}

// says tells whether a mapping says something of a key with dots.
func says(n *yamltree.Node, key string) bool {
	for word := range strings.SplitSeq(key, ".") {
		switch n = n.Get(word); {
		case n == nil:
			return false
		case n.Shape != yamltree.Mapping:
			return true
		}
	}
	return true
}

// used describes what an element has from a preset.
func used(o *object, p preset.Preset, element string, own *yamltree.Node) Used {
	u := Used{Element: element, Preset: p}
	for _, v := range p.Values() {
		u.Values = append(u.Values, UsedValue{v, says(own, v.Key), params(o.Table, "", strings.Split(v.Key, "."))})
	}
	return u
}

// params lists the parameters that stand for a key, below the path of its element.
func params(t *spec.Table, path string, words []string) []string {
	f := t.Field(words[0])
	if f == nil {
		return nil
	}
	name, ok := f.Param()
	switch {
	case ok && name == spec.Self && f.Kind != spec.Part:
		return []string{path}
	case ok && name != spec.Self:
		path = strings.TrimPrefix(path+"."+name, ".")
	case !ok:
		return nil
	}
	if f.Kind != spec.Part {
		return []string{path}
	}
	if len(words) > 1 {
		return params(f.Inner, path, words[1:])
	}
	return allParams(f.Inner, path)
}

// allParams lists the parameters of a table and its parts.
func allParams(t *spec.Table, path string) (all []string) {
	for i := range t.Fields {
		f := &t.Fields[i]
		switch name, ok := f.Param(); {
		case !ok:
		case f.Kind == spec.Part && name == spec.Self:
			all = append(all, allParams(f.Inner, path)...)
		case f.Kind == spec.Part:
			all = append(all, allParams(f.Inner, path+"."+name)...)
		case name == spec.Self:
			all = append(all, path)
		default:
			all = append(all, path+"."+name)
		}
	}
	return all
}

// Origin is the preset from which a design has the value of a parameter; "" if none.
func (s *Scenario) Origin(d *design.Design, path string) string {
	i := slices.Index(s.Designs, d)
	if i < 0 || len(s.Presets[i]) == 0 {
		return ""
	}
	path = design.NewStepPaths(d).ByPlace(path)
	whole := strings.TrimSuffix(path, ".mean")
	for _, u := range slices.Backward(s.Presets[i]) {
		below, ok := strings.CutPrefix(whole, u.Element+".")
		if !ok {
			continue
		}
		for _, v := range u.Values {
			if !v.Replaced && slices.Contains(v.Params, below) {
				return u.Preset.Name()
			}
		}
	}
	return ""
}

// settle marks the settings of presets that parameters of the design have replaced;
// placed are these, by their places.
func settle(all []Used, placed map[string]*yamltree.Node) {
	for _, u := range all {
		for i := range u.Values {
			for _, p := range u.Values[i].Params {
				u.Values[i].Replaced = u.Values[i].Replaced || placed[u.Element+"."+p] != nil
			}
		}
	}
}
