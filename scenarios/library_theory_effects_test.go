package scenarios_test

// What theory says about the scenarios of lines, retries and messages, with other
// numbers than those of the files: it is the formula which is held.

import (
	"fmt"
	"math"
	"testing"
	"time"

	"asynclab/sim"
)

// TestTheoryStorm: a failure outlives its trigger where the load times the
// attempts is more than the capacity, 50/s, and only there.
func TestTheoryStorm(t *testing.T) {
	t.Parallel()
	for _, p := range []struct {
		rate, attempts int
		want           float64
	}{{30, 3, 0}, {30, 2, 0}, {14, 3, 1}, {20, 2, 1}} {
		s := libraryScenario(t, "retry-storm",
			"poisson(30/s)", fmt.Sprintf("poisson(%d/s)", p.rate), "attempts: 3", fmt.Sprintf("attempts: %d", p.attempts))
		l := replicated(t, s, func(c *sim.Settings) { c.Warmup, c.Replications = 130*time.Second, 3 })
		l.exact("storm", "load.clients.completed.ratio", p.want, 0)
		l.exact("backoff", "load.clients.completed.ratio", p.want, 0)
		for _, design := range []string{"single", "guarded", "budgeted", "short"} {
			l.exact(design, "load.clients.completed.ratio", 1, 0)
		}
	}
}

// TestTheoryKnee: Pollaczek and Khinchine.
func TestTheoryKnee(t *testing.T) {
	t.Parallel()
	s := libraryScenario(t, "knee", "cv=2", "cv=1.2")
	libraryRate(t, s, "load.customers.rate", "5/s")
	l := replicated(t, s, nil)
	for design, square := range map[string]float64{"even": 0, "random": 1, "rough": 1.2 * 1.2} {
		l.near(design, "service.desk.wait.mean", 0.5/(1-0.5)*(1+square)/2*0.1, 0)
		l.near(design, "service.desk.utilization", 0.5, 0)
	}
}

// TestTheoryPriority: Cobham's waits, and those with preemption.
func TestTheoryPriority(t *testing.T) {
	t.Parallel()
	const urgent, normal, work = 3, 3, 0.1
	s := libraryScenario(t, "priority", "poisson(2/s)", fmt.Sprintf("poisson(%d/s)", urgent), "poisson(6/s)", fmt.Sprintf("poisson(%d/s)", normal))
	l := replicated(t, s, nil)
	first, all := urgent*work, (urgent+normal)*work
	left := all * work // of the job in progress
	l.near("fifo", "load.urgent.confirmed.latency.mean", work+left/(1-all), 0)
	l.near("priority", "load.urgent.confirmed.latency.mean", work+left/(1-first), 0)
	l.near("priority", "load.normal.confirmed.latency.mean", work+left/(1-first)/(1-all), 0)
	l.near("preemptive", "load.urgent.confirmed.latency.mean", work/(1-first), 0)
	l.near("preemptive", "load.normal.confirmed.latency.mean", work/(1-first)+left/(1-first)/(1-all), 0)
}

// TestTheoryTail: a fan-out to n is slow with the chance 1 - 0.99^n, and to pairs
// of copies with 1 - (1 - 0.01²)^n.
func TestTheoryTail(t *testing.T) {
	t.Parallel()
	l := replicated(t, libraryScenario(t, "tail", "times: 100", "times: 40", "1: 1s", "4: 1s", "99: 10ms", "96: 10ms"), nil)
	l.near("hundred", "load.readers.confirmed.latency.mean", 0.01+0.99*(1-math.Pow(0.96, 40)), 0)
	l.near("ten", "load.readers.confirmed.latency.mean", 0.01+0.99*(1-math.Pow(0.96, 10)), 0)
	l.near("twice", "service.shard.sojourn.mean", 0.01+0.99*0.04, 0)
}

// TestTheoryFailsFast: the birth-death chain of the healthy instances that work.
func TestTheoryFailsFast(t *testing.T) {
	t.Parallel()
	const rate, work = 20, 0.1
	s := libraryScenario(t, "fails-fast")
	libraryRate(t, s, "load.clients.rate", fmt.Sprintf("%d/s", rate))
	l := replicated(t, s, nil)
	for design, tries := range map[string]float64{"least-busy": 1, "retry": 3} {
		sum, failed, p := 0.0, 0.0, 1.0
		for busy := range 4 {
			fails := math.Pow(1/float64(4-busy), tries)
			sum, failed = sum+p, failed+p*fails
			p *= rate * (1 - fails) / (float64(busy+1) / work)
		}
		// Three tries at one instant find the same workers busy.
		l.near(design, "load.clients.failed.ratio", failed/sum, 0)
	}
	l.near("in-turn", "load.clients.failed.ratio", 0.25, 0.001)
}

// TestTheoryConsumerOrder: (k-1)/2k of all neighbours change places with k
// consumers, p/(1+p) with one that fails and has others in hand.
func TestTheoryConsumerOrder(t *testing.T) {
	t.Parallel()
	s := libraryScenario(t, "consumer-order", "workers: 4", "workers: 3", "errors: 10%", "errors: 25%")
	l := replicated(t, s, nil)
	l.near("four", "service.worker.inversions", 2000.0/3, 0.001)
	l.near("two", "service.worker.inversions", 2000.0/4, 0.001)
	l.near("retry", "service.worker.inversions", 2000*0.25/1.25, 0.001)
	l.near("retry", "queue.bus/work.redelivered", 2000*0.25/0.75, 0)
	for _, design := range []string{"one", "alone"} {
		l.exact(design, "service.worker.inversions", 0, 0)
	}
}

// TestTheoryVisibility: the n-th delivery comes if none before has ended, or if
// each before took too long.
func TestTheoryVisibility(t *testing.T) {
	t.Parallel()
	s := libraryScenario(t, "visibility", "visibility: 20s", "visibility: 12s", "faults:\n  - {at: 7min, for: 1s, crash: worker, instance: 2}\n", "")
	l := replicated(t, s, nil)
	q := math.Exp(-12.0 / 10)
	l.near("short", "queue.cloud/jobs.redelivered.ratio", q+math.Pow(q, 3)+math.Pow(q, 6)+math.Pow(q, 10), 0)
	l.near("strict", "queue.cloud/jobs.redelivered.ratio", q/(1-q), 0)
	l.exact("long", "load.source.failed", 0, 0)
}

// TestTheoryLossy: what one more try costs by a timeout, by the link, and by a
// link in order, which is a line.
func TestTheoryLossy(t *testing.T) {
	t.Parallel()
	const p, rate, again = 0.03, 40, 0.2
	s := libraryScenario(t, "lossy-link", "loss: 5%", "loss: 3%", "poisson(25/s)", fmt.Sprintf("poisson(%d/s)", rate))
	l := replicated(t, s, func(c *sim.Settings) { c.Duration = 3 * time.Minute })
	odds := p / (1 - p)
	l.near("raw", "load.clients.completed.ratio", 1-p, 0)
	l.near("retry", "load.clients.confirmed.latency.mean", 0.03+odds, 0)
	l.near("resend", "load.clients.confirmed.latency.mean", 0.03+odds*again, 0)
	wait := rate * again * again * p * (1 + p) / (1 - p) / (1 - p) / 2 / (1 - rate*again*odds)
	l.near("stream", "load.clients.confirmed.latency.mean", 0.03+odds*again+wait, 0)
}

// TestTheoryAvailability: MTBF/(MTBF+MTTR), and products.
func TestTheoryAvailability(t *testing.T) {
	t.Parallel()
	s := libraryScenario(t, "availability", "exp(9s)", "exp(4s)")
	l := replicated(t, s, nil)
	const up = 0.8
	l.near("chain", "service.shop.instances.mean", up, 0)
	l.near("chain", "load.customers.completed.ratio", up*up*up, 0)
	l.near("spare", "load.customers.completed.ratio", up*(1-(1-up)*(1-up))*(1-(1-up)*(1-up)), 0)
	l.near("queues", "load.customers.accepted.ratio", up, 0)
}

// TestTheoryWindow: throughput is window / round trip, and what losses make of it.
func TestTheoryWindow(t *testing.T) {
	t.Parallel()
	s := libraryScenario(t, "window", "latency: 50ms", "latency: 20ms", "users: 8", "users: 5", "loss: 10%", "loss: 20%")
	l := replicated(t, s, nil)
	l.exact("stop", "load.sender.throughput", 1/0.045, 0.02)
	l.exact("eight", "load.sender.throughput", 5/0.045, 0.1)
	l.exact("forty", "load.sender.throughput", 200, 0.1)
	l.near("lossy", "load.sender.confirmed.latency.mean", 0.045+0.36/0.64*0.5, 0.0005)
	l.near("lossy", "service.receiver.duplicates.ratio", 1-0.64/0.8, 0.002)
}
