package lessons

import (
	"slices"
	"strings"

	"asynclab/scenarios/yamltree"
	"asynclab/sim/spell"
)

// judgeTranslation checks that a translation has the steps, activities, hints,
// pictures and quotes of its original.
func (r *reader) judgeTranslation() {
	l, o := r.lesson, r.original
	var common []string
	for _, s := range o.Steps {
		if l.Step(s.ID) >= 0 {
			common = append(common, s.ID)
			continue
		}
		r.At(yamltree.Pos{}, spell.Textf("write ## … {#%s}", s.ID), "the step %q of the original is missing", s.ID)
	}
	var here []string
	for i := range l.Steps {
		s := &l.Steps[i]
		if j := o.Step(s.ID); j >= 0 {
			here = append(here, s.ID)
			r.compareStep(s, &o.Steps[j], i, j)
		}
	}
	if len(here) == len(common) && !slices.Equal(here, common) {
		r.At(yamltree.Pos{}, spell.Textf("the original has %s", strings.Join(common, ", ")), "the steps are in another order")
	}
	r.compareQuotes(yamltree.Pos{Line: 1, Col: 1}, -1, -1)
}

// compareStep checks one step against that of the original.
func (r *reader) compareStep(s, o *Step, i, j int) {
	place := yamltree.Pos{Line: s.line, Col: 1}
	for _, want := range o.Activities() {
		got := s.activity(want.Kind)
		if got == nil {
			r.At(place, "the original has one", "the step %q has no %s block", s.ID, want.Kind)
			continue
		}
		if len(got.Hints) != len(want.Hints) {
			r.At(got.at, "", "the original has %d hints here, this has %d", len(want.Hints), len(got.Hints))
		}
		if (len(got.Explain) > 0) != (len(want.Explain) > 0) {
			r.At(got.at, "give both of them one, or neither", "%q is in one of the two languages only", "explain")
		}
	}
	if len(s.reals) < len(o.reals) {
		r.At(place, "give its text", "the original has a real block that the step %q has not", s.ID)
	}
	if a, b := order(s), order(o); len(a) == len(b) && !slices.Equal(a, b) {
		r.At(place, spell.Textf("the original has %v", b), "the blocks are in another order")
	}
	if a, b := pictures(s.Blocks), pictures(o.Blocks); !slices.Equal(a, b) {
		r.At(place, spell.Textf("the original has %s, this has %s", strings.Join(b, ", "), strings.Join(a, ", ")), "the pictures are not those of the original")
	}
	r.compareQuotes(place, i, j)
}

func order(s *Step) []string {
	return names(s.Activities(), func(a *Activity) string { return a.Kind.Block })
}

// pictures lists drawn designs by name, and files without their names: a translation
// may use another file.
func pictures(blocks []Block) (all []string) {
	for _, b := range blocks {
		if b.Kind == Picture {
			name := "file"
			if b.Design != "" {
				name = "topology:" + b.Design
			}
			all = append(all, name)
		}
		for _, item := range b.Items {
			all = append(all, pictures(item)...)
		}
	}
	return all
}

// compareQuotes checks that the same claims are quoted in both.
func (r *reader) compareQuotes(place yamltree.Pos, i, j int) {
	here, there := r.lesson.quotes(i), r.original.quotes(j)
	for _, name := range there {
		if !slices.Contains(here, name) {
			r.At(place, spell.Textf("quote it: […](claim:%s)", name), "the original quotes the claim %q here, the translation does not", name)
		}
	}
	for _, name := range here {
		if !slices.Contains(there, name) {
			r.At(place, "", "the translation quotes the claim %q here, the original does not", name)
		}
	}
}

// quotes lists the claims that a step quotes, each once.
func (l *Lesson) quotes(step int) (all []string) {
	for _, u := range l.uses {
		if u.kind == ClaimSpan && u.step == step && !slices.Contains(all, u.target) {
			all = append(all, u.target)
		}
	}
	return all
}
