package ui

import (
	"encoding/json"
	"fmt"
	"time"

	"fyne.io/fyne/v2"

	"asynclab/scenarios/files"
	"asynclab/ui/bench"
	"asynclab/ui/build"
	"asynclab/ui/locale"
)

// box is the rectangle of an object in the window, in pixels of the screen.
type box struct {
	X, Y, W, H float32
	Value      string `json:",omitempty"`
	Off        bool   `json:",omitempty"` // disabled
}

// description is the content of the window, for programs that drive it: tests
// use it to find buttons and to check the effect of pressing them.
type description struct {
	Number   int
	Place    string
	Language string
	Dark     bool
	Errors   []string // errors shown since the start, newest last
	State    map[string]string
	Controls map[string]box
	Blocked  float64 // milliseconds, the longest in which the window did not answer
	Blocking string  // what it did meanwhile
	Painting float64 // milliseconds, the longest in which the toolkit painted or parsed a font
}

// describeTo writes the content of the window to a file, ten times a second,
// until the function that it returns is called.
func describeTo(s *Shell, path string) (stop func()) {
	done := make(chan struct{})
	go func() {
		tick := time.NewTicker(100 * time.Millisecond)
		defer tick.Stop()
		var dog watchdog
		for n := 1; ; n++ {
			select {
			case <-done:
				return
			case <-tick.C:
			}
			ready := make(chan description, 1)
			fyne.Do(func() { ready <- s.describe() })
			var d description
			select {
			case <-done:
				return
			case d = <-ready:
			}
			if n == 1 { // from now on; before, it is built
				go dog.watch(done)
			}
			d.Number = n
			longest, where, toolkit := dog.read()
			d.Blocked, d.Blocking, d.Painting = longest.Seconds()*1e3, where, toolkit.Seconds()*1e3
			if data, err := json.Marshal(d); err == nil {
				_ = files.Write(path, data, 0o644) // the next write is tried in any case
			}
		}
	}()
	return func() { close(done) }
}

func (s *Shell) describe() description {
	d := description{Place: s.places[s.at].id, Language: locale.Current(), Dark: s.theme.Dark(),
		Errors: s.Errors, State: map[string]string{}, Controls: map[string]box{}}
	add := func(name string, o fyne.CanvasObject) {
		if b, ok := s.boxOf(o); ok {
			d.Controls[name] = b
		}
	}
	for i, o := range s.rail.Objects {
		add("place:"+s.places[i].id, o)
	}
	add("settings", s.settings)
	for name, o := range s.Asked {
		add(name, o)
	}
	p := s.places[s.at]
	d.State = p.Describe()
	for name, o := range p.Controls() {
		add(name, o)
	}
	if b := s.bench(); b != nil {
		s.addNodes(&d, b.Stages)
	} else if p, ok := p.place.(*build.Place); ok {
		s.addNodes(&d, p.Pictures())
	}
	return d
}

// addNodes adds the nodes of the pictures: "node:pay", in the second picture
// "node:1:pay".
func (s *Shell) addNodes(d *description, pictures []*bench.StageView) {
	k := s.Win.Canvas().Scale()
	for i, st := range pictures {
		on, ok := s.boxOf(st)
		if !ok || st.Scene() == nil {
			continue
		}
		for _, n := range st.Scene().Graph.Nodes {
			name := "node:" + n.ID
			if i > 0 {
				name = fmt.Sprintf("node:%d:%s", i, n.ID)
			}
			if at, size, ok := st.Box(n.ID); ok {
				d.Controls[name] = box{X: on.X + at.X*k, Y: on.Y + at.Y*k, W: size.Width * k, H: size.Height * k}
			}
		}
	}
}

// boxOf is the rectangle of an object; ok is false if it is not visible.
func (s *Shell) boxOf(o fyne.CanvasObject) (box, bool) {
	c := s.Win.Canvas()
	if o == nil || !o.Visible() || s.App.Driver().CanvasForObject(o) != c {
		return box{}, false
	}
	at, size, k := s.App.Driver().AbsolutePositionForObject(o), o.Size(), c.Scale()
	if at.X+size.Width <= 0 || at.Y+size.Height <= 0 || at.X >= c.Size().Width || at.Y >= c.Size().Height {
		return box{}, false
	}
	b := box{X: at.X * k, Y: at.Y * k, W: size.Width * k, H: size.Height * k}
	if d, ok := o.(fyne.Disableable); ok {
		b.Off = d.Disabled()
	}
	switch o := o.(type) {
	case interface{ text() string }:
		b.Value = o.text()
	}
	return b, true
}
