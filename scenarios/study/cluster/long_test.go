package cluster

import (
	"context"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"asynclab/scenarios/study"
)

// Four workers on two cores share jobs of at least 0.2 s with less than 5 % of their
// time lost: what a worker waits from the end of a job to the beginning of its next.
func TestShare(t *testing.T) {
	if !*long {
		t.Skip("minutes; -long")
	}
	all := jobs(t, 1000, 400_000*time.Second)
	s := newSite(t)
	l := s.link(t)
	var workers []*process
	for range 4 {
		w := s.worker(t, "GOMAXPROCS=2")
		w.says(t, "ready")
		workers = append(workers, w)
	}
	began := time.Now()
	events := uint64(0)
	err := (&Remote{Link: l}).Run(context.Background(), all, func(_ int, r study.Result) error {
		for _, o := range r.Outcomes {
			events += o.Events
		}
		return nil
	})
	took := time.Since(began)
	if err != nil {
		t.Fatal(err)
	}
	var busy, whole int64
	for _, w := range workers {
		_ = w.Process.Signal(os.Interrupt)
		var b, all int64
		if _, err := fmt.Sscanf(w.says(t, "busy "), "busy %d %d", &b, &all); err != nil {
			t.Fatal(err)
		}
		busy, whole = busy+b, whole+all
	}
	lost := 1 - float64(busy)/float64(whole)
	each := time.Duration(busy) / time.Duration(len(all))
	t.Logf("%d jobs, %d events, in %v: %v a job at four workers, %.2f %% of their time lost to distribution", len(all), events, took.Round(time.Second), each.Round(time.Millisecond), 100*lost)
	if lost > 0.05 {
		t.Errorf("%.1f %% lost", 100*lost)
	}
}

// 100,000 small jobs go through the embedded server in memory that does not depend on
// their number.
func TestManyJobs(t *testing.T) {
	settings, limit := 1, 250
	if *long {
		settings = 10
	}
	var all []study.Job
	for _, like := range jobs(t, settings, time.Second) {
		n := 500
		if *long {
			n = 10_000
		}
		all = append(all, study.Split(like, 1, n, 1)...)
	}
	n := len(all)
	r := embedded(t, 2)
	began, failed := time.Now(), 0
	err := r.Run(context.Background(), all, func(_ int, r study.Result) error {
		if r.Error != "" {
			failed++
		}
		return nil
	})
	if err != nil || failed > 0 {
		t.Errorf("%d failed, %v", failed, err)
	}
	peak := peakMB(t)
	t.Logf("%d jobs in %v, at most %d MB", n, time.Since(began).Round(time.Millisecond), peak)
	if peak > limit {
		t.Errorf("%d MB of memory, want at most %d", peak, limit)
	}
}

// peakMB is the most memory that this process has had, in megabytes.
func peakMB(t *testing.T) int {
	t.Helper()
	text, err := os.ReadFile("/proc/self/status")
	if err != nil {
		t.Skip("no /proc here")
	}
	_, rest, _ := strings.Cut(string(text), "VmHWM:")
	kb := 0
	if _, err := fmt.Sscan(rest, &kb); err != nil {
		t.Fatal(err)
	}
	return kb / 1000
}
