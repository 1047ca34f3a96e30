package main

import (
	"bytes"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"asynclab/lessons"
	"asynclab/sim"
	"asynclab/sim/design"
	"asynclab/sim/draw"
	"asynclab/sim/report"
	"asynclab/sim/topology"
)

type lessonShowCmd struct {
	Lesson   string `arg:"" optional:"" help:"Id of a lesson, or the path of a lesson's folder or file."`
	Lang     string `default:"en" placeholder:"LANG" help:"The language, such as zh-Hans."`
	Glossary bool   `help:"Print the glossary: the words that lessons explain, with their ids."`
	Student  bool   `help:"A hand-out: without hints, answers, and what stands behind a question."`
	Format   string `default:"text" enum:"text,md,html" help:"text, or a page to print: md, or html that needs no other file."`
	Out      string `placeholder:"FILE" help:"Write to a file, whole or not at all."`
}

// pageWords are the fixed texts of a page, by language and id.
var pageWords = map[string]map[string]string{
	"en": {
		"minutes": "%d min", "after": "after: %s", "list": ", ", "hint": "hint %d:", "answers": "Answers",
		"hints": "(%d hints, at the end)", "one hint": "(a hint, at the end)", "picture": "picture: %s", "title": "%d. %s, %s",
		"lab": "[lab: scenario %s, %s, up to %s]", "lab from": "[lab: scenario %s, %s, from %s to %s]",
	},
	"zh-Hans": {
		"minutes": "%d 分钟", "after": "先修：%s", "list": "、", "hint": "提示 %d：", "answers": "答案",
		"hints": "（%d 个提示，见文末）", "one hint": "（一个提示，见文末）", "picture": "图：%s", "title": "%d. %s（%s）",
		"lab": "[实验室：场景 %s，%s，直到 %s]", "lab from": "[实验室：场景 %s，%s，从 %s 到 %s]",
	},
}

func (c *lessonShowCmd) Run(a *app) error {
	p := &page{lang: c.Lang, student: c.Student, width: a.width(c.Out)}
	p.bold = p.width > 0
	if p.width == 0 || p.width > 100 {
		p.width = 80
	}
	switch {
	case c.Glossary:
		p.glossary()
	case c.Lesson == "":
		return wrongf("asynclab lesson list shows them", "lesson show needs the id of a lesson, or --glossary")
	default:
		shelf, err := a.shelves([]string{c.Lesson})
		if err != nil {
			return err
		}
		if len(shelf) != 1 {
			return wrongf("they are "+strings.Join(shelf.IDs(), ", "), "%s holds several lessons", c.Lesson)
		}
		l := shelf[0].In(c.Lang)
		if m := shelf[0].Mistakes; l == nil || len(l.Steps) == 0 {
			return m
		} else if len(m) > 0 {
			a.complain(report.Plural(len(m), "mistake")+" in this lesson", "asynclab lesson check "+c.Lesson+" shows them")
		}
		p.lang = l.Language
		if p.student {
			p.blank = blanks(l)
		}
		if c.Format == "text" {
			p.lesson(l)
		} else {
			p.bold = false
			(&handout{p, l, c.Format == "html"}).print()
		}
	}
	if v, ok := a.stdout.(visible); ok { // text of lessons cannot hold the marks: control characters in it are mistakes
		v.bold = p.bold
		a.stdout = v
	}
	return a.output(c.Out, func(w writer) error {
		_, err := w.Write(append(bytes.TrimRight(p.out.Bytes(), "\n"), '\n'))
		return err
	})
}

// page is a lesson as text for a terminal.
type page struct {
	out   bytes.Buffer
	lang  string
	width int
	bold  bool // headings and strong text, on a terminal

	played  bool            // step by step
	student bool            // without hints, answers and what stands behind a question
	blank   map[string]bool // claims whose numbers a page for students leaves out
}

// say formats a fixed text of the page, in English if the language has none.
func (p *page) say(id string, args ...any) string {
	text, ok := pageWords[p.lang][id]
	if !ok {
		text = pageWords["en"][id]
	}
	return fmt.Sprintf(text, args...)
}

func (p *page) glossary() {
	for _, e := range lessons.Glossary(p.lang) {
		p.put("", "", p.strong(e.Name)+" ("+e.ID+")")
		p.put("    ", "    ", e.Text)
	}
}

// about is what the head of a lesson says of it.
func (p *page) about(l *lessons.Lesson) []string {
	about := []string{p.say("minutes", l.Minutes)}
	if len(l.Covers) > 0 {
		about = append(about, strings.Join(l.Covers, " "))
	}
	if len(l.Prerequisites) > 0 {
		about = append(about, p.say("after", strings.Join(l.Prerequisites, p.say("list"))))
	}
	return about
}

func (p *page) lesson(l *lessons.Lesson) {
	p.heading(l.Title, "=")
	p.put("", "", strings.Join(p.about(l), " · "))
	p.put("", "", "\n"+l.Summary)
	p.gap()
	p.blocks(l, "", l.Intro)
	for i := range p.steps(l) {
		s := &l.Steps[i]
		p.heading(fmt.Sprintf("%d. %s", i+1, s.Title), "-")
		p.lab(s)
		p.blocks(l, "", parts(s)[0].blocks)
	}
	if !p.student {
		p.answers(l)
	}
}

// steps is how many steps the page has: for students, what comes after the last thing
// to do is left out, since it sums up what has been found.
func (p *page) steps(l *lessons.Lesson) int {
	n := len(l.Steps)
	for p.student && n > 0 && len(gates(&l.Steps[n-1])) == 0 {
		n--
	}
	return n
}

// lab says which run a step is about; students have no use for the names.
func (p *page) lab(s *lessons.Step) {
	if s.Fresh && !p.student {
		u := s.Setup
		id, about := "lab", []any{u.Scenario, strings.Join(u.Designs, p.say("list"))}
		if u.From > 0 {
			id, about = "lab from", append(about, p.time(u.From))
		}
		p.put("  ", "  ", p.say(id, append(about, p.time(u.Until))...))
		p.gap()
	}
}

func (p *page) heading(text, line string) {
	p.gap()
	fmt.Fprintf(&p.out, "%s\n%s\n\n", p.strong(text), strings.Repeat(line, wide(text)))
}

func (p *page) strong(text string) string {
	if !p.bold {
		return text
	}
	return string(boldOn) + text + string(boldOff)
}

// gap ends the output so far with one empty line.
func (p *page) gap() {
	if b := p.out.Bytes(); len(b) > 0 && !bytes.HasSuffix(b, []byte("\n\n")) {
		p.out.WriteByte('\n')
	}
}

func (p *page) blocks(l *lessons.Lesson, indent string, blocks []lessons.Block) {
	for _, b := range blocks {
		p.block(l, indent, b)
		p.gap()
	}
}

func (p *page) block(l *lessons.Lesson, indent string, b lessons.Block) {
	switch b.Kind {
	case lessons.Paragraph:
		p.put(indent, indent, p.text(b.Text))
	case lessons.Heading:
		p.put(indent, indent, p.strong(b.Text.String()))
	case lessons.List:
		for i, item := range b.Items {
			mark := "- "
			if b.Ordered {
				mark = fmt.Sprintf("%d. ", b.Start+i)
			}
			at := p.out.Len()
			p.blocks(l, indent+strings.Repeat(" ", len(mark)), item)
			rest := bytes.Clone(p.out.Bytes()[at:])
			p.out.Truncate(at)
			p.out.WriteString(indent + mark)
			p.out.Write(bytes.TrimSuffix(rest[min(len(indent)+len(mark), len(rest)):], []byte("\n")))
		}
	case lessons.Table:
		p.table(indent, b.Rows)
	case lessons.Picture:
		p.picture(l, indent, b)
	case lessons.Code:
		for line := range strings.Lines(b.Source) {
			p.out.WriteString(indent + "    " + line)
		}
	case lessons.Quote:
		p.blocks(l, indent+"  | ", b.Items[0])
	case lessons.Rule:
		p.out.WriteString(indent + strings.Repeat("-", 20) + "\n")
	case lessons.Gate:
		p.activity(indent, b.Activity)
	}
}

// picture writes the description of a picture, and draws it if it is a design.
func (p *page) picture(l *lessons.Lesson, indent string, b lessons.Block) {
	p.put(indent, indent, "["+p.say("picture", b.Text.String())+"]")
	s := l.Scenario(b.Scenario)
	if b.Design == "" || s == nil || s.Design(b.Design) == nil {
		return
	}
	p.drawn(indent, s.Design(b.Design))
}

// drawn draws a design.
func (p *page) drawn(indent string, d *design.Design) {
	var drawing bytes.Buffer
	if topology.Text(&drawing, sim.Graph(d)) == nil {
		p.gap()
		for line := range strings.Lines(drawing.String()) {
			p.out.WriteString(strings.TrimRight(indent+"    "+line, " \n") + "\n")
		}
	}
}

func (p *page) table(indent string, rows [][]lessons.Text) {
	var most []int
	for _, row := range rows {
		for i, cell := range row {
			if i == len(most) {
				most = append(most, 0)
			}
			most[i] = max(most[i], wide(cell.String()))
		}
	}
	for i, row := range rows {
		line, rule := indent, indent
		for j, cell := range row {
			line += cell.String() + strings.Repeat(" ", most[j]-wide(cell.String())+2)
			rule += strings.Repeat("-", most[j]) + "  "
		}
		p.out.WriteString(strings.TrimRight(line, " ") + "\n")
		if i == 0 {
			p.out.WriteString(strings.TrimRight(rule, " ") + "\n")
		}
	}
}

func (p *page) activity(indent string, a *lessons.Activity) {
	below := indent + "  "
	p.put(indent+p.strong(strings.ToUpper(a.Kind.Name(p.lang))+"  "), below, p.text(a.Ask))
	shown, _ := a.Page(p.lang)
	p.lines(below, shown)
	switch n := len(a.Hints); {
	case p.played: // hints come when they are asked for
	case n == 1:
		p.put(below, below, p.say("one hint"))
	case n > 1:
		p.put(below, below, p.say("hints", n))
	}
}

func (p *page) lines(indent string, all []lessons.Line) {
	for _, l := range all {
		p.put(indent+l.Mark, indent+strings.Repeat(" ", wide(l.Mark)), p.text(l.Text))
	}
}

// gates are the activities that everybody meets.
func gates(s *lessons.Step) []*lessons.Activity {
	return slices.DeleteFunc(s.Activities(), func(a *lessons.Activity) bool { return a.Kind == lessons.Review })
}

// part is some blocks of a step, and the activities in them that everybody meets.
type part struct {
	blocks []lessons.Block
	gates  []*lessons.Activity
}

// parts divides the blocks of a step at its gates: each part ends with one, the last
// with the end of the step. What stands behind an act tells no answer, and the task that
// follows a try at once is read with it: they do not divide.
func parts(s *lessons.Step) (all []part) {
	begin := 0
	var in []*lessons.Activity
	for i, b := range s.Blocks {
		if b.Kind != lessons.Gate || b.Activity.Kind == lessons.Review {
			continue
		}
		in = append(in, b.Activity)
		next := i+1 < len(s.Blocks) && s.Blocks[i+1].Kind == lessons.Gate
		if b.Activity.Kind == lessons.Act || b.Activity.Kind == lessons.Trial && next {
			continue
		}
		all = append(all, part{s.Blocks[begin : i+1], in})
		begin, in = i+1, nil
	}
	return append(all, part{s.Blocks[begin:], in})
}

// answers writes hints, answers, and the text that appears once an activity is
// done, at the end of the page, so that students do not read them by accident. The
// second parts of steps come after all first ones, because they too may tell what the
// first asked for.
func (p *page) answers(l *lessons.Lesson) {
	for round, more := 0, true; more; round++ {
		more = false
		for i := range l.Steps {
			s := &l.Steps[i]
			all := parts(s)
			if round >= len(all) || len(all[round].gates) == 0 {
				continue
			}
			if round == 0 && !more {
				p.heading(p.say("answers"), "=")
			}
			more = true
			for _, a := range s.Activities() {
				if round == 0 && a.Kind == lessons.Review {
					p.answer(l, p.say("title", i+1, s.Title, a.Kind.Name(p.lang)), a)
				}
			}
			for _, a := range all[round].gates {
				p.answer(l, p.say("title", i+1, s.Title, a.Kind.Name(p.lang)), a)
			}
			if round+1 < len(all) {
				p.blocks(l, "   ", all[round+1].blocks)
			}
		}
	}
}

// blanks are the claims that a lesson tells behind a question first: where a page for
// students quotes them later, it leaves room for the number, which they have by then.
func blanks(l *lessons.Lesson) map[string]bool {
	shown, hidden := map[string]bool{}, map[string]bool{}
	mark := func(in map[string]bool, blocks []lessons.Block) {
		for name := range lessons.Quoted(blocks) {
			if !shown[name] && !hidden[name] {
				in[name] = true
			}
		}
	}
	mark(shown, l.Intro)
	for i := range l.Steps {
		for k, part := range parts(&l.Steps[i]) {
			if k > 0 {
				mark(hidden, part.blocks)
				continue
			}
			mark(shown, part.blocks)
			for _, a := range part.gates {
				mark(hidden, []lessons.Block{{Text: a.Explain}})
			}
		}
	}
	for name := range hidden {
		if l.Given(name) {
			delete(hidden, name)
		}
	}
	return hidden
}

// hollow is a text with room in place of the numbers that students have to know by now.
func (p *page) hollow(s lessons.Span) string {
	if s.Kind != lessons.ClaimSpan || !p.blank[s.Target] {
		return s.Text
	}
	return numbers().ReplaceAllString(s.Text, "____")
}

var numbers = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`\d[\d.,]*`) })

func (p *page) answer(l *lessons.Lesson, title string, a *lessons.Activity) {
	p.put("", "   ", title)
	for i, h := range a.Hints {
		p.put("   ", "   ", p.say("hint", i+1))
		p.blocks(l, "     ", h)
	}
	_, answer := a.Page(p.lang)
	p.lines("   ", answer)
	if len(a.Explain) > 0 {
		p.put("   ", "   ", p.text(a.Explain))
	}
	p.gap()
}

// time formats a time of the run in the units of the page's language.
func (p *page) time(t time.Duration) string {
	text := draw.FormatDuration(t.Seconds())
	if p.lang == "zh-Hans" {
		text = strings.NewReplacer("ms", " 毫秒 ", "d", " 天 ", "h", " 小时 ", "m", " 分钟 ", "s", " 秒 ").Replace(text)
	}
	return strings.TrimSpace(text)
}

// text formats a paragraph: strong text is bold, and links show their addresses.
func (p *page) text(t lessons.Text) string {
	var b strings.Builder
	for _, s := range t {
		switch {
		case s.Kind == lessons.Break:
			b.WriteByte('\n')
		case s.Kind == lessons.Web && s.Text != s.Target:
			b.WriteString(s.Text + " (" + s.Target + ")")
		case s.Strong:
			b.WriteString(p.strong(p.hollow(s)))
		default:
			b.WriteString(p.hollow(s))
		}
	}
	return b.String()
}

// put writes a text, wrapped at the width of the page. first is the prefix of its
// first line, rest that of the others.
func (p *page) put(first, rest, text string) {
	for line := range strings.SplitSeq(text, "\n") {
		at := first
		used := wide(first)
		empty := true
		for _, piece := range pieces(line) {
			piece, blank := strings.CutPrefix(piece, " ")
			w := wide(piece)
			if !empty && used+w+count(blank) > p.width && !stuck(piece) {
				p.out.WriteString(strings.TrimRight(at, " ") + "\n")
				at, used, empty = rest, wide(rest), true
			}
			if blank && !empty {
				at, used = at+" ", used+1
			}
			at, used, empty = at+piece, used+w, false
		}
		p.out.WriteString(strings.TrimRight(at, " ") + "\n")
		first = rest
	}
}

func count(b bool) int {
	if b {
		return 1
	}
	return 0
}

// pieces splits a line where it may be wrapped: into words, with the blank before
// them, and single Chinese characters.
func pieces(line string) (out []string) {
	begin := 0
	for i, c := range line {
		if i > begin && (c == ' ' || broad(c) || broadBefore(line, i)) {
			out = append(out, line[begin:i])
			begin = i
		}
	}
	return append(out, line[begin:])
}

func broadBefore(line string, i int) bool {
	c, _ := utf8.DecodeLastRuneInString(line[:i])
	return broad(c)
}

// stuck tells whether a piece must not begin a line: closing punctuation.
func stuck(piece string) bool {
	c, _ := utf8.DecodeRuneInString(piece)
	return strings.ContainsRune("\uff0c\u3002\u3001\uff1b\uff1a\uff01\uff1f\uff09\u300b\u300d\u201d\u2019\u2026,.;:!?)", c)
}

// wide is the number of columns of a text on a terminal, ignoring the marks of bold
// text.
func wide(s string) int {
	return topology.Columns(strings.NewReplacer(string(boldOn), "", string(boldOff), "").Replace(s))
}

// broad tells whether a character takes two columns.
func broad(c rune) bool { return topology.Columns(string(c)) == 2 }
