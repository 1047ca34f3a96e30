package stage

import (
	"math"
	"slices"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/test"

	"asynclab/sim/engine"
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
			{Health: control.Partly, Ills: 1<<control.Partly | 1<<control.Slow, Sick: control.Sick{control.Partly: 1, control.Slow: 2, 7: 4}, Workers: 8, Busy: 6, Blocked: 2, Waiting: 7, Room: 50},
			{Health: control.Down, Ills: 1 << control.Down},
			{Waiting: 30, Room: 30, Unacked: 4},
		},
		Links: []control.LinkState{{Loss: 0.015}, {Cut: control.CutThere | control.CutBack}},
	})
	said := texts(s.states)
	for _, want := range []string{"12,345 accepted", "7 waiting", "1 of 4 down", "2 of 4 slow", "down", "full: 30 waiting", "4 handed out", "1.5% lost"} {
		if !said[want] {
			t.Errorf("%q is not said, but %v", want, said)
		}
	}
	cells := map[any]int{}
	for _, o := range s.states.box.Objects {
		if r, ok := o.(*canvas.Rectangle); ok && r.Size().Height <= 8*float32(s.view.zoom) {
			cells[r.FillColor]++
		}
	}
	// The colours of bars may be those of cells: the trough of the waiting room is one.
	for name, want := range map[fyne.ThemeColorName]int{palette.ColorBusy: 4, palette.ColorBlocked: 2, palette.ColorIdle: 2 + 1} {
		if got := cells[s.colors.get(name)]; got != want {
			t.Errorf("%d cells of %s; want %d", got, name, want)
		}
	}
	if s.ground.cut[1] == control.Whole {
		t.Error("the cut link is not drawn cut")
	}
}

func TestFullness(t *testing.T) {
	for _, c := range []struct {
		waiting, room int
		want          float64
	}{{0, 10, 0}, {5, 10, 0.3}, {10, 10, 1}, {12, 10, 1}, {12, -1, 0.3}, {120, -1, 0.54}, {1200, -1, 0.78}, {12_000, -1, 1}, {40, 50, 0.891}, {0, -1, 0}} {
		if got := full(control.NodeState{Waiting: c.waiting, Room: c.room}); math.Abs(got-c.want) > 2e-3 {
			t.Errorf("%d of %d: %v; want %v", c.waiting, c.room, got, c.want)
		}
	}
}

func TestCountsAreShort(t *testing.T) {
	for n, want := range map[int]string{0: "0", 999: "999", 1000: "1,000", 1999: "1,999", 10_000: "10,000", 999_999: "999,999", 1_250_000: "1.2M", 40_000_000: "40M"} {
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
	l.Nodes[1].Health, l.Nodes[1].Ills = control.Down, 1<<control.Down
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

// lineOf is a stage with one service and one queue with so much waiting.
func lineOf(t *testing.T, waiting, room int) (*Stage, map[string]bool) {
	s := shown(t, arranged(t, topology.Graph{Nodes: []topology.Node{{ID: "shop", Kind: topology.Service}, {ID: "bus", Kind: topology.Broker}, {ID: "bus/jobs", Kind: topology.Queue, Parent: "bus"}}}), 900, 400)
	st := control.NodeState{Workers: 2, Waiting: waiting, Room: room}
	s.SetLane(&control.Lane{Nodes: []control.NodeState{st, {}, st}})
	return s, texts(s.states)
}

// A line of waiting is seen: the first dozen one by one, people before a service
// and envelopes in a queue; more as a bar that grows by tenfolds; and the number as
// large as the name.
func TestLinesAreSeen(t *testing.T) {
	longest := float32(0)
	for _, c := range []struct {
		waiting int
		said    string
		tokens  int
	}{{0, "", 0}, {5, "5 waiting", 5}, {119, "119 waiting", 12}, {532, "532 waiting", 12}, {1600, "1,600 waiting", 12}} {
		s, said := lineOf(t, c.waiting, 10_000)
		if c.said != "" && !said[c.said] {
			t.Errorf("%q is not said, but %v", c.said, said)
		}
		discs, envelopes := s.states.usedMarks[palette.Mark{Shape: palette.Disc, Color: palette.ColorWaiting}], s.states.usedMarks[palette.Mark{Shape: palette.Envelope, Color: palette.ColorWaiting}]
		if discs != c.tokens || envelopes != c.tokens {
			t.Errorf("of %d, %d people and %d envelopes are seen, not %d", c.waiting, discs, envelopes, c.tokens)
		}
		bar := float32(0)
		for _, o := range s.states.box.Objects {
			if r, ok := o.(*canvas.Rectangle); ok && r.FillColor == s.colors.get(palette.ColorWaiting) {
				bar = max(bar, r.Size().Width)
			}
			if x, ok := o.(*canvas.Text); ok && x.Text == c.said && x.TextSize < float32(titleFont*s.view.zoom) {
				t.Errorf("%q is %v high, less than a name", x.Text, x.TextSize)
			}
		}
		if c.waiting > standing && bar < longest+5 {
			t.Errorf("the bar of %d is %v long, the one before %v", c.waiting, bar, longest)
		}
		longest = bar
	}
}

// Those whose callers have given up do not stand in the line: their number does beside it,
// struck. Who still waits keeps its kind.
func TestThoseWhoGaveUpAreNotInLine(t *testing.T) {
	for _, c := range []struct {
		waiting, gaveUp int
		gone            uint16
		tokens          int
	}{
		{5, 0, 0, 5}, {5, 2, 0b11, 3}, {5, 5, 0b11111, 0}, {100, 50, 0xfff, 12}, {100, 50, 0, 12}, {100, 99, 0xfff, 1}, {100, 1, 0b10, 12},
	} {
		s := shown(t, arranged(t, topology.Graph{Nodes: []topology.Node{{ID: "shop", Kind: topology.Service}}}), 900, 400)
		s.SetLane(&control.Lane{Nodes: []control.NodeState{{Workers: 1, Busy: 1, Waiting: c.waiting, GaveUp: c.gaveUp, Line: engine.Standing{Gone: c.gone}, Room: -1}}})
		hollow := s.states.usedMarks[palette.Mark{Shape: palette.Disc, Hollow: true, Color: palette.ColorMuted}]
		full := s.states.usedMarks[palette.Mark{Shape: palette.Disc, Color: palette.ColorWaiting}]
		if hollow != 0 || full != c.tokens {
			t.Errorf("%d of %d: %d hollow, %d full; want 0 and %d", c.gaveUp, c.waiting, hollow, full, c.tokens)
		}
		if strokes := s.states.usedLines; strokes != min(c.gaveUp, 1) {
			t.Errorf("%d of %d: %d strokes", c.gaveUp, c.waiting, strokes)
		}
		if said := texts(s.states)[locale.T("picture.gave-up", count(c.gaveUp))]; said != (c.gaveUp > 0) {
			t.Errorf("%d of %d: said %v", c.gaveUp, c.waiting, said)
		}
	}
	got := still(control.NodeState{Waiting: 6, GaveUp: 2, Line: engine.Standing{Gone: 0b101, Again: 0b011, Urgent: 0b110000}})
	if want := (engine.Standing{Again: 0b1, Urgent: 0b1100}); got.Waiting != 4 || got.Line != want {
		t.Errorf("%d wait, of kinds %b", got.Waiting, got.Line)
	}
}

// Any number of rejections at a door are one struck mark, which fades: beside the way back,
// off the line and its arrowhead, and outside of the node.
func TestRejectionsDoNotHeap(t *testing.T) {
	s := shown(t, scene(t, "order-flow", "chain"), 800, 400)
	r, b := s.scene.Layout.Routes[0], s.scene.Layout.Boxes[1]
	mark := palette.Of(record.MarkRejected)
	if mark.Shape == palette.Disc {
		t.Error("a rejection looks like who waits")
	}
	var l control.Lane
	for i := range 30 { // the oldest first
		age := float32(30-i) / 40
		l.Sparks = append(l.Sparks, control.Spark{Edge: 0, Node: -1, T: 1, Age: age, Mark: record.MarkRejected},
			control.Spark{Edge: -1, Node: 1, Age: age, Mark: record.MarkRejected})
	}
	s.SetLane(&l)
	if n := s.motion.sparks.usedMarks[mark]; n != 2 {
		t.Fatalf("30 rejections on a link and 30 on a node are %d marks", n)
	}
	half := float64(s.motion.sparks.box.Objects[0].Size().Width) / 2
	at, _ := s.sparkAt(l.Sparks[0])
	middle := s.view.place(at)
	for part := 0.0; part <= 1; part += 0.01 {
		if far := distanceOf(middle, s.view.place(r.At(part))); far < half {
			t.Errorf("it covers its link at %v: %.1f pixels, half of it is %.1f", part, far, half)
		}
	}
	if far := distanceOf(middle, s.view.place(r.At(1))); far < 10*s.view.zoom+half {
		t.Errorf("it covers the arrowhead: %.1f pixels", far)
	}
	if at, _ := s.sparkAt(l.Sparks[1]); at.X >= b.X || at.Y >= b.Y {
		t.Errorf("on a node it is at %v, in %v", at, b)
	}
	l.Sparks = l.Sparks[:1]
	l.Sparks[0].Age = 1
	s.SetLane(&l)
	if _, _, _, a := s.motion.sparks.box.Objects[0].(*canvas.ArbitraryPolygon).FillColor.RGBA(); a != 0 {
		t.Errorf("it does not fade: %d", a)
	}
}

// What is too fast for the eye is a flow: denser at a higher rate, which is written
// on it, and moving with time.
func TestFastIsFlow(t *testing.T) {
	s := shown(t, arranged(t, topology.Graph{
		Nodes: []topology.Node{{ID: "shop", Kind: topology.Service}, {ID: "bus", Kind: topology.Broker}, {ID: "bus/jobs", Kind: topology.Queue, Parent: "bus"}},
		Edges: []topology.Edge{{From: "shop", To: "bus/jobs", Kind: topology.Send}},
	}), 900, 400)
	dots := func(phase float64, l control.LinkState) []fyne.Position {
		s.SetLane(&control.Lane{Nodes: make([]control.NodeState, 3), Links: []control.LinkState{l}, Phase: phase})
		var at []fyne.Position
		for _, o := range s.motion.kinds[record.MarkEvent].box.Objects {
			at = append(at, o.Position())
		}
		return at
	}
	if n := len(dots(0, control.LinkState{Sent: 100})); n != 0 {
		t.Errorf("slow messages flow: %d", n)
	}
	few, many := dots(0, control.LinkState{Sent: 1, Flow: true}), dots(0, control.LinkState{Sent: 1000, Said: 1000, Flow: true})
	if len(few) == 0 || len(many) < 2*len(few) || !texts(s.states)["1,000/s"] {
		t.Errorf("%d marks at 1/s, %d at 1,000/s; it says %v", len(few), len(many), texts(s.states))
	}
	if later := dots(0.05, control.LinkState{Sent: 1, Flow: true}); later[0].X <= few[0].X {
		t.Errorf("the flow stands still at %v", later[0])
	}
}

// No text is smaller than can be read at the back of a hall; what does not fit is
// left out, a name is wrapped or cut.
func TestTextHasAFloor(t *testing.T) {
	for _, w := range []float32{1200, 600, 300, 150} {
		s := shown(t, scene(t, "order-flow", "broker"), w, w/2)
		s.SetLane(sample(s.scene, 12))
		for _, l := range []*layer{s.names, s.states} {
			for _, o := range l.box.Objects {
				if x, ok := o.(*canvas.Text); ok && x.TextSize < textFloor {
					t.Errorf("at a width of %v, %q is %v high", w, x.Text, x.TextSize)
				}
			}
		}
	}
	if got := wrapped("payment-service", 80, 14, true); len(got) != 2 || got[0] != "payment-" {
		t.Errorf("a long name is wrapped as %q", got)
	}
}

// Any number of failures at a node are one triangle: a heap of them looks like something else.
func TestFailuresDoNotHeap(t *testing.T) {
	s := shown(t, scene(t, "order-flow", "chain"), 800, 400)
	var l control.Lane
	for i := range 30 { // the oldest first
		l.Sparks = append(l.Sparks, control.Spark{Edge: -1, Node: 1, Age: float32(30-i) / 40, Mark: record.MarkFailed})
	}
	s.SetLane(&l)
	if n := s.motion.sparks.usedMarks[palette.Of(record.MarkFailed)]; n != 1 {
		t.Fatalf("30 failures are %d marks", n)
	}
	first := s.motion.sparks.box.Objects[0].Position()
	l.Sparks = l.Sparks[29:]
	l.Sparks[0].Age = 0.9
	s.SetLane(&l)
	if at := s.motion.sparks.box.Objects[0].Position(); at != first {
		t.Errorf("it moves from %v to %v", first, at)
	}
}

// What is said about a node of the last column does not leave the picture.
func TestNumbersStayInside(t *testing.T) {
	s := shown(t, scene(t, "order-flow", "chain"), 800, 400)
	l := control.Lane{Nodes: make([]control.NodeState, len(s.scene.Graph.Nodes))}
	for i := range l.Nodes {
		l.Nodes[i] = control.NodeState{Waiting: 4_420, GaveUp: 1_042, Workers: 5, Busy: 5, Open: 4_420, Failed: 12_345}
	}
	s.SetLane(&l)
	n := 0
	for _, o := range s.states.box.Objects {
		if x, ok := o.(*canvas.Text); ok && x.Visible() && x.Text != "" {
			n++
			if left, right := ends(x); left < 0 || right > s.size.Width {
				t.Errorf("%q is from %v to %v of %v", x.Text, left, right, s.size.Width)
			}
		}
	}
	if n < 6 {
		t.Errorf("only %d texts", n)
	}
}

// What stands behind the rate of a link, a loss and a sign, does not lie on another link
// where there is another place.
func TestNotesOfLinksStandFree(t *testing.T) {
	sc := scene(t, "payments", "bare")
	s := shown(t, sc, 852, 345)
	l := control.Lane{Nodes: make([]control.NodeState, len(sc.Graph.Nodes)), Links: make([]control.LinkState, len(sc.Graph.Edges))}
	lossy := -1
	for i, e := range sc.Graph.Edges {
		l.Links[i] = control.LinkState{Flow: true, Said: 21, Sent: 21, Rate: 40}
		if e.From == "shop" && e.To == "bank" {
			lossy = i
			l.Links[i].Loss = 0.02
		}
	}
	s.SetLane(&l)
	if s.notes[lossy] != 1 {
		t.Fatalf("notes: %v", s.notes)
	}
	high := s.lineHeight() / 2
	if n := s.lies(s.column(s.spots[lossy], lossy, high), lossy); n > 1 {
		t.Errorf("rate and loss of %v lie on %v others, at %v", sc.Graph.Edges[lossy], n, s.spots[lossy])
	}
}

// No two equal labels stand on each other, and a link passes under a label, not through it.
func TestEqualLabelsDoNotStack(t *testing.T) {
	s := shown(t, scene(t, "two-phase-commit", "two-phase"), 852, 345)
	seen, high := 0, s.lineHeight()/2
	for i, e := range s.scene.Graph.Edges {
		if s.spots[i].bare || e.Label == "" {
			continue
		}
		seen++
		for k, o := range s.scene.Graph.Edges[:i] {
			if o.Label == e.Label && !s.spots[k].bare && math.Abs(s.spots[i].label.Y-s.spots[k].label.Y) < 3*high &&
				math.Abs(s.spots[i].label.X-s.spots[k].label.X) < s.labelWidth(e.Label) {
				t.Errorf("%q stands at %v and at %v", e.Label, s.spots[i].label, s.spots[k].label)
			}
		}
	}
	plates := 0
	for _, o := range s.names.box.Objects {
		if _, ok := o.(*canvas.Rectangle); ok {
			plates++
		}
	}
	if seen < 3 || plates != seen {
		t.Errorf("%d labels on %d plates", seen, plates)
	}
}

// What is handed out and not confirmed stands hollow at the head of its queue; a pipe is as
// full as its limit says.
func TestHandedOutIsSeen(t *testing.T) {
	s := shown(t, scene(t, "order-flow", "broker"), 900, 500)
	l := control.Lane{Nodes: make([]control.NodeState, len(s.scene.Graph.Nodes))}
	at := slices.IndexFunc(s.scene.Graph.Nodes, func(n topology.Node) bool { return n.Kind == topology.Queue })
	for _, c := range []struct{ waiting, unacked, room, full, hollow int }{{0, 3, 0, 0, 3}, {2, 1, 0, 2, 1}, {100, 0, 100_000, 12, 0}} {
		l.Nodes[at] = control.NodeState{Waiting: c.waiting, Unacked: c.unacked, Room: c.room}
		s.SetLane(&l)
		hollow := s.states.usedMarks[palette.Mark{Shape: palette.Envelope, Hollow: true, Color: palette.ColorMuted}]
		full := s.states.usedMarks[palette.Mark{Shape: palette.Envelope, Color: palette.ColorWaiting}]
		if full != c.full || hollow != c.hollow {
			t.Errorf("%+v: %d full, %d hollow", c, full, hollow)
		}
		if c.room > 0 {
			if w := float64(s.fills.rects[0].Size().Width) / s.view.zoom; w > 3 {
				t.Errorf("%d of %d fill %v of the pipe", c.waiting, c.room, w)
			}
		}
	}
}
