package lessons

import (
	"net/url"
	"time"

	"asynclab/scenarios/yamltree"
)

// Real is what a real system does: a fact, the system and its version, and where it is
// written, as of a day. Its numbers are those of the source, so no run checks them.
type Real struct {
	Text                    Text
	System, Version, Source string
	Read                    string // the day on which the source was read: 2026-11-26

	at yamltree.Pos
}

var realObject = object[Real]{"the real block", []prop[Real]{
	{"text", true, false, "what the system does, in a few sentences; its numbers are those of the source, and need no claim", func(r *reader, n *yamltree.Node, x *Real) { x.Text = r.text(n) }},
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
