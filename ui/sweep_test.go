package ui

import (
	"os"
	"strings"
	"testing"

	"asynclab/scenarios"
	"asynclab/scenarios/study"
	"asynclab/sim"
	"asynclab/ui/figure"
	"asynclab/ui/sweep"
)

func (s *Shell) sweeping() *sweep.Place { return s.places[s.placeAt("sweep")].place.(*sweep.Place) }

const swept = `version: 1
name: mm1
run: {duration: 60s, seed: 1}
load: {users: {to: shop/order, arrivals: poisson(20/s), deadline: 1min}}
services: {shop: {workers: 1, on: {order: [work: exp(20ms)]}}}
expect: ["load.users.accepted.latency.mean < 60ms"]
`

// From a knob in the lab a parameter is varied: the curve, what was found on it, and a
// value of it in the lab again.
func TestSweep(t *testing.T) {
	r := start(t, "", at("lab"))
	file := r.path("mm1.yaml")
	writeFile(t, file, swept)
	b := r.open(file)
	r.choose(b, "users")
	r.s.lab().Workbench.OnVary("load.users.rate")
	r.tick(0)
	d := r.s.sweeping().Describe()
	if r.place() != "sweep" || d["path"] != "load.users.rate" || d["from"] != "10/s" || d["to"] != "40/s" {
		t.Fatalf("the plan is %v", d)
	}
	for name, text := range map[string]string{"points": "4", "reps": "2"} {
		r.control("sweep:" + name).(interface{ SetText(string) }).SetText(text)
	}
	r.tap("sweep:run")
	r.until("it is done", func() bool { return r.s.sweeping().Describe()["running"] == "false" })
	if d := r.s.sweeping().Describe(); d["points"] != "4" || !r.says("Done: ") {
		t.Fatalf("%v: %q", d, r.texts())
	}
	if !r.says("load.users.accepted.latency.mean < 60ms") {
		t.Errorf("nothing is said of what was promised: %q", r.texts())
	}
	r.control("sweep:figure:0").(*figure.Figure).OnTap(29)
	r.tap("ask:0")
	r.until("it is in the lab", func() bool {
		b := r.s.bench()
		return r.place() == "lab" && b != nil && strings.Contains(b.Path, "= 30/s") && ready(b)
	})
	if rate, err := r.s.bench().Scenario.Designs[0].Get("load.users.rate"); err != nil || rate != "30/s" {
		t.Errorf("the rate is %s, %v", rate, err)
	}
}

// A sweep that is cancelled shows what it has, and a mistake in the plan is told.
func TestSweepCancelled(t *testing.T) {
	r := start(t, "", at("sweep"))
	file := r.path("mm1.yaml")
	writeFile(t, file, strings.Replace(swept, "60s", "2000000s", 1))
	r.s.openHere(file)
	r.until("it is open", func() bool { return r.s.sweeping().Describe()["path"] != "" })
	r.tap("sweep:run")
	r.tap("sweep:cancel")
	r.until("it ends", func() bool { return r.s.sweeping().Describe()["running"] == "false" })
	if !r.says("Cancelled; 0 values") {
		t.Errorf("it says %q", r.texts())
	}
	r.control("sweep:points").(interface{ SetText(string) }).SetText("many")
	r.tap("sweep:run")
	r.until("it ends", func() bool { return r.s.sweeping().Describe()["running"] == "false" })
	if n := len(r.s.Errors); n != 1 {
		t.Errorf("errors: %q", r.s.Errors)
	}
}

func writeFile(t *testing.T, file, text string) {
	t.Helper()
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// The file of results that the command keeps is gone on from in the window: the plan is
// that of the file, nothing is run again, and a value of it is used in the text.
func TestSweepFile(t *testing.T) {
	r := start(t, "", at("sweep"))
	file, results := r.path("mm1.yaml"), r.path("kept.jsonl")
	writeFile(t, file, swept)
	sc, err := scenarios.Parse(nil, "mm1.yaml", []byte(swept))
	if err != nil {
		t.Fatal(err)
	}
	begin(t, sc, results)
	before, err := os.ReadFile(results)
	if err != nil {
		t.Fatal(err)
	}
	r.s.openHere(file)
	r.until("it is open", func() bool { return r.s.sweeping().Describe()["path"] != "" })
	r.s.sweeping().OpenResults(results)
	r.until("it is done", func() bool {
		d := r.s.sweeping().Describe()
		return d["running"] == "false" && d["points"] == "3"
	})
	d := r.s.sweeping().Describe()
	if d["path"] != "load.users.rate" || d["from"] != "10/s" || d["to"] != "30/s" || !r.says("Results are kept in "+results) {
		t.Errorf("the plan is %v: %q", d, r.texts())
	}
	if after, err := os.ReadFile(results); err != nil || !strings.HasPrefix(string(after), string(before)) {
		t.Errorf("the file has changed: %v", err)
	}
	r.control("sweep:figure:0").(*figure.Figure).OnTap(21)
	r.tap("ask:1")
	r.until("its text is there", func() bool { return r.place() == "build" && r.s.building().Describe()["fresh"] == "true" })
	if text := r.buffer().Text(); !strings.Contains(text, "load.users.rate: 20/s") {
		t.Errorf("the text is %s", text)
	}
	other := r.path("other.jsonl")
	writeFile(t, other, "no results\n")
	r.s.sweeping().OpenResults(other)
	r.until("it is told", func() bool { return len(r.s.Errors) == 1 })
}

// begin keeps the results of a sweep in a file, as the command does.
func begin(t *testing.T, sc *scenarios.Scenario, results string) {
	t.Helper()
	bundle, err := sc.Bundle()
	if err != nil {
		t.Fatal(err)
	}
	s := &study.Sweep{Bundle: bundle, Version: study.Build(study.Version), Scenario: sc.Name, Title: sc.Title, Designs: sc.Designs, Reps: 1,
		Run: study.RunOf(sim.Settings{Duration: sc.Run.Duration, Seed: sc.Run.Seed}), Metrics: []string{"load.users.accepted.latency.mean"},
		Precision: study.DefaultPrecision, MaxRuns: study.DefaultMaxRuns}
	for _, e := range sc.Expect {
		s.Flips = append(s.Flips, e.Parsed)
	}
	v, err := study.ParseVary("load.users.rate=10/s..30/s:3")
	if err == nil {
		s.Axes, err = study.Axes([]study.Vary{v}, s.Designs)
	}
	if err == nil {
		err = s.Check()
	}
	if err != nil {
		t.Fatal(err)
	}
	f, err := study.OpenFile(results, s.Header())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Execute(t.Context(), &study.Local{Parallel: 1}, f, nil); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
}
