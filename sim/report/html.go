package report

import (
	"bytes"
	_ "embed"
	"fmt"
	"html"
	"io"
	"slices"
	"strings"
)

// View is what a page shows beside the words of a report.
type View struct {
	Designs []Picture // what calls what, a picture for each design
	Courses []Picture // numbers over time
	Command string    // that makes the report again
	Source  string    // of the scenario
}

// Picture is a drawing with the words that stand above it. SVG is put into a page as it
// is, and must be well-formed: what package topology and package chart write.
type Picture struct{ Title, SVG string }

type (
	badge struct {
		class, text string
	}
	gallery struct {
		heading
		pictures []Picture
		class    string
	}
	fold struct{ summary, text string }
)

// HTML writes the report as one page that needs nothing else: no script, and no font,
// picture or style from outside.
func (r *Report) HTML(w io.Writer, v View) error {
	d := r.document()
	mark, text, ok := r.state()
	state := badge{"bad", mark + ": " + text}
	if ok {
		state.class = "good"
	}
	return d.page(w, v, state, "In short", "Numbers")
}

// HTML writes the comparison as one page that needs nothing else.
func (c *Comparison) HTML(w io.Writer, v View) error {
	d := c.document()
	first := heading("")
	if i := slices.IndexFunc(d, func(b block) bool { _, is := b.(heading); return is }); i >= 0 {
		first = d[i].(heading)
	}
	return d.page(w, v, badge{"open", Plural(len(c.Designs), "design") + " under common random numbers"}, first, first)
}

//go:embed page.css
var style string

// page writes the document with its pictures: the designs before one heading, the
// courses before another.
func (d document) page(w io.Writer, v View, state badge, designs, courses heading) error {
	d = slices.Insert(d, 1, block(state))
	put := func(before heading, g gallery) {
		i := slices.Index(d, block(before))
		if len(g.pictures) > 0 && i >= 0 {
			d = slices.Insert(d, i, block(g))
		}
	}
	put(courses, gallery{"Over time", v.Courses, "courses"})
	put(designs, gallery{"What calls what", v.Designs, "designs"})
	if v.Command != "" {
		d.add(heading("To make it again"), verbatim(v.Command))
	}
	if v.Source != "" {
		d.add(fold{"the scenario", v.Source})
	}
	var b bytes.Buffer
	name, _ := d[0].(title)
	fmt.Fprintf(&b, "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"+
		"<title>%s</title>\n<style>\n%s</style>\n</head>\n<body>\n<main>\n", html.EscapeString(string(name)), style)
	d.html(&b)
	b.WriteString("</main>\n</body>\n</html>\n")
	_, err := w.Write(b.Bytes())
	return err
}

// html writes blocks, from each heading to the next as a section that a link can name.
func (d document) html(b *bytes.Buffer) {
	inside, listed := false, false
	section := func(h heading) {
		if inside {
			b.WriteString("</section>\n")
		}
		inside = true
		fmt.Fprintf(b, "<section id=\"%s\">\n<h2>%s</h2>\n", html.EscapeString(anchor(string(h))), html.EscapeString(string(h)))
	}
	for _, x := range d {
		if _, entry := x.(bullet); listed && !entry {
			b.WriteString("</ul>\n")
			listed = false
		}
		switch x := x.(type) {
		case title:
			fmt.Fprintf(b, "<h1>%s</h1>\n", html.EscapeString(string(x)))
		case heading:
			section(x)
		case verbatim:
			fmt.Fprintf(b, "<pre>%s</pre>\n", html.EscapeString(strings.Trim(string(x), "\n")))
		case paragraph:
			text := html.EscapeString(x.text)
			if x.strong {
				text = "<b>" + text + "</b>"
			}
			fmt.Fprintf(b, "<p>%s</p>\n", text)
		case bullet:
			if !listed {
				b.WriteString("<ul>\n")
				listed = true
			}
			b.WriteString("<li>")
			if x.lead != "" {
				fmt.Fprintf(b, "<b>%s</b>: ", html.EscapeString(x.lead))
			}
			b.WriteString(html.EscapeString(x.text) + "</li>\n")
		case grid:
			x.html(b)
		case badge:
			fmt.Fprintf(b, "<p class=\"badge %s\">%s</p>\n", x.class, html.EscapeString(x.text))
		case gallery:
			section(x.heading)
			fmt.Fprintf(b, "<div class=\"%s\">\n", x.class)
			for _, p := range x.pictures {
				fmt.Fprintf(b, "<figure>\n<figcaption>%s</figcaption>\n%s\n</figure>\n", html.EscapeString(p.Title), p.SVG)
			}
			b.WriteString("</div>\n")
		case fold:
			fmt.Fprintf(b, "<details><summary>%s</summary>\n<pre>%s</pre>\n</details>\n", html.EscapeString(x.summary), html.EscapeString(x.text))
		}
	}
	if listed {
		b.WriteString("</ul>\n")
	}
	if inside {
		b.WriteString("</section>\n")
	}
}

// anchor is a heading as the name of a place in a page.
func anchor(h string) string {
	return strings.Join(strings.FieldsFunc(strings.ToLower(h), func(r rune) bool { return r < '0' || r > '9' && r < 'a' || r > 'z' && r < 0x80 }), "-")
}

func (g *grid) html(b *bytes.Buffer) {
	b.WriteString("<div class=\"wide\"><table>\n<thead><tr>")
	for i, c := range g.head {
		fmt.Fprintf(b, "<th class=\"%c\" scope=\"col\">%s</th>", g.column(i), html.EscapeString(c))
	}
	b.WriteString("</tr></thead>\n<tbody>\n")
	for _, row := range g.rows {
		if len(row) == 1 && len(g.head) > 1 {
			fmt.Fprintf(b, "<tr><th colspan=\"%d\" scope=\"rowgroup\">%s</th></tr>\n", len(g.head), html.EscapeString(row[0]))
			continue
		}
		b.WriteString("<tr>")
		for i, c := range row {
			text := html.EscapeString(c)
			if g.column(i) == 'c' {
				text = "<code>" + text + "</code>"
			}
			class := string(g.column(i))
			if mark, is := marks[c]; is && i == 0 {
				class += " " + mark
			}
			fmt.Fprintf(b, "<td class=\"%s\">%s</td>", class, text)
		}
		b.WriteString("</tr>\n")
	}
	b.WriteString("</tbody></table></div>\n")
}

// marks are the classes of verdicts in a page.
var marks = map[string]string{"pass": "good", "not met": "bad", "inconclusive": "open"}
