package stage

import (
	"math"
	"strconv"
	"strings"

	"fyne.io/fyne/v2"

	"asynclab/sim/metric"
	"asynclab/sim/record"
	"asynclab/sim/topology"
	"asynclab/ui/control"
	"asynclab/ui/locale"
	"asynclab/ui/palette"
)

// Signs: what mechanisms and stores hold, refuse or keep, in words. A level stands on a
// line in its node; a count, which comes and goes, on the node's upper edge, and so does a
// level that is seldom there, where the node has no room. Those of a link stand below its
// rate.
const (
	leastSigns = 0.4 // the zoom below which they would hide the picture
	signHigh   = 16.0
	signGap    = 3.0
	signPitch  = 16.5 // of those in a node
)

// signs draws all of them.
func (d drawer) signs() {
	s := d.s
	s.taken = s.taken[:0]
	for range len(s.scene.Graph.Nodes) + len(s.scene.Graph.Edges) {
		s.taken = append(s.taken, taken{})
	}
	for _, x := range s.lane.Signs {
		switch {
		case x.Edge >= 0 && int(x.Edge) < len(s.scene.Graph.Edges):
			d.signOfLink(x)
		case x.Node >= 0 && int(x.Node) < len(s.scene.Graph.Nodes):
			if int(x.Node) < len(s.lane.Nodes) && s.lane.Nodes[x.Node].Locked > 0 && x.Metric == metric.Store.Metric(metric.StoreWaiting) {
				continue // its number below the node says so
			}
			if silent := s.silent(x); silent > 0 {
				x.Value -= float64(silent)
				d.signOfNode(x, locale.T("picture.silent", signText(x), silent))
				continue
			}
			d.signOfNode(x, signText(x))
		}
	}
}

// taken is the room that the signs of an element have taken: lines, and on its upper edge
// rows and the width of the last one.
type taken struct {
	lines, rows int
	wide        float64
}

// silent is how many of the members of a sign have gone without notice.
func (s *Stage) silent(x control.Sign) int {
	if x.Metric != metric.Group.Metric(metric.GroupMembers) || int(x.Node) >= len(s.lane.Nodes) {
		return 0
	}
	return s.lane.Nodes[x.Node].Group.Silent
}

func (d drawer) signOfNode(x control.Sign, text string) {
	s := d.s
	b, t := s.scene.Layout.Boxes[x.Node], &s.taken[x.Node]
	lines := 0
	if int(x.Node) < len(s.scene.Lines) {
		lines = s.scene.Lines[x.Node]
	}
	switch quiet := x.Metric.Sign.Quiet || x.Metric.Sign.Kept; {
	case control.Steady(x.Metric) && (quiet || s.hasDetails()):
		if t.lines >= lines || !s.hasDetails() {
			return
		}
		w := min(d.s.wideSign(text), b.W-12)
		left := b.X + b.W/2 - w/2
		if s.ground.frames[x.Node] {
			left = b.X + 14
		}
		d.sign(x, text, left, s.linesOf(int(x.Node))+signPitch*float64(t.lines), w)
		t.lines++
	default:
		const left = 24 // of it are sparks
		w := d.s.wideSign(text)
		if ills := int(x.Node) < len(s.lane.Nodes) && s.lane.Nodes[x.Node].Ills != 0; t.rows == 0 && t.wide == 0 && (ills || left+w > b.W) {
			t.rows = 1 // there are badges, or it would lie under the sparks
		}
		if t.wide > 0 && left+t.wide+w > b.W { // a row above it
			t.rows, t.wide = t.rows+1, 0
		}
		at := min(b.X+left+t.wide, max(b.X+b.W-w, 0)) // not beyond the node, and the stage
		if at < b.X+left && t.rows == 0 {             // it would cover the sparks: above them
			t.rows = 1
		}
		for i, e := range s.scene.Graph.Edges { // nor over the arch of a link to itself
			if e.From == e.To && s.ground.at[e.From] == int(x.Node) {
				at = min(at, s.scene.Layout.Routes[i].At(0).X-w-6)
			}
		}
		d.sign(x, text, at, b.Y-5-(s.highSign()+1)*float64(t.rows), w)
		t.wide += w + signGap
	}
}

func (d drawer) signOfLink(x control.Sign) {
	s := d.s
	t := &s.taken[len(s.scene.Graph.Nodes)+int(x.Edge)]
	at, down := s.spots[x.Edge].rate, s.spots[x.Edge].down
	if int(x.Edge) < len(s.lane.Links) {
		rate, trouble := linkTexts(s.lane.Links[x.Edge])
		if rate != "" || trouble != "" {
			at.Y += down * s.lineHeight()
		}
		if rate != "" && trouble != "" && !s.spots[x.Edge].mute && !s.oneLine(int(x.Edge), trouble) {
			at.Y += down * s.lineHeight()
		}
	}
	text := signText(x)
	w := d.s.wideSign(text)
	d.sign(x, text, at.X-w/2, at.Y+down*(s.highSign()+signGap)*float64(t.lines), w)
	t.lines++
}

// sign draws one whose left end and middle are given.
func (d drawer) sign(x control.Sign, text string, left, middle, wide float64) {
	if d.s.view.zoom < leastSigns {
		return
	}
	high := d.s.highSign()
	c := d.s.colors.get(signColor(x))
	d.over.rect(rect{x: left, y: middle - high/2, w: wide, h: high, radius: high / 2, fill: d.s.colors.get(palette.ColorStage), stroke: c, width: 1.5})
	d.over.text(words{s: text, x: left + wide/2, y: middle - 0.5, size: stateFont, bold: true, room: wide - 4, keep: true, align: fyne.TextAlignCenter, color: d.s.colors.get(palette.ColorLabel)})
}

// wideSign and highSign are the size of a sign in the picture, at a text that can be read.
func (s *Stage) wideSign(text string) float64 {
	return textWidth(text, max(stateFont*s.view.zoom, leastText()), true)/s.view.zoom + 14
}

func (s *Stage) highSign() float64 { return max(signHigh, (leastText()+4)/s.view.zoom) }

// signColor is that of the group of the metric; a level at 0 is muted.
func signColor(x control.Sign) fyne.ThemeColorName {
	g := x.Metric.Sign.Group
	if g == record.Ordinary || x.Value == 0 {
		return palette.ColorMuted
	}
	return palette.Stripe(g)
}

// leastRate is the least that a sign tells exactly of what happens in a second.
const leastRate = 0.01

// signText is the words with their number.
func signText(x control.Sign) string {
	number := rateText(x.Value)
	if x.Value == math.Trunc(x.Value) {
		number = count(int(x.Value))
		if x.Value >= 10_000 && x.Metric.Shape() != metric.Level { // a link has little room
			number = count(int(x.Value)/1000) + "k"
		}
	} else if x.Value < leastRate && x.Metric.Shape() != metric.Level {
		number = "<" + strconv.FormatFloat(leastRate, 'g', -1, 64)
	} else if x.Value < 10 {
		number = strconv.FormatFloat(x.Value, 'g', 2, 64)
	}
	return strings.Replace(locale.Say(x.Metric.SignWord()), "%s", number, 1)
}

// linesOf is the middle of the first line that a node has for signs.
func (s *Stage) linesOf(node int) float64 {
	n, b := s.scene.Graph.Nodes[node], s.scene.Layout.Boxes[node]
	if s.ground.frames[node] {
		return b.Y + 35 + detailLine*float64(len(n.Detail))
	}
	return s.titleOf(node) + 18 + detailLine*float64(len(n.Detail))
}

// titleOf is the middle of the title of a node.
func (s *Stage) titleOf(node int) float64 {
	n, b := s.scene.Graph.Nodes[node], s.scene.Layout.Boxes[node]
	lines := len(n.Detail)
	if node < len(s.scene.Lines) {
		lines += s.scene.Lines[node]
	}
	y := b.Y + b.H/2 - (titleLine+detailLine*float64(lines))/2 + titleLine/2
	if n.Kind == topology.Service {
		y -= 4 // the cells of workers are below
	}
	return y
}
