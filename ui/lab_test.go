package ui

import (
	"os"
	"testing"

	"asynclab/scenarios"
	"asynclab/sim/model"
	"asynclab/sim/topology"
)

// copyScenario writes a scenario of the library into a file, with some texts
// replaced.
func copyScenario(t *testing.T, name, file string) {
	t.Helper()
	for _, e := range scenarios.Library() {
		if e.Name == name {
			if err := os.WriteFile(file, e.Content, 0o644); err != nil {
				t.Fatal(err)
			}
			return
		}
	}
	t.Fatalf("there is no scenario %s", name)
}

// faultOf is a crash of the first service.
func faultOf(b *bench) model.Fault {
	for _, n := range b.scenes[0].Graph.Nodes {
		if n.Kind == topology.Service {
			return model.Fault{Kind: model.FaultCrash, Node: n.ID}
		}
	}
	return model.Fault{}
}
