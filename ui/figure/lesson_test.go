package figure

import (
	"math"
	"slices"
	"testing"

	"asynclab/sim/chart"
)

// An order a second, counted in quarters of a second, is a comb; calmed over a
// second it is a line.
func TestCalm(t *testing.T) {
	var comb []chart.XY
	for i := range 40 {
		y := 0.0
		if i%4 == 0 {
			y = 4
		}
		comb = append(comb, chart.XY{X: float64(i) / 4, Y: y})
	}
	got := calm(comb, 1)
	if len(got) != len(comb)-3 || got[0].X != 0.75 {
		t.Fatalf("%d points from %v on, want %d from 0.75 s on", len(got), got[0].X, len(comb)-3)
	}
	for _, q := range got {
		if math.Abs(q.Y-1) > 1e-9 {
			t.Fatalf("%v a second at %v s, want 1", q.Y, q.X)
		}
	}
	if calm(comb[:1], 1) != nil || len(calm(comb[:3], 1)) != 0 {
		t.Error("a mean is drawn of less time than it is a mean of")
	}
}

func TestRoomAbove(t *testing.T) {
	for _, c := range []struct{ top, want float64 }{
		{0, 0}, {1, 1.2}, {0.3, 0.4}, {300, 400}, {900, 1000}, {1000, 1200}, {5, 6}, {99, 120}, {1e-3, 1.2e-3},
	} {
		got := roomAbove([]chart.Curve{{XY: []chart.XY{{Y: math.NaN()}, {Y: c.top / 2}, {Y: c.top}, {Y: math.Inf(1)}}}})
		if math.Abs(got-c.want) > 1e-9 {
			t.Errorf("above %v the axis ends at %v, want %v", c.top, got, c.want)
		}
	}
}

// Where accepting and confirming are one moment, there is one line.
func TestMedians(t *testing.T) {
	call := &Lane{loads: []load{{"buyer", false}}}
	message := &Lane{loads: []load{{"buyer", true}, {"reader", false}}, queues: []queue{{"b/q", false}}}
	names := func(lines []line) (out []string) {
		for _, l := range lines {
			out = append(out, l.row+"="+l.metrics[0])
		}
		return out
	}
	for _, c := range []struct {
		lane  *Lane
		alone bool
		want  []string
	}{
		{call, true, []string{"=load.buyer.confirmed.latency.p50"}},
		{call, false, []string{"confirmed=load.buyer.confirmed.latency.p50"}},
		{message.Only([]string{"buyer"}), true, []string{"accepted=load.buyer.accepted.latency.p50", "confirmed=load.buyer.confirmed.latency.p50"}},
		{message.Only([]string{"reader", "nobody"}), true, []string{"=load.reader.confirmed.latency.p50"}},
		{message.Only([]string{"b/q"}), true, []string{
			"buyer · accepted=load.buyer.accepted.latency.p50", "buyer · confirmed=load.buyer.confirmed.latency.p50", "reader=load.reader.confirmed.latency.p50"}},
	} {
		if got := names(medians(c.lane, c.alone)); !slices.Equal(got, c.want) {
			t.Errorf("alone %v: %q, want %q", c.alone, got, c.want)
		}
	}
	if len(message.loads) != 2 {
		t.Error("Only has changed the lane itself")
	}
}
