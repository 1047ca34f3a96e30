package lessons

import (
	"errors"
	"math"
	"net/url"
	"slices"
	"strings"
	"time"

	"asynclab/lessons/internal/numeral"
	"asynclab/scenarios/preset"
	"asynclab/scenarios/yamltree"
	"asynclab/sim/draw"
	"asynclab/sim/spell"
)

// Real is what a real system does: a fact, the system and its version, and where it is
// written, as of a day. Its numbers are those of the source, so no run checks them; those
// that a preset sets are quoted from it.
type Real struct {
	Text                    Text
	System, Version, Source string
	Read                    string          // the day on which the source was read: 2026-11-26
	Presets                 []preset.Preset // that the text may quote

	at yamltree.Pos
}

var realObject = object[Real]{"the real block", []prop[Real]{
	{"text", true, false, "what the system does, in a few sentences; its numbers are those of the source, and need no claim", func(r *reader, n *yamltree.Node, x *Real) {
		r.quoted, r.presets = 0, x.Presets
		x.Text = r.text(n)
		if len(x.Presets) > 0 && r.quoted == 0 {
			r.At(n, "such as [30 s](preset:visibility)", "the text quotes nothing of %s", x.Presets[0].Name())
		}
		r.presets = nil
	}},
	{"presets", false, true, "presets whose values the text quotes (`asynclab presets` lists them)", func(*reader, *yamltree.Node, *Real) {}}, // real reads them, before the text
	{"system", true, true, "its name", func(r *reader, n *yamltree.Node, x *Real) { x.System, _ = r.word(n) }},
	{"version", true, true, "the version, the edition or the day that the fact is of", func(r *reader, n *yamltree.Node, x *Real) { x.Version, _ = r.word(n) }},
	{"source", true, true, "the address of the page that says so, https", func(r *reader, n *yamltree.Node, x *Real) {
		x.Source, _ = r.word(n)
		if u, err := url.Parse(x.Source); err != nil || u.Scheme != "https" || u.Host == "" {
			r.At(n, "such as https://grpc.io/docs/guides/retry/", "%q is not the address of a page", x.Source)
		}
	}},
	{"read", true, true, "the day on which the source was read: `2026-11-26`", func(r *reader, n *yamltree.Node, x *Real) {
		x.Read, _ = r.word(n)
		if _, err := time.Parse(time.DateOnly, x.Read); err != nil {
			r.At(n, "such as 2026-11-26", "%q is not a day", x.Read)
		}
	}},
}}

// realWords are the fixed texts of the line below a fact.
var realWords = words{"en": ", read on ", "zh-Hans": "，查阅日期 "}

// real reads a real block: a quotation of the source, with where it is from below it.
func (r *reader) real(s *Step, n *yamltree.Node) {
	x := &Real{at: n.Pos}
	if r.original != nil {
		i := r.original.Step(s.ID)
		if i < 0 || len(s.reals) >= len(r.original.Steps[i].reals) {
			r.At(n, "take it away, or put it where the original has it", "the original has no real block here")
			r.strays = nil
			return
		}
		*x = *r.original.Steps[i].reals[len(s.reals)]
		x.at = n.Pos
	}
	if p := n.Get("presets"); p != nil {
		x.Presets = r.presetsOf(p) // before the text, wherever it stands
	}
	realObject.read(r, n, x)
	r.strays = nil
	s.reals = append(s.reals, x)
	read, ok := realWords[r.lesson.Language]
	if !ok {
		read = realWords[original]
	}
	from := Text{{Text: x.System + " (" + x.Version + "): "}, {Kind: Web, Text: x.Source, Target: x.Source}, {Text: read + x.Read}}
	s.Blocks = append(s.Blocks, Block{Kind: Quote, Items: [][]Block{{{Kind: Paragraph, Text: x.Text}, {Kind: Paragraph, Text: from}}}})
}

// presetsOf reads the names of presets, or of one.
func (r *reader) presetsOf(n *yamltree.Node) (all []preset.Preset) {
	items := []*yamltree.Node{n}
	if n.Shape == yamltree.List {
		items = r.list(n)
	}
	for _, item := range items {
		name, ok := r.word(item)
		if !ok {
			continue
		}
		head, part, _ := strings.Cut(name, "/")
		product, version, err := preset.Lookup(head)
		var e *preset.Error
		switch {
		case errors.As(err, &e):
			r.At(item, e.Advice, "%s", e.Says)
		case product.Part(part) == nil:
			r.At(item, "asynclab presets lists them", "%s has no part %q", head, part)
		default:
			all = append(all, preset.Preset{Part: product.Part(part), Version: version})
		}
	}
	return all
}

// quote checks the text of a link preset:KEY against the value that a preset of the block
// has under the key, or several have; a value that is a word is named: preset:KEY=VALUE.
func (r *reader) quote(place yamltree.Pos, target, text string) {
	r.quoted++
	key, word, named := strings.Cut(target, "=")
	var known []string
	found := false
	for _, p := range r.presets {
		for _, v := range p.Values() {
			known = append(known, v.Key)
			if v.Key != key {
				continue
			}
			if named && word != v.Text || !named && !saysValue(text, v.Text) {
				hint := spell.Textf("write the value of the preset, or ask whether the preset is wrong")
				if !named && numeral.First(v.Text) == "" {
					hint = spell.Textf("name the word: preset:%s=%s", key, v.Text)
				}
				r.At(place, hint, "the text says %q, and %s has %s: %s", text, p.Name(), key, v.Text)
			}
			found = true
		}
	}
	switch {
	case len(r.presets) == 0:
		r.At(place, "name the preset in the real block: presets: sqs/fifo", "there is no preset that %q could be quoted from", text)
	case !found:
		slices.Sort(known)
		r.Unknown(place, key, "keys", slices.Compact(known), "no preset of the block has %q", key)
	}
}

// saysValue tells whether the number of a text is a value.
func saysValue(text, value string) bool {
	got, err := numeral.Read(text)
	want, err2 := draw.ParseQuantity(value)
	return err == nil && err2 == nil && numeral.Comparable(got.Unit, want.Unit) && math.Abs(got.Value-want.Value) <= 1e-9*math.Abs(want.Value)
}
