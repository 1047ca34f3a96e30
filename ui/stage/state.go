package stage

import (
	"fmt"
	"image/color"
	"strconv"
	"strings"

	"fyne.io/fyne/v2"

	"asynclab/sim"
	"asynclab/sim/draw"
	"asynclab/sim/topology"
	"asynclab/ui/control"
	"asynclab/ui/locale"
	"asynclab/ui/palette"
)

// Sizes of text, in pixels at zoom 1: the layout reserved space for these.
const (
	titleFont  = 14.0
	detailFont = 12.0
	labelFont  = 12.0
	stateFont  = 12.0
	titleLine  = 18.0
	detailLine = 15.0
)

// drawNames writes the constant texts: names and details of nodes, labels of
// links.
func (s *Stage) drawNames() {
	s.names.begin(s.view)
	if s.scene == nil {
		return
	}
	ink, faint := s.colors.get(palette.ColorLabel), s.colors.get(palette.ColorMuted)
	for i, n := range s.scene.Graph.Nodes {
		b := s.scene.Layout.Boxes[i]
		if s.ground.frames[i] {
			s.names.text(words{s: s.title(i), x: b.X + 14, y: b.Y + 18, size: titleFont, bold: true, keep: true, room: b.W - 28, color: ink})
			for k, d := range n.Detail {
				s.names.text(words{s: d.Say(locale.Word), x: b.X + 14, y: b.Y + 35 + float64(k)*detailLine, size: detailFont, room: b.W - 28, color: faint})
			}
			continue
		}
		left, right := textInset(n.Kind)
		title := s.title(i)
		x, room := b.X+left+(b.W-left-right)/2, b.W-left-right
		if n.Kind == topology.Queue && textWidth(title, max(titleFont*s.view.zoom, leastText()), true) > room*s.view.zoom {
			x, room = b.X+b.W/2, b.W-28 // up to its end, which is open
		}
		y := s.titleOf(i)
		details := n.Detail
		if !s.hasDetails() {
			details, x, y, room = nil, b.X+b.W/2, b.Y+b.H/2, b.W-6
		}
		lines := wrapped(title, room*s.view.zoom, max(titleFont*s.view.zoom, leastText()), len(details) == 0)
		gap := max(titleLine, (leastText()+2)/s.view.zoom)
		y -= gap / 2 * float64(len(lines)-1)
		for k, line := range lines {
			s.names.text(words{s: line, x: x, y: y + gap*float64(k), size: titleFont, bold: true, keep: true, room: room, align: fyne.TextAlignCenter, color: ink})
		}
		for k, d := range details {
			if now, changed := s.workersNow(i); changed && k == 0 {
				d = now
			}
			s.names.text(words{s: d.Say(locale.Word), x: x, y: y + 16 + float64(k)*detailLine, size: detailFont, room: room, align: fyne.TextAlignCenter, color: faint})
		}
	}
	if !s.hasLabels() {
		return
	}
	for i, e := range s.scene.Graph.Edges {
		if s.spots[i].bare {
			continue
		}
		at := s.spots[i].label
		s.onPlate(s.names, words{s: e.Label, x: at.X, y: at.Y, size: labelFont, align: fyne.TextAlignCenter, color: faint})
	}
}

// hasDetails reports whether the lines of details have room below each other.
// Without them, a name may take the whole width of its node.
func (s *Stage) hasDetails() bool { return readable(s.view.zoom) }

// readable reports whether lines of details have room below each other at a zoom.
func readable(zoom float64) bool { return zoom*detailLine > leastText()+1 }

// hasLabels reports whether the labels of links have room.
func (s *Stage) hasLabels() bool { return s.view.zoom*labelFont >= 0.75*leastText() }

// labelWidth is the width of a label in the picture.
func (s *Stage) labelWidth(label string) float64 {
	size := max(labelFont*s.view.zoom, leastText())
	return textWidth(label, size, false) / s.view.zoom
}

// wrapped breaks a name that is too wide into two lines, behind a mark between its
// words.
func wrapped(name string, room, size float64, may bool) []string {
	if !may || textWidth(name, size, true) <= room {
		return []string{name}
	}
	cut := 0
	for i, r := range name {
		if strings.ContainsRune("-_./ ", r) && i > 0 && textWidth(name[:i+1], size, true) <= room {
			cut = i + 1
		}
	}
	if cut == 0 || cut == len(name) {
		return []string{name}
	}
	return []string{strings.TrimSpace(name[:cut]), name[cut:]}
}

// workersNow is the line about the workers of a service, if their number
// differs from the initial one.
func (s *Stage) workersNow(node int) (topology.Detail, bool) {
	if node >= len(s.workers) || node >= len(s.lane.Nodes) || s.lane.Nodes[node].Workers == s.workers[node] {
		return topology.Detail{}, false
	}
	return sim.WorkersDetail(s.lane.Nodes[node].Workers), true
}

// staffed reports whether a service's number of workers differs from the one
// written last.
func (s *Stage) staffed(nodes []control.NodeState) bool {
	if s.workers == nil {
		for _, n := range nodes {
			s.workers = append(s.workers, n.Workers)
		}
	}
	for i := range min(len(nodes), len(s.lane.Nodes)) {
		if nodes[i].Workers != s.lane.Nodes[i].Workers {
			return true
		}
	}
	return false
}

// drawStates draws the changing parts of nodes and links.
func (s *Stage) drawStates() {
	s.fills.begin(s.view)
	s.states.begin(s.view)
	if s.scene == nil {
		return
	}
	s.drawStatesWith(s.fills, s.states)
}

// drawStatesWith draws with one pen the parts under the names, and with the
// other the parts above them.
func (s *Stage) drawStatesWith(under, over pen) {
	d := drawer{s: s, under: under, over: over, cells: s.fewWorkers()}
	for i, n := range s.scene.Graph.Nodes[:min(len(s.lane.Nodes), len(s.scene.Graph.Nodes))] {
		d.node(n, s.scene.Layout.Boxes[i], s.lane.Nodes[i], s.ground.frames[i])
	}
	for i, l := range s.lane.Links[:min(len(s.lane.Links), len(s.scene.Graph.Edges))] {
		d.link(i, l)
	}
	d.signs()
}

// fewWorkers reports whether each worker can have a cell of its own: every cell
// takes one draw call.
func (s *Stage) fewWorkers() bool {
	cells := 0
	for _, n := range s.lane.Nodes {
		if n.Workers <= mostCells {
			cells += max(n.Workers, 0)
		}
	}
	return cells <= 240
}

// mostCells is the maximum of cells of a node: more workers are drawn as a bar.
const mostCells = 20

// drawer draws the states of nodes and links.
type drawer struct {
	s           *Stage
	under, over pen
	cells       bool
}

// near is the distance of a line below a node.
const near = 10.0

func (d drawer) node(n topology.Node, b topology.Box, st control.NodeState, frame bool) {
	switch n.Kind {
	case topology.Client:
		d.client(n.ID, b, st)
	case topology.Service:
		d.workers(b, st)
		d.room(n.ID, b, st)
	case topology.Queue, topology.Subscription:
		d.queue(n.Kind, b, st)
	case topology.Broker:
		d.nodes(b, st.Nodes)
	case topology.Topic:
	}
	if n.Kind != topology.Client || st.Health != control.Up {
		d.health(n.Kind, b, st, frame)
	}
}

// workersHigh is the height of the cells of workers, and latelyPart the strength of what was
// a moment ago and is not now.
const workersHigh, latelyPart = 8.0, 0.35

// workers draws those of a service along its bottom: together, or those of each instance.
func (d drawer) workers(b topology.Box, st control.NodeState) {
	const inset = 9.0
	cells := st
	if st.Workers < 0 { // unlimited: one cell per busy worker
		cells.Workers = st.Busy
		if st.Busy == 0 && (st.Worked || st.HeldOn) {
			cells.Workers = 1
		}
	}
	switch st = cells; {
	case st.Workers <= 0:
	case d.apart(b, st):
		d.groups(b, st)
	default:
		d.staff(b.X+inset, b.Y+b.H-workersHigh-4, b.W-2*inset, st)
	}
}

// staff draws workers as cells, or a bar if there are many: working, blocked, free. Where
// none works or is blocked now, one who was a moment ago is faint.
func (d drawer) staff(x, y, w float64, st control.NodeState) {
	c := &d.s.colors
	working, x0 := max(st.Busy-st.Blocked, 0), x
	all := []struct {
		n    int
		fill color.Color
	}{
		{working, c.get(palette.ColorBusy)}, {st.Blocked, c.get(palette.ColorBlocked)},
		{0, faded(c.get(palette.ColorBlocked), latelyPart)}, {0, faded(c.get(palette.ColorBusy), latelyPart)},
	}
	switch free := st.Workers > st.Busy; {
	case st.HeldOn && st.Blocked == 0 && free:
		all[2].n = 1
	case st.Worked && st.Busy == 0 && free:
		all[3].n = 1
	}
	const gap, leastCell = 2.0, 2.5
	one := min((w-gap*float64(st.Workers-1))/float64(st.Workers), 14)
	if d.cells && st.Workers <= mostCells && one >= leastCell {
		x += (w - one*float64(st.Workers) - gap*float64(st.Workers-1)) / 2
		for i := range st.Workers {
			cell, before := rect{x: x + float64(i)*(one+gap), y: y, w: one, h: workersHigh, radius: 1.5, fill: c.get(palette.ColorIdle)}, 0
			for _, a := range all {
				if before <= i && i < before+a.n {
					cell.fill = a.fill
				}
				before += a.n
			}
			if i >= st.Busy-st.Vain && i < st.Busy { // hollow: its caller is gone
				cell.stroke, cell.width, cell.fill = cell.fill, 1.5, c.get(palette.ColorStage)
			}
			d.over.rect(cell)
		}
		return
	}
	d.over.rect(rect{x: x, y: y, w: w, h: workersHigh, radius: 2, fill: c.get(palette.ColorIdle)})
	for _, a := range all {
		if part := w * min(float64(a.n)/float64(st.Workers), 1); part > 0 {
			d.over.rect(rect{x: x, y: y, w: part, h: workersHigh, radius: 2, fill: a.fill})
			x += part
		}
	}
	if part := w * min(float64(st.Vain)/float64(st.Workers), 1); part > 0 { // hollow: their callers are gone
		end := x0 + w*min(float64(st.Busy)/float64(st.Workers), 1)
		d.over.rect(rect{x: end - part + 1.5, y: y + 1.5, w: max(part-3, 0.5), h: workersHigh - 3, radius: 1, fill: c.get(palette.ColorStage)})
	}
}

// room draws the waiting room of a service: people before its door.
func (d drawer) room(id string, b topology.Box, st control.NodeState) {
	far, under := belowRow, b // under what the number stands: a line that is the only one
	if d.apart(b, st) {
		lines := 0
		for i := range st.Apart {
			if st.Each[i].Waiting > st.Each[i].GaveUp {
				lines, under = lines+1, part(b, i, st.Apart)
			}
		}
		if lines != 1 {
			under = b
		}
		for i := range st.Apart {
			in, room := st.Each[i], st.Room
			if room > 0 {
				room /= st.Apart
			}
			line := control.NodeState{Waiting: int(in.Waiting), GaveUp: int(in.GaveUp), Line: in.Line, Room: room}
			far = max(far, d.narrowLine(part(b, i, st.Apart), lines > 1, still(line), d.level(line)))
		}
	} else {
		far = d.line(b, still(st), palette.Disc, d.level(st))
	}
	text, more := "", d.inHand(id, st)
	if st.Waiting > st.GaveUp {
		text = waiting(st)
	}
	if st.GaveUp > 0 {
		more = []string{struck + locale.T("picture.gave-up", count(st.GaveUp))}
	} else if st.Vain > 0 && st.Health != control.Down {
		more = append([]string{locale.T("picture.for-nobody", count(st.Vain))}, more...)
		if text == "" {
			d.besides(under, far, more[0])
			return
		}
	}
	switch {
	case text != "" && len(more) > 0:
		d.number(under, far, text, more[0])
	case text != "":
		d.number(under, far, text, "")
	case st.GaveUp > 0: // and nobody else stands there
		d.besides(under, far, more[0])
	case len(more) > 1:
		d.number(under, far, more[0], more[1])
	case len(more) > 0:
		d.number(under, far, more[0], "")
	case st.Health != control.Down && d.awaitedLately(id):
		d.besides(b, far, locale.T("picture.lately"))
	}
	if text == "" && st.GaveUp == 0 && len(more) > 0 && st.Timed > 0 && st.Timed == st.Awaits {
		z := d.s.view.zoom
		high := max(titleFont*z, leastText())
		d.clock(b.X+b.W/2-textWidth(more[0], high, true)/z/2-0.65*high/z, b.Y+b.H+far, 0.4*high/z)
	}
}

// inHand says what the tasks of a service do that no cell shows, or that its cells do not
// count: the first matters most.
func (d drawer) inHand(id string, st control.NodeState) (all []string) {
	say := func(n int, text string) {
		if n > 0 {
			all = append(all, text)
		}
	}
	if st.Health == control.Down {
		say(st.Awaits, locale.T("picture.kept", count(st.Awaits)))
		return all
	}
	if st.Workers < 0 {
		say(st.Busy-st.Blocked, locale.T("picture.at-work", count(st.Busy-st.Blocked)))
	}
	say(st.Stale, locale.T("picture.stale", count(st.Stale)))
	say(st.Locked, locale.T("picture.for-lock", count(st.Locked)))
	if at := st.Holder - 1; at >= 0 && at < len(d.s.scene.Graph.Nodes) {
		say(st.Locked, locale.T("picture.has-lock", d.s.scene.Graph.Nodes[at].Title()))
	}
	if st.Workers < 0 {
		say(st.Blocked-st.Locked, locale.T("picture.blocked", count(st.Blocked-st.Locked)))
	}
	awaits := max(st.Awaits-st.Timed, d.awaiting(id))
	say(awaits, locale.T("picture.await", count(awaits)))
	say(st.Timed, locale.T("picture.timer", count(st.Timed)))
	return all
}

// awaiting is the most answers that a node awaits over one link without holding a worker.
func (d drawer) awaiting(node string) (n int) {
	for i, e := range d.s.scene.Graph.Edges[:min(len(d.s.lane.Links), len(d.s.scene.Graph.Edges))] {
		if e.From == node {
			n = max(n, d.s.lane.Links[i].Awaited)
		}
	}
	return n
}

// awaitedLately reports whether one of the links of a node shows that an answer was awaited
// over it a moment ago.
func (d drawer) awaitedLately(node string) bool {
	for i, e := range d.s.scene.Graph.Edges[:min(len(d.s.lane.Links), len(d.s.scene.Graph.Edges))] {
		if e.From == node && d.s.lane.Links[i].AwaitedLately {
			return true
		}
	}
	return false
}

// clock is the mark of what only time will bring.
func (d drawer) clock(x, y, r float64) {
	c := d.s.colors.get(palette.ColorLabel)
	d.over.rect(rect{x: x - r, y: y - r, w: 2 * r, h: 2 * r, radius: r, stroke: c, width: 1.5})
	for _, hand := range [...]topology.Point{{X: x, Y: y - 0.65*r}, {X: x + 0.55*r, Y: y}} {
		d.over.line(topology.Point{X: x, Y: y}, hand, 1.5, c)
	}
}

// queue draws the messages in a queue: envelopes in a pipe, and its contents, the
// next to leave at the right end.
func (d drawer) queue(k topology.Kind, b topology.Box, st control.NodeState) {
	part := full(st)
	if st.Room > 0 { // the pipe shows how much of it is used up
		part = min(float64(st.Waiting)/float64(st.Room), 1)
	}
	left, right, inset := b.X+8, b.X+b.W-1.5, 2.5
	if k == topology.Queue {
		left, right = b.X+3, b.X+b.W-2*capW-1
	}
	if d.lanes(b, st) {
		d.partitions(b, st)
	} else if part > 0 {
		w := max((right-left)*part, 2)
		c := d.s.colors.get(d.level(st))
		d.under.rect(rect{x: right - w, y: b.Y + inset, w: w, h: b.H - 2*inset, radius: 2, fill: faded(c, 0.4)})
	}
	row := st // what is handed out and not confirmed has not left yet
	row.Waiting = st.Waiting + st.Unacked
	head := min(st.Unacked, standing) // they stand before those that wait
	row.Line.Gone, row.Line.Again, row.Line.Urgent = 1<<head-1, st.Line.Again<<head, st.Line.Urgent<<head
	if row.Room > 0 {
		row.Room += st.Unacked
	}
	far := d.line(b, row, palette.Envelope, d.level(st))
	text, more := "", ""
	if st.Waiting > 0 {
		text = waiting(st)
	}
	if st.Unacked > 0 && (d.s.hasDetails() || text == "") {
		more = locale.T("picture.unacked", count(st.Unacked))
	}
	if group := ofGroup(st.Group); group != "" {
		more = group
	}
	if text == "" {
		d.besides(b, far, more)
		return
	}
	d.number(b, far, text, more)
}

// level is the colour of waiting tasks or messages: a different one when the
// capacity is used up.
func (drawer) level(st control.NodeState) fyne.ThemeColorName {
	if st.Room > 0 && st.Waiting >= st.Room {
		return palette.ColorLostSpark
	}
	return palette.ColorWaiting
}

// health draws a small mark on a healthy node, and across the upper edge of any
// other a badge for each of its problems, the worst on the right.
func (d drawer) health(k topology.Kind, b topology.Box, st control.NodeState, frame bool) {
	m := palette.Health(st.Health)
	if st.Health == control.Up {
		if k == topology.Service || frame {
			d.over.mark(m, b.X+b.W-8, b.Y+8, 5.5, 1)
		}
		return
	}
	if d.s.view.zoom < leastSigns { // the outline shows it too
		d.over.mark(m, b.X+b.W-8, b.Y, 20, 1)
		return
	}
	right := b.X + b.W - 4
	for h := st.Health; h > control.Up; h-- {
		if st.Ills.Has(h) {
			right = d.badge(h, healthText(h, st), right, b.Y) - 3
		}
	}
}

// healthText is the word for a problem, and how many instances have it.
func healthText(h control.Health, st control.NodeState) string {
	n, of := st.Sick.Of(h)
	if of <= 1 || n == of || n == 0 {
		return locale.Say(h.Word())
	}
	if h == control.Partly {
		h = control.Down
	}
	return locale.T("picture.some", n, of, locale.Say(h.Word()))
}

const badgeFont = 12.0

// badge draws a badge that ends at the right, and returns its left end.
func (d drawer) badge(h control.Health, text string, right, middle float64) float64 {
	m := palette.Health(h)
	c := d.s.colors.get(m.Color)
	const size = badgeFont
	high := d.s.highSign() + 1
	w := d.s.wideSign(text) + 8
	x, y := right-w, middle-high/2-1
	d.over.rect(rect{x: x, y: y, w: w, h: high, radius: high / 2, fill: d.s.colors.get(palette.ColorStage), stroke: c, width: 1.5})
	d.over.mark(m, x+9, y+high/2, 6.5, 1)
	d.over.text(words{s: text, x: x + 16, y: y + high/2 - 0.7, size: size, bold: true, color: d.s.colors.get(palette.ColorLabel)})
	return x
}

// count writes a number as it is read aloud: 999, 1,600, 35,000, 1.2M.
func count(n int) string {
	switch {
	case n >= 10_000_000:
		return strconv.Itoa(n/1_000_000) + "M"
	case n >= 1_000_000:
		return strconv.Itoa(n/1_000_000) + "." + strconv.Itoa(n%1_000_000/100_000) + "M"
	case n >= 1_000:
		return fmt.Sprintf("%d,%03d", n/1000, n%1000)
	}
	return strconv.Itoa(n)
}

func percent(p float64) string { return draw.FormatQuantity(p, draw.Ratio) }
