package report

import (
	"bytes"
	"encoding/xml"
	"math"
	"strings"
	"testing"
	"time"

	"asynclab/sim"
	"asynclab/sim/draw"
	"asynclab/sim/expect"
	"asynclab/sim/golden"
	"asynclab/sim/measure"
	"asynclab/sim/metric"
	"asynclab/sim/topology"
	"asynclab/sim/warning"
)

func measured(name string, u draw.Unit, values ...float64) sim.Metric {
	ref, ok := metric.Core.Parse(name)
	if !ok || ref.Unit() != u {
		panic("not declared so: " + name)
	}
	return sim.Metric{Name: name, Unit: u, Values: values, Estimate: measure.Summarize(values), Ref: ref}
}

func sample() *Report {
	nan := math.NaN()
	return &Report{
		Title: "Placing an order", Summary: "a shop, by call chain and over a broker",
		About: map[string]string{"chain": "every step is a call", "broker": "the order goes into a queue"},
		Result: &sim.Result{
			Scenario: "order-flow", Version: "v1", Seed: 7, Replications: 1, Asked: 1,
			Engine: sim.Cost{Events: 2345678, Wall: 1500 * time.Millisecond},
			Designs: []sim.DesignResult{
				{Name: "chain", Ended: sim.Duration, At: time.Minute, Fingerprint: "00ff", Metrics: []sim.Metric{
					measured("load.shoppers.offered", draw.None, 119998),
					measured("load.shoppers.completed", draw.None, 117000),
					measured("load.shoppers.completed.ratio", draw.Ratio, 0.975),
					measured("load.shoppers.goodput.ratio", draw.Ratio, 0.97),
					measured("load.shoppers.failed", draw.None, 2998),
					measured("load.shoppers.failed.ratio", draw.Ratio, 0.025),
					measured("load.shoppers.failed.timeout", draw.None, 2998),
					measured("load.shoppers.failed.lost", draw.None, 0),
					measured("load.shoppers.amplification", draw.None, 1),
					measured("load.shoppers.accepted.latency.p99", draw.Seconds, 0.25),
					measured("load.shoppers.confirmed.latency.p99", draw.Seconds, 0.25),
					measured("load.shoppers.failed.latency.p99", draw.Seconds, nan),
					measured("service.pay.utilization", draw.Ratio, 0.71),
					measured("service.pay.rejected", draw.None, 0),
					measured("link.shop->pay.lost", draw.None, 12),
				}},
				{Name: "broker", Ended: sim.BudgetInFlight, At: 12 * time.Second, Fingerprint: "ff00", Metrics: []sim.Metric{
					measured("load.shoppers.offered", draw.None, 119998),
					measured("load.shoppers.completed", draw.None, 119998),
					measured("load.shoppers.completed.ratio", draw.Ratio, 1),
					measured("load.shoppers.goodput.ratio", draw.Ratio, 1),
					measured("load.shoppers.failed", draw.None, 0),
					measured("load.shoppers.amplification", draw.None, 1),
					measured("load.shoppers.accepted.latency.p99", draw.Seconds, 0.005),
					measured("load.shoppers.confirmed.latency.p99", draw.Seconds, 31.5),
					measured("service.pay.utilization", draw.Ratio, 0.73),
					measured("queue.bus/orders.depth.max", draw.None, 6012),
					measured("queue.bus/orders.lost", draw.None, 0),
					measured("queue.bus/orders.drain_time", draw.Seconds, nan),
				}, Warnings: []sim.Warning{
					warning.Of(warning.FewSamples, "load.shoppers.confirmed.latency.p99", 800, "0.8", "10,000"),
					warning.Of(warning.FewSamples, "load.shoppers.confirmed.latency.p999", 800, "0.8", "10,000"),
				}},
			},
			Expectations: []sim.Verdict{
				{Expect: "broker: load.shoppers.completed.ratio >= 99.9%", Outcome: expect.Outcome{Pass: true, Value: 1, Detail: "100%", Unit: draw.Ratio}},
				{Expect: "chain: load.shoppers.completed.ratio >= 99.9%", Outcome: expect.Outcome{Value: 0.975, Detail: "97.5%", Unit: draw.Ratio}},
				{Expect: "chain: service.pay.utilization < 70%", Outcome: expect.Outcome{Inconclusive: true, Value: 0.71, Detail: "71% straddles", Unit: draw.Ratio}},
			},
			Skipped: []sim.Skip{{Expect: "hybrid: load.shoppers.offered > 1", Why: "design hybrid was not run"}},
		},
	}
}

func TestFormats(t *testing.T) {
	for _, format := range Formats() {
		var b bytes.Buffer
		if err := sample().Write(&b, format); err != nil {
			t.Fatal(err)
		}
		golden.Equal(t, "testdata/one."+format, b.Bytes())
		if format == "junit" {
			if err := xml.Unmarshal(b.Bytes(), new(junitSuite)); err != nil {
				t.Error(err)
			}
		}
	}
	if err := sample().Write(new(bytes.Buffer), "pdf"); err == nil {
		t.Error("pdf: no error")
	}
}

// Clients give up, and the operations are done all the same.
func TestUnanswered(t *testing.T) {
	for _, test := range []struct {
		accepted, completed float64
		want                string
	}{
		{0.475, 0.937, "only 47.5% answered"},
		{0.99, 1, "all 1,000 completed, only 99% answered"},
	} {
		r := sample()
		r.Result.Designs = r.Result.Designs[:1]
		r.Result.Designs[0].Metrics = []sim.Metric{
			measured("load.shoppers.offered", draw.None, 1000),
			measured("load.shoppers.accepted.ratio", draw.Ratio, test.accepted),
			measured("load.shoppers.completed", draw.None, 1000*test.completed),
			measured("load.shoppers.completed.ratio", draw.Ratio, test.completed),
		}
		for accepted, want := range map[float64]bool{test.accepted: true, test.completed: false} {
			r.Result.Designs[0].Metrics[1] = measured("load.shoppers.accepted.ratio", draw.Ratio, accepted)
			var out bytes.Buffer
			if err := r.Write(&out, "text"); err != nil {
				t.Fatal(err)
			}
			if got := strings.Contains(strings.Join(strings.Fields(out.String()), " "), test.want); got != want {
				t.Errorf("accepted %v of completed %v: says %q: %v, want %v\n%s", accepted, test.completed, test.want, got, want, &out)
			}
			if got := strings.Contains(out.String(), "accepted.ratio"); got != want {
				t.Errorf("accepted %v of completed %v: has a row: %v, want %v", accepted, test.completed, got, want)
			}
		}
	}
}

// After an outage clients are away for longer than their broker, which counts of
// closed connections alone do not show.
func TestClosedConnections(t *testing.T) {
	for _, test := range []struct {
		mean, most, up float64
		want           string // "": no line
	}{
		{0.9, 1, 0.9, ""}, // it was down itself
		{0.9, 1, 1, "the connection shop->bus was closed for 1m: clients wait between attempts to connect again (reconnect)"},
		{2.7, 3, 3, "the connections shop->bus were closed for 1m each, on average: clients wait"},
		{0.9999, 1, 1, ""}, // a moment
		{1, 1, 1, ""},
	} {
		r := sample()
		r.Result.Designs = r.Result.Designs[:1]
		r.Result.Designs[0].Metrics = []sim.Metric{
			measured("connection.shop->bus.open.mean", draw.None, test.mean),
			measured("connection.shop->bus.open.max", draw.None, test.most),
			measured("service.shop.instances.mean", draw.None, test.up),
			measured("run.duration", draw.Seconds, 600),
		}
		var out bytes.Buffer
		if err := r.Write(&out, "text"); err != nil {
			t.Fatal(err)
		}
		got := strings.Join(strings.Fields(out.String()), " ")
		if strings.Contains(got, "closed for") != (test.want != "") || !strings.Contains(got, test.want) {
			t.Errorf("open %v of %v: want %q\n%s", test.mean, test.most, test.want, &out)
		}
	}
}

func TestReplicated(t *testing.T) {
	r := sample()
	r.Asked, r.Replications, r.All = 3, 3, true
	for d := range r.Designs {
		for i, m := range r.Designs[d].Metrics {
			r.Designs[d].Metrics[i] = measured(m.Name, m.Unit, m.Values[0], m.Values[0]*1.01, m.Values[0]*0.98)
		}
	}
	var b bytes.Buffer
	if err := r.Write(&b, "text"); err != nil {
		t.Fatal(err)
	}
	golden.Equal(t, "testdata/replicated.text", b.Bytes())
}

func TestGroup(t *testing.T) {
	for in, want := range map[string]string{"": "", "999": "999", "1234": "1,234", "12345": "12,345", "1234567/s": "1,234,567/s", "12345.6": "12,345.6", "-12345": "-12345"} {
		if got := group(in); got != want {
			t.Errorf("%s: %s, want %s", in, got, want)
		}
	}
}

func TestWidth(t *testing.T) {
	for in, want := range map[string]int{"": 0, "a→–": 3, "订单 x": 6} {
		if got := topology.Columns(in); got != want {
			t.Errorf("%q: %d, want %d", in, got, want)
		}
	}
}

func TestWideTable(t *testing.T) {
	r := &Report{Result: &sim.Result{Scenario: "wide", Asked: 1, Replications: 1}}
	for i := range 12 {
		name := string(rune('a'+i)) + "-design-name"
		r.Designs = append(r.Designs, sim.DesignResult{Name: name, Ended: sim.Duration, Metrics: []sim.Metric{
			measured("load.x.offered", draw.None, float64(i)), measured("queue."+name+"/q.depth.max", draw.None, float64(i))}})
	}
	var b bytes.Buffer
	if err := r.Write(&b, "text"); err != nil {
		t.Fatal(err)
	}
	golden.Equal(t, "testdata/wide.text", b.Bytes())
}

func TestEstimate(t *testing.T) {
	for _, c := range []struct {
		unit   draw.Unit
		values []float64
		want   string
	}{
		{draw.None, []float64{26780}, "26,780"},
		{draw.None, []float64{26500, 26780, 27000}, "26,760 ±623"},
		{draw.Seconds, []float64{0.1117, 0.112, 0.1123}, "112.0ms ±0.7ms"},
		{draw.Seconds, []float64{0.7, 1, 1.3}, "1.0s ±0.7s"},
		{draw.Seconds, []float64{1700, 1720, 1740}, "28m40s ±50s"},
		{draw.Seconds, []float64{0.078, 0.078}, "78ms"},
		{draw.Seconds, []float64{math.NaN()}, "–"},
		{draw.Ratio, []float64{0.943, 0.944, 0.945}, "94.4% ±0.2%"},
		{draw.Ratio, []float64{0.99993}, "99.993%"},
		{draw.Ratio, []float64{0.99963}, "99.96%"},
		{draw.Ratio, []float64{0.9999999}, "99.99999%"},
		{draw.Ratio, []float64{1}, "100%"},
		{draw.Ratio, []float64{0.9851}, "98.5%"},
		{draw.PerSecond, []float64{0.01}, "0.01/s"},
		{draw.PerSecond, []float64{2500}, "2,500/s"},
		{draw.None, []float64{-1500}, "-1,500"},
	} {
		if got := estimate(sim.Metric{Unit: c.unit, Estimate: measure.Summarize(c.values)}); got != c.want {
			t.Errorf("%v: %s, want %s", c.values, got, c.want)
		}
	}
}

func TestNarrow(t *testing.T) {
	r := sample()
	r.Width = 44
	r.Summary = "a shop, by call chain and over a broker, for half a minute"
	r.Expectations[0].Expect = "broker: service.pay.out_of_order == 0"
	for i := range r.Designs {
		r.Designs[i].Metrics = append(r.Designs[i].Metrics, measured("service.pay.out_of_order", draw.None, 5))
	}
	var b bytes.Buffer
	if err := r.Write(&b, "text"); err != nil {
		t.Fatal(err)
	}
	golden.Equal(t, "testdata/narrow.text", b.Bytes())
}

// Texts of a scenario cannot become Markdown or HTML of the page.
func TestMarkdownIsEscaped(t *testing.T) {
	r := sample()
	r.Title = "<script>alert(1)</script> | `code` [a](b) \n# head"
	r.Summary = "```\n<script>"
	r.About = map[string]string{r.Designs[0].Name: "<b>about</b> | *x*"}
	var b bytes.Buffer
	if err := r.Write(&b, "markdown"); err != nil {
		t.Fatal(err)
	}
	got := b.String()
	for _, want := range []string{"&lt;script>alert(1)&lt;/script> \\| \\`code\\` \\[a\\](b)  # head\n", "\n````text\n", "&lt;b>about&lt;/b> \\| \\*x\\*"} {
		if !strings.Contains(got, want) {
			t.Errorf("there is no %q in\n%s", want, got)
		}
	}
}

// A missed value that three digits make equal to its bound is shown with what is between
// them.
func TestSeen(t *testing.T) {
	for _, c := range []struct {
		value, bound float64
		pass         bool
		want         string
	}{
		{0.092013, 0.092, false, "92ms and 13µs"},
		{0.091987, 0.092, false, "92ms less 13µs"},
		{0.092013, 0.092, true, "92ms"},
		{0.095, 0.092, false, "95ms"},
		{0.092, 0.092, false, "92ms"}, // must differ, and does not
	} {
		if got := seen(sim.Verdict{Outcome: expect.Outcome{Value: c.value, Bound: c.bound, Pass: c.pass, Unit: draw.Seconds}}); got != c.want {
			t.Errorf("%v against %v: %q, want %q", c.value, c.bound, got, c.want)
		}
	}
}
