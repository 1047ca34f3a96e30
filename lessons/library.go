package lessons

import (
	"cmp"
	"embed"
	"fmt"
	"io"
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

const (
	original   = "en"    // the language that is translated from, if there are several
	maxLessons = 1000    // in one folder
	maxRead    = 4 << 20 // bytes of a file beside a lesson
)

var languageRegexp = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^([a-z]{2,3}(?:-[A-Z][a-z]{3})?(?:-[A-Z]{2})?)\.md$`)
})

// Folder is a lesson in all its languages.
type Folder struct {
	ID       string
	Path     string    // of the folder, as people name it
	Lessons  []*Lesson // the original first; only what could be read
	Mistakes Diagnostics
}

// In returns the lesson in a language; if there is none, the original; nil if
// no file could be read.
func (f *Folder) In(language string) *Lesson {
	if len(f.Lessons) == 0 {
		return nil
	}
	i := slices.IndexFunc(f.Lessons, func(l *Lesson) bool { return l.Language == language })
	return f.Lessons[max(i, 0)]
}

// Shelf is a list of lessons, in the order in which they are shown.
type Shelf []*Folder

// Find finds a lesson by its id; nil if there is none.
func (s Shelf) Find(id string) *Folder {
	for _, f := range s {
		if f.ID == id {
			return f
		}
	}
	return nil
}

// IDs returns the ids of the lessons.
func (s Shelf) IDs() []string { return names(s, func(f *Folder) string { return f.ID }) }

// names returns the name of each element of a list.
func names[T any](list []T, name func(T) string) (all []string) {
	for _, one := range list {
		all = append(all, name(one))
	}
	return all
}

// Mistakes returns the mistakes of all lessons.
func (s Shelf) Mistakes() (all Diagnostics) {
	for _, f := range s {
		all = append(all, f.Mistakes...)
	}
	return yamltree.Sorted(all)
}

// Library is the lessons that come with the program.
func Library() Shelf { return slices.Clone(library()) }

var library = sync.OnceValue(func() Shelf {
	sub, err := fs.Sub(embedded, "library")
	if err != nil {
		panic(err) // the folder is embedded above
	}
	return read(sub, "library", nil)
})

// Open reads the lessons at a path on disk: a lesson's folder, a file in one,
// a folder of such folders, or a zip file of one of these. Mistakes in lessons are in the folders of the
// shelf; an error means that there is no lesson at all. No file outside of the
// folder is read, not even through a symbolic link.
func Open(name string) (Shelf, error) {
	info, err := os.Stat(name)
	if err != nil {
		return nil, Diagnostics{{File: name, Msg: files.Reason(err).Error(), Hint: spell.Hint(name, "lessons", Library().IDs())}}
	}
	if !info.IsDir() {
		if strings.EqualFold(filepath.Ext(name), ".zip") {
			return openZip(name)
		}
		if !languageRegexp().MatchString(filepath.Base(name)) {
			return nil, Diagnostics{{File: name, Msg: "is not the file of a lesson", Hint: "lessons are called by their language, such as en.md or zh-Hans.md, in a folder of their own"}}
		}
		name = filepath.Dir(name)
	}
	whole, err := filepath.Abs(name)
	if err != nil {
		return nil, Diagnostics{{File: name, Msg: files.Reason(err).Error()}}
	}
	root, err := os.OpenRoot(name)
	if err != nil {
		return nil, Diagnostics{{File: name, Msg: files.Reason(err).Error()}}
	}
	// The root stays open for the pictures of the lessons; the garbage collector
	// closes it with the last of them.
	fsys := root.FS()
	if isLesson(fsys) {
		f := readFolder(fsys, filepath.Base(whole), name)
		s := Shelf{f}
		s.judge(Library().IDs())
		return s, nil
	}
	s := read(fsys, name, Library().IDs())
	if len(s) == 0 {
		return nil, Diagnostics{{File: name, Msg: "there is no lesson in this folder", Hint: "a lesson is a folder with en.md in it; asynclab lesson new makes one"}}
	}
	return s, nil
}

// isLesson tells whether a folder holds a lesson.
func isLesson(fsys fs.FS) bool { return len(languages(fsys)) > 0 }

// languages returns the languages for which a folder has files, the original's first.
func languages(fsys fs.FS) (all []string) {
	entries, _ := fs.ReadDir(fsys, ".")
	for _, e := range entries {
		if m := languageRegexp().FindStringSubmatch(e.Name()); m != nil && !e.IsDir() {
			all = append(all, m[1])
		}
	}
	if i := slices.Index(all, original); i > 0 {
		all = slices.Insert(slices.Delete(all, i, i+1), 0, original)
	}
	return all
}

// read reads the lessons in the subfolders of a folder. known are the ids of other
// lessons, which links may name.
func read(fsys fs.FS, shown string, known []string) (s Shelf) {
	entries, _ := fs.ReadDir(fsys, ".")
	for _, e := range entries[:min(len(entries), maxLessons)] {
		if !e.IsDir() {
			continue
		}
		sub, err := files.Sub(fsys, e.Name())
		if err == nil && isLesson(sub) {
			s = append(s, readFolder(sub, e.Name(), path.Join(filepath.ToSlash(shown), e.Name())))
		}
	}
	slices.SortStableFunc(s, func(a, b *Folder) int {
		x, y := a.In(original), b.In(original)
		if x == nil || y == nil {
			return cmp.Compare(a.ID, b.ID)
		}
		return cmp.Or(cmp.Compare(x.Order, y.Order), cmp.Compare(x.Title, y.Title))
	})
	s.judge(known)
	return s
}

// readFolder reads a lesson in all its languages.
func readFolder(fsys fs.FS, id, shown string) *Folder {
	f := &Folder{ID: id, Path: shown}
	if !idRegexp().MatchString(id) {
		f.Mistakes = append(f.Mistakes, Diagnostic{File: shown, Msg: fmt.Sprintf("%q is no id for a lesson", id), Hint: "call the folder in small letters, digits and dashes"})
	}
	var first *Lesson
	for i, language := range languages(fsys) {
		name := path.Join(filepath.ToSlash(shown), language+".md")
		data, err := readLimited(fsys, language+".md")
		if err != nil {
			f.Mistakes = append(f.Mistakes, Diagnostic{File: name, Msg: files.Reason(err).Error()})
			continue
		}
		if i > 0 && first == nil {
			break // there is no original to compare with
		}
		l, mistakes := readLesson(fsys, id, language, name, data, first)
		f.Mistakes = append(f.Mistakes, mistakes...)
		if l == nil {
			continue
		}
		f.Lessons = append(f.Lessons, l)
		if i == 0 {
			first = l
		}
	}
	f.Mistakes = yamltree.Sorted(f.Mistakes)
	return f
}

// readLimited reads a file of a lesson; one larger than maxRead is an error.
func readLimited(fsys fs.FS, name string) ([]byte, error) {
	file, err := files.Open(fsys, name)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	return readAtMost(file, maxRead)
}

// readAtMost reads a file; one larger than most bytes is an error.
func readAtMost(file io.Reader, most int) ([]byte, error) {
	data, err := io.ReadAll(io.LimitReader(file, int64(most)+1))
	if err == nil && len(data) > most {
		err = fmt.Errorf("is larger than %d MiB", most>>20)
	}
	return data, err
}

// judge checks the links between lessons, and that prerequisites have no cycle.
func (s Shelf) judge(known []string) {
	ids := append(s.IDs(), known...)
	for _, f := range s {
		for _, l := range f.Lessons {
			s.titleReviews(l)
			for _, u := range l.uses {
				if (u.kind == LessonLink || u.kind == ReviewLink) && !slices.Contains(ids, u.target) {
					f.Mistakes = append(f.Mistakes, l.report.Diagnose(u.at, spell.HintText(u.target, "lessons", ids), spell.Textf("there is no lesson %q", u.target)))
				} else if hint, msg := s.reviewed(l, u); u.kind == ReviewLink && msg.Format != "" {
					f.Mistakes = append(f.Mistakes, l.report.Diagnose(u.at, hint, msg))
				}
			}
		}
		if way := s.cycle(f); way != nil {
			l := f.Lessons[0]
			f.Mistakes = append(f.Mistakes, l.report.Diagnose(yamltree.Pos{Line: 1, Col: 1}, "take one of the prerequisites away", "the lesson comes before itself: "+strings.Join(way, ", then ")))
		}
		f.Mistakes = yamltree.Sorted(f.Mistakes)
	}
}

// titleReviews gives the reviews of a lesson the titles of the lessons that they are about.
func (s Shelf) titleReviews(l *Lesson) {
	for i := range l.Steps {
		for _, a := range l.Steps[i].Activities() {
			id, _, _ := strings.Cut(a.Of, "/")
			if f := s.Find(id); a.Of != "" && f != nil {
				if of := f.In(l.Language); of != nil {
					a.title = of.Title
				}
			}
		}
	}
}

// reviewed tells what is wrong with the prediction that a review is about; "" if it is
// there, or in a lesson that is not on the shelf.
func (s Shelf) reviewed(l *Lesson, u use) (hint, msg spell.Text) {
	f := s.Find(u.target)
	if f == nil || len(f.Lessons) == 0 {
		return spell.Text{}, spell.Text{}
	}
	of := f.Lessons[0]
	switch i := of.Step(u.text); {
	case i < 0 || of.Steps[i].activity(Prediction) == nil:
		return spell.Textf("name a step with a predict block"), spell.Textf("the lesson %q has no prediction in a step %q", u.target, u.text)
	case l.Order < of.Order+2:
		return spell.Textf("put it into a later lesson"), spell.Textf("the review comes too early: %q is less than two lessons ago", u.target)
	}
	return spell.Text{}, spell.Text{}
}

// cycle finds a path along prerequisites from a lesson back to itself; nil if there
// is none.
func (s Shelf) cycle(from *Folder) []string {
	seen := map[string]bool{}
	var walk func(f *Folder) []string
	walk = func(f *Folder) []string {
		if f == nil || len(f.Lessons) == 0 {
			return nil
		}
		for _, id := range f.Lessons[0].Prerequisites {
			if id == from.ID {
				return []string{id, f.ID}
			}
			if !seen[id] {
				seen[id] = true
				if way := walk(s.Find(id)); way != nil {
					return append(way, f.ID)
				}
			}
		}
		return nil
	}
	return walk(from)
}
