// Package locale says things in the reader's language.
//
//	locale.T("Step one event") ──► catalogue of assets/translations ──► "单步执行一个事件"
//
// The English text is the key, as with gettext: T and its arguments are those
// of fmt.Sprintf. A text without a translation is shown in English, and a test
// holds that there is none. The language can change at run time: whoever shows
// text builds it anew then.
//
// # How to choose
//
// Text that stands in the window's own code goes through T, as a literal. Text
// that comes from elsewhere in the program goes through Doc: what a parameter
// is, what a metric counts, why something failed, why playback stopped, the
// titles in the scenario library. What a person wrote has no translation, and
// passes through Doc as it is.
package locale

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"sync/atomic"

	system "github.com/jeandeaual/go-locale"
	"golang.org/x/text/language"

	"asynclab/assets"
	"asynclab/sim/metric"
)

// Language is one that the program speaks.
type Language struct {
	Tag  string // BCP 47
	Name string // in the language itself
}

// The first is the one of the texts in the code, and for everyone else.
var languages = []Language{{"en", "English"}, {"zh-Hans", "简体中文"}}

// Languages lists those that can be used.
func Languages() []Language { return append([]Language(nil), languages...) }

// catalogue is everything said in one language.
type catalogue struct {
	tag   string
	texts map[string]string // by the English text; nil for English
	words map[string]string // by id; nil for English
}

var (
	catalogues = load()
	current    atomic.Pointer[catalogue]
)

func init() { Use("en") }

// T says an English text, with verbs as in fmt.Sprintf, in the language in use.
func T(format string, args ...any) string { return fmt.Sprintf(current.Load().say(format), args...) }

// Doc says a text of the simulator, or of a scenario, in the language in use. It
// has no verbs.
func Doc(text string) string { return current.Load().say(text) }

// Metric says what a number counts, and a ratio's denominator.
func Metric(r metric.Ref) string {
	text := Doc(r.Doc)
	if r.Stat == metric.Ratio {
		text += T(" (share of %s)", r.Denominator().Name)
	}
	return text
}

func (c *catalogue) say(text string) string {
	if said, ok := c.texts[text]; ok {
		return said
	}
	return text
}

// Word says a word of the simulator that is declared with an id, in the language
// in use; it is a record.Voice.
func Word(id, english string) string {
	if said, ok := current.Load().words[id]; ok {
		return said
	}
	return english
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

// systemTags is what the system asks for, the dearest first; none where it does
// not say.
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
		all[i].tag = l.Tag
		if i == 0 {
			continue
		}
		all[i].texts, all[i].words = map[string]string{}, map[string]string{}
		for name, into := range map[string]map[string]string{
			"window": all[i].texts, "model": all[i].texts, "library": all[i].texts, "record": all[i].words,
		} {
			data, err := fs.ReadFile(assets.Translations, "translations/"+l.Tag+"/"+name+".json")
			if err == nil {
				err = json.Unmarshal(data, &into)
			}
			if err != nil {
				panic(fmt.Sprintf("locale: %s %s: %v", l.Tag, name, err))
			}
		}
	}
	return all
}
