package scenarios

import (
	"context"
	"math"
	"strings"
	"testing"
	"time"

	"asynclab/sim"
)

const priced = `
prices: {currency: USD, instance_hour: 36, broker_million: 10000, gb: 1000}
load:
  a: {to: bus/q, arrivals: constant(10/s), stop: 10s, attributes: {n: "exp(0.1)"}}
services:
  s: {consumes: {bus/q: h}, instances: 2, workers: 9, on: {h: [work: 1ms]}}
brokers:
  bus: {queues: {q: {}}}
`

// Costs by hand: 100 messages in 20 s. What is said of an element is in its own text.
func TestCosts(t *testing.T) {
	for _, c := range []struct {
		name, old, new string
		want           map[string]float64
	}{
		// Published, delivered, acknowledged. Two instances for 20 s at 0.01 a second. The
		// broker sends 100 deliveries of 1 kB and 100 answers to the client, the service 100
		// acknowledgements; what the client sends costs nothing.
		{"acknowledged", "", "", map[string]float64{
			"broker.bus.operations": 300, "service.s.instance_hours": 2 * 20. / 3600,
			"service.s.cost": 0.4 + 0.1, "broker.bus.cost": 3 + 0.2, "run.cost": 3.7}},
		{"automatic", "bus/q: h", "bus/q: {handler: h, ack: automatic}", map[string]float64{"broker.bus.operations": 200, "service.s.cost": 0.4}},
		{"an instance price", "instances: 2", "instances: 2, price: 72", map[string]float64{"service.s.cost": 0.8 + 0.1, "run.cost": 4.1}},
		{"down for a while", "brokers:", "faults: [{crash: s, at: 11s, for: 5s}]\nbrokers:", map[string]float64{"service.s.instance_hours": 2 * 20. / 3600, "service.s.cost": 0.5}},
		{"a broker price", "queues: {q: {}}", "queues: {q: {}}, price: 0", map[string]float64{"broker.bus.cost": 0.2}},
		{"a link price", "brokers:", "links: {bus -> s: {price: 2000}, s -> bus: {price: 0}}\nbrokers:", map[string]float64{"broker.bus.cost": 3 + 0.2 + 0.1, "service.s.cost": 0.4}},
		{"the price of all links", "brokers:", "links: {default: {price: 0}}\nbrokers:", map[string]float64{"broker.bus.cost": 3, "service.s.cost": 0.4}},
		// Delivered and refused twice; what the broker moves to the dead letters is no operation.
		{"dead letters", "h: [work: 1ms]}}\nbrokers:\n  bus: {queues: {q: {}}}", "h: [fail]}}\nbrokers:\n  bus: {queues: {q: {max_deliveries: 2, dead_letter: d}, d: {}}}", map[string]float64{"broker.bus.operations": 500, "queue.bus/d.published": 100}},
		// Each message of a topic is published once, whoever wants it.
		{"two subscriptions", "queues: {q: {}}", "topics: {q: {subscriptions: {more: {}}}}", map[string]float64{"broker.bus.operations": 300}},
		{"nobody wants it", "queues: {q: {}}", `topics: {q: {filter: "n > 5"}}`, map[string]float64{"broker.bus.operations": 100, "queue.bus/q/s.filtered": 100}},
	} {
		t.Run(c.name, func(t *testing.T) {
			text := strings.Replace(priced, c.old, c.new, 1)
			s := parseGood(t, text)
			r, err := sim.Run(context.Background(), s.Designs, sim.Settings{Duration: 20 * time.Second, Seed: 1}, nil)
			if err != nil {
				t.Fatal(err)
			}
			sum := 0.0
			for _, m := range r.Designs[0].Metrics {
				if want, ok := c.want[m.Name]; ok && !(math.Abs(m.Mean-want) <= 1e-9) {
					t.Errorf("%s is %g, not %g", m.Name, m.Mean, want)
				}
				switch m.Name {
				case "service.s.cost", "broker.bus.cost":
					sum += m.Mean
				case "run.cost":
					sum -= m.Mean
				}
			}
			if math.Abs(sum) > 1e-9 {
				t.Errorf("the run costs %g less than its parts", sum)
			}
		})
	}
}

// What is wrong with prices is said; two currencies are in TestBadInput.
func TestPriceMistakes(t *testing.T) {
	for _, c := range []struct{ text, says string }{
		{strings.Replace(priced, "currency: USD, ", "", 1), "currency is missing in this price list"},
		{strings.Replace(priced, "USD", `"US dollar"`, 1), "a currency is one word of at most 12 characters"},
		{strings.Replace(strings.Replace(priced, "prices:", "# prices:", 1), "workers: 9", "workers: 9, price: 3", 1), "a price needs the currency of a price list"},
		{strings.Replace(priced, "gb: 1000", "gb: -1", 1), "-1 is negative"},
		{strings.Replace(priced, "gb: 1000", "gb: 1000/s", 1), "expected a number"},
		{strings.Replace(priced, "gb:", "tb:", 1), `unknown key "tb" in a price list`},
		{strings.Replace(priced, "prices:", "expect: [\"run.cost < 3\"]\n# prices:", 1), `design x has no prices, and so no "run.cost"`},
	} {
		_, err := Parse(nil, "x.yaml", []byte("version: 1\nname: x\nrun: {duration: 10min}"+c.text))
		if err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s\ngot  %v\nwant %s", c.text, err, c.says)
		}
	}
}

// A design may be called broker, though metrics of brokers begin with the word.
func TestDesignCalledBroker(t *testing.T) {
	text := strings.Replace(priced, "load:", `designs: {broker: {}, other: {prices: {gb: 0}, set: {prices.instance_hour: 0}}}
expect:
  - "broker: broker.bus.cost > 0"
  - "broker: broker.load.a.completed.ratio == 100%"
  - "broker.broker.bus.cost > other.broker.bus.cost"
  - "broker.run.cost > other.run.cost"
  - "other: service.s.cost == 0"
load:`, 1)
	s := parseGood(t, text)
	for i, want := range []string{"broker", "broker", "broker", "broker", "other"} {
		if got := s.Expect[i].Parsed.Metrics()[0].Design; got != want {
			t.Errorf("%s is about design %s", s.Expect[i].Text, got)
		}
	}
	if p, err := s.Designs[1].Lookup("prices.broker_million"); err != nil || p.Max != 1e9 {
		t.Errorf("prices are parameters: %+v, %v", p, err)
	}
}
