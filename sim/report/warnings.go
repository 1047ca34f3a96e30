package report

import (
	"fmt"
	"slices"
	"strings"

	"asynclab/sim"
	"asynclab/sim/warning"
)

// The most elements that one line names, and the most lines about one kind of
// warning: a large design has very many that say the same.
const (
	maxNamed = 3
	maxLines = 4
)

// remark is a warning with the designs and elements about which it says the same.
type remark struct {
	kind     warning.Kind
	text     string
	designs  []string
	elements []string
	all      bool // of several designs
	most     int  // elements to name
}

func (m *remark) String() string {
	text := m.text
	if n := len(m.elements); n > 0 {
		named := strings.Join(m.elements[:min(n, m.most)], ", ")
		if more := n - m.most; more > 0 {
			named += fmt.Sprintf(" and %d more", more)
		}
		text = named + ": " + text
	}
	of := strings.Join(m.designs, ", ")
	if m.all {
		of = "every design"
	}
	return fmt.Sprintf("%s: %s [%s]", of, text, m.kind.ID())
}

// Warned reports how many warnings the report shows.
func (r *Report) Warned() int { return len(r.remarks(r.table())) }

// remarks returns the warnings, what matters most first. What is the same in several
// designs, or of several elements, is said once. Warnings about a number that is not
// shown are left out.
func (r *Report) remarks(seen []Section) (all []*remark) {
	for _, d := range r.Designs {
		for _, w := range d.Warnings {
			if w.Kind.OfNumber() && !r.mentions(w.Element, seen) {
				continue
			}
			all = r.remark(all, d.Name, w)
		}
	}
	for i := 0; i < len(all); i++ { // join those that differ in their elements only
		m := all[i]
		for j := len(all) - 1; j > i; j-- {
			if o := all[j]; o.kind == m.kind && o.text == m.text && len(m.elements) > 0 && slices.Equal(o.designs, m.designs) {
				m.elements = slices.Insert(m.elements, 1, o.elements...)
				all = slices.Delete(all, j, j+1)
			}
		}
		m.all, m.most = len(m.designs) == len(r.Designs) && len(r.Designs) > 1, maxNamed
		if r.All {
			m.most = len(m.elements)
		}
	}
	slices.SortStableFunc(all, func(a, b *remark) int { return warning.Compare(a.kind, b.kind) })
	return all
}

// remark adds a warning of a design.
func (r *Report) remark(all []*remark, design string, w sim.Warning) []*remark {
	m := &remark{kind: w.Kind, text: w.Text(), designs: []string{design}}
	if w.Element != "" && !strings.Contains(m.text, w.Element) {
		m.elements = []string{w.Element}
	}
	for _, o := range all {
		if o.kind == m.kind && o.text == m.text && slices.Equal(o.elements, m.elements) {
			if !slices.Contains(o.designs, design) {
				o.designs = append(o.designs, design)
			}
			return all
		}
	}
	return append(all, m)
}

// about is the text of a warning with its element.
func about(w sim.Warning) string {
	if w.Element == "" {
		return w.Text()
	}
	return w.Element + ": " + w.Text()
}

// warnings returns the lines that a reader must know.
func (r *Report) warnings(seen []Section) []string {
	var out []string
	silenced := 0
	for _, d := range r.Designs {
		// The engine itself warns about its budgets.
		if text := ended(d); text != "" && !d.Ended.Budget() {
			out = append(out, d.Name+": "+text)
		}
		silenced += d.Silenced
	}
	count := map[warning.Kind]int{}
	all := r.remarks(seen)
	for _, m := range all {
		if count[m.kind]++; count[m.kind] <= maxLines || r.All {
			out = append(out, m.String())
		}
		if more := count[m.kind] - maxLines; more > 0 && !r.All && last(all, m) {
			out = append(out, fmt.Sprintf("%d more of this kind; --all shows them [%s]", more, m.kind.ID()))
		}
	}
	for _, s := range r.Skipped {
		out = append(out, "not judged, because "+s.Why+": "+s.Expect)
	}
	if r.Interrupted && r.Asked > 1 {
		out = append(out, fmt.Sprintf("interrupted: %d of %d replications were finished", r.Replications, r.Asked))
	}
	if silenced > 0 {
		out = append(out, Plural(silenced, "warning")+" silenced by the scenario")
	}
	return out
}

// last tells whether no remark of its kind follows.
func last(all []*remark, m *remark) bool {
	i := slices.Index(all, m)
	return i+1 == len(all) || all[i+1].kind != m.kind
}

// mentions reports whether a metric is in the table or in an expectation.
func (r *Report) mentions(metric string, seen []Section) bool {
	for _, s := range seen {
		if slices.ContainsFunc(s.Rows, func(r Row) bool { return r.Ref.String() == metric }) {
			return true
		}
	}
	return r.expects(metric)
}

// expects reports whether an expectation names a metric.
func (r *Report) expects(metric string) bool {
	return slices.ContainsFunc(r.Expectations, func(v sim.Verdict) bool { return strings.Contains(v.Expect, metric) })
}
