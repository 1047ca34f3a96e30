package learn

import (
	"strings"
	"testing"
	"time"
	"unicode"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"

	"asynclab/lessons"
	"asynclab/ui/control"
	"asynclab/ui/keyed"
	"asynclab/ui/locale"
)

// Each step of each lesson is opened in both languages, up to what stands behind its
// last question: its lab can be set up, nothing is cut off, and it is in the language of
// the window.
func TestWalk(t *testing.T) {
	test.NewTempApp(t)
	was := locale.Current()
	defer locale.Use(was)
	labs := map[*lessons.Setup]bool{}
	for _, language := range lessons.Languages {
		locale.Use(language)
		for _, f := range lessons.Library() {
			l := f.In(language)
			if l.Language != language {
				t.Errorf("%s is not there in %s", f.ID, language)
				continue
			}
			player := lessons.NewPlayer(l, (&lessons.Progress{}).Of(l.ID, time.Now()))
			player.Lead()
			panel := NewPanel(player, Hooks{
				Links: Links{Files: l.FS, Design: func(string, string) fyne.CanvasObject { return nil }},
				Now:   time.Now, Run: func() {}, ToEnd: func() {}, StartOver: func() {}, Reset: func() {}, Leave: func() {},
				Changed: func(bool) {}, Goals: func() []lessons.GoalVerdict { return nil },
				Set: func(string, string) error { return nil }, Value: func(string) string { return "1" },
				Sweep: func(*lessons.Activity, func([]lessons.Turned, error)) {},
			})
			w := test.NewWindow(panel.Content)
			w.Resize(fyne.NewSize(420, 640))
			for i := range l.Steps {
				for {
					complaints(t, panel, l, &l.Steps[i], language)
					if player.Reveal() != nil {
						break
					}
					panel.Rebuild()
				}
				if u := l.Steps[i].Setup; u != nil && !labs[u] {
					labs[u] = true
					sc, designs, err := staged(l, u)
					if err == nil {
						_, err = control.Open(sc, designs, control.Options{})
					}
					if err != nil || len(designs) == 0 {
						t.Errorf("%s/%s: the lab: %d designs, %v", l.ID, l.Steps[i].ID, len(designs), err)
					}
				}
				if i+1 < len(l.Steps) {
					panel.next()
				}
			}
			if player.Index() != len(l.Steps)-1 {
				t.Errorf("%s stops at step %d", l.ID, player.Index())
			}
			w.Close()
		}
	}
}

// complaints reports what is wrong with a step as it is shown.
func complaints(t *testing.T, panel *Panel, l *lessons.Lesson, s *lessons.Step, language string) {
	t.Helper()
	said := textOf(panel.Content)
	if !strings.Contains(said, s.Title) {
		t.Errorf("%s/%s, %s: its title is not shown", l.ID, s.ID, language)
	}
	if chinese := strings.ContainsFunc(s.Title, func(r rune) bool { return unicode.Is(unicode.Han, r) }); chinese != (language == "zh-Hans") {
		t.Errorf("%s/%s: %q is not in %s", l.ID, s.ID, s.Title, language)
	}
	var look func(o fyne.CanvasObject)
	look = func(o fyne.CanvasObject) {
		if !o.Visible() {
			return
		}
		switch o := o.(type) {
		case *widget.Label:
			if o.Wrapping == fyne.TextWrapOff && o.Truncation == fyne.TextTruncateOff && o.MinSize().Width > o.Size().Width+1 {
				t.Errorf("%s/%s, %s: %q is cut off: %v of %v", l.ID, s.ID, language, o.Text, o.Size().Width, o.MinSize().Width)
			}
		case *keyed.Button:
			if o.MinSize().Width > o.Size().Width+1 {
				t.Errorf("%s/%s, %s: the button %q is cut off: %v of %v", l.ID, s.ID, language, o.Text, o.Size().Width, o.MinSize().Width)
			}
		case *fyne.Container:
			for _, c := range o.Objects {
				look(c)
			}
		case fyne.Widget:
			for _, c := range test.WidgetRenderer(o).Objects() {
				look(c)
			}
		}
	}
	look(panel.Content)
	if wide := panel.box.MinSize().Width; wide > panel.scroll.Size().Width {
		t.Errorf("%s/%s, %s: it is %v wide, and there are %v", l.ID, s.ID, language, wide, panel.scroll.Size().Width)
	}
}
