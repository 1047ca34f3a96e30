package lessons

import (
	"errors"
	"fmt"
	"math"
	"time"
)

// Player leads one student through one lesson, without a window: it knows what
// is seen, what is allowed next, and writes down what was done.
//
//	text ─► predict ─► run to its end ─► text ─► answer ─► text ─► task: run until it is met ─► next step
//	           │            │                       │                │
//	        Predict      Finished(Evidence)       Answer          Finished(Evidence)
//
// It has no clock and no run of its own; both are given to it.
type Player struct {
	lesson *Lesson
	taken  *Taken
	step   int
	fresh  map[*Activity]bool // taken up again: passed no more, until it is
	guess  *Guess             // made, and waiting for the run
}

// NewPlayer goes on where the student left off.
func NewPlayer(l *Lesson, taken *Taken) *Player {
	p := &Player{lesson: l, taken: taken, fresh: map[*Activity]bool{}}
	p.step = max(l.Step(taken.Step), 0)
	p.resume()
	return p
}

// In goes on in another language of the same lesson.
func (p *Player) In(l *Lesson) *Player { return NewPlayer(l, p.taken) }

func (p *Player) Lesson() *Lesson { return p.lesson }
func (p *Player) Index() int      { return p.step }
func (p *Player) Step() *Step     { return &p.lesson.Steps[p.step] }

func (p *Player) log() *StepLog { return p.taken.log(p.Step().ID) }

// resume takes up a prediction that was made and not yet compared, if it still
// is one: lessons change, and files can be edited.
func (p *Player) resume() {
	p.guess = nil
	log := p.taken.Steps[p.Step().ID]
	if log == nil || len(log.Predictions) == 0 {
		return
	}
	t := log.Predictions[len(log.Predictions)-1]
	for _, a := range p.Step().Activities() {
		switch {
		case a.Kind != Prediction || t.Judged:
		case a.Number != nil && t.Value != nil:
			p.guess = &Guess{Choice: -1, Value: *t.Value}
		case a.Number == nil && t.Choice > 0 && t.Choice <= len(a.Choices):
			p.guess = &Guess{Choice: t.Choice - 1}
		}
	}
}

// passed tells whether what stands behind an activity may be seen.
func (p *Player) passed(step int, a *Activity) bool {
	log := p.taken.Steps[p.lesson.Steps[step].ID]
	if log == nil || p.fresh[a] {
		return false
	}
	switch a.Kind {
	case Prediction:
		return anyTry(log.Predictions, func(t Try) bool { return t.Judged })
	case Question:
		return anyTry(log.Answers, func(t Try) bool { return t.Right })
	}
	return anyTry(log.Attempts, func(t Try) bool { return t.Right })
}

func anyTry(all []Try, is func(Try) bool) bool {
	for _, t := range all {
		if is(t) {
			return true
		}
	}
	return false
}

// Gate is what the student has to do next in this step; nil if nothing is left.
func (p *Player) Gate() *Activity {
	for _, a := range p.Step().Activities() {
		if !p.passed(p.step, a) {
			return a
		}
	}
	return nil
}

// Passed tells whether an activity of this step is behind the student.
func (p *Player) Passed(a *Activity) bool { return p.passed(p.step, a) }

// Visible is what the student may see of this step: up to the gate.
func (p *Player) Visible() []Block {
	gate := p.Gate()
	for i, b := range p.Step().Blocks {
		if b.Activity != nil && b.Activity == gate {
			return p.Step().Blocks[:i+1]
		}
	}
	return p.Step().Blocks
}

// MayRun tells whether the lab may run: not before a prediction was made. The
// error is for people.
func (p *Player) MayRun() error {
	if g := p.Gate(); g != nil && g.Kind == Prediction && p.guess == nil {
		return ErrPredict
	}
	return nil
}

// What a student is told when it is not the time for something.
var (
	ErrPredict = errors.New("first say what you expect")
	ErrRun     = errors.New("first run to the end, and see whether it is what you expected")
	ErrAnswer  = errors.New("first answer the question")
	ErrNotNow  = errors.New("this is not what comes next")
	ErrEnd     = errors.New("this is the last step")
)

// Guess is what a student predicts: a choice, from 0, or a number in the unit
// of the prediction.
type Guess struct {
	Choice int
	Value  float64
}

// Guessed is the prediction that waits for the run; ok is false if none does.
func (p *Player) Guessed() (Guess, bool) {
	if p.guess == nil {
		return Guess{}, false
	}
	return *p.guess, true
}

// Predict makes a prediction. It can be changed until the run has ended.
func (p *Player) Predict(g Guess, now time.Time) error {
	a := p.Gate()
	if a == nil || a.Kind != Prediction {
		return ErrNotNow
	}
	t := Try{At: now}
	switch {
	case a.Number != nil && (math.IsNaN(g.Value) || math.IsInf(g.Value, 0)):
		return fmt.Errorf("%v is not a number", g.Value)
	case a.Number != nil:
		t.Value = &g.Value
		g.Choice = -1
	case g.Choice < 0 || g.Choice >= len(a.Choices):
		return fmt.Errorf("there is no choice %d", g.Choice+1)
	default:
		t.Choice = g.Choice + 1
	}
	log := p.log()
	if n := len(log.Predictions); p.guess != nil && n > 0 && !log.Predictions[n-1].Judged {
		log.Predictions[n-1] = t
	} else {
		log.Predictions = append(log.Predictions, t)
	}
	p.guess = &g
	p.touch(now)
	return nil
}

// Answer answers the question; it can be tried until it is right.
func (p *Player) Answer(choice int, now time.Time) (right bool, err error) {
	a := p.Gate()
	switch {
	case a == nil || a.Kind != Question:
		return false, ErrNotNow
	case choice < 0 || choice >= len(a.Choices):
		return false, fmt.Errorf("there is no choice %d", choice+1)
	}
	right = a.Choices[choice].Right
	log := p.log()
	log.Answers = append(log.Answers, Try{At: now, Choice: choice + 1, Judged: true, Right: right})
	if right {
		delete(p.fresh, a)
	}
	p.progress(now)
	return right, nil
}

// Hints are those that are open.
func (p *Player) Hints(a *Activity) [][]Block {
	n := 0
	if log := p.taken.Steps[p.Step().ID]; log != nil {
		n = log.Hints[a.Kind.String()]
	}
	return a.Hints[:min(max(n, 0), len(a.Hints))]
}

// MoreHint opens the next hint; false if there is none.
func (p *Player) MoreHint(a *Activity, now time.Time) bool {
	open := len(p.Hints(a))
	if open >= len(a.Hints) {
		return false
	}
	log := p.log()
	if log.Hints == nil {
		log.Hints = map[string]int{}
	}
	log.Hints[a.Kind.String()] = open + 1
	p.touch(now)
	return true
}

// Again takes up the activities of this step once more; what was done before
// stays written down, and the step stays done.
func (p *Player) Again() {
	for _, a := range p.Step().Activities() {
		p.fresh[a] = true
	}
	p.guess = nil
}

// MayNext tells whether the student may go on: predictions and questions come
// first, a task may be left for later.
func (p *Player) MayNext() error {
	if p.step+1 >= len(p.lesson.Steps) {
		return ErrEnd
	}
	return p.mayLeave()
}

func (p *Player) mayLeave() error {
	for _, a := range p.Step().Activities() {
		switch {
		case a.Kind == Task || p.passed(p.step, a) || p.fresh[a] && p.StepDone(p.step):
		case a.Kind == Question:
			return ErrAnswer
		case p.guess == nil:
			return ErrPredict
		default:
			return ErrRun
		}
	}
	return nil
}

// Next goes to the next step.
func (p *Player) Next(now time.Time) error {
	if err := p.MayNext(); err != nil {
		return err
	}
	p.progress(now)
	p.enter(p.step+1, now)
	return nil
}

// Back goes to the step before; at the first it stays.
func (p *Player) Back(now time.Time) { p.enter(max(p.step-1, 0), now) }

// Reached is the furthest step that the student may go to directly.
func (p *Player) Reached() int {
	last := p.step
	for i := range p.lesson.Steps {
		if p.taken.Steps[p.lesson.Steps[i].ID] != nil {
			last = max(last, i)
		}
	}
	return last
}

// Go goes to a step that was reached before.
func (p *Player) Go(step int, now time.Time) error {
	if step < 0 || step > p.Reached() {
		return ErrNotNow
	}
	p.enter(step, now)
	return nil
}

func (p *Player) enter(step int, now time.Time) {
	p.step = step
	p.taken.Step = p.Step().ID
	p.log() // reached
	p.resume()
	p.touch(now)
}

// StepDone tells whether a step is done.
func (p *Player) StepDone(i int) bool {
	log := p.taken.Steps[p.lesson.Steps[i].ID]
	return log != nil && !log.Done.IsZero()
}

// Done tells whether the whole lesson is done.
func (p *Player) Done() bool { return !p.taken.Finished.IsZero() }

// Leave is called at the end of the last step: it marks it done, if it is.
func (p *Player) Leave(now time.Time) error {
	if err := p.mayLeave(); err != nil {
		return err
	}
	p.progress(now)
	return nil
}

func (p *Player) touch(now time.Time) {
	p.taken.Step, p.taken.Touched = p.Step().ID, now
}

// progress marks the step, and perhaps the lesson, as done.
func (p *Player) progress(now time.Time) {
	p.touch(now)
	log := p.log()
	for _, a := range p.Step().Activities() {
		if !p.passed(p.step, a) {
			return
		}
	}
	if log.Done.IsZero() {
		log.Done = now
	}
	for i := range p.lesson.Steps {
		if !p.StepDone(i) {
			return
		}
	}
	if p.taken.Finished.IsZero() {
		p.taken.Finished = now
	}
}
