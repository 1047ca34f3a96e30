package palette

import (
	"bytes"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/theme"
	"github.com/go-text/typesetting/font"
)

func TestMode(t *testing.T) {
	test.NewTempApp(t)
	for _, c := range []struct {
		mode   Mode
		system fyne.ThemeVariant
		want   fyne.ThemeVariant
	}{
		{System, theme.VariantLight, theme.VariantLight},
		{System, theme.VariantDark, theme.VariantDark},
		{Light, theme.VariantDark, theme.VariantLight},
		{Dark, theme.VariantLight, theme.VariantDark},
		{"", theme.VariantDark, theme.VariantDark},
	} {
		th := NewTheme(c.mode)
		for _, name := range []fyne.ThemeColorName{theme.ColorNameBackground, ColorRequest, theme.ColorNameForeground} {
			if got, want := th.Color(name, c.system), tints[name].in(c.want); got != want {
				t.Errorf("%q with the system's %v: %s is %v, want %v", c.mode, c.system, name, got, want)
			}
		}
	}
	if !NewTheme(Dark).Dark() || NewTheme(Light).Dark() {
		t.Error("dark is light")
	}
}

// TestFyneNames holds that whatever Fyne asks for has an answer.
func TestFyneNames(t *testing.T) {
	test.NewTempApp(t)
	th := NewTheme(Light)
	for _, name := range []fyne.ThemeColorName{
		theme.ColorNameButton, theme.ColorNameDisabled, theme.ColorNameFocus, theme.ColorNameSelection, theme.ColorNameShadow,
		theme.ColorNameInnerWindowBorder, theme.ColorNameForegroundOnWarning,
	} {
		if _, _, _, a := th.Color(name, theme.VariantLight).RGBA(); a == 0 {
			t.Errorf("%s is invisible", name)
		}
	}
	if th.Icon(theme.IconNameMediaPlay) == nil {
		t.Error("no icon to play")
	}
}

func TestFontsHaveChinese(t *testing.T) {
	th := NewTheme(Light)
	for _, style := range []fyne.TextStyle{
		{}, {Bold: true}, {Italic: true}, {Bold: true, Italic: true}, {Monospace: true}, {Monospace: true, Bold: true},
	} {
		face, err := font.ParseTTF(bytes.NewReader(th.Font(style).Content()))
		if err != nil {
			t.Fatal(err)
		}
		if _, ok := face.NominalGlyph('汉'); !ok {
			t.Errorf("%+v has no Chinese", style)
		}
	}
}

func TestSizes(t *testing.T) {
	test.NewTempApp(t)
	normal, large := NewTheme(Light), &Theme{Mode: Light, Scale: 1.5}
	for _, c := range []struct {
		name  fyne.ThemeSizeName
		grows bool
	}{
		{theme.SizeNameText, true}, {theme.SizeNameHeadingText, true}, {theme.SizeNamePadding, true},
		{theme.SizeNameInlineIcon, true}, {theme.SizeNameSeparatorThickness, false}, {theme.SizeNameInputBorder, false},
		{theme.SizeNameWindowButtonHeight, true}, // one that is Fyne's
	} {
		a, b := normal.Size(c.name), large.Size(c.name)
		if a <= 0 || c.grows && b != 1.5*a || !c.grows && b != a {
			t.Errorf("%s: %v, and %v when text is half as large again", c.name, a, b)
		}
	}
	if zero := new(Theme).Size(theme.SizeNameText); zero != normal.Size(theme.SizeNameText) {
		t.Errorf("the zero theme has text of %v", zero)
	}
	caption, text, sub, heading := normal.Size(theme.SizeNameCaptionText), normal.Size(theme.SizeNameText),
		normal.Size(theme.SizeNameSubHeadingText), normal.Size(theme.SizeNameHeadingText)
	if caption >= text || text >= sub || sub >= heading {
		t.Errorf("sizes of text do not grow: %v %v %v %v", caption, text, sub, heading)
	}
}
