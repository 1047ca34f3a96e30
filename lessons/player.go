package lessons

import (
	"errors"
	"math"
	"slices"
	"time"

	"asynclab/sim/expect"
)

// Player leads one student through one lesson, without a window: it decides which
// blocks are shown and which actions are allowed, and records the student's tries.
//
//	text ─► predict ─► run to its end ─► text ─► answer ─► text ─► task: run until it is met ─► next step
//	           │            │                       │                │
//	        Predict      Finished(Evidence)       Answer          Finished(Evidence)
//
// It has neither a clock nor a run: the caller passes times and Evidence.
type Player struct {
	lesson *Lesson
	taken  *Taken
	step   int
	fresh  map[*Activity]bool // restarted: earlier tries no longer count as passed
	leads  bool               // a lecturer: no gate holds, and nothing is recorded
	bared  map[*Activity]bool // revealed by a lecturer
	guess  *Guess             // not yet compared with a run
}

// NewPlayer continues at the step where the student was last.
func NewPlayer(l *Lesson, taken *Taken) *Player {
	p := &Player{lesson: l, taken: taken, fresh: map[*Activity]bool{}, bared: map[*Activity]bool{}}
	p.step = max(l.Step(taken.Step), 0)
	p.resume()
	return p
}

// In continues in another language of the same lesson; what was revealed or restarted
// stays so.
func (p *Player) In(l *Lesson) *Player {
	q := NewPlayer(l, p.taken)
	q.leads = p.leads
	for i := range min(len(p.lesson.Steps), len(l.Steps)) {
		here := l.Steps[i].Activities()
		for j, a := range p.lesson.Steps[i].Activities() {
			if j < len(here) {
				q.bared[here[j]], q.fresh[here[j]] = p.bared[a], p.fresh[a]
			}
		}
	}
	return q
}

// Lead is for a lecturer in front of a class: every step may be entered, steps may be
// skipped, and what stands behind an activity may be revealed. It goes on with a record
// of its own, so that nothing of it is kept as a student's progress.
func (p *Player) Lead() {
	p.leads, p.taken = true, &Taken{Step: p.Step().ID}
}

// Leads tells whether this is a lecturer's player.
func (p *Player) Leads() bool { return p.leads }

// Reveal shows what stands behind the next activity of this step, without a try; only a
// lecturer may.
func (p *Player) Reveal() error {
	a := p.Gate()
	if !p.leads || a == nil {
		return ErrNotNow
	}
	p.bared[a] = true
	return nil
}

func (p *Player) Lesson() *Lesson { return p.lesson }
func (p *Player) Index() int      { return p.step }
func (p *Player) Step() *Step     { return &p.lesson.Steps[p.step] }

func (p *Player) log() *StepLog { return p.taken.log(p.Step().ID) }

// resume restores a prediction that was not yet compared with a run.
func (p *Player) resume() {
	p.guess = nil
	for _, a := range p.Step().Activities() {
		if tries := p.Tries(a); a.Kind.resume != nil && len(tries) > 0 {
			p.guess = a.Kind.resume(a, tries[len(tries)-1])
		}
	}
}

// Tries are the student's attempts at an activity of this step, oldest first.
func (p *Player) Tries(a *Activity) []Try { return p.taken.Steps[p.Step().ID].Of(a.Kind) }

// Passed tells whether the text after an activity of this step is shown.
func (p *Player) Passed(a *Activity) bool {
	return !p.due(a) || p.bared[a] || !p.fresh[a] && slices.ContainsFunc(p.Tries(a), a.Kind.passed)
}

// due tells whether this student meets an activity; a lecturer meets them all.
func (p *Player) due(a *Activity) bool { return p.leads || a.Kind.due == nil || a.Kind.due(p, a) }

// Gate is the next activity of this step; nil if all are passed.
func (p *Player) Gate() *Activity {
	for _, a := range p.Step().Activities() {
		if !p.Passed(a) {
			return a
		}
	}
	return nil
}

// Visible returns the blocks of this step up to the gate, or all without one.
func (p *Player) Visible() []Block {
	gate := p.Gate()
	var all []Block
	for _, b := range p.Step().Blocks {
		if b.Activity == nil || p.due(b.Activity) {
			all = append(all, b)
		}
		if b.Activity != nil && b.Activity == gate {
			break
		}
	}
	return all
}

// MayRun returns why the lab may not run yet: a prediction comes first. The error
// is shown to the student.
func (p *Player) MayRun() error {
	if p.leads {
		return nil
	}
	if g := p.Gate(); g != nil && g.Kind.First && p.guess == nil {
		return g.Kind.leave(p)
	}
	return nil
}

// Errors that are shown to the student.
var (
	ErrPredict = errors.New("first say what you expect")
	ErrRun     = errors.New("first run to the end, and see whether it is what you expected")
	ErrAnswer  = errors.New("first answer the question")
	ErrAct     = errors.New("first send what is yours")
	ErrSweep   = errors.New("first make the sweep, and see where it turns")
	ErrNotNow  = errors.New("this is not what comes next")
	ErrEnd     = errors.New("this is the last step")
)

// Verdict is the result of comparing the student's prediction or task with a run
// that has ended.
type Verdict struct {
	Activity *Activity
	Guess    Guess          // of a prediction
	Truth    float64        // of a prediction: the number, in its unit; of a curve how far it is away, as a share; NaN: the run gave none
	Swept    []Turned       // of an edge: the outcome at each value
	Right    bool           // the prediction was right; the task is solved
	Proof    expect.Outcome // of the right choice, evaluated on the run, if it has a proof
	Goals    []GoalVerdict  // of a task
	Beside   []string       // parameters changed that are no knobs of the task or try
	Repair   int            // from 1: which of its repairs solved the task; 0: another way, or none
}

// Explanation is what is shown when an activity of this step is behind the student;
// of a task, that of the repair that solved it, if it has one.
func (p *Player) Explanation(a *Activity) Text {
	for _, t := range slices.Backward(p.Tries(a)) {
		if i := t.Repair - 1; a.Kind.passed(t) && i >= 0 && i < len(a.Repairs) && len(a.Repairs[i].Explain) > 0 {
			return a.Repairs[i].Explain
		}
	}
	return a.Explain
}

// Finished must be called when a run reaches the end of the step (Until of its
// setup). It compares a prediction, or judges an attempt at a task; nil if the
// student's next activity needs no run.
func (p *Player) Finished(run Evidence, now time.Time) *Verdict {
	a := p.Gate()
	if a == nil || a.Kind.judge == nil {
		return nil
	}
	v := &Verdict{Activity: a, Truth: math.NaN()}
	t := a.Kind.judge(p, a, run, v)
	switch {
	case t == nil && len(v.Beside) > 0:
		return v
	case t == nil:
		return nil
	}
	t.Judged, t.Right = true, v.Right
	p.add(a, *t, now)
	return v
}

// add records a judged try. It replaces the last try if that was not judged: that is
// the same try before its run.
func (p *Player) add(a *Activity, t Try, now time.Time) {
	if tries := p.Tries(a); len(tries) > 0 && !tries[len(tries)-1].Judged {
		tries[len(tries)-1] = t
	} else {
		if t.At.IsZero() {
			t.At = now
		}
		p.log().Add(a.Kind, t)
	}
	if a.Kind.passed(t) {
		delete(p.fresh, a)
	}
	p.progress(now)
}

// Hints returns the hints that the student has opened.
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

// Again restarts the activities of this step. Earlier tries stay recorded, and the
// step stays done.
func (p *Player) Again() {
	for _, a := range p.Step().Activities() {
		p.fresh[a] = true
	}
	p.guess = nil
}

// MayNext returns why the student may not go to the next step yet: predictions and
// questions must be passed, a task may be done later.
func (p *Player) MayNext() error {
	if p.step+1 >= len(p.lesson.Steps) {
		return ErrEnd
	}
	return p.mayLeave()
}

func (p *Player) mayLeave() error {
	if p.leads {
		return nil
	}
	for _, a := range p.Step().Activities() {
		if !a.Kind.Later && !p.Passed(a) && !(p.fresh[a] && p.StepDone(p.step)) {
			return a.Kind.leave(p)
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

// Back goes to the previous step; at the first it stays.
func (p *Player) Back(now time.Time) { p.enter(max(p.step-1, 0), now) }

// Reached is the furthest step that the student may go to directly.
func (p *Player) Reached() int {
	if p.leads {
		return len(p.lesson.Steps) - 1
	}
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
	p.log() // creates the log: the step counts as reached
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

// Leave must be called at the end of the last step; it marks the step as done if all
// activities are passed.
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

// progress marks the step as done if no gate is left, and the lesson if all steps
// are done.
func (p *Player) progress(now time.Time) {
	p.touch(now)
	log := p.log()
	if p.Gate() != nil {
		return
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
