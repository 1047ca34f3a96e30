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
