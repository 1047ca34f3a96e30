package limit_test

import (
	"fmt"
	"math"
	"testing"
	"time"

	"asynclab/scenarios"
	"asynclab/scenarios/audited"
)

// keyedText has clients a, and b with another key, seven requests of each at once.
const keyedText = `
version: 1
name: one
run: {duration: %s}
load:
  a: {to: s/h, arrivals: %s, count: %d, attributes: {who: [a]}, deadline: none, timeout: none%s}
  b: {to: s/h, arrivals: %[2]s, count: %[3]d, attributes: {who: [b]}, deadline: none, timeout: none%[4]s}
services: {s: {workers: unlimited, %[5]s on: {h: [reply]}}}
faults: [%[6]s]
`

const seven = "{constant: 1/s, batch: 7}"

// nginx delays what comes before its time, and refuses what is more than burst ahead: at
// 10 r/s the first goes at once, the next after 100 ms, 200 ms and so on.
func TestLeakyBucket(t *testing.T) {
	for _, c := range []struct {
		what, limit string
		want        map[string]float64
	}{
		{"burst=5", "rate: 10/s, wait: none, line: 5", map[string]float64{
			"load.a.completed": 6, "load.a.failed.limited": 1, "load.a.confirmed.latency.mean": 0.25, "load.a.confirmed.latency.max": 0.5,
		}},
		{"burst=5 nodelay", "rate: 10/s, burst: 6", map[string]float64{
			"load.a.completed": 6, "load.a.failed.limited": 1, "load.a.confirmed.latency.max": 0,
		}},
		{"burst=5 delay=2", "rate: 10/s, burst: 3, wait: none, line: 3", map[string]float64{
			"load.a.completed": 6, "load.a.failed.limited": 1, "load.a.confirmed.latency.mean": 0.1, "load.a.confirmed.latency.max": 0.3,
		}},
		{"without a burst", "rate: 10/s", map[string]float64{"load.a.completed": 1, "load.a.failed.limited": 6}},
		{"for so long at most", "rate: 10/s, wait: 250ms", map[string]float64{"load.a.completed": 3, "load.a.failed.limited": 4, "load.a.confirmed.latency.max": 0.2}},
	} {
		for where, text := range map[string][2]string{ // each key has its own: b changes nothing, and has the same
			"the door, by key": {"", "limit: {" + c.limit + ", key: who},"},
			"each caller":      {", limit: {" + c.limit + "}", ""},
			"callers, by key":  {", limit: {" + c.limit + ", key: who}", ""},
		} {
			t.Run(c.what+" at "+where, func(t *testing.T) {
				r := audited.Start(t, keyedText, "5s", seven, 7, text[0], text[1], "")
				audited.Until(t, r, 5*time.Second, 40)
				for name, want := range c.want {
					for _, load := range []string{"a", "b"} {
						name := "load." + load + name[len("load.a"):]
						// At a caller the wait is the client's: an attempt that is refused after it was in line 250 ms, too.
						if got := audited.Value(t, r, name); math.Abs(got-want) > 1e-9 {
							t.Errorf("%s is %v, want %v", name, got, want)
						}
					}
				}
			})
		}
	}
}

// Without a key the 14 share one bucket of the service: the first of a and 5 more wait.
func TestDoorWaits(t *testing.T) {
	for _, c := range []struct {
		limit, fault string
		want         map[string]float64
	}{
		{"rate: 10/s, wait: none, line: 5", "", map[string]float64{
			"load.a.completed": 6, "load.b.failed.limited": 7, "limit.s.limited": 8, "limit.s.asked": 14, "limit.s.wait.max": 0.5, "limit.s.waiting.max": 5,
			"limit.s.buckets.max": 1, "service.s.completed": 6,
		}},
		// Those that wait at 150 ms are gone with the process: their callers see a reset.
		{"rate: 10/s, wait: none, line: 5", "{at: 150ms, for: 100ms, crash: s}", map[string]float64{
			"load.a.completed": 2, "load.a.failed.refused": 4, "load.a.failed.limited": 1, "limit.s.waiting.final": 0, "service.s.lost": 4,
		}},
		// 20 tokens a second from 150 ms on: who waits keeps its time, and the next ones wait half as long.
		{"rate: 10/s, wait: none", "{at: 150ms, set: {service.s.limit.rate: 20/s}}", map[string]float64{"load.b.confirmed.latency.max": 1.3}},
	} {
		r := audited.Start(t, keyedText, "5s", seven, 7, "", "limit: {"+c.limit+"},", c.fault)
		audited.Until(t, r, 5*time.Second, 40)
		for name, want := range c.want {
			if got := audited.Value(t, r, name); math.Abs(got-want) > 1e-9 {
				t.Errorf("%s, %s: %s is %v, want %v", c.limit, c.fault, name, got, want)
			}
		}
	}
}

// A bucket by key is the same bucket: of one key it decides what one without a key does,
// whatever comes and however its rate divides a second.
func TestOneKeyIsNone(t *testing.T) {
	for _, limit := range []string{"rate: 3/s", "rate: 7/s, burst: 4", "rate: 13/s, wait: none, line: 3", "rate: 7/s, burst: 2, wait: none"} {
		var got [2][4]float64
		for i, key := range []string{"", ", key: who"} {
			r := audited.Start(t, keyedText, "1000s", "poisson(6/s)", 1_000_000, ", limit: {"+limit+key+"}", "", "")
			audited.Until(t, r, 1000*time.Second, 10)
			for k, name := range []string{"limit.a->s.limited", "limit.a->s.asked", "load.a.confirmed.latency.mean", "load.a.confirmed.latency.max"} {
				got[i][k] = audited.Value(t, r, name)
			}
		}
		for k := range got[0] { // of those that wait, parts of a nanosecond are rounded here and there
			if math.Abs(got[0][k]-got[1][k]) > 1e-7 {
				t.Errorf("%s: %v without a key, %v with one", limit, got[0], got[1])
			}
		}
	}
}

// A thousand customers share nothing: each loses what M/D/1/K loses, with K its burst and
// a thousandth of the load.
func TestBucketsByKey(t *testing.T) {
	r := audited.Start(t, `
version: 1
name: one
run: {duration: 400s}
load: {x: {to: s/h, arrivals: poisson(1000/s), attributes: {who: "integer(1, 1000)"}, deadline: none, timeout: none}}
services: {s: {workers: unlimited, limit: {rate: 1/s, burst: 2, key: who}, on: {h: [reply]}}}
`)
	audited.Until(t, r, 400*time.Second, 10)
	want := 1 - 1/(math.Exp(-1)+1) // M/D/1/2 at a load of 1
	n := 400_000.0
	if got := audited.Value(t, r, "limit.s.limited.ratio"); math.Abs(got-want) > 4*math.Sqrt(want*(1-want)/n)*1.5+2./400 { // each bucket is full at first
		t.Errorf("%v are refused, want %v", got, want)
	}
	if got := audited.Value(t, r, "limit.s.buckets.max"); got > 1000 {
		t.Errorf("%v buckets", got)
	}
}

// One bucket is kept, and two customers take turns: each finds a full one, and has made
// the other's go before it was full.
func TestBoundOfKeys(t *testing.T) {
	r := audited.Start(t, keyedText, "10s", "constant(10/s)", 50, "", "limit: {rate: 1/s, key: who, keys: 1},", "")
	audited.Until(t, r, 10*time.Second, 10)
	for name, want := range map[string]float64{"limit.s.limited": 0, "limit.s.evictions": 99, "limit.s.buckets.max": 1} {
		if got := audited.Value(t, r, name); got != want {
			t.Errorf("%s is %v, want %v", name, got, want)
		}
	}
}

func TestBadKeys(t *testing.T) {
	for limit, want := range map[string]string{
		"rate: 1/s, keys: 5":   "there is one bucket",
		"rate: 1/s, line: 5":   "nobody waits in the line",
		"rate: 1/s, key: whom": "no load has an attribute",
	} {
		_, err := scenarios.Parse(nil, "one.yaml", fmt.Appendf(nil, keyedText[1:], "5s", seven, 7, "", "limit: {"+limit+"},", ""))
		says(t, limit, err, want)
	}
}
