package ui

import (
	"bytes"
	"image/gif"
	"image/png"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2/widget"
)

// A stretch of a run is filmed: as a GIF that moves, or as numbered pictures.
func TestFilm(t *testing.T) {
	r := start(t, "", at("lab"))
	b := r.open("order-queue")
	for _, name := range []string{"film.gif", "film.png"} {
		r.press("r")
		b.Controller.SetSpeed(100)
		b.Controller.Play()
		for range 6 {
			r.tick(100 * time.Millisecond)
		}
		b.Controller.Pause()
		r.settle()
		r.press("r")
		r.answer(r.dir, name)
		file := filepath.Join(r.dir, name)
		r.until(name+" is saved", func() bool { _, err := os.Stat(file); return err == nil })
		r.closeDialogs()
		data, _ := os.ReadFile(file)
		if name == "film.gif" {
			g, err := gif.DecodeAll(bytes.NewReader(data))
			if err != nil || len(g.Image) < 4 || bytes.Equal(g.Image[0].Pix, g.Image[len(g.Image)-1].Pix) {
				t.Errorf("%v, or nothing moves", err)
			}
			continue
		}
		if _, err := png.Decode(bytes.NewReader(data)); err != nil {
			t.Error(err)
		}
		if all, _ := filepath.Glob(filepath.Join(r.dir, "film-000?.png")); len(all) < 4 {
			t.Errorf("the pictures are %v", all)
		}
	}
}

// A person marks moments on the timeline, goes from one to the next, and takes them away.
func TestMarks(t *testing.T) {
	r := start(t, "", at("lab"))
	b := r.open("order-queue")
	for _, at := range []time.Duration{3 * time.Minute, 8 * time.Minute} {
		b.Jump(at)
		r.settle()
		r.press("b")
	}
	for _, want := range []time.Duration{3 * time.Minute, 8 * time.Minute, 3 * time.Minute} {
		r.press("n")
		r.settle()
		if b.Frame.Now != want {
			t.Errorf("at %v, want %v", b.Frame.Now, want)
		}
	}
	r.press("b") // takes it away
	r.press("n")
	r.settle()
	r.press("n")
	r.settle()
	if b.Frame.Now != 8*time.Minute {
		t.Errorf("one mark is left, and it leads to %v", b.Frame.Now)
	}
}

// T takes a condition, too, and the run stops when it comes to hold.
func TestRunUntil(t *testing.T) {
	r := start(t, "", at("lab"))
	b := r.open("order-queue")
	for _, c := range []struct{ text, said string }{
		{"load.shop.offered >= 5", "The condition holds now."},
		{"load.nobody.offered >= 5", "there is no metric"},
	} {
		r.press("t")
		entry := r.control("ask:time").(*widget.Entry)
		entry.SetText(c.text)
		entry.OnSubmitted(c.text)
		r.settle()
		if !r.says(c.said) && !strings.Contains(strings.Join(r.s.Errors, " "), c.said) {
			t.Errorf("%s: at %v: %q %q", c.text, b.Frame.Now, r.s.Errors, r.texts())
		}
		r.closeDialogs()
	}
}

// A dialog that is closed leaves no text with the focus: its cursor would go on blinking,
// for a quarter of a core.
func TestClosedDialogsRest(t *testing.T) {
	r := start(t, "", at("lab"))
	r.open("order-queue")
	for _, by := range []string{"Escape", "Cancel"} {
		r.press("t")
		entry := r.control("ask:time").(*widget.Entry)
		focused := func() bool { return reflect.ValueOf(entry).Elem().FieldByName("focused").Bool() }
		if !focused() {
			t.Fatal("the text has no focus")
		}
		if by == "Escape" {
			r.s.letGo()
		} else {
			r.button("Cancel").OnTapped()
		}
		r.settle()
		if focused() {
			t.Errorf("%s: the text has the focus still", by)
		}
	}
}
