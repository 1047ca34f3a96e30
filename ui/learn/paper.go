package learn

import (
	"math"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"asynclab/lessons"
	"asynclab/sim/draw"
	"asynclab/ui/keyed"
	"asynclab/ui/locale"
)

// columns are those of the paper: a drawn curve has at most so many points.
const columns = 41

// paper is where a student draws a curve: as wide as the run, as high as the lesson
// says.
type paper struct {
	widget.BaseWidget
	until, top float64
	at         [columns]float64 // NaN: nothing drawn
	last       int              // column at which the pointer was; -1: none
	drawn      func([]lessons.Point)
}

func newPaper(until time.Duration, top float64, have []lessons.Point, drawn func([]lessons.Point)) *paper {
	p := &paper{until: until.Seconds(), top: top, last: -1, drawn: drawn}
	for i := range p.at {
		p.at[i] = math.NaN()
	}
	for i := 1; i < len(have); i++ {
		a, b := have[i-1], have[i]
		p.line(p.column(a.T/p.until), a.V, p.column(b.T/p.until), b.V)
	}
	p.ExtendBaseWidget(p)
	return p
}

func (p *paper) column(share float64) int {
	return int(math.Round(min(max(share, 0), 1) * (columns - 1)))
}

// line draws from one column to another.
func (p *paper) line(i int, from float64, j int, to float64) {
	if i == j {
		p.at[j] = to
		return
	}
	step := 1
	if j < i {
		step = -1
	}
	for k := i; ; k += step {
		p.at[k] = from + (to-from)*float64(k-i)/float64(j-i)
		if k == j {
			return
		}
	}
}

// mark draws to a position of the pointer.
func (p *paper) mark(pos fyne.Position) {
	size := p.Size()
	j := p.column(float64(pos.X / size.Width))
	v := p.top * min(max(1-float64(pos.Y/size.Height), 0), 1)
	if p.last < 0 || math.IsNaN(p.at[p.last]) {
		p.last = j
	}
	from := p.at[p.last]
	if math.IsNaN(from) {
		from = v
	}
	p.line(p.last, from, j, v)
	p.last = j
	p.Refresh()
}

// points is the curve so far.
func (p *paper) points() (all []lessons.Point) {
	for i, v := range p.at {
		if !math.IsNaN(v) {
			all = append(all, lessons.Point{T: p.until * float64(i) / (columns - 1), V: v})
		}
	}
	return all
}

// Dragged implements fyne.Draggable.
func (p *paper) Dragged(e *fyne.DragEvent) { p.mark(e.Position) }

// DragEnd implements fyne.Draggable: what is drawn is the prediction.
func (p *paper) DragEnd() {
	p.last = -1
	if all := p.points(); len(all) > 1 {
		p.drawn(all)
	}
}

// Tapped implements fyne.Tappable: a line from the last point drawn to this one.
func (p *paper) Tapped(e *fyne.PointEvent) {
	for i := columns - 1; i >= 0 && p.last < 0; i-- {
		if !math.IsNaN(p.at[i]) {
			p.last = i
		}
	}
	p.mark(e.Position)
	p.DragEnd()
}

func (p *paper) Cursor() desktop.Cursor { return desktop.CrosshairCursor }

// CreateRenderer implements fyne.Widget.
func (p *paper) CreateRenderer() fyne.WidgetRenderer {
	r := &paperRenderer{p: p, back: canvas.NewRectangle(nil)}
	for range columns - 1 {
		r.lines = append(r.lines, canvas.NewLine(nil))
	}
	r.objects = []fyne.CanvasObject{r.back}
	for _, l := range r.lines {
		r.objects = append(r.objects, l)
	}
	r.Refresh()
	return r
}

type paperRenderer struct {
	p       *paper
	back    *canvas.Rectangle
	lines   []*canvas.Line
	objects []fyne.CanvasObject
}

func (r *paperRenderer) Objects() []fyne.CanvasObject { return r.objects }
func (r *paperRenderer) MinSize() fyne.Size           { return fyne.NewSize(120, sketchHeight+40) }
func (r *paperRenderer) Destroy()                     {}
func (r *paperRenderer) Layout(fyne.Size)             { r.Refresh() }

// Refresh draws the curve as far as it is.
func (r *paperRenderer) Refresh() {
	size := r.p.Size()
	r.back.Resize(size)
	r.back.FillColor, r.back.StrokeColor, r.back.StrokeWidth = theme.Color(theme.ColorNameInputBackground), theme.Color(theme.ColorNameSeparator), 1
	r.back.Refresh()
	place := func(i int) fyne.Position {
		return fyne.NewPos(size.Width*float32(i)/(columns-1), size.Height*(1-float32(r.p.at[i]/r.p.top)))
	}
	for i, l := range r.lines {
		l.Hidden = math.IsNaN(r.p.at[i]) || math.IsNaN(r.p.at[i+1])
		if !l.Hidden {
			l.StrokeColor, l.StrokeWidth = theme.Color(theme.ColorNamePrimary), 2
			l.Position1, l.Position2 = place(i), place(i+1)
		}
		l.Refresh()
	}
}

// hand lets the student draw a curve, or write its points.
func (l *Panel) hand(box *fyne.Container, a *lessons.Activity, guess lessons.Guess) {
	say := func(points []lessons.Point) {
		l.did(a, l.player.Predict(lessons.Guess{Choice: -1, Points: points, Sure: guess.Sure}, l.hooks.Now()))
	}
	sheet := newPaper(a.Setup().Until, a.Curve.Top.Value, guess.Points, say)
	l.Named["paper"] = sheet
	until, top := draw.FormatDuration(a.Setup().Until.Seconds()), draw.FormatQuantity(a.Curve.Top.Value, a.Curve.Unit)
	box.Add(quiet(locale.T("lesson.paper", until, top)))
	box.Add(sheet)
	entry := keyed.NewEntry()
	entry.SetPlaceHolder("0s 0, " + until + " " + top)
	entry.OnSubmitted = func(text string) {
		points, err := a.ReadPoints(text)
		if err != nil {
			l.said = err.Error()
			l.fillFoot()
			return
		}
		say(points)
	}
	l.Named["points"] = entry
	box.Add(container.NewPadded(entry))
}
