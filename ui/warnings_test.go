package ui

import (
	"os"
	"testing"

	"asynclab/ui/locale"
)

// What a reader must know before believing the numbers is in the window, in its
// language; what the scenario silences is counted.
func TestWarningsPanel(t *testing.T) {
	r := start(t, "", at("lab"))
	const text = `version: 1
name: x
run: {duration: 10s}
silence: [unreached]
load: {l: {to: s/do, arrivals: poisson(10/s)}}
services: {s: {workers: 8, queue: unlimited, on: {do: [work: 1ms], other: [reply]}}}
`
	if err := os.WriteFile(r.path("x.yaml"), []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	b := r.open(r.path("x.yaml"))
	b.SelectTab(b.Warnings.Content)
	r.settle()
	for _, part := range []string{"service.s.queue: the waiting room is unbounded", "give it a bound", "1 more are silenced"} {
		if !r.says(part) {
			t.Errorf("the window does not say %q", part)
		}
	}
	if r.says("no message ever reaches it") {
		t.Error("the window shows a silenced warning")
	}
	r.s.setLanguage("zh-Hans")
	defer locale.Use("en")
	r.settle()
	r.s.bench().SelectTab(r.s.bench().Warnings.Content)
	r.settle()
	if !r.says("service.s.queue：等候区没有上限") {
		t.Error("the warning is not in Chinese")
	}
}
