package stage

import (
	"math"

	"fyne.io/fyne/v2"

	"asynclab/sim/topology"
)

const (
	largestFit = 1.75 // a design of two nodes need not fill a window
	wideStage  = 1200 // pixels for each 1 of zoom that a fit may have beyond that: a wall display is read from a distance
	leastZoom  = 0.08
	mostZoom   = 8.0
	zoomStep   = 1.25 // of a key or button
	nameZoom   = 0.65 // at which the names of nodes can be read
	nameSteps  = 5    // of a key or button from the whole picture to the names
)

// view maps the picture to the stage: a point of the picture times zoom, plus
// the offset.
type view struct {
	zoom float64
	x, y float64
}

func (v view) place(p topology.Point) fyne.Position {
	return fyne.NewPos(float32(p.X*v.zoom+v.x), float32(p.Y*v.zoom+v.y))
}

// under is the point of the picture at a position on the stage.
func (v view) under(p fyne.Position) topology.Point {
	return topology.Point{X: (float64(p.X) - v.x) / v.zoom, Y: (float64(p.Y) - v.y) / v.zoom}
}

// fit shows all of a picture of w by h in the middle of a stage.
func fit(w, h float64, stage fyne.Size) view {
	if w <= 0 || h <= 0 || stage.Width <= 0 || stage.Height <= 0 {
		return view{zoom: 1}
	}
	z := min(float64(stage.Width)/w, float64(stage.Height)/h, max(largestFit, float64(stage.Width)/wideStage))
	return view{zoom: z, x: (float64(stage.Width) - w*z) / 2, y: (float64(stage.Height) - h*z) / 2}
}

// step is the factor of one step of zoom: in a picture that is whole at a zoom at which names
// cannot be read, they come within a few steps.
func step(whole, zoom float64) float64 {
	if zoom >= nameZoom || whole >= nameZoom {
		return zoomStep
	}
	return math.Max(zoomStep, math.Pow(nameZoom/whole, 1.0/nameSteps))
}

// zoomed is the view with another zoom, not below the least, and the same point of the
// picture under p.
func (v view) zoomed(factor, least float64, p fyne.Position) view {
	z := math.Max(least, math.Min(v.zoom*factor, mostZoom))
	at := v.under(p)
	return view{zoom: z, x: float64(p.X) - at.X*z, y: float64(p.Y) - at.Y*z}
}

// held moves a view so that part of the picture stays visible.
func (v view) held(w, h float64, stage fyne.Size) view {
	const keep = 60 // at least this much of it, in pixels
	v.x = math.Max(keep-w*v.zoom, math.Min(v.x, float64(stage.Width)-keep))
	v.y = math.Max(keep-h*v.zoom, math.Min(v.y, float64(stage.Height)-keep))
	return v
}
