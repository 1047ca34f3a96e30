package engine

import (
	"slices"

	"asynclab/sim/check"
	"asynclab/sim/design"
	"asynclab/sim/draw"
	"asynclab/sim/kernel"
	"asynclab/sim/mech"
	"asynclab/sim/metric"
	"asynclab/sim/spell"
)

// What the cells of mechanisms keep: words, which are there from the beginning, and tables,
// which grow. Both count among what is in flight.

// maxCells is the most that the words of all cells of a design may take, in bytes.
const maxCells = DefaultBytes / 4

// Check finds the mistakes that are seen only when a design is compiled. The design has no
// others.
func Check(d *design.Design) []check.Problem { return append(conditions(d), cellsFit(d)...) }

// cellsFit checks that there is memory for the cells of mechanisms.
func cellsFit(d *design.Design) (bad []check.Problem) {
	bytes, seen := 0, map[partKey]bool{}
	d.EachUse(func(w *design.Where) {
		m, k := w.Of.Of.(*mech.Mechanism), partKey{w.Of.Of.Declaration().Key, w.Caller(), w.Element()}
		if m.Words == nil || seen[k] || len(bad) > 0 {
			return
		}
		seen[k] = true
		cells := 1
		if w.Service != nil {
			cells = max(1, w.Service.Slots())
		}
		if bytes += 8 * cells * m.Words(w.Of.Settings); bytes > maxCells {
			says := spell.Textf("the state of the mechanisms up to here takes %s, and that of all may take %s", draw.FormatQuantity(float64(bytes), draw.Bytes), draw.FormatQuantity(maxCells, draw.Bytes))
			advice := spell.Textf("fewer instances, or a window of fewer calls, will do")
			bad = append(bad, check.Problem{Path: w.Path, Msg: says.String(), Hint: advice.String(), Says: says, Advice: advice})
		}
	})
	return bad
}

// cells makes the state of the cells of a program, all of it zero.
func (p *Program) newCells() (words []int64, timers []uint64, lines []line, tables []kernel.Table) {
	words, timers, lines, tables = make([]int64, p.words), make([]uint64, p.timers), make([]line, p.cells), make([]kernel.Table, p.tables)
	for i := range tables {
		tables[i].Width = mech.TableWords
	}
	for i := range lines {
		lines[i] = line{none, none, 0}
	}
	return words, timers, lines, tables
}

func (h *host) Table(i int) *kernel.Table {
	n := h.p.table0 + h.n*int32(h.p.mech.Tables) + int32(i)
	t := &h.r.seam.tables[n]
	if took := t.Bytes(); took != h.r.seam.took[n] {
		h.r.cellTakes(n, took)
	}
	return t
}

// cellTakes counts the memory of a table that has grown since a hook last had it.
func (r *Run) cellTakes(n int32, bytes int) {
	s := &r.seam
	s.kept += bytes - s.took[n]
	s.took[n] = bytes
	if s.kept > s.looked { // now and then: it takes a while
		s.looked = s.kept + 1<<16
		r.cellsEnd()
	}
}

// cellsEnd ends the run when cells keep too much.
func (r *Run) cellsEnd() {
	if r.tooMuch() {
		r.finish(BudgetInFlight)
	}
}

// rows is how many rows all tables have.
func (s *seamState) rows() (n int) {
	for i := range s.tables {
		n += s.tables[i].Len()
	}
	return n
}

// keptByCells says what the cells of a part keep: rows, or words where there are no rows.
func (r *Run) keptByCells(p *partT) (n, bytes int) {
	tables := r.seam.tables[p.table0:][:p.cells*int32(p.mech.Tables)]
	for i := range tables {
		n, bytes = n+tables[i].Len(), bytes+tables[i].Bytes()
	}
	words := int(p.cells * p.words)
	if n == 0 {
		n = words
	}
	return n, bytes + 8*words
}

// ofCells is what the cells of each mechanism keep, with a metric of it to name it by.
func (r *Run) ofCells(visit func(at metric.Ref, n, bytes int)) {
	for i := range r.prog.parts {
		if p := &r.prog.parts[i]; p.mech.Metrics != nil {
			n, bytes := r.keptByCells(p)
			visit(metric.Ref{Metric: &p.mech.Metrics.Metrics[0], Element: p.name}, n, bytes)
		}
	}
}

// clone copies the state; a test holds that the copy shares no memory.
func (s *seamState) clone() seamState {
	c := *s
	c.after = slices.Clone(s.after)
	c.words, c.timers, c.lines, c.tickets, c.took = slices.Clone(s.words), slices.Clone(s.timers), slices.Clone(s.lines), slices.Clone(s.tickets), slices.Clone(s.took)
	c.tables = slices.Clone(s.tables)
	for i := range c.tables {
		c.tables[i] = c.tables[i].Clone()
	}
	c.waiters, c.races, c.flights, c.tried = s.waiters.clone(), s.races.clone(), s.flights.clone(), s.tried.clone()
	return c
}
