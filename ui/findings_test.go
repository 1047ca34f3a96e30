package ui

import (
	"os"
	"testing"

	"asynclab/ui/locale"
)

// What happened is in the window, in its language and with the names of the picture; and
// what the latency was spent on, where it is asked for.
func TestFindingsPanel(t *testing.T) {
	r := start(t, "", at("lab"))
	const text = `version: 1
name: x
run: {duration: 60s}
load: {l: {to: s/do, arrivals: poisson(10/s)}}
services: {s: {workers: 20, on_crash: resume, on: {do: [work: 500ms]}}}
faults: [{at: 30s, for: 5s, crash: s}]
`
	if err := os.WriteFile(r.path("x.yaml"), []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	b := r.open(r.path("x.yaml"))
	b.SelectTab(b.Findings.Content)
	r.settle()
	if !r.says("No findings so far.") {
		t.Error("the window does not say that nothing was found")
	}
	b.Controller.JumpTo(b.Board.Length)
	r.until("a finding", func() bool { return r.says("s crashes from 30s to 35s; ") && r.says("operations of l failed") })
	r.tap("explain")
	r.until("an explanation", func() bool { return r.says("down: s") })
	r.s.setLanguage("zh-Hans")
	defer locale.Use("en")
	r.settle()
	r.s.bench().SelectTab(r.s.bench().Findings.Content)
	r.until("a finding in Chinese", func() bool { return r.says("从 30s 到 35s") })
}
