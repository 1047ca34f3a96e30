package learn

import (
	"strings"
	"unicode"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// Paragraph is spans of text set in lines. Fyne's rich text breaks a line
// between any two spans, and Chinese wherever it is full; here no line begins
// with a closing mark or ends with an opening one, in any language.
//
//	spans ─► words: what is never divided ─► lines, for a width ─► one text for each span in each line
type Paragraph struct {
	widget.BaseWidget
	size  fyne.ThemeSizeName
	spans []textSpan
	words []word
}

// textSpan is a part of a paragraph with one style.
type textSpan struct {
	text  string
	style fyne.TextStyle
	tap   func(at fyne.Position) // nil: the span is not a link
	claim bool                   // a number: it stays with its unit, and is not divided if it is short
	color fyne.ThemeColorName
}

// word is text that is not divided between lines: parts of one or more spans.
type word struct {
	parts   []part
	spaced  bool // a space precedes it, except at the beginning of a line
	newLine bool // it always begins a line
}

// part is a piece of the text of a span.
type part struct {
	span int
	text string
}

func newParagraph(size fyne.ThemeSizeName, spans []textSpan) *Paragraph {
	p := &Paragraph{size: size, spans: spans, words: wordsOf(spans)}
	p.ExtendBaseWidget(p)
	return p
}

// plain is words in one colour, without links.
func plain(text string, size fyne.ThemeSizeName, color fyne.ThemeColorName) *Paragraph {
	return newParagraph(size, []textSpan{{text: text, color: color}})
}

// setEnd replaces the text of the last span. It is not divided at its spaces.
func (p *Paragraph) setEnd(text string) {
	end := &p.spans[len(p.spans)-1]
	if text = " " + strings.ReplaceAll(text, " ", "\u00a0"); end.text == text {
		return
	}
	end.text = text
	p.words = wordsOf(p.spans)
	p.Refresh()
}

// String is the whole text.
func (p *Paragraph) String() string {
	var b strings.Builder
	for _, s := range p.spans {
		b.WriteString(s.text)
	}
	return b.String()
}

// Marks that must not begin a line, and marks that must not end one.
const (
	closing = ",.;:!?%)]}…’”»、。，．；：！？％）〕］｝〉》」』】·—–"
	opening = "([{‘“«（〔［｛〈《「『【"
)

// wide reports whether a line may be broken beside a character without a space.
func wide(r rune) bool {
	return r >= 0x2e80 && r <= 0x9fff || r >= 0xf900 && r <= 0xfaff || r >= 0xfe30 && r <= 0xfe4f || r >= 0xff00 && r <= 0xffef ||
		strings.ContainsRune("“”‘’…—·", r)
}

// apart reports whether a line may be broken between two characters.
func apart(a, b rune) bool {
	switch {
	case strings.ContainsRune(closing, b) || strings.ContainsRune(opening, a):
		return false
	case strings.ContainsRune("“”‘’…—·", a): // of Latin text as well as of Chinese: as what follows
		return unicode.Is(unicode.Han, b)
	case strings.ContainsRune("“”‘’…—·", b):
		return unicode.Is(unicode.Han, a)
	}
	return wide(a) || wide(b)
}

const shortClaim = 8 // characters: "300 ms", "1.3 min", "每秒 50 个"

// wordsOf divides spans at the places where a line may be broken.
func wordsOf(spans []textSpan) []word {
	var words []word
	fresh, spaced, newLine := true, false, false
	last := rune(0)
	for i, s := range spans {
		whole := s.claim && len([]rune(s.text)) <= shortClaim
		for at, r := range s.text {
			switch {
			case r == '\n':
				fresh, spaced, newLine = true, false, true
				continue
			case r == ' ' && whole && !fresh:
				r = '\u00a0'
			case r == ' ':
				fresh, spaced = true, !newLine
				continue
			}
			if fresh || apart(last, r) && (at == 0 || !whole) {
				words = append(words, word{spaced: spaced, newLine: newLine})
			}
			w := &words[len(words)-1]
			if n := len(w.parts); n > 0 && w.parts[n-1].span == i {
				w.parts[n-1].text += string(r)
			} else {
				w.parts = append(w.parts, part{i, string(r)})
			}
			fresh, spaced, newLine, last = false, false, false, r
		}
	}
	return words
}

// run is a part at its position in a line.
type run struct {
	part
	x float32
}

type measure func(text string, style fyne.TextStyle) float32

// lines breaks the words into lines of a width.
func (p *Paragraph) lines(width float32, measure measure) [][]run {
	var lines [][]run
	var line []run
	x := float32(0)
	add := func(q part) {
		if n := len(line); n > 0 && line[n-1].span == q.span {
			line[n-1].text += q.text
			x = line[n-1].x + measure(line[n-1].text, p.spans[q.span].style)
			return
		}
		line = append(line, run{q, x})
		x += measure(q.text, p.spans[q.span].style)
	}
	end := func() { lines, line, x = append(lines, line), nil, 0 }
	for _, w := range p.words {
		wide, gap := float32(0), float32(0)
		for _, q := range w.parts {
			wide += measure(q.text, p.spans[q.span].style)
		}
		if w.spaced {
			gap = measure(" ", p.spans[w.parts[0].span].style)
		}
		switch {
		case w.newLine && len(lines)+len(line) > 0, len(line) > 0 && x+gap+wide > width:
			end()
		case w.spaced && len(line) > 0:
			if n := len(line) - 1; line[n].span == w.parts[0].span {
				line[n].text += " "
			} else {
				x += gap
			}
		}
		for _, q := range w.parts {
			if wide <= width {
				add(q)
				continue
			}
			head := "" // the word is wider than a line: it is divided where the line is full
			for _, r := range q.text {
				if x+measure(head+string(r), p.spans[q.span].style) > width && x+measure(head, p.spans[q.span].style) > 0 {
					if head != "" {
						add(part{q.span, head})
					}
					end()
					head = ""
				}
				head += string(r)
			}
			add(part{q.span, head})
		}
	}
	if len(line) > 0 {
		end()
	}
	return lines
}

// CreateRenderer implements fyne.Widget.
func (p *Paragraph) CreateRenderer() fyne.WidgetRenderer {
	return &paragraphRenderer{p: p, width: -1}
}

type paragraphRenderer struct {
	p       *Paragraph
	width   float32 // for which the objects are laid out
	height  float32 // of all lines
	objects []fyne.CanvasObject
}

func (r *paragraphRenderer) Layout(size fyne.Size) {
	if size.Width != r.width {
		r.set(size.Width)
	}
}

func (r *paragraphRenderer) MinSize() fyne.Size {
	if w := r.p.Size().Width; r.width < 0 || w != r.width && w > 0 {
		r.set(w)
	}
	pad := 2 * theme.InnerPadding()
	return fyne.NewSize(pad+40, pad+r.height)
}

func (r *paragraphRenderer) Refresh() {
	r.set(r.p.Size().Width)
	canvas.Refresh(r.p)
}

func (r *paragraphRenderer) Objects() []fyne.CanvasObject { return r.objects }
func (r *paragraphRenderer) Destroy()                     {}

// set makes the text objects again, for a width.
func (r *paragraphRenderer) set(width float32) {
	size := theme.Size(r.p.size)
	pad := theme.InnerPadding()
	width0 := width - 2*pad
	if width <= 0 {
		width0 = 4000 // not known yet
	}
	lines := r.p.lines(width0, func(text string, style fyne.TextStyle) float32 { return fyne.MeasureText(text, size, style).Width })
	r.width, r.objects = width, nil
	row := fyne.MeasureText("M", size, fyne.TextStyle{}).Height
	for i, line := range lines {
		for _, run := range line {
			s := &r.p.spans[run.span]
			o := s.object(run.text, size)
			o.Move(fyne.NewPos(pad+run.x, pad+float32(i)*row))
			o.Resize(o.MinSize())
			r.objects = append(r.objects, o)
		}
	}
	r.height = row * float32(max(len(lines), 1))
}

func (s *textSpan) object(text string, size float32) fyne.CanvasObject {
	color := s.color
	if color == "" {
		color = theme.ColorNameForeground
	}
	t := canvas.NewText(text, theme.Color(color))
	t.TextStyle, t.TextSize = s.style, size
	if s.tap == nil {
		return t
	}
	t.Color = theme.Color(theme.ColorNameHyperlink)
	l := &link{text: t, tap: s.tap}
	l.ExtendBaseWidget(l)
	return l
}

// link is words that can be tapped.
type link struct {
	widget.BaseWidget
	text *canvas.Text
	tap  func(at fyne.Position)
}

func (l *link) Tapped(e *fyne.PointEvent)           { l.tap(e.AbsolutePosition) }
func (l *link) Cursor() desktop.Cursor              { return desktop.PointerCursor }
func (l *link) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(l.text) }
