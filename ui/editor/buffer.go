package editor

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Buffer is a text with a caret, a selection, and what was done to it. Places are
// bytes.
type Buffer struct {
	text   string
	begins []int // of the lines
	Caret  int
	Anchor int // the other end of the selection; Caret: nothing is selected

	done, undone []edit
	typing       bool // the next typed character joins the last edit
	count        int  // edits so far
	saved        int  // the version that was saved last
}

// edit replaces a piece of the text.
type edit struct {
	at       int
	old, new string
	caret    int // before
	version  int // of the text after it
}

// NewBuffer returns a buffer with a text, which counts as saved.
func NewBuffer(text string) *Buffer {
	b := &Buffer{}
	b.set(text)
	return b
}

func (b *Buffer) set(text string) {
	b.text = text
	b.begins = append(b.begins[:0], 0)
	for i := 0; i < len(text); i++ {
		if text[i] == '\n' {
			b.begins = append(b.begins, i+1)
		}
	}
}

// Text is the whole text.
func (b *Buffer) Text() string { return b.text }

// Lines is how many lines the text has; one at least.
func (b *Buffer) Lines() int { return len(b.begins) }

// Begin is where a line begins, from 0.
func (b *Buffer) Begin(line int) int { return b.begins[min(max(line, 0), len(b.begins)-1)] }

// End is where a line ends, before its line break.
func (b *Buffer) End(line int) int {
	if line+1 < len(b.begins) {
		return b.begins[line+1] - 1
	}
	return len(b.text)
}

// Line is the text of a line.
func (b *Buffer) Line(line int) string { return b.text[b.Begin(line):b.End(line)] }

// LineOf is the line of a place.
func (b *Buffer) LineOf(at int) int {
	i, found := slices.BinarySearch(b.begins, at)
	if !found {
		i--
	}
	return i
}

// At is the place of a line and a column in characters, both from 1, as mistakes have
// them.
func (b *Buffer) At(line, column int) int {
	line = min(max(line-1, 0), len(b.begins)-1)
	at := b.Begin(line)
	for end := b.End(line); column > 1 && at < end; column-- {
		_, n := utf8.DecodeRuneInString(b.text[at:])
		at += n
	}
	return at
}

// Selection is the ends of what is selected, in order.
func (b *Buffer) Selection() (from, to int) { return min(b.Caret, b.Anchor), max(b.Caret, b.Anchor) }

// Selected is the text that is selected.
func (b *Buffer) Selected() string {
	from, to := b.Selection()
	return b.text[from:to]
}

// Move puts the caret to a place; what lies between is selected if extend.
func (b *Buffer) Move(to int, extend bool) {
	b.Caret = min(max(to, 0), len(b.text))
	if !extend {
		b.Anchor = b.Caret
	}
	b.typing = false
}

// Replace puts a text in the place of another. The caret stands behind it.
func (b *Buffer) Replace(from, to int, text string) {
	b.typing = false
	b.replace(from, to, text)
}

func (b *Buffer) replace(from, to int, text string) {
	b.count++
	e := edit{from, b.text[from:to], text, b.Caret, b.count}
	if e.old == e.new {
		b.Caret, b.Anchor = to, to
		return
	}
	b.done, b.undone = append(b.done, e), nil
	b.apply(e)
}

func (b *Buffer) apply(e edit) {
	b.set(b.text[:e.at] + e.new + b.text[e.at+len(e.old):])
	b.Caret = e.at + len(e.new)
	b.Anchor = b.Caret
}

// Type puts a text in the place of the selection. Characters that are typed one after
// the other are one edit, up to a blank or a line break.
func (b *Buffer) Type(text string) {
	from, to := b.Selection()
	joins := b.typing && from == to && len(b.done) > 0 && strings.TrimFunc(text, unicode.IsSpace) != ""
	if last := len(b.done) - 1; joins && b.done[last].at+len(b.done[last].new) == from {
		b.count++
		b.done[last].new += text
		b.done[last].version = b.count
		b.set(b.text[:from] + text + b.text[from:])
		b.Caret, b.Anchor = from+len(text), from+len(text)
		b.undone = nil
		return
	}
	b.replace(from, to, text)
	b.typing = true
}

// CanUndo tells whether there is an edit to undo.
func (b *Buffer) CanUndo() bool { return len(b.done) > 0 }

// CanRedo tells whether there is an edit to do again.
func (b *Buffer) CanRedo() bool { return len(b.undone) > 0 }

// Undo undoes the last edit.
func (b *Buffer) Undo() {
	if len(b.done) == 0 {
		return
	}
	e := b.done[len(b.done)-1]
	b.done, b.undone, b.typing = b.done[:len(b.done)-1], append(b.undone, e), false
	b.apply(edit{at: e.at, old: e.new, new: e.old})
	b.Caret, b.Anchor = e.caret, e.caret
}

// Redo does the last edit again that was undone.
func (b *Buffer) Redo() {
	if len(b.undone) == 0 {
		return
	}
	e := b.undone[len(b.undone)-1]
	b.done, b.undone, b.typing = append(b.done, e), b.undone[:len(b.undone)-1], false
	b.apply(e)
}

// Version is a number of the text as it is; 0: as it was opened.
func (b *Buffer) Version() int {
	b.typing = false // what is typed from here on can be undone down to this version
	return b.version()
}

func (b *Buffer) version() int {
	if len(b.done) == 0 {
		return 0
	}
	return b.done[len(b.done)-1].version
}

// Saved says that a version of the text is saved.
func (b *Buffer) Saved(version int) { b.saved = version }

// Dirty tells whether the text is another than the one that was saved.
func (b *Buffer) Dirty() bool { return b.saved != b.version() }

// next and back are the places of the characters after and before one.
func (b *Buffer) next(at int) int {
	_, n := utf8.DecodeRuneInString(b.text[at:])
	return at + n
}

func (b *Buffer) back(at int) int {
	_, n := utf8.DecodeLastRuneInString(b.text[:at])
	return at - n
}

// wordEnd and wordBegin are the ends of the word at or beside a place.
func (b *Buffer) wordEnd(at int) int {
	for at < len(b.text) && !inWord(b.text[at:]) && b.text[at] != '\n' {
		at = b.next(at)
	}
	for at < len(b.text) && inWord(b.text[at:]) {
		at = b.next(at)
	}
	return at
}

func (b *Buffer) wordBegin(at int) int {
	for at > 0 && !inWord(b.text[b.back(at):]) && b.text[b.back(at)] != '\n' {
		at = b.back(at)
	}
	for at > 0 && inWord(b.text[b.back(at):]) {
		at = b.back(at)
	}
	return at
}

func inWord(text string) bool {
	r, _ := utf8.DecodeRuneInString(text)
	return r == '_' || r == '-' || unicode.IsLetter(r) || unicode.IsDigit(r)
}
