package stage

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"
)

// colors are the theme's colours, looked up once: a frame needs hundreds.
type colors struct {
	of    fyne.Widget
	known map[fyne.ThemeColorName]color.Color
}

func (c *colors) get(name fyne.ThemeColorName) color.Color {
	if found, ok := c.known[name]; ok {
		return found
	}
	if c.known == nil {
		c.known = make(map[fyne.ThemeColorName]color.Color)
	}
	found := theme.ColorForWidget(name, c.of)
	c.known[name] = found
	return found
}

// faded is a colour with reduced opacity.
func faded(c color.Color, part float64) color.Color {
	n := color.NRGBAModel.Convert(c).(color.NRGBA)
	n.A = uint8(float64(n.A) * max(0, min(part, 1)))
	return n
}

// dark reports whether a colour is of the dark theme.
func dark(c color.Color) bool {
	r, g, b, _ := c.RGBA()
	return 0.299*float64(r)+0.587*float64(g)+0.114*float64(b) < 0.6*0xffff
}
