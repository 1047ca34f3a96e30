package yamltree

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"asynclab/sim/spell"
)

// MaxKept is the most mistakes of a file that are kept, and the most warnings with one
// id: more are usually one mistake repeated.
const MaxKept = 500

const (
	maxShown = 50
	maxWidth = 110 // columns of a source line shown; longer lines are cut around the caret
)

// Diagnostic is one mistake, or one warning, and its position.
type Diagnostic struct {
	File    string
	Line    int    // from 1; 0: about the file as a whole
	Column  int    // from 1, in characters
	Source  string // the line as written
	Msg     string // lower-case, no full stop
	Hint    string // what to do; may be empty
	Warning string // the id of the warning; "" for a mistake

	Says, Advice spell.Text // Msg and Hint, for who translates them
}

// String formats the diagnostic: position and message, the line with a caret, the
// hint.
func (d Diagnostic) String() string {
	var b strings.Builder
	b.WriteString(d.File)
	if d.Line > 0 {
		fmt.Fprintf(&b, ":%d:%d", d.Line, d.Column)
	}
	b.WriteString(": ")
	if d.Warning != "" {
		b.WriteString("warning: " + d.Msg + " [" + d.Warning + "]")
	} else {
		b.WriteString(d.Msg)
	}
	if d.Source != "" {
		line, caret := d.excerpt()
		fmt.Fprintf(&b, "\n    %s\n    %s^", line, caret)
	}
	if d.Hint != "" {
		b.WriteString("\nhint: " + d.Hint)
	}
	return b.String()
}

// excerpt returns the part of the source line around the caret, and the blanks before
// the caret, as wide as the text above them.
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
			r = ' ' // tabs and control characters
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

// Diagnostics are the mistakes of a file, sorted by position. It implements error.
type Diagnostics []Diagnostic

// Error formats the mistakes, at most maxShown of them.
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

// Pos is a place in a file: a line, from 1, and a column in characters, from 1.
type Pos struct{ Line, Col int }

func (p Pos) place() Pos { return p }

// Placed is a place, or a node at one.
type Placed interface{ place() Pos }

// Report collects the diagnostics of one file.
type Report struct {
	File     string // as a person named it
	Mistakes Diagnostics
	Warnings Diagnostics
	language *Language
	lines    []string
	seen     map[finding]bool // the same mistake in a shared part comes once per design
	warned   map[string]int   // warnings by id
}

// finding is the key of a diagnostic: those with equal keys are reported once.
type finding struct {
	Pos
	offset int
	msg    string
}

// New returns a report about a file in a language. text is the content of the file:
// diagnostics quote its lines.
func New(file, text string, l *Language) *Report {
	r := &Report{File: file, language: l, seen: map[finding]bool{}, warned: map[string]int{}}
	if len(text) <= l.Size {
		r.lines = strings.Split(text, "\n")
	}
	return r
}

// Full tells whether the report has MaxKept mistakes, and drops further ones.
func (r *Report) Full() bool { return len(r.Mistakes) >= MaxKept }

// Diagnose returns a diagnostic without adding it to the report.
func (r *Report) Diagnose(where Placed, hint, msg any) Diagnostic {
	p, says, advice := where.place(), spell.Of(msg), spell.Of(hint)
	if n, ok := where.(*Node); ok && n.From != "" {
		says = spell.Textf("%s (%s sets it)", says, n.From)
		if advice.Format == "" {
			advice = spell.Textf("write the key beside use: what is written there stands")
		}
	}
	d := Diagnostic{File: r.File, Line: p.Line, Column: p.Col, Msg: says.String(), Hint: advice.String(), Says: says, Advice: advice}
	if p.Line > 0 && p.Line <= len(r.lines) {
		d.Source = strings.TrimSuffix(r.lines[p.Line-1], "\r")
	}
	return d
}

// At reports a mistake at a node or a position. The message is format with args, the hint
// a string or a spell.Text.
func (r *Report) At(where Placed, hint any, format string, args ...any) {
	if msg, ok := r.fresh(where, 0, format, args); ok {
		r.Mistakes = append(r.Mistakes, r.Diagnose(where, hint, msg))
	}
}

// Wrong reports an error, with its hint, if it has one.
func (r *Report) Wrong(where Placed, err error) {
	hint := spell.Text{}
	var own interface{ Advice() spell.Text }
	if errors.As(err, &own) {
		hint = own.Advice()
	}
	r.At(where, hint, "%s", spell.Said(err))
}

// Within reports a mistake at a byte offset of a scalar's text.
func (r *Report) Within(n *Node, offset int, hint any, format string, args ...any) {
	if msg, ok := r.fresh(n, offset, format, args); ok {
		var at Placed = n
		if n.From == "" {
			at = r.Position(n, offset)
		}
		r.Mistakes = append(r.Mistakes, r.Diagnose(at, hint, msg))
	}
}

// Unknown reports a word that is not in known; what is the plural noun for them, or a spell.Text with one. The
// hint, with the nearest known word, is computed only if the mistake is kept: a file
// may have very many mistakes.
func (r *Report) Unknown(where Placed, word string, what any, known []string, format string, args ...any) {
	if msg, ok := r.fresh(where, 0, format, args); ok {
		r.Mistakes = append(r.Mistakes, r.Diagnose(where, spell.HintText(word, what, known), msg))
	}
}

// fresh formats the message of a mistake; ok is false if it was reported before, or
// the report is full.
func (r *Report) fresh(where Placed, offset int, format string, args []any) (msg spell.Text, ok bool) {
	if r.Full() {
		return msg, false
	}
	msg = spell.Textf(format, args...)
	f := finding{where.place(), offset, msg.String()}
	known := r.seen[f]
	r.seen[f] = true
	return msg, !known
}

// Warn reports what is valid but probably not intended; id is that of the warning.
func (r *Report) Warn(where Placed, id string, hint, msg any) {
	d := r.Diagnose(where, hint, msg)
	d.Warning = id
	if f := (finding{where.place(), 0, id + " " + spell.Of(msg).String()}); !r.seen[f] && r.warned[id] < MaxKept {
		r.seen[f] = true
		r.warned[id]++
		r.Warnings = append(r.Warnings, d)
	}
}

// Position returns the position in the file of a byte offset in a scalar's text. If
// the file spells the text differently (escapes, folded lines), it is the beginning
// of the scalar.
func (r *Report) Position(n *Node, offset int) Pos {
	before := n.Text[:min(max(offset, 0), len(n.Text))]
	if strings.Contains(before, "\n") {
		return r.Find(n, n.Text[len(before):])
	}
	p, ok := r.find(n, n.Text)
	if ok {
		p.Col += utf8.RuneCountInString(before)
	}
	return p
}

// Find returns the position in the file of the first line of a piece of a scalar's
// text. If the file spells it differently, it is the beginning of the scalar.
func (r *Report) Find(n *Node, piece string) Pos {
	p, _ := r.find(n, piece)
	return p
}

func (r *Report) find(n *Node, piece string) (Pos, bool) {
	piece, _, _ = strings.Cut(piece, "\n")
	for i, skip := n.Line, n.Col-1; piece != "" && i <= min(n.last, len(r.lines)); i, skip = i+1, 0 {
		rest := r.lines[i-1][len(Letters(r.lines[i-1], skip)):]
		if at := strings.Index(rest, piece); at >= 0 {
			return Pos{i, skip + 1 + utf8.RuneCountInString(rest[:at])}, true
		}
	}
	return n.Pos, false
}

// Letters returns the first count characters of a text.
func Letters(text string, count int) string {
	for i := range text {
		if count <= 0 {
			return text[:i]
		}
		count--
	}
	return text
}

// Sorted sorts diagnostics by file, line and column, and removes duplicates.
func Sorted(ds Diagnostics) Diagnostics {
	slices.SortStableFunc(ds, func(a, b Diagnostic) int {
		return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
	})
	return slices.CompactFunc(ds, func(a, b Diagnostic) bool {
		return a.File == b.File && a.Line == b.Line && a.Column == b.Column && a.Msg == b.Msg && a.Hint == b.Hint && a.Warning == b.Warning
	})
}

// Err returns the mistakes as an error, sorted; nil if there are none.
func (r *Report) Err() error {
	if len(r.Mistakes) == 0 {
		return nil
	}
	return Sorted(r.Mistakes)
}
