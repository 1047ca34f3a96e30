package topology

import "asynclab/sim/svg"

// shape draws the outline of a node's kind within its box. Left and right borders
// are straight, or nearly so, where edges arrive.
func (s *svgPen) shape(k Kind, b Box) {
	switch k {
	case Client:
		s.rect(b, 18)
		s.person(b)
	case Queue:
		s.pipe(b)
	case Topic:
		s.hexagon(b)
	case Subscription:
		s.rect(b, 4)
		s.Put(`<path class="mark" d="M%s v%s"/>`, at(Point{b.X + 7, b.Y}), svg.Num(b.H))
	case Broker:
		s.rect(b, 12)
	default:
		s.rect(b, 6)
	}
}

func (s *svgPen) rect(b Box, r float64) {
	s.Put(`<rect class="shape" x="%s" y="%s" width="%s" height="%s" rx="%s"/>`, svg.Num(b.X), svg.Num(b.Y), svg.Num(b.W), svg.Num(b.H), svg.Num(r))
}

// person is a head over shoulders.
func (s *svgPen) person(b Box) {
	x, y := b.X+padX+8, b.Y+b.H/2
	s.Put(`<circle class="icon" cx="%s" cy="%s" r="4.5"/>`, svg.Num(x), svg.Num(y-6))
	s.Put(`<path class="icon" d="M%s a8,8 0 0 1 16,0 z"/>`, at(Point{x - 8, y + 9}))
}

// capW is the width of the round ends of a queue.
const capW = 7.0

// pipe is a cylinder lying on its side with slots at its right end, where the next
// message leaves.
func (s *svgPen) pipe(b Box) {
	top := Point{b.X + capW, b.Y}
	s.Put(`<path class="shape" d="M%s h%s a%s,%s 0 0 1 0,%s h-%s a%s,%s 0 0 1 0,-%s z"/>`, at(top),
		svg.Num(b.W-2*capW), svg.Num(capW), svg.Num(b.H/2), svg.Num(b.H), svg.Num(b.W-2*capW), svg.Num(capW), svg.Num(b.H/2), svg.Num(b.H))
	for i := range 4 {
		x := b.X + b.W - capW - 8*float64(i)
		s.Put(`<path class="mark" d="M%s a%s,%s 0 0 0 0,%s"/>`, at(Point{x, b.Y}), svg.Num(capW), svg.Num(b.H/2), svg.Num(b.H))
	}
}

// hexagon has its corners above and below the edges' ends, and a fan inside: one in,
// many out.
func (s *svgPen) hexagon(b Box) {
	cut := min(b.H/4, 13)
	s.Put(`<path class="shape" d="M%s h%s l%s,%s v%s l-%s,%s h-%s l-%s,-%s v-%s z"/>`, at(Point{b.X + cut, b.Y}),
		svg.Num(b.W-2*cut), svg.Num(cut), svg.Num(cut), svg.Num(b.H-2*cut), svg.Num(cut), svg.Num(cut), svg.Num(b.W-2*cut), svg.Num(cut), svg.Num(cut), svg.Num(b.H-2*cut))
	x, y := b.X+padX+2, b.Y+b.H/2
	s.Put(`<circle class="icon" cx="%s" cy="%s" r="3"/>`, svg.Num(x), svg.Num(y))
	for _, dy := range [...]float64{-8, 0, 8} {
		s.Put(`<path class="mark" d="M%s l13,%s"/>`, at(Point{x, y}), svg.Num(dy))
	}
}
