package stage

import (
	"math"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/test"

	"asynclab/sim/record"
	"asynclab/sim/topology"
	"asynclab/ui/control"
	"asynclab/ui/locale"
	"asynclab/ui/palette"
)

// objects counts what a stage is made of: everything below it, shown or pooled.
func objects(s *Stage) int {
	n := len(s.ground.runs) + len(s.motion.ring)
	for _, l := range []*layer{s.fills, s.names, s.states, s.note, s.motion.sparks} {
		n += len(l.rects) + len(l.texts)
		for _, m := range l.marks {
			n += len(m)
		}
	}
	for _, k := range s.motion.kinds {
		n += len(k.all)
	}
	return n
}

func texts(l *layer) map[string]bool {
	out := map[string]bool{}
	for _, o := range l.box.Objects {
		if t, ok := o.(*canvas.Text); ok {
			out[t.Text] = true
		}
	}
	return out
}

func TestEveryNodeAndLinkIsNamed(t *testing.T) {
	s := shown(t, scene(t, "order-flow", "broker"), 1000, 500)
	said := texts(s.names)
	for _, n := range s.scene.Graph.Nodes {
		if !said[n.Title()] {
			t.Errorf("%s is not named", n.ID)
		}
	}
	for _, e := range s.scene.Graph.Edges {
		if e.Label != "" && !said[e.Label] {
			t.Errorf("the link %s → %s is not named", e.From, e.To)
		}
	}
}

func TestStatesAreSaid(t *testing.T) {
	s := shown(t, arranged(t, topology.Graph{
		Nodes: []topology.Node{
			{ID: "users", Kind: topology.Client}, {ID: "shop", Kind: topology.Service},
			{ID: "bus", Kind: topology.Broker}, {ID: "bus/jobs", Kind: topology.Queue, Parent: "bus"},
		},
		Edges: []topology.Edge{{From: "users", To: "shop"}, {From: "shop", To: "bus/jobs", Kind: topology.Send}},
	}), 900, 400)
	s.SetLane(&control.Lane{
		Nodes: []control.NodeState{
			{Open: 12345},
			{Health: control.Partly, Ills: 1<<control.Partly | 1<<control.Slow, Workers: 8, Busy: 6, Blocked: 2, Waiting: 7, Room: 50},
			{Health: control.Down, Ills: 1 << control.Down},
			{Waiting: 30, Room: 30, Unacked: 4},
		},
		Links: []control.LinkState{{Loss: 0.015}, {Cut: true}},
	})
	said := texts(s.states)
	for _, want := range []string{"12k open", "7 waiting", "partly down", "slow", "down", "30", "full · 4 unacked", "1.5% lost"} {
		if !said[want] {
			t.Errorf("%q is not said, but %v", want, said)
		}
	}
	cells := map[any]int{}
	for _, o := range s.states.box.Objects {
		if r, ok := o.(*canvas.Rectangle); ok && r.Size().Height < 6*float32(s.view.zoom) {
			cells[r.FillColor]++
		}
	}
	// The colours of bars may be those of cells: the trough of the waiting room is one.
	for name, want := range map[fyne.ThemeColorName]int{palette.ColorBusy: 4, palette.ColorBlocked: 2, palette.ColorIdle: 2 + 1} {
		if got := cells[s.colors.get(name)]; got != want {
			t.Errorf("%d cells of %s; want %d", got, name, want)
		}
	}
	if !s.ground.cut[1] {
		t.Error("the cut link is not drawn cut")
	}
}

func TestFullness(t *testing.T) {
	for _, c := range []struct {
		waiting, room int
		want          float64
	}{{0, 10, 0}, {5, 10, 0.5}, {10, 10, 1}, {12, 10, 1}, {100, -1, 0.5}, {0, -1, 0}, {900, -1, 0.9}} {
		if got := full(control.NodeState{Waiting: c.waiting, Room: c.room}); math.Abs(got-c.want) > 1e-9 {
			t.Errorf("%d of %d: %v; want %v", c.waiting, c.room, got, c.want)
		}
	}
}

func TestCountsAreShort(t *testing.T) {
	for n, want := range map[int]string{0: "0", 999: "999", 1000: "1.0k", 1999: "1.9k", 10_000: "10k", 999_999: "999k", 1_250_000: "1.2M", 40_000_000: "40M"} {
		if got := count(n); got != want {
			t.Errorf("%d is written %s; want %s", n, got, want)
		}
	}
}

func TestThinningIsSaid(t *testing.T) {
	s := shown(t, scene(t, "order-flow", "chain"), 800, 400)
	for _, c := range []struct {
		dots, moving int
		want         string
	}{
		{10, 10, ""}, {0, 0, ""}, {10, 12, "83% of the messages shown"}, {10, 20, "1 of 2 messages shown"},
		{10, 50, "1 of 5 messages shown"}, {1000, 4600, "1 of 5 messages shown"},
	} {
		l := sample(s.scene, c.dots)
		l.Moving = c.moving
		s.SetLane(l)
		said := texts(s.note)
		if c.want == "" && len(said) > 0 || c.want != "" && !said[c.want] {
			t.Errorf("%d of %d: says %v; want %q", c.dots, c.moving, said, c.want)
		}
	}
}

func TestPoolsDoNotGrow(t *testing.T) {
	s := shown(t, scene(t, "order-flow", "broker"), 1000, 500)
	l := sample(s.scene, 300)
	frame := func(i int) {
		for k := range l.Dots {
			l.Dots[k].T = float32((k*31+i*7)%1000) / 1000
			l.Dots[k].Mark = messageMark(k + i/50)
		}
		l.Nodes[1].Waiting = i % 100
		l.Sparks[0].Age = float32(i%60) / 60
		s.SetLane(l)
	}
	for i := range 500 { // every mix of kinds and states comes within 450
		frame(i)
	}
	before := objects(s)
	for i := range 10_000 {
		frame(i)
	}
	if after := objects(s); after != before {
		t.Errorf("%d objects after 500 frames, %d after 10,500", before, after)
	}
	shownDots := 0
	for _, k := range s.motion.kinds {
		shownDots += len(k.box.Objects)
	}
	if shownDots != len(l.Dots) {
		t.Errorf("%d dots are shown; want %d", shownDots, len(l.Dots))
	}
}

func TestDotsGoAlongTheirLinks(t *testing.T) {
	s := shown(t, scene(t, "order-flow", "chain"), 800, 400)
	r := s.scene.Layout.Routes[0]
	for _, at := range []float32{0, 0.25, 0.5, 1} {
		l := &control.Lane{Dots: []control.Dot{{Op: 1, T: at, Mark: record.MarkRequest}, {Op: 1, T: at, Mark: record.MarkReply}}, Moving: 2}
		s.SetLane(l)
		var places []fyne.Position
		for _, k := range []record.Mark{record.MarkRequest, record.MarkReply} {
			o := s.motion.kinds[k].box.Objects[0]
			places = append(places, o.Position().AddXY(o.Size().Width/2, o.Size().Height/2))
		}
		middle := s.view.place(r.At(float64(at)))
		if far := distanceOf(places[0], middle); far > 8 {
			t.Errorf("at %v a request is %.1f pixels from its link", at, far)
		}
		if far := distanceOf(places[0], places[1]); far < 4 {
			t.Errorf("at %v a reply runs over the request", at)
		}
	}
}

func distanceOf(a, b fyne.Position) float64 { return math.Hypot(float64(a.X-b.X), float64(a.Y-b.Y)) }

func TestFollowedStandOut(t *testing.T) {
	s := shown(t, scene(t, "order-flow", "chain"), 800, 400)
	l := sample(s.scene, 30)
	s.SetLane(l)
	s.Follow(l.Dots[0].Op)
	if got := len(s.motion.rings.Objects); got != 3 {
		t.Errorf("%d rings; the operation has 3 messages", got)
	}
	faint := 0
	for _, k := range s.motion.kinds {
		for _, d := range k.all[:k.used] {
			if d.faint {
				faint++
			}
		}
	}
	if faint != 27 {
		t.Errorf("%d messages stand back; want 27", faint)
	}
	s.Follow(0)
	if len(s.motion.rings.Objects) != 0 {
		t.Error("rings stay when nothing is followed")
	}
}

func TestThemeAndLanguageChange(t *testing.T) {
	s := shown(t, scene(t, "order-flow", "chain"), 800, 400)
	l := sample(s.scene, 9)
	l.Nodes[1].Health = control.Down
	s.SetLane(l)
	request := func() any { return s.motion.kinds[record.MarkRequest].all[0].o.(*canvas.Circle).FillColor }
	light := request()
	fyne.CurrentApp().Settings().SetTheme(palette.NewTheme(palette.Dark))
	s.Refresh()
	if request() == light {
		t.Error("messages keep the light colour in the dark theme")
	}
	t.Cleanup(func() { locale.Use("en") })
	locale.Use("zh-Hans")
	s.Refresh()
	if said := texts(s.states); !said[locale.T("health.down")] || said["down"] {
		t.Errorf("the badge does not speak Chinese: %v", said)
	}
}

func TestEmptyStage(t *testing.T) {
	s := shown(t, nil, 300, 200)
	s.SetLane(&control.Lane{Dots: make([]control.Dot, 3)})
	s.ZoomIn()
	s.Fit()
	test.Tap(s)
	if e := s.At(fyne.NewPos(10, 10)); e != (Element{}) {
		t.Errorf("there is %v on an empty stage", e)
	}
	s.SetScene(scene(t, "order-flow", "chain"))
	s.SetScene(nil)
	if n := len(s.names.box.Objects) + len(s.ground.box.Objects); n != 0 {
		t.Errorf("%d objects of the scene before are left", n)
	}
}

// A lane that does not fit the scene (one of the design before) must not break it.
func TestForeignLane(t *testing.T) {
	s := shown(t, scene(t, "order-flow", "chain"), 800, 400)
	s.SetLane(sample(scene(t, "order-flow", "broker"), 100))
	s.SetLane(&control.Lane{
		Dots:   []control.Dot{{Edge: -1, Op: 1}, {Edge: 999, Op: 2}, {Mark: 99}},
		Sparks: []control.Spark{{Edge: -1, Node: -1}, {Edge: 999, Node: 999}},
	})
	for k, p := range s.motion.kinds {
		if len(p.box.Objects) != 0 {
			t.Errorf("a dot of kind %d is drawn nowhere", k)
		}
	}
}

func BenchmarkSetLane(b *testing.B) {
	s := shown(b, scene(b, "order-flow", "broker"), 1280, 500)
	l := sample(s.scene, 1000)
	i := 0
	b.ReportAllocs()
	for b.Loop() {
		i++
		for k := range l.Dots {
			l.Dots[k].T = float32((k*31+i*7)%1000) / 1000
		}
		l.Nodes[1].Waiting = i % 100
		s.SetLane(l)
	}
}

// BenchmarkPan is a frame in which everything is drawn anew.
func BenchmarkPan(b *testing.B) {
	s := shown(b, scene(b, "order-flow", "broker"), 1280, 500)
	s.SetLane(sample(s.scene, 100))
	i := 0
	for b.Loop() {
		i++
		s.pan(float32(i%3-1), 0)
		for _, o := range s.ground.box.Objects {
			r := o.(*canvas.Raster)
			r.Generator(int(r.Size().Width), int(r.Size().Height))
		}
	}
}

func TestSparksFade(t *testing.T) {
	s := shown(t, scene(t, "order-flow", "chain"), 800, 400)
	alpha := func(age float32) uint32 {
		s.SetLane(&control.Lane{Sparks: []control.Spark{{Edge: 0, Node: -1, T: 0.5, Age: age, Mark: record.MarkLost}}})
		_, _, _, a := s.motion.sparks.box.Objects[0].(*canvas.ArbitraryPolygon).FillColor.RGBA()
		return a
	}
	young, middle, gone := alpha(0), alpha(0.6), alpha(1)
	if young != 0xffff || middle >= young || middle == 0 || gone != 0 {
		t.Errorf("opacity is %d, %d, %d", young, middle, gone)
	}
}
