package stage

import (
	"math"

	"fyne.io/fyne/v2"
)

// cellSide is about how wide and high a cell of the ground is, in pixels: small
// enough to leave much out, large enough that few runs are many cells.
const cellSide = 40

// grid tells the cells of the ground that have something in them.
type grid struct {
	side          float64 // a whole number of device pixels
	columns, rows int
	used          []bool // row by row
}

// reset makes an empty grid for a stage; scale is device pixels for one of its own.
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

// mark uses the cells under a rectangle.
func (g *grid) mark(x, y, w, h float64) {
	left, right := max(int(math.Floor(x/g.side)), 0), min(int(math.Floor((x+w)/g.side)), g.columns-1)
	top, bottom := max(int(math.Floor(y/g.side)), 0), min(int(math.Floor((y+h)/g.side)), g.rows-1)
	for r := top; r <= bottom; r++ {
		for c := left; c <= right; c++ {
			g.used[r*g.columns+c] = true
		}
	}
}
