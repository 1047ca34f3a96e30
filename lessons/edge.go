package lessons

import (
	"context"
	"math"
	"slices"
	"strings"
	"time"

	"asynclab/lessons/internal/numeral"
	"asynclab/lessons/internal/runs"
	"asynclab/scenarios/yamltree"
	"asynclab/sim/draw"
	"asynclab/sim/expect"
)

// Edge is a sweep over one parameter. The student predicts at which of its values an
// expectation turns: from there on the other design is the better one.
var Edge = &ActivityKind{Block: "edge", Log: "edges", Row: "edge", First: true,
	doc: "a sweep over a parameter, with the value at which an expectation turns predicted",
	words: map[string]words{"name": {"en": "the edge", "zh-Hans": "分界"}, "number": {"en": "(a number in %s; tried are %s; your answer may lie between them)", "zh-Hans": "（一个数，单位：%s；试的是 %s，答案可以在它们之间）"},
		"run gives": {"en": "between those two neighbours among the values tried where the outcome changes", "zh-Hans": "试过的值里，从这一个到下一个，结果变了样：答在这两个值之间"}},
	page: func(a *Activity, say sayer) (shown, answer []Line) {
		return []Line{{Text: Text{{Text: say("number", a.Sweep.Unit, strings.Join(a.Sweep.Over, ", "))}}}}, []Line{{Text: Text{{Text: say("run gives")}}}}
	},
	keys: []prop[draft]{
		{"vary", true, true, "the parameter", func(r *reader, n *yamltree.Node, d *draft) { d.sweep.Vary, _ = r.word(n) }},
		{"over", true, true, "its values, three to thirty, from small to large", func(r *reader, n *yamltree.Node, d *draft) { d.sweep.Over = r.words(n) }},
		{"holds", true, true, "an expectation that is met on one side of the edge and not on the other", func(r *reader, n *yamltree.Node, d *draft) { d.sweep.Holds = r.expectation(n) }},
		{"unit", true, false, "of the answer, as in a prediction of a number", func(r *reader, n *yamltree.Node, d *draft) {
			d.number.Unit, _ = r.word(n)
			d.number.unit, d.number.Scale = numeral.UnitNamed(d.number.Unit)
		}},
	},
	finish: finishEdge,
	expects: func(a *Activity) []*expect.Expectation {
		return []*expect.Expectation{a.Sweep.Holds}
	},
	check:  checkEdge,
	prove:  proveEdge,
	passed: func(t Try) bool { return t.Judged },
	leave: func(p *Player) error {
		if p.guess == nil {
			return ErrPredict
		}
		return ErrSweep
	},
	resume: func(_ *Activity, last Try) *Guess {
		if last.Judged || last.Value == nil {
			return nil
		}
		return &Guess{Choice: -1, Value: *last.Value, Sure: last.Sure}
	},
}

// Sweep is the values of a parameter, and what turns at one of them.
type Sweep struct {
	Vary  string
	Over  []string
	Holds *expect.Expectation
	Unit  string  // of the student's number, as written
	Scale float64 // one of it in base units

	unit   draw.Unit
	values []float64 // of Over, in base units
}

// Turned is the outcome at one value of a sweep.
type Turned struct {
	Text  string  // the value, as the lesson has it
	Value float64 // in base units
	expect.Outcome
}

const maxSwept = 30

func finishEdge(r *reader, d *draft) {
	of := &d.sweep
	if d.Sweep != nil {
		of = d.Sweep
	}
	numbers := strings.Join(of.Over, " ")
	if of.Holds != nil {
		numbers += " " + of.Holds.Text()
	}
	r.reportStrays(numeral.Literals(numbers))
	if r.original != nil {
		if s := d.Sweep; s != nil && d.number.Unit != "" {
			if d.number.unit != s.unit || d.number.Scale != s.Scale {
				r.At(d.at, "the same unit in the other language", "the original has the unit %q, not %q", s.Unit, d.number.Unit)
			}
			own := *s
			own.Unit = d.number.Unit
			d.Sweep = &own
		}
		return
	}
	s := d.sweep
	s.Unit, s.unit, s.Scale = d.number.Unit, d.number.unit, d.number.Scale
	d.Sweep = &s
	over := d.n.Get("over")
	if over != nil && (len(s.Over) < 3 || len(s.Over) > maxSwept) {
		r.At(over, "such as over: [5/s, 10/s, 20/s]", "a sweep has three to %d values", maxSwept)
	}
}

// checkEdge checks the parameter, its values, and the unit of the answer.
func checkEdge(r *reader, a *Activity) {
	s, over := a.Sweep, a.at
	if s.Holds == nil {
		return
	}
	for i, value := range s.Over {
		r.judgeChanges(a.setup, []Change{{At: a.setup.From, Path: s.Vary, Value: value, place: over}})
		v, ok := a.setup.with(s.Vary, value)
		if !ok {
			return // reported
		}
		s.values = append(s.values, v)
		if i > 0 && v <= s.values[i-1] {
			r.At(over, "from small to large", "%s is not more than %s", value, s.Over[i-1])
			return
		}
	}
	if p := a.setup.Param(s.Vary); !numeral.Comparable(s.unit, p.Unit) {
		r.At(over, "such as unit: ms, or unit: orders a second", "the parameter is %v, and the unit %q is not", p.Unit, s.Unit)
	}
}

// with is a parameter's value as a number, once it is set so in a shown design.
func (u *Setup) with(path, value string) (float64, bool) {
	for _, d := range u.begin {
		d := d.Clone()
		if d.Set(path, value) == nil {
			v, err := d.Number(path)
			return v, err == nil
		}
	}
	return 0, false
}

// turn is the changes for the i-th value.
func (s *Sweep) turn(i int) *Attempt {
	return &Attempt{Set: []Change{{Path: s.Vary, Value: s.Over[i]}}}
}

// proveEdge checks that the expectation turns once, for every seed.
func proveEdge(a *Activity) (all []*proof) {
	s := a.Sweep
	passes := make([][]bool, len(s.Over)) // by value and seed
	for i := range s.Over {
		p := &proof{at: a.at, attempt: s.turn(i)}
		p.judge = func(now scene) {
			passes[i] = append(passes[i], judge(s.Holds, a.setup.Designs, now).Pass)
			seed, turns := len(passes[i])-1, []string{}
			for j := 1; i == len(s.Over)-1 && j <= i; j++ {
				if seed < len(passes[j]) && seed < len(passes[j-1]) && passes[j][seed] != passes[j-1][seed] {
					turns = append(turns, s.Over[j])
				}
			}
			if i == len(s.Over)-1 && len(turns) != 1 {
				p.unmet(a.at, "take other values, or another expectation", "%s turns %d times over these values (%s), not once", s.Holds.Text(), len(turns), strings.Join(turns, ", "))
			}
		}
		all = append(all, p)
	}
	return all
}

// Swept makes the runs of a sweep, and gives the outcome at each value.
func (a *Activity) Swept(ctx context.Context, l *Lesson, progress func(done, of int)) ([]Turned, error) {
	var x runs.Set
	s := a.Sweep
	var scenes []scene
	for i := range s.Over {
		now, err := l.scene(&x, a.setup, s.turn(i), a.expectations(), 0)
		if err != nil {
			return nil, err
		}
		scenes = append(scenes, now)
	}
	if err := x.Make(ctx, progress); err != nil {
		return nil, err
	}
	var all []Turned
	for i, now := range scenes {
		if err := now.err(); err != nil {
			return nil, err
		}
		all = append(all, Turned{s.Over[i], s.values[i], judge(s.Holds, a.setup.Designs, now)})
	}
	return all, nil
}

// Swept takes the outcome of a sweep, and compares the student's prediction with it;
// nil if nothing was predicted.
func (p *Player) Swept(all []Turned, now time.Time) *Verdict {
	a := p.Gate()
	if a == nil || a.Kind != Edge || p.guess == nil {
		return nil
	}
	i := 1 + slices.IndexFunc(all[min(1, len(all)):], func(t Turned) bool { return t.Pass != all[0].Pass })
	v := &Verdict{Activity: a, Guess: *p.guess, Truth: math.NaN(), Swept: all}
	tries := p.Tries(a)
	t := tries[len(tries)-1]
	if i > 0 {
		low, high := all[i-1].Value/a.Sweep.Scale, all[i].Value/a.Sweep.Scale
		v.Truth, v.Right = high, v.Guess.Value >= low && v.Guess.Value <= high
		t.Truth, t.Said = &high, all[i-1].Text+" … "+all[i].Text
	}
	p.guess = nil
	t.Judged, t.Right = true, v.Right
	p.add(a, t, now)
	return v
}
