package stage

import (
	"image"
	"image/color"
	"image/draw"
	"math"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"git.sr.ht/~sbinet/gg"

	"asynclab/sim/topology"
	"asynclab/ui/control"
	"asynclab/ui/palette"
)

// ground is the layer under the motion: frames, links and the outlines of
// nodes. Lines made of canvas objects would take one draw call per dash, with
// their ends on whole pixels; so the ground is an image. Painting pixels is the
// main cost without a graphics card, and most of a picture is empty: only
// non-empty cells of the image are shown, each strip of adjacent cells in a row
// by one call. It is redrawn when the view, a selection or the state of a link
// changes.
type ground struct {
	s      *Stage
	box    *fyne.Container
	runs   []*run
	cells  grid
	image  *image.RGBA // all of the stage in device pixels
	device float64     // device pixels of image per pixel of the stage
	stale  bool

	at     map[string]int // nodes by ID
	frames []bool         // of brokers with visible content, by node
	health []control.Health
	cut    []control.Cuts
	widths []float64 // of links, by their rate of messages
}

func (g *ground) init(s *Stage) {
	g.s = s
	g.box = newBox()
}

// run is a strip of adjacent cells in a row.
type run struct {
	raster *canvas.Raster
	image  *image.RGBA
	fresh  bool
}

// scene drops the state of the links of the previous scene.
func (g *ground) scene(scene *control.Scene) {
	g.at, g.frames, g.health, g.cut, g.widths = nil, nil, nil, nil, nil
	if scene == nil {
		return
	}
	nodes, edges := scene.Graph.Nodes, scene.Graph.Edges
	g.at = make(map[string]int, len(nodes))
	g.frames, g.health = make([]bool, len(nodes)), make([]control.Health, len(nodes))
	g.cut, g.widths = make([]control.Cuts, len(edges)), make([]float64, len(edges))
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

// width is the width of a link by its messages a second: half a pixel more for
// each factor of ten.
func width(rate float64) float64 {
	return min(thinnest+0.6*math.Log10(1+max(rate, 0)/10), thickest)
}

// links takes the state of links and the health of nodes, and reports whether
// the picture has changed. Small changes of a width are ignored, because rates
// always change.
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

// redraw finds the non-empty cells; their images are made when they are shown
// next.
func (g *ground) redraw() {
	g.stale = true
	g.box.Objects = g.box.Objects[:0]
	if g.s.scene == nil || g.s.size.Width < 1 || g.s.size.Height < 1 {
		return
	}
	g.cells.reset(g.s.size, g.scale())
	g.mark()
	n := 0
	for y := range g.cells.rows {
		for x := 0; x < g.cells.columns; x++ {
			from := x
			for x < g.cells.columns && g.cells.used[y*g.cells.columns+x] {
				x++
			}
			if x > from {
				g.show(n, from, y, x-from)
				n++
			}
		}
	}
}

// scale is device pixels per pixel of the stage, as far as known.
func (g *ground) scale() float64 {
	if c := fyne.CurrentApp().Driver().CanvasForObject(g.s); c != nil {
		return float64(c.Scale())
	}
	return 1
}

// show places the n-th strip over that many cells.
func (g *ground) show(n, x, y, cells int) {
	if n == len(g.runs) {
		r := &run{raster: &canvas.Raster{ScaleMode: canvas.ImageScalePixels}}
		r.raster.Generator = func(w, h int) image.Image { return g.paint(r, w, h) }
		g.runs = append(g.runs, r)
	}
	r, side := g.runs[n], float32(g.cells.side)
	r.fresh = false
	r.raster.Resize(fyne.NewSize(float32(cells)*side, side))
	r.raster.Move(fyne.NewPos(float32(x)*side, float32(y)*side))
	canvas.Refresh(r.raster)
	g.box.Objects = append(g.box.Objects, r.raster)
}

// mark marks the cells that are drawn in.
func (g *ground) mark() {
	s, z := g.s, g.s.view.zoom
	around := func(p topology.Point, w, h float64) {
		at := s.view.place(p)
		g.cells.mark(float64(at.X), float64(at.Y), w*z, h*z)
	}
	for _, b := range s.scene.Layout.Boxes {
		around(topology.Point{X: b.X - 6, Y: b.Y - 6}, b.W+12, b.H+12)
	}
	const wide = 9.0 // half the width of a link, including head and selection
	for _, r := range s.scene.Layout.Routes {
		steps := math.Ceil(r.Length() * z / g.cells.side * 2)
		for i := range int(steps) + 1 {
			p := r.At(float64(i) / max(steps, 1))
			around(topology.Point{X: p.X - wide, Y: p.Y - wide}, 2*wide, 2*wide)
		}
	}
}

// paint makes the image of a strip in device pixels.
func (g *ground) paint(r *run, w, h int) image.Image {
	if w == 0 || h == 0 {
		return image.NewRGBA(image.Rect(0, 0, w, h))
	}
	size := r.raster.Size()
	device := float64(w) / float64(size.Width)
	if g.stale || math.Abs(device-g.device) > 0.02 {
		g.paintAll(device)
	}
	if r.image == nil || r.image.Rect.Dx() != w || r.image.Rect.Dy() != h {
		r.image, r.fresh = image.NewRGBA(image.Rect(0, 0, w, h)), false
	}
	if !r.fresh {
		at := r.raster.Position()
		from := image.Pt(int(math.Round(float64(at.X)*device)), int(math.Round(float64(at.Y)*device)))
		draw.Draw(r.image, r.image.Rect, g.image, from, draw.Src)
		r.fresh = true
	}
	return r.image
}

func (g *ground) paintAll(device float64) {
	s := g.s
	g.stale, g.device = false, device
	bounds := image.Rect(0, 0, int(math.Ceil(g.cells.side*float64(g.cells.columns)*device)), int(math.Ceil(g.cells.side*float64(g.cells.rows)*device)))
	if g.image == nil || g.image.Rect != bounds {
		g.image = image.NewRGBA(bounds)
	} else {
		clear(g.image.Pix)
	}
	for _, r := range g.runs {
		r.fresh = false
	}
	dc := gg.NewContextForRGBA(g.image)
	dc.Scale(device, device)
	dc.Translate(s.view.x, s.view.y)
	dc.Scale(s.view.zoom, s.view.zoom)
	brush{dc: dc, colors: &s.colors, unit: device * s.view.zoom}.draw(g, s)
}

func (b brush) draw(g *ground, s *Stage) {
	nodes, layout := s.scene.Graph.Nodes, s.scene.Layout
	for i, n := range nodes {
		if g.frames[i] {
			b.node(n.Kind, layout.Boxes[i], g.health[i], s.selected == Node(n.ID), s.hasDetails(), false)
		}
	}
	for i, e := range s.scene.Graph.Edges {
		b.link(e, layout.Routes[i], g.cut[i], g.widths[i], s.selected == Edge(i))
	}
	for i, n := range nodes {
		if !g.frames[i] {
			b.node(n.Kind, layout.Boxes[i], g.health[i], s.selected == Node(n.ID), s.hasDetails(), s.isGroup(i))
		}
	}
	if !s.hasLabels() {
		return
	}
	for i, e := range s.scene.Graph.Edges { // reserve space for the labels of links
		if e.Label == "" || s.spots[i].bare {
			continue
		}
		at := s.spots[i].label
		half := s.labelWidth(e.Label)/2 + 3
		var behind color.Color = color.Transparent
		if f := s.nodeAt(at, true); f >= 0 {
			fill, _ := palette.Node(nodes[f].Kind)
			behind = b.colors.get(fill)
		}
		b.clear(at.X-half, at.Y-7.5, 2*half, 15, behind)
	}
}

// textInset is the horizontal inset of text in a kind's shape, left and right.
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
