package scenarios

import (
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
	prog     *engine.Program // nil: the design has mistakes
	sections map[string]bool
	names    []string // once a hint needs them
	hinted   int      // names that are no metric and got a hint
}

// Unit is the unit of a metric of a design; the error is of type *expect.Error.
func (m Metrics) Unit(d *design.Design, name string) (draw.Unit, error) {
	if m[d] == nil {
		m[d] = &metrics{sections: map[string]bool{}}
		if p, err := engine.Compile(d); err == nil {
			m[d].prog = p
			for _, s := range p.Sections() {
				m[d].sections[s] = true
			}
		}
	}
	if p := m[d].prog; p != nil {
		ref, ok := p.Kinds().Parse(name)
		if ok && ref.Priced && p.Currency() == "" {
			return 0, expect.Wrong("for example prices: {currency: USD, instance_hour: 0.10}", "design %s has no prices, and so no %q", d.Name, name)
		}
		occurs := func(c *design.Reason) bool { return c.Name == ref.Cause }
		if ok && m[d].sections[ref.Section()] && (ref.Cause == "" || slices.ContainsFunc(p.Reasons()[design.Timeout:], occurs)) {
			return ref.Unit(), nil
		}
	}
	hint := listed()
	if n := &m[d].hinted; *n < maxHints && len(m) <= maxHints && m[d].prog != nil {
		*n++
		hint = m[d].hint(name)
	}
	return 0, expect.Wrong(hint, "design %s has no metric %q", d.Name, name)
}

func listed() spell.Text { return spell.Textf("asynclab metrics lists them all") }

// maxHints bounds the hints about metrics of one design, and the designs that get
// some: each hint looks at every metric, and a file can have very many wrong names.
const maxHints = 10

// hint lists the metrics that begin with the longest known part of the name.
func (m *metrics) hint(name string) spell.Text {
	if m.names == nil {
		for _, v := range m.prog.Metrics() {
			m.names = append(m.names, v.Name)
		}
	}
	for i := range name {
		if name[i] == '-' && slices.Contains(m.names, name[:i]) {
			return spell.Textf("write blanks around the minus: %q", name[:i]+" - "+name[i+1:])
		}
	}
	for part := name; part != ""; part = part[:max(strings.LastIndexByte(part, '.'), 0)] {
		var beside, rest []string
		for _, known := range m.names {
			if after, ok := strings.CutPrefix(known, part+"."); ok {
				beside, rest = append(beside, known), append(rest, after)
			}
		}
		if len(rest) > 0 {
			hint := spell.Textf("metrics of %s: %s", part, spell.List(rest))
			if near := spell.NearOr(name, beside, spell.Text{}); near.Format != "" {
				hint = spell.Textf("%s %s", near, hint)
			}
			return hint
		}
	}
	return spell.NearOr(name, m.names, listed())
}
