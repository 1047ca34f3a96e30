package lessons

import (
	"errors"
	"math"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"asynclab/scenarios"
	"asynclab/sim/draw"

	"go.yaml.in/yaml/v4"
	"go.yaml.in/yaml/v4/plugin/loaderlimits"
)

const maxNesting = 16 // of the YAML in a block

// node is a value of the YAML in a block, with its place in the file.
type node struct {
	at    at
	text  string // of a scalar
	items []*node
	keys  []*node // of a mapping, beside its items
	shape yaml.Kind
	last  int // the last line it may reach
}

// yamlText is a piece of YAML in a file: line is that of its first line.
type yamlText struct {
	data []byte
	line int
	col  int // of its first column, from 1
}

// parseYAML reads one mapping; nil after a mistake that leaves none.
func (r *report) parseYAML(y yamlText, what string) *node {
	var doc yaml.Node
	if strings.TrimSpace(string(y.data)) == "" {
		return &node{at: at{y.line, y.col}, shape: yaml.MappingNode, last: y.line}
	}
	err := yaml.Load(y.data, &doc, yaml.WithPlugin(loaderlimits.New(loaderlimits.DepthValue(maxNesting))))
	if err != nil {
		r.syntax(y, what, err)
		return nil
	}
	if doc.Kind != yaml.DocumentNode || len(doc.Content) == 0 {
		return &node{at: at{y.line, y.col}, shape: yaml.MappingNode, last: y.line}
	}
	n := r.build(y, doc.Content[0])
	if n.shape != yaml.MappingNode {
		r.at(n.at, "write key: value, one a line", "%s holds keys and values", what)
		return nil
	}
	n.reach(y.line + strings.Count(string(y.data), "\n"))
	return n
}

func (r *report) build(y yamlText, in *yaml.Node) *node {
	n := &node{at: at{in.Line + y.line - 1, in.Column + y.col - 1}, shape: in.Kind, text: in.Value}
	if in.Anchor != "" || in.Kind == yaml.AliasNode || in.Style&yaml.TaggedStyle != 0 {
		r.at(n.at, "a text that begins with & * or ! goes in quotes", "anchors, aliases and tags are not part of the format")
		n.shape = yaml.ScalarNode
		return n
	}
	for i, c := range in.Content {
		item := r.build(y, c)
		if in.Kind != yaml.MappingNode {
			n.items = append(n.items, item)
			continue
		}
		if i%2 == 1 {
			n.items = append(n.items, item)
			continue
		}
		if slices.ContainsFunc(n.keys, func(k *node) bool { return k.text == item.text }) {
			r.at(item.at, "", "%q appears twice", item.text)
		}
		n.keys = append(n.keys, item)
	}
	return n
}

// reach notes for every value up to where in the file it may stand.
func (n *node) reach(last int) {
	n.last = last
	for i, item := range n.items {
		end := last
		if n.keys != nil && i+1 < len(n.keys) {
			end = max(n.keys[i+1].at.line-1, item.at.line)
		} else if n.keys == nil && i+1 < len(n.items) {
			end = max(n.items[i+1].at.line-1, item.at.line)
		}
		item.reach(end)
	}
}

func (n *node) get(key string) *node {
	for i, k := range n.keys {
		if k.text == key && i < len(n.items) {
			return n.items[i]
		}
	}
	return nil
}

// syntax reports what the YAML parser could not read.
func (r *report) syntax(y yamlText, what string, err error) {
	var many *yaml.LoadErrors
	var one *yaml.LoadError
	var all []*yaml.LoadError
	if errors.As(err, &many) {
		all = many.Errors
	} else if errors.As(err, &one) {
		all = append(all, one)
	}
	for _, e := range all {
		mark := e.Mark
		if mark.Line == 0 {
			mark = e.ContextMark
		}
		hint := "check the indentation and the quotes"
		switch {
		case strings.Contains(e.Message, "mapping values are not allowed"):
			hint = "a value that contains \": \" goes in quotes"
		case strings.Contains(e.Message, "anchor"), strings.Contains(e.Message, "cannot start any token"):
			hint = "a value that begins with * & ! % @ or ` goes in quotes"
		case strings.Contains(e.Message, "expected ',' or"), strings.Contains(e.Message, "did not find expected"):
			hint = "a text that begins with [ or { goes in quotes, or on the lines below >"
		}
		place := at{max(mark.Line, 1) + y.line - 1, max(mark.Column, 1) + y.col - 1}
		for place.line > len(r.src) || place.line > y.line && strings.TrimSpace(r.src[place.line-1]) == "" {
			place.line, place.col = place.line-1, 1 // behind the end there is nothing to show
		}
		r.at(place, hint, "%s is not valid YAML: %s", what, strings.TrimPrefix(e.Message, "yaml: "))
	}
	if len(all) == 0 {
		r.at(at{y.line, y.col}, "", "%s is not valid YAML: %v", what, err)
	}
}

// field is a key that a mapping may have.
type field struct {
	key      string
	required bool
	original bool // only in the original, not in a translation
	read     func(*node)
}

// fields reads a mapping by its keys: unknown, missing and misplaced ones are
// mistakes. translated tells that this is a translation.
func (r *report) fields(n *node, what string, translated bool, all ...field) {
	if n.shape != yaml.MappingNode {
		r.at(n.at, "write key: value", "%s holds keys and values", what)
		return
	}
	var known []string
	for _, f := range all {
		if !f.original || !translated {
			known = append(known, f.key)
		}
	}
	for i, k := range n.keys {
		if i >= len(n.items) {
			break
		}
		j := slices.IndexFunc(all, func(f field) bool { return f.key == k.text })
		switch {
		case j < 0:
			hint := scenarios.Meant(k.text, "keys", known)
			if strings.ContainsAny(k.text, " .，。") {
				hint = "inside { } a comma ends a text: put the text in quotes, or every key on a line of its own"
			}
			r.at(k.at, hint, "%s has no key %q", what, k.text)
		case all[j].original && translated:
			r.at(k.at, "take it away here", "%q belongs into the original only", k.text)
		case n.items[i].empty():
			r.at(k.at, "", "%q has no value", k.text)
		default:
			all[j].read(n.items[i])
		}
	}
	for _, f := range all {
		if f.required && !(f.original && translated) && n.get(f.key) == nil {
			r.at(n.at, "", "%s needs %q", what, f.key)
		}
	}
}

func (n *node) empty() bool { return n.shape == yaml.ScalarNode && n.text == "" }

// word reads a scalar.
func (r *report) word(n *node) (string, bool) {
	if n.shape != yaml.ScalarNode {
		r.at(n.at, "", "expected one value")
		return "", false
	}
	return strings.TrimSpace(n.text), true
}

// words reads a list of scalars, or one.
func (r *report) words(n *node) (out []string) {
	if n.shape == yaml.ScalarNode {
		return []string{strings.TrimSpace(n.text)}
	}
	out = []string{}
	for _, item := range r.list(n) {
		if s, ok := r.word(item); ok {
			out = append(out, s)
		}
	}
	return out
}

func (r *report) list(n *node) []*node {
	if n.shape != yaml.SequenceNode {
		r.at(n.at, "each item on a line of its own, after - and a blank", "expected a list")
		return nil
	}
	return n.items
}

func (r *report) yes(n *node) bool {
	s, _ := r.word(n)
	if s != "true" && s != "false" {
		r.at(n.at, "", "expected true or false, not %q", s)
	}
	return s == "true"
}

func (r *report) whole(n *node, lo, hi int) int {
	s, ok := r.word(n)
	if !ok {
		return lo
	}
	q, err := draw.ParseQuantity(s)
	if err != nil || q.Unit != draw.None || q.Value != math.Floor(q.Value) || q.Value < float64(lo) || q.Value > float64(hi) {
		r.at(n.at, "", "expected a whole number from %d to %d, not %q", lo, hi, s)
		return lo
	}
	return int(q.Value)
}

func (r *report) duration(n *node) time.Duration {
	q, ok := r.quantity(n, n.text)
	if ok && q.Unit != draw.Seconds && q.Value != 0 {
		r.at(n.at, "such as 30s or 2min", "expected a time, not %q", n.text)
	}
	return time.Duration(math.Round(q.Value * 1e9))
}

func (r *report) quantity(n *node, text string) (draw.Quantity, bool) {
	q, err := draw.ParseQuantity(strings.TrimSpace(text))
	if err == nil && q.Value >= 0 {
		return q, true
	}
	var e *draw.ExprError
	switch {
	case err == nil:
		r.at(n.at, "", "%q must not be negative", text)
	case errors.As(err, &e):
		r.at(r.find(n, text), e.Hint, "cannot read %q: %s", text, e.Msg)
	default:
		r.at(n.at, "", "cannot read %q: %v", text, err)
	}
	return draw.Quantity{}, false
}

// find is where in the file a piece of a value's text stands; the beginning of
// the value if it cannot be told (folded lines, escapes).
func (r *report) find(n *node, piece string) at {
	if line, _, _ := strings.Cut(piece, "\n"); line != "" {
		for i := n.at.line; i <= n.last && i <= len(r.src); i++ {
			s, from := r.src[i-1], 0
			if i == n.at.line {
				from = len(runes(s, n.at.col-1))
			}
			if j := strings.Index(s[from:], line); j >= 0 {
				return at{i, utf8.RuneCountInString(s[:from+j]) + 1}
			}
		}
	}
	return n.at
}

// runes is the beginning of a string, so many characters long.
func runes(s string, count int) string {
	for i := range s {
		if count <= 0 {
			return s[:i]
		}
		count--
	}
	return s
}
