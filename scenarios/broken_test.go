package scenarios

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"asynclab/scenarios/yamltree"
	"asynclab/sim/golden"
)

// TestBroken compares every message about the scenarios in testdata/broken with
// the file beside them.
func TestBroken(t *testing.T) {
	files, err := filepath.Glob("testdata/broken/*.yaml")
	if err != nil || len(files) < 10 {
		t.Fatal("no broken scenarios", err)
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			data, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			name := filepath.Base(file)
			s, err := Parse(os.DirFS("testdata/broken"), name, data)
			if err == nil {
				t.Fatal("it is not broken")
			}
			text := err.Error() + "\n"
			if s != nil && len(s.Warnings) > 0 {
				text += s.Warnings.Error() + "\n"
			}
			golden.Equal(t, strings.TrimSuffix(file, ".yaml")+".txt", []byte(text))
			for _, d := range err.(yamltree.Diagnostics) {
				if d.Msg == "" || d.File != name {
					t.Errorf("incomplete: %+v", d)
				}
				if d.Hint == "" {
					t.Errorf("no way on: %v", d)
				}
				if c := d.Msg[0]; c >= 'A' && c <= 'Z' || strings.HasSuffix(d.Msg, ".") {
					t.Errorf("not in house style: %s", d.Msg)
				}
			}
		})
	}
}
