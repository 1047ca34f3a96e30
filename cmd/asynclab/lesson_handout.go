package main

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"html"
	"io/fs"
	"path"
	"strings"

	"asynclab/lessons"
	"asynclab/sim"
	"asynclab/sim/topology"
)

// handout is a lesson as a page to print: Markdown, or HTML that needs no other file.
type handout struct {
	*page
	l    *lessons.Lesson
	html bool
}

// print writes the whole page: steps up to their first question and, unless it is for
// students, the answers.
func (h *handout) print() {
	if h.html {
		fmt.Fprintf(&h.out, "<!DOCTYPE html>\n<html lang=%q>\n<head>\n<meta charset=\"utf-8\">\n<title>%s</title>\n<style>%s</style>\n</head>\n<body>\n",
			h.lang, html.EscapeString(h.l.Title), handoutStyle)
	}
	h.heading(1, h.l.Title)
	h.paragraph(h.plain(strings.Join(h.about(h.l), " · ")))
	h.paragraph(h.plain(h.l.Summary))
	h.blocks(h.l.Intro)
	for i := range h.steps(h.l) {
		h.heading(2, fmt.Sprintf("%d. %s", i+1, h.l.Steps[i].Title))
		h.blocks(parts(&h.l.Steps[i])[0].blocks)
	}
	if !h.student {
		h.answers()
	}
	if h.html {
		h.out.WriteString("</body>\n</html>\n")
	}
}

const handoutStyle = `body{font:11pt/1.45 serif;max-width:42em;margin:2em auto;padding:0 1em}h1,h2{font-family:sans-serif;break-after:avoid}` +
	`.ask{border-left:3px solid #777;padding-left:.8em;margin:1em 0;break-inside:avoid}.room{border-bottom:1px solid #999;height:1.8em}` +
	`table{border-collapse:collapse}td,th{border:1px solid #999;padding:.2em .6em}img{max-width:100%;max-height:20em}pre{background:#eee;padding:.5em}@media print{body{margin:0}}`

func (h *handout) answers() {
	h.heading(1, h.say("answers"))
	for i := range h.l.Steps {
		s := &h.l.Steps[i]
		all := parts(s)
		for k, part := range all {
			for _, a := range part.gates {
				h.heading(3, h.say("title", i+1, s.Title, a.Kind.Name(h.lang)))
				for n, hint := range a.Hints {
					h.paragraph(h.plain(h.say("hint", n+1)))
					h.blocks(hint)
				}
				_, answer := a.Page(h.lang)
				h.lines(answer)
				if len(a.Explain) > 0 {
					h.paragraph(h.text(a.Explain))
				}
			}
			if k+1 < len(all) {
				h.blocks(all[k+1].blocks)
			}
		}
	}
}

func (h *handout) heading(level int, text string) {
	if h.html {
		fmt.Fprintf(&h.out, "<h%d>%s</h%[1]d>\n", level, h.plain(text))
		return
	}
	fmt.Fprintf(&h.out, "%s %s\n\n", strings.Repeat("#", level), h.plain(text))
}

// paragraph writes a text that is formatted already.
func (h *handout) paragraph(text string) {
	if h.html {
		h.out.WriteString("<p>" + text + "</p>\n")
		return
	}
	h.out.WriteString(text + "\n\n")
}

// plain is a text without meaning for the format.
func (h *handout) plain(text string) string {
	if h.html {
		return html.EscapeString(text)
	}
	return strings.NewReplacer("*", `\*`, "_", `\_`, "`", "\\`", "<", `\<`, "[", `\[`, "|", `\|`).Replace(text)
}

// text formats the spans of a paragraph.
func (h *handout) text(t lessons.Text) string {
	var b strings.Builder
	for _, s := range t {
		one := h.plain(h.hollow(s))
		switch {
		case s.Kind == lessons.Break && h.html:
			one = "<br>"
		case s.Kind == lessons.Break:
			one = "  \n"
		case s.Code && h.html:
			one = "<code>" + one + "</code>"
		case s.Code:
			one = "`" + s.Text + "`"
		case s.Strong && h.html:
			one = "<strong>" + one + "</strong>"
		case s.Strong:
			one = "**" + one + "**"
		case s.Emph && h.html:
			one = "<em>" + one + "</em>"
		case s.Emph:
			one = "*" + one + "*"
		}
		if s.Kind == lessons.Web && s.Text != s.Target { // on paper nobody can tap it
			one += " (" + h.plain(s.Target) + ")"
		}
		b.WriteString(one)
	}
	return b.String()
}

func (h *handout) blocks(all []lessons.Block) {
	for _, b := range all {
		h.block(b)
	}
}

func (h *handout) block(b lessons.Block) {
	switch b.Kind {
	case lessons.Paragraph:
		h.paragraph(h.text(b.Text))
	case lessons.Heading:
		h.heading(3, b.Text.String())
	case lessons.List:
		h.list(b)
	case lessons.Table:
		h.table(b.Rows)
	case lessons.Picture:
		h.picture(b)
	case lessons.Code:
		if h.html {
			h.out.WriteString("<pre>" + html.EscapeString(b.Source) + "</pre>\n")
		} else {
			h.out.WriteString("```\n" + b.Source + "```\n\n")
		}
	case lessons.Quote:
		h.inside("<blockquote>\n", "</blockquote>\n", "> ", "> ", func() { h.blocks(b.Items[0]) })
	case lessons.Rule:
		h.paragraph(map[bool]string{true: "<hr>", false: "---"}[h.html])
	case lessons.Gate:
		h.ask(b.Activity)
	}
}

// inside writes what do writes between two tags or, in Markdown, with marks before its
// lines.
func (h *handout) inside(open, end, first, rest string, do func()) {
	if h.html {
		h.out.WriteString(open)
		do()
		h.out.WriteString(end)
		return
	}
	at := h.out.Len()
	do()
	text := strings.TrimRight(string(h.out.Bytes()[at:]), "\n")
	h.out.Truncate(at)
	h.out.WriteString(first + strings.ReplaceAll(text, "\n", "\n"+rest) + "\n\n")
}

func (h *handout) list(b lessons.Block) {
	tag := map[bool]string{true: "ol", false: "ul"}[b.Ordered]
	if h.html {
		fmt.Fprintf(&h.out, "<%s start=\"%d\">\n", tag, b.Start)
	}
	for i, item := range b.Items {
		mark := "- "
		if b.Ordered {
			mark = fmt.Sprintf("%d. ", b.Start+i)
		}
		h.inside("<li>", "</li>\n", mark, strings.Repeat(" ", len(mark)), func() { h.blocks(item) })
	}
	if h.html {
		fmt.Fprintf(&h.out, "</%s>\n", tag)
	}
}

func (h *handout) table(rows [][]lessons.Text) {
	if h.html {
		h.out.WriteString("<table>\n")
	}
	for i, row := range rows {
		line, cell := "|", "td"
		if i == 0 {
			cell = "th"
		}
		for _, t := range row {
			if h.html {
				line += fmt.Sprintf("<%s>%s</%[1]s>", cell, h.text(t))
			} else {
				line += " " + h.text(t) + " |"
			}
		}
		if h.html {
			h.out.WriteString("<tr>" + line[1:] + "</tr>\n")
			continue
		}
		h.out.WriteString(line + "\n")
		if i == 0 {
			h.out.WriteString("|" + strings.Repeat("---|", len(row)) + "\n")
		}
	}
	h.out.WriteString(map[bool]string{true: "</table>\n", false: "\n"}[h.html])
}

// picture holds the picture itself in HTML, and its description in Markdown.
func (h *handout) picture(b lessons.Block) {
	var data []byte
	kind := "image/svg+xml"
	if s := h.l.Scenario(b.Scenario); b.Design != "" && s != nil && s.Design(b.Design) != nil {
		var drawing bytes.Buffer
		g := sim.Graph(s.Design(b.Design))
		if l, err := topology.Arrange(g, topology.Options{}); h.html && err == nil && topology.SVG(&drawing, g, l, topology.Theme{}) == nil {
			data = drawing.Bytes()
		}
	} else if b.File != "" && h.html {
		data, _ = fs.ReadFile(h.l.FS, b.File)
		switch path.Ext(b.File) {
		case ".png":
			kind = "image/png"
		case ".jpg":
			kind = "image/jpeg"
		}
	}
	if len(data) == 0 {
		h.paragraph("[" + h.plain(h.say("picture", b.Text.String())) + "]")
		return
	}
	h.paragraph(fmt.Sprintf("<img alt=%q src=\"data:%s;base64,%s\">", html.EscapeString(b.Text.String()), kind, base64.StdEncoding.EncodeToString(data)))
}

// ask is what the student does, with room to write an answer.
func (h *handout) ask(a *lessons.Activity) {
	name := strings.ToUpper(a.Kind.Name(h.lang))
	shown, _ := a.Page(h.lang)
	h.inside("<div class=\"ask\">\n", "</div>\n", "> ", "> ", func() {
		strong := lessons.Text{{Text: name, Strong: true}}
		h.paragraph(h.text(strong) + " " + h.text(a.Ask))
		h.lines(shown)
		if h.student && len(a.Choices) == 0 {
			if h.html {
				h.out.WriteString("<div class=\"room\"></div>\n<div class=\"room\"></div>\n")
			} else {
				h.paragraph(strings.Repeat(`\_`, 40))
			}
		}
	})
}

// lines are the choices of an activity, or what it asks for.
func (h *handout) lines(all []lessons.Line) {
	for _, l := range all {
		h.paragraph(h.plain(l.Mark) + h.text(l.Text))
	}
}
