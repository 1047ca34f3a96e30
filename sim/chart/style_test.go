package chart

import "image/color"

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

// Light is for paper: reports and exports. The palettes stay apart for people
// who do not see red and green alike.
func Light() Style {
	return Style{
		Background: rgb(0xffffff), Foreground: rgb(0x1d2733), Muted: rgb(0x5b6775), Grid: rgb(0xe3e7ec),
		Band:    color.NRGBA{0xd9, 0x48, 0x41, 0x24},
		Palette: palette(0x1f6fd6, 0xd9730d, 0x0a8f6c, 0xc2377f, 0x6b4fc9, 0x8a6d00, 0x0b93b5, 0x6a737d),
	}
}

// Dark is for screens at night.
func Dark() Style {
	return Style{
		Background: rgb(0x171c23), Foreground: rgb(0xe8ecf1), Muted: rgb(0x98a4b3), Grid: rgb(0x2b333d),
		Band:    color.NRGBA{0xff, 0x6b, 0x60, 0x30},
		Palette: palette(0x5aa2ff, 0xf59a3c, 0x35c79b, 0xf075b5, 0xa58cff, 0xd9b93b, 0x45c8e8, 0xa3acb8),
	}
}
