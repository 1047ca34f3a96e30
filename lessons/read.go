package lessons

import (
	"bytes"
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"asynclab/lessons/internal/numeral"
	"asynclab/scenarios"
	"asynclab/scenarios/preset"
	"asynclab/scenarios/yamltree"
	"asynclab/sim/draw"
	"asynclab/sim/expect"
	"asynclab/sim/spell"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/text"
)

// Limits of a lesson file: files are untrusted, and one ten times as long as a
// sensible one is still below them.
const (
	maxSteps = 100
)

// reader reads one file of a lesson.
type reader struct {
	*yamltree.Report
	fsys     fs.FS   // the folder; may be nil
	original *Lesson // nil: this is the original
	lesson   *Lesson
	strays   []stray         // numbers of the texts read last, not yet reported
	presets  []preset.Preset // of the real block that is being read
	quoted   int             // how often its text quotes them
	claimed  []string        // names of claims in the order of the file
	body     source
	exprs    map[*expect.Expectation]*yamltree.Node
	units    map[*expect.Expectation]draw.Unit // of the value of an expression
	metrics  scenarios.Metrics
}

// readLesson reads a file; if original is not nil, as its translation.
func readLesson(fsys fs.FS, id, language, shown string, data []byte, original *Lesson) (*Lesson, Diagnostics) {
	data = bytes.ReplaceAll(bytes.TrimPrefix(data, []byte("\ufeff")), []byte("\r\n"), []byte("\n"))
	r := &reader{Report: yamltree.New(shown, string(data), format), fsys: fsys, original: original,
		exprs: map[*expect.Expectation]*yamltree.Node{},
		units: map[*expect.Expectation]draw.Unit{}, metrics: scenarios.Metrics{}}
	r.lesson = &Lesson{ID: id, Language: language, Path: shown, FS: fsys, report: r.Report, claims: map[string]*Claim{}, scenarios: map[string]*scenarios.Scenario{}}
	if !r.Plain(data) {
		return nil, r.Mistakes
	}
	if original != nil {
		r.lesson.inherit(original)
	}
	blanked := r.head(data)
	r.body = source{blanked, placeIn(blanked)}
	r.document(markdown().Parse(text.NewReader(blanked)))
	if original != nil {
		r.judgeTranslation()
	} else {
		r.judgeOriginal()
	}
	r.judgeReasons()
	r.judgeHeadlines()
	r.judgeUses()
	return r.lesson, r.Mistakes
}

// inherit copies the fields that a translation does not have from the original.
func (l *Lesson) inherit(o *Lesson) {
	l.Order, l.Minutes, l.Covers, l.Prerequisites = o.Order, o.Minutes, o.Covers, o.Prerequisites
	l.defaultScenario, l.claims, l.scenarios = o.defaultScenario, o.claims, o.scenarios
	l.windows, l.asked = slices.Clone(o.windows), slices.Clone(o.asked)
}

// head reads the front matter and returns the file with the front matter replaced by
// blanks, so that the offsets of all other bytes stay the same.
func (r *reader) head(data []byte) []byte {
	out := bytes.Clone(data)
	end := -1
	if bytes.HasPrefix(data, []byte("---\n")) {
		end = bytes.Index(data[3:], []byte("\n---\n")) + 3
		if end < 3 && bytes.HasSuffix(data, []byte("\n---")) {
			end = len(data) - 4
		}
	}
	if end < 3 {
		r.At(yamltree.Pos{Line: 1, Col: 1}, "begin the file with --- and end the head with --- on a line of its own", "the lesson has no head")
		return out
	}
	for i := range min(end+5, len(out)) {
		if out[i] != '\n' {
			out[i] = ' '
		}
	}
	n := r.parseYAML(yamlText{data[4 : end+1], yamltree.Pos{Line: 2, Col: 1}}, "the head")
	if n == nil {
		return out
	}
	headObject.read(r, n, r.lesson)
	return out
}

var headObject = object[Lesson]{"the head", []prop[Lesson]{
	{"lesson", true, false, "the version of this format: 1", func(r *reader, n *yamltree.Node, _ *Lesson) {
		if n.Text != fmt.Sprint(Version) {
			r.At(n, spell.Textf("write lesson: %d", Version), "this program reads version %d of the format, not %q", Version, n.Text)
		}
	}},
	{"id", true, true, "the name of the folder", func(r *reader, n *yamltree.Node, l *Lesson) {
		if n.Text != l.ID {
			r.At(n, "the id is the name of the folder", "the folder is called %q, not %q", l.ID, n.Text)
		}
	}},
	{"title", true, false, "a few words", func(r *reader, n *yamltree.Node, l *Lesson) { l.Title, _ = r.word(n) }},
	{"summary", true, false, "one or two sentences", func(r *reader, n *yamltree.Node, l *Lesson) { l.Summary, _ = r.word(n) }},
	{"order", false, true, "place in the list; lessons with the same number are sorted by title", func(r *reader, n *yamltree.Node, l *Lesson) { l.Order = r.whole(n, 0, 100_000) }},
	{"minutes", true, true, "how long a student takes", func(r *reader, n *yamltree.Node, l *Lesson) { l.Minutes = r.whole(n, 1, 600) }},
	{"covers", false, true, "ids of the catalogue (`asynclab list --catalogue`)", func(r *reader, n *yamltree.Node, l *Lesson) { l.Covers = r.covers(n) }},
	{"prerequisites", false, true, "ids of lessons to do before", func(r *reader, n *yamltree.Node, l *Lesson) { l.Prerequisites = r.prerequisites(n) }},
	{"scenario", false, true, "for steps that name none: a file in this folder, or a scenario of the library", func(r *reader, n *yamltree.Node, l *Lesson) {
		l.defaultScenario, _ = r.word(n)
		r.scenario(n, l.defaultScenario)
	}},
}}

// judgeOriginal makes the checks that need the whole file but no run.
func (r *reader) judgeOriginal() {
	for _, name := range r.claimed {
		r.judgeClaim(r.lesson.claims[name])
	}
	for i := range r.lesson.Steps {
		s := &r.lesson.Steps[i]
		for _, a := range s.Activities() {
			r.judgeActivity(s, a)
		}
	}
	r.judgeSpoilers()
}

func (r *reader) covers(n *yamltree.Node) (out []string) {
	for _, item := range r.list(n) {
		if len(item.Text) < 2 || item.Text[0] < 'A' || item.Text[0] > 'Z' || strings.Trim(item.Text[1:], "0123456789") != "" {
			r.At(item, "asynclab list --catalogue shows them", "%q is not the id of a catalogue entry", item.Text)
			continue
		}
		out = append(out, item.Text)
	}
	return out
}

func (r *reader) prerequisites(n *yamltree.Node) (out []string) {
	for _, item := range r.list(n) {
		if id, ok := r.word(item); ok {
			out = append(out, id)
			r.lesson.uses = append(r.lesson.uses, use{LessonLink, id, id, -1, item.Pos, false})
		}
	}
	return out
}

// block is a kind of fenced block: setup, claims, hint, and one for each kind of
// activity.
type block struct {
	name, many, doc string
	original        bool // not in a translation
	read            func(r *reader, s *Step, n *yamltree.Node)
}

const hint = "hint" // the block that holds Markdown

func blocks() []block {
	all := []block{
		{"setup", "one", "the state of the lab: scenario, designs, parameters, faults, plots", true, (*reader).setup},
		{"claims", "any", "names for numbers of the run, for the text to quote", true, func(r *reader, s *Step, n *yamltree.Node) { r.claims(s.Setup, nil, n) }},
	}
	for _, kind := range Activities {
		all = append(all, block{kind.Block, "one", kind.doc, false, func(r *reader, s *Step, n *yamltree.Node) { r.activity(s, kind, n) }})
	}
	all = append(all, block{"real", "any", "what a real system does: a fact, its version and its source", false, (*reader).real})
	return append(all, block{hint, "any, after the activity it helps with", "opens when the student asks for it, one after the other", false, nil})
}

// blockNames returns the names of the blocks of the format; codeNames lists the other
// names of fenced blocks, which are shown as code.
func blockNames() []string { return names(blocks(), func(b block) string { return b.name }) }

var codeNames = []string{"", "text", "yaml", "json", "sh", "http", "go", "java", "python", "sql"}

// step is the step that is being read; nil in the introduction.
func (r *reader) step() *Step {
	if len(r.lesson.Steps) == 0 {
		return nil
	}
	return &r.lesson.Steps[len(r.lesson.Steps)-1]
}

func (r *reader) stepIndex() int { return len(r.lesson.Steps) - 1 }

// document reads the top level of the file: steps, texts and blocks.
func (r *reader) document(doc ast.Node) {
	for n := doc.FirstChild(); n != nil; n = n.NextSibling() {
		if h, ok := n.(*ast.Heading); ok && h.Level <= 2 {
			r.heading(h)
			continue
		}
		if f, ok := n.(*ast.FencedCodeBlock); ok {
			if info := string(f.Language(r.body.data)); slices.Contains(blockNames(), info) {
				r.formatBlock(info, f)
				continue
			}
		}
		b, ok := r.block(r.body, n)
		r.reportStrays(nil)
		if !ok {
			continue
		}
		if s := r.step(); s != nil {
			s.Blocks = append(s.Blocks, b)
		} else {
			r.lesson.Intro = append(r.lesson.Intro, b)
		}
	}
	if len(r.lesson.Steps) == 0 {
		r.At(yamltree.Pos{Line: r.body.place(len(r.body.data) - 1).Line, Col: 1}, "begin one with ## Its title {#its-id}", "the lesson has no steps")
	}
}

// heading begins a step.
func (r *reader) heading(h *ast.Heading) {
	place := r.body.place(h.Pos())
	if h.Level == 1 {
		r.At(place, "steps begin with ##", "the title of the lesson stands in its head, not in a heading")
		return
	}
	s := Step{Title: r.spans(r.body, h).String(), line: place.Line}
	r.reportStrays(nil)
	if v, ok := h.AttributeString("id"); ok {
		if b, ok := v.([]byte); ok {
			s.ID = string(b)
		}
	}
	if !idRegexp().MatchString(s.ID) {
		r.At(place, "end the heading with an id in small letters, such as {#round-trip}", "the step has no id that can be kept")
	} else if r.lesson.Step(s.ID) >= 0 {
		r.At(place, "ids of steps are different", "there is a step %q already", s.ID)
	}
	if len(r.lesson.Steps) == maxSteps {
		r.At(place, "make two lessons of it", "more than %d steps", maxSteps)
		return
	}
	if before := r.step(); before != nil {
		s.Setup = before.Setup
	}
	if r.original != nil {
		if i := r.original.Step(s.ID); i >= 0 {
			s.Setup, s.Fresh = r.original.Steps[i].Setup, r.original.Steps[i].Fresh
		} else if s.ID != "" {
			r.Unknown(place, s.ID, "steps", names(r.original.Steps, func(s Step) string { return s.ID }), "the original has no step %q", s.ID)
		}
	}
	r.lesson.Steps = append(r.lesson.Steps, s)
}

// formatBlock reads a fenced block of the format.
func (r *reader) formatBlock(info string, f *ast.FencedCodeBlock) {
	place := r.body.place(f.Pos())
	s := r.step()
	if s == nil {
		r.At(place, "begin a step before it: ## Its title {#its-id}", "a %s block outside of a step", info)
		return
	}
	y := yamlText{start: yamltree.Pos{Line: place.Line + 1, Col: 1}}
	if lines := f.Lines(); lines.Len() > 0 {
		y = yamlText{lines.Value(r.body.data), r.body.place(lines.At(0).Start)}
	}
	if info == hint {
		r.hint(s, y, place)
		return
	}
	n := r.parseYAML(y, blockNoun(info))
	if n == nil {
		return
	}
	n.Pos = place
	b := blocks()[slices.Index(blockNames(), info)]
	if b.original && r.original != nil {
		r.At(place, "take it away here", "a %s block belongs into the original only", info)
		return
	}
	b.read(r, s, n)
}

// stray is a number in a text that is neither a claim nor an example.
type stray struct {
	text string // begins with the number, at most 30 characters
	at   yamltree.Pos
}

// addStrays collects the numbers of a text. reportStrays reports them later, when the
// allowed numbers are known.
func (r *reader) addStrays(text string, place func(offset int) yamltree.Pos) {
	for _, i := range numeral.Strays(text) {
		rest, _, _ := strings.Cut(text[i:], "\n")
		r.strays = append(r.strays, stray{yamltree.Letters(rest, 30), place(i)})
	}
}

// reportStrays reports the collected numbers that are not allowed, and clears them.
func (r *reader) reportStrays(allowed []numeral.Literal) {
	for _, s := range r.strays {
		if !numeral.Allowed(s.text, allowed) {
			number := numeral.First(s.text)
			claim := spell.Textf("make it a claim, [%s …](claim:its-name)", number)
			if !strings.ContainsAny(number, "0123456789") {
				claim = spell.Textf("make it a claim, in digits, such as [2 s](claim:its-name)")
			}
			r.At(s.at, spell.Textf("%s, or mark it, [%s …](example:); `code` and small counts in words are free", claim, number),
				"the number %s is not checked", number)
		}
	}
	r.strays = nil
}

func (r *reader) exists(name string) bool {
	info, err := fs.Stat(r.fsys, name)
	return err == nil && info.Mode().IsRegular()
}

func (r *reader) files() (all []string) {
	entries, _ := fs.ReadDir(r.fsys, ".")
	for _, e := range entries {
		if !e.IsDir() {
			all = append(all, e.Name())
		}
	}
	return all
}
