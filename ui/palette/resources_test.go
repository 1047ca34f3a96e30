package palette

import (
	"bytes"
	"image"
	"image/color"
	"image/draw"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/software"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/theme"

	"asynclab/assets"
)

// TestFyneDraws holds that no character of the window is blank, a box, or like
// another, as Fyne draws it.
func TestFyneDraws(t *testing.T) {
	test.NewTempApp(t)
	for _, res := range []fyne.Resource{regularFont, boldFont, monoFont} {
		seen := map[string]rune{}
		for _, r := range "\U0010fffd汉字消息队列Ag0→≤✓" { // the first is in no font
			text := canvas.NewText(string(r), color.Black)
			text.FontSource, text.TextSize = res, 32
			picture, ok := software.Render(text, theme.DefaultTheme()).(*image.NRGBA)
			if !ok || len(picture.Pix) == 0 {
				t.Fatalf("%s: %c has no picture", res.Name(), r)
			}
			if marked := bytes.Count(picture.Pix, picture.Pix[:4]); marked > len(picture.Pix)/4-40 {
				t.Errorf("%s: %c is blank", res.Name(), r)
			}
			if other, ok := seen[string(picture.Pix)]; ok {
				t.Errorf("%s: %c looks like %c", res.Name(), r, other)
			}
			seen[string(picture.Pix)] = r
		}
	}
}

// TestIcons holds that every icon can be drawn, and takes the colour of the
// theme: Fyne recolours fills of one path, and nothing else.
func TestIcons(t *testing.T) {
	test.NewTempApp(t)
	drawn := 0
	for _, name := range assets.Icons() {
		img := canvas.NewImageFromResource(Icon(name))
		img.SetMinSize(fyne.NewSquareSize(48))
		picture := software.Render(img, theme.DefaultTheme())
		marked, left := count(picture)
		if marked < 150 || left < 150 {
			t.Errorf("%s: %d of %d points are of the icon", name, marked, marked+left)
		}
		drawn++
	}
	if drawn < 30 {
		t.Errorf("only %d icons", drawn)
	}
}

// count tells how much of an icon is in the foreground's colour, and how much is
// free.
func count(picture image.Image) (marked, left int) {
	want := color.NRGBAModel.Convert(theme.Color(theme.ColorNameForeground))
	b := picture.Bounds()
	flat := image.NewNRGBA(b)
	draw.Draw(flat, b, picture, b.Min, draw.Src)
	for y := b.Min.Y; y < b.Max.Y; y++ {
		for x := b.Min.X; x < b.Max.X; x++ {
			if flat.NRGBAAt(x, y) == want {
				marked++
			} else {
				left++
			}
		}
	}
	return marked, left
}
