package stage

import (
	"image/color"
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"asynclab/ui/control"
)

// Stage is a widget that shows one design and its messages. All its methods
// must be called on the goroutine of the user interface.
type Stage struct {
	widget.BaseWidget

	// Callbacks for actions of the person; each may be nil. An edge is an index
	// into Graph.Edges; the position of a menu is on the window's canvas.
	OnTapNode func(id string)
	OnTapEdge func(index int)
	OnTapDot  func(op uint64)
	OnMenu    func(e Element, position fyne.Position)
	OnPull    func(Pull) // nil: dragging pans, wherever it begins
	// OnTapNothing is called for a tap outside all elements, which usually
	// clears the selection.
	OnTapNothing func()

	scene    *control.Scene // given, or as it is drawn without details
	given    *control.Scene
	lane     control.Lane // a copy: the sender reuses its frames
	selected Element
	linksOf  string // the node from which the keys came to its links
	followed uint64
	workers  []int // of each node initially; nil before the first state
	view     view
	spots    []spot  // of each link, at this view
	placed   float64 // the zoom at which they were placed
	notes    []int   // twice the most lines that have stood behind the rate of each link, and 1 for what is wrong, on its line
	noting   []int   // and now
	taken    []taken // by the signs of nodes, then of links
	size     fyne.Size
	moved    bool // zoomed or panned by hand: a resize does not fit the picture then
	dragged  bool // a drag has begun
	pull     Pull // what it pulls; From is "": it pans
	ringed   bool // the ring is to be seen
	pointer  bool // the mouse is over an element that can be tapped

	colors colors
	ground ground
	fills  *layer
	names  *layer
	states *layer
	motion *motion
	note   *layer
	chart  *canvas.Raster    // the minimap
	ring   *canvas.Circle    // round the pointer
	tick   *canvas.Rectangle // refreshing it repaints the window and nothing else
}

// New makes an empty stage.
func New() *Stage {
	s := &Stage{view: view{zoom: 1}, tick: canvas.NewRectangle(color.Transparent)}
	for _, l := range []**layer{&s.fills, &s.names, &s.states, &s.note} {
		*l = newLayer(&s.colors)
	}
	s.motion = newMotion(&s.colors)
	s.chart = canvas.NewRaster(s.paintMini)
	s.chart.Hide()
	s.ground.init(s)
	s.Ring(false)
	s.ExtendBaseWidget(s)
	s.colors.of = s
	return s
}

// SetScene shows another design, at rest and fitted to the stage; nil empties
// the stage.
func (s *Stage) SetScene(scene *control.Scene) {
	s.scene, s.given = scene, scene
	s.lane, s.workers, s.notes = control.Lane{}, nil, nil
	s.selected, s.followed = Element{}, 0
	s.moved, s.placed = false, 0
	s.ground.scene(scene)
	s.Fit()
}

// Scene is the design that is shown; nil if none.
func (s *Stage) Scene() *control.Scene { return s.given }

// SetLane shows the present state: up to 60 times a second.
func (s *Stage) SetLane(l *control.Lane) {
	if s.scene == nil {
		return
	}
	links := s.ground.links(l.Links, l.Nodes)
	staffed := s.staffed(l.Nodes)
	same := slices.Equal(s.lane.Nodes, l.Nodes) && slices.Equal(s.lane.Links, l.Links) && slices.Equal(s.lane.Signs, l.Signs)
	s.lane.Nodes = append(s.lane.Nodes[:0], l.Nodes...)
	s.lane.Links = append(s.lane.Links[:0], l.Links...)
	s.lane.Dots = append(s.lane.Dots[:0], l.Dots...)
	s.lane.Sparks = append(s.lane.Sparks[:0], l.Sparks...)
	s.lane.Signs = append(s.lane.Signs[:0], l.Signs...)
	s.lane.Moving, s.lane.Phase = l.Moving, l.Phase
	if links {
		s.ground.redraw()
		s.placeMini()
	}
	moved := !same && s.noted()
	if moved {
		s.placed = 0
		s.placeLabels()
	}
	if staffed || moved {
		s.drawNames()
	}
	if !same {
		s.drawStates()
	}
	s.motion.draw(s)
	s.drawNote()
	canvas.Refresh(s.tick)
}

// Select highlights one element; the zero Element clears the selection.
func (s *Stage) Select(e Element) {
	if s.selected == e {
		return
	}
	s.selected = e
	s.ground.redraw()
	s.motion.draw(s)
	canvas.Refresh(s.tick)
}

// Selected is the element that is highlighted; the zero Element if none is.
func (s *Stage) Selected() Element { return s.selected }

// Follow puts rings round the messages of one operation and draws the others
// faint; 0 follows none.
func (s *Stage) Follow(op uint64) {
	if s.followed == op {
		return
	}
	s.followed = op
	s.motion.draw(s)
	canvas.Refresh(s.tick)
}

// ZoomIn enlarges the picture, around the middle of the stage.
func (s *Stage) ZoomIn() { s.zoom(step(s.fitted().zoom, s.view.zoom), s.middle()) }

// ZoomOut shrinks the picture, around the middle of the stage.
func (s *Stage) ZoomOut() {
	s.zoom(1/step(s.fitted().zoom, s.view.zoom*(1-1e-9)), s.middle())
}

// Fit shows the whole picture, and keeps doing so when the stage is resized.
func (s *Stage) Fit() {
	s.moved = false
	s.pick()
	s.look(s.fitted())
}

func (s *Stage) fitted() view {
	if s.scene == nil {
		return view{zoom: 1}
	}
	return fit(s.scene.Layout.W, s.scene.Layout.H, s.size)
}

func (s *Stage) middle() fyne.Position {
	return fyne.NewPos(s.size.Width/2, s.size.Height/2)
}

func (s *Stage) zoom(factor float64, at fyne.Position) {
	if s.scene == nil {
		return
	}
	s.moved = true
	v := s.enlarge(s.view.zoomed(factor, min(leastZoom, s.fitted().zoom), at), at)
	s.look(v.held(s.scene.Layout.W, s.scene.Layout.H, s.size))
}

// pan moves the picture by dx and dy pixels.
func (s *Stage) pan(dx, dy float32) {
	if s.scene == nil {
		return
	}
	s.moved = true
	v := s.view
	v.x, v.y = v.x+float64(dx), v.y+float64(dy)
	s.look(v.held(s.scene.Layout.W, s.scene.Layout.H, s.size))
}

// look changes the view and redraws everything.
func (s *Stage) look(v view) {
	s.view = v
	s.redraw()
}

func (s *Stage) redraw() {
	s.placeLabels()
	s.ground.redraw()
	s.placeMini()
	s.drawNames()
	s.drawStates()
	s.motion.draw(s)
	s.drawNote()
	canvas.Refresh(s.tick)
}

// CreateRenderer implements fyne.Widget.
func (s *Stage) CreateRenderer() fyne.WidgetRenderer {
	r := &renderer{s: s}
	r.objects = append(r.objects, s.ground.box, s.fills.box, s.names.box, s.states.box)
	r.objects = append(r.objects, s.motion.boxes()...)
	r.objects = append(r.objects, s.note.box, s.chart, s.ring, s.tick)
	return r
}

// MinSize is small, so that a stage yields space to its neighbours.
func (s *Stage) MinSize() fyne.Size {
	s.ExtendBaseWidget(s)
	return fyne.NewSize(160, 100)
}

type renderer struct {
	s       *Stage
	objects []fyne.CanvasObject
}

func (r *renderer) Destroy()                     {}
func (r *renderer) Objects() []fyne.CanvasObject { return r.objects }
func (r *renderer) MinSize() fyne.Size           { return fyne.NewSize(160, 100) }

func (r *renderer) Layout(size fyne.Size) {
	s := r.s
	if s.size == size {
		return
	}
	before := s.size
	s.size = size
	s.tick.Resize(fyne.NewSquareSize(1))
	switch {
	case s.scene == nil:
	case s.moved: // keep the point in the middle
		s.pan((size.Width-before.Width)/2, (size.Height-before.Height)/2)
		return
	default:
		s.pick()
		s.view = s.fitted()
	}
	s.redraw()
}

// Refresh reads colours and texts again: the theme or the language changed.
func (r *renderer) Refresh() {
	clear(r.s.colors.known)
	r.s.motion.repaint()
	r.s.placed = 0
	if !r.s.moved && r.s.scene != nil {
		r.s.pick()
		r.s.view = r.s.fitted()
	}
	r.s.redraw()
}

// free is the layout of a layer: the layer places its objects itself and needs
// no space.
type free struct{}

func (free) Layout([]fyne.CanvasObject, fyne.Size)       {}
func (free) MinSize(o []fyne.CanvasObject) (s fyne.Size) { return s }

func newBox() *fyne.Container { return container.New(free{}) }
