package yamltree

import (
	"slices"
	"strings"
)

// Class is what a piece of a text is, for its colour.
type Class uint8

// The classes. Number is a value that begins with a digit; Mark is punctuation.
const (
	Plain Class = iota
	Key
	Number
	Quoted
	Comment
	Mark
)

// Span is a piece of a text, by its bytes, within one line.
type Span struct {
	From, To int
	Class    Class
}

// Spans divides a text into its pieces, in order, without the blanks between them. It
// takes a text with mistakes too: it is meant for one that is being written.
func Spans(text string) []Span {
	s := newScan(text)
	s.run()
	return s.spans
}

// Item stands in a path for an item of a list.
const Item = ""

// Named is a key of a text, and the keys that lead to it.
type Named struct {
	Path []string // the key itself is the last
	From int      // byte at which it begins
}

// Keys lists the keys of a text, in its order. It takes a text with mistakes too.
func Keys(text string) []Named {
	s := newScan(text)
	s.named = func(from int) { s.keys = append(s.keys, Named{s.path(), from}) }
	s.run()
	return s.keys
}

// Place is what can stand at a place of a text.
type Place struct {
	Path []string // the keys that lead there
	Key  bool     // a key of the mapping at Path
	Val  bool     // the value at Path
	From int      // byte at which the word under way begins
	Used []string // the other keys of the mapping, where Key
}

// PlaceAt tells what can stand at a byte of a text, as far as what stands before tells
// it; ok is false in a comment and in a text of several lines.
func PlaceAt(text string, at int) (p Place, ok bool) {
	at = min(max(at, 0), len(text))
	s := newScan(text[:at])
	s.run()
	last := Span{}
	if n := len(s.spans); n > 0 {
		last = s.spans[n-1]
	}
	from := at
	if last.To == at && (last.Class == Plain || last.Class == Number || last.Class == Key) {
		from = last.From
	}
	line := text[strings.LastIndexByte(text[:at], '\n')+1 : at]
	switch blank := strings.TrimLeft(line, " ") == ""; {
	case last.Class == Comment && last.To == at && last.From < at, s.block >= 0 && !blank, s.block >= 0 && len(line) > s.block:
		return Place{}, false
	case s.inFlow():
		return s.inside(from), true
	case last.To == at && last.Class == Mark && text[last.From] == ':': // a blank has to come first
		return Place{}, false
	case blank:
		s.leave(len(line))
		s.last = start{at, ' '}
		return s.under(len(line), at, text), true
	}
	return s.under(s.last.from-(at-len(line)), from, text), true
}

// inside is the place in braces or brackets.
func (s *scan) inside(from int) Place {
	f := s.top()
	path := s.path()
	switch {
	case f.valued:
		return Place{Path: path, Val: true, From: from}
	case f.open == '[':
		return Place{Path: path, Key: true, Val: true, From: from}
	}
	return Place{Path: path[:len(path)-1], Key: true, From: from, Used: f.used}
}

// under is the place on a line of its own, at a column.
func (s *scan) under(column, from int, text string) Place {
	path := s.path()
	f := s.top()
	switch {
	case s.last.mark == ':':
		return Place{Path: path, Val: true, From: from}
	case f == nil:
		return Place{Key: true, From: from, Used: s.after(column, from, text)}
	case f.open == ':' && f.indent == column:
		return Place{Path: path[:len(path)-1], Key: true, From: from, Used: append(slices.Clip(f.used), s.after(column, from, text)...)}
	}
	return Place{Path: path, Key: true, Val: f.open == '-', From: from, Used: s.after(column, from, text)}
}

// after lists the keys that follow in the same mapping.
func (s *scan) after(column, from int, text string) (keys []string) {
	_, rest, _ := strings.Cut(text[from:], "\n")
	for line := range strings.Lines(rest) {
		indent := len(line) - len(strings.TrimLeft(line, " "))
		if strings.TrimSpace(line) == "" || line[indent] == '#' || indent > column {
			continue
		}
		key, _, ok := strings.Cut(line[indent:], ":")
		if indent < column || !ok {
			break
		}
		keys = append(keys, key)
	}
	return keys
}

// level is a mapping or a list that is open where the scan stands.
type level struct {
	indent int
	open   byte // ':' and '-' on lines of their own, '{' and '['
	key    string
	valued bool // behind the colon of key, in braces or brackets
	used   []string
}

// start is where the content of a line begins, or what follows the last mark of it.
type start struct {
	from int
	mark byte // '-', ':', or ' '
}

// scan reads a text line by line. It knows as much of YAML as scenario files use, and
// goes on after every mistake.
type scan struct {
	text   string
	at     int
	spans  []Span
	levels []level
	block  int  // indentation of the key of a text of several lines; -1: none
	quote  byte // of a quoted text that goes on in the next line
	last   start
	named  func(from int) // is told of every key
	keys   []Named
}

func newScan(text string) *scan { return &scan{text: text, block: -1} }

func (s *scan) top() *level {
	if len(s.levels) == 0 {
		return nil
	}
	return &s.levels[len(s.levels)-1]
}

func (s *scan) inFlow() bool {
	f := s.top()
	return f != nil && (f.open == '{' || f.open == '[')
}

// path is the keys that lead to where the scan stands.
func (s *scan) path() []string {
	var path []string
	for _, f := range s.levels {
		switch {
		case f.open == '-':
			path = append(path, Item)
		case f.open == '[' && f.valued:
			path = append(path, Item, f.key)
		case f.open == '[':
			path = append(path, Item)
		default:
			path = append(path, f.key)
		}
	}
	return path
}

func (s *scan) run() {
	for s.at < len(s.text) {
		end := len(s.text)
		if i := strings.IndexByte(s.text[s.at:], '\n'); i >= 0 {
			end = s.at + i
		}
		s.line(end)
		s.at = end + 1
	}
}

func (s *scan) put(from, to int, c Class) {
	for to > from && s.text[to-1] == '\r' {
		to--
	}
	if to > from {
		s.spans = append(s.spans, Span{from, to, c})
	}
}

func (s *scan) skip(end int) {
	for s.at < end && (s.text[s.at] == ' ' || s.text[s.at] == '\t' || s.text[s.at] == '\r') {
		s.at++
	}
}

func (s *scan) line(end int) {
	begin := s.at
	if s.quote != 0 {
		s.quoted(end)
		s.rest(end)
		return
	}
	s.skip(end)
	if s.at == end {
		return
	}
	indent := s.at - begin
	switch {
	case s.block >= 0 && indent > s.block:
		s.put(s.at, end, Quoted)
		return
	case s.inFlow():
		s.rest(end)
		return
	case s.text[s.at] == '#':
		s.put(s.at, end, Comment)
		return
	}
	s.block = -1
	if s.dash(end) {
		s.leave(indent + 1)
		if f := s.top(); f != nil && f.open == '-' && f.indent > indent {
			s.levels = s.levels[:len(s.levels)-1]
		}
	} else {
		s.leave(indent)
	}
	s.content(begin, end)
}

// leave closes what is indented more than a line that begins with no dash, and the
// list at its own column.
func (s *scan) leave(indent int) {
	for f := s.top(); f != nil && (f.indent > indent || f.open == '-' && f.indent >= indent); f = s.top() {
		s.levels = s.levels[:len(s.levels)-1]
	}
}

// dash tells whether an item of a list begins here.
func (s *scan) dash(end int) bool {
	return s.text[s.at] == '-' && (s.at+1 == end || s.text[s.at+1] == ' ' || s.text[s.at+1] == '\r')
}

func (s *scan) content(begin, end int) {
	s.last = start{s.at, ' '}
	for s.at < end && s.dash(end) {
		column := s.at - begin
		for f := s.top(); f != nil && f.indent > column; f = s.top() {
			s.levels = s.levels[:len(s.levels)-1]
		}
		if f := s.top(); f == nil || f.open != '-' || f.indent != column {
			s.levels = append(s.levels, level{indent: column, open: '-'})
		}
		s.put(s.at, s.at+1, Mark)
		s.at++
		s.skip(end)
		s.last = start{s.at, '-'}
	}
	from, to, after, ok := s.key(end)
	if !ok {
		s.value(end)
		return
	}
	column := from - begin
	f := s.top()
	if f == nil || f.open != ':' || f.indent != column {
		s.levels = append(s.levels, level{indent: column, open: ':'})
		f = s.top()
	}
	s.name(f, from, to)
	s.put(from, to, Key)
	s.put(after-1, after, Mark)
	s.at = after
	s.skip(end)
	s.last = start{s.at, ':'}
	s.value(end)
}

func (s *scan) name(f *level, from, to int) {
	f.key = strings.Trim(s.text[from:to], `"'`)
	f.used = append(f.used, f.key)
	f.valued = true
	if s.named != nil {
		s.named(from)
	}
}

// key finds a key at the beginning of a line's content: its ends, and the byte after
// its colon.
func (s *scan) key(end int) (from, to, after int, ok bool) {
	from, to = s.at, s.at
	if to < end && (s.text[to] == '"' || s.text[to] == '\'') {
		if i := strings.IndexByte(s.text[to+1:end], s.text[to]); i >= 0 {
			to += i + 2
		}
	}
	if to == from && to < end && strings.IndexByte("{[|>#", s.text[to]) >= 0 {
		return 0, 0, 0, false
	}
	for i := to; i < end; i++ {
		switch c := s.text[i]; {
		case c == '#' && i > 0 && s.text[i-1] == ' ':
			return 0, 0, 0, false
		case c == ':' && (i+1 == end || s.text[i+1] == ' ' || s.text[i+1] == '\r'):
			to = max(to, from+len(strings.TrimRight(s.text[from:i], " ")))
			return from, to, i + 1, to > from
		}
	}
	return 0, 0, 0, false
}

// value reads what follows a key or a dash on its line.
func (s *scan) value(end int) {
	if s.at == end {
		return
	}
	if c := s.text[s.at]; c == '|' || c == '>' {
		s.block = 0
		for _, f := range s.levels {
			s.block = max(s.block, f.indent)
		}
		s.put(s.at, s.at+1, Mark)
		s.at++
	}
	s.rest(end)
}

// rest reads to the end of a line, in braces and brackets or not.
func (s *scan) rest(end int) {
	for s.skip(end); s.at < end; s.skip(end) {
		switch c := s.text[s.at]; {
		case c == '#' && (s.at == 0 || strings.IndexByte(" \t\n", s.text[s.at-1]) >= 0):
			s.put(s.at, end, Comment)
			s.at = end
		case c == '"' || c == '\'':
			s.quoted(end)
		case c == '{' || c == '[':
			s.levels = append(s.levels, level{indent: 1 << 20, open: c})
			s.mark()
		case s.inFlow() && (c == '}' || c == ']'):
			s.levels = s.levels[:len(s.levels)-1]
			s.mark()
		case s.inFlow() && c == ',':
			s.top().key, s.top().valued = "", false
			s.mark()
		case s.inFlow() && c == ':' && (s.at+1 == end || strings.IndexByte(" ,{}[]\r", s.text[s.at+1]) >= 0):
			s.mark()
		default:
			s.plain(end)
		}
	}
}

func (s *scan) mark() {
	s.put(s.at, s.at+1, Mark)
	s.at++
}

// quoted reads a quoted text, to its end or that of the line.
func (s *scan) quoted(end int) {
	from := s.at
	if s.quote == 0 {
		s.quote = s.text[s.at]
		s.at++
	}
	for s.at < end {
		c := s.text[s.at]
		s.at++
		if c == '\\' && s.quote == '"' && s.at < end {
			s.at++
		} else if c == s.quote {
			s.quote = 0
			break
		}
	}
	s.scalar(from, s.at, end, Quoted)
}

// plain reads a value without quotes.
func (s *scan) plain(end int) {
	from := s.at
	for s.at < end {
		c := s.text[s.at]
		if c == '#' && s.text[s.at-1] == ' ' || s.inFlow() && (strings.IndexByte(",[]{}", c) >= 0 ||
			c == ':' && (s.at+1 == end || strings.IndexByte(" ,{}[]\r", s.text[s.at+1]) >= 0)) {
			break
		}
		s.at++
	}
	if s.at == from { // a mark that stands alone
		s.at++
	}
	to := from + len(strings.TrimRight(s.text[from:s.at], " \t\r"))
	class := Plain
	if c := s.text[from]; c >= '0' && c <= '9' {
		class = Number
	}
	s.scalar(from, to, end, class)
}

// scalar adds a value, which is a key in braces and brackets if a colon follows.
func (s *scan) scalar(from, to, end int, c Class) {
	if f := s.top(); s.inFlow() && !f.valued && s.quote == 0 {
		rest := strings.TrimLeft(s.text[s.at:end], " ")
		if strings.HasPrefix(rest, ":") {
			s.name(f, from, to)
			c = Key
		}
	}
	s.put(from, to, c)
}
