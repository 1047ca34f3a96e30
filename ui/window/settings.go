package window

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"

	"asynclab/scenarios/files"
)

// Settings store the state of the window between starts: one small file,
// written whole each time, so that a program that is killed loses nothing. (The
// toolkit's own preferences would be truncated in that case.)
type Settings struct {
	path   string
	mu     sync.Mutex
	values map[string]json.RawMessage
	writes sync.Mutex // one at a time, the newest last
	wait   sync.WaitGroup
}

// loadSettings reads the file, and removes temporary files that a killed
// program left beside it. A file that cannot be read is renamed and kept, and
// the window starts with the defaults.
func loadSettings(path string) (*Settings, error) {
	s := &Settings{path: path, values: map[string]json.RawMessage{}}
	files.Sweep(path)
	data, err := files.ReadPath(path)
	if errors.Is(err, fs.ErrNotExist) {
		return s, nil
	}
	if err == nil {
		err = json.Unmarshal(data, &s.values)
	}
	if err == nil && s.values == nil {
		err = errors.New("the file says null")
	}
	if err != nil {
		s.values = map[string]json.RawMessage{}
		kept := path + ".unreadable"
		if e := os.Rename(path, kept); e == nil {
			return s, fmt.Errorf("the settings could not be read and begin anew; the old ones are kept as %s: %w", kept, err)
		}
		return s, fmt.Errorf("the settings could not be read and begin anew: %w", err)
	}
	return s, nil
}

func (s *Settings) get(key string, to any) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if v, ok := s.values[key]; ok {
		_ = json.Unmarshal(v, to) // a value of another type is ignored
	}
}

// Set stores a value and writes the file, outside the caller's goroutine.
func (s *Settings) Set(key string, v any) {
	data, err := json.Marshal(v)
	if err != nil {
		return
	}
	s.mu.Lock()
	same := string(s.values[key]) == string(data)
	s.values[key] = data
	s.mu.Unlock()
	if same {
		return
	}
	s.wait.Add(1)
	go func() {
		defer s.wait.Done()
		s.write()
	}()
}

func (s *Settings) write() {
	s.writes.Lock()
	defer s.writes.Unlock()
	s.mu.Lock()
	data, err := json.MarshalIndent(s.values, "", "  ")
	s.mu.Unlock()
	if err == nil && os.MkdirAll(filepath.Dir(s.path), 0o755) == nil {
		_ = files.Write(s.path, data, 0o644) // the window works without stored settings
	}
}

// Flush waits until everything is written.
func (s *Settings) Flush() { s.wait.Wait() }

func (s *Settings) String(key string) (v string)       { s.get(key, &v); return v }
func (s *Settings) StringList(key string) (v []string) { s.get(key, &v); return v }
func (s *Settings) Float(key string) (v float64)       { s.get(key, &v); return v }
func (s *Settings) Bool(key string) (v bool)           { s.get(key, &v); return v }
