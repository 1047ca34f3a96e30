package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"math"
	"path/filepath"
	"strconv"
	"strings"
	"time"
	"unicode"

	"asynclab/lessons"
	"asynclab/sim/draw"

	"github.com/adrg/xdg"
)

type lessonPlayCmd struct {
	Lesson string `arg:"" help:"Id of a lesson, or the path of a lesson's folder or file."`
	Lang   string `default:"en" placeholder:"LANG" help:"The language, such as zh-Hans."`
	Data   string `type:"path" placeholder:"DIR" help:"Where progress is kept; otherwise where the desktop lab keeps it."`
	Lead   bool   `help:"For a lecturer: reveal shows what stands behind a question, skip goes on, step N jumps; no progress is kept."`
}

// Help is shown below the options.
func (lessonPlayCmd) Help() string {
	return `It shows each step up to its question, waits for your answer, makes the run, and compares.
Your progress is kept as the desktop lab keeps it: begin here and go on there, or the other way round.`
}

// playWords are the fixed texts of a lesson that is played, by language and id.
var playWords = map[string]map[string]string{
	"en": {
		"letter": "a letter, or hint, or quit: ", "go on": "Enter goes on, quit ends: ",
		"changes": "changes, such as %s; or hint, skip, quit; an empty line runs it as it is: ",
		"guess":   "a letter, and sure if you are (a sure), or hint, or quit: ", "number": "a number in %s, and sure if you are (7 sure), or hint, or quit: ",
		"tried": "With %s: %s", "nothing": "You have changed nothing.",
		"right": "Right.", "wrong": "Not quite.", "truth": "The run gives %s.", "no truth": "The run gives nothing.", "not": "There is no answer %q here.",
		"met": "met: %s (%s)", "missed": "missed: %s (%s)", "beside": "You have also changed %s. This task is not about that.",
		"act": "Enter sends it; or hint, or quit: ", "curve": "points of your curve, such as 0s 0, %s %s; or hint, or quit: ",
		"away": "Yours is %.0f%% of its height away. The run draws: %s", "edge": "a number in %s, and sure if you are (7 sure), or hint, or quit: ",
		"holds": "%s: yes (%s)", "fails": "%s: no (%s)", "turns": "It turns between %s.", "seeds": "With %d seeds it is between %s and %s %s.",
		"no hint": "There are no more hints.", "finished": "That was the lesson.", "kept": "Your progress is kept: asynclab lesson play %s goes on here.",
	},
	"zh-Hans": {
		"letter": "请输入字母，或 hint（提示）、quit（退出）：", "go on": "按回车继续，quit 退出：",
		"changes": "请输入改动，例如 %s；或 hint（提示）、skip（跳过）、quit（退出）；直接回车就按原样运行：",
		"guess":   "请输入字母，有把握就加上 sure（例如 a sure）；或 hint（提示）、quit（退出）：", "number": "请输入一个数，单位：%s，有把握就加上 sure（例如 7 sure）；或 hint（提示）、quit（退出）：",
		"tried": "%s 时：%s", "nothing": "你什么也没有改。",
		"right": "对。", "wrong": "不太对。", "truth": "运行给出的是 %s。", "no truth": "运行没有给出值。", "not": "这里没有答案 %q。",
		"met": "达到：%s（%s）", "missed": "没达到：%s（%s）", "beside": "你还改了 %s。这个任务与它无关。",
		"act": "按回车发出；或 hint（提示）、quit（退出）：", "curve": "请输入曲线上的点，例如 0s 0, %s %s；或 hint（提示）、quit（退出）：",
		"away": "你画的曲线平均相差其高度的 %.0f%%。运行画出的是：%s", "edge": "请输入一个数，单位：%s，有把握就加上 sure（例如 7 sure）；或 hint（提示）、quit（退出）：",
		"holds": "%s：成立（%s）", "fails": "%s：不成立（%s）", "turns": "变化发生在 %s 之间。", "seeds": "换 %d 个随机种子，结果在 %s 到 %s %s 之间。",
		"no hint": "没有更多提示了。", "finished": "这节课学完了。", "kept": "进度已保存：asynclab lesson play %s 从这里继续。",
	},
}

// errLeave ends a lesson before its end; errJump goes to another step of it.
var (
	errLeave = errors.New("the student leaves")
	errJump  = errors.New("the lecturer goes to another step")
)

// play is a lesson that is played on a terminal.
type play struct {
	*page
	a      *app
	l      *lessons.Lesson
	player *lessons.Player
	lines  chan string // what the student writes; closed at its end
	keep   func() error
	seen   string // the designs that were drawn last
}

func (c *lessonPlayCmd) Run(a *app) error {
	shelf, err := a.shelves([]string{c.Lesson})
	if err != nil {
		return err
	}
	if len(shelf) != 1 {
		return wrongf("they are "+strings.Join(shelf.IDs(), ", "), "%s holds several lessons", c.Lesson)
	}
	l := shelf[0].In(c.Lang)
	if m := shelf[0].Mistakes; l == nil || len(l.Steps) == 0 || len(m) > 0 {
		return m
	}
	if c.Data == "" {
		c.Data = filepath.Join(xdg.DataHome, "asynclab")
	}
	store, progress, notice, err := lessons.OpenStore(filepath.Join(c.Data, "progress.json"))
	if err != nil {
		return wrongf("choose another folder with --data DIR", "%v", err)
	}
	if notice != "" {
		a.complain(notice, "")
	}
	p := &play{page: &page{lang: l.Language, width: a.Width, bold: a.Width > 0, played: true}, a: a, l: l, lines: make(chan string),
		player: lessons.NewPlayer(l, progress.Of(l.ID, time.Now())), keep: func() error { return store.Save(progress) }}
	if p.width == 0 || p.width > 100 {
		p.width = 80
	}
	if v, ok := a.stdout.(visible); ok {
		v.bold = p.bold
		a.stdout = v
	}
	if c.Lead {
		p.player.Lead()
	}
	go p.read(a.stdin)
	switch err := p.whole(); {
	case errors.Is(err, errLeave) && c.Lead:
		return nil
	case errors.Is(err, errLeave):
		p.tell("", playWords, "kept", c.Lesson)
	case err != nil:
		return err
	}
	if err := a.Context.Err(); err != nil {
		a.code = exitInterrupted
	}
	return p.keep()
}

// read passes on what the student writes, a line at a time.
func (p *play) read(from io.Reader) {
	defer close(p.lines)
	for s := bufio.NewScanner(from); s.Scan(); {
		select {
		case p.lines <- strings.TrimSpace(s.Text()):
		case <-p.a.Context.Done():
			return
		}
	}
}

// tell writes a line of the given words.
func (p *play) tell(indent string, words map[string]map[string]string, id string, args ...any) {
	p.put(indent, indent, fmt.Sprintf(words[p.lang][id], args...))
	p.show()
}

// show writes what the page holds.
func (p *play) show() {
	_, _ = p.out.WriteTo(p.a.stdout)
}

// ask waits for a line of the student; at the end of the input, or for quit, the error
// is errLeave. What the student has done so far is kept before, so that nothing is lost
// when the program is killed while it waits.
func (p *play) ask(id string, args ...any) (string, error) {
	p.show()
	if err := p.keep(); err != nil {
		return "", err
	}
	fmt.Fprintf(p.a.stdout, playWords[p.lang][id], args...)
	select {
	case line, ok := <-p.lines:
		fmt.Fprintln(p.a.stdout)
		if !ok || line == "quit" {
			return "", errLeave
		}
		return line, nil
	case <-p.a.Context.Done():
		fmt.Fprintln(p.a.stdout)
		return "", errLeave
	}
}

// whole plays the lesson from the step at which the student is.
func (p *play) whole() error {
	if p.player.Index() == 0 {
		p.page.heading(p.l.Title, "=")
		p.blocks(p.l, "", p.l.Intro)
	}
	for {
		switch err := p.step(); {
		case errors.Is(err, errJump):
			continue
		case err != nil:
			return err
		}
		if err := p.keep(); err != nil {
			return err
		}
		if p.player.Index()+1 == len(p.l.Steps) {
			_ = p.player.Leave(time.Now()) // a task may be left for later
			p.tell("", playWords, "finished")
			return nil
		}
		switch line, err := p.ask("go on"); {
		case err != nil:
			return err
		case p.jumped(line):
			continue
		}
		if err := p.player.Next(time.Now()); err != nil {
			return err
		}
	}
}

// jumped goes to the step that a lecturer names: "step 3".
func (p *play) jumped(line string) bool {
	to, ok := strings.CutPrefix(line, "step ")
	n, err := strconv.Atoi(strings.TrimSpace(to))
	return ok && p.player.Leads() && err == nil && p.player.Go(n-1, time.Now()) == nil
}

// step plays one step.
func (p *play) step() error {
	s := p.player.Step()
	p.page.heading(fmt.Sprintf("%d. %s", p.player.Index()+1, s.Title), "-")
	p.lab(s)
	if err := p.designs(s); err != nil {
		return err
	}
	shown := 0
	for {
		visible := p.player.Visible()
		p.blocks(p.l, "", visible[min(shown, len(visible)):])
		shown = len(visible)
		gate := p.player.Gate()
		if gate == nil {
			p.show()
			return nil
		}
		skipped, err := p.activity(gate)
		if err != nil || skipped {
			return err
		}
		if explain := p.player.Explanation(gate); len(explain) > 0 {
			p.put("  ", "  ", p.text(explain))
			p.gap()
		}
	}
}

// designs draws what the step is about, unless the step before was about the same.
func (p *play) designs(s *lessons.Step) error {
	if s.Setup == nil {
		return nil
	}
	seen := s.Setup.Scenario + ":" + strings.Join(s.Setup.Designs, ",")
	if seen == p.seen {
		return nil
	}
	p.seen = seen
	all, err := p.l.Designs(s.Setup)
	for _, d := range all {
		if len(all) > 1 {
			p.put("  ", "  ", d.Name)
		}
		p.drawn("", d)
		p.gap()
	}
	return err
}

// activity asks until an activity is behind the student.
func (p *play) activity(a *lessons.Activity) (skipped bool, err error) {
	for !p.player.Passed(a) {
		changes := a.Kind == lessons.Trial || a.Kind == lessons.Task
		id, arg := "letter", []any(nil)
		switch {
		case a.Kind == lessons.Act:
			id = "act"
		case a.Sweep != nil:
			id, arg = "edge", []any{a.Sweep.Unit}
		case a.Drawn():
			id, arg = "curve", []any{draw.FormatDuration(a.Setup().Until.Seconds()), draw.FormatQuantity(a.Curve.Top.Value, a.Curve.Unit)}
		case a.Number != nil:
			id, arg = "number", []any{a.Number.Unit}
		case changes:
			id, arg = "changes", []any{example(a)}
		case a.Kind.First:
			id = "guess"
		}
		line, err := p.ask(id, arg...)
		switch {
		case err != nil:
			return false, err
		case line == "hint":
			p.hint(a)
		case line == "skip" && (a.Kind.Later || p.player.Leads()):
			return true, nil
		case line == "reveal" && p.player.Leads():
			err = p.player.Reveal()
		case p.jumped(line):
			return false, errJump
		case changes:
			err = p.changed(a, separate(line))
		case a.Kind == lessons.Act:
			err = p.act(a)
		case a.Sweep != nil:
			err = p.sweep(a, line)
		case a.Drawn():
			err = p.curve(a, line)
		case a.Number != nil:
			err = p.number(a, line)
		default:
			err = p.choice(a, line)
		}
		if err != nil {
			return false, err
		}
	}
	return false, nil
}

// example is a change that shows how changes are written, without telling the answer.
func example(a *lessons.Activity) string {
	if knobs := a.Setup().Knobs; len(knobs) > 0 {
		return knobs[0] + "=…"
	}
	return "service.NAME.workers=…"
}

func (p *play) hint(a *lessons.Activity) {
	if !p.player.MoreHint(a, time.Now()) {
		p.tell("  ", playWords, "no hint")
		return
	}
	all := p.player.Hints(a)
	p.blocks(p.l, "  ", all[len(all)-1])
}

// choice takes a letter: of a prediction, which is then compared with its run, or of a
// question.
func (p *play) choice(a *lessons.Activity, line string) error {
	line, sure := strings.CutSuffix(line, " sure")
	i := -1
	if len(line) == 1 {
		i = int(line[0]|0x20) - 'a'
	}
	if i < 0 || i >= len(a.Choices) {
		p.tell("  ", playWords, "not", line)
		return nil
	}
	if !a.Kind.First {
		right, err := p.player.Answer(i, time.Now())
		p.said(right, a.Choices[i].Because)
		return err
	}
	if err := p.player.Predict(lessons.Guess{Choice: i, Sure: sure}, time.Now()); err != nil {
		return err
	}
	v, err := p.run(a, nil)
	if err != nil {
		return err
	}
	p.said(v.Right, a.Choices[i].Because)
	if right := a.Right(); !v.Right && right >= 0 {
		p.inset(p.text(a.Choices[right].Text))
	}
	return nil
}

// inset writes a text set in.
func (p *play) inset(text string) {
	p.put("  ", "  ", text)
	p.gap()
}

// said tells whether an answer was right, and why.
func (p *play) said(right bool, because lessons.Text) {
	id := "wrong"
	if right {
		id = "right"
	}
	p.inset(strings.TrimSpace(playWords[p.lang][id] + " " + p.text(because)))
}

// number takes a predicted number, and compares it with the run.
func (p *play) number(a *lessons.Activity, line string) error {
	if !p.guess(line, a.Number.Unit) {
		return nil
	}
	v, err := p.run(a, nil)
	if err != nil {
		return err
	}
	truth := playWords[p.lang]["no truth"]
	if !math.IsNaN(v.Truth) {
		truth = fmt.Sprintf(playWords[p.lang]["truth"], strconv.FormatFloat(v.Truth, 'g', 4, 64)+" "+a.Number.Unit)
	}
	p.said(v.Right, lessons.Text{{Text: truth}})
	return p.spread(a)
}

// separate takes a line of changes apart, at spaces and at the commas before them, but
// not within brackets: "a=1, b=uniform(0s, 1s)" is two.
func separate(line string) (all []string) {
	depth := 0
	for _, one := range strings.FieldsFunc(line, func(r rune) bool {
		switch r {
		case '(', '[', '{':
			depth++
		case ')', ']', '}':
			depth--
		}
		return depth == 0 && (unicode.IsSpace(r) || strings.ContainsRune("，、；", r))
	}) {
		if one = strings.TrimRight(one, ",;"); one != "" {
			all = append(all, one)
		}
	}
	return all
}

// changed runs the student's changes, and tells what comes of them: which goals of a
// task are met, or the value that a try watches.
func (p *play) changed(a *lessons.Activity, changes []string) error {
	var set []lessons.Change
	for _, text := range changes {
		c, err := a.Setup().Change(text)
		if err != nil {
			p.inset(err.Error())
			return nil
		}
		set = append(set, c)
	}
	v, err := p.run(a, set)
	if err != nil {
		return err
	}
	switch tries := p.player.Tries(a); {
	case v == nil:
		p.tell("  ", playWords, "nothing")
		return nil
	case a.Watch != nil && v.Right:
		t := tries[len(tries)-1]
		p.tell("  ", playWords, "tried", t.Said, a.Watched(t))
		p.gap()
		return nil
	}
	for _, g := range v.Goals {
		id := "missed"
		if g.Pass {
			id = "met"
		}
		p.tell("  ", playWords, id, g.Goal.Text, draw.FormatQuantity(g.Value, g.Unit))
	}
	if len(v.Beside) > 0 {
		p.tell("  ", playWords, "beside", strings.Join(v.Beside, ", "))
	}
	if a.Kind == lessons.Task {
		p.said(v.Right, nil)
	}
	return nil
}

// run makes the run of an activity, and judges what the student has done.
func (p *play) run(a *lessons.Activity, set []lessons.Change) (*lessons.Verdict, error) {
	e, err := a.Run(p.a.Context, p.l, set)
	if err != nil {
		return nil, p.ended(err)
	}
	return p.player.Finished(e, time.Now()), nil
}
