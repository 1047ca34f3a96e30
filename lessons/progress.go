package lessons

import (
	"cmp"
	"encoding/csv"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Progress is the record of a student's work. The zero value is empty.
type Progress struct {
	Version int               `json:"version"`
	Lessons map[string]*Taken `json:"lessons"` // by id
}

// Taken is a lesson that was begun.
type Taken struct {
	Step     string              `json:"step"` // id of the current step
	Started  time.Time           `json:"started"`
	Touched  time.Time           `json:"touched"`
	Finished time.Time           `json:"finished,omitzero"` // when the last step was done
	Steps    map[string]*StepLog `json:"steps"`             // by id

	of *Progress // all that the student has done; nil if only this is known
}

// StepLog is the record of a step.
type StepLog struct {
	Done  time.Time        `json:"done,omitzero"`
	Hints map[string]int   `json:"hints,omitempty"` // opened, by Block of the kind of activity
	Tries map[string][]Try `json:"-"`               // oldest first, by Log of the kind of activity
}

// Of returns the tries at an activity of a kind.
func (s *StepLog) Of(kind *ActivityKind) []Try {
	if s == nil {
		return nil
	}
	return s.Tries[kind.Log]
}

// mostTries are kept of the tries at an activity of a step: the first half, by which a
// class is read, and the newest. So the file does not grow by those who click a thousand times.
const mostTries = 200

// Add records a try.
func (s *StepLog) Add(kind *ActivityKind, t Try) {
	if s.Tries == nil {
		s.Tries = map[string][]Try{}
	}
	all := append(s.Tries[kind.Log], t)
	if len(all) > mostTries {
		all = slices.Delete(all, mostTries/2, mostTries/2+1)
	}
	s.Tries[kind.Log] = all
}

// plainLog is a StepLog without its tries, which are further keys of the same JSON
// object, one for each kind.
type plainLog StepLog

// MarshalJSON implements json.Marshaler.
func (s *StepLog) MarshalJSON() ([]byte, error) {
	all := map[string]any{}
	head, err := json.Marshal((*plainLog)(s))
	if err == nil {
		err = json.Unmarshal(head, &all)
	}
	if err != nil {
		return nil, err
	}
	for kind, tries := range s.Tries {
		all[kind] = tries
	}
	return json.Marshal(all)
}

// UnmarshalJSON implements json.Unmarshaler.
func (s *StepLog) UnmarshalJSON(data []byte) error {
	var all map[string]json.RawMessage
	if err := errors.Join(json.Unmarshal(data, (*plainLog)(s)), json.Unmarshal(data, &all)); err != nil {
		return err
	}
	s.Tries = map[string][]Try{}
	for _, kind := range Activities {
		if tries := all[kind.Log]; tries != nil {
			var got []Try
			if err := json.Unmarshal(tries, &got); err != nil {
				return err
			}
			s.Tries[kind.Log] = got
		}
	}
	return nil
}

// Try is one prediction, answer or attempt.
type Try struct {
	At     time.Time `json:"at"`
	Chosen string    `json:"chosen,omitempty"` // the id of a choice; Activity.Chosen finds it
	Choice int       `json:"choice,omitempty"` // of earlier versions of the program: its place, from 1; 0: none
	Value  *float64  `json:"value,omitempty"`  // of a number
	Truth  *float64  `json:"truth,omitempty"`  // the right answer, from the run
	Goals  []bool    `json:"goals,omitempty"`  // met, in order
	Repair int       `json:"repair,omitempty"` // of a task: which of its repairs it was, from 1; 0: none of them
	Said   string    `json:"said,omitempty"`   // what is neither a choice nor a number; the kind reads and writes it
	Judged bool      `json:"judged"`           // false: not yet compared with a run
	Right  bool      `json:"right"`
	Sure   bool      `json:"sure,omitempty"` // of a prediction: the student said so
}

// Of returns the record of a lesson, and creates it if there is none.
func (p *Progress) Of(lesson string, now time.Time) *Taken {
	if p.Lessons == nil {
		p.Lessons = map[string]*Taken{}
	}
	t := p.Lessons[lesson]
	if t == nil {
		t = &Taken{Started: now, Touched: now}
		p.Lessons[lesson] = t
	}
	t.of = p
	return t
}

// sureAndWrong tells whether the student was sure at a prediction of any lesson, and
// was wrong. It is named lesson/step.
func (t *Taken) sureAndWrong(prediction string) bool {
	lesson, step, _ := strings.Cut(prediction, "/")
	if t.of == nil || t.of.Lessons[lesson] == nil {
		return false
	}
	return slices.ContainsFunc(t.of.Lessons[lesson].Steps[step].Of(Prediction), func(t Try) bool { return t.Judged && t.Sure && !t.Right })
}

// Count counts the steps of a lesson that are done, and all of them.
func (p *Progress) Count(l *Lesson) (done, of int) {
	t := p.Lessons[l.ID]
	for _, s := range l.Steps {
		if t != nil && t.Steps[s.ID] != nil && !t.Steps[s.ID].Done.IsZero() {
			done++
		}
	}
	return done, len(l.Steps)
}

// Finished tells whether a lesson was done to its end.
func (p *Progress) Finished(lesson string) bool {
	t := p.Lessons[lesson]
	return t != nil && !t.Finished.IsZero()
}

// Missing returns the prerequisites of a lesson that are not finished.
func (p *Progress) Missing(l *Lesson) (ids []string) {
	for _, id := range l.Prerequisites {
		if !p.Finished(id) {
			ids = append(ids, id)
		}
	}
	return ids
}

// Clone returns a deep copy, which can be saved while the student continues.
func (p *Progress) Clone() *Progress {
	data, err := json.Marshal(p)
	c := &Progress{}
	if err == nil {
		err = json.Unmarshal(data, c)
	}
	if err != nil {
		panic(err) // plain data of this package
	}
	return c
}

func (t *Taken) log(step string) *StepLog {
	if t.Steps == nil {
		t.Steps = map[string]*StepLog{}
	}
	if t.Steps[step] == nil {
		t.Steps[step] = &StepLog{}
	}
	return t.Steps[step]
}

// tidy removes null entries of a file, so that no other code has to check.
func (p *Progress) tidy() {
	p.Version = progressVersion
	maps.DeleteFunc(p.Lessons, func(_ string, t *Taken) bool { return t == nil })
	for _, t := range p.Lessons {
		maps.DeleteFunc(t.Steps, func(_ string, s *StepLog) bool { return s == nil })
	}
}

// CSV writes one line for each try and each finished step, sorted by lesson, step
// and time. order returns the ids of a lesson's steps in their order; it may be nil.
func (p *Progress) CSV(w io.Writer, order func(lesson string) []string) error {
	out := csv.NewWriter(w)
	_ = out.Write([]string{"lesson", "step", "what", "when", "choice", "value", "truth", "right", "goals met", "hints opened", "sure"})
	for _, id := range slices.Sorted(maps.Keys(p.Lessons)) {
		t := p.Lessons[id]
		steps := slices.Sorted(maps.Keys(t.Steps))
		if order != nil {
			known := order(id)
			place := func(id string) uint { return uint(slices.Index(known, id)) } // -1 is the largest: unknown ones come last
			slices.SortStableFunc(steps, func(a, b string) int { return cmp.Compare(place(a), place(b)) })
		}
		for _, step := range steps {
			for _, row := range t.Steps[step].rows() {
				_ = out.Write(append([]string{id, step}, row...))
			}
		}
		if !t.Finished.IsZero() {
			_ = out.Write([]string{id, "", "finished", stamp(t.Finished), "", "", "", "", "", "", ""})
		}
	}
	out.Flush()
	return out.Error()
}

func (s *StepLog) rows() (rows [][]string) {
	for _, kind := range Activities {
		for _, t := range s.Of(kind) {
			row := []string{kind.Row, stamp(t.At), t.Said, number(t.Value), number(t.Truth), "", "", strconv.Itoa(s.Hints[kind.Block]), ""}
			switch {
			case t.Chosen != "":
				row[2] = t.Chosen
			case t.Choice > 0:
				row[2] = strconv.Itoa(t.Choice)
			}
			if t.Judged {
				row[5] = strconv.FormatBool(t.Right)
			}
			if kind.First {
				row[8] = strconv.FormatBool(t.Sure)
			}
			if len(t.Goals) > 0 {
				met := 0
				for _, g := range t.Goals {
					met += map[bool]int{true: 1}[g]
				}
				row[6] = strconv.Itoa(met) + " of " + strconv.Itoa(len(t.Goals))
			}
			rows = append(rows, row)
		}
	}
	if !s.Done.IsZero() {
		rows = append(rows, []string{"done", stamp(s.Done), "", "", "", "", "", "", ""})
	}
	return rows
}

func stamp(t time.Time) string { return t.UTC().Format(time.RFC3339) }

func number(v *float64) string {
	if v == nil {
		return ""
	}
	return strconv.FormatFloat(*v, 'g', -1, 64)
}
