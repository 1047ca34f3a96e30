package stage

import (
	"testing"

	"fyne.io/fyne/v2/canvas"

	"asynclab/sim/engine"
	"asynclab/sim/record"
	"asynclab/sim/topology"
	"asynclab/ui/control"
	"asynclab/ui/locale"
	"asynclab/ui/palette"
)

// Who goes before others has a stroke over it, and what was sent before is a square on its
// corner, as on its way.
func TestKindsInLine(t *testing.T) {
	line := engine.Standing{Urgent: 0b011, Again: 0b110}
	s, _ := lineOf(t, 5, -1)
	strokes := func() (n int) {
		for _, o := range s.states.box.Objects {
			if r, ok := o.(*canvas.Rectangle); ok && r.FillColor == s.colors.get(palette.ColorLabel) {
				n++
			}
		}
		return n
	}
	plain := strokes()
	st := control.NodeState{Workers: 2, Waiting: 5, Room: -1, Line: line}
	s.SetLane(&control.Lane{Nodes: []control.NodeState{st, {}, st}})
	for shape, want := range map[palette.Shape]int{palette.Disc: 3, palette.Envelope: 3, palette.Of(record.MarkRetry).Shape: 2 * 2} {
		if got := s.states.usedMarks[palette.Mark{Shape: shape, Color: palette.ColorWaiting}]; got != want {
			t.Errorf("%d of shape %d in two lines; want %d", got, shape, want)
		}
	}
	if got := strokes() - plain; got != 2*2 {
		t.Errorf("%d strokes over the tokens of two lines; want 4", got)
	}
}

// A table that sends callers to an instance that is down says so.
func TestStaleIsSaid(t *testing.T) {
	s := shown(t, arranged(t, topology.Graph{Nodes: []topology.Node{{ID: "registry", Kind: topology.Service}}}), 900, 400)
	for _, stale := range []int{0, 2} {
		s.SetLane(&control.Lane{Nodes: []control.NodeState{{Workers: -1, Busy: 1, Stale: stale}}})
		if said := texts(s.states)[locale.T("picture.stale", count(stale))]; said != (stale > 0) {
			t.Errorf("%d stale: said %v", stale, said)
		}
	}
}

// What was sent before has its own mark also where messages are a flow.
func TestFlowOfRetries(t *testing.T) {
	s := shown(t, scene(t, "order-flow", "chain"), 900, 400)
	for _, share := range []float64{0, 0.5, 1} {
		l := &control.Lane{Nodes: make([]control.NodeState, len(s.scene.Graph.Nodes)), Links: make([]control.LinkState, len(s.scene.Graph.Edges))}
		l.Links[1] = control.LinkState{Rate: 200, Sent: 100, Said: 100, Flow: true, Again: share}
		s.SetLane(l)
		first, again := s.motion.kinds[record.MarkRequest].used, s.motion.kinds[record.MarkRetry].used
		if got := float64(again) / float64(first+again); got < share-0.15 || got > share+0.15 {
			t.Errorf("%d first and %d again, for a share of %g", first, again, share)
		}
	}
}
