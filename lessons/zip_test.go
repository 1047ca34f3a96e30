package lessons

import (
	"archive/zip"
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// zipOf packs files: pairs of a name and a text.
func zipOf(t testing.TB, pairs ...string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for i := 0; i < len(pairs); i += 2 {
		w, err := z.Create(pairs[i])
		if err == nil {
			_, err = w.Write([]byte(pairs[i+1]))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// packed is the lesson of the template below a prefix.
func packed(t testing.TB, prefix string) (pairs []string) {
	t.Helper()
	files, err := Template("own", "full")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		pairs = append(pairs, prefix+f.Name, string(f.Data))
	}
	return pairs
}

// The lessons of a zip file are those of the folder that it was made of: below no
// folder, one, or one more; their scenarios and pictures are read from it.
func TestZip(t *testing.T) {
	for _, prefix := range []string{"", "own/", "course/own/"} {
		path := filepath.Join(t.TempDir(), "own.zip")
		if err := os.WriteFile(path, zipOf(t, packed(t, prefix)...), 0o600); err != nil {
			t.Fatal(err)
		}
		s, err := Open(path)
		if err != nil || len(s) != 1 || s[0].ID != "own" || len(s.Mistakes()) > 0 || len(s[0].Lessons) != 2 {
			t.Fatalf("%q: %v, %v, %v", prefix, s.IDs(), err, s.Mistakes())
		}
		l := s[0].In("zh-Hans")
		if l.Language != "zh-Hans" || l.Scenario("shop") == nil {
			t.Errorf("%q: %+v", prefix, l)
		}
		if _, err := fs.Stat(l.FS, "en.md"); err != nil {
			t.Error(err)
		}
	}
}

// What leads out of a zip file, is too much, or is no file is refused, with its name.
func TestZipRefused(t *testing.T) {
	var link bytes.Buffer
	z := zip.NewWriter(&link)
	h := &zip.FileHeader{Name: "own/en.md"}
	h.SetMode(os.ModeSymlink | 0o777)
	w, err := z.CreateHeader(h)
	if err == nil {
		_, err = w.Write([]byte("/etc/passwd"))
	}
	if err != nil || z.Close() != nil {
		t.Fatal(err)
	}
	many := make([]string, 2*(maxZipped+1))
	for i := range maxZipped + 1 {
		many[2*i] = strings.Repeat("a", 1+i/100) + string(rune('0'+i%100))
	}
	for _, c := range []struct {
		data []byte
		want string
	}{
		{zipOf(t, "../en.md", ""), `the name "../en.md" in it leads elsewhere`},
		{zipOf(t, "/etc/en.md", ""), `the name "/etc/en.md" in it leads elsewhere`},
		{zipOf(t, `own\..\en.md`, ""), "leads elsewhere"},
		{zipOf(t, "c:/own/en.md", ""), "leads elsewhere"},
		{zipOf(t, "own/en.md", "", "own/EN.md", ""), "is in it twice"},
		{zipOf(t, strings.Repeat("a/", maxZipDepth)+"en.md", ""), "lies deeper than 6 folders"},
		{zipOf(t, "own/big.svg", strings.Repeat("\x00", maxRead+1)), `"own/big.svg" is larger than 4 MiB`},
		{link.Bytes(), `"own/en.md" is neither a file nor a folder`},
		{zipOf(t, many...), "it holds 5001 files, more than 5000"},
		{zipOf(t, "readme.txt", ""), "there is no lesson in it"},
		{[]byte("PK"), "it is no zip file"},
	} {
		if _, err := zipped(c.data, "own", "own.zip"); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("got %v, want %q", err, c.want)
		}
	}
}

// FuzzZip holds that no bytes make the reader of zip files panic, and that what it reads
// stays inside its limits.
func FuzzZip(f *testing.F) {
	f.Add(zipOf(f, packed(f, "own/")...))
	f.Add(zipOf(f, "own/en.md", "---\nlesson: 1\n---\n"))
	f.Add(zipOf(f, "../en.md", ""))
	f.Fuzz(func(t *testing.T, data []byte) {
		s, err := zipped(data, "own", "own.zip")
		if err == nil && len(s) == 0 {
			t.Error("neither a lesson nor an error")
		}
		for _, folder := range s {
			for _, l := range folder.Lessons {
				_ = fs.WalkDir(l.FS, ".", func(name string, e fs.DirEntry, err error) error {
					if err != nil || e.IsDir() {
						return nil
					}
					if info, err := e.Info(); err == nil && info.Size() > maxRead {
						t.Errorf("%s has %d bytes", name, info.Size())
					}
					return nil
				})
			}
		}
	})
}
