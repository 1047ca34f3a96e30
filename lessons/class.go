package lessons

import (
	"encoding/csv"
	"errors"
	"io"
	"strconv"
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

// option is an answer to an activity, as the students of a class chose it first.
type option struct {
	name        string // a letter, or right and wrong for a number
	right       bool
	chose, sure int
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
func (c Class) options(l *Lesson, step string, a *Activity) (all []option, students int) {
	for i, choice := range a.Choices {
		all = append(all, option{name: string(rune('a' + i)), right: choice.Right})
	}
	if a.numeric() || a.Drawn() {
		all = []option{{name: "right", right: true}, {name: "wrong"}}
	}
	for _, p := range c {
		t, ok := p.first(l, step, a.Kind)
		i := t.Choice - 1
		if a.numeric() || a.Drawn() {
			i = map[bool]int{true: 0, false: 1}[t.Right]
		}
		if !ok || i < 0 || i >= len(all) {
			continue // not yet done, or the lesson had other choices then
		}
		students++
		all[i].chose++
		if t.Sure {
			all[i].sure++
		}
	}
	return all, students
}

// CSV writes one line for each option of each activity that at least one student has
// done, in the order of the lessons: how many chose it at their first try, their share
// of those who have done it, and the share of those who chose it and were sure.
func (c Class) CSV(w io.Writer, shelf Shelf) error {
	out := csv.NewWriter(w)
	_ = out.Write([]string{"lesson", "step", "what", "option", "right", "students", "chose", "share", "sure", "sure share"})
	for _, f := range shelf {
		if len(f.Lessons) == 0 {
			continue
		}
		l := f.Lessons[0]
		for i := range l.Steps {
			for _, a := range l.Steps[i].Activities() {
				all, students := c.options(l, l.Steps[i].ID, a)
				if students == 0 {
					continue
				}
				for _, o := range all {
					_ = out.Write([]string{l.ID, l.Steps[i].ID, a.Kind.Row, o.name, strconv.FormatBool(o.right), strconv.Itoa(students),
						strconv.Itoa(o.chose), percent(o.chose, students), strconv.Itoa(o.sure), percent(o.sure, students)})
				}
			}
		}
	}
	out.Flush()
	return out.Error()
}

// percent is a share with one decimal, as tables have it.
func percent(n, of int) string {
	return strconv.FormatFloat(100*float64(n)/float64(of), 'f', 1, 64) + "%"
}
