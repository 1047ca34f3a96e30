package bench

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/test"
	"strings"

	"asynclab/scenarios"
	"asynclab/ui/control"
	"testing"
	"time"
)

func TestClock(t *testing.T) {
	for _, c := range []struct {
		t, length, step time.Duration
		want            string
	}{
		{90 * time.Second, 10 * time.Minute, 0, "1:30.0 min"},
		{18794987, 10 * time.Minute, 250 * time.Microsecond, "18.8 ms"},
		{0, 10 * time.Minute, 250 * time.Microsecond, "0.0000 s"},
		{67300 * time.Millisecond, 10 * time.Minute, 250 * time.Microsecond, "1 min 7.3000 s"},
		{46300 * time.Microsecond, 10 * time.Minute, 250 * time.Microsecond, "46.3 ms"},
		{7300 * time.Millisecond, 10 * time.Minute, 50 * time.Millisecond, "7.30 s"},
		{67300 * time.Millisecond, 10 * time.Minute, 50 * time.Millisecond, "1:07.30 min"},
		{1500 * time.Millisecond, 20 * time.Second, 0, "1.50 s"},
		{1500 * time.Millisecond, time.Second, 0, "1.5000 s"},
		{2*time.Hour + 3*time.Minute + 4*time.Second, 24 * time.Hour, 0, "2:03:04 h"},
		{time.Minute, 10 * time.Minute, time.Second, "1:00.0 min"},
	} {
		if got := clockTo(c.t, c.length, c.step); got != c.want {
			t.Errorf("clockTo(%v, %v, %v) = %q, want %q", c.t, c.length, c.step, got, c.want)
		}
	}
}

func TestParseClock(t *testing.T) {
	for text, want := range map[string]time.Duration{"1:30.0 min": 90 * time.Second, "90s": 90 * time.Second, "18.8 ms": 18800 * time.Microsecond, "1m30s": 90 * time.Second, "1.50 s": 1500 * time.Millisecond,
		"1 min 7.3000 s": 67300 * time.Millisecond, "1:30.0 分": 90 * time.Second, "18.8 毫秒": 18800 * time.Microsecond, "1 分 7.3 秒": 67300 * time.Millisecond} {
		if got, err := parseClock(text); err != nil || got != want {
			t.Errorf("parseClock(%q) = %v, %v; want %v", text, got, err, want)
		}
	}
	for _, text := range []string{"", "soon", "1:70", "-3s"} {
		if got, err := parseClock(text); err == nil {
			t.Errorf("parseClock(%q) = %v, want an error", text, got)
		}
	}
}

// The timeline has the names of the faults, and a hatched warm-up; names that would
// overlap have a row of their own.
func TestTimelineTells(t *testing.T) {
	test.NewTempApp(t)
	tl := newTimeline(func(time.Duration, bool) {}, func(m control.Mark) string { return m.Name + " breaks" })
	tl.Resize(fyne.NewSize(800, 52))
	tl.setFrame(&control.Frame{Length: 100 * time.Second})
	mark := func(name string, from, to time.Duration) control.Mark {
		return control.Mark{Name: name, From: from * time.Second, To: to * time.Second}
	}
	tl.setBoard(&control.Board{Warmup: 20 * time.Second, Marks: []control.Mark{mark("pay", 40, 60), mark("stock", 42, 50), mark("mail", 80, 90)}})
	rows, hatch := map[string]float32{}, 0
	for _, o := range test.WidgetRenderer(tl).Objects() {
		switch o := o.(type) {
		case *canvas.Text:
			if o.Visible() {
				rows[o.Text] = o.Position().Y
			}
		case *canvas.Line:
			hatch++
			if o.Position2.X > tl.xOf(20*time.Second)+0.1 {
				t.Errorf("the hatching goes to %v", o.Position2.X)
			}
		}
	}
	if len(rows) != 3 || rows["pay breaks"] != rows["mail breaks"] || rows["pay breaks"] == rows["stock breaks"] {
		t.Errorf("the names stand at %v", rows)
	}
	if hatch < 20 {
		t.Errorf("the warm-up has %d lines", hatch)
	}
	tl.setBoard(&control.Board{Marks: []control.Mark{mark("pay", 10, 11), mark("pay", 40, 41), mark("pay", 70, 71), mark("mail", 80, 90)}})
	texts := 0
	for _, o := range test.WidgetRenderer(tl).Objects() {
		if o, ok := o.(*canvas.Text); ok && o.Visible() && o.Text != "" {
			texts++
		}
	}
	if texts != 2 {
		t.Errorf("what comes again and again is written %d times with what comes after it, want 2", texts)
	}
	for _, c := range []struct{ length, marks time.Duration }{{75, 3}, {80, 3}, {100, 4}, {10, 0}} { // a step may end before the run
		tl.setFrame(&control.Frame{Length: c.length * time.Second})
		if len(tl.marks) != int(c.marks) || tl.accident() != (c.marks > 0) {
			t.Errorf("of %v s: %d marks, accident %t; want %d", int(c.length), len(tl.marks), tl.accident(), int(c.marks))
		}
	}
}

// Under the pointer a fault says what it did: how many operations it affected, and when all
// was as before.
func TestTimelineTellsWhatAFaultDid(t *testing.T) {
	sc, err := scenarios.Parse(nil, "f.yaml", []byte(`
version: 1
name: f
run: {duration: 3m}
load: {l: {to: pay/charge, arrivals: poisson(50/s), timeout: 1s}}
services: {pay: {workers: 4, on: {charge: [work: 10ms]}}}
faults:
  - {name: dead, crash: pay, at: 60s, for: 10s}
  - {name: brown, slow: pay, factor: 40, at: 2m, for: 10s}
  - {name: later, crash: pay, at: 175s, for: 10s}
`))
	if err != nil {
		t.Fatal(err)
	}
	s, err := control.Open(sc, nil, control.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for !s.Advance(170*time.Second, 1_000_000) {
	}
	test.NewTempApp(t)
	b := &Bench{Board: s.Board(nil, nil, 0, ""), Scenes: s.Scenes()}
	tl := newTimeline(func(time.Duration, bool) {}, b.markWords)
	tl.did = b.markDid
	tl.Resize(fyne.NewSize(800, 52))
	tl.setFrame(&control.Frame{Length: 3 * time.Minute})
	tl.setBoard(b.Board)
	for at, want := range map[time.Duration]string{65 * time.Second: "1:10.00 min; operations affected: 497; recovered 500ms later", 125 * time.Second: " later", 178 * time.Second: "3:00.00 min"} {
		tl.hover = tl.xOf(at)
		tl.Refresh()
		said := ""
		for _, o := range test.WidgetRenderer(tl).Objects() {
			if o, ok := o.(*canvas.Text); ok && strings.Contains(o.Text, " to ") {
				said = o.Text
			}
		}
		if !strings.Contains(said, want) || strings.Contains(said, "affected") != (at < 170*time.Second) {
			t.Errorf("at %v: %q, want %q", at, said, want)
		}
	}
}
