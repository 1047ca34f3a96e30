package lessons

import (
	"fmt"
	"math"
	"time"

	"asynclab/lessons/internal/numeral"
	"asynclab/scenarios/yamltree"
	"asynclab/sim/draw"
	"asynclab/sim/expect"
)

// Prediction is a choice, a number or a curve, made before the run and compared with
// the run at its end.
var Prediction = &ActivityKind{Block: "predict", Log: "predictions", Row: "prediction", First: true,
	doc:   "a prediction, made before the run",
	words: foretold("predict", "预测"), page: foretoldPage, keys: foretoldKeys,
	finish: finishPrediction, expects: foretoldExpects, check: checkForetold, prove: proveAnswer,
	passed: func(t Try) bool { return t.Judged }, leave: leaveForetold, judge: judgePrediction, resume: resumePrediction,
}

// Transfer is a prediction about a scenario that the lesson has not shown before: the
// same idea in another world. It has no hints, and is counted apart.
var Transfer = &ActivityKind{Block: "transfer", Log: "transfers", Row: "transfer", First: true,
	doc:   "a prediction about another scenario: the same idea in another world, without hints",
	words: foretold("elsewhere", "换个地方"), page: foretoldPage, keys: foretoldKeys,
	finish: finishPrediction, expects: foretoldExpects, check: checkTransfer, prove: proveAnswer,
	passed: func(t Try) bool { return t.Judged }, leave: leaveForetold, judge: judgePrediction, resume: resumePrediction,
}

// foretold is the words of a kind of prediction.
func foretold(en, zh string) map[string]words {
	return map[string]words{
		"name":      {"en": en, "zh-Hans": zh},
		"number":    {"en": "(a number in %s)", "zh-Hans": "（一个数，单位：%s）"},
		"run gives": {"en": "what the run gives, right within %s", "zh-Hans": "运行给出的值，相差 %s 以内算对"},
		"drawn":     {"en": "(draw the curve: %s wide, %s high)", "zh-Hans": "（画出曲线：横轴到 %s，纵轴到 %s）"},
		"run draws": {"en": "the curve of the run, right within %s of its height", "zh-Hans": "运行画出的曲线，平均相差不超过其高度的 %s 算对"},
	}
}

func foretoldPage(a *Activity, say sayer) (shown, answer []Line) {
	if n := a.Number; n != nil {
		return []Line{{Text: Text{{Text: say("number", n.Unit)}}}}, []Line{{Text: Text{{Text: say("run gives", n.Tolerance)}}}}
	}
	if a.Drawn() {
		return []Line{{Text: Text{{Text: say("drawn", draw.FormatDuration(a.setup.Until.Seconds()), draw.FormatQuantity(a.Curve.Top.Value, a.Curve.Unit))}}}},
			[]Line{{Text: Text{{Text: say("run draws", a.Curve.Tolerance)}}}}
	}
	return choicePage(a, say)
}

var foretoldKeys = []prop[draft]{
	choicesProp,
	{"answer", false, true, "instead of choices: an expression, whose value in the run is the right answer", func(r *reader, n *yamltree.Node, d *draft) { d.number.Answer = r.expression(n) }},
	{"unit", false, false, "of the answer: a time, `%`, a rate (`orders a second`), or the name of what is counted (`workers`)", func(r *reader, n *yamltree.Node, d *draft) {
		d.number.Unit, _ = r.word(n)
		d.number.unit, d.number.Scale = numeral.UnitNamed(d.number.Unit)
	}},
	{"tolerance", false, true, "how near to the answer counts as right: a share of it, or a distance; otherwise 10%", func(r *reader, n *yamltree.Node, d *draft) { d.number.Tolerance, _ = r.quantity(n, n.Text) }},
	{"curve", false, true, "the metric whose curve is drawn in each choice; without choices, the student draws it by hand", func(r *reader, n *yamltree.Node, d *draft) { d.Curve = r.curve(n) }},
	{"top", false, true, "of a curve without choices: the height of the paper on which it is drawn", (*reader).top},
}

func foretoldExpects(a *Activity) []*expect.Expectation {
	if a.Number == nil {
		return nil
	}
	return []*expect.Expectation{a.Number.Answer}
}

func checkForetold(r *reader, a *Activity) {
	if n := a.Number; n != nil && n.Answer != nil {
		if is, known := r.units[n.Answer]; known && !numeral.Comparable(n.unit, is) {
			r.At(a.at, "such as unit: ms, or unit: orders a second", "the answer is %v, and the unit %q is not", is, n.Unit)
		}
	}
	if a.Curve != nil {
		r.judgeCurve(a)
	}
}

// checkTransfer also holds that it is another world, and that nobody helps.
func checkTransfer(r *reader, a *Activity) {
	checkForetold(r, a)
	for i := range r.lesson.Steps {
		if u := r.lesson.Steps[i].Setup; u != nil && u != a.setup && u.Scenario == a.setup.Scenario {
			r.At(a.at, "take a scenario of its own, with other names and other numbers", "the lesson shows the scenario of the transfer in the step %q too", r.lesson.Steps[i].ID)
			break
		}
	}
	if len(a.Hints) > 0 {
		r.At(a.at, "take the hints away", "a transfer has no hints")
	}
}

func leaveForetold(p *Player) error {
	if p.guess == nil {
		return ErrPredict
	}
	return ErrRun
}

// Number is a prediction of a number.
type Number struct {
	Answer    *expect.Expectation // its value is the right answer
	Unit      string              // as the student writes it: "ms"
	Scale     float64             // base units in one Unit
	Tolerance draw.Quantity       // a share of the right answer, or a distance from it

	unit draw.Unit
}

// room is the largest difference from the right answer, in base units, that counts as
// right. A tolerance without a unit is in the unit of the prediction.
func (n *Number) room(answer float64) float64 {
	if n.Tolerance.Unit == draw.None {
		return n.Tolerance.Value * n.Scale
	}
	return allowance(n.Tolerance, answer)
}

func finishPrediction(r *reader, d *draft) {
	n, answer := &d.number, d.n.Get("answer")
	switch {
	case r.original != nil:
		r.translatedUnit(d)
	case answer != nil && d.n.Get("choices") != nil:
		r.At(answer, "take one of the two away", "a prediction is either a number or a choice")
	case answer != nil && d.n.Get("curve") != nil:
		r.At(answer, "take one of the two away", "a prediction is either a number or a curve")
	case answer != nil:
		if n.Unit == "" {
			n.Scale = 1
		}
		if d.n.Get("tolerance") == nil {
			n.Tolerance = draw.Quantity{Value: 0.1, Unit: draw.Ratio}
		}
		d.Number = n
		r.reportStrays(nil)
		return
	case d.Curve != nil && d.n.Get("choices") == nil:
		d.Curve.Top = d.top
		r.finishDrawn(d)
		return
	}
	if r.original != nil && d.Drawn() {
		r.reportStrays(nil)
		return
	}
	r.choices(d, true)
}

// translatedUnit takes the name of the unit from a translation, and checks that it is
// the same unit.
func (r *reader) translatedUnit(d *draft) {
	if d.number.Unit == "" || d.Number == nil {
		return
	}
	if d.number.unit != d.Number.unit || d.number.Scale != d.Number.Scale {
		r.At(d.at, "the same unit in the other language", "the original has the unit %q, not %q", d.Number.Unit, d.number.Unit)
	}
	n := *d.Number
	n.Unit = d.number.Unit
	d.Number = &n
}

// numeric tells whether what is predicted is a number.
func (a *Activity) numeric() bool { return a.Number != nil || a.Sweep != nil }

// Guess is a student's prediction: the index of a choice, a number in the unit of the
// prediction, or a curve; and whether the student is sure of it.
type Guess struct {
	Choice int
	Value  float64
	Points []Point // of a curve that is drawn by hand
	Sure   bool
}

// Guessed returns the prediction that was not yet compared with a run; ok is false if
// there is none.
func (p *Player) Guessed() (Guess, bool) {
	if p.guess == nil {
		return Guess{}, false
	}
	return *p.guess, true
}

// Predict makes a prediction. It can be changed until the run has ended.
func (p *Player) Predict(g Guess, now time.Time) error {
	a := p.Gate()
	if a == nil || !a.Kind.First {
		return ErrNotNow
	}
	t := Try{At: now, Sure: g.Sure}
	switch {
	case a.numeric() && (math.IsNaN(g.Value) || math.IsInf(g.Value, 0)):
		return fmt.Errorf("%v is not a number", g.Value)
	case a.numeric():
		t.Value = &g.Value
		g.Choice = -1
	case a.Drawn():
		if err := validCurve(g.Points); err != nil {
			return err
		}
		t.Said = writePoints(g.Points)
		g.Choice = -1
	case g.Choice < 0 || g.Choice >= len(a.Choices):
		return fmt.Errorf("there is no choice %d", g.Choice+1)
	default:
		t.Chosen = a.Choices[g.Choice].ID
	}
	log, tries := p.log(), p.Tries(a)
	if n := len(tries); p.guess != nil && n > 0 && !tries[n-1].Judged {
		tries[n-1] = t
	} else {
		log.Add(a.Kind, t)
	}
	p.guess = &g
	p.touch(now)
	return nil
}

// resumePrediction restores a prediction that was not yet compared, if it is still
// valid: the lesson may have changed, and the file of progress can be edited.
func resumePrediction(a *Activity, last Try) *Guess {
	switch {
	case last.Judged:
	case a.Number != nil && last.Value != nil:
		return &Guess{Choice: -1, Value: *last.Value, Sure: last.Sure}
	case a.Drawn():
		if points := a.Points(last); points != nil {
			return &Guess{Choice: -1, Points: points, Sure: last.Sure}
		}
	case a.Number == nil && a.Chosen(last) >= 0:
		return &Guess{Choice: a.Chosen(last), Sure: last.Sure}
	}
	return nil
}

// judgePrediction compares a prediction with its run.
func judgePrediction(p *Player, a *Activity, run Evidence, v *Verdict) *Try {
	tries := p.Tries(a)
	if p.guess == nil || len(tries) == 0 {
		return nil
	}
	t := tries[len(tries)-1]
	v.Guess = *p.guess
	if n := a.Number; n != nil {
		if out := judge(n.Answer, a.setup.Designs, run); !math.IsNaN(out.Value) {
			v.Truth = out.Value / n.Scale
			v.Right = near(v.Guess.Value*n.Scale, out.Value, n.room(out.Value))
			t.Truth = &v.Truth
		}
	} else if a.Drawn() {
		if judgeDrawn(a, run, v); !math.IsNaN(v.Truth) {
			t.Truth = &v.Truth
		}
	} else {
		right := a.Right()
		v.Right = v.Guess.Choice == right
		if holds := a.Choices[right].Holds; holds != nil {
			v.Proof = judge(holds, a.setup.Designs, run)
		}
	}
	p.guess = nil
	return &t
}
