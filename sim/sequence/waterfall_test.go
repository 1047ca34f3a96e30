package sequence_test

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"asynclab/sim/sequence"
)

// contiguous fails unless the critical path leads from the arrival to the operation's end
// without a gap.
func contiguous(t *testing.T, trace sequence.Trace) {
	t.Helper()
	var sum time.Duration
	for _, l := range trace.Lines(nil) {
		for _, c := range l.Critical {
			sum += c.To - c.From
		}
	}
	if want := trace.Spans[0].To; sum != want {
		t.Errorf("the critical path takes %v, the operation %v", sum, want)
	}
}

// Of two calls at the same time the later answer is what the operation takes its time
// from: the shop's own 0 ms, 1 ms there, 5 ms of work, the database, 20 ms of work.
func TestCriticalPath(t *testing.T) {
	s := parsed(t, sideBySide, time.Second)
	trace := sequence.Spans(s.entries(s.order[0]), s.graph, nil)
	contiguous(t, trace)
	on := map[string]time.Duration{}
	for _, l := range trace.Lines(nil) {
		for _, c := range l.Critical {
			on[l.Name] += c.To - c.From
		}
	}
	if on["stock"] != 25*time.Millisecond || on["db"] != 9*time.Millisecond || on["call stock"] != 2*time.Millisecond || on["shop"] != 2*time.Millisecond {
		t.Errorf("on the critical path: %v", on)
	}
}

// The picture has a bar for each part within its width, and a mark for each stretch of the
// critical path under a bar of its line.
func TestWaterfall(t *testing.T) {
	s := parsed(t, sideBySide, time.Second)
	trace := sequence.Spans(s.entries(s.order[0]), s.graph, nil)
	for _, width := range []float64{300, 960} {
		w := sequence.NewWaterfall(&trace, width, sequence.Options{})
		parts := 0
		for _, l := range w.Lines {
			parts += len(l.Parts)
		}
		if len(w.Bars) != parts || len(w.Path) < 5 || len(w.Ticks) < 2 || len(w.Keys) != 6 {
			t.Errorf("%g wide: %d bars of %d parts, %d stretches, %d ticks", width, len(w.Bars), parts, len(w.Path), len(w.Ticks))
		}
		for _, b := range w.Bars {
			if b.Box.X < w.Names || b.Box.X+b.Box.W > w.W || b.Box.Y < w.Top || b.Box.Y+b.Box.H > w.H {
				t.Errorf("%g wide: a bar at %v of %g by %g", width, b.Box, w.W, w.H)
			}
		}
		var b bytes.Buffer
		if err := w.SVG(&b, sequence.Theme{}); err != nil {
			t.Fatal(err)
		}
		if n := strings.Count(b.String(), `class="note bad"`); n != len(w.Path)+1 {
			t.Errorf("%g wide: %d marks of the critical path, of %d and the key", width, n, len(w.Path))
		}
	}
}
