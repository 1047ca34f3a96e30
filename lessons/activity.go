package lessons

import (
	"fmt"
	"slices"

	"asynclab/scenarios/yamltree"
	"asynclab/sim/draw"
	"asynclab/sim/expect"
)

// ActivityKind is a kind of activity, declared once, in a file of its own: the keys
// of its block, its checks, its rules in the player, and its page as text. For a new
// one, add the declaration to Activities, and its card to ui/learn.
type ActivityKind struct {
	Block string // name of its fenced block, and of its hints in a file of progress
	Log   string // name of its attempts in a file of progress
	Row   string // name of one attempt in the table of progress
	Later bool   // the student may go on and do it later
	First bool   // it comes before the run: nothing runs until the student has done it

	doc     string                                                      // its line in the guide
	words   map[string]words                                            // the texts of its page; "name" is its own name
	page    func(a *Activity, say sayer) (shown, answer []Line)         // it as text: below what is asked, and among the answers
	alone   bool                                                        // it needs no run unless it has expectations
	keys    []prop[draft]                                               // its keys, besides ask and explain
	finish  func(r *reader, d *draft)                                   // reads the keys that depend on each other, from the block
	expects func(a *Activity) []*expect.Expectation                     // about a run of the setup, besides those of choices
	check   func(r *reader, a *Activity)                                // checks against the scenario, without a run; may be nil
	prove   func(a *Activity) []*proof                                  // the statements that the check verifies by runs
	passed  func(t Try) bool                                            // whether the student may go on after this try
	leave   func(p *Player) error                                       // why the student may not go on yet
	judge   func(p *Player, a *Activity, run Evidence, v *Verdict) *Try // at the end of a run; a nil function or try: nothing to judge
	due     func(p *Player, a *Activity) bool                           // whether this student meets it; nil: everybody
	resume  func(a *Activity, last Try) *Guess                          // restores a try not yet compared with a run; nil if it was
}

func (k *ActivityKind) String() string { return k.Block }

// Runs tells whether the end of a run decides it.
func (k *ActivityKind) Runs() bool { return k.judge != nil }

// words is a text in every language; sayer formats a text of a kind.
type (
	words map[string]string
	sayer func(id string, args ...any) string
)

func (k *ActivityKind) say(lang string) sayer {
	return func(id string, args ...any) string {
		text, ok := k.words[id][lang]
		if !ok {
			text = k.words[id]["en"]
		}
		return fmt.Sprintf(text, args...)
	}
}

// Name is what pages in a language call it.
func (k *ActivityKind) Name(lang string) string { return k.say(lang)("name") }

// Line is a paragraph of an activity as text, and the mark before it: "a) ", "- " or
// none.
type Line struct {
	Mark string
	Text Text
}

// Page is the activity as text in a language: the lines below what is asked, and
// those of the answer.
func (a *Activity) Page(lang string) (shown, answer []Line) { return a.Kind.page(a, a.Kind.say(lang)) }

// Activities lists all kinds, in the order in which pages list them.
var Activities = []*ActivityKind{Act, Review, Prediction, Trial, Question, Task, Edge, Transfer}

// Activity is something that the student does in a step.
type Activity struct {
	Kind    *ActivityKind
	Ask     Text
	Choices []Choice            // empty for a number and a task
	Number  *Number             // of a prediction
	Curve   *Curve              // of a prediction: its choices have Points, or the student draws it
	Sends   string              // of an act: the load
	Sweep   *Sweep              // of an edge
	Goals   []Goal              // of a task
	Watch   *expect.Expectation // of a try: the value that the student is told
	Of      string              // of a review: the prediction, lesson/step
	title   string              // of its lesson, in the language of the review; "" if that is not on the shelf
	Explain Text
	Hints   [][]Block

	Repairs, Cheats []*Attempt            // of a task
	unit            draw.Unit             // of Watch
	sent            []*expect.Expectation // of an act: ends, design by design
	setup           *Setup
	at              yamltree.Pos
	reads           int       // how many references of the file stand before it
	told            []reading // of a prediction: the numbers that were read before it
}

// Setup is the state of the lab that the activity is about.
func (a *Activity) Setup() *Setup { return a.setup }

// expectations returns the expectations about a run of the step's setup.
func (a *Activity) expectations() (all []*expect.Expectation) {
	for _, c := range a.Choices {
		all = append(all, c.Holds)
	}
	if a.Kind.expects != nil {
		all = append(all, a.Kind.expects(a)...)
	}
	return slices.DeleteFunc(all, func(e *expect.Expectation) bool { return e == nil })
}

// draft is an activity while its block is read.
type draft struct {
	*Activity
	n      *yamltree.Node
	number Number
	sweep  Sweep
	top    draw.Quantity // of a curve that is drawn by hand
}

// common lists the keys that the block of every activity has.
var common = []prop[draft]{
	{"ask", true, false, "what the student is asked", func(r *reader, n *yamltree.Node, d *draft) { d.Ask = r.text(n) }},
	{"explain", false, false, "shown when it is behind the student", func(r *reader, n *yamltree.Node, d *draft) { d.Explain = r.text(n) }},
}

func (k *ActivityKind) props() []prop[draft] { return slices.Concat(common, k.keys) }

// activity reads the block of an activity and adds it to the step.
func (r *reader) activity(s *Step, kind *ActivityKind, n *yamltree.Node) {
	if s.activity(kind) != nil {
		r.At(n, "make two steps of it", "a second %s block in one step", kind)
		return
	}
	begin := len(r.lesson.uses)
	a := &Activity{Kind: kind, setup: s.Setup, at: n.Pos, reads: begin}
	if r.original != nil {
		var o *Activity
		if i := r.original.Step(s.ID); i >= 0 {
			o = r.original.Steps[i].activity(kind)
		}
		if o == nil {
			r.At(n, "take it away, or put it where the original has it", "the original has no %s block here", kind)
			return
		}
		*a = *o
		a.at, a.Hints, a.Explain = n.Pos, nil, nil
		a.Choices, a.Goals = slices.Clone(o.Choices), slices.Clone(o.Goals)
	}
	d := &draft{Activity: a, n: n}
	object[draft]{blockNoun(kind.Block), kind.props()}.read(r, n, d)
	kind.finish(r, d)
	for i := begin; i < len(r.lesson.uses); i++ {
		r.lesson.uses[i].aside = kind == Review
	}
	s.Blocks = append(s.Blocks, Block{Kind: Gate, Activity: a})
}

// activity returns the step's activity of a kind; nil if there is none.
func (s *Step) activity(kind *ActivityKind) *Activity {
	for _, a := range s.Activities() {
		if a.Kind == kind {
			return a
		}
	}
	return nil
}

// judgeActivity makes the checks that need no run.
func (r *reader) judgeActivity(s *Step, a *Activity) {
	if s.Setup == nil {
		if !a.Kind.alone || len(a.expectations()) > 0 {
			r.At(a.at, "write a setup block before it", "there is no run that the %s could be about", a.Kind)
		}
		return
	}
	for _, e := range a.expectations() {
		r.judgeExpr(a.setup, e)
	}
	a.unit = r.units[a.Watch]
	if r.lesson.scenarios[a.setup.Scenario] == nil {
		return
	}
	if a.Kind.check != nil {
		a.Kind.check(r, a)
	}
	if s.Fresh && s.Setup.Play && a.Kind.First {
		r.At(s.Setup.at, "take play: true away; the run begins when the prediction was made", "the step plays before it was predicted")
	}
}
