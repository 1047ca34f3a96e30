package learn

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"asynclab/lessons"
	"asynclab/ui/keyed"
	"asynclab/ui/locale"
)

// card is the panel's view of a kind of activity, both while it is the current
// gate and after it is passed.
type card struct {
	title string
	first map[error]string // why the student may not go on, in words
	fill  func(box *fyne.Container, a *lessons.Activity, passed bool)
}

// cards are the cards of all kinds of activities; each kind adds its own.
var cards = map[*lessons.ActivityKind]func(l *Panel) card{}

// activity shows an activity.
func (l *Panel) activity(a *lessons.Activity) fyne.CanvasObject {
	kind := cards[a.Kind](l)
	box := container.NewVBox(heading(kind.title), l.hooks.Links.Line(a.Ask, theme.SizeNameText))
	passed := l.player.Passed(a)
	kind.fill(box, a, passed)
	if explain := l.player.Explanation(a); passed && len(explain) > 0 {
		box.Add(l.hooks.Links.Line(explain, theme.SizeNameText))
	}
	if !passed {
		l.hints(box, a)
	}
	if setup := l.player.Step().Setup; a.Kind.First && a.Sweep == nil && passed || !a.Kind.Runs() && setup != nil && setup.Play {
		again := keyed.NewButton(locale.T("lesson.run-again"), theme.MediaReplayIcon(), l.hooks.Run)
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

func wrapped(text string) *Paragraph {
	return plain(text, theme.SizeNameText, theme.ColorNameForeground)
}

// quiet is a line in a muted colour.
func quiet(text string) *Paragraph {
	return plain(text, theme.SizeNameCaptionText, theme.ColorNamePlaceHolder)
}

// marked puts a mark before a text, at the height of its first line.
func marked(icon *widget.Icon, text fyne.CanvasObject) fyne.CanvasObject {
	beside := layout.NewCustomPaddedLayout(theme.InnerPadding(), 0, theme.Padding(), theme.Padding())
	return container.NewBorder(nil, nil, container.NewVBox(container.New(beside, icon)), nil, text)
}

func (l *Panel) mark(box *fyne.Container, right bool, text string) {
	icon, color := theme.CancelIcon(), theme.ColorNameError
	if right {
		icon, color = theme.ConfirmIcon(), theme.ColorNameSuccess
	}
	box.Add(marked(widget.NewIcon(theme.NewColoredResource(icon, color)), plain(text, theme.SizeNameText, color)))
}

// runButtons are the buttons that control the run; more can be added below
// them.
func (l *Panel) runButtons(box *fyne.Container) func(name, text string, icon fyne.Resource, do func()) *keyed.Button {
	grid := container.NewGridWithColumns(2)
	add := func(name, text string, icon fyne.Resource, do func()) *keyed.Button {
		b := keyed.NewButton(text, icon, do)
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
	more := keyed.NewButton(locale.T("lesson.hint", len(open)+1, len(a.Hints)), nil, func() {
		l.player.MoreHint(a, l.hooks.Now())
		l.did(a, nil)
	})
	more.Importance = widget.LowImportance
	l.Named["hint"] = more
	box.Add(container.NewHBox(more))
}
