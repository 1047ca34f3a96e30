package learn

import (
	"math"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"asynclab/lessons"
	"asynclab/sim/draw"
	"asynclab/ui/locale"
)

func init() {
	cards[lessons.Task] = func(l *Panel) card { return card{locale.T("lesson.task"), nil, l.task} }
	cards[lessons.Trial] = func(l *Panel) card { return card{locale.T("lesson.try"), nil, l.try} }
}

// goalRow is a goal of a task, and behind it its state in the present run.
type goalRow struct {
	icon *widget.Icon
	text *Paragraph
}

func (g *goalRow) show(v lessons.GoalVerdict) {
	icon := theme.RadioButtonIcon()
	if v.Pass {
		icon = theme.ConfirmIcon()
	}
	if g.icon.Resource != icon {
		g.icon.SetResource(icon)
	}
	g.text.setEnd(told(v))
}

// told is the state of a goal in the run: the value so far.
func told(v lessons.GoalVerdict) string {
	if math.IsNaN(v.Value) {
		return locale.T("lesson.nothing-to-see")
	}
	return locale.T("lesson.so-far", draw.FormatQuantity(v.Value, v.Unit))
}

// inWords names parameters by their elements, as the picture calls them, what they are, and
// how the scenario calls them: "shop: probability of this branch (way.2.weight)".
func (l *Panel) inWords(u *lessons.Setup, paths []string) (all []string) {
	for _, path := range paths {
		p := u.Param(path)
		_, element, _ := strings.Cut(path, ".")
		element, field, _ := strings.Cut(element, ".")
		if op, inside := strings.CutPrefix(field, "on."); inside {
			_, field, _ = strings.Cut(op, ".")
		}
		if l.hooks.Called != nil {
			element = l.hooks.Called(element)
		}
		all = append(all, locale.T("lesson.knob", element, locale.Word(p.ID, p.Doc), field))
	}
	return all
}

func (l *Panel) task(box *fyne.Container, a *lessons.Activity, passed bool) {
	for i := range a.Goals {
		g := &goalRow{icon: widget.NewIcon(theme.RadioButtonIcon()), text: l.hooks.Links.Line(a.Goals[i].Text, theme.SizeNameText)}
		if passed {
			g.icon.SetResource(theme.ConfirmIcon())
		} else {
			g.text.spans = append(g.text.spans, textSpan{color: theme.ColorNamePlaceHolder})
			l.goals = append(l.goals, g)
		}
		box.Add(marked(g.icon, g.text))
	}
	if passed {
		l.mark(box, true, locale.T("lesson.done"))
		return
	}
	if v := l.verdict; v != nil && v.Activity == a && !v.Right {
		text := locale.T("lesson.not-yet")
		if len(v.Beside) > 0 {
			text = locale.T("lesson.beside", strings.Join(l.inWords(a.Setup(), v.Beside), ", "))
		}
		l.mark(box, false, text)
	}
	l.changing(box, a, locale.T("lesson.task-help"))
}

// try shows what a student may turn, and what came of it so far.
func (l *Panel) try(box *fyne.Container, a *lessons.Activity, passed bool) {
	for _, t := range l.player.Tries(a) {
		box.Add(wrapped(locale.T("lesson.tried", t.Said, a.Watched(t))))
	}
	if passed {
		return
	}
	if v := l.verdict; v != nil && v.Activity == a && len(v.Beside) > 0 {
		l.mark(box, false, locale.T("lesson.beside", strings.Join(l.inWords(a.Setup(), v.Beside), ", ")))
	}
	l.changing(box, a, locale.T("lesson.try-help"))
}

// changing names the knobs, and has the buttons of who changes something and runs it.
func (l *Panel) changing(box *fyne.Container, a *lessons.Activity, help string) {
	if knobs := a.Setup().Knobs; len(knobs) > 0 {
		box.Add(wrapped(locale.T("lesson.knobs")))
		l.knobsOf(box, a.Setup())
	}
	box.Add(quiet(help))
	add := l.runButtons(box)
	add("start-over", locale.T("lesson.to-start"), theme.MediaSkipPreviousIcon(), l.hooks.StartOver)
	add("reset", locale.T("lesson.undo-all"), theme.ContentUndoIcon(), l.hooks.Reset)
}
