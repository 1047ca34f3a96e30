package scenarios_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"asynclab/scenarios"
	"asynclab/scenarios/yamltree"
	"asynclab/sim"
)

// badInput is what makes no sense, or what a run has to bound, and what is said: a
// mistake or a warning of the file, at the place before which the text has a §, or, where
// it has none, a warning of a run, with a way on.
var badInput = []struct{ what, text, msg, hint string }{
	// Messages, keys and brokers.
	{"a key without an attribute", `
load: {l: {to: b/q, arrivals: poisson(5/s)}}
brokers: {b: {queues: {q: {key: §customer}}}}
`, `no load has an attribute "customer"`, "declare it on a load: attributes: {customer: integer(1, 5)}"},
	{"a key of partitions without an attribute", `
load: {l: {to: b/t, arrivals: poisson(5/s)}}
brokers: {b: {topics: {t: {partitions: 4, key: §customer, subscriptions: {s: {}}}}}}
`, `no load has an attribute "customer"`, "declare it on a load"},
	{"a key of instances without an attribute", `
load: {l: {to: w/h, arrivals: poisson(5/s)}}
services: {w: {instances: 2, balance: sticky, key: §customer, on: {h: [work: 1ms]}}}
`, `no load has an attribute "customer"`, "declare it on a load"},
	{"a partition count of 0", `
load: {l: {to: b/t, arrivals: poisson(5/s)}}
brokers: {b: {topics: {t: {partitions: §0}}}}
`, "0 is not between 1 and 10000", "at least 1, or leave it out: none"},
	{"a group with more members than partitions", `
load: {l: {to: b/t, arrivals: poisson(5/s), confirm: w/h}}
services: {w: {workers: 6, consumes: {b/t: §h}, on: {h: [work: 1ms]}}}
brokers: {b: {topics: {t: {partitions: 4}}}}
`, "6 consumers share 4 partitions: 2 of them have none", "give the topic more partitions, or fewer consumers"},
	{"a subscription with a largest message of its own, before a log", `
load: {l: {to: b/t, arrivals: poisson(5/s)}}
brokers: {b: {topics: {t: {partitions: 2, max_message: 2kB, subscriptions: {s: §{max_message: 1kB}}}}}}
`, "what stands before a log is asked once about a message", "let the topic say it"},
	{"a back-off without a wait", `
load: {l: {to: b/q, arrivals: poisson(5/s)}}
brokers: {b: {queues: {q: {redelivery_delay: §[]}}}}
`, "a list has 1 to 1000 waits, not 0", "for example [0s, 1s, 10s, 1min]; the last one stays"},
	{"a back-off whose list has no waits", `
load: {l: {to: w/h, arrivals: poisson(5/s), retry: {attempts: 3, backoff: [1s, §soon]}}}
services: {w: {on: {h: [work: 1ms]}}}
`, `"soon" is no wait`, "the last one stays"},
	{"a back-off that goes back", `
load: {l: {to: w/h, arrivals: poisson(5/s), retry: {attempts: 3, backoff: [§-1s]}}}
services: {w: {on: {h: [work: 1ms]}}}
`, `"-1s" is no wait`, "the last one stays"},
	{"workers of a broker that have nothing to do", `
load: {l: {to: b/q, arrivals: poisson(5/s)}}
brokers: {b: {§capacity: {workers: 2}, queues: {q: {}}}}
`, "the workers of the broker have nothing to do", "say what a message costs, for example publish: 50us, deliver: 20us"},
	{"what followers cost that there are not", `
load: {l: {to: b/q, arrivals: poisson(5/s)}}
brokers: {b: {capacity: {workers: 2, publish: 1ms, replicate: §1ms}, queues: {q: {}}}}
`, "a broker of one node has no followers", "give it replicas: 3, or leave it out"},
	{"more nodes in step than there are", `
load: {l: {to: b/q, arrivals: poisson(5/s)}}
brokers: {b: {replicas: {nodes: 2, acks: all, min_in_sync: §3}, queues: {q: {}}}}
`, "3 nodes must be up, but there are only 2: every message is refused", "at most nodes"},
	{"an invariant by its name", `
load: {l: {to: w/h, arrivals: poisson(5/s)}}
services: {w: {on: {h: [work: 1ms]}}}
§invariants: [service.w.arrived == service.w.completed]
`, `unknown key "invariants" in a scenario`, "an invariant is an expectation over stores and counters: expect: ["},
	{"an attribute that nothing reads", `
load: {l: {to: w/h, arrivals: poisson(5/s), attributes: {§colour: [red, blue]}}}
services: {w: {on: {h: [work: 1ms]}}}
`, "nothing reads the attribute colour", "read it in a condition"},
	{"a value that an attribute never has", `
load: {l: {to: w/h, arrivals: poisson(5/s), attributes: {colour: [red, blue]}}}
services: {w: {on: {h: [{work: 1ms, when: §colour == green}]}}}
`, `colour is never "green"`, "its words are red, blue"},
	{"a pattern that no word matches", `
load: {l: {to: w/h, arrivals: poisson(5/s), attributes: {key: [order.paid, order.sent]}}}
services: {w: {on: {h: [{work: 1ms, when: §key matches "*.payd"}]}}}
`, `key never matches "*.payd"`, "its words are order.paid, order.sent"},
	{"a pattern of another broker", `
load: {l: {to: w/h, arrivals: poisson(5/s), attributes: {key: [order.paid, order.sent]}}}
services: {w: {on: {h: [{work: 1ms, when: key matches order.§>}]}}}
`, `">" is no word of a pattern`, "any number of words is #"},
	{"a Zipf distribution over more than 10^9 values", `
load: {l: {to: w/h, arrivals: poisson(5/s), attributes: {k: "zipf(§1e10, 1.1)"}}}
services: {w: {on: {h: [{work: 1ms, when: k > 2}]}}}
`, "n is 1e+10, must be between 1 and 1e+09", "the values are 1, 2, … n"},
	{"a store that grows without bound", `
load: {l: {to: w/h, arrivals: poisson(5/s)}}
services: {w: {stores: {§seen: {key: operation}}, on: {h: [set: seen]}}}
`, "keeps a row for every operation, and forgets none", "give it a ttl or a number of rows"},
	{"a run whose store grows without bound", `
load: {l: {to: w/h, arrivals: constant(5000/s)}}
services: {w: {workers: 9, stores: {seen: {key: operation}}, on: {h: [set: seen]}}}
`, "kept here, and with what is in flight they take more than", "give a store a ttl or a number of rows"},

	// Brokers of several nodes.
	{"a majority that asks who is in step", `
load: {l: {to: b/q, arrivals: poisson(5/s)}}
brokers: {b: {replicas: {nodes: 3, acks: majority, lag_limit: §30s}, queues: {q: {}}}}
`, "a majority does not ask who is in step", "say acks: all, or leave it out"},
	{"followers that are never in step", `
load: {l: {to: b/q, arrivals: poisson(5/s)}}
brokers: {b: {replicas: {nodes: 3, acks: all, lag: 40s, lag_limit: §30s}, queues: {q: {}}}}
`, "they would hardly ever be in step", "more than lag"},
	{"a leader that stands still", `
load: {l: {to: b/q, arrivals: poisson(5/s)}}
brokers: {b: {replicas: {nodes: 3}, queues: {q: {}}}}
faults: [§{pause: b, at: 1s, for: 1s}]
`, "a leader that stands still is one that has crashed", "write b#2 for a follower"},

	// Presets.
	{"a rate that does not say how", `
load: {l: {to: s/h, arrivals: §50/s}}
services: {s: {on: {h: [work: 1ms]}}}
`, "how do they come, 50/s?", "write poisson(50/s), at random moments, or constant(50/s), at equal distances"},
	{"a sum", `
load: {l: {to: s/h, arrivals: poisson(50/s), attributes: {rows: "integer(1, 9)"}}}
services: {s: {on: {h: [work: 10ms §+ 0.2ms * rows]}}}
`, "a value is one distribution, or one times an attribute", "what is added is a step of its own"},
	{"a key that stands elsewhere", `
load: {l: {to: b/t, arrivals: poisson(50/s)}}
services: {s: {consumes: {b/t: {handler: h, §group: {rebalance: eager}}}, on: {h: [work: 1ms]}}}
brokers: {b: {topics: {t: {partitions: 2}}}}
`, `unknown key "group" in a consumer`, "group is a key of a queue or a topic; keys of a consumer: handler"},
	{"an unknown preset", `
load: {l: {to: b/q, arrivals: poisson(5/s)}}
brokers: {b: {queues: {q: {use: §rabitmq-4.2/quorum}}}}
`, `there is no preset "rabitmq-4.2"`, "did you mean rabbitmq-4.2?"},
	{"an unknown version", `
load: {l: {to: b/q, arrivals: poisson(5/s)}}
brokers: {b: {queues: {q: {use: §rabbitmq-5.0/quorum}}}}
`, "there is no version 5.0 of RabbitMQ", "rabbitmq-4.2, rabbitmq-4.3"},
	{"an unknown part", `
load: {l: {to: b/q, arrivals: poisson(5/s)}}
brokers: {b: {queues: {q: {use: §rabbitmq-4.2/lazy}}}}
`, `rabbitmq-4.2 has no part "lazy"`, "classic, quorum"},
	{"a preset for something else", `
load: {l: {to: b/q, arrivals: poisson(5/s)}}
brokers: {b: {queues: {q: {use: §kafka-4/topic}}}}
`, "kafka-4/topic is for a topic, not for a queue", "for a queue write kafka-4/share-group"},
	{"presets that contradict each other", `
load: {l: {to: w/h, arrivals: poisson(5/s)}}
services: {w: {on: {h: [{call: s/h, use: [resilience4j/retry, §polly/retry]}]}}, s: {on: {h: [work: 1ms]}}}
`, "resilience4j/retry sets retry.attempts to 3, and polly/retry to 4", "write retry.attempts beside use, or leave one of them out"},
	{"a setting that contradicts its preset", `
load: {l: {to: w/h, arrivals: poisson(5/s)}}
services: {w: {on: {h: [{call: s/h, use: §resilience4j, breaker: {calls: 50}}]}}, s: {on: {h: [work: 1ms]}}}
`, "the window never has 100 calls (resilience4j/default sets it)", "at most as many as calls"},

	// What protects a call.
	{"a breaker that counts no failures in a row", `
load: {l: {to: w/h, arrivals: poisson(5/s), breaker: {failures: §0}}}
services: {w: {on: {h: [work: 1ms]}}}
`, "0 is not between 1 and 1000000", "at least 1, or leave it out"},
	{"a breaker that counts no failures at all", `
load: {l: {to: w/h, arrivals: poisson(5/s), breaker: {failures: §unlimited}}}
services: {w: {on: {h: [work: 1ms]}}}
`, "it never opens", "give it failures in a row, or calls or a window"},
	{"a breaker without causes", `
load: {l: {to: w/h, arrivals: poisson(5/s), breaker: {on: §[]}}}
services: {w: {on: {h: [work: 1ms]}}}
`, "expected a list of causes, found an empty one", "[timeout, error]"},
	{"a breaker that counts what says nothing of its callee", `
load: {l: {to: w/h, arrivals: poisson(5/s), breaker: {§on: [circuit_open]}}}
services: {w: {on: {h: [work: 1ms]}}}
`, "no failure is ever counted", "for example [timeout, error]"},
	{"a breaker that counts what never happens", `
load: {l: {to: w/h, arrivals: poisson(5/s), breaker: {§on: [timeout, limited]}}}
services: {w: {on: {h: [work: 1ms]}}}
`, "nothing in this design fails with limited", "declare what fails so"},
	{"no probe", `
load: {l: {to: w/h, arrivals: poisson(5/s), breaker: {probes: §0}}}
services: {w: {on: {h: [work: 1ms]}}}
`, "0 is not between 1 and 1000000", "at least 1, or leave it out: 1"},
	{"more probes than may be", `
load: {l: {to: w/h, arrivals: poisson(5/s), breaker: {probes: §2e6}}}
services: {w: {on: {h: [work: 1ms]}}}
`, "2e6 is not between 1 and 1000000", "at most 1000000, or leave it out: 1"},
	{"more probes than decide", `
load: {l: {to: w/h, arrivals: poisson(5/s), breaker: {probes: §20, outcomes: 10}}}
services: {w: {on: {h: [work: 1ms]}}}
`, "20 probes at a time, and 10 outcomes decide", "at most as many as outcomes"},
	{"a budget of 0", `
load: {l: {to: w/h, arrivals: poisson(5/s), retry: {attempts: 3}, budget: {capacity: §0, ratio: 0%}}}
services: {w: {on: {h: [work: 1ms]}}}
`, "this budget never allows a retry: it holds 0 tokens, and one needs 1", "more than floor + cost, or no retry at all"},
	{"an autoscaler with min above max", `
load: {l: {to: w/h, arrivals: poisson(5/s)}}
services: {w: {scale: {min: §5, max: 2, utilization: 50%}, on: {h: [work: 1ms]}}}
`, "min is 5, max 2", "make it at most max"},
	{"an autoscaler with a target of 0", `
load: {l: {to: w/h, arrivals: poisson(5/s)}}
services: {w: {scale: {max: 5, utilization: §0%}, on: {h: [work: 1ms]}}}
`, "0% is not between 1% and 100%", "at least 1%"},
	{"an autoscaler with a depth of 0", `
load: {l: {to: w/h, arrivals: poisson(5/s)}}
services: {w: {scale: {max: 5, depth: §0}, on: {h: [work: 1ms]}}}
`, "0 is not between 0.001 and 1e9", "at least 0.001"},
	{"an autoscaler without a target", `
load: {l: {to: w/h, arrivals: poisson(5/s)}}
services: {w: {§scale: {max: 5}, on: {h: [work: 1ms]}}}
`, "it does not say by what to scale", "write utilization, occupancy, depth or age"},
	{"an order of locks that can deadlock", `
load: {l: {to: w/h, arrivals: poisson(5/s)}, m: {to: w/g, arrivals: poisson(5/s)}}
services: {w: {workers: 9, stores: {a: {}, b: {}}, on: {h: [lock: a, work: 1ms, lock: b], g: [lock: b, work: 1ms, lock: §a]}}}
`, "the lock of a is taken by who holds that of b, and elsewhere in w the other way round: two can wait for each other", "take locks in the same order everywhere"},
	{"a step of a saga that nothing undoes", `
load: {l: {to: shop/buy, arrivals: poisson(5/s)}}
services:
  shop: {workers: 9, on: {buy: [call: stock/reserve, {call: §bank/take, else: [{call: stock/release}, fail]}, {call: mail/send, else: [{call: stock/release}, fail]}]}}
  stock: {stores: {book: {counters: [reserved, released]}}, on: {reserve: [count: book.reserved], release: [count: book.released]}}
  bank: {stores: {book: {counters: [taken]}}, on: {take: [count: book.taken]}}
  mail: {on: {send: [work: 1ms]}}
`, "what bank/take has done stays when mail/send fails", "undo it in the else of the step that fails"},
	{"a back-off that does what there is not", `
load: {l: {to: w/h, arrivals: poisson(5/s), retry: {attempts: 3, backoff: 1s}, late_backoff: §waits}}
services: {w: {on: {h: [work: 1ms]}}}
`, "waits", "did you mean wait?"},
	{"a limit that tells those when to come back whom it never refuses", `
load: {l: {to: w/h, arrivals: poisson(5/s)}}
services: {w: {limit: {rate: 5/s, wait: none, retry_after: §true}, on: {h: [work: 1ms]}}}
`, "nothing is refused: all wait until there is a token", "say how long they wait, or how many"},
	{"a message that is set aside in a log", `
load: {l: {to: bus/t, arrivals: poisson(5/s)}}
services: {w: {consumes: {bus/t: h}, on: {h: [work: 1ms]}}}
brokers: {bus: {topics: {t: {partitions: 2, max_deliveries: 3, at_limit: §set-aside}}}}
`, "a log keeps every message, and a member that has tried one often enough goes on behind it", "leave it out"},
	{"an end of a delivery that there is not", `
load: {l: {to: bus/q, arrivals: poisson(5/s)}}
services: {w: {consumes: {bus/q: h}, on: {h: [work: 1ms]}}}
brokers: {bus: {queues: {q: {max_deliveries: 3, §counted: [failure, lots]}}}}
`, `no delivery ends by "lots"`, "did you mean lost?"},
	{"a copy of an attribute that nobody has", `
load: {l: {to: w/h, arrivals: poisson(5/s), attributes: {customer: "integer(1, 9)"}}}
services: {w: {on: {h: [{call: p/h, set: {§payer: {from: custmer}}}]}}, p: {on: {h: [work: 1ms]}}}
`, `no load has an attribute "custmer"`, "did you mean customer?"},
	{"a copied word where numbers are", `
load: {l: {to: w/h, arrivals: poisson(5/s), attributes: {kind: [buy, ask]}}}
services: {w: {on: {h: [{call: p/h, set: {n: 3}}, {call: p/h, set: {§n: {from: kind}}}]}}, p: {on: {h: [work: 1ms * n]}}}
`, "n is another kind of value than kind", "an attribute is words everywhere"},
	{"a kept answer that is of one operation", `
load: {l: {to: w/h, arrivals: poisson(5/s), attributes: {a: "integer(1, 9)"}}}
services: {w: {on: {h: [{call: p/h, §cache: {ttl: 1s}}, work: 1ms * b]}}, p: {on: {h: [{reply: 1kB, set: {b: {from: a}}}]}}}
`, "an answer that copies an attribute of one operation cannot be kept for others: p/h sets b: {from: a}", "do not keep it"},

	// Faults and prices.
	{"a zone of what is not there", `
load: {l: {to: w/h, arrivals: poisson(5/s)}}
services: {w: {on: {h: [work: 1ms]}}}
zones: {eu: §[pay]}
`, `there is no "pay"`, "nodes: l, w"},
	{"a condition on what is not measured", `
load: {l: {to: w/h, arrivals: poisson(5/s)}}
services: {w: {on: {h: [work: 1ms]}}}
faults: [{crash: w, for: 1s, when: §"service.w.arived > 3"}]
`, `"service.w.arived"`, "did you mean service.w.arrived?"},
	{"a condition that is never true", `
load: {l: {to: w/h, arrivals: poisson(5/s)}}
services: {w: {on: {h: [work: 1ms]}}}
faults: [{crash: w, for: 1s, when: service.w.waiting > 1000}]
`, "service.w.waiting > 1000 was never so when it was looked at", "choose another bound, look more often, or run longer"},
	{"a fault that comes too late", `
load: {l: {to: w/h, arrivals: poisson(5/s)}}
services: {w: {on: {h: [work: 1ms]}}}
faults: [{crash: w, for: 1s, at: 1h}]
`, "this fault never happens: it is due at 1h, and the run ends at 10s", "let it be earlier, or run longer"},
	{"prices in two currencies", `
load: {l: {to: w/h, arrivals: poisson(5/s)}}
services: {w: {on: {h: [work: 1ms]}}}
prices: {currency: USD, instance_hour: 0.1}
designs: {here: {}, there: {prices: {currency: §EUR}}}
`, "design there is priced in EUR, and design here in USD: their costs could not be compared", "write all prices in USD"},
	{"a price list in two currencies", `
load: {l: {to: w/h, arrivals: poisson(5/s)}}
services: {w: {on: {h: [work: 1ms]}}}
prices: {currency: USD, §currency: EUR}
`, `"currency" appears twice`, "it is first at line 6"},
	{"an autoscaler whose max a change puts below its min", `
load: {l: {to: w/h, arrivals: poisson(5/s)}}
services: {w: {scale: {min: 3, max: 6, utilization: 50%}, on: {h: [work: 1ms]}}}
changes: [{at: 5s, set: service.w.scale.max, to: §2}]
`, "service.w.scale.min: min is 3, max 2", "make it at most max"},
	{"an autoscaler whose min two changes put above its max", `
load: {l: {to: w/h, arrivals: poisson(5/s)}}
services: {w: {scale: {min: 3, max: 6, utilization: 50%}, on: {h: [work: 1ms]}}}
changes: [{at: 5s, set: service.w.scale.min, to: 10}, {at: 5s, set: service.w.scale.max, to: 20}, {at: 6s, set: service.w.scale.max, to: §8}]
`, "service.w.scale.min: min is 10, max 8", "make it at most max"},
	{"an autoscaler whose max a fault puts below its min", `
load: {l: {to: w/h, arrivals: poisson(5/s)}}
services: {w: {scale: {min: 3, max: 6, utilization: 50%}, on: {h: [work: 1ms]}}}
faults: [{at: 5s, for: 1s, set: §{service.w.scale.max: 2}}]
`, "service.w.scale.min: min is 3, max 2", "make it at most max"},
	{"more instances by a change than an autoscaler may start", `
load: {l: {to: w/h, arrivals: poisson(5/s)}}
services: {w: {scale: {max: 6, utilization: 50%}, on: {h: [work: 1ms]}}}
changes: [{at: 5s, set: service.w.instances, to: §20}]
`, "service.w.scale.max: w has 20 instances, and max is 6", "make it at least the instances"},
	{"a budget without a mapping", `
load: {l: {to: w/h, arrivals: poisson(5/s), retry: {attempts: 3}, budget: §0}}
services: {w: {on: {h: [work: 1ms]}}}
`, "expected a mapping (retry budget), found a value", "for none leave it out; for one write {capacity: 10, ratio: 20%}"},
	{"a condition below nothing", `
load: {l: {to: w/h, arrivals: poisson(5/s)}}
services: {w: {on: {h: [work: 1ms]}}}
faults: [{when: §service.w.waiting < 0, for: 1s, crash: w}]
`, "service.w.waiting is never < 0", "write another bound, for example > 10"},
	{"a condition of a share", `
load: {l: {to: w/h, arrivals: poisson(5/s)}}
services: {w: {on: {h: [work: 1ms]}}}
faults: [{when: §service.w.utilization > 1.0, for: 1s, crash: w}]
`, `no fault can wait for "service.w.utilization"`, "counts and levels: service.w.arrived, service.w.started"},
	{"a share above 1 that is expected", `
load: {l: {to: w/h, arrivals: poisson(5/s)}}
services: {w: {on: {h: [work: 1ms]}}}
expect: ["load.l.completed.ratio > §100%"]
`, "load.l.completed.ratio is never above 100%", "write another bound"},
	{"a utilization above 1 that is expected", `
load: {l: {to: w/h, arrivals: poisson(5/s)}}
services: {w: {on: {h: [work: 1ms]}}}
expect: ["service.w.utilization >= §1.01"]
`, "service.w.utilization is never above 100%", "write another bound"},
	{"a line below nothing that is expected", `
load: {l: {to: w/h, arrivals: poisson(5/s)}}
services: {w: {on: {h: [work: 1ms]}}}
expect: ["service.w.waiting.max < §0"]
`, "service.w.waiting.max is never below 0", "write another bound, for example > 0"},
	{"a fault on an unknown zone", `
load: {l: {to: w/h, arrivals: poisson(5/s)}}
zones: {eu: [w], asia: [v]}
services: {w: {on: {h: [work: 1ms, call: v/h]}}, v: {on: {h: [work: 1ms]}}}
faults: [{at: 10s, for: 1s, crash: §us}]
`, `there is no node and no zone "us" in any design`, "zones: asia, eu"},
	{"a retry budget that a fault empties", `
load: {l: {to: w/h, arrivals: poisson(5/s), retry: {attempts: 3}, budget: {capacity: 10}}}
services: {w: {on: {h: [work: 1ms]}}}
faults: [{at: 5s, for: 1s, set: §{load.l.budget.capacity: 0}}]
`, "load.l.budget.capacity: this budget never allows a retry: it holds 0 tokens, and one needs 1", "more than floor + cost"},
	{"two places at which a group begins", `
load: {l: {to: b/t, arrivals: poisson(5/s), confirm: w/h}}
services: {w: {consumes: {b/t: h}, on: {h: [work: 1ms]}}}
brokers: {b: {topics: {t: {partitions: 1, group: {§begin: {time: 10m, offset: 5}}}}}}
`, "a group begins at one place", "keep one of from, time and offset"},
	{"a group that begins at no offset", `
load: {l: {to: b/t, arrivals: poisson(5/s), confirm: w/h}}
services: {w: {consumes: {b/t: h}, on: {h: [work: 1ms]}}}
brokers: {b: {topics: {t: {partitions: 1, group: {begin: {offset: §0}}}}}}
`, "0 is not between 1 and", "at least 1, or leave it out: none"},
	{"a list of currencies", `
load: {l: {to: w/h, arrivals: poisson(5/s)}}
services: {w: {on: {h: [work: 1ms]}}}
prices: {currency: §[EUR, USD]}
`, "expected a text, found a list", "for example"},
}

func TestBadInput(t *testing.T) {
	for _, c := range badInput {
		t.Run(c.what, func(t *testing.T) {
			text := "version: 1\nname: bad\nrun: {duration: 10s}" + c.text
			before, after, placed := strings.Cut(text, "§")
			s, err := scenarios.Parse(nil, "bad.yaml", []byte(before+after))
			var all yamltree.Diagnostics
			if !errors.As(err, &all) && err == nil {
				all = s.Warnings
			}
			place := fmt.Sprintf("bad.yaml:%d:%d:", 1+strings.Count(before, "\n"), 1+len(before[strings.LastIndex(before, "\n")+1:]))
			if placed {
				for _, d := range all {
					if strings.HasPrefix(d.String(), place) && strings.Contains(d.Msg, c.msg) && strings.Contains(d.Hint, c.hint) {
						return
					}
				}
				t.Fatalf("want at %s %s\nhint: %s\ngot\n%v", place, c.msg, c.hint, all)
			}
			if err != nil {
				t.Fatal(err)
			}
			// So few records that a store has as many within the ten seconds.
			r, err := sim.Run(t.Context(), s.Designs, sim.Settings{Duration: 10 * time.Second, Seed: 1, MaxInFlight: 10_000}, nil)
			if err != nil {
				t.Fatal(err)
			}
			for _, w := range r.Designs[0].Warnings {
				if strings.Contains(w.Text(), c.msg) && strings.Contains(w.Do(), c.hint) {
					return
				}
			}
			t.Errorf("want %s\nhint: %s\ngot %+v", c.msg, c.hint, r.Designs[0].Warnings)
		})
	}
}
