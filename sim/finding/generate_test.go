package finding_test

import (
	"flag"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"asynclab/sim/design"
	"asynclab/sim/draw"
	"asynclab/sim/engine"
	"asynclab/sim/finding"
)

var (
	designs = flag.Int("finding.designs", 8, "how many designs with one cause TestCauses generates (make findings: 200)")
	seed    = flag.Uint64("finding.seed", 20251126, "of the designs that TestCauses generates")
)

// The rates that the issue asks for. The quick form has few designs, and so a bound
// that is lower by what chance does to these.
const enough = 0.95

// TestCauses: of generated designs with one cause each it is among the first three
// findings, and the same designs without it have none. What moves neither goodput nor
// the p99 of any load by 5 % is left out.
func TestCauses(t *testing.T) {
	rnd := rand.New(rand.NewPCG(*seed, 1))
	hit, healthy, silent, left := 0, 0, 0, 0
	kinds := map[string][2]int{}
	for n := 0; n < *designs; {
		g := newGenerated(rnd)
		calm, before := g.run(t, g.design())
		c := g.cause()
		all, after := g.run(t, c.design)
		healthy++
		if len(calm) == 0 {
			silent++
		} else {
			t.Logf("without a cause (%d services, %.0f%% busy): %v", g.n, 100*g.busy, texts(calm))
		}
		if !moved(before, after) {
			left++
			continue
		}
		n++
		k := kinds[c.kind]
		k[1]++
		i := slices.IndexFunc(all, func(f finding.Finding) bool { return slices.Contains(c.elements, f.Element) })
		if i >= 0 && i < 3 {
			hit++
			k[0]++
		} else {
			t.Logf("%s %v (%d services, %.0f%% busy, place %d; before %.4v, after %.4v): %v", c.text, c.elements, g.n, 100*g.busy, i, before, after, texts(all[:min(len(all), 4)]))
		}
		kinds[c.kind] = k
	}
	t.Logf("seed %d: the cause is among the first three in %d of %d; nothing without a cause in %d of %d; %d left out; by cause %v", *seed, hit, *designs, silent, healthy, left, kinds)
	slack := func(n int) float64 { return 2 * math.Sqrt(enough*(1-enough)/float64(n)) }
	if *designs >= 100 {
		slack = func(int) float64 { return 0 }
	}
	if float64(hit) < (enough-slack(*designs))*float64(*designs) || float64(silent) < (enough-slack(healthy))*float64(healthy) {
		t.Error("too few")
	}
}

// moved reports whether one of the numbers has moved by 5 %.
func moved(before, after []float64) bool {
	for i, a := range before {
		if b := after[i]; math.Abs(b-a) >= 0.05*math.Abs(a) || math.IsNaN(b) != math.IsNaN(a) {
			return true
		}
	}
	return false
}

// generated is a design: a tree of services, whose root a load calls.
type generated struct {
	rnd     *rand.Rand
	n       int
	busy    float64 // of the busiest service
	rate    float64
	work    []float64 // of each service, seconds
	visits  []float64 // per operation
	share   []float64 // with which its parent calls it
	parent  []int     // none: -1
	queued  []bool    // by a queue
	workers []int
	retry   []int // attempts of the call of it
	seed    uint64
}

const lasts = 120.0 // seconds

func newGenerated(rnd *rand.Rand) *generated {
	g := &generated{rnd: rnd, n: 3 + rnd.IntN(58), busy: 0.30 + 0.55*rnd.Float64(), seed: rnd.Uint64()}
	total := 0.0
	for i := range g.n {
		parent, share := -1, 1.0
		if i > 0 {
			parent = rnd.IntN(i)
			if rnd.IntN(3) == 0 {
				share = 0.1 + 0.8*rnd.Float64()
			}
		}
		g.parent = append(g.parent, parent)
		g.share = append(g.share, share)
		g.work = append(g.work, 0.001*math.Exp(3*rnd.Float64()))
		g.queued = append(g.queued, i > 1 && rnd.IntN(6) == 0)
		g.retry = append(g.retry, []int{1, 1, 2, 3}[rnd.IntN(4)])
		v := share
		if parent >= 0 {
			v *= g.visits[parent]
		}
		g.visits = append(g.visits, v)
		total += v
	}
	g.rate = max(30, min(300, 60_000/total/lasts))
	held := make([]float64, g.n)
	for i := g.n - 1; i >= 0; i-- {
		held[i] += g.work[i]
		if p := g.parent[i]; p >= 0 && !g.queued[i] {
			held[p] += g.share[i] * (held[i]*1.4 + 0.002)
		}
	}
	for i := range g.n {
		busy := g.busy * (0.4 + 0.6*rnd.Float64())
		if held[i] > g.work[i]*1.01 { // workers that wait for others are to be there
			busy *= 0.7
		}
		g.workers = append(g.workers, max(1, int(math.Ceil(g.rate*g.visits[i]*held[i]/busy))))
	}
	return g
}

func name(i int) string { return fmt.Sprintf("s%d", i) }

func (g *generated) design() *design.Design {
	d := &design.Design{Name: "generated", Default: design.LinkParams{Latency: draw.Const(.001)}}
	d.Loads = []design.Load{{Name: "users", To: to(name(0), "do"), Arrivals: poisson(g.rate), Timeout: 4 * time.Second, Deadline: 10 * time.Second}}
	bus := design.Broker{Name: "bus"}
	for i := range g.n {
		steps := []design.Step{work(g.work[i])}
		for k := i + 1; k < g.n; k++ {
			if g.parent[k] != i {
				continue
			}
			s := design.Step{Op: design.Call, To: to(name(k), "do"), Timeout: 2 * time.Second, Retry: design.Retry{Attempts: g.retry[k]}}
			if g.queued[k] {
				s = design.Step{Op: design.Publish, To: to("bus", "q-"+name(k))}
			}
			if g.share[k] < 1 {
				s = design.Step{Op: design.Choose, Branches: [][]design.Step{{s}, {}}, Weights: []float64{g.share[k]}, Rest: true}
			}
			steps = append(steps, s)
		}
		s := design.Service{Name: name(i), Workers: g.workers[i], Handlers: handler(steps...)}
		if g.queued[i] {
			bus.Queues = append(bus.Queues, design.Queue{Name: "q-" + name(i)})
			s.Consumes = []design.Consume{{From: to("bus", "q-"+name(i)), Handler: "do"}}
		}
		d.Services = append(d.Services, s)
	}
	if len(bus.Queues) > 0 {
		d.Brokers = []design.Broker{bus}
	}
	return d
}

// run returns the findings, and goodput and p99.
func (g *generated) run(t *testing.T, d *design.Design) ([]finding.Finding, []float64) {
	t.Helper()
	p, err := engine.Compile(d)
	if err != nil {
		t.Fatalf("%v", err)
	}
	r, err := p.NewRun(engine.Config{Duration: lasts * time.Second, Warmup: 10 * time.Second, Seed: g.seed})
	if err != nil {
		t.Fatal(err)
	}
	for r.Advance(math.MaxInt64, 1<<20) == engine.Running {
	}
	var numbers []float64
	for _, n := range []string{"goodput.ratio", "confirmed.latency.p99"} {
		v, _ := r.Value("load.users." + n)
		numbers = append(numbers, v)
	}
	return finding.Find(r), numbers
}

// cause is one thing that is wrong with a design.
type cause struct {
	design   *design.Design
	kind     string
	text     string
	elements []string // one of which a finding must be about
}

func (g *generated) cause() cause {
	d := g.design()
	i := g.rnd.IntN(g.n)
	node := name(i)
	switch g.rnd.IntN(10) {
	case 0, 1: // too few workers for the work, all the time
		over := 1.05 + 1.5*g.rnd.Float64()
		w := over * float64(g.workers[i]) / (g.rate * g.visits[i])
		d.Services[i].Handlers[0].Steps[0] = work(w)
		return cause{d, "saturation", fmt.Sprintf("%s has %.3g times its capacity to do", node, over), g.about(i)}
	case 2:
		d.Services[i].Errors = math.Exp(-5 * g.rnd.Float64())
		return cause{d, "errors", fmt.Sprintf("%s fails %.3g", node, d.Services[i].Errors), []string{"service." + node}}
	case 3:
		from := "users"
		if p := g.parent[i]; p >= 0 {
			from = name(p)
		}
		if g.queued[i] {
			from = "bus"
		}
		d.Links = []design.Link{{From: from, To: node, LinkParams: design.LinkParams{Latency: draw.Const(.001), Loss: math.Exp(-4 * g.rnd.Float64())}}}
		return cause{d, "loss", fmt.Sprintf("%s to %s loses %.3g", from, node, d.Links[0].Loss), []string{"link." + from + "->" + node, "link." + node + "->" + from}}
	}
	f := g.fault(i)
	d.Faults = []design.Fault{f}
	return cause{d, f.Kind.String(), design.FormatFault(f) + fmt.Sprint(" ", f.Set, " at ", f.At), []string{"fault." + f.Name}}
}

// about lists what a finding about a saturated service can be about.
func (g *generated) about(i int) []string {
	all := []string{"service." + name(i)}
	if g.queued[i] {
		all = append(all, "queue.bus/q-"+name(i))
	}
	return all
}

// fault is a fault of any kind on a service, for a twentieth to a third of the run.
func (g *generated) fault(i int) design.Fault {
	f := design.Fault{Name: "x", HasFor: true, For: draw.Const(lasts * (0.05 + 0.28*g.rnd.Float64())),
		At: time.Duration((0.3 + 0.3*g.rnd.Float64()) * lasts * 1e9), Node: name(i)}
	kinds := []design.FaultKind{design.FaultCut, design.FaultSet, design.FaultSet}
	for k := range design.FaultClasses {
		if c := &design.FaultClasses[k]; c.Form == "node" {
			kinds = append(kinds, design.FaultKind(k))
		}
	}
	f.Kind = kinds[g.rnd.IntN(len(kinds))]
	switch f.Kind.Class().Amount {
	case "factor":
		f.Factor = 1.2 * math.Exp(3.5*g.rnd.Float64())
	case "rate":
		f.Factor = math.Exp(-4 * g.rnd.Float64())
	}
	switch f.Kind {
	case design.FaultCut:
		from := "users"
		if p := g.parent[i]; p >= 0 {
			from = name(p)
		}
		if g.queued[i] {
			from = "bus"
		}
		f.Node, f.Cut = "", []design.Cut{{From: from, To: f.Node}}
	case design.FaultSet:
		f.Node = ""
		set := design.Setting{Path: "service." + name(i) + ".workers", Value: fmt.Sprint(g.rnd.IntN(g.workers[i]))}
		switch g.rnd.IntN(3) {
		case 0:
			set = design.Setting{Path: "load.users.rate", Value: fmt.Sprintf("%.4g/s", g.rate*(1.2+2*g.rnd.Float64()))}
		case 1:
			set = design.Setting{Path: "link.default.latency", Value: fmt.Sprintf("%dms", 2+g.rnd.IntN(100))}
		}
		f.Set = []design.Setting{set}
	}
	return f
}
