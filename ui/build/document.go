package build

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"strings"

	"asynclab/scenarios"
	"asynclab/scenarios/files"
	"asynclab/scenarios/yamltree"
	"asynclab/sim"
	"asynclab/sim/topology"
	"asynclab/ui/control"
	"asynclab/ui/locale"
)

// document is a scenario's text and the file that it is saved in.
type document struct {
	path  string            // "": it has no file yet
	name  string            // of the file, or of what it is a copy of
	text  string            // as it was opened
	data  map[string][]byte // data files that a copy brings with it
	crlf  bool              // its lines end as on Windows
	bom   bool
	stamp os.FileInfo // of the file as it was read or written last; nil: there was none
}

// openDocument reads a scenario file, whatever mistakes are in it, or makes a copy of a
// scenario of the library.
func openDocument(name string) (*document, error) {
	if info, err := os.Stat(name); err == nil && !info.IsDir() {
		return openFile(name, info)
	}
	for _, e := range scenarios.Library() {
		if e.Name == name {
			return copyOf(e)
		}
	}
	_, err := os.Stat(name)
	if err == nil {
		err = fmt.Errorf("%s is a folder, not a scenario", name)
	}
	return nil, err
}

func openFile(name string, info os.FileInfo) (*document, error) {
	text, err := scenarios.ReadText(name)
	if err != nil {
		return nil, err
	}
	d := &document{path: name, name: filepath.Base(name), stamp: info}
	d.take(text)
	return d, nil
}

// take keeps a text with the line ends of the window.
func (d *document) take(text []byte) {
	text, d.bom = bytes.CutPrefix(text, []byte("\ufeff"))
	if lines := bytes.Count(text, []byte("\n")); lines > 0 && bytes.Count(text, []byte("\r\n")) == lines {
		d.crlf = true
		text = bytes.ReplaceAll(text, []byte("\r\n"), []byte("\n"))
	}
	d.text = string(text)
}

// bytes are those of the file with a text, with the line ends that it had.
func (d *document) bytes(text string) []byte {
	if d.crlf {
		text = strings.ReplaceAll(text, "\n", "\r\n")
	}
	if d.bom {
		text = "\ufeff" + text
	}
	return []byte(text)
}

func copyOf(e scenarios.Entry) (*document, error) {
	sc, err := scenarios.Load(e.Name)
	if err != nil {
		return nil, err
	}
	b, err := sc.Bundle()
	if err != nil {
		return nil, err
	}
	d := &document{name: path.Base(e.Name) + ".yaml", data: b.Files}
	d.take(b.Text)
	return d, nil
}

// changedOnDisk tells whether another program has written the file since.
func (d *document) changedOnDisk() bool {
	info, err := os.Stat(d.path)
	return err == nil && d.stamp != nil && (info.ModTime() != d.stamp.ModTime() || info.Size() != d.stamp.Size())
}

// savedAs says that the text is in a file now.
func (d *document) savedAs(file string) {
	d.path, d.name = file, filepath.Base(file)
	d.stamp, _ = os.Stat(file)
	d.data = nil // they lie beside it
}

// saveData writes the data files of a copy beside its file, except those that are there.
func (d *document) saveData(folder string) error {
	for name, content := range d.data {
		to := filepath.Join(folder, filepath.FromSlash(name))
		if !filepath.IsLocal(filepath.FromSlash(name)) {
			return fmt.Errorf("the data file %s is outside of the folder", name)
		}
		if have, err := os.ReadFile(to); err == nil {
			if !bytes.Equal(have, content) {
				return fmt.Errorf("%s is there with another content: save into another folder", to)
			}
			continue
		}
		if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
			return fmt.Errorf("the data file %s: %w", name, err)
		}
		if err := files.Write(to, content, 0o644); err != nil {
			return err
		}
	}
	return nil
}

// reading is what a text says.
type reading struct {
	scenario *scenarios.Scenario // nil with mistakes
	problems yamltree.Diagnostics
	scenes   []control.Scene // of its designs; empty with mistakes
}

// read reads a text as the command reads the file. It is called outside the window's
// goroutine.
func (d *document) read(text string) reading {
	var sc *scenarios.Scenario
	var err error
	if d.path == "" {
		sc, err = scenarios.NewBundle(d.name, []byte(text), d.data).Parse()
	} else {
		sc, err = scenarios.LoadText(d.path, []byte(text))
	}
	if err != nil {
		r := reading{}
		if !errors.As(err, &r.problems) {
			r.problems = yamltree.Diagnostics{{Msg: err.Error()}}
		}
		return r
	}
	r := reading{scenario: sc, problems: sc.Warnings}
	for i, design := range sc.Designs {
		g := sim.Graph(design)
		layout, err := topology.Arrange(g, topology.Options{NodeGap: 50, Below: 30, Voice: locale.Word})
		if err != nil {
			r.problems = append(r.problems, yamltree.Diagnostic{Msg: err.Error(), Warning: "picture"})
			continue
		}
		r.scenes = append(r.scenes, control.Scene{Design: design.Name, Title: sc.DesignTitles[i], Graph: g, Layout: layout})
	}
	return r
}
