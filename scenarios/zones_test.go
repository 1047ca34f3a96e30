package scenarios

import (
	"testing"
	"time"

	"asynclab/sim/design"

	"github.com/google/go-cmp/cmp"
)

// A fault of a zone is one of its members, those that the design has; a link between
// zones stands for those of their members that have none of their own.
func TestZones(t *testing.T) {
	d := parseGood(t, `
load: {a: {to: s/x, arrivals: poisson(5/s)}}
services:
  s: {instances: 2, on: {x: [call: t/x]}}
  t: {on: {x: [publish: b/q]}}
  u: {consumes: {b/q: x}, on: {x: []}}
brokers: {b: {queues: {q: {}}}}
zones: {eu: [s#1, t], us: [s#2, b], asia: [u, b], africa: [t], home: [a, b, u]}
links:
  default: {latency: 1ms}
  africa -> asia: {latency: 90ms}
  t -> b: {latency: 50ms}
faults:
  - {crash: eu, at: 1min, for: 30s}
  - {crash: [us, u], pick: 1, at: 2min, for: 30s, name: some}
  - {cut: africa -> asia, at: 3min, for: 30s}
  - {partition: asia, at: 4min, for: 30s}
  - {slow: [eu, t, s#1], factor: 2}
  - {crash: home, at: 5min, for: 30s} # its clients do not fail
  - {slow: home, factor: 3}           # nor is a broker slow
silence: [no-traffic]
`).Designs[0]
	half := func(f design.Fault, at time.Duration) design.Fault {
		f.At, f.For, f.HasFor = at, dist("30s"), true
		return f
	}
	var partition []design.Cut
	for _, inside := range []string{"u", "b"} {
		for _, outside := range []string{"a", "s", "t"} {
			partition = append(partition, design.Cut{From: inside, To: outside}, design.Cut{From: outside, To: inside})
		}
	}
	want := []design.Fault{
		half(design.Fault{Name: "crash-eu", Kind: design.FaultCrash, Node: "s", Instance: 1, Others: []design.Member{{Node: "t"}}}, time.Minute),
		half(design.Fault{Name: "some", Kind: design.FaultCrash, Node: "s", Instance: 2, Others: []design.Member{{Node: "b"}, {Node: "u"}}, Pick: 1}, 2*time.Minute),
		half(design.Fault{Name: "cut-africa-asia", Kind: design.FaultCut, Cut: []design.Cut{{From: "t", To: "u"}, {From: "t", To: "b"}}}, 3*time.Minute),
		half(design.Fault{Name: "partition-asia", Kind: design.FaultCut, Cut: partition}, 4*time.Minute),
		{Name: "slow-eu", Kind: design.FaultSlow, Factor: 2, Node: "s", Instance: 1, Others: []design.Member{{Node: "t"}}},
		half(design.Fault{Name: "crash-home", Kind: design.FaultCrash, Node: "b", Others: []design.Member{{Node: "u"}}}, 5*time.Minute),
		{Name: "slow-home", Kind: design.FaultSlow, Factor: 3, Node: "u"},
	}
	if diff := cmp.Diff(want, d.Faults, compareDists); diff != "" {
		t.Errorf("faults (-want +got):\n%s", diff)
	}
	got := map[string]float64{}
	for _, l := range d.Links {
		got[l.From+"->"+l.To] = l.Latency.Mean()
	}
	if diff := cmp.Diff(map[string]float64{"t->b": 0.05, "t->u": 0.09}, got); diff != "" {
		t.Errorf("links (-want +got):\n%s", diff)
	}
}
