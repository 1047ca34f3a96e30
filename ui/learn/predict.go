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
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"asynclab/lessons"
	"asynclab/sim/chart"
	"asynclab/sim/draw"
	"asynclab/ui/figure"
	"asynclab/ui/keyed"
	"asynclab/ui/locale"
)

func init() {
	foretold := func(l *Panel, title string) card {
		return card{title, map[error]string{
			lessons.ErrPredict: locale.T("lesson.first-predict"), lessons.ErrRun: locale.T("lesson.first-run")}, l.predict}
	}
	cards[lessons.Prediction] = func(l *Panel) card { return foretold(l, locale.T("lesson.predict")) }
	cards[lessons.Transfer] = func(l *Panel) card { return foretold(l, locale.T("lesson.transfer")) }
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
		l.number(box, a, a.Number.Unit, guess, made)
	case a.Drawn():
		l.hand(box, a, guess)
	case a.Curve != nil:
		l.curves(box, a, guess, made)
	default:
		for i := range a.Choices {
			l.choice(box, fmt.Sprintf("choice:%d", i+1), a.Choices[i].Text, made && guess.Choice == i, func() {
				l.did(a, l.player.Predict(lessons.Guess{Choice: i, Sure: guess.Sure}, l.hooks.Now()))
			})
		}
	}
	if made {
		l.sure(box, a, guess)
		box.Add(wrapped(locale.T("lesson.guess-noted")))
		l.runButtons(box)
	}
}

// sure lets the student say so of a prediction.
func (l *Panel) sure(box *fyne.Container, a *lessons.Activity, guess lessons.Guess) {
	sure := keyed.NewCheck(locale.T("lesson.sure"), nil)
	sure.Checked = guess.Sure
	sure.OnChanged = func(on bool) {
		guess.Sure = on
		l.did(a, l.player.Predict(guess, l.hooks.Now()))
	}
	l.Named["sure"] = sure
	box.Add(sure)
}

func (l *Panel) number(box *fyne.Container, a *lessons.Activity, unit string, guess lessons.Guess, made bool) {
	entry := keyed.NewEntry()
	entry.SetPlaceHolder(locale.T("lesson.a-number"))
	entry.SetText(l.typed)
	if made {
		entry.SetText(strconv.FormatFloat(guess.Value, 'g', -1, 64))
	}
	entry.OnChanged = func(text string) { l.typed = text }
	say := func() {
		v, ok := readNumber(entry.Text, unit)
		if !ok {
			l.said = locale.T("lesson.write-number")
			l.fillFoot()
			return
		}
		l.did(a, l.player.Predict(lessons.Guess{Choice: -1, Value: v, Sure: guess.Sure}, l.hooks.Now()))
	}
	entry.OnSubmitted = func(string) { say() }
	ok := keyed.NewButton(locale.T("lesson.guess"), nil, say)
	l.Named["guess"], l.Named["guess-ok"] = entry, ok
	box.Add(container.NewBorder(nil, nil, nil, container.NewHBox(widget.NewLabel(unit), ok), entry))
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
			l.did(a, l.player.Predict(lessons.Guess{Choice: i, Sure: guess.Sure}, l.hooks.Now()))
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
	case a.Drawn():
		said = locale.T("lesson.your-curve")
		if last.Truth != nil {
			was = locale.T("lesson.curve-away", int(math.Round(100**last.Truth)))
		}
	default:
		if i := a.Chosen(*last); i >= 0 {
			said = a.Choices[i].Text.String()
		}
		if r := a.Right(); r >= 0 {
			was = a.Choices[r].Text.String()
		}
	}
	if last.Sure {
		said = locale.T("lesson.said-sure", said)
	}
	l.mark(box, last.Right, locale.T("lesson.expected", said))
	if was != "" && (a.Number != nil || a.Drawn() || !last.Right) {
		box.Add(wrapped(locale.T("lesson.outcome", was)))
	}
	if i := a.Chosen(*last); i >= 0 {
		if because := a.Choices[i].Because; len(because) > 0 {
			box.Add(l.hooks.Links.Line(because, theme.SizeNameText))
		}
	}
}

func withUnit(v float64, unit string) string {
	scale := math.Pow(10, math.Floor(math.Log10(math.Max(math.Abs(v), 1e-12)))-2)
	text := strconv.FormatFloat(math.Round(v/scale)*scale, 'g', 6, 64)
	if n := len(text) - 3; v >= 1000 && !strings.ContainsAny(text, ".e") { // as in the text of a lesson; no more than 6 digits
		text = text[:n] + "," + text[n:]
	}
	return text + " " + unit
}
