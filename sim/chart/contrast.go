package chart

import (
	"image/color"
	"math"
)

// over is a colour as it looks on an opaque one.
func over(c, under color.Color) color.Color {
	r, g, b, a := c.RGBA()
	x, y, z, _ := under.RGBA()
	mix := func(top, bottom uint32) uint16 { return uint16(top + bottom*(0xffff-a)/0xffff) }
	return color.RGBA64{mix(r, x), mix(g, y), mix(b, z), 0xffff}
}

// contrast is the contrast ratio of two opaque colours, from 1 to 21 (WCAG 2.2, 1.4.3:
// text needs 4.5).
func contrast(a, b color.Color) float64 {
	x, y := luminance(a), luminance(b)
	return (max(x, y) + 0.05) / (min(x, y) + 0.05)
}

// luminance is the relative luminance of a colour in sRGB, from 0 to 1.
func luminance(c color.Color) float64 {
	r, g, b, _ := c.RGBA()
	linear := func(v uint32) float64 {
		x := float64(v) / 0xffff
		if x <= 0.04045 {
			return x / 12.92
		}
		return math.Pow((x+0.055)/1.055, 2.4)
	}
	return 0.2126*linear(r) + 0.7152*linear(g) + 0.0722*linear(b)
}
