package scenarios

import (
	"slices"
	"strings"

	"asynclab/scenarios/yamltree"
	"asynclab/sim/design"
	"asynclab/sim/mech"
	"asynclab/sim/spec"
	"asynclab/sim/spell"
	"asynclab/sim/warning"

	"github.com/invopop/jsonschema"
)

// language is the language of scenario files, built from tables of fields. The
// parser, the check for unknown keys, the hints, the JSON Schema and the
// reference page all use the same tables.
type language struct {
	document, load, service, broker, link, fault, change, variant, prices *object
	steps                                                                 []stepObject
	objects                                                               map[*spec.Table]*object
	forms                                                                 map[string]form
	mechanisms                                                            mech.List
	causes                                                                []string
	warnings                                                              []warning.Kind
}

// newLanguage builds the language of scenario files from the tables of a design, which
// have the fields of the mechanisms.
func newLanguage(t *design.Tables, of mech.List) *language {
	l := &language{objects: map[*spec.Table]*object{}, forms: forms(), mechanisms: of, warnings: of.Warnings()}
	for _, c := range of.Causes() {
		l.causes = append(l.causes, c.Name)
	}
	for _, s := range t.Steps {
		o := l.object(s.Table)
		o.entries[0].flat, o.entries[0].bare = true, s.Bare // its value has the path of the step
		l.steps = append(l.steps, stepObject{s.Op, s.Bare, o})
	}
	l.document = l.object(documentTable(t))
	l.load, l.service, l.broker = l.object(t.Load), l.object(t.Service), l.object(t.Broker)
	l.link, l.fault, l.change = l.object(t.Link), l.object(t.Fault), l.object(changeTable)
	l.prices = l.object(t.Prices)
	l.variant = l.object(l.document.Field("designs").Inner)
	return l
}

// kind describes the values that a key may have.
type kind struct {
	name    string                    // as in the reference: "duration", "distribution"
	doc     string                    // one line
	example string                    // written as in a file
	schema  func() *jsonschema.Schema // its JSON Schema, which may allow more than the parser
	object  *object                   // its mapping, if a value may be one; or nil
	words   []string                  // words that a value may be, if any
	below   bool                      // it may be below 0
	limits  func() string             // the range of a number, where it has one
}

// form is a value with a syntax of its own, named by the Form of a field. read
// parses it into the struct that has the field.
type form struct {
	kind func(l *language, f *spec.Field) *kind
	read func(r *reader, n *yamltree.Node, e *entry, owner any) bool
}

// fixed returns the same kind for every field.
func fixed(k *kind) func(*language, *spec.Field) *kind {
	return func(*language, *spec.Field) *kind { return k }
}

// object is a mapping with fixed keys.
type object struct {
	*spec.Table
	entries []entry
	uses    bool // it may have settings from presets
}

// entry is a key of an object.
type entry struct {
	*spec.Field
	kind *kind
	flat bool // the key is no part of the paths of parameters
	bare bool // the step that it stands for needs no value: {stop: , when: …}
}

// object returns the mapping of a table; it is built at the first call.
func (l *language) object(t *spec.Table) *object {
	if o := l.objects[t]; o != nil {
		return o
	}
	o := &object{Table: t}
	l.objects[t] = o
	for i := range t.Fields {
		if f := &t.Fields[i]; f.Key != "" {
			o.entries = append(o.entries, entry{Field: f, kind: l.kindOf(f), flat: f.Path == spec.Self && f.Kind != spec.Part})
		}
	}
	o.uses = o.Field(useKey) != nil
	return o
}

func (o *object) keys() []string {
	keys := make([]string, len(o.entries))
	for i := range o.entries {
		keys[i] = o.entries[i].Key
	}
	return keys
}

// sketch is what stands in a mapping, for example "capacity: 10, ratio: 20%": its first
// two keys that have a value by default, or else the first key.
func (o *object) sketch() string {
	var all []string
	for i := range o.entries {
		if value, ok := o.entries[i].Says(); ok && o.entries[i].Default.Written && len(all) < 2 {
			all = append(all, o.entries[i].Key+": "+value)
		}
	}
	if len(all) == 0 {
		return o.entries[0].Key + ": …"
	}
	return strings.Join(all, ", ")
}

// read fills owner from a mapping; unknown keys are mistakes.
func (o *object) read(r *reader, n *yamltree.Node, owner any) bool {
	if n.Shape != yamltree.Mapping {
		hint := spell.Textf("write {%s}, or one key per line", o.sketch())
		switch {
		case n.Shape == yamltree.Null:
			hint = spell.Textf("write {} for one with default settings")
		case o.Shared && slices.Contains([]string{"0", "none", "off", "no", "false"}, n.Text):
			hint = spell.Textf("for none leave it out; for one write {%s}", o.sketch())
		}
		r.at(n, hint, "expected a mapping (%s), found %s", o.Name, n.Shape.Noun())
		return false
	}
	if o.uses && n.Get(useKey) != nil {
		n = r.use(o, n)
	}
	for _, p := range n.Pairs {
		i := slices.IndexFunc(o.entries, func(e entry) bool { return e.Key == p.Key.Text })
		if i < 0 && r.Full() { // whose key it is is searched for in the whole language
			r.spoil()
			continue
		}
		if i < 0 {
			if o.readAsOn(p.Key.Text) {
				r.at(p.Key, "did you mean on? some programs read the word on as true when they write YAML: have them write it in quotes",
					"unknown key %q in a %s", p.Key.Text, spell.Noun(o.Name))
				continue
			}
			if o.readAsExpectation(p.Key.Text) {
				r.at(p.Key, "an invariant is an expectation over stores and counters: expect: [counter.bank/book/debited.value.final == counter.bank/book/credited.value.final]", "unknown key %q in a %s", p.Key.Text, spell.Noun(o.Name))
				continue
			}
			if here := foreignKey(p.Key.Text); here != "" {
				r.at(p.Key, spell.Textf("here it is %s", here), "unknown key %q in a %s", p.Key.Text, spell.Noun(o.Name))
				continue
			}
			if of := r.lang.whose(p.Key.Text); len(of) > 0 && spell.Nearest(p.Key.Text, o.keys()) == "" {
				hint := spell.Textf("%s is a key of a %s; keys of a %s: %s", p.Key.Text, spell.Noun(of[0]), spell.Noun(o.Name), spell.List(o.keys()))
				if len(of) > 1 {
					hint = spell.Textf("%s is a key of a %s or a %s; keys of a %s: %s", p.Key.Text, spell.Noun(of[0]), spell.Noun(of[1]), spell.Noun(o.Name), spell.List(o.keys()))
				}
				r.at(p.Key, hint, "unknown key %q in a %s", p.Key.Text, spell.Noun(o.Name))
				continue
			}
			r.unknown(p.Key, p.Key.Text, spell.Textf("keys of a %s", spell.Noun(o.Name)), o.keys(), "unknown key %q in a %s", p.Key.Text, spell.Noun(o.Name))
			continue
		}
		if o.entries[i].flat {
			r.value(&o.entries[i], p.Val, owner)
			continue
		}
		r.push(p.Key.Text, p.Key, p.Val)
		r.value(&o.entries[i], p.Val, owner)
		r.pop()
	}
	ok := true
	for _, e := range o.entries {
		if e.Default.Required && n.Get(e.Key) == nil {
			r.at(n, spell.Textf("for example %s: %s", e.Key, e.kind.example), "%s is missing in this %s", e.Key, spell.Noun(o.Name))
			ok = false
		}
	}
	return ok
}

// whose names the kinds of objects that have a key, where they are one or two.
func (l *language) whose(key string) (names []string) {
	for _, o := range l.objects {
		if slices.Contains(o.keys(), key) && !slices.Contains(names, o.Name) {
			names = append(names, o.Name)
		}
	}
	if slices.Sort(names); len(names) > 2 {
		return nil
	}
	return names
}

// value reads the value of a key into the struct that has the field.
func (r *reader) value(e *entry, n *yamltree.Node, owner any) bool {
	switch {
	case e.bare && n.Shape == yamltree.Null:
		return true
	case e.Form != "":
		return r.lang.forms[e.Form].read(r, n, e, owner)
	case e.Kind == spec.Part:
		return r.part(e, n, e.At(owner))
	}
	text, ok := r.text(n, e.kind)
	return ok && r.scalar(e, n, 0, text, owner)
}

// part reads a mapping with the fields of another table, or, if that table allows
// it, only the value of its first field.
func (r *reader) part(e *entry, n *yamltree.Node, owner any) bool {
	o := r.lang.object(e.Inner)
	o.Reset(owner)
	if o.Short && n.Shape != yamltree.Mapping {
		return r.value(&o.entries[0], n, owner)
	}
	return o.read(r, n, owner)
}

func ref(o *object) *jsonschema.Schema { return &jsonschema.Schema{Ref: "#/$defs/" + defName(o)} }

// reader turns a tree into values. It keeps the node of every path of the design,
// so that a problem found later has a position.
type reader struct {
	*yamltree.Report
	lang  *language
	data  *dataFiles
	path  []string
	where map[string]*yamltree.Node
	// wrong holds the paths with a mistake at or below them. Problems that the
	// check of the whole design finds there follow from it and are not reported.
	wrong map[string]bool
	// nodes still allowed to be read: designs share parts, and each reads them
	budget *int
	fault  *fault // that is being read
	used   []Used // presets, in the order in which elements were read
}

// push enters a key. Its path gets the position of the value if that is a scalar,
// otherwise that of the key.
func (r *reader) push(word string, key, val *yamltree.Node) {
	r.path = append(r.path, word)
	if r.where != nil {
		at := key
		if val != nil && val.Shape == yamltree.Scalar {
			at = val
		}
		path := strings.Join(r.path, ".")
		if r.where[path] == nil {
			r.where[path] = at
		}
	}
}

func (r *reader) pop() { r.path = r.path[:len(r.path)-1] }

// at reports a mistake and remembers its path.
func (r *reader) at(where yamltree.Placed, hint any, format string, args ...any) {
	r.spoil()
	r.At(where, hint, format, args...)
}

// within reports a mistake inside a text and remembers its path.
func (r *reader) within(n *yamltree.Node, offset int, hint any, format string, args ...any) {
	r.spoil()
	r.Within(n, offset, hint, format, args...)
}

// unknown reports an unknown word and remembers its path.
func (r *reader) unknown(where yamltree.Placed, word string, what any, known []string, format string, args ...any) {
	r.spoil()
	r.Unknown(where, word, what, known, format, args...)
}

func (r *reader) spoil() {
	for i := range r.path {
		if r.wrong != nil {
			r.wrong[strings.Join(r.path[:i+1], ".")] = true
		}
	}
}

// in calls read with a new path: paths of elements begin with the kind of element,
// at whatever depth of the file they are.
func (r *reader) in(path string, key, val *yamltree.Node, read func()) {
	saved := r.path
	r.path = nil
	r.push(path, key, val)
	read()
	r.path = saved
}

// readAsExpectation tells whether a key is another word for what a scenario expects.
func (o *object) readAsExpectation(word string) bool {
	return slices.Contains([]string{"invariants", "invariant", "assert", "assertions"}, strings.ToLower(word)) && slices.Contains(o.keys(), "expect")
}

// readAsOn tells whether a key was probably on before another program rewrote the
// file: YAML 1.1 reads on as true.
func (o *object) readAsOn(word string) bool {
	return slices.Contains([]string{"true", "yes", "y"}, strings.ToLower(word)) && slices.Contains(o.keys(), "on")
}
