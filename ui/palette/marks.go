package palette

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/theme"

	"asynclab/sim/record"
	"asynclab/sim/topology"
	"asynclab/ui/control"
)

// Shape is the outline of a mark. All are single objects that graphics cards draw
// without a texture, so that a thousand of them can move.
type Shape uint8

// The shapes.
const (
	Disc Shape = iota
	Square
	Diamond
	TriangleUp
	TriangleDown
	Bar // twice as wide as high
	Cross
	Envelope
	Struck // a short line that is struck through
)

// Mark distinguishes one thing from others of its sort by shape as well as by
// colour, for readers with limited colour vision and for printers.
type Mark struct {
	Shape  Shape
	Hollow bool
	Color  fyne.ThemeColorName
}

// Messages: a full mark is a request, an envelope a message that nobody waits for,
// a hollow one an answer, a triangle
// pointing down is a negative answer; a message that was sent again is a square
// on its corner.
var marks = [record.NumMarks]Mark{
	record.MarkRequest:    {Disc, false, ColorRequest},
	record.MarkReply:      {Disc, true, ColorReply},
	record.MarkErrorReply: {TriangleDown, false, ColorFailedReply},
	record.MarkEvent:      {Envelope, false, ColorEvent},
	record.MarkAck:        {Square, true, ColorAck},
	record.MarkNack:       {TriangleDown, true, ColorNack},
	record.MarkRetry:      {Diamond, false, ColorRetry},
	record.MarkDuplicate:  {Diamond, true, ColorDuplicate},
	record.MarkDeadLetter: {Bar, false, ColorDeadLetter},
	record.MarkCancel:     {Bar, true, ColorCancel},
	record.MarkLost:       {Cross, false, ColorLostSpark},
	record.MarkRejected:   {Struck, false, ColorRejectedSpark},
	record.MarkFailed:     {TriangleUp, false, ColorFailedSpark},
	record.MarkDropped:    {Diamond, true, ColorDeadSpark},
}

// stripes are the colours of groups, for lines of the log.
var stripes = [record.NumGroups]fyne.ThemeColorName{
	record.Ordinary:   ColorGrid,
	record.Good:       ColorUp,
	record.Failure:    ColorFailedSpark,
	record.Loss:       ColorLostSpark,
	record.Rejection:  ColorRejectedSpark,
	record.Repetition: ColorRetry,
	record.Fault:      ColorDown,
	record.Change:     ColorSelection,
}

var healths = [...]Mark{
	control.Up:      {Disc, false, ColorUp},
	control.Slow:    {Bar, false, ColorSlow},
	control.Failing: {TriangleUp, false, ColorFailing},
	control.Stopped: {Square, false, ColorStopped},
	control.Hung:    {Square, true, ColorStopped},
	control.Partly:  {TriangleDown, true, ColorPartly},
	control.Down:    {Cross, false, ColorDown},
}

// Of is the drawing of a mark of the simulator.
func Of(m record.Mark) Mark { return marks[m] }

// Stripe is the colour of a group of records.
func Stripe(g record.Group) fyne.ThemeColorName { return stripes[g] }

// Health is the mark for a node's health.
func Health(h control.Health) Mark { return healths[h] }

var nodes = [...]struct{ fill, edge fyne.ThemeColorName }{
	topology.Client:       {ColorClientFill, ColorClientEdge},
	topology.Service:      {ColorServiceFill, ColorServiceEdge},
	topology.Broker:       {ColorBrokerFill, ColorBrokerEdge},
	topology.Queue:        {ColorQueueFill, ColorQueueEdge},
	topology.Topic:        {ColorTopicFill, ColorTopicEdge},
	topology.Subscription: {ColorSubscriptionFill, ColorSubscriptionEdge},
}

// Node is the colours of a node: its inside and its outline.
func Node(k topology.Kind) (fill, edge fyne.ThemeColorName) { return nodes[k].fill, nodes[k].edge }

// crossPoints is a cross of two bars, in a square of side 1.
var crossPoints = []fyne.Position{
	{X: 0.02, Y: 0.22}, {X: 0.22, Y: 0.02}, {X: 0.5, Y: 0.3}, {X: 0.78, Y: 0.02}, {X: 0.98, Y: 0.22}, {X: 0.7, Y: 0.5},
	{X: 0.98, Y: 0.78}, {X: 0.78, Y: 0.98}, {X: 0.5, Y: 0.7}, {X: 0.22, Y: 0.98}, {X: 0.02, Y: 0.78}, {X: 0.3, Y: 0.5},
}

// envelopePoints is a sealed envelope, in a square of side 1: a gap parts the flap from
// the rest, but for a neck in the middle.
var envelopePoints = []fyne.Position{
	{X: 0, Y: 0.2}, {X: 0.47, Y: 0.68}, {X: 0.47, Y: 0.46}, {X: 0.03, Y: 0}, {X: 0.97, Y: 0}, {X: 0.53, Y: 0.46}, {X: 0.53, Y: 0.68}, {X: 1, Y: 0.2},
	{X: 1, Y: 1}, {X: 0, Y: 1},
}

// struckPoints is a level line that is struck through, in a square of side 1: nothing that
// stands in line looks like it.
var struckPoints = []fyne.Position{
	{X: 0, Y: 0.41}, {X: 0.46, Y: 0.41}, {X: 0.68, Y: 0}, {X: 0.85, Y: 0.09}, {X: 0.68, Y: 0.41}, {X: 1, Y: 0.41},
	{X: 1, Y: 0.59}, {X: 0.54, Y: 0.59}, {X: 0.32, Y: 1}, {X: 0.15, Y: 0.91}, {X: 0.32, Y: 0.59}, {X: 0, Y: 0.59},
}

// Corners are the points of an envelope, or of what is struck, around its middle, in a
// square of side 2.
func (s Shape) Corners() (all [][2]float64) {
	points := envelopePoints
	if s == Struck {
		points = struckPoints
	}
	for _, p := range points {
		all = append(all, [2]float64{2*float64(p.X) - 1, 2*float64(p.Y) - 1})
	}
	return all
}

// Object makes the mark in the colours of the current theme. Place positions
// it.
func (m Mark) Object() fyne.CanvasObject {
	var o fyne.CanvasObject
	switch m.Shape {
	case Disc:
		o = &canvas.Circle{}
	case Square, Bar:
		o = &canvas.Rectangle{}
	case Diamond:
		o = &canvas.RegularPolygon{Sides: 4}
	case TriangleUp:
		o = &canvas.RegularPolygon{Sides: 3}
	case TriangleDown:
		o = &canvas.RegularPolygon{Sides: 3, Angle: 180}
	case Envelope:
		o = &canvas.ArbitraryPolygon{Points: envelopePoints, NormalizedPoints: true}
	case Struck:
		o = &canvas.ArbitraryPolygon{Points: struckPoints, NormalizedPoints: true}
	default:
		o = &canvas.ArbitraryPolygon{Points: crossPoints, NormalizedPoints: true}
	}
	m.Paint(o, theme.Color(m.Color), theme.Color(ColorStage))
	return o
}

// hollowStroke is the width of a hollow mark's outline.
const hollowStroke = 2

// Paint gives an object made by Object another colour; back is the inside of a
// hollow mark. It does not request a redraw.
func (m Mark) Paint(o fyne.CanvasObject, c, back color.Color) {
	fill, stroke, width := c, color.Color(color.Transparent), float32(0)
	if m.Hollow {
		fill, stroke, width = back, c, hollowStroke
	}
	switch o := o.(type) {
	case *canvas.Circle:
		o.FillColor, o.StrokeColor, o.StrokeWidth = fill, stroke, width
	case *canvas.Rectangle:
		o.FillColor, o.StrokeColor, o.StrokeWidth = fill, stroke, width
	case *canvas.RegularPolygon:
		o.FillColor, o.StrokeColor, o.StrokeWidth = fill, stroke, width
	case *canvas.ArbitraryPolygon:
		o.FillColor, o.StrokeColor, o.StrokeWidth = fill, stroke, width
	}
}

// Size is the side of an object of the mark at which marks of a size look
// equally large: triangles and squares on their corner fill little of their
// box.
func (m Mark) Size(size float32) fyne.Size {
	switch m.Shape {
	case Square:
		return fyne.NewSquareSize(size * 0.9)
	case Diamond:
		return fyne.NewSquareSize(size * 1.25)
	case TriangleUp, TriangleDown:
		return fyne.NewSquareSize(size * 1.4)
	case Bar:
		return fyne.NewSize(size*1.3, size*0.65)
	case Envelope:
		return fyne.NewSize(size*1.5, size*1.05)
	}
	return fyne.NewSquareSize(size)
}

// Place sizes an object made by Object and centres it at a point.
func (m Mark) Place(o fyne.CanvasObject, at fyne.Position, size float32) {
	s := m.Size(size)
	o.Resize(s)
	o.Move(fyne.NewPos(at.X-s.Width/2, at.Y-s.Height/2))
}
