package lessons

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"

	"asynclab/scenarios/files"
)

// ReadProgress reads the progress in a file, and leaves the file as it is.
func ReadProgress(path string) (*Progress, error) {
	data, err := readFile(path)
	if err != nil {
		return nil, err
	}
	p, why := decode(data)
	if why != "" {
		return nil, errors.New(why)
	}
	return p, nil
}

// Class is the progress of several students.
type Class []*Progress

// MaxClass is the most files of progress that are read together.
const MaxClass = 2000

// ReadClass reads files of progress. A folder stands for the files *.json in it, and in
// the folders in it, one for each student.
func ReadClass(paths []string) (Class, error) {
	var class Class
	for _, path := range paths {
		all, err := progressFiles(path)
		if err != nil {
			return nil, err
		}
		for _, name := range all {
			p, err := ReadProgress(name)
			if err != nil {
				return nil, fmt.Errorf("%s: %w", name, files.Reason(err))
			}
			if class = append(class, p); len(class) > MaxClass {
				return nil, fmt.Errorf("%s: there are more than %d files", path, MaxClass)
			}
		}
	}
	return class, nil
}

// progressFiles lists the files of progress at a path, by name.
func progressFiles(path string) ([]string, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, files.Reason(err))
	}
	if !info.IsDir() {
		return []string{path}, nil
	}
	var all []string
	for _, pattern := range []string{"*.json", "*/*.json"} {
		more, err := fs.Glob(os.DirFS(path), pattern)
		if err != nil {
			return nil, err
		}
		for _, name := range more {
			all = append(all, filepath.Join(path, filepath.FromSlash(name)))
		}
	}
	slices.Sort(all)
	if len(all) == 0 {
		return nil, fmt.Errorf("%s: there is no file of progress in this folder", path)
	}
	return all, nil
}

// Asked is an activity, and what a class answered at its first try.
type Asked struct {
	Lesson   *Lesson
	Step     *Step
	Activity *Activity
	Students int // who have done it
	Options  []Option
}

// Option is an answer to an activity, as the students of a class chose it first.
type Option struct {
	Name        string // a letter, or right and wrong for a number
	Text        Text   // of a choice; empty for a number
	Right       bool
	Chose, Sure int // students; Sure are those of them who said so
}

// first is a student's first try at an activity that was compared; ok is false if
// there is none. What comes after the first try is what the student has learnt.
func (p *Progress) first(l *Lesson, step string, kind *ActivityKind) (t Try, ok bool) {
	taken := p.Lessons[l.ID]
	if taken == nil {
		return t, false
	}
	for _, t := range taken.Steps[step].Of(kind) {
		if t.Judged {
			return t, true
		}
	}
	return t, false
}

// options counts the first answers of a class to an activity.
func (c Class) options(l *Lesson, step string, a *Activity) (all []Option, students int) {
	for i, choice := range a.Choices {
		all = append(all, Option{Name: string(rune('a' + i)), Text: choice.Text, Right: choice.Right})
	}
	if a.numeric() || a.Drawn() {
		all = []Option{{Name: "right", Right: true}, {Name: "wrong"}}
	}
	for _, p := range c {
		t, ok := p.first(l, step, a.Kind)
		i := a.Chosen(t)
		if a.numeric() || a.Drawn() {
			i = map[bool]int{true: 0, false: 1}[t.Right]
		}
		if !ok || i < 0 || i >= len(all) {
			continue // not yet done, or the lesson had other choices then
		}
		students++
		all[i].Chose++
		if t.Sure {
			all[i].Sure++
		}
	}
	return all, students
}

// Answers lists the activities that at least one student has done, in the order of the
// lessons, in a language where there is one.
func (c Class) Answers(shelf Shelf, language string) (all []Asked) {
	for _, f := range shelf {
		l := f.In(language)
		if l == nil {
			continue
		}
		for i := range l.Steps {
			s := &l.Steps[i]
			for _, a := range s.Activities() {
				if options, students := c.options(l, s.ID, a); students > 0 {
					all = append(all, Asked{l, s, a, students, options})
				}
			}
		}
	}
	return all
}

// SureAndWrong is the share of students who chose a wrong answer and were sure.
func (a *Asked) SureAndWrong() float64 {
	n := 0
	for _, o := range a.Options {
		if !o.Right {
			n += o.Sure
		}
	}
	return float64(n) / float64(a.Students)
}

// CSV writes one line for each option of each activity that at least one student has
// done, in the order of the lessons: how many chose it at their first try, their share
// of those who have done it, and the share of those who chose it and were sure.
func (c Class) CSV(w io.Writer, shelf Shelf) error {
	out := csv.NewWriter(w)
	_ = out.Write([]string{"lesson", "step", "what", "option", "right", "students", "chose", "share", "sure", "sure share"})
	for _, a := range c.Answers(shelf, original) {
		for _, o := range a.Options {
			_ = out.Write([]string{a.Lesson.ID, a.Step.ID, a.Activity.Kind.Row, o.Name, strconv.FormatBool(o.Right), strconv.Itoa(a.Students),
				strconv.Itoa(o.Chose), percent(o.Chose, a.Students), strconv.Itoa(o.Sure), percent(o.Sure, a.Students)})
		}
	}
	out.Flush()
	return out.Error()
}

// percent is a share with one decimal, as tables have it.
func percent(n, of int) string {
	return strconv.FormatFloat(100*float64(n)/float64(of), 'f', 1, 64) + "%"
}
