package lessons

import (
	"bytes"
	"embed"
	"fmt"
	"regexp"
	"strings"
	"sync"
)

//go:embed template
var template embed.FS

//go:embed FORMAT.md
var guide []byte

// Guide explains how to write a lesson, in Markdown.
func Guide() []byte { return marks().ReplaceAll(guide, nil) }

// marks matches the comments around the tables of the page, which are generated from
// the declarations.
var marks = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`(?m)^<!-- .* -->\n`)
})

// File is a file of a new lesson.
type File struct {
	Name string
	Data []byte
}

// Rhythms are the shapes of a new lesson: short, and full, with all ten beats.
var Rhythms = []string{"short", "full"}

// Template returns the files of a lesson to start from, in one of the rhythms: valid,
// and in two languages.
func Template(id, rhythm string) ([]File, error) {
	if !idRegexp().MatchString(id) {
		return nil, fmt.Errorf("%q is no id for a lesson", id)
	}
	entries, err := template.ReadDir("template/" + rhythm)
	if err != nil {
		return nil, fmt.Errorf("there is no rhythm %q; there are %s", rhythm, strings.Join(Rhythms, " and "))
	}
	var out []File
	for _, e := range entries {
		data, err := template.ReadFile("template/" + rhythm + "/" + e.Name())
		if err != nil {
			return nil, err
		}
		out = append(out, File{e.Name(), bytes.Replace(data, []byte("\nid: template\n"), []byte("\nid: "+id+"\n"), 1)})
	}
	return out, nil
}
