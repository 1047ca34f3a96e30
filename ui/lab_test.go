package ui

import (
	"os"
	"testing"

	"asynclab/scenarios"
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
