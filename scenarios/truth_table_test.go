package scenarios_test

import (
	"fmt"
	"io"
	"math"
	"strings"
	"sync"
	"testing"
)

// truthKnown lists the reference cases, with what each is about, how much of it is
// expressed, and why not the rest.
var truthKnown = []struct {
	id, about string
	how       expressed
	why       string
}{
	{"A01", "open Poisson, 1 blocking worker", whole, ""},
	{"A02", "open Poisson heavy load", whole, ""},
	{"A03", "pool of c workers, shared queue", whole, ""},
	{"A04", "pool of c workers, shared queue", whole, ""},
	{"A05", "pool of c workers, shared queue", whole, ""},
	{"A06", "bounded pool, reject when busy (loss)", whole, ""},
	{"A07", "bounded queue, overflow drop", whole, ""},
	{"A08", "bounded queue + pool", whole, ""},
	{"A09", "deterministic service", whole, ""},
	{"A10", "lognormal service", whole, ""},
	{"A11", "hyperexponential / Erlang service", whole, ""},
	{"A12", "deterministic / Erlang arrivals", whole, ""},
	{"A13", "unlimited concurrency (async)", whole, ""},
	{"A14", "sync-free tandem chain of 3 stations", whole, ""},
	{"A15", "retry to tail of same queue (feedback)", whole, ""},
	{"A16", "probabilistic routing network", whole, ""},
	{"A17", "open network (published)", whole, ""},
	{"A18", "closed workload, think time", whole, ""},
	{"A19", "closed workload, 3 stations (published)", whole, ""},
	{"A20", "closed batch workload (published)", whole, ""},
	{"A21", "priority queue", whole, ""},
	{"A22", "processor sharing CPU", whole, ""},
	{"A23", "PS with 3 cores (published)", whole, ""},
	{"A24", "server vacation (GC pause / sleeping poller)", whole, ""},
	{"A26", "waiting-time expiry, exp patience (Erlang-A)", whole, ""},
	{"A29", "client timeout WITHOUT cancel, no retry", whole, ""},
	{"A30", "scatter-gather max", whole, ""},
	{"A32", "batch arrivals", whole, ""},
	{"A33", "batch consumer poll (max.poll.records)", whole, ""},
	{"A34", "transient start-up (no warm-up removal)", whole, ""},
	{"A35", "non-stationary burst, unlimited servers", whole, ""},
	{"A36", "load balancing policies", whole, ""},
	{"A37", "power of two choices", whole, ""},
	{"A38", "backpressure (blocking after service)", whole, ""},
	{"A39", "finite sources, loss (Engset)", whole, ""},
	{"A40", "LIFO discipline", whole, ""},
	{"A41", "sync call holds a thread / async frees it", whole, ""},
	{"B01", "sync chain availability", whole, ""},
	{"B02", "replicas / quorum", whole, ""},
	{"B03", "alternating renewal up/down", whole, ""},
	{"B05", "repair crews (published)", inPart, "(a) and (b); the crew of (c) waits for the second failure, which no fault says"},
	{"B06", "two-unit MTTF", whole, ""},
	{"B07", "sync chain latency vs parallel", whole, ""},
	{"B08", "tail at scale", whole, ""},
	{"B09", "fan-out with 1% slow servers", whole, ""},
	{"B10", "hedged request", whole, ""},
	{"C01", "bounded retries", whole, ""},
	{"C02", "nested retry amplification", whole, ""},
	{"C03", "timeout + immediate retry, no queueing", whole, ""},
	{"C04", "backoff schedules", whole, ""},
	{"C05", "backoff+jitter contention (AWS)", whole, ""},
	{"C10", "open vs closed load (coordinated omission)", whole, ""},
	{"D01", "at-least-once, ack loss", whole, ""},
	{"D02", "publisher confirms, both directions lossy", whole, ""},
	{"D04", "max deliveries + DLQ", whole, ""},
	{"D05", "burst smoothing (deterministic)", whole, ""},
	{"D06", "outage backlog", whole, ""},
	{"D07", "partitions vs consumer count", whole, ""},
	{"D08", "TTL under overload (deterministic)", whole, ""},
	{"D09", "partition key skew", whole, ""},
	{"D10", "network reorder", whole, ""},
	{"D12", "gossip spread", whole, ""},
	{"D13", "poll vs callback latency", whole, ""},
	{"D14", "prefetch window throughput", whole, ""},
	{"D17", "producer linger batching", whole, ""},
	{"D18", "loss + retransmit timer", whole, ""},
	{"D19", "network partition window", whole, ""},
	{"D20", "offset commit interval -> duplicates", whole, ""},
	{"D21", "pub/sub fan-out", whole, ""},
	{"D22", "Little / flow conservation", whole, ""},
	{"D23", "Amdahl/USL from synchronous repairman", nowhere, "a formula of scaling, checked by arithmetic: there is nothing to simulate"},
	{"E02", "saga with compensation", whole, ""},
	{"E03", "saga compensation with retries", whole, ""},
	{"E04", "2PC blocking on coordinator crash", whole, ""},
	{"E05", "saga vs 2PC availability", whole, ""},
	{"F01", "failing machines, one repairman (SimPy)", whole, ""},
	{"F02", "reneging (SimPy)", whole, ""},
	{"F03", "bank (Ciw)", whole, ""},
	{"F04", "Palm/ETH slides", whole, ""},
	{"F05", "multi-class closed (published)", whole, ""},
	{"F06", "time-shared CPU, round robin (Law&Kelton)", inPart, "the limit of short quanta, processor sharing: there is no quantum"},
	{"F07", "retry policies (Brooker code)", inPart, "without its breaker of retries alone: ours stands before every attempt"},
	{"F08", "metastable demo (happy-simulator)", whole, ""},
	{"F09", "stale queue goodput collapse (stability-sim)", whole, ""},
	{"F10", "cache-loss metastability", whole, ""},
	{"F11", "availability prediction (DeathStarBench)", nowhere, "a measurement of another system and its calibrated model: nothing here predicts it"},
	{"F12", "broker benchmarks", nowhere, "a benchmark of three products on given machines: nothing here predicts it"},
	{"A25s", "crash/repair, work resumes", whole, ""},
	{"A27s", "message TTL (expires only while queued)", whole, ""},
	{"A28s", "client deadline with server-side CANCEL", whole, ""},
	{"A31s", "fork-join with queueing", whole, ""},
	{"A42s", "thread pool pinned while downstream queues", whole, ""},
	{"B04s", "retry does not help correlated failures", whole, ""},
	{"C06s", "retry budget (token bucket)", whole, ""},
	{"C07s", "circuit breaker", whole, ""},
	{"C08s", "metastable retry storm threshold", whole, ""},
	{"C09s", "retry until accepted (503 + backoff)", whole, ""},
	{"D03s", "visibility timeout shorter than work", whole, ""},
	{"D11s", "competing consumers break order", whole, ""},
	{"D15s", "prefetch pins work on slow consumer", whole, ""},
	{"D16s", "crash loses work, restart from scratch", whole, ""},
	{"E01s", "two-phase commit latency", whole, ""},
}

// expressed is how much of a reference case the language can say.
type expressed uint8

const (
	whole expressed = iota
	inPart
	nowhere
)

// caseOf is the id of the reference case that a truth case expresses, wholly or in
// part: A06-5-4 and A07b stand for A06 and A07. What is no reference case, a sibling of
// our own, is "".
func caseOf(id string) string {
	id, _, _ = strings.Cut(id, "-")
	if len(id) == 4 && strings.ContainsAny(id[3:], "abcd") {
		id = id[:3]
	}
	for _, k := range truthKnown {
		if k.id == id {
			return id
		}
	}
	return ""
}

// aboutCase describes a truth case in a few words.
func aboutCase(id string) string {
	for _, k := range truthKnown {
		if k.id == caseOf(id) {
			return k.about
		}
	}
	return "closed form of our own"
}

// TestTruthComplete: every reference case has a truth case, or a reason why not.
func TestTruthComplete(t *testing.T) {
	tested := map[string]int{}
	for _, c := range truthCases() {
		tested[caseOf(c.id)] += len(c.values)
	}
	if len(truthKnown) != 102 {
		t.Errorf("there are %d reference cases, not 102", len(truthKnown))
	}
	seen := map[string]bool{}
	for _, k := range truthKnown {
		if seen[k.id] {
			t.Errorf("%s is listed twice", k.id)
		}
		seen[k.id] = true
		if (k.how == whole) != (k.why == "") {
			t.Errorf("%s: the reason %q does not fit", k.id, k.why)
		}
		if (tested[k.id] == 0) != (k.how == nowhere) {
			t.Errorf("%s: %d values are tested, and its reason is %q", k.id, tested[k.id], k.why)
		}
	}
}

// truthReport prints the cases in their order, each as soon as those before it are
// through: the full form takes its time.
type truthReport struct {
	out  io.Writer
	mu   sync.Mutex
	ids  []string
	done map[string][]judged
	next int // of ids
	bad  int // values
	all  int
}

func newTruthReport(out io.Writer, cases []truthCase) *truthReport {
	r := &truthReport{out: out, done: map[string][]judged{}}
	for _, c := range cases {
		r.ids = append(r.ids, c.id)
	}
	return r
}

// add takes the values of a case.
func (r *truthReport) add(id string, values []judged) {
	if r == nil {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.done[id] = values
	for ; r.next < len(r.ids) && r.done[r.ids[r.next]] != nil; r.next++ {
		r.print(r.ids[r.next])
	}
}

func (r *truthReport) print(id string) {
	if r.all == 0 {
		fmt.Fprintf(r.out, "%-34s %13s %13s %9s %7s  %s\n", "case and value", "expected", "measured", "4 se", "off, se", "verdict")
	}
	fmt.Fprintf(r.out, "%s  %s\n", id, aboutCase(id))
	for _, v := range r.done[id] {
		r.all++
		if v.verdict != "ok" {
			r.bad++
		}
		fmt.Fprintf(r.out, "    %-30s %13.7g %13.7g %9s %7s  %s\n", v.name, v.want, v.mean, v.width(), v.off(), v.verdict)
	}
}

// end prints what is left, what cannot be said, and the sum.
func (r *truthReport) end() {
	if r == nil {
		return
	}
	for ; r.next < len(r.ids); r.next++ { // those that were not asked for leave gaps
		if id := r.ids[r.next]; r.done[id] != nil {
			r.print(id)
		}
	}
	counts := [3]int{}
	fmt.Fprintf(r.out, "\nwhat the language cannot say\n")
	for _, k := range truthKnown {
		counts[k.how]++
		if k.how == nowhere {
			fmt.Fprintf(r.out, "  %-5s %s: %s\n", k.id, k.about, k.why)
		}
	}
	fmt.Fprintf(r.out, "\nwhat it says in part\n")
	for _, k := range truthKnown {
		if k.how == inPart {
			fmt.Fprintf(r.out, "  %-5s %s: %s\n", k.id, k.about, k.why)
		}
	}
	fmt.Fprintf(r.out, "\n%d values, %d not ok; of %d reference cases %d are expressed, %d of them in part, and %d cannot be said\n",
		r.all, r.bad, len(truthKnown), counts[whole]+counts[inPart], counts[inPart], counts[nowhere])
}

// judged is a value of a case and its verdict: ok, WRONG, or too wide.
type judged struct {
	name, verdict          string
	want, mean, se, z, tol float64
}

// width is four standard errors, relative where it can be.
func (j judged) width() string {
	switch {
	case j.se == 0:
		return "exact"
	case j.want == 0:
		return fmt.Sprintf("%.2g", 4*j.se)
	}
	return fmt.Sprintf("%.2f%%", 400*j.se/math.Abs(j.want))
}

// off is the difference in standard errors.
func (j judged) off() string {
	if j.se == 0 {
		return ""
	}
	return fmt.Sprintf("%+.1f", j.z)
}

// TestTruthVerdicts: the table says which values are right, wrong and too wide, in the
// order of the cases whichever ends first.
func TestTruthVerdicts(t *testing.T) {
	v := truth{"Wq", 10, 0.01, nil, statistical}
	right, wrong, wide := v.judge([]float64{9.99, 10, 10.01}), v.judge([]float64{10.9, 11, 11.1}), v.judge([]float64{2, 10, 18})
	fixed := truth{"n", 3, 0, nil, exact}
	one := fixed.judge([]float64{3, 3})
	var out strings.Builder
	r := newTruthReport(&out, []truthCase{{id: "A01"}, {id: "A07b"}, {id: "limit-loss"}, {id: "D02"}})
	r.add("limit-loss", []judged{wide})
	r.add("A07b", []judged{wrong, one})
	if out.Len() > 0 {
		t.Error("a case is printed before the first")
	}
	r.add("A01", []judged{right})
	r.end()
	table, rest, _ := strings.Cut(out.String(), "\n\n")
	want := `case and value                          expected      measured      4 se off, se  verdict
A01  open Poisson, 1 blocking worker
    Wq                                        10            10     0.23%    +0.0  ok
A07b  bounded queue, overflow drop
    Wq                                        10            11     2.31%   +17.3  WRONG
    n                                          3             3     exact          ok
limit-loss  closed form of our own
    Wq                                        10            10   184.75%    +0.0  too wide`
	if table != want {
		t.Errorf("the table is\n%s\nnot\n%s", table, want)
	}
	if !strings.Contains(rest, "  D23   Amdahl/USL from synchronous repairman: a formula") || !strings.Contains(rest, "\n4 values, 2 not ok; of 102 reference cases 99 are expressed") {
		t.Errorf("what cannot be said is\n%s", rest)
	}
}
