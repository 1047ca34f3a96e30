package scenarios_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"asynclab/scenarios"
	"asynclab/sim"
)

// mesh is 60 services in four layers. Each calls two of the next layer, so that a request
// to one of the first is 1 + 2 + 4 + 8 calls: with 5/s to each, those of the last layer
// get 40/s. workers are those of the 50th, whose work takes 100 ms: of 40/s, four workers'.
func mesh(workers int) string {
	const wide, deep = 15, 4
	var b strings.Builder
	b.WriteString("version: 1\nname: mesh\nrun: {duration: 3min, warmup: 20s}\nload:\n")
	for i := range wide {
		fmt.Fprintf(&b, "  l%d: {to: s%d/h, arrivals: poisson(5/s), timeout: 5s}\n", i, i)
	}
	b.WriteString("services:\n")
	for i := range wide * deep {
		work, own, calls := "exp(5ms)", 64, ""
		if i == 50 {
			work, own = "exp(100ms)", workers
		}
		if layer := i / wide; layer < deep-1 {
			for k := range 2 {
				calls += fmt.Sprintf(", call: s%d/h", (layer+1)*wide+(i+k)%wide)
			}
		}
		steps := "{work: \"" + work + "\"}"
		for _, c := range strings.Split(strings.TrimPrefix(calls, ", "), ", ") {
			if c != "" {
				steps += ", {" + c + "}"
			}
		}
		fmt.Fprintf(&b, "  s%d: {workers: %d, queue: unlimited, on: {h: [%s]}}\n", i, own, steps)
	}
	return b.String()
}

// The culprit of a mesh of 60 services is named first, whoever waits for it; with three
// times the workers nothing is found.
func TestMeshNamesItsCulprit(t *testing.T) {
	for workers, culprit := range map[int]string{3: "service.s50", 12: ""} {
		sc, err := scenarios.Parse(nil, "mesh.yaml", []byte(mesh(workers)))
		if err != nil {
			t.Fatal(err)
		}
		r, err := sim.Run(context.Background(), sc.Designs, sim.Settings{Duration: 3 * time.Minute, Warmup: 20 * time.Second, Seed: 1, Findings: true}, nil)
		if err != nil {
			t.Fatal(err)
		}
		first := ""
		if found := r.Designs[0].Findings; len(found) > 0 {
			first = found[0].Element
		}
		if first != culprit {
			var all []string
			for i := range r.Designs[0].Findings {
				f := &r.Designs[0].Findings[i]
				all = append(all, f.Element+": "+f.Text())
			}
			t.Errorf("with %d workers the first finding is about %q, want %q:\n%s", workers, first, culprit, strings.Join(all, "\n"))
		}
	}
}
