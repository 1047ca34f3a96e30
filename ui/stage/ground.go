package stage

import (
	"image"
	"image/draw"
	"math"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"git.sr.ht/~sbinet/gg"

	"asynclab/sim/topology"
	"asynclab/ui/control"
	"asynclab/ui/look"
)

// ground is what lies under the motion: frames, links and the outlines of nodes,
// drawn into one image that a graphics card shows by a single call. Lines made of
// canvas objects would be one call a dash, with their ends on whole pixels.
// It is drawn again when the view, a selection or the state of a link changes.
type ground struct {
	s      *Stage
	raster *canvas.Raster
	image  *image.RGBA
	stale  bool

	at     map[string]int // nodes by ID
	frames []bool         // of brokers with something in them, by node
	health []control.Health
	cut    []bool
	widths []float64 // of links, by how much goes over them
}

func (g *ground) init(s *Stage) {
	g.s = s
	g.raster = canvas.NewRaster(g.paint)
}

// scene forgets the links of the scene before.
func (g *ground) scene(scene *control.Scene) {
	g.at, g.frames, g.health, g.cut, g.widths = nil, nil, nil, nil, nil
	if scene == nil {
		return
	}
	nodes, edges := scene.Graph.Nodes, scene.Graph.Edges
	g.at = make(map[string]int, len(nodes))
	g.frames, g.health = make([]bool, len(nodes)), make([]control.Health, len(nodes))
	g.cut, g.widths = make([]bool, len(edges)), make([]float64, len(edges))
	for i, n := range nodes {
		g.at[n.ID] = i
	}
	for _, n := range nodes {
		if p, ok := g.at[n.Parent]; ok && n.Parent != "" {
			g.frames[p] = true
		}
	}
	for i := range g.widths {
		g.widths[i] = thinnest
	}
}

const (
	thinnest = 1.6 // of a link with little traffic, at zoom 1
	thickest = 4.0
)

// width is that of a link by its messages a second: half a pixel more for each
// factor of ten.
func width(rate float64) float64 {
	return min(thinnest+0.6*math.Log10(1+max(rate, 0)/10), thickest)
}

// links takes the state of links and the health of nodes, and reports whether the
// picture differs. A width that changes little is left: rates always change.
func (g *ground) links(links []control.LinkState, nodes []control.NodeState) bool {
	changed := false
	for i, l := range links[:min(len(links), len(g.cut))] {
		if l.Cut != g.cut[i] {
			g.cut[i], changed = l.Cut, true
		}
		if w := width(l.Rate); math.Abs(w-g.widths[i]) > 0.4 {
			g.widths[i], changed = w, true
		}
	}
	for i, n := range nodes[:min(len(nodes), len(g.health))] {
		if n.Health != g.health[i] {
			g.health[i], changed = n.Health, true
		}
	}
	return changed
}

// redraw has the picture made anew when it is shown next.
func (g *ground) redraw() {
	g.stale = true
	canvas.Refresh(g.raster)
}

// paint makes the picture in device pixels.
func (g *ground) paint(w, h int) image.Image {
	bounds := image.Rect(0, 0, w, h)
	if g.image == nil || g.image.Rect != bounds {
		g.image, g.stale = image.NewRGBA(bounds), true
	}
	if !g.stale || w == 0 || h == 0 {
		return g.image
	}
	g.stale = false
	s := g.s
	draw.Draw(g.image, bounds, image.NewUniform(s.colors.get(look.ColorStage)), image.Point{}, draw.Src)
	if s.scene == nil || s.size.Width == 0 {
		return g.image
	}
	dc := gg.NewContextForRGBA(g.image)
	device := float64(w) / float64(s.size.Width)
	dc.Scale(device, device)
	dc.Translate(s.view.x, s.view.y)
	dc.Scale(s.view.zoom, s.view.zoom)
	brush{dc: dc, colors: &s.colors, unit: device * s.view.zoom}.draw(g, s)
	return g.image
}

func (b brush) draw(g *ground, s *Stage) {
	nodes, layout := s.scene.Graph.Nodes, s.scene.Layout
	for i, n := range nodes {
		if g.frames[i] {
			b.node(n.Kind, layout.Boxes[i], g.health[i], s.selected == Node(n.ID))
		}
	}
	for i, e := range s.scene.Graph.Edges {
		b.link(e, layout.Routes[i], g.cut[i], g.widths[i], s.selected == Edge(i))
	}
	for i, n := range nodes {
		if !g.frames[i] {
			b.node(n.Kind, layout.Boxes[i], g.health[i], s.selected == Node(n.ID))
		}
	}
	if s.view.zoom*labelFont < smallestText {
		return
	}
	for i, e := range s.scene.Graph.Edges { // room for the labels of links
		if e.Label != "" {
			at := layout.Routes[i].LabelAt
			half := float64(fyne.MeasureText(e.Label, float32(labelFont), fyne.TextStyle{}).Width)/2 + 3
			b.dc.DrawRoundedRectangle(at.X-half, at.Y-7.5, 2*half, 15, 4)
			b.fill(faded(s.colors.get(look.ColorStage), 0.85))
		}
	}
}

// hasText says whether a kind's texts stand in the middle of its box, and how much
// of the box its shape takes left and right of them.
func textInset(k topology.Kind) (left, right float64) {
	switch k {
	case topology.Client, topology.Topic:
		return 38, 12
	case topology.Queue:
		return 14, 44
	case topology.Subscription:
		return 18, 12
	}
	return 12, 12
}
