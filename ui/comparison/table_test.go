package comparison

import (
	"context"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"asynclab/scenarios"
	"asynclab/sim"
	"asynclab/sim/draw"
	"asynclab/sim/measure"
	"asynclab/ui/control"
)

func measured(unit draw.Unit, values ...float64) sim.Metric {
	return sim.Metric{Name: "load.web.x", Unit: unit, Values: values, Estimate: measure.Summarize(values)}
}

func TestDiffer(t *testing.T) {
	nan := math.NaN()
	for _, c := range []struct {
		name string
		a, b sim.Metric
		want Diff
	}{
		{"one run", measured(draw.Seconds, 0.130), measured(draw.Seconds, 0.100), Diff{Known: true, Absolute: "+30ms", Relative: 0.3}},
		{"less", measured(draw.None, 50), measured(draw.None, 200), Diff{Known: true, Absolute: "-150", Relative: -0.75}},
		{"the same", measured(draw.None, 7, 8), measured(draw.None, 7, 8), Diff{Known: true, Same: true}},
		{"from nothing", measured(draw.None, 3), measured(draw.None, 0), Diff{Known: true, Absolute: "+3", Relative: nan}},
		{"shares", measured(draw.Ratio, 0.91), measured(draw.Ratio, 0.99), Diff{Known: true, Absolute: "-8 pp", Relative: nan}},
		{"nothing measured", measured(draw.Seconds, nan), measured(draw.Seconds, 1), Diff{}},
		// Paired: each replication is 1 more, though replications differ by far more.
		{"paired", measured(draw.None, 11, 21, 31), measured(draw.None, 10, 20, 30), Diff{Known: true, Absolute: "+1", Relative: 0.05}},
		{"noise", measured(draw.None, 10, 22, 30), measured(draw.None, 11, 20, 31), Diff{Known: true, Noise: true, Absolute: "+0 ±4", Relative: 0}},
	} {
		got := differ(c.a, c.b)
		if (math.Abs(got.Relative-c.want.Relative) < 1e-9 || math.IsNaN(got.Relative) && math.IsNaN(c.want.Relative)) && c.want.Known {
			got.Relative, c.want.Relative = 0, 0
		}
		if got != c.want {
			t.Errorf("%s: %+v, want %+v", c.name, got, c.want)
		}
	}
}

func TestPercent(t *testing.T) {
	for share, want := range map[float64]string{0.123: "+12%", 0.000698: "+0.07%", 0.996: "+100%", 4999: "×5,000", -0.5: "-50%", 1: "×2", 11.34: "×12.3", math.Inf(1): "", 0: "+0%"} {
		if got := Percent(share); got != want {
			t.Errorf("%g: %q, want %q", share, got, want)
		}
	}
	if got := Percent(math.NaN()); got != "" {
		t.Errorf("NaN: %q", got)
	}
}

func flagship(t testing.TB) *scenarios.Scenario {
	t.Helper()
	sc, err := scenarios.Load("order-flow")
	if err != nil {
		t.Fatal(err)
	}
	return sc
}

// live is three designs after a minute and a half.
func live(t testing.TB) ([]string, *control.Board) {
	t.Helper()
	s, err := control.Open(flagship(t), []int{0, 1, 2}, control.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for !s.Advance(90*time.Second, 1_000_000) {
	}
	return []string{"chain", "broker", "hybrid"}, s.Board(nil, nil, 0, "")
}

func find(t *testing.T, table Table, metric string) Row {
	t.Helper()
	i := slices.IndexFunc(table.Rows, func(r Row) bool { return r.Metric == metric })
	if i < 0 {
		t.Fatalf("%s is not told", metric)
	}
	return table.Rows[i]
}

func TestLive(t *testing.T) {
	names, b := live(t)
	table := Compare(Live(names, b.Lanes))
	if !slices.Equal(table.Designs, names) || !table.Rows[0].Section || table.Rows[0].Name != "load.shoppers" {
		t.Fatalf("%v, %+v", table.Designs, table.Rows[0])
	}
	r := find(t, table, "load.shoppers.accepted.latency.p50")
	if d := r.Cells[1].Diff; !d.Known || d.Noise || !strings.HasPrefix(d.Absolute, "-") || !(d.Relative < -0.3) {
		t.Errorf("the broker answers sooner: %+v", r.Cells[1])
	}
	if r.Cells[0].Diff.Known {
		t.Error("the first design differs from itself")
	}
	offered := find(t, table, "load.shoppers.offered") // the same arrivals in all designs
	if !offered.Cells[1].Diff.Same || !offered.Cells[2].Diff.Same {
		t.Errorf("offered %+v", offered.Cells)
	}
	q := find(t, table, "queue.bus/placed/pay.published")
	if q.Cells[0].Value != "" || q.Cells[1].Value == "" || q.Cells[1].Diff.Known {
		t.Errorf("the chain has no queue: %+v", q.Cells)
	}
}

// replicated is two designs, run several times.
func replicated(t testing.TB) *sim.Result {
	t.Helper()
	sc := flagship(t)
	r, err := sim.Run(context.Background(), sc.Designs[:2], sim.Settings{Duration: 20 * time.Second, Seed: 1, Replications: 5, Parallel: 1}, nil)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestReplicated(t *testing.T) {
	table := Compare(replicated(t).Designs)
	r := find(t, table, "load.shoppers.accepted.latency.mean")
	if !strings.Contains(r.Cells[0].Value, "±") || !strings.Contains(r.Cells[1].Diff.Absolute, "±") || r.Cells[1].Diff.Noise {
		t.Errorf("%+v", r.Cells)
	}
	u := find(t, table, "service.pay.utilization") // the same work in both
	if d := u.Cells[1].Diff; !d.Known || !strings.HasSuffix(d.Absolute, "pp") {
		t.Errorf("%+v", u.Cells)
	}
}
