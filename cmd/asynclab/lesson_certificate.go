package main

import (
	"fmt"
	"path/filepath"
	"strings"

	"asynclab/lessons"
	"asynclab/scenarios/files"
	"asynclab/sim/report"

	"github.com/adrg/xdg"
)

type lessonCertificateCmd struct {
	Lesson string `arg:"" help:"Id of a lesson, or the path of a lesson's folder or file."`
	Step   string `arg:"" optional:"" help:"The id of the step whose task was solved; a lesson with one task needs none."`
	Name   string `required:"" placeholder:"NAME" help:"The student's name, as it stands on the page."`
	Seeds  int    `default:"30" placeholder:"N" help:"The solution is run with N seeds, from that of the scenario on."`
	Design string `type:"path" placeholder:"FILE" help:"Instead of a solved try: a scenario with a design of the student's own, which solves the task in its own way; lesson design prints one to begin with. Loads, faults, prices, links and work stay as the task has them."`
	Data   string `type:"path" placeholder:"DIR" help:"Where progress is kept; otherwise where the desktop lab keeps it."`
	Out    string `placeholder:"FILE" help:"Write to a file, whole or not at all."`
}

// Help is shown below the options.
func (lessonCertificateCmd) Help() string {
	return `The page has the changes, the numbers of every goal for each seed, what was tried before, and the fingerprints of
the runs. One run more has a seed that the name gives. A lecturer checks it with lesson verify. For an open task a design of one's own can be handed in, with --design.`
}

// one is a single lesson without mistakes, in its original.
func (a *app) one(name string) (*lessons.Lesson, error) {
	shelf, err := a.shelves([]string{name})
	switch {
	case err != nil:
		return nil, err
	case len(shelf) != 1:
		return nil, wrongf("they are "+strings.Join(shelf.IDs(), ", "), "%s holds several lessons", name)
	case len(shelf[0].Mistakes) > 0:
		return nil, shelf[0].Mistakes
	}
	return shelf[0].Lessons[0], nil
}

// seedsMade shows how far the runs are, on a terminal.
func (a *app) seedsMade(done, of int) {
	if a.Terminal {
		fmt.Fprintf(a.terminal, "\rseed %d of %d\x1b[K", done+1, of)
	}
}

// ranSeeds clears what seedsMade has shown; ok is false if the runs were cancelled.
func (a *app) ranSeeds() (ok bool) {
	if a.Terminal {
		fmt.Fprint(a.terminal, "\r\x1b[K")
	}
	if a.Context.Err() != nil {
		a.complain("interrupted", "")
		a.code = exitInterrupted
		return false
	}
	return true
}

func (c *lessonCertificateCmd) Run(a *app) error {
	l, err := a.one(c.Lesson)
	if err != nil {
		return err
	}
	if c.Step, _, err = l.TaskOf(c.Step); err != nil {
		return wrongf("", "%v", err)
	}
	page, err := c.certify(a, l)
	if !a.ranSeeds() {
		return nil
	}
	if err != nil {
		return err
	}
	text, err := page.Page()
	if err != nil {
		return err
	}
	if n := page.Solved(); n < len(page.Runs) {
		a.complain(fmt.Sprintf("with %d of %d seeds every goal is met", n, len(page.Runs)), "what solves a task with one seed may be luck")
		a.code = exitNotMet
	}
	return a.output(c.Out, func(w writer) error {
		_, err := w.Write(text)
		return err
	})
}

// certify makes the certificate: of a solved try, or of a design file.
func (c *lessonCertificateCmd) certify(a *app, l *lessons.Lesson) (*lessons.Certificate, error) {
	if c.Design != "" {
		text, err := interruptible(a, c.Design, func() ([]byte, error) { return files.ReadPath(c.Design) })
		if err != nil {
			return nil, wrongf("", "%s: %v", c.Design, files.Reason(err))
		}
		page, err := lessons.Designed(a.Context, l, c.Step, c.Name, text, c.Seeds, a.seedsMade)
		if err != nil && a.Context.Err() == nil {
			return nil, wrongf(fmt.Sprintf("begin with what asynclab lesson design %s %s prints, and keep what the task gives", c.Lesson, c.Step), "%s: %v", c.Design, err)
		}
		return page, err
	}
	if c.Data == "" {
		c.Data = filepath.Join(xdg.DataHome, "asynclab")
	}
	file := filepath.Join(c.Data, "progress.json")
	p, err := interruptible(a, file, func() (*lessons.Progress, error) { return lessons.ReadProgress(file) })
	if err != nil {
		return nil, wrongf("name the folder that lesson play --data names", "%s: %v", file, files.Reason(err))
	}
	page, err := p.Certificate(a.Context, l, c.Step, c.Name, c.Seeds, a.seedsMade)
	if err != nil && a.Context.Err() == nil {
		return nil, wrongf("solve it with lesson play, or in the window", "%v", err)
	}
	return page, err
}

type lessonDesignCmd struct {
	Lesson string `arg:"" help:"Id of a lesson, or the path of a lesson's folder or file."`
	Step   string `arg:"" optional:"" help:"The id of the step with the task; a lesson with one task needs none."`
	Out    string `placeholder:"FILE" help:"Write to a file, whole or not at all."`
}

// Help is shown below the options.
func (lessonDesignCmd) Help() string {
	return `Change it, look at it with asynclab run, and hand it in with asynclab lesson certificate --design.`
}

func (c *lessonDesignCmd) Run(a *app) error {
	l, err := a.one(c.Lesson)
	if err != nil {
		return err
	}
	_, s, err := l.TaskOf(c.Step)
	if err != nil {
		return wrongf("", "%v", err)
	}
	return a.output(c.Out, func(w writer) error {
		_, err := w.Write([]byte(s.Source()))
		return err
	})
}

type lessonVerifyCmd struct {
	File string `arg:"" type:"path" help:"The page that a student has handed in."`
	Dir  string `placeholder:"DIR" help:"The lessons in this folder instead of those that come with asynclab."`
}

// Help is shown below the options.
func (lessonVerifyCmd) Help() string {
	return `It makes every run again and compares every number on the page, and the name: a run is made with a seed that the name
gives. It does not tell who made the page. What was tried before cannot be verified.

Exit codes: 0 all of it is so, and every goal is met with every seed; 1 it is not; 2 the file is no certificate.`
}

func (c *lessonVerifyCmd) Run(a *app) error {
	type read struct {
		*lessons.Certificate
		page []byte
	}
	got, err := interruptible(a, c.File, func() (r read, err error) {
		f, err := files.OpenPath(c.File)
		if err != nil {
			return r, err
		}
		defer func() { _ = f.Close() }()
		r.Certificate, r.page, err = lessons.ReadCertificate(f)
		return r, err
	})
	if err != nil {
		return wrongf("asynclab lesson certificate writes one", "%s: %v", c.File, files.Reason(err))
	}
	shelf := lessons.Library()
	if c.Dir != "" {
		if shelf, err = interruptible(a, c.Dir, func() (lessons.Shelf, error) { return lessons.Open(c.Dir) }); err != nil {
			return err
		}
	}
	f := shelf.Find(got.Lesson)
	if f == nil || len(f.Mistakes) > 0 || len(f.Lessons) == 0 {
		return wrongf("name the folder of the lessons with --dir", "%s: there is no lesson %q to check it with", c.File, got.Lesson)
	}
	differences, err := got.Verify(a.Context, f.Lessons[0], got.page, a.seedsMade)
	if !a.ranSeeds() {
		return nil
	}
	if err != nil {
		return wrongf("", "%s: %v", c.File, err)
	}
	for _, d := range differences {
		fmt.Fprintln(a.stderr, c.File+": "+d)
	}
	if got.Unnamed() {
		fmt.Fprintf(a.stderr, "%s: the page was made by an earlier version of asynclab: the name on it is not verified\n", c.File)
	}
	n, of := got.Solved(), len(got.Runs)
	switch {
	case len(differences) > 0:
		a.complain(report.Plural(len(differences), "place")+" where the page does not say what the runs give", "the lesson, or the program, may be of another version than the student's")
		a.code = exitNotMet
	case n < of:
		a.complain(fmt.Sprintf("the page is right, and with %d of %d seeds every goal is met", n, of), "")
		a.code = exitNotMet
	default:
		fmt.Fprintf(a.stdout, "ok: %s, %s/%s: every goal is met with %s\n", got.Name, got.Lesson, got.Step, report.Plural(of, "seed"))
	}
	return nil
}
