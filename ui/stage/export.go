package stage

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"io"
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/software"

	"asynclab/sim/svg"
	"asynclab/sim/topology"
	"asynclab/ui/control"
	"asynclab/ui/locale"
	"asynclab/ui/palette"
)

var errEmpty = errors.New("there is no picture to save (hint: open a scenario first)")

// PNG writes the whole picture of this moment, with that many pixels per unit
// of an unzoomed picture: 2 suits slides.
func (s *Stage) PNG(w io.Writer, scale float32) error {
	picture, err := s.Image(s.Shot(), scale)
	if err != nil {
		return err
	}
	if err := png.Encode(w, picture); err != nil {
		return fmt.Errorf("write picture: %w", err)
	}
	return nil
}

// Shot is a moment of a stage, to be drawn later.
type Shot struct {
	lane     control.Lane
	selected Element
	followed uint64
}

// Shot keeps the present moment.
func (s *Stage) Shot() Shot {
	l := s.lane
	l.Nodes, l.Links, l.Dots, l.Sparks = slices.Clone(l.Nodes), slices.Clone(l.Links), slices.Clone(l.Dots), slices.Clone(l.Sparks)
	l.Signs = slices.Clone(l.Signs)
	return Shot{l, s.selected, s.followed}
}

// Image draws a moment as PNG does.
func (s *Stage) Image(shot Shot, scale float32) (image.Image, error) {
	if s.scene == nil {
		return nil, errEmpty
	}
	_, c := s.twin(shot, scale)
	return c.Capture(), nil
}

// twin is a stage that shows a moment whole, at zoom 1.
func (s *Stage) twin(shot Shot, scale float32) (*Stage, fyne.Canvas) {
	twin := New()
	twin.SetScene(s.given)
	c := software.NewCanvas()
	c.SetPadded(false)
	c.SetScale(scale)
	c.SetContent(twin)
	c.Resize(fyne.NewSize(float32(s.given.Layout.W), float32(s.given.Layout.H)))
	twin.SetLane(&shot.lane)
	twin.Select(shot.selected)
	twin.Follow(shot.followed)
	return twin, c
}

// SVG writes the whole picture of this moment: the picture of the design, with
// states and messages drawn over it.
func (s *Stage) SVG(w io.Writer) error {
	if s.scene == nil {
		return errEmpty
	}
	if s.scene != s.given {
		twin, _ := s.twin(s.Shot(), 1)
		return twin.SVG(w)
	}
	theme := topology.Theme{Mode: topology.Light, Title: s.scene.Title, Background: true, Voice: locale.Word}
	if dark(s.colors.get(palette.ColorStage)) {
		theme.Mode = topology.Dark
	}
	var picture bytes.Buffer
	graph, layout := s.drawn()
	if err := topology.SVG(&picture, graph, layout, theme); err != nil {
		return err
	}
	body, ok := bytes.CutSuffix(bytes.TrimSpace(picture.Bytes()), []byte("</svg>"))
	if !ok {
		return errors.New("the picture of the design does not end as an image should")
	}
	p := &svgPen{colors: &s.colors}
	s.drawStatesWith(p, p)
	for i, l := range s.lane.Links {
		if l.Cut != control.Whole {
			at := s.scene.Layout.Routes[i].At(cutAt)
			p.mark(palette.Mark{Shape: palette.Cross, Color: palette.ColorDown}, at.X, at.Y, 14, 1)
		}
	}
	for _, d := range s.lane.Dots {
		if int(d.Edge) < len(s.scene.Layout.Routes) && d.Edge >= 0 {
			at := where(s.scene.Layout.Routes[d.Edge], s.scene.Graph.Edges[d.Edge], d, 1)
			p.mark(palette.Of(d.Mark), at.X, at.Y, dotSize, 1)
		}
	}
	s.drawSparksWith(p)
	if text := s.thinned(); text != "" {
		p.text(words{s: text, x: 10, y: s.scene.Layout.H - 8, size: 11, color: s.colors.get(palette.ColorMuted)})
	}
	for _, part := range [][]byte{body, []byte(p.out.String()), []byte("</svg>\n")} {
		if _, err := w.Write(part); err != nil {
			return fmt.Errorf("write picture: %w", err)
		}
	}
	return nil
}

// drawn is the design with its texts where the stage has them.
func (s *Stage) drawn() (topology.Graph, *topology.Layout) {
	g, l := s.scene.Graph, *s.scene.Layout
	g.Nodes, g.Edges, l.Routes = slices.Clone(g.Nodes), slices.Clone(g.Edges), slices.Clone(l.Routes)
	for i := range s.scene.Lines {
		n := &g.Nodes[i]
		n.Detail = append(slices.Clip(n.Detail), make([]topology.Detail, s.scene.Lines[i])...)
	}
	for i := range g.Nodes {
		if s.isGroup(i) {
			g.Nodes[i].Label = s.title(i)
		}
	}
	for i := range l.Routes {
		l.Routes[i].LabelAt = s.spots[i].label
		if s.spots[i].bare {
			g.Edges[i].Label = ""
		}
	}
	return g, &l
}

// svgPen writes as SVG the strokes that a layer would show.
type svgPen struct {
	out    strings.Builder
	colors *colors
}

func (p *svgPen) rect(r rect) {
	fmt.Fprintf(&p.out, `<rect x="%.1f" y="%.1f" width="%.1f" height="%.1f" rx="%.1f" %s/>`+"\n",
		r.x, r.y, r.w, r.h, min(r.radius, r.h/2), paint(r.fill, r.stroke, r.width))
}

func (p *svgPen) line(from, to topology.Point, width float64, c color.Color) {
	fmt.Fprintf(&p.out, `<path d="M%.1f,%.1f L%.1f,%.1f" stroke-linecap="round" %s/>`+"\n", from.X, from.Y, to.X, to.Y, paint(nil, c, width))
}

func (p *svgPen) text(t words) {
	if t.s == "" {
		return
	}
	anchor, weight := "start", "400"
	switch t.align {
	case fyne.TextAlignCenter:
		anchor = "middle"
	case fyne.TextAlignTrailing:
		anchor = "end"
	}
	if t.bold {
		weight = "600"
	}
	size := t.fitted()
	fmt.Fprintf(&p.out, `<text x="%.1f" y="%.1f" font-size="%.1f" font-weight="%s" text-anchor="%s" %s>%s</text>`+"\n",
		t.x, t.y+size*0.34, size, weight, anchor, paint(t.color, nil, 0), svg.Escape(t.s))
}

func (p *svgPen) mark(m palette.Mark, x, y, size, strength float64) {
	c := faded(p.colors.get(m.Color), strength)
	style := paint(c, nil, 0)
	if m.Hollow {
		style = paint(faded(p.colors.get(palette.ColorStage), strength), c, 2)
	}
	box := m.Size(float32(size))
	w, h := float64(box.Width)/2, float64(box.Height)/2
	if m.Hollow { // half of a stroke lies outside its outline
		w, h = w-1, h-1
	}
	switch m.Shape {
	case palette.Disc:
		fmt.Fprintf(&p.out, `<circle cx="%.1f" cy="%.1f" r="%.1f" %s/>`+"\n", x, y, w, style)
		return
	case palette.Square, palette.Bar:
		fmt.Fprintf(&p.out, `<rect x="%.1f" y="%.1f" width="%.1f" height="%.1f" %s/>`+"\n", x-w, y-h, 2*w, 2*h, style)
		return
	}
	p.out.WriteString(`<path d="`)
	for i, c := range corners(m.Shape) {
		verb := 'L'
		if i == 0 {
			verb = 'M'
		}
		fmt.Fprintf(&p.out, "%c%.1f,%.1f ", verb, x+c[0]*w, y+c[1]*h)
	}
	fmt.Fprintf(&p.out, `Z" %s/>`+"\n", style)
}

// corners of a shape around its middle, the same as in the window.
func corners(s palette.Shape) [][2]float64 {
	const half, high = 0.87, 0.5 // of a triangle in a circle
	switch s {
	case palette.Diamond:
		return [][2]float64{{0, -1}, {1, 0}, {0, 1}, {-1, 0}}
	case palette.Envelope, palette.Struck:
		return s.Corners()
	case palette.TriangleUp:
		return [][2]float64{{0, -1}, {half, high}, {-half, high}}
	case palette.TriangleDown:
		return [][2]float64{{0, 1}, {half, -high}, {-half, -high}}
	}
	const in, out = 0.4, 0.96
	return [][2]float64{{-out, -out + in}, {-out + in, -out}, {0, -in}, {out - in, -out}, {out, -out + in}, {in, 0},
		{out, out - in}, {out - in, out}, {0, in}, {-out + in, out}, {-out, out - in}, {-in, 0}}
}

func paint(fill, stroke color.Color, width float64) string {
	text := `fill="none"`
	if fill != nil {
		text = svgColor("fill", fill)
	}
	if stroke != nil {
		text += fmt.Sprintf(` %s stroke-width="%.1f"`, svgColor("stroke", stroke), width)
	}
	return text
}

func svgColor(what string, c color.Color) string {
	n := color.NRGBAModel.Convert(c).(color.NRGBA)
	text := fmt.Sprintf(`%s="#%02x%02x%02x"`, what, n.R, n.G, n.B)
	if n.A != 0xff {
		text += fmt.Sprintf(` %s-opacity="%.2f"`, what, float64(n.A)/0xff)
	}
	return text
}
