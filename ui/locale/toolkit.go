package locale

import (
	"encoding/json"
	"fmt"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/lang"
	"golang.org/x/text/language"
)

// ofToolkit is the prefix of the ids of those words for which Fyne uses the
// English text itself as a key. Fyne has ids for the others ("monday").
const ofToolkit = "toolkit."

// teachToolkit translates Fyne's own words ("Cancel", "Open") into a language.
// Fyne uses the language of the system only: so the translations are registered
// for the system's language.
func teachToolkit(tag string) {
	data, err := json.Marshal(toolkitWords(tag))
	if err != nil {
		panic(fmt.Sprintf("locale: %v", err))
	}
	heard := []string{"en", tag} // en is what Fyne falls back to
	for _, t := range systemTags() {
		if parsed, err := language.Parse(t); err == nil {
			heard = append(heard, parsed.String())
		}
	}
	for _, h := range heard {
		if err := lang.AddTranslationsForLocale(data, fyne.Locale(h)); err != nil {
			fyne.LogError("the toolkit did not take its words", err)
		}
	}
}

// toolkitWords is the words of the toolkit by Fyne's keys.
func toolkitWords(tag string) map[string]string {
	english, texts := map[string]string{}, map[string]string{}
	read(languages[0].Tag, "toolkit", &english)
	read(tag, "toolkit", &texts)
	words := map[string]string{}
	for id, text := range texts {
		key := id
		if strings.HasPrefix(id, ofToolkit) {
			key = english[id]
		}
		words[key] = text
	}
	return words
}
