package scenarios

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"asynclab/sim/design"
	"asynclab/sim/draw"
	"asynclab/sim/engine"
	"asynclab/sim/expect"
	"asynclab/sim/spell"
)

// Metrics caches the metrics of designs; each design is compiled at its first use.
type Metrics map[*design.Design]*metrics

type metrics struct {
	names []string
	units map[string]draw.Unit
}

// Unit is the unit of a metric of a design; the error is of type *expect.Error.
func (m Metrics) Unit(d *design.Design, metric string) (draw.Unit, error) {
	if m[d] == nil {
		m[d] = &metrics{units: map[string]draw.Unit{}}
		if p, err := engine.Compile(d); err == nil {
			for _, v := range p.Metrics() {
				m[d].names = append(m[d].names, v.Name)
				m[d].units[v.Name] = v.Unit
			}
		}
	}
	if u, known := m[d].units[metric]; known {
		return u, nil
	}
	return 0, &expect.Error{Msg: fmt.Sprintf("design %s has no metric %q", d.Name, metric), Hint: m[d].hint(metric)}
}

// hint lists the metrics that begin with the longest known part of the name.
func (m *metrics) hint(metric string) string {
	for i := range metric {
		if metric[i] == '-' && slices.Contains(m.names, metric[:i]) {
			return fmt.Sprintf("write blanks around the minus: %q", metric[:i]+" - "+metric[i+1:])
		}
	}
	for part := metric; part != ""; part = part[:max(strings.LastIndexByte(part, '.'), 0)] {
		var beside, rest []string
		for _, name := range m.names {
			if after, ok := strings.CutPrefix(name, part+"."); ok {
				beside, rest = append(beside, name), append(rest, after)
			}
		}
		if len(rest) > 0 {
			return strings.TrimSpace(spell.DidYouMean(metric, beside) + " metrics of " + part + ": " + spell.List(rest))
		}
	}
	return cmp.Or(spell.DidYouMean(metric, m.names), "asynclab metrics lists them all")
}
