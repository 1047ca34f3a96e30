package control

import (
	"errors"
	"os"
	"time"

	"asynclab/scenarios"
	"asynclab/scenarios/yamltree"
)

// Source is a scenario and the file it came from, to detect that the file
// changes.
type Source struct {
	Name     string               // as requested: a path or a name from the library
	Scenario *scenarios.Scenario  // as much as could be read, nil if nothing
	Problems yamltree.Diagnostics // mistakes, by line; none when it can be opened
	file     stamp
}

// stamp distinguishes one state of a file from another.
type stamp struct {
	there bool
	mod   time.Time
	size  int64
}

func stampOf(name string) stamp {
	info, err := os.Stat(name)
	if err != nil || info.IsDir() {
		return stamp{}
	}
	return stamp{true, info.ModTime(), info.Size()}
}

// Load reads a scenario from a file or the library. Mistakes in a file are its
// Problems; the error is for failures that have no line: the file does not
// exist or cannot be read.
func Load(name string) (*Source, error) {
	s := &Source{Name: name, file: stampOf(name)}
	sc, err := scenarios.Load(name)
	s.Scenario = sc
	if err != nil && (!errors.As(err, &s.Problems) || !s.file.there) {
		return nil, err
	}
	return s, nil
}

// Stale reports whether the file has changed since it was loaded. A file that
// is missing for a moment, as while an editor saves, has not.
func (s *Source) Stale() bool {
	now := stampOf(s.Name)
	return now.there && now != s.file
}

// InLibrary reports whether the scenario came from the library, not from a
// file.
func (s *Source) InLibrary() bool { return !s.file.there }
