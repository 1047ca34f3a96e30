package ui

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/go-text/typesetting/font"

	"asynclab/assets"
	"asynclab/scenarios"
	"asynclab/sim/mech/all"
	"asynclab/ui/locale"
	"asynclab/ui/window"
)

// english finds texts that are said in English although a translation is there.
type english struct {
	texts   map[string]string
	formats []*regexp.Regexp // of the texts with verbs
}

var verb = regexp.MustCompile(`%(\[\d+\])?[-+# 0]*(\*|\d+)?(\.(\*|\d+))?[a-zA-Z%]`)

func newEnglish(t *testing.T) *english {
	t.Helper()
	e := &english{texts: map[string]string{}}
	texts := map[string]map[string]string{}
	for _, tag := range []string{"en", "zh-Hans"} {
		data, err := assets.Translations.ReadFile("translations/" + tag + "/window.json")
		if err != nil {
			t.Fatal(err)
		}
		byID := map[string]string{}
		if err := json.Unmarshal(data, &byID); err != nil {
			t.Fatal(err)
		}
		texts[tag] = byID
	}
	for id, text := range texts["en"] {
		e.texts[text] = texts["zh-Hans"][id]
	}
	for _, k := range all.Mechanisms.Kinds() {
		for i := range k.Metrics {
			e.texts[k.Metrics[i].Doc] = "" // in Chinese it is another text
		}
	}
	for _, l := range scenarios.Library() {
		e.texts[l.Title] = ""
	}
	for text := range e.texts {
		literal := verb.ReplaceAllString(text, "")
		if literal == text || !words.MatchString(literal) {
			continue
		}
		pattern := "(?s)^"
		for i, part := range verb.Split(text, -1) {
			if i > 0 {
				pattern += "(.+)"
			}
			pattern += regexp.QuoteMeta(part)
		}
		e.formats = append(e.formats, regexp.MustCompile(pattern+"$"))
	}
	return e
}

// words are three or more words of a language with Latin letters.
var words = regexp.MustCompile(`[A-Za-z]{2,} [A-Za-z]{2,} [A-Za-z]{2,}`)

// of tells whether a text is English that has a translation.
func (e *english) of(text string) bool {
	if !strings.ContainsAny(text, " ABCDEFGHIJKLMNOPQRSTUVWXYZ") {
		return false // a name, as metrics and designs have them
	}
	if translated, ok := e.texts[text]; ok && translated != text {
		return true
	}
	for _, f := range e.formats {
		if f.MatchString(text) {
			return true
		}
	}
	return false
}

// fontsOf are the fonts of the window.
func fontsOf(t *testing.T) (all []*font.Face) {
	t.Helper()
	for _, data := range [][]byte{assets.RegularFont(), assets.BoldFont(), assets.MonoFont()} {
		f, err := font.ParseTTF(bytes.NewReader(data))
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, f)
	}
	return all
}

// Every page of the window is in Chinese when that is asked for, and no text has
// a character that would show as a box.
func TestChineseEverywhere(t *testing.T) {
	e, fonts := newEnglish(t), fontsOf(t)
	r := start(t, "")
	r.press("Ctrl+L")
	if locale.Current() != "zh-Hans" {
		t.Fatalf("the language is %s", locale.Current())
	}
	pages := 0
	look := func(page string) {
		t.Helper()
		pages++
		chinese := 0
		for _, text := range r.texts() {
			if e.of(text) {
				t.Errorf("%s: %q has a translation", page, text)
			} else if words.MatchString(text) && !strings.Contains(text, "SIL") {
				t.Errorf("%s: %q is not Chinese", page, text)
			}
			for _, c := range text {
				if c >= 0x4e00 {
					chinese++
				}
				for i, f := range fonts {
					if _, ok := f.NominalGlyph(c); !ok && c > ' ' {
						t.Errorf("%s: %q has %c (%U), which font %d has not", page, text, c, c, i)
					}
				}
			}
		}
		if chinese < 20 {
			t.Errorf("%s: only %d Chinese characters", page, chinese)
		}
	}
	look("lessons")
	r.s.learn().Glossary()
	look("glossary")
	r.closeDialogs()
	r.s.showKeys()
	look("keys")
	r.closeDialogs()
	r.s.showAbout()
	look("about")
	r.closeDialogs()
	for _, it := range r.s.settingsMenu().Items {
		if e.of(it.Label) {
			t.Errorf("the menu says %q", it.Label)
		}
	}
	r.tap("start")
	r.until("the lesson's lab is there", func() bool { return len(r.s.bench().Frame.Lanes) > 0 })
	look("lesson")

	r.press("Ctrl+2")
	look("lab, empty")
	b := r.open("order-flow")
	r.press("f")
	r.press("X")
	look("lab, element")
	for _, node := range b.Scenes[0].Graph.Nodes {
		b.Choose(0, node.ID)
		r.tick(200e6)
		look("lab, " + node.ID)
	}
	for i := range b.Scenes[0].Graph.Edges {
		b.Choose(0, b.LinkOf(0, i))
		r.tick(200e6)
		look("lab, " + b.LinkOf(0, i))
	}
	b.Inject(0, faultOf(b))
	b.Set(0, "load.shoppers.rate", "7/s")
	for i, tab := range b.Panels.Items {
		b.Panels.SelectIndex(i)
		r.tick(200e6)
		look("lab, tab " + tab.Text)
	}
	b.SelectTab(b.Story.Content)
	r.tap("story:latest")
	r.until("the story is told", func() bool { return b.Story.View.Graph.Nodes != nil })
	look("lab, story")
	r.control("plots").(*window.Button).OnTapped()
	look("lab, menu of plots")
	r.closeDialogs()
	b.Save()
	look("lab, saving")
	r.closeDialogs()
	b.AskForTime()
	look("lab, asking for a time")
	r.closeDialogs()
	r.s.lab().About()
	look("lab, about")
	r.closeDialogs()

	r.press("Ctrl+3")
	look("compare, empty")
	b = r.open("order-flow")
	r.press("f")
	for i, tab := range b.Panels.Items {
		b.Panels.SelectIndex(i)
		look("compare, tab " + tab.Text)
	}

	bad := filepath.Join(r.dir, "bad.yaml")
	if err := os.WriteFile(bad, []byte("version: 1\nname: bad\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	r.s.openInLab(bad)
	r.tap("ask:lose")
	r.until("the mistakes are shown", func() bool { return r.s.lab().Err != nil })
	for _, text := range r.texts() {
		if e.of(text) {
			t.Errorf("mistakes: %q has a translation", text)
		}
	}
	if pages < 28 {
		t.Errorf("only %d pages were looked at", pages)
	}
	r.quiet()

	// And back, at run time.
	r.press("Ctrl+L")
	r.press("Ctrl+1")
	r.press("Ctrl+3")
	for _, text := range r.texts() {
		if strings.ContainsFunc(text, func(c rune) bool { return c >= 0x4e00 }) {
			t.Errorf("still said: %q", text)
		}
	}
}
