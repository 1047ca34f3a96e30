package scenarios

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"asynclab/sim"
	"asynclab/sim/design"
	"asynclab/sim/draw"
	"asynclab/sim/engine"
)

const changing = `version: 1
name: x # a comment
run: {duration: 1min}
load: {a: {to: s/x, arrivals: poisson(50/s)}}
services: {s: {workers: 2, on: {x: [work: exp(10ms)]}}}
designs:
  one: {}
  two: {services: {pay: {on: {y: []}}}}
faults:
  - {at: 10s, for: 1s, pause: s}
`

const changed = `changes:
  - {at: 20s, set: service.s.workers, to: 1}   # this goes
  - {at: 30.000000001s, inject: crash pay}

  # and this
  - at: 5s
    design: one
    heal: pause-s
`

const expecting = `
# about the end
expect:
  - "one: load.a.offered > 0"
`

func at(d time.Duration, path, value string) design.Change {
	return design.Change{At: d, Path: path, Value: value}
}

func TestChangesOfDesigns(t *testing.T) {
	s, err := Parse(nil, "x.yaml", []byte(changing+changed+expecting))
	if err != nil {
		t.Fatal(err)
	}
	workers, crash := at(20*time.Second, "service.s.workers", "1"), at(30*time.Second+1, "inject", "crash pay")
	for design, want := range map[string][]design.Change{
		"one": {at(5*time.Second, "heal", "pause-s"), workers}, "two": {workers, crash}, "three": nil,
	} {
		if got := s.ChangesOf(design); !slices.Equal(got, want) {
			t.Errorf("%s: %v, want %v", design, got, want)
		}
	}
	if late, err := Parse(nil, "x.yaml", []byte(changing+"changes: [{at: 1min, inject: crash s}]\n")); err != nil || len(late.Warnings) == 0 {
		t.Errorf("a change after the end: %v, %v", late.Warnings, err)
	}
}

func TestWithChanges(t *testing.T) {
	some := []Change{
		{"two", at(2*time.Minute+1, "service.s.workers", "12")}, {"", at(0, "inject", "slow s factor=5 for=uniform(1s, 2s)")},
		{"", at(1, "link.a->s.loss", "20%")}, {"", at(3, "inject", "cut a<->*")},
	}
	const written = `changes:
  - {at: 2m0.000000001s, design: two, set: service.s.workers, to: 12}
  - {at: 0s, inject: "slow s factor=5 for=uniform(1s, 2s)"}
  - {at: 1ns, set: link.a->s.loss, to: 20%}
  - {at: 3ns, inject: cut a<->*}
`
	indented := strings.ReplaceAll(changed, "  - at: 5s\n    design: one\n    heal: pause-s\n", "")
	for name, x := range map[string]struct {
		source  string
		changes []Change
		want    string
	}{
		"replaced":            {changing + changed + expecting, some, changing + written + expecting},
		"replaced at the end": {changing + expecting + changed, some, changing + expecting + written},
		"added":               {changing + expecting, some, changing + expecting + written},
		"added to a line":     {strings.TrimSuffix(changing, "\n"), some, changing + written},
		"taken away":          {changing + changed + expecting, nil, changing + expecting},
		"nothing to take":     {changing, nil, changing},
		"not indented":        {changing + "changes:\n- {at: 1s, inject: crash s}\n- at: 2s\n  heal: crash-s\n" + expecting, some, changing + written + expecting},
		"in brackets":         {changing + "changes: [\n    {at: 1s, inject: crash s}\n  ]\n" + expecting, some, changing + written + expecting},
		"documents":           {"---\n" + changing + indented + "...\n", some, "---\n" + changing + written + "...\n"},
		"windows":             {strings.ReplaceAll(changing+changed+expecting, "\n", "\r\n"), some, strings.ReplaceAll(changing+written+expecting, "\n", "\r\n")},
	} {
		got, err := WithChanges(nil, "x.yaml", []byte(x.source), x.changes)
		if err != nil || string(got) != x.want {
			t.Errorf("%s: %v\n%s\nwant\n%s", name, err, got, x.want)
		}
	}
	for name, x := range map[string]struct{ source, want string }{
		"broken":    {"version: 1\nrun: [", "not valid YAML"},
		"a list":    {"[1, 2]", "is not a scenario"},
		"in braces": {"{version: 1, name: x, run: {duration: 1min}, services: {s: {on: {x: []}}}}\n", "not valid"},
		"no design": {"version: 1\nname: x\nrun: {duration: 1min}\nservices: {s: {on: {x: []}}}\n", `no design "two"`},
	} {
		if got, err := WithChanges(nil, "x.yaml", []byte(x.source), some); err == nil || !strings.Contains(err.Error(), x.want) {
			t.Errorf("%s: %v, want %q\n%s", name, err, x.want, got)
		}
	}
}

// A scenario of the library, changed by hand while it runs, saved and run again,
// is the run that was changed; in all its designs.
func TestSavedRunIsTheRun(t *testing.T) {
	s, err := Load("order-flow")
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]string{}
	var changes []Change
	for i, d := range s.Designs {
		p, err := engine.Compile(d)
		if err != nil {
			t.Fatal(err)
		}
		r, err := p.NewRun(engine.Config{Duration: 20 * time.Second, Warmup: time.Second, Seed: s.Run.Seed})
		if err != nil {
			t.Fatal(err)
		}
		r.Advance(int64(3*time.Second)+int64(i)*1_234_567, 0)
		node := d.Services[0].Name
		for _, err := range []error{
			r.Set("service."+node+".speed", "0.7"), r.Inject(design.Fault{Kind: design.FaultCrash, Node: node}),
		} {
			if err != nil {
				t.Fatal(err)
			}
		}
		r.Advance(int64(7*time.Second), 0)
		if err := r.Heal("crash-" + node); err != nil {
			t.Fatal(err)
		}
		r.Advance(int64(time.Minute), 0)
		other, err := p.NewRun(engine.Config{Duration: 20 * time.Second, Warmup: time.Second, Seed: s.Run.Seed, Replication: 1, Changes: r.Changes()})
		if err != nil {
			t.Fatal(err)
		}
		other.Advance(int64(time.Minute), 0)
		want[d.Name] = fmt.Sprintf("%016x", draw.Mix(r.Fingerprint(), other.Fingerprint()))
		for _, c := range r.Changes() {
			changes = append(changes, Change{d.Name, c})
		}
	}
	file := filepath.Join(t.TempDir(), "mine.yaml")
	for range 2 { // a new file, and in place of one
		if err := s.Save(file, changes); err != nil {
			t.Fatal(err)
		}
	}
	if left, _ := os.ReadDir(filepath.Dir(file)); len(left) != 1 {
		t.Errorf("saving left %v", left)
	}
	saved, err := Load(file)
	if err != nil {
		t.Fatal(err)
	}
	result, err := sim.Run(t.Context(), saved.Designs, sim.Settings{
		Duration: 20 * time.Second, Warmup: time.Second, Seed: saved.Run.Seed, Replications: 2, Changes: saved.AllChanges(),
	}, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range result.Designs {
		if d.Fingerprint != want[d.Name] {
			t.Errorf("%s: fingerprint %s, want %s", d.Name, d.Fingerprint, want[d.Name])
		}
	}
}

func TestSaveWithDataFiles(t *testing.T) {
	text := strings.Replace(changing, "exp(10ms)", `'empirical("times.csv")'`, 1)
	dir := t.TempDir()
	for name, data := range map[string]string{"x.yaml": text, "times.csv": "1ms\n2ms\n"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(data), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	s, err := Load(filepath.Join(dir, "x.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(s.DataFiles, []string{"times.csv"}) {
		t.Errorf("data files: %v", s.DataFiles)
	}
	some := []Change{{"", at(1, "service.s.workers", "3")}}
	if err := s.Save(filepath.Join(dir, "y.yaml"), some); err != nil {
		t.Error(err)
	}
	elsewhere := filepath.Join(t.TempDir(), "y.yaml")
	if err := s.Save(elsewhere, some); err == nil || !strings.Contains(err.Error(), "times.csv") {
		t.Errorf("saved without its data: %v", err)
	}
	if _, err := os.Stat(elsewhere); err == nil {
		t.Error("it was written nevertheless")
	}
	files := fstest.MapFS{"times.csv": {Data: []byte("1ms\n")}}
	if _, err := WithChanges(files, "x.yaml", []byte(text), some); err != nil {
		t.Error(err)
	}
}

// FuzzWithChanges holds that a valid scenario keeps what it says when changes are
// put into it or taken away, or that this is refused.
//
//	go test ./scenarios -run FuzzWithChanges -fuzz FuzzWithChanges -fuzztime 60s
func FuzzWithChanges(f *testing.F) {
	for _, text := range []string{
		changing, changing + changed + expecting, "---\n" + changing + "...\n", "\ufeff" + changing, strings.TrimSuffix(changing, "\n"),
		changing + "description: |+\n  text\n\n\n", changing + "? changes\n: [{at: 1s, inject: crash s}]\n", "{version: 1, name: x, run: {duration: 1min}, services: {s: {on: {x: []}}}}",
		changing + "changes: # here\n  # and here\n  - at: 1s\n    inject: >\n      crash\n      s\n# the end\n",
	} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		s, err := Parse(nil, "fuzz.yaml", data)
		if err != nil {
			return
		}
		tried := [][]Change{s.Changes, nil}
		if services := s.Designs[0].Services; len(services) > 0 {
			tried = append(tried, []Change{{s.Designs[0].Name, at(1, "inject", "crash "+services[0].Name)}})
		}
		for _, changes := range tried {
			out, err := WithChanges(nil, "fuzz.yaml", data, changes)
			if err != nil {
				continue
			}
			again, err := Parse(nil, "fuzz.yaml", out)
			if err != nil || !slices.Equal(again.Changes, changes) {
				t.Fatalf("%q became %q: %v, %v", data, out, again, err)
			}
		}
		if out, err := WithChanges(nil, "fuzz.yaml", data, s.Changes); err != nil && !strings.Contains(err.Error(), "cannot be put") && !strings.Contains(err.Error(), "not valid") {
			t.Fatalf("%q: %v, %q", data, err, out)
		}
	})
}
