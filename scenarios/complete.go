package scenarios

import (
	"fmt"
	"slices"
	"strings"
	"sync"

	"asynclab/scenarios/yamltree"
	"asynclab/sim/spec"

	"github.com/invopop/jsonschema"
)

// Completion is something that can stand at a place of a scenario's text.
type Completion struct {
	Text  string      // as it is put there: a key with its colon, a word, a name
	Kind  string      // of the value of a key, or of the value itself: "duration", "target"
	Field *spec.Field // the key, or the key that has the value; nil: neither is a field
}

// Complete lists what can stand at a byte of a text that is being written, and which
// byte it replaces the text from. It knows the language by its schema, and the names
// by what is in the text, which may have mistakes.
func Complete(text string, at int) (from int, all []Completion) {
	p, ok := yamltree.PlaceAt(text, at)
	if !ok {
		return at, nil
	}
	c := completer{language: core(), schema: completions(), text: text}
	here := c.at(p.Path)
	if p.Key {
		for _, s := range here {
			all = append(all, c.keys(s, p.Used)...)
		}
	}
	if p.Val {
		for _, s := range here {
			all = append(all, c.values(s)...)
		}
	}
	word := strings.ToLower(text[p.From:max(at, p.From)])
	all = slices.DeleteFunc(all, func(x Completion) bool { return !strings.HasPrefix(strings.ToLower(x.Text), word) || x.Text == word })
	return p.From, unique(all)
}

func unique(all []Completion) (out []Completion) {
	seen := map[string]bool{}
	for _, x := range all {
		if !seen[x.Text] {
			seen[x.Text] = true
			out = append(out, x)
		}
	}
	return out
}

var completions = sync.OnceValue(func() *jsonschema.Schema { return core().schemaTree() })

// completer looks up what can stand at a path.
type completer struct {
	*language
	schema *jsonschema.Schema
	text   string
}

// candidate is a schema, the mapping that it is of, and the key that leads to it.
type candidate struct {
	*jsonschema.Schema
	of *object
	by *entry
}

// at returns the schemas of what can stand at a path.
func (c *completer) at(path []string) []candidate {
	here := c.open(candidate{Schema: c.schema, of: c.document})
	for _, key := range path {
		var next []candidate
		for _, s := range here {
			if below, ok := c.below(s, key); ok {
				next = append(next, c.open(below)...)
			}
		}
		here = next
	}
	return here
}

func (c *completer) below(s candidate, key string) (candidate, bool) {
	switch {
	case key == yamltree.Item:
		return candidate{Schema: s.Items, by: s.by}, s.Items != nil
	case s.Properties != nil:
		if v, ok := s.Properties.Get(key); ok {
			return candidate{Schema: v, by: s.of.entry(key)}, true
		}
	}
	more := s.AdditionalProperties
	return candidate{Schema: more, by: s.by}, more != nil && more != jsonschema.FalseSchema
}

func (o *object) entry(key string) *entry {
	if o == nil {
		return nil
	}
	if i := slices.IndexFunc(o.entries, func(e entry) bool { return e.Key == key }); i >= 0 {
		return &o.entries[i]
	}
	return nil
}

// open follows references and alternatives.
func (c *completer) open(s candidate) (all []candidate) {
	if s.Schema == nil {
		return nil
	}
	if name, ok := strings.CutPrefix(s.Ref, "#/$defs/"); ok {
		to := candidate{Schema: c.schema.Definitions[name], by: s.by}
		for _, o := range c.objects {
			if defName(o) == name {
				to.of = o
			}
		}
		return c.open(to)
	}
	if len(s.AnyOf) == 0 {
		return []candidate{s}
	}
	for _, one := range s.AnyOf {
		all = append(all, c.open(candidate{Schema: one, of: s.of, by: s.by})...)
	}
	return all
}

// keys are those of a mapping that are not in it yet.
func (c *completer) keys(s candidate, used []string) (all []Completion) {
	if s.of != nil && s.Properties != nil {
		for i := range s.of.entries {
			if e := &s.of.entries[i]; !slices.Contains(used, e.Key) {
				all = append(all, Completion{Text: e.Key + ": ", Kind: e.kind.name, Field: e.Field})
			}
		}
	}
	if s.PropertyNames != nil {
		for _, name := range c.names(s.PropertyNames.Title) {
			if !slices.Contains(used, name) {
				all = append(all, Completion{Text: name + ": ", Kind: s.PropertyNames.Title})
			}
		}
	}
	return all
}

// values are the words and names that a value may be, and an example of it.
func (c *completer) values(s candidate) (all []Completion) {
	var field *spec.Field
	kind, example := s.Title, ""
	if s.by != nil {
		field, kind, example = s.by.Field, s.by.kind.name, s.by.kind.example
	}
	add := func(text string) { all = append(all, Completion{Text: text, Kind: kind, Field: field}) }
	for _, w := range s.Enum {
		add(fmt.Sprint(w))
	}
	names := c.names(s.Title)
	for _, name := range names {
		add(name)
	}
	if s.Type == "boolean" {
		add("true")
		add("false")
	}
	if len(names) == 0 && example != "" && example != "{…}" && s.Type != "null" {
		add(example)
	}
	return all
}

// names are those of the nodes, designs and targets in the text.
func (c *completer) names(what string) (all []string) {
	if what == "" {
		return nil
	}
	for _, k := range yamltree.Keys(c.text) {
		p := k.Path
		if len(p) == 2 && p[0] == "designs" && what == "design" {
			all = append(all, p[1])
		}
		if len(p) > 2 && p[0] == "designs" {
			p = p[2:] // as if it were shared
		}
		switch {
		case len(p) == 2 && (p[0] == "services" || p[0] == "brokers") && what == "node":
			all = append(all, p[1])
		case len(p) == 4 && what == "target" && (p[0] == "services" && p[2] == "on" || p[0] == "brokers" && (p[2] == "queues" || p[2] == "topics")):
			all = append(all, p[1]+"/"+p[3])
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}
