package cluster

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"asynclab/scenarios/study"

	"github.com/nats-io/nats.go/jetstream"
)

// look does what has to be done now and then.
func (c *run) look() error {
	now := time.Now()
	if now.Sub(c.said) > announced {
		c.announce()
	}
	if c.Link.away.Load() {
		c.note = fmt.Sprintf("the NATS server at %s is away; waiting for it", c.Link.Shown)
		c.heard = now
	} else {
		c.note = ""
		if now.Sub(c.heard) > quiet && now.Sub(c.asked) > quiet {
			c.asked = now
			if err := c.search(); err != nil {
				return err
			}
		}
	}
	if err := c.send(); err != nil {
		return err
	}
	c.tell()
	return nil
}

// announce says to workers that this coordinator is there.
func (c *run) announce() {
	c.said = time.Now()
	if data, err := json.Marshal(announcement{c.Link.version}); err == nil && !c.Link.away.Load() {
		_ = c.Link.conn.Publish(studySubject, data) // another one follows
	}
}

// search looks for jobs that have got lost: those that are neither in the stream of
// jobs nor have a result are given out again. That happens when a server lost what
// it had not written, or when somebody emptied a stream.
func (c *run) search() error {
	ctx, cancel := context.WithTimeout(c.ctx, timeout)
	defer cancel()
	waiting := map[string]uint64{}
	for _, hash := range slices.Sorted(maps.Keys(c.bundles)) {
		info, err := c.Link.jobs.Info(ctx, jetstream.WithSubjectFilter(c.Link.jobSubject(place{hash, "*", "*"})))
		if err != nil {
			return c.lostStream(err)
		}
		maps.Copy(waiting, info.State.Subjects)
	}
	going := map[string]bool{}
	for _, o := range c.outgoing {
		going[o.subject] = true
	}
	missed := false
	for _, hash := range slices.Sorted(maps.Keys(c.open)) {
		o := c.open[hash]
		if o == nil {
			continue // its result was found
		}
		for _, n := range slices.Clone(o.left) {
			p := o.place
			p.copy = n
			subject := c.Link.jobSubject(p)
			if waiting[subject] > 0 || going[subject] {
				continue
			}
			m, err := c.Link.results.GetLastMsgForSubject(ctx, c.Link.resultSubject(p))
			switch {
			case err == nil:
				err = c.arrive(arrival{p, stored{m.Sequence, m.Header.Get(objectHeader)}, m.Header.Get(workerHeader), m.Header, m.Data, false})
				if err != nil {
					return err
				}
			case errors.Is(err, jetstream.ErrMsgNotFound):
				c.outgoing = append(c.outgoing, outgoing{subject, p.job + "." + n, c.jobs[o.jobs[0]].Encode()})
				missed = true
			}
		}
	}
	if missed {
		for _, b := range c.bundles {
			if err := c.Link.putScenario(ctx, b); err != nil {
				return c.lostStream(err)
			}
		}
	}
	return nil
}

// lostStream makes the streams again if somebody has deleted them, or if the server
// was started again without its data. Other errors pass: the server is asked again.
func (c *run) lostStream(err error) error {
	if c.ctx.Err() != nil {
		return context.Cause(c.ctx)
	}
	if errors.Is(err, jetstream.ErrStreamNotFound) {
		if err = c.Link.open(c.ctx); err == nil {
			_, err = c.Link.consumer(c.ctx)
		}
	}
	if full(err) {
		return err
	}
	return nil
}

// hear takes the report of a worker.
func (c *run) hear(r report) {
	if r.Name == "" || len(r.Name) > 200 || len(c.workers) >= maxWorkers {
		return
	}
	_, known := c.workers[r.Name]
	if !known {
		c.announce()
	}
	if r.Bye {
		delete(c.workers, r.Name)
		delete(c.reports, r.Name)
		return
	}
	w := study.Worker{Name: r.Name, Done: r.Done, Seen: time.Now(), Note: r.Note}
	if r.Version != c.Link.version {
		w.Note = fmt.Sprintf("refused: it is of asynclab %s, this study is of %s", r.Version, c.Link.version)
		r.Running = nil
	}
	for _, t := range r.Running {
		w.Running = append(w.Running, t.Text)
	}
	c.workers[r.Name], c.reports[r.Name] = w, r
}

// tell says how far the call is.
func (c *run) tell() {
	if c.Status == nil {
		return
	}
	s := study.Status{Jobs: len(c.jobs), Done: c.finished, Note: c.note}
	shares := map[string]float64{}
	for _, name := range slices.Sorted(maps.Keys(c.workers)) {
		w := c.workers[name]
		w.Lost = time.Since(w.Seen) > lost
		if !w.Lost {
			for _, t := range c.reports[name].Running {
				if c.open[t.Job] != nil {
					shares[t.Job] = max(shares[t.Job], t.Share)
				}
			}
		}
		s.Workers = append(s.Workers, w)
	}
	sum := float64(c.finished)
	for _, hash := range slices.Sorted(maps.Keys(shares)) {
		sum += shares[hash]
	}
	s.Running = len(shares)
	s.Share = sum / float64(len(c.jobs))
	if s.Note == "" && !slices.ContainsFunc(s.Workers, func(w study.Worker) bool { return !w.Lost && w.Note == "" }) && c.Link.embedded == nil {
		s.Note = "no worker is there: asynclab worker --nats starts one"
	}
	slices.SortFunc(s.Workers, func(a, b study.Worker) int { return cmp.Compare(a.Name, b.Name) })
	c.Status(s)
}
