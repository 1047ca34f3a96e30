package window

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Settings are whole at every moment: whatever is read beside the writing is one
// of those that were set.
func TestSettingsAreWhole(t *testing.T) {
	file := filepath.Join(t.TempDir(), "deep", "settings.json")
	s, err := loadSettings(file)
	if err != nil {
		t.Fatal(err)
	}
	s.Set("n", 0)
	s.Flush()
	for n := 1; n <= 50; n++ {
		s.Set("n", n)
		s.Set("text", strings.Repeat("x", n*100))
		read, err := loadSettings(file)
		if err != nil {
			t.Fatal(err)
		}
		if got := read.Float("n"); got < 0 || got > float64(n) {
			t.Fatalf("read %v, last set %d", got, n)
		}
	}
	s.Flush()
	if read, err := loadSettings(file); err != nil || read.Float("n") != 50 || len(read.String("text")) != 5000 {
		t.Errorf("in the end it is %v, %v", read.Float("n"), err)
	}
	left, err := filepath.Glob(filepath.Join(filepath.Dir(file), ".*"))
	if err != nil || len(left) > 0 {
		t.Errorf("left lying about: %v, %v", left, err)
	}
}

// A file that cannot be read, or that says nothing, begins anew, and what a killed
// program left beside it goes.
func TestSettingsBeginAnew(t *testing.T) {
	for _, bad := range []string{"null", " null\n", "{", "[1]", ""} {
		dir := t.TempDir()
		file := filepath.Join(dir, "settings.json")
		for name, text := range map[string]string{file: bad, filepath.Join(dir, ".settings.json.2718281828"): "{"} {
			if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		s, err := loadSettings(file)
		if err == nil || !strings.Contains(err.Error(), "kept as") {
			t.Errorf("%q: %v", bad, err)
		}
		s.Set("n", 1)
		s.Flush()
		if s, err = loadSettings(file); err != nil || s.Float("n") != 1 {
			t.Errorf("%q: afterwards %v", bad, err)
		}
		if left, err := filepath.Glob(filepath.Join(dir, ".*")); err != nil || len(left) > 0 {
			t.Errorf("%q: left lying about: %v, %v", bad, left, err)
		}
	}
}

// Errors are told in plain words, with a way on.
func TestPlainWords(t *testing.T) {
	path := func(err error) error { return &fs.PathError{Op: "open", Path: "/a/b.yaml", Err: err} }
	for _, c := range []struct {
		err  error
		want string
	}{
		{path(fs.ErrNotExist), "There is no file /a/b.yaml any more. Was it moved or renamed?"},
		{fmt.Errorf("saving: %w", path(fs.ErrPermission)), "You may not read or write /a/b.yaml. Choose another place, or change its permissions."},
		{errors.New("the run has gone"), "The run has gone"},
		{errors.New("运行没了"), "运行没了"},
		{errors.New("état inconnu"), "État inconnu"},
		{errors.New(""), "Something went wrong, and nothing is known about it."},
	} {
		if got := Plain(c.err); got != c.want {
			t.Errorf("plain(%q) = %q, want %q", c.err, got, c.want)
		}
	}
}
