package lessons

import (
	"fmt"
	"io/fs"
	"strings"
	"testing"
	"time"

	"asynclab/scenarios/yamltree"
)

// FuzzLesson holds that no text of a lesson or a translation makes the reader
// panic, and that what is read can be walked. The lessons of the library begin it
// step by step: whole ones take milliseconds to read.
func FuzzLesson(f *testing.F) {
	fsys, err := fs.Sub(folder(f, nil), "shop-and-pay")
	if err != nil {
		f.Fatal(err)
	}
	files, _ := Template("shop-and-pay", "short")
	var original *Lesson
	for _, file := range files {
		if strings.HasSuffix(file.Name, ".md") {
			f.Add(string(file.Data))
		}
		if file.Name == "en.md" {
			original, _ = readLesson(fsys, "shop-and-pay", "en", "en.md", file.Data, nil)
		}
	}
	texts, _ := fs.Glob(embedded, "library/*/*.md")
	for _, name := range texts {
		text, _ := embedded.ReadFile(name)
		head, steps, _ := strings.Cut(string(text), "\n## ")
		for step := range strings.SplitSeq(steps, "\n## ") {
			f.Add(head + "\n## " + step)
		}
	}
	f.Add("---\nlesson: 1\n---\n## A {#a}\n```task\ngoals: [{expect: \"x: load.a\"}]\nrepairs: [{then: [{at: 1s}]}]\ncheats: [{}]\n```\n")
	f.Fuzz(func(t *testing.T, text string) {
		for _, o := range []*Lesson{nil, original} {
			l, ds := readLesson(fsys, "shop-and-pay", "en", "en.md", []byte(text), o)
			for _, d := range ds {
				if d.Line > strings.Count(text, "\n")+1 || d.Line < 0 || d.String() == "" {
					t.Errorf("%+v", d)
				}
			}
			if l == nil {
				continue
			}
			if len(ds) == 0 && len(l.Steps) > 0 {
				p := NewPlayer(l, (&Progress{}).Of(l.ID, time.Time{}))
				for range l.Steps {
					p.Visible()
					p.Next(time.Time{})
				}
			}
		}
	})
}

// Texts that are made to keep a parser busy are read, or refused, in no time.
func TestHostile(t *testing.T) {
	head := "---\nlesson: 1\nid: a\ntitle: t\nsummary: s\nminutes: 1\n---\n## A {#a}\n"
	for _, bad := range []string{"[", "![", "*a_", "<", "`", "> ", "- ", "[a](", "\n```hint\n", "**", "{[", "a: {", "|a|\n|-|\n", "\\", "&amp;", "## x {#"} {
		text := head + strings.Repeat(bad, format.Size/len(bad)/2)
		began := time.Now()
		readLesson(nil, "a", "en", "en.md", []byte(text), nil)
		if took := time.Since(began); took > 3*time.Second {
			t.Errorf("%q: %v", bad, took)
		}
		yaml := head + "```predict\nask: " + strings.Repeat(bad, 20_000/len(bad)) + "\n```\n"
		began = time.Now()
		readLesson(nil, "a", "en", "en.md", []byte(yaml), nil)
		if took := time.Since(began); took > 3*time.Second {
			t.Errorf("%q in YAML: %v", bad, took)
		}
	}
}

// However many mistakes a lesson has, hints are made only for those that are kept.
func TestManyMistakesAreBounded(t *testing.T) {
	var text strings.Builder
	text.WriteString("---\nlesson: 1\nid: a\ntitle: t\nsummary: s\nminutes: 1\n---\n## A {#a}\n```setup\n")
	for i := range 15_000 {
		fmt.Fprintf(&text, "scenaro%d: 1\n", i)
	}
	text.WriteString("```\n")
	began := time.Now()
	_, ds := readLesson(nil, "a", "en", "en.md", []byte(text.String()), nil)
	if took := time.Since(began); len(ds) != yamltree.MaxKept || took > 10*time.Second { // a fraction of a second
		t.Errorf("%d mistakes in %v", len(ds), took)
	}
}
