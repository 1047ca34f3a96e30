package main

import (
	"fmt"
	"io"
	"strings"
	"time"

	"asynclab/sim"
)

// progress is a line on a terminal that says how far the runs are. It appears
// after one second and goes when they end.
type progress struct {
	w     io.Writer
	show  bool
	began time.Time
	drawn time.Time // when the line was last written
	log   io.Writer // where there is no terminal: a line of its own now and then
}

const (
	patience = time.Second            // until the line appears
	pace     = 100 * time.Millisecond // between two lines
	seldom   = 30 * time.Second       // between two lines of a log
	bar      = 30                     // characters
)

func newProgress(w io.Writer, show bool) *progress {
	return &progress{w: w, show: show, began: time.Now()}
}

// lines makes the progress write lines into a log, instead of one line on a terminal.
func (p *progress) lines(log io.Writer) { p.log, p.drawn = log, time.Now() }

func (p *progress) update(now sim.Progress) {
	p.line(fmt.Sprintf("%s, replication %d", now.Design, now.Replication), now.Share)
}

// line draws what is done now, and how far it is.
func (p *progress) line(what string, share float64) {
	if p.log != nil {
		if time.Since(p.drawn) >= seldom {
			p.drawn = time.Now()
			fmt.Fprintf(p.log, "asynclab: %s: %.0f%%\n", what, 100*share)
		}
		return
	}
	took := time.Since(p.began)
	if !p.show || took < patience || time.Since(p.drawn) < pace {
		return
	}
	p.drawn = time.Now()
	full := min(max(int(share*bar), 0), bar)
	fmt.Fprintf(p.w, "\r\x1b[K%s %3.0f%% |%s%s| %v", what, 100*share,
		strings.Repeat("█", full), strings.Repeat(" ", bar-full), took.Round(time.Second))
	if share > 0.01 {
		left := time.Duration(float64(took) * (1 - share) / share)
		fmt.Fprintf(p.w, ", %v left", left.Round(time.Second))
	}
}

func (p *progress) finish() {
	if p.log == nil && !p.drawn.IsZero() {
		fmt.Fprint(p.w, "\r\x1b[K")
	}
}
