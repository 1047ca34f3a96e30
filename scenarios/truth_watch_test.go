package scenarios_test

import (
	"slices"
	"strings"
	"time"

	"asynclab/sim/engine"
	"asynclab/sim/measure"
)

// calc takes a value out of a replication.
type calc func(s *sample) float64

func m(name string) calc { return func(s *sample) float64 { return s.metric(name) } }

func sum(names ...string) calc {
	return func(s *sample) float64 {
		total := 0.0
		for _, n := range names {
			total += s.metric(n)
		}
		return total
	}
}

func div(a, b string) calc { return func(s *sample) float64 { return s.metric(a) / s.metric(b) } }

// scale is a·f + b.
func scale(a calc, f, b float64) calc { return func(s *sample) float64 { return a(s)*f + b } }

func minus(a, b calc) calc { return func(s *sample) float64 { return a(s) - b(s) } }

func times(a, b calc) calc { return func(s *sample) float64 { return a(s) * b(s) } }

func over(a, b calc) calc { return func(s *sample) float64 { return a(s) / b(s) } }

// inSystem is the mean number at a service, in line or in work.
func inSystem(service string) calc {
	return sum(service+".busy.mean", service+".waiting.mean")
}

// watched is a run under observation, in the measured window, but levels are
// followed from the beginning.
type watched struct {
	run     *engine.Run
	program *engine.Program
	warmup  int64
	notes   map[string]float64 // values that no metric has

	occupied map[string]*occupancy
	at       []*occupancy                // the same, by node
	counts   [engine.Changed + 1]float64 // of records, in the measured window
	more     []func(engine.Record)
	keep     bool // the histograms
	bins     map[string][]measure.Bin
}

// occupancy is how long a service held how many tasks.
type occupancy struct {
	n      int
	since  int64
	during []float64 // nanoseconds in the measured window
}

func (w *watched) node(name string) int32 { return int32(slices.Index(w.program.Nodes(), name)) }

// Observe is called by the run.
func (w *watched) Observe(r engine.Record) {
	if w.run.Draining() {
		return
	}
	if r.Time >= w.warmup {
		w.counts[r.Kind]++
	}
	if o := w.at[r.Node]; o != nil {
		o.observe(r, w.warmup)
	}
	for _, f := range w.more {
		f(r)
	}
}

func (o *occupancy) observe(r engine.Record, warmup int64) {
	switch r.Kind {
	case engine.TaskArrived:
		o.move(r.Time, warmup, +1)
	case engine.TaskEnded, engine.TaskRejected, engine.TaskCancelled, engine.TaskLost:
		o.move(r.Time, warmup, -1)
	}
}

func (o *occupancy) move(now, warmup int64, d int) {
	for len(o.during) <= o.n {
		o.during = append(o.during, 0)
	}
	if from := max(o.since, warmup); now > from {
		o.during[o.n] += float64(now - from)
	}
	o.since = now
	o.n += d
}

func (w *watched) look() {
	if w.occupied == nil {
		w.occupied = map[string]*occupancy{}
		w.at = make([]*occupancy, len(w.program.Nodes()))
		w.run.SetObserver(w)
	}
}

func (w *watched) follow(f func(engine.Record)) {
	w.look()
	w.more = append(w.more, f)
}

func (w *watched) advance(until time.Duration) { w.run.Advance(int64(until), 0) }

func (w *watched) closeBooks() {
	for _, o := range w.occupied {
		o.move(w.run.Now(), w.warmup, 0)
	}
}

// release lets the run go and keeps its histograms.
func (w *watched) release() {
	if w.keep {
		w.bins = map[string][]measure.Bin{}
		for name := range w.notes {
			if of, ok := strings.CutSuffix(name, ".p999"); ok {
				w.bins[of], _ = w.run.Distribution(of)
			}
		}
	}
	w.run, w.program, w.more, w.at = nil, nil, nil, nil
}

// histograms makes a case keep what its distributions look like.
func histograms(w *watched) { w.keep = true }

// occupancies follows how many tasks are at each of the services, and keeps the
// histograms too.
func occupancies(services ...string) func(*watched) {
	return func(w *watched) {
		w.look()
		w.keep = true
		for _, s := range services {
			o := &occupancy{}
			w.occupied[s], w.at[w.node(s)] = o, o
		}
	}
}

// share is the share of time during which a service held from lo to hi tasks.
func share(design, service string, lo, hi int) calc {
	return func(s *sample) float64 {
		part, all := 0.0, 0.0
		for n, d := range s.watched[design].occupied[service].during {
			all += d
			if n >= lo && n <= hi {
				part += d
			}
		}
		return part / all
	}
}

const many = 1 << 30

// variance of the number of tasks at a service.
func variance(service string) calc {
	return func(s *sample) float64 {
		var all, m1, m2 float64
		for n, d := range s.watched[""].occupied[service].during {
			all, m1, m2 = all+d, m1+float64(n)*d, m2+float64(n)*float64(n)*d
		}
		return m2/all - (m1/all)*(m1/all)
	}
}

// moment is the k-th moment of a distribution, from the middles of its bins.
func moment(design, dist string, k int) calc {
	return func(s *sample) float64 {
		total, n := 0.0, 0.0
		for _, b := range s.watched[design].bins[dist] {
			x := float64(b.Count)
			for range k {
				x *= (b.Lo + b.Hi) / 2
			}
			total, n = total+x, n+float64(b.Count)
		}
		return total / n
	}
}

// beyond is the share of a distribution above x seconds, counted in whole bins.
func beyond(design, dist string, x float64) calc {
	return func(s *sample) float64 {
		part, n := 0.0, 0.0
		for _, b := range s.watched[design].bins[dist] {
			if b.Lo > x {
				part += float64(b.Count)
			}
			n += float64(b.Count)
		}
		return part / n
	}
}

// waited is the share of tasks that did not begin at once.
func waited(design, service string) calc { return beyond(design, service+".wait", 0) }
