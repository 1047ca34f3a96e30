package cluster

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"slices"
	"sync"
	"time"

	"asynclab/scenarios"
	"asynclab/scenarios/study"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

// Worker runs the jobs of studies of its own version.
type Worker struct {
	Slots int                 // jobs at the same time, from 1
	Say   func(text string)   // something a person should know; may be nil
	Tell  func(study.Working) // progress; may be nil

	begin func(*study.Job) (end func()) // for tests; may be nil
	link  *Link
	name  string
	local study.Local

	mu    sync.Mutex
	done  int
	runs  map[*task]bool
	note  string
	found map[string]bool // versions of coordinators
	known cacheOf
}

// task is a job that runs.
type task struct {
	place
	text  string
	share float64
}

// Limits of a worker.
const (
	maxDeliveries = 5                // of a job; then it is said to fail
	beat          = 2 * time.Second  // between two reports
	pollWait      = 20 * time.Second // for a job
	pause         = 300 * time.Millisecond
	fullWait      = 10 * time.Second // until a result is tried again that has no room
)

// Work takes jobs until ctx ends. A job that has begun then goes back to the server
// at once. The error is nil when ctx has ended it.
func (l *Link) Work(ctx context.Context, w *Worker) error {
	w.link, w.name, w.runs, w.found = l, workerName(), map[*task]bool{}, map[string]bool{}
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	consumer, err := l.consumer(ctx)
	if err != nil {
		return l.explain(err)
	}
	sub, err := l.conn.Subscribe(studySubject, func(m *nats.Msg) { w.meet(m.Data, cancel) })
	if err != nil {
		return l.explain(err)
	}
	defer func() { _ = sub.Unsubscribe() }() // the connection ends too
	var wg sync.WaitGroup
	for range max(w.Slots, 1) {
		wg.Go(func() { w.serve(ctx, consumer) })
	}
	wg.Go(func() { w.beat(ctx) })
	wg.Wait()
	if refused := new(study.RefusedError); errors.As(context.Cause(ctx), &refused) {
		return refused
	}
	return nil
}

func workerName() string {
	host, err := os.Hostname()
	if err != nil || host == "" {
		host = "worker"
	}
	return fmt.Sprintf("%s/%d", host, os.Getpid())
}

// meet hears a coordinator. One of another version is told apart when none of this
// version has been heard.
func (w *Worker) meet(data []byte, cancel context.CancelCauseFunc) {
	var a announcement
	if json.Unmarshal(data, &a) != nil || len(a.Version) > 200 {
		return
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.found[a.Version] || len(w.found) > 100 {
		return
	}
	w.found[a.Version] = true
	refused := &study.RefusedError{Study: a.Version, Worker: w.link.version}
	switch {
	case a.Version == w.link.version:
	case w.found[w.link.version]:
		w.say(refused.Error())
	default:
		time.AfterFunc(time.Second, func() { // one of this version may be there too
			w.mu.Lock()
			defer w.mu.Unlock()
			if !w.found[w.link.version] && len(w.runs) == 0 {
				cancel(refused)
			}
		})
	}
}

func (w *Worker) say(text string) {
	if w.Say != nil {
		w.Say(text)
	}
}

// beat reports now and then what the worker does.
func (w *Worker) beat(ctx context.Context) {
	tick := time.NewTicker(beat)
	defer tick.Stop()
	for {
		w.report(ctx.Err() != nil)
		if ctx.Err() != nil {
			return
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
		}
	}
}

func (w *Worker) report(bye bool) {
	w.mu.Lock()
	r := report{Name: w.name, Version: w.link.version, Done: w.done, Note: w.note, Bye: bye}
	now := study.Working{Done: w.done, Away: w.link.away.Load()}
	for t := range w.runs {
		r.Running = append(r.Running, running{t.job, t.text, t.share})
	}
	w.mu.Unlock()
	slices.SortFunc(r.Running, func(a, b running) int { return cmp.Compare(a.Text, b.Text) })
	for _, t := range r.Running {
		now.Running, now.Share = append(now.Running, t.Text), append(now.Share, t.Share)
	}
	if w.Tell != nil {
		w.Tell(now)
	}
	if data, err := json.Marshal(r); err == nil && !now.Away {
		_ = w.link.conn.Publish(workerSubject, data) // a report that is lost is followed by another
	}
}

// serve takes one job after the other. The result of one is stored while the next is
// fetched and runs.
func (w *Worker) serve(ctx context.Context, consumer jetstream.Consumer) {
	var storing sync.WaitGroup
	defer storing.Wait()
	for ctx.Err() == nil {
		m, err := w.next(ctx, consumer)
		switch {
		case err == nil && m != nil:
			p, r := w.handle(ctx, m)
			storing.Wait()
			if r != nil {
				storing.Go(func() { w.finish(ctx, m, p, r) })
			}
		case errors.Is(err, nats.ErrTimeout), errors.Is(err, jetstream.ErrNoMessages), errors.Is(err, context.DeadlineExceeded), err == nil:
		case ctx.Err() == nil:
			// The server is away or was started again, or the consumer is gone.
			sleep(ctx, pause)
			if c, err := w.link.consumer(ctx); err == nil {
				consumer = c
			}
		}
	}
}

func (w *Worker) next(ctx context.Context, consumer jetstream.Consumer) (jetstream.Msg, error) {
	ctx, cancel := context.WithTimeout(ctx, pollWait)
	defer cancel()
	return consumer.Next(jetstream.FetchContext(ctx))
}

// handle runs one job and returns its result; nil: nothing is to be stored.
func (w *Worker) handle(ctx context.Context, m jetstream.Msg) (place, *study.Result) {
	p, ok := placeOf(m.Subject())
	meta, err := m.Metadata()
	if !ok || err != nil {
		_ = m.TermWithReason("not a job of asynclab")
		return p, nil
	}
	if meta.NumDelivered > 1 && w.stored(ctx, p) {
		_ = m.Ack() // otherwise it comes again
		return p, nil
	}
	if meta.NumDelivered > maxDeliveries {
		return p, &study.Result{Job: p.job, Error: fmt.Sprintf("it was given to workers %d times, and none of them came to its end: it takes more memory than they have, or makes the program crash", maxDeliveries)}
	}
	j, err := study.DecodeJob(m.Data(), func(hash string) (*scenarios.Bundle, error) { return w.scenario(ctx, hash) })
	switch {
	case errors.As(err, new(*missing)) && !(errors.Is(err, jetstream.ErrObjectNotFound) && meta.NumDelivered == maxDeliveries):
		_ = m.NakWithDelay(2 * pause) // it may be on its way
		return p, nil
	case err == nil && (j.Hash() != p.job || j.Scenario.Hash() != p.scenario || j.Version != w.link.version):
		err = errors.New("the message with this job was changed on its way")
	}
	if err != nil {
		return p, &study.Result{Job: p.job, Error: err.Error()}
	}
	r, err := w.run(ctx, m, p, j)
	if err != nil { // interrupted
		_ = m.Nak()
		return p, nil
	}
	return p, r
}

// run runs a job, and tells the server from time to time that it goes on.
func (w *Worker) run(ctx context.Context, m jetstream.Msg, p place, j *study.Job) (*study.Result, error) {
	t := &task{place: p, text: j.String()}
	w.mu.Lock()
	w.runs[t] = true
	w.mu.Unlock()
	defer func() {
		w.mu.Lock()
		delete(w.runs, t)
		w.mu.Unlock()
	}()
	signs := time.NewTicker(w.link.wait / 4)
	defer signs.Stop()
	over := make(chan struct{})
	defer close(over)
	go func() {
		for {
			select {
			case <-signs.C:
				_ = m.InProgress() // the server counts on the next one
			case <-over:
				return
			}
		}
	}()
	if w.begin != nil {
		defer w.begin(j)()
	}
	r, err := w.local.One(ctx, *j, func(s study.Status) {
		w.mu.Lock()
		t.share = s.Share
		w.mu.Unlock()
	})
	return &r, err
}

// finish stores a result and acknowledges the job. While the server is away it tries
// again; if another worker has the job then, both have the same result.
func (w *Worker) finish(ctx context.Context, m jetstream.Msg, p place, r *study.Result) {
	for {
		err := w.put(ctx, p, r)
		switch {
		case err == nil:
			w.mu.Lock()
			w.done++
			w.note = ""
			w.mu.Unlock()
			_ = m.Ack() // if this is lost, the job comes again, and its result is there
			return
		case ctx.Err() != nil:
			_ = m.Nak()
			return
		case full(err):
			w.mu.Lock()
			first := w.note == ""
			w.note = w.link.explain(err).Error()
			w.mu.Unlock()
			if first {
				w.say(w.link.explain(err).Error() + "; the result is kept and tried again")
			}
			for range int(fullWait / time.Second) {
				_ = m.InProgress()
				sleep(ctx, time.Second)
			}
		default:
			sleep(ctx, pause)
		}
	}
}

func (w *Worker) put(ctx context.Context, p place, r *study.Result) error {
	ctx, cancel := context.WithTimeout(ctx, 2*timeout)
	defer cancel()
	return w.link.putResult(ctx, p, w.name, r)
}

// stored reports whether the result of a job is there.
func (w *Worker) stored(ctx context.Context, p place) bool {
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	_, err := w.link.results.GetLastMsgForSubject(ctx, w.link.resultSubject(p))
	return err == nil
}

// missing is the error about a scenario that cannot be fetched now.
type missing struct{ cause error }

func (e *missing) Error() string { return "its scenario cannot be fetched: " + e.cause.Error() }
func (e *missing) Unwrap() error { return e.cause }

// scenario fetches a scenario, or returns one of those that it fetched last.
func (w *Worker) scenario(ctx context.Context, hash string) (*scenarios.Bundle, error) {
	w.known.Lock()
	defer w.known.Unlock()
	for _, b := range w.known.last {
		if b.Hash() == hash {
			return b, nil
		}
	}
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	b, err := w.link.getScenario(ctx, hash)
	if err != nil {
		return nil, &missing{err}
	}
	w.known.last = append(w.known.last, b)
	if len(w.known.last) > 4 {
		w.known.last = slices.Delete(w.known.last, 0, 1)
	}
	return b, nil
}

type cacheOf struct {
	sync.Mutex
	last []*scenarios.Bundle
}

func sleep(ctx context.Context, d time.Duration) {
	select {
	case <-time.After(d):
	case <-ctx.Done():
	}
}
