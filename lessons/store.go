package lessons

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"asynclab/scenarios/files"
)

// progressVersion is the version of the file format of progress.
const progressVersion = 1

const maxProgress = 64 << 20 // bytes; years of use stay far below

// Store keeps progress in a file.
//
// Save writes a new file, syncs it to disk, and renames it over the old one. After
// kill -9 or a power cut at any moment the file is either the old or the new one;
// once Save has returned it is the new one. Two programs may save to the same file:
// the last one wins, and neither can damage it.
type Store struct{ path string }

// OpenStore reads the progress in a file; there need not be one yet. A file that
// cannot be read, or that a newer version of the program has written, is renamed;
// notice names the new file, and progress starts empty.
func OpenStore(path string) (s *Store, p *Progress, notice string, err error) {
	s, p = &Store{path}, &Progress{Version: progressVersion}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return nil, nil, "", fmt.Errorf("progress: %w", err)
	}
	files.Sweep(path)
	data, err := readFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return s, p, "", nil
	}
	why := ""
	if err == nil {
		p, why = decode(data)
		if why == "" {
			return s, p, "", nil
		}
	} else {
		why = "it cannot be read: " + err.Error()
	}
	aside, err := s.putAside()
	if err != nil {
		return nil, nil, "", fmt.Errorf("progress: %s: %s, and it cannot be put aside: %w", path, why, err)
	}
	return s, &Progress{Version: progressVersion}, fmt.Sprintf("the file of your progress was put aside as %s: %s", aside, why), nil
}

func readFile(path string) ([]byte, error) {
	f, err := files.OpenPath(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return readAtMost(f, maxProgress)
}

// decode decodes a file of progress; why describes the mistake, "" if there is none.
func decode(data []byte) (p *Progress, why string) {
	var head struct {
		Version *int `json:"version"`
	}
	switch err := json.Unmarshal(data, &head); {
	case err != nil:
		return nil, "it is damaged: " + err.Error()
	case head.Version == nil || *head.Version < 1:
		return nil, "it is no file of progress"
	case *head.Version > progressVersion:
		return nil, fmt.Sprintf("a newer program has written it (version %d)", *head.Version)
	}
	p = &Progress{}
	if err := json.Unmarshal(data, p); err != nil {
		return nil, "it is damaged: " + err.Error()
	}
	p.tidy()
	return p, ""
}

// putAside renames the file to the first free name of the form PATH.aside-N.
func (s *Store) putAside() (string, error) {
	for i := 1; ; i++ {
		aside := fmt.Sprintf("%s.aside-%d", s.path, i)
		if _, err := os.Lstat(aside); err == nil {
			continue
		}
		return aside, os.Rename(s.path, aside)
	}
}

// Save writes progress. When it returns without an error, the progress is on disk.
func (s *Store) Save(p *Progress) error {
	p.Version = progressVersion
	data, err := json.MarshalIndent(p, "", " ")
	if err != nil {
		return fmt.Errorf("progress: %w", err)
	}
	data = append(data, '\n')
	err = files.Write(s.path, data, 0o600)
	if errors.Is(err, fs.ErrNotExist) { // the folder was removed
		if err = os.MkdirAll(filepath.Dir(s.path), 0o700); err == nil {
			err = files.Write(s.path, data, 0o600)
		}
	}
	if err != nil {
		return fmt.Errorf("progress: %w", err)
	}
	return nil
}
