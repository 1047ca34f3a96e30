package main

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"asynclab/lessons"
	"asynclab/scenarios/files"
	"asynclab/sim/report"
)

type lessonCmd struct {
	List        lessonListCmd        `cmd:"" help:"List the lessons that come with asynclab."`
	Show        lessonShowCmd        `cmd:"" help:"Print a lesson, with its answers at the end; or the glossary."`
	Play        lessonPlayCmd        `cmd:"" help:"Play a lesson in the terminal: predict, see, answer, repair."`
	Check       lessonCheckCmd       `cmd:"" help:"Check lessons: format, links, translations, and every number in them against the engine."`
	Course      lessonCourseCmd      `cmd:"" help:"Print the course as a page for lecturers: order, minutes, prerequisites, ideas, ids of the catalogue."`
	Class       lessonClassCmd       `cmd:"" help:"Count what a class has answered: the share of each option, and of those who were sure, as CSV."`
	Certificate lessonCertificateCmd `cmd:"" help:"Write a solved task as a page to hand in: changes, numbers for 30 seeds, fingerprints."`
	Design      lessonDesignCmd      `cmd:"" help:"Print the scenario of a task, to make a design of one's own of it."`
	Verify      lessonVerifyCmd      `cmd:"" help:"Check such a page: every run is made again."`
	Guide       lessonGuideCmd       `cmd:"" help:"Print the page about how to write a lesson."`
	New         lessonNewCmd         `cmd:"" help:"Write a lesson to start from: a folder with a text, its translation and a scenario."`
}

type lessonListCmd struct {
	Lang string `default:"en" placeholder:"LANG" help:"Titles in this language, such as zh-Hans."`
	Dir  string `placeholder:"DIR" help:"The lessons in this folder, or zip file, instead."`
	IDs  bool   `name:"ids" help:"Only the ids, one a line."`

	Missing bool `help:"The ids of the catalogue that no lesson is about, with what they mean, instead."`
}

// listWords are the headings of the list, and what stands below it, by language.
var listWords = map[string][]string{
	"en":      {"LESSON", "TITLE", "MINUTES", "AFTER", "(cannot be read; asynclab lesson check says why)", "read one with: asynclab lesson show %s"},
	"zh-Hans": {"编号", "课", "分钟", "先修", "（读不了；原因见 asynclab lesson check）", "读一课：asynclab lesson show %s --lang zh-Hans"},
}

func (c *lessonListCmd) Run(a *app) error {
	shelf := lessons.Library()
	if c.Dir != "" {
		var err error
		if shelf, err = interruptible(a, c.Dir, func() (lessons.Shelf, error) { return lessons.Open(c.Dir) }); err != nil {
			return err
		}
	}
	if c.Missing {
		rows := uncovered(shelf)
		if len(rows) == 1 {
			fmt.Fprintln(a.stdout, "each entry of the catalogue stands in a lesson")
			return nil
		}
		return a.table(rows)
	}
	say := listWords[c.Lang]
	if say == nil {
		say = listWords["en"]
	}
	rows := [][]string{say[:4]}
	for _, f := range shelf {
		if c.IDs {
			fmt.Fprintln(a.stdout, f.ID)
			continue
		}
		l := f.In(c.Lang)
		if l == nil {
			rows = append(rows, []string{f.ID, say[4]})
			continue
		}
		rows = append(rows, []string{f.ID, l.Title, fmt.Sprint(l.Minutes), strings.Join(l.Prerequisites, ", ")})
	}
	if c.IDs {
		return nil
	}
	if err := a.table(rows); err != nil {
		return err
	}
	if len(shelf) > 0 {
		fmt.Fprintf(a.stdout, "\n"+say[5]+"\n", shelf[0].ID)
	}
	return nil
}

// uncovered lists the ids of the catalogue that no lesson is about, below a
// heading.
func uncovered(shelf lessons.Shelf) [][]string {
	rows := [][]string{{"ID", "NO LESSON IS ABOUT"}}
	for _, entry := range catalogue {
		if !slices.ContainsFunc(shelf, func(f *lessons.Folder) bool {
			return len(f.Lessons) > 0 && slices.Contains(f.Lessons[0].Covers, entry.id)
		}) {
			rows = append(rows, []string{entry.id, entry.what})
		}
	}
	return rows
}

type lessonClassCmd struct {
	Files []string `arg:"" help:"Files of progress, one for each student (progress.json), or folders with them: *.json in the folder, and in the folders in it."`
	Dir   string   `placeholder:"DIR" help:"The lessons in this folder instead of those that come with asynclab."`
	Out   string   `placeholder:"FILE" help:"Write to a file, whole or not at all."`
}

// Help is shown below the options.
func (lessonClassCmd) Help() string {
	return `A student is counted by the first try at a prediction or a question. "sure share" of a wrong option is what
the class believes, and is sure of: begin the next hour with it.`
}

func (c *lessonClassCmd) Run(a *app) error {
	shelf := lessons.Library()
	if c.Dir != "" {
		var err error
		if shelf, err = interruptible(a, c.Dir, func() (lessons.Shelf, error) { return lessons.Open(c.Dir) }); err != nil {
			return err
		}
	}
	class, err := interruptible(a, "progress", func() (lessons.Class, error) { return lessons.ReadClass(c.Files) })
	if err != nil {
		return wrongf("a student's file is progress.json in the folder that lesson play --data names", "%v", err)
	}
	return a.output(c.Out, func(w writer) error { return class.CSV(w, shelf) })
}

// shelves finds lessons by id, or by the path of a file or a folder; without names,
// it returns the whole library.
func (a *app) shelves(names []string) (out lessons.Shelf, err error) {
	if len(names) == 0 {
		return lessons.Library(), nil
	}
	for _, name := range names {
		if _, err := os.Stat(name); err != nil {
			if f := lessons.Library().Find(name); f != nil {
				out = append(out, f)
				continue
			}
		}
		s, err := interruptible(a, name, func() (lessons.Shelf, error) { return lessons.Open(name) })
		if err != nil {
			return nil, err
		}
		for _, f := range s {
			if !slices.ContainsFunc(out, func(o *lessons.Folder) bool { return o.Path == f.Path }) {
				out = append(out, f)
			}
		}
	}
	return out, nil
}

type lessonCheckCmd struct {
	Lessons []string `arg:"" optional:"" name:"lesson" help:"Folders or files of lessons, folders or zip files of such folders, or ids of lessons that come with asynclab. Without any: all of those."`
	Hunt    bool     `help:"Also look for ways around the tasks: every knob (every parameter where a task has none) at 0, ½, 2 and 10 times its value."`
	Seeds   int      `default:"1" placeholder:"N" help:"Everything that is said must hold with N seeds, from that of each scenario on."`
	Quiet   bool     `short:"q" help:"Say nothing when all is well, and show no progress."`
}

// Help is shown below the options.
func (lessonCheckCmd) Help() string {
	return `It runs the scenarios of the lessons, and compares what the texts say with what the engine gives.

Exit codes: 0 all well; 1 a text says what the engine does not show; 2 mistakes in a file.`
}

func (c *lessonCheckCmd) Run(a *app) error {
	shelf, err := a.shelves(c.Lessons)
	if err != nil {
		return err
	}
	if c.Seeds < 1 || c.Seeds > 1000 {
		return wrongf("such as --seeds 30", "there are 1 to 1000 seeds, not %d", c.Seeds)
	}
	show := a.Terminal && !c.Quiet
	r, err := lessons.Check(a.Context, shelf, c.Hunt, c.Seeds, func(done, of int) {
		if show {
			fmt.Fprintf(a.terminal, "\rrun %d of %d\x1b[K", done+1, of)
		}
	})
	if show {
		fmt.Fprint(a.terminal, "\r\x1b[K")
	}
	if err != nil {
		a.complain("interrupted", "")
		a.code = exitInterrupted
		return nil
	}
	for _, ds := range []lessons.Diagnostics{r.Mistakes, r.Unmet} {
		if len(ds) > 0 {
			fmt.Fprintln(a.stderr, ds.Error())
		}
	}
	switch {
	case len(r.Mistakes) > 0:
		a.complain(report.Plural(len(r.Mistakes), "mistake")+" in lessons", "")
		a.code = exitWrong
	case len(r.Unmet) > 0:
		a.complain(report.Plural(len(r.Unmet), "place")+" where a lesson says what the engine does not show", "")
		a.code = exitNotMet
	case !c.Quiet:
		fmt.Fprintf(a.stdout, "ok: %s, %s compared with %s, %s proved\n",
			report.Plural(r.Lessons, "lesson"), report.Plural(r.Claims, "claim"), report.Plural(r.Runs, "run"), report.Plural(r.Proofs, "answer"))
		if c.Hunt {
			fmt.Fprintf(a.stdout, "%s around the tasks tried; none is open but by a repair\n", report.Plural(r.Hunted, "way"))
		}
	}
	return nil
}

type lessonGuideCmd struct {
	Out string `placeholder:"FILE" help:"Write to a file, whole or not at all."`
}

func (c *lessonGuideCmd) Run(a *app) error {
	return a.output(c.Out, func(w writer) error {
		_, err := w.Write(lessons.Guide())
		return err
	})
}

type lessonNewCmd struct {
	Folder string `arg:"" help:"The folder to write; it must not exist yet. Its name is the id of the lesson."`
	Rhythm string `default:"short" enum:"short,full" help:"short, or full: a lesson with all ten beats, from the first click to the real system."`
}

func (c *lessonNewCmd) Run(a *app) error {
	id := filepath.Base(filepath.Clean(c.Folder))
	parts, err := lessons.Template(id, c.Rhythm)
	if err != nil {
		return wrongf("small letters, digits and dashes, such as my-first-lesson", "%v", err)
	}
	if _, err := os.Lstat(c.Folder); err == nil {
		return wrongf("name a folder that does not exist yet", "%s exists already", c.Folder)
	}
	if err := os.MkdirAll(c.Folder, 0o755); err != nil {
		return wrongf("", "cannot make %s: %v", c.Folder, files.Reason(err))
	}
	for _, f := range parts {
		if err := writeFile(filepath.Join(c.Folder, f.Name), f.Data); err != nil {
			return err
		}
	}
	fmt.Fprintf(a.stdout, "wrote %s\ncheck it with: asynclab lesson check %s\nread it with:  asynclab lesson show %s\nhow to go on:  asynclab lesson guide\n", c.Folder, c.Folder, c.Folder)
	return nil
}
