package scenarios_test

// What theory says about the library's scenarios, in standard errors over
// replications where chance has a part, and exactly where it has none. Seeds are
// fixed beforehand; the scenarios are varied, so that it is the formula which is
// held and not one number.

import (
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"asynclab/scenarios"
	"asynclab/sim"
	"asynclab/sim/theory"
)

const libraryReps = 8

// libraryTheory is a scenario that is run several times.
type libraryTheory struct {
	*testing.T
	r *sim.Result
}

func replicated(t *testing.T, s *scenarios.Scenario, change func(*sim.Settings)) libraryTheory {
	t.Helper()
	if raceEnabled {
		t.Skip("a run has no goroutines; the race detector makes it twenty times slower")
	}
	return libraryTheory{t, libraryRun(t, s, func(c *sim.Settings) {
		c.Seed, c.Replications, c.Expect = 20_000, libraryReps, nil
		if change != nil {
			change(c)
		}
	})}
}

func (l libraryTheory) values(design, metric string) []float64 {
	l.Helper()
	d, ok := l.r.Design(design)
	if !ok {
		l.Fatalf("no design %s", design)
	}
	m, ok := d.Metric(metric)
	if !ok {
		l.Fatalf("no metric %s", metric)
	}
	return m.Values
}

// near holds a mean against theory: at most five standard errors off, and a
// share of it where the formula itself is approximate. (Five, for with eight
// replications the standard error itself is uncertain.) What is known to less
// than 3 % would hold nothing.
func (l libraryTheory) near(design, metric string, want, approximate float64) {
	l.Helper()
	values := l.values(design, metric)
	n, mean, square := float64(len(values)), 0.0, 0.0
	for _, v := range values {
		mean += v / n
	}
	for _, v := range values {
		square += (v - mean) * (v - mean)
	}
	se := math.Sqrt(square / (n - 1) / n)
	if d := math.Abs(mean - want); !(d <= 5*se+approximate*want) {
		l.Errorf("%s: %s is %.6g, theory %.6g: %.1f standard errors of %.2g", design, metric, mean, want, d/se, se)
	}
	if se > 0.03*want {
		l.Errorf("%s: %s is %.6g with a standard error of %.2g: too rough to hold anything", design, metric, mean, se)
	}
}

// exact holds the value of every replication.
func (l libraryTheory) exact(design, metric string, want, tolerance float64) {
	l.Helper()
	for _, v := range l.values(design, metric) {
		if !(math.Abs(v-want) <= tolerance) {
			l.Errorf("%s: %s is %.9g, theory %.9g", design, metric, v, want)
			return
		}
	}
}

func libraryRate(t *testing.T, s *scenarios.Scenario, path, rate string) {
	t.Helper()
	for _, d := range s.Designs {
		if err := d.Set(path, rate); err != nil {
			t.Fatal(err)
		}
	}
}

func TestTheoryBench(t *testing.T) {
	t.Parallel()
	for _, rho := range []float64{0.5, 0.8} {
		s := libraryScenario(t, "bench/mm1")
		libraryRate(t, s, "load.clients.rate", fmt.Sprintf("%g/s", rho))
		l := replicated(t, s, func(c *sim.Settings) { c.Duration = 300_000 * time.Second })
		q, err := theory.MMC(rho, 1, 1)
		if err != nil {
			t.Fatal(err)
		}
		_, p50 := q.Quantiles(0.5)
		_, p99 := q.Quantiles(0.99)
		l.near("mm1", "load.clients.confirmed.latency.mean", q.Sojourn, 0)
		l.near("mm1", "load.clients.confirmed.latency.p50", p50, 0.005)
		l.near("mm1", "load.clients.confirmed.latency.p99", p99, 0.005)
		l.near("mm1", "service.server.waiting.mean", q.Waiting, 0)
		l.near("mm1", "service.server.utilization", rho, 0)
	}

	s := libraryScenario(t, "bench/sync-chain")
	l := replicated(t, s, func(c *sim.Settings) { c.Duration = 2 * time.Minute })
	l.near("sync-chain", "load.users.confirmed.latency.mean", 0.021, 0)
	// 4 ms and the sum of three exponentials; percentiles have an error of 0.5 %.
	l.near("sync-chain", "load.users.confirmed.latency.p50", 0.01837257, 0.005)
	l.near("sync-chain", "load.users.confirmed.latency.p99", 0.05918784, 0.005)
	libraryRate(t, s, "load.users.rate", "2500/s")
	l = replicated(t, s, func(c *sim.Settings) { c.Duration = 21 * time.Second })
	// No closed form: workers are held by those behind. The anchors have 21.29 ms.
	l.near("sync-chain", "load.users.confirmed.latency.mean", 0.02129, 0.0005)

	s = libraryScenario(t, "bench/broker-flow")
	for _, rate := range []float64{200, 2500} {
		libraryRate(t, s, "load.users.rate", fmt.Sprintf("%g/s", rate))
		l = replicated(t, s, func(c *sim.Settings) { c.Duration = time.Second + time.Duration(60_000/rate)*time.Second })
		// A network of Jackson's: redeliveries make the rate 1/0.99 of it everywhere.
		q := rate / 0.99
		mean := 0.003
		for _, stage := range []struct {
			workers int
			work    float64
		}{{64, 0.002}, {64, 0.005}, {32, 0.010}} {
			one, err := theory.MMC(q, stage.work, stage.workers)
			if err != nil {
				t.Fatal(err)
			}
			mean += one.Sojourn / 0.99
		}
		l.near("broker-flow", "load.users.confirmed.latency.mean", mean, 0)
		l.exact("broker-flow", "load.users.failed", 0, 0)
	}
}

// TestTheorySum: a round trip is the sum of its hops, also when every hop varies.
func TestTheorySum(t *testing.T) {
	t.Parallel()
	s := libraryScenario(t, "sync-vs-async",
		"constant(50/s)", "poisson(50/s)", "work: 10ms", "work: exp(10ms)", "work: 20ms", `work: "uniform(0ms, 40ms)"`,
		"work: 30ms", `work: "gamma(30ms, cv=0.5)"`, "latency: 2ms", "latency: exp(2ms), order: none", "latency: 5ms", `latency: "normal(5ms, 1ms)", order: none`,
		"latency: 3ms", "latency: exp(3ms), order: none")
	l := replicated(t, s, nil)
	l.near("http", "load.client.confirmed.latency.mean", 0.078, 0)
	l.near("bus", "load.client.accepted.latency.mean", 0.026, 0)
	l.near("bus", "load.client.confirmed.latency.mean", 0.084, 0)
	l.near("http", "service.a.busy.mean", 50*0.068, 0) // Little's law
	l.near("bus", "service.a.busy.mean", 50*0.017, 0)
	for _, design := range []string{"http", "bus"} { // every accepted operation counts, whichever comes first
		for i, v := range l.values(design, "load.client.offered") {
			if a := l.values(design, "load.client.accepted")[i]; v-a > 20 {
				t.Errorf("%s: of %g operations %g were accepted", design, v, a)
			}
		}
	}
}

// TestTheoryOrderFlow: an outage of d leaves λd orders, worked off at μ-λ.
func TestTheoryOrderFlow(t *testing.T) {
	t.Parallel()
	for _, d := range []float64{20, 60} {
		s := libraryScenario(t, "order-flow", "for: 30s", fmt.Sprintf("for: %gs", d))
		l := replicated(t, s, nil)
		l.near("chain", "load.shoppers.completed.ratio", 1-d/540, 0)
		l.near("chain", "load.shoppers.failed.refused", 50*d, 0)
		for _, design := range []string{"broker", "hybrid"} {
			l.exact(design, "load.shoppers.failed", 0, 0)
		}
		l.near("broker", "load.shoppers.accepted.latency.mean", 0.045, 0)
		l.near("hybrid", "load.shoppers.accepted.latency.mean", 0.052, 0)
		l.near("broker", "queue.bus/placed/pay.depth.max", 50*d, 0.005)
		l.near("hybrid", "queue.bus/reserved.depth.max", 50*d, 0.005)
		// The 12 orders that payment holds have left the queue before they are done.
		l.near("broker", "queue.bus/placed/pay.drain_time", (50*d-12)/(150-50), 0.01)
	}
}

// TestTheoryTracing: the senders' numbers are the same with the outage and
// without, to the bit, and all traces are stored.
func TestTheoryTracing(t *testing.T) {
	t.Parallel()
	for _, d := range []float64{20, 60, 90} {
		l := replicated(t, libraryScenario(t, "tracing-outage", "for: 1min", fmt.Sprintf("for: %gs", d)), nil)
		calm, _ := l.r.Design("calm")
		for _, m := range calm.Metrics {
			if !strings.HasPrefix(m.Name, "load.") && !strings.HasPrefix(m.Name, "service.shop.") && !strings.HasPrefix(m.Name, "service.pay.") {
				continue
			}
			for i, v := range l.values("queued", m.Name) {
				if math.Float64bits(v) != math.Float64bits(m.Values[i]) {
					t.Errorf("%s is %v with the outage and %v without", m.Name, v, m.Values[i])
				}
			}
		}
		l.near("queued", "queue.bus/traces.depth.max", 100*d, 0.005)
		l.near("queued", "queue.bus/traces.drain_time", (100*d-40)/(400-100), 0.02) // 40 are in the tracer's hands
		for i, published := range l.values("queued", "queue.bus/traces.published") {
			if stored := l.values("queued", "service.tracer.completed")[i]; stored < published || stored > published+40 {
				t.Errorf("of %g traces %g were stored", published, stored)
			}
		}
	}
}

// TestTheoryConsumers: k consumers do k times the work of one in the same time.
func TestTheoryConsumers(t *testing.T) {
	t.Parallel()
	for _, k := range []int{1, 2, 3, 5, 8} {
		s := libraryScenario(t, "order-queue", "instances: 2}", fmt.Sprintf("instances: %d}", k))
		l := replicated(t, s, func(c *sim.Settings) { c.Duration, c.Warmup = 110*time.Second, 10*time.Second })
		l.exact("two", "service.worker.completed.rate", 0.5*float64(k), 0.01*float64(k)) // one more or less at each end
		l = replicated(t, s, nil)
		l.exact("two", "load.shop.completed", 480, 0)
		l.exact("two", "service.worker.thread_seconds", 960, 1e-6)
		// 480 orders in turn, the last of which came after 119.75 s; a consumer's first comes
		// at most k/4 s into the run.
		l.exact("two", "load.shop.confirmed.latency.max", max(math.Ceil(480/float64(k))*2-119.75, 2), 0.25*float64(k))
	}
	// What a crashed consumer held is lost, all it was handed and has not done or
	// its prefetch where one is declared, or delivered again.
	for _, held := range []float64{1, 2, 5, 9} {
		l := replicated(t, libraryScenario(t, "order-queue", "prefetch: 5", fmt.Sprintf("prefetch: %g", held)), nil)
		l.exact("automatic", "load.shop.failed.lost", 61-30, 0)
		l.exact("automatic", "load.shop.completed", 480-31, 0)
		p := replicated(t, libraryScenario(t, "order-queue", "prefetch: unlimited", fmt.Sprintf("prefetch: %g", held)), nil)
		p.exact("automatic", "load.shop.failed.lost", held, 0)
		p.exact("automatic", "load.shop.completed", 480-held, 0)
		l.exact("manual", "queue.rabbit/orders.redelivered", held, 0)
		l.exact("manual", "load.shop.completed", 480, 0)
		l.exact("manual", "service.worker.duplicates", 1, 0)
	}
}

// TestTheoryPeak: a burst of rate A over capacity C for T leaves (A-C)T, which
// drain at C minus the base rate.
func TestTheoryPeak(t *testing.T) {
	t.Parallel()
	for _, p := range []struct{ a, c, span, base float64 }{{150, 50, 30, 20}, {100, 40, 20, 10}, {400, 100, 15, 60}} {
		for _, process := range []string{"constant", "poisson"} {
			s := libraryScenario(t, "peak-shaving",
				"constant(bursts(base=20/s, peak=150/s, for=30s,", fmt.Sprintf("%s(bursts(base=%g/s, peak=%g/s, for=%gs,", process, p.base, p.a, p.span),
				"workers: 5\n", fmt.Sprintf("workers: %g\n", p.c/10))
			l := replicated(t, s, nil)
			backlog := (p.a - p.c) * p.span
			if process == "constant" { // 2 C/10 of them are in the mill's hands
				l.exact("shaved", "queue.bus/orders.depth.max", backlog, p.c/5)
				l.exact("shaved", "queue.bus/orders.drain_time", backlog/(p.c-p.base), p.c/5/(p.c-p.base)+0.2)
			} else {
				l.near("shaved", "queue.bus/orders.depth.max", backlog, 0.01)
				l.near("shaved", "queue.bus/orders.drain_time", backlog/(p.c-p.base), 0.02)
			}
			l.exact("shaved", "load.shoppers.failed", 0, 0)
		}
	}
}

// TestTheoryDominoes: the availability of a chain is the product of its parts.
func TestTheoryDominoes(t *testing.T) {
	t.Parallel()
	for _, errors := range []float64{0.01, 0.05} {
		for n, cut := range map[int]string{3: "call: pay/do", 4: "call: mail/do", 5: ""} {
			edits := []string{"factor: 500", "factor: 1", "errors: 1%", fmt.Sprintf("errors: %g%%", 100*errors)}
			if cut != "" {
				edits = append(edits, ", "+cut, "")
			}
			l := replicated(t, libraryScenario(t, "dominoes", edits...), func(c *sim.Settings) { c.Duration = 3 * time.Minute })
			l.near("chain", "load.shoppers.completed.ratio", math.Pow(1-errors, float64(n)), 0.0002) // 0.0002: still on their way
			l.near("broker", "load.shoppers.completed.ratio", 1-errors, 0.0002)
		}
	}
	// While mail is slow it does 20 in 5 s; the others wait for it with every worker. An
	// order is 5 s with mail, and 40 ms at work and 8 ms on the way before.
	l := replicated(t, libraryScenario(t, "dominoes"), func(c *sim.Settings) { c.Warmup, c.Duration = 320*time.Second, 360*time.Second })
	l.near("chain", "service.mail.busy.mean", 20*5/5.048, 0.002)
	l.near("chain", "service.mail.completed.rate", 4*0.99, 0)
	for _, service := range []string{"web", "cart", "stock", "pay"} {
		l.near("chain", "service."+service+".blocked.mean", 20, 0.02)
		l.near("broker", "service."+service+".blocked.mean", 0, 0)
	}
	l.near("broker", "service.web.busy.mean", 50*0.99*0.010, 0)
	l.near("broker", "load.shoppers.accepted.ratio", 0.99, 0.0005)
}
