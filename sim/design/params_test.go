package design_test

import (
	. "asynclab/sim/design"
	"asynclab/sim/design/designtest"
	"errors"
	"math"
	"strings"
	"testing"
	"time"

	"asynclab/sim/check"
	"asynclab/sim/draw"
)

func TestParamsGetSet(t *testing.T) {
	d := designtest.Shop()
	d.Services[0].Room, d.Services[0].HasRoom = 0, true
	d.Loads[0].Patience, d.Loads[0].HasLimit = draw.Must(draw.ExpDist(2)), true
	*order(d) = append(*order(d), Step{Op: Parallel, Times: 4, Branches: [][]Step{{{Op: Work, Dist: designtest.Milliseconds(1)}}}},
		Step{Op: Parallel, Branches: [][]Step{{{Op: Await, To: Target{Node: "pay", Entry: "charge"}, HasElse: true, Else: []Step{{Op: Work, Dist: designtest.Milliseconds(1)}}}}, nil}})
	for _, c := range []struct{ path, was, set, is string }{
		{"load.shoppers.rate", "100/s", "250/s", ""},
		{"load.shoppers.rate", "250/s", "0", "0/s"},
		{"load.shoppers.scale", "1", "2.5", ""},
		{"load.shoppers.deadline", "1m", "none", ""},
		{"load.shoppers.deadline", "none", "2s", ""},
		{"load.shoppers.timeout", "30s", "1.5s", ""},
		{"load.shoppers.stop", "none", "1m30s", ""},
		{"load.shoppers.count", "unlimited", "1000", ""},
		{"load.shoppers.count", "1000", "unlimited", ""},
		{"load.shoppers.confirms", "1", "2", ""},
		{"load.shoppers.patience", "exp(2s)", "none", ""},
		{"load.shoppers.patience.mean", "none", "3s", ""},
		{"load.shoppers.patience", "3s", "uniform(1s, 3s)", ""},
		{"load.shoppers.batch", "1", "geometric(5)", ""},
		{"load.shoppers.retry.attempts", "1", "unlimited", ""},
		{"load.shoppers.retry.backoff", "0s", "exp(100ms)", ""},
		{"load.shoppers.retry.cap", "none", "5s", ""},
		{"load.clerks.users", "5", "50", ""},
		{"load.clerks.think", "1s", "lognormal(2s, p99=10s)", ""},
		{"load.clerks.think.mean", "2s", "4s", ""},
		{"load.clerks.think", "lognormal(4s, p99=20s)", "0", "0s"},
		{"service.shop.workers", "8", "unlimited", ""},
		{"service.shop.queue", "0", "unlimited", ""},
		{"service.pay.queue", "10000", "10", ""},
		{"service.pay.speed", "1", "0.5", ""},
		{"service.pay.errors", "0%", "0.001", "0.1%"},
		{"service.pay.instances", "1", "3", ""},
		{"service.pay.on.charge.work", "5ms", "exp(7ms)", ""},
		{"service.pay.on.charge.work.mean", "7ms", "9ms", ""},
		{"service.pay.on.charge.work", "exp(9ms)", "erlang(4, 10ms)", ""},
		{"service.pay.on.charge.fail", "10%", "25%", ""},
		{"service.shop.on.order.call.timeout", "30s", "none", ""},
		{"service.shop.on.order.call.retry.attempts", "1", "4", ""},
		{"service.shop.on.order.call.size", "1kB", "2kB", ""},
		{"service.shop.on.order.choose.1.weight", "50%", "60%", ""},
		{"service.shop.on.order.choose.2.work2", "3ms", "4ms", ""},
		{"service.shop.on.ask.repeat", "3", "7", ""},
		{"service.shop.on.ask.repeat.await.timeout", "30s", "20s", ""},
		{"service.shop.on.order.parallel.times", "4", "8", ""},
		{"service.shop.on.order.parallel.need", "8", "2", ""},
		{"service.shop.on.order.parallel.work", "1ms", "2ms", ""},
		{"service.shop.on.order.parallel2.need", "2", "1", ""},
		{"service.shop.on.order.parallel2.1.await.else.work", "1ms", "2ms", ""},
		{"service.mail.consumes.bus/mails.prefetch", "1", "unlimited", ""},
		{"service.mail.consumes.bus/mails.consumers", "1", "4", ""},
		{"queue.bus/mails.max_length", "10000", "unlimited", ""},
		{"queue.bus/mails.ttl", "none", "10s", ""},
		{"queue.bus/mails.max_deliveries", "3", "unlimited", ""},
		{"queue.bus/mails.redelivery.backoff", "0s", "1s", ""},
		{"queue.bus/orders.max_length", "10000", "500", ""},
		{"queue.bus/orders/mail.max_length", "500", "20", ""},
		{"queue.bus/orders.max_length", "500", "600", ""},
		{"link.default.latency", "1ms", "normal(20ms, 5ms)", ""},
		{"link.default.bandwidth", "unlimited", "10MB/s", ""},
		{"link.default.retransmit", "auto", "200ms", ""},
		{"link.default.retransmit", "200ms", "auto", ""},
		{"link.shop->pay.loss", "0%", "3%", ""},
		{"link.pay->shop.latency", "3ms", "4ms", ""}, // from the declared way back
		{"link.pay->shop.loss", "3%", "5%", ""},
		{"link.mail->bus.bandwidth", "10MB/s", "unlimited", ""}, // from the default
		{"fault.crash.at", "1m", "2m", ""},
		{"fault.crash.for", "30s", "none", ""},
		{"fault.crash.for", "none", "exp(30s)", ""},
		{"fault.crash.period", "none", "5m", ""},
	} {
		if got, err := d.Get(c.path); err != nil || got != c.was {
			t.Errorf("%s is %q, %v; want %q", c.path, got, err, c.was)
		}
		if err := d.Set(c.path, c.set); err != nil {
			t.Error(err)
			continue
		}
		if c.is == "" {
			c.is = c.set
		}
		if got, _ := d.Get(c.path); got != c.is {
			t.Errorf("%s set to %q is %q", c.path, c.set, got)
		}
	}
	if len(d.Links) != 3 || d.Links[1].From != "pay" || d.Links[0].Latency.Mean() != 0.003 {
		t.Errorf("links: %+v", d.Links)
	}
	if s := d.Brokers[0].Topics[0].Subscriptions; len(s) != 1 || s[0].MaxLength != 20 {
		t.Errorf("subscriptions: %+v", s)
	}
}

func TestParamsErrors(t *testing.T) {
	for _, c := range []struct{ path, value, msg, hint string }{
		{"load.shoppers.rate", "200", "unit is missing", "such as 200/s"},
		{"load.shoppers.rate", "5ms", "unit does not fit", "such as 200/s"},
		{"load.shoppers.rate", "2e9/s", "above the most possible", "such as 200/s"},
		{"load.shoppers.rate", "-1/s", "negative", ""},
		{"load.shoppers.rate", "none", `"none" is not possible here`, ""},
		{"load.shoppers.rate", "fast", `cannot read "fast"`, ""},
		{"load.shoppers.rate", "", "no value given", ""},
		{"load.shoppers.scale", "0", "below", ""},
		{"load.shoppers.deadline", "3", "unit is missing", "or none"},
		{"load.shoppers.deadline", "30y", "", ""},
		{"load.clerks.users", "0", "0 is below the least possible, 1", "a whole number from 1 to 1000000"},
		{"load.clerks.users", "1.5", "not a whole number", ""},
		{"load.clerks.users", "5%", "unit does not fit", ""},
		{"service.shop.workers", "1000001", "above the most possible, 1000000", "or unlimited"},
		{"service.shop.errors", "101%", "above", "from 0 to 1"},
		{"service.pay.on.charge.work", "expo(5ms)", "cannot read", "did you mean"},
		{"service.pay.on.charge.work", "5", "cannot read", ""},
		{"service.pay.on.charge.work", "30000d", "above", ""},
		{"load.shoppers.batch.mean", "1e300", "", ""},
		// Unknown paths.
		{"service.shop.wrkers", "3", "no such parameter", "did you mean service.shop.workers?"},
		{"load.shopers.rate", "3", "no such parameter", "did you mean load.shoppers.rate?"},
		{"load.clerks.rate", "3", "no such parameter", "load.clerks has users"},
		{"load.shoppers.velocity", "3", "no such parameter", "load.shoppers has rate, scale"},
		{"service.pay.on.charge.work2", "3", "no such parameter", "did you mean service.pay.on.charge.work?"},
		{"link.pay->shp.loss", "3", "no such parameter", "did you mean shop?"},
		{"link.pay->shop.velocity", "3", "no such parameter", "has latency, jitter"},
		{"link.pay->pay.loss", "3", "no such parameter", ""},
		{"link.shop->pay", "3", "no such parameter", ""},
		{"", "3", "no such parameter", "paths begin with"},
		{"nonsense", "3", "no such parameter", "paths begin with"},
		{strings.Repeat("a.", 1000), "3", "no such parameter", ""},
	} {
		d := designtest.Shop()
		err := d.Set(c.path, c.value)
		var p *ParamError
		if !errors.As(err, &p) {
			t.Errorf("%s = %q: %v", c.path, c.value, err)
			continue
		}
		if !strings.Contains(p.Msg, c.msg) || !strings.Contains(p.Hint, c.hint) {
			t.Errorf("%s = %q: %s | %s; want %s | %s", c.path, c.value, p.Msg, p.Hint, c.msg, c.hint)
		}
		if strings.ToLower(p.Msg[:1]) != p.Msg[:1] {
			t.Errorf("style of %q", p.Msg)
		}
		if d.Valid(c.path, c.value) == nil {
			t.Errorf("%s = %q is valid, but cannot be set", c.path, c.value)
		}
	}
}

func TestParamsNumber(t *testing.T) {
	d := designtest.Shop()
	for _, c := range []struct {
		path string
		want float64
	}{
		{"load.shoppers.rate", 100}, {"load.shoppers.deadline", 60}, {"load.shoppers.count", math.Inf(1)},
		{"service.pay.on.charge.work", 0.005}, {"service.pay.on.charge.work.mean", 0.005}, {"service.pay.workers", 4},
		{"fault.crash.for", 30}, {"link.default.bandwidth", math.Inf(1)}, {"service.pay.on.charge.fail", 0.1},
	} {
		if got, err := d.Number(c.path); err != nil || got != c.want {
			t.Errorf("%s is %v, %v; want %v", c.path, got, err, c.want)
		}
		if c.want > 1 && !math.IsInf(c.want, 1) {
			if err := d.SetNumber(c.path, c.want/2); err != nil {
				t.Error(err)
			}
			if got, _ := d.Number(c.path); got != c.want/2 {
				t.Errorf("%s is %v after setting it to %v", c.path, got, c.want/2)
			}
		}
	}
	if err := d.SetNumber("load.shoppers.deadline", math.Inf(1)); err != nil || d.Loads[0].Deadline != None {
		t.Errorf("deadline %v, %v", d.Loads[0].Deadline, err)
	}
	for _, x := range []float64{math.NaN(), math.Inf(1), math.Inf(-1), -1, 1e300} {
		if d.SetNumber("service.pay.on.charge.work", x) == nil || d.SetNumber("load.shoppers.rate", x) == nil {
			t.Errorf("%v was set", x)
		}
	}
	if _, err := d.Number("x"); err == nil {
		t.Error("x has a number")
	}
}

func TestParamsCopy(t *testing.T) {
	d := designtest.Shop()
	samples := draw.Must(draw.FromSamples([]float64{0.001, 0.002}))
	d.Services[1].Handlers[0].Steps[0].Dist = samples.Named("times.csv").In(draw.Seconds)
	old := d.Clone()
	const work = "service.pay.on.charge.work"
	for _, set := range []struct{ path, value string }{
		{work, "exp(5ms)"}, {work + ".mean", "7ms"}, {"load.shoppers.patience", "5s"}, {"link.pay->mail.loss", "5%"},
	} {
		was, _ := d.Get(set.path)
		if err := d.Set(set.path, set.value); err != nil {
			t.Fatal(err)
		}
		if err := d.Copy(set.path, old); err != nil {
			t.Error(err)
		}
		if is, _ := d.Get(set.path); is != was {
			t.Errorf("%s is %s, was %s", set.path, is, was)
		}
	}
	if d.Copy("x", old) == nil || d.Copy(work, &Design{}) == nil {
		t.Error("copied what does not exist")
	}
}

// Of two topics with one name, which the checks refuse, the first is meant: what is
// set is what is read, also in a subscription that its consumer makes.
func TestSetInOneOfTwoTopics(t *testing.T) {
	d := &Design{
		Brokers:  []Broker{{Name: "b", Topics: []Topic{{Name: "t", Template: Queue{TTL: 2 * time.Second}}, {Name: "t"}}}},
		Services: []Service{{Name: "s", Handlers: []Handler{{Name: "h"}}, Consumes: []Consume{{From: Target{Node: "b", Entry: "t"}, Handler: "h"}}}},
	}
	if err := d.Set("queue.b/t/s.ttl", "3s"); err != nil {
		t.Fatal(err)
	}
	if got, err := d.Get("queue.b/t/s.ttl"); err != nil || got != "3s" || d.Brokers[0].Topics[0].Template.TTL != 2*time.Second {
		t.Errorf("reads %s, %v; the topic is %+v", got, err, d.Brokers[0].Topics)
	}
}

// Names with dots and dashes must not lead to the wrong element.
func TestParamsOddNames(t *testing.T) {
	d := designtest.Shop()
	d.Services = append(d.Services, Service{Name: "pay.v2", Workers: 77, Handlers: []Handler{{Name: "charge.fast-1", Steps: []Step{{Op: Work, Dist: designtest.Milliseconds(9)}}}}},
		Service{Name: "pay-v2.on", Workers: 78})
	d.Links = append(d.Links, Link{From: "shop", To: "pay.v2", LinkParams: LinkParams{Loss: 0.5}})
	for path, want := range map[string]string{
		"service.pay.workers": "4", "service.pay.v2.workers": "77", "service.pay-v2.on.workers": "78",
		"service.pay.v2.on.charge.fast-1.work": "9ms", "link.shop->pay.v2.loss": "50%", "link.shop->pay.loss": "0%",
		"link.pay.v2->pay.loss": "0%",
	} {
		if got, err := d.Get(path); err != nil || got != want {
			t.Errorf("%s is %q, %v; want %q", path, got, err, want)
		}
	}
}

// Every parameter is documented and described consistently.
func TestParamsDescribed(t *testing.T) {
	d := designtest.Shop()
	d.Loads[0].Arrivals.Profile = []Segment{{For: time.Minute, From: 1, To: 2}}
	used := map[string]bool{}
	for _, p := range Params(d) {
		if p.Doc == "" || strings.Contains(p.Doc, ": (") {
			t.Errorf("%s is not documented", p.Path)
		}
		if p.Min > p.Max || p.Max == 0 {
			t.Errorf("%s ranges from %v to %v", p.Path, p.Min, p.Max)
		}
		used[p.Path] = true
		if q, err := d.Lookup(p.Path); err != nil || q != p {
			t.Errorf("%s: looked up as %+v, %v", p.Path, q, err)
		}
	}
	for _, path := range []string{"load.shoppers.profile.1.to", "load.shoppers.scale", "link.default.latency.mean", "queue.bus/orders/mail.ttl"} {
		if !used[path] {
			t.Errorf("%s is not listed", path)
		}
	}
	if used["load.shoppers.rate"] || used["load.shoppers.users"] || used["queue.bus/mails.redelivery.attempts"] {
		t.Error("a parameter without meaning is listed")
	}
}

// big is a design of 50 services, each with a handler of a few steps.
func big() *Design {
	d := &Design{Name: "big", Loads: []Load{{Name: "load", To: Target{Node: "s0", Entry: "h"}, Arrivals: Arrivals{Kind: Poisson, Rate: 10}}}}
	for i := range 50 {
		s := Service{Name: "s" + BranchLabel(i-1, 0), Workers: 4}
		steps := []Step{{Op: Work, Dist: designtest.Milliseconds(1)}}
		if i < 49 {
			steps = append(steps, Step{Op: Call, To: Target{Node: "s" + BranchLabel(i, 0), Entry: "h"}})
		}
		s.Handlers = []Handler{{Name: "h", Steps: steps}}
		d.Services = append(d.Services, s)
	}
	return d
}

func BenchmarkParamsSet(b *testing.B) {
	d := big()
	values := []string{"2ms", "3ms"}
	for i := 0; b.Loop(); i++ {
		if err := d.Set("service.s49.on.h.work", values[i%2]); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkParamsSetNumber(b *testing.B) {
	d := big()
	for i := 0; b.Loop(); i++ {
		if err := d.SetNumber("link.s48->s49.latency.mean", float64(i%2+1)/1000); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkCheck(b *testing.B) {
	d := big()
	for b.Loop() {
		check.Design(d)
	}
}

func order(d *Design) *[]Step { return &d.Services[0].Handlers[0].Steps }
