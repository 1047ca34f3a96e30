package sim

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"math"
	"strings"
	"testing"
	"time"

	"asynclab/sim/engine"
	"asynclab/sim/expect"
	"asynclab/sim/measure"
	"asynclab/sim/warning"
)

func expectations(t *testing.T, lines ...string) []*expect.Expectation {
	t.Helper()
	var out []*expect.Expectation
	for _, l := range lines {
		e, err := expect.Parse(l)
		if err != nil {
			t.Fatalf("%s: %v", l, err)
		}
		out = append(out, e)
	}
	return out
}

var minute = Settings{Duration: time.Minute, Seed: 7}

func TestOneRun(t *testing.T) {
	s := minute
	s.Expect = expectations(t, "chain: load.x.offered > broker.load.x.offered - 20", "chain: load.x.offered == 87 in 10s..40s",
		"chain: load.x.failed.latency.p99 < 1s", "other: load.x.offered > 1", "load.x.offered > 1")
	r, err := fakes(nil).run(context.Background(), designs("chain", "broker"), s, nil)
	if err != nil {
		t.Fatal(err)
	}
	if r.Replications != 1 || len(r.Designs) != 2 || r.Interrupted || r.Engine.Events != 6000 {
		t.Fatalf("result: %+v", r)
	}
	chain, _ := r.Design("chain")
	if m, ok := chain.Metric("load.x.offered"); !ok || m.Mean != 57 {
		t.Errorf("offered: %+v", m)
	}
	if len(r.Expectations) != 3 || !r.Expectations[0].Pass || !r.Expectations[1].Pass || r.Expectations[2].Pass || r.Met() {
		t.Errorf("expectations: %+v", r.Expectations)
	}
	if len(r.Skipped) != 2 || !strings.Contains(r.Skipped[0].Why, "design other was not run") || !strings.Contains(r.Skipped[1].Why, "names no design") {
		t.Errorf("skipped: %+v", r.Skipped)
	}
}

func TestReplications(t *testing.T) {
	var first []byte
	for _, parallel := range []int{1, 2, 8} {
		s := minute
		s.Replications, s.Parallel = 5, parallel
		s.Expect = expectations(t, "chain: load.x.offered < broker.load.x.offered", "chain: load.x.offered >= 58")
		r, err := fakes(nil).run(context.Background(), designs("chain", "broker"), s, nil)
		if err != nil {
			t.Fatal(err)
		}
		if !r.Expectations[0].Pass || !r.Expectations[1].Inconclusive {
			t.Errorf("expectations: %+v", r.Expectations)
		}
		if w := r.Designs[0].Warnings; len(w) != 1 || w[0].Text() != "no operation arrived in the measured window (in 2 of 5 replications)" {
			t.Errorf("warnings: %+v", w)
		}
		r.Engine.Wall = time.Second
		text, err := json.Marshal(r)
		if err != nil {
			t.Fatal(err)
		}
		if first == nil {
			first = text
		}
		if !bytes.Equal(first, text) {
			t.Errorf("with %d at a time the result is\n%s\ninstead of\n%s", parallel, text, first)
		}
	}
}

func TestJSON(t *testing.T) {
	s := minute
	s.Expect = expectations(t, "load.x.offered > 1", "load.x.failed.latency.p99 < 1s")
	r, err := fakes(nil).run(context.Background(), designs("a"), s, nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Scenario, r.Version, r.Engine.Wall = "test", "v1", time.Second
	got, err := r.MarshalJSON()
	if err != nil {
		t.Fatal(err)
	}
	want := `{"scenario":"test","version":"v1","seed":7,"replications":1,"designs":{"a":{"ended":"duration",` +
		`"fingerprint":"` + r.Designs[0].Fingerprint + `","metrics":{"load.x.accepted.latency.p99":0.017,"load.x.completed.ratio":0.999,` +
		`"load.x.failed.latency.p99":null,"load.x.offered":17},"warnings":[]}},"expectations":[` +
		`{"expect":"load.x.offered > 1","pass":true,"value":17,"low":null,"high":null,"bound":1,"margin":{"mean":16,"low":null,"high":null},"detail":"17"},` +
		`{"expect":"load.x.failed.latency.p99 < 1s","pass":false,"value":null,"low":null,"high":null,"bound":1,"margin":{"mean":null,"low":null,"high":null},"detail":"no samples for load.x.failed.latency.p99"}],` +
		`"engine":{"events":3000,"wall_seconds":1,"events_per_second":3000}}`
	if string(got) != want {
		t.Errorf("json is\n%s\nwant\n%s", got, want)
	}
	s.Replications, s.Expect = 2, nil
	r, _ = fakes(nil).run(context.Background(), designs("a"), s, nil)
	got, _ = r.MarshalJSON()
	if !strings.Contains(string(got), `"load.x.offered":{"mean":17.5,"low":11.1`) || !strings.Contains(string(got), `{"mean":null,"low":null,"high":null}`) {
		t.Errorf("json with replications is\n%s", got)
	}
}

func TestInterrupt(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	l := fakes(func(f *fake) {
		f.onStep = func(f *fake) {
			if f.cfg.Replication == 2 && f.design == "b" {
				cancel()
			}
		}
	})
	s := minute
	s.Replications, s.Parallel, s.Expect = 5, 1, expectations(t, "b: load.x.offered > 1")
	r, err := l.run(ctx, designs("a", "b"), s, nil)
	if err != nil {
		t.Fatal(err)
	}
	if !r.Interrupted || r.Replications != 2 || len(r.Designs[0].Metrics[0].Values) != 2 || len(r.Expectations) != 1 {
		t.Errorf("result: %+v", r)
	}

	ctx, cancel = context.WithCancel(context.Background())
	l = fakes(func(f *fake) { f.onStep = func(*fake) { cancel() } })
	s.Replications = 1
	r, err = l.run(ctx, designs("a", "b"), s, nil)
	if err != nil {
		t.Fatal(err)
	}
	if !r.Interrupted || r.Designs[0].Ended != Interrupted || r.Designs[0].Metrics[0].Mean != 17 || r.Designs[1].Ended != NotStarted ||
		len(r.Expectations) != 0 || len(r.Skipped) != 1 || r.Designs[0].At != 20*time.Second {
		t.Errorf("result: %+v", r)
	}
	if _, err := json.Marshal(r); err != nil {
		t.Error(err)
	}
}

func TestDesignWarnings(t *testing.T) {
	r, err := fakes(nil).run(context.Background(), designs("a", "odd"), minute, nil)
	if err != nil {
		t.Fatal(err)
	}
	want := warning.Of(warning.UnboundedQueue, "queue.x")
	if w := r.Designs[1].Warnings; len(r.Designs[0].Warnings) != 0 || len(w) != 1 || w[0].Kind != want.Kind || w[0].Element != want.Element {
		t.Errorf("warnings: %+v", r.Designs)
	}
}

func TestFailures(t *testing.T) {
	l := fakes(func(f *fake) { f.panics = f.cfg.Replication == 1 })
	s := minute
	s.Replications = 3
	_, err := l.run(context.Background(), designs("a"), s, nil)
	var f *Failure
	if !errors.As(err, &f) || f.Replication != 2 || f.Stack == "" || !strings.Contains(err.Error(), "internal error: index out of range") {
		t.Errorf("error: %v", err)
	}
	r, err := fakes(func(f *fake) { f.end = engine.BudgetInFlight }).run(context.Background(), designs("a"), minute, nil)
	if err != nil || !r.OverBudget() || r.Designs[0].Ended != BudgetInFlight {
		t.Errorf("budget: %v, %+v", err, r)
	}
	for _, s := range []Settings{
		{}, {Duration: -1}, {Duration: time.Second, Warmup: time.Second}, {Duration: time.Second, WarmupShare: 1},
		{Completions: 5, WarmupShare: 0.1}, {Duration: time.Second, Replications: -1}, {Duration: 1 << 62},
	} {
		if _, err := fakes(nil).run(context.Background(), designs("a"), s, nil); err == nil {
			t.Errorf("%+v: no error", s)
		}
	}
	if _, err := fakes(nil).run(context.Background(), designs("a", "b", "a"), minute, nil); err == nil {
		t.Error("two designs of one name: no error")
	}
	if _, err := fakes(nil).run(context.Background(), nil, minute, nil); err == nil {
		t.Error("no designs: no error")
	}
}

func TestProgress(t *testing.T) {
	s := minute
	s.Replications, s.Parallel = 2, 2
	last, calls := 0.0, 0
	_, err := fakes(nil).run(context.Background(), designs("a", "b"), s, func(p Progress) {
		calls++
		if p.Share < last-1e-9 || p.Replication < 1 || p.Replication > 2 {
			t.Errorf("progress %+v after %g", p, last)
		}
		last = p.Share
	})
	if err != nil || last < 1-1e-9 || calls != 12 {
		t.Errorf("%d calls, the last at %g, error %v", calls, last, err)
	}
}

// A precision decides by the replications in their order: the result is the same
// however many run at a time, and those that were begun for nothing do not count.
func TestPrecision(t *testing.T) {
	// Values 9, 10, 11, 9, 10, 11, …: standard deviation 0.82 for large n, so that half
	// of the interval is 2 % of 10 at about n = (1.96·0.82/0.2)² = 65.
	noisy := fakes(func(f *fake) { f.base = func(f *fake) float64 { return 9 + float64(f.cfg.Replication%3) } })
	at := 0
	for n := 5; at == 0; n++ {
		all := true
		for k := n; k <= n+3; k++ {
			var v []float64
			for i := range k {
				v = append(v, 9+float64(i%3))
			}
			e := measure.Summarize(v)
			all = all && (e.High-e.Low)/2 < 0.02*e.Mean
		}
		if all {
			at = n + 3
		}
	}
	var first []byte
	for _, parallel := range []int{1, 2, 8} {
		s := minute
		s.Precision, s.Parallel, s.Expect = 0.02, parallel, expectations(t, "chain: load.x.offered > 1")
		r, err := noisy.run(context.Background(), designs("chain", "broker"), s, nil)
		if err != nil {
			t.Fatal(err)
		}
		if r.Replications != at || r.Asked != at || r.Interrupted || at < 60 || at > 75 {
			t.Errorf("%d of %d replications, want %d", r.Replications, r.Asked, at)
		}
		if w := kinds(r.Designs[0].Warnings, warning.PrecisionNotReached); len(w) != 0 {
			t.Errorf("warnings: %v", w)
		}
		r.Engine.Wall = time.Second
		text, err := json.Marshal(r)
		if err != nil {
			t.Fatal(err)
		}
		if first == nil {
			first = text
		}
		if !bytes.Equal(first, text) {
			t.Errorf("with %d at a time the result is\n%s\ninstead of\n%s", parallel, text, first)
		}
	}

	s := minute
	s.Precision, s.Replications, s.Expect = 0.02, 20, expectations(t, "chain: load.x.offered > 1")
	r, err := noisy.run(context.Background(), designs("chain", "broker"), s, nil)
	if err != nil {
		t.Fatal(err)
	}
	w := kinds(r.Designs[0].Warnings, warning.PrecisionNotReached)
	if r.Replications != 20 || len(w) != 1 || w[0].Element != "load.x.offered" || w[0].Text() != "is known to ±0.39 after 20 replications; ±0.2 was asked for" {
		t.Errorf("%d replications, warnings %v", r.Replications, w)
	}
	if w := kinds(r.Designs[1].Warnings, warning.PrecisionNotReached); len(w) != 0 {
		t.Errorf("no expectation names a metric of this design: %v", w)
	}

	// Nothing varies: five, and three more.
	s.Replications = 0
	still := fakes(func(f *fake) { f.base = func(*fake) float64 { return 3 } })
	if r, _ := still.run(context.Background(), designs("a", "b"), s, nil); r.Replications != 8 {
		t.Errorf("%d replications of a constant", r.Replications)
	}
	for _, wrong := range []Settings{{Precision: 1}, {Precision: -0.1}, {Precision: math.NaN()}, {Precision: 0.02, Replications: 4}} {
		wrong.Duration = time.Minute
		if _, err := wrong.complete(); err == nil {
			t.Errorf("%+v is accepted", wrong)
		}
	}
}

func kinds(all []Warning, k warning.Kind) (some []Warning) {
	for _, w := range all {
		if w.Kind == k {
			some = append(some, w)
		}
	}
	return some
}
