package stage

import (
	"math"

	"asynclab/sim/topology"
	"asynclab/ui/control"
	"asynclab/ui/locale"
)

// client says how many hold on for an answer, and beside it, in small letters, whose answer
// is there while the work goes on, and how many have failed.
func (d drawer) client(id string, b topology.Box, st control.NodeState) {
	held, resting, lately := d.holding(id)
	open := ""
	if held > 0 {
		open = locale.T("picture.open", count(held))
	}
	text := ""
	for _, more := range d.clientMore(st, held, resting, lately) { // the most there is room for
		if text == "" && more != "" && d.fits(b, open, more) {
			text = more
		}
	}
	if open == "" {
		d.besides(b, near, text)
		return
	}
	d.number(b, near, open, text)
}

// clientMore is what else may be said of a client, the most first.
func (d drawer) clientMore(st control.NodeState, held, resting int, lately bool) []string {
	failed := ""
	if st.Failed > 0 {
		failed = locale.T("picture.failed", count(st.Failed))
	}
	with := func(text string) string {
		if failed == "" || !d.s.hasDetails() {
			return text
		}
		return text + " · " + failed
	}
	switch n := count(st.Open - held); {
	case resting > 0:
		text := locale.T("picture.resting", count(resting))
		return []string{with(text), text}
	case st.Open > held && held > 0: // some do wait
		short := locale.T("picture.accepted-short", n)
		return []string{with(short), short}
	case st.Open > held:
		long, short := locale.T("picture.accepted", n), locale.T("picture.accepted-short", n)
		return []string{with(long), long, short}
	case lately && held == 0:
		return []string{with(locale.T("picture.lately")), locale.T("picture.lately")}
	}
	return []string{failed}
}

// fits reports whether the texts below a node leave those of its neighbours their room.
func (d drawer) fits(b topology.Box, text, more string) bool {
	const gap, next = 6.0, 12.0
	z := d.s.view.zoom
	half := (textWidth(text, max(titleFont*z, leastText()), true)/z + gap + d.smallWidth(more)) / 2
	x := d.inside(b.X+b.W/2, 2*half)
	y := b.Y + b.H + near
	for i, o := range d.s.scene.Layout.Boxes {
		n := d.s.scene.Graph.Nodes[i]
		if o == b || d.s.ground.frames[i] || o.Y > y+near || o.Y+o.H < y-2*near {
			continue
		}
		mine := 0.0 // what the other's own text may take of the gap
		if n.Kind != topology.Topic {
			mine = min(math.Abs(o.X-b.X)-(b.W+o.W)/2, 60) / 2
		}
		if x+half+next > o.X-mine && x < o.X || x-half-next < o.X+o.W+mine && x > o.X {
			return false
		}
	}
	return true
}

// holding is how many callers in a node hold on, how many of them are between two attempts, and
// whether any held on, or awaited an answer without it, a moment ago.
func (d drawer) holding(node string) (n, resting int, lately bool) {
	for i, e := range d.s.scene.Graph.Edges[:min(len(d.s.lane.Links), len(d.s.scene.Graph.Edges))] {
		if l := d.s.lane.Links[i]; e.From == node {
			n, resting = n+l.Held, resting+l.Resting
			lately = lately || l.HeldLately || l.AwaitedLately
		}
	}
	return n, resting, lately
}
