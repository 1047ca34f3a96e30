package preset

import (
	"slices"
	"strings"

	"asynclab/scenarios/yamltree"
)

// Product is a system, or a library, whose defaults are known.
type Product struct {
	Name     string   // "rabbitmq"
	Title    string   // "RabbitMQ"
	About    string   // what else to know; may have several lines
	Versions []string // the first the oldest; none: it has no versions that differ
	Read     string   // the month in which the pages were read: "2026-11"
	Parts    []*Part
}

// Part is what a preset is for: a kind of queue, the producer, a retry.
type Part struct {
	Of     *Product
	Name   string   // "quorum"
	Title  string   // one line
	Fits   []string // the elements that may use it: "queue", "call"
	With   []string // other parts of the product, whose values it has too
	Beside string   // the part that it goes with: the product's name alone does not stand for it
	Needs  []Need
	Values []Value
	Beyond []Fact
}

// Value is one setting of a preset.
type Value struct {
	Key     string         // as in a scenario; of a part of a part with dots: "group.session"
	Setting *yamltree.Node // what a scenario would have as its value
	Text    string         // the same in one line
	Fact
}

// Fact is what the documentation of a product says.
type Fact struct {
	Says     string   // what it means
	Versions []string // for which it holds; none: for all
	Source   string   // the page
	Assumed  string   // why there is no page: the value is ours and not the vendor's
}

// Need is a setting that the product demands and that only the scenario can know.
type Need struct {
	Key, Says string
}

// Preset is a part in one version.
type Preset struct {
	*Part
	Version string // "" for a product without versions
}

// Name is what a scenario writes: "rabbitmq-4.2/quorum".
func (p Preset) Name() string { return p.Of.Versioned(p.Version) + "/" + p.Part.Name }

// Versioned is the product in a version: "rabbitmq-4.2".
func (p *Product) Versioned(version string) string {
	if version == "" {
		return p.Name
	}
	return p.Name + "-" + version
}

// Latest is the newest version; "" if there are none.
func (p *Product) Latest() string {
	if len(p.Versions) == 0 {
		return ""
	}
	return p.Versions[len(p.Versions)-1]
}

// Part finds a part by its name; nil if there is none.
func (p *Product) Part(name string) *Part {
	if i := slices.IndexFunc(p.Parts, func(t *Part) bool { return t.Name == name }); i >= 0 {
		return p.Parts[i]
	}
	return nil
}

func (f *Fact) holds(version string) bool {
	return len(f.Versions) == 0 || slices.Contains(f.Versions, version)
}

// parts are the part itself and those whose values it has too, these first.
func (p Preset) parts() (all []*Part) {
	for _, name := range p.With {
		all = append(all, p.Of.Part(name))
	}
	return append(all, p.Part)
}

// Values are the settings of the preset, in the order of its file.
func (p Preset) Values() (all []Value) {
	for _, part := range p.parts() {
		for _, v := range part.Values {
			if v.holds(p.Version) {
				all = append(all, v)
			}
		}
	}
	return all
}

// Beyond is what is documented of it and has no word in the language.
func (p Preset) Beyond() (all []Fact) {
	for _, part := range p.parts() {
		for _, f := range part.Beyond {
			if f.holds(p.Version) {
				all = append(all, f)
			}
		}
	}
	return all
}

// Settings is a mapping with the values of the preset. Its nodes are at the given
// position, and say that they are from the preset.
func (p Preset) Settings(at yamltree.Pos) *yamltree.Node {
	from := p.Name()
	root := &yamltree.Node{Pos: at, Shape: yamltree.Mapping, From: from}
	for _, v := range p.Values() {
		n, words := root, strings.Split(v.Key, ".")
		for _, w := range words[:len(words)-1] {
			next := n.Get(w)
			if next == nil {
				next = &yamltree.Node{Pos: at, Shape: yamltree.Mapping, From: from}
				put(n, w, next)
			}
			n = next
		}
		put(n, words[len(words)-1], v.Setting.Moved(at, from))
	}
	root.Measure()
	return root
}

func put(n *yamltree.Node, key string, val *yamltree.Node) {
	n.Pairs = append(n.Pairs, yamltree.Pair{Key: &yamltree.Node{Pos: n.Pos, Text: key, Size: 1, From: n.From}, Val: val})
}
