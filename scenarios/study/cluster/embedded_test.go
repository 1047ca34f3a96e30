package cluster

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"asynclab/scenarios"
	"asynclab/scenarios/study"
)

const testVersion = "test"

// jobs are n short runs of the simplest queue, each with another rate.
func jobs(t testing.TB, n int, length time.Duration) []study.Job {
	t.Helper()
	s, err := scenarios.Load("bench/mm1")
	if err != nil {
		t.Fatal(err)
	}
	b, err := s.Bundle()
	if err != nil {
		t.Fatal(err)
	}
	var all []study.Job
	for i := range n {
		all = append(all, study.Job{Scenario: b, Version: testVersion, Design: "mm1", Set: []string{fmt.Sprintf("load.clients.rate=%g/s", 0.5+0.4*float64(i)/float64(n))},
			Run: study.Run{Duration: length, Warmup: length / 10, Seed: 7}, From: 1, To: 1 + i%2, Metrics: []string{"load.clients.accepted.latency.*"}})
	}
	return all
}

// locally runs jobs in this process.
func locally(t testing.TB, all []study.Job) [][]byte {
	t.Helper()
	return collect(t, context.Background(), &study.Local{}, all, nil)
}

// collect runs jobs and returns their results; after is called with the number of
// results so far.
func collect(t testing.TB, ctx context.Context, r study.Runner, all []study.Job, after func(n int)) [][]byte {
	t.Helper()
	out, n := make([][]byte, len(all)), 0
	err := r.Run(ctx, all, func(i int, r study.Result) error {
		if out[i] != nil {
			t.Errorf("job %d has two results", i)
		}
		out[i] = r.Encode()
		n++
		if after != nil {
			after(n)
		}
		return nil
	})
	if err != nil {
		t.Fatalf("after %d of %d results: %v", n, len(all), err)
	}
	return out
}

func same(t testing.TB, want, got [][]byte) {
	t.Helper()
	for i := range want {
		if !bytes.Equal(want[i], got[i]) {
			t.Errorf("job %d:\n%.300s\nin this process, and from workers\n%.300s", i, want[i], got[i])
		}
	}
}

func embedded(t testing.TB, parallel int) *Remote {
	t.Helper()
	r, err := Embedded(context.Background(), testVersion, parallel)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(r.Close)
	return r
}

// Jobs through a server give the bits of jobs in this process, those too that fail,
// that are asked for twice, and that run twice.
func TestEmbedded(t *testing.T) {
	all := jobs(t, 300, 50*time.Second)
	all = append(all, all[3], all[0])
	all[5].Design = "nosuch"
	all[6].From = 0
	twice := 0
	for i := range all {
		if len(copies(all[i].Hash())) > 1 {
			twice++
		}
	}
	if twice == 0 {
		t.Fatal("no job runs twice")
	}
	want := locally(t, all)
	r := embedded(t, 3)
	var last study.Status
	r.Status = func(s study.Status) { last = s }
	same(t, want, collect(t, context.Background(), r, all, nil))
	if last.Jobs != len(all) || last.Done != len(all) || last.Waiting() != 0 || last.Share != 1 {
		t.Errorf("status at the end: %+v", last)
	}
	// Nothing is left on the server, once the workers' last acknowledgements are there.
	for _, stream := range []string{jobsName, resultsName} {
		eventually(t, "nothing is left in "+stream, func() bool { return (state{t, r.Link, stream}).left() == 0 })
	}
}

type state struct {
	t      testing.TB
	link   *Link
	stream string
}

func (s state) left() uint64 {
	stream, err := s.link.js.Stream(context.Background(), s.stream)
	if err != nil {
		s.t.Fatal(err)
	}
	info, err := stream.Info(context.Background())
	if err != nil {
		s.t.Fatal(err)
	}
	return info.State.Msgs
}

// The jobs that run twice are about one in a hundred.
func TestOneInAHundredRunsTwice(t *testing.T) {
	twice := 0
	all := jobs(t, 1, time.Second)
	for seed := range 20_000 {
		all[0].Run.Seed = uint64(seed)
		if len(copies(all[0].Hash())) == 2 {
			twice++
		}
	}
	if twice < 150 || twice > 250 {
		t.Errorf("%d of 20000", twice)
	}
}

// A job that runs twice with two results is an error with its name.
func TestDifferentResults(t *testing.T) {
	all := jobs(t, 1, time.Second)
	for len(copies(all[0].Hash())) < 2 {
		all[0].Run.Seed++
	}
	want := locally(t, all)
	l, err := Embed(context.Background(), testVersion)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(l.Close)
	// Two workers have been here, one of which computes wrongly.
	p := place{scenario: all[0].Scenario.Hash(), job: all[0].Hash()}
	for i, n := range []string{"1", "2"} {
		r, err := study.DecodeResult(want[0])
		if err != nil {
			t.Fatal(err)
		}
		r.Outcomes[0].Fingerprint += uint64(i)
		p.copy = n
		if err := l.putResult(context.Background(), p, "w"+n, r); err != nil {
			t.Fatal(err)
		}
	}
	got := collect(t, context.Background(), &Remote{Link: l}, all, nil)
	r, err := study.DecodeResult(got[0])
	if err != nil || !bytes.Contains([]byte(r.Error), []byte("it ran twice, and the results differ: fingerprints [")) {
		t.Errorf("%s, %v", got[0], err)
	}
}

// Results that are on the server are taken from there; what a worker of another
// program wrote there is not believed.
func TestStoredResults(t *testing.T) {
	all := jobs(t, 40, 50*time.Second)
	want := locally(t, all)
	r := embedded(t, 2)
	r.Keep = true
	same(t, want, collect(t, context.Background(), r, all, nil))
	if left := (state{t, r.Link, resultsName}).left(); left < 40 {
		t.Fatalf("%d results are kept", left)
	}
	// No worker is there any more.
	alone := &Remote{Link: r.Link, Keep: true}
	r.end()
	r.end = nil
	same(t, want, collect(t, context.Background(), alone, all, nil))
	p := place{all[0].Scenario.Hash(), all[0].Hash(), "1"}
	if err := r.Link.putResult(context.Background(), p, "liar", &study.Result{Job: all[1].Hash()}); err != nil {
		t.Fatal(err)
	}
	got := collect(t, context.Background(), alone, all[:1], nil)
	if !bytes.Contains(got[0], []byte("the result of worker liar cannot be read: it is that of another job")) {
		t.Errorf("%s", got[0])
	}
	alone.Done(context.Background())
	r.Done(context.Background())
}

// A call ends with its context and with an error of its receiver, and takes its jobs
// from the server.
func TestRemoteEnds(t *testing.T) {
	all := jobs(t, 40, 50*time.Second)
	l, err := Embed(context.Background(), testVersion)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(l.Close)
	ctx, cancel := context.WithCancel(context.Background())
	r := &Remote{Link: l, Status: func(study.Status) {
		if (state{t, l, jobsName}).left() >= 40 {
			cancel()
		}
	}}
	err = r.Run(ctx, all, func(int, study.Result) error { return errors.New("who did that?") })
	if !errors.Is(err, context.Canceled) {
		t.Errorf("ended with %v", err)
	}
	if left := (state{t, l, jobsName}).left(); left > 0 {
		t.Errorf("%d jobs are left", left)
	}
	full := errors.New("no space left on device")
	if err := embedded(t, 2).Run(context.Background(), all, func(int, study.Result) error { return full }); !errors.Is(err, full) || err.Error() != full.Error() {
		t.Errorf("ended with %v", err)
	}
}

// What comes to a worker from outside is refused with a reason, or thrown away.
func TestForeignJobs(t *testing.T) {
	r := embedded(t, 1)
	all := jobs(t, 3, time.Second)
	for i := range all {
		if err := r.Link.putScenario(context.Background(), all[i].Scenario); err != nil {
			t.Fatal(err)
		}
	}
	p := place{all[0].Scenario.Hash(), all[0].Hash(), "1"}
	for _, c := range []struct {
		subject string
		data    []byte
		want    string
	}{
		{r.Link.jobSubject(p), []byte("{"), "this is not a job"},
		{r.Link.jobSubject(p), all[1].Encode(), "the message with this job was changed"},
		{r.Link.jobSubject(p), bytes.Replace(all[0].Encode(), []byte(p.scenario), bytes.Repeat([]byte("0"), 32), 1), "its scenario cannot be fetched: nats: object not found"},
		{r.Link.jobSubject(p), bytes.Replace(all[0].Encode(), []byte(p.scenario), []byte("../../etc/passwd"), 1), "its scenario cannot be fetched: nats: "},
	} {
		if _, err := r.Link.js.Publish(context.Background(), c.subject, c.data); err != nil {
			t.Fatal(err)
		}
		got := result(t, r.Link, p)
		if !bytes.Contains([]byte(got.Error), []byte(c.want)) {
			t.Errorf("%.100s: %q, want %q", c.data, got.Error, c.want)
		}
	}
	if _, err := r.Link.js.Publish(context.Background(), "asynclab.job."+r.Link.token+".x", nil); err != nil {
		t.Fatal(err)
	}
	eventually(t, "the message that is no job is gone", func() bool { return (state{t, r.Link, jobsName}).left() == 0 })
	if _, err := r.Link.js.Publish(context.Background(), r.Link.jobSubject(p), make([]byte, maxMessage+1)); err == nil {
		t.Error("a job of any size is taken")
	}
}

// result waits for a result and removes it.
func result(t testing.TB, l *Link, p place) *study.Result {
	t.Helper()
	var r *study.Result
	eventually(t, "there is a result", func() bool {
		m, err := l.results.GetLastMsgForSubject(context.Background(), l.resultSubject(p))
		if err != nil {
			return false
		}
		if r, err = l.getResult(context.Background(), m.Header, m.Data); err != nil {
			t.Fatal(err)
		}
		l.dropResult(context.Background(), m.Sequence, "")
		return true
	})
	return r
}

// eventually waits until something is so.
func eventually(t testing.TB, what string, so func() bool) {
	t.Helper()
	end, tick := time.After(30*time.Second), time.NewTicker(10*time.Millisecond)
	defer tick.Stop()
	for !so() {
		select {
		case <-end:
			t.Fatalf("not within half a minute: %s", what)
		case <-tick.C:
		}
	}
}

// A result that is too large for a message goes through the store.
func TestLargeResult(t *testing.T) {
	r := embedded(t, 2)
	all := jobs(t, 1, 50*time.Second)
	want := locally(t, all)
	big, err := study.DecodeResult(want[0])
	if err != nil {
		t.Fatal(err)
	}
	big.Error = string(noise(3 << 20))
	p := place{all[0].Scenario.Hash(), all[0].Hash(), "1"}
	if err := r.Link.putResult(context.Background(), p, "w", big); err != nil {
		t.Fatal(err)
	}
	if got := result(t, r.Link, p); got.Error != big.Error {
		t.Errorf("%d bytes came back as %d", len(big.Error), len(got.Error))
	}
}

// noise does not become smaller when it is compressed.
func noise(n int) []byte {
	out, x := make([]byte, n), uint64(1)
	for i := range out {
		x = x*6364136223846793005 + 1442695040888963407
		out[i] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+/"[x>>58]
	}
	return out
}
