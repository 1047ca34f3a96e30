package chart

import "image/color"

// Style is the look of a figure.
type Style struct {
	Background color.Color // nil: nothing is painted behind the figure
	Foreground color.Color // title, cursor
	Muted      color.Color // labels of axes, names of bands
	Grid       color.Color
	Band       color.Color // behind a fault; translucent
	Palette    []color.Color

	Font     string  // a name given to UseFont; what that font lacks comes from Liberation Sans
	TextSize float64 // of labels, in pixels of scale 1; 0: 12
	Scale    float64 // pixels of the image for one of the style; 0: 1
}

func (s *Style) textSize() float64 {
	if s.TextSize > 0 {
		return s.TextSize
	}
	return 12
}

func (s *Style) scale() float64 {
	if s.Scale > 0 {
		return s.Scale
	}
	return 1
}

// Color returns a colour of the palette by number.
func (s *Style) Color(i int) color.Color {
	if i < 0 || len(s.Palette) == 0 {
		return s.Foreground
	}
	return s.Palette[i%len(s.Palette)]
}

// faded returns a colour with a share of its opacity.
func faded(c color.Color, share float64) color.Color {
	n := color.NRGBAModel.Convert(c).(color.NRGBA)
	n.A = uint8(float64(n.A)*share + 0.5)
	return n
}

// opaque is a colour with at least a share of opacity.
func opaque(c color.Color, share float64) color.Color {
	n := color.NRGBAModel.Convert(c).(color.NRGBA)
	n.A = max(n.A, uint8(255*share+0.5))
	return n
}

// Light is for paper: reports and exports. The palettes stay apart for people
// who do not see red and green alike.
func Light() Style {
	return Style{
		Background: rgb(0xffffff), Foreground: rgb(0x1d2733), Muted: rgb(0x5b6775), Grid: rgb(0xe3e7ec),
		Band:    color.NRGBA{0xd9, 0x48, 0x41, 0x24},
		Palette: palette(0x1f6fd6, 0xd9730d, 0x0a8f6c, 0xc2377f, 0x6b4fc9, 0x8a6d00, 0x0b93b5, 0x6a737d),
	}
}

func rgb(v uint32) color.Color {
	return color.NRGBA{uint8(v >> 16), uint8(v >> 8), uint8(v), 255}
}

func palette(colors ...uint32) []color.Color {
	out := make([]color.Color, len(colors))
	for i, c := range colors {
		out[i] = rgb(c)
	}
	return out
}
