package scenarios

import (
	"errors"
	"io"
	"io/fs"
	"path"
	"slices"
	"strings"

	"asynclab/scenarios/files"
	"asynclab/sim/draw"
	"asynclab/sim/spell"
)

// Limits of the data files beside a scenario.
const (
	maxDataFile    = 16 << 20 // bytes of one file
	maxDataBytes   = 16 * maxDataFile
	maxDataNumbers = 5_000_000
	maxDataUses    = 20_000_000 // numbers returned to all expressions of a scenario together
)

// dataFiles reads the data files of a scenario, each once per use, and caches
// distributions, so that designs with the same work share one table.
type dataFiles struct {
	fsys   fs.FS
	dir    string // of the scenario in fsys
	known  map[dataQuery]*dataColumn
	dists  map[distKey]draw.Dist
	uses   []DataUse // in the order of reading
	opened []string  // names of the files
	bytes  int       // read so far; a file counts again for another column
	read   int       // numbers read so far
	used   int       // numbers returned so far
}

// dataQuery is what an expression asks of a file.
type dataQuery struct {
	draw.File
	unit draw.Unit
	as   dataKind
}

type distKey struct {
	expr string
	unit draw.Unit
}

func newDataFiles(fsys fs.FS, scenario string) *dataFiles {
	return &dataFiles{fsys: fsys, dir: path.Dir(scenario), known: map[dataQuery]*dataColumn{}, dists: map[distKey]draw.Dist{}}
}

func (d *dataFiles) dist(expr string, unit draw.Unit) (draw.Dist, error) {
	key := distKey{expr, unit}
	if known, ok := d.dists[key]; ok {
		return known, nil
	}
	dist, err := draw.Parse(expr, unit, func(f draw.File) ([]float64, error) {
		c, err := d.load(dataQuery{f, unit, dataSamples})
		if err != nil {
			return nil, err
		}
		return c.numbers, nil
	})
	if err != nil {
		return draw.Dist{}, err
	}
	d.dists[key] = dist
	return dist, nil
}

// names lists the files that were read.
func (d *dataFiles) names() []string {
	all := slices.Clone(d.opened)
	slices.Sort(all)
	return slices.Compact(all)
}

// load reads a column of a file, or finds it again. Its errors do not name the file:
// the caller does.
func (d *dataFiles) load(q dataQuery) (*dataColumn, error) {
	c, ok := d.known[q]
	if !ok {
		text, err := d.open(q.Name)
		if err != nil {
			return nil, err
		}
		if c, err = readColumn(text, q, maxDataNumbers-d.read); err != nil {
			return nil, err
		}
		d.known[q] = c
		d.read += c.count()
		d.opened = append(d.opened, q.Name)
		if !slices.Contains(d.uses, c.use) {
			d.uses = append(d.uses, c.use)
		}
	}
	d.used += c.count()
	if d.used > maxDataUses {
		return nil, spell.Mistakef("the scenario uses too many numbers from data files")
	}
	return c, nil
}

// open reads a file in the scenario's folder or below it, nowhere else.
func (d *dataFiles) open(name string) ([]byte, error) {
	switch {
	case d.fsys == nil:
		return nil, spell.Mistakef("this scenario has no folder to read from")
	case name == "", strings.ContainsAny(name, `\:`), path.IsAbs(name), !fs.ValidPath(name), name == ".":
		return nil, spell.Mistakef("it is not in the scenario's folder or below it")
	}
	f, err := files.Open(d.fsys, path.Join(d.dir, name))
	if err != nil {
		if errors.Is(err, fs.ErrNotExist) {
			return nil, spell.Mistakef("there is no such file beside the scenario")
		}
		return nil, spell.Mistakef("it %s", spell.Said(files.Reason(err)))
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, min(maxDataFile, int64(maxDataBytes-d.bytes))+1))
	d.bytes += len(text)
	switch {
	case err != nil:
		return nil, spell.Mistakef("it %s", spell.Said(files.Reason(err)))
	case len(text) > maxDataFile:
		return nil, spell.Mistakef("it is larger than %d MiB", maxDataFile>>20)
	case d.bytes > maxDataBytes:
		d.bytes = maxDataBytes
		return nil, spell.Mistakef("more than %d MiB of data files are read, where a file counts for each column that is used", maxDataBytes>>20)
	}
	return text, nil
}

// readLimited reads a scenario file, at most one byte above the limit.
func readLimited(in io.Reader) ([]byte, error) {
	// With that byte, the parser reports that the file is too large.
	return io.ReadAll(io.LimitReader(in, maxFile+1))
}
