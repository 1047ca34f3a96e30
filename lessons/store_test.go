package lessons

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

func open(t *testing.T, path string) (*Store, *Progress, string) {
	t.Helper()
	s, p, notice, err := OpenStore(path)
	if err != nil {
		t.Fatal(err)
	}
	return s, p, notice
}

func TestStore(t *testing.T) {
	path := filepath.Join(t.TempDir(), "deep", "progress.json")
	s, p, notice := open(t, path)
	if notice != "" || len(p.Lessons) != 0 {
		t.Error(notice, p)
	}
	p.Of("one", noon).log("a").Hints = map[string]int{"task": 2}
	for range 2 {
		if err := s.Save(p); err != nil {
			t.Fatal(err)
		}
	}
	_, again, notice := open(t, path)
	if notice != "" || again.Lessons["one"].Steps["a"].Hints["task"] != 2 || !again.Lessons["one"].Started.Equal(noon) {
		t.Errorf("%q, %+v", notice, again)
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm()&0o077 != 0 {
		t.Error("progress is of no concern to others", info.Mode(), err)
	}
	// The folder goes away while the program is open.
	if err := os.RemoveAll(filepath.Dir(path)); err != nil {
		t.Fatal(err)
	}
	if err := s.Save(p); err != nil {
		t.Error(err)
	}
}

// What cannot be used is kept, under another name.
func TestStoreAside(t *testing.T) {
	for text, why := range map[string]string{
		"":                                 "damaged",
		"{\"version\": 1, \"les":           "damaged",
		"{}":                               "no file of progress",
		"{\"version\": 2}":                 "a newer program",
		"{\"version\": 1, \"lessons\": 7}": "damaged",
	} {
		path := filepath.Join(t.TempDir(), "progress.json")
		for i := 1; i <= 2; i++ {
			if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
			s, p, notice := open(t, path)
			if !strings.Contains(notice, why) || !strings.Contains(notice, fmt.Sprintf("aside-%d", i)) {
				t.Errorf("%q: %q", text, notice)
			}
			if err := s.Save(p); err != nil {
				t.Error(err)
			}
			kept, err := os.ReadFile(fmt.Sprintf("%s.aside-%d", path, i))
			if err != nil || string(kept) != text {
				t.Errorf("%q: kept %q, %v", text, kept, err)
			}
		}
	}
	// Holes in a file are mended, not stumbled over.
	path := filepath.Join(t.TempDir(), "progress.json")
	if err := os.WriteFile(path, []byte(`{"version":1,"lessons":{"a":null,"b":{"steps":{"x":null}}},"new":1}`), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, p, notice := open(t, path); notice != "" || p.Lessons["a"] != nil || p.Lessons["b"] == nil || len(p.Lessons["b"].Steps) != 0 {
		t.Errorf("%q, %+v", notice, p)
	}
}

const saveForEver = "ASYNCLAB_TEST_SAVE"

// TestMain is also the program that is killed: a student who answers without end, and
// whose answers are saved as the window saves them. It says the number of each answer
// that is on disk, and how old it was by then, in milliseconds.
func TestMain(m *testing.M) {
	path := os.Getenv(saveForEver)
	if path == "" {
		os.Exit(m.Run())
	}
	s, p, _, err := OpenStore(path)
	v := Saver{Store: s, Saved: func(p *Progress, err error) {
		if err == nil {
			all := p.Lessons["lesson"].Steps["step"].Of(Question)
			_, err = fmt.Println(saved(p), time.Since(all[len(all)-1].At).Milliseconds())
		}
		if err != nil {
			os.Exit(3)
		}
	}}
	for n := saved(p); err == nil; n++ {
		p.Of("lesson", noon).Step = strconv.Itoa(n + 1)
		p.Of("lesson", noon).log("step").Add(Question, Try{At: time.Now(), Choice: 1 + n%3, Judged: true})
		v.Save(p)
		time.Sleep(time.Millisecond)
	}
	os.Exit(3)
}

func saved(p *Progress) int {
	if p.Lessons["lesson"] == nil {
		return 0
	}
	n, _ := strconv.Atoi(p.Lessons["lesson"].Step)
	return n
}

// saver starts the program.
func saver(t *testing.T, path string) (*exec.Cmd, *bufio.Scanner) {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), saveForEver+"="+path)
	out, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	return cmd, bufio.NewScanner(out)
}

// However often the program is killed in the middle of saving, the file is
// whole, and never older than the last save that was reported; an answer is on disk
// within a second. So what is lost is at most what was answered in the last second.
func TestKilled(t *testing.T) {
	path := filepath.Join(t.TempDir(), "progress.json")
	kills := 200
	if testing.Short() {
		kills = 5
	}
	last, slowest := 0, 0
	heard := func(line string) {
		n, age := reported(line)
		last, slowest = max(last, n), max(slowest, age)
	}
	for i := range kills {
		cmd, lines := saver(t, path)
		// The pipe makes the program wait when nobody reads, so kill it while it is
		// read: after a few saves, and a part of one that differs each time.
		for n := 0; n < 1+i%4 && lines.Scan(); n++ {
			heard(lines.Text())
		}
		spin(i * 100)
		if err := cmd.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		for lines.Scan() {
			heard(lines.Text())
		}
		_ = cmd.Wait()
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		p, why := decode(data)
		if why != "" {
			t.Fatalf("after %d kills the file is gone: %s", i+1, why)
		}
		if got := saved(p); got < last {
			t.Fatalf("after %d kills there is save %d, and %d was reported", i+1, got, last)
		}
	}
	if last < kills {
		t.Errorf("only %d saves in %d lives", last, kills)
	}
	if t.Logf("%d saves in %d lives; the slowest came %d ms after its answer", last, kills, slowest); slowest >= 1000 {
		t.Errorf("an answer was on disk after %d ms only", slowest)
	}
	_, p, _ := open(t, path)
	if all := p.Lessons["lesson"].Steps["step"].Of(Question); last > mostTries && len(all) != mostTries {
		t.Errorf("%d tries are kept, want %d", len(all), mostTries)
	}
	left, _ := filepath.Glob(filepath.Join(filepath.Dir(path), ".*"))
	if len(left) > 0 {
		t.Errorf("unfinished files are left: %v", left)
	}
}

// reported reads "17 3": answer 17 was on disk after 3 ms. A line that the kill cut short
// says nothing.
func reported(s string) (n, age int) {
	if _, err := fmt.Sscanf(s, "%d %d", &n, &age); err != nil {
		return 0, 0
	}
	return n, age
}

// spin takes a little time without sleeping, so that kills come at different
// moments of a save.
func spin(n int) {
	x := 1.0
	for range n * 100 {
		x += 1 / x
	}
	if x < 0 {
		panic("cannot be")
	}
}

// Two programs at once: the file is always whole, and the last writer wins.
func TestTwoWriters(t *testing.T) {
	path := filepath.Join(t.TempDir(), "progress.json")
	var wg sync.WaitGroup
	for w := range 3 {
		wg.Go(func() {
			for i := range 20 {
				s, p, notice, err := OpenStore(path)
				if err != nil || notice != "" {
					t.Errorf("%v, %q", err, notice)
					return
				}
				p.Of(fmt.Sprint(w), noon.Add(time.Duration(i)*time.Second))
				if err := s.Save(p); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	if _, p, notice := open(t, path); notice != "" || len(p.Lessons) == 0 {
		t.Errorf("%q, %+v", notice, p)
	}
}

// Progress of earlier versions of the program is read, and nothing of it is lost when it
// is saved again. A file is added to testdata/progress when the record changes.
func TestProgressOfEarlierVersions(t *testing.T) {
	golden, err := filepath.Glob("testdata/progress/*.json")
	if err != nil || len(golden) < 2 {
		t.Fatal(golden, err)
	}
	for _, name := range golden {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		path := filepath.Join(t.TempDir(), "progress.json")
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
		s, p, notice, err := OpenStore(path)
		if err != nil || notice != "" {
			t.Fatalf("%s: %v, %q", name, err, notice)
		}
		for id, taken := range p.Lessons {
			l := Library().Find(id)
			if l == nil {
				t.Errorf("%s: %s is gone from the library", name, id)
				continue
			}
			player := NewPlayer(l.In("en"), p.Of(id, noon))
			if got := player.Step().ID; got != taken.Step {
				t.Errorf("%s: %s goes on at %s, not at %s", name, id, got, taken.Step)
			}
		}
		if err := s.Save(p); err != nil {
			t.Fatal(err)
		}
		again, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		var was, is any
		if err := errors.Join(json.Unmarshal(data, &was), json.Unmarshal(again, &is)); err != nil || !reflect.DeepEqual(was, is) {
			t.Errorf("%s: %v: saved again it is\n%s", name, err, again)
		}
	}
	p, err := ReadProgress("testdata/progress/1-six-lessons.json")
	if err != nil {
		t.Fatal(err)
	}
	steps := p.Lessons["telephone-and-email"].Steps
	if tries := steps["quicker"].Of(Task); len(tries) != 2 || tries[0].Right || !tries[1].Right || *steps["telephone"].Of(Prediction)[0].Truth != 900 {
		t.Errorf("%+v", steps)
	}
}
