package topology

// shape draws the outline of a node's kind within its box. Left and right borders
// are straight, or nearly so, where edges arrive.
func (s *svg) shape(k Kind, b Box) {
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
		s.put(`<path class="mark" d="M%s v%s"/>`, at(Point{b.X + 7, b.Y}), num(b.H))
	case Broker:
		s.rect(b, 12)
	default:
		s.rect(b, 6)
	}
}

func (s *svg) rect(b Box, r float64) {
	s.put(`<rect class="shape" x="%s" y="%s" width="%s" height="%s" rx="%s"/>`, num(b.X), num(b.Y), num(b.W), num(b.H), num(r))
}

// person is a head over shoulders.
func (s *svg) person(b Box) {
	x, y := b.X+padX+8, b.Y+b.H/2
	s.put(`<circle class="icon" cx="%s" cy="%s" r="4.5"/>`, num(x), num(y-6))
	s.put(`<path class="icon" d="M%s a8,8 0 0 1 16,0 z"/>`, at(Point{x - 8, y + 9}))
}

// capW is the width of the round ends of a queue.
const capW = 7.0

// pipe is a cylinder lying on its side with slots at its right end, where the next
// message leaves.
func (s *svg) pipe(b Box) {
	top := Point{b.X + capW, b.Y}
	s.put(`<path class="shape" d="M%s h%s a%s,%s 0 0 1 0,%s h-%s a%s,%s 0 0 1 0,-%s z"/>`, at(top),
		num(b.W-2*capW), num(capW), num(b.H/2), num(b.H), num(b.W-2*capW), num(capW), num(b.H/2), num(b.H))
	for i := range 4 {
		x := b.X + b.W - capW - 8*float64(i)
		s.put(`<path class="mark" d="M%s a%s,%s 0 0 0 0,%s"/>`, at(Point{x, b.Y}), num(capW), num(b.H/2), num(b.H))
	}
}

// hexagon has its corners above and below the edges' ends, and a fan inside: one in,
// many out.
func (s *svg) hexagon(b Box) {
	cut := min(b.H/4, 13)
	s.put(`<path class="shape" d="M%s h%s l%s,%s v%s l-%s,%s h-%s l-%s,-%s v-%s z"/>`, at(Point{b.X + cut, b.Y}),
		num(b.W-2*cut), num(cut), num(cut), num(b.H-2*cut), num(cut), num(cut), num(b.W-2*cut), num(cut), num(cut), num(b.H-2*cut))
	x, y := b.X+padX+2, b.Y+b.H/2
	s.put(`<circle class="icon" cx="%s" cy="%s" r="3"/>`, num(x), num(y))
	for _, dy := range [...]float64{-8, 0, 8} {
		s.put(`<path class="mark" d="M%s l13,%s"/>`, at(Point{x, y}), num(dy))
	}
}
