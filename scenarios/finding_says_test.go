package scenarios_test

import (
	"regexp"
	"testing"

	"asynclab/scenarios"
	"asynclab/sim"
)

// findingSays are designs of which a finding has to say what happened, as a person who
// was there would: who was busy and who waited for it, what retries made of it, what a
// lost acknowledgement cost, where messages are that nobody works on.
var findingSays = []struct{ what, text, says string }{
	// 32 workers do 320/s of 100 ms each; for 70 s 410/s come, of which 6,300 wait: at
	// 320 - 200/s they are gone 52 s later.
	{"a service has too much to do, and its caller waits", `
run: {duration: 4min}
load: {shoppers: {to: shop/buy, arrivals: {poisson: [{for: 1min, rate: 200/s}, {for: 70s, rate: 410/s}, {for: 2min, rate: 200/s}]}, timeout: 5s}}
services:
  shop: {workers: 64, on: {buy: [work: 1ms, {call: payment/charge, timeout: 2s}]}}
  payment: {workers: 32, on: {charge: [work: exp(100ms)]}}
`, `^the workers of payment worked (9[5-9]|100)[.\d]*% of the time from 1m\S* to 3m\S*: it did 3[12]\d/s, which is its capacity; .*workers of shop spent 9\d[.\d]*% of the time they were held waiting for payment; up to \d+ waited for shop$`},
	// After 20 s nobody pays, and 80/s come four times each to who does 100/s.
	{"retries keep an outage up that has lost its cause", `
run: {duration: 4min}
load: {shoppers: {to: pay/charge, arrivals: poisson(80/s), timeout: 1s, deadline: 10s, retry: {attempts: 4}}}
services: {pay: {workers: 1, queue: 2000, on: {charge: [work: exp(10ms)]}}}
faults: [{at: 1min, for: 20s, pause: pay}]
`, `^retries multiplied the load of pay/charge by [34][.\d]* from 1m\S* to 4m; the outage outlived pause pay by 2m[34]\d`},
	// One acknowledgement in twenty is lost: each costs 1/(1 - 5%) = 1.05 deliveries.
	{"each lost acknowledgement is another delivery", `
run: {duration: 8min}
load: {l: {to: bus/q, arrivals: poisson(20/s), confirm: w/h}}
services: {w: {workers: 20, consumes: {bus/q: h}, on: {h: [work: exp(50ms)]}}}
brokers: {bus: {queues: {q: {visibility: 2s}}}}
links: {w -> bus: {latency: 1ms, loss: 5%, retransmit: none}, bus -> w: {latency: 1ms}}
`, `^\d+ messages of bus/q were delivered again; \d+ messages from w were lost on the way to the broker, (0\.9\d|1\.0\d|1) deliveries again for each$`},
	{"consumers hold what was lost on the link", `
run: {duration: 3min}
load: {l: {to: bus/q, arrivals: poisson(20/s), confirm: w/h}}
services: {w: {workers: 4, consumes: {bus/q: h}, on: {h: [work: exp(50ms)]}}}
brokers: {bus: {heartbeat: none, queues: {q: {}}}}
links: {w -> bus: {latency: 1ms}, bus -> w: {latency: 1ms, loss: 5%, retransmit: none}}
`, `^consumers of bus/q hold 4 messages and have no place for more, from \S+ to 3m, while workers of w are idle 100% of the time$`},
	// What hangs below blocks all above it, and these have a line.
	{"a chain of causes is followed", `
run: {duration: 4min}
load: {shoppers: {to: shop/buy, arrivals: poisson(20/s)}}
services:
  shop: {workers: 64, on: {buy: [work: exp(5ms), call: pay/charge]}}
  pay: {workers: 8, on: {charge: [work: exp(20ms)]}}
faults: [{at: 1min, for: 30s, hang: pay}]
`, `^hang pay from 1m to 1m30s; \d+ of \d+ operations of shoppers failed; .*workers of shop spent 9\d[.\d]*% of the time they were held waiting for pay; up to \d{3} waited for shop; all was as before \S+ after it$`},
}

func TestFindingsSay(t *testing.T) {
	for _, c := range findingSays {
		t.Run(c.what, func(t *testing.T) {
			s, err := scenarios.Parse(nil, "x.yaml", []byte("version: 1\nname: x"+c.text))
			if err != nil {
				t.Fatal(err)
			}
			r, err := sim.Run(t.Context(), s.Designs, sim.Settings{Duration: s.Run.Duration, Seed: 1, Parallel: 1, Findings: true}, nil)
			if err != nil {
				t.Fatal(err)
			}
			all, want := r.Designs[0].Findings, regexp.MustCompile(c.says)
			for i := range all {
				if want.MatchString(all[i].Text()) {
					return
				}
				t.Log(all[i].ID, all[i].Text())
			}
			t.Errorf("nothing says %s", c.says)
		})
	}
}
