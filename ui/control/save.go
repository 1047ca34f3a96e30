package control

import (
	"cmp"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"asynclab/scenarios"
	"asynclab/scenarios/files"
	"asynclab/sim/design"
)

// fromScenario are the changes declared in the scenario, for the open lanes.
func (s *Session) fromScenario() []made {
	own := make([][]design.Change, len(s.lanes))
	for n, l := range s.lanes {
		own[n] = s.sc.ChangesOf(l.scene.Design)
	}
	var list []made
	for _, c := range s.sc.Changes {
		m := made{Change: Change{-1, c.Change}, written: true}
		for n, l := range s.lanes {
			if (c.Design == "" || c.Design == l.scene.Design) && slices.Contains(own[n], c.Change) {
				m.in |= 1 << n
				if c.Design != "" {
					m.Lane = n
				}
			}
		}
		if m.in != 0 {
			list = append(list, m)
		}
	}
	slices.SortStableFunc(list, func(a, b made) int { return cmp.Compare(a.At, b.At) })
	return list
}

// toScenario converts the changes to those of a scenario: a change of all lanes
// is for every design only if every design is open, and changes of designs that
// are not open are kept.
func (s *Session) toScenario() []scenarios.Change {
	var list []scenarios.Change
	for _, c := range s.sc.Changes {
		if c.Design != "" && !slices.ContainsFunc(s.lanes, func(l *lane) bool { return l.scene.Design == c.Design }) {
			list = append(list, c)
		}
	}
	for _, c := range s.changes {
		if c.Lane < 0 && (c.written || len(s.lanes) == len(s.sc.Designs)) {
			list = append(list, scenarios.Change{Change: c.Change.Change})
			continue
		}
		for n, l := range s.lanes {
			if c.in>>n&1 != 0 {
				list = append(list, scenarios.Change{Design: l.scene.Design, Change: c.Change.Change})
			}
		}
	}
	slices.SortStableFunc(list, func(a, b scenarios.Change) int { return cmp.Compare(a.At, b.At) })
	return list
}

// Save writes the scenario into a file, including the changes made by hand.
func (s *Session) Save(file string) error { return s.sc.Save(file, s.toScenario()) }

// SaveText is the scenario's text, including the changes made by hand.
func (s *Session) SaveText() (string, error) {
	folder, name, text, err := textOf(s.sc)
	if err != nil {
		return "", err
	}
	out, err := scenarios.WithChanges(folder, name, text, s.toScenario())
	return string(out), err
}

// textOf is the current text of a scenario, and the folder of its data files.
func textOf(sc *scenarios.Scenario) (folder fs.FS, name string, text []byte, err error) {
	if text, err := files.ReadPath(sc.Path); err == nil {
		return os.DirFS(filepath.Dir(sc.Path)), filepath.Base(sc.Path), text, nil
	}
	for _, e := range scenarios.Library() {
		if e.Name == sc.Path || e.Name == sc.Name {
			return scenarios.LibraryFS(), e.Name + ".yaml", e.Content, nil
		}
	}
	return nil, "", nil, &fs.PathError{Op: "save", Path: sc.Path, Err: fs.ErrNotExist}
}
