package scenarios

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"asynclab/scenarios/files"
)

// maxBundle is the most bytes of a scenario and its data files together that go to
// another process.
const maxBundle = 64 << 20

// Bundle is the text of a scenario with the data files that it reads: what another
// process, or another machine, needs to read it. It does not change.
type Bundle struct {
	Name  string            // of the scenario file, without its folder
	Text  []byte            // of the scenario file
	Files map[string][]byte // by path below the folder of the scenario

	hash func() string
}

// NewBundle makes a bundle of a scenario's text and its data files.
func NewBundle(name string, text []byte, data map[string][]byte) *Bundle {
	b := &Bundle{Name: name, Text: text, Files: data}
	b.hash = sync.OnceValue(func() string {
		sum := sha256.Sum256(b.Encode())
		return hex.EncodeToString(sum[:16])
	})
	return b
}

// origin is where a scenario was read from.
type origin struct {
	fsys fs.FS  // has the data files; nil where folder is given, or where there are none
	dir  string // of the scenario in fsys
	disk string // folder of a file
}

// Bundle reads the data files of a scenario again and returns them with its text.
func (s *Scenario) Bundle() (*Bundle, error) {
	data := map[string][]byte{}
	fsys := s.origin.fsys
	if s.origin.disk != "" && len(s.DataFiles) > 0 {
		root, err := os.OpenRoot(s.origin.disk)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", s.Path, files.Reason(err))
		}
		defer root.Close()
		fsys = root.FS()
	}
	left := maxBundle - len(s.source)
	for _, name := range s.DataFiles {
		text, err := readAtMost(fsys, path.Join(s.origin.dir, name), min(left, maxDataFile))
		if err != nil {
			return nil, fmt.Errorf("data file %s of %s: %w", name, s.Path, files.Reason(err))
		}
		data[name] = text
		left -= len(text)
	}
	return NewBundle(path.Base(filepath.ToSlash(s.Path)), s.source, data), nil
}

func readAtMost(fsys fs.FS, name string, limit int) ([]byte, error) {
	f, err := files.Open(fsys, name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, int64(limit)+1))
	if err == nil && len(data) > limit {
		err = fmt.Errorf("is too large: a scenario and its data files go to other processes with at most %d MiB, and %d MiB a file", maxBundle>>20, maxDataFile>>20)
	}
	return data, err
}

// Parse reads the scenario. It can read the files of the bundle and no other.
func (b *Bundle) Parse() (*Scenario, error) { return Parse(memory(b.Files), b.Name, b.Text) }

// Hash identifies the content: scenarios with the same hash are the same to the byte.
func (b *Bundle) Hash() string { return b.hash() }

const bundleMagic = "asynclab scenario 1\n"

// Encode writes the bundle as bytes, the same for the same content: after a line
// that says what it is come name and text of the scenario, then name and content of
// every file by name, each with its length before it (unsigned varint).
func (b *Bundle) Encode() []byte {
	out := []byte(bundleMagic)
	put := func(data string) { out = append(binary.AppendUvarint(out, uint64(len(data))), data...) }
	put(b.Name)
	put(string(b.Text))
	for _, name := range slices.Sorted(maps.Keys(b.Files)) {
		put(name)
		put(string(b.Files[name]))
	}
	return out
}

var errBundle = errors.New("this is not a scenario with its data files, as asynclab writes them")

// DecodeBundle reads what Encode has written. It trusts nothing: names of files are
// only looked up by the scenario, never opened.
func DecodeBundle(data []byte) (*Bundle, error) {
	if len(data) > maxBundle+1<<20 {
		return nil, fmt.Errorf("a scenario with its data files has %d bytes, more than %d MiB", len(data), maxBundle>>20)
	}
	rest, ok := bytes.CutPrefix(data, []byte(bundleMagic))
	if !ok {
		return nil, errBundle
	}
	var parts [][]byte
	for len(rest) > 0 {
		n, size := binary.Uvarint(rest)
		if size <= 0 || n > uint64(len(rest)-size) {
			return nil, errBundle
		}
		parts = append(parts, rest[size:size+int(n)])
		rest = rest[size+int(n):]
	}
	if len(parts)%2 != 0 || len(parts) == 0 {
		return nil, errBundle
	}
	content := map[string][]byte{}
	for i := 2; i < len(parts); i += 2 {
		content[string(parts[i])] = parts[i+1]
	}
	return NewBundle(string(parts[0]), parts[1], content), nil
}

// memory is a file system of plain files by path.
type memory map[string][]byte

func (m memory) Open(name string) (fs.File, error) {
	data, ok := m[name]
	if !ok || !fs.ValidPath(name) {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
	}
	return &memoryFile{bytes.NewReader(data), path.Base(name)}, nil
}

// memoryFile is an open file, and what is known about it.
type memoryFile struct {
	*bytes.Reader
	name string
}

func (f *memoryFile) Stat() (fs.FileInfo, error) { return f, nil }
func (f *memoryFile) Close() error               { return nil }
func (f *memoryFile) Name() string               { return f.name }
func (f *memoryFile) Mode() fs.FileMode          { return 0o444 }
func (f *memoryFile) ModTime() time.Time         { return time.Time{} }
func (f *memoryFile) IsDir() bool                { return false }
func (f *memoryFile) Sys() any                   { return nil }
