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
	"asynclab/ui/locale"
)

// Links are what a text does when something in it is tapped. Each may be nil:
// then the words are plain.
type Links struct {
	Term   func(id string, from fyne.CanvasObject) // a word of the glossary
	Lesson func(id string)
	Web    func(address string)
	// Design draws the picture of a design of a scenario of the lesson.
	Design func(scenario, design string) fyne.CanvasObject
	// Files is where pictures are read; nil: there are none.
	Files fs.FS
}

// Text sets blocks one below the other.
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
	return nil // a gate is the panel's
}

func strong(t lessons.Text) lessons.Text {
	out := append(lessons.Text(nil), t...)
	for i := range out {
		out[i].Strong = true
	}
	return out
}

// Line is one paragraph.
func (l *Links) Line(t lessons.Text, size fyne.ThemeSizeName) *widget.RichText {
	rt := widget.NewRichText()
	rt.Wrapping = fyne.TextWrapWord
	for _, s := range t {
		rt.Segments = append(rt.Segments, l.span(s, size, rt))
	}
	return rt
}

func (l *Links) span(s lessons.Span, size fyne.ThemeSizeName, in fyne.CanvasObject) widget.RichTextSegment {
	style := widget.RichTextStyle{Inline: true, SizeName: size, ColorName: theme.ColorNameForeground,
		TextStyle: fyne.TextStyle{Bold: s.Strong, Italic: s.Emph, Monospace: s.Code}}
	text := s.Text
	link := func(do func()) widget.RichTextSegment {
		h := &widget.HyperlinkSegment{Text: text, OnTapped: do, TextStyle: style.TextStyle, SizeName: size}
		return h
	}
	switch s.Kind {
	case lessons.Break:
		text = "\n"
	case lessons.ClaimSpan:
		style.TextStyle.Bold = true
	case lessons.Term:
		if l.Term != nil {
			return link(func() { l.Term(s.Target, in) })
		}
	case lessons.LessonLink:
		if l.Lesson != nil {
			return link(func() { l.Lesson(s.Target) })
		}
	case lessons.Web:
		if l.Web != nil {
			return link(func() { l.Web(s.Target) })
		}
	}
	return &widget.TextSegment{Text: text, Style: style}
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
	grid := container.New(layout.NewGridLayout(max(1, len(b.Rows[0]))))
	for i, row := range b.Rows {
		for _, cell := range row {
			if i == 0 {
				cell = strong(cell)
			}
			grid.Add(l.Line(cell, theme.SizeNameText))
		}
	}
	return grid
}

const pictureHeight = 190

func (l *Links) picture(b *lessons.Block) fyne.CanvasObject {
	if b.Design != "" {
		if l.Design == nil {
			return nil
		}
		return sized(l.Design(b.Scenario, b.Design))
	}
	if l.Files == nil {
		return nil
	}
	data, err := fs.ReadFile(l.Files, b.File)
	if err != nil {
		missing := widget.NewLabel(locale.T("The picture %s is missing: %v", b.File, err))
		missing.Wrapping, missing.Importance = fyne.TextWrapWord, widget.WarningImportance
		return missing
	}
	img := canvas.NewImageFromResource(fyne.NewStaticResource(b.File, data))
	img.FillMode = canvas.ImageFillContain
	caption := widget.NewLabel(b.Text.String())
	caption.Wrapping, caption.Importance = fyne.TextWrapWord, widget.LowImportance
	caption.SizeName = theme.SizeNameCaptionText
	return container.NewVBox(sized(img), caption)
}

// sized gives a picture a height; its width is that of the text.
func sized(o fyne.CanvasObject) fyne.CanvasObject {
	if o == nil {
		return nil
	}
	room := canvas.NewRectangle(nil)
	room.SetMinSize(fyne.NewSize(0, pictureHeight))
	return container.NewStack(room, o)
}
