package scenarios

import (
	"bytes"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

var content = cmpopts.IgnoreUnexported(Bundle{})

var sampled = strings.Replace(changing, "exp(10ms)", `'empirical("more/times.csv")'`, 1)

// A scenario that was bundled and sent has its data files with it, and no others.
func TestBundle(t *testing.T) {
	dir := t.TempDir()
	if err := os.Mkdir(filepath.Join(dir, "more"), 0o755); err != nil {
		t.Fatal(err)
	}
	for name, data := range map[string]string{"x.yaml": sampled, "more/times.csv": "1ms\n2ms\n", "other.csv": "3\n"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(data), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	s, err := Load(filepath.Join(dir, "x.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	b, err := s.Bundle()
	if err != nil {
		t.Fatal(err)
	}
	want := NewBundle("x.yaml", []byte(sampled), map[string][]byte{"more/times.csv": []byte("1ms\n2ms\n")})
	if diff := cmp.Diff(want, b, content); diff != "" {
		t.Fatal(diff)
	}
	got, err := DecodeBundle(b.Encode())
	if diff := cmp.Diff(want, got, content); diff != "" || err != nil {
		t.Fatal(diff, err)
	}
	again, err := got.Parse()
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(s.Designs, again.Designs) {
		t.Error("the designs are not the same")
	}
	if b.Hash() != got.Hash() {
		t.Error("the hash has changed on the way")
	}
	other := NewBundle("x.yaml", []byte(sampled), map[string][]byte{"more/times.csv": []byte("1ms\n3ms\n")})
	if b.Hash() == other.Hash() {
		t.Error("another file has the same hash")
	}
	if _, err := NewBundle("x.yaml", []byte(sampled), nil).Parse(); err == nil || !strings.Contains(err.Error(), "there is no such file beside the scenario") {
		t.Errorf("without the file: %v", err)
	}
	if err := os.Remove(filepath.Join(dir, "more/times.csv")); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Bundle(); err == nil || !strings.Contains(err.Error(), "data file more/times.csv of ") {
		t.Errorf("a file that is gone: %v", err)
	}
}

// Scenarios of the library and from stdin are bundled too.
func TestBundleWithoutFolder(t *testing.T) {
	for _, e := range Library() {
		s, err := Load(e.Name)
		if err != nil {
			t.Fatal(err)
		}
		b, err := s.Bundle()
		if err != nil || !bytes.Equal(b.Text, e.Content) || len(b.Files) != len(s.DataFiles) {
			t.Errorf("%s: %v", e.Name, err)
		}
	}
}

// FuzzDecodeBundle holds that bytes from elsewhere are refused or read as what they
// say.
func FuzzDecodeBundle(f *testing.F) {
	f.Add(NewBundle("x.yaml", []byte("version: 1"), map[string][]byte{"a": []byte("1"), "../b": nil}).Encode())
	f.Add([]byte(bundleMagic))
	f.Add([]byte(bundleMagic + "\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"))
	f.Fuzz(func(t *testing.T, data []byte) {
		b, err := DecodeBundle(data)
		if err != nil {
			return
		}
		again, err := DecodeBundle(b.Encode())
		if err != nil || !cmp.Equal(b, again, content) {
			t.Fatalf("%q: %v, %v", data, again, err)
		}
	})
}
