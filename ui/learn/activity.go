package learn

import (
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"asynclab/lessons"
	"asynclab/sim/chart"
	"asynclab/sim/draw"
	"asynclab/ui/figure"
	"asynclab/ui/locale"
)

// card is the panel's view of a kind of activity, both while it is the current
// gate and after it is passed.
type card struct {
	title string
	fill  func(box *fyne.Container, a *lessons.Activity, passed bool)
}

// kinds are the cards of all kinds of activities.
func (l *Panel) kinds() map[*lessons.ActivityKind]card {
	return map[*lessons.ActivityKind]card{
		lessons.Prediction: {locale.T("lesson.predict"), l.predict},
		lessons.Question:   {locale.T("lesson.question"), l.question},
		lessons.Task:       {locale.T("lesson.task"), l.task},
	}
}

// activity shows an activity.
func (l *Panel) activity(a *lessons.Activity) fyne.CanvasObject {
	kind := l.kinds()[a.Kind]
	box := container.NewVBox(heading(kind.title), l.hooks.Links.Line(a.Ask, theme.SizeNameText))
	passed := l.player.Passed(a)
	kind.fill(box, a, passed)
	if passed && len(a.Explain) > 0 {
		box.Add(l.hooks.Links.Line(a.Explain, theme.SizeNameText))
	}
	if !passed {
		l.hints(box, a)
	}
	if setup := l.player.Step().Setup; a.Kind.First && passed || a.Kind == lessons.Question && setup != nil && setup.Play {
		again := widget.NewButtonWithIcon(locale.T("lesson.run-again"), theme.MediaReplayIcon(), l.hooks.Run)
		l.Named["again"] = again
		box.Add(container.NewHBox(again))
	}
	edge := canvas.NewRectangle(theme.Color(theme.ColorNamePrimary))
	if passed {
		edge.FillColor = theme.Color(theme.ColorNameSuccess)
	}
	edge.SetMinSize(fyne.NewSize(4, 0))
	back := canvas.NewRectangle(theme.Color(theme.ColorNameOverlayBackground))
	back.CornerRadius = 6
	shown := container.NewStack(back, container.NewBorder(nil, nil, edge, nil, container.NewPadded(box)))
	l.cards[a] = shown
	return shown
}

func heading(text string) fyne.CanvasObject {
	h := widget.NewLabelWithStyle(text, fyne.TextAlignLeading, fyne.TextStyle{Bold: true})
	h.Importance = widget.HighImportance
	return h
}

// predict asks for a prediction, and, once it is made, to start the run.
func (l *Panel) predict(box *fyne.Container, a *lessons.Activity, passed bool) {
	if passed {
		l.outcome(box, a)
		return
	}
	guess, made := l.player.Guessed()
	switch {
	case a.Number != nil:
		l.number(box, a, guess, made)
	case a.Curve != nil:
		l.curves(box, a, guess, made)
	default:
		for i := range a.Choices {
			l.choice(box, fmt.Sprintf("choice:%d", i+1), a.Choices[i].Text, made && guess.Choice == i, func() {
				l.did(a, l.player.Predict(lessons.Guess{Choice: i}, l.hooks.Now()))
			})
		}
	}
	if made {
		box.Add(wrapped(locale.T("lesson.guess-noted")))
		l.runButtons(box)
	}
}

func (l *Panel) choice(box *fyne.Container, name string, t lessons.Text, taken bool, do func()) {
	mark := theme.RadioButtonIcon()
	if taken {
		mark = theme.RadioButtonCheckedIcon()
	}
	row := newTap(marked(widget.NewIcon(mark), plainLine(t)), do)
	l.Named[name] = row
	box.Add(row)
}

// plainLine is a paragraph without links, for cards that can be tapped as a
// whole.
func plainLine(t lessons.Text) fyne.CanvasObject { return (&Links{}).Line(t, theme.SizeNameText) }

func (l *Panel) number(box *fyne.Container, a *lessons.Activity, guess lessons.Guess, made bool) {
	entry := widget.NewEntry()
	entry.SetPlaceHolder(locale.T("lesson.a-number"))
	entry.SetText(l.typed)
	if made {
		entry.SetText(strconv.FormatFloat(guess.Value, 'g', -1, 64))
	}
	entry.OnChanged = func(text string) { l.typed = text }
	say := func() {
		v, ok := readNumber(entry.Text, a.Number.Unit)
		if !ok {
			l.said = locale.T("lesson.write-number")
			l.fillFoot()
			return
		}
		l.did(a, l.player.Predict(lessons.Guess{Choice: -1, Value: v}, l.hooks.Now()))
	}
	entry.OnSubmitted = func(string) { say() }
	ok := widget.NewButton(locale.T("lesson.guess"), say)
	l.Named["guess"], l.Named["guess-ok"] = entry, ok
	box.Add(container.NewBorder(nil, nil, nil, container.NewHBox(widget.NewLabel(a.Number.Unit), ok), entry))
}

// thousands matches a number whose commas separate thousands, as in a lesson's
// text; in other numbers a comma is the decimal point.
var thousands = regexp.MustCompile(`^-?[1-9]\d{0,2}(,\d{3})+(\.\d+)?$`)

// readNumber parses a number as people write it: "1,300", "0,5", "250 ms".
func readNumber(text, unit string) (v float64, ok bool) {
	text = strings.TrimSpace(text)
	text = strings.TrimSpace(strings.TrimSuffix(text, unit))
	if thousands.MatchString(text) {
		text = strings.ReplaceAll(text, ",", "")
	}
	v, err := strconv.ParseFloat(strings.Replace(text, ",", ".", 1), 64)
	return v, err == nil && !math.IsNaN(v) && !math.IsInf(v, 0)
}

// curves offers a choice of drawn curves.
func (l *Panel) curves(box *fyne.Container, a *lessons.Activity, guess lessons.Guess, made bool) {
	for i := range a.Choices {
		c := &a.Choices[i]
		l.choice(box, fmt.Sprintf("choice:%d", i+1), c.Text, made && guess.Choice == i, func() {
			l.did(a, l.player.Predict(lessons.Guess{Choice: i}, l.hooks.Now()))
		})
		box.Add(sketch(a, c))
	}
}

const sketchHeight = 110

// sketch draws a predicted curve.
func sketch(a *lessons.Activity, c *lessons.Choice) fyne.CanvasObject {
	curve := chart.Curve{Color: 0}
	top := 0.0
	for _, p := range c.Points {
		curve.XY = append(curve.XY, chart.XY{X: p.T, Y: p.V})
	}
	for _, o := range a.Choices {
		for _, p := range o.Points {
			top = max(top, p.V)
		}
	}
	f := figure.New()
	f.Set(chart.Figure{Curves: []chart.Curve{curve}, Keys: []chart.Key{},
		X: chart.Axis{Unit: draw.Seconds}, Y: chart.Axis{Unit: a.Curve.Unit, Min: 0, Max: max(top*1.1, 1e-9)}})
	room := canvas.NewRectangle(nil)
	room.SetMinSize(fyne.NewSize(0, sketchHeight))
	return container.NewStack(room, f)
}

// outcome shows a prediction beside the result of the run.
func (l *Panel) outcome(box *fyne.Container, a *lessons.Activity) {
	tries := l.player.Tries(a)
	var last *lessons.Try
	for i := range tries {
		if tries[i].Judged {
			last = &tries[i]
		}
	}
	if last == nil {
		return
	}
	said, was := "", ""
	switch {
	case a.Number != nil:
		if last.Value != nil {
			said = withUnit(*last.Value, a.Number.Unit)
		}
		if last.Truth != nil {
			was = withUnit(*last.Truth, a.Number.Unit)
		}
	default:
		if last.Choice >= 1 && last.Choice <= len(a.Choices) {
			said = a.Choices[last.Choice-1].Text.String()
		}
		if r := a.Right(); r >= 0 {
			was = a.Choices[r].Text.String()
		}
	}
	l.mark(box, last.Right, locale.T("lesson.expected", said))
	if was != "" && (a.Number != nil || !last.Right) {
		box.Add(wrapped(locale.T("lesson.outcome", was)))
	}
	if a.Number == nil && last.Choice >= 1 && last.Choice <= len(a.Choices) {
		if because := a.Choices[last.Choice-1].Because; len(because) > 0 {
			box.Add(l.hooks.Links.Line(because, theme.SizeNameText))
		}
	}
}

func withUnit(v float64, unit string) string {
	scale := math.Pow(10, math.Floor(math.Log10(math.Max(math.Abs(v), 1e-12)))-2)
	return strconv.FormatFloat(math.Round(v/scale)*scale, 'g', 6, 64) + " " + unit
}

func wrapped(text string) *Paragraph {
	return plain(text, theme.SizeNameText, theme.ColorNameForeground)
}

// quiet is a line in a muted colour.
func quiet(text string) *Paragraph {
	return plain(text, theme.SizeNameCaptionText, theme.ColorNamePlaceHolder)
}

// marked puts a mark before a text.
func marked(icon *widget.Icon, text fyne.CanvasObject) fyne.CanvasObject {
	return container.NewBorder(nil, nil, container.NewVBox(container.NewPadded(icon)), nil, text)
}

func (l *Panel) mark(box *fyne.Container, right bool, text string) {
	icon, color := theme.CancelIcon(), theme.ColorNameError
	if right {
		icon, color = theme.ConfirmIcon(), theme.ColorNameSuccess
	}
	box.Add(marked(widget.NewIcon(theme.NewColoredResource(icon, color)), plain(text, theme.SizeNameText, color)))
}

func (l *Panel) question(box *fyne.Container, a *lessons.Activity, passed bool) {
	if passed {
		if r := a.Right(); r >= 0 {
			l.mark(box, true, a.Choices[r].Text.String())
			if len(a.Choices[r].Because) > 0 {
				box.Add(l.hooks.Links.Line(a.Choices[r].Because, theme.SizeNameText))
			}
		}
		return
	}
	for i := range a.Choices {
		c := &a.Choices[i]
		taken := l.wrong[a] == i+1
		l.choice(box, fmt.Sprintf("choice:%d", i+1), c.Text, taken, func() {
			right, err := l.player.Answer(i, l.hooks.Now())
			l.wrong[a] = i + 1
			if right {
				delete(l.wrong, a)
			}
			l.did(a, err)
		})
		if taken {
			l.mark(box, false, locale.T("lesson.wrong"))
			if len(c.Because) > 0 {
				box.Add(l.hooks.Links.Line(c.Because, theme.SizeNameText))
			}
		}
	}
}

// goalRow is a goal of a task, and its state in the present run.
type goalRow struct {
	icon  *widget.Icon
	state *Paragraph
}

func (g *goalRow) show(v lessons.GoalVerdict) {
	icon := theme.RadioButtonIcon()
	if v.Pass {
		icon = theme.ConfirmIcon()
	}
	if g.icon.Resource != icon {
		g.icon.SetResource(icon)
	}
	g.state.setText(told(v))
}

// told is the state of a goal in the run: the value so far.
func told(v lessons.GoalVerdict) string {
	if math.IsNaN(v.Value) {
		return locale.T("lesson.nothing-to-see")
	}
	return locale.T("lesson.so-far", draw.FormatQuantity(v.Value, v.Unit))
}

func (l *Panel) task(box *fyne.Container, a *lessons.Activity, passed bool) {
	for i := range a.Goals {
		g := &goalRow{icon: widget.NewIcon(theme.RadioButtonIcon()), state: quiet("")}
		if passed {
			g.icon.SetResource(theme.ConfirmIcon())
		} else {
			l.goals = append(l.goals, g)
		}
		text := container.New(layout.NewCustomPaddedVBoxLayout(-10), l.hooks.Links.Line(a.Goals[i].Text, theme.SizeNameText))
		if !passed {
			text.Add(g.state)
		}
		box.Add(marked(g.icon, text))
	}
	if passed {
		l.mark(box, true, locale.T("lesson.done"))
		return
	}
	if v := l.verdict; v != nil && v.Activity == a && !v.Right {
		l.mark(box, false, locale.T("lesson.not-yet"))
	}
	box.Add(quiet(locale.T("lesson.task-help")))
	add := l.runButtons(box)
	add("start-over", locale.T("lesson.to-start"), theme.MediaSkipPreviousIcon(), l.hooks.StartOver)
	add("reset", locale.T("lesson.undo-all"), theme.ContentUndoIcon(), l.hooks.Reset)
}

// runButtons are the buttons that control the run; more can be added below
// them.
func (l *Panel) runButtons(box *fyne.Container) func(name, text string, icon fyne.Resource, do func()) *widget.Button {
	grid := container.NewGridWithColumns(2)
	add := func(name, text string, icon fyne.Resource, do func()) *widget.Button {
		b := widget.NewButtonWithIcon(text, icon, do)
		l.Named[name] = b
		grid.Add(b)
		return b
	}
	add("run", locale.T("action.run"), theme.MediaPlayIcon(), l.hooks.Run).Importance = widget.HighImportance
	add("to-end", locale.T("lesson.to-end"), theme.MediaSkipNextIcon(), l.hooks.ToEnd)
	box.Add(grid)
	return add
}

// hints are revealed one by one.
func (l *Panel) hints(box *fyne.Container, a *lessons.Activity) {
	if len(a.Hints) == 0 {
		return
	}
	open := l.player.Hints(a)
	for _, h := range open {
		box.Add(marked(widget.NewIcon(theme.InfoIcon()), Text(h, &l.hooks.Links)))
	}
	if len(open) == len(a.Hints) {
		return
	}
	more := widget.NewButton(locale.T("lesson.hint", len(open)+1, len(a.Hints)), func() {
		l.player.MoreHint(a, l.hooks.Now())
		l.did(a, nil)
	})
	more.Importance = widget.LowImportance
	l.Named["hint"] = more
	box.Add(container.NewHBox(more))
}
