package stage

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"pgregory.net/rapid"

	"asynclab/sim/topology"
	"asynclab/ui/control"
)

func TestFitShowsAll(t *testing.T) {
	for _, size := range []fyne.Size{{Width: 600, Height: 300}, {Width: 1280, Height: 720}, {Width: 3840, Height: 2160}, {Width: 200, Height: 900}} {
		s := shown(t, scene(t, "order-flow", "broker"), size.Width, size.Height)
		for i, b := range s.scene.Layout.Boxes {
			low, high := s.view.place(topology.Point{X: b.X, Y: b.Y}), s.view.place(topology.Point{X: b.X + b.W, Y: b.Y + b.H})
			if low.X < 0 || low.Y < 0 || high.X > size.Width || high.Y > size.Height {
				t.Errorf("at %v node %d is at %v to %v", size, i, low, high)
			}
		}
	}
}

// However far in or out: what is under the pointer stays there.
func TestZoomKeepsThePointUnderThePointer(t *testing.T) {
	s := shown(t, scene(t, "order-flow", "chain"), 900, 500)
	rapid.Check(t, func(t *rapid.T) {
		s.Fit()
		b := s.scene.Layout.Boxes[rapid.IntRange(0, len(s.scene.Layout.Boxes)-1).Draw(t, "node")]
		p := s.view.place(topology.Point{X: b.X + b.W/2, Y: b.Y + b.H/2})
		for _, turn := range rapid.SliceOfN(rapid.Float32Range(-60, 60), 1, 12).Draw(t, "wheel") {
			before := s.view.under(p)
			s.Scrolled(&fyne.ScrollEvent{PointEvent: fyne.PointEvent{Position: p}, Scrolled: fyne.Delta{DY: turn}})
			after := s.view.under(p)
			if far := math.Hypot(after.X-before.X, after.Y-before.Y); far > 1e-3 {
				t.Fatalf("the point moved by %v", far)
			}
		}
		if s.view.zoom < leastZoom || s.view.zoom > mostZoom {
			t.Fatalf("zoom %v", s.view.zoom)
		}
	})
}

func TestResizeFitsUnlessZoomedByHand(t *testing.T) {
	s := shown(t, scene(t, "order-flow", "chain"), 900, 500)
	fitted := s.view
	s.Resize(fyne.NewSize(500, 300))
	if s.view == fitted || s.view.zoom >= fitted.zoom {
		t.Errorf("a smaller stage keeps zoom %v", s.view.zoom)
	}
	s.ZoomIn()
	zoomed, middle := s.view.zoom, s.view.under(s.middle())
	s.Resize(fyne.NewSize(900, 500))
	if s.view.zoom != zoomed {
		t.Errorf("a resize changed the zoom from %v to %v", zoomed, s.view.zoom)
	}
	if now := s.view.under(s.middle()); math.Hypot(now.X-middle.X, now.Y-middle.Y) > 0.01 {
		t.Errorf("the middle was %v and is %v", middle, now)
	}
	s.Fit()
	if s.view != fitted {
		t.Errorf("fit is %v; was %v", s.view, fitted)
	}
}

func TestNobodyLosesThePicture(t *testing.T) {
	s := shown(t, scene(t, "order-flow", "chain"), 900, 500)
	for _, d := range []fyne.Delta{{DX: 1e5}, {DX: -1e5}, {DY: 1e5}, {DY: -1e5}} {
		s.Fit()
		s.Dragged(&fyne.DragEvent{Dragged: d})
		s.DragEnd()
		left, top := s.view.x, s.view.y
		right, bottom := left+s.scene.Layout.W*s.view.zoom, top+s.scene.Layout.H*s.view.zoom
		if right < 40 || bottom < 40 || left > 860 || top > 460 {
			t.Errorf("dragged by %v the picture is at %v,%v to %v,%v", d, left, top, right, bottom)
		}
	}
}

func TestTaps(t *testing.T) {
	sc := scene(t, "order-flow", "broker")
	for _, zoom := range []float64{0.5, 1, 2.5} {
		s := shown(t, sc, 1000, 600)
		s.zoom(zoom, s.middle())
		var got Element
		s.OnTapNode = func(id string) { got = Node(id) }
		s.OnTapEdge = func(i int) { got = Edge(i) }
		s.OnTapDot = func(op uint64) { got = Dot(op) }
		s.OnTapNothing = func() { got = Element{} }
		tap := func(p topology.Point) Element {
			got = Dot(404)
			s.Tapped(&fyne.PointEvent{Position: s.view.place(p)})
			return got
		}
		for i, n := range sc.Graph.Nodes {
			b := sc.Layout.Boxes[i]
			p := topology.Point{X: b.X + b.W/2, Y: b.Y + b.H/2}
			if s.ground.frames[i] {
				p = topology.Point{X: b.X + 4, Y: b.Y + 4} // the middle is of its parts
			}
			if e := tap(p); e != Node(n.ID) {
				t.Errorf("zoom %v: at %s there is %v", zoom, n.ID, e)
			}
		}
		for i, r := range sc.Layout.Routes {
			if e := tap(r.At(0.5)); e != Edge(i) {
				t.Errorf("zoom %v: in the middle of link %d there is %v", zoom, i, e)
			}
		}
		if e := tap(topology.Point{X: 1, Y: 1}); e != (Element{}) {
			t.Errorf("zoom %v: in the corner there is %v", zoom, e)
		}
		s.SetLane(&control.Lane{Dots: []control.Dot{{Op: 7, Edge: 0, T: 0.5}, {Op: 8, Edge: 0, T: 0.9}}})
		if e := tap(sc.Layout.Routes[0].At(0.5)); e != Dot(7) {
			t.Errorf("zoom %v: where message 7 is, there is %v", zoom, e)
		}
	}
}

func TestMenuAndCursor(t *testing.T) {
	s := shown(t, scene(t, "order-flow", "chain"), 900, 500)
	b := s.scene.Layout.Boxes[1]
	p := s.view.place(topology.Point{X: b.X + 5, Y: b.Y + 5})
	var got Element
	var at fyne.Position
	s.OnMenu = func(e Element, p fyne.Position) { got, at = e, p }
	s.TappedSecondary(&fyne.PointEvent{Position: p, AbsolutePosition: p.AddXY(100, 50)})
	if got != Node(s.scene.Graph.Nodes[1].ID) || at != p.AddXY(100, 50) {
		t.Errorf("the menu is for %v at %v", got, at)
	}
	s.MouseIn(&desktop.MouseEvent{PointEvent: fyne.PointEvent{Position: p}})
	if s.Cursor() != desktop.PointerCursor {
		t.Error("no hand over a node")
	}
	s.MouseMoved(&desktop.MouseEvent{PointEvent: fyne.PointEvent{Position: fyne.NewPos(1, 1)}})
	if s.Cursor() != desktop.DefaultCursor {
		t.Error("a hand over nothing")
	}
}

func TestSelectionIsDrawn(t *testing.T) {
	s := shown(t, scene(t, "order-flow", "chain"), 900, 500)
	c := fyne.CurrentApp().Driver().CanvasForObject(s)
	plain := c.Capture()
	b := s.scene.Layout.Boxes[1]
	p := s.view.place(topology.Point{X: b.X + b.W/2, Y: b.Y - 4})
	s.Select(Node(s.scene.Graph.Nodes[1].ID))
	if c.Capture().At(int(p.X), int(p.Y)) == plain.At(int(p.X), int(p.Y)) {
		t.Error("a selected node looks like any other")
	}
	s.Select(Element{})
	if c.Capture().At(int(p.X), int(p.Y)) != plain.At(int(p.X), int(p.Y)) {
		t.Error("the selection stays")
	}
}

// In a design of 200 services names come within five steps of zoom, in a small window and in
// a large one, and a step back leads to where it came from.
func TestNamesOfManyComeSoon(t *testing.T) {
	g := topology.Graph{Nodes: []topology.Node{{ID: "users", Kind: topology.Client}}}
	for i := range 200 {
		id := fmt.Sprint("service-", i)
		g.Nodes = append(g.Nodes, topology.Node{ID: id, Kind: topology.Service})
		g.Edges = append(g.Edges, topology.Edge{From: g.Nodes[i*2/5].ID, To: id})
	}
	for _, size := range []fyne.Size{{Width: 852, Height: 345}, {Width: 1490, Height: 700}} {
		s := shown(t, arranged(t, g), size.Width, size.Height)
		if n := len(texts(s.names)); n > 0 {
			t.Fatalf("%v: %d names at once", size, n)
		}
		whole := s.view.zoom
		s.ZoomOut()
		if s.view.zoom > whole {
			t.Errorf("%v: zooming out leads from %v to %v", size, whole, s.view.zoom)
		}
		s.Fit()
		for range nameSteps {
			s.ZoomIn()
		}
		names := 0
		for name := range texts(s.names) {
			if strings.HasPrefix(name, "service-") && !strings.HasSuffix(name, "…") {
				names++
			}
		}
		if names < 100 {
			t.Errorf("%v: %d names at zoom %v, from %v", size, names, s.view.zoom, whole)
		}
		for range nameSteps {
			s.ZoomOut()
		}
		if math.Abs(s.view.zoom/whole-1) > 1e-6 {
			t.Errorf("%v: back at zoom %v, not %v", size, s.view.zoom, whole)
		}
	}
}
