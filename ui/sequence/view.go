package sequence

import (
	"bytes"
	"fmt"
	"image"
	"image/png"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"asynclab/sim/record"
	"asynclab/sim/sequence"
	"asynclab/sim/topology"
	"asynclab/ui/control"
	"asynclab/ui/keyed"
	"asynclab/ui/locale"
	"asynclab/ui/palette"
)

// View is a widget with the diagram of one story. The participants stay visible
// while the rest scrolls. Its methods must be called on Fyne's goroutine.
type View struct {
	widget.BaseWidget

	// Graph is the graph of the design; set it before SetStory. Without it
	// queues are drawn as services, and the targets of dead letters are
	// unknown.
	Graph topology.Graph
	// OnExport is called when a person saves the picture, with a name for the
	// file and a function that makes its content, which may be called on any
	// goroutine. If it is nil, there is no button for it.
	OnExport func(name string, write func() ([]byte, error))

	diagram sequence.Diagram
	layout  *sequence.Layout
	scale   sequence.Scale
	chosen  item
	op      uint64

	head, body *pane
	back       *canvas.Rectangle
	clip       *container.Clip
	scroll     *container.Scroll
	fall       *fall // the trace of the story over time
	falls      *container.Scroll
	picture    fyne.CanvasObject // the diagram
	toScale    *keyed.Check
	OverTime   *keyed.Check // shows the trace instead of the diagram
	save       *fyne.Container
	detail     *widget.Label
	content    fyne.CanvasObject
}

// New makes a view that shows nothing yet.
func New() *View {
	v := &View{}
	v.layout = sequence.Arrange(&v.diagram, sequence.Options{})
	v.head, v.body = newPane(v, true), newPane(v, false)
	v.clip = container.NewClip(v.head)
	v.scroll = container.NewScroll(v.body)
	v.scroll.OnScrolled = func(to fyne.Position) { v.head.Move(fyne.NewPos(-to.X, 0)) }
	v.toScale = keyed.NewCheck(locale.T("diagram.to-scale"), func(on bool) {
		v.scale = sequence.Even
		if on {
			v.scale = sequence.Proportional
		}
		v.arrange()
	})
	v.save = container.NewHBox(
		keyed.NewButton("SVG", theme.DownloadIcon(), v.saveSVG),
		keyed.NewButton("PNG", theme.DownloadIcon(), v.savePNG),
	)
	v.detail = widget.NewLabel("")
	v.detail.Wrapping = fyne.TextWrapWord
	v.detail.SizeName = theme.SizeNameCaptionText
	v.OverTime = keyed.NewCheck(locale.T("diagram.over-time"), func(bool) { v.turn() })
	bar := container.NewHBox(v.OverTime, v.toScale, layout.NewSpacer(), v.save)
	v.back = canvas.NewRectangle(theme.Color(palette.ColorStage))
	v.picture = container.New(headAbove{v}, v.clip, v.scroll)
	v.fall = newFall(v)
	v.falls = container.NewScroll(v.fall)
	v.content = container.NewBorder(bar, v.detail, nil, nil, container.NewStack(v.back, v.picture, v.falls))
	v.turn()
	v.ExtendBaseWidget(v)
	v.tell()
	return v
}

// CreateRenderer implements fyne.Widget.
func (v *View) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(v.content) }

func show(o fyne.CanvasObject, on bool) {
	if on {
		o.Show()
	} else {
		o.Hide()
	}
}

// turn shows the diagram, or the trace.
func (v *View) turn() {
	for _, o := range []fyne.CanvasObject{v.picture, v.toScale} {
		show(o, !v.OverTime.Checked)
	}
	show(v.falls, v.OverTime.Checked)
	v.tell()
}

// Refresh redraws with the current colours.
func (v *View) Refresh() {
	v.back.FillColor = theme.Color(palette.ColorStage)
	v.save.Hidden = v.OnExport == nil || len(v.diagram.Lanes) == 0
	v.BaseWidget.Refresh()
}

// SetStory shows a story. If it is the one that is shown, told further, the view
// stays where it is; at its end it follows.
func (v *View) SetStory(st control.Story) {
	same := v.op == st.Op && len(v.diagram.Lanes) > 0
	atEnd := v.scroll.Offset.Y >= v.scroll.Content.MinSize().Height-v.scroll.Size().Height-1
	v.op = st.Op
	v.diagram = FromStory(st, v.Graph)
	v.fall.setTrace(sequence.Spans(entries(st), v.Graph, locale.Word))
	v.chosen = item{}
	if !same {
		v.scroll.Offset = fyne.Position{}
		v.head.Move(fyne.Position{})
	}
	v.arrange()
	if same && atEnd {
		v.scroll.ScrollToBottom()
	}
}

// arrange lays the story out and draws it.
func (v *View) arrange() {
	v.layout = v.arranged()
	v.tell()
	v.head.Resize(v.head.MinSize())
	v.scroll.Refresh()
	v.Refresh()
	v.head.Refresh()
	v.body.Refresh()
}

func (v *View) arranged() *sequence.Layout {
	return sequence.Arrange(&v.diagram, sequence.Options{Scale: v.scale, Voice: locale.Word, Measure: measure})
}

// measure is the width of a text as the toolkit draws it; measured in bold, as
// an upper bound.
func measure(text string, size float64) float64 {
	return float64(fyne.MeasureText(text, float32(size), fyne.TextStyle{Bold: true}).Width)
}

// choose highlights an arrow or a bar and shows its details.
func (v *View) choose(i item) {
	if i == v.chosen {
		i = item{}
	}
	v.chosen = i
	v.tell()
	v.body.Refresh()
}

// tell writes the line of details.
func (v *View) tell() {
	text := ""
	switch d := &v.diagram; {
	case len(d.Lanes) == 0:
	case !v.chosen.some:
		text = locale.T("diagram.help")
	case v.chosen.bar:
		b := d.Bars[v.chosen.index]
		text = d.TellBar(b, locale.Word)
		if b.Task != 0 && b.Instance > 0 {
			text += " · " + locale.T("diagram.instance", b.Instance+1)
		}
		text += " · " + locale.T("diagram.time-into-run", sequence.Clock(d.Moments[b.From]))
	default:
		m := d.Messages[v.chosen.index]
		text = d.TellMessage(m, locale.Word)
		if m.Fate == record.InFlight {
			text += " · " + locale.T("diagram.under-way")
		}
		text += " · " + locale.T("diagram.time-into-run", sequence.Clock(d.Moments[m.Sent]))
	}
	v.detail.SetText(text)
}

// headAbove puts the participants above the rest, as wide as its visible part.
type headAbove struct{ view *View }

func (h headAbove) MinSize([]fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(160, float32(h.view.layout.Top)+120)
}

func (h headAbove) Layout(o []fyne.CanvasObject, size fyne.Size) {
	top := float32(h.view.layout.Top)
	o[0].Move(fyne.Position{})
	o[0].Resize(fyne.NewSize(size.Width, top))
	h.view.head.Resize(h.view.head.MinSize())
	o[1].Move(fyne.NewPos(0, top))
	o[1].Resize(fyne.NewSize(size.Width, size.Height-top))
	h.view.head.Move(fyne.NewPos(-h.view.scroll.Offset.X, 0)) // a view that becomes wider scrolls back without a callback
}

func (v *View) name(end string) string { return fmt.Sprintf("operation-%d.%s", v.op, end) }

func (v *View) saveSVG() {
	if v.OnExport == nil {
		return
	}
	if v.OverTime.Checked {
		v.OnExport(v.name("svg"), v.fall.svg())
		return
	}
	d, l := v.diagram, v.arranged()
	v.OnExport(v.name("svg"), func() ([]byte, error) {
		var b bytes.Buffer
		err := sequence.SVG(&b, &d, l, locale.Word, sequence.Theme{Background: true})
		return b.Bytes(), err
	})
}

// pngScale is pixels of a picture file per pixel of the screen.
const pngScale = 2

// image draws what is shown, the whole of it.
func (v *View) image() image.Image {
	if v.OverTime.Checked {
		return v.fall.image()
	}
	head, body := newPane(v, true), newPane(v, false)
	body.Move(fyne.NewPos(0, float32(v.layout.Top)))
	head.Resize(head.MinSize())
	body.Resize(body.MinSize())
	return captured(fyne.NewSize(float32(v.layout.W), float32(v.layout.H)), head, body)
}

func (v *View) savePNG() {
	if v.OnExport == nil {
		return
	}
	img := v.image()
	v.OnExport(v.name("png"), func() ([]byte, error) {
		var b bytes.Buffer
		err := png.Encode(&b, img)
		return b.Bytes(), err
	})
}
