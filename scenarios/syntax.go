package scenarios

import (
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v4"
	"go.yaml.in/yaml/v4/plugin/loaderlimits"
)

// Limits of a scenario file. Files are untrusted; a file ten times the largest
// sensible one is still well below them.
const (
	maxFile       = 1 << 20 // bytes
	maxNesting    = 64
	maxIndicators = 200_000 // commas, colons, brackets and line ends together: bounds the nodes before they are made
)

// shape is what a node of the file is.
type shape uint8

const (
	scalar shape = iota
	list
	mapping
	null
)

var shapeNames = [...]string{"a value", "a list", "a mapping", "nothing"}

// node is a node of the file, or of what two parts of it were merged into. It
// keeps the position of what a person wrote.
type node struct {
	shape     shape
	text      string // of a scalar
	line, col int
	items     []*node
	pairs     []pair
	size      int // nodes in it, itself included
}

type pair struct {
	key *node
	val *node
}

// get finds the value of a key; nil if there is none.
func (n *node) get(key string) *node {
	if n == nil {
		return nil
	}
	for _, p := range n.pairs {
		if p.key.text == key {
			return p.val
		}
	}
	return nil
}

// parseYAML reads the one document of a file into a tree without anything that
// the language does not have: anchors, tags, merge keys, several documents.
// It returns nil after a mistake that leaves no tree.
func parseYAML(r *report, data []byte) *node {
	if !r.plainText(data) {
		return nil
	}
	var docs []yaml.Node
	err := yaml.Load(data, &docs, yaml.WithAllDocuments(),
		yaml.WithPlugin(loaderlimits.New(loaderlimits.DepthValue(maxNesting))))
	if err != nil {
		r.syntax(err)
		return nil
	}
	if len(docs) == 0 || len(docs[0].Content) == 0 {
		r.add(Diagnostic{Line: 1, Column: 1, Msg: "the file has no scenario in it", Hint: "asynclab new prints one to start from"})
		return nil
	}
	if len(docs) > 1 {
		r.add(Diagnostic{Line: max(docs[1].Line, 1), Column: max(docs[1].Column, 1), Msg: "a second document in one file",
			Hint: "one scenario per file; remove the line ---"})
	}
	b := builder{r}
	return b.build(docs[0].Content[0], false)
}

// plainText refuses what is no text file, or too much of one, before a parser
// sees it.
func (r *report) plainText(data []byte) bool {
	if len(data) > maxFile {
		r.add(Diagnostic{Msg: fmt.Sprintf("the file is larger than %d MiB", maxFile>>20), Hint: "keep long lists of numbers in a data file beside it"})
		return false
	}
	line, col, indicators := 1, 1, 0
	for i := 0; i < len(data); {
		c, size := utf8.DecodeRune(data[i:])
		switch {
		case c == utf8.RuneError && size == 1:
			r.add(Diagnostic{Line: line, Column: col, Msg: "not UTF-8 text", Hint: "save the file as UTF-8"})
			return false
		case c < ' ' && c != '\n' && c != '\t' && c != '\r', c == '\r' && (i+1 == len(data) || data[i+1] != '\n'), c == 0x7f, c == 0xfeff && i > 0, c == 0x85, c == 0x2028, c == 0x2029:
			r.add(Diagnostic{Line: line, Column: col, Msg: fmt.Sprintf("the character U+%04X is not allowed", c)})
			return false
		case strings.ContainsRune("\n,:[]{}-?", c):
			indicators++
		}
		col++
		if c == '\n' {
			line, col = line+1, 1
		}
		i += size
	}
	if indicators > maxIndicators {
		r.add(Diagnostic{Msg: "the file has too many parts", Hint: "keep long lists of numbers in a data file beside it"})
		return false
	}
	return true
}

// syntax reports what the YAML parser could not read.
func (r *report) syntax(err error) {
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
		d := Diagnostic{Line: mark.Line, Column: mark.Column, Msg: "not valid YAML: " + strings.TrimPrefix(e.Message, "yaml: ")}
		if e.ContextMsg != "" {
			d.Msg += " " + e.ContextMsg
		}
		// A mark after the end of the text points at nothing; show the last line.
		for d.Line > len(r.lines) || d.Line > 1 && strings.TrimSpace(r.lines[d.Line-1]) == "" {
			d.Line--
			d.Column = utf8.RuneCountInString(r.lines[d.Line-1]) + 1
		}
		d.Hint = r.syntaxHint(d)
		r.add(d)
	}
	if len(all) == 0 {
		r.add(Diagnostic{Line: 1, Column: 1, Msg: "not valid YAML: " + strings.TrimPrefix(err.Error(), "yaml: ")})
	}
}

func (r *report) syntaxHint(d Diagnostic) string {
	if strings.Contains(d.Msg, "anchor") {
		return "the language has no anchors and aliases; a text that begins with * goes in quotes"
	}
	if d.Line < 1 || d.Line > len(r.lines) {
		return ""
	}
	line := r.lines[d.Line-1]
	switch {
	case strings.HasPrefix(strings.TrimLeft(line, " "), "\t"):
		return "indent with blanks, not with tabs"
	case strings.Contains(d.Msg, "max depth"):
		return "no scenario needs so many levels"
	case strings.Contains(d.Msg, "mapping values are not allowed"):
		return "check the indentation; a value that contains \": \" goes in quotes"
	case strings.Contains(d.Msg, "cannot start any token"):
		return "put a value that begins with such a character in quotes"
	case strings.Contains(d.Msg, "expected ',' or"):
		return "check that brackets and braces are closed, and put values that contain [ ] { } or a comma in quotes"
	case strings.Contains(d.Msg, "could not find expected ':'"):
		return "write key: value, with a blank after the colon"
	}
	return ""
}

// builder turns the YAML library's tree into ours.
type builder struct{ *report }

func (b builder) build(y *yaml.Node, flow bool) *node {
	n := &node{line: y.Line, col: y.Column, size: 1}
	if y.Anchor != "" {
		b.at(n, shareHint, "anchors are not part of the language")
	}
	if y.Style&yaml.TaggedStyle != 0 {
		b.at(n, "values that begin with ! go in quotes", "tags are not part of the language")
	}
	flow = flow || y.Style&yaml.FlowStyle != 0
	switch y.Kind {
	case yaml.MappingNode:
		n.shape = mapping
		b.mapping(n, y.Content, flow)
	case yaml.SequenceNode:
		n.shape = list
		for i := 0; i < len(y.Content); i++ {
			c := y.Content[i]
			if flow {
				if leaf := lastLeaf(c); leaf != nil {
					i += b.splitCall(leaf, y.Content[i+1:], 1)
				}
			}
			item := b.build(c, flow)
			n.items = append(n.items, item)
			n.size += item.size
		}
	case yaml.AliasNode:
		n.shape = null
		b.at(n, shareHint, "aliases are not part of the language")
	default:
		n.text = y.Value
		if y.Tag == "!!null" && y.Style&(yaml.SingleQuotedStyle|yaml.DoubleQuotedStyle) == 0 {
			n.shape = null
		}
	}
	return n
}

func (b builder) mapping(n *node, content []*yaml.Node, flow bool) {
	first := make(map[string]*node, len(content)/2)
	for i := 0; i+1 < len(content); i += 2 {
		k, v := content[i], content[i+1]
		if flow && v.Kind == yaml.ScalarNode {
			i += 2 * b.splitCall(v, content[i+2:], 2)
		}
		key := &node{text: canonical(k.Value), line: k.Line, col: k.Column, size: 1}
		val := b.build(v, flow)
		switch {
		case v.Kind == yaml.AliasNode: // reported; there is nothing to read
			continue
		case k.Kind != yaml.ScalarNode:
			b.at(key, "", "a key must be a word")
			continue
		case k.Tag == "!!merge" || k.Anchor != "" || k.Style&yaml.TaggedStyle != 0:
			b.at(key, shareHint, "merge keys, anchors and tags are not part of the language")
			continue
		case first[key.text] != nil:
			b.at(key, fmt.Sprintf("it is first at line %d", first[key.text].line), "%q appears twice", key.text)
			continue
		}
		first[key.text] = key
		n.pairs = append(n.pairs, pair{key, val})
		n.size += val.size + 1
	}
}

// canonical makes "shop -> pay" and "shop->pay" one key.
func canonical(key string) string {
	if !strings.Contains(key, "->") {
		return key
	}
	parts := strings.Split(key, "->")
	for i := range parts {
		parts[i] = strings.TrimSpace(parts[i])
	}
	return strings.Join(parts, "->")
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

// splitCall recognises normal(20ms, 5ms) without quotes inside brackets, where
// the comma ended the value. It reports that, puts the value together again, so
// that nothing else is reported because of it, and returns how many of the
// following parts (of stride nodes each) belonged to it.
func (b builder) splitCall(y *yaml.Node, following []*yaml.Node, stride int) int {
	open := strings.Count(y.Value, "(") - strings.Count(y.Value, ")")
	if open <= 0 || y.Style&(yaml.SingleQuotedStyle|yaml.DoubleQuotedStyle) != 0 {
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
	b.at(&node{line: y.Line, col: y.Column}, fmt.Sprintf("write it in quotes: %q", text), "the comma ends the value %s", y.Value)
	y.Value = text
	return taken
}

const shareHint = "write the shared part at the top level of the file; a design that has not got it takes it away with null"
