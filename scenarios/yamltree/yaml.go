package yamltree

import (
	"bytes"
	"errors"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v4"
	"go.yaml.in/yaml/v4/plugin/loaderlimits"

	"asynclab/sim/spell"
)

// Language is the limits of a kind of text, and the hints for texts that exceed them.
// Texts are untrusted; the limits are more than ten times the size of the largest
// sensible text.
type Language struct {
	Size    int                 // bytes
	Marks   string              // characters that begin or end a part of a text; counting them bounds the parts
	Parts   int                 // the most Marks in a text
	Large   string              // the hint for a text that is too large
	Never   string              // characters that are not allowed, besides control characters
	Nesting int                 // levels of YAML
	Calls   bool                // detect values such as normal(20ms, 5ms) without quotes, which the comma splits
	Key     func(string) string // the canonical spelling of a key
	Empty   string              // the hint for an empty text
	Shared  string              // the hint for an anchor: what to do instead
	Under   string              // a key whose value stands for settings laid under those beside it, which null may take away; or ""
}

// Shape is the kind of a node.
type Shape uint8

// The shapes. Null is null, which removes a shared value, or no value.
const (
	Scalar Shape = iota
	List
	Mapping
	Null
)

func (s Shape) String() string { return [...]string{"a value", "a list", "a mapping", "nothing"}[s] }

// Noun is what it is, as an argument of a message.
func (s Shape) Noun() spell.Noun { return spell.Noun(s.String()) }

// Node is a node of the file, or of two merged parts of it. It keeps its position in
// the file.
type Node struct {
	Pos
	Shape Shape
	Text  string // of a scalar
	Items []*Node
	Pairs []Pair
	Size  int    // nodes in it, itself included
	From  string // the preset that it is from, at whose name its position is; "": it is in the file
	last  int    // the last line that it may reach
}

// Pair is a key of a mapping and its value.
type Pair struct {
	Key *Node
	Val *Node
}

// Get finds the value of a key; nil if there is none.
func (n *Node) Get(key string) *Node {
	if n == nil {
		return nil
	}
	for _, p := range n.Pairs {
		if p.Key.Text == key {
			return p.Val
		}
	}
	return nil
}

// Visit calls see for every node of a tree, keys included.
func (n *Node) Visit(see func(*Node)) {
	if n == nil {
		return
	}
	see(n)
	for _, item := range n.Items {
		item.Visit(see)
	}
	for _, p := range n.Pairs {
		see(p.Key)
		p.Val.Visit(see)
	}
}

// Moved is a copy of a tree at another position, which is from a preset.
func (n *Node) Moved(at Pos, from string) *Node {
	out := &Node{Pos: at, Shape: n.Shape, Text: n.Text, From: from}
	for _, item := range n.Items {
		out.Items = append(out.Items, item.Moved(at, from))
	}
	for _, p := range n.Pairs {
		out.Pairs = append(out.Pairs, Pair{p.Key.Moved(at, from), p.Val.Moved(at, from)})
	}
	return out
}

// Measure computes the sizes of a tree that was put together.
func (n *Node) Measure() int {
	n.Size = 1
	for _, item := range n.Items {
		n.Size += item.Measure()
	}
	for _, p := range n.Pairs {
		p.Key.Size = 1
		n.Size += p.Val.Measure() + 1
	}
	return n.Size
}

// Inline is a tree in one line, as a file may have it.
func (n *Node) Inline() string {
	var parts []string
	switch n.Shape {
	case List:
		for _, item := range n.Items {
			parts = append(parts, item.Inline())
		}
		return "[" + strings.Join(parts, ", ") + "]"
	case Mapping:
		for _, p := range n.Pairs {
			parts = append(parts, p.Key.Text+": "+p.Val.Inline())
		}
		return "{" + strings.Join(parts, ", ") + "}"
	case Null:
		return "null"
	}
	return n.Text
}

// IsText tells whether a node can be a text: a scalar, or the word null.
func (n *Node) IsText() bool { return n.Shape == Scalar || n.Shape == Null }

// Parse parses a text with one document into a tree. start is its position in the
// file; what names the text in messages. Anchors, tags, merge keys and further
// documents are mistakes. It returns nil after a mistake that leaves no tree.
func (r *Report) Parse(text []byte, start Pos, what string) *Node {
	var docs []yaml.Node
	err := yaml.Load(text, &docs, yaml.WithAllDocuments(),
		yaml.WithPlugin(loaderlimits.New(loaderlimits.DepthValue(r.language.Nesting))))
	b := builder{r, start}
	switch {
	case err != nil:
		b.syntax(err, what)
		return nil
	case len(docs) == 0 || len(docs[0].Content) == 0:
		r.At(start, r.language.Empty, "there is nothing in %s", what)
		return nil
	case len(docs) > 1:
		r.At(b.pos(max(docs[1].Line, 1), max(docs[1].Column, 1)), "one file for each; remove the line ---", "there is a second document in %s", what)
	}
	return b.build(docs[0].Content[0], false, start.Line+bytes.Count(text, []byte("\n")))
}

// Plain checks that data is UTF-8 text within the limits, before it is parsed.
func (r *Report) Plain(data []byte) bool {
	l := r.language
	if len(data) > l.Size {
		r.At(Pos{}, l.Large, "the file is larger than %d KiB", l.Size>>10)
		return false
	}
	p, marks := Pos{1, 1}, 0
	for i := 0; i < len(data); {
		c, size := utf8.DecodeRune(data[i:])
		switch {
		case c == utf8.RuneError && size == 1:
			r.At(p, "save the file as UTF-8", "not UTF-8 text")
			return false
		case c < ' ' && c != '\n' && c != '\t' && c != '\r', c == '\r' && (i+1 == len(data) || data[i+1] != '\n'), c == 0x7f, i > 0 && strings.ContainsRune(l.Never, c):
			r.At(p, "take it out; lines end with a line feed, before which a carriage return may stand", "the character U+%04X is not allowed", c)
			return false
		case strings.ContainsRune(l.Marks, c):
			marks++
		}
		p.Col++
		if c == '\n' {
			p = Pos{p.Line + 1, 1}
		}
		i += size
	}
	if marks > l.Parts {
		r.At(Pos{}, l.Large, "the file has too many parts")
		return false
	}
	return true
}

// builder converts the tree of the YAML library into nodes.
type builder struct {
	*Report
	start Pos
}

// pos converts a line and a column of the text to a position in the file.
func (b builder) pos(line, col int) Pos { return Pos{b.start.Line + line - 1, b.start.Col + col - 1} }

// syntax reports the errors of the YAML parser.
func (b builder) syntax(err error, what string) {
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
		p, msg := b.pos(max(mark.Line, 1), max(mark.Column, 1)), libraryText(e.Message)
		if e.ContextMsg != "" {
			msg = spell.Textf("%s %s", msg, libraryText(e.ContextMsg))
		}
		// A mark after the end of the text has no line; show the last line.
		for p.Line > len(b.lines) || p.Line > b.start.Line && strings.TrimSpace(b.lines[p.Line-1]) == "" {
			p.Line--
			p.Col = utf8.RuneCountInString(b.lines[p.Line-1]) + 1
		}
		b.At(p, syntaxHint(b.lines[p.Line-1], msg.String()), "%s is not valid YAML: %s", spell.Noun(what), msg)
	}
	if len(all) == 0 {
		b.At(b.start, "", "%s is not valid YAML: %s", spell.Noun(what), libraryText(err.Error()))
	}
}

func syntaxHint(line, msg string) spell.Text {
	has := func(s string) bool { return strings.Contains(msg, s) }
	switch {
	case strings.HasPrefix(strings.TrimLeft(line, " "), "\t"):
		return spell.Textf("indent with blanks, not with tabs")
	case has("anchor"), has("cannot start any token"):
		return spell.Textf("a value that begins with * & ! % @ or ` goes in quotes")
	case has("max depth"):
		return spell.Textf("nothing needs so many levels")
	case has("mapping values are not allowed"):
		return spell.Textf("check the indentation; a value that contains \": \" goes in quotes")
	case has("expected ',' or"):
		return spell.Textf("check that brackets and braces are closed, and put values that contain [ ] { } or a comma in quotes")
	case has("did not find expected"):
		return spell.Textf("check the indentation; a text that begins with [ or { goes in quotes, or on the lines below >")
	case has("could not find expected ':'"):
		return spell.Textf("write key: value, with a blank after the colon")
	}
	return spell.Textf("check the indentation and the quotes")
}

// libraryText is what the YAML library says, which is translated where it is among these.
func libraryText(said string) spell.Text {
	said = strings.TrimPrefix(said, "yaml: ")
	for _, known := range [...]spell.Text{
		spell.Textf("mapping values are not allowed in this context"),
		spell.Textf("mapping keys are not allowed in this context"),
		spell.Textf("block sequence entries are not allowed in this context"),
		spell.Textf("did not find expected key"),
		spell.Textf("did not find expected ',' or ']'"),
		spell.Textf("did not find expected ',' or '}'"),
		spell.Textf("did not find expected '-' indicator"),
		spell.Textf("did not find expected node content"),
		spell.Textf("did not find expected alphabetic or numeric character"),
		spell.Textf("did not find expected comment or line break"),
		spell.Textf("did not find expected whitespace or line break"),
		spell.Textf("did not find expected <document start>"),
		spell.Textf("could not find expected ':'"),
		spell.Textf("found character that cannot start any token"),
		spell.Textf("found a tab character that violates indentation"),
		spell.Textf("found a tab character where an indentation space is expected"),
		spell.Textf("found unexpected end of stream"),
		spell.Textf("found unexpected document indicator"),
		spell.Textf("found unknown escape character"),
		spell.Textf("while parsing a block collection"),
		spell.Textf("while parsing a block mapping"),
		spell.Textf("while parsing a flow mapping"),
		spell.Textf("while parsing a flow sequence"),
		spell.Textf("while parsing a block node"),
		spell.Textf("while parsing a flow node"),
		spell.Textf("while scanning a block scalar"),
		spell.Textf("while scanning a plain scalar"),
		spell.Textf("while scanning a quoted scalar"),
		spell.Textf("while scanning a simple key"),
		spell.Textf("while scanning an alias"),
		spell.Textf("while scanning an anchor"),
		spell.Textf("while scanning for the next token"),
	} {
		if said == known.Format {
			return known
		}
	}
	return spell.Text{Format: said}
}

func (b builder) build(y *yaml.Node, flow bool, last int) *Node {
	n := &Node{Pos: b.pos(y.Line, y.Column), Size: 1, last: last}
	if y.Anchor != "" || y.Kind == yaml.AliasNode {
		b.At(n, b.language.Shared, "anchors and aliases are not part of the language")
	}
	if y.Style&yaml.TaggedStyle != 0 {
		b.At(n, "values that begin with ! go in quotes", "tags are not part of the language")
	}
	flow = flow || y.Style&yaml.FlowStyle != 0
	switch y.Kind {
	case yaml.MappingNode:
		n.Shape = Mapping
		b.mapping(n, y.Content, flow)
	case yaml.SequenceNode:
		n.Shape = List
		for i := 0; i < len(y.Content); i++ {
			c := y.Content[i]
			if leaf := lastLeaf(c); flow && leaf != nil {
				i += b.splitCall(leaf, y.Content[i+1:], 1)
			}
			item := b.build(c, flow, b.before(y.Content[i+1:], c, last))
			n.Items = append(n.Items, item)
			n.Size += item.Size
		}
	case yaml.AliasNode:
		n.Shape = Null
	default:
		n.Text = y.Value
		if y.Tag == "!!null" && y.Style&(yaml.SingleQuotedStyle|yaml.DoubleQuotedStyle) == 0 {
			n.Shape = Null
		}
	}
	return n
}

// before is the last line that a node may reach: the line before the next node, or
// last if there is none.
func (b builder) before(following []*yaml.Node, y *yaml.Node, last int) int {
	if len(following) == 0 {
		return last
	}
	return b.pos(max(following[0].Line-1, y.Line), 1).Line
}

func (b builder) mapping(n *Node, content []*yaml.Node, flow bool) {
	first := make(map[string]*Node, len(content)/2)
	for i := 0; i+1 < len(content); i += 2 {
		k, v := content[i], content[i+1]
		if flow && v.Kind == yaml.ScalarNode {
			i += 2 * b.splitCall(v, content[i+2:], 2)
		}
		key := &Node{Pos: b.pos(k.Line, k.Column), Text: b.language.Key(k.Value), Size: 1}
		val := b.build(v, flow, b.before(content[i+2:], v, n.last))
		switch {
		case v.Kind == yaml.AliasNode: // reported by build
			continue
		case k.Kind != yaml.ScalarNode:
			b.At(key, "one word, and a colon behind it", "a key must be a word")
			continue
		case k.Tag == "!!merge" || k.Anchor != "" || k.Style&yaml.TaggedStyle != 0:
			b.At(key, b.language.Shared, "merge keys, anchors and tags are not part of the language")
			continue
		case first[key.Text] != nil:
			b.At(key, spell.Textf("it is first at line %d", first[key.Text].Line), "%q appears twice", key.Text)
			continue
		}
		first[key.Text] = key
		n.Pairs = append(n.Pairs, Pair{key, val})
		n.Size += val.Size + 1
	}
}

// lastLeaf is the scalar that ends an item of a list such as [work: exp(2ms)].
func lastLeaf(y *yaml.Node) *yaml.Node {
	if y.Kind == yaml.MappingNode && y.Style&yaml.FlowStyle != 0 && len(y.Content) == 2 {
		y = y.Content[1]
	}
	if y.Kind == yaml.ScalarNode {
		return y
	}
	return nil
}

// splitCall recognises normal(20ms, 5ms) without quotes inside brackets, where the
// comma ended the value. It reports that and joins the value again, so that no
// further mistakes follow from it. It returns how many of the following parts (of
// stride nodes each) belong to the value.
func (b builder) splitCall(y *yaml.Node, following []*yaml.Node, stride int) int {
	open := strings.Count(y.Value, "(") - strings.Count(y.Value, ")")
	if !b.language.Calls || open <= 0 || y.Style&(yaml.SingleQuotedStyle|yaml.DoubleQuotedStyle) != 0 {
		return 0
	}
	text, taken := y.Value, 0
	for i := 0; i+stride <= len(following) && open > 0 && taken < 10; i += stride {
		part := following[i]
		if part.Kind != yaml.ScalarNode {
			break
		}
		text += ", " + part.Value
		open += strings.Count(part.Value, "(") - strings.Count(part.Value, ")")
		taken++
	}
	if open != 0 {
		return 0
	}
	b.At(b.pos(y.Line, y.Column), spell.Textf("write it in quotes: %q", text), "the comma ends the value %s", y.Value)
	y.Value = text
	return taken
}
