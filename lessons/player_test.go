package lessons

import (
	"context"
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"asynclab/sim/design"
	"asynclab/sim/draw"
	"asynclab/sim/engine"
	"asynclab/sim/expect"
	"asynclab/sim/measure"
)

// bench is a student's lab: the designs of a setup with what the student has
// changed, run to the end of the step.
type bench struct {
	runs    map[string]*engine.Run
	designs map[string]*design.Design
}

func run(t *testing.T, l *Lesson, u *Setup, changes ...string) *bench {
	t.Helper()
	designs, err := l.Designs(u)
	if err != nil {
		t.Fatal(err)
	}
	b := &bench{map[string]*engine.Run{}, map[string]*design.Design{}}
	for _, d := range designs {
		for _, c := range changes {
			path, value, _ := strings.Cut(c, "=")
			if err := d.Set(path, value); err != nil {
				t.Fatal(err)
			}
		}
		p, err := engine.Compile(d)
		if err != nil {
			t.Fatal(err)
		}
		r, err := p.NewRun(l.Config(u))
		if err != nil {
			t.Fatal(err)
		}
		r.Advance(int64(u.Until), 0)
		b.runs[d.Name], b.designs[d.Name] = r, d
	}
	return b
}

func (b *bench) Metric(design, metric string, w *expect.Window) (float64, draw.Unit, bool) {
	for _, v := range b.runs[design].Values() {
		if v.Name == metric {
			if w == nil {
				return v.Value, v.Unit, true
			}
			x, ok := b.runs[design].ValueIn(metric, w.From, w.To)
			return x, v.Unit, ok
		}
	}
	return math.NaN(), draw.None, false
}

func (b *bench) Design(name string) *design.Design { return b.designs[name] }

func (b *bench) Series(design, metric string) (measure.Series, bool) {
	return b.runs[design].Series(metric)
}

var noon = time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)

// A whole lesson, from the first step to the last, with every wrong turn.
func TestPlayer(t *testing.T) {
	l := shelf(t, nil)[0].In("en")
	progress := &Progress{}
	taken := progress.Of(l.ID, noon)
	p := NewPlayer(l, taken)
	want := func(what string, got, want any) {
		t.Helper()
		if got != want {
			t.Errorf("%s: %v, want %v", what, got, want)
		}
	}

	// Nothing behind the prediction is seen, nothing runs, nothing goes on.
	want("gate", p.Gate().Kind, Prediction)
	want("blocks seen", len(p.Visible()), 3)
	want("may run", p.MayRun(), ErrPredict)
	want("may go on", p.MayNext(), ErrPredict)
	want("verdict without a prediction", p.Finished(run(t, l, p.Step().Setup), noon) == nil, true)
	if _, err := p.Answer(0, noon); err != ErrNotNow {
		t.Error(err)
	}
	want("hints", len(p.Hints(p.Gate())), 0)
	want("hint", p.MoreHint(p.Gate(), noon), true)
	want("second hint", p.MoreHint(p.Gate(), noon), false)
	want("hints", len(p.Hints(p.Gate())), 1)
	if p.Predict(Guess{Value: math.NaN()}, noon) == nil {
		t.Error("not a number is a prediction")
	}

	// A prediction, changed before the run; then a restart of the program.
	want("predict", p.Predict(Guess{Value: 10}, noon), nil)
	want("predict", p.Predict(Guess{Value: 40}, noon), nil)
	p = NewPlayer(l, taken)
	g, ok := p.Guessed()
	want("the guess is still there", ok && g.Value == 40, true)
	want("may run", p.MayRun(), nil)
	want("may go on", p.MayNext(), ErrRun)
	v := p.Finished(run(t, l, p.Step().Setup), noon)
	want("right", v.Right, false)
	if math.Abs(v.Truth-80) > 0.5 {
		t.Errorf("the run gives %v ms", v.Truth)
	}
	want("gate", p.Gate() == nil, true)
	want("blocks seen", len(p.Visible()), len(p.Step().Blocks))
	want("done", p.StepDone(0), true)

	// Again, and right this time; what was said first is kept.
	p.Again()
	want("may run again", p.MayRun(), ErrPredict)
	want("a done step can be left", p.MayNext(), nil)
	want("predict", p.Predict(Guess{Value: 86}, noon), nil)
	want("right within 10%", p.Finished(run(t, l, p.Step().Setup), noon).Right, true)
	want("predictions kept", len(taken.Steps["round-trip"].Of(Prediction)), 2)

	// The question: wrong, then right.
	want("next", p.Next(noon), nil)
	want("may go on", p.MayNext(), ErrAnswer)
	right, err := p.Answer(0, noon)
	want("wrong", right || err != nil, false)
	right, _ = p.Answer(1, noon)
	want("right", right, true)
	if _, err := p.Answer(1, noon); err != ErrNotNow {
		t.Error("answered twice", err)
	}

	// Back and forth.
	p.Back(noon)
	p.Back(noon)
	want("index", p.Index(), 0)
	want("too far", p.Go(2, noon), ErrNotNow)
	want("go", p.Go(1, noon), nil)
	want("next", p.Next(noon), nil)

	// The task: a cheat, a change beside the knobs, then a repair.
	want("last", p.MayNext(), ErrEnd)
	task := p.Gate()
	v = p.Finished(run(t, l, p.Step().Setup, "service.pay.workers=64"), noon)
	want("a cheat", v.Right || v.Goals[0].Pass || !v.Goals[1].Pass || len(v.Beside) > 0, false)
	v = p.Finished(run(t, l, p.Step().Setup, "service.pay.on.charge.work=20ms", "link.default.latency=4ms"), noon)
	want("beside the knobs", fmt.Sprint(v.Right, v.Goals[0].Pass, v.Goals[1].Pass, v.Beside), "false true true [link.default.latency]")
	want("done", p.Done(), false)
	want("leave it for later", p.Leave(noon), nil)
	want("done", p.Done(), false)
	v = p.Finished(run(t, l, p.Step().Setup, "service.pay.on.charge.work=20ms"), noon.Add(time.Minute))
	want("solved", v.Right, true)
	want("repair", v.Repair, 1)
	want("passed", p.Passed(task), true)
	want("done", p.Done(), true)
	want("goals as they stand", len(p.Goals(run(t, l, p.Step().Setup))), 2)
	done, of := progress.Count(l)
	want("steps done", done*10+of, 33)

	// The other language goes on at the same place.
	zh := p.In(shelf(t, nil)[0].In("zh-Hans"))
	want("index", zh.Index(), 2)
	want("done", zh.Done() && zh.StepDone(0), true)

	var csv strings.Builder
	if err := progress.CSV(&csv, func(string) []string { return names(l.Steps, func(s Step) string { return s.ID }) }); err != nil {
		t.Error(err)
	}
	const sheet = `lesson,step,what,when,choice,value,truth,right,goals met,hints opened,sure
shop-and-pay,round-trip,prediction,2026-11-21T12:00:00Z,,40,80,false,,1,false
shop-and-pay,round-trip,prediction,2026-11-21T12:00:00Z,,86,80,true,,1,false
shop-and-pay,round-trip,done,2026-11-21T12:00:00Z,,,,,,,
shop-and-pay,who-waits,answer,2026-11-21T12:00:00Z,it-serves-the-next-shopper,,,false,,0,
shop-and-pay,who-waits,answer,2026-11-21T12:00:00Z,it-waits,,,true,,0,
shop-and-pay,who-waits,done,2026-11-21T12:00:00Z,,,,,,,
shop-and-pay,faster,attempt,2026-11-21T12:00:00Z,service.pay.workers=64,,,false,1 of 2,0,
shop-and-pay,faster,attempt,2026-11-21T12:00:00Z,service.pay.on.charge.work=20ms; link.default.latency=4ms,,,false,2 of 2,0,
shop-and-pay,faster,attempt,2026-11-21T12:01:00Z,service.pay.on.charge.work=20ms,,,true,2 of 2,0,
shop-and-pay,faster,done,2026-11-21T12:01:00Z,,,,,,,
shop-and-pay,,finished,2026-11-21T12:01:00Z,,,,,,,
`
	if csv.String() != sheet {
		t.Errorf("got\n%s", csv.String())
	}
}

// A prediction of a curve, and prerequisites.
func TestPlayerChoices(t *testing.T) {
	l := shelf(t, curveLesson("0s 1.4, 30s 1.4", "0s 0, 30s 2"))[0].In("en")
	progress := &Progress{}
	p := NewPlayer(l, progress.Of(l.ID, noon))
	if p.Predict(Guess{Choice: 2}, noon) == nil || p.Predict(Guess{Choice: -1}, noon) == nil {
		t.Error("a choice that is not there was taken")
	}
	if err := p.Predict(Guess{Choice: 1}, noon); err != nil {
		t.Error(err)
	}
	if v := p.Finished(run(t, l, p.Step().Setup), noon); v.Right || v.Guess.Choice != 1 || v.Activity.Right() != 0 {
		t.Errorf("%+v", v)
	}
	// What was kept of another version of the lesson is no prediction here.
	for _, old := range []Try{{Choice: 7}, {Choice: -1}, {Value: new(float64)}, {}} {
		taken := &Taken{Step: "gone", Steps: map[string]*StepLog{"round-trip": {Tries: map[string][]Try{"predictions": {old}}, Hints: map[string]int{"predict": -3}}, "gone": nil}}
		p := NewPlayer(l, taken)
		if _, made := p.Guessed(); made || p.MayRun() != ErrPredict || len(p.Hints(p.Gate())) != 0 || p.Index() != 0 {
			t.Errorf("%+v", old)
		}
	}
	l.Prerequisites = []string{"one", l.ID}
	if got := progress.Missing(l); len(got) != 2 {
		t.Error(got)
	}
	delete(progress.Lessons, l.ID)
	if done, _ := progress.Count(l); done != 0 {
		t.Error("what was forgotten is still there")
	}
}

// The student reads the explanation of the repair that was made, and that of the task
// after another way.
func TestExplanationOfTheRepair(t *testing.T) {
	l := shelf(t, map[string]string{"en.md|    claims: {after: load.shoppers.confirmed.latency.p50}\n": "    claims: {after: load.shoppers.confirmed.latency.p50}\n  - set: {service.pay.on.charge.work: 20ms, service.pay.workers: 2}\n    explain: Two things at once.\n",
		"zh-Hans.md|  - {}\n": "  - {}\n  - explain: 两样一起。\n"})[0].In("en")
	for _, c := range []struct {
		set, want string
		repair    int
	}{
		{"service.pay.on.charge.work=22ms", "More workers do not help", 1},
		{"service.pay.on.charge.work=22ms service.pay.workers=3", "Two things at once.", 2},
	} {
		p := NewPlayer(l, (&Progress{}).Of(l.ID, noon))
		p.enter(2, noon)
		a := p.Gate()
		v := p.Finished(run(t, l, p.Step().Setup, strings.Fields(c.set)...), noon)
		if !v.Right || v.Repair != c.repair || !strings.HasPrefix(p.Explanation(a).String(), c.want) {
			t.Errorf("%s: %v, repair %d, %s", c.set, v.Right, v.Repair, p.Explanation(a))
		}
	}
}

// The hunt finds a way around a task whose knobs leave one open, and takes a repair
// for none.
func TestHunt(t *testing.T) {
	for _, c := range []struct {
		knobs, want string
	}{
		{"knobs: [service.pay.on.charge.work, service.pay.workers]", ""},
		{"knobs: [service.pay.on.charge.work, service.pay.speed]", "service.pay.speed = 2 solves the task, and no repair is like it"},
		{"", "service.pay.speed = 2 solves the task"},
	} {
		s := shelf(t, map[string]string{"en.md|knobs: [service.pay.on.charge.work, service.pay.workers]": c.knobs, "en.md|  - set: {link.default.latency: 0s}\n": "  - set: {service.pay.on.charge.work: 100ms}\n"})
		r, err := Check(context.Background(), s, true, 1, nil)
		if err != nil || len(r.Mistakes) > 0 {
			t.Fatal(err, r.Mistakes)
		}
		if text := r.Unmet.Error(); !strings.Contains(text, c.want) || (text == "") != (c.want == "") || r.Hunted < 4 {
			t.Errorf("%q: %d tries: %s", c.knobs, r.Hunted, text)
		}
	}
}
