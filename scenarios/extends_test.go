package scenarios

import (
	"slices"
	"strings"
	"testing"

	"asynclab/sim/design"
)

const extending = `
load:
  a: {to: front/get, arrivals: poisson(50/s)}
services:
  back: {workers: 4, on: {get: [work: exp(10ms)]}}
links: {default: {latency: 1ms}}
designs:
  fast: # before what it extends
    extends: no-retry
    load: {a: {arrivals: poisson(70/s)}}
    services: {back: {workers: 9}, front: {speed: 2}}
    set: {link.default.loss: 1%}
  naive:
    title: As it was
    services:
      front: {workers: 8, on: {get: [{call: back/get, timeout: 50ms, retry: {attempts: 3}}]}}
    faults: [{at: 5s, for: 1s, crash: back}]
    set: {service.back.workers: 5, load.a.rate: 60/s, service.front.on.get.call.retry.attempts: 4}
  no-retry:
    extends: naive
    set: {service.front.on.get.call:back/get.retry.attempts: 1, fault.crash-back.for: 2s}
  other-handler:
    extends: naive
    services: {front: {on: {get: [{work: 1ms}]}}}
  without:
    extends: naive
    services: {front: null, back: {on: {ask: []}}}
    load: {a: {to: back/ask}}
  plain: {services: {front: {on: {get: [reply]}}}}
faults:
  - {crash: front, at: 9s}
`

// A design is laid over the one that it extends; settings come last, and what the
// extending design says of a parameter stands.
func TestExtends(t *testing.T) {
	s := parseGood(t, extending)
	tries := "service.front.on.get.call:back/get.retry.attempts"
	for _, c := range []struct{ design, path, value string }{
		{"naive", "service.back.workers", "5"},
		{"naive", "load.a.rate", "60/s"},
		{"naive", tries, "4"},
		{"naive", "fault.crash-back.for", "1s"},
		{"no-retry", "service.back.workers", "5"},
		{"no-retry", tries, "1"},
		{"no-retry", "service.front.on.get.call:back/get.timeout", "50ms"},
		{"no-retry", "fault.crash-back.for", "2s"},
		{"fast", "service.back.workers", "9"},
		{"fast", "service.front.speed", "2"},
		{"fast", "service.front.workers", "8"},
		{"fast", "load.a.rate", "70/s"},
		{"fast", tries, "1"},
		{"fast", "link.default.loss", "1%"},
		{"fast", "fault.crash-back.for", "2s"},
		{"no-retry", "link.default.loss", "0%"},
		{"other-handler", "service.front.on.get.work", "1ms"},
		{"other-handler", "service.back.workers", "5"},
		{"without", "service.back.workers", "5"},
		{"plain", "service.back.workers", "4"},
		{"plain", "load.a.rate", "50/s"},
	} {
		if v, err := s.Design(c.design).Get(c.path); v != c.value {
			t.Errorf("%s: %s is %s (%v), want %s", c.design, c.path, v, err, c.value)
		}
	}
	faults := map[string]int{"fast": 2, "naive": 2, "no-retry": 2, "other-handler": 2, "without": 1, "plain": 1}
	for _, d := range s.Designs {
		if len(d.Faults) != faults[d.Name] {
			t.Errorf("%s has %d faults, want %d", d.Name, len(d.Faults), faults[d.Name])
		}
	}
	if got := strings.Join(s.DesignTitles, ", "); got != "fast, As it was, no-retry, other-handler, without, plain" {
		t.Errorf("titles: %s", got)
	}
}

// A design that extends another and says nothing is that design.
func TestExtendsWithNothing(t *testing.T) {
	s := parseGood(t, strings.Replace(extending, "plain: {services:", "same: {extends: no-retry}\n  plain: {services:", 1))
	a, b := s.Design("no-retry"), s.Design("same")
	paths := design.NewDraft(a).Paths()
	if !slices.Equal(paths, b.Paths()) {
		t.Fatalf("%d and %d parameters", len(paths), len(b.Paths()))
	}
	for _, p := range paths {
		x, _ := a.Get(p)
		if y, _ := b.Get(p); x != y {
			t.Errorf("%s is %s, and %s where nothing is said", p, x, y)
		}
	}
}
