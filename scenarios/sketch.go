package scenarios

import (
	"bytes"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"asynclab/scenarios/yamltree"
	"asynclab/sim/spec"
	"asynclab/sim/spell"
)

// Sketch is the text of a scenario as its picture shows it, to be edited by hand: every
// edit returns the text anew, with the lines changed that it is about, and no others.
type Sketch struct {
	text   string
	design string // that is shown
	tree   *yamltree.Text
}

// OpenSketch opens a text, which must be valid YAML, at one of its designs.
func OpenSketch(text, design string) (*Sketch, error) {
	tree, err := yamltree.Open("scenario", text, format)
	if err != nil {
		return nil, err
	}
	return &Sketch{text, design, tree}, nil
}

// again is the sketch of a text that an edit has made.
func (s *Sketch) again(text string, err error) (*Sketch, error) {
	if err != nil {
		return nil, err
	}
	return OpenSketch(text, s.design)
}

// own tells whether the design that is shown has a part of its own.
func (s *Sketch) own(section string) []string {
	if p := []string{"designs", s.design, section}; s.tree.Find(p...) != nil {
		return p
	}
	return nil
}

// section is where new elements of a kind go: to what the designs share, unless only
// the design that is shown has some.
func (s *Sketch) section(name string) []string {
	if s.apart() {
		return []string{"designs", s.design, name}
	}
	if own := s.own(name); own != nil && s.tree.Find(name) == nil {
		return own
	}
	return []string{name}
}

// places are where an element is written: what the designs share, and what the design
// that is shown makes of it. A queue or a topic is BROKER/NAME.
func (s *Sketch) places(id string) (all [][]string) {
	broker, entry, inside := strings.Cut(id, "/")
	entry, _, _ = strings.Cut(entry, "/") // a subscription is in its topic
	for _, of := range s.layers() {
		for _, section := range []string{"load", "services", "brokers"} {
			p := append(slices.Clone(of), section, broker)
			if !inside {
				if s.tree.Find(p...) != nil {
					all = append(all, p)
				}
				continue
			}
			for _, kind := range []string{"queues", "topics"} {
				if q := append(slices.Clone(p), kind, entry); s.tree.Find(q...) != nil {
					all = append(all, q)
				}
			}
		}
	}
	return all
}

// kindOf is the section of an element: "load", "services", "queues" …; "" if there is none.
func (s *Sketch) kindOf(id string) string {
	all := s.places(id)
	if len(all) == 0 {
		return ""
	}
	return all[0][len(all[0])-2]
}

// free is a name that no element has yet.
func (s *Sketch) free(name string) string {
	taken := map[string]bool{}
	for _, k := range yamltree.Keys(s.text) {
		taken[k.Path[len(k.Path)-1]] = true
	}
	for i := 1; ; i++ {
		n := name
		if i > 1 {
			n += strconv.Itoa(i)
		}
		if !taken[n] {
			return n
		}
	}
}

// Elements are the kinds of elements that Add adds.
var Elements = []string{"load", "service", "queue", "topic"}

// Add adds an element of one of Elements and returns the text and its id. A queue or a
// topic goes to the broker of the element near, to the first one, or to a new one.
func (s *Sketch) Add(what, near string) (text, id string, err error) {
	switch what {
	case "service":
		id = s.free("service")
		text, err = s.tree.Add(id, "{on: {do: [work: 10ms]}}", s.section("services")...)
	case "queue", "topic":
		name := s.free(what)
		broker := s.broker(near)
		if broker == nil {
			id = s.free("bus")
			text, err = s.tree.Add(id, fmt.Sprintf("{%ss: {%s: {}}}", what, name), s.section("brokers")...)
			return text, id + "/" + name, err
		}
		id = broker[len(broker)-1] + "/" + name
		text, err = s.tree.Add(name, "{}", append(slices.Clone(broker), what+"s")...)
	case "load":
		to := s.firstTarget()
		if to == "" {
			return "", "", spell.Mistakef("a load needs a service that it calls: add one first")
		}
		id = s.free("users")
		text, err = s.tree.Add(id, "{to: "+to+", arrivals: poisson(10/s)}", s.section("load")...)
	default:
		err = spell.Mistakef("there is no kind of element %q", what)
	}
	return text, id, err
}

// broker is where the broker of an element is written, or the first one; nil if there is
// none.
func (s *Sketch) broker(near string) []string {
	near, _, _ = strings.Cut(near, "/")
	var first []string
	for _, of := range s.layers() {
		section := append(slices.Clone(of), "brokers")
		if n := s.tree.Find(section...); n != nil {
			for _, p := range n.Pairs {
				at := append(slices.Clone(section), p.Key.Text)
				if s.apart() {
					at = s.ownPath(at)
				}
				if p.Key.Text == near {
					return at
				}
				if first == nil {
					first = at
				}
			}
		}
	}
	return first
}

func (s *Sketch) firstTarget() string {
	for _, of := range s.layers() {
		section := append(slices.Clone(of), "services")
		if n := s.tree.Find(section...); n != nil {
			for _, p := range n.Pairs {
				if h, _ := s.handler(p.Key.Text); h != "" {
					return p.Key.Text + "/" + h
				}
			}
		}
	}
	return ""
}

// handler is the first handler of a service, and where its steps are written.
func (s *Sketch) handler(service string) (name string, steps []string) {
	all := s.places(service)
	slices.Reverse(all) // the design's own first
	for _, p := range all {
		on := append(slices.Clone(p), "on")
		if n := s.tree.Find(on...); n != nil && len(n.Pairs) > 0 {
			name = n.Pairs[0].Key.Text
			return name, append(on, name)
		}
	}
	return "", nil
}

// Ways are the ways in which two elements can be connected: "to" for a load; "call" and
// "send" between services, "publish" to a queue or a topic, "consume" from one.
func (s *Sketch) Ways(from, to string) []string {
	inside := func(k string) bool { return k == "queues" || k == "topics" }
	switch a, b := s.kindOf(from), s.kindOf(to); {
	case a == "load" && (b == "services" || inside(b)):
		return []string{"to"}
	case a == "services" && b == "services":
		return []string{"call", "send"}
	case a == "services" && inside(b):
		return []string{"publish"}
	case inside(a) && b == "services":
		return []string{"consume"}
	}
	return nil
}

// Connect connects two elements in one of their Ways.
func (s *Sketch) Connect(from, to, way string) (string, error) {
	if !slices.Contains(s.Ways(from, to), way) {
		return "", spell.Mistakef("%s and %s cannot be connected by %q", from, to, way)
	}
	target := to
	if s.kindOf(to) == "services" {
		h, _ := s.handler(to)
		if h == "" { // it gets one
			t, err := s.tree.Set("{do: [work: 10ms]}", append(last(s.places(to)), "on")...)
			next, err := s.again(t, err)
			if err != nil {
				return "", err
			}
			return next.Connect(from, to, way)
		}
		target = to + "/" + h
	}
	switch way {
	case "to":
		return s.tree.Set(target, append(s.home(from), "to")...)
	case "consume":
		_, h, _ := strings.Cut(target, "/")
		return s.tree.Set(h, append(s.home(to), "consumes", from)...)
	}
	if h, steps := s.handler(from); steps != nil {
		if s.apart() {
			n := len(s.tree.Find(steps...).Items)
			return s.SetStep(from, h, n, way+": "+target)
		}
		return s.tree.AddItem(way+": "+target, steps...)
	}
	return s.tree.Set("{do: ["+way+": "+target+"]}", append(last(s.places(from)), "on")...)
}

func last(all [][]string) []string { return slices.Clip(all[len(all)-1]) }

// With returns the scenario with a parameter set in one of its designs: its text says so.
func (s *Scenario) With(design, path, value string) (*Scenario, error) {
	b, err := s.Bundle()
	if err != nil {
		return nil, err
	}
	sk, err := OpenSketch(string(bytes.TrimPrefix(b.Text, []byte("\ufeff"))), design)
	if err != nil {
		return nil, err
	}
	text, err := sk.tree.Set(inFlow(value), "designs", design, "set", canonical(path))
	if err != nil {
		return nil, err
	}
	return NewBundle(b.Name, []byte(text), b.Files).Parse()
}

// SketchField is a setting of an element that its form shows.
type SketchField struct {
	Key     string
	Value   string // as it is written; "": its default
	Default string
	Kind    string // "duration"
	Example string
	Words   []string // that it may be
	Field   *spec.Field
}

// Fields are the settings of an element that are one value each.
func (s *Sketch) Fields(id string) (all []SketchField) {
	places := s.places(id)
	if len(places) == 0 {
		return nil
	}
	c := completer{language: core(), schema: completions(), text: s.text}
	for _, at := range c.at(places[0]) {
		if at.of == nil || at.Properties == nil {
			continue
		}
		for i := range at.of.entries {
			e := &at.of.entries[i]
			f := SketchField{Key: e.Key, Kind: e.kind.name, Example: e.kind.example, Words: e.kind.words, Field: e.Field}
			f.Default, _ = e.Says()
			if e.Kind == spec.YesNo {
				f.Words = []string{"false", "true"}
			}
			simple := e.kind.example != "" && !strings.ContainsAny(e.kind.example[:1], "[{")
			for _, p := range places { // the design's own stands
				if n := s.tree.Find(append(slices.Clone(p), e.Key)...); n != nil {
					f.Value, simple = n.Text, n.Shape == yamltree.Scalar
				}
			}
			if simple {
				all = append(all, f)
			}
		}
	}
	return all
}

// Set sets a field of an element, where it is written now; "" takes it away.
func (s *Sketch) Set(id, key, value string) (string, error) {
	all := s.places(id)
	if len(all) == 0 {
		return "", spell.Mistakef("there is no %s", id)
	}
	at := all[0]
	for _, p := range all {
		if s.tree.Find(append(slices.Clone(p), key)...) != nil {
			at = p
		}
	}
	if s.apart() {
		if at = s.home(id); value == "" && s.tree.Find(append(slices.Clone(at), key)...) == nil {
			value = "null" // the design that it is a copy of has it
		}
	}
	path := append(slices.Clone(at), key)
	if value == "" {
		if s.tree.Find(path...) == nil {
			return s.text, nil
		}
		return s.tree.Remove(path...)
	}
	return s.tree.Set(inFlow(value), path...)
}

// inFlow is a value as it can stand in braces.
func inFlow(value string) string {
	if strings.ContainsAny(value, ",[]{}#:\"'") || strings.TrimSpace(value) != value {
		return strconv.Quote(value)
	}
	return value
}

// mention is a place in the text that names an element.
type mention struct {
	path []string // of the value, or of the key
	node *yamltree.Node
	key  bool
}

// mentions finds where the text names an element: its own keys, targets, nodes, ends of
// links, and paths of parameters and metrics.
func (s *Sketch) mentions(id string) (all []mention) {
	c := completer{language: core(), schema: completions(), text: s.text}
	var visit func(n *yamltree.Node, path []string, here []candidate)
	visit = func(n *yamltree.Node, path []string, here []candidate) {
		into := func(key string) (next []candidate) {
			for _, h := range here {
				if b, ok := c.below(h, key); ok {
					next = append(next, c.open(b)...)
				}
			}
			return next
		}
		for i, item := range n.Items {
			visit(item, append(slices.Clip(path), strconv.Itoa(i)), into(yamltree.Item))
		}
		for _, p := range n.Pairs {
			at := append(slices.Clip(path), p.Key.Text)
			node, _ := ElementOf(at)
			keyed := node == id && isElement(at)
			for _, h := range here {
				keyed = keyed || h.PropertyNames != nil && h.PropertyNames.Title == "target" && strings.HasPrefix(p.Key.Text+"/", id+"/")
			}
			if t := trimDesign(at); len(t) == 2 && t[0] == "links" && slices.Contains(strings.Split(p.Key.Text, "->"), id) {
				keyed = true
			}
			if t := trimDesign(at); len(t) == 2 && t[0] == "set" && pathNames(p.Key.Text, id) {
				keyed = true
			}
			if keyed {
				all = append(all, mention{at, p.Key, true})
			}
			visit(p.Val, at, into(p.Key.Text))
		}
		if n.Shape != yamltree.Scalar {
			return
		}
		for _, h := range here {
			if h.Title == "target" && strings.HasPrefix(n.Text+"/", id+"/") || h.Title == "node" && (n.Text == id || strings.HasPrefix(n.Text, id+"#")) {
				all = append(all, mention{path, n, false})
				return
			}
		}
		if len(path) > 0 && path[0] == "expect" && pathNames(n.Text, id) {
			all = append(all, mention{path, n, false})
		}
	}
	visit(s.tree.Root(), nil, c.at(nil))
	return all
}

func trimDesign(path []string) []string {
	if len(path) > 2 && path[0] == "designs" {
		return path[2:]
	}
	return path
}

// isElement tells whether a path is the key of an element.
func isElement(path []string) bool { n := len(trimDesign(path)); return n == 2 || n == 4 }

// ElementOf is the element of the picture that a path of the text is in, and the design
// that the path is of; "" if none.
func ElementOf(path []string) (id, design string) {
	if len(path) > 2 && path[0] == "designs" {
		design = path[1]
	}
	switch path = trimDesign(path); {
	case len(path) >= 4 && path[0] == "brokers" && (path[2] == "queues" || path[2] == "topics"):
		return path[1] + "/" + path[3], design
	case len(path) >= 2 && (path[0] == "services" || path[0] == "brokers" || path[0] == "load"):
		return path[1], design
	}
	return "", design
}

// pathNames tells whether a parameter's or metric's path in a text names an element.
func pathNames(text, id string) bool { return pathOf(id).MatchString(text) }

func pathOf(id string) *regexp.Regexp {
	return regexp.MustCompile(`(\b(?:load|service|broker|queue|topic|subscription|connection)\.|\b(?:link|edge)\.(?:[^.\s]*->)?)` + regexp.QuoteMeta(id) + `(->|[./]|$)`)
}

// Rename gives an element another name, wherever the text names it.
func (s *Sketch) Rename(id, to string) (string, error) {
	if !validName(to) {
		return "", notAName(to)
	}
	new := to
	if broker, _, inside := strings.Cut(id, "/"); inside {
		new = broker + "/" + to
	}
	if len(s.places(new)) > 0 {
		return "", spell.Mistakef("there is a %s already", new)
	}
	all := s.mentions(id)
	if len(all) == 0 {
		return "", spell.Mistakef("there is no %s", id)
	}
	text := s.text
	for i := len(all) - 1; i >= 0; i-- { // from the end, so that places before stay
		from, end := s.tree.Written(all[i].node)
		piece := renamed(s.text[from:end], id, new, all[i].key && isElement(all[i].path))
		text = text[:from] + piece + text[end:]
	}
	return text, nil
}

func notAName(name string) error {
	return spell.Mistakef("%q cannot be a name: letters, digits, _ and - between them, a letter first", name)
}

// renamed is a piece of text with another name for an element.
func renamed(piece, id, to string, own bool) string {
	if own {
		id, to = ownName(id), ownName(to)
		return strings.Replace(piece, id, to, 1)
	}
	if pathNames(piece, id) {
		return pathOf(id).ReplaceAllString(piece, "${1}"+to+"${2}")
	}
	if strings.Contains(piece, "->") {
		ends := strings.Split(piece, "->")
		for i, e := range ends {
			if strings.Trim(e, " \"'") == id {
				ends[i] = strings.Replace(e, id, to, 1)
			}
		}
		return strings.Join(ends, "->")
	}
	return strings.Replace(piece, id, to, 1)
}

// ownName is the name of an element without that of its broker.
func ownName(id string) string { return id[strings.LastIndexByte(id, '/')+1:] }

// Delete takes an element away, with the steps, consumers, links and faults that name it.
func (s *Sketch) Delete(id string) (string, error) {
	if s.apart() && (len(s.places(id)) > 1 || s.tree.Find(s.home(id)...) == nil) {
		return s.leaveOut(id)
	}
	now := s
	for first := true; ; first = false {
		all := now.mentions(id)
		i := slices.IndexFunc(all, func(m mention) bool { return m.key || now.removable(m.path) != nil })
		if i < 0 {
			if first {
				return "", spell.Mistakef("there is no %s", id)
			}
			return now.text, nil
		}
		path := all[i].path
		if !all[i].key {
			path = now.removable(path)
		}
		next, err := now.again(now.tree.Remove(path...))
		if err != nil {
			return "", err
		}
		now = next
	}
}

// removable is the item of the list (a step, a fault, an expectation) that names an
// element; nil where that must be mended by hand, as the target of a load.
func (s *Sketch) removable(path []string) []string {
	for n := len(path); n > 0; n-- {
		if parent := s.tree.Find(path[:n-1]...); parent != nil && parent.Shape == yamltree.List {
			return path[:n]
		}
	}
	return nil
}
