package bench

import (
	"bytes"
	"cmp"
	"fmt"
	"image"
	"image/color"
	"image/gif"
	"image/png"
	"io"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"fyne.io/fyne/v2"

	"asynclab/scenarios/files"
	"asynclab/ui/locale"
	"asynclab/ui/stage"
)

// A film is a stretch of a run as it was shown: moments of a picture are kept while one
// watches, and drawn when the film is saved.

const (
	filmEvery = 100 * time.Millisecond // of real time
	filmMost  = 300                    // moments: half a minute
)

type film struct {
	lane  int
	shots []stage.Shot
	last  time.Time
}

// Film begins to film the design that was looked at last, or ends that and asks where the
// film is saved.
func (b *Bench) Film() {
	if b.film == nil {
		if b.lane < len(b.Stages) {
			b.film = &film{lane: b.lane}
			b.host.Tell(locale.T("film.began"))
		}
		return
	}
	f := b.film
	b.film = nil
	if len(f.shots) == 0 || f.lane >= len(b.Stages) {
		return
	}
	st, title := b.Stages[f.lane], b.Scenario.Name+"-"+b.Scenes[f.lane].Design+".gif"
	b.host.SaveAs(locale.T("film.save", len(f.shots)), title, func(path string) ([]byte, error) { return f.write(st, path) }, nil)
}

// shoot keeps the moment that is shown, if it is time for one.
func (b *Bench) shoot() {
	f := b.film
	if now := b.host.Clock.Now(); f.lane < len(b.Stages) && now.Sub(f.last) >= filmEvery {
		f.last = now
		f.shots = append(f.shots, b.Stages[f.lane].Shot())
	}
	if len(f.shots) == filmMost {
		b.Film()
	}
}

// write draws the film: as a moving GIF, or, where the name ends in .png, as pictures
// name-0001.png, name-0002.png … beside the first one, which has the name itself. It is
// called outside the window's goroutine; each moment is drawn in it.
func (f *film) write(st *stage.Stage, path string) ([]byte, error) {
	var all gif.GIF
	var first []byte
	for i := range f.shots {
		picture, err := drawn(st, f.shots[i])
		if err != nil {
			return nil, err
		}
		if filepath.Ext(path) != ".png" {
			all.Image, all.Delay = append(all.Image, reduced(picture)), append(all.Delay, int(filmEvery/(10*time.Millisecond)))
			continue
		}
		var out bytes.Buffer
		if err := png.Encode(&out, picture); err != nil {
			return nil, fmt.Errorf("write picture: %w", err)
		}
		if first == nil {
			first = out.Bytes()
		}
		if err := files.Write(fmt.Sprintf("%s-%04d.png", strings.TrimSuffix(path, ".png"), i+1), out.Bytes(), 0o644); err != nil {
			return nil, err
		}
	}
	if first != nil {
		return first, nil
	}
	return encode(func(w io.Writer) error { return gif.EncodeAll(w, &all) })
}

// drawn draws a moment in the window's goroutine.
func drawn(st *stage.Stage, shot stage.Shot) (picture image.Image, err error) {
	fyne.DoAndWait(func() { picture, err = st.Image(shot, 1) })
	return picture, err
}

// reduced is a picture in the 256 colours that it has most of: those of its boxes, lines and
// plates are as they were, only the edges of letters are not.
func reduced(picture image.Image) *image.Paletted {
	b := picture.Bounds()
	counts := map[color.RGBA]int{}
	for y := b.Min.Y; y < b.Max.Y; y++ {
		for x := b.Min.X; x < b.Max.X; x++ {
			counts[color.RGBAModel.Convert(picture.At(x, y)).(color.RGBA)]++
		}
	}
	most := slices.SortedFunc(maps.Keys(counts), func(p, q color.RGBA) int {
		return cmp.Or(counts[q]-counts[p], cmp.Compare(number(p), number(q)))
	})
	var used color.Palette
	for _, c := range most[:min(len(most), 256)] {
		used = append(used, c)
	}
	out, near := image.NewPaletted(b, used), map[color.RGBA]uint8{}
	for y := b.Min.Y; y < b.Max.Y; y++ {
		for x := b.Min.X; x < b.Max.X; x++ {
			c := color.RGBAModel.Convert(picture.At(x, y)).(color.RGBA)
			k, known := near[c]
			if !known {
				k = uint8(used.Index(c))
				near[c] = k
			}
			out.SetColorIndex(x, y, k)
		}
	}
	return out
}

// number orders colours that a picture has equally often.
func number(c color.RGBA) uint32 {
	return uint32(c.R)<<24 | uint32(c.G)<<16 | uint32(c.B)<<8 | uint32(c.A)
}
