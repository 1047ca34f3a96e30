package build

import (
	"fmt"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"asynclab/scenarios"
	"asynclab/scenarios/yamltree"
	"asynclab/ui/editor"
	"asynclab/ui/locale"
	"asynclab/ui/window"
)

// mark marks the mistakes and warnings in the text.
func (p *Place) mark() {
	var marks []editor.Mark
	for _, d := range p.now.problems {
		if d.Line == 0 {
			continue
		}
		from := p.buffer.At(d.Line, d.Column)
		to := p.wordEnd(from)
		marks = append(marks, editor.Mark{From: from, To: to, Warning: d.Warning != ""})
	}
	p.editor.SetMarks(marks)
}

// wordEnd is the end of the value or key at a place.
func (p *Place) wordEnd(from int) int {
	rest, _, _ := strings.Cut(p.buffer.Text()[from:], "\n")
	if i := strings.IndexAny(rest, ",]}#:"); i > 0 {
		rest = rest[:i]
	}
	return from + len(strings.TrimRight(rest, " "))
}

// fillList lists the mistakes and warnings; a tap leads to the line.
func (p *Place) fillList() {
	const most = 50
	p.list.Objects = nil
	for i, d := range p.now.problems {
		if i == most {
			p.list.Add(widget.NewLabel(locale.T("mistakes.more", len(p.now.problems)-most)))
			break
		}
		c := window.NewCard(problem(d), func() { p.goTo(d) })
		p.controls[fmt.Sprintf("build:problem:%d", i)] = c
		p.list.Add(c)
	}
	p.list.Refresh()
}

func problem(d yamltree.Diagnostic) fyne.CanvasObject {
	where := locale.T("mistakes.line", d.Line)
	if d.Line == 0 {
		where = locale.T("mistakes.whole-file")
	}
	head := widget.NewLabel(locale.T("text.with-detail", where, window.Said(d)))
	head.Wrapping, head.Importance = fyne.TextWrapWord, widget.DangerImportance
	if d.Warning != "" {
		head.Importance = widget.WarningImportance
	}
	if d.Hint == "" {
		return head
	}
	hint := widget.NewLabel(window.Advised(d))
	hint.Wrapping, hint.SizeName = fyne.TextWrapWord, theme.SizeNameCaptionText
	return container.NewVBox(head, hint)
}

// goTo puts the caret where a mistake is.
func (p *Place) goTo(d yamltree.Diagnostic) {
	if p.editor != nil && d.Line > 0 {
		p.focus()
		p.editor.GoTo(p.buffer.At(d.Line, d.Column))
	}
}

// complete lists what the language has for a place of the text.
func complete(text string, at int) (from int, all []editor.Suggestion) {
	from, found := scenarios.Complete(text, at)
	for _, c := range found {
		s := editor.Suggestion{Text: c.Text, Detail: locale.Noun(c.Kind)}
		if f := c.Field; f != nil {
			s.Doc = locale.Field(f)
			if def := locale.Default(f); def != "" && !f.Default.Required {
				s.Doc = locale.T("error.with-hint", s.Doc, locale.T("build.default", def))
			}
		}
		all = append(all, s)
	}
	return from, all
}
