package theory

import (
	"math"

	"asynclab/sim/design"
)

// clock walks through a handler's steps to find mean times.
type clock struct {
	x      *system
	from   string // the service
	speed  float64
	stand  float64 // mean time of a stand in line
	bare   bool    // work only: no links, delays and lines
	p, now float64
	open   float64 // share that has not replied
	replyP float64
	replyT float64
	endP   float64
	endT   float64
	sends  func(t design.Target, p, at float64)
	kind   Kind
}

func (c *clock) add(t span) {
	c.now += t.mean
	c.kind = max(c.kind, t.kind)
}

// run walks a whole handler.
func (c *clock) run(h *handler) {
	c.p, c.open = 1, 1
	for i, part := range h.parts {
		if h.needs[i] && !c.bare {
			c.now += c.stand
		}
		c.steps(h, part)
	}
	c.end()
}

func (c *clock) end() {
	c.endP += c.p
	c.endT += c.p * c.now
	c.reply()
}

func (c *clock) reply() {
	c.replyP += c.open
	c.replyT += c.open * c.now
	c.open = 0
}

func (c *clock) steps(h *handler, steps []design.Step) {
	for i := range steps {
		if c.p == 0 {
			return
		}
		c.step(h, &steps[i])
	}
}

func (c *clock) step(h *handler, s *design.Step) {
	switch s.Op {
	case design.Work:
		c.now += s.Dist.Mean() / c.speed
	case design.Delay:
		if !c.bare {
			c.now += s.Dist.Mean()
		}
	case design.Call, design.Await:
		c.add(c.x.answer(c.from, s.To, c.bare))
	case design.Send, design.Publish:
		if s.Confirm && !c.bare {
			c.now += c.x.way(c.from, s.To.Node) + c.x.way(s.To.Node, c.from)
		}
		if c.sends != nil {
			c.sends(s.To, c.p, c.now)
		}
	case design.Reply:
		c.reply()
	case design.Fail:
		p := s.FailProb()
		c.p, c.open = c.p*(1-p), c.open*(1-p)
	case design.Nack:
		c.p, c.open = 0, 0
	case design.Stop:
		c.end()
		c.p, c.open = 0, 0
	case design.Repeat:
		if len(s.Branches) > 0 {
			begin := c.now
			c.steps(h, s.Branches[0])
			c.now = begin + (c.now-begin)*float64(s.Count)
		}
	case design.Choose:
		c.choose(h, s)
	case design.Parallel:
		c.add(c.x.join(h, c.from, c.bare))
	}
}

func (c *clock) choose(h *handler, s *design.Step) {
	p0, now0, open0 := c.p, c.now, c.open
	p, t, open, rest := 0.0, 0.0, 0.0, 1.0
	for k, b := range s.Branches {
		w := weight(s, k)
		rest -= w
		c.p, c.now, c.open = p0*w, now0, open0*w
		c.steps(h, b)
		p, t, open = p+c.p, t+c.p*c.now, open+c.open
	}
	rest = max(rest, 0)
	p, t, open = p+p0*rest, t+p0*rest*now0, open+open0*rest
	c.p, c.open, c.now = p, open, now0
	if p > 0 {
		c.now = t / p
	}
}

func finite64(x float64) bool { return !math.IsNaN(x) && !math.IsInf(x, 0) }
