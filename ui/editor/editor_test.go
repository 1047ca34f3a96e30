package editor

import (
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"

	"asynclab/ui/palette"
)

// open shows a text in a window.
func open(t *testing.T, text string) (*Editor, fyne.Window) {
	t.Helper()
	app := test.NewTempApp(t)
	app.Settings().SetTheme(palette.NewTheme(palette.Light))
	e := New(NewBuffer(text))
	w := test.NewTempWindow(t, e)
	w.Resize(fyne.NewSize(600, 300))
	w.Canvas().Focus(e.Focused())
	return e, w
}

func (e *Editor) keys(names ...fyne.KeyName) {
	for _, n := range names {
		e.page.TypedKey(&fyne.KeyEvent{Name: n})
	}
}

func TestKeys(t *testing.T) {
	e, _ := open(t, "")
	test.Type(e.Focused(), "services:")
	e.keys(fyne.KeyReturn)
	test.Type(e.Focused(), "pay:")
	e.keys(fyne.KeyReturn)
	test.Type(e.Focused(), "workers: 12")
	e.keys(fyne.KeyReturn, fyne.KeyBackspace)
	test.Type(e.Focused(), "shop: {}")
	if want := "services:\n  pay:\n    workers: 12\n  shop: {}"; e.buf.Text() != want {
		t.Fatalf("typed %q, want %q", e.buf.Text(), want)
	}
	e.keys(fyne.KeyUp, fyne.KeyHome)
	e.page.KeyDown(&fyne.KeyEvent{Name: desktop.KeyShiftLeft})
	e.keys(fyne.KeyEnd)
	e.page.KeyUp(&fyne.KeyEvent{Name: desktop.KeyShiftLeft})
	if e.buf.Selected() != "workers: 12" {
		t.Errorf("selected %q", e.buf.Selected())
	}
	clip := test.NewClipboard()
	e.page.TypedShortcut(&fyne.ShortcutCut{Clipboard: clip})
	e.page.TypedShortcut(&fyne.ShortcutPaste{Clipboard: clip})
	e.page.TypedShortcut(&fyne.ShortcutPaste{Clipboard: clip})
	if !strings.Contains(e.buf.Text(), "    workers: 12workers: 12\n") {
		t.Errorf("pasted %q", e.buf.Text())
	}
	e.page.TypedShortcut(&fyne.ShortcutUndo{})
	e.keys(fyne.KeyHome, fyne.KeyTab)
	if !strings.Contains(e.buf.Text(), "\n      workers: 12\n") {
		t.Errorf("indented %q", e.buf.Text())
	}
}

// The colours are those of what the pieces are, and stand where they are written.
// A text has only the shortcuts that it uses; the others are those of the window.
func TestShortcutsOfTheWindow(t *testing.T) {
	e, _ := open(t, "version: 1")
	for k, want := range map[fyne.KeyName]bool{fyne.KeyLeft: true, fyne.KeyEnd: true, fyne.KeySpace: true,
		fyne.KeyL: false, fyne.KeyE: false, fyne.KeyR: false, fyne.KeyH: false, fyne.KeyD: false, fyne.KeyP: false, fyne.Key1: false} {
		if own := e.own(&desktop.CustomShortcut{KeyName: k, Modifier: fyne.KeyModifierShortcutDefault}) != nil; own != want {
			t.Errorf("Ctrl+%s is the text's: %t, not %t", k, own, want)
		}
	}
}

func TestColours(t *testing.T) {
	e, _ := open(t, "pay: 12 # it\n")
	want := map[string]fyne.ThemeColorName{"pay": palette.ColorCodeKey, "12": palette.ColorCodeNumber, "# it": palette.ColorMuted}
	at := map[string]int{"pay": 0, "12": 5, "# it": 8}
	for _, o := range test.WidgetRenderer(e.page).Objects() {
		if text, ok := o.(*canvas.Text); ok && want[text.Text] != "" {
			if text.Color != palette.NewTheme(palette.Light).Color(want[text.Text], 0) {
				t.Errorf("%q is %v", text.Text, text.Color)
			}
			if x := e.gutter() + e.x(0, at[text.Text]); text.Position().X != x {
				t.Errorf("%q is at %g, want %g", text.Text, text.Position().X, x)
			}
			delete(want, text.Text)
		}
	}
	if len(want) > 0 {
		t.Errorf("not drawn: %v", want)
	}
}

// A long text is drawn where one looks, and not elsewhere.
func TestOnlyWhatIsInView(t *testing.T) {
	e, _ := open(t, strings.Repeat("a: 1\n", 10_000))
	e.GoTo(e.buf.Begin(9_000))
	shown := test.WidgetRenderer(e.page).Objects()
	if len(shown) > 200 {
		t.Errorf("%d objects", len(shown))
	}
	for _, o := range shown {
		if text, ok := o.(*canvas.Text); ok && text.Text == "9001" {
			return
		}
	}
	t.Error("line 9001 is not in view")
}

func TestMouse(t *testing.T) {
	e, _ := open(t, "name: shop\nrun: {}\n")
	at := fyne.NewPos(e.gutter()+6*e.cell.Width, e.cell.Height/2)
	e.page.MouseDown(&desktop.MouseEvent{PointEvent: fyne.PointEvent{Position: at}, Button: desktop.MouseButtonPrimary})
	if e.buf.Caret != 6 {
		t.Errorf("caret at %d", e.buf.Caret)
	}
	e.page.Dragged(&fyne.DragEvent{PointEvent: fyne.PointEvent{Position: at.AddXY(0, e.cell.Height)}})
	if e.buf.Selected() != "shop\nrun: {" {
		t.Errorf("selected %q", e.buf.Selected())
	}
	e.page.DoubleTapped(&fyne.PointEvent{Position: at})
	if e.buf.Selected() != "shop" {
		t.Errorf("a double tap selects %q", e.buf.Selected())
	}
}

func TestSuggestions(t *testing.T) {
	e, _ := open(t, "")
	e.Complete = func(text string, at int) (int, []Suggestion) {
		from := strings.LastIndexByte(text[:at], '\n') + 1
		var all []Suggestion
		for _, w := range []string{"name: ", "services: ", "silence: "} {
			if strings.HasPrefix(w, text[from:at]) && w != text[from:at] {
				all = append(all, Suggestion{Text: w})
			}
		}
		return from, all
	}
	test.Type(e.Focused(), "s")
	if !e.list.shown() || len(e.list.all) != 2 {
		t.Fatalf("shown %v: %v", e.list.shown(), e.list.all)
	}
	e.keys(fyne.KeyDown, fyne.KeyUp, fyne.KeyDown, fyne.KeyTab)
	if e.buf.Text() != "silence: " || e.list.shown() {
		t.Errorf("%q, shown %v", e.buf.Text(), e.list.shown())
	}
	e.keys(fyne.KeyReturn, fyne.KeyBackspace)
	e.Suggest()
	if !e.list.shown() || len(e.list.all) != 3 {
		t.Fatalf("asked for: shown %v: %v", e.list.shown(), e.list.all)
	}
	e.keys(fyne.KeyEscape)
	if e.list.shown() {
		t.Error("Escape leaves the list open")
	}
}
