package scenarios

import (
	"cmp"
	"context"
	"errors"
	"flag"
	"fmt"
	"maps"
	"math"
	"math/rand/v2"
	"os"
	"runtime"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"asynclab/scenarios/yamltree"
	"asynclab/sim"
	"asynclab/sim/engine"
	"asynclab/sim/spec"
)

var (
	fileCount = flag.Int("files", 200, "scenario files to generate over the whole language, and to run")
	fileSeed  = flag.Uint64("files.seed", 1, "seed of the first of them")
)

// The whole language, by its tables: every file is refused with mistakes at their
// places, or it runs, the same at any number of processors, and its books balance.
func TestFiles(t *testing.T) {
	if testing.Short() && *fileCount == 200 {
		*fileCount = 20
	}
	l := core()
	valid, written, mistaken := 0, map[*spec.Field]bool{}, map[string]int{}
	for i := range *fileCount {
		seed := *fileSeed + uint64(i)
		g := &generator{Rand: rand.New(rand.NewPCG(seed, 1)), lang: l, written: written}
		text := g.document()
		ran, wrong, err := runFile(text)
		if err != nil {
			name := fmt.Sprintf("%s/asynclab-file-%d.yaml", os.TempDir(), seed)
			_ = os.WriteFile(name, []byte(text), 0o644)
			t.Errorf("%s: %v", name, err)
		}
		if ran {
			valid++
		} else {
			mistaken[wrong]++
		}
	}
	t.Logf("%d of %d files are valid", valid, *fileCount)
	most := slices.SortedFunc(maps.Keys(mistaken), func(a, b string) int { return cmp.Or(mistaken[b]-mistaken[a], strings.Compare(a, b)) })
	for _, m := range most[:min(12, len(most))] {
		t.Logf("%4d  begin with: %s", mistaken[m], m)
	}
	if valid < *fileCount/4 {
		t.Errorf("only %d of %d files are valid: let the generator (value, mended) write what goes together; the most frequent mistakes are above", valid, *fileCount)
	}
	if *fileCount < 200 {
		return
	}
	for _, o := range l.objects {
		for _, e := range o.entries {
			if !written[e.Field] && o.Table != changeTable {
				t.Errorf("%s: no file has %s: its form %q needs a line in the generator", o.Name, e.Key, e.Form)
			}
		}
	}
}

// runFile validates and runs a file; ran is false if it has mistakes, of which wrong is the
// first.
func runFile(text string) (ran bool, wrong string, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v", p)
		}
	}()
	s, err := Parse(fstest.MapFS{"times.csv": {Data: []byte("0.1s\n0.2s\n0.2s\n1s\n")}}, "x.yaml", []byte(text))
	if err != nil {
		var ds yamltree.Diagnostics
		if !errors.As(err, &ds) || len(ds) == 0 {
			return false, "", fmt.Errorf("no diagnostics: %w", err)
		}
		for _, d := range ds {
			if d.Line == 0 || d.Msg == "" {
				return false, "", fmt.Errorf("a mistake without a place: %v", d)
			}
		}
		return false, ds[0].Msg, nil
	}
	settings := sim.Settings{Duration: s.Run.Duration, Warmup: s.Run.WarmupOf(s.Run.Duration), Completions: s.Run.Completions, Seed: s.Run.Seed,
		Replications: 2, MaxEvents: 30_000, Changes: s.AllChanges(), Silence: s.Silence}
	for _, e := range s.Expect {
		settings.Expect = append(settings.Expect, e.Parsed)
	}
	var prints []string
	for _, procs := range []int{1, 4} {
		before := runtime.GOMAXPROCS(procs)
		settings.Parallel = procs
		r, err := sim.Run(context.Background(), s.Designs, settings, nil)
		runtime.GOMAXPROCS(before)
		if err != nil {
			return true, "", fmt.Errorf("validate accepts it, run does not: %w", err)
		}
		print := ""
		for _, d := range r.Designs {
			print += d.Fingerprint + " "
			if err := plausible(&d); err != nil {
				return true, "", err
			}
		}
		prints = append(prints, print)
	}
	if prints[0] != prints[1] {
		return true, "", fmt.Errorf("fingerprints %v differ by the number of processors", prints)
	}
	return true, "", audit(s, settings)
}

// plausible holds what is so of every result.
func plausible(d *sim.DesignResult) error {
	for _, m := range d.Metrics {
		for _, v := range m.Values {
			if v < 0 || math.IsInf(v, 0) {
				return fmt.Errorf("design %s: %s is %v", d.Name, m.Name, v)
			}
		}
	}
	return nil
}

// audit runs each design once more and proves conservation on the way.
func audit(s *Scenario, x sim.Settings) error {
	for _, d := range s.Designs {
		p, err := engine.Compile(d)
		if err != nil {
			return err
		}
		r, err := p.NewRun(engine.Config{Duration: x.Duration, Warmup: x.Warmup, Completions: x.Completions, Seed: x.Seed, MaxEvents: x.MaxEvents, Changes: x.Changes[d.Name]})
		if err != nil {
			return err
		}
		for why := engine.Running; why == engine.Running; {
			why = r.Advance(math.MaxInt64, 3_000)
			if err := r.Audit(); err != nil {
				return fmt.Errorf("design %s at %v: %w", d.Name, time.Duration(r.Now()), err)
			}
		}
	}
	return nil
}
