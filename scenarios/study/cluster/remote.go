package cluster

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"asynclab/scenarios"
	"asynclab/scenarios/study"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

// Remote is a study.Runner whose jobs are run by workers.
type Remote struct {
	Link   *Link
	Status func(study.Status) // called now and then, never concurrently; may be nil

	// Keep leaves results on the server until Done, for studies without a file of
	// their own: started again after a kill, they find what was done.
	Keep bool

	kept []stored
	end  func() // of the workers in this process
}

// Embedded is a runner with a server and workers in this process: what Remote does,
// without a socket. parallel is the number of jobs at the same time.
func Embedded(ctx context.Context, version string, parallel int) (*Remote, error) {
	l, err := Embed(ctx, version)
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithCancel(ctx)
	over := make(chan struct{})
	go func() {
		defer close(over)
		_ = l.Work(ctx, &Worker{Slots: parallel}) // of the same version: it ends with ctx
	}()
	return &Remote{Link: l, end: func() { cancel(); <-over }}, nil
}

// Close ends the connection and what runs in this process.
func (r *Remote) Close() {
	if r.end != nil {
		r.end()
	}
	r.Link.Close()
}

const (
	open       = 512             // jobs on the server at the same time
	batch      = 64              // messages that are sent before their answers are waited for
	lost       = 5 * beat        // without a report, a worker is lost
	quiet      = 5 * time.Second // without a result, the server is asked where the jobs are
	announced  = 5 * time.Second // between two announcements
	tickTime   = 250 * time.Millisecond
	goodbye    = 3 * time.Second // to withdraw jobs when interrupted
	maxWorkers = 10_000          // that are shown
)

// stored is where a result is on the server.
type stored struct {
	sequence uint64
	object   string
}

// arrival is a message with a result.
type arrival struct {
	place
	at     stored
	worker string
	header nats.Header
	data   []byte
	last   bool // of those that were there at the beginning
}

// pending is a job that is on the server.
type pending struct {
	jobs    []int // indices of jobs with this hash
	place   place
	left    []string // copies that have no result yet
	results []*study.Result
	workers []string // of results
	at      []stored
}

// outgoing is a message that is not on the server yet.
type outgoing struct {
	subject, id string
	data        []byte
}

// run is one call of Run.
type run struct {
	*Remote
	ctx      context.Context
	jobs     []study.Job
	done     func(int, study.Result) error
	next     int // first job that has not been given out
	finished int
	open     map[string]*pending // by hash
	early    map[place]arrival   // results without a job yet; without data
	outgoing []outgoing
	bundles  map[string]*scenarios.Bundle
	workers  map[string]study.Worker
	reports  map[string]report
	ready    bool // results that were there at the beginning have been seen
	note     string
	heard    time.Time // when a result came last
	asked    time.Time // when the server was asked last where jobs are
	said     time.Time // when this was announced last
	dropped  chan stored
}

// Run implements study.Runner.
func (r *Remote) Run(ctx context.Context, jobs []study.Job, done func(int, study.Result) error) error {
	c := &run{Remote: r, ctx: ctx, jobs: jobs, done: done, open: map[string]*pending{}, early: map[place]arrival{},
		bundles: map[string]*scenarios.Bundle{}, workers: map[string]study.Worker{}, reports: map[string]report{}, heard: time.Now()}
	if err := c.scenarios(); err != nil || len(jobs) == 0 {
		return r.Link.explain(err)
	}
	if _, err := r.Link.consumer(ctx); err != nil {
		return r.Link.explain(err)
	}
	arrivals, stop, err := c.listen()
	if err != nil {
		return r.Link.explain(err)
	}
	defer stop()
	reports := make(chan report, 256)
	sub, err := r.Link.conn.Subscribe(workerSubject, func(m *nats.Msg) {
		var heard report
		if json.Unmarshal(m.Data, &heard) == nil {
			select {
			case reports <- heard:
			default: // another one follows
			}
		}
	})
	if err != nil {
		return r.Link.explain(err)
	}
	defer func() { _ = sub.Unsubscribe() }() // what still comes is not read
	swept := c.sweep()
	err = c.loop(arrivals, reports)
	close(c.dropped)
	<-swept
	if err != nil {
		c.withdraw()
	}
	if theirs := (receiver{}); errors.As(err, &theirs) {
		return theirs.error
	}
	return r.Link.explain(err)
}

// receiver is an error of the function that receives the results.
type receiver struct{ error }

// scenarios stores the scenarios of the jobs on the server.
func (c *run) scenarios() error {
	for i := range c.jobs {
		if b := c.jobs[i].Scenario; b != nil && c.bundles[b.Hash()] == nil {
			c.bundles[b.Hash()] = b
			if err := c.Link.putScenario(c.ctx, b); err != nil {
				return err
			}
		}
	}
	return nil
}

// listen receives results of the scenarios, those first that are there already.
func (c *run) listen() (<-chan arrival, func(), error) {
	var subjects []string
	for hash := range c.bundles {
		subjects = append(subjects, c.Link.resultSubject(place{hash, "*", "*"}))
	}
	slices.Sort(subjects)
	consumer, err := c.Link.js.OrderedConsumer(c.ctx, resultsName, jetstream.OrderedConsumerConfig{FilterSubjects: subjects, DeliverPolicy: jetstream.DeliverAllPolicy})
	if err != nil {
		return nil, nil, err
	}
	c.ready = consumer.CachedInfo().NumPending == 0
	arrivals, over := make(chan arrival), make(chan struct{})
	consuming, err := consumer.Consume(func(m jetstream.Msg) {
		p, ok := placeOf(m.Subject())
		meta, err := m.Metadata()
		if !ok || err != nil {
			return
		}
		h := m.Headers()
		a := arrival{p, stored{meta.Sequence.Stream, h.Get(objectHeader)}, h.Get(workerHeader), h, m.Data(), meta.NumPending == 0}
		select {
		case arrivals <- a:
		case <-over:
		}
	}, jetstream.PullMaxMessages(64))
	if err != nil {
		return nil, nil, err
	}
	return arrivals, func() { close(over); consuming.Stop() }, nil
}

// sweep removes results from the server that are not needed any more.
func (c *run) sweep() (over <-chan struct{}) {
	c.dropped = make(chan stored, open)
	end := make(chan struct{})
	go func() {
		defer close(end)
		for s := range c.dropped {
			ctx, cancel := context.WithTimeout(context.WithoutCancel(c.ctx), timeout)
			c.Link.dropResult(ctx, s.sequence, s.object)
			cancel()
		}
	}()
	return end
}

// Done removes the results that were kept.
func (r *Remote) Done(ctx context.Context) {
	for _, s := range r.kept {
		r.Link.dropResult(ctx, s.sequence, s.object)
	}
	r.kept = nil
}

func (c *run) loop(arrivals <-chan arrival, reports <-chan report) error {
	tick := time.NewTicker(tickTime)
	defer tick.Stop()
	c.announce()
	for c.finished < len(c.jobs) {
		if c.ready {
			if err := c.give(); err != nil {
				return err
			}
			if c.finished == len(c.jobs) {
				break
			}
		}
		select {
		case a := <-arrivals:
			if err := c.arrive(a); err != nil {
				return err
			}
			c.ready = c.ready || a.last
		case r := <-reports:
			c.hear(r)
		case <-tick.C:
			if err := c.look(); err != nil {
				return err
			}
		case <-c.ctx.Done():
			return context.Cause(c.ctx)
		}
	}
	c.tell()
	return nil
}

// give puts the next jobs on the server.
func (c *run) give() error {
	for c.next < len(c.jobs) && len(c.open) < open {
		i := c.next
		c.next++
		j := &c.jobs[i]
		if j.Scenario == nil {
			if err := c.report([]int{i}, study.Result{Job: "", Error: "the job has no scenario"}); err != nil {
				return err
			}
			continue
		}
		data := j.Encode()
		p := place{scenario: j.Scenario.Hash(), job: j.Hash()}
		if same := c.open[p.job]; same != nil {
			same.jobs = append(same.jobs, i)
			continue
		}
		if len(data) > maxMessage-1000 {
			if err := c.report([]int{i}, study.Result{Job: p.job, Error: fmt.Sprintf("the job has %d bytes, too many for a message", len(data))}); err != nil {
				return err
			}
			continue
		}
		o := &pending{jobs: []int{i}, place: p, left: copies(p.job)}
		c.open[p.job] = o
		for _, n := range slices.Clone(o.left) {
			p.copy = n
			if a, there := c.early[p]; there {
				delete(c.early, p)
				if err := c.fetch(a); err != nil {
					return err
				}
				continue
			}
			c.outgoing = append(c.outgoing, outgoing{c.Link.jobSubject(p), p.job + "." + n, data})
		}
	}
	// Few large batches: every one is waited for.
	if len(c.outgoing) >= batch || c.next == len(c.jobs) || len(c.open)-len(c.outgoing) < batch {
		return c.send()
	}
	return nil
}

// send sends what has to be sent. What the server does not take now is tried again.
func (c *run) send() error {
	if c.Link.away.Load() {
		return nil
	}
	for len(c.outgoing) > 0 {
		n := min(len(c.outgoing), batch)
		answers := make([]jetstream.PubAckFuture, n)
		var again []outgoing
		for i, o := range c.outgoing[:n] {
			m := nats.NewMsg(o.subject)
			m.Data = o.data
			answers[i], _ = c.Link.js.PublishMsgAsync(m, jetstream.WithMsgID(o.id)) // nil after an error
		}
		for i, f := range answers {
			var err error
			if f == nil {
				err = nats.ErrTimeout
			} else {
				select {
				case <-f.Ok():
				case err = <-f.Err():
				case <-c.ctx.Done():
					return context.Cause(c.ctx)
				}
			}
			switch {
			case err == nil, waits(err):
			case full(err):
				return err
			default:
				again = append(again, c.outgoing[i])
			}
		}
		c.outgoing = append(c.outgoing[n:], again...)
		if len(again) > 0 {
			break
		}
	}
	return nil
}

// arrive takes a result, or remembers where it is if its job has not been given out.
func (c *run) arrive(a arrival) error {
	c.heard = time.Now()
	o := c.open[a.job]
	if o == nil {
		if c.next < len(c.jobs) {
			a.header, a.data = nil, nil
			c.early[a.place] = a
		}
		return nil
	}
	at := slices.Index(o.left, a.copy)
	if at < 0 {
		return nil // it was delivered twice
	}
	r, err := c.Link.getResult(c.ctx, a.header, a.data)
	if c.ctx.Err() != nil {
		return context.Cause(c.ctx)
	}
	j := &c.jobs[o.jobs[0]]
	if err == nil && r.Error == "" && (r.Job != a.job || len(r.Outcomes) != j.To-j.From+1) {
		err = errors.New("it is that of another job")
	}
	if err != nil {
		r = &study.Result{Job: a.job, Error: fmt.Sprintf("the result of worker %s cannot be read: %v", a.worker, err)}
	}
	o.left = slices.Delete(o.left, at, at+1)
	o.results, o.workers, o.at = append(o.results, r), append(o.workers, a.worker), append(o.at, a.at)
	if len(o.left) > 0 {
		return nil
	}
	delete(c.open, a.job)
	if err := c.report(o.jobs, o.result()); err != nil {
		return err
	}
	for _, s := range o.at {
		if c.Keep {
			c.kept = append(c.kept, s)
		} else {
			c.dropped <- s
		}
	}
	return nil
}

// result is that of all copies, if they agree.
func (o *pending) result() study.Result {
	first := o.results[0]
	for i, r := range o.results[1:] {
		switch {
		case first.Error != "":
		case r.Error != "":
			first = r
		case !bytes.Equal(first.Encode(), r.Encode()):
			return study.Result{Job: first.Job, Error: fmt.Sprintf("it ran twice, and the results differ: fingerprints %s at worker %s, %s at worker %s; one of them has another program, or a processor that computes wrongly",
				prints(first), o.workers[0], prints(r), o.workers[i+1])}
		}
	}
	return *first
}

func prints(r *study.Result) string {
	var all []string
	for _, o := range r.Outcomes {
		all = append(all, fmt.Sprintf("%016x", o.Fingerprint))
	}
	return fmt.Sprint(all)
}

// report hands a result to the caller.
func (c *run) report(jobs []int, r study.Result) error {
	for _, i := range jobs {
		c.finished++
		if err := c.done(i, r); err != nil {
			return receiver{err}
		}
	}
	return nil
}

// fetch takes a result that is known to be on the server.
func (c *run) fetch(a arrival) error {
	m, err := c.Link.results.GetMsg(c.ctx, a.at.sequence)
	if err == nil {
		a.header, a.data = m.Header, m.Data
		return c.arrive(a)
	}
	if c.ctx.Err() != nil {
		return context.Cause(c.ctx)
	}
	// It is gone: the job is given out when the server is asked where it is.
	c.asked = time.Time{}
	return nil
}

// withdraw removes the jobs from the server that nobody waits for any more.
func (c *run) withdraw() {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(c.ctx), goodbye)
	defer cancel()
	for _, hash := range slices.Sorted(maps.Keys(c.open)) {
		if ctx.Err() != nil || c.Link.away.Load() {
			return // workers do them, and their results wait
		}
		p := c.open[hash].place
		p.copy = "*"
		_ = c.Link.jobs.Purge(ctx, jetstream.WithPurgeSubject(c.Link.jobSubject(p))) // what stays is removed by its age
	}
}
