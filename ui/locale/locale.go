// Package locale has the texts of the window in the reader's language.
//
//	locale.T("keys.step-event")                  ──► assets/translations/LANGUAGE/window.json
//	locale.Word("metric.load.offered", english)  ──► assets/translations/LANGUAGE/{model,record,library}.json
//
// Every text has an id: lower-case words for its place and meaning. A text for
// people is never a key: it can be corrected in one language without touching
// another. Tests check that every id in use is in every language, with the same
// formatting verbs, and that no id is unused. The language can change at run
// time: the content of the window is then rebuilt.
//
// # How to choose
//
// The window's own texts are in window.json, in English too. T looks them up,
// with the id as a literal. Texts that are declared elsewhere (a metric, a
// parameter, a scenario) have their English in the declaration: Word looks up
// other languages only, and falls back to the declaration. Text written by a
// person has no id.
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
	"asynclab/sim/spec"
	"asynclab/sim/spell"
)

// Language is a language of the program.
type Language struct {
	Tag  string // BCP 47
	Name string // in the language itself
}

// The first is the language of the declarations, and the default.
var languages = []Language{{"en", "English"}, {"zh-Hans", "简体中文"}}

// Languages lists the languages of the program.
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
// are those of fmt.Sprintf. An unknown id is shown as it is.
func T(id string, args ...any) string {
	text, ok := current.Load().texts[id]
	if !ok {
		text, ok = catalogues[0].texts[id]
	}
	if !ok {
		return id
	}
	return record.Closed(fmt.Sprintf(text, args...))
}

// Word is a text declared in English, with an id, in the language in use;
// English if there is no translation. It is a record.Voice.
func Word(id, english string) string {
	if text, ok := current.Load().texts[id]; ok {
		return text
	}
	return english
}

// Say is the translation of a word that is declared with its id.
func Say(w record.Word) string { return record.Voice(Word).Say(w) }

// Mistake is a sentence about a mistake, in the language in use: its format is looked up,
// and filled with the same arguments.
func Mistake(said spell.Text) string {
	format := Word("mistake."+said.Format, said.Format)
	if len(said.Args) == 0 {
		return format
	}
	args := make([]any, len(said.Args))
	for i, arg := range said.Args {
		switch a := arg.(type) {
		case spell.Text:
			args[i] = Mistake(a)
		case spell.Noun:
			args[i] = Noun(string(a))
		case record.Word:
			args[i] = Say(a)
		case interface{ Say(record.Voice) string }:
			args[i] = a.Say(Word)
		default:
			args[i] = arg
		}
	}
	return record.Closed(fmt.Sprintf(format, args...))
}

// Metric describes what a number counts, and the denominator of a ratio.
func Metric(r metric.Ref) string {
	text := Word(metricID(r.Metric), r.Doc)
	if r.Stat == metric.Ratio {
		text += T("metric.share-of", r.Denominator().Name)
	}
	return text
}

// Field describes a setting of the language of scenarios.
func Field(f *spec.Field) string { return Word("param."+f.ID(), f.Doc) }

// Default is what a setting is where nothing is written; "" if something must be.
func Default(f *spec.Field) string {
	text, value := f.Says()
	if value || f.Default.Required {
		return text
	}
	return Word(defaultID(text), text)
}

func defaultID(text string) string {
	words := strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return (r < 'a' || r > 'z') && (r < '0' || r > '9') })
	return "default." + strings.Join(words, "-")
}

// Noun is what the language of scenarios calls a kind of value.
func Noun(name string) string { return Word("noun."+name, name) }

func metricID(m *metric.Metric) string { return "metric." + strings.ToLower(m.ID()) }

// Curve is the name of a curve of a metric; "" if the name of its element is
// enough.
func Curve(c *metric.Curve) string {
	if c.Label == "" {
		return ""
	}
	return Word("curve."+c.Label, c.Label)
}

// Use sets the language: the tag of one of Languages, or of one close to it
// ("zh-CN"), or "" for the language of the system. An unsupported language
// becomes English. Content already on the screen does not change.
func Use(tag string) {
	c := &catalogues[closest(tag)]
	current.Store(c)
	teachToolkit(c.tag)
}

// Current is the tag of the language in use.
func Current() string { return current.Load().tag }

// closest is the index of the language closest to tag.
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

// systemTags is the languages of the system, most preferred first; none if the
// system does not report them.
func systemTags() []string {
	tags, err := system.GetLocales()
	if err != nil {
		return nil
	}
	return tags
}

// load reads the embedded catalogues. They are part of the program: a mistake
// in them is a bug.
func load() []catalogue {
	all := make([]catalogue, len(languages))
	for i, l := range languages {
		all[i] = catalogue{l.Tag, map[string]string{}}
		files := []string{"window", "model", "library", "record", "mistake"}
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
