package picture

import (
	"context"
	"encoding/xml"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"asynclab/scenarios"
	"asynclab/sim"
	"asynclab/sim/chart"
)

const text = `version: 1
name: two
run: {duration: 100s}
load:
  users: {to: shop/buy, arrivals: constant(10/s), deadline: none, timeout: none}
services: {shop: {workers: 4, on: {buy: [work: 100ms]}}}
faults: [{at: 40s, for: 20s, crash: shop, name: outage}]
designs:
  few: {}
  same: {}
  many: {services: {shop: {workers: 40, on: {buy: [work: 200ms]}}}}
`

func result(t *testing.T, reps int) (*sim.Result, *scenarios.Scenario) {
	t.Helper()
	sc, err := scenarios.Parse(nil, "two.yaml", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	r, err := sim.Run(context.Background(), sc.Designs, sim.Settings{Duration: 100 * time.Second, Points: 100, Replications: reps, Seed: 1, Series: true}, nil)
	if err != nil {
		t.Fatal(err)
	}
	return r, sc
}

// Ten a second arrive in each design, and what is offered is one curve; two designs are
// the same, and are one curve; during the outage all fail.
func TestCourses(t *testing.T) {
	for _, reps := range []int{1, 3} {
		r, _ := result(t, reps)
		var names []string
		for _, f := range courses(r) {
			if len(f.Bands) != 1 || f.Bands[0] != (chart.Band{Name: "outage", From: 40, To: 60}) {
				t.Errorf("%s: bands %v", f.Title, f.Bands)
			}
			for _, c := range f.Curves {
				names = append(names, f.Title+": "+c.Name)
				if (c.Low != nil) != (reps > 1) {
					t.Errorf("%s: a band with %d replications: %v", c.Name, reps, c.Low != nil)
				}
				var want [2]float64 // at 20 s, at 50 s
				switch f.Title + ": " + c.Name {
				case "Throughput: offered":
					want = [2]float64{10, 10}
				case "Throughput: few, same failed", "Throughput: many failed", "Failures by cause: few, same refused", "Failures by cause: many refused":
					want = [2]float64{0, 10}
				case "Throughput: few, same completed", "Throughput: many completed":
					want = [2]float64{10, 0}
				case "Latency over time: few, same confirmed p99":
					want = [2]float64{0.1, math.NaN()}
				case "Latency over time: many confirmed p99":
					want = [2]float64{0.2, math.NaN()}
				case "Requests sent by clients: ":
					want = [2]float64{10, 10}
				case "Workers busy and blocked: few, same busy", "Operations under way: few, same":
					want = [2]float64{1, 0}
				case "Workers busy and blocked: many busy", "Operations under way: many":
					want = [2]float64{2, 0}
				default:
					t.Errorf("%s: %s is not expected", f.Title, c.Name)
				}
				for k, at := range []int{20, 50} {
					if got := c.XY[at].Y; math.Abs(got-want[k]) > 0.011 || math.IsNaN(got) != math.IsNaN(want[k]) {
						t.Errorf("%s: %s is %v at %d s, want %v", f.Title, c.Name, got, at, want[k])
					}
				}
			}
		}
		if len(names) != 14 {
			t.Errorf("the curves are %q", names)
		}
	}
}

func TestView(t *testing.T) {
	r, sc := result(t, 1)
	v, err := View(r, sc.Designs)
	if err != nil {
		t.Fatal(err)
	}
	if len(v.Designs) != 3 || len(v.Courses) < 4 {
		t.Errorf("%d designs and %d courses", len(v.Designs), len(v.Courses))
	}
	for _, p := range slices.Concat(v.Designs, v.Courses) {
		if !strings.HasPrefix(p.SVG, "<svg") || p.Title == "" || strings.Contains(p.SVG, "<?xml") {
			t.Errorf("%s begins with %.40q", p.Title, p.SVG)
		}
		if err := xml.Unmarshal([]byte(p.SVG), new(struct{})); err != nil {
			t.Errorf("%s: %v", p.Title, err)
		}
	}
}
