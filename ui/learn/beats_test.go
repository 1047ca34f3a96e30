package learn

import (
	"context"
	"math"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"asynclab/lessons"
	"asynclab/sim/chart"
	"asynclab/ui/bench"
	"asynclab/ui/figure"
	"asynclab/ui/keyed"
)

func (d *desk) enter(name, text string) {
	d.t.Helper()
	e, ok := d.panel.Named[name].(*keyed.Entry)
	if !ok {
		d.t.Fatalf("there is no %s to write into", name)
	}
	e.SetText(text)
	e.OnSubmitted(text)
}

// One button sends the student's own order, and what came of it is told.
func TestActCard(t *testing.T) {
	d := sitAt(t, "full", "act")
	d.tap("next")
	d.says("first send what is yours", true)
	d.tap("send")
	if strings.Join(d.asked, " ") != "run" {
		t.Errorf("%v", d.asked)
	}
	d.ran("", "")
	d.says("message: accepted after 110 ms, confirmed after ", true)
	if d.panel.Named["send"] != nil {
		t.Error("it can be sent again")
	}
}

// An edge is predicted, then swept, and the turn is told.
func TestEdgeCard(t *testing.T) {
	d := sitAt(t, "full", "edge")
	if d.panel.Named["sweep"] != nil {
		t.Fatal("it can be swept before it was predicted")
	}
	d.tap("next")
	d.says("first say what you expect", true)
	d.enter("guess", "21")
	d.tap("next")
	d.says("first make the sweep", true)
	d.tap("sweep")
	d.says("You expected: 21", true)
	d.says("It turns between 20/s … 22/s.", true)
	d.says("25/s: ", true)
	if d.player.Gate() != nil || d.saved == 0 {
		t.Error("the edge is not behind the student")
	}
}

// A curve is drawn with the pointer or by its points; it is told how far it is away.
func TestPaper(t *testing.T) {
	d := sitAt(t, "full", "line")
	p := d.panel.Named["paper"].(*paper)
	p.Resize(fyne.NewSize(400, 100))
	for _, at := range []fyne.Position{{X: 0, Y: 100}, {X: 133, Y: 100}, {X: 266, Y: 34}, {X: 350, Y: 100}} {
		p.Dragged(&fyne.DragEvent{PointEvent: fyne.PointEvent{Position: at}})
	}
	p.DragEnd()
	g, made := d.player.Guessed()
	if !made || len(g.Points) != 36 || g.Points[0].V != 0 || math.Abs(g.Points[27].V-99) > 3 || g.Points[27].T != 40.5 {
		t.Fatalf("%v", g.Points)
	}
	d.enter("points", "0s 0, oops")
	d.says("is no point", true)
	d.enter("points", "0s 0, 20s 0, 40s 80, 50s 0, 60s 0")
	if g, _ = d.player.Guessed(); len(g.Points) != 5 {
		t.Fatalf("%v", g.Points)
	}
	d.ran("", "")
	d.says("You expected: the curve that you drew", true)
	d.says("% of the height apart", true)
	if !d.player.Tries(d.player.Step().Activities()[0])[0].Right {
		t.Error("a curve that is nearly that of the run is wrong")
	}
}

// The knobs of a task stand in its card, and show what they are now.
func TestKnobsInTheCard(t *testing.T) {
	d := sitAt(t, "full", "repair")
	d.enter("knob:service.pay.workers", "3")
	if strings.Join(d.asked, " ") != "service.pay.workers=3" {
		t.Errorf("%v", d.asked)
	}
	u := d.player.Step().Setup // two of a kind can be told apart, by what the text calls them
	if all := d.panel.inWords(u, []string{"service.pay.workers"}); !strings.HasPrefix(all[0], "pay: ") || !strings.HasSuffix(all[0], " (workers)") {
		t.Errorf("%q", all)
	}
	d.panel.hooks.Called = func(string) string { return "till" }
	if all := d.panel.inWords(u, []string{"service.pay.workers"}); !strings.HasPrefix(all[0], "till: ") {
		t.Errorf("%q", all)
	}
	d.values["service.shop.queue"] = "7"
	d.panel.Refresh()
	if e := d.panel.Named["knob:service.shop.queue"].(*keyed.Entry); e.Text != "7" {
		t.Error(e.Text)
	}
	p := &Place{Player: d.player, Setup: d.player.Step().Setup}
	for path, want := range map[string]bool{"service.pay.workers": false, "load.shoppers.rate": true, "service.pay.workersx": true} {
		if p.locked(path) != want {
			t.Errorf("%s is locked: %v", path, !want)
		}
	}
}

// The band holds the runs with the seeds of the step: each of its points lies between
// the least and the greatest value.
func TestBand(t *testing.T) {
	d := sitAt(t, "full", "slow")
	l, u := d.player.Lesson(), d.player.Step().Setup
	s := stagedSession(t, l, u)
	if err := s.JumpTo(u.Until); err != nil {
		t.Fatal(err)
	}
	sc, designs, err := staged(l, u)
	if err != nil {
		t.Fatal(err)
	}
	var of []*figure.Lane
	for i := range designs {
		lane, err := figure.LaneOf(i, sc.Designs[i].Name, sc.Designs[i])
		if err != nil {
			t.Fatal(err)
		}
		of = append(of, lane)
	}
	var plot figure.Plot
	for _, one := range figure.Plots() {
		if one.ID == "median" {
			plot = one
		}
	}
	curves, _ := figure.Watch([]figure.Plot{plot}, of)
	boards, err := seeded(context.Background(), l, u, curves)
	if err != nil || len(boards) != u.Seeds-1 {
		t.Fatal(len(boards), err)
	}
	p := &Place{Player: d.player, Setup: u, ended: true, Workbench: &bench.Bench{Scenes: s.Scenes()}, bands: bands{of: u, boards: boards}}
	fig := plot.Figure(s.Board(curves, nil, 0, ""), of)
	p.over(plot, of, &fig)
	wide := 0
	for _, c := range fig.Curves {
		for k, at := range c.XY {
			if !math.IsNaN(at.Y) && (c.Low[k] > at.Y || c.High[k] < at.Y) {
				t.Fatalf("%s at %v: %v is not between %v and %v", c.Name, at.X, at.Y, c.Low[k], c.High[k])
			}
			if c.High[k]-c.Low[k] > 0.1 {
				wide++
			}
		}
	}
	if wide < 20 {
		t.Errorf("the seeds are apart at %d points only", wide)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := seeded(ctx, l, u, curves); err == nil {
		t.Error("it goes on when nobody waits for it")
	}
}

// What was drawn by hand stays on the plot of its metric, and on no other.
func TestDrawnStays(t *testing.T) {
	d := sitAt(t, "full", "line")
	if err := d.player.Predict(lessons.Guess{Points: []lessons.Point{{T: 0, V: 0}, {T: 40, V: 80}}}, time.Now()); err != nil {
		t.Fatal(err)
	}
	p := &Place{Player: d.player, Setup: d.player.Step().Setup}
	for id, want := range map[string]int{"depth": 1, "throughput": 0} {
		for _, plot := range figure.Plots() {
			if plot.ID != id {
				continue
			}
			fig := chart.Figure{}
			p.over(plot, nil, &fig)
			if len(fig.Curves) != want || want > 0 && fig.Curves[0].XY[1] != (chart.XY{X: 40, Y: 80}) {
				t.Errorf("%s: %+v", id, fig.Curves)
			}
		}
	}
}
