//go:build e2e

package main

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"asynclab/lessons"
)

const firstLesson = "telephone-and-email"

// reach scrolls the lesson's page until something on it can be pressed.
func (l *lab) reach(name string) {
	l.t.Helper()
	l.until("the lesson's page is there", func(w what) bool { _, ok := w.Controls["lesson:next"]; return ok })
	for range 60 {
		w := l.next()
		foot, wheel := w.Controls["lesson:next"].Y, "5"
		if c, ok := w.Controls[name]; ok {
			switch middle := c.Y + c.H/2; {
			case middle > 110 && c.Y+c.H < foot:
				return
			case middle <= 110:
				wheel = "4"
			}
		}
		l.xdo(slices.Concat([]string{"mousemove"}, at(w.Controls["lesson:back"].X+150, foot/2), []string{"click", "--repeat", "4", wheel})...)
	}
	l.t.Fatalf("%s is nowhere on the page", name)
}

func (l *lab) press(name string) { l.t.Helper(); l.reach(name); l.clickAt(name, 0.3, 0.5) }

// progressIn is the progress that is kept below a home.
func progressIn(t *testing.T, home string) *lessons.Progress {
	t.Helper()
	var found []string
	_ = filepath.WalkDir(home, func(path string, _ os.DirEntry, err error) error {
		if filepath.Base(path) == "progress.json" {
			found = append(found, path)
		}
		if strings.Contains(path, ".aside-") {
			t.Fatalf("progress was put aside as unreadable: %s", path)
		}
		return err
	})
	if len(found) != 1 {
		t.Fatalf("progress is kept in %v, want one file", found)
	}
	data, err := os.ReadFile(found[0])
	if err != nil {
		t.Fatal(err)
	}
	p := &lessons.Progress{}
	if err := json.Unmarshal(data, p); err != nil || p.Version != 1 {
		t.Fatalf("%s cannot be read: version %d, %v", found[0], p.Version, err)
	}
	return p
}

// pass does what a step asks for: a prediction that is wrong and a run to its
// end, or a question, first wrong. It returns when nothing more is asked.
func (l *lab) pass() {
	l.t.Helper()
	for {
		w := l.next()
		gate := w.State["gate"]
		if gate == "" {
			return
		}
		right := int(number(l.t, w.State["right"]))
		choice := func(n int) string { return "lesson:choice:" + strconv.Itoa(n) }
		tried := func(n uint64) {
			l.until("it counts as tried", func(w what) bool { return w.State["gate"] != gate || number(l.t, w.State["tries"]) >= n })
		}
		tries := number(l.t, w.State["tries"])
		switch gate {
		case "question":
			l.press(choice(right%3 + 1))
			tried(tries + 1)
			l.press(choice(right))
		case "predict":
			if right > 0 {
				l.press(choice(right%3 + 1))
			} else {
				l.reach("lesson:guess")
				l.replace("lesson:guess", "7")
				l.press("lesson:guess-ok")
			}
			l.until("the prediction is noted", func(w what) bool { return w.State["guessed"] == "true" })
			l.press("lesson:run")
			l.until("it runs", func(w what) bool { return w.State["now"] != "0s" })
			l.press("lesson:to-end")
		case "transfer", "edge":
			l.reach("lesson:guess")
			l.replace("lesson:guess", "7")
			l.press("lesson:guess-ok")
			l.until("the prediction is noted", func(w what) bool { return w.State["guessed"] == "true" })
			l.press(map[string]string{"transfer": "lesson:to-end", "edge": "lesson:sweep"}[gate])
		case "act":
			l.press("lesson:send")
		default:
			l.t.Fatalf("the step asks for a %s", gate)
		}
		l.until("that is done", func(w what) bool { return w.State["gate"] != gate })
	}
}

// onward goes to the next step.
func (l *lab) onward() {
	l.t.Helper()
	from := l.next().State["index"]
	l.click("lesson:next")
	l.until("the next step is there", func(w what) bool {
		_, has := w.Controls["play"]
		return w.State["index"] != from && (w.State["lesson"] == "" || has)
	})
}

// A student takes a whole lesson: predicts wrongly, runs, changes a parameter,
// does the task, stops in between, and finds it done after another start.
func TestLesson(t *testing.T) {
	s := newScreen(t, 1280, 900)
	home := t.TempDir()
	l := s.start(t, home, 1280, 900)
	l.click("start") // the one obvious thing
	l.until("the first lesson is open", func(w what) bool {
		_, has := w.Controls["play"]
		return w.State["lesson"] == firstLesson && w.State["step"] == "one-answer" && has
	})
	l.drawn("lesson-start")
	for range 3 {
		l.pass()
		l.onward()
	}

	// A knob is turned before anything is explained, and turned back.
	l.until("something is to be tried", func(w what) bool { return w.State["gate"] == "try" })
	l.reach("lesson:knob:link.default.latency")
	l.replace("lesson:knob:link.default.latency", "90ms")
	l.key("Return")
	l.until("the change is listed", func(w what) bool { return w.State["changes"] == "1" })
	l.press("lesson:to-end")
	l.until("it is tried", func(w what) bool { return w.State["gate"] == "task" })
	l.press("lesson:reset")
	l.press("lesson:start-over")
	l.until("it is as it was", func(w what) bool { return w.State["now"] == "0s" && w.State["changes"] == "0" })
	before := l.next().State["tries"]

	// The run as it is does not do; two changes in the element panel do.
	l.until("the task is asked", func(w what) bool { return w.State["gate"] == "task" })
	l.press("lesson:to-end")
	l.until("that was an attempt", func(w what) bool { return w.State["tries"] != before && w.State["gate"] == "task" })
	l.press("lesson:start-over")
	l.until("it is back at the start", func(w what) bool { return w.State["now"] == "0s" })
	for i, p := range []struct{ from, to string }{{"shop", "pay"}, {"pay", "ship"}} {
		l.clickBetween("node:"+p.from, "node:"+p.to)
		l.until("the link is shown", func(w what) bool { return w.State["chose"] == p.from+"->"+p.to })
		l.replace("param:link."+p.from+"->"+p.to+".latency.mean", "0ms")
		l.key("Return")
		l.until("the change is listed", func(w what) bool { return w.State["changes"] == strconv.Itoa(i+1) })
	}
	l.drawn("lesson-task")
	l.click("play")
	l.until("the task is done", func(w what) bool { return w.State["gate"] == "" })
	l.onward()

	// It goes on where one left off.
	was := l.next().State["step"]
	l.quit()
	l = s.start(t, home, 1280, 900)
	l.until("the lesson is open where one was", func(w what) bool {
		_, has := w.Controls["play"]
		return w.State["lesson"] == firstLesson && w.State["step"] == was && has
	})
	for l.next().State["lesson"] != "" {
		l.pass()
		l.onward()
	}
	l.until("the lesson is marked as done", func(w what) bool { return strings.Contains(w.State["finished"], firstLesson) })
	l.shot(filepath.Join(t.TempDir(), "lessons.png"))
	l.calm()
	l.quit()

	l = s.start(t, home, 1280, 900)
	l.until("it is still done", func(w what) bool { return strings.Contains(w.State["finished"], firstLesson) })
	l.quit()
	taken := progressIn(t, home).Lessons[firstLesson]
	for _, step := range []string{"telephone", "longer-way", "email", "accepted-confirmed", "bad-day"} {
		tries := taken.Steps[step].Of(lessons.Prediction)
		if len(tries) != 1 || !tries[0].Judged || tries[0].Right {
			t.Errorf("%s: the wrong prediction is kept as %+v", step, tries)
		}
	}
	if a := taken.Steps["quicker"].Of(lessons.Task); len(a) != 2 || a[0].Right || !a[1].Right {
		t.Errorf("an attempt that failed and one that did not are kept as %+v", a)
	}
}

// killed is how often the program is killed: ASYNCLAB_KILLS, otherwise 15 times.
func killed(t *testing.T) int {
	text := os.Getenv("ASYNCLAB_KILLS")
	if text == "" {
		return 15
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 {
		t.Fatalf("ASYNCLAB_KILLS=%s is no number of kills", text)
	}
	return n
}

// The program is killed while it saves, again and again. The file of progress is
// always whole, and what was done a second before is always in it.
func TestLessonKilled(t *testing.T) {
	s := newScreen(t, 1280, 720)
	home, kept := "", uint64(0) // tries that must be there
	for round := range killed(t) {
		if round%3 == 0 { // so many are kept as three rounds make, and not many more
			home, kept = t.TempDir(), 0
		}
		l := s.start(t, home, 1280, 720, "--place", "learn")
		if l.next().State["lesson"] == "" {
			l.click("lesson:" + firstLesson)
			l.until("the first step is there", func(w what) bool { _, has := w.Controls["lesson:send"]; return has })
			l.press("lesson:send")
		}
		w := l.until("the question is asked", func(w what) bool { return w.State["gate"] == "question" && w.State["step"] == "one-answer" })
		begin := number(t, w.State["tries"])
		if begin < kept {
			t.Fatalf("round %d: %d answers are there, %d were", round, begin, kept)
		}
		wrong := "lesson:choice:3"
		l.press(wrong)
		l.reach(wrong) // what came of it was scrolled to
		c := l.next().Controls[wrong]
		l.xdo(slices.Concat([]string{"mousemove"}, at(c.X+c.W*0.3, c.Y+c.H/2))...)
		clicks := exec.Command("xdotool", "click", "--repeat", "1000", "--delay", "50", "1")
		clicks.Env = append(os.Environ(), "DISPLAY="+s.number)
		if err := clicks.Start(); err != nil {
			t.Fatal(err)
		}
		type seen struct {
			at    time.Time
			tries uint64
		}
		told := []seen{{time.Now(), begin}}
		enough := begin + 3 + uint64(round%15*2)
		heard := time.Now()
		l.until("answers come in", func(w what) bool {
			n := number(t, w.State["tries"])
			if n > told[len(told)-1].tries {
				heard = time.Now()
			} else if c := w.Controls[wrong]; time.Since(heard) > 3*time.Second { // the text above it has grown: it is elsewhere now
				l.xdo(slices.Concat([]string{"mousemove"}, at(c.X+c.W*0.3, c.Y+c.H/2))...)
				heard = time.Now()
			}
			told = append(told, seen{time.Now(), n})
			return n >= enough
		})
		l.kill()
		killed := time.Now()
		<-l.done
		_ = clicks.Process.Kill()
		_ = clicks.Wait()
		for _, x := range told {
			if killed.Sub(x.at) >= time.Second {
				kept = x.tries
			}
		}
		kept = max(kept, begin)
		got := uint64(len(progressIn(t, home).Lessons[firstLesson].Steps["one-answer"].Of(lessons.Question)))
		t.Logf("round %d: told of %d, kept %d, must be %d", round, told[len(told)-1].tries, got, kept)
		if got < kept {
			t.Fatalf("round %d: %d answers were kept, %d were given more than a second before the end", round, got, kept)
		}
		kept = got
	}
}
