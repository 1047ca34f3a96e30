package lessons

import (
	"io/fs"
	"slices"
	"time"

	"asynclab/scenarios"
	"asynclab/scenarios/yamltree"
	"asynclab/sim/metric"
)

// Version is the version of the format that this package reads.
const Version = 1

// Diagnostic and Diagnostics are mistakes, reported like those of scenarios.
type (
	Diagnostic  = yamltree.Diagnostic
	Diagnostics = yamltree.Diagnostics
)

// Lesson is a lesson in one language, whole: what a translation does not say
// again (setups, right answers, goals) it has from the original.
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
	uses            []use            // what the texts refer to
	report          *yamltree.Report // about its file
}

// Scenario finds a scenario of the lesson by the name that its setups have.
func (l *Lesson) Scenario(name string) *scenarios.Scenario { return l.scenarios[name] }

// Step finds a step by its id; -1 if there is none.
func (l *Lesson) Step(id string) int {
	return slices.IndexFunc(l.Steps, func(s Step) bool { return s.ID == id })
}

// Step is one idea: text, the state of the lab, and what the student does.
type Step struct {
	ID, Title string
	Setup     *Setup // in force here; nil if no step so far has one
	Fresh     bool   // Setup begins here; otherwise the run of the step before goes on
	Blocks    []Block

	line int
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

// BlockKind says what a block is.
type BlockKind uint8

// The kinds of blocks, and the fields that they use.
const (
	Paragraph BlockKind = iota // Text
	Heading                    // Text, of the third level or below
	List                       // Items, Ordered, Start
	Table                      // Rows; the first is the head
	Picture                    // Text (what is seen), File or Design
	Code                       // Source, Info
	Quote                      // Items[0]
	Rule
	Gate // Activity
)

// Block is a piece of a text as it is drawn, one below the other.
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

// Text is a paragraph's worth of spans.
type Text []Span

// String is the text without its marks.
func (t Text) String() string {
	s := ""
	for _, p := range t {
		s += p.Text
	}
	return s
}

// SpanKind says what a span is.
type SpanKind uint8

// The kinds of spans; all but Plain and Break have a Target.
const (
	Plain      SpanKind = iota
	Break               // a new line
	ClaimSpan           // Target: name of a claim
	Example             // a number that is not about a run
	Term                // Target: id in the glossary
	LessonLink          // Target: id of a lesson
	Web                 // Target: an address
)

// Span is a piece of a line that looks the same throughout.
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
	Faults   []string // planned faults that are left; nil: all
	Until    time.Duration
	Whole    bool    // Until is the end of the scenario
	Speed    float64 // simulated seconds a second; +Inf: as fast as possible
	Play     bool
	Plots    []Plot
	Select   string // a node, or "a->b"; may be empty

	at     yamltree.Pos
	places map[string]*yamltree.Node // of its keys
}

// Change is a parameter that is given a value, in every shown design that has
// it, or in one.
type Change struct {
	At          time.Duration // 0: from the beginning
	Design      string        // "": in every one that has it
	Path, Value string

	place yamltree.Pos
}

// Plot is something to be drawn over time.
type Plot struct {
	Kind    string // what lessons call one of metric.Plots
	Element string // name of a load, a service or a queue
}

// plotKinds lists the plots there are.
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
}
