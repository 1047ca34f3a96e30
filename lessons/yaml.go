package lessons

import (
	"errors"
	"math"
	"slices"
	"strings"
	"time"

	"asynclab/scenarios/yamltree"
	"asynclab/sim/draw"
	"asynclab/sim/spell"
)

// format is the limits of lesson files and of the YAML in them.
var format = &yamltree.Language{
	Size: 256 << 10, Marks: "[]*_<>`!{}", Parts: 20_000, Nesting: 16,
	Large:  "make two lessons of it",
	Key:    func(key string) string { return key },
	Shared: "a text that begins with & or * goes in quotes",
}

// yamlText is a part of a file in YAML, and the position of its first character.
type yamlText struct {
	data  []byte
	start yamltree.Pos
}

// parseYAML reads one mapping; nil after a mistake that leaves none.
func (r *reader) parseYAML(y yamlText, what string) *yamltree.Node {
	if strings.TrimSpace(string(y.data)) == "" {
		return &yamltree.Node{Pos: y.start, Shape: yamltree.Mapping}
	}
	n := r.Parse(y.data, y.start, what)
	if n != nil && n.Shape != yamltree.Mapping {
		r.At(n, "write key: value, one a line", "%s holds keys and values", spell.Noun(what))
		return nil
	}
	return n
}

// field is a key that a mapping may have.
type field struct {
	key      string
	required bool
	original bool // only in the original, not in a translation
	read     func(*yamltree.Node)
}

// fields reads a mapping; unknown, missing and misplaced keys are mistakes. what names
// the mapping in messages. In a translation, keys of the original are misplaced.
func (r *reader) fields(n *yamltree.Node, what string, translated bool, all ...field) {
	if n.Shape != yamltree.Mapping {
		r.At(n, "write key: value", "%s holds keys and values", spell.Noun(what))
		return
	}
	var known []string
	for _, f := range all {
		if !f.original || !translated {
			known = append(known, f.key)
		}
	}
	for _, p := range n.Pairs {
		i := slices.IndexFunc(all, func(f field) bool { return f.key == p.Key.Text })
		switch {
		case i < 0 && strings.ContainsAny(p.Key.Text, " .，。"):
			r.At(p.Key, "inside { } a comma ends a text: put the text in quotes, or every key on a line of its own", "%s has no key %q", spell.Noun(what), p.Key.Text)
		case i < 0:
			r.Unknown(p.Key, p.Key.Text, "keys", known, "%s has no key %q", spell.Noun(what), p.Key.Text)
		case all[i].original && translated:
			r.At(p.Key, "take it away here", "%q belongs into the original only", p.Key.Text)
		case p.Val.IsText() && p.Val.Text == "":
			r.At(p.Key, "", "%q has no value", p.Key.Text)
		default:
			all[i].read(p.Val)
		}
	}
	for _, f := range all {
		if f.required && !(f.original && translated) && n.Get(f.key) == nil {
			r.At(n, "", "%s needs %q", spell.Noun(what), f.key)
		}
	}
}

// word reads a scalar.
func (r *reader) word(n *yamltree.Node) (string, bool) {
	if !n.IsText() {
		r.At(n, "", "expected one value")
		return "", false
	}
	return strings.TrimSpace(n.Text), true
}

// words reads a list of scalars, or one scalar.
func (r *reader) words(n *yamltree.Node) (out []string) {
	if n.IsText() {
		return []string{strings.TrimSpace(n.Text)}
	}
	out = []string{}
	for _, item := range r.list(n) {
		if s, ok := r.word(item); ok {
			out = append(out, s)
		}
	}
	return out
}

func (r *reader) list(n *yamltree.Node) []*yamltree.Node {
	if n.Shape != yamltree.List {
		r.At(n, "each item on a line of its own, after - and a blank", "expected a list")
	}
	return n.Items
}

func (r *reader) yes(n *yamltree.Node) bool {
	s, _ := r.word(n)
	if s != "true" && s != "false" {
		r.At(n, "", "expected true or false, not %q", s)
	}
	return s == "true"
}

func (r *reader) whole(n *yamltree.Node, lo, hi int) int {
	s, ok := r.word(n)
	if !ok {
		return lo
	}
	q, err := draw.ParseQuantity(s)
	if err != nil || q.Unit != draw.None || q.Value != math.Floor(q.Value) || q.Value < float64(lo) || q.Value > float64(hi) {
		r.At(n, "", "expected a whole number from %d to %d, not %q", lo, hi, s)
		return lo
	}
	return int(q.Value)
}

func (r *reader) duration(n *yamltree.Node) time.Duration {
	q, ok := r.quantity(n, n.Text)
	if ok && q.Unit != draw.Seconds && q.Value != 0 {
		r.At(n, "such as 30s or 2min", "expected a time, not %q", n.Text)
	}
	return time.Duration(math.Round(q.Value * 1e9))
}

func (r *reader) quantity(n *yamltree.Node, text string) (draw.Quantity, bool) {
	q, err := draw.ParseQuantity(strings.TrimSpace(text))
	if err == nil && q.Value >= 0 {
		return q, true
	}
	var e *draw.ExprError
	switch {
	case err == nil:
		r.At(n, "", "%q must not be negative", text)
	case errors.As(err, &e):
		r.At(r.Find(n, text), e.Advice(), "cannot read %q: %s", text, e.Says())
	default:
		r.At(n, "", "cannot read %q: %v", text, err)
	}
	return draw.Quantity{}, false
}
