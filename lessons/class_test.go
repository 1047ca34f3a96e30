package lessons

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// A class is counted by first tries; what is wrong and sure stands out.
func TestClass(t *testing.T) {
	s := shelf(t, nil)
	l := s[0].In("en")
	ended, err := l.Steps[0].Activities()[0].Run(context.Background(), l, nil)
	if err != nil {
		t.Fatal(err)
	}
	var class Class
	for _, c := range []struct {
		guess  float64
		sure   bool
		choice []int
	}{{40, true, []int{0, 1}}, {80, true, []int{1}}, {40, false, nil}, {200, true, []int{0}}} {
		p := &Progress{}
		player := NewPlayer(l, p.Of(l.ID, noon))
		if err := player.Predict(Guess{Choice: -1, Value: c.guess, Sure: c.sure}, noon); err != nil {
			t.Fatal(err)
		}
		player.Finished(ended, noon)
		if err := player.Next(noon); err != nil {
			t.Fatal(err)
		}
		for _, i := range c.choice {
			if _, err := player.Answer(i, noon); err != nil {
				t.Fatal(err)
			}
		}
		class = append(class, p)
	}
	class = append(class, &Progress{}) // who has not begun
	var got strings.Builder
	if err := class.CSV(&got, s); err != nil {
		t.Fatal(err)
	}
	const want = `lesson,step,what,option,right,students,chose,share,sure,sure share
shop-and-pay,round-trip,prediction,right,true,4,1,25.0%,1,25.0%
shop-and-pay,round-trip,prediction,wrong,false,4,3,75.0%,2,50.0%
shop-and-pay,who-waits,answer,a,false,3,2,66.7%,0,0.0%
shop-and-pay,who-waits,answer,b,true,3,1,33.3%,0,0.0%
`
	if got.String() != want {
		t.Errorf("got\n%s", got.String())
	}
}

// What was answered stays answered when the choices change places, in every language; what
// an earlier version of the program has kept is a place.
func TestChoicesChangePlaces(t *testing.T) {
	const first, second = "  - text: It serves the next shopper.\n    because: It cannot. It holds the order until the answer is there.\n", "  - text: It waits.\n    because: A call blocks the worker that makes it.\n    right: true\n"
	const was = "  - text: It serves the next shopper.\n    because: It cannot. It holds the order until the answer is there.\n  - text: It waits.\n    right: true\n    because: A call blocks the worker that makes it.\n"
	for _, c := range []struct {
		file  string
		t     Try
		place int
	}{
		{was, Try{Chosen: "it-waits"}, 1}, {was, Try{Choice: 2}, 1}, {was, Try{Choice: 3}, -1}, {was, Try{}, -1},
		{second + first, Try{Chosen: "it-waits"}, 0}, {second + first, Try{Chosen: "it-serves-the-next-shopper"}, 1},
		{strings.Replace(second+first, "It waits.", "It stands and waits.\n    id: it-waits", 1), Try{Chosen: "it-waits"}, 0},
		{strings.Replace(second+first, "It waits.", "It stands and waits.", 1), Try{Chosen: "it-waits"}, -1},
	} {
		s := shelf(t, map[string]string{"en.md|" + was: c.file})
		for _, language := range []string{"en", "zh-Hans"} {
			l := s[0].In(language)
			a := l.Steps[l.Step("who-waits")].Activities()[0]
			if got := a.Chosen(c.t); got != c.place {
				t.Errorf("%s, %+v: choice %d, want %d", language, c.t, got, c.place)
			}
		}
	}
}

// A folder stands for the files of progress in it, and in the folders in it.
func TestReadClass(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{"ada.json", "bob/progress.json"} {
		path := filepath.Join(dir, name)
		s, p, _, err := OpenStore(path)
		if err == nil {
			p.Of("lesson", noon)
			err = s.Save(p)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	class, err := ReadClass([]string{dir, filepath.Join(dir, "ada.json")})
	if err != nil || len(class) != 3 || class[0].Lessons["lesson"] == nil {
		t.Errorf("%d, %v", len(class), err)
	}
	if _, err := ReadClass([]string{t.TempDir()}); err == nil || !strings.Contains(err.Error(), "no file of progress in this folder") {
		t.Error(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "eve.json"), []byte("{"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := ReadClass([]string{dir}); err == nil || !strings.Contains(err.Error(), "eve.json: it is damaged") {
		t.Error(err)
	}
}

// A lecturer reveals, skips and jumps, and the student's progress stays as it is.
func TestLead(t *testing.T) {
	l := shelf(t, nil)[0].In("en")
	taken := (&Progress{}).Of(l.ID, noon)
	p := NewPlayer(l, taken)
	if err := p.Reveal(); err != ErrNotNow {
		t.Errorf("a student reveals: %v", err)
	}
	if p.MayNext() == nil || p.Go(2, noon) == nil || p.MayRun() == nil {
		t.Error("a student goes where nobody has been")
	}
	p.Lead()
	before := len(p.Visible())
	if err := p.Reveal(); err != nil || p.Gate() != nil || len(p.Visible()) <= before {
		t.Errorf("%v: %d blocks, before %d", err, len(p.Visible()), before)
	}
	if q := p.In(shelf(t, nil)[0].In("en")); q.Gate() != nil || len(q.Visible()) != len(p.Visible()) {
		t.Errorf("in another language %d blocks of %d are shown", len(q.Visible()), len(p.Visible()))
	}
	if err := p.Go(2, noon); err != nil || p.Index() != 2 {
		t.Error(err, p.Index())
	}
	p.Back(noon)
	if err := p.Next(noon); err != nil || p.Index() != 2 {
		t.Errorf("a question holds: %v", err)
	}
	if q := p.In(l); !q.Leads() {
		t.Error("another language ends it")
	}
	if len(taken.Steps) > 0 || taken.Step != "" {
		t.Errorf("a lecturer's steps are kept as a student's: %+v", taken)
	}
}
