package engine

import (
	"testing"
	"time"

	"asynclab/sim/design"
	"asynclab/sim/draw"
)

// The corner tests pin what happens in the corners that SEMANTICS decides, each
// in the smallest design that has the corner. Times are constants, so that what
// must happen can be said to the nanosecond.

const milli = time.Millisecond

func constant(d time.Duration) draw.Dist { return draw.Const(d.Seconds()) }

func work(d time.Duration) design.Step { return design.Step{Op: design.Work, Dist: constant(d)} }

func wait(d time.Duration) design.Step { return design.Step{Op: design.Delay, Dist: constant(d)} }

func handler(name string, steps ...design.Step) design.Handler {
	return design.Handler{Name: name, Steps: steps}
}

// at is a load whose operations come at the given times.
func at(name string, to design.Target, times ...time.Duration) design.Load {
	l := design.Load{Name: name, To: to, Arrivals: design.Arrivals{Kind: design.Trace}}
	for _, t := range times {
		l.Arrivals.Times = append(l.Arrivals.Times, int64(t))
	}
	return l
}

func crashed(node string, from, during time.Duration) design.Fault {
	return design.Fault{Name: node + "-crash", Kind: design.FaultCrash, Node: node, At: from, For: constant(during), HasFor: true}
}

func start(t *testing.T, d *design.Design, cfg Config) *Run {
	t.Helper()
	p, err := Compile(d)
	if err != nil {
		t.Fatal(err)
	}
	if cfg.Duration == 0 && cfg.Completions == 0 {
		cfg.Duration = 10 * time.Second
	}
	r, err := p.NewRun(cfg)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// corner runs a design to its end, event by event, auditing after each.
func corner(t *testing.T, d *design.Design) *Run {
	t.Helper()
	r := start(t, d, Config{Seed: 1})
	for r.Step() {
		if err := r.Audit(); err != nil {
			t.Fatalf("at %v: %v", time.Duration(r.Now()), err)
		}
	}
	return r
}

func metricOf(t *testing.T, r *Run, name string) float64 {
	t.Helper()
	v, ok := r.Value(name)
	if !ok {
		t.Fatalf("no metric %s", name)
	}
	return v
}

type wants map[string]float64

func (w wants) check(t *testing.T, r *Run) {
	t.Helper()
	for name, want := range w {
		if got := metricOf(t, r, name); got != want {
			t.Errorf("%s = %v, want %v", name, got, want)
		}
	}
}
