// The truth tests hold the engine, through the scenario language, against
// results that nobody here produced: closed forms of queueing theory, exactly
// solved Markov chains, textbook examples and published simulations. Cases are
// named as in the table of their sources: A queueing, B availability and tails,
// C retries, D messaging, E transactions, F published peers.
//
// The quick form runs with every go test: many short replications. The full
// form runs as long as the table says and asks for narrow intervals:
//
//	make truth
//
// prints a table of every value: expected, measured, four standard errors, verdict.
//
// A stochastic value passes when the mean of the replications is within four
// standard errors of the truth (or within 0.2 % of it), and four standard
// errors are at most the tolerance: in the full form the one in the table, in
// the quick form ten times that. Percentiles may be off by another 0.5 %, the
// error of the histogram. The seed of a case is a hash of its id, so that cases
// are independent; nobody changes it to make one pass.
//
// The table of the reference cases (truth_table_test.go) says which are left out or
// expressed in part, and why; TestTruthComplete holds that there is no other.
package scenarios_test

import (
	"context"
	"flag"
	"fmt"
	"hash/fnv"
	"math"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"asynclab/scenarios"
	"asynclab/sim"
	"asynclab/sim/engine"
	"asynclab/sim/measure"
)

var truthFull = flag.Bool("truth.full", false, "run the truth cases as long as their sources ask for")

const quickSpread = 10 // times wider than the full form

// truthCase is a scenario and what is known about it. Its text leaves out
// version, name and run, which the harness writes.
type truthCase struct {
	id, text string
	seconds  float64 // simulated by a replication of the full form
	quick    float64 // share of that in the quick form; 0: 8 %
	stretch  float64 // of the full form, where the length its source names is too short for its tolerance
	warmup   string  // default 10%
	drain    string  // default that of the language
	reps     int     // default 20
	quickRep int     // default reps
	// drive advances a run by hand, with observers, and may note extra values;
	// without it the case goes through sim.Run.
	drive  func(w *watched)
	window measure.Span // where drive is: metrics of loads of the operations that arrive in it are "in window NAME"
	values []truth
}

// truth is a value that is known.
type truth struct {
	name string
	want float64
	tol  float64 // of the full form; relative, or absolute where want is 0 or kind says so
	of   calc
	kind truthKind
}

type truthKind uint8

const (
	statistical truthKind = iota // within standard errors
	absolute                     // the same; the tolerance is absolute
	exact                        // every replication within ± tol, absolute
	near                         // the mean within the tolerance, as its source is a simulation too
	above                        // between the truth, an asymptote, and the tolerance above it
	rounded                      // statistical; the source has rounded it to the digits that are given here
	long                         // statistical, and only in the full form: the percentiles of slow queues
)

// sample is what a replication gave, by design in their order.
type sample struct {
	metrics []designMetrics
	watched map[string]*watched // by design, where the case drives its runs
}

type designMetrics struct {
	design string
	of     map[string]float64
}

// metric finds a metric: "design|name", or the name alone, of the last design that has it.
func (s *sample) metric(name string) float64 {
	design, rest, named := strings.Cut(name, "|")
	if !named {
		rest = name
	}
	for _, d := range slices.Backward(s.metrics) {
		if v, ok := d.of[rest]; ok && (!named || d.design == design) {
			return v
		}
	}
	panic("there is no metric " + name)
}

func truthCases() (all []truthCase) {
	for _, group := range [][]truthCase{truthQueues, truthRooms, truthNetworks, truthDisciplines, truthTransients,
		truthAvailability, truthTails, truthRetries, truthStorms, truthQueued, truthLinks, truthDeterministic, truthOrder,
		truthTransactions, truthPeers, truthMechanisms, truthAttributes, truthStores, truthContention, truthGossip, truthTimelines, truthTheory} {
		all = append(all, group...)
	}
	return all
}

func TestTruth(t *testing.T) {
	if testing.Short() {
		t.Skip("statistics take their time")
	}
	bits := truthBits{ran: map[string]bool{}, lines: map[string]string{}}
	var report *truthReport
	if *truthFull {
		report = newTruthReport(os.Stdout, truthCases())
	}
	t.Cleanup(func() { report.end(); bits.check(t) }) // when the cases are through
	for _, c := range truthCases() {
		t.Run(c.id, func(t *testing.T) {
			t.Parallel()
			c.check(t, &bits, report)
		})
	}
}

func (c *truthCase) check(t *testing.T, bits *truthBits, report *truthReport) {
	sc := c.parse(t)
	var samples []sample
	if c.drive != nil {
		samples = c.driven(t, sc)
	} else {
		samples = c.simulated(t, sc)
	}
	all := make([][]float64, len(c.values))
	verdicts := []judged{}
	for k, v := range c.values {
		xs := make([]float64, len(samples))
		for i := range samples {
			xs[i] = v.of(&samples[i])
		}
		all[k] = xs
		if v.kind != long || *truthFull {
			j := v.judge(xs)
			j.note(t)
			verdicts = append(verdicts, j)
		}
	}
	bits.add(c, all)
	report.add(c.id, verdicts)
}

// parse completes the scenario and reads it.
func (c *truthCase) parse(t *testing.T) *scenarios.Scenario {
	seconds, warmup, reps := c.seconds, "10%", 20
	if c.warmup != "" {
		warmup = c.warmup
	}
	if c.reps > 0 {
		reps = c.reps
	}
	if *truthFull {
		seconds *= max(1, c.stretch)
	} else {
		if c.quickRep > 0 {
			reps = c.quickRep
		}
		if c.quick == 0 {
			c.quick = 0.08
		}
		seconds *= c.quick
	}
	drain := ""
	if c.drain != "" {
		drain = ", drain: " + c.drain
	}
	head := fmt.Sprintf("version: 1\nname: truth\nrun: {duration: %.9gs, warmup: %s, seed: %d, replications: %d%s}\n", seconds, warmup, seedOf(c.id), reps, drain)
	text := head + strings.ReplaceAll(c.text, "patient", "deadline: none, timeout: none")
	sc, err := scenarios.Parse(nil, c.id+".yaml", []byte(text))
	if err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	return sc
}

func seedOf(id string) uint32 {
	h := fnv.New32a()
	h.Write([]byte(id))
	return h.Sum32()
}

func settingsOf(s scenarios.Settings) sim.Settings {
	return sim.Settings{Duration: s.Duration, Warmup: s.WarmupOf(s.Duration), Drain: s.Drain, Completions: s.Completions, Seed: s.Seed,
		Replications: s.Replications, MaxEvents: s.MaxEvents, Points: 8, Parallel: 1}
}

func (c *truthCase) simulated(t *testing.T, sc *scenarios.Scenario) []sample {
	r, err := sim.Run(context.Background(), sc.Designs, settingsOf(sc.Run), nil)
	if err != nil {
		t.Fatal(err)
	}
	out := make([]sample, sc.Run.Replications)
	for _, d := range r.Designs {
		if d.Ended.Budget() {
			t.Fatalf("design %s ended by its budget: %s", d.Name, d.Ended)
		}
		for i := range out {
			of := make(map[string]float64, len(d.Metrics))
			for _, m := range d.Metrics {
				of[m.Name] = m.Values[i]
			}
			out[i].metrics = append(out[i].metrics, designMetrics{d.Name, of})
		}
	}
	return out
}

// driven runs the designs one after the other under the eyes of c.drive.
func (c *truthCase) driven(t *testing.T, sc *scenarios.Scenario) []sample {
	out := make([]sample, sc.Run.Replications)
	for _, d := range sc.Designs {
		p, err := engine.Compile(d)
		if err != nil {
			t.Fatal(err)
		}
		for i := range out {
			w := c.watch(t, sc, p, i)
			s := &out[i]
			if s.watched == nil {
				s.watched = map[string]*watched{}
			}
			s.watched[d.Name], s.watched[""] = w, w
			for _, v := range w.run.Values() {
				w.notes[v.Name] = v.Value
			}
			s.metrics = append(s.metrics, designMetrics{d.Name, w.notes})
			w.release()
		}
	}
	return out
}

func (c *truthCase) watch(t *testing.T, sc *scenarios.Scenario, p *engine.Program, replication int) *watched {
	s := settingsOf(sc.Run)
	r, err := p.NewRun(engine.Config{Duration: s.Duration, Warmup: s.Warmup, Drain: s.Drain, Seed: s.Seed, Replication: replication, Points: s.Points, Windows: []measure.Span{c.window}})
	if err != nil {
		t.Fatal(err)
	}
	w := &watched{run: r, program: p, warmup: int64(s.Warmup), notes: map[string]float64{}}
	c.drive(w)
	w.advance(s.Duration)
	w.closeBooks()
	if e := r.End(); e != engine.AtDuration {
		t.Fatalf("the run ended for another reason than its duration: %d", e)
	}
	if c.window == (measure.Span{}) {
		return w
	}
	for _, v := range r.Values() {
		if x, ok := r.ValueIn(v.Name, time.Duration(c.window.From), time.Duration(c.window.To)); ok {
			w.notes["in window "+v.Name] = x
		}
	}
	return w
}

func isPercentile(name string) bool {
	for _, p := range []string{"_p50", "_p95", "_p99", "_p999"} {
		if strings.HasSuffix(name, p) {
			return true
		}
	}
	return false
}

// judge compares the values of the replications with the truth.
func (v *truth) judge(xs []float64) judged {
	n := float64(len(xs))
	mean, ss := 0.0, 0.0
	for _, x := range xs {
		mean += x / n
	}
	for _, x := range xs {
		ss += (x - mean) * (x - mean)
	}
	j := judged{name: v.name, want: v.want, mean: mean, se: math.Sqrt(ss / max(n-1, 1) / n), tol: v.tol}
	if v.kind != absolute && v.kind != exact && v.want != 0 {
		j.tol *= math.Abs(v.want)
	}
	slack := 0.0
	if isPercentile(v.name) {
		slack = 0.005 * math.Abs(v.want)
	}
	if v.kind == rounded {
		slack = v.rounding()
	}
	ok, wide := true, false
	switch v.kind {
	case exact:
		for _, x := range xs {
			ok = ok && math.Abs(x-v.want) <= v.tol
		}
	case near:
		ok = math.Abs(mean-v.want) <= j.tol
	case above:
		ok = mean >= v.want-4*j.se-slack && mean <= v.want+j.tol+4*j.se+slack
	default:
		ok = math.Abs(mean-v.want) <= max(4*j.se, 0.002*math.Abs(v.want))+slack
		wide = 4*j.se > j.tol*spread()
	}
	if j.se > 1e-12*math.Abs(mean) {
		j.z = (mean - v.want) / j.se
	}
	switch {
	case !ok:
		j.verdict = "WRONG"
	case wide || math.IsNaN(mean):
		j.verdict = "too wide"
	default:
		j.verdict = "ok"
	}
	return j
}

// rounding is half of the last digit of a value.
func (v *truth) rounding() float64 {
	_, decimals, _ := strings.Cut(strconv.FormatFloat(v.want, 'f', -1, 64), ".")
	return math.Pow10(-len(decimals)) / 2
}

// note logs a verdict, as a failure where it is one.
func (j judged) note(t *testing.T) {
	t.Helper()
	line := fmt.Sprintf("%-22s want %-11.6g got %-11.6g 4se %s z %+.2f", j.name, j.want, j.mean, j.width(), j.z)
	if j.verdict != "ok" {
		t.Errorf("%s: %s (tolerance %.3g)", line, j.verdict, j.tol)
		return
	}
	t.Log(line)
}

func spread() float64 {
	if *truthFull {
		return 1
	}
	return quickSpread
}

func secs(x float64) time.Duration { return time.Duration(x * 1e9) }

func span(from, to float64) measure.Span {
	return measure.Span{From: int64(secs(from)), To: int64(secs(to))}
}
