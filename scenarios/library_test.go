package scenarios_test

// The library's scenarios: that the files are in order, that what they expect
// comes true, and that a scenario which is broken on purpose is found out. What
// theory says about them is in library_theory_test.go.

import (
	"bytes"
	"encoding/json"
	"fmt"
	"path"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"asynclab/scenarios"
	"asynclab/sim"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"go.yaml.in/yaml/v4"
)

// librarySeeds are the seeds, besides its own, under which every expectation of
// a scenario has to come true: one that does not was fitted to noise. Chosen
// beforehand.
var librarySeeds = []uint64{11, 22, 33, 44}

// libraryScenario reads a scenario of the library after replacing pieces of its
// text, pairs of old and new, of which each old must be there.
func libraryScenario(t *testing.T, name string, edits ...string) *scenarios.Scenario {
	t.Helper()
	i := slices.IndexFunc(scenarios.Library(), func(e scenarios.Entry) bool { return e.Name == name })
	if i < 0 {
		t.Fatalf("the library has no scenario %s", name)
	}
	text := string(scenarios.Library()[i].Content)
	for k := 0; k < len(edits); k += 2 {
		if !strings.Contains(text, edits[k]) {
			t.Fatalf("%s does not contain %q", name, edits[k])
		}
		text = strings.ReplaceAll(text, edits[k], edits[k+1])
	}
	s, err := scenarios.Parse(scenarios.LibraryFS(), name+".yaml", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// libraryRun runs a scenario with its own settings, except what change changes.
func libraryRun(t *testing.T, s *scenarios.Scenario, change func(*sim.Settings)) *sim.Result {
	t.Helper()
	settings := sim.Settings{
		Duration: s.Run.Duration, Warmup: s.Run.WarmupOf(s.Run.Duration), Drain: s.Run.Drain, Completions: s.Run.Completions,
		Seed: s.Run.Seed, Replications: s.Run.Replications, MaxEvents: s.Run.MaxEvents, Parallel: 1,
	}
	for _, e := range s.Expect {
		settings.Expect = append(settings.Expect, e.Parsed)
	}
	if change != nil {
		change(&settings)
	}
	r, err := sim.Run(t.Context(), s.Designs, settings, nil)
	if err != nil {
		t.Fatal(err)
	}
	if len(r.Skipped) > 0 {
		t.Errorf("not judged: %v", r.Skipped)
	}
	return r
}

func TestLibraryExpectations(t *testing.T) {
	for _, e := range scenarios.Library() {
		t.Run(e.Name, func(t *testing.T) {
			t.Parallel()
			s := libraryScenario(t, e.Name)
			seeds := append([]uint64{s.Run.Seed}, librarySeeds...)
			if raceEnabled {
				seeds = seeds[:1]
			}
			for _, seed := range seeds {
				r := libraryRun(t, s, func(c *sim.Settings) { c.Seed = seed })
				for _, v := range r.Expectations {
					if !v.Pass {
						t.Errorf("seed %d: %s: %s", seed, v.Expect, v.Detail)
					}
				}
			}
		})
	}
}

// TestLibraryReplications: with replications an expectation is judged by its
// interval, and none may be undecided.
func TestLibraryReplications(t *testing.T) {
	if raceEnabled {
		t.Skip("a run has no goroutines; the race detector makes it twenty times slower")
	}
	for _, e := range scenarios.Library() {
		if strings.HasPrefix(e.Name, "bench/") {
			continue // long ones, whose means the theory tests hold
		}
		t.Run(e.Name, func(t *testing.T) {
			t.Parallel()
			r := libraryRun(t, libraryScenario(t, e.Name), func(c *sim.Settings) { c.Replications = 5 })
			for _, v := range r.Expectations {
				if !v.Pass {
					t.Errorf("%s: %s", v.Expect, v.Detail)
				}
			}
		})
	}
}

// catalogue is how many entries each group of the catalogue has.
var catalogue = map[byte]int{'C': 20, 'B': 13, 'F': 6, 'R': 13, 'E': 20}

func TestLibraryFiles(t *testing.T) {
	schema := librarySchema(t)
	names, covered := map[string]string{}, map[string]bool{}
	for _, e := range scenarios.Library() {
		s := libraryScenario(t, e.Name)
		for _, id := range s.Covers {
			covered[id] = true
		}
		if other, taken := names[s.Name]; taken {
			t.Errorf("%s and %s are both called %s", e.Name, other, s.Name)
		}
		names[s.Name] = e.Name
		if s.Name != path.Base(e.Name) {
			t.Errorf("%s is called %s inside", e.Name, s.Name)
		}
		if s.Title == s.Name || strings.HasSuffix(s.Title, ".") {
			t.Errorf("%s: title %q", e.Name, s.Title)
		}
		if len(s.Description) < 200 || len(s.Expect) < 5 || len(s.Covers) == 0 {
			t.Errorf("%s: a description of %d bytes, %d expectations, covers %v", e.Name, len(s.Description), len(s.Expect), s.Covers)
		}
		for _, line := range strings.Split(s.Description, "\n") {
			if utf8.RuneCountInString(line) > 78 { // two columns in, on a terminal of 80
				t.Errorf("%s: a line too long for a terminal: %s", e.Name, line)
			}
		}
		for i, d := range s.Designs {
			if len(s.Designs) > 1 && s.DesignTitles[i] == d.Name {
				t.Errorf("%s: design %s has no title", e.Name, d.Name)
			}
			if len(s.Designs) > 1 && !strings.Contains(s.Description, d.Name) {
				t.Errorf("%s: the description does not mention design %s", e.Name, d.Name)
			}
		}
		for i, id := range s.Covers {
			var n int
			if _, err := fmt.Sscanf(id[1:], "%d", &n); err != nil || n < 1 || n > catalogue[id[0]] || slices.Contains(s.Covers[:i], id) {
				t.Errorf("%s covers %s, which is not in the catalogue or there twice", e.Name, id)
			}
		}
		if !strings.HasPrefix(e.Name, "bench/") && len(s.Warnings) > 0 {
			t.Errorf("%s: %v", e.Name, s.Warnings)
		}
		libraryValid(t, schema, e)
	}
	for group, entries := range catalogue {
		for n := range entries {
			if id := fmt.Sprint(string(group), n+1); !covered[id] {
				t.Errorf("no scenario shows %s", id)
			}
		}
	}
	for _, want := range []string{
		"bench/broker-flow", "bench/mm1", "bench/sync-chain", "dominoes", "order-flow", "order-queue", "peak-shaving",
		"sync-vs-async", "tracing-outage",
	} {
		if names[path.Base(want)] != want {
			t.Errorf("the library has no %s", want)
		}
	}
}

func librarySchema(t *testing.T) *jsonschema.Schema {
	t.Helper()
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(scenarios.Schema()))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("library.json", doc); err != nil {
		t.Fatal(err)
	}
	schema, err := c.Compile("library.json")
	if err != nil {
		t.Fatal(err)
	}
	return schema
}

func libraryValid(t *testing.T, schema *jsonschema.Schema, e scenarios.Entry) {
	t.Helper()
	var doc any
	if err := yaml.Unmarshal(e.Content, &doc); err != nil {
		t.Fatal(err)
	}
	text, err := json.Marshal(doc) // numbers as JSON has them
	if err != nil {
		t.Fatal(err)
	}
	inst, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	if err := schema.Validate(inst); err != nil {
		t.Errorf("%s: %v", e.Name, err)
	}
}
