package assets

import (
	"bytes"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"path"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/software"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/theme"
	shaping "github.com/go-text/typesetting/font"
	"golang.org/x/image/font"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/math/fixed"
	"golang.org/x/text/encoding/simplifiedchinese"
)

var fonts = []fyne.Resource{RegularFont(), BoldFont(), MonoFont()}

// chinese is every ideograph of GB 2312, levels 1 and 2.
func chinese(t *testing.T) []rune {
	t.Helper()
	var all []rune
	decode := simplifiedchinese.HZGB2312.NewDecoder()
	for row := byte(0x30); row <= 0x77; row++ {
		for cell := byte(0x21); cell <= 0x7e; cell++ {
			s, err := decode.String("~{" + string([]byte{row, cell}) + "~}")
			if r := []rune(s); err == nil && len(r) == 1 && r[0] != '\ufffd' {
				all = append(all, r[0])
			}
		}
	}
	if len(all) != 6763 {
		t.Fatalf("%d ideographs in GB 2312", len(all))
	}
	return all
}

const signs = " !\"#$%&'()*+,-./0123456789:;<=>?@ABCXYZabcxyz[]{}|~éüñßλμσρπΔ→←↑↓↔⇒·×≤≥±≈≠∞√²³µ°‰…–—“”‘’✓■□●○◆◇▲△▼▽▶◀★☆①⑨│─└，。、；：？！（）《》「」％１Ａ"

func TestFontsHaveEveryCharacter(t *testing.T) {
	runes := append(chinese(t), []rune(signs)...)
	for _, res := range fonts {
		widget, err := shaping.ParseTTF(bytes.NewReader(res.Content())) // as Fyne reads it
		if err != nil {
			t.Fatalf("%s: %v", res.Name(), err)
		}
		plot, err := opentype.Parse(res.Content()) // as gonum/plot reads it
		if err != nil {
			t.Fatalf("%s: %v", res.Name(), err)
		}
		for _, r := range runes {
			if g, ok := widget.NominalGlyph(r); !ok || g == 0 {
				t.Errorf("%s has no %c (%U) in widgets", res.Name(), r, r)
			}
			if g, err := plot.GlyphIndex(nil, r); err != nil || g == 0 {
				t.Errorf("%s has no %c (%U) in plots", res.Name(), r, r)
			}
		}
	}
}

// TestFontsDraw draws characters as gonum/plot does, and holds that they are
// neither blank nor the box of a character that is missing, nor alike.
func TestFontsDraw(t *testing.T) {
	for _, res := range fonts {
		f, err := opentype.Parse(res.Content())
		if err != nil {
			t.Fatal(err)
		}
		face, err := opentype.NewFace(f, &opentype.FaceOptions{Size: 32, DPI: 72, Hinting: font.HintingNone})
		if err != nil {
			t.Fatal(err)
		}
		seen := map[string]rune{string(ink(face, '\U0010fffd')): '?'}
		for _, r := range "汉字消息队列生产者确认背压吞吐量延迟Ag0→≤✓" {
			drawn := ink(face, r)
			if bytes.Count(drawn, []byte{0}) == len(drawn) {
				t.Errorf("%s: %c is blank", res.Name(), r)
			}
			if other, ok := seen[string(drawn)]; ok && other != r {
				t.Errorf("%s: %c looks like %c", res.Name(), r, other)
			}
			seen[string(drawn)] = r
		}
	}
}

// TestFyneDraws is the same for a widget's text, as Fyne draws it.
func TestFyneDraws(t *testing.T) {
	test.NewTempApp(t)
	for _, res := range fonts {
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

func ink(face font.Face, r rune) []byte {
	img := image.NewAlpha(image.Rect(0, 0, 48, 48))
	d := font.Drawer{Dst: img, Src: image.Opaque, Face: face, Dot: fixed.P(4, 38)}
	d.DrawString(string(r))
	return img.Pix
}

func TestMonoIsMono(t *testing.T) {
	f, err := opentype.Parse(MonoFont().Content())
	if err != nil {
		t.Fatal(err)
	}
	face, err := opentype.NewFace(f, &opentype.FaceOptions{Size: 20, DPI: 72})
	if err != nil {
		t.Fatal(err)
	}
	if latin, han := font.MeasureString(face, "il.0MW"), font.MeasureString(face, "队列满"); latin != han {
		t.Errorf("six Latin characters are %v wide, three Chinese ones %v", latin, han)
	}
}

// TestIcons holds that every icon can be drawn, and takes the colour of the
// theme: Fyne recolours fills of one path, and nothing else.
func TestIcons(t *testing.T) {
	test.NewTempApp(t)
	files, err := icons.ReadDir("icons")
	if err != nil {
		t.Fatal(err)
	}
	drawn := 0
	for _, f := range files {
		if f.IsDir() {
			continue
		}
		name := strings.TrimSuffix(f.Name(), path.Ext(f.Name()))
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

func TestAppIcon(t *testing.T) {
	img, err := png.Decode(bytes.NewReader(AppIcon().Content()))
	if err != nil {
		t.Fatal(err)
	}
	if s := img.Bounds().Size(); s != image.Pt(256, 256) {
		t.Errorf("the picture of the program is %v", s)
	}
}
