package bench

import (
	"image/color"
	"math"
	"slices"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"asynclab/ui/control"
	"asynclab/ui/locale"
	"asynclab/ui/palette"
)

// timeline shows the whole run from left to right: the simulated part, the
// faults, the changes made by hand, and the present time. It can be tapped and
// dragged in both directions.
type timeline struct {
	widget.BaseWidget
	onSeek func(t time.Duration, done bool) // called during a drag, and at its end

	now, length, reached time.Duration
	marks                []control.Mark // those that begin before the end of the timeline
	told                 []control.Mark // all
	leaps                []control.Leap
	changes              []control.Change
	warmup               time.Duration
	words                func(control.Mark) string // what a fault does, whose load surges
	did                  func(control.Mark) string // what came of it; may be nil
	own                  *[]time.Duration          // marks of a person's own; nil: none
	dragging             bool
	dragTo               time.Duration
	hover                float32 // -1: the pointer is elsewhere
}

var (
	_ fyne.Tappable      = (*timeline)(nil)
	_ fyne.Draggable     = (*timeline)(nil)
	_ desktop.Hoverable  = (*timeline)(nil)
	_ desktop.Cursorable = (*timeline)(nil)
)

func newTimeline(onSeek func(time.Duration, bool), words func(control.Mark) string) *timeline {
	t := &timeline{onSeek: onSeek, hover: -1, words: words}
	t.ExtendBaseWidget(t)
	return t
}

// setFrame moves the hand; it is called for every frame and does nothing if
// nothing visible would change.
func (t *timeline) setFrame(f *control.Frame) {
	if t.now == f.Now && t.length == f.Length && t.reached == f.Reached {
		return
	}
	longer := t.length != f.Length
	t.now, t.length, t.reached = f.Now, f.Length, f.Reached
	if longer {
		t.cut()
	}
	t.Refresh()
}

func (t *timeline) setBoard(b *control.Board) {
	t.told, t.leaps, t.changes, t.warmup = b.Marks, b.Leaps, b.Changes, b.Warmup
	t.cut()
	t.Refresh()
}

// cut leaves out the marks behind the end: a step of a lesson may end before the run does.
func (t *timeline) cut() {
	t.marks = slices.DeleteFunc(slices.Clone(t.told), func(m control.Mark) bool { return m.From >= t.length && t.length > 0 })
}

// accident reports whether something that is marked begins on the timeline.
func (t *timeline) accident() bool {
	return slices.ContainsFunc(t.marks, func(m control.Mark) bool { return m.From > 0 })
}

// shown is the time at the hand: of the drag, or of the run.
func (t *timeline) shown() time.Duration {
	if t.dragging {
		return t.dragTo
	}
	return t.now
}

const timelinePad = 8 // left and right of the bar

func (t *timeline) timeAt(x float32) time.Duration {
	w := t.Size().Width - 2*timelinePad
	if w <= 0 || t.length <= 0 {
		return 0
	}
	share := math.Min(1, math.Max(0, float64((x-timelinePad)/w)))
	return time.Duration(share * float64(t.length))
}

func (t *timeline) xOf(at time.Duration) float32 {
	if t.length <= 0 {
		return timelinePad
	}
	share := math.Min(1, math.Max(0, float64(at)/float64(t.length)))
	return timelinePad + float32(share)*(t.Size().Width-2*timelinePad)
}

func (t *timeline) Tapped(e *fyne.PointEvent) {
	if t.length > 0 {
		t.onSeek(t.snapped(e.Position.X), true)
	}
}

func (t *timeline) Dragged(e *fyne.DragEvent) {
	if t.length <= 0 {
		return
	}
	t.dragging, t.dragTo = true, t.timeAt(e.Position.X)
	t.hover = e.Position.X
	t.onSeek(t.dragTo, false)
	t.Refresh()
}

func (t *timeline) DragEnd() {
	if !t.dragging {
		return
	}
	t.dragging = false
	t.onSeek(t.dragTo, true)
	t.Refresh()
}

func (t *timeline) MouseIn(e *desktop.MouseEvent)    { t.MouseMoved(e) }
func (t *timeline) MouseMoved(e *desktop.MouseEvent) { t.hover = e.Position.X; t.Refresh() }
func (t *timeline) MouseOut()                        { t.hover = -1; t.Refresh() }
func (t *timeline) Cursor() desktop.Cursor           { return desktop.PointerCursor }

func (t *timeline) CreateRenderer() fyne.WidgetRenderer {
	r := &timelineRenderer{t: t, bar: canvas.NewRectangle(nil), done: canvas.NewRectangle(nil), past: canvas.NewRectangle(nil),
		hand: canvas.NewRectangle(nil), knob: canvas.NewCircle(nil), tip: canvas.NewText("", nil), tipBack: canvas.NewRectangle(nil)}
	r.bar.CornerRadius, r.done.CornerRadius, r.past.CornerRadius, r.tipBack.CornerRadius = 4, 4, 4, 4
	r.Refresh()
	return r
}

type timelineRenderer struct {
	t                     *timeline
	bar, done, past, hand *canvas.Rectangle
	knob                  *canvas.Circle
	tip                   *canvas.Text
	tipBack               *canvas.Rectangle
	bands                 []*canvas.Rectangle // faults and surges
	leaps                 []*canvas.Rectangle // what was jumped over
	flags                 []*canvas.Rectangle // changes by hand
	names                 []*canvas.Text      // of faults
	hatch                 []*canvas.Line      // over the warm-up
	own                   []ownMark
	objects               []fyne.CanvasObject
}

func (r *timelineRenderer) MinSize() fyne.Size           { return fyne.NewSize(200, 52) }
func (r *timelineRenderer) Objects() []fyne.CanvasObject { return r.objects }
func (r *timelineRenderer) Destroy()                     {}
func (r *timelineRenderer) Layout(fyne.Size)             { r.place() }

func (r *timelineRenderer) Refresh() {
	r.place()
	canvas.Refresh(r.t)
}

func (r *timelineRenderer) place() {
	t, th := r.t, r.t.Theme()
	v := fyne.CurrentApp().Settings().ThemeVariant()
	c := func(n fyne.ThemeColorName) color.Color { return th.Color(n, v) }
	size := t.Size()
	const top, height = barTop, barHeight
	put := func(o *canvas.Rectangle, from, to time.Duration, fill color.Color) {
		a, b := t.xOf(from), t.xOf(to)
		o.FillColor = fill
		o.Move(fyne.NewPos(a, top))
		o.Resize(fyne.NewSize(max(b-a, 2), height))
	}
	put(r.bar, 0, t.length, c(theme.ColorNameInputBackground))
	r.bar.StrokeColor, r.bar.StrokeWidth = c(theme.ColorNameInputBorder), 1
	put(r.done, 0, max(t.reached, t.now), c(theme.ColorNameDisabled))
	put(r.past, 0, t.shown(), c(theme.ColorNamePrimary))
	r.bands = pool(r.bands, len(t.marks))
	for i, m := range t.marks {
		fill, edge := c(palette.ColorFault), c(theme.ColorNameError)
		if m.Surge {
			fill, edge = color.Transparent, c(theme.ColorNameForeground)
		}
		put(r.bands[i], m.From, max(m.To, m.From), fill)
		r.bands[i].Move(fyne.NewPos(r.bands[i].Position().X, top-4))
		r.bands[i].Resize(fyne.NewSize(max(r.bands[i].Size().Width, 3), height+8))
		r.bands[i].StrokeColor, r.bands[i].StrokeWidth = edge, 1
	}
	r.leaps = pool(r.leaps, len(t.leaps))
	for i, l := range t.leaps {
		put(r.leaps[i], l.From, l.To, c(theme.ColorNameWarning))
		r.leaps[i].Move(fyne.NewPos(r.leaps[i].Position().X, top+height/2-1))
		r.leaps[i].Resize(fyne.NewSize(r.leaps[i].Size().Width, 3))
	}
	r.flags = pool(r.flags, len(t.changes))
	for i, ch := range t.changes {
		f := r.flags[i]
		f.FillColor = c(theme.ColorNameWarning)
		f.Move(fyne.NewPos(t.xOf(ch.At)-1, top+height+1))
		f.Resize(fyne.NewSize(3, 8))
	}
	x := t.xOf(t.shown())
	r.hand.FillColor, r.knob.FillColor = c(theme.ColorNameForeground), c(theme.ColorNameForeground)
	r.hand.Move(fyne.NewPos(x-1, top-5))
	r.hand.Resize(fyne.NewSize(2, height+10))
	r.knob.Move(fyne.NewPos(x-6, top+height/2-6))
	r.knob.Resize(fyne.NewSize(12, 12))
	named := r.placeNames(size.Width, c)
	hatched := r.placeHatch(c)
	r.placeTip(size, c)

	o := append(r.objects[:0], r.bar, r.done, r.past)
	for _, l := range r.hatch[:hatched] {
		o = append(o, l)
	}
	for _, b := range r.bands {
		o = append(o, b)
	}
	for _, l := range r.leaps {
		o = append(o, l)
	}
	for _, n := range r.names[:named] {
		o = append(o, n)
	}
	for _, f := range r.flags {
		o = append(o, f)
	}
	o = r.placeOwn(o)
	r.objects = append(o, r.hand, r.knob, r.tipBack, r.tip)
}

// The bar of the timeline, in pixels.
const (
	barTop    = 18
	barHeight = 10
)

// placeNames writes what the faults do, and what was jumped over: above the bar, below it where the space above
// is taken, and not where both are. It returns how many names it has written.
func (r *timelineRenderer) placeNames(width float32, c func(fyne.ThemeColorName) color.Color) (n int) {
	var ends [2]float32 // of the last name in each row
	size := r.t.Theme().Size(theme.SizeNameCaptionText)
	var last string // what comes again and again is written once
	write := func(text string, from time.Duration) {
		if text == last {
			return
		}
		last = text
		if n == len(r.names) {
			r.names = append(r.names, canvas.NewText("", nil))
		}
		o := r.names[n]
		o.Text, o.TextSize, o.Color = text, size, c(theme.ColorNameForeground)
		w := o.MinSize()
		x := min(r.t.xOf(from), width-w.Width-2)
		for row, y := range [...]float32{barTop - 6 - w.Height, barTop + barHeight + 5} {
			if x > ends[row] || ends[row] == 0 && x >= 0 {
				ends[row] = x + w.Width + 8
				o.Move(fyne.NewPos(x, y))
				o.Resize(w)
				n++
				return
			}
		}
	}
	marks := r.t.marks
	for _, l := range r.t.leaps {
		for ; len(marks) > 0 && marks[0].From <= l.From; marks = marks[1:] {
			write(r.t.words(marks[0]), marks[0].From)
		}
		write(locale.T("timeline.leap", clock(l.From, r.t.length), clock(l.To, r.t.length)), l.From)
	}
	for _, m := range marks {
		write(r.t.words(m), m.From)
	}
	return n
}

// placeHatch hatches the warm-up, and returns the number of its lines.
func (r *timelineRenderer) placeHatch(c func(fyne.ThemeColorName) color.Color) (n int) {
	if r.t.warmup <= 0 {
		return 0
	}
	const step = 6
	for x, end := r.t.xOf(0), r.t.xOf(r.t.warmup); x < end; x += step {
		if n == len(r.hatch) {
			r.hatch = append(r.hatch, canvas.NewLine(nil))
		}
		l := r.hatch[n]
		l.StrokeColor, l.StrokeWidth = c(theme.ColorNameForeground), 1
		l.Position1, l.Position2 = fyne.NewPos(x, barTop+barHeight), fyne.NewPos(min(x+step, end), barTop)
		n++
	}
	return n
}

// placeTip shows the time, and the fault, under the pointer.
func (r *timelineRenderer) placeTip(size fyne.Size, c func(fyne.ThemeColorName) color.Color) {
	t := r.t
	if t.hover < 0 || t.length <= 0 {
		r.tip.Hide()
		r.tipBack.Hide()
		return
	}
	at := t.timeAt(t.hover)
	text := clock(at, t.length)
	if at < t.warmup {
		text += "  ·  " + locale.T("timeline.warm-up", clock(t.warmup, t.length))
	}
	for _, m := range t.marks {
		slack := time.Duration(float64(t.length) * 4 / float64(max(size.Width, 1)))
		if at >= m.From-slack && at <= m.To+slack {
			words := t.words(m)
			if !m.Surge {
				words = locale.T("timeline.fault", words)
			}
			text += "  ·  " + locale.T("timeline.span", words, clock(m.From, t.length), clock(m.To, t.length))
			if t.did != nil {
				text += t.did(m)
			}
		}
	}
	r.tip.Text, r.tip.TextSize, r.tip.Color = text, t.Theme().Size(theme.SizeNameCaptionText), c(theme.ColorNameForeground)
	r.tipBack.FillColor = c(theme.ColorNameOverlayBackground)
	w := r.tip.MinSize()
	x := min(max(t.hover-w.Width/2, 2), size.Width-w.Width-4)
	r.tip.Move(fyne.NewPos(x, -2))
	r.tip.Resize(w)
	r.tipBack.Move(fyne.NewPos(x-4, -2))
	r.tipBack.Resize(w.AddWidthHeight(8, 0))
	r.tip.Show()
	r.tipBack.Show()
	r.tip.Refresh()
}

// pool returns n rectangles, reusing existing ones.
func pool(have []*canvas.Rectangle, n int) []*canvas.Rectangle {
	for len(have) < n {
		have = append(have, canvas.NewRectangle(nil))
	}
	return have[:n]
}

// clock formats a time of a run for people, with a precision that suits the
// length of the run.
func clock(t, length time.Duration) string { return clockTo(t, length, 0) }

// clockTo is clock, with at least the precision of a step.
func clockTo(t, length, step time.Duration) string {
	fine := length / 2000
	if step > 0 {
		fine = min(fine, step)
	}
	digits := 0
	for ; fine < time.Second && digits < 9; fine = max(fine, 1) * 10 {
		digits++
	}
	switch {
	case digits < 2 || length < time.Minute || t >= time.Minute || t == 0:
		return clockWith(t, length, digits)
	case t < time.Second:
		return locale.T("time.milliseconds", max(digits-3, 0), t.Seconds()*1e3)
	}
	return locale.T("time.seconds", digits, t.Seconds()) // minutes would be zeros only
}

// span formats the length of a run.
func span(length time.Duration) string {
	if length%time.Second == 0 {
		return clockWith(length, length, 0)
	}
	return clock(length, length)
}

func clockWith(t, length time.Duration, digits int) string {
	if length < time.Minute {
		return locale.T("time.seconds", digits, t.Seconds())
	}
	h, m := int(t/time.Hour), int(t/time.Minute%60)
	width := 2
	if digits > 0 {
		width = 3 + digits
	}
	sec := (t % time.Minute).Seconds()
	switch { // 1:00.0000 reads like a number
	case digits > 2 && t == 0:
		return locale.T("time.seconds", digits, 0.0)
	case digits > 2 && length < time.Hour:
		return locale.T("time.minutes-fine", m, digits, sec)
	}
	if length >= time.Hour {
		return locale.T("time.hours", h, m, width, digits, sec)
	}
	return locale.T("time.minutes", m, width, digits, sec)
}
