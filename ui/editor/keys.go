package editor

import (
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"

	"asynclab/ui/keyed"
)

// step is how far a level is indented.
const step = 2

// TypedRune implements fyne.Focusable.
func (p *page) TypedRune(r rune) {
	p.e.Type(string(r))
}

// Type types a text, as a person does.
func (e *Editor) Type(text string) {
	e.buf.Type(text)
	e.changed()
	e.suggest(false)
}

// TypedKey implements fyne.Focusable.
func (p *page) TypedKey(k *fyne.KeyEvent) {
	e := p.e
	if e.list.shown() && e.list.key(k.Name) {
		return
	}
	b := e.buf
	switch k.Name {
	case fyne.KeyReturn, fyne.KeyEnter:
		e.newLine()
	case fyne.KeyBackspace:
		e.erase(e.before())
	case fyne.KeyDelete:
		e.erase(b.next(b.Caret))
	case fyne.KeyTab:
		e.indent()
	case fyne.KeyEscape:
		fyne.CurrentApp().Driver().CanvasForObject(p).Unfocus()
	case fyne.KeyF11:
		keyed.PassKey(p, k)
	default:
		e.walk(k.Name, false)
	}
}

// erase takes away the selection, or else what lies between the caret and a place.
func (e *Editor) erase(to int) {
	from, end := e.buf.Selection()
	if from == end {
		from, end = min(e.buf.Caret, to), max(e.buf.Caret, to)
	}
	if from == end {
		return
	}
	e.buf.Replace(from, end, "")
	e.changed()
	if e.list.shown() {
		e.suggest(false)
	}
}

// before is where a backspace leads: one level out in the indentation of a line.
func (e *Editor) before() int {
	b := e.buf
	begin := b.Begin(b.LineOf(b.Caret))
	if blank := b.text[begin:b.Caret]; blank != "" && strings.TrimLeft(blank, " ") == "" {
		return b.Caret - (len(blank)-1)%step - 1
	}
	if b.Caret == 0 {
		return 0
	}
	return b.back(b.Caret)
}

// newLine begins a line as far in as the one before, or one level more.
func (e *Editor) newLine() {
	b := e.buf
	from, _ := b.Selection()
	line := b.text[b.Begin(b.LineOf(from)):from]
	indent := line[:len(line)-len(strings.TrimLeft(line, " "))]
	if code := strings.TrimSpace(line); strings.HasSuffix(code, ":") || strings.HasSuffix(code, "|") {
		indent += strings.Repeat(" ", step)
		if strings.HasPrefix(code, "- ") {
			indent += strings.Repeat(" ", step)
		}
	}
	b.Type("\n" + indent)
	b.typing = false
	e.changed()
	e.suggest(false)
}

// indent moves the selected lines one level in, or with shift out; without a selection
// it types blanks.
func (e *Editor) indent() {
	b := e.buf
	from, to := b.Selection()
	first, last := b.LineOf(from), b.LineOf(to)
	if from == to && !e.shift {
		column := from - b.Begin(first)
		e.Type(strings.Repeat(" ", step-column%step))
		return
	}
	begin, end := b.Begin(first), b.End(last)
	lines := strings.Split(b.text[begin:end], "\n")
	for i, l := range lines {
		if e.shift {
			lines[i] = l[min(step, len(l)-len(strings.TrimLeft(l, " "))):]
		} else if l != "" {
			lines[i] = strings.Repeat(" ", step) + l
		}
	}
	text := strings.Join(lines, "\n")
	b.Replace(begin, end, text)
	if from != to {
		b.Anchor = begin
	}
	e.changed()
}

// walk moves the caret; by words, and to the ends of the text, if far.
func (e *Editor) walk(key fyne.KeyName, far bool) {
	b, extend := e.buf, e.shift
	from, to := b.Selection()
	line := b.LineOf(b.Caret)
	switch key {
	case fyne.KeyLeft:
		switch {
		case far:
			b.Move(b.wordBegin(b.Caret), extend)
		case from != to && !extend:
			b.Move(from, false)
		case b.Caret > 0:
			b.Move(b.back(b.Caret), extend)
		}
	case fyne.KeyRight:
		switch {
		case far:
			b.Move(b.wordEnd(b.Caret), extend)
		case from != to && !extend:
			b.Move(to, false)
		default:
			b.Move(b.next(b.Caret), extend)
		}
	case fyne.KeyHome:
		begin := b.Begin(line)
		if text := b.Line(line); b.Caret != begin+len(text)-len(strings.TrimLeft(text, " ")) {
			begin += len(text) - len(strings.TrimLeft(text, " "))
		}
		if far {
			begin = 0
		}
		b.Move(begin, extend)
	case fyne.KeyEnd:
		end := b.End(line)
		if far {
			end = len(b.text)
		}
		b.Move(end, extend)
	case fyne.KeyUp:
		e.rise(-1)
		return
	case fyne.KeyDown:
		e.rise(1)
		return
	case fyne.KeyPageUp:
		e.rise(-e.rows())
		return
	case fyne.KeyPageDown:
		e.rise(e.rows())
		return
	default:
		return
	}
	e.moved()
}

// rise moves the caret by lines, in the column from which it came.
func (e *Editor) rise(lines int) {
	b := e.buf
	line := b.LineOf(b.Caret)
	if e.column < 0 {
		e.column = e.x(line, b.Caret)
	}
	column := e.column
	to := min(max(line+lines, 0), b.Lines()-1)
	b.Move(e.near(to, column), e.shift)
	e.moved()
	e.column = column
}

// KeyDown implements desktop.Keyable.
func (p *page) KeyDown(k *fyne.KeyEvent) {
	if k.Name == desktop.KeyShiftLeft || k.Name == desktop.KeyShiftRight {
		p.e.shift = true
	}
}

// KeyUp implements desktop.Keyable.
func (p *page) KeyUp(k *fyne.KeyEvent) {
	if k.Name == desktop.KeyShiftLeft || k.Name == desktop.KeyShiftRight {
		p.e.shift = false
	}
}

// AcceptsTab implements fyne.Tabbable: Tab indents; Escape leaves the text.
func (p *page) AcceptsTab() bool { return true }

// TypedShortcut implements fyne.Shortcutable.
func (p *page) TypedShortcut(s fyne.Shortcut) {
	e := p.e
	switch s := s.(type) {
	case *fyne.ShortcutUndo:
		e.Undo()
	case *fyne.ShortcutRedo:
		e.Redo()
	case *fyne.ShortcutSelectAll:
		e.buf.Move(0, false)
		e.buf.Move(len(e.buf.text), true)
		e.draw()
	case *fyne.ShortcutCopy:
		e.copy(s.Clipboard)
	case *fyne.ShortcutCut:
		if e.copy(s.Clipboard) {
			e.Type("")
		}
	case *fyne.ShortcutPaste:
		if s.Clipboard != nil {
			e.paste(s.Clipboard.Content())
		}
	case *desktop.CustomShortcut:
		e.shortcut(p, s)
	}
}

// wordKeys go by words, or to an end of the text, with the modifier of shortcuts.
var wordKeys = []fyne.KeyName{fyne.KeyLeft, fyne.KeyRight, fyne.KeyHome, fyne.KeyEnd}

// shortcut does what a shortcut means in a text; the window has the others.
func (e *Editor) shortcut(p *page, s *desktop.CustomShortcut) {
	e.shift = s.Modifier&fyne.KeyModifierShift != 0
	if do := e.own(s); do != nil {
		do()
		return
	}
	keyed.PassShortcut(p, s)
}

// own is what a shortcut does in a text; nil if it is none of a text.
func (e *Editor) own(s *desktop.CustomShortcut) func() {
	switch plain := s.Modifier &^ fyne.KeyModifierShift; {
	case plain != fyne.KeyModifierShortcutDefault:
	case s.KeyName == fyne.KeySpace:
		return func() { e.suggest(true) }
	case s.KeyName == fyne.KeyZ && e.shift:
		return e.Redo
	case slices.Contains(wordKeys, s.KeyName):
		return func() { e.walk(s.KeyName, true) }
	}
	return nil
}

func (e *Editor) copy(to fyne.Clipboard) bool {
	text := e.buf.Selected()
	if text == "" || to == nil {
		return false
	}
	to.SetContent(text)
	return true
}

func (e *Editor) paste(text string) {
	from, to := e.buf.Selection()
	e.buf.Replace(from, to, strings.ReplaceAll(text, "\r\n", "\n"))
	e.changed()
}

// Undo undoes the last edit.
func (e *Editor) Undo() {
	e.buf.Undo()
	e.changed()
}

// Redo does an edit again that was undone.
func (e *Editor) Redo() {
	e.buf.Redo()
	e.changed()
}
