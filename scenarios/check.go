package scenarios

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"asynclab/sim/check"
	"asynclab/sim/draw"
	"asynclab/sim/engine"
	"asynclab/sim/expect"
)

// finding is a problem of a design, at the place where it was written.
type finding struct {
	at      *node
	problem check.Problem // without its path
}

// check judges the designs as a whole and says where their problems are
// written. A problem of a shared part that only some designs have names them.
func (r *reader) check(all []*built, length time.Duration) {
	designs := map[finding][]*built{}
	var order []finding
	for _, b := range all {
		for _, p := range slices.Concat(check.Design(b.design), check.Late(b.design, length)) {
			at, path := locate(b.where, p.Path)
			// A part with a mistake in it has been left out; what the design lacks
			// because of that is no second mistake.
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
		r.add(Diagnostic{Line: f.at.line, Column: f.at.col, Msg: msg, Hint: f.problem.Hint, Warning: f.problem.Warning})
	}
}

// wrote tells whether a node stands in the design's own part of the file.
func (b *built) wrote(n *node) bool {
	if b.own == nil {
		b.own = map[*node]bool{b.at: true}
		for _, part := range []*node{b.load, b.services, b.brokers, b.links, b.variant.faults} {
			part.visit(func(n *node) { b.own[n] = true })
		}
	}
	return b.own[n]
}

// visit goes through a tree.
func (n *node) visit(see func(*node)) {
	if n == nil {
		return
	}
	see(n)
	for _, item := range n.items {
		item.visit(see)
	}
	for _, p := range n.pairs {
		see(p.key)
		p.val.visit(see)
	}
}

// locate finds the longest prefix of a path that was written.
func locate(where map[string]*node, path string) (*node, string) {
	for path != "" {
		if n := where[path]; n != nil {
			return n, path
		}
		path = path[:max(strings.LastIndexAny(path, ".[/"), 0)]
	}
	if n := where["design"]; n != nil {
		return n, "design"
	}
	return &node{line: 1, col: 1}, ""
}

// expectation reads one line and checks the designs and metrics in it.
func (r *reader) expectation(n *node, text string, s *Scenario, known *metricNames) (*expect.Expectation, bool) {
	e, err := expect.Parse(text)
	if err != nil {
		r.expectMistake(n, err)
		return nil, false
	}
	if name := e.Design(); name != "" && s.Design(name) == nil {
		r.within(n, strings.Index(text, name), meant(name, "designs", designNames(s)), "there is no design %q", name)
		return nil, false
	}
	ok := true
	for _, ref := range e.Metrics() {
		switch {
		case ref.Design == "" && len(s.Designs) > 1:
			r.within(n, ref.Offset, "begin the line with the design: "+designNames(s)[0]+": "+text, "%s of which design?", ref.Metric)
			ok = false
		case ref.Design != "" && s.Design(ref.Design) == nil:
			r.within(n, ref.Offset, meant(ref.Design, "designs", designNames(s)), "there is no design %q", ref.Design)
			ok = false
		}
	}
	if !ok || known == nil {
		return e, ok
	}
	for _, text := range e.Late(s.Run.Duration) {
		r.add(Diagnostic{Line: n.line, Column: n.col, Msg: text, Hint: "let it be earlier, or run longer", Warning: true})
	}
	if err := e.Check(known.unit); err != nil {
		r.expectMistake(n, err)
		return nil, false
	}
	return e, true
}

func (r *reader) expectMistake(n *node, err error) {
	var e *expect.Error
	if errors.As(err, &e) {
		r.within(n, e.Offset, e.Hint, "%s", e.Msg)
		return
	}
	r.at(n, "", "%v", err)
}

func designNames(s *Scenario) []string {
	var all []string
	for _, d := range s.Designs {
		all = append(all, d.Name)
	}
	return all
}

// metricNames knows the metrics of the designs, once one is asked for.
type metricNames struct {
	s     *Scenario
	units map[string]map[string]draw.Unit
}

func (m *metricNames) unit(design, metric string) (draw.Unit, error) {
	d := m.s.Designs[0]
	if design != "" {
		d = m.s.Design(design)
	}
	units := m.units[d.Name]
	if units == nil {
		p, err := engine.Compile(d)
		if err != nil {
			return 0, err // Check has passed, so this does not happen
		}
		units = map[string]draw.Unit{}
		for _, v := range p.Metrics() {
			units[v.Name] = v.Unit
		}
		m.units[d.Name] = units
	}
	u, known := units[metric]
	if known {
		return u, nil
	}
	return 0, &expect.Error{Msg: fmt.Sprintf("design %s has no metric %q", d.Name, metric), Hint: metricHint(metric, units)}
}

// metricHint lists what is known of the longest part of the name that is right.
func metricHint(metric string, units map[string]draw.Unit) string {
	var all, same []string
	for name := range units {
		all = append(all, name)
	}
	slices.Sort(all)
	for i := range metric {
		if _, known := units[metric[:i]]; known && metric[i] == '-' {
			return fmt.Sprintf("write blanks around the minus: %q", metric[:i]+" - "+metric[i+1:])
		}
	}
	if near := nearest(metric, all); near != "" {
		return fmt.Sprintf("did you mean %q?", near)
	}
	for part := metric; part != "" && len(same) == 0; part = part[:max(strings.LastIndexByte(part, '.'), 0)] {
		for _, name := range all {
			if strings.HasPrefix(name, part+".") {
				same = append(same, strings.TrimPrefix(name, part+"."))
			}
		}
		if len(same) > 0 {
			return meant(strings.TrimPrefix(metric, part+"."), "metrics of "+part, same)
		}
	}
	return "asynclab metrics lists them all"
}
