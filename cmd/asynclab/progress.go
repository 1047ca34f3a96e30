package main

import (
	"fmt"
	"io"
	"time"

	"github.com/schollz/progressbar/v3"

	"asynclab/sim"
)

// progress is a progress bar on a terminal. It appears after one second.
type progress struct {
	w     io.Writer
	show  bool
	began time.Time
	bar   *progressbar.ProgressBar
}

// patience is the time until the bar appears; steps is its resolution.
const (
	patience = time.Second
	steps    = 1000
)

func newProgress(w io.Writer, show bool) *progress {
	return &progress{w: w, show: show, began: time.Now()}
}

func (p *progress) update(now sim.Progress) {
	if !p.show || p.bar == nil && time.Since(p.began) < patience {
		return
	}
	if p.bar == nil {
		p.bar = progressbar.NewOptions(steps,
			progressbar.OptionSetWriter(p.w), progressbar.OptionClearOnFinish(), progressbar.OptionThrottle(100*time.Millisecond),
			progressbar.OptionSetPredictTime(true), progressbar.OptionSetWidth(30), progressbar.OptionSetElapsedTime(true))
	}
	p.bar.Describe(fmt.Sprintf("%s, replication %d", now.Design, now.Replication))
	_ = p.bar.Set(int(now.Share * steps)) // the only error is one of the terminal
}

func (p *progress) finish() {
	if p.bar != nil {
		_ = p.bar.Finish()
	}
}
