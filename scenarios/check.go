package scenarios

import (
	"errors"
	"strings"

	"asynclab/sim/draw"
	"asynclab/sim/expect"
	"asynclab/sim/model"
)

// check judges a design as a whole and says where its problems are written.
func (r *reader) check(d *model.Design, where map[string]*node) {
	for _, p := range checkDesign(d) {
		at := locate(where, p.Path)
		if at == nil {
			at = &node{line: 1, col: 1}
		}
		// A part with a mistake in it has been left out; what the design lacks
		// because of that is no second mistake.
		if !p.Warning && r.broken(at) {
			continue
		}
		r.add(Diagnostic{Line: at.line, Column: at.col, Msg: p.Msg, Hint: p.Hint, Warning: p.Warning})
	}
}

// locate finds the longest prefix of a path that was written.
func locate(where map[string]*node, path string) *node {
	for path != "" {
		if n := where[path]; n != nil {
			return n
		}
		path = path[:max(strings.LastIndexAny(path, ".["), 0)]
	}
	return nil
}

// broken tells whether a mistake was already found at this place.
func (r *reader) broken(n *node) bool {
	for _, d := range r.mistakes {
		if d.Line == n.line && d.Column == n.col {
			return true
		}
	}
	return false
}

// expectation reads one line. Metrics are checked by whoever knows them.
func (r *reader) expectation(n *node, text string, s *Scenario) (*expect.Expectation, bool) {
	e, err := expect.Parse(text)
	if err != nil {
		r.expectMistake(n, err)
		return nil, false
	}
	var names []string
	for _, d := range s.Designs {
		names = append(names, d.Name)
	}
	err = e.Check(func(design, metric string) (draw.Unit, error) { return metricUnit(s, names, design, metric) })
	if err != nil {
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

// checkDesign stands between us and the model.
var checkDesign = model.Check

func metricUnit(*Scenario, []string, string, string) (draw.Unit, error) { return 0, nil }
