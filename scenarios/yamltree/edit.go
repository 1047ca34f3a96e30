package yamltree

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// Text is a text and its tree, to be edited: an edit changes the lines that it is
// about, and leaves comments, order and spelling of all others as they are.
type Text struct {
	text  string
	root  *Node
	spans []Span
	begin []int // of the lines
}

// Open parses a text to be edited. It must be valid YAML.
func Open(name, text string, l *Language) (*Text, error) {
	r := New(name, text, l)
	if !r.Plain([]byte(text)) {
		return nil, r.Err()
	}
	t := &Text{text: text, root: r.Parse([]byte(text), Pos{1, 1}, name), spans: Spans(text), begin: []int{0}}
	if err := r.Err(); err != nil {
		return nil, err
	}
	if t.root.Shape != Mapping {
		return nil, fmt.Errorf("%s is not a mapping", name)
	}
	for i := range len(text) {
		if text[i] == '\n' {
			t.begin = append(t.begin, i+1)
		}
	}
	return t, nil
}

// Root is the tree of the text.
func (t *Text) Root() *Node { return t.root }

// Find is the node at a path; nil if there is none. The items of a list are named by
// their numbers, from 0.
func (t *Text) Find(path ...string) *Node {
	n := t.root
	for _, key := range path {
		if n != nil && n.Shape == List {
			i, err := strconv.Atoi(key)
			if err != nil || i < 0 || i >= len(n.Items) {
				return nil
			}
			n = n.Items[i]
			continue
		}
		n = n.Get(key)
	}
	return n
}

// offset is the byte of a position.
func (t *Text) offset(p Pos) int {
	begin := t.begin[min(max(p.Line-1, 0), len(t.begin)-1)]
	return begin + len(Letters(t.text[begin:], p.Col-1))
}

// span is the index of the first span that ends behind a byte.
func (t *Text) span(at int) int {
	lo, hi := 0, len(t.spans)
	for lo < hi {
		if mid := (lo + hi) / 2; t.spans[mid].To <= at {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	return lo
}

// extent is where a node is written, without its key.
func (t *Text) extent(n *Node) (from, to int) {
	from = t.offset(n.Pos)
	i := t.span(from)
	if i == len(t.spans) || t.spans[i].From > from || n.Shape == Null && strings.ContainsAny(t.text[from:t.spans[i].To], ":,") {
		return from, from // nothing is written
	}
	switch open := t.text[from]; {
	case (n.Shape == Mapping || n.Shape == List) && (open == '{' || open == '['):
		depth := 0
		for ; i < len(t.spans); i++ {
			if s := t.spans[i]; s.Class == Mark {
				switch t.text[s.From] {
				case '{', '[':
					depth++
				case '}', ']':
					depth--
				}
			}
			if depth == 0 {
				return from, t.spans[i].To
			}
		}
	case n.Shape == Mapping && len(n.Pairs) > 0:
		_, to = t.pair(n.Pairs[len(n.Pairs)-1])
		return from, to
	case n.Shape == List && len(n.Items) > 0:
		_, to = t.extent(n.Items[len(n.Items)-1])
		return from, max(to, from+1)
	}
	to = t.spans[i].To
	for i++; i < len(t.spans) && (t.spans[i].Class == Plain || t.spans[i].Class == Quoted || t.spans[i].Class == Number); i++ {
		to = t.spans[i].To
	}
	return from, to
}

// Written is where a scalar or a key is written, with its quotes.
func (t *Text) Written(n *Node) (from, to int) {
	from = t.offset(n.Pos)
	return from, t.spans[t.span(from)].To
}

// pair is where a key and its value are written.
func (t *Text) pair(p Pair) (from, to int) {
	from = t.offset(p.Key.Pos)
	at, to := t.extent(p.Val)
	if at == to || to < from { // nothing behind the colon
		to = t.colon(from)
	}
	return from, to
}

// colon is the byte behind the colon of a key.
func (t *Text) colon(key int) int {
	for i := t.span(key); i < len(t.spans); i++ {
		if s := t.spans[i]; s.Class == Mark && t.text[s.From] == ':' {
			return s.To
		}
	}
	return len(t.text)
}

func (t *Text) flow(n *Node) bool {
	from := t.offset(n.Pos)
	return from < len(t.text) && (t.text[from] == '{' || t.text[from] == '[')
}

// column is how many blanks stand before a byte on its line; ok is false if something
// else does.
func (t *Text) column(at int) (n int, ok bool) {
	begin := strings.LastIndexByte(t.text[:at], '\n') + 1
	return at - begin, strings.TrimLeft(t.text[begin:at], " ") == ""
}

// lineEnd is the end of the line of a byte.
func (t *Text) lineEnd(at int) int {
	if i := strings.IndexByte(t.text[at:], '\n'); i >= 0 {
		return at + i
	}
	return len(t.text)
}

func (t *Text) replace(from, to int, with string) string { return t.text[:from] + with + t.text[to:] }

var errNoPath = errors.New("there is no such place in the text")

// Set returns the text with the value at a path replaced, or added to the mapping that
// is there.
func (t *Text) Set(value string, path ...string) (string, error) {
	n := t.Find(path...)
	if n == nil {
		return t.Add(path[len(path)-1], value, path[:len(path)-1]...)
	}
	parent, i := t.parent(path)
	if parent == nil {
		return "", errNoPath
	}
	from, to := t.extent(n)
	if parent.Shape == Mapping {
		colon := t.colon(t.offset(parent.Pairs[i].Key.Pos))
		if from == to || from < colon || t.flowless(n) { // on lines of its own, or nothing
			return t.replace(colon, max(to, colon), " "+value), nil
		}
	}
	return t.replace(from, to, value), nil
}

// flowless tells whether a node is a mapping or a list on lines of its own.
func (t *Text) flowless(n *Node) bool {
	return (n.Shape == Mapping || n.Shape == List) && !t.flow(n)
}

// parent is the node that has the one at a path, and its number in it.
func (t *Text) parent(path []string) (*Node, int) {
	if len(path) == 0 {
		return nil, 0
	}
	n, last := t.Find(path[:len(path)-1]...), path[len(path)-1]
	if n == nil {
		return nil, 0
	}
	if n.Shape == List {
		i, err := strconv.Atoi(last)
		if err != nil || i < 0 || i >= len(n.Items) {
			return nil, 0
		}
		return n, i
	}
	for i, p := range n.Pairs {
		if p.Key.Text == last {
			return n, i
		}
	}
	return nil, 0
}

// Add returns the text with a key and its value at the end of the mapping at a path,
// which is made if it is not there.
func (t *Text) Add(key, value string, path ...string) (string, error) {
	n := t.Find(path...)
	entry := key + ": " + value
	switch {
	case n == nil:
		return t.Add(path[len(path)-1], "{"+entry+"}", path[:len(path)-1]...)
	case n.Shape == Null:
		return t.Set("{"+entry+"}", path...)
	case n.Shape != Mapping:
		return "", fmt.Errorf("%s is no mapping", strings.Join(path, "."))
	case len(path) == 0:
		_, to := t.extent(n)
		if value != "" && strings.HasPrefix(value, "{") && strings.HasSuffix(value, "}") {
			entry = key + ":\n  " + value[1:len(value)-1]
		}
		return t.replace(t.lineEnd(to), t.lineEnd(to), "\n\n"+entry), nil
	}
	return t.append(n, len(n.Pairs), entry, func() (int, int) { return t.pair(n.Pairs[len(n.Pairs)-1]) })
}

// append puts an entry behind the last one of a mapping or a list.
func (t *Text) append(n *Node, entries int, entry string, last func() (from, to int)) (string, error) {
	from, to := t.extent(n)
	if t.flow(n) {
		if entries == 0 {
			return t.replace(from+1, to-1, entry), nil
		}
		_, end := last()
		return t.replace(end, end, ", "+entry), nil
	}
	if entries == 0 {
		return "", errNoPath
	}
	column := n.Col - 1
	_, end := last()
	end = t.lineEnd(end)
	return t.replace(end, end, "\n"+strings.Repeat(" ", column)+entry), nil
}

// AddItem returns the text with an item at the end of the list at a path, which is made
// if it is not there.
func (t *Text) AddItem(value string, path ...string) (string, error) {
	n := t.Find(path...)
	switch {
	case n == nil:
		return t.Add(path[len(path)-1], "["+value+"]", path[:len(path)-1]...)
	case n.Shape == Null:
		return t.Set("["+value+"]", path...)
	case n.Shape != List:
		return "", fmt.Errorf("%s is no list", strings.Join(path, "."))
	}
	if !t.flow(n) {
		value = "- " + value
	}
	return t.append(n, len(n.Items), value, func() (int, int) {
		from, to := t.extent(n.Items[len(n.Items)-1])
		return from, max(to, from)
	})
}

// Rename returns the text with another name for the key at a path.
func (t *Text) Rename(to string, path ...string) (string, error) {
	parent, i := t.parent(path)
	if parent == nil || parent.Shape != Mapping {
		return "", errNoPath
	}
	from := t.offset(parent.Pairs[i].Key.Pos)
	return t.replace(from, t.spans[t.span(from)].To, to), nil
}

// Remove returns the text without the entry of a mapping, or the item of a list, at a
// path. Comments on lines of their own stay, except those inside it.
func (t *Text) Remove(path ...string) (string, error) {
	parent, i := t.parent(path)
	if parent == nil {
		return "", errNoPath
	}
	entries := len(parent.Pairs) + len(parent.Items)
	if entries == 1 {
		empty := "{}"
		if parent.Shape == List {
			empty = "[]"
		}
		if len(path) == 1 {
			return "", errors.New("a scenario has more than nothing")
		}
		return t.Set(empty, path[:len(path)-1]...)
	}
	at := func(i int) (int, int) {
		if parent.Shape == List {
			from, to := t.extent(parent.Items[i])
			return from, max(from, to)
		}
		return t.pair(parent.Pairs[i])
	}
	from, to := at(i)
	if t.flow(parent) {
		if i+1 < entries {
			next, _ := at(i + 1)
			return t.replace(from, next, ""), nil
		}
		_, before := at(i - 1)
		return t.replace(before, to, ""), nil
	}
	if parent.Shape == List { // its dash
		from = strings.LastIndexByte(t.text[:from], '-')
	}
	column, blank := t.column(from)
	if !blank { // the first key behind a dash: the next one takes its place
		next, _ := at(i + 1)
		return t.replace(from, next, ""), nil
	}
	end := t.lineEnd(to)
	if end < len(t.text) {
		end++
	}
	return t.replace(from-column, end, ""), nil
}

// Raw is a node as it is written.
func (t *Text) Raw(n *Node) string {
	from, to := t.extent(n)
	return t.text[from:to]
}
