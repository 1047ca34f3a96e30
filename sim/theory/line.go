package theory

import (
	"fmt"
	"math"
	"strings"

	"asynclab/sim/design"
	"asynclab/sim/draw"
)

// negligible is a share that no run shows.
const negligible = 1e-6

// line is the room of a service in line, per instance; -1 where it does not matter.
func (s *service) line() int {
	room := design.DefaultRoom
	if s.d.HasRoom {
		room = s.d.Room
	}
	if room == design.Unlimited {
		return -1
	}
	return room
}

// queue finds the model of a service's line by its own numbers. The model is nil where
// none fits; s.trouble then says why.
func (x *system) queue(s *service) (Queue, *Model, Kind) {
	rate, work := s.rate, s.work.mean()
	c := s.workers
	if c == 0 || x.ample(s) {
		return MGInf(rate, work), mginf, Exact
	}
	n := max(1, s.d.Instances)
	if why := x.disturbed(s); why != "" {
		s.trouble = why
		return Queue{}, nil, 0
	}
	each, ca2 := rate, 1.0
	var interval func(float64) float64
	kind := Exact
	direct := len(s.sources) == 1 && !s.others && len(s.readers) == 0
	if s.rough != "" && len(s.sources) == 0 {
		kind = Approximation
	} else if s.rough != "" {
		if !direct {
			s.trouble = s.rough
			return Queue{}, nil, 0
		}
		if _, ca2, interval = intervals(&x.d.Loads[s.sources[0]]); interval == nil {
			s.trouble = s.rough
			return Queue{}, nil, 0
		}
	}
	if n > 1 && len(s.readers) == 0 {
		word := "round-robin"
		if s.d.Balance != nil {
			word = s.d.Balance.Word
		}
		each, c = rate/float64(n), c/n
		switch {
		case word == "random" && ca2 == 1:
		case word == "round-robin":
			ca2 /= float64(n)
			if s.rough == "" {
				interval = erlangInterval(n, each)
			} else {
				interval = nil
			}
			if !direct {
				kind = Approximation
			}
		default:
			q, err := MMC(rate, work, n*c)
			if err != nil {
				s.trouble = err.Error()
				return q, nil, 0
			}
			s.trouble = "instances are chosen " + word
			return q, nil, Bound
		}
	}
	q, m, k := x.single(s, each, work, ca2, c, interval)
	if m != nil && n > 1 && len(s.readers) == 0 {
		q.Waiting, q.Busy, q.Servers = q.Waiting*float64(n), q.Busy*float64(n), n*c
	}
	return q, m, max(kind, k)
}

// erlangInterval is the quantile function of the intervals of every n-th Poisson arrival,
// of the given rate.
func erlangInterval(n int, rate float64) func(u float64) float64 {
	d, err := draw.Parse(fmt.Sprintf("erlang(%d, %.17gs)", n, 1/rate), draw.Seconds, nil)
	if err != nil {
		return nil
	}
	return d.Sample
}

// single solves one line with c workers.
func (x *system) single(s *service, rate, work, ca2 float64, c int, interval func(float64) float64) (Queue, *Model, Kind) {
	line := s.line()
	exp := s.work.shape == exponential && s.classes == 1
	if s.d.Discipline == design.Sharing && line >= 0 {
		line = max(0, line-c)
	}
	if len(s.readers) > 0 {
		line = -1
		if m := s.readers[0].queue.MaxLength; m != design.Unlimited {
			if line = m; m == 0 {
				line = design.DefaultRoom
			}
		}
	}
	if q, m, ok := x.patience(s, rate, work, c, line, exp); ok {
		return q, m, Exact
	}
	bounded, err := MMCK(rate, work, c, line, math.Inf(1))
	if err != nil {
		s.trouble = err.Error()
		return Queue{}, nil, 0
	}
	cv2 := s.work.cv2()
	if math.IsInf(cv2, 1) {
		s.trouble = "its work has no variance"
		return Queue{}, nil, 0
	}
	loses := bounded.Refused > negligible/10
	if line >= 0 && !loses && cv2 > 1 { // a line is about (1+cv2)/2 times as long
		t, _ := MMCK(rate, work, c, int(float64(line)*2/(1+cv2)), math.Inf(1))
		loses = t.Refused > negligible/10
	}
	switch {
	case loses && line == 0 && ca2 == 1:
		return bounded, lossB, Exact
	case loses && exp && ca2 == 1, loses && s.d.Discipline == design.Sharing && ca2 == 1:
		return bounded, mmck, Exact
	case loses:
		s.trouble = "its line is bounded and turns some away, and M/M/c/K needs Poisson arrivals and exponential work"
		return Queue{}, nil, 0
	}
	return x.endless(s, rate, work, ca2, cv2, c, exp, interval)
}

// endless solves a line whose bound does not matter.
func (x *system) endless(s *service, rate, work, ca2, cv2 float64, c int, exp bool, interval func(float64) float64) (q Queue, m *Model, kind Kind) {
	var err error
	poisson := ca2 == 1
	switch {
	case s.d.Discipline == design.Sharing:
		q, err = MMC(rate, work, c)
		if m = sharing; !poisson {
			s.trouble, m = s.rough, nil
		}
		q.tail = nil
	case s.d.Discipline == design.Preemptive:
		s.trouble = "work is interrupted by that of a higher priority"
	case s.d.Discipline == design.Priority && x.priorities(s) > 1:
		s.trouble = "several priorities share the line"
		if c == 1 && poisson {
			return x.priority(s)
		}
	case poisson && exp:
		q, err = MMC(rate, work, c)
		if m = mmc; c == 1 {
			m = mm1
		}
	case poisson && s.work.shape == constant && s.classes == 1:
		var exact bool
		q, exact, err = MDC(rate, work, c)
		if m = mdc; c == 1 {
			m = md1
		}
		if !exact {
			kind = Approximation
		}
	case poisson && c == 1:
		q, err = MG1(rate, work, cv2)
		m = mg1
	case poisson:
		q, err = MGC(rate, work, cv2, c)
		m, kind = mgc, Approximation
	case exp && c == 1 && interval != nil:
		q, err = GM1(rate, work, interval)
		m = gm1
	default:
		q, err = GGC(rate, work, ca2, cv2, c)
		m, kind = ggc, Approximation
	}
	if s.d.Discipline == design.LIFO || s.d.Discipline == design.EarliestDeadline {
		q.tail = nil
	}
	if err != nil {
		s.trouble = err.Error()
		m = nil
	}
	return q, m, kind
}

// patience solves a line whose customers give up waiting: Erlang-A.
func (x *system) patience(s *service, rate, work float64, c, line int, exp bool) (Queue, *Model, bool) {
	var p *draw.Dist
	for _, i := range s.sources {
		l := &x.d.Loads[i]
		if !l.HasLimit || l.Patience.IsZero() || p != nil && !p.Equal(&l.Patience) {
			return Queue{}, nil, false
		}
		p = &l.Patience
	}
	if p == nil || !exp || s.others || len(s.readers) > 0 || s.d.Discipline != design.FIFO {
		return Queue{}, nil, false
	}
	switch {
	case p.Kind() == draw.Exponential:
		q, err := MMCK(rate, work, c, line, p.Mean())
		return q, erlangA, err == nil
	case p.IsConstant():
		return MMCD(rate, work, c, p.Mean()), mmcd, true
	}
	return Queue{}, nil, false
}

func (x *system) priorities(s *service) int {
	levels := map[int]bool{}
	for _, i := range s.sources {
		levels[x.d.Loads[i].Priority] = true
	}
	return len(levels)
}

// priority solves M/G/1 with priorities, whose tasks come straight from loads that each
// ask for one kind of work.
func (x *system) priority(s *service) (Queue, *Model, Kind) {
	if s.others || len(s.readers) > 0 {
		return Queue{}, nil, 0
	}
	classes := make([]Class, design.MaxPriorities)
	for _, i := range s.sources {
		l := &x.d.Loads[i]
		h := x.at[l.To]
		if len(h.parts) != 1 {
			return Queue{}, nil, 0
		}
		c, r := &classes[l.Priority], rateOf(l)
		c.Work = (c.Work*c.Rate + h.work[0].mean()*r) / (c.Rate + r)
		c.Second = (c.Second*c.Rate + h.work[0].m2/h.work[0].p*r) / (c.Rate + r)
		c.Rate += r
	}
	waits, err := Cobham(classes)
	if err != nil {
		s.trouble = err.Error()
		return Queue{}, nil, 0
	}
	s.trouble = ""
	q := Queue{Servers: 1, Throughput: s.rate, Busy: s.rate * s.work.mean()}
	for i, w := range waits {
		q.Wait += w * classes[i].Rate / s.rate
	}
	q.Utilization, q.Waiting, q.Sojourn = q.Busy, s.rate*q.Wait, q.Wait+s.work.mean()
	return q, cobham, Exact
}

// disturbed says what at a service no model here knows; "" if nothing.
func (x *system) disturbed(s *service) string {
	var all []string
	if len(s.d.Uses) > 0 {
		all = append(all, "a "+s.d.Uses[0].Of.Declaration().Key+" stands at its door")
	}
	if s.d.Errors > 0 {
		all = append(all, "some of its tasks fail at their start")
	}
	for _, i := range s.sources {
		l := &x.d.Loads[i]
		if l.PriorityBy != "" && (s.d.Discipline == design.Priority || s.d.Discipline == design.Preemptive) {
			all = append(all, "priorities depend on an attribute of the operation")
		}
		if len(l.Uses) > 0 {
			all = append(all, fmt.Sprintf("load %s asks through a %s", l.Name, l.Uses[0].Of.Declaration().Key))
		}
	}
	if s.d.OnFull == design.DropOldest && s.line() >= 0 && s.line() < design.DefaultRoom {
		all = append(all, "a newcomer drops the oldest of a full line")
	}
	if len(s.readers) > 0 {
		if why := x.consumes(s); why != "" {
			all = append(all, why)
		}
	}
	return strings.Join(all, "; ")
}
