package bench

import (
	"slices"
	"strconv"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/theme"
)

// Marks of a person's own on the timeline, by their numbers in the order of time.

// nearMark is how near a mark is to a moment to be meant by it: that share of the run.
const nearMark = 200

// Mark sets a mark at the present moment, or takes away the one that is there.
func (b *Bench) Mark() {
	if i := b.marked(b.Frame.Now); i >= 0 {
		b.marks = slices.Delete(b.marks, i, i+1)
	} else if b.Frame.Length > 0 {
		b.marks = append(b.marks, b.Frame.Now)
		slices.Sort(b.marks)
	}
	if b.Transport != nil {
		b.Transport.Timeline.Refresh()
	}
}

// marked is the mark near a moment; -1 if there is none.
func (b *Bench) marked(at time.Duration) int {
	return slices.IndexFunc(b.marks, func(m time.Duration) bool { return max(m-at, at-m) <= b.length()/nearMark })
}

// NextMark jumps to the next mark, or from the last one to the first.
func (b *Bench) NextMark() {
	if len(b.marks) == 0 {
		return
	}
	i := slices.IndexFunc(b.marks, func(m time.Duration) bool { return m > b.Frame.Now })
	b.Jump(b.marks[max(i, 0)])
}

// snapped is a moment of the timeline that is tapped: that of a mark, if one is near.
func (t *timeline) snapped(x float32) time.Duration {
	if t.own != nil {
		for _, m := range *t.own {
			if d := t.xOf(m) - x; d > -6 && d < 6 {
				return m
			}
		}
	}
	return t.timeAt(x)
}

// placeOwn draws the marks: a number below the bar, on a stalk.
func (r *timelineRenderer) placeOwn(objects []fyne.CanvasObject) []fyne.CanvasObject {
	if r.t.own == nil {
		return objects
	}
	th, v := r.t.Theme(), fyne.CurrentApp().Settings().ThemeVariant()
	for i, m := range *r.t.own {
		if i == len(r.own) {
			r.own = append(r.own, ownMark{canvas.NewRectangle(nil), canvas.NewText("", nil)})
		}
		o := r.own[i]
		o.stalk.FillColor, o.number.Color = th.Color(theme.ColorNameSuccess, v), th.Color(theme.ColorNameSuccess, v)
		o.number.Text, o.number.TextSize, o.number.TextStyle.Bold = strconv.Itoa(i+1), th.Size(theme.SizeNameCaptionText), true
		x, size := r.t.xOf(m), o.number.MinSize()
		o.stalk.Move(fyne.NewPos(x-1, barTop-2))
		o.stalk.Resize(fyne.NewSize(2, barHeight+8))
		o.number.Move(fyne.NewPos(x-size.Width/2, barTop+barHeight+5))
		o.number.Resize(size)
		objects = append(objects, o.stalk, o.number)
	}
	return objects
}

type ownMark struct {
	stalk  *canvas.Rectangle
	number *canvas.Text
}
