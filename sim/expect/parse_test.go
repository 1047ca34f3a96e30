package expect

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"asynclab/sim/draw"
)

func TestMetrics(t *testing.T) {
	w := &Window{2 * time.Minute, 3 * time.Minute}
	w2 := &Window{0, 90 * time.Second}
	tests := []struct {
		text string
		want []Ref
	}{
		{"load.a.offered > 0", []Ref{{"", "load.a.offered", nil, 0}}},
		{"broker: load.a.offered > 0", []Ref{{"broker", "load.a.offered", nil, 8}}},
		{"  two-step : load.a.offered>0 ", []Ref{{"two-step", "load.a.offered", nil, 13}}},
		{"设计: load.a.offered > 0", []Ref{{"设计", "load.a.offered", nil, 8}}},
		{"chain: link.shop->pay.lost <= broker.queue.bus/orders.depth.max", []Ref{
			{"chain", "link.shop->pay.lost", nil, 7}, {"broker", "queue.bus/orders.depth.max", nil, 30}}},
		{"b: queue.bus/events/mail-er.depth.mean == 0", []Ref{{"b", "queue.bus/events/mail-er.depth.mean", nil, 3}}},
		{"load.a.completed - load.a.failed.circuit_open / load.a.offered > 0", []Ref{
			{"", "load.a.completed", nil, 0}, {"", "load.a.failed.circuit_open", nil, 19}, {"", "load.a.offered", nil, 48}}},
		{"a: load.x.goodput > 0 in 2m..3m", []Ref{{"a", "load.x.goodput", w, 3}}},
		{"a: load.x.goodput in 2m..3m > b.load.x.goodput", []Ref{{"a", "load.x.goodput", w, 3}, {"b", "load.x.goodput", nil, 30}}},
		{"a: load.x.goodput in 2m..3m > load.x.goodput in 0..90s", []Ref{{"a", "load.x.goodput", w, 3}, {"a", "load.x.goodput", w2, 30}}},
		{"a: load.x.goodput > load.y.goodput in 2m..3m", []Ref{{"a", "load.x.goodput", w, 3}, {"a", "load.y.goodput", w, 20}}},
		{"a: 1 < (load.x.goodput + load.y.goodput) in 2m..3m", []Ref{{"a", "load.x.goodput", w, 8}, {"a", "load.y.goodput", w, 25}}},
		{"a: load.x.goodput within 2% of 5 in 2m..3m", []Ref{{"a", "load.x.goodput", w, 3}}},
		{"a: connection.shop->bus.closed = 1", []Ref{{"a", "connection.shop->bus.closed", nil, 3}}},
		{"load.load.offered ≥ 1", []Ref{{"", "load.load.offered", nil, 0}}},
	}
	for _, test := range tests {
		e, err := Parse(test.text)
		if err != nil {
			t.Errorf("%s: %v", test.text, err)
			continue
		}
		if diff := cmp.Diff(test.want, e.Metrics()); diff != "" {
			t.Errorf("%s: metrics (-want +got):\n%s", test.text, diff)
		}
		if e.Text() != strings.TrimSpace(test.text) {
			t.Errorf("text is %q, want %q", e.Text(), test.text)
		}
	}
}

func TestMistakes(t *testing.T) {
	tests := []struct {
		text   string
		offset int
		msg    string // a part of it
		hint   string // a part of it
	}{
		{"", 0, "an expectation is missing", "such as"},
		{"broker:", 7, "an expectation is missing", ""},
		{"broker: 5 > 3", 8, "without a metric", "asynclab metrics"},
		{"load.a: 5 > 3", 0, `"load.a" is not the name of a design`, "before the colon"},
		{"broker: load.a.offered", 22, "expected a comparison, found the end of the line", "one of"},
		{"broker: load.a.offered >", 24, "expected a metric or a number, found the end", ""},
		{"broker: load.a.offered => 5", 24, "expected a metric or a number", ""},
		{"offered > 5", 0, `"offered" is not a metric`, "has dots"},
		{"broker.loads.a.offered > 5", 0, "is not a metric", "begins with load"},
		{"load > 5", 0, "is not a metric", "has dots"},
		{"x.load > 5", 0, "is not a metric", ""},
		{"load.a.offered > 5 > 3", 19, "one comparison", "two expectations"},
		{"load.a.offered >= 5 >= 3", 20, "one comparison", "two expectations"},
		{"load.a.offered > 5 load.b.offered", 19, "expected the end", ""},
		{"load.a.offered > (5 + 3", 23, "not closed", ""},
		{"load.a.offered > mean(5)", 17, `unknown function "mean"`, "min, max and abs"},
		{"load.a.offered > abs(5, 3)", 17, "abs takes one value, not 2", ""},
		{"load.a.offered > 5parsecs", 17, "", ""},
		{"load.a.offered > 1e999", 17, "", ""},
		{"load.a.offered > $5", 17, "unexpected character '$'", ""},
		{"load.a.offered within 2% 5", 25, `expected "of"`, ""},
		{"load.a.offered between 2 or 3", 25, `expected "and"`, ""},
		{"load.a.offered > 5 in 3m..2m", 26, "not after its beginning", ""},
		{"load.a.offered > 5 in 3m", 24, "expected ..", "2m..3m"},
		{"load.a.offered > 5 in 3..5", 22, `"3" is not a time`, "90s"},
		{"load.a.offered > 5 in 3m..500000h", 26, "longer than any run", ""},
		{"load.a.offered > 5 in 1s..2s + 3", 19, "a number has no window", "after a metric"},
		{"load.a.offered > 1s + 5", 22, "cannot add a time and a plain number", "write a unit"},
		{"load.a.offered > 1s - 5/s", 22, "cannot subtract a time and a rate", ""},
		{"load.a.offered between 1s and 5MB", 30, "cannot compare", ""},
		{"load.a.offered > " + strings.Repeat("(", 100), 81, "nested more than 64 deep", ""},
		{"load.a.offered > " + strings.Repeat("1+", 300), 527, "more than 512", ""},
		{strings.Repeat("a", 5000), 4096, "longer than 4096", ""},
	}
	for _, test := range tests {
		_, err := Parse(test.text)
		var bad *Error
		if !errors.As(err, &bad) {
			t.Errorf("%.40q: error is %v", test.text, err)
			continue
		}
		if !strings.Contains(bad.Msg, test.msg) || !strings.Contains(bad.Hint, test.hint) {
			t.Errorf("%.40q: %q, hint %q, want %q, %q", test.text, bad.Msg, bad.Hint, test.msg, test.hint)
		}
		if bad.Offset != test.offset {
			t.Errorf("%.40q: offset %d, want %d (%s)", test.text, bad.Offset, test.offset, bad.Msg)
		}
		if first := bad.Msg[:1]; first != strings.ToLower(first) || strings.HasSuffix(bad.Msg, ".") {
			t.Errorf("%.40q: message %q", test.text, bad.Msg)
		}
	}
}

func testUnit(_, metric string) (draw.Unit, error) {
	switch {
	case strings.Contains(metric, "latency"):
		return draw.Seconds, nil
	case strings.HasSuffix(metric, ".rate"):
		return draw.PerSecond, nil
	case strings.HasSuffix(metric, ".ratio"):
		return draw.Ratio, nil
	case strings.HasSuffix(metric, ".bytes"):
		return draw.Bytes, nil
	case strings.Contains(metric, "nosuch"):
		return 0, errors.New("there is no such load")
	case strings.Contains(metric, "hinted"):
		return 0, &Error{Msg: "unknown", Hint: "did you mean x"}
	}
	return draw.None, nil
}

func TestCheck(t *testing.T) {
	tests := []struct{ text, err string }{
		{"load.a.latency.p99 < 200ms", ""},
		{"load.a.latency.p99 > 0", ""},
		{"0 < load.a.latency.p99", ""},
		{"load.a.latency.p99 < 2", "cannot compare a time with a plain number (hint: write a unit, such as 2s or 200ms)"},
		{"load.a.rate >= 5", "cannot compare a rate with a plain number (hint: write a unit, such as 50/s)"},
		{"load.a.rate * 2s >= 5", ""},
		{"load.a.offered / 2s >= load.b.rate", ""},
		{"load.a.offered / 2s >= load.b.offered", "cannot compare a rate with a plain number"},
		{"load.a.latency.p99 + load.a.offered > 1s", "cannot add a time and a plain number"},
		{"max(load.a.latency.p99, load.a.offered) > 1s", "cannot take the maximum of a time and a plain number"},
		{"load.a.ratio >= 99%", ""},
		{"load.a.ratio >= 0.99", ""},
		{"load.a.offered within 2% of 5", ""},
		{"load.a.offered within 3 of 5", ""},
		{"load.a.latency.p50 within 2% of 5ms", ""},
		{"load.a.latency.p50 within 2ms of 5ms", ""},
		{"load.a.latency.p50 within 0.02 of 5ms", "the tolerance is a plain number, and the value is a time (hint: write 2%"},
		{"load.a.latency.p50 within 2MB of 5ms", "cannot compare a time with a size"},
		{"load.a.latency.p50 between 2ms and 5ms", ""},
		{"load.a.bytes / load.a.latency.mean > 5MB/s", ""},
		{"load.a.latency.p50 * load.a.latency.p50 > 5", "cannot compare a number in s^2 B^0 with a plain number"},
		{"abs(load.a.latency.p50 - load.b.latency.p50) < 5ms", ""},
		{"-load.a.latency.p50 < 5ms", ""},
		{"load.nosuch.offered > 1", "there is no such load"},
		{"load.nosuch/2 > 1", "to divide, put spaces around the /"},
		{"load.hinted/2 > 1", "unknown (hint: did you mean x)"},
	}
	for _, test := range tests {
		e, err := Parse(test.text)
		if err != nil {
			t.Errorf("%s: %v", test.text, err)
			continue
		}
		got := fmt.Sprint(e.Check(testUnit))
		want := test.err
		if want == "" {
			want = "<nil>"
		}
		if !strings.Contains(got, want) {
			t.Errorf("%s: %v, want %s", test.text, got, want)
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{
		"broker: load.shoppers.completed.ratio >= 99.9%",
		"chain: load.s.confirmed.latency.p99 > 2 * broker.load.s.accepted.latency.p99 in 2m..3m",
		"a: (max(link.a->b.lost, 3) - abs(-1)) / 2 within 2% of queue.b/q.depth.max + 1e6",
		"a: load.x.y between 1 and 50/s", "a:::", "1e+5.../s%", "-((((", "load.a.b/c->d->", "≥≤≠",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		e, err := Parse(s)
		if err != nil {
			var bad *Error
			if !errors.As(err, &bad) || bad.Offset < 0 || bad.Offset > len(s) || bad.Msg == "" {
				t.Fatalf("%q: error %#v", s, err)
			}
			return
		}
		if again, err := Parse(e.Text()); err != nil || len(again.Metrics()) != len(e.Metrics()) {
			t.Fatalf("%q: parsed again: %v", e.Text(), err)
		}
		_ = e.Check(testUnit)
		for _, n := range []int{1, 3} {
			e.Evaluate(n, func(_, m string, _ *Window, rep int) (float64, draw.Unit, bool) {
				u, _ := testUnit("", m)
				return float64(len(m) + rep), u, true
			}, nil)
		}
	})
}
