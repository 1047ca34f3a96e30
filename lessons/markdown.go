package lessons

import (
	"path"
	"regexp"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	extast "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"

	"asynclab/scenarios/yamltree"
)

var markdown = sync.OnceValue(func() parser.Parser {
	p := goldmark.DefaultParser()
	p.AddOptions(parser.WithAttribute(), parser.WithParagraphTransformers(util.Prioritized(tableParser{}, 200)))
	return p
})

// paragraphs parses texts in YAML, which have no lists, headings or other blocks.
var paragraphs = sync.OnceValue(func() parser.Parser {
	return parser.NewParser(
		parser.WithBlockParsers(util.Prioritized(parser.NewParagraphParser(), 1)),
		parser.WithInlineParsers(parser.DefaultInlineParsers()...))
})

// source is a text that was parsed as Markdown. place converts byte offsets in it to
// positions in the file.
type source struct {
	data  []byte
	place func(offset int) yamltree.Pos
}

// placeIn returns a function from byte offsets to lines and columns.
func placeIn(data []byte) func(int) yamltree.Pos {
	var starts []int
	for i := range data {
		if i == 0 || data[i-1] == '\n' {
			starts = append(starts, i)
		}
	}
	return func(offset int) yamltree.Pos {
		offset = min(max(offset, 0), len(data))
		line, exact := slices.BinarySearch(starts, offset)
		if !exact {
			line--
		}
		if line < 0 {
			return yamltree.Pos{Line: 1, Col: 1}
		}
		return yamltree.Pos{Line: line + 1, Col: utf8.RuneCount(data[starts[line]:offset]) + 1}
	}
}

// blocks reads the children of a Markdown node.
func (r *reader) blocks(src source, parent ast.Node) (out []Block) {
	for n := parent.FirstChild(); n != nil; n = n.NextSibling() {
		if b, ok := r.block(src, n); ok {
			out = append(out, b)
		}
	}
	return out
}

func (r *reader) block(src source, n ast.Node) (Block, bool) {
	switch n := n.(type) {
	case *ast.Paragraph, *ast.TextBlock:
		if img, ok := n.FirstChild().(*ast.Image); ok && n.ChildCount() == 1 {
			return r.picture(src, img), true
		}
		t := r.spans(src, n)
		return Block{Kind: Paragraph, Text: t}, len(t) > 0
	case *ast.Heading:
		if n.Level < 3 {
			r.At(src.place(n.Pos()), "", "a step cannot begin inside something else")
		}
		return Block{Kind: Heading, Text: r.spans(src, n)}, true
	case *ast.List:
		b := Block{Kind: List, Ordered: n.IsOrdered(), Start: n.Start}
		for item := n.FirstChild(); item != nil; item = item.NextSibling() {
			b.Items = append(b.Items, r.blocks(src, item))
		}
		return b, true
	case *ast.Blockquote:
		return Block{Kind: Quote, Items: [][]Block{r.blocks(src, n)}}, true
	case *ast.ThematicBreak:
		return Block{Kind: Rule}, true
	case *extast.Table:
		b := Block{Kind: Table}
		for row := n.FirstChild(); row != nil; row = row.NextSibling() {
			var cells []Text
			for cell := row.FirstChild(); cell != nil; cell = cell.NextSibling() {
				cells = append(cells, inCell(r.spans(src, cell)))
			}
			b.Rows = append(b.Rows, cells)
		}
		return b, true
	case *ast.FencedCodeBlock:
		info := string(n.Language(src.data))
		if slices.Contains(blockNames(), info) {
			r.At(src.place(n.Pos()), "move it to the left margin", "a %s block cannot stand inside something else", info)
			return Block{}, false
		}
		if !slices.Contains(codeNames, info) {
			r.Unknown(src.place(n.Pos()), info, "blocks", blockNames(), "there is no block called %q", info)
		}
		return Block{Kind: Code, Info: info, Source: string(n.Lines().Value(src.data))}, true
	case *ast.CodeBlock:
		return Block{Kind: Code, Source: string(n.Lines().Value(src.data))}, true
	case *ast.HTMLBlock:
		r.At(src.place(n.Pos()), "write Markdown", "HTML is not part of the format")
	}
	return Block{}, false
}

// picture reads an image that is alone in its paragraph.
func (r *reader) picture(src source, n *ast.Image) Block {
	b := Block{Kind: Picture, Text: r.spans(src, n)}
	place := src.place(n.Pos())
	if len(b.Text) == 0 {
		r.At(place, "say in the brackets what is seen", "a picture without a text is nothing to who cannot see it")
	}
	dest := string(n.Destination)
	if design, ok := strings.CutPrefix(dest, "topology:"); ok {
		b.Design, b.Scenario = design, r.lesson.defaultScenario
		if s := r.step(); s != nil && s.Setup != nil {
			b.Scenario = s.Setup.Scenario
		}
		if s := r.lesson.scenarios[b.Scenario]; s != nil && s.Design(design) == nil {
			r.Unknown(place, design, "designs", s.DesignNames(), "there is no design %q in %s", design, b.Scenario)
		}
		return b
	}
	b.File = dest
	switch ext := path.Ext(dest); {
	case strings.Contains(dest, ":") || !localName(dest):
		r.At(place, "put the file beside the lesson", "a picture must be a file in the folder of the lesson, not %q", dest)
		b.File = ""
	case !slices.Contains([]string{".svg", ".png", ".jpg", ".jpeg"}, strings.ToLower(ext)):
		r.At(place, "svg, png or jpg", "%q is no picture that can be shown", dest)
	case r.fsys != nil && !r.exists(dest):
		r.Unknown(place, dest, "files", r.files(), "there is no picture %q", dest)
	}
	return b
}

func localName(name string) bool {
	return name != "" && !strings.HasPrefix(name, "/") && !strings.Contains(name, `\`) && path.Clean(name) == name && !strings.HasPrefix(name, "..")
}

var idRegexp = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)
})

// hint reads the Markdown of a hint.
func (r *reader) hint(s *Step, y yamlText, place yamltree.Pos) {
	all := s.Activities()
	if len(all) == 0 {
		r.At(place, "put it after the predict, question or task that it helps with", "a hint for nothing")
		return
	}
	a := all[len(all)-1]
	data := append([]byte(nil), y.data...)
	inFile := func(offset int) yamltree.Pos {
		p := placeIn(data)(offset)
		return yamltree.Pos{Line: p.Line + y.start.Line - 1, Col: p.Col + y.start.Col - 1}
	}
	blocks := r.blocks(source{data, inFile}, markdown().Parse(text.NewReader(data)))
	r.reportStrays(a.numbers())
	if len(blocks) == 0 {
		r.At(place, "", "the hint is empty")
		return
	}
	a.Hints = append(a.Hints, blocks)
}
