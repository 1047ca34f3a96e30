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
`, `^retries multiplied the load of pay/charge by [34][.\d]* from 1m\S* to 4m; the outage outlived its trigger, pause pay, by 2m[34]\d`},
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
	// One operation in five pays; the other four are well all the time.
	{"an outage of few operations is one", `
run: {duration: 4min}
load: {shoppers: {to: shop/page, arrivals: poisson(400/s), timeout: none, deadline: 20s}}
services:
  shop: {workers: 4000, on: {page: [{choose: [{p: 20%, do: [{call: pay/charge, timeout: 1s, retry: {attempts: 4}}]}, {do: []}]}]}}
  pay: {workers: 1, queue: 2000, on: {charge: [work: exp(10ms)]}}
faults: [{at: 1min, for: 20s, pause: pay}]
`, `^retries multiplied the load of pay/charge by [34][.\d]* from 1m\S* to 4m; the outage outlived its trigger, pause pay, by 2m[34]\d`},
	// exp(-68/50) = 25.7 % of 9,000 take longer than 70 ms, 2 ms of them on the link.
	{"a timeout is shorter than the answer takes", `
run: {duration: 3min}
load: {l: {to: a/h, arrivals: poisson(50/s)}}
services: {a: {workers: 100, on: {h: [{call: b/g, timeout: 70ms}]}}, b: {workers: 100, on: {g: [work: exp(50ms)]}}}
links: {default: {latency: 1ms}}
`, `^2[234]\d\d of [89]\d\d\d requests a/h -> b/g were given up after 70ms; b takes (49|50|51)[.\d]*ms on average, and 2[234]\d[.\d]*ms or more for one in a hundred, while its workers are busy 2[.\d]*% of the time$`},
	// The links alone take 120 ms, and all give up after 100.
	{"a timeout is shorter than the way", `
run: {duration: 3min}
load: {l: {to: a/h, arrivals: poisson(50/s)}}
services: {a: {workers: 100, on: {h: [{call: b/g, timeout: 100ms}]}}, b: {workers: 100, on: {g: [work: 10ms]}}}
links: {default: {latency: 1ms}, a -> b: {latency: 60ms}}
`, `^(8|9)\d\d\d of \d{4} requests a/h -> b/g were given up after 100ms; b takes 10ms on average, .*; the links there and back take 120ms on average$`},
	// Three workers each, which wait for each other until a timeout.
	{"a circle of calls, broken by timeouts", `
run: {duration: 3min}
load: {l: {to: a/h, arrivals: poisson(40/s)}}
services:
  a: {workers: 3, on: {h: [work: 5ms, {call: b/g, timeout: 2s}], check: [work: 2ms]}}
  b: {workers: 3, on: {g: [work: 5ms, {call: a/check, timeout: 5s}]}}
`, `^the workers of a, b wait for each other, from \S+ to 3m: all 3 of 3 are blocked$`},
	// Seven of ten keys come to one instance of four, and the caller waits for it.
	{"one instance holds back the caller of all", `
run: {duration: 3min}
load: {l: {to: a/h, arrivals: poisson(40/s), attributes: {k: {x: 70%, y: 10%, z: 10%, w: 10%}}}}
services:
  a: {workers: 40, on: {h: [{call: b/g, timeout: 20s}]}}
  b: {instances: 4, workers: 1, balance: hash, key: k, on: {g: [work: exp(50ms)]}}
`, `^\d+ tasks of b waited from \S+ to 3m while \d[.\d]* of its workers were idle, at other instances; workers of a spent (9\d[.\d]*|100)% of the time they were held waiting for b`},
	// 20/s for 30 s, and half a second of patience: all but ten.
	{"messages that expire while nobody is there", `
run: {duration: 3min}
load: {l: {to: bus/q, arrivals: poisson(20/s)}}
services: {w: {workers: 4, consumes: {bus/q: h}, on: {h: [work: 10ms]}}}
brokers: {bus: {queues: {q: {ttl: 500ms, expire: any}}}}
faults: [{at: 1min, for: 30s, crash: w}]
`, `^crash w from 1m to 1m30s; .*[56]\d\d of [56]\d\d messages of bus/q: expired`},
	// Four requests of 30 ms each for every call: 80/s * 30 ms = 2.4 of two workers, and 0.6 without.
	{"hedges without a budget", `
run: {duration: 3min}
load: {l: {to: a/h, arrivals: poisson(20/s)}}
services: {a: {workers: 10000, on: {h: [{call: b/g, hedge: {after: 1ms, most: 3}}]}}, b: {workers: 2, on: {g: [work: 30ms]}}}
`, `^hedges multiplied the load of b/g by (3[.]9|4) from \S+ to 3m; without them (19|20|21)[.\d]*/s would have come to b, and it did 6[67][.\d]*/s$`},
	// One message at a time takes 5 + 4 ms, of which 44 % are on the way: 111/s of 150/s.
	{"a prefetch of one over a long link", `
run: {duration: 3min}
load: {l: {to: bus/q, arrivals: poisson(150/s)}}
services: {w: {workers: 1, consumes: {bus/q: h}, on: {h: [work: 5ms]}}}
brokers: {bus: {queues: {q: {max_length: 100000}}}}
links: {default: {latency: 2ms}}
`, `^bus/q grew from \d+ to [67]\d\d\d messages from \S+ to 3m: 1[45]\d/s came, 111/s were taken; workers of w were busy 55[.\d]*% of that time; the prefetch of its consumers is 1 in all, and they waited for the next message 44[.\d]*% of the time$`},
	// Two failures in a row are common at 10 %: the breaker is open for most of the time.
	{"a breaker that turns away more than fails", `
run: {duration: 5min}
load: {l: {to: a/h, arrivals: poisson(50/s)}}
services: {a: {workers: 100, on: {h: [{call: b/g, breaker: {failures: 2, open: 20s}}]}}, b: {workers: 100, errors: 10%, on: {g: [work: 5ms]}}}
`, `^b failed \d+ of its \d{4} tasks by itself; that opened breaker.a->b, which turned away \d{4,5} more$`},
	// 40 of each a second for a worker that does 50.
	{"who goes first leaves nothing to the others", `
run: {duration: 5min}
load:
  high: {to: w/h, arrivals: poisson(40/s)}
  low: {to: w/h, arrivals: poisson(40/s), priority: 1, deadline: 10s}
services: {w: {workers: 1, discipline: priority, on: {h: [work: 20ms]}}}
`, `^\d+ of 1[12]\d\d\d operations of low failed, and 0 of 1[12]\d\d\d of those of high, which go first$`},
	{"a group that is dealt anew again and again", `
run: {duration: 5min}
load: {l: {to: bus/t, arrivals: poisson(20/s)}}
services: {w: {instances: 4, workers: 1, consumes: {bus/t: {handler: h, prefetch: 50}}, on: {h: [work: exp(150ms)]}}}
brokers: {bus: {topics: {t: {partitions: 8, keep: 1h, group: {poll_limit: 2s, pause: 3s}}}}}
`, `^bus/t/w grew from \S+ to \d+ messages from \S+ to \S+: (19|20|21)[.\d]*/s came, \d[.\d]*/s were taken; .*its partitions were dealt anew \d+ times meanwhile, and on average [1-8][.\d]* of them stood still`},
	{"a cache that has to be filled anew", `
run: {duration: 5min}
load: {l: {to: a/h, arrivals: poisson(100/s), attributes: {k: "integer(1, 500)"}}}
services: {a: {workers: 100, on: {h: [{call: b/g, cache: {key: k, size: 1000, ttl: none}}]}}, b: {workers: 100, on: {g: [work: 20ms]}}}
faults: [{at: 2min, for: 2s, crash: a}]
`, `^crash a from 2m to 2m2s; .*; cache.a->b/g answered \d[.\d]*% of what it was asked, before (9\d[.\d]*|100)%`},
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
