package lessons

import (
	"bytes"
	"embed"
	"fmt"
	"regexp"
	"strings"
)

//go:embed template
var template embed.FS

//go:embed FORMAT.md
var guide []byte

// Guide is the page about how to write a lesson, in Markdown.
func Guide() []byte { return marks.ReplaceAll(guide, nil) }

// marks stand around the tables of the page, which are made from the declarations.
var marks = regexp.MustCompile(`(?m)^<!-- .* -->\n`)

// tables are those of the page, by the names in its marks.
func tables() map[string]string {
	all := map[string]string{
		"blocks": blockTable(), "head": headObject.table(), "setup": setupObject.table(), "claim": claimObject.table(),
		"choice": choiceObject.table(), "goal": goalObject.table(), "attempt": object[Attempt]{props: attemptProps}.table(),
	}
	for _, kind := range Activities {
		all[kind.Block] = object[draft]{props: kind.props()}.table()
	}
	return all
}

func blockTable() string {
	var b strings.Builder
	b.WriteString("| block | how many in a step | what it is |\n|---|---|---|\n")
	for _, k := range blocks() {
		fmt.Fprintf(&b, "| `%s` | %s | %s |\n", k.name, k.many, k.doc)
	}
	return b.String()
}

// File is a file of a new lesson.
type File struct {
	Name string
	Data []byte
}

// Template is the files of a lesson to start from: small, right, and in two
// languages.
func Template(id string) ([]File, error) {
	if !idRegexp.MatchString(id) {
		return nil, fmt.Errorf("%q is no id for a lesson", id)
	}
	entries, err := template.ReadDir("template")
	if err != nil {
		return nil, err
	}
	var out []File
	for _, e := range entries {
		data, err := template.ReadFile("template/" + e.Name())
		if err != nil {
			return nil, err
		}
		out = append(out, File{e.Name(), bytes.Replace(data, []byte("\nid: template\n"), []byte("\nid: "+id+"\n"), 1)})
	}
	return out, nil
}
