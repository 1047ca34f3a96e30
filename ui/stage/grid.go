package stage

import (
	"math"

	"fyne.io/fyne/v2"
)

// cellSide is the approximate side of a cell of the ground, in pixels: small
// enough to leave out most empty parts, large enough that the ground has few
// strips.
const cellSide = 40

// grid records which cells of the ground are not empty.
type grid struct {
	side          float64 // a whole number of device pixels
	columns, rows int
	used          []bool // row by row
}

// reset makes an empty grid for a stage; scale is device pixels per pixel of
// the stage.
func (g *grid) reset(size fyne.Size, scale float64) {
	g.side = math.Ceil(cellSide*scale) / scale
	g.columns = int(math.Ceil(float64(size.Width) / g.side))
	g.rows = int(math.Ceil(float64(size.Height) / g.side))
	if n := g.columns * g.rows; cap(g.used) < n {
		g.used = make([]bool, n)
	} else {
		g.used = g.used[:n]
		clear(g.used)
	}
}

// mark marks the cells under a rectangle as used.
func (g *grid) mark(x, y, w, h float64) {
	left, right := max(int(math.Floor(x/g.side)), 0), min(int(math.Floor((x+w)/g.side)), g.columns-1)
	top, bottom := max(int(math.Floor(y/g.side)), 0), min(int(math.Floor((y+h)/g.side)), g.rows-1)
	for r := top; r <= bottom; r++ {
		for c := left; c <= right; c++ {
			g.used[r*g.columns+c] = true
		}
	}
}
