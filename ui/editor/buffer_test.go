package editor

import (
	"testing"

	"pgregory.net/rapid"
)

// What was typed is undone by words, and done again.
func TestUndo(t *testing.T) {
	b := NewBuffer("a\n")
	for _, r := range "one two" {
		b.Type(string(r))
	}
	b.Undo()
	if b.Text() != "onea\n" {
		t.Errorf("after an undo %q", b.Text())
	}
	b.Undo()
	if b.Text() != "a\n" || b.CanUndo() || b.Dirty() {
		t.Errorf("after all %q, dirty %v", b.Text(), b.Dirty())
	}
	b.Redo()
	b.Redo()
	if b.Text() != "one twoa\n" || b.CanRedo() || b.Caret != len("one two") {
		t.Errorf("done again %q, caret %d", b.Text(), b.Caret)
	}
}

// A text that is typed on while it is being saved is not saved.
func TestSavedVersion(t *testing.T) {
	b := NewBuffer("")
	b.Type("a")
	v := b.Version()
	b.Type("b")
	b.Saved(v)
	if !b.Dirty() {
		t.Error("typed on, and counts as saved")
	}
	b.Undo()
	if b.Dirty() {
		t.Errorf("%q was saved", b.Text())
	}
	b.Undo()
	b.Type("c")
	if !b.Dirty() {
		t.Error("another text counts as saved")
	}
}

func TestAt(t *testing.T) {
	b := NewBuffer("eins\nzwö lf\n\n")
	for _, c := range []struct{ line, column, want int }{{1, 1, 0}, {1, 99, 4}, {2, 4, 9}, {2, 5, 10}, {3, 1, 13}, {9, 1, 14}, {0, 0, 0}} {
		if got := b.At(c.line, c.column); got != c.want {
			t.Errorf("At(%d, %d) = %d, want %d", c.line, c.column, got, c.want)
		}
	}
}

// Whatever is edited, undoing all of it gives the text as it was, and doing it again
// the text as it became.
func TestUndoAll(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		first := rapid.StringMatching(`[a-c \n]{0,12}`).Draw(t, "text")
		b := NewBuffer(first)
		for range rapid.IntRange(1, 20).Draw(t, "edits") {
			from := rapid.IntRange(0, len(b.Text())).Draw(t, "from")
			to := rapid.IntRange(from, len(b.Text())).Draw(t, "to")
			text := rapid.StringMatching(`[xyz \n]{0,3}`).Draw(t, "new")
			switch rapid.IntRange(0, 2).Draw(t, "kind") {
			case 0:
				b.Replace(from, to, text)
			case 1:
				b.Type(text)
			default:
				b.Move(from, false)
				b.Move(to, true)
			}
			if b.LineOf(b.Caret) >= b.Lines() || b.Begin(b.LineOf(b.Caret)) > b.Caret || b.Caret > b.End(b.LineOf(b.Caret)) {
				t.Fatalf("caret %d is not in line %d of %q", b.Caret, b.LineOf(b.Caret), b.Text())
			}
		}
		last := b.Text()
		for b.CanUndo() {
			b.Undo()
		}
		if b.Text() != first || b.Dirty() {
			t.Fatalf("undone to %q, was %q", b.Text(), first)
		}
		for b.CanRedo() {
			b.Redo()
		}
		if b.Text() != last {
			t.Fatalf("redone to %q, was %q", b.Text(), last)
		}
	})
}
