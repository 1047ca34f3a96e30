package scenarios

import (
	"encoding/json"
	"slices"
	"strings"
	"sync"

	"github.com/invopop/jsonschema"
)

// Schema is the JSON Schema (draft 2020-12) of a scenario file, for editors. It
// says less than the parser: a schema knows nothing of what names refer to.
func Schema() []byte { return []byte(schemaText()) }

var schemaText = sync.OnceValue(func() string {
	root := objectSchema(documentObject.info)
	root.Version = jsonschema.Version
	root.Title = "asynclab scenario"
	root.Definitions = jsonschema.Definitions{}
	for _, o := range allObjects() {
		if o != documentObject.info {
			root.Definitions[defName(o)] = objectSchema(o)
		}
	}
	root.Definitions["steps"] = &jsonschema.Schema{Type: "array", Items: &jsonschema.Schema{Ref: "#/$defs/step"}}
	root.Definitions["step"] = stepSchema()
	out, err := json.MarshalIndent(root, "", "  ")
	if err != nil {
		panic(err) // nothing in it depends on input
	}
	return string(out) + "\n"
})

func defName(o *objectInfo) string { return strings.ReplaceAll(o.name, " ", "_") }

// objectSchema is a mapping with its keys. Where a design may take a key away,
// null is allowed.
func objectSchema(o *objectInfo) *jsonschema.Schema {
	s := &jsonschema.Schema{Type: "object", Description: o.doc, Properties: jsonschema.NewProperties(), AdditionalProperties: jsonschema.FalseSchema}
	for _, f := range o.fields {
		v := f.kind.schema()
		if o.null {
			v = anyOf(v, &jsonschema.Schema{Type: "null"})
		}
		v.Description = f.doc
		if f.def != "" && f.def != required {
			v.Description += " (default: " + f.def + ")"
		}
		s.Properties.Set(f.key, v)
		// What is required of a load or a link may be shared, or given by a
		// design: only the parser sees both.
		if f.def == required && !o.null {
			s.Required = append(s.Required, f.key)
		}
	}
	return s
}

// stepSchema is a word, or one of the mappings.
func stepSchema() *jsonschema.Schema {
	var words []string
	s := &jsonschema.Schema{Description: "one step of a handler"}
	for _, spec := range stepSpecs {
		if spec.bare {
			words = append(words, spec.name())
		}
		if spec.props[0].kind.name != nothing {
			s.AnyOf = append(s.AnyOf, ref(spec.info))
		}
	}
	s.AnyOf = append(s.AnyOf, wordSchema(words))
	return s
}

// allObjects are the mappings of the language, in the order in which a file
// meets them.
func allObjects() []*objectInfo {
	var all []*objectInfo
	var visit func(o *objectInfo)
	visit = func(o *objectInfo) {
		if o == nil || slices.Contains(all, o) {
			return
		}
		all = append(all, o)
		for _, f := range o.fields {
			visit(f.kind.object)
		}
	}
	visit(documentObject.info)
	for _, s := range stepSpecs {
		if s.props[0].kind.name != nothing {
			visit(s.info)
		}
	}
	return all
}
