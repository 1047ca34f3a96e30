package scenarios_test

// Mechanisms: C07s and its siblings by the same closed form.

// What fails with probability p opens the breaker after k failures in a row, on average
// once in (1-p^k)/(p^k(1-p)) attempts; it then turns away all that come in the time d,
// and lets one probe through, until one succeeds.
const breakerText = `
load: {x: {to: s/h, arrivals: poisson(10/s), patient, breaker: {failures: 3, open: 5s}}}
services: {s: {workers: unlimited, errors: 50%, on: {h: [reply]}}}
`

var circuitOpen = m("load.x.failed.circuit_open.ratio")

var truthMechanisms = []truthCase{
	{id: "C07s", seconds: 20_000, warmup: "0s", text: breakerText, values: []truth{
		{"frac_rejected", 100. / 116, 0.02, circuitOpen, 0},
		{"open", 100. / 116, 0.02, m("breaker.x->s.open.mean"), 0},
	}},
}
