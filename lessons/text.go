package lessons

import (
	"bytes"
	"maps"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"

	"asynclab/scenarios/yamltree"
	"asynclab/sim/spell"
)

// text reads a formatted text of one or more paragraphs.
func (r *reader) text(n *yamltree.Node) Text {
	if !n.IsText() {
		r.At(n, "a text that begins with [ or { goes in quotes, or on the lines below >", "expected a text")
		return nil
	}
	data := []byte(n.Text)
	src := source{data, func(offset int) yamltree.Pos {
		rest, _, _ := strings.Cut(n.Text[min(max(offset, 0), len(n.Text)):], "\n")
		return r.Find(n, yamltree.Letters(rest, 24))
	}}
	var out Text
	doc := paragraphs().Parse(text.NewReader(data))
	for c := doc.FirstChild(); c != nil; c = c.NextSibling() {
		if len(out) > 0 {
			out = append(out, Span{Kind: Break})
		}
		out = append(out, r.spans(src, c)...)
	}
	if len(out) == 0 {
		r.At(n, "", "the text is empty")
	}
	return out
}

// style is the format that a span inherits from the nodes around it.
type style struct{ emph, strong, code bool }

// spans reads the inline text of a node.
func (r *reader) spans(src source, n ast.Node) Text {
	s := &spanner{r: r, src: src}
	s.children(n, style{})
	return joined(s.out)
}

type spanner struct {
	r   *reader
	src source
	out Text
}

func (s *spanner) children(n ast.Node, st style) {
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		s.inline(c, st)
	}
}

func (s *spanner) inline(n ast.Node, st style) {
	switch n := n.(type) {
	case *ast.Text:
		s.text(n, st)
	case *ast.String:
		s.add(Span{Text: string(n.Value)}, st)
	case *ast.CodeSpan:
		st.code = true
		s.add(Span{Text: plainText(s.src.data, n)}, st)
	case *ast.Emphasis:
		if n.Level == 1 {
			st.emph = true
		} else {
			st.strong = true
		}
		s.children(n, st)
	case *ast.Link:
		s.link(n, st)
	case *ast.AutoLink:
		u := string(n.URL(s.src.data))
		s.add(Span{Kind: Web, Text: u, Target: u}, st)
	case *ast.Image:
		s.r.At(s.src.place(n.Pos()), "give it a paragraph of its own", "a picture cannot stand inside a line")
	case *ast.RawHTML:
		s.r.At(s.src.place(n.Pos()), "write Markdown; put \\ before a < that is meant", "HTML is not part of the format")
	}
}

func (s *spanner) text(n *ast.Text, st style) {
	value := n.Segment.Value(s.src.data)
	s.r.addStrays(string(value), func(i int) yamltree.Pos { return s.src.place(n.Segment.Start + i) })
	if i := bytes.Index(value, []byte("**")); i >= 0 {
		s.r.At(s.src.place(n.Segment.Start+i), "let it begin and end with a letter, not with a sign or a blank; \\*\\* are two stars", "these ** mark nothing")
	}
	if m := westernRegexp().FindSubmatchIndex(value); m != nil {
		sign := string(value[m[2]:m[3]])
		s.r.At(s.src.place(n.Segment.Start+m[2]), spell.Textf("write %s", fullWidth[sign]), "a western %q in a Chinese sentence", sign)
	}
	s.add(Span{Text: unescape(value)}, st)
	switch {
	case n.HardLineBreak():
		s.out = append(s.out, Span{Kind: Break})
	case n.SoftLineBreak():
		s.add(Span{Text: "\n"}, st)
	}
}

// westernRegexp finds western punctuation after a Chinese character.
var westernRegexp = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`\p{Han}([,;:!?])`)
})

var fullWidth = map[string]string{",": "\uff0c", ";": "\uff1b", ":": "\uff1a", "!": "\uff01", "?": "\uff1f"}

func unescape(b []byte) string {
	return string(util.UnescapePunctuations(util.ResolveEntityNames(util.ResolveNumericReferences(b))))
}

// plainText is the text of a node without emphasis, links and code.
func plainText(data []byte, n ast.Node) string {
	var b strings.Builder
	_ = ast.Walk(n, func(c ast.Node, entering bool) (ast.WalkStatus, error) {
		if t, ok := c.(*ast.Text); ok && entering {
			if n.Kind() == ast.KindCodeSpan {
				b.Write(bytes.ReplaceAll(t.Segment.Value(data), []byte("\n"), []byte(" ")))
			} else {
				b.WriteString(unescape(t.Segment.Value(data)))
			}
			if t.SoftLineBreak() {
				b.WriteByte('\n')
			}
		}
		return ast.WalkContinue, nil
	})
	return b.String()
}

// links maps the schemes that links may have to kinds of spans.
var links = map[string]SpanKind{"claim": ClaimSpan, "example": Example, "term": Term, "lesson": LessonLink, "https": Web, "http": Web}

func (s *spanner) link(n *ast.Link, st style) {
	if n.ChildCount() == 1 {
		switch c := n.FirstChild().(type) {
		case *ast.Emphasis:
			st.emph, st.strong = st.emph || c.Level == 1, st.strong || c.Level == 2
		case *ast.CodeSpan:
			st.code = true
		}
	}
	dest := string(n.Destination)
	out := Span{Text: plainText(s.src.data, n)}
	kind, target, ok := strings.Cut(dest, ":")
	out.Target = target
	place := s.src.place(n.Pos())
	if ok && kind == "preset" {
		s.r.quote(place, target, out.Text)
		s.add(Span{Text: out.Text}, st)
		return
	}
	known := false
	out.Kind, known = links[kind]
	switch {
	case !ok:
		s.r.At(place, "claim:, term:, lesson:, example: or https:", "%q is no link that leads anywhere", dest)
		return
	case !known:
		s.r.Unknown(place, kind, "links", slices.Sorted(maps.Keys(links)), "there are no links that begin with %q", kind+":")
		return
	case out.Kind == Web:
		out.Target = dest
		if _, err := url.Parse(dest); err != nil {
			s.r.At(place, "", "%q is not an address", dest)
		}
	}
	if out.Text == "" {
		s.r.At(place, "", "a link without a text cannot be seen")
	}
	if out.Kind == Term || out.Kind == LessonLink || out.Kind == Web {
		s.r.addStrays(out.Text, func(int) yamltree.Pos { return place })
	}
	s.r.lesson.uses = append(s.r.lesson.uses, use{out.Kind, out.Target, out.Text, s.r.stepIndex(), place, false})
	s.add(out, st)
}

func (s *spanner) add(p Span, st style) {
	p.Emph, p.Strong, p.Code = st.emph, st.strong, st.code
	s.out = append(s.out, p)
}

// joined merges neighbouring spans of the same format, and turns line ends into
// blanks; between two Chinese characters a line end is dropped.
func joined(in Text) (out Text) {
	var last rune = ' '
	for i, p := range in {
		var b strings.Builder
		all := []rune(p.Text)
		for j, c := range all {
			if c == '\n' {
				next := ' '
				if j+1 < len(all) {
					next = all[j+1]
				} else if i+1 < len(in) && in[i+1].Text != "" {
					next, _ = utf8.DecodeRuneInString(in[i+1].Text)
				}
				if isWide(last) && isWide(next) {
					continue
				}
				c = ' '
			}
			b.WriteRune(c)
			last = c
		}
		p.Text = b.String()
		if p.Text == "" && p.Kind != Break {
			continue
		}
		if k := len(out) - 1; k >= 0 && p.Kind == Plain {
			same := out[k]
			same.Text = p.Text
			if same == p {
				out[k].Text += p.Text
				continue
			}
		}
		out = append(out, p)
	}
	return out
}

// isWide tells whether a character belongs to a script without blanks between words.
func isWide(c rune) bool {
	return c >= 0x2e80 && c <= 0x9fff || c >= 0xf900 && c <= 0xfaff || c >= 0xfe30 && c <= 0xfe4f || c >= 0xff00 && c <= 0xff60 || c >= 0x20000 && c <= 0x3ffff
}
