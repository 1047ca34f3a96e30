package scenarios_test

import (
	"context"
	"fmt"
	"math"
	"strings"
	"testing"

	"asynclab/scenarios"
	"asynclab/sim"
	"asynclab/sim/report"
	"asynclab/sim/theory"
)

// theoryCase is a design that is a known model, and its twin that only seems to be: what
// theory says about the design agrees with its run, and differs from that of the twin.
type theoryCase struct {
	name    string
	text    string
	seconds float64
	models  string             // "service.s: M/M/1; load.x: sum along the path"
	twin    [2]string          // a change of the text; what it makes is not what the design says
	differs string             // a metric that shows it
	values  map[string]float64 // predictions that are known elsewhere, to 0.1 %
}

var theoryCases = []theoryCase{
	{
		name: "M/M/1", seconds: 4000, models: "service.s: M/M/1; load.x: sum along the path",
		text: `
load: {x: {to: s/h, arrivals: poisson(8/s), patient}}
services: {s: {queue: unlimited, on: {h: [work: exp(100ms)]}}}`,
		twin: [2]string{"exp(100ms)", `"lognormal(100ms, cv=2)"`}, differs: "service.s.wait.mean",
		values: map[string]float64{"service.s.wait.mean": 0.4, "load.x.confirmed.latency.p99": 2.302585},
	},
	{
		name: "M/M/c", seconds: 3000, models: "service.s: M/M/c",
		text: `
load: {x: {to: s/h, arrivals: poisson(18/s), patient}}
services: {s: {workers: 20, queue: unlimited, on: {h: [work: exp(1s)]}}}`,
		twin: [2]string{"exp(1s)", `1s`}, differs: "service.s.wait.mean",
		values: map[string]float64{"service.s.wait.mean": 0.2753845},
	},
	{
		name: "defaults", seconds: 4000, models: "service.s: M/M/c; load.x: sum along the path", // lines of 10,000, deadlines of a minute
		text: `
load: {x: {to: s/h, arrivals: poisson(6/s)}}
services: {s: {workers: 2, on: {h: [work: exp(250ms)]}}}`,
		twin: [2]string{"exp(250ms)", `"hyperexp(250ms, cv=3)"`}, differs: "load.x.accepted.latency.mean",
	},
	{
		name: "M/M/c/K", seconds: 4000, models: "service.s: M/M/c/K",
		text: `
load: {x: {to: s/h, arrivals: poisson(3/s), patient}}
services: {s: {workers: 2, queue: 3, on: {h: [work: exp(500ms)]}}}`,
		twin: [2]string{"exp(500ms)", `"lognormal(500ms, cv=3)"`}, differs: "load.x.failed.rejected.ratio",
		values: map[string]float64{"load.x.failed.rejected.ratio": 0.08511384, "service.s.wait.mean": 0.2308576},
	},
	{
		name: "Erlang B", seconds: 4000, models: "service.s: M/G/c/c",
		text: `
load: {x: {to: s/h, arrivals: poisson(4/s), patient}}
services: {s: {workers: 5, queue: none, on: {h: [work: "hyperexp(1s, cv=2)"]}}}`,
		twin: [2]string{"poisson(4/s)", "constant(4/s)"}, differs: "load.x.failed.rejected.ratio",
		values: map[string]float64{"load.x.failed.rejected.ratio": 0.1990669},
	},
	{
		name: "M/G/1", seconds: 20_000, models: "service.s: M/G/1",
		text: `
load: {x: {to: s/h, arrivals: poisson(0.7/s), patient}}
services: {s: {queue: unlimited, on: {h: [choose: [{p: 50%, do: [work: "uniform(0s, 2s)"]}, {p: 50%, do: [work: 500ms, work: exp(500ms)]}]]}}}`,
		twin: [2]string{"exp(500ms)", `"hyperexp(500ms, cv=5)"`}, differs: "service.s.wait.mean",
	},
	{
		name: "M/D/1", seconds: 10_000, models: "service.s: M/D/1",
		text: `
load: {x: {to: s/h, arrivals: poisson(0.8/s), patient}}
services: {s: {queue: unlimited, on: {h: [work: 1s]}}}`,
		twin: [2]string{"poisson(0.8/s)", `"every(erlang(2, 1.25s))"`}, differs: "service.s.wait.mean",
		values: map[string]float64{"service.s.wait.mean": 2},
	},
	{
		name: "M/D/c", seconds: 10_000, models: "service.s: M/D/c",
		text: `
load: {x: {to: s/h, arrivals: poisson(2.4/s), patient}}
services: {s: {workers: 3, queue: unlimited, on: {h: [work: 1s]}}}`,
		twin: [2]string{"work: 1s", `work: exp(1s)`}, differs: "service.s.wait.mean",
	},
	{
		name: "G/M/1", seconds: 10_000, models: "service.s: G/M/1",
		text: `
load: {x: {to: s/h, arrivals: constant(0.8/s), patient}}
services: {s: {queue: unlimited, on: {h: [work: exp(1s)]}}}`,
		twin: [2]string{"constant(0.8/s)", "poisson(0.8/s)"}, differs: "service.s.wait.mean",
		values: map[string]float64{"service.s.wait.mean": 1.692731},
	},
	{
		name: "in turn", seconds: 10_000, models: "service.s: G/M/1", // A36: every third of Poisson arrivals
		text: `
load: {x: {to: s/h, arrivals: poisson(2.4/s), patient}}
services: {s: {instances: 3, queue: unlimited, on: {h: [work: exp(1s)]}}}`,
		twin: [2]string{"instances: 3", "instances: 3, balance: random"}, differs: "service.s.wait.mean",
	},
	{
		name: "M/G/inf", seconds: 3000, models: "service.s: M/G/∞",
		text: `
load: {x: {to: s/h, arrivals: poisson(10/s), patient}}
services: {s: {workers: unlimited, on: {h: [work: "lognormal(2s, cv=2)"]}}}`,
		twin: [2]string{"(2s", "(2.2s"}, differs: "service.s.busy.mean",
	},
	{
		name: "sharing", seconds: 10_000, models: "service.s: M/G/c-PS",
		text: `
load: {x: {to: s/h, arrivals: poisson(1.4/s), patient}}
services: {s: {workers: 2, queue: unlimited, discipline: sharing, on: {h: [work: "hyperexp(1s, cv=2)"]}}}`,
		twin: [2]string{"discipline: sharing", "discipline: fifo"}, differs: "service.s.sojourn.mean",
	},
	{
		name: "Erlang-A", seconds: 5000, models: "service.s: M/M/c+M",
		text: `
load: {x: {to: s/h, arrivals: poisson(9/s), patience: exp(1s), patient}}
services: {s: {workers: 4, queue: unlimited, on: {h: [work: exp(500ms)]}}}`,
		twin: [2]string{"patience: exp(1s)", "patience: exp(2s)"}, differs: "load.x.failed.expired.ratio",
	},
	{
		name: "fixed patience", seconds: 5000, models: "service.s: M/M/c+D",
		text: `
load: {x: {to: s/h, arrivals: poisson(9/s), patience: 500ms, patient}}
services: {s: {workers: 4, queue: unlimited, on: {h: [work: exp(500ms)]}}}`,
		twin: [2]string{"patience: 500ms", "patience: exp(500ms)"}, differs: "load.x.failed.expired.ratio",
	},
	{
		name: "priorities", seconds: 10_000, models: "service.s: M/G/1 with priorities",
		text: `
load:
  x: {to: s/h, arrivals: poisson(0.3/s), patient}
  y: {to: s/k, arrivals: poisson(0.5/s), priority: 1, patient}
services: {s: {queue: unlimited, discipline: priority, on: {h: [work: exp(1s)], k: [work: 1s]}}}`,
		twin: [2]string{"discipline: priority", "discipline: fifo"}, differs: "load.x.accepted.latency.mean",
	},
	{
		name: "Jackson", seconds: 4000, models: "service.s1: M/M/1; service.s3: M/M/1; load.x: Jackson network", // A17
		text: `
load: {x: {to: s4/h, arrivals: poisson(4/s), confirm: out/h, patient}}
services:
  s1: {queue: unlimited, on: {h: [work: exp(40ms), choose: [{p: 50%, do: [send: s2/h]}, {p: 50%, do: [send: s3/h]}]]}}
  s2: {queue: unlimited, on: {h: [work: exp(30ms), send: s1/h]}}
  s3: {queue: unlimited, on: {h: [work: exp(60ms), choose: [{p: 60%, do: [send: s1/h]}, {p: 40%, do: [send: out/h]}]]}}
  s4: {queue: unlimited, on: {h: [work: exp(50ms), send: s1/h]}}
  out: {on: {h: [reply]}}`,
		twin: [2]string{"work: exp(40ms)", "work: 40ms"}, differs: "service.s1.wait.mean",
		values: map[string]float64{"service.s1.sojourn.mean": 0.2, "service.s3.sojourn.mean": 0.15, "load.x.confirmed.latency.mean": 6.178571 / 4},
	},
	{
		name: "two loads", seconds: 1_500_000, models: "service.hot: M/M/c; load.c: Jackson network; load.w: Jackson network", // A16
		text: `
load:
  c: {to: cold/h, arrivals: poisson(0.3/min), confirm: till/h, patient}
  w: {to: hot/h, arrivals: poisson(0.2/min), confirm: till/h, patient}
services:
  cold: {queue: unlimited, on: {h: [work: exp(1min), choose: [{p: 30%, do: [send: hot/h]}, {p: 70%, do: [send: till/h]}]]}}
  hot: {workers: 2, queue: unlimited, on: {h: [work: exp(2.5min), send: till/h]}}
  till: {workers: 2, queue: unlimited, on: {h: [work: exp(2min)]}}`,
		twin: [2]string{"exp(2.5min)", "2.5min"}, differs: "service.hot.wait.mean",
	},
	{
		name: "behind a broker", seconds: 4000, models: "service.a: M/M/c; load.x: Jackson network",
		text: `
load: {x: {to: bus/first, arrivals: poisson(6/s), confirm: b/h, patient}}
brokers: {bus: {queues: {first: {max_length: unlimited}, second: {max_length: unlimited}}}}
services:
  a: {workers: 2, consumes: {bus/first: h}, on: {h: [work: exp(250ms), fail: 2%, publish: bus/second]}}
  b: {workers: 4, consumes: {bus/second: h}, on: {h: [work: exp(500ms)]}}`,
		twin: [2]string{"exp(250ms)", `"lognormal(250ms, cv=2)"`}, differs: "queue.bus/first.wait.mean",
	},
	{
		name: "returns to line", seconds: 4000, models: "service.a: M/M/1; load.x: Jackson network", // gives its worker back
		text: `
load: {x: {to: a/h, arrivals: poisson(3/s), patient}}
services:
  a: {queue: unlimited, on: {h: [work: exp(100ms), {await: b/h, timeout: none}, work: exp(100ms), {delay: 300ms}]}}
  b: {workers: 2, queue: unlimited, on: {h: [work: exp(400ms)]}}`,
		twin: [2]string{"await: b/h", "call: b/h"}, differs: "load.x.accepted.latency.mean",
	},
	{
		name: "users", seconds: 6000, models: "load.x: M/M/c//N", // A18
		text: `
load: {x: {to: s/h, users: 20, think: exp(5s), patient}}
services: {s: {queue: unlimited, on: {h: [work: exp(200ms)]}}}`,
		twin: [2]string{"work: exp(200ms)", "work: 200ms"}, differs: "service.s.wait.mean",
		values: map[string]float64{"load.x.throughput": 3.600549, "load.x.confirmed.latency.mean": 0.5547081},
	},
	{
		name: "Engset", seconds: 4000, models: "load.x: M/M/c/K//N", // A39
		text: `
load: {x: {to: s/h, users: 10, think: exp(2s), patient}}
services: {s: {workers: 3, queue: none, on: {h: [work: exp(1s)]}}}`,
		twin: [2]string{"users: 10", "users: 11"}, differs: "load.x.failed.rejected.ratio",
		values: map[string]float64{"load.x.failed.rejected.ratio": 0.42},
	},
	{
		name: "closed network", seconds: 10_000, models: "load.x: closed product-form network", // A19
		text: `
load: {x: {to: cpu/h, users: 20, think: exp(4s), confirm: out/h, patient}}
services:
  cpu: {queue: unlimited, on: {h: [work: exp(125ms), choose: [{p: 62.5%, do: [send: da/h]}, {p: 31.25%, do: [send: db/h]}, {p: 6.25%, do: [send: out/h]}]]}}
  da: {queue: unlimited, on: {h: [work: exp(300ms), send: cpu/h]}}
  db: {queue: unlimited, on: {h: [work: exp(200ms), send: cpu/h]}}
  out: {on: {h: [reply]}}`,
		twin: [2]string{"exp(300ms)", `"hyperexp(300ms, cv=4)"`}, differs: "load.x.throughput",
		values: map[string]float64{"load.x.throughput": 0.3332465, "load.x.confirmed.latency.mean": 56.01563},
	},
	{
		name: "several workers, closed", seconds: 4000, models: "load.x: closed product-form network",
		text: `
load: {x: {to: a/h, users: 12, think: exp(1s), patient}}
services:
  a: {workers: 2, queue: unlimited, on: {h: [work: exp(100ms), {await: b/h, timeout: none}]}}
  b: {workers: 3, queue: unlimited, on: {h: [work: exp(500ms)]}}`,
		twin: [2]string{"workers: 3", "workers: 4"}, differs: "load.x.throughput",
	},
	{
		name: "fork-join", seconds: 20_000, models: "load.x: fork-join", // A31s
		text: `
load: {x: {to: fork/h, arrivals: poisson(0.5/s), patient}}
services:
  fork: {workers: unlimited, on: {h: [parallel: [[{call: left/h, timeout: none}], [{call: right/h, timeout: none}]]]}}
  left: {queue: unlimited, on: {h: [work: exp(1s)]}}
  right: {queue: unlimited, on: {h: [work: exp(1s)]}}`,
		twin: [2]string{"right: {queue: unlimited, on: {h: [work: exp(1s)", "right: {queue: unlimited, on: {h: [work: 1s"}, differs: "load.x.accepted.latency.mean",
		values: map[string]float64{"load.x.confirmed.latency.mean": 2.875},
	},
	{
		name: "held, nobody waits below", seconds: 4000, models: "service.a: M/G/1",
		text: `
load: {x: {to: a/h, arrivals: poisson(5/s), patient}}
services:
  a: {queue: unlimited, on: {h: [work: exp(50ms), {call: b/h, timeout: none}]}}
  b: {queue: unlimited, on: {h: [work: exp(80ms)]}}`,
		twin: [2]string{"call: b/h", "await: b/h"}, differs: "service.a.wait.mean",
	},
}

func theoryRun(t *testing.T, c *theoryCase, text string) (*sim.Result, []report.Theory) {
	t.Helper()
	head := fmt.Sprintf("version: 1\nname: theory\nrun: {duration: %gs, warmup: 20%%, seed: %d, replications: 8}\n", c.seconds, seedOf(c.name))
	s, err := scenarios.Parse(nil, "theory.yaml", []byte(head+strings.ReplaceAll(text, "patient", "deadline: none, timeout: none")))
	if err != nil {
		t.Fatal(err)
	}
	settings := settingsOf(s.Run)
	r, err := sim.Run(context.Background(), s.Designs, settings, nil)
	if err != nil {
		t.Fatal(err)
	}
	return r, report.Theories(r, s.Designs, settings)
}

func TestTheory(t *testing.T) {
	if testing.Short() {
		t.Skip("statistics take their time")
	}
	for i := range theoryCases {
		c := &theoryCases[i]
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			r, all := theoryRun(t, c, c.text)
			models := map[string]string{}
			values := map[string]float64{}
			for _, p := range all[0].Parts {
				if p.Fits() {
					models[p.Element] = p.Model.Name
				}
				for _, l := range p.Lines {
					values[l.Metric] = l.Value
					line := fmt.Sprintf("%-40s %-14s theory %.6g measured %.6g, %+.1f se: %s", l.Metric, l.Kind, l.Value, l.Measured, l.Off, l.Verdict)
					if l.Verdict == theory.Agrees || strings.HasSuffix(l.Metric, ".p99") && l.Verdict == theory.TooRough {
						t.Log(line)
					} else {
						t.Error(line)
					}
				}
				if p.Short != "" {
					t.Errorf("%s: %s", p.Element, p.Short)
				}
			}
			for _, want := range strings.Split(c.models, "; ") {
				element, model, _ := strings.Cut(want, ": ")
				if models[element] != model {
					t.Errorf("%s is %q, not %q (all: %v)", element, models[element], model, models)
				}
			}
			for name, want := range c.values {
				if !(math.Abs(values[name]-want) <= 1e-3*want) {
					t.Errorf("theory of %s is %.7g, not %.7g", name, values[name], want)
				}
			}
			c.twinDiffers(t, r, all[0])
		})
	}
}

// twinDiffers holds what theory says about the design against a run of its twin.
func (c *theoryCase) twinDiffers(t *testing.T, r *sim.Result, of report.Theory) {
	t.Helper()
	text := strings.Replace(c.text, c.twin[0], c.twin[1], 1)
	if text == c.text {
		t.Fatalf("%q is not in the text", c.twin[0])
	}
	other, _ := theoryRun(t, c, text)
	twin := *other
	twin.Designs[0].Name = r.Designs[0].Name
	for _, p := range report.Beside(&twin.Designs[0], of).Parts {
		for _, l := range p.Lines {
			if l.Metric == c.differs {
				if l.Verdict != theory.Differs {
					t.Errorf("the twin's %s is %.6g, theory of the design says %.6g: %s", l.Metric, l.Measured, l.Value, l.Verdict)
				}
				return
			}
		}
	}
	t.Errorf("nothing is said about %s", c.differs)
}

// TestTheoryBroken: where no model fits, theory has the nearest and says what the design
// breaks; where one comes near, it is called an approximation or a bound.
func TestTheoryBroken(t *testing.T) {
	const queue = "\nservices: {s: {queue: unlimited, on: {h: [work: exp(100ms)]}}}"
	for _, c := range []struct{ name, text, element, model, broken, kind string }{
		{"fault", "load: {x: {to: s/h, arrivals: poisson(8/s)}}\nfaults: [{crash: s, at: 5min, for: 10s}]" + queue,
			"service.s", "M/M/1", "fault crash-s changes it while it runs", ""},
		{"peak", "load: {x: {to: s/h, arrivals: 'poisson(ramp(from=1/s, to=9/s, over=10min))'}}" + queue, "service.s", "M/M/1", "load x changes its rate", ""},
		{"too much", "load: {x: {to: s/h, arrivals: poisson(12/s)}}" + queue, "service.s", "M/M/1", "no steady state: 1.2 times the work", ""},
		{"batches", "load: {x: {to: s/h, arrivals: {poisson: 2/s, batch: 3}}}" + queue, "service.s", "M/M/1", "load x comes in batches", ""},
		{"limit", "load: {x: {to: s/h, arrivals: poisson(8/s), limit: {rate: 9/s}}}" + queue, "service.s", "M/M/1", "load x asks through a limit", ""},
		{"retries", "load: {x: {to: s/h, arrivals: poisson(8/s), retry: {attempts: 3}}}\nservices: {s: {queue: 2, on: {h: [work: exp(100ms)]}}}",
			"load.x", "sum along the path", "what is turned away is asked for again", ""},
		{"impatient", "load: {x: {to: s/h, arrivals: poisson(8/s), deadline: 2s}}" + queue, "load.x", "sum along the path", "take longer than the deadline of 2s", "approximation"},
		{"upstream", "load: {x: {to: s/h, arrivals: poisson(5/s)}}\nservices: {s: {on: {h: [work: 100ms, send: b/h]}}, b: {on: {h: [work: exp(100ms)]}}}",
			"service.b", "M/M/1", "what leaves s is not Poisson (its work is not exponential)", "approximation"},
		{"least busy", "load: {x: {to: s/h, arrivals: poisson(15/s)}}\nservices: {s: {instances: 2, balance: least-busy, on: {h: [work: exp(100ms)]}}}",
			"service.s", "M/M/c", "instances are chosen least-busy", "bound"},
		{"held", "load: {x: {to: shop/h, arrivals: poisson(3.5/s)}}\nservices:\n  shop: {workers: 4, queue: unlimited, on: {h: [work: exp(100ms), call: pay/h]}}\n  pay: {queue: unlimited, on: {h: [work: exp(200ms)]}}",
			"service.shop", "layered queueing network", "shop's workers are held while it waits for pay", "approximation"},
		{"shared", "load: {x: {to: shop/h, arrivals: poisson(2/s)}, y: {to: pay/h, arrivals: poisson(1/s)}}\nservices:\n  shop: {workers: 4, on: {h: [work: exp(100ms), call: pay/h]}}\n  pay: {on: {h: [work: exp(200ms)]}}",
			"service.shop", "layered queueing network", "which others ask too", ""},
		{"lossy", "load: {x: {to: s/h, arrivals: poisson(8/s)}}\nlinks: {x -> s: {loss: 1%}}" + queue, "load.x", "sum along the path", "the link x->s loses messages", ""},
		{"two closed", "load: {x: {to: s/h, users: 3}, y: {to: s/h, users: 4}}" + queue, "design", "closed product-form network", "there are 2 loads, of which 2 are closed", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			s, err := scenarios.Parse(nil, "t.yaml", []byte("version: 1\nname: t\nrun: {duration: 10min}\n"+c.text))
			if err != nil {
				t.Fatal(err)
			}
			for _, f := range theory.Of(s.Designs[0], nil) {
				if f.Element != c.element {
					continue
				}
				kind := ""
				for _, p := range f.Predictions {
					if strings.HasSuffix(p.Metric, ".wait.mean") || strings.HasSuffix(p.Metric, "accepted.latency.mean") {
						kind = p.Kind.String()
					}
				}
				if broken := strings.Join(f.Broken(), "; "); f.Model.Name != c.model || !strings.Contains(broken, c.broken) || kind != c.kind {
					t.Errorf("it is %s, broken %q, kind %q", f.Model.Name, broken, kind)
				}
				return
			}
			t.Errorf("nothing about %s", c.element)
		})
	}
}

// TestTheoryOfEverything: no design of the library, or of the truth cases, makes theory
// panic or say what is no number.
func TestTheoryOfEverything(t *testing.T) {
	look := func(name string, s *scenarios.Scenario) {
		for _, d := range s.Designs {
			for _, f := range theory.Of(d, nil) {
				if f.Model == nil || f.Element == "" || !f.Fits() && len(f.Broken()) == 0 {
					t.Errorf("%s, %s: %s is neither a model nor broken: %+v", name, d.Name, f.Element, f)
				}
				for _, p := range f.Predictions {
					if p.Kind != theory.Bound && (math.IsNaN(p.Value) || math.IsInf(p.Value, 0) || p.Value < 0) {
						t.Errorf("%s, %s: %s is %g", name, d.Name, p.Metric, p.Value)
					}
				}
			}
		}
	}
	for _, e := range scenarios.Library() {
		look(e.Name, libraryScenario(t, e.Name))
	}
	for _, c := range truthCases() {
		look(c.id, c.parse(t))
	}
}
