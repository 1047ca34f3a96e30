package files

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func put(t *testing.T, name, text string, perm fs.FileMode) {
	t.Helper()
	if err := os.WriteFile(name, []byte(text), perm); err != nil {
		t.Fatal(err)
	}
}

func read(t *testing.T, name string) string {
	t.Helper()
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func TestWrite(t *testing.T) {
	dir := t.TempDir()
	at := func(name string) string { return filepath.Join(dir, name) }
	put(t, at("private"), "old", 0o600)
	put(t, at("aim"), "old", 0o640)
	if err := os.Mkdir(at("sub"), 0o755); err != nil {
		t.Fatal(err)
	}
	put(t, at("sub/aim"), "old", 0o644)
	for link, to := range map[string]string{"link": "aim", "twice": "link", "fresh": "new-by-link", "sub/up": "../aim", "folder": "sub"} {
		if err := os.Symlink(to, at(link)); err != nil {
			t.Skip("no symbolic links here: ", err)
		}
	}
	for _, c := range []struct {
		name, file string // that is written, and that has it then
		mode       fs.FileMode
	}{
		{"new", "new", 0o644},
		{"private", "private", 0o600},
		{"link", "aim", 0o640},
		{"twice", "aim", 0o640},
		{"fresh", "new-by-link", 0o644},
		{"sub/up", "aim", 0o640},
		{"folder/aim", "sub/aim", 0o644},
		{"folder/up", "aim", 0o640},
	} {
		if err := Write(at(c.name), []byte("by "+c.name), 0o644); err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		if got := read(t, at(c.file)); got != "by "+c.name {
			t.Errorf("%s: %s has %q", c.name, c.file, got)
		}
		if info, err := os.Lstat(at(c.file)); err != nil || info.Mode() != c.mode {
			t.Errorf("%s: %s is %v, %v; want %v", c.name, c.file, info.Mode(), err, c.mode)
		}
		if info, err := os.Lstat(at(c.name)); err != nil || c.name != c.file && !strings.HasPrefix(c.name, "folder/aim") && info.Mode()&fs.ModeSymlink == 0 {
			t.Errorf("%s is no link any more: %v", c.name, err)
		}
	}
	if left, _ := filepath.Glob(at(".*")); len(left) > 0 {
		t.Errorf("left lying about: %v", left)
	}
}

func TestWriteMistakes(t *testing.T) {
	dir := t.TempDir()
	at := func(name string) string { return filepath.Join(dir, name) }
	if err := os.Symlink("b", at("a")); err != nil {
		t.Skip("no symbolic links here: ", err)
	}
	if err := os.Symlink("a", at("b")); err != nil {
		t.Fatal(err)
	}
	if err := Write(at("a"), nil, 0o644); err == nil || !strings.Contains(err.Error(), "too many") {
		t.Errorf("links in a circle: %v", err)
	}
	if err := Write(dir, nil, 0o644); !errors.Is(err, ErrFolder) {
		t.Errorf("a folder: %v", err)
	}
	var pe *fs.PathError
	if err := Write(at("nosuch/x"), nil, 0o644); !errors.As(err, &pe) || pe.Op != OpFolder || !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a folder that is not there: %v", err)
	}
}

// Only what a program that has ended left is swept.
func TestSweep(t *testing.T) {
	dir := t.TempDir()
	at := func(name string) string { return filepath.Join(dir, name) }
	const ended = "999999999" // no system has so many processes
	for _, name := range []string{"s.json", ".s.json." + ended + ".1", ".s.json." + ended, unfinished("s.json") + "1.2", ".s.json.bak", ".t.json." + ended + ".1"} {
		put(t, at(name), "x", 0o644)
	}
	Sweep(at("s.json"))
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var left []string
	for _, e := range entries {
		left = append(left, e.Name())
	}
	if got := strings.Join(left, " "); got != ".s.json.1.2 .s.json.bak .t.json."+ended+".1 s.json" {
		t.Errorf("left: %s", got)
	}
}

func TestOpen(t *testing.T) {
	dir := t.TempDir()
	if err := os.Mkdir(filepath.Join(dir, "sub"), 0o755); err != nil {
		t.Fatal(err)
	}
	put(t, filepath.Join(dir, "sub", "plain"), "text", 0o644)
	part, err := Sub(os.DirFS(dir), "sub")
	if err != nil {
		t.Fatal(err)
	}
	f, err := Open(part, "plain")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if data, err := io.ReadAll(f); err != nil || string(data) != "text" {
		t.Errorf("read %q, %v", data, err)
	}
	if _, err := Open(os.DirFS(dir), "sub"); !errors.Is(err, ErrNotPlain) {
		t.Errorf("a folder: %v", err)
	}
	if _, err := Open(part, "nosuch"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("nothing: %v", err)
	}
}
