package study

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	"sync"
	"time"

	"asynclab/scenarios"
	"asynclab/sim"
	"asynclab/sim/design"
	"asynclab/sim/engine"
	"asynclab/sim/metric"
)

// Runner runs jobs. Their results do not depend on where and in which order they are
// run.
type Runner interface {
	// Run calls done once for every job that has a result, in the order in which
	// results arrive, never concurrently. A job that fails has an error in its
	// result, and the others go on. Run ends early with an error when ctx ends,
	// when done returns an error, or when it cannot go on; jobs that have not been
	// reported until then have no result.
	Run(ctx context.Context, jobs []Job, done func(index int, r Result) error) error
}

// Status is how far a call of Run is.
type Status struct {
	Jobs, Done int
	Running    int     // jobs that a worker has
	Share      float64 // done of all, the begun parts of jobs included
	Events     uint64  // of this call so far, where it is known
	Workers    []Worker
	Note       string // what is not as it should be: "the server is away"
}

// Waiting is the number of jobs that no worker has yet.
func (s Status) Waiting() int { return s.Jobs - s.Done - s.Running }

// String says where the jobs are, in one line.
func (s Status) String() string {
	if s.Note != "" {
		return s.Note
	}
	text := fmt.Sprintf("%d of %d jobs", s.Done, s.Jobs)
	if len(s.Workers) == 0 {
		return text
	}
	gone, idle := 0, 0
	for _, w := range s.Workers {
		switch {
		case w.Lost:
			gone++
		case w.Note != "":
			idle++
		}
	}
	text += fmt.Sprintf(", %d running, %d waiting, %d workers", s.Running, s.Waiting(), len(s.Workers))
	if gone > 0 {
		text += fmt.Sprintf(", %d of them not heard of", gone)
	}
	if idle > 0 {
		text += fmt.Sprintf(", %d of them refused or without room", idle)
	}
	return text
}

// Worker is a process that runs jobs, as it was last heard of.
type Worker struct {
	Name    string
	Running []string // jobs it has, as a person reads them
	Done    int
	Seen    time.Time
	Lost    bool   // not heard of for some time
	Note    string // why it does not work: refused, or no room for its results
}

// Local runs jobs in this process. The zero value uses all cores. It may be used
// again: it keeps the scenarios and designs that it used last.
type Local struct {
	Parallel int          // replications at the same time; 0: GOMAXPROCS
	Status   func(Status) // called now and then, never concurrently; may be nil

	scenarios cache[*scenarios.Scenario]
	plans     cache[*sim.Plan]
}

// Run implements Runner.
func (l *Local) Run(ctx context.Context, jobs []Job, done func(index int, r Result) error) error {
	n := l.Parallel
	if n <= 0 {
		n = runtime.GOMAXPROCS(0)
	}
	return l.run(ctx, jobs, n, done, l.Status)
}

// One runs one job on one core, for a worker. Jobs may be run at the same time. The
// error is that of the context; a job that fails has an error in its result.
func (l *Local) One(ctx context.Context, j Job, status func(Status)) (out Result, err error) {
	err = l.run(ctx, []Job{j}, 1, func(_ int, r Result) error { out = r; return nil }, status)
	return out, err
}

func (l *Local) run(ctx context.Context, jobs []Job, parallel int, done func(int, Result) error, status func(Status)) error {
	c := &call{local: l, jobs: jobs, done: done, tell: status, left: make([]int, len(jobs)), results: make([]*Result, len(jobs))}
	ctx, c.cancel = context.WithCancelCause(ctx)
	defer c.cancel(nil)
	for i := range jobs {
		c.left[i] = c.replications(i)
		c.total += c.left[i]
	}
	var wg sync.WaitGroup
	for range min(parallel, c.total) {
		wg.Go(func() {
			for c.one(ctx) {
			}
		})
	}
	wg.Wait()
	err := context.Cause(ctx)
	if s := (stop{}); errors.As(err, &s) {
		return s.error
	}
	return err
}

// call is the state of one call of Local.run.
type call struct {
	local  *Local
	jobs   []Job
	done   func(int, Result) error
	tell   func(Status) // may be nil
	cancel context.CancelCauseFunc
	total  int // replications

	mu       sync.Mutex
	job, rep int       // that comes next: index, offset from From
	left     []int     // replications by job
	results  []*Result // of jobs that have begun and are not over
	status   struct {
		running, done int
		shares        float64
		events        uint64
	}
}

// one runs the next replication; false: there is none.
func (c *call) one(ctx context.Context) bool {
	c.mu.Lock()
	if ctx.Err() != nil || c.job == len(c.jobs) {
		c.mu.Unlock()
		return false
	}
	i, offset := c.job, c.rep
	j := &c.jobs[i]
	if c.results[i] == nil {
		c.results[i] = &Result{Job: j.Hash(), Outcomes: make([]*sim.Outcome, c.left[i])}
		c.status.running++
	}
	if c.rep++; c.rep >= c.replications(i) {
		c.job, c.rep = c.job+1, 0
	}
	failed := c.results[i].Error != ""
	c.mu.Unlock()
	if failed { // another replication of the job has: it is over
		c.finish(ctx, i, offset, nil, nil, nil)
		return true
	}
	out, warnings, err := c.local.replication(ctx, j, j.From+offset, c.follow())
	if ctx.Err() != nil && (out == nil || !out.Complete) {
		return false
	}
	c.finish(ctx, i, offset, out, warnings, err)
	return true
}

// replications of a job; one that is wrong fails in the first.
func (c *call) replications(i int) int {
	if c.jobs[i].check() != nil {
		return 1
	}
	return c.jobs[i].To - c.jobs[i].From + 1
}

// finish stores the outcome of a replication and reports the job if it was its last.
func (c *call) finish(ctx context.Context, i, offset int, out *sim.Outcome, warnings []sim.Warning, err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	r := c.results[i]
	if err != nil && r.Error == "" {
		r.Error = err.Error()
		var failure *sim.Failure
		if errors.As(err, &failure) {
			r.Stack = failure.Stack
		}
	}
	if out != nil {
		r.Outcomes[offset], r.Warnings = out, warnings
	}
	if c.left[i]--; c.left[i] > 0 {
		return
	}
	c.results[i] = nil
	if r.Error != "" {
		r.Outcomes, r.Warnings = nil, nil
	}
	c.status.running--
	c.status.done++
	if !errors.As(context.Cause(ctx), new(stop)) {
		if err := c.done(i, *r); err != nil {
			c.cancel(stop{err})
		}
	}
	c.report()
}

// stop is the reason for the end of a call whose receiver of results returned an
// error.
type stop struct{ error }

// follow returns a receiver of the progress of one replication.
func (c *call) follow() func(sim.Progress) {
	share, events := 0.0, uint64(0)
	return func(p sim.Progress) {
		c.mu.Lock()
		defer c.mu.Unlock()
		c.status.shares += p.Share - share
		c.status.events += p.Events - events
		share, events = p.Share, p.Events
		c.report()
	}
}

func (c *call) report() {
	if c.tell != nil {
		c.tell(Status{Jobs: len(c.jobs), Done: c.status.done, Running: c.status.running,
			Share: min(c.status.shares/float64(c.total), 1), Events: c.status.events})
	}
}

// replication runs one replication of a job. Whatever is wrong with the job is an
// error.
func (l *Local) replication(ctx context.Context, j *Job, n int, progress func(sim.Progress)) (out *sim.Outcome, about []sim.Warning, err error) {
	defer func() {
		if e := recover(); e != nil {
			err = &sim.Failure{Design: j.Design, Replication: n, Seed: j.Run.Seed, Cause: fmt.Errorf("internal error: %v", e), Stack: string(debug.Stack())}
		}
	}()
	if err := j.check(); err != nil {
		return nil, nil, err
	}
	p, err := l.plans.get(j.plan(), cachedPlans, func() (*sim.Plan, error) { return l.prepare(j) })
	if err != nil {
		return nil, nil, err
	}
	if out, err = p.Run(ctx, n, progress); err != nil {
		return nil, nil, err
	}
	if !j.All {
		out.Values, err = choose(out.Values, j.Metrics)
	}
	return out, p.Warnings, err
}

func (l *Local) prepare(j *Job) (*sim.Plan, error) {
	s, err := l.scenarios.get(j.Scenario.Hash(), cachedScenarios, j.Scenario.Parse)
	if err != nil {
		return nil, err
	}
	d := s.Design(j.Design)
	if d == nil {
		return nil, fmt.Errorf("scenario %s has no design %q", s.Name, j.Design)
	}
	if d, err = With(d, j.Set); err != nil {
		return nil, err
	}
	settings, err := j.settings(s)
	if err != nil {
		return nil, err
	}
	return sim.Prepare(d, settings)
}

// With returns a copy of a design with settings of the form PATH=VALUE.
func With(d *design.Design, settings []string) (*design.Design, error) {
	if len(settings) > 0 {
		d = d.Clone()
	}
	for _, s := range settings {
		path, value, ok := strings.Cut(s, "=")
		if !ok {
			return nil, fmt.Errorf("a setting is PATH=VALUE, not %q", s)
		}
		if err := d.Set(strings.TrimSpace(path), strings.TrimSpace(value)); err != nil {
			return nil, fmt.Errorf("%s: %w", s, err)
		}
	}
	return d, nil
}

// choose returns the values of the metrics that are wanted.
func choose(values []engine.MetricValue, wanted []string) ([]engine.MetricValue, error) {
	if len(wanted) == 0 {
		return values, nil
	}
	choice, err := metric.Choose(wanted...)
	if err != nil {
		return nil, err
	}
	var out []engine.MetricValue
	for _, v := range values {
		if choice.Has(v.Ref) {
			out = append(out, v)
		}
	}
	return slices.Clip(out), nil
}

// cache keeps what was made last, by key. Makers of different keys run at the same
// time.
type cache[T any] struct {
	mu      sync.Mutex
	entries map[string]func() (T, error)
	order   []string
}

// How many are kept: more designs than cores work on at the same time, and few
// scenarios, which may be large.
const (
	cachedScenarios = 4
	cachedPlans     = 64
)

func (c *cache[T]) get(key string, most int, make func() (T, error)) (T, error) {
	c.mu.Lock()
	if c.entries == nil {
		c.entries = map[string]func() (T, error){}
	}
	once, ok := c.entries[key]
	if !ok {
		once = sync.OnceValues(make)
		if c.entries[key], c.order = once, append(c.order, key); len(c.order) > most {
			delete(c.entries, c.order[0])
			c.order = c.order[1:]
		}
	}
	c.mu.Unlock()
	return once()
}
