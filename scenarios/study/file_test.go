package study

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// stopping runs jobs until it has reported some, and then stops as if interrupted.
type stopping struct {
	Local
	left   int
	cancel context.CancelFunc
}

func (s *stopping) Run(ctx context.Context, jobs []Job, done func(int, Result) error) error {
	return s.Local.Run(ctx, jobs, func(i int, r Result) error {
		if s.left--; s.left < 0 {
			s.cancel()
			return context.Canceled
		}
		return done(i, r)
	})
}

// written is everything that a sweep writes.
func written(t testing.TB, out *Swept) string {
	t.Helper()
	var b bytes.Buffer
	for _, format := range SweepFormats() {
		if err := out.Write(&b, format, 0); err != nil {
			t.Fatal(err)
		}
	}
	return b.String()
}

const interruptible = `version: 1
name: small
run: {duration: 30s, seed: 3}
load: {users: {to: shop/buy, arrivals: poisson(10/s)}}
designs:
  one: {services: {shop: {workers: 1, on: {buy: [work: exp(20ms)]}}}}
  two: {services: {shop: {workers: 2, on: {buy: [work: exp(30ms)]}}}}
expect: ["one: load.users.confirmed.latency.p50 < 60ms"]
`

// A sweep that is interrupted at any moment, twenty times in all, each time torn in
// the middle of a line, and resumed gives the same bytes as one in one go, at any number
// of cores.
func TestInterruptedAndResumed(t *testing.T) {
	plan := func() *Sweep { return sweepOf(t, interruptible, 3, "load.users.rate=5/s..45/s:5") }
	straight := execute(t, plan(), &Local{Parallel: 1}, nil)
	want := written(t, straight)
	if len(straight.Flips) != 1 || len(straight.Flips[0].Flips) != 1 {
		t.Fatalf("nothing to search: %+v", straight.Flips)
	}
	r := rand.New(rand.NewPCG(1, 2))
	name := filepath.Join(t.TempDir(), "sweep.jsonl")
	interrupts := 0
	for round := 0; ; round++ {
		s := plan()
		f, err := OpenFile(name, s.Header())
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithCancel(context.Background())
		runner := &stopping{Local{Parallel: 1 + round%4}, r.IntN(4), cancel}
		if interrupts == 20 {
			runner.left = 1 << 30
		}
		out, err := s.Execute(ctx, runner, f, nil)
		cancel()
		if err != nil {
			t.Fatal(err)
		}
		if err := f.Close(); err != nil {
			t.Fatal(err)
		}
		if out.Interrupted {
			interrupts++
			if interrupts > 20 {
				t.Fatal("interrupted without an interrupt")
			}
			data, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			if lines := bytes.Count(data, []byte("\n")); lines > 1 { // a kill in the middle of a write
				if err := os.WriteFile(name, append(data, fmt.Sprintf(`{"job":"%d","cr`, round)...), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			continue
		}
		if got := written(t, out); got != want {
			t.Fatalf("after %d interrupts the report is another:\n%s\nwant:\n%s", interrupts, got, want)
		}
		break
	}
	if interrupts < 10 {
		t.Errorf("only %d interrupts", interrupts)
	}
	// More values and more replications go on in the same file.
	s := sweepOf(t, interruptible, 3, "load.users.rate=5/s..25/s:5")
	s.Flips = nil
	f, err := OpenFile(name, s.Header())
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	fresh := 0
	if _, err := s.Execute(context.Background(), counting{&Local{}, &fresh}, f, nil); err != nil || fresh != 4 { // 10/s and 20/s of two designs
		t.Errorf("%d new jobs, %v", fresh, err)
	}
}

type counting struct {
	Runner
	n *int
}

func (c counting) Run(ctx context.Context, jobs []Job, done func(int, Result) error) error {
	*c.n += len(jobs)
	return c.Runner.Run(ctx, jobs, done)
}

func TestFilesOfOthers(t *testing.T) {
	dir := t.TempDir()
	h := Header{Version: "1", Scenario: "a", Hash: "h", Plan: []Part{{"--seed", "1"}}}
	valid := filepath.Join(dir, "valid")
	f, err := OpenFile(valid, h)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := OpenFile(valid, h); err == nil || !strings.Contains(err.Error(), "another asynclab writes it") {
		t.Errorf("opened twice: %v", err)
	}
	for i := range 3 {
		if err := f.Put(fmt.Sprint("job", i), []byte(`{"value": "a->b"}`)); err != nil {
			t.Fatal(err)
		}
	}
	f.Close()
	data, err := os.ReadFile(valid)
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.SplitAfter(string(data), "\n")
	for _, c := range []struct {
		name, text string
		h          Header
		msg        string
	}{
		{"version", string(data), Header{Version: "2", Scenario: "a", Hash: "h", Plan: h.Plan}, "version 1 of asynclab, this is 2"},
		{"scenario", string(data), Header{Version: "1", Scenario: "b", Hash: "h", Plan: h.Plan}, "of scenario a, not of b"},
		{"text", string(data), Header{Version: "1", Scenario: "a", Hash: "i", Plan: h.Plan}, "have changed since"},
		{"plan", string(data), Header{Version: "1", Scenario: "a", Hash: "h", Plan: []Part{{"--seed", "2"}}}, "--seed 1 there, 2 here"},
		{"more", string(data), Header{Version: "1", Scenario: "a", Hash: "h", Plan: append(h.Plan, Part{"--set", "x=1"})}, "--set (none) there, x=1 here"},
		{"empty", "", h, "not a file of results"},
		{"other", "hello\n", h, "not a file of results of a sweep"},
		{"torn head", lines[0][:20], h, "not a file of results"},
		{"format", strings.Replace(string(data), `"format":1`, `"format":2`, 1), h, "format 2"},
		{"flipped bit", strings.Replace(string(data), "a->b", "a->c", 1), h, "line 2 is damaged: its checksum"},
		{"cut line", lines[0] + lines[1][:30] + "\n" + lines[2], h, "line 2 is damaged: it is no result"},
		{"long line", lines[0] + strings.Repeat("x", maxLine+1) + "\n", h, "line 2 is longer"},
	} {
		name := filepath.Join(dir, c.name)
		if err := os.WriteFile(name, []byte(c.text), 0o644); err != nil {
			t.Fatal(err)
		}
		f, err := OpenFile(name, c.h)
		var bad *InputError
		if !errors.As(err, &bad) || !strings.Contains(err.Error(), c.msg) || bad.Hint == "" {
			t.Errorf("%s: %v", c.name, err)
		}
		if f != nil {
			f.Close()
		}
		if now, _ := os.ReadFile(name); string(now) != c.text {
			t.Errorf("%s: the file was changed", c.name)
		}
	}
	if _, err := OpenFile(dir, h); err == nil {
		t.Error("a folder was opened")
	}
	if _, err := OpenFile(filepath.Join(dir, "no", "folder"), h); err == nil {
		t.Error("a file without a folder was opened")
	}
}

// What is in a file comes back to the byte; a torn line at the end is dropped.
func TestFileKeeps(t *testing.T) {
	name := filepath.Join(t.TempDir(), "f")
	var h Header
	f, err := OpenFile(name, h)
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]string{"a": `{"x":1,"link":"a->b & <c>"}`, "b": `[1.5,null]`}
	for job, text := range want {
		if err := f.Put(job, []byte(text)); err != nil {
			t.Fatal(err)
		}
	}
	f.Close()
	whole, _ := os.ReadFile(name)
	for cut := range 40 {
		torn := whole[:len(whole)-cut]
		if err := os.WriteFile(name, torn, 0o644); err != nil {
			t.Fatal(err)
		}
		f, err := OpenFile(name, h)
		if err != nil {
			t.Fatalf("cut by %d: %v", cut, err)
		}
		n := bytes.Count(torn, []byte("\n")) - 1
		if f.Resumed != n || f.Torn != (torn[len(torn)-1] != '\n') {
			t.Errorf("cut by %d: %d results, want %d, torn %v", cut, f.Resumed, n, f.Torn)
		}
		for job, text := range want {
			if got, ok := f.Get(job); ok && string(got) != text {
				t.Errorf("cut by %d: %s is %s", cut, job, got)
			}
		}
		if err := f.Put("c", []byte("{}")); err != nil {
			t.Fatal(err)
		}
		f.Close()
		if f, err = OpenFile(name, h); err != nil || f.Resumed != n+1 || f.Torn {
			t.Errorf("cut by %d and gone on: %v", cut, err)
		}
		f.Close()
	}
}

// Whatever is in a file, it is read or refused, and what it has can be read again.
func FuzzSweepFile(f *testing.F) {
	head, _ := json.Marshal(Header{Asynclab: "sweep", Format: fileFormat})
	f.Add(append(head, '\n'))
	f.Add([]byte(string(head) + "\n" + `{"job":"a","crc":2745614147,"result":{}}` + "\n{\"jo"))
	f.Add([]byte("\n\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		out := &File{Name: "f", known: map[string][]byte{}}
		whole, err := out.read(bytes.NewReader(data), Header{Asynclab: "sweep", Format: fileFormat})
		if err != nil {
			return
		}
		again := &File{Name: "f", known: map[string][]byte{}}
		if n, err := again.read(bytes.NewReader(data[:whole]), Header{Asynclab: "sweep", Format: fileFormat}); err != nil || n != whole || again.Torn || again.Resumed != out.Resumed {
			t.Fatalf("read again: %d of %d bytes, %v, torn %v", n, whole, err, again.Torn)
		}
	})
}
