package lessons

import (
	"io/fs"
	"slices"
	"time"

	"asynclab/scenarios"
	"asynclab/scenarios/yamltree"
	"asynclab/sim/design"
	"asynclab/sim/draw"
	"asynclab/sim/measure"
	"asynclab/sim/metric"
)

// Version is the version of the format that this package reads.
const Version = 1

// Diagnostic and Diagnostics are mistakes, reported like those of scenarios.
type (
	Diagnostic  = yamltree.Diagnostic
	Diagnostics = yamltree.Diagnostics
)

// Lesson is a complete lesson in one language: a translation takes setups, right
// answers and goals, which its file does not repeat, from the original.
type Lesson struct {
	ID, Language   string
	Title, Summary string
	Order, Minutes int
	Covers         []string
	Prerequisites  []string
	Intro          []Block // before the first step
	Steps          []Step
	Path           string // of the file, as people name it
	FS             fs.FS  // the folder of the lesson: its pictures

	defaultScenario string
	claims          map[string]*Claim // of the original, by name
	scenarios       map[string]*scenarios.Scenario
	windows         []measure.Span   // of the expectations
	asked           []string         // metrics of the expectations
	uses            []use            // references in the texts
	report          *yamltree.Report // about its file
}

// Scenario finds a scenario of the lesson by the name that its setups have.
func (l *Lesson) Scenario(name string) *scenarios.Scenario { return l.scenarios[name] }

// Ideas are the lists of the last step: what a student can say afterwards.
func (l *Lesson) Ideas() (all []Block) {
	if len(l.Steps) == 0 {
		return nil
	}
	for _, b := range l.Steps[len(l.Steps)-1].Blocks {
		if b.Kind == List {
			all = append(all, b)
		}
	}
	return all
}

// Step finds a step by its id; -1 if there is none.
func (l *Lesson) Step(id string) int {
	return slices.IndexFunc(l.Steps, func(s Step) bool { return s.ID == id })
}

// Step is one idea: text, the state of the lab, and what the student does.
type Step struct {
	ID, Title string
	Setup     *Setup // its own, or that of the last step with one; nil if no step so far has one
	Fresh     bool   // it has its own Setup; otherwise the run of the previous step continues
	Blocks    []Block

	reals []*Real
	line  int
}

// Activities are the predictions, questions and tasks of the step, in order.
func (s *Step) Activities() []*Activity {
	var all []*Activity
	for _, b := range s.Blocks {
		if b.Activity != nil {
			all = append(all, b.Activity)
		}
	}
	return all
}

// BlockKind is the kind of a block.
type BlockKind uint8

// The kinds of blocks, and the fields that they use.
const (
	Paragraph BlockKind = iota // Text
	Heading                    // Text, of the third level or below
	List                       // Items, Ordered, Start
	Table                      // Rows; the first is the head
	Picture                    // Text (a description of the picture), File or Design
	Code                       // Source, Info
	Quote                      // Items[0]
	Rule
	Gate // Activity
)

// Block is a part of a text; blocks are drawn one below the other.
type Block struct {
	Kind     BlockKind
	Text     Text
	Items    [][]Block
	Ordered  bool
	Start    int
	Rows     [][]Text
	File     string // of a picture in the lesson's folder
	Scenario string // of a drawn picture: name for Lesson.Scenario
	Design   string
	Source   string
	Info     string
	Activity *Activity
}

// Text is the spans of a paragraph.
type Text []Span

// String is the text without formatting.
func (t Text) String() string {
	s := ""
	for _, p := range t {
		s += p.Text
	}
	return s
}

// SpanKind is the kind of a span.
type SpanKind uint8

// The kinds of spans; all but Plain and Break have a Target.
const (
	Plain      SpanKind = iota
	Break               // a new line
	ClaimSpan           // Target: name of a claim
	Example             // a number that is not about a run
	Term                // Target: id in the glossary
	LessonLink          // Target: id of a lesson
	ReviewLink          // of a review: Target is the id of a lesson, Text that of a step
	Web                 // Target: an address
)

// Span is a part of a text with one format.
type Span struct {
	Kind               SpanKind
	Text               string
	Target             string
	Emph, Strong, Code bool
}

// Setup is the state of the lab that a step begins with.
type Setup struct {
	Scenario string   // name for Lesson.Scenario
	Designs  []string // shown, in order
	Set      []Change
	Faults   []string      // planned faults that are left; nil: all
	Knobs    []string      // the only parameters that may be changed for a task; nil: all
	From     time.Duration // where the step begins; what the student changes comes after
	Until    time.Duration
	Seeds    int     // runs with so many seeds are a band behind the curves; 0: none
	Whole    bool    // Until is the end of the scenario
	Speed    float64 // simulated seconds a second; +Inf: as fast as possible
	Play     bool
	Plots    []Plot
	Select   string // a node, or "a->b"; may be empty

	at     yamltree.Pos
	begin  []*design.Design          // Designs, before the student changes them
	places map[string]*yamltree.Node // of its keys
}

// Change sets a parameter in every shown design that has it, or in one design.
type Change struct {
	At          time.Duration // 0: from the beginning
	Design      string        // "": every shown design that has the parameter
	Path, Value string

	place yamltree.Pos
}

// String is the change as people read it: "broker: queue.orders.size = 5 @ 10s".
func (c Change) String() string {
	s := c.Path + " = " + c.Value
	if c.Design != "" {
		s = c.Design + ": " + s
	}
	if c.At > 0 {
		s += " @ " + draw.FormatDuration(c.At.Seconds())
	}
	return s
}

// Plot is a plot over time of an element.
type Plot struct {
	Kind    string // name in lessons of one of metric.Plots
	Element string // name of a load, a service or a queue
}

// plotKinds lists the names of plots that lessons can use.
func plotKinds() (all []string) {
	for _, p := range metric.Plots {
		if p.Lesson != "" {
			all = append(all, p.Lesson)
		}
	}
	return slices.Sorted(slices.Values(all))
}

// use is a reference in a text.
type use struct {
	kind   SpanKind
	target string
	text   string
	step   int // -1: the introduction
	at     yamltree.Pos
	aside  bool // it stands in a review, which is about another world
}
