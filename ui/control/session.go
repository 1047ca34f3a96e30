package control

import (
	"fmt"
	"time"

	"asynclab/scenarios"
	"asynclab/sim/design"
	"asynclab/sim/engine"
	"asynclab/sim/expect"
	"asynclab/sim/measure"
	"asynclab/sim/record"
)

// MaxLanes is how many designs can stand side by side.
const MaxLanes = 4

// Options tune a Session. The zero value suits a window.
type Options struct {
	Length  time.Duration  // of the runs; 0: as in the scenario
	Dots    int            // most messages in motion shown in a lane; 0: 1,000
	Log     int            // lines of the log kept for a lane; 0: 1,000
	Memory  int            // bytes of all checkpoints; 0: 256 MiB
	Spacing uint64         // events of all lanes between checkpoints, initially; 0: 50,000
	Windows []measure.Span // that are asked about, besides those of the scenario's expectations
	Asked   []string       // names of metrics, likewise

	Voice record.Voice             // language of what stands in nodes; nil is English
	Name  func(node string) string // the name that is shown of a node; nil: its own

	// For Controller.Open: where and how fast it plays. The zero values are the
	// beginning and the scenario's default speed.
	At    time.Duration
	Speed float64
}

func (o Options) filled() Options {
	def := func(n *int, x int) {
		if *n == 0 {
			*n = x
		}
	}
	def(&o.Dots, 1_000)
	def(&o.Log, 1_000)
	def(&o.Memory, 256<<20)
	if o.Spacing == 0 {
		o.Spacing = 50_000
	}
	return o
}

// Session is one to four designs of a scenario under one clock, the simulated
// one. Its methods work on the caller's goroutine, and are not safe for concurrent
// use.
type Session struct {
	sc    *scenarios.Scenario
	opt   Options
	lanes []*lane

	length  int64
	now     int64 // all lanes have reached this time
	aim     int64 // some lanes may have reached this time: an interrupted step
	reached int64
	density float64 // events per simulated nanosecond, to choose the length of a step
	stride  int64   // length of the last step

	saves   []save // ordered by time
	spacing uint64
	bytes   int

	history // of changes by hand
	goal    goal
	goals   uint64 // how many there were
	stopped Stop
	follow  uint64
	leaps   []Leap
	fade    time.Duration // simulated time for which a spark is shown
	quick   time.Duration // a message that takes less simulated time is not seen
}

// Open starts a session with some designs of a scenario, by their indices; none
// means the first ones. They get the same load, seed and length.
func Open(sc *scenarios.Scenario, designs []int, opt Options) (*Session, error) {
	if len(designs) == 0 {
		for i := range min(len(sc.Designs), MaxLanes) {
			designs = append(designs, i)
		}
	}
	if len(designs) == 0 || len(designs) > MaxLanes {
		return nil, fmt.Errorf("%d designs: one to %d can be opened together", len(designs), MaxLanes)
	}
	s := &Session{sc: sc, opt: opt.filled(), fade: time.Second}
	s.spacing = s.opt.Spacing
	length := opt.Length
	if length == 0 {
		length = Length(sc)
	}
	s.length = int64(length)
	warmup := sc.Run.WarmupOf(length)
	if warmup >= length {
		warmup = 0
	}
	cfg := engine.Config{Duration: length, Warmup: warmup, Drain: sc.Run.Drain, Seed: sc.Run.Seed, MaxEvents: sc.Run.MaxEvents}
	var all []*expect.Expectation
	for _, e := range sc.Expect {
		all = append(all, e.Parsed)
	}
	cfg.Windows, cfg.Asked = append(expect.Spans(all), opt.Windows...), append(expect.Names(all), opt.Asked...)
	wide := 0.0 // lanes side by side have no width to spare
	if len(designs) == 1 {
		wide = 2.2
	}
	for _, d := range designs {
		if d < 0 || d >= len(sc.Designs) {
			return nil, fmt.Errorf("there is no design number %d in %s", d, sc.Name)
		}
		title := sc.Designs[d].Name
		if d < len(sc.DesignTitles) {
			title = sc.DesignTitles[d]
		}
		var used []scenarios.Used
		if d < len(sc.Presets) {
			used = sc.Presets[d]
		}
		l, err := newLane(sc.Designs[d], used, title, cfg, &s.opt, wide)
		if err != nil {
			return nil, err
		}
		s.lanes = append(s.lanes, l)
	}
	s.changes = s.fromScenario()
	if err := s.plan(); err != nil {
		return nil, err
	}
	s.keep()
	return s, nil
}

// Length is how long a scenario is played: its duration, or, if it ends after a
// number of completions, about the time that they take.
func Length(sc *scenarios.Scenario) time.Duration {
	const least, most = 10 * time.Second, 24 * time.Hour
	if sc.Run.Duration > 0 {
		return sc.Run.Duration
	}
	rate := 0.0
	for _, d := range sc.Designs {
		here := 0.0
		for i := range d.Loads {
			here += loadRate(&d.Loads[i])
		}
		rate = max(rate, here)
	}
	if rate <= 0 {
		return 10 * time.Minute
	}
	seconds := float64(sc.Run.Completions) / rate
	if share := sc.Run.WarmupShare; share > 0 {
		seconds /= 1 - share
	}
	seconds += sc.Run.Warmup.Seconds()
	if seconds > most.Seconds() {
		return most
	}
	return max(least, time.Duration(seconds*1e9).Round(time.Second))
}

// loadRate is about how many operations a load offers per second.
func loadRate(l *design.Load) float64 {
	a := &l.Arrivals
	switch {
	case a.Kind == design.NoArrivals:
		return float64(l.Users) / max(l.Think.Mean(), 0.1)
	case a.Kind == design.Renewal:
		return 1 / max(a.Interval.Mean(), 1e-9)
	case len(a.Profile) > 0:
		n, span := 0.0, 0.0
		for _, p := range a.Profile {
			n += (p.From + p.To) / 2 * p.For.Seconds()
			span += p.For.Seconds()
		}
		if span > 0 {
			return n / span
		}
	case a.Kind == design.Trace && len(a.Times) > 0:
		return float64(len(a.Times)) / max(float64(a.Times[len(a.Times)-1])/1e9, 1e-9)
	}
	return a.Rate
}

// Scenes are the pictures of the lanes.
func (s *Session) Scenes() []Scene {
	var all []Scene
	for _, l := range s.lanes {
		all = append(all, l.scene)
	}
	return all
}

// Scenario is the scenario that was opened.
func (s *Session) Scenario() *scenarios.Scenario { return s.sc }

// Now is the simulated time.
func (s *Session) Now() time.Duration { return time.Duration(s.now) }

// Length is the length of the runs.
func (s *Session) Length() time.Duration { return time.Duration(s.length) }

// Reached is the furthest simulated time so far.
func (s *Session) Reached() time.Duration { return time.Duration(s.reached) }

// Over reports whether every lane has ended.
func (s *Session) Over() bool {
	for _, l := range s.lanes {
		if l.run.End() == engine.Running {
			return false
		}
	}
	return true
}

// Events is the number of events of all lanes up to now.
func (s *Session) Events() uint64 {
	n := uint64(0)
	for _, l := range s.lanes {
		n += l.run.Events()
	}
	return n
}

// next is the time of the next event of any lane.
func (s *Session) next() (at int64, ok bool) {
	for _, l := range s.lanes {
		if t, more := l.run.Next(); more && (!ok || t < at) {
			at, ok = t, true
		}
	}
	return at, ok
}

// sampling reports whether the next event of every lane only takes a sample.
func (s *Session) sampling() bool {
	for _, l := range s.lanes {
		if _, more := l.run.Next(); more && !l.run.Sampling() {
			return false
		}
	}
	return true
}

// Fingerprint is the fingerprint of a lane's run.
func (s *Session) Fingerprint(lane int) uint64 { return s.lanes[lane].run.Fingerprint() }

// Advance advances all lanes to a time, together, but by not much more than
// that many events (0: unlimited). It reports whether they have reached it, or
// ended.
func (s *Session) Advance(until time.Duration, maxEvents uint64) bool {
	stop := s.Events() + maxEvents
	if maxEvents == 0 {
		stop = ^uint64(0)
	}
	end := min(int64(until), s.length)
	for s.now < end && !s.Over() {
		before := s.Events()
		if before >= stop {
			return false
		}
		most := min(stop-before, s.spacing/2) // or a burst would be run through without a checkpoint
		if s.aim <= s.now {
			s.aim = min(end, s.now+s.step(most))
		}
		from := s.now
		s.together(most)
		if s.now > from {
			s.stride = s.now - from
			s.density = max(float64(s.Events()-before)/float64(s.stride), s.density/4)
		}
		s.keep()
	}
	return true
}

// step is the simulated time for about that many events, but not much longer
// than the last step, because the rate of events may have changed.
func (s *Session) step(events uint64) int64 {
	if s.stride == 0 {
		s.stride = s.length/100_000 + 1
	}
	most := min(4*float64(s.stride), float64(s.length))
	if s.density > 0 {
		most = min(most, float64(events)/s.density)
	}
	return max(1, int64(most))
}

// together advances every lane to the aim, unless that takes far more events
// than expected. Then it reduces the aim, but to no less than the time that a
// lane has reached, and the rest remains for the next call.
func (s *Session) together(events uint64) {
	bound := events
	if bound < 1<<40 {
		bound = 2*bound + 1_000
	}
	there, first := true, s.now
	for _, l := range s.lanes {
		l.run.Advance(s.aim, bound)
		if t, ok := l.run.Next(); ok && t <= s.aim || l.run.Draining() {
			there = false
			s.aim = max(first, l.run.Now())
		} else {
			l.run.Advance(s.aim, 0) // move the clock, if the last event was earlier
		}
		first = max(first, l.run.Now())
	}
	if there {
		s.moved(s.aim)
	}
}

// level advances all lanes to the same time, with no event left before it.
func (s *Session) level() {
	s.aim = max(s.aim, s.now)
	for _, l := range s.lanes {
		l.run.Advance(s.aim, 0)
	}
	s.moved(s.aim)
}

func (s *Session) moved(to int64) {
	s.now = to
	s.reached = max(s.reached, to)
	for _, l := range s.lanes {
		l.learn()
	}
}

// keep takes a checkpoint if the run is further than ever, and enough events
// have passed since the last. When checkpoints take too much memory, every
// other one is dropped, and their spacing doubles.
func (s *Session) keep() {
	events := s.Events()
	if n := len(s.saves); n > 0 && (s.now <= s.saves[n-1].time || events < s.saves[n-1].events+s.spacing || s.aim > s.now) {
		return
	}
	c := save{time: s.now, events: events}
	for _, l := range s.lanes {
		one := l.save()
		c.lanes = append(c.lanes, one)
		c.bytes += one.run.Bytes() + one.memory.bytes()
	}
	s.saves = append(s.saves, c)
	s.bytes += c.bytes
	for s.bytes > s.opt.Memory && len(s.saves) > 2 {
		s.thin()
	}
}

func (s *Session) thin() {
	s.spacing *= 2
	kept := s.saves[:1]
	s.bytes = s.saves[0].bytes
	for i := 2; i < len(s.saves); i += 2 {
		kept = append(kept, s.saves[i])
		s.bytes += s.saves[i].bytes
	}
	clear(s.saves[len(kept):])
	s.saves = kept
}

// Checkpoints is their number, and about how many bytes they hold.
func (s *Session) Checkpoints() (n, bytes int) { return len(s.saves), s.bytes }

// nearest is the last checkpoint at or before a time.
func (s *Session) nearest(t int64) int {
	i := len(s.saves) - 1
	for i > 0 && s.saves[i].time > t {
		i--
	}
	return i
}

// nearestWithLog is the last checkpoint that is some time before t, so that the
// log has lines when t is reached.
func (s *Session) nearestWithLog(t int64) int {
	i := s.nearest(t)
	if i > 0 && t-s.saves[i].time < (s.saves[i].time-s.saves[i-1].time)/10 {
		i--
	}
	return i
}

// back restores every lane from a checkpoint, with the future changes.
func (s *Session) back(i int) error {
	c := &s.saves[i]
	for n, l := range s.lanes {
		l.restore(&c.lanes[n])
		if err := l.run.Plan(s.planned(n)); err != nil {
			return err
		}
	}
	s.now, s.aim = c.time, c.time
	return nil
}
