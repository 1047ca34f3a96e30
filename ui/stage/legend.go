package stage

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"asynclab/sim/record"
	"asynclab/sim/topology"
	"asynclab/ui/control"
	"asynclab/ui/locale"
	"asynclab/ui/palette"
)

// Legend explains the marks on a stage.
type Legend struct {
	widget.BaseWidget

	Columns int // 1 is narrow, 2 is low
}

// NewLegend makes a legend in two columns.
func NewLegend() *Legend {
	l := &Legend{Columns: 2}
	l.ExtendBaseWidget(l)
	return l
}

// CreateRenderer implements fyne.Widget.
func (l *Legend) CreateRenderer() fyne.WidgetRenderer {
	r := &legendRenderer{l: l, box: container.NewVBox()}
	r.Refresh()
	return r
}

// legendRenderer rebuilds everything on a Refresh: colours and language change
// seldom, and nothing in a legend moves.
type legendRenderer struct {
	l   *Legend
	box *fyne.Container
}

func (r *legendRenderer) Destroy()                     {}
func (r *legendRenderer) Layout(size fyne.Size)        { r.box.Resize(size) }
func (r *legendRenderer) MinSize() fyne.Size           { return r.box.MinSize() }
func (r *legendRenderer) Objects() []fyne.CanvasObject { return []fyne.CanvasObject{r.box} }

func (r *legendRenderer) Refresh() {
	title := canvas.NewText(locale.T("legend.title"), theme.Color(palette.ColorLabel))
	title.TextSize, title.TextStyle = theme.TextSize(), fyne.TextStyle{Bold: true}
	r.box.Objects = []fyne.CanvasObject{title, r.entries()}
	r.box.Refresh()
}

func (r *legendRenderer) entries() fyne.CanvasObject {
	left := &column{box: container.New(rows{})}
	left.messages()
	right := left
	if r.l.Columns > 1 {
		right = &column{box: container.New(rows{})}
	}
	right.others()
	if right == left {
		return left.box
	}
	return container.NewHBox(left.box, right.box)
}

// column is a list of entries under headings.
type column struct{ box *fyne.Container }

func (c *column) heading(text string) {
	t := canvas.NewText(text, theme.Color(palette.ColorMuted))
	t.TextSize, t.TextStyle = legendText()-1, fyne.TextStyle{Bold: true}
	c.box.Add(t)
}

func (c *column) entry(s *placed, text string) {
	t := canvas.NewText(text, theme.Color(palette.ColorLabel))
	t.TextSize = legendText()
	c.box.Add(container.New(entryLayout{s}, s.o, t))
}

func (c *column) messages() {
	c.heading(locale.T("legend.messages"))
	c.marks(record.MessageMarks())
	c.heading(locale.T("legend.what-goes-wrong"))
	c.marks(record.TroubleMarks())
}

func (c *column) marks(all []record.Mark) {
	for _, m := range all {
		c.entry(sign(palette.Of(m)), m.Name(locale.Word))
	}
}

func (c *column) others() {
	c.heading(locale.T("legend.links"))
	c.entry(lineSign(palette.ColorEdge), locale.Say(topology.LegendWaits))
	c.entry(lineSign(palette.ColorEdge, 6, 3), locale.Say(topology.LegendMessage))
	c.entry(lineSign(palette.ColorDeadEdge, 2, 3), locale.Say(topology.LegendDeadLetters))
	c.entry(lineSign(palette.ColorDown, 9, 8), locale.T("legend.link-cut"))
	c.heading(locale.T("legend.nodes"))
	for h := control.Up; h <= control.Down; h++ {
		c.entry(sign(palette.Health(h)), locale.Say(h.Word()))
	}
	c.heading(locale.T("legend.workers"))
	c.entry(cell(palette.ColorBusy), locale.T("legend.worker-busy"))
	c.entry(cell(palette.ColorBlocked), locale.T("legend.worker-blocked"))
	c.entry(tetherSign(1), locale.T("legend.tether"))
	c.entry(tetherSign(latelyPart), locale.T("legend.tether-lately"))
	c.entry(lineSign(palette.ColorBlocked, awaitDash, awaitGap), locale.T("legend.awaited"))
	c.entry(hollowCell(), locale.T("legend.vain"))
	c.entry(cell(palette.ColorIdle), locale.T("legend.worker-idle"))
	c.entry(sign(palette.Mark{Shape: palette.Disc, Color: palette.ColorWaiting}), locale.T("legend.waiting"))
	c.entry(sign(palette.Mark{Shape: palette.Envelope, Hollow: true, Color: palette.ColorMuted}), locale.T("legend.handed-out"))
	c.entry(sign(palette.Mark{Shape: palette.Envelope, Color: palette.ColorWaiting}), locale.T("legend.waiting-message"))
	c.entry(sign(palette.Mark{Shape: palette.Of(record.MarkRetry).Shape, Color: palette.ColorWaiting}), locale.T("legend.again"))
	c.entry(urgentSign(), locale.T("legend.urgent"))
	c.entry(cell(palette.ColorWaiting), locale.T("legend.waiting-many", standing))
	c.entry(cell(palette.ColorLostSpark), locale.T("legend.no-room"))
}

func legendText() float32 { return theme.TextSize() - 2 }

// sign is a mark at the size it has on the stage.
func sign(m palette.Mark) *placed { return &placed{o: m.Object(), size: m.Size(10)} }

// cell is a worker, or a piece of a bar.
func cell(name fyne.ThemeColorName) *placed {
	o := canvas.NewRectangle(theme.Color(name))
	o.CornerRadius = 2
	return &placed{o: o, size: fyne.NewSize(14, 7)}
}

// hollowCell is a worker, or a tether, that is held in vain.
func hollowCell() *placed {
	s := cell(palette.ColorStage)
	o := s.o.(*canvas.Rectangle)
	o.StrokeColor, o.StrokeWidth = theme.Color(palette.ColorBlocked), 1.5
	return s
}

// tetherSign is a piece of a tether of a strength.
func tetherSign(part float64) *placed {
	o := canvas.NewRectangle(faded(theme.Color(palette.ColorBlocked), part))
	return &placed{o: o, size: fyne.NewSize(26, 4)}
}

// urgentSign is the token of one that goes before others.
func urgentSign() *placed {
	const size, high = 10, 14
	m := palette.Mark{Shape: palette.Disc, Color: palette.ColorWaiting}
	token := m.Object()
	m.Place(token, fyne.NewPos(size/2, high-size/2), size)
	u := urgent(size/2, high-size/2, size, theme.Color(palette.ColorLabel))
	stroke := canvas.NewRectangle(u.fill)
	stroke.Move(fyne.NewPos(float32(u.x), float32(u.y)))
	stroke.Resize(fyne.NewSize(float32(u.w), float32(u.h)))
	return &placed{o: container.New(free{}, stroke, token), size: fyne.NewSize(size, high)}
}

// lineSign is a short sample of a link.
func lineSign(name fyne.ThemeColorName, dash ...float32) *placed {
	const long, width = 26, 2
	box := container.New(free{})
	add := func(from, to float32) {
		o := canvas.NewRectangle(theme.Color(name))
		o.Move(fyne.NewPos(from, 0))
		o.Resize(fyne.NewSize(min(to, long)-from, width))
		box.Add(o)
	}
	if len(dash) == 0 {
		add(0, long)
	} else {
		for x := float32(0); x < long; x += dash[0] + dash[1] {
			add(x, x+dash[0])
		}
	}
	return &placed{o: box, size: fyne.NewSize(long, width)}
}

// placed centres an object and keeps its size.
type placed struct {
	o    fyne.CanvasObject
	size fyne.Size
}

const signWidth = 34

type entryLayout struct{ sign *placed }

func (e entryLayout) Layout(o []fyne.CanvasObject, size fyne.Size) {
	s := e.sign.size
	o[0].Resize(s)
	o[0].Move(fyne.NewPos((signWidth-s.Width)/2, (size.Height-s.Height)/2))
	m := o[1].MinSize()
	o[1].Resize(m)
	o[1].Move(fyne.NewPos(signWidth+4, (size.Height-m.Height)/2))
}

func (e entryLayout) MinSize(o []fyne.CanvasObject) fyne.Size {
	m := o[1].MinSize()
	return fyne.NewSize(signWidth+8+m.Width, m.Height+2)
}

// rows stacks objects without gaps.
type rows struct{}

func (rows) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	y := float32(0)
	for i, o := range objects {
		h := o.MinSize().Height
		if _, heading := o.(*canvas.Text); heading && i > 0 {
			y += headingGap
		}
		o.Resize(fyne.NewSize(size.Width, h))
		o.Move(fyne.NewPos(headingInset(o), y))
		y += h
	}
}

func (rows) MinSize(objects []fyne.CanvasObject) (size fyne.Size) {
	for i, o := range objects {
		m := o.MinSize()
		size.Width = max(size.Width, m.Width+headingInset(o))
		size.Height += m.Height
		if _, heading := o.(*canvas.Text); heading && i > 0 {
			size.Height += headingGap
		}
	}
	return size
}

const headingGap = 6

func headingInset(o fyne.CanvasObject) float32 {
	if _, heading := o.(*canvas.Text); heading {
		return 8
	}
	return 0
}
