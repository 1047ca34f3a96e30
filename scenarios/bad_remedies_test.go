package scenarios_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"asynclab/scenarios"
	"asynclab/scenarios/yamltree"
)

// What makes no sense of a remedy or a fault is said at its place.
func TestBadRemedies(t *testing.T) {
	const text = `version: 1
name: bad
run: {duration: 10s}
load: {l: {to: a/h, arrivals: poisson(5/s)}}
services: {a: {workers: 2%s, on: {h: [{call: b/h%s}]}}, b: {workers: 2, on: {h: [work: 1ms]}}}
%s
`
	for _, c := range []struct {
		what, service, call, more string
		line                      int
		want                      string
	}{
		{"a breaker without failures to count", "", ", breaker: {failures: 0}", "", 5, "0 is not between 1 and"},
		{"no probe", "", ", breaker: {failures: 3, probes: 0}", "", 5, "0 is not between 1 and"},
		{"a budget that allows nothing", "", ", retry: {attempts: 3}, budget: {capacity: 0, ratio: 0}", "", 5, "this budget never allows a retry"},
		{"an autoscaler with min above max", ", scale: {min: 5, max: 2, utilization: 50%}", "", "", 5, "min is 5, max 2"},
		{"a target of 0", ", scale: {max: 5, utilization: 0%}", "", "", 5, "0% is not between"},
		{"a fault of nothing", "", "", "faults: [{at: 1s, for: 1s, crash: z9}]", 6, `there is no "z9"`},
		{"a price list in two currencies", "", "", "prices: {currency: [EUR, USD]}", 6, "expected a text, found a list"},
		{"a condition on what is not measured", "", "", `faults: [{crash: b, for: 1s, when: "service.b.arived > 3"}]`, 6, "arived"},
	} {
		_, err := scenarios.Parse(nil, "bad.yaml", fmt.Appendf(nil, text, c.service, c.call, c.more))
		var all yamltree.Diagnostics
		if !errors.As(err, &all) || len(all) == 0 {
			t.Errorf("%s: %v", c.what, err)
			continue
		}
		if d := all[0]; d.Line != c.line || d.Column < 2 || !strings.Contains(d.Msg, c.want) {
			t.Errorf("%s: %d:%d: %s", c.what, d.Line, d.Column, d.Msg)
		}
	}
}
