package control

import (
	"errors"
	"os"
	"time"

	"asynclab/scenarios"
	"asynclab/scenarios/yamltree"
)

// Source is a scenario and the file that it came from, to see when that changes.
type Source struct {
	Name     string               // as it was asked for: a path or a name from the library
	Scenario *scenarios.Scenario  // what could be read, nil if nothing
	Problems yamltree.Diagnostics // mistakes, by line; none when it can be opened
	file     stamp
}

// stamp tells one state of a file from another.
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
// Problems; the error is for what has no line: there is no such file, it cannot
// be read.
func Load(name string) (*Source, error) {
	s := &Source{Name: name, file: stampOf(name)}
	sc, err := scenarios.Load(name)
	s.Scenario = sc
	if err != nil && (!errors.As(err, &s.Problems) || !s.file.there) {
		return nil, err
	}
	return s, nil
}

// Stale tells whether the file is another than when it was loaded. One that has
// gone for a moment, as while an editor saves, is not.
func (s *Source) Stale() bool {
	now := stampOf(s.Name)
	return now.there && now != s.file
}

// InLibrary tells whether it came from the library, and not from a file.
func (s *Source) InLibrary() bool { return !s.file.there }
