package scenarios

import (
	"testing"
	"time"

	"asynclab/sim/design"
	"asynclab/sim/draw"

	"github.com/google/go-cmp/cmp"
)

const shared = `
load:
  a: {to: s/x, arrivals: poisson(5/s), deadline: 2s, retry: {attempts: 3, backoff: 1s}}
  b: {to: s/x, arrivals: {poisson: 5/s, batch: 2}}
services:
  s: {workers: 4, queue: 10, on: {x: [work: 1ms], y: [work: 2ms]}}
  t: {on: {z: []}}
links:
  default: {latency: 1ms, loss: 1%}
  a -> s: {loss: 5%}
designs:
  as-is: {}
  changed:
    title: Something else
    load:
      a: {deadline: null, retry: {attempts: 5}, arrivals: null, users: 7}
      b: {arrivals: {batch: null}}
      c: {to: t/z, arrivals: constant(1/s)}
    services:
      s: {workers: 8, on: {x: [reply], y: null}}
      u: {on: {z: []}, consumes: {bus/q: z}}
    brokers: {bus: {queues: {q: {}}}}
    links:
      default: {latency: 2ms}
      a->s: {loss: 6%, jitter: 1ms}
    faults: [{crash: u, at: 1s}]
  smaller:
    load: {b: null}
    links: {a -> s: null}
faults:
  - {crash: s, at: 1s}
  - {crash: bus, at: 2s}
  - {cut: [a -> s, s -> bus], at: 3s}
  - {set: {load.b.batch: 3, service.s.workers: 2}, at: 4s}
`

func TestMerge(t *testing.T) {
	s := parseGood(t, shared)
	if len(s.Designs) != 3 || s.DesignTitles[0] != "as-is" || s.DesignTitles[1] != "Something else" {
		t.Fatalf("designs: %v", s.DesignTitles)
	}
	asIs, changed, smaller := s.Designs[0], s.Designs[1], s.Designs[2]

	if a := asIs.Loads[0]; a.Deadline != 2*time.Second || a.Retry.Attempts != 3 || a.Arrivals.Rate != 5 {
		t.Errorf("the shared load changed: %+v", a)
	}
	a := changed.Loads[0]
	wantRetry := design.Retry{Attempts: 5, Base: dist("1s")}
	if a.Deadline != 0 || a.Users != 7 || a.Arrivals.Kind != design.NoArrivals || !cmp.Equal(a.Retry, wantRetry, compareDists) {
		t.Errorf("the changed load: %+v", a)
	}
	if b := changed.Loads[1]; b.Arrivals.HasBatch || b.Arrivals.Rate != 5 {
		t.Errorf("the batch is still there: %+v", b.Arrivals)
	}
	if got := elementNames(changed); !cmp.Equal(got, []string{"a", "b", "c", "s", "t", "u", "bus"}) {
		t.Errorf("elements: %v", got)
	}
	if got := elementNames(smaller); !cmp.Equal(got, []string{"a", "s", "t"}) {
		t.Errorf("elements: %v", got)
	}
	sv := changed.Services[0]
	if sv.Workers != 8 || sv.Room != 10 || len(sv.Handlers) != 1 || sv.Handlers[0].Steps[0].Op != design.Reply {
		t.Errorf("the changed service: %+v", sv)
	}
	want := []design.Link{{From: "a", To: "s", LinkParams: design.LinkParams{Latency: dist("2ms"), Loss: 0.06, Jitter: dist("1ms")}}}
	if diff := cmp.Diff(want, changed.Links, compareDists); diff != "" {
		t.Errorf("links (-want +got):\n%s", diff)
	}
	if len(smaller.Links) != 0 || smaller.Default.Loss != 0.01 {
		t.Errorf("links: %+v", smaller.Links)
	}
}

// TestSharedFaults: a fault reaches the designs that have what it names.
func TestSharedFaults(t *testing.T) {
	s := parseGood(t, shared)
	want := [][]string{
		{"crash-s", "cut-a-s", "set-load-b-batch"},
		{"crash-s", "crash-bus", "cut-a-s", "set-load-b-batch", "crash-u"},
		{"crash-s", "cut-a-s", "set-load-b-batch"},
	}
	for i, d := range s.Designs {
		var names []string
		for _, f := range d.Faults {
			names = append(names, f.Name)
		}
		if !cmp.Equal(names, want[i]) {
			t.Errorf("%s: %v, want %v", d.Name, names, want[i])
		}
	}
	if f := s.Designs[0].Faults[1]; len(f.Cut) != 1 {
		t.Errorf("cut without a broker: %+v", f.Cut)
	}
	if f := s.Designs[1].Faults[2]; len(f.Cut) != 2 {
		t.Errorf("cut with a broker: %+v", f.Cut)
	}
	if f := s.Designs[2].Faults[2]; len(f.Set) != 1 || f.Set[0].Path != "service.s.workers" {
		t.Errorf("settings without load b: %+v", f.Set)
	}
}

// TestOneDesign: without designs there is one, named after the scenario.
func TestOneDesign(t *testing.T) {
	s := parseGood(t, "title: Just one\nload: {a: {to: s/x, arrivals: poisson(5/s)}}"+sink)
	if len(s.Designs) != 1 || s.Designs[0].Name != "x" || s.DesignTitles[0] != "Just one" || s.Design("x") != s.Designs[0] || s.Design("y") != nil {
		t.Errorf("designs: %+v", s.Designs)
	}
}

func elementNames(d *design.Design) []string {
	_, all := designNodes(d)
	return all
}

// TestDistributionDocs: the reference page tells the truth about means and
// variances, as far as they are plain numbers.
func TestDistributionDocs(t *testing.T) {
	for _, d := range distributionDocs {
		unit := draw.Seconds
		if d.expr == "geometric(5)" {
			unit = draw.None
		}
		_, err := draw.Parse(d.expr, unit, func(draw.File) ([]float64, error) { return []float64{1, 2}, nil })
		if err != nil {
			t.Errorf("%s: %v", d.expr, err)
		}
	}
}
