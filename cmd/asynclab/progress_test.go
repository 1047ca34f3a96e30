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
