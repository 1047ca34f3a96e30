package learn

import (
	"fmt"
	"io/fs"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"asynclab/lessons"
	"asynclab/scenarios/files"
	"asynclab/ui/locale"
)

// Links are the actions for taps in a text. Each may be nil: then the words are
// not links.
type Links struct {
	Term   func(id string, at fyne.Position) // a word of the glossary, tapped there in the window
	Lesson func(id string)
	Web    func(address string)
	// Design draws the picture of a design of a scenario of the lesson.
	Design func(scenario, design string) fyne.CanvasObject
	// Files has the pictures; nil: there are none.
	Files fs.FS

	images map[string]*canvas.Image // drawn already, because a page is rebuilt at each answer
}

// Text lays out blocks one below the other.
func Text(blocks []lessons.Block, l *Links) fyne.CanvasObject {
	box := container.NewVBox()
	for i := range blocks {
		if o := l.block(&blocks[i]); o != nil {
			box.Add(o)
		}
	}
	return box
}

func (l *Links) block(b *lessons.Block) fyne.CanvasObject {
	switch b.Kind {
	case lessons.Paragraph:
		return l.Line(b.Text, theme.SizeNameText)
	case lessons.Heading:
		return l.Line(strong(b.Text), theme.SizeNameSubHeadingText)
	case lessons.List:
		return l.list(b)
	case lessons.Table:
		return l.table(b)
	case lessons.Picture:
		return l.picture(b)
	case lessons.Code:
		code := widget.NewLabelWithStyle(b.Source, fyne.TextAlignLeading, fyne.TextStyle{Monospace: true})
		return container.NewHScroll(code)
	case lessons.Quote:
		bar := canvas.NewRectangle(theme.Color(theme.ColorNamePrimary))
		bar.SetMinSize(fyne.NewSize(3, 0))
		return container.NewBorder(nil, nil, bar, nil, Text(b.Items[0], l))
	case lessons.Rule:
		return widget.NewSeparator()
	}
	return nil // the panel shows gates
}

func strong(t lessons.Text) lessons.Text {
	out := append(lessons.Text(nil), t...)
	for i := range out {
		out[i].Strong = true
	}
	return out
}

// Line is one paragraph.
func (l *Links) Line(t lessons.Text, size fyne.ThemeSizeName) *Paragraph {
	spans := make([]textSpan, 0, len(t))
	for _, s := range t {
		spans = append(spans, l.span(s))
	}
	return newParagraph(size, spans)
}

func (l *Links) span(s lessons.Span) textSpan {
	out := textSpan{text: s.Text, claim: s.Kind == lessons.ClaimSpan, style: fyne.TextStyle{Bold: s.Strong || s.Kind == lessons.ClaimSpan, Italic: s.Emph, Monospace: s.Code}}
	link := func(to func(string)) {
		if to != nil {
			out.tap = func(fyne.Position) { to(s.Target) }
		}
	}
	switch s.Kind {
	case lessons.Break:
		out.text = "\n"
	case lessons.Term:
		if l.Term != nil {
			out.tap = func(at fyne.Position) { l.Term(s.Target, at) }
		}
	case lessons.LessonLink:
		link(l.Lesson)
	case lessons.Web:
		link(l.Web)
	}
	return out
}

func (l *Links) list(b *lessons.Block) fyne.CanvasObject {
	box := container.NewVBox()
	for i, item := range b.Items {
		mark := "•"
		if b.Ordered {
			mark = fmt.Sprintf("%d.", b.Start+i)
		}
		box.Add(container.NewBorder(nil, nil, container.NewVBox(widget.NewLabel(mark)), nil, Text(item, l)))
	}
	return box
}

func (l *Links) table(b *lessons.Block) fyne.CanvasObject {
	if len(b.Rows) == 0 {
		return nil
	}
	lines := container.New(layout.NewCustomPaddedVBoxLayout(0))
	for i, row := range b.Rows {
		line := container.NewGridWithColumns(len(b.Rows[0]))
		for _, cell := range row {
			if i == 0 {
				cell = strong(cell)
			}
			line.Add(l.Line(cell, theme.SizeNameText))
		}
		if i > 0 {
			lines.Add(widget.NewSeparator())
		}
		lines.Add(line)
	}
	return lines
}

// A picture has the height that it needs beside a narrow bench, but no more than
// pictureHeight.
const (
	pictureHeight = 190
	pictureWidth  = 440
)

func (l *Links) picture(b *lessons.Block) fyne.CanvasObject {
	if b.Design != "" {
		if l.Design == nil {
			return nil
		}
		return sized(l.Design(b.Scenario, b.Design), pictureHeight)
	}
	if l.Files == nil {
		return nil
	}
	img, err := l.image(b.File)
	if err != nil {
		missing := widget.NewLabel(locale.T("lesson.picture-missing", b.File, err))
		missing.Wrapping, missing.Importance = fyne.TextWrapWord, widget.WarningImportance
		return missing
	}
	return container.NewVBox(sized(img, min(pictureHeight, pictureWidth/img.Aspect())), quiet(b.Text.String()))
}

func (l *Links) image(file string) (*canvas.Image, error) {
	if img := l.images[file]; img != nil {
		return img, nil
	}
	data, err := files.Read(l.Files, file)
	if err != nil {
		return nil, err
	}
	img := canvas.NewImageFromResource(fyne.NewStaticResource(file, data))
	img.FillMode = canvas.ImageFillContain
	if l.images == nil {
		l.images = map[string]*canvas.Image{}
	}
	l.images[file] = img
	return img, nil
}

// sized gives a picture a height; its width is that of the text.
func sized(o fyne.CanvasObject, height float32) fyne.CanvasObject {
	if o == nil {
		return nil
	}
	room := canvas.NewRectangle(nil)
	room.SetMinSize(fyne.NewSize(0, height))
	return container.NewStack(room, o)
}
