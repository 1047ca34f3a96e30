package palette

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"
)

// Mode is the choice between light and dark.
type Mode string

// The modes. System follows the system's setting, even when it changes at run
// time.
const (
	System Mode = "system"
	Light  Mode = "light"
	Dark   Mode = "dark"
)

// Theme is the Fyne theme of the lab.
type Theme struct {
	Mode  Mode    // any value other than Light and Dark means System
	Scale float32 // of text and the space around it; 0 means 1
}

var _ fyne.Theme = (*Theme)(nil)

// NewTheme is a theme of the usual size.
func NewTheme(mode Mode) *Theme { return &Theme{Mode: mode, Scale: 1} }

// Dark reports whether the theme is dark now.
func (t *Theme) Dark() bool {
	return t.variant(fyne.CurrentApp().Settings().ThemeVariant()) == theme.VariantDark
}

func (t *Theme) variant(system fyne.ThemeVariant) fyne.ThemeVariant {
	switch t.Mode {
	case Light:
		return theme.VariantLight
	case Dark:
		return theme.VariantDark
	}
	return system
}

// Color resolves Fyne's names and those of this package.
func (t *Theme) Color(name fyne.ThemeColorName, system fyne.ThemeVariant) color.Color {
	v := t.variant(system)
	if c, ok := tints[name]; ok {
		return c.in(v)
	}
	return theme.DefaultTheme().Color(name, v)
}

// Font returns fonts with Chinese characters for every style. There is no
// italic font: slanted Chinese is hard to read, and emphasis is set in bold.
func (t *Theme) Font(style fyne.TextStyle) fyne.Resource {
	switch {
	case style.Symbol:
		return theme.DefaultTheme().Font(style)
	case style.Monospace:
		return monoFont
	case style.Bold, style.Italic:
		return boldFont
	}
	return regularFont
}

// Icon is Fyne's; icons that it lacks come from Icon.
func (t *Theme) Icon(name fyne.ThemeIconName) fyne.Resource {
	return theme.DefaultTheme().Icon(name)
}

// sizes are those that differ from Fyne's, in its device-independent pixels.
var sizes = map[fyne.ThemeSizeName]float32{
	theme.SizeNameHeadingText:       22,
	theme.SizeNameSubHeadingText:    17,
	theme.SizeNameText:              14,
	theme.SizeNameCaptionText:       12,
	theme.SizeNameLineSpacing:       3,
	theme.SizeNamePadding:           4,
	theme.SizeNameInnerPadding:      7,
	theme.SizeNameInlineIcon:        20,
	theme.SizeNameScrollBar:         10,
	theme.SizeNameScrollBarRadius:   5,
	theme.SizeNameSplitThickness:    4,
	theme.SizeNameButtonRadius:      6,
	theme.SizeNameInputRadius:       6,
	theme.SizeNameSelectionRadius:   4,
	theme.SizeNameCardRadius:        8,
	theme.SizeNamePopupRadius:       8,
	theme.SizeNameMenuRadius:        6,
	theme.SizeNameDialogRadius:      12,
	theme.SizeNameInnerWindowRadius: 8,
	theme.SizeNameModalBlurRadius:   0, // what is behind a dialog is shaded; blurred by software OpenGL it takes half a second
}

// fixed are the sizes that do not grow with text: hair lines and corners.
var fixed = map[fyne.ThemeSizeName]bool{
	theme.SizeNameSeparatorThickness: true,
	theme.SizeNameInputBorder:        true,
	theme.SizeNameWindowButtonRadius: true, // as large as possible
}

// Size is a size in Fyne's device-independent pixels.
func (t *Theme) Size(name fyne.ThemeSizeName) float32 {
	size, ok := sizes[name]
	if !ok {
		size = theme.DefaultTheme().Size(name)
	}
	if t.Scale == 0 || fixed[name] {
		return size
	}
	return size * t.Scale
}
