package finding_test

import (
	"cmp"
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
	designs = flag.Int("finding.designs", 16, "how many designs with one cause TestCauses generates (make findings: 200)")
	seed    = flag.Uint64("finding.seed", 20261127, "of the designs that TestCauses generates")
	only    = flag.String("finding.cause", "", "the one cause of all of them; empty: any")
)

// The rates that the issue asks for. The quick form has few designs, and so a bound
// that is lower by what chance does to these.
const enough = 0.95

// TestCauses: of generated designs with one cause each it is among the first three
// findings, and the same designs without it have none. What moves neither goodput nor
// the p99 of any load by 5 % is left out. Each design has the cause of which there are
// fewest yet, of those the one that the seed draws.
func TestCauses(t *testing.T) {
	rnd := rand.New(rand.NewPCG(*seed, 1))
	hit, healthy, silent, left := 0, 0, 0, 0
	kinds := map[string]*[3]int{} // found, of, left out
	for n := 0; n < *designs; {
		c := drawCause(rnd, kinds)
		k := kinds[c.name]
		g := newGenerated(rnd, c)
		calm, before := g.run(t, g.design())
		ill := g.design()
		text, elements := c.do(g, ill)
		all, after := g.run(t, ill)
		healthy++
		if len(calm) == 0 {
			silent++
		} else {
			t.Logf("without %s (%d services, %.0f%% busy): %v", c.name, g.n, 100*g.busy, texts(calm))
		}
		if !moved(before, after) {
			left++
			k[2]++
			continue
		}
		n++
		k[1]++
		i := slices.IndexFunc(all, func(f finding.Finding) bool { return slices.Contains(elements, f.Element) })
		if i >= 0 && i < 3 {
			hit++
			k[0]++
		} else {
			t.Logf("%s: %s %v (%d services, %.0f%% busy, place %d; before %.4v, after %.4v): %v", c.name, text, elements, g.n, 100*g.busy, i, before, after, texts(all[:min(len(all), 4)]))
		}
	}
	for i := range causes {
		if k := kinds[causes[i].name]; k != nil {
			t.Logf("%-20s %d of %d (%d left out)", causes[i].name, k[0], k[1], k[2])
		}
	}
	t.Logf("seed %d: the cause is among the first three in %d of %d; nothing without a cause in %d of %d; %d left out", *seed, hit, *designs, silent, healthy, left)
	slack := func(n int) float64 { return 2 * math.Sqrt(enough*(1-enough)/float64(n)) }
	if *designs >= 100 {
		slack = func(int) float64 { return 0 }
	}
	if float64(hit) < (enough-slack(*designs))*float64(*designs) || float64(silent) < (enough-slack(healthy))*float64(healthy) {
		t.Error("too few")
	}
}

// drawCause draws one of the causes that fewest designs have; of those that were left out
// thirty are one, so that it ends even if a cause never moves anything.
func drawCause(rnd *rand.Rand, kinds map[string]*[3]int) *cause {
	var few []*cause
	least := math.MaxInt
	for i := range causes {
		c := &causes[i]
		if *only != "" && *only != c.name {
			continue
		}
		k := kinds[c.name]
		if k == nil {
			k = new([3]int)
			kinds[c.name] = k
		}
		if n := k[1] + k[2]/30; n < least {
			few, least = nil, n
		}
		if k[1]+k[2]/30 == least {
			few = append(few, c)
		}
	}
	return few[rnd.IntN(len(few))]
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

// generated is a design: a tree of services, whose root a load calls. Where there are
// queues, a second load publishes to one of them.
type generated struct {
	rnd       *rand.Rand
	n         int
	busy      float64 // of the busiest service
	rate      float64
	work      []float64 // of each service, seconds
	flow      []float64 // tasks a second
	held      []float64 // for how long one holds a worker
	share     []float64 // with which its parent calls it
	parent    []int     // none: -1
	queued    []bool    // by a queue
	instances []int
	workers   []int // of an instance
	retry     []int // attempts of the call of it
	feed      float64
	fed       int // the service of the queue to which a load publishes; 0: none
	place     int // the service at which the cause is
	replicas  int
	seed      uint64
}

const lasts = 120.0 // seconds

func newGenerated(rnd *rand.Rand, c *cause) *generated {
	g := &generated{rnd: rnd, n: 3 + rnd.IntN(58), busy: 0.30 + 0.55*rnd.Float64(), seed: rnd.Uint64()}
	visits, total := []float64{}, 0.0
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
		g.instances = append(g.instances, []int{1, 1, 2, 3}[rnd.IntN(4)])
		v := share
		if parent >= 0 {
			v *= visits[parent]
		}
		visits = append(visits, v)
		total += v
	}
	g.place = rnd.IntN(g.n)
	if c.called || c.queue { // not the root
		g.place = 1 + rnd.IntN(g.n-1)
		g.queued[g.place] = c.queue
	}
	if c.nodes {
		g.replicas = 3
	}
	g.rate = max(30, min(300, 60_000/total/lasts))
	g.fed = slices.Index(g.queued, true)
	if c.queue {
		g.fed = g.place
	}
	if g.fed < 0 {
		g.fed = 0
	}
	g.flow, g.held = make([]float64, g.n), make([]float64, g.n)
	if g.fed > 0 {
		g.feed = g.rate * (0.3 + 0.7*rnd.Float64())
	}
	for i := range g.n {
		if p := g.parent[i]; p >= 0 {
			g.flow[i] = g.flow[p] * g.share[i]
		} else {
			g.flow[i] = g.rate
		}
		if i == g.fed && i > 0 {
			g.flow[i] += g.feed
		}
	}
	for i := g.n - 1; i >= 0; i-- {
		g.held[i] += g.work[i]
		if p := g.parent[i]; p >= 0 && !g.queued[i] {
			g.held[p] += g.share[i] * (g.held[i]*1.4 + 0.002)
		}
	}
	for i := range g.n {
		busy := g.busy * (0.4 + 0.6*rnd.Float64())
		if g.held[i] > g.work[i]*1.01 { // workers that wait for others are to be there
			busy *= 0.7
		}
		n := math.Ceil(g.flow[i] * g.held[i] / busy)
		g.instances[i] = int(min(float64(g.instances[i]), max(1, n/4))) // small lines of few workers each are another design
		g.workers = append(g.workers, max(1, int(math.Ceil(n/float64(g.instances[i])))))
	}
	return g
}

func name(i int) string { return fmt.Sprintf("s%d", i) }

// caller is who sends messages to a service: a service, the load, or the broker.
func (g *generated) caller(i int) string {
	switch p := g.parent[i]; {
	case g.queued[i]:
		return "bus"
	case p >= 0:
		return name(p)
	}
	return "users"
}

func (g *generated) design() *design.Design {
	d := &design.Design{Name: "generated", Default: design.LinkParams{Latency: draw.Const(.001)}}
	d.Loads = []design.Load{{Name: "users", To: to(name(0), "do"), Arrivals: poisson(g.rate), Timeout: 4 * time.Second, Deadline: 10 * time.Second}}
	if g.fed > 0 {
		d.Loads = append(d.Loads, design.Load{Name: "feed", To: to("bus", "q-"+name(g.fed)), Arrivals: poisson(g.feed), Timeout: 4 * time.Second, Deadline: 10 * time.Second,
			Confirm: []design.Target{to(name(g.fed), "do")}})
	}
	bus := design.Broker{Name: "bus", Replicas: design.Replication{Nodes: g.replicas}}
	if g.replicas > 0 {
		bus.Replicas.Acks, bus.Replicas.Failover = design.AcksMajority, draw.Const(5)
	}
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
		s := design.Service{Name: name(i), Instances: g.instances[i], Workers: g.workers[i], Handlers: handler(steps...)}
		if g.queued[i] {
			bus.Queues = append(bus.Queues, design.Queue{Name: "q-" + name(i), MaxDeliveries: 5})
			s.Consumes = []design.Consume{{From: to("bus", "q-"+name(i)), Handler: "do"}}
		}
		d.Services = append(d.Services, s)
	}
	if len(bus.Queues) > 0 {
		d.Brokers = []design.Broker{bus}
	}
	return d
}

// call finds the step that sends to a service or to its queue.
func (g *generated) call(d *design.Design, i int) *design.Step {
	steps := d.Services[g.parent[i]].Handlers[0].Steps
	for k := range steps {
		s := &steps[k]
		if s.Op == design.Choose {
			s = &s.Branches[0][0]
		}
		if s.To.Node == name(i) || s.To == to("bus", "q-"+name(i)) {
			return s
		}
	}
	return nil
}

// use is how much of a service's workers the load takes.
func (g *generated) use(i int) float64 {
	return g.flow[i] * g.held[i] / float64(g.workers[i]*g.instances[i])
}

// bottlenecks lists the three services of which the load takes most, working or waiting
// for others.
func (g *generated) bottlenecks() (all []string) {
	at := make([]int, g.n)
	for i := range at {
		at[i] = i
	}
	of := func(i int) float64 { return g.flow[i] * g.held[i] / float64(g.workers[i]*g.instances[i]) }
	slices.SortFunc(at, func(a, b int) int { return cmp.Compare(of(b), of(a)) })
	for _, i := range at[:3] {
		all = append(all, g.about(i)...)
	}
	return all
}

// about lists what a finding about a saturated service can be about.
func (g *generated) about(i int) []string {
	all := []string{"service." + name(i)}
	if g.queued[i] {
		all = append(all, "queue.bus/q-"+name(i))
	}
	return all
}

// run returns the findings, and goodput and p99 of the loads.
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
	for i := range d.Loads {
		for _, n := range []string{"goodput.ratio", "confirmed.latency.p99"} {
			v, _ := r.Value("load." + d.Loads[i].Name + "." + n)
			numbers = append(numbers, v)
		}
	}
	return finding.Find(r), numbers
}
