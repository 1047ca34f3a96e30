// Package chart draws figures: curves over time, distributions, sweeps. One
// figure becomes an image for the window, a PNG, an SVG or a table.
//
//	measure.Series ─┐                       ┌─► Draw   into an image that is used again and again
//	measure.Bin ────┼─► Figure ──► layout ──┼─► PNG, SVG
//	control.Board ──┘     │      (ticks that │
//	                      │       never meet)└─► Frame: pixels to data and back
//	                      └─► CSV · At: the values at a place
//
// A Figure is plain data in base units (seconds, per second, ratios from 0 to 1)
// and knows no colours, only their numbers; a [Style] says how it looks. The
// drawing itself is gonum/plot's canvas (vg, vgimg, vgsvg). Its Plot type is not
// used, because its legend lies on the data, its labels collide at small sizes,
// its lines have no gaps and nothing is aligned to the pixels of a screen.
//
// Text is drawn as outlines, in an image as in an SVG: it looks the same on a
// machine without the font. A font given with [UseFont] comes first, for
// instance one with Chinese; characters it lacks come from Liberation Sans.
//
// # How to choose
//
//   - A value at moments: a [Curve]. A value that holds until the next one (a mean
//     over an interval, a level): a Curve with Step.
//   - How many of each size: [Histogram], on a logarithmic axis when sizes differ
//     by more than a factor of ten. To compare several and to see the tail, [CCDF] on
//     a logarithmic y axis.
//   - A stretch of time that explains what is seen: a [Band].
//
// A curve with more points than pixels is thinned to the first, lowest, highest
// and last point of each column of pixels, so that no peak is lost.
package chart
