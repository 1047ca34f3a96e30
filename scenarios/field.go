package scenarios

import (
	"fmt"
	"slices"
	"strings"

	"github.com/invopop/jsonschema"
)

// A field of the language is described once, by a prop in a table such as
// serviceObject. The parser, the check for unknown keys, the hints, the JSON
// Schema and the reference page all read the same table.

// kind describes what may be written as a value.
type kind struct {
	name    string                    // as in the reference: "duration", "distribution"
	doc     string                    // one line
	example string                    // written as in a file
	schema  func() *jsonschema.Schema // what of it a JSON Schema can say
	object  *objectInfo               // the mapping it is, or may be
	words   []string                  // the words it is, or may be
	limits  string                    // the range of a number, where it has one
}

// field is the part of a prop that has no Go type.
type field struct {
	key  string
	kind *kind
	def  string // the default, in words; "" for none, "required" if it has to be there
	doc  string
}

// objectInfo describes a mapping with fixed keys.
type objectInfo struct {
	name   string // "service"
	doc    string
	fields []field
	null   bool // in a design, null takes away what is shared
}

func (o *objectInfo) keys() []string {
	var keys []string
	for _, f := range o.fields {
		keys = append(keys, f.key)
	}
	return keys
}

// value reads one kind of value into a Go type.
type value[V any] struct {
	kind *kind
	read func(r *reader, n *node) (V, bool)
}

// prop is a field of an object that becomes a T.
type prop[T any] struct {
	field
	set func(r *reader, n *node, out *T)
	// flat: in the paths of parameters, what is in it belongs to the object
	flat bool
}

func flat[T any](p prop[T]) prop[T] {
	p.flat = true
	return p
}

// one makes a prop whose value goes to a place in T.
func one[T, V any](key string, v value[V], def, doc string, place func(*T) *V) prop[T] {
	return with(key, v, def, doc, func(out *T, got V) { *place(out) = got })
}

// with makes a prop whose value is put into T by a function.
func with[T, V any](key string, v value[V], def, doc string, put func(*T, V)) prop[T] {
	return prop[T]{field: field{key, v.kind, def, doc}, set: func(r *reader, n *node, out *T) {
		if got, ok := v.read(r, n); ok {
			put(out, got)
		}
	}}
}

// object is a mapping with fixed keys that becomes a T.
type object[T any] struct {
	info  *objectInfo
	props []prop[T]
}

func newObject[T any](name, doc string, props ...prop[T]) *object[T] {
	o := &object[T]{info: &objectInfo{name: name, doc: doc}, props: props}
	for _, p := range props {
		o.info.fields = append(o.info.fields, p.field)
	}
	return o
}

// overridable marks an object whose parts a design may take away by null.
func (o *object[T]) overridable() *object[T] {
	o.info.null = true
	return o
}

// read fills out from a mapping; keys that it does not know are mistakes.
func (o *object[T]) read(r *reader, n *node, out *T) bool {
	if n.shape != mapping {
		hint := fmt.Sprintf("write {%s: …}, or one key per line", o.info.keys()[0])
		if n.shape == null {
			hint = "write {} for one with default settings"
		}
		r.at(n, hint, "expected a mapping (%s), found %s", o.info.name, shapeNames[n.shape])
		return false
	}
	for _, p := range n.pairs {
		i := slices.IndexFunc(o.props, func(q prop[T]) bool { return q.key == p.key.text })
		if i < 0 {
			r.at(p.key, meant(p.key.text, "keys of a "+o.info.name, o.info.keys()), "unknown key %q in a %s", p.key.text, o.info.name)
			continue
		}
		if o.props[i].flat {
			o.props[i].set(r, p.val, out)
			continue
		}
		r.push(p.key.text, p.key, p.val)
		o.props[i].set(r, p.val, out)
		r.pop()
	}
	ok := true
	for _, q := range o.props {
		if q.def == required && n.get(q.key) == nil {
			r.at(n, fmt.Sprintf("for example %s: %s", q.key, q.kind.example), "%s is missing in this %s", q.key, o.info.name)
			ok = false
		}
	}
	return ok
}

const required = "required"

// asValue makes the object a kind of value. start is where a value begins.
func (o *object[T]) asValue(start func(r *reader) T) value[T] {
	return value[T]{o.asKind(), func(r *reader, n *node) (T, bool) {
		var out T
		if start != nil {
			out = start(r)
		}
		ok := o.read(r, n, &out)
		return out, ok
	}}
}

func (o *object[T]) asKind() *kind {
	return &kind{name: o.info.name, object: o.info, example: "{…}", schema: func() *jsonschema.Schema { return ref(o.info) }}
}

func ref(o *objectInfo) *jsonschema.Schema {
	return &jsonschema.Schema{Ref: "#/$defs/" + strings.ReplaceAll(o.name, " ", "_")}
}

// reader turns a tree into values. It remembers where every path of the design
// was written, so that a problem found later has a position.
type reader struct {
	*report
	data  *dataFiles
	path  []string
	where map[string]*node
	// wrong holds the paths with a mistake at or below them: what a check of the
	// whole finds there is a consequence of it.
	wrong map[string]bool
	// nodes still allowed to be read: designs share parts, and each reads them
	budget *int
}

// push enters a key. The path of a value points at the value if it is one, and
// at the key if the value is a block below it.
func (r *reader) push(word string, key, val *node) {
	r.path = append(r.path, word)
	if r.where != nil {
		at := key
		if val != nil && val.shape == scalar {
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
func (r *reader) at(n *node, hint, format string, args ...any) {
	r.spoil()
	r.report.at(n, hint, format, args...)
}

// within reports a mistake inside a text and remembers its path.
func (r *reader) within(n *node, offset int, hint, format string, args ...any) {
	r.spoil()
	r.report.within(n, offset, hint, format, args...)
}

func (r *reader) spoil() {
	for i := range r.path {
		if r.wrong != nil {
			r.wrong[strings.Join(r.path[:i+1], ".")] = true
		}
	}
}

// in reads with a path of its own: elements have short names, wherever they stand.
func (r *reader) in(path string, key, val *node, read func()) {
	saved := r.path
	r.path = nil
	r.push(path, key, val)
	read()
	r.path = saved
}
