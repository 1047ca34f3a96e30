package bench

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"asynclab/sim"
	"asynclab/sim/draw"
	"asynclab/sim/finding"
	"asynclab/sim/record"
	"asynclab/ui/control"
	"asynclab/ui/locale"
	"asynclab/ui/window"
)

// Findings of a run that goes on are looked for again after this time of the day.
const findAgain = time.Second

// mostParts is how many places an explanation names.
const mostParts = 8

// findingsPanel says what happened in the run so far, and on request what the latency of
// operations was spent on.
type findingsPanel struct {
	b         *Bench
	found     [][]finding.Finding
	at        time.Duration // of the run, when they were found
	looked    time.Time
	changes   string      // the changes by hand that are in them
	later     *time.Timer // until they are looked for again; nil: not asked for
	list      *fyne.Container
	explained *fyne.Container
	begin     *window.Button
	progress  *widget.ProgressBar
	running   fyne.CanvasObject
	foot      *fyne.Container
	cancel    context.CancelFunc // of an explanation that is being made
	asked     int                // how many explanations were asked for
	Content   fyne.CanvasObject
}

func newFindingsPanel(b *Bench) *findingsPanel {
	p := &findingsPanel{b: b, at: -1, list: container.NewVBox(), explained: container.NewVBox(), progress: widget.NewProgressBar()}
	p.begin = window.NewButton(theme.HistoryIcon(), locale.T("explain.help"), p.explain)
	p.begin.Text = locale.T("explain.start")
	stop := window.NewButton(theme.CancelIcon(), locale.T("replications.stop"), p.stop)
	b.Named["explain"], b.Named["explain-stop"] = p.begin, stop
	p.running = container.NewBorder(nil, nil, nil, stop, p.progress)
	p.foot = container.NewVBox(p.begin)
	p.Content = container.NewBorder(nil, container.NewPadded(p.foot), nil, nil, container.NewVScroll(container.NewPadded(container.NewVBox(p.list, p.explained))))
	p.fill()
	return p
}

// refresh looks for findings again, where the run has gone on.
func (p *findingsPanel) refresh(d *control.Board) {
	changes := fmt.Sprint(d.Changes)
	if p.at == d.Now && p.changes == changes {
		return
	}
	if rest := findAgain - time.Since(p.looked); rest > 0 {
		if p.later == nil { // a run that stands still sends no other board
			p.later = time.AfterFunc(rest, func() { fyne.Do(p.lookAgain) })
		}
		return
	}
	p.looked = time.Now()
	p.b.Controller.Findings(func(all [][]finding.Finding) {
		fyne.Do(func() {
			p.at, p.changes, p.found = d.Now, changes, all
			p.fill()
		})
	})
}

// lookAgain looks at what the bench shows now, if it is still this panel.
func (p *findingsPanel) lookAgain() {
	p.later = nil
	if p.b.Findings == p && p.b.Shows(p.Content) {
		p.refresh(p.b.Board)
	}
}

// line is a paragraph of the panel.
func line(text string) *widget.Label {
	l := widget.NewLabel(text)
	l.Wrapping = fyne.TextWrapWord
	return l
}

func (p *findingsPanel) fill() {
	p.list.Objects = nil
	none := true
	for i, all := range p.found {
		for k := range all {
			text := p.said(i, &all[k])
			if len(p.b.Scenes) > 1 {
				text = p.b.LaneName(i) + ": " + text
			}
			l := line(text)
			if k == 0 {
				l.TextStyle.Bold = true
			}
			p.list.Add(l)
			none = false
		}
	}
	if none {
		p.list.Add(line(locale.T("findings.none")))
	}
	p.Content.Refresh()
}

// said is a finding with the names that the picture has.
func (p *findingsPanel) said(lane int, f *finding.Finding) string {
	g := *f
	g.Clauses = slices.Clone(f.Clauses)
	for i := range g.Clauses {
		c := &g.Clauses[i]
		c.Terms = slices.Clone(c.Terms)
		for k, term := range c.Terms {
			c.Terms[k] = p.b.namesIn(lane, term)
		}
		if name, ok := strings.CutPrefix(f.Element, "fault."); ok && i == 0 {
			c.Terms[0] = cmp.Or(p.b.faultNamed(lane, name), c.Terms[0])
		}
	}
	return g.Say(locale.Word)
}

// faultNamed is the sentence of a fault of a lane; "" if there is none of that name.
func (b *Bench) faultNamed(lane int, name string) string {
	if lane < len(b.Board.Lanes) {
		for _, f := range b.Board.Lanes[lane].Fault {
			if f.Name == name {
				return f.Sentence(locale.Word, called(b.Words))
			}
		}
	}
	return ""
}

// namesIn replaces the nodes of a lane in a term, "shop", "a, b" or "shop/buy->bus/q", by
// their names in the picture.
func (b *Bench) namesIn(lane int, term string) string {
	name := called(b.Words)
	one := func(id string) string {
		for _, n := range b.Scenes[lane].Graph.Nodes {
			node, operation, _ := strings.Cut(id, "/")
			switch n.ID {
			case id:
				return cmp.Or(name(id), id)
			case node:
				if word := name(node); word != "" {
					return word + "/" + operations(b.Words, operation)
				}
			}
		}
		return id
	}
	for _, between := range []string{", ", "->", " -> "} {
		if parts := strings.Split(term, between); len(parts) > 1 {
			for i := range parts {
				parts[i] = one(parts[i])
			}
			return strings.Join(parts, between)
		}
	}
	return one(term)
}

// explain runs the designs again, outside the window's goroutine.
func (p *findingsPanel) explain() {
	p.stop()
	ctx, cancel := context.WithCancel(context.Background())
	p.cancel = cancel
	asked := p.asked
	then := func(do func()) {
		fyne.Do(func() {
			if p.asked == asked {
				do()
			}
		})
	}
	p.progress.SetValue(0)
	p.foot.Objects = []fyne.CanvasObject{p.running}
	p.foot.Refresh()
	p.b.Controller.Explain(ctx,
		func(x sim.Progress) { then(func() { p.progress.SetValue(x.Share) }) },
		func(r *sim.Result, err error) {
			then(func() {
				p.stop()
				if err == nil && !r.Interrupted {
					p.tell(r)
				}
				p.b.host.Fail(locale.T("error.explain"), err)
			})
		})
}

// stop ends an explanation that is being made.
func (p *findingsPanel) stop() {
	if p.cancel != nil {
		p.cancel()
		p.cancel = nil
	}
	if p.later != nil && p.later.Stop() {
		p.later = nil
	}
	p.asked++
	p.foot.Objects = []fyne.CanvasObject{p.begin}
	p.foot.Refresh()
}

// tell shows where the latency of the loads went.
func (p *findingsPanel) tell(r *sim.Result) {
	p.explained.Objects = []fyne.CanvasObject{widget.NewSeparator()}
	for i := range r.Designs {
		for k := range r.Designs[i].Explained {
			p.tellLoad(i, &r.Designs[i].Explained[k])
		}
	}
	if len(p.explained.Objects) == 1 {
		p.explained.Add(line(locale.T("explain.none")))
	}
	p.Content.Refresh()
}

func (p *findingsPanel) tellLoad(lane int, x *sim.Latencies) {
	name := p.b.namesIn(lane, x.Load)
	if len(p.b.Scenes) > 1 {
		name = p.b.LaneName(lane) + ": " + name
	}
	spent := func(slow bool) string {
		var parts []string
		for _, s := range x.Sums(slow) {
			took, n := s.All, x.Operations
			if slow {
				took, n = s.Slow, x.Slow
			}
			parts = append(parts, each(took, n)+" "+locale.Say(s.Spent.Word()))
		}
		return strings.Join(parts, " + ")
	}
	head := line(locale.T("explain.mean", name, x.Operations, each(x.Total, x.Operations), spent(false)))
	head.TextStyle.Bold = true
	p.explained.Add(head)
	switch {
	case x.Slow == x.Operations && x.Slow > 1:
		p.explained.Add(line(locale.T("explain.alike", draw.FormatDuration(float64(x.From)/1e9))))
	case x.Slow > 0:
		p.explained.Add(line(locale.T("explain.slow", x.Slow, draw.FormatDuration(float64(x.From)/1e9), each(x.OfSlow, x.Slow), spent(true))))
	}
	for _, s := range x.Largest(mostParts) {
		what := record.Voice(locale.Word).Say(s.Spent.Word())
		p.explained.Add(line(locale.T("explain.part", what, p.b.namesIn(lane, s.Place), each(s.All, x.Operations), part(s.All, x.Total), each(s.Slow, x.Slow), part(s.Slow, x.OfSlow))))
	}
}

func each(total int64, n int) string {
	return draw.FormatDuration(draw.Significant(float64(total)/float64(max(n, 1))/1e9, 3))
}

func part(v, of int64) string {
	return draw.FormatQuantity(draw.Significant(float64(v)/float64(max(of, 1)), 3), draw.Ratio)
}
