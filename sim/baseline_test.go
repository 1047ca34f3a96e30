package sim

import (
	"bytes"
	"math"
	"slices"
	"strings"
	"testing"

	"asynclab/sim/draw"
	"asynclab/sim/expect"
	"asynclab/sim/metric"
)

// kept is a result with one design: a ratio of the table's head, a latency of which one
// replication has no samples, a count that only an expectation names, and others.
func kept(t *testing.T, latency ...float64) (*Result, []*expect.Expectation) {
	t.Helper()
	e, err := expect.Parse("broker: load.a.offered > queue.b/q.depth.max")
	if err != nil {
		t.Fatal(err)
	}
	r := &Result{Scenario: "s", Version: "v1", Seed: 7, Replications: len(latency), Asked: len(latency), Designs: []DesignResult{{Name: "broker"}}}
	for name, values := range map[string][]float64{
		"load.a.goodput.ratio": make([]float64, len(latency)), "load.a.accepted.latency.p99": latency,
		"load.a.offered": latency, "queue.b/q.depth.max": make([]float64, len(latency)), "service.x.arrived": latency,
	} {
		ref, ok := metric.Core.Parse(name)
		if !ok {
			t.Fatal(name)
		}
		r.Designs[0].Metrics = append(r.Designs[0].Metrics, Metric{Name: name, Unit: draw.None, Values: values, Ref: ref})
	}
	slices.SortFunc(r.Designs[0].Metrics, func(a, b Metric) int { return strings.Compare(a.Name, b.Name) })
	return r, []*expect.Expectation{e}
}

func TestBaseline(t *testing.T) {
	before, expected := kept(t, 1, 2, math.NaN())
	s := Settings{Duration: 60e9, Expect: expected}
	b, err := NewBaseline(before, s, "h")
	if err != nil {
		t.Fatal(err)
	}
	text, err := b.Encode()
	if err != nil {
		t.Fatal(err)
	}
	again, err := DecodeBaseline(text)
	if err != nil {
		t.Fatal(err)
	}
	if twice, _ := again.Encode(); !bytes.Equal(twice, text) || again.Seed != 7 || again.Hash != "h" || again.Version != "v1" {
		t.Fatalf("read and written again:\n%s\n%s", text, twice)
	}
	now, _ := kept(t, 5, 6.1, math.NaN())
	if err := again.Judge(now, expected, .02); err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, v := range now.Expectations {
		got = append(got, map[bool]string{true: "pass ", false: "fail "}[v.Pass]+v.Expect)
	}
	want := []string{"fail broker: load.a.accepted.latency.p99 at most 2% above the baseline", "pass broker: load.a.goodput.ratio at most 2% below the baseline", "pass broker: queue.b/q.depth.max at most 2% above the baseline"}
	if !slices.Equal(got, want) || len(now.Skipped) != 1 || now.Skipped[0].Why != "neither more nor less of it is better" {
		t.Errorf("got %q and %v", got, now.Skipped)
	}
	if err := again.Check("other", s); err == nil || err.Error() != `it is of scenario "s", not of "other"` {
		t.Error(err)
	}
	s.Warmup = 1e9
	if err := again.Check("s", s); err == nil || err.Error() != "its runs lasted 1m, warm-up 0s, and these last 1m, warm-up 1s" {
		t.Error(err)
	}
	now, _ = kept(t, 1, 2, 3)
	now.Interrupted = true
	if _, err := NewBaseline(now, s, ""); err == nil {
		t.Error("a run that was interrupted is a baseline")
	}
}

func TestDecodeBaselineMistakes(t *testing.T) {
	head := `{"asynclab": "baseline", "format": 1, "replications": 2, "designs": {"a": {"m": `
	for text, want := range map[string]string{
		``: "no baseline", `{}`: "no baseline", `{"asynclab": "baseline", "format": 1`: "no baseline", `[1]`: "no baseline",
		`{"asynclab": "baseline", "format": 2, "designs": 5}`:        "its format is 2, and this program reads 1",
		`{"asynclab": "baseline", "format": 1, "designs": 5}`:        "it is damaged",
		`{"asynclab": "baseline", "format": 1, "replications": 1e9}`: "damaged",
		head + `{"values": [1]}}}}`:                                  "m of a has 1 values for 2 replications",
		head + `{"values": [1, 1e300]}}}}`:                           "m of a has the value 1e+300",
	} {
		if _, err := DecodeBaseline([]byte(text)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", text, err, want)
		}
	}
	if _, err := DecodeBaseline(make([]byte, MaxBaseline+1)); err == nil || !strings.Contains(err.Error(), "larger than 64 MiB") {
		t.Error(err)
	}
}

func FuzzDecodeBaseline(f *testing.F) {
	f.Add([]byte(`{"asynclab": "baseline", "format": 1, "seed": 7, "replications": 2, "designs": {"broker": {"load.a.accepted.latency.p99": {"error": 0.1, "values": [1, null]}}}}`))
	f.Add([]byte(`{"asynclab": "baseline", "format": 2}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		b, err := DecodeBaseline(data)
		if err != nil {
			return
		}
		text, err := b.Encode()
		if err != nil {
			t.Fatal(err)
		}
		again, err := DecodeBaseline(text)
		if err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		if twice, _ := again.Encode(); !bytes.Equal(twice, text) {
			t.Fatalf("%s\nis not\n%s", twice, text)
		}
		ref, _ := metric.Core.Parse("load.a.accepted.latency.p99")
		r := &Result{Seed: 7, Replications: 2, Designs: []DesignResult{{Name: "broker", Metrics: []Metric{{Name: ref.String(), Values: []float64{1, 2}, Ref: ref}}}}}
		if err := b.Judge(r, nil, .01); err != nil {
			t.Fatal(err)
		}
		if _, err := r.MarshalJSON(); err != nil {
			t.Fatal(err)
		}
	})
}
