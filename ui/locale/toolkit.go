package locale

import (
	"encoding/json"
	"fmt"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/lang"
	"golang.org/x/text/language"

	"asynclab/assets"
)

// teachToolkit makes Fyne say its own few words ("Cancel", "Open") in a language.
// Fyne speaks that of the system, and that only: so these words are given to it
// as those of the system's language.
func teachToolkit(tag string) {
	data, err := assets.Translations.ReadFile("translations/" + tag + "/toolkit.json")
	if err != nil {
		panic(fmt.Sprintf("locale: %v", err))
	}
	if !json.Valid(data) {
		panic(fmt.Sprintf("locale: %s: the words of the toolkit are not JSON", tag))
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
