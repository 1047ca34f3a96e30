package bench

import (
	"image"
	"image/color"
	"testing"
)

// A film keeps the colours of boxes and lines, which a fixed palette made grey.
func TestFilmKeepsColours(t *testing.T) {
	box, line := color.RGBA{31, 50, 80, 255}, color.RGBA{249, 115, 22, 255}
	picture := image.NewRGBA(image.Rect(0, 0, 60, 60))
	for i := range 60 * 60 {
		c := color.RGBA{uint8(i), uint8(i / 7), uint8(i / 3), 255}
		switch {
		case i%3 == 0:
			picture.SetRGBA(i%60, i/60, box)
		case i%5 == 0:
			picture.SetRGBA(i%60, i/60, line)
		default:
			picture.SetRGBA(i%60, i/60, c) // more than 256 of them
		}
	}
	got := reduced(picture)
	if len(got.Palette) != 256 {
		t.Errorf("%d colours", len(got.Palette))
	}
	for i := range 60 * 60 {
		if want := picture.RGBAAt(i%60, i/60); (want == box || want == line) && got.At(i%60, i/60) != color.Color(want) {
			t.Fatalf("%v has become %v", want, got.At(i%60, i/60))
		}
	}
}
