package scenarios

import (
	"errors"
	"slices"
	"strings"
	"time"

	"asynclab/scenarios/yamltree"
	"asynclab/sim/check"
	"asynclab/sim/draw"
	"asynclab/sim/expect"
)

// finding is a problem of a design and the node of the file that causes it.
type finding struct {
	at      *yamltree.Node
	problem check.Problem // without its path
}

// check checks the designs as a whole and reports each problem at its position in
// the file. If a shared part is a problem in only some designs, the message names
// them.
func (r *reader) check(all []*built, length time.Duration) {
	designs := map[finding][]*built{}
	var order []finding
	for _, b := range all {
		for _, p := range slices.Concat(check.Design(b.design), check.Late(b.design, length)) {
			at, path := locate(b.where, p.Path)
			// A part with a mistake was left out of the design; problems that
			// follow from that are not reported again.
			if b.wrong[path] {
				continue
			}
			p.Path = ""
			f := finding{at, p}
			if designs[f] == nil {
				order = append(order, f)
			}
			designs[f] = append(designs[f], b)
		}
	}
	for _, f := range order {
		msg, of := f.problem.Msg, designs[f]
		if len(of) < len(all) && !of[0].wrote(f.at) {
			var names []string
			for _, b := range of {
				if !slices.Contains(names, b.name) {
					names = append(names, b.name)
				}
			}
			msg += " (in " + strings.Join(names, ", ") + ")"
		}
		if f.problem.Warning {
			r.Warn(f.at, f.problem.Hint, msg)
		} else {
			r.At(f.at, f.problem.Hint, "%s", msg)
		}
	}
}

// wrote tells whether a node is in the design's own part of the file.
func (b *built) wrote(n *yamltree.Node) bool {
	if b.own == nil {
		b.own = map[*yamltree.Node]bool{b.at: true}
		for _, part := range []*yamltree.Node{b.load, b.services, b.brokers, b.links, b.variant.faults} {
			part.Visit(func(n *yamltree.Node) { b.own[n] = true })
		}
	}
	return b.own[n]
}

// locate finds the node of the longest prefix of a path that is in the file; if
// none is, the node of the design, or the top of the file.
func locate(where map[string]*yamltree.Node, path string) (*yamltree.Node, string) {
	for path != "" {
		if n := where[path]; n != nil {
			return n, path
		}
		path = path[:max(strings.LastIndexAny(path, ".[/"), 0)]
	}
	if n := where["design"]; n != nil {
		return n, "design"
	}
	return top, ""
}

// expectation reads one line and checks the designs and metrics in it.
func (r *reader) expectation(n *yamltree.Node, text string, s *Scenario, unit func(design, metric string) (draw.Unit, error)) (*expect.Expectation, bool) {
	e, err := expect.Parse(text)
	if err != nil {
		r.expectMistake(n, err)
		return nil, false
	}
	if name := e.Design(); name != "" && s.Design(name) == nil {
		r.unknown(r.Position(n, strings.Index(text, name)), name, "designs", s.DesignNames(), "there is no design %q", name)
		return nil, false
	}
	ok := true
	for _, ref := range e.Metrics() {
		switch {
		case ref.Design == "" && len(s.Designs) > 1:
			r.within(n, ref.Offset, "begin the line with the design: "+s.DesignNames()[0]+": "+text, "%s of which design?", ref.Metric)
			ok = false
		case ref.Design != "" && s.Design(ref.Design) == nil:
			r.unknown(r.Position(n, ref.Offset), ref.Design, "designs", s.DesignNames(), "there is no design %q", ref.Design)
			ok = false
		}
	}
	if !ok || unit == nil {
		return e, ok
	}
	for _, text := range e.Late(s.Run.Duration) {
		r.Warn(n, "let it be earlier, or run longer", text)
	}
	if err := e.Check(unit); err != nil {
		r.expectMistake(n, err)
		return nil, false
	}
	return e, true
}

func (r *reader) expectMistake(n *yamltree.Node, err error) {
	var e *expect.Error
	if errors.As(err, &e) {
		r.within(n, e.Offset, e.Hint, "%s", e.Msg)
		return
	}
	r.at(n, "", "%v", err)
}
