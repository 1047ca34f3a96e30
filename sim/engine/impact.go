package engine

import (
	"math"
	"slices"
	"time"

	"asynclab/sim/measure"
	"asynclab/sim/metric"
)

// What faults do to the operations of the window: fault.NAME.affected, and what
// fault.NAME.time_to_recover (see recover.go) needs.
//
//	quiet            begun               ended                    the next fault
//	  │   the calm     │  an occurrence    │   recovery?              │
//	  ├────────────────┼───────────────────┼──────────────────────────┤
//	  └ operations that arrived and ended  └ … or whose operations were open while it lasted:
//	    here say what is usual               more of them are bad than is usual
//
// Bad is an operation that failed, was degraded, or took longer than the p99 of the
// calm. A design without faults pays one test at the beginning and the end of an
// operation.

// The bounds.
const (
	maxTracked = 64  // faults that have metrics
	maxSpans   = 500 // occurrences that a result lists, and those that can have a time to recover
	leastCalm  = 100 // operations of a load, without which nothing is known to be usual

	// A fault that begins again looks at every operation that is open: at most this many,
	// and as many an event. A fault that flaps over a million open ones would be more work
	// than the run; what it affects is unknown then.
	freeLooks, eventLooks = 50_000_000, 10
)

// impact is the part of the state of a run.
type impact struct {
	on    bool
	quiet int64  // since when nothing has been wrong
	last  int64  // when the last occurrence of a tracked fault ended; never while one lasts
	began int64  // when something began to be wrong after the last quiet; -1: never yet
	more  int    // occurrences that spans does not list
	looks uint64 // at open operations, by faults that began again

	calm   []calm       // by load
	usual  measure.Bins // by load: how long its good operations of the calm took
	occurs []occurrence // by slot of a tracked fault: the latest
	tolls  []toll       // by slot and load, of that
	spans  []episode    // in the order in which they began
	behind int          // spans before it have a next

	width int64     // of an interval, as the recorder has it
	grid  []arrived // by interval and load
}

// calm is what a load's operations did that arrived and ended while nothing was wrong.
type calm struct{ n, bad uint64 }

// arrived is what became of the operations of a load that arrived in an interval.
type arrived struct{ offered, good uint32 }

// occurrence is the latest of a fault.
type occurrence struct {
	ended int64 // never: it lasts; 0: there has been none
	span  int32 // in spans, or none
	known bool  // affected is of one occurrence at least
	based bool  // there was a calm before it
	lost  bool  // it began again too often for what was open: affected is not known any more
	sum   float64
}

// toll is what a load's operations that were open during an occurrence did, and what
// the calm before it says.
type toll struct {
	n, bad uint64
	before calm
	limit  int32 // the bin of the p99; -1: there is none
}

// episode is one occurrence as a result lists it.
type episode struct {
	fault        int32
	quiet        int64 // when the calm before it began; never: there was none
	begun, ended int64 // ended: never while it lasts
	next         int64 // when the next fault began, not before it ended; never: none has
	affected     float64
}

// startImpact chooses the faults that have metrics: those that somebody asks for, then
// the first in the file.
func (r *Run) startImpact() error {
	m, faults := &r.impact, r.prog.faults
	if len(faults) == 0 {
		return nil
	}
	asked, err := metric.Choose(r.cfg.Asked...)
	if err != nil {
		return err
	}
	chosen := func(i int) bool {
		return !asked.All() && slices.ContainsFunc(metric.Fault.Metrics, func(m metric.Metric) bool {
			return asked.Has(metric.Ref{Metric: metric.Fault.Metric(m.Key), Element: faults[i].name})
		})
	}
	few, slots := len(faults) <= maxTracked, int32(0)
	for pass := range 2 {
		for i := range faults {
			if s := &r.faults[i]; s.slot == 0 && slots < maxTracked && (few || pass > 0 || chosen(i)) {
				slots++
				s.slot = slots
			}
		}
	}
	loads := len(r.prog.loads)
	m.on, m.quiet, m.began, m.width = true, int64(r.cfg.Warmup), -1, r.rec.Width()
	m.calm, m.usual = make([]calm, loads), measure.NewBins(loads)
	m.occurs, m.tolls = make([]occurrence, slots), make([]toll, int(slots)*loads)
	for i := range m.occurs {
		m.occurs[i].span = none
	}
	return nil
}

// faultBegins notes the beginning of an occurrence, before it counts as active.
func (r *Run) faultBegins(i int32) {
	m := &r.impact
	if !m.on {
		return
	}
	if len(r.active) == 0 {
		m.began = r.now
	}
	m.followed(r.now)
	at := episode{fault: i, quiet: never, begun: r.now, ended: never, next: never, affected: math.NaN()}
	if m.began == r.now { // whatever else is wrong began at this moment too
		at.quiet = m.quiet
	}
	slot := r.faults[i].slot - 1
	if slot >= 0 {
		r.closeToll(slot)
	}
	kept := none
	if fits := slot >= 0 && at.quiet < never && (at.begun-at.quiet)/m.width >= leastIntervals; fits || len(m.spans) < maxSpans {
		kept = int32(len(m.spans))
		m.spans = append(m.spans, at)
	} else {
		m.more++
	}
	if slot >= 0 {
		r.openToll(slot, kept, at.quiet < never)
	}
}

// followed notes that a fault begins, for the occurrences that are over.
func (m *impact) followed(now int64) {
	for k := m.behind; k < len(m.spans); k++ {
		s := &m.spans[k]
		if s.ended < never && s.next == never {
			s.next = now
		}
		if k == m.behind && s.next < never {
			m.behind++
		}
	}
}

// faultEnds notes the end of an occurrence, when it does not count as active any more.
func (r *Run) faultEnds(i int32) {
	m := &r.impact
	if !m.on {
		return
	}
	for k := m.behind; k < len(m.spans); k++ {
		switch s := &m.spans[k]; {
		case s.fault == i && s.ended == never:
			if s.ended = r.now; len(r.active) > 0 {
				s.next = r.now // it goes on being wrong
			}
		case s.ended == r.now && s.next == r.now && len(r.active) == 0:
			s.next = never // they ended together
		}
	}
	if len(r.active) == 0 {
		m.quiet = max(r.now, int64(r.cfg.Warmup))
		clear(m.calm)
		m.usual.Reset()
	}
	if slot := r.faults[i].slot - 1; slot >= 0 {
		m.occurs[slot].ended = r.now
		m.last = r.now
		for k := range m.occurs {
			m.last = max(m.last, m.occurs[k].ended)
		}
	}
}

// openToll begins to count the operations of an occurrence.
func (r *Run) openToll(slot, span int32, based bool) {
	m := &r.impact
	o := &m.occurs[slot]
	o.ended, o.span, o.based = never, span, based
	m.last = never
	for l, t := range r.tollsOf(slot) {
		*t = toll{before: m.calm[l], limit: -1}
		if bin, above, ok := m.usual.Quantile(l, 0.99); ok {
			t.limit = bin
			t.before.bad += above
		}
	}
}

func (r *Run) tollsOf(slot int32) func(yield func(load int, t *toll) bool) {
	return func(yield func(int, *toll) bool) {
		n := len(r.prog.loads)
		for l := range n {
			if !yield(l, &r.impact.tolls[int(slot)*n+l]) {
				return
			}
		}
	}
}

// closeToll adds what the latest occurrence of a fault has affected to those before.
func (r *Run) closeToll(slot int32) {
	m, o := &r.impact, &r.impact.occurs[slot]
	if o.based && !o.lost {
		m.looks += uint64(len(r.ops.items))
		o.lost = m.looks > freeLooks+eventLooks*r.events
	}
	if n := r.tollNow(slot); !math.IsNaN(n) {
		o.sum, o.known = o.sum+n, true
		if o.span != none {
			r.impact.spans[o.span].affected = n
		}
	}
}

// tollNow is how many operations the latest occurrence of a fault has affected so far;
// NaN without a calm before it that says what is usual.
func (r *Run) tollNow(slot int32) float64 {
	o, sum := &r.impact.occurs[slot], 0.0
	if !o.based || o.lost {
		return math.NaN()
	}
	tolls := make([]toll, len(r.prog.loads))
	for l, t := range r.tollsOf(slot) {
		tolls[l] = *t
	}
	for i := range r.ops.items { // who is open has taken as long as that already
		if p := &r.ops.items[i]; p.state == opOpen && p.measured && p.arrival < o.ended {
			t := &tolls[p.load]
			if t.n++; t.limit >= 0 && measure.BinOf(r.now-p.arrival) > t.limit {
				t.bad++
			}
		}
	}
	for _, t := range tolls {
		switch {
		case t.n > 0 && t.before.n < leastCalm:
			return math.NaN()
		case t.n > 0:
			usual := float64(float64(t.n) * float64(t.before.bad) / float64(t.before.n))
			sum += max(0, float64(t.bad)-usual)
		}
	}
	return sum
}

// affected is fault.NAME.affected, over all occurrences that have a number.
func (r *Run) affected(i int32) float64 {
	slot := r.faults[i].slot - 1
	if slot < 0 {
		return math.NaN()
	}
	o := r.impact.occurs[slot]
	n := r.tollNow(slot)
	switch {
	case o.lost:
		return math.NaN()
	case math.IsNaN(n) && o.known:
		return o.sum
	case math.IsNaN(n):
		return n
	}
	return o.sum + n
}

// came notes the arrival of an operation of the window.
func (m *impact) came(load, loads int, now int64) {
	at := int(now/m.width)*loads + load
	for at >= len(m.grid) {
		m.grid = append(m.grid, make([]arrived, loads)...)
	}
	m.grid[at].offered++
}

// coarsen joins the intervals in pairs, as the recorder does.
func (m *impact) coarsen(loads int, width int64) {
	for m.width < width {
		m.width *= 2
		n := len(m.grid) / loads
		for i := range n {
			for l := range loads {
				from, to := &m.grid[i*loads+l], &m.grid[i/2*loads+l]
				if i%2 == 0 {
					*to = *from
				} else {
					to.offered += from.offered
					to.good += from.good
				}
			}
		}
		m.grid = m.grid[:(n+1)/2*loads]
	}
}

// opImpact notes the end of an operation of the window.
func (r *Run) opImpact(o *op, s opState) {
	m, load := &r.impact, int(o.load)
	bad := s == opFailed || o.degraded
	took := r.now - o.arrival
	if !bad {
		m.grid[int(o.arrival/m.width)*len(r.prog.loads)+load].good++
	}
	if len(r.active) == 0 && o.arrival >= m.quiet {
		m.calm[load].n++
		if bad {
			m.calm[load].bad++
		} else {
			m.usual.Add(load, took)
		}
	}
	if o.arrival >= m.last {
		return
	}
	bin := measure.BinOf(took)
	for k := range m.occurs {
		if o.arrival < m.occurs[k].ended {
			t := &m.tolls[k*len(r.prog.loads)+load]
			if t.n++; bad || t.limit >= 0 && bin > t.limit {
				t.bad++
			}
		}
	}
}

// Episode is one occurrence of a fault, as an interval of time.
type Episode struct {
	Fault    string
	Kind     string
	From, To time.Duration // To is negative where the run ended before the fault
	Affected float64       // operations, as fault.NAME.affected; NaN: null
	Recovery float64       // seconds, as fault.NAME.time_to_recover; NaN: null
}

// Episodes lists the occurrences of faults in the order in which they began, and how
// many more there were, which have no numbers.
func (r *Run) Episodes() (all []Episode, more int) {
	find := recovery{r: r}
	for k := range r.impact.spans {
		s := &r.impact.spans[k]
		f := &r.prog.faults[s.fault]
		e := Episode{Fault: f.name, Kind: f.kind.String(), From: time.Duration(s.begun), To: -1, Affected: s.affected, Recovery: math.NaN()}
		if s.ended < never {
			e.To = time.Duration(s.ended)
		}
		if slot := r.faults[s.fault].slot - 1; slot >= 0 {
			e.Recovery = find.after(s)
			if r.impact.occurs[slot].span == int32(k) {
				e.Affected = r.tollNow(slot)
			}
		}
		all = append(all, e)
	}
	return all, r.impact.more
}

func (m *impact) clone() impact {
	c := *m
	c.calm = slices.Clone(m.calm)
	c.usual = m.usual.Clone()
	c.occurs = slices.Clone(m.occurs)
	c.tolls = slices.Clone(m.tolls)
	c.spans = slices.Clone(m.spans)
	c.grid = slices.Clone(m.grid)
	return c
}

func (m *impact) bytes() int {
	return m.usual.Bytes() + sizeOf(m.calm) + sizeOf(m.occurs) + sizeOf(m.tolls) + sizeOf(m.spans) + sizeOf(m.grid)
}
