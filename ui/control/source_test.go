package control

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"asynclab/scenarios"
)

func TestSource(t *testing.T) {
	file := filepath.Join(t.TempDir(), "mine.yaml")
	write := func(text string) {
		t.Helper()
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := Load(file); err == nil {
		t.Error("a file that is not there was loaded")
	}
	text := string(scenarios.Template("mine"))
	write(text)
	s, err := Load(file)
	if err != nil || len(s.Problems) > 0 || s.Stale() || s.InLibrary() {
		t.Fatalf("%+v, %v", s, err)
	}
	write(text + "colour: red\n")
	if !s.Stale() {
		t.Error("the file has changed, and nobody noticed")
	}
	s, err = Load(file)
	if err != nil || len(s.Problems) != 1 || s.Problems[0].Line == 0 || s.Scenario == nil {
		t.Errorf("%+v, %v", s, err)
	}
	if err := os.Remove(file); err != nil {
		t.Fatal(err)
	}
	if s.Stale() {
		t.Error("a file that is gone for a moment is no other")
	}
	if s, err := Load("order-flow"); err != nil || !s.InLibrary() || s.Stale() {
		t.Errorf("%+v, %v", s, err)
	}
}

// The number of instances can be changed before anything has come.
func TestInstancesBeforeTheFirst(t *testing.T) {
	s := open(t, "balancing", Options{}, 0)
	if err := s.Set(0, "service.api.instances", "2"); err != nil {
		t.Fatal(err)
	}
	var f Frame
	s.StepMessage(0)
	s.Advance(time.Second, 0)
	s.Fill(&f)
	for i, n := range s.Scenes()[0].Graph.Nodes {
		if st := f.Lanes[0].Nodes[i]; n.ID == "api" && st.Apart != 2 {
			t.Errorf("%d instances", st.Apart)
		}
	}
}
