package measure

// rows is the history from which series and windows are computed: one row per
// closed bucket. Counts, integrals and sums are running totals at the end of
// the bucket; maxima and cells belong to the bucket alone.
type rows struct {
	n      int
	counts []uint64   // n × counters
	levels []levelRow // n × levels
	hists  []histRow  // n × histograms
	cells  []cell     // of all buckets and histograms in that order, ascending in each
	aside  []cell     // scratch of coalesce, one bucket; empty between calls
}

type levelRow struct {
	area  wide
	max   int64
	value int64 // at the end of the bucket
}

type histRow struct {
	sum   wide
	count uint64
	max   int64 // none if the bucket has no values
	end   int   // in cells; the beginning is the end of the row before
}

// cell packs a code (10 bits) and a count (22 bits). A larger count takes
// several cells of the same code.
type cell uint32

const cellCount = 1<<22 - 1

// appendCell adds a count to a list of cells.
func appendCell(to []cell, code int, count uint64) []cell {
	for ; count > cellCount; count -= cellCount {
		to = append(to, cell(code)<<22|cellCount)
	}
	return append(to, cell(code)<<22|cell(count))
}

func (c cell) code() uint    { return uint(c >> 22) }
func (c cell) count() uint64 { return uint64(c) & cellCount }

// coalesce joins the buckets in pairs. The result is bit for bit that of
// recording with buckets of twice the width.
func (w *rows) coalesce(counters, levels, hists int) {
	half := w.n / 2
	// In place: writing never overtakes reading of the pair's second bucket; the
	// first is copied to aside.
	merged := w.cells[:0]
	p := 0 // first cell of the pair's first bucket
	for b := range half {
		even, odd, to := 2*b, 2*b+1, b
		copy(w.counts[to*counters:][:counters], w.counts[odd*counters:][:counters])
		for i := range levels {
			row := w.levels[odd*levels+i]
			row.max = max(row.max, w.levels[even*levels+i].max)
			w.levels[to*levels+i] = row
		}
		if hists == 0 {
			continue
		}
		q := w.hists[odd*hists-1].end // first cell of the pair's second bucket
		w.aside = append(w.aside[:0], w.cells[p:q]...)
		base := p
		for i := range hists {
			// Read both rows before writing: for b = 0 they may be the same.
			first, row := w.hists[even*hists+i], w.hists[odd*hists+i]
			merged = mergeCells(merged, w.aside[p-base:first.end-base], w.cells[q:row.end])
			p, q = first.end, row.end
			row.max = max(row.max, first.max)
			row.end = len(merged)
			w.hists[to*hists+i] = row
		}
		p = q
	}
	w.n = half
	w.counts = w.counts[:half*counters]
	w.levels = w.levels[:half*levels]
	w.hists = w.hists[:half*hists]
	w.cells, w.aside = merged, w.aside[:0]
}

// mergeCells appends the sum of two ascending lists of cells.
func mergeCells(to, a, b []cell) []cell {
	for len(a) > 0 && len(b) > 0 {
		switch x, y := a[0], b[0]; {
		case x.code() < y.code():
			to, a = append(to, x), a[1:]
		case x.code() > y.code():
			to, b = append(to, y), b[1:]
		default:
			to, a, b = appendCell(to, int(x.code()), x.count()+y.count()), a[1:], b[1:]
		}
	}
	return append(append(to, a...), b...)
}

// cellsOf are the cells of histogram h (of hists) in a bucket.
func (w *rows) cellsOf(bucket, h, hists int) []cell {
	i := bucket*hists + h
	begin := 0
	if i > 0 {
		begin = w.hists[i-1].end
	}
	return w.cells[begin:w.hists[i].end]
}
