package theory

import (
	"asynclab/sim/design"
	"asynclab/sim/draw"
	"asynclab/sim/mech/overflow"
)

// moments are the mean and the second moment of a time, unnormalised: of the share of
// the cases in which it comes to its end. shape says what its distribution is.
type moments struct {
	p, m1, m2 float64
	shape     shape
	of        float64 // the mean of a shape that has one
}

type shape uint8

const (
	zero shape = iota
	constant
	exponential
	other
)

func (m moments) mean() float64 { return m.m1 / m.p }

// cv2 is the squared coefficient of variation.
func (m moments) cv2() float64 {
	mean := m.mean()
	switch {
	case mean == 0 || m.shape == constant:
		return 0
	case m.shape == exponential:
		return 1
	}
	return max(0, m.m2/m.p/mean/mean-1)
}

var nothing = moments{p: 1}

func momentsOf(d *draw.Dist, speed float64) moments {
	mean := d.Mean() / speed
	m := moments{p: 1, m1: mean, m2: d.Variance()/speed/speed + mean*mean, shape: other, of: mean}
	switch {
	case d.IsZero():
		return nothing
	case d.IsConstant():
		m.shape = constant
	case d.Kind() == draw.Exponential:
		m.shape = exponential
	}
	return m
}

// then is one time after the other, independent of it.
func (m moments) then(n moments) moments {
	s := moments{p: m.p * n.p, m1: m.m1*n.p + m.p*n.m1, m2: m.m2*n.p + 2*m.m1*n.m1 + m.p*n.m2, shape: other}
	switch {
	case n.shape == zero:
		s.shape, s.of = m.shape, m.of
	case m.shape == zero:
		s.shape, s.of = n.shape, n.of
	case m.shape == constant && n.shape == constant:
		s.shape, s.of = constant, m.of+n.of
	}
	return s
}

// or is either of two times; both are weighted already.
func (m moments) or(n moments) moments {
	s := moments{p: m.p + n.p, m1: m.m1 + n.m1, m2: m.m2 + n.m2, shape: other}
	switch {
	case n.p == 0:
		s.shape, s.of = m.shape, m.of
	case m.p == 0, m.shape == n.shape && m.of == n.of:
		s.shape, s.of = n.shape, n.of
	}
	return s
}

func (m moments) weighted(p float64) moments {
	m.p, m.m1, m.m2 = m.p*p, m.m1*p, m.m2*p
	return m
}

// handler is a handler as the analysis sees it.
type handler struct {
	at       design.Target
	svc      int
	parts    [][]design.Step // between steps that give the worker back
	needs    []bool          // whether a part needs a worker
	work     []moments       // of a part, own work only
	reach    []float64       // share of the tasks that come to a part
	held     bool            // a worker waits for an answer
	sends    []sent
	fails    float64 // share that ends in failure
	trouble  string  // why it cannot be analysed; ""
	fork     []design.Target
	rate     float64 // tasks per second
	replies  bool    // it replies before its end
	requeued bool    // what fails is delivered again
}

// sent is a message that a handler sends, with the expected number per task.
type sent struct {
	to   design.Target
	n    float64
	op   design.StepOp
	held bool // the worker waits for the answer
}

// read analyses the steps of a handler.
func (x *system) read(h *handler, steps []design.Step, speed float64) {
	from, reach := 0, 1.0
	cut := func(to int) {
		part := steps[from:to]
		h.parts = append(h.parts, part)
		h.needs = append(h.needs, x.needsWorker(part))
		on, ended := x.workOf(part, speed)
		h.work = append(h.work, on.or(ended))
		h.reach = append(h.reach, reach)
		reach *= on.p
	}
	for i := range steps {
		if s := &steps[i]; s.Op == design.Await || s.Op == design.Delay {
			cut(i)
			h.parts = append(h.parts, steps[i:i+1])
			h.needs, h.work, h.reach = append(h.needs, false), append(h.work, nothing), append(h.reach, reach)
			from = i + 1
		}
	}
	cut(len(steps))
	left := x.visit(h, steps, 1, 0)
	h.fails = 1 - left
	if h.fails < 1e-12 {
		h.fails = 0
	}
}

// needsWorker reports whether a part takes a worker.
func (x *system) needsWorker(steps []design.Step) bool {
	for i := range steps {
		s := &steps[i]
		switch s.Op {
		case design.Work:
			if !s.Dist.IsZero() {
				return true
			}
		case design.Call:
			return true
		case design.Publish:
			if s.Confirm || x.blocks(s.To) {
				return true
			}
		}
		for _, b := range s.Branches {
			if x.needsWorker(b) {
				return true
			}
		}
	}
	return false
}

func (x *system) blocks(t design.Target) bool {
	q := x.queues[t]
	return q != nil && q.Overflow == overflow.Block && q.MaxLength != design.Unlimited
}

// workOf gives the moments of the own work of steps, of those that go on after them and
// of those that end in them.
func (x *system) workOf(steps []design.Step, speed float64) (on, ended moments) {
	on = nothing
	for i := range steps {
		s := &steps[i]
		switch s.Op {
		case design.Work:
			on = on.then(momentsOf(&s.Dist, speed))
		case design.Fail:
			p := s.FailProb()
			ended = ended.or(on.weighted(p))
			on = on.weighted(1 - p)
		case design.Nack, design.Stop:
			return moments{}, ended.or(on)
		case design.Repeat:
			if len(s.Branches) == 0 {
				continue
			}
			once, _ := x.workOf(s.Branches[0], speed)
			n, v := float64(s.Count), once.m2-once.m1*once.m1
			all := moments{p: 1, m1: n * once.m1, m2: n*v + n*n*once.m1*once.m1, shape: other}
			if once.shape == zero || once.shape == constant {
				all.shape, all.of = once.shape, n*once.of
			} else if s.Count == 1 {
				all.shape, all.of = once.shape, once.of
			}
			on = on.then(all)
		case design.Choose:
			rest, some, out := 1.0, moments{}, moments{}
			for k, b := range s.Branches {
				p := weight(s, k)
				rest -= p
				o, e := x.workOf(b, speed)
				some, out = some.or(o.weighted(p)), out.or(e.weighted(p))
			}
			if rest > 1e-12 {
				some = some.or(nothing.weighted(rest))
			}
			if out.p > 0 {
				ended = ended.or(on.then(out))
			}
			on = on.then(some)
		}
	}
	return on, ended
}

// weight is the probability of a branch; the last may have the rest.
func weight(s *design.Step, k int) float64 {
	if k < len(s.Weights) {
		return s.Weights[k]
	}
	if !s.Rest || len(s.Whens) > 0 {
		return 0
	}
	rest := 1.0
	for _, w := range s.Weights {
		rest -= w
	}
	return max(rest, 0)
}

// visit notes what the steps send, each reached by a share p of the tasks, and returns
// the share that comes to their end.
func (x *system) visit(h *handler, steps []design.Step, p float64, depth int) float64 {
	stopped := 0.0
	for i := range steps {
		s := &steps[i]
		if len(s.Uses) > 0 {
			h.trouble = "a " + s.Uses[0].Of.Declaration().Key + " stands before one of its calls"
		}
		if s.By != "" || !s.When.IsZero() || len(s.Whens) > 0 {
			h.trouble = "what it does depends on an attribute of the operation"
		}
		switch s.Op {
		case design.Call, design.Await, design.Send, design.Publish:
			held := s.Op == design.Call || s.Op == design.Publish && (s.Confirm || x.blocks(s.To))
			h.sends = append(h.sends, sent{s.To, p, s.Op, held})
			h.held = h.held || held
			if x.blocks(s.To) {
				h.trouble = "a full queue blocks it"
			}
			if depth > 0 && s.Op == design.Await {
				h.trouble = "it gives its worker back inside a branch"
			}
		case design.Delay:
			if depth > 0 {
				h.trouble = "it gives its worker back inside a branch"
			}
		case design.Reply:
			h.replies = h.replies || i < len(steps)-1 || depth > 0
		case design.Fail:
			p *= 1 - s.FailProb()
		case design.Nack:
			h.requeued = h.requeued || s.Requeue
			return stopped
		case design.Stop:
			return stopped + p
		case design.Choose:
			left := p
			through := 0.0
			for k, b := range s.Branches {
				left -= p * weight(s, k)
				through += x.visit(h, b, p*weight(s, k), depth+1)
			}
			p = through + max(left, 0)
		case design.Repeat:
			if len(s.Branches) > 0 {
				before := len(h.sends)
				x.visit(h, s.Branches[0], p, depth+1)
				for k := before; k < len(h.sends); k++ {
					h.sends[k].n *= float64(s.Count)
				}
			}
		case design.Parallel:
			x.parallel(h, s, p, depth)
		}
	}
	return stopped + p
}

// parallel notes a fork. Only one that calls handlers and nothing else can be told when
// it ends.
func (x *system) parallel(h *handler, s *design.Step, p float64, depth int) {
	times := 1
	if s.Times > 0 {
		times = s.Times
	}
	plain := depth == 0 && h.fork == nil && (s.Need == 0 || s.Need == times*len(s.Branches))
	var to []design.Target
	for _, b := range s.Branches {
		before := len(h.sends)
		x.visit(h, b, p, depth+1)
		for k := before; k < len(h.sends); k++ {
			h.sends[k].n *= float64(times)
		}
		plain = plain && len(b) == 1 && (b[0].Op == design.Call || b[0].Op == design.Await)
		if plain {
			for range times {
				to = append(to, b[0].To)
			}
		}
	}
	if !plain || len(to) > 1000 {
		h.trouble = "it waits for several at the same time"
		return
	}
	if h.trouble == "it gives its worker back inside a branch" { // in the fork all branches give it back
		h.trouble = ""
	}
	h.fork = to
}
