package lessons

import (
	"embed"
	"fmt"
	"sync"

	"go.yaml.in/yaml/v4"
)

//go:embed glossary.*.yaml
var glossaries embed.FS

// Entry is a word of the glossary.
type Entry struct {
	ID   string   `yaml:"id"`   // target of links in texts
	Name string   `yaml:"name"` // the word as it is shown
	Text string   `yaml:"text"` // one to three sentences, without marks
	See  []string `yaml:"see"`
}

// Terms is the glossary in one language, in the order of its file.
type Terms []Entry

// Find finds a term by its id.
func (g Terms) Find(id string) (Entry, bool) {
	for _, e := range g {
		if e.ID == id {
			return e, true
		}
	}
	return Entry{}, false
}

// IDs returns the ids of the terms.
func (g Terms) IDs() []string { return names(g, func(e Entry) string { return e.ID }) }

// Glossary is the glossary in a language; in English if there is none.
func Glossary(language string) Terms {
	all := readGlossaries()
	if g, ok := all[language]; ok {
		return g
	}
	return all[original]
}

// Languages are the languages of the lessons and the glossary.
var Languages = []string{original, "zh-Hans"}

var readGlossaries = sync.OnceValue(func() map[string]Terms {
	all := map[string]Terms{}
	for _, language := range Languages {
		data, err := glossaries.ReadFile("glossary." + language + ".yaml")
		if err == nil {
			all[language], err = parseGlossary(data)
		}
		if err != nil {
			panic(err) // the file is embedded, and a test reads it
		}
	}
	return all
})

func parseGlossary(data []byte) (g Terms, err error) {
	if err := yaml.Load(data, &g, yaml.WithKnownFields()); err != nil {
		return nil, fmt.Errorf("glossary: %w", err)
	}
	return g, nil
}
