package learn

import (
	"errors"
	"image/color"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"asynclab/lessons"
	"asynclab/ui/keyed"
	"asynclab/ui/locale"
)

// Hooks are the functions by which the panel controls the lab beside it.
type Hooks struct {
	Links     Links
	Now       func() time.Time
	Run       func()                         // play from the present time
	ToEnd     func()                         // run to the end of the step, as fast as possible
	StartOver func()                         // return to the start of the run, with its changes
	Reset     func()                         // take back all changes
	Changed   func(bool)                     // progress was made and must be saved; true: another step was entered
	Leave     func()                         // return to the list of lessons
	Goals     func() []lessons.GoalVerdict   // of the task, for the run so far
	Set       func(path, value string) error // changes a parameter in every design that has it
	Value     func(path string) string       // what it is now
	Called    func(element string) string    // how the picture calls an element; may be nil
	Sweep     func(a *lessons.Activity, done func([]lessons.Turned, error))
}

// Panel is a lesson, one step at a time, up to the first gate that is not
// passed.
type Panel struct {
	player  *lessons.Player
	hooks   Hooks
	box     *fyne.Container
	scroll  *container.Scroll
	foot    *fyne.Container
	dots    *fyne.Container
	title   *widget.Label
	verdict *lessons.Verdict // of the last run that ended in this step
	goals   []*goalRow
	knobs   []*knob
	cards   map[*lessons.Activity]fyne.CanvasObject
	wrong   map[*lessons.Activity]int // the wrong choice last made; counted from 1
	said    string                    // why a command is not allowed
	typed   string                    // a number that is being entered
	Content fyne.CanvasObject
	// Named are the controls that can be pressed now, for programs that drive
	// the window.
	Named map[string]fyne.CanvasObject
}

// NewPanel shows a lesson at the student's present step.
func NewPanel(p *lessons.Player, h Hooks) *Panel {
	l := &Panel{player: p, hooks: h, box: container.NewVBox(), foot: container.NewStack(), dots: container.NewHBox(),
		cards: map[*lessons.Activity]fyne.CanvasObject{}, wrong: map[*lessons.Activity]int{}, Named: map[string]fyne.CanvasObject{}}
	l.title = widget.NewLabelWithStyle("", fyne.TextAlignLeading, fyne.TextStyle{Bold: true})
	l.title.SizeName, l.title.Wrapping = theme.SizeNameHeadingText, fyne.TextWrapWord
	l.scroll = container.NewVScroll(container.NewPadded(l.box))
	back := keyed.NewButton(locale.T("lesson.all-lessons"), theme.NavigateBackIcon(), h.Leave)
	back.Importance = widget.LowImportance
	l.Named["all-lessons"] = back
	head := container.NewVBox(container.NewBorder(nil, nil, back, container.NewPadded(container.NewCenter(l.dots))), l.title)
	l.Content = container.NewBorder(head, l.foot, nil, nil, l.scroll)
	l.Rebuild()
	return l
}

// Rebuild builds the step again: after an action, or a change of colours.
func (l *Panel) Rebuild() {
	for name := range l.Named {
		if name != "all-lessons" {
			delete(l.Named, name)
		}
	}
	s := l.player.Step()
	l.title.SetText(s.Title)
	l.box.Objects, l.goals, l.knobs = nil, nil, nil
	clear(l.cards)
	if lesson := l.player.Lesson(); l.player.Index() == 0 && len(lesson.Intro) > 0 {
		l.title.SetText(lesson.Title)
		l.box.Add(Text(lesson.Intro, &l.hooks.Links))
		l.box.Add(widget.NewSeparator())
		l.box.Add(l.hooks.Links.Line(lessons.Text{{Text: s.Title, Strong: true}}, theme.SizeNameSubHeadingText))
	}
	visible := l.player.Visible()
	for i := range visible {
		b := &visible[i]
		if b.Activity != nil {
			l.box.Add(l.activity(b.Activity))
		} else if o := l.hooks.Links.block(b); o != nil {
			l.box.Add(o)
		}
	}
	l.fillDots()
	l.fillFoot()
	l.box.Refresh()
}

func (l *Panel) fillDots() {
	l.dots.Objects = nil
	for i := range l.player.Lesson().Steps {
		c := canvas.NewCircle(theme.Color(theme.ColorNameDisabled))
		switch {
		case i == l.player.Index():
			c.FillColor = theme.Color(theme.ColorNamePrimary)
		case l.player.StepDone(i):
			c.FillColor = theme.Color(theme.ColorNameSuccess)
		}
		dot := newTap(container.New(layout.NewGridWrapLayout(fyne.NewSquareSize(12)), c), func() {
			if l.player.Go(i, l.hooks.Now()) == nil {
				l.entered()
			}
		})
		l.dots.Add(dot)
	}
	l.dots.Refresh()
}

// entered must be called after another step was entered.
func (l *Panel) entered() {
	l.verdict, l.said, l.typed = nil, "", ""
	clear(l.wrong)
	l.Rebuild()
	l.scroll.ScrollToTop()
	l.hooks.Changed(true)
}

func (l *Panel) fillFoot() {
	back := keyed.NewButton(locale.T("lesson.back"), theme.NavigateBackIcon(), func() {
		l.player.Back(l.hooks.Now())
		l.entered()
	})
	if l.player.Index() == 0 {
		back.Disable()
	}
	last := l.player.Index() == len(l.player.Lesson().Steps)-1
	next := keyed.NewButton(locale.T("lesson.next"), theme.NavigateNextIcon(), l.next)
	next.IconPlacement = widget.ButtonIconTrailingText
	if last {
		next.SetText(locale.T("lesson.finish"))
		next.SetIcon(theme.ConfirmIcon())
	}
	if l.player.Gate() == nil {
		next.Importance = widget.HighImportance
	}
	l.Named["back"], l.Named["next"] = back, next
	delete(l.Named, "reveal")
	forth := fyne.CanvasObject(next)
	if l.player.Leads() && l.player.Gate() != nil {
		reveal := keyed.NewButton(locale.T("lesson.reveal"), theme.VisibilityIcon(), func() {
			if l.player.Reveal() == nil {
				l.Rebuild()
			}
		})
		l.Named["reveal"] = reveal
		forth = container.NewHBox(reveal, next)
	}
	row := container.NewBorder(nil, nil, back, forth, container.NewCenter(
		widget.NewLabel(locale.T("lesson.step-of", l.player.Index()+1, len(l.player.Lesson().Steps)))))
	l.foot.Objects = []fyne.CanvasObject{row}
	if l.said != "" {
		why := plain(l.said, theme.SizeNameText, theme.ColorNameWarning)
		l.foot.Objects = []fyne.CanvasObject{container.NewVBox(why, row)}
	}
	l.foot.Refresh()
}

func (l *Panel) next() {
	err := l.player.Next(l.hooks.Now())
	if errors.Is(err, lessons.ErrEnd) {
		if err = l.player.Leave(l.hooks.Now()); err == nil {
			l.hooks.Changed(false)
			l.hooks.Leave()
			return
		}
	}
	if err != nil {
		l.Say(err)
		return
	}
	l.entered()
}

// Say shows why a command is not possible now.
func (l *Panel) Say(err error) {
	l.said = l.whyNot(err)
	l.fillFoot()
}

// whyNot is the activity that must be done first, in words.
func (l *Panel) whyNot(err error) string {
	for _, card := range cards {
		for why, text := range card(l).first {
			if errors.Is(err, why) {
				return text
			}
		}
	}
	return err.Error()
}

// Ended takes the verdict of a run that has ended; nil if no activity waited
// for the run.
func (l *Panel) Ended(v *lessons.Verdict) {
	if v == nil {
		return
	}
	l.verdict, l.said = v, ""
	l.hooks.Changed(false)
	l.Rebuild()
	l.reveal(v.Activity)
}

// reveal scrolls to the result of an activity: to its end, or, if more text has
// appeared below it, to its beginning.
func (l *Panel) reveal(a *lessons.Activity) {
	card := l.cards[a]
	if card == nil {
		return
	}
	// The heights of new content are known once its width is.
	all := l.scroll.Content
	all.Resize(fyne.NewSize(l.scroll.Size().Width, all.MinSize().Height))
	l.box.Refresh()
	room, y := l.scroll.Size().Height, l.scroll.Offset.Y
	top := l.box.Position().Y + card.Position().Y
	end := top + card.Size().Height + theme.Padding()
	if l.player.Passed(a) {
		end = all.MinSize().Height
	}
	y = max(y, min(end-room, top-theme.Padding()))
	l.scroll.ScrollToOffset(fyne.NewPos(0, max(0, min(y, top-theme.Padding()))))
}

// Refresh updates the goals and the knobs of a task from the run.
func (l *Panel) Refresh() {
	for _, k := range l.knobs {
		k.refresh(l.hooks.Value(k.path))
	}
	if len(l.goals) == 0 {
		return
	}
	for i, g := range l.hooks.Goals() {
		if i < len(l.goals) {
			l.goals[i].show(g)
		}
	}
}

// did shows the result of an action on an activity.
func (l *Panel) did(a *lessons.Activity, err error) {
	if err != nil {
		l.Say(err)
		return
	}
	l.said = ""
	l.hooks.Changed(false)
	l.Rebuild()
	l.reveal(a)
}

// tap makes its content tappable, by the keyboard too.
type tap struct {
	widget.BaseWidget
	content fyne.CanvasObject
	do      func()
	focused bool
}

var _ fyne.Focusable = (*tap)(nil)

func newTap(content fyne.CanvasObject, do func()) *tap {
	t := &tap{content: content, do: do}
	t.ExtendBaseWidget(t)
	return t
}

func (t *tap) Tapped(*fyne.PointEvent) { t.do() }
func (t *tap) Cursor() desktop.Cursor  { return desktop.PointerCursor }
func (t *tap) FocusGained()            { t.focused = true; t.Refresh() }
func (t *tap) FocusLost()              { t.focused = false; t.Refresh() }

// TypedKey implements fyne.Focusable: Enter does what a tap does.
func (t *tap) TypedKey(e *fyne.KeyEvent) {
	if e.Name == fyne.KeyReturn || e.Name == fyne.KeyEnter {
		t.do()
		return
	}
	keyed.PassKey(t, e)
}

// TypedRune implements fyne.Focusable.
func (t *tap) TypedRune(r rune) { keyed.PassRune(t, r) }

func (t *tap) CreateRenderer() fyne.WidgetRenderer {
	r := &tapRenderer{t: t, ring: canvas.NewRectangle(color.Transparent)}
	r.ring.CornerRadius, r.ring.StrokeWidth = 4, 2
	r.WidgetRenderer = widget.NewSimpleRenderer(container.NewStack(t.content, r.ring))
	r.Refresh()
	return r
}

// tapRenderer draws a ring round what has the focus.
type tapRenderer struct {
	fyne.WidgetRenderer
	t    *tap
	ring *canvas.Rectangle
}

func (r *tapRenderer) Refresh() {
	r.ring.StrokeColor = color.Transparent
	if r.t.focused {
		r.ring.StrokeColor = theme.Color(theme.ColorNameFocus)
	}
	r.ring.Refresh()
	r.WidgetRenderer.Refresh()
}
