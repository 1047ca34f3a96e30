package assets

import (
	"bytes"
	"image"
	"image/png"
	"testing"

	shaping "github.com/go-text/typesetting/font"
	"golang.org/x/image/font"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/math/fixed"
	"golang.org/x/text/encoding/simplifiedchinese"
)

var fonts = map[string][]byte{"regular": regular, "bold": bold, "mono": mono}

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
	for name, data := range fonts {
		widget, err := shaping.ParseTTF(bytes.NewReader(data)) // as Fyne reads it
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		plot, err := opentype.Parse(data) // as gonum/plot reads it
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		for _, r := range runes {
			if g, ok := widget.NominalGlyph(r); !ok || g == 0 {
				t.Errorf("%s has no %c (%U) in widgets", name, r, r)
			}
			if g, err := plot.GlyphIndex(nil, r); err != nil || g == 0 {
				t.Errorf("%s has no %c (%U) in plots", name, r, r)
			}
		}
	}
}

// TestFontsDraw draws characters as gonum/plot does, and holds that they are
// neither blank nor the box of a character that is missing, nor alike.
func TestFontsDraw(t *testing.T) {
	for name, data := range fonts {
		f, err := opentype.Parse(data)
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
				t.Errorf("%s: %c is blank", name, r)
			}
			if other, ok := seen[string(drawn)]; ok && other != r {
				t.Errorf("%s: %c looks like %c", name, r, other)
			}
			seen[string(drawn)] = r
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
	f, err := opentype.Parse(MonoFont())
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

func TestAppIcon(t *testing.T) {
	img, err := png.Decode(bytes.NewReader(AppIcon()))
	if err != nil {
		t.Fatal(err)
	}
	if s := img.Bounds().Size(); s != image.Pt(256, 256) {
		t.Errorf("the picture of the program is %v", s)
	}
}

func TestIconNames(t *testing.T) {
	if names := Icons(); len(names) < 30 {
		t.Errorf("only %d icons: %v", len(names), names)
	}
	defer func() {
		if recover() == nil {
			t.Error("an icon that is not there is no mistake")
		}
	}()
	Icon("no-such-icon")
}
