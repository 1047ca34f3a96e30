package learn

import (
	"errors"
	"math"
	"reflect"
	"testing"
	"time"

	"asynclab/lessons"
	"asynclab/sim/engine"
	"asynclab/ui/bench"
	"asynclab/ui/control"
)

// Every step of every lesson in every language can be set up on the bench, and
// its pictures have the names that the lesson selects.
func TestStepsCanBeStaged(t *testing.T) {
	for _, f := range lessons.Library() {
		for _, l := range f.Lessons {
			for _, step := range l.Steps {
				u := step.Setup
				if u == nil {
					continue
				}
				s := stagedSession(t, l, u)
				if u.Until <= 0 || u.Until > s.Length() {
					t.Errorf("%s %s, %s: it ends at %v, the run at %v", l.ID, l.Language, step.ID, u.Until, s.Length())
				}
				for i, sc := range s.Scenes() {
					if sc.Design != u.Designs[i] {
						t.Errorf("%s %s, %s: design %d is %s", l.ID, l.Language, step.ID, i, sc.Design)
					}
				}
				if b := (&bench.Bench{Scenes: s.Scenes()}); u.Select != "" && b.ElementOf(0, u.Select).Kind == 0 {
					t.Errorf("%s %s, %s: %s is not in the picture", l.ID, l.Language, step.ID, u.Select)
				}
			}
		}
	}
}

func stagedSession(t *testing.T, l *lessons.Lesson, u *lessons.Setup) *control.Session {
	t.Helper()
	sc, designs, err := staged(l, u)
	if err != nil {
		t.Fatalf("%s %s: %v", l.ID, l.Language, err)
	}
	s, err := control.Open(sc, designs, control.Options{Windows: l.Config(u).Windows})
	if err != nil {
		t.Fatalf("%s %s: %v", l.ID, l.Language, err)
	}
	return s
}

// The window and `lesson check` see the same: the same runs to the bit, the right
// answers of predictions right, repairs solve and cheats do not.
func TestWindowAgreesWithCheck(t *testing.T) {
	for _, f := range lessons.Library() {
		for _, l := range f.Lessons {
			if l != f.Lessons[0] { // a translation has its setups and answers from the original
				for i := range l.Steps {
					if !reflect.DeepEqual(l.Steps[i].Setup, f.Lessons[0].Steps[i].Setup) {
						t.Errorf("%s, %s: the %s setup is another", l.ID, l.Steps[i].ID, l.Language)
					}
				}
				continue
			}
			for i := range l.Steps {
				t.Run(l.ID+"/"+l.Steps[i].ID, func(t *testing.T) { agree(t, l, i) })
			}
		}
	}
}

func agree(t *testing.T, l *lessons.Lesson, i int) {
	step := &l.Steps[i]
	if step.Setup == nil || len(step.Activities()) == 0 {
		return
	}
	s := stagedSession(t, l, step.Setup)
	if err := s.JumpTo(step.Setup.Until); err != nil {
		t.Fatal(err)
	}
	sameRuns(t, l, step.Setup, s)
	p := lessons.NewPlayer(l, &lessons.Taken{Step: step.ID})
	for a := p.Gate(); a != nil; a = p.Gate() {
		switch a.Kind {
		case lessons.Prediction, lessons.Transfer:
			g := lessons.Guess{Choice: max(0, a.Right())}
			if a.Drawn() {
				g.Points = []lessons.Point{{T: 0, V: 0}, {T: 1, V: 0}}
			} else {
				predictRight(t, l, step, a, s)
			}
			if p.Predict(g, time.Now()) != nil || p.Finished(s, time.Now()) == nil {
				t.Fatal("the prediction is not compared")
			}
		case lessons.Act:
			if p.Finished(s, time.Now()) == nil {
				t.Fatal("nothing came of the act")
			}
		case lessons.Edge:
			all, err := a.Swept(t.Context(), l, nil)
			if err != nil || p.Predict(lessons.Guess{}, time.Now()) != nil || p.Swept(all, time.Now()) == nil {
				t.Fatal("the sweep is not compared", err)
			}
		case lessons.Trial:
			if !try(t, l, step, p, a) {
				t.Fatal("what was tried is not kept")
			}
		case lessons.Question:
			if right, err := p.Answer(a.Right(), time.Now()); !right || err != nil {
				t.Fatalf("the right answer is %v, %v", right, err)
			}
		case lessons.Task:
			if attempt(t, l, step, a, a.Cheats[0]) {
				t.Error("the cheat solves the task")
			}
			for i, r := range a.Repairs {
				if !attempt(t, l, step, a, r) {
					t.Errorf("repair %d does not solve the task", i+1)
				}
			}
			return
		}
	}
}

// try doubles or halves a knob at the bench, and tells whether it counts as a try.
func try(t *testing.T, l *lessons.Lesson, step *lessons.Step, p *lessons.Player, a *lessons.Activity) bool {
	t.Helper()
	for _, by := range []float64{2, 0.5} {
		for _, path := range step.Setup.Knobs {
			turned := step.Setup.Turn(path, by)
			if turned == nil {
				turned = attempted(l, path)
			}
			if turned == nil {
				continue
			}
			s := stagedSession(t, l, step.Setup)
			if err := s.JumpTo(step.Setup.From); err != nil {
				t.Fatal(err)
			}
			if err := s.Set(-1, path, turned.Set[0].Value); err != nil {
				t.Fatal(err)
			}
			if err := s.JumpTo(step.Setup.Until); err != nil {
				t.Fatal(err)
			}
			v := p.Finished(s, time.Now())
			return v != nil && v.Right && len(p.Tries(a)) == 1
		}
	}
	return false
}

// attempted is an attempt of the lesson that changes a parameter, for one that is no
// number at first.
func attempted(l *lessons.Lesson, path string) *lessons.Attempt {
	for i := range l.Steps {
		for _, a := range l.Steps[i].Activities() {
			for _, t := range a.Repairs {
				if len(t.Set) == 1 && t.Set[0].Path == path {
					return t
				}
			}
		}
	}
	return nil
}

// sameRuns holds that the runs are those of the check, to the bit.
func sameRuns(t *testing.T, l *lessons.Lesson, u *lessons.Setup, s *control.Session) {
	t.Helper()
	designs, err := l.Designs(u)
	if err != nil {
		t.Fatal(err)
	}
	for i, d := range designs {
		prog, err := engine.Compile(d)
		if err != nil {
			t.Fatal(err)
		}
		r, err := prog.NewRun(l.Config(u))
		if err != nil {
			t.Fatal(err)
		}
		r.Advance(int64(u.Until), 0)
		if r.Fingerprint() != s.Fingerprint(i) {
			t.Errorf("design %s is another run in the window", d.Name)
		}
		shown := s.Board(nil, nil, 0, "").Lanes[i].Values
		for k, v := range r.Values() {
			if got := shown[k]; got.Name != v.Name || got.Value != v.Value && !(math.IsNaN(got.Value) && math.IsNaN(v.Value)) {
				t.Errorf("%s.%s is %v in the window, %v in the check", d.Name, v.Name, got.Value, v.Value)
			}
		}
	}
}

// predictRight makes the right prediction, as a player of its own.
func predictRight(t *testing.T, l *lessons.Lesson, step *lessons.Step, a *lessons.Activity, s *control.Session) {
	t.Helper()
	guess := func(g lessons.Guess) *lessons.Verdict {
		p := lessons.NewPlayer(l, &lessons.Taken{Step: step.ID})
		if err := p.Predict(g, time.Now()); err != nil {
			if errors.Is(err, lessons.ErrNotNow) {
				return nil // it stands behind another gate; the check tells of it
			}
			t.Fatal(err)
		}
		return p.Finished(s, time.Now())
	}
	g := lessons.Guess{Choice: a.Right()}
	if a.Number != nil {
		v := guess(lessons.Guess{Choice: -1})
		if v == nil {
			return
		}
		if math.IsNaN(v.Truth) || v.Right {
			t.Fatalf("the run says %v %s, and 0 is right: %v", v.Truth, a.Number.Unit, v.Right)
		}
		g.Value = v.Truth
	}
	if v := guess(g); v != nil && (!v.Right || a.Number == nil && a.Choices[g.Choice].Holds != nil && !v.Proof.Pass) {
		t.Errorf("the right prediction is %v; its proof: %+v", v.Right, v.Proof)
	}
}

// attempt tells whether a task is solved by changes made at the bench.
func attempt(t *testing.T, l *lessons.Lesson, step *lessons.Step, a *lessons.Activity, try *lessons.Attempt) bool {
	t.Helper()
	if try.Faults != nil {
		t.Fatal("this try leaves faults out, which nobody can do at the bench")
	}
	s := stagedSession(t, l, step.Setup)
	for _, c := range try.Set {
		if err := s.JumpTo(max(c.At, s.Now(), step.Setup.From)); err != nil {
			t.Fatal(err)
		}
		lane := -1
		for i, d := range step.Setup.Designs {
			if d == c.Design {
				lane = i
			}
		}
		if err := s.Set(lane, c.Path, c.Value); err != nil {
			t.Logf("%s = %s: %v", c.Path, c.Value, err)
			return false // nobody can do that at the bench
		}
	}
	if err := s.JumpTo(step.Setup.Until); err != nil {
		t.Fatal(err)
	}
	p := lessons.NewPlayer(l, &lessons.Taken{Step: step.ID})
	for g := p.Gate(); g != a; g = p.Gate() {
		if g == nil {
			t.Fatal("the task is no gate")
		}
		_ = p.Predict(lessons.Guess{}, time.Now())
		_, _ = p.Answer(max(0, g.Right()), time.Now())
		p.Finished(s, time.Now())
	}
	v := p.Finished(s, time.Now())
	return v != nil && v.Right
}
