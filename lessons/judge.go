package lessons

import (
	"fmt"
	"slices"
	"strings"

	"asynclab/scenarios"
	"asynclab/sim/draw"
)

// judgeLesson checks what can be told of an original without running anything.
func (r *reader) judgeLesson() {
	for _, name := range r.claimed {
		c := r.lesson.claims[name]
		r.judgeExpr(c.setup, c.Value)
		r.judgeExpr(c.setup, c.Condition)
		known := false
		if c.unit, known = r.units[c.Value]; !known {
			c.Value = nil // reported; quoting it is no second mistake
		}
		if t := c.Tolerance; t.Value > 0 && c.Value != nil && t.Unit != draw.Ratio && !(t.Unit == c.unit) {
			r.at(c.at, "a share such as 5%, or a quantity in the unit of the value", "the tolerance is %v, and the value is %v", t.Unit, c.unit)
		}
	}
	for i := range r.lesson.Steps {
		s := &r.lesson.Steps[i]
		for _, a := range s.Activities() {
			r.judgeActivity(s, a)
		}
		if s.Fresh && s.Setup.Play && slices.ContainsFunc(s.Activities(), func(a *Activity) bool { return a.Kind == Prediction }) {
			r.at(s.Setup.at, "take play: true away; the run begins when the prediction was made", "the step plays before it was predicted")
		}
	}
}

func (r *reader) judgeActivity(s *Step, a *Activity) {
	needs := a.Kind != Question || len(a.expectations()) > 0
	if needs && s.Setup == nil {
		r.at(a.at, "write a setup block before it", "there is no run that the %s could be about", a.Kind)
		return
	}
	for _, e := range a.expectations() {
		r.judgeExpr(a.setup, e)
	}
	if n := a.Number; n != nil && n.Answer != nil {
		if is, known := r.units[n.Answer]; known && n.unit != is && !(countLike(n.unit) && countLike(is)) {
			r.at(a.at, "such as unit: ms, or unit: orders a second", "the answer is %v, and the unit %q is not", is, n.Unit)
		}
	}
	if a.Curve != nil && r.lesson.scenarios[a.setup.Scenario] != nil {
		r.judgeCurve(a)
	}
	for _, t := range []*Attempt{a.Solution, a.Naive} {
		if t == nil || r.lesson.scenarios[a.setup.Scenario] == nil {
			continue
		}
		r.judgeChanges(a.setup, t.Set)
		known := faultNames(r.lesson.scenarios[a.setup.Scenario], a.setup.Designs)
		for _, f := range t.Faults {
			if !slices.Contains(known, f) {
				r.at(t.at, scenarios.Meant(f, "faults", known), "there is no fault %q in %s", f, a.setup.Scenario)
			}
		}
	}
}

// judgeCurve checks that a curve is of something that has one.
func (r *reader) judgeCurve(a *Activity) {
	c := a.Curve // its design may be left out
	if c.Design == "" && len(a.setup.Designs) == 1 {
		c.Design = a.setup.Designs[0]
	}
	r.judgeExpr(a.setup, c.expr)
	c.Unit = r.units[c.expr]
}

// judgeUses checks what the texts refer to, but for other lessons, which are
// not known here.
func (r *reader) judgeUses() {
	var known []string
	for name := range r.lesson.claims {
		known = append(known, name)
	}
	slices.Sort(known)
	for _, u := range r.lesson.uses {
		switch u.kind {
		case Term:
			if _, ok := Glossary("en").Find(u.target); !ok {
				r.at(u.at, scenarios.Meant(u.target, "terms", Glossary("en").IDs()), "the glossary has no %q", u.target)
			}
		case ClaimSpan:
			c := r.lesson.claims[u.target]
			if c == nil {
				r.at(u.at, scenarios.Meant(u.target, "claims", known), "there is no claim %q", u.target)
				continue
			}
			if hint, err := c.fits(u.text); err != nil {
				r.at(u.at, hint, "%v", err)
			}
		}
	}
}

// fits tells whether a text can be what a claim says, before anything is run.
func (c *Claim) fits(text string) (hint string, err error) {
	if c.Condition != nil {
		return c.fitsStatement(text)
	}
	if c.Value == nil {
		return "", nil // wrong itself, and reported
	}
	got, err := readShown(text)
	switch {
	case err != nil:
		return "write one number with its unit, or make the claim a statement, with a comparison", err
	case got.unit == c.unit || countLike(got.unit) && countLike(c.unit):
		return "", nil
	}
	hint = map[draw.Unit]string{
		draw.Seconds: "such as [102 ms](claim:…): the unit stands inside the brackets", draw.PerSecond: "such as [50 requests a second](claim:…): the unit stands inside the brackets",
		draw.Bytes: "such as [2 MB](claim:…)", draw.BytesPerSecond: "such as [2 MB/s](claim:…)",
	}[c.unit]
	return hint, fmt.Errorf("the claim %s is %v, and %q is %v", c.Name, c.unit, text, got.unit)
}

// fitsStatement tells whether the numbers in a text are numbers of a statement.
func (c *Claim) fitsStatement(text string) (hint string, err error) {
	all := literals(c.Condition.Text())
	places := numberRegexp.FindAllStringIndex(text, -1)
	for i, m := range places {
		end := len(text)
		if i+1 < len(places) {
			end = places[i+1][0]
		}
		if inName(text, m[0]) {
			continue
		}
		if got, err := readShown(text[m[0]:end]); err != nil || !got.among(all) {
			return "write a number of the statement, or quote a value instead", fmt.Errorf("%q is not in the statement %q", text[m[0]:m[1]], c.Condition.Text())
		}
	}
	return "", nil
}

// judgeStep checks that a translation is in step with its original.
func (r *reader) judgeStep() {
	l, o := r.lesson, r.original
	var common []string
	for _, s := range o.Steps {
		if l.Step(s.ID) >= 0 {
			common = append(common, s.ID)
			continue
		}
		r.at(at{}, fmt.Sprintf("write ## … {#%s}", s.ID), "the step %q of the original is missing", s.ID)
	}
	var here []string
	for i := range l.Steps {
		s := &l.Steps[i]
		if j := o.Step(s.ID); j >= 0 {
			here = append(here, s.ID)
			r.compare(s, &o.Steps[j], i, j)
		}
	}
	if len(here) == len(common) && !slices.Equal(here, common) {
		r.at(at{}, "the original has "+strings.Join(common, ", "), "the steps are in another order")
	}
	r.compareQuotes(at{1, 1}, -1, -1)
}

// compare checks one step against that of the original.
func (r *reader) compare(s, o *Step, i, j int) {
	place := at{s.line, 1}
	for _, want := range o.Activities() {
		k := slices.IndexFunc(s.Activities(), func(a *Activity) bool { return a.Kind == want.Kind })
		if k < 0 {
			r.at(place, "the original has one", "the step %q has no %s block", s.ID, want.Kind)
			continue
		}
		got := s.Activities()[k]
		if len(got.Hints) != len(want.Hints) {
			r.at(got.at, "", "the original has %d hints here, this has %d", len(want.Hints), len(got.Hints))
		}
		if (len(got.Explain) > 0) != (len(want.Explain) > 0) {
			r.at(got.at, "give both of them one, or neither", "%q is in one of the two languages only", "explain")
		}
	}
	if a, b := order(s), order(o); len(a) == len(b) && !slices.Equal(a, b) {
		r.at(place, "the original has "+fmt.Sprint(b), "the blocks are in another order")
	}
	if a, b := pictures(s.Blocks), pictures(o.Blocks); !slices.Equal(a, b) {
		r.at(place, fmt.Sprintf("the original has %s, this has %s", strings.Join(b, ", "), strings.Join(a, ", ")), "the pictures are not those of the original")
	}
	r.compareQuotes(place, i, j)
}

func order(s *Step) (all []string) {
	for _, a := range s.Activities() {
		all = append(all, a.Kind.String())
	}
	return all
}

// pictures are the drawn designs and the files; a file may have another name in
// another language.
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
func (r *reader) compareQuotes(place at, i, j int) {
	here, there := r.lesson.quotes(i), r.original.quotes(j)
	for _, name := range there {
		if !slices.Contains(here, name) {
			r.at(place, fmt.Sprintf("quote it: […](claim:%s)", name), "the original quotes the claim %q here, the translation does not", name)
		}
	}
	for _, name := range here {
		if !slices.Contains(there, name) {
			r.at(place, "", "the translation quotes the claim %q here, the original does not", name)
		}
	}
}

// quotes are the claims that a step quotes, each once.
func (l *Lesson) quotes(step int) (all []string) {
	for _, u := range l.uses {
		if u.kind == ClaimSpan && u.step == step && !slices.Contains(all, u.target) {
			all = append(all, u.target)
		}
	}
	return all
}
