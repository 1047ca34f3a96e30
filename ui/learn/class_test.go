package learn

import (
	"context"
	"strings"
	"testing"
	"time"

	"asynclab/lessons"
)

// The page of a class begins with what was sure and wrong, and has the share of each
// option.
func TestClassPage(t *testing.T) {
	d := sit(t, "")
	l := d.player.Lesson()
	first := l.Steps[0].Activities()[0]
	ended, err := first.Run(context.Background(), l, nil)
	if err != nil {
		t.Fatal(err)
	}
	var class lessons.Class
	for _, guess := range []float64{40, 40, 40, 80} {
		p := &lessons.Progress{}
		player := lessons.NewPlayer(l, p.Of(l.ID, time.Now()))
		if err := player.Predict(lessons.Guess{Choice: -1, Value: guess, Sure: guess == 40}, time.Now()); err != nil {
			t.Fatal(err)
		}
		player.Finished(ended, time.Now())
		class = append(class, p)
	}
	all := class.Answers(lessons.Shelf{{ID: l.ID, Lessons: []*lessons.Lesson{l}}}, "en")
	text := textOf(classPage(all))
	for _, want := range []string{"75% were sure, and wrong: " + l.Title, "75% (3 of 4), sure: 75%", "25% (1 of 4), sure: 0%"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not in\n%s", want, text)
		}
	}
	if strings.Index(text, "What the class believes") > strings.Index(text, "(3 of 4)") {
		t.Error("what the class believes does not come first")
	}
}

// A lecturer has a button that shows what stands behind a prediction, and goes on
// without an answer.
func TestLecture(t *testing.T) {
	d := sit(t, "")
	if d.panel.Named["reveal"] != nil {
		t.Error("a student may reveal")
	}
	d.player.Lead()
	d.panel.Rebuild()
	d.says("Every request makes the whole way", false)
	d.tap("reveal")
	d.says("Every request makes the whole way", true)
	if d.panel.Named["reveal"] != nil {
		t.Error("there is nothing left to reveal")
	}
	d.tap("next")
	d.tap("next")
	if got := d.player.Step().ID; got != "faster" || d.entered != 2 {
		t.Errorf("it is at %s after %d steps", got, d.entered)
	}
}
