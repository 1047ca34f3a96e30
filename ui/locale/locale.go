// Package locale says things in the reader's language.
//
//	locale.T("keys.step-event")                  ──► assets/translations/LANGUAGE/window.json
//	locale.Word("metric.load.offered", english)  ──► assets/translations/LANGUAGE/{model,record,library}.json
//
// Every text has an id: lower-case words that say where it stands and what it
// means. A text for people is never a key: it can be mended in one language
// without touching another. Tests hold that every id that is used is in every
// language, with the same verbs, and that none is left over. The language can
// change at run time: the content of the window is then built anew.
//
// # How to choose
//
// The window's own texts are in window.json, in English too. They are said by T
// with the id as a literal. What is declared elsewhere brings its English along
// (a metric, a parameter, a scenario): Word looks for other languages only, and
// falls back to the declaration. What a person wrote has no id.
package locale

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"strings"
	"sync/atomic"

	system "github.com/jeandeaual/go-locale"
	"golang.org/x/text/language"

	"asynclab/assets"
	"asynclab/sim/metric"
	"asynclab/sim/record"
)

// Language is one that the program speaks.
type Language struct {
	Tag  string // BCP 47
	Name string // in the language itself
}

// The first is the language of the declarations, and the default.
var languages = []Language{{"en", "English"}, {"zh-Hans", "简体中文"}}

// Languages lists those that can be used.
func Languages() []Language { return append([]Language(nil), languages...) }

// catalogue is the texts of one language.
type catalogue struct {
	tag   string
	texts map[string]string // by id
}

var (
	catalogues = load()
	current    atomic.Pointer[catalogue]
)

func init() { Use("en") }

// T is the text of the window with an id, in the language in use; the arguments
// are those of fmt.Sprintf. An id that nobody knows is shown as it is.
func T(id string, args ...any) string {
	text, ok := current.Load().texts[id]
	if !ok {
		text, ok = catalogues[0].texts[id]
	}
	if !ok {
		return id
	}
	return fmt.Sprintf(text, args...)
}

// Word is a text that is declared in English, with an id, in the language in
// use; English where there is no translation. It is a record.Voice.
func Word(id, english string) string {
	if text, ok := current.Load().texts[id]; ok {
		return text
	}
	return english
}

// Say says a word that is declared with its id.
func Say(w record.Word) string { return record.Voice(Word).Say(w) }

// Metric says what a number counts, and a ratio's denominator.
func Metric(r metric.Ref) string {
	text := Word(metricID(r.Metric), r.Doc)
	if r.Stat == metric.Ratio {
		text += T("metric.share-of", r.Denominator().Name)
	}
	return text
}

func metricID(m *metric.Metric) string { return "metric." + strings.ToLower(m.ID()) }

// Curve is what a curve of a metric is called; "" where its element says it.
func Curve(c *metric.Curve) string {
	if c.Label == "" {
		return ""
	}
	return Word("curve."+c.Label, c.Label)
}

// Use sets the language: the tag of one of Languages, or of one close to it
// ("zh-CN"), or "" for the language of the system. What is not spoken here
// becomes English. It does not change what is on the screen already.
func Use(tag string) {
	c := &catalogues[closest(tag)]
	current.Store(c)
	teachToolkit(c.tag)
}

// Current is the tag of the language in use.
func Current() string { return current.Load().tag }

// closest is the index of the language that the reader of tag understands best.
func closest(tag string) int {
	wanted := []string{tag}
	if tag == "" {
		wanted = systemTags()
	}
	var spoken []language.Tag
	for _, l := range languages {
		spoken = append(spoken, language.MustParse(l.Tag))
	}
	_, i := language.MatchStrings(language.NewMatcher(spoken), wanted...)
	return i
}

// systemTags is the languages of the system, most preferred first; none where it
// does not say.
func systemTags() []string {
	tags, err := system.GetLocales()
	if err != nil {
		return nil
	}
	return tags
}

// load reads the embedded catalogues. They are part of the program: a mistake
// in them is one of the program.
func load() []catalogue {
	all := make([]catalogue, len(languages))
	for i, l := range languages {
		all[i] = catalogue{l.Tag, map[string]string{}}
		files := []string{"window", "model", "library", "record"}
		if i == 0 {
			files = files[:1] // the rest is declared in English
		}
		for _, name := range files {
			read(l.Tag, name, &all[i].texts)
		}
	}
	return all
}

// read adds the texts of one file.
func read(tag, name string, to *map[string]string) {
	data, err := fs.ReadFile(assets.Translations, "translations/"+tag+"/"+name+".json")
	if err == nil {
		err = json.Unmarshal(data, to)
	}
	if err != nil {
		panic(fmt.Sprintf("locale: %s %s: %v", tag, name, err))
	}
}
