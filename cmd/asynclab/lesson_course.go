package main

import (
	"fmt"
	"html"
	"slices"
	"strconv"
	"strings"

	"asynclab/lessons"
)

type lessonCourseCmd struct {
	Dir    string `placeholder:"DIR" help:"The lessons in this folder, or zip file, instead of those that come with asynclab."`
	Lang   string `default:"en" placeholder:"LANG" help:"The language, such as zh-Hans."`
	Format string `default:"md" enum:"md,html" help:"md, or html that needs no other file."`
	Out    string `placeholder:"FILE" help:"Write to a file, whole or not at all."`
}

// courseWords are the fixed texts of the page for lecturers, by language and id.
var courseWords = map[string]map[string]string{
	"en": {
		"title": "The course", "lessons": "%d lessons, %d minutes", "lesson": "lesson", "minutes": "minutes", "after": "after", "ids": "catalogue",
		"number": "no.", "ideas": "What a student can say afterwards:", "asks": "Comes back from %s, to those who were sure and wrong.", "activities": "Activities: %s.",
		"handout": "Hand-out: asynclab lesson show %s --format html --student", "id": "%s: %s",
	},
	"zh-Hans": {
		"title": "课程总览", "lessons": "%d 课，共 %d 分钟", "lesson": "课", "minutes": "分钟", "after": "先修", "ids": "目录编号",
		"number": "序号", "ideas": "学完以后，学生可以这样说：", "asks": "当初在 %s 有把握却答错的人，会在这里再遇到它。", "activities": "活动：%s。",
		"handout": "讲义：asynclab lesson show %s --lang zh-Hans --format html --student", "id": "%s：%s",
	},
}

func (c *lessonCourseCmd) Run(a *app) error {
	shelf := lessons.Library()
	if c.Dir != "" {
		var err error
		if shelf, err = interruptible(a, c.Dir, func() (lessons.Shelf, error) { return lessons.Open(c.Dir) }); err != nil {
			return err
		}
	}
	if m := shelf.Mistakes(); len(m) > 0 {
		return m
	}
	h := &handout{page: &page{lang: c.Lang}, html: c.Format == "html"}
	if courseWords[h.lang] == nil {
		h.lang = "en"
	}
	h.course(shelf, c.Lang)
	return a.output(c.Out, func(w writer) error {
		_, err := w.Write(h.out.Bytes())
		return err
	})
}

// course writes the page for lecturers: a table of the lessons in their order, and for
// each its ideas, what comes back in it, and what it has students do.
func (h *handout) course(shelf lessons.Shelf, language string) {
	say := func(id string, args ...any) string { return fmt.Sprintf(courseWords[h.lang][id], args...) }
	plain := func(text string) lessons.Text { return lessons.Text{{Text: text}} }
	if h.html {
		fmt.Fprintf(&h.out, "<!DOCTYPE html>\n<html lang=%q>\n<head>\n<meta charset=\"utf-8\">\n<title>%s</title>\n<style>%s</style>\n</head>\n<body>\n",
			h.lang, html.EscapeString(say("title")), handoutStyle)
	}
	minutes := 0
	rows := [][]lessons.Text{{plain(say("number")), plain(say("lesson")), plain(say("minutes")), plain(say("after")), plain(say("ids"))}}
	for i, f := range shelf {
		l := f.In(language)
		minutes += l.Minutes
		var after []string
		for _, id := range l.Prerequisites {
			if n := slices.Index(shelf.IDs(), id); n >= 0 {
				id = strconv.Itoa(n + 1)
			}
			after = append(after, id)
		}
		rows = append(rows, []lessons.Text{plain(strconv.Itoa(i + 1)), plain(l.Title), plain(strconv.Itoa(l.Minutes)), plain(strings.Join(after, pageWords[h.lang]["list"])), plain(strings.Join(l.Covers, " "))})
	}
	h.heading(1, say("title"))
	h.paragraph(h.plain(say("lessons", len(shelf), minutes)))
	h.table(rows)
	for i, f := range shelf {
		l := f.In(language)
		h.heading(2, fmt.Sprintf("%d. %s", i+1, l.Title))
		h.paragraph(h.plain(l.Summary))
		if ideas := l.Ideas(); len(ideas) > 0 {
			h.paragraph(h.plain(say("ideas")))
			for _, b := range ideas {
				h.block(b)
			}
		}
		var does []string
		for k := range l.Steps {
			for _, a := range l.Steps[k].Activities() {
				if a.Of != "" {
					h.paragraph(h.plain(say("asks", a.Of)))
				}
				does = append(does, a.Kind.Name(h.lang))
			}
		}
		h.paragraph(h.plain(say("activities", strings.Join(does, pageWords[h.lang]["list"]))))
		for _, id := range l.Covers {
			if n := slices.IndexFunc(catalogue, func(e struct{ id, what, zh string }) bool { return e.id == id }); n >= 0 {
				what := catalogue[n].what
				if h.lang == "zh-Hans" {
					what = catalogue[n].zh
				}
				h.block(lessons.Block{Kind: lessons.List, Items: [][]lessons.Block{{{Kind: lessons.Paragraph, Text: plain(say("id", id, what))}}}})
			}
		}
		h.paragraph(h.plain(say("handout", f.ID)))
	}
	if h.html {
		h.out.WriteString("</body>\n</html>\n")
	}
}
