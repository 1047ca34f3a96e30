package scenarios_test

// What theory says about the scenarios of ways to communicate, with other numbers
// than those of the files.

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"asynclab/scenarios"
	"asynclab/sim"
	"asynclab/sim/warning"
)

// TestTheoryPolling: half an interval of waiting, and one empty poll for each whole
// interval of the work.
func TestTheoryPolling(t *testing.T) {
	t.Parallel()
	s := libraryScenario(t, "polling", "uniform(4s, 8s)", "uniform(1s, 5s)", "faults:\n  - {at: 60.1s, for: 10s, crash: shop}\n", "")
	l := replicated(t, s, nil)
	l.near("callback", "load.customers.confirmed.latency.mean", 3.031, 0)
	l.near("long", "load.customers.confirmed.latency.mean", 3.031, 0)
	// Where the interval does not go into the work: of 1 to 2 s, 2 to 4 s and 4 to 5 s, all
	// found at the end of theirs.
	l.near("poll", "load.customers.confirmed.latency.mean", 0.031+0.25*2+0.5*4+0.25*6, 0)
	l.near("often", "load.customers.confirmed.latency.mean", 0.031+3+0.5, 0)
	l.near("poll", "edge.shop/buy->provider/result.failed.error", 360*(0.25*0+0.5*1+0.25*2), 0)
	l.near("often", "edge.shop/buy->provider/result.failed.error", 360*(1+2+3+4)/4, 0)
	l.exact("poll", "load.customers.failed", 0, 0)
}

// TestTheorySubscription: a subscriber that stands still for T leaves rate x T with
// whoever keeps its line, and that is what a crash of the sender costs.
func TestTheorySubscription(t *testing.T) {
	t.Parallel()
	for _, rate := range []float64{10, 40} {
		s := libraryScenario(t, "direct-subscription", "for: 1min, pause", "for: 45s, pause", "constant(20/s)", fmt.Sprintf("constant(%g/s)", rate))
		l := replicated(t, s, func(c *sim.Settings) { c.Replications = 2 })
		l.exact("tell", "bulkhead.prices->archive.waiting.max", rate*45, 0)
		l.exact("one-line", "service.prices.waiting.max", rate*45, 0)
		l.exact("broker", "queue.bus/news/archive.depth.max", rate*45+1, 0)
		l.exact("crash", "service.archive.completed", rate*(170-1-30), 1)
		l.exact("spared", "service.archive.completed", rate*(170-1)+1, 1)
		l.exact("tell", "load.market.confirmed.latency.max", 0.005, 1e-9)
	}
}

// peersText is a graph of peers which flood what they hear, from the first one on.
func peersText(n int, edges [][2]int, polite, remember bool) string {
	neighbours := make([][]int, n)
	for _, e := range edges {
		neighbours[e[0]], neighbours[e[1]] = append(neighbours[e[0]], e[1]), append(neighbours[e[1]], e[0])
	}
	var b strings.Builder
	b.WriteString("version: 1\nname: peers\nrun: {duration: 10s}\nsilence: [goes-round, lost-unseen]\nlinks: {default: {latency: \"uniform(5ms, 15ms)\"}}\n")
	b.WriteString("load: {news: {to: n0/hear, arrivals: constant(1/s), count: 5}}\nservices:\n")
	for i := range n {
		fmt.Fprintf(&b, "  n%d: {workers: unlimited, stores: {seen: {key: operation, ttl: 10s}}, on: {hear: [", i)
		if remember {
			b.WriteString("{stop: , when: seen}, set: seen, ")
		}
		for k, j := range neighbours[i] {
			if k > 0 {
				b.WriteString(", ")
			}
			if fmt.Fprintf(&b, "{send: n%d/hear, set: {from: n%d}", j, i); polite {
				fmt.Fprintf(&b, ", when: not from == n%d", j)
			}
			b.WriteString("}")
		}
		b.WriteString("]}}\n")
	}
	return b.String()
}

// TestTheoryFlooding: flooding costs 2E messages, and 2E-(N-1) where nobody tells
// the one he has it from, whatever the graph and the latencies. Without a memory only
// the run's bound ends it.
func TestTheoryFlooding(t *testing.T) {
	t.Parallel()
	var grid, mesh, tree [][2]int
	for i := range 25 {
		if i%5 < 4 {
			grid = append(grid, [2]int{i, i + 1})
		}
		if i < 20 {
			grid = append(grid, [2]int{i, i + 5})
		}
		for j := range i {
			mesh = append(mesh, [2]int{j, i})
		}
		if i > 0 {
			tree = append(tree, [2]int{(i - 1) / 2, i})
		}
	}
	run := func(text string, change func(*sim.Settings)) *sim.Result {
		s, err := scenarios.Parse(nil, "peers.yaml", []byte(text))
		if err != nil {
			t.Fatal(err)
		}
		return libraryRun(t, s, change)
	}
	for _, c := range []struct {
		n             int
		edges         [][2]int
		flood, polite float64
	}{{5, [][2]int{{0, 1}, {1, 2}, {2, 3}, {3, 0}, {3, 4}}, 10, 6}, {25, grid, 80, 56}, {25, mesh, 600, 576}, {25, tree, 48, 24}} {
		for polite, want := range map[bool]float64{false: c.flood, true: c.polite} {
			l := libraryTheory{t, run(peersText(c.n, c.edges, polite, true), nil)}
			sent, known := -5.0, 0.0
			for i := range c.n {
				sent += l.values("peers", fmt.Sprintf("service.n%d.arrived", i))[0]
				known += l.values("peers", fmt.Sprintf("store.n%d/seen.writes", i))[0]
			}
			if sent != 5*want || known != 5*float64(c.n) {
				t.Errorf("%d peers, %d edges, polite %v: %g messages for 5 news, want 5 of %g; %g times heard", c.n, len(c.edges), polite, sent, want, known)
			}
		}
	}
	d := run(peersText(25, mesh, true, false), func(s *sim.Settings) { s.MaxEvents = 3000 }).Designs[0]
	if !slices.ContainsFunc(d.Warnings, func(w warning.Warning) bool { return w.Kind == warning.BudgetEvents }) {
		t.Errorf("peers without a memory: %v", d.Warnings)
	}
}

// TestTheoryDiscovery: a registry is wrong for its time to live, less the age of the last
// sign of life; what is kept adds up to its own.
func TestTheoryDiscovery(t *testing.T) {
	t.Parallel()
	s := libraryScenario(t, "discovery", "ttl: 15s", "ttl: 25s", "ttl: 20s", "ttl: 30s", "constant(12/min)", "constant(20/min)")
	l := replicated(t, s, func(c *sim.Settings) { c.Replications = 2 })
	l.exact("ask", "load.first.failed.refused", 10*(60+25-60.1), 1)
	l.exact("drop", "edge.shop/ask->pay/do#instead.ok", 10*(60+25-60.1), 1)
	// Kept since 0.05, 30.15 and 60.25 s.
	l.exact("keep", "load.first.failed.refused", 10*(60.25+30-60.1), 1)
	l.exact("drop", "load.first.failed", 0, 0)
}

// TestTheoryDuplex: a window of n over a way of d, with blocks that take t: in turns
// n/2(nt+2d) a direction, in both n/(nt+d), for acknowledgements wait behind a window of
// blocks, and alone what the line carries.
func TestTheoryDuplex(t *testing.T) {
	t.Parallel()
	s := libraryScenario(t, "full-duplex", "latency: 50ms", "latency: 20ms", "times: 8", "times: 5", "users: 8", "users: 5")
	l := replicated(t, s, func(c *sim.Settings) { c.Replications = 2 })
	l.exact("stop", "load.east.throughput", 1/0.1401, 0.02)
	l.exact("half", "load.west.throughput", 1/0.2802, 0.02)
	l.exact("turns", "load.east.throughput", 1/(2*0.5401), 0.02)
	l.exact("window", "load.east.throughput", 5/0.52, 0.05)
	l.exact("alone", "load.east.throughput", 10, 0.01)
}

// TestTheoryReconciliation: what is found is what was lost and what came twice, for any
// shares, and the books agree to the last coin.
func TestTheoryReconciliation(t *testing.T) {
	t.Parallel()
	s := libraryScenario(t, "reconciliation", "loss: 2%, duplicate: 5%", "loss: 7%, duplicate: 3%")
	l := replicated(t, s, nil)
	for i, sold := range l.values("nightly", "counter.shop/books/sold.value.final") {
		lost, twice := l.values("trust", "load.customers.failed.lost")[i], l.values("trust", "service.bank.duplicates")[i]
		if v := l.values("nightly", "counter.bank/repairs/booked.value.final")[i]; v != lost {
			t.Errorf("%g were lost, %g are booked later", lost, v)
		}
		if v := l.values("nightly", "counter.bank/repairs/undone.value.final")[i]; v != twice {
			t.Errorf("%g came twice, %g are undone", twice, v)
		}
		if v := l.values("nightly", "counter.bank/ledger/money.value.final")[i]; v != sold {
			t.Errorf("%g sold, %g in the bank's books", sold, v)
		}
	}
	l.near("trust", "load.customers.failed.ratio", 0.07, 0)
	// A second, and what is left of the day, whose last 5 s are before the end of the load.
	l.near("nightly", "load.customers.confirmed.latency.mean", 0.07*31, 0.03)
}

// TestTheorySessions: a crash of one of n instances costs as many sessions as belong to it.
func TestTheorySessions(t *testing.T) {
	t.Parallel()
	s := libraryScenario(t, "sessions", "instances: 4", "instances: 2", "(1, 400)", "(1, 200)")
	l := replicated(t, s, func(c *sim.Settings) { c.Replications = 4 })
	l.exact("sticky", "store.web/sessions.lost", 100, 0)
	l.exact("sticky", "service.login.completed", 300, 12)
	l.exact("roaming", "service.login.completed", 600, 18)
	l.exact("stateless", "service.login.completed", 200, 8)
	l.near("sticky", "load.users.failed.refused", 50*10, 0)
}

// TestTheoryTwoPhase: a participant is blocked from its vote until the coordinator is back
// and has decided, whatever the length of the crash.
func TestTheoryTwoPhase(t *testing.T) {
	t.Parallel()
	for _, down := range []float64{2, 17} {
		s := libraryScenario(t, "two-phase-commit", "for: 10s, crash", fmt.Sprintf("for: %gs, crash", down))
		l := replicated(t, s, func(c *sim.Settings) { c.Replications = 2 })
		l.exact("two-phase", "store.stock/goods.lock_wait.max", down+0.04, 1e-9)
		l.exact("two-phase", "load.online.confirmed.latency.max", down+0.09, 1e-9)
		l.exact("saga", "load.online.confirmed.latency.max", down+0.09, 1e-9)
		l.exact("saga", "load.walk-in.confirmed.latency.max", 0.09, 1e-9)
		l.exact("events", "load.online.failed", 2*down, 0)
	}
}

// rounds is the mean number of rounds until all of n know a news, of which each who knows
// it tells as many as fan at random, himself among them, and each message gets through
// with p. The number of those who know it is a Markov chain.
func rounds(n, fan int, p float64) float64 {
	know := make([]float64, n+1)
	know[1] = 1
	mean := 0.0
	for know[n] < 1-1e-12 {
		mean += 1 - know[n]
		next := make([]float64, n+1)
		for k, at := range know {
			after := make([]float64, n+2)
			after[k] = at
			for range k * fan {
				for j := n; j >= k; j-- { // one more message
					hit := float64(p * float64(n-j) / float64(n))
					after[j+1] += float64(after[j] * hit)
					after[j] *= 1 - hit
				}
			}
			for j := range next {
				next[j] += after[j]
			}
		}
		know = next
	}
	return mean
}

// TestTheoryGossip: rounds until all know a news.
func TestTheoryGossip(t *testing.T) {
	t.Parallel()
	s := libraryScenario(t, "gossip", "instances: 25", "instances: 12", "count: 25", "count: 12", "p: 80%", "p: 60%")
	l := replicated(t, s, nil)
	l.near("one", "load.news.confirmed.latency.mean", rounds(12, 1, 1), 0.01)
	l.near("two", "load.news.confirmed.latency.mean", rounds(12, 2, 1), 0.01)
	l.near("lossy", "load.news.confirmed.latency.mean", rounds(12, 1, 0.6), 0.02)
}
