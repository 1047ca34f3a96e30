package main

import (
	"strings"
	"testing"
	"time"

	"asynclab/sim"
)

// The line of progress appears after a second, says how far the runs are and
// when they will end, and leaves nothing behind.
func TestProgress(t *testing.T) {
	var out strings.Builder
	p := newProgress(&out, true)
	p.update(sim.Progress{Design: "shop", Replication: 2, Share: 0.5})
	if p.finish(); out.Len() > 0 {
		t.Errorf("in the first second: %q", out.String())
	}
	p.began = time.Now().Add(-30 * time.Second)
	p.update(sim.Progress{Design: "shop", Replication: 2, Share: 0.25})
	p.update(sim.Progress{Design: "shop", Replication: 2, Share: 0.26}) // too soon after the last
	p.finish()
	want := "\r\x1b[Kshop, replication 2  25% |" + strings.Repeat("█", 7) + strings.Repeat(" ", 23) + "| 30s, 1m30s left\r\x1b[K"
	if out.String() != want {
		t.Errorf("wrote %q, want %q", out.String(), want)
	}
}

// Without a terminal the progress is a line now and then.
func TestProgressInALog(t *testing.T) {
	var out strings.Builder
	p := newProgress(&out, false)
	p.lines(&out)
	p.line("the curve, 30 runs", 0.2)
	if p.drawn = time.Now().Add(-31 * time.Second); out.Len() > 0 {
		t.Errorf("at once: %q", out.String())
	}
	p.line("the curve, 30 runs", 0.5)
	p.line("the curve, 30 runs", 0.6)
	p.finish()
	if want := "asynclab: the curve, 30 runs: 50%\n"; out.String() != want {
		t.Errorf("wrote %q, want %q", out.String(), want)
	}
}
