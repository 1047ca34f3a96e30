package scenarios

import (
	"bytes"
	"embed"
	"errors"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"

	"asynclab/scenarios/files"
	"asynclab/scenarios/yamltree"
	"asynclab/sim/spell"
)

//go:embed all:library
var embedded embed.FS

var idRegexp = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^[A-Z][0-9]{1,3}$`)
})

const extension = ".yaml"

// Parse reads a scenario. name is its path inside fsys; data files are read from
// its folder and below, and a scenario with a nil fsys cannot have any. Parse
// reports all mistakes together, as an error of type yamltree.Diagnostics. The
// scenario then holds the valid parts, for an editor that shows an unfinished
// file; it may be nil.
func Parse(fsys fs.FS, name string, data []byte) (*Scenario, error) {
	return core().parse(fsys, name, name, data)
}

// parse is Parse with the name of the file in reports, which may be a longer path.
func (l *language) parse(fsys fs.FS, name, shown string, data []byte) (*Scenario, error) {
	data = bytes.TrimPrefix(data, []byte("\ufeff"))
	budget := maxRead
	r := &reader{Report: yamltree.New(shown, string(data), format), lang: l, data: newDataFiles(fsys, name), budget: &budget}
	root := parseTree(r.Report, data)
	if root == nil || r.foreignFile(root) {
		return nil, r.Err()
	}
	s := r.scenario(root)
	if s != nil {
		s.source, s.origin = data, origin{fsys: fsys, dir: path.Dir(name)}
		if len(r.Mistakes) == 0 { // with mistakes, most of them are consequences
			s.Warnings, s.Silenced = l.loud(r.Warnings, s.Silence)
		}
	}
	return s, r.Err()
}

// Load reads a scenario from a file or, if there is no such file, the library
// scenario of that name ("order-flow", "bench/mm1").
func Load(name string) (*Scenario, error) {
	info, err := os.Stat(name)
	switch {
	case err == nil && info.IsDir():
		if _, _, known := fromLibrary(name); !known {
			return nil, yamltree.Diagnostics{{File: name, Msg: "is a folder, not a scenario", Hint: "name a file in it"}}
		}
	case err == nil:
		return loadFile(name)
	case !errors.Is(err, fs.ErrNotExist) && !errors.Is(err, fs.ErrInvalid):
		return nil, yamltree.Diagnostics{{File: name, Msg: files.Reason(err).Error()}}
	}
	file, content, known := fromLibrary(name)
	if !known {
		return nil, yamltree.Diagnostics{{File: name, Msg: "there is no such file, and no scenario of that name in the library", Hint: libraryHint(name)}}
	}
	return Parse(libraryFS(), file, content)
}

// loadFile reads a scenario file. Data files outside of its folder cannot be read,
// not even through a symbolic link.
func loadFile(name string) (*Scenario, error) {
	root, err := os.OpenRoot(filepath.Dir(name))
	if err != nil {
		return nil, yamltree.Diagnostics{{File: name, Msg: files.Reason(err).Error()}}
	}
	defer root.Close()
	data, err := ReadText(name)
	if err != nil {
		d := yamltree.Diagnostic{File: name, Msg: files.Reason(err).Error()}
		if errors.Is(err, files.ErrNotPlain) {
			d.Hint = "a scenario that another program writes is read from stdin: name it -"
		}
		return nil, yamltree.Diagnostics{d}
	}
	return parseIn(root, name, data)
}

// LoadText reads a text as Load would read the file of that name with it: for an editor
// of the file.
func LoadText(name string, data []byte) (*Scenario, error) {
	root, err := os.OpenRoot(filepath.Dir(name))
	if err != nil {
		return nil, yamltree.Diagnostics{{File: name, Msg: files.Reason(err).Error()}}
	}
	defer root.Close()
	return parseIn(root, name, data)
}

// ReadText reads the text of a scenario file, whatever is in it.
func ReadText(name string) ([]byte, error) {
	f, err := files.OpenPath(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return readLimited(f)
}

func parseIn(root *os.Root, name string, data []byte) (*Scenario, error) {
	s, err := core().parse(root.FS(), filepath.Base(name), name, data)
	if s != nil {
		s.origin = origin{disk: filepath.Dir(name)} // root is closed
	}
	return s, err
}

// Entry is a scenario of the library.
type Entry struct {
	Name    string // "order-flow", "bench/mm1"
	Title   string
	Covers  []string
	Content []byte
}

// Library lists the embedded scenarios by name.
func Library() []Entry { return slices.Clone(library()) }

// LibraryFS is the library as a file system, data files included.
func LibraryFS() fs.FS { return libraryFS() }

func libraryFS() fs.FS {
	sub, err := fs.Sub(embedded, "library")
	if err != nil {
		panic(err) // the folder is embedded above
	}
	return sub
}

// library reads only title and covers of each file, so that listing is fast.
var library = sync.OnceValue(func() []Entry {
	var all []Entry
	_ = fs.WalkDir(libraryFS(), ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || path.Ext(name) != extension {
			return err
		}
		data, err := fs.ReadFile(libraryFS(), name)
		if err != nil {
			return err
		}
		e := Entry{Name: strings.TrimSuffix(name, extension), Content: data}
		e.Title, e.Covers = head(data)
		all = append(all, e)
		return nil
	})
	slices.SortFunc(all, func(a, b Entry) int {
		// Scenarios in folders come after those at the top.
		if x, y := strings.Count(a.Name, "/"), strings.Count(b.Name, "/"); x != y {
			return x - y
		}
		return strings.Compare(a.Name, b.Name)
	})
	return all
})

// head reads title and covers of a file, not its designs.
func head(data []byte) (title string, covers []string) {
	r := &reader{Report: yamltree.New("", "", format)}
	root := parseTree(r.Report, data)
	if root == nil {
		return "", nil
	}
	if n := root.Get("title"); n != nil {
		title = n.Text
	}
	if n := root.Get("covers"); n != nil {
		covers, _ = r.covers(n)
	}
	return title, covers
}

// fromLibrary reads the file of a library scenario, and no other.
func fromLibrary(name string) (file string, content []byte, known bool) {
	file = strings.TrimSuffix(filepath.ToSlash(name), extension) + extension
	content, err := fs.ReadFile(libraryFS(), file)
	return file, content, err == nil
}

func libraryHint(name string) string {
	var known []string
	for _, e := range library() {
		known = append(known, e.Name)
	}
	name = strings.TrimSuffix(filepath.ToSlash(name), extension)
	near := spell.Nearest(name, known)
	for _, k := range known {
		if near == "" && spell.Nearest(path.Base(name), []string{path.Base(k)}) != "" {
			near = k
		}
	}
	if near != "" {
		return "did you mean " + near + "? asynclab list shows the library"
	}
	return "asynclab list shows the library, asynclab new makes a scenario to start from"
}
