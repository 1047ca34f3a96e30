package scenarios

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math"
	"path"
	"slices"
	"strconv"
	"strings"

	"asynclab/scenarios/files"
	"asynclab/sim/draw"
)

// Limits of the data files beside a scenario.
const (
	maxDataFile    = 16 << 20 // bytes of one file
	maxDataNumbers = 5_000_000
	maxDataUses    = 20_000_000 // numbers returned to all expressions of a scenario together
)

// dataFiles reads the data files of a scenario, each once per unit, and caches
// distributions, so that designs with the same work share one table.
type dataFiles struct {
	fsys    fs.FS
	dir     string // of the scenario in fsys
	numbers map[dataKey][]float64
	dists   map[distKey]draw.Dist
	read    int // numbers read so far
	used    int // numbers returned so far
}

type dataKey struct {
	name string
	unit draw.Unit
}

type distKey struct {
	expr string
	unit draw.Unit
}

func newDataFiles(fsys fs.FS, scenario string) *dataFiles {
	return &dataFiles{fsys: fsys, dir: path.Dir(scenario), numbers: map[dataKey][]float64{}, dists: map[distKey]draw.Dist{}}
}

func (d *dataFiles) dist(expr string, unit draw.Unit) (draw.Dist, error) {
	key := distKey{expr, unit}
	if known, ok := d.dists[key]; ok {
		return known, nil
	}
	dist, err := draw.Parse(expr, unit, func(name string) ([]float64, error) { return d.load(name, unit) })
	if err != nil {
		return draw.Dist{}, err
	}
	d.dists[key] = dist
	return dist, nil
}

// names lists the files that were read.
func (d *dataFiles) names() []string {
	var all []string
	for key := range d.numbers {
		all = append(all, key.name)
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// load reads the numbers of a file. A number without a unit is in the base unit
// (seconds for times).
func (d *dataFiles) load(name string, unit draw.Unit) ([]float64, error) {
	key := dataKey{name, unit}
	numbers, ok := d.numbers[key]
	if !ok {
		var err error
		if numbers, err = d.open(name, unit); err != nil {
			return nil, err
		}
		d.numbers[key] = numbers
	}
	d.used += len(numbers)
	if d.used > maxDataUses {
		return nil, errors.New("the scenario uses too many numbers from data files")
	}
	return numbers, nil
}

// open reads a file in the scenario's folder or below it, nowhere else. Its errors
// do not name the file: the caller does.
func (d *dataFiles) open(name string, unit draw.Unit) ([]float64, error) {
	switch {
	case d.fsys == nil:
		return nil, errors.New("this scenario has no folder to read from")
	case name == "", strings.ContainsAny(name, `\:`), path.IsAbs(name), !fs.ValidPath(name), name == ".":
		return nil, errors.New("it is not in the scenario's folder or below it")
	}
	f, err := files.Open(d.fsys, path.Join(d.dir, name))
	if err != nil {
		if errors.Is(err, fs.ErrNotExist) {
			return nil, errors.New("there is no such file beside the scenario")
		}
		return nil, fmt.Errorf("it %w", files.Reason(err))
	}
	defer f.Close()
	if info, err := f.Stat(); err == nil && info.Size() > maxDataFile {
		return nil, fmt.Errorf("it is larger than %d MiB", maxDataFile>>20)
	}
	return d.parse(io.LimitReader(f, maxDataFile), unit)
}

// parse reads one number per line; blank lines and comments after # are skipped.
func (d *dataFiles) parse(in io.Reader, unit draw.Unit) ([]float64, error) {
	var numbers []float64
	scan := bufio.NewScanner(in)
	line := 0
	for scan.Scan() {
		line++
		text, _, _ := strings.Cut(scan.Text(), "#")
		if text = strings.TrimSpace(text); text == "" {
			continue
		}
		v, err := dataNumber(text, unit)
		if err != nil {
			return nil, fmt.Errorf("line %d: %w", line, err)
		}
		numbers = append(numbers, v)
		if d.read++; d.read > maxDataNumbers {
			return nil, fmt.Errorf("line %d: more than %d numbers in all data files", line, maxDataNumbers)
		}
	}
	if err := scan.Err(); err != nil {
		return nil, fmt.Errorf("line %d: %w", line+1, err)
	}
	if len(numbers) == 0 {
		return nil, errors.New("it has no numbers")
	}
	return numbers, nil
}

func dataNumber(text string, unit draw.Unit) (float64, error) {
	v, err := strconv.ParseFloat(text, 64)
	if err != nil {
		q, qerr := draw.ParseQuantity(text)
		switch {
		case qerr != nil || len(text) > 100:
			return 0, fmt.Errorf("%.100q is not a number with its unit; one number a line, comments after #", text)
		case q.Unit != unit && q.Unit != draw.None:
			return 0, fmt.Errorf("%s is %s, not %s", text, q.Unit, unit)
		}
		v = q.Value
	}
	if math.IsNaN(v) || math.IsInf(v, 0) || v < 0 {
		return 0, fmt.Errorf("%s is not a finite number from 0 up", text)
	}
	return v, nil
}

// readLimited reads a scenario file, at most one byte above the limit.
func readLimited(in io.Reader) ([]byte, error) {
	// With that byte, the parser reports that the file is too large.
	return io.ReadAll(io.LimitReader(in, maxFile+1))
}
