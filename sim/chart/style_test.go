package chart

import "image/color"

// Dark is for screens at night.
func Dark() Style {
	return Style{
		Background: rgb(0x171c23), Foreground: rgb(0xe8ecf1), Muted: rgb(0x98a4b3), Grid: rgb(0x2b333d),
		Band:    color.NRGBA{0xff, 0x6b, 0x60, 0x30},
		Palette: palette(0x5aa2ff, 0xf59a3c, 0x35c79b, 0xf075b5, 0xa58cff, 0xd9b93b, 0x45c8e8, 0xa3acb8),
	}
}
