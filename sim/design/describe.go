package design

import (
	"fmt"
	"reflect"
	"slices"

	"asynclab/sim/spec"
)

// lists are the forms of fields whose value is a list or a condition; what has a form
// and is not here has paths of its own.
var lists = []string{"causes", "condition", "attributes", "targets", "sets", "words", "transitions"}

func described(f *spec.Field) bool {
	switch f.Kind {
	case spec.Word, spec.YesNo, spec.Target:
		return f.Key != ""
	case spec.Name:
		return f.Key == "key" || f.Key == "dead_letter" // the name of a step is that of its element
	}
	return f.Kind == spec.Form && slices.Contains(lists, f.Form) && f.At != nil
}

// Describe visits everything that is said of the elements of a design, by its path: the
// parameters, without the means of distributions, and the words, yes or no, targets
// and lists besides. The text is for people.
func (d *Design) Describe(visit func(path, text string)) {
	w := walker{d: d, words: true, all: true, visit: func(path string, s *slot) {
		if !s.mean {
			visit(path, s.said())
		}
	}}
	w.design()
}

func (s *slot) said() string {
	switch s.Kind {
	case spec.Word:
		if s.Known(s.owner) {
			return s.Words[s.Chosen(s.owner)]
		}
		return fmt.Sprint(s.Chosen(s.owner))
	case spec.YesNo:
		return [...]string{"no", "yes"}[s.Chosen(s.owner)]
	case spec.Name:
		return *s.At(s.owner).(*string)
	case spec.Target, spec.Form:
		return fmt.Sprint(reflect.ValueOf(s.At(s.owner)).Elem().Interface())
	}
	text := s.text()
	if s.By != nil {
		if by := *s.By(s.owner).(*string); by != "" {
			text += " * " + by
		}
	}
	return text
}
