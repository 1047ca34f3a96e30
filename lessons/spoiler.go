package lessons

import (
	"maps"
	"math"
	"regexp"
	"slices"
	"sync"

	"asynclab/lessons/internal/numeral"
	"asynclab/scenarios/yamltree"
	"asynclab/sim/draw"
	"asynclab/sim/expect"
	"asynclab/sim/metric"
	"asynclab/sim/spell"
)

// A spoiler is an answer that stands before its question: a text that quotes the number
// which a prediction asks for, or another number that happens to be the same; an earlier
// run of the same designs whose plot draws it; a choice that says why it is right. All
// but the second for a prediction of a number are told from the file alone.

// judgeSpoilers reports what gives predictions away.
func (r *reader) judgeSpoilers() {
	first := true
	for i := range r.lesson.Steps {
		for _, a := range r.lesson.Steps[i].Activities() {
			if a.Kind.First && a.Sweep == nil {
				r.judgeTold(i, a, first)
				first = false
			}
			if a.Kind.First && a.setup != nil && r.lesson.Steps[i].Fresh {
				r.judgeSpoiler(i, a)
			}
		}
	}
}

// proof is what the right answer of a prediction is: its number, or what its right
// choice holds.
func (a *Activity) proof() *expect.Expectation {
	if a.Number != nil {
		return a.Number.Answer
	}
	if i := a.Right(); i >= 0 {
		return a.Choices[i].Holds
	}
	return nil
}

// judgeSpoiler reports the place at which the last of what proves an answer is told:
// who knows one side of a comparison does not know the answer.
func (r *reader) judgeSpoiler(step int, a *Activity) {
	e := a.proof()
	if e == nil {
		return
	}
	var last *spoiler
	for _, ref := range e.Metrics() {
		if isParam(ref) {
			continue
		}
		ref.Design = designOf(ref.Design, a.setup.Designs)
		told := r.told(step, a, ref)
		if told == nil {
			return
		}
		if last == nil || last.at.Line < told.at.Line {
			last = told
		}
	}
	if last != nil {
		r.At(last.at, last.hint, "%s, which the prediction %q asks for", last.text, r.lesson.Steps[step].ID)
	}
}

// spoiler is a place that gives a metric away.
type spoiler struct {
	at         yamltree.Pos
	text, hint spell.Text
}

// told finds the first place before a prediction that gives a metric of its run away;
// nil if there is none.
func (r *reader) told(step int, a *Activity, ref expect.Ref) *spoiler {
	for _, u := range r.lesson.uses {
		c := r.lesson.claims[u.target]
		if u.kind == ClaimSpan && (u.step < step || u.step == step && u.at.Line < a.at.Line) && c != nil && c.attempt == nil && c.tells(ref, a.setup) {
			return &spoiler{u.at, spell.Textf("the text tells %s", ref.Name()), spell.Textf("quote it behind the prediction")}
		}
	}
	for j := range r.lesson.Steps[:step] {
		s := &r.lesson.Steps[j]
		if s.Fresh {
			if plot := s.Setup.draws(ref, a.setup); plot != "" {
				return &spoiler{s.Setup.where("plots"), spell.Textf("the plot %s draws %s", plot, ref.Name()), spell.Textf("end that run earlier, or draw something else")}
			}
		}
	}
	return nil
}

// tells tells whether the value of a claim is that of a metric in a run like that of a
// setup.
func (c *Claim) tells(ref expect.Ref, u *Setup) bool {
	e := c.Value
	if e == nil {
		e = c.Condition
	}
	if e == nil {
		return false
	}
	is := e.Metrics()
	if len(is) != 1 {
		return false
	}
	is[0].Design = designOf(is[0].Design, c.setup.Designs)
	return is[0].Name() == ref.Name() && sameWindow(is[0].Window, ref.Window) && (ref.Window != nil || c.setup.Until == u.Until) && c.setup.sameRun(u, ref.Design)
}

func sameWindow(a, b *expect.Window) bool {
	return a == nil && b == nil || a != nil && b != nil && *a == *b
}

// draws is the plot of a setup that draws a metric to the moment at which it is asked
// for in a like run; "" if none does.
func (u *Setup) draws(ref expect.Ref, asked *Setup) string {
	end := asked.Until
	if ref.Window != nil {
		end = ref.Window.To
	}
	is, ok := metric.Core.Parse(ref.Metric)
	if !ok || u.Until < end || !u.sameRun(asked, ref.Design) {
		return ""
	}
	for _, p := range u.Plots {
		if plot := metric.ForLesson(p.Kind); plot != nil && p.Element == is.Element && slices.Contains(plot.Curves(metric.Core), is.Metric) {
			return p.Kind + " " + p.Element
		}
	}
	return ""
}

// sameRun tells whether two setups make the same run of a design.
func (u *Setup) sameRun(v *Setup, design string) bool {
	return u.Scenario == v.Scenario && slices.Contains(u.Designs, design) && slices.Contains(v.Designs, design) &&
		slices.Equal(u.Faults, v.Faults) && (u.Faults == nil) == (v.Faults == nil) && maps.Equal(u.setIn(design), v.setIn(design))
}

// setIn lists what a setup sets in a design.
func (u *Setup) setIn(design string) map[string]string {
	all := map[string]string{}
	for _, c := range u.Set {
		if c.Design == "" || c.Design == design {
			all[c.Path] = c.Value
		}
	}
	return all
}

// judgeTold collects the numbers that a student has read before a prediction: before the
// first of a lesson all of them, for there is nothing else yet to look them up in; before
// a later one those of its step, so that "it is as before" may be an answer. The number of
// a right choice must not be among them; that of a run is compared with it later.
func (r *reader) judgeTold(step int, a *Activity, first bool) {
	for _, u := range r.lesson.uses[:a.reads] {
		if !u.aside && (first || u.step == step) {
			a.tell(u.kind, u.text)
		}
	}
	for _, s := range a.Ask {
		a.tell(s.Kind, s.Text)
	}
	i := a.Right()
	if i < 0 || a.Curve != nil {
		return
	}
	if right, err := numeral.Read(a.Choices[i].Text.String()); err == nil {
		if text := a.toldAs(right.Value, right.Unit); text != "" {
			r.At(a.Choices[i].at, "give what it is made of, not the number itself", "the text before the prediction says %q, and so does the right choice", text)
		}
	}
}

// tell keeps the number of a quote.
func (a *Activity) tell(kind SpanKind, text string) {
	if kind != ClaimSpan && kind != Example {
		return
	}
	if n, err := numeral.Read(text); err == nil && n.Value != 0 {
		a.told = append(a.told, reading{n, text})
	}
}

// reading is a number that was read before a prediction.
type reading struct {
	numeral.Number
	text string
}

// toldAs is the quote that has told a value; "" if there is none.
func (a *Activity) toldAs(v float64, unit draw.Unit) string {
	for _, t := range a.told {
		if numeral.Comparable(t.Unit, unit) && math.Abs(t.Value-v) <= 0.01*math.Abs(v) {
			return t.text
		}
	}
	return ""
}

// judgeReasons holds that the choices of a lesson's first prediction say what will be and
// not why: who reads the reasons of all need not think of one.
func (r *reader) judgeReasons() {
	for i := range r.lesson.Steps {
		for _, a := range r.lesson.Steps[i].Activities() {
			if a.Kind != Prediction {
				continue
			}
			for _, c := range a.Choices {
				if sentences().MatchString(c.Text.String()) {
					r.At(c.at, "put the reason under because, where it is read when the choice was taken", "a choice of the first prediction says why: %q", c.Text)
				}
			}
			return
		}
	}
}

// sentences finds a second sentence.
var sentences = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`[.!?:;]\s+\S|[。！？：；]\s*\S`) })
