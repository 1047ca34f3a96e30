package scenarios

import (
	"encoding/json"
	"slices"
	"strings"
	"sync"

	"asynclab/sim/mech"
	"asynclab/sim/mech/all"
	"asynclab/sim/spec"

	"github.com/invopop/jsonschema"
)

// Schema is the JSON Schema (draft 2020-12) of a scenario file, for editors. It
// checks less than the parser: a schema cannot resolve names.
func Schema() []byte { return []byte(schemaText()) }

// core is the language of all scenario files.
var core = sync.OnceValue(func() *language { return languageOf(all.Mechanisms) })

// languageOf is the language with the mechanisms of a list.
func languageOf(list mech.List) *language {
	t := list.Tables()
	return newLanguage(&t, list)
}

var schemaText = sync.OnceValue(func() string { return core().schema() })

func (l *language) schema() string {
	out, err := json.MarshalIndent(l.schemaTree(), "", "  ")
	if err != nil {
		panic(err) // nothing in it depends on input
	}
	return string(out) + "\n"
}

func (l *language) schemaTree() *jsonschema.Schema {
	root := l.document.schema()
	root.Version = jsonschema.Version
	root.Title = "asynclab scenario"
	root.Definitions = jsonschema.Definitions{}
	for _, o := range l.allObjects() {
		if o != l.document {
			root.Definitions[defName(o)] = o.schema()
		}
	}
	for _, step := range l.steps {
		if step.bare { // {fail: , when: late}
			def := root.Definitions[defName(step.object)]
			v, _ := def.Properties.Get(step.name())
			either := anyOf(v, &jsonschema.Schema{Type: "null"})
			either.Description, v.Description = v.Description, ""
			def.Properties.Set(step.name(), either)
		}
	}
	root.Definitions["steps"] = &jsonschema.Schema{Type: "array", Items: &jsonschema.Schema{Ref: "#/$defs/step"}}
	root.Definitions["step"] = l.stepSchema()
	return root
}

func defName(o *object) string { return strings.ReplaceAll(o.Name, " ", "_") }

// schema is the schema of a mapping. Where a design may remove a shared key, null is
// allowed.
func (o *object) schema() *jsonschema.Schema {
	s := &jsonschema.Schema{Type: "object", Description: o.Doc, Properties: jsonschema.NewProperties(), AdditionalProperties: jsonschema.FalseSchema}
	for _, e := range o.entries {
		v := e.kind.schema()
		if o.Shared {
			v = anyOf(v, &jsonschema.Schema{Type: "null"})
		}
		v.Description = e.Doc
		if def, _ := e.Says(); def != "" && !e.Default.Required {
			v.Description += " (default: " + def + ")"
		}
		s.Properties.Set(e.Key, v)
		// A key that a load or a link requires may be in the shared part or in
		// the design: only the parser sees both.
		if e.Default.Required && !o.Shared {
			s.Required = append(s.Required, e.Key)
		}
	}
	return s
}

// stepSchema is a word, or one of the mappings.
func (l *language) stepSchema() *jsonschema.Schema {
	var words []string
	s := &jsonschema.Schema{Description: "one step of a handler"}
	for _, step := range l.steps {
		if step.bare {
			words = append(words, step.name())
		}
		s.AnyOf = append(s.AnyOf, ref(step.object))
	}
	s.AnyOf = append(s.AnyOf, wordSchema(words))
	return s
}

// allObjects returns the mappings of the language, depth first from the document.
func (l *language) allObjects() []*object {
	var found []*object
	var visit func(o *object)
	visit = func(o *object) {
		if o == nil || slices.Contains(found, o) {
			return
		}
		found = append(found, o)
		for _, e := range o.entries {
			visit(e.kind.object)
		}
	}
	visit(l.document)
	for _, s := range l.steps {
		visit(s.object)
	}
	return found
}

// Nouns are the words for parts and values of a scenario in messages about mistakes.
func Nouns() (all []string) {
	for _, o := range core().objects {
		all = append(all, o.Name)
		for _, e := range o.entries {
			if e.kind != nil {
				all = append(all, e.kind.name)
			}
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// Fields are the fields of the language, with what its reference says of each.
func Fields() (all []*spec.Field) {
	for _, o := range core().objects {
		for i := range o.entries {
			all = append(all, o.entries[i].Field)
		}
	}
	return all
}
