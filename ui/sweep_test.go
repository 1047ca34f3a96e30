package ui

import (
	"os"
	"strings"
	"testing"

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
