package lessons

import (
	"bytes"
	"embed"
	"fmt"
	"io/fs"
)

//go:embed template
var template embed.FS

//go:embed FORMAT.md
var guide []byte

// Guide is the page about how to write a lesson, in Markdown.
func Guide() []byte { return bytes.Clone(guide) }

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
	var out []File
	err := fs.WalkDir(template, "template", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := template.ReadFile(name)
		if d.Name() == original+".md" {
			data = bytes.Replace(data, []byte("\nid: template\n"), []byte("\nid: "+id+"\n"), 1)
		}
		out = append(out, File{d.Name(), data})
		return err
	})
	return out, err
}
