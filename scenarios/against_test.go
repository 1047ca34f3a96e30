package scenarios_test

// make against: two commits, the same runs, to the last bit. The later commit
// writes a corpus of plain files (TestAgainstCorpus): scenarios as text, and
// beside each a plan of what is done to its runs. Each commit's own copy of this
// driver runs the corpus and writes a dump (TestAgainstDump), so that packages
// may move in between, and the later commit compares the two
// (TestAgainstCompare). A commit keeps the corpus readable for the one before.

import (
	"bufio"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"math"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"asynclab/scenarios"
	mechanisms "asynclab/sim/mech/all"
)

var (
	againstCorpus  = flag.String("against.corpus", "", "folder of the corpus: written with -against.designs, read with -against.dump")
	againstDesigns = flag.Int("against.designs", 0, "write a corpus with so many generated designs")
	againstSeed    = flag.Uint64("against.seed", 1, "seed of the generated designs")
	againstMore    = flag.String("against.more", "", "another folder of scenarios for the corpus")
	againstDump    = flag.String("against.dump", "", "run the corpus and write what came out into this file")
	againstBase    = flag.String("against.base", "", "compare this dump …")
	againstHead    = flag.String("against.head", "", "… with this one")
	againstAllow   = flag.String("against.allow", "", "what may differ: names (of values), fingerprints, records; with commas")
)

// againstEvents bounds a run of a scenario that was not generated.
const againstEvents = 1_000_000

// againstData are the files that generated scenarios read.
var againstData = fstest.MapFS{
	"times.csv":    {Data: []byte("1ms\n2ms\n2ms\n5ms\n30ms\n")},
	"arrivals.csv": {Data: arrivalTimes()},
}

// arrivalTimes are uneven, and some of them are the same.
func arrivalTimes() (b []byte) {
	at := 0
	for i := range 150 {
		at += i * i % 17
		b = fmt.Appendf(b, "%dms\n", 10+at)
	}
	return b
}

func TestAgainstCorpus(t *testing.T) {
	if *againstDesigns == 0 {
		t.Skip("for make against")
	}
	if err := writeCorpus(*againstCorpus, *againstSeed, *againstDesigns, *againstMore); err != nil {
		t.Fatal(err)
	}
}

func TestAgainstDump(t *testing.T) {
	if *againstDump == "" {
		t.Skip("for make against")
	}
	began := time.Now()
	f, err := os.Create(*againstDump)
	if err != nil {
		t.Fatal(err)
	}
	w := bufio.NewWriterSize(f, 1<<20)
	if err := errors.Join(dumpCorpus(w, os.DirFS(*againstCorpus)), w.Flush(), f.Close()); err != nil {
		t.Fatal(err)
	}
	t.Logf("the corpus ran for %v", time.Since(began).Round(time.Second))
}

func TestAgainstCompare(t *testing.T) {
	if *againstHead == "" {
		t.Skip("for make against")
	}
	base, err := os.Open(*againstBase)
	if err != nil {
		t.Fatal(err)
	}
	defer base.Close()
	head, err := os.Open(*againstHead)
	if err != nil {
		t.Fatal(err)
	}
	defer head.Close()
	c := comparison{allowed: strings.Split(*againstAllow, ","), report: func(s string) { fmt.Println(s) }}
	if err := c.compare(base, head); err != nil {
		t.Fatal(err)
	}
	fmt.Println(c.summary())
	if c.differences > 0 {
		t.Fail()
	}
}

// The driver itself: a corpus runs to the same dump twice, and every kind of
// difference is found, unless it is allowed.
func TestAgainstFinds(t *testing.T) {
	dir := t.TempDir()
	if err := writeGenerated(filepath.Join(dir, "generated"), 7, 12); err != nil {
		t.Fatal(err)
	}
	if err := put(filepath.Join(dir, "more", "broken"), []byte("version: 9"), []byte("{}")); err != nil {
		t.Fatal(err)
	}
	var first, second strings.Builder
	for _, b := range []*strings.Builder{&first, &second} {
		if err := dumpCorpus(b, os.DirFS(dir)); err != nil {
			t.Fatal(err)
		}
	}
	if first.String() != second.String() {
		t.Error("the corpus ran to another dump the second time")
	}
	for _, c := range []struct {
		what, old, new, allowed string
		differences             int
		later                   int
	}{
		{"nothing", "", "", "", 0, 0},
		{"a fingerprint", ", at the end: now\t", ", at the end: now\t1", "", 1, 0},
		{"a fingerprint, allowed", ", at the end: now\t", ", at the end: now\t1", "fingerprints", 0, 0},
		{"a value", ", at the end: service.s0.utilization\t", ", at the end: service.s0.utilization\t1", "names,fingerprints", 1, 0},
		{"a name", ", at the end: service.s0.utilization\t", ", at the end: service.s0.used\t", "", 2, 0},
		{"a name, allowed", ", at the end: service.s0.utilization\t", ", at the end: service.s0.used\t", "names", 0, 0},
		{"a file that base cannot read", unread + "\tfalse", "fact\truns\tfalse", "", 0, 1},
		{"a file that head cannot read", "fact\t", unread + "\tfalse\nfact\t", "", 1, 0},
	} {
		t.Run(c.what, func(t *testing.T) {
			got := &comparison{allowed: strings.Split(c.allowed, ","), report: func(s string) { t.Log(s) }}
			if err := got.compare(strings.NewReader(first.String()), strings.NewReader(strings.Replace(second.String(), c.old, c.new, 1))); err != nil {
				t.Fatal(err)
			}
			if got.differences != c.differences || got.scenarios["generated"] != 12 || got.scenarios["more"] != 0 || len(got.later) != c.later || got.refused != 1-c.later {
				t.Errorf("%d differences, want %d; %s", got.differences, c.differences, got.summary())
			}
		})
	}
	cut := first.String()[:strings.LastIndex(first.String(), "scenario\t")]
	if err := new(comparison).compare(strings.NewReader(first.String()), strings.NewReader(cut)); err == nil {
		t.Error("a dump that is cut short is as good as a whole one")
	}
}

// Every key of the language, and every word of a key with a fixed list of words,
// is in some generated scenario, and every act in some plan.
func TestAgainstCovers(t *testing.T) {
	var all strings.Builder
	acts := map[string]int{}
	for i := range 200 {
		text, sc, err := generate(1, i)
		if err != nil {
			t.Fatal(err)
		}
		all.WriteString(text)
		p, err := planFor(1, i, sc)
		if err != nil {
			t.Fatal(err)
		}
		for _, a := range p.Acts {
			acts[a.Do]++
		}
	}
	for _, do := range []string{"set", "inject", "heal", "keep", "return", "again", "forget", "step"} {
		if acts[do] == 0 {
			t.Errorf("no plan has the act %s", do)
		}
	}
	// What a run does not depend on, what the plans say, and use, which is read as the
	// settings of the preset: TestFiles has it.
	apart := []string{"title", "description", "covers", "expect", "replications", "design", "use"}
	row := regexp.MustCompile("(?m)^\\| `([a-z_]+)` \\| ([^|]*) \\|")
	word := regexp.MustCompile("`([a-z-]+)`")
	page, err := os.ReadFile("LANGUAGE.md")
	if err != nil {
		t.Fatal(err)
	}
	text := string(page)
	for _, m := range mechanisms.Mechanisms { // a base that has not got one could not read it; TestFiles runs them
		apart = append(apart, m.Key)
		_, own, _ := strings.Cut(text, "\n### "+m.Fields.Name+"\n")
		own, _, _ = strings.Cut(own, "\n### ")
		text = strings.Replace(text, own, "", 1)
	}
	rows := row.FindAllStringSubmatch(text, -1)
	if len(rows) < 100 {
		t.Fatalf("%d keys in the reference", len(rows))
	}
	for _, r := range rows {
		key := r[1]
		if slices.Contains(apart, key) {
			continue
		}
		// A step may stand without a value.
		if !regexp.MustCompile(`\b` + key + `(:|=|\b[],])`).MatchString(all.String()) {
			t.Errorf("no generated scenario has %s", key)
		}
		for _, w := range word.FindAllStringSubmatch(r[2], -1) {
			if !strings.Contains(r[2], "(`") && !regexp.MustCompile(`\b`+w[1]+`\b`).MatchString(all.String()) {
				t.Errorf("no generated scenario has %s: %s", key, w[1])
			}
		}
	}
}

// writeCorpus writes all there is to compare into a folder.
func writeCorpus(dir string, seed uint64, designs int, more string) error {
	cut, err := json.Marshal(plan{MaxEvents: againstEvents, Replications: 2})
	if err != nil {
		return err
	}
	for name, from := range map[string]fs.FS{"library": scenarios.LibraryFS(), "lessons": os.DirFS("../lessons/library")} {
		if err := copyScenarios(filepath.Join(dir, name), from, cut); err != nil {
			return err
		}
	}
	if more != "" {
		if err := copyScenarios(filepath.Join(dir, "more"), os.DirFS(more), cut); err != nil {
			return err
		}
	}
	for _, c := range truthCases() {
		if c.quick == 0 {
			c.quick = 0.2
		}
		head := fmt.Sprintf("version: 1\nname: truth\nrun: {duration: %.9gs, warmup: 10%%, seed: %d, replications: 2}\n", c.seconds*c.quick, seedOf(c.id))
		text := head + strings.ReplaceAll(c.text, "patient", "deadline: none, timeout: none")
		short, err := json.Marshal(plan{MaxEvents: againstEvents / 10})
		if err != nil {
			return err
		}
		if err := put(filepath.Join(dir, "truth", c.id), []byte(text), short); err != nil {
			return err
		}
	}
	return writeGenerated(filepath.Join(dir, "generated"), seed, designs)
}

// writeGenerated writes generated scenarios with their plans and data.
func writeGenerated(dir string, seed uint64, designs int) error {
	for name, f := range againstData {
		if err := write(filepath.Join(dir, name), f.Data); err != nil {
			return err
		}
	}
	for i := range designs {
		text, sc, err := generate(seed, i)
		if err != nil {
			return err
		}
		p, err := planFor(seed, i, sc)
		if err != nil {
			return err
		}
		if p.Acts == nil {
			p.Acts = []act{}
		}
		data, err := json.Marshal(p)
		if err != nil {
			return err
		}
		if err := put(filepath.Join(dir, fmt.Sprintf("%05d", i)), []byte(text), data); err != nil {
			return err
		}
	}
	return nil
}

func put(name string, text, p []byte) error {
	return errors.Join(write(name+".yaml", text), write(name+".plan", p))
}

func write(name string, data []byte) error {
	return errors.Join(os.MkdirAll(filepath.Dir(name), 0o755), os.WriteFile(name, data, 0o644))
}

// copyScenarios copies a folder, and gives each of its scenarios a plan.
func copyScenarios(dir string, from fs.FS, p []byte) error {
	return fs.WalkDir(from, ".", func(name string, e fs.DirEntry, err error) error {
		if err != nil || !e.Type().IsRegular() {
			return err
		}
		data, err := fs.ReadFile(from, name)
		if err != nil {
			return err
		}
		name = filepath.Join(dir, filepath.FromSlash(name))
		base, scenario := strings.CutSuffix(name, ".yaml")
		if !scenario {
			return write(name, data)
		}
		return put(base, data, p)
	})
}

// unread is the line of a dump about a file that could not be read.
const unread = "fact\treads"

// dumpCorpus runs all scenarios of a corpus, in the order of their names. A file
// that is no scenario is noted as such: there is nothing to compare unless both read it,
// but a scenario that only the base reads is a difference.
func dumpCorpus(w io.Writer, corpus fs.FS) error {
	return fs.WalkDir(corpus, ".", func(name string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() || path.Ext(name) != ".yaml" {
			return err
		}
		text, err := fs.ReadFile(corpus, name)
		if err != nil {
			return err
		}
		fmt.Fprintf(w, "scenario\t%s\t\n", strings.TrimSuffix(name, ".yaml"))
		data, err := fs.ReadFile(corpus, strings.TrimSuffix(name, ".yaml")+".plan")
		if err != nil {
			return err
		}
		var p plan
		if err := json.Unmarshal(data, &p); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		sc, err := scenarios.Parse(corpus, name, text)
		if err != nil {
			_, err = fmt.Fprint(w, unread+"\tfalse\n")
			return err
		}
		err = dump(w, sc, p)
		if err != nil && !strings.HasPrefix(name, "generated/") { // somebody else's file
			_, err = fmt.Fprint(w, "fact\truns\tfalse\n")
		}
		return err
	})
}

// comparison of two dumps.
type comparison struct {
	allowed     []string
	report      func(string)
	scenarios   map[string]int // by folder
	values      int
	prints      int
	refused     int      // by both
	later       []string // scenarios that only head reads
	differences int
	different   int // scenarios
	here        int // differences of this scenario
	shown       int
	gone, came  map[string]int // names of values that only one has, and in how many scenarios
}

// What is printed is bounded, in all and of one scenario; everything counts.
const maxShown, maxOfOne = 60, 6

// outcome is what one scenario gave.
type outcome struct {
	name  string
	order []string
	lines map[string]string // value by kind and name
}

// reader gives the outcomes of a dump one after the other; nil at the end.
func outcomes(r io.Reader) func() (*outcome, error) {
	s := bufio.NewScanner(r)
	s.Buffer(nil, 1<<20)
	more := s.Scan()
	return func() (*outcome, error) {
		if !more {
			return nil, s.Err()
		}
		o := &outcome{lines: map[string]string{}}
		for more {
			kind, rest, _ := strings.Cut(s.Text(), "\t")
			name, value, ok := strings.Cut(rest, "\t")
			switch {
			case !ok:
				return nil, fmt.Errorf("a line of the dump that cannot be read: %q", s.Text())
			case kind == "scenario" && o.name != "":
				return o, nil
			case kind == "scenario":
				o.name = name
			default:
				key := kind + "\t" + name
				for n := 2; ; n++ { // the same fact twice: the second is another
					if _, taken := o.lines[key]; !taken {
						break
					}
					key = fmt.Sprintf("%s\t%s (%d)", kind, name, n)
				}
				o.order = append(o.order, key)
				o.lines[key] = value
			}
			more = s.Scan()
		}
		return o, s.Err()
	}
}

func (c *comparison) compare(base, head io.Reader) error {
	c.scenarios, c.gone, c.came = map[string]int{}, map[string]int{}, map[string]int{}
	nextBase, nextHead := outcomes(base), outcomes(head)
	for {
		a, errA := nextBase()
		b, errB := nextHead()
		if err := errors.Join(errA, errB); err != nil {
			return err
		}
		switch {
		case a == nil && b == nil:
			c.names()
			return nil
		case a == nil || b == nil || a.name != b.name:
			return errors.New("the dumps are not of the same corpus, or one is cut short")
		}
		c.here = 0
		c.one(a, b)
		if c.here > 0 {
			c.different++
		}
	}
}

func (c *comparison) one(a, b *outcome) {
	_, notBase := a.lines[unread]
	_, notHead := b.lines[unread]
	switch {
	case notBase && notHead:
		c.refused++
		return
	case notBase: // the language has grown
		c.later = append(c.later, a.name)
		return
	}
	folder, _, _ := strings.Cut(a.name, "/")
	c.scenarios[folder]++
	if notHead {
		c.differs(a.name + ": base reads it, head does not")
		return
	}
	for _, key := range a.order {
		kind, name, _ := strings.Cut(key, "\t")
		was, is := a.lines[key], ""
		is, ok := b.lines[key]
		switch {
		case !ok && kind == "value":
			c.gone[bare(name)]++
			continue
		case !ok:
			is = "nothing"
		}
		switch kind {
		case "value":
			c.values++
		case "fingerprint":
			c.prints++
		}
		if was != is && !slices.Contains(c.allowed, kind+"s") {
			c.differs(fmt.Sprintf("%s: %s %s: base %s, head %s", a.name, kind, name, number(kind, was), number(kind, is)))
		}
	}
	for _, key := range b.order {
		if _, ok := a.lines[key]; ok {
			continue
		}
		if kind, name, _ := strings.Cut(key, "\t"); kind == "value" {
			c.came[bare(name)]++
		} else if !slices.Contains(c.allowed, kind+"s") {
			c.differs(fmt.Sprintf("%s: %s %s: base nothing, head %s", a.name, kind, name, b.lines[key]))
		}
	}
}

// number shows bits with the number they may be.
func number(kind, value string) string {
	if x, err := strconv.ParseUint(value, 16, 64); err == nil && kind == "value" {
		return fmt.Sprintf("%s (%.12g)", value, math.Float64frombits(x))
	}
	return value
}

// bare is the name of a metric without where in the run it was read.
func bare(name string) string { return name[strings.LastIndexByte(name, ' ')+1:] }

func (c *comparison) differs(text string) {
	c.differences++
	c.here++
	if c.here <= maxOfOne && c.shown < maxShown {
		c.shown++
		c.report(text)
	}
}

// names reports the names that only one of the two has.
func (c *comparison) names() {
	c.here, c.shown = -len(c.gone)-len(c.came), 0 // all of them
	for _, side := range []struct {
		what  string
		names map[string]int
	}{{"base only", c.gone}, {"head only", c.came}} {
		for _, name := range slices.Sorted(maps.Keys(side.names)) {
			text := fmt.Sprintf("%s: %s, %d times", side.what, name, side.names[name])
			if slices.Contains(c.allowed, "names") {
				c.report(text)
			} else {
				c.differs(text)
			}
		}
	}
}

func (c *comparison) summary() string {
	var parts []string
	total := 0
	for _, folder := range slices.Sorted(maps.Keys(c.scenarios)) {
		parts = append(parts, fmt.Sprintf("%d %s", c.scenarios[folder], folder))
		total += c.scenarios[folder]
	}
	verdict := "no difference"
	if c.differences > 0 {
		verdict = fmt.Sprintf("%d DIFFERENCES, in %d scenarios", c.differences, c.different)
	}
	text := fmt.Sprintf("compared %d scenarios (%s): %d fingerprints, %d values: %s", total, strings.Join(parts, ", "), c.prints, c.values, verdict)
	if n := len(c.later); n > 0 {
		text += fmt.Sprintf("\nnot compared: %d that base cannot read: %s", n, strings.Join(c.later[:min(n, maxOfOne)], ", "))
		if n > maxOfOne {
			text += ", …"
		}
	}
	if c.refused > 0 {
		text += fmt.Sprintf("\nnot compared: %d that neither can read", c.refused)
	}
	return text
}
