package scenarios

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Limits on what is reported. More mistakes than this are one mistake repeated.
const (
	maxShown = 50
	maxKept  = 500
	maxWidth = 110 // columns of a source line shown; longer lines are cut around the caret
)

// Diagnostic is one mistake, or one warning, and where it stands.
type Diagnostic struct {
	File    string
	Line    int    // from 1; 0: about the file as a whole
	Column  int    // from 1, in characters
	Source  string // the line as written
	Msg     string // lower-case, no full stop
	Hint    string // what to do; may be empty
	Warning bool
}

// String is the message as people read it: position and message, the line with
// a caret, the hint.
func (d Diagnostic) String() string {
	var b strings.Builder
	b.WriteString(d.File)
	if d.Line > 0 {
		fmt.Fprintf(&b, ":%d:%d", d.Line, d.Column)
	}
	b.WriteString(": ")
	if d.Warning {
		b.WriteString("warning: ")
	}
	b.WriteString(d.Msg)
	if d.Source != "" {
		line, caret := d.excerpt()
		fmt.Fprintf(&b, "\n    %s\n    %s^", line, caret)
	}
	if d.Hint != "" {
		b.WriteString("\nhint: " + d.Hint)
	}
	return b.String()
}

// excerpt is the part of the source line around the caret, and the blanks
// before the caret, as wide as what they stand under.
func (d Diagnostic) excerpt() (line, caret string) {
	runes := []rune(strings.TrimRight(d.Source, " \t\r"))
	at := min(max(d.Column-1, 0), len(runes))
	from, to := 0, len(runes)
	if to > maxWidth {
		from = max(0, min(at-maxWidth/2, to-maxWidth))
		to = min(from+maxWidth, to)
	}
	var text, blanks strings.Builder
	if from > 0 {
		text.WriteString("… ")
		blanks.WriteString("  ")
	}
	for i := from; i < to; i++ {
		r := runes[i]
		if !unicode.IsPrint(r) {
			r = ' ' // tabs, and whatever could upset a terminal
		}
		text.WriteRune(r)
		if i < at {
			blanks.WriteString(strings.Repeat(" ", width(r)))
		}
	}
	if to < len(runes) {
		text.WriteString(" …")
	}
	return text.String(), blanks.String()
}

// width is the number of columns a character takes in a terminal.
func width(r rune) int {
	switch {
	case unicode.Is(unicode.Mn, r):
		return 0
	case r >= 0x1100 && (r <= 0x115f || r >= 0x2e80 && r <= 0xa4cf || r >= 0xac00 && r <= 0xd7a3 ||
		r >= 0xf900 && r <= 0xfaff || r >= 0xfe30 && r <= 0xfe6f || r >= 0xff00 && r <= 0xff60 || r >= 0x20000):
		return 2
	}
	return 1
}

// Diagnostics are all the mistakes of a file, by position. It is an error.
type Diagnostics []Diagnostic

// Error shows every mistake, up to a screenful or two.
func (ds Diagnostics) Error() string {
	var b strings.Builder
	for i, d := range ds {
		if i > 0 {
			b.WriteString("\n")
		}
		if i == maxShown {
			fmt.Fprintf(&b, "… and %d more", len(ds)-i)
			break
		}
		b.WriteString(d.String())
	}
	return b.String()
}

// report collects diagnostics of one file.
type report struct {
	file     string
	lines    []string
	mistakes Diagnostics
	warnings Diagnostics
	seen     map[Diagnostic]bool // the same mistake in a shared part comes once per design
}

func newReport(file string, data string) *report {
	return &report{file: file, lines: strings.Split(data, "\n"), seen: map[Diagnostic]bool{}}
}

func (r *report) add(d Diagnostic) {
	d.File = r.file
	if d.Line > 0 && d.Line <= len(r.lines) {
		d.Source = strings.TrimSuffix(r.lines[d.Line-1], "\r")
	}
	list := &r.mistakes
	if d.Warning {
		list = &r.warnings
	}
	if r.seen[d] || len(*list) >= maxKept {
		return
	}
	r.seen[d] = true
	*list = append(*list, d)
}

// at reports a mistake at a node. Arguments for the message follow the hint.
func (r *report) at(n *node, hint, format string, args ...any) {
	r.add(Diagnostic{Line: n.line, Column: n.col, Msg: fmt.Sprintf(format, args...), Hint: hint})
}

// within reports a mistake at a byte offset of a scalar's text.
func (r *report) within(n *node, offset int, hint, format string, args ...any) {
	line, col := r.position(n, offset)
	r.add(Diagnostic{Line: line, Column: col, Msg: fmt.Sprintf(format, args...), Hint: hint})
}

// position finds a byte offset of a scalar's text in the source. It is exact
// where the text stands in one line as it is; otherwise (escapes, folded text)
// it is the beginning of the scalar.
func (r *report) position(n *node, offset int) (line, col int) {
	line, col = n.line, n.col
	if line < 1 || line > len(r.lines) || offset < 0 || offset > len(n.text) {
		return line, col
	}
	rest := []rune(r.lines[line-1])
	start := col - 1
	if start < len(rest) && (rest[start] == '"' || rest[start] == '\'') {
		start++
	}
	if start > len(rest) || !strings.HasPrefix(string(rest[start:]), n.text) {
		return line, col
	}
	return line, start + 1 + utf8.RuneCountInString(n.text[:offset])
}

// sorted puts the diagnostics in the order of the file.
func sorted(ds Diagnostics) Diagnostics {
	slices.SortStableFunc(ds, func(a, b Diagnostic) int {
		if a.Line != b.Line {
			return a.Line - b.Line
		}
		return a.Column - b.Column
	})
	return ds
}

// err is the mistakes as an error, or nil.
func (r *report) err() error {
	if len(r.mistakes) == 0 {
		return nil
	}
	return sorted(r.mistakes)
}
