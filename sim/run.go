package sim

import (
	"context"
	"errors"
	"fmt"
	"math"
	"runtime"
	"slices"
	"sync"
	"time"

	"asynclab/sim/design"
	"asynclab/sim/engine"
	"asynclab/sim/expect"
	"asynclab/sim/measure"
	"asynclab/sim/metric"
	"asynclab/sim/warning"
)

// Settings says how to run designs. The zero value of a field means "default".
type Settings struct {
	Duration     time.Duration // simulated, warm-up included
	Warmup       time.Duration // cut off from every metric
	WarmupShare  float64       // warm-up as a share of Duration, when Warmup is 0
	Drain        time.Duration // most that the drain lasts; negative: no drain
	Completions  uint64        // a run ends at this many measured completions
	Seed         uint64
	Replications int // 0 means 1; with a Precision the most, and 0 means MostPrecise
	// Precision adds replications, from 5 on, until intervals are this narrow: half of
	// one at most this share of its value (0.02), or 0.1 percentage points of a ratio;
	// see NewStopping. 0: exactly Replications.
	Precision   float64
	MaxEvents   uint64
	MaxInFlight int
	Points      int // of every series
	Parallel    int // runs at the same time; 0 means GOMAXPROCS

	Changes map[string][]design.Change // made by hand, by name of the design; replayed in every replication

	Expect  []*expect.Expectation // judged at the end
	Metrics metric.Choice         // that the result is to show; every expectation is judged
	Series  bool                  // keep the series of these metrics; of those that plots show, if none are chosen
	Sparks  bool                  // keep the course of what tables show, of the first replication
	Silence []warning.Kind        // only counted in the result

	Findings bool // say what happened in each design

	Noted map[string][]Warning // about what was done to a design before, by its name; part of its warnings
}

// MaxReplications limits the replications of one call.
const MaxReplications = 10_000

// Progress is the state of a call of Run. Run never calls its receiver
// concurrently.
type Progress struct {
	Design      string // of the run that made progress
	Replication int    // 1, 2, …
	Share       float64
	Events      uint64 // of all runs so far
	Now         time.Duration
}

// Failure is a run that the engine could not finish: a bug in asynclab, not a
// mistake in the scenario.
type Failure struct {
	Design      string
	Replication int
	Seed        uint64
	Cause       error
	Stack       string // of a panic
}

func (f *Failure) Error() string {
	return fmt.Sprintf("design %q, replication %d, seed %d: %v", f.Design, f.Replication, f.Seed, f.Cause)
}

func (f *Failure) Unwrap() error { return f.Cause }

// Run runs every design with every replication and judges the expectations. The
// result depends on designs, seed and settings only, never on Parallel or on
// the machine. When ctx ends, Run returns the finished replications with
// Interrupted set and a nil error.
func Run(ctx context.Context, designs []*design.Design, s Settings, progress func(Progress)) (*Result, error) {
	if err := errors.Join(CheckChoice(designs, s.Metrics), checkSeries(designs, s)); err != nil {
		return nil, err
	}
	return model.run(ctx, designs, s, progress)
}

// CheckChoice finds a pattern that chooses no metric of any design; the error is a
// *metric.ChoiceError with the nearest names.
func CheckChoice(designs []*design.Design, c metric.Choice) error {
	if c.All() {
		return nil
	}
	var programs []*engine.Program
	for _, d := range designs {
		p, err := engine.Compile(d)
		if err != nil {
			return fmt.Errorf("design %q: %w", d.Name, err)
		}
		programs = append(programs, p)
	}
	return c.Check(func(yield func(metric.Ref) bool) {
		for _, p := range programs {
			for _, m := range p.Metrics() {
				if !yield(m.Ref) {
					return
				}
			}
		}
	})
}

func (l lab) run(ctx context.Context, designs []*design.Design, s Settings, progress func(Progress)) (*Result, error) {
	began := time.Now()
	s, err := s.complete()
	if err != nil {
		return nil, err
	}
	if len(designs) == 0 {
		return nil, errors.New("there is no design to run")
	}
	x := &experiment{settings: s, report: progress}
	if s.Precision > 0 {
		x.stopping = NewStopping(names(designs), s)
	}
	for i, d := range designs {
		if ctx.Err() != nil {
			return notStarted(designs, s), nil
		}
		if slices.ContainsFunc(designs[:i], func(o *design.Design) bool { return o.Name == d.Name }) {
			return nil, fmt.Errorf("two designs are called %q", d.Name)
		}
		p, err := l.prepare(d, s)
		if err != nil {
			return nil, err
		}
		x.plans = append(x.plans, p)
		x.parts = append(x.parts, Part{p.Design, p.Warnings, make([]*Outcome, s.Replications)})
	}
	if err := x.runAll(ctx); err != nil {
		return nil, err
	}
	r := x.result()
	r.Engine.Wall = time.Since(began)
	return r, nil
}

// result merges what was run. With a precision the replications beyond the last do
// not count: how many there are depends on the number of processors.
func (x *experiment) result() *Result {
	s, settled := x.settings, x.stopping != nil && !x.interrupted
	if settled {
		s.Replications = x.done
		for d := range x.parts {
			p := &x.parts[d]
			p.Outcomes, p.Warnings = p.Outcomes[:x.done], append(p.Warnings, x.stopping.Warnings(d)...)
		}
	}
	r := Merge(x.parts, s)
	r.Interrupted, r.Engine.Events = x.interrupted, x.events
	if settled {
		r.Engine.Events = 0
		for _, d := range r.Designs {
			r.Engine.Events += d.Events
		}
	}
	return r
}

func names(designs []*design.Design) (all []string) {
	for _, d := range designs {
		all = append(all, d.Name)
	}
	return all
}

// notStarted is the result of a call that was interrupted before its first run.
func notStarted(designs []*design.Design, s Settings) *Result {
	r := &Result{Seed: s.Seed, Asked: s.Replications, Interrupted: true}
	for _, d := range designs {
		r.Designs = append(r.Designs, DesignResult{Name: d.Name, Ended: NotStarted})
	}
	return r
}

// complete fills in the defaults and checks the ranges.
func (s Settings) complete() (Settings, error) {
	switch {
	case s.Replications == 0 && s.Precision > 0:
		s.Replications = MostPrecise
	case s.Replications == 0:
		s.Replications = 1
	}
	if s.Parallel <= 0 {
		s.Parallel = runtime.GOMAXPROCS(0)
	}
	switch {
	case s.Replications < 0 || s.Replications > MaxReplications:
		return s, fmt.Errorf("the number of replications must be from 1 to %d, not %d", MaxReplications, s.Replications)
	case math.IsNaN(s.Precision) || s.Precision < 0 || s.Precision >= 1:
		return s, errors.New("the precision must be a share from 0% to less than 100%")
	case s.Precision > 0 && s.Replications < measure.PrecisionFirst:
		return s, fmt.Errorf("a precision begins with %d replications, so it needs at least as many, not %d", measure.PrecisionFirst, s.Replications)
	case s.Duration < 0 || s.Warmup < 0:
		return s, errors.New("duration and warm-up must not be negative")
	case s.Duration == 0 && s.Completions == 0:
		return s, errors.New("a run needs a duration or a number of completions")
	case s.Duration > design.MaxTime:
		return s, fmt.Errorf("a run lasts at most %v", design.MaxTime)
	case math.IsNaN(s.WarmupShare) || s.WarmupShare < 0 || s.WarmupShare >= 1:
		return s, errors.New("the warm-up must be a share from 0% to less than 100%")
	case s.Warmup == 0 && s.WarmupShare > 0 && s.Duration == 0:
		return s, errors.New("a warm-up given as a share needs a duration")
	}
	if s.Warmup == 0 {
		s.Warmup = time.Duration(s.WarmupShare * float64(s.Duration))
	}
	if s.Duration > 0 && s.Warmup >= s.Duration {
		return s, fmt.Errorf("the warm-up of %v leaves nothing of the duration of %v", s.Warmup, s.Duration)
	}
	return s, nil
}

// experiment is the work of one call of Run.
type experiment struct {
	settings Settings
	plans    []*Plan
	report   func(Progress)

	mu          sync.Mutex
	parts       []Part  // by design
	shares      float64 // of all runs, in runs
	events      uint64
	interrupted bool
	failed      error

	stopping *Stopping // nil: all replications are run
	done     int       // replications that it has seen
	settled  bool      // there are enough
	enough   context.CancelFunc
}

// job is one run: a design and a replication, both from 0.
type job struct{ design, replication int }

// runAll runs the jobs replication by replication, so that an interrupt leaves
// every design with about the same number of them.
func (x *experiment) runAll(ctx context.Context) error {
	n, reps := len(x.plans), x.settings.Replications
	ctx, x.enough = context.WithCancel(ctx)
	defer x.enough()
	jobs := make(chan job, n*reps)
	for i := range n * reps {
		jobs <- job{i % n, i / n}
	}
	close(jobs)
	work := func() {
		for j := range jobs {
			if !x.runOne(ctx, j) {
				return
			}
		}
	}
	if parallel := min(x.settings.Parallel, n*reps); parallel > 1 {
		var wg sync.WaitGroup
		for range parallel {
			wg.Go(work)
		}
		wg.Wait()
	} else {
		work()
	}
	return x.failed
}

// runOne runs one job and reports whether to continue with the next.
func (x *experiment) runOne(ctx context.Context, j job) bool {
	x.mu.Lock()
	x.interrupted = x.interrupted || !x.settled && ctx.Err() != nil
	over := x.failed != nil || x.interrupted || x.settled
	x.mu.Unlock()
	if over {
		return false
	}
	out, err := x.plans[j.design].Run(ctx, j.replication+1, x.follow())
	x.mu.Lock()
	defer x.mu.Unlock()
	switch {
	case x.settled: // without this replication
		return false
	case err != nil:
		if x.failed == nil {
			x.failed = err
		}
		return false
	}
	x.parts[j.design].Outcomes[j.replication] = out
	x.interrupted = x.interrupted || !out.Complete
	x.settle()
	return out.Complete
}

// settle shows the decision the replications that all designs have finished, in their
// order, and ends the runs of others once there are enough.
func (x *experiment) settle() {
	for x.stopping != nil && !x.settled && !x.interrupted && x.done < x.settings.Replications {
		var runs []*Outcome
		for _, p := range x.parts {
			o := p.Outcomes[x.done]
			if o == nil {
				return
			}
			runs = append(runs, o)
		}
		x.done++
		if x.settled = x.stopping.Add(runs); x.settled {
			x.enough()
		}
	}
}

// follow returns a receiver of the progress of one run, which adds it to that of all.
func (x *experiment) follow() func(Progress) {
	share, events := 0.0, uint64(0)
	return func(p Progress) {
		x.mu.Lock()
		defer x.mu.Unlock()
		x.shares += p.Share - share
		x.events += p.Events - events
		share, events = p.Share, p.Events
		if x.report == nil {
			return
		}
		reps := x.settings.Replications
		if x.stopping != nil {
			reps = x.stopping.Guess()
		}
		p.Share = min(x.shares/float64(len(x.plans)*reps), 1)
		p.Events = x.events
		x.report(p)
	}
}
