package chart

import (
	"fmt"
	"sync"

	"codeberg.org/go-fonts/liberation/liberationsansregular"
	"golang.org/x/image/font"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
	"gonum.org/v1/plot/vg"
)

// face is a font with the outlines of the glyphs used so far, for an em of 1.
type face struct {
	font   *sfnt.Font
	buf    sfnt.Buffer
	em     float64
	glyphs map[rune]*glyph // nil: the font has no such glyph
}

type glyph struct {
	segments []segment
	advance  float64
}

// segment is a part of an outline; y points upwards.
type segment struct {
	op   sfnt.SegmentOp
	args [3]vg.Point
}

// fonts are the fonts by name; "" is Liberation Sans. Glyphs are looked up
// under the lock, and never changed after.
var fonts struct {
	sync.Mutex
	byName map[string]*face
}

// UseFont makes a TrueType or OpenType font, or the first of a collection,
// available under a name.
func UseFont(name string, data []byte) error {
	f, err := newFace(data)
	if err != nil {
		return fmt.Errorf("font %q: %w", name, err)
	}
	fonts.Lock()
	defer fonts.Unlock()
	if fonts.byName == nil {
		fonts.byName = map[string]*face{}
	}
	fonts.byName[name] = f
	return nil
}

func newFace(data []byte) (*face, error) {
	c, err := sfnt.ParseCollection(data)
	if err != nil {
		return nil, err
	}
	f, err := c.Font(0)
	if err != nil {
		return nil, err
	}
	return &face{font: f, em: float64(f.UnitsPerEm()), glyphs: map[rune]*glyph{}}, nil
}

var liberation = sync.OnceValue(func() *face {
	f, err := newFace(liberationsansregular.TTF)
	if err != nil {
		panic(fmt.Sprintf("chart: the bundled font: %v", err)) // the font is embedded in the program
	}
	return f
})

// glyphsOf returns the glyphs of a text, each from the font by that name or,
// where that has none, from Liberation Sans.
func glyphsOf(fontName, text string) []*glyph {
	fonts.Lock()
	defer fonts.Unlock()
	chosen, base := fonts.byName[fontName], liberation()
	out := make([]*glyph, 0, len(text))
	for _, r := range text {
		g := chosen.glyph(r)
		if g == nil {
			g = base.glyph(r)
		}
		if g == nil {
			g = base.missing()
		}
		out = append(out, g)
	}
	return out
}

func (f *face) glyph(r rune) *glyph {
	if f == nil {
		return nil
	}
	g, known := f.glyphs[r]
	if !known {
		if i, err := f.font.GlyphIndex(&f.buf, r); err == nil && i != 0 {
			g = f.load(i)
		}
		f.glyphs[r] = g
	}
	return g
}

// missing returns the box drawn for a character that no font has.
func (f *face) missing() *glyph {
	g := f.glyphs[-1]
	if g == nil {
		g = f.load(0)
		f.glyphs[-1] = g
	}
	return g
}

func (f *face) load(i sfnt.GlyphIndex) *glyph {
	ppem := fixed.I(int(f.em))
	advance, err := f.font.GlyphAdvance(&f.buf, i, ppem, font.HintingNone)
	if err != nil {
		return nil
	}
	parts, err := f.font.LoadGlyph(&f.buf, i, ppem, nil)
	if err != nil {
		return nil
	}
	g := &glyph{advance: float64(advance) / 64 / f.em}
	for _, p := range parts {
		s := segment{op: p.Op}
		for k, a := range p.Args {
			s.args[k] = vg.Point{X: vg.Length(float64(a.X) / 64 / f.em), Y: vg.Length(-float64(a.Y) / 64 / f.em)}
		}
		g.segments = append(g.segments, s)
	}
	return g
}

// textWidth returns the width of a text of size 1.
func textWidth(fontName, text string) float64 {
	w := 0.0
	for _, g := range glyphsOf(fontName, text) {
		w += g.advance
	}
	return w
}

// outline returns a text as a path; at is the left end of its baseline.
func outline(fontName, text string, at vg.Point, size vg.Length) vg.Path {
	var path vg.Path
	put := func(p vg.Point) vg.Point { return vg.Point{X: at.X + p.X*size, Y: at.Y + p.Y*size} }
	for _, g := range glyphsOf(fontName, text) {
		for i, s := range g.segments {
			switch s.op {
			case sfnt.SegmentOpMoveTo:
				if i > 0 {
					path.Close()
				}
				path.Move(put(s.args[0]))
			case sfnt.SegmentOpLineTo:
				path.Line(put(s.args[0]))
			case sfnt.SegmentOpQuadTo:
				path.QuadTo(put(s.args[0]), put(s.args[1]))
			case sfnt.SegmentOpCubeTo:
				path.CubeTo(put(s.args[0]), put(s.args[1]), put(s.args[2]))
			}
		}
		if len(g.segments) > 0 {
			path.Close()
		}
		at.X += vg.Length(g.advance) * size
	}
	return path
}
