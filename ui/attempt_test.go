package ui

import (
	"strings"
	"testing"
	"time"

	"asynclab/lessons"
)

// tried is a pupil who has tried something in a step that has a try before its task: the
// knob was turned at the end of a run, where one stands after a prediction.
func tried(t *testing.T) (u *pupil, task *lessons.Activity) {
	r := start(t, "")
	r.learn().Progress.Of("broker-and-queue", time.Now()).Step = "enough-cooks"
	u = &pupil{rig: r, p: r.lesson("broker-and-queue")}
	try := u.p.Player.Gate()
	if try.Kind != lessons.Trial {
		t.Fatalf("the step begins with a %s", try.Kind)
	}
	u.tap("lesson:to-end")
	u.until("it is at the end", u.over)
	if len(u.p.Player.Tries(try)) > 0 {
		t.Error("a run in which nothing was turned is a try")
	}
	u.keys = true
	u.change(lessons.Change{Path: "service.kitchen.workers", Value: "5"})
	u.keys = false
	u.tap("lesson:to-end")
	u.until("the try is kept", func() bool { return u.p.Player.Passed(try) })
	if said := u.p.Player.Tries(try)[0].Said; said != "service.kitchen.workers=5" {
		t.Errorf("tried was %q", said)
	}
	u.settle()
	if task = u.p.Player.Gate(); task.Kind != lessons.Task {
		t.Fatalf("after the try comes a %s", task.Kind)
	}
	return u, task
}

func (u *pupil) over() bool { return u.p.Workbench.Frame.Now == u.p.Setup.Until }

// The run of a try is no attempt at the task behind it: neither when one looks at it
// again, nor when one takes back what one tried.
func TestTryIsNoAttempt(t *testing.T) {
	none := func(u *pupil, task *lessons.Activity, when string) {
		t.Helper()
		u.settle()
		if tries := u.p.Player.Tries(task); len(tries) > 0 {
			t.Errorf("%s: the task has been attempted, with %q", when, tries[0].Said)
		}
	}
	u, task := tried(t)
	none(u, task, "at once")
	u.p.Workbench.Controller.JumpTo(30 * time.Second)
	u.until("it is in the middle", func() bool { return u.p.Workbench.Frame.Now == 30*time.Second })
	u.p.Workbench.Controller.RunTo(u.p.Setup.Until)
	u.until("it is at the end again", u.over)
	none(u, task, "looked at again")
	u.p.Workbench.Controller.Undo()
	none(u, task, "with the change undone")
	u.p.Workbench.Controller.Redo()
	none(u, task, "with the change made again")
	u.tap("lesson:reset")
	u.until("it is as it was", func() bool { return len(u.p.Workbench.Board.Changes) == 0 })
	none(u, task, "with the change taken back")

	// A run of its own is one.
	u.tap("lesson:to-end")
	u.until("the attempt is judged", func() bool { return len(u.p.Player.Tries(task)) == 1 })
	if got := u.p.Player.Tries(task)[0]; got.Said != "" || got.Right {
		t.Errorf("the run as it is: %+v", got)
	}
	u.change(lessons.Change{Path: "service.kitchen.workers", Value: "2"}) // at the end, too
	u.until("it is at the start", func() bool { return u.p.Workbench.Frame.Now < time.Second })
	u.tap("lesson:to-end")
	u.until("the second is judged", func() bool { return len(u.p.Player.Tries(task)) == 2 })
	if !u.p.Player.Passed(task) {
		t.Errorf("the repair does not solve the task: %+v", u.p.Player.Tries(task))
	}
}

// Nor need one take it back: what is turned further and run is the attempt.
func TestAttemptGoesOnFromTry(t *testing.T) {
	u, task := tried(t)
	u.tap("lesson:start-over")
	u.until("it is at the start", func() bool { return u.p.Workbench.Frame.Now == 0 })
	u.tap("lesson:to-end")
	u.until("the attempt is judged", func() bool { return len(u.p.Player.Tries(task)) == 1 })
	if got := u.p.Player.Tries(task)[0]; !strings.HasPrefix(got.Said, "service.kitchen.workers=5") || got.Right {
		t.Errorf("the run with what was tried: %+v", got)
	}
}
