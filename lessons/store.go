package lessons

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
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
	s.sweep()
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
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return readAtMost(f, maxProgress)
}

// decode reads a file; why tells what is wrong with it.
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

// temporary is the prefix of this process's unfinished files. It has the process id,
// so that other processes do not remove them.
func (s *Store) temporary() string { return s.unfinished() + strconv.Itoa(os.Getpid()) + "." }

func (s *Store) unfinished() string { return "." + filepath.Base(s.path) + "." }

// sweep removes unfinished files of processes that have ended.
func (s *Store) sweep() {
	dir := filepath.Dir(s.path)
	entries, _ := os.ReadDir(dir)
	for _, e := range entries {
		rest, ours := strings.CutPrefix(e.Name(), s.unfinished())
		id, _, _ := strings.Cut(rest, ".")
		if pid, err := strconv.Atoi(id); ours && err == nil && e.Type().IsRegular() && gone(pid) {
			_ = os.Remove(filepath.Join(dir, e.Name()))
		}
	}
}

// gone tells whether a process has ended; false if that is not known, and its file
// stays.
func gone(pid int) bool {
	p, err := os.FindProcess(pid)
	if err != nil {
		return true
	}
	return errors.Is(p.Signal(syscall.Signal(0)), os.ErrProcessDone)
}

// Save writes progress. When it returns without an error, the progress is on disk.
func (s *Store) Save(p *Progress) error {
	p.Version = progressVersion
	data, err := json.MarshalIndent(p, "", " ")
	if err != nil {
		return fmt.Errorf("progress: %w", err)
	}
	data = append(data, '\n')
	err = s.replace(data)
	if errors.Is(err, fs.ErrNotExist) { // the folder was removed
		if err = os.MkdirAll(filepath.Dir(s.path), 0o700); err == nil {
			err = s.replace(data)
		}
	}
	if err != nil {
		return fmt.Errorf("progress: %w", err)
	}
	return nil
}

func (s *Store) replace(data []byte) error {
	dir := filepath.Dir(s.path)
	f, err := os.CreateTemp(dir, s.temporary())
	if err != nil {
		return err
	}
	defer os.Remove(f.Name()) // does nothing once it is renamed
	_, err = f.Write(data)
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return err
	}
	if err = os.Rename(f.Name(), s.path); err != nil {
		return err
	}
	return syncDir(dir)
}

// syncDir syncs a rename to disk. Windows cannot sync folders, and needs no call.
func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	defer d.Close()
	if err := d.Sync(); err != nil && filepath.Separator == '/' && !errors.Is(err, errors.ErrUnsupported) {
		return err
	}
	return nil
}
