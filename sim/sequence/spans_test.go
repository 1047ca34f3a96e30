package sequence_test

import (
	"cmp"
	"slices"
	"testing"
	"time"

	"asynclab/sim/engine"
	"asynclab/sim/sequence"
)

// Two tasks of one service work for one operation at the same time, and each calls: what
// a call belongs to is told by its sender, not by who began last.
const sideBySide = `version: 1
name: side-by-side
run: {duration: 1s}
load: {c: {to: shop/do, arrivals: constant(1/s), start: 5ms, count: 1}}
links: {default: {latency: 1ms}}
services:
  shop: {on: {do: [parallel: [[call: stock/near], [{call: stock/far, trace: false}]]]}}
  stock: {workers: 9, on: {near: [work: 10ms, call: db/read], far: [work: 5ms, call: db/read, work: 20ms]}}
  db: {workers: 9, on: {read: [work: 7ms]}}
designs: {a: {}}
`

func TestSpansBelongToTheirSender(t *testing.T) {
	s := parsed(t, sideBySide, time.Second)
	trace := sequence.Spans(s.entries(s.order[0]), s.graph, nil)
	if trace.Traces != 2 {
		t.Fatalf("%d traces, want 2", trace.Traces)
	}
	// The call to stock/near arrives at 2 ms, works for 10 ms and calls at 12 ms; stock/far
	// calls at 7 ms.
	want := map[time.Duration]time.Duration{12 * time.Millisecond: 2 * time.Millisecond, 7 * time.Millisecond: 2 * time.Millisecond}
	begins := map[time.Duration]int{}
	for _, x := range trace.Spans {
		if x.Kind != sequence.CallSpan || x.Name != "db" {
			continue
		}
		by := trace.Spans[x.Parent]
		if by.Kind != sequence.TaskSpan || by.From != want[x.From] {
			t.Errorf("the call at %v belongs to %s at %v", x.From, by.Name, by.From)
		}
		begins[x.From] = x.Trace
	}
	if len(begins) != 2 || begins[12*time.Millisecond] != 0 || begins[7*time.Millisecond] != 1 {
		t.Errorf("the traces of the calls to db: %v, want the second for that of stock/far", begins)
	}
}

// TestSpansAreATree: in traces of real runs, with crashes, redeliveries, losses and
// duplicates, a parent comes before its children and begins no later, parts follow each
// other within their span, a task's fill it, and only breaks begin traces.
func TestSpansAreATree(t *testing.T) {
	for _, c := range []struct{ scenario, design string }{
		{"order-flow", "hybrid"}, {"order-queue", "manual"}, {"dominoes", "broker"}, {"poison", "parked"}, {"flooding", "flood"},
		{"broken-trace", "one-hop"}, {"lossy-link", "retry"}, {"consumer-group", "each"}, {"hedging", "hedged"},
	} {
		t.Run(c.scenario, func(t *testing.T) {
			s := library(t, c.scenario, c.design, 0, 40*time.Second)
			for i, op := range s.order {
				if i%17 == 0 && s.ops[op][0].Kind == engine.OpArrived {
					tree(t, sequence.Spans(s.entries(op), s.graph, nil))
				}
			}
		})
	}
}

func tree(t *testing.T, trace sequence.Trace) {
	t.Helper()
	contiguous(t, trace)
	roots := 0
	for i, x := range trace.Spans {
		if x.Parent >= i || x.Parent < 0 && x.Cause >= 0 && trace.Spans[x.Cause].Trace == x.Trace {
			t.Fatalf("span %d, %s: parent %d, cause %d", i, x.Name, x.Parent, x.Cause)
		}
		if x.Parent < 0 {
			roots++
		} else if p := trace.Spans[x.Parent]; p.From > x.From || p.Trace != x.Trace {
			t.Fatalf("span %d, %s at %v, belongs to %s at %v", i, x.Name, x.From, p.Name, p.From)
		}
		if x.To < x.From || !slices.IsSortedFunc(x.Parts, func(a, b sequence.Part) int { return cmp.Compare(a.From, b.From) }) {
			t.Fatalf("span %d, %s: %v to %v, %v", i, x.Name, x.From, x.To, x.Parts)
		}
		if x.Kind != sequence.TaskSpan {
			continue
		}
		at := x.From
		for _, p := range x.Parts {
			if p.From != at || p.To < p.From {
				t.Fatalf("span %d, %s from %v: %v", i, x.Name, x.From, x.Parts)
			}
			at = p.To
		}
		if at != x.To {
			t.Fatalf("span %d, %s: its parts end at %v, it at %v", i, x.Name, at, x.To)
		}
	}
	if roots != trace.Traces {
		t.Fatalf("%d roots of %d traces", roots, trace.Traces)
	}
}
