package measure

import (
	"slices"
	"unsafe"
)

// rows is the history from which series and windows are computed: one row per
// closed bucket. Counts, integrals and sums are running totals at the end of
// the bucket; maxima and cells belong to the bucket alone.
type rows struct {
	n      int
	counts table[uint64]
	levels table[levelRow]
	hists  table[histRow]
	cells  []cell // of all rows of histograms in their order, ascending in each
	aside  []cell // scratch of coalesce, one bucket; empty between calls
}

// table has the rows of one kind of metrics. A metric to which nothing has happened
// yet has no place in them: of a large design, that is most of them. So a row may be
// longer than those before it.
type table[T any] struct {
	place   []int32 // of each metric in a row, plus one; 0: none yet
	metrics []int32 // by place
	begin   []int   // of each row in data, and behind the last
	data    []T
}

func newTable[T any](metrics int) table[T] {
	return table[T]{place: make([]int32, metrics), begin: make([]int, 1, 2)}
}

// join gives a metric a place in the rows from now on.
func (t *table[T]) join(metric int) {
	t.metrics = append(t.metrics, int32(metric))
	t.place[metric] = int32(len(t.metrics))
}

// reserve makes room for a row, and if memory is needed for it, for so many of them,
// as far as the bound of all rows allows; half as many metrics again may join before
// the rows are copied once more. What is not used of it yet is not resident.
func (t *table[T]) reserve(rows int) {
	if n := len(t.data) + len(t.metrics); n > cap(t.data) {
		var row T
		most := maxRows/int(unsafe.Sizeof(row)) - len(t.data)
		metrics := min(len(t.metrics)+len(t.metrics)/2+8, len(t.place))
		data := make([]T, len(t.data), len(t.data)+max(len(t.metrics), min(rows*metrics, most)))
		copy(data, t.data)
		t.data = data
	}
}

// reserveCells is reserve for the cells of histograms, of which nobody knows how many they
// will be. Each time buckets double, rows get about an octave longer at the lower end, so
// there is room for all rows at four times the length of the last one: growing by a
// quarter left five times as much behind as is in use, and more the longer a run was.
func (w *rows) reserveCells(rows int) {
	if w.n == 0 {
		return
	}
	row := len(w.cells) - w.endBefore(w.hists.begin[w.n-1])
	row += min(3*row, spareCells) + octaveCells
	if n := len(w.cells) + row; n > cap(w.cells) {
		most := maxRows / int(unsafe.Sizeof(cell(0)))
		cells := make([]cell, len(w.cells), max(n, min((w.n+rows)*row, most)))
		copy(cells, w.cells)
		w.cells = cells
	}
}

const spareCells = 1 << 12 // of a row: 4 MB in 240 rows

// close ends a row.
func (t *table[T]) close() { t.begin = append(t.begin, len(t.data)) }

// at finds a metric of a row; ok is false when nothing had happened to it.
func (t *table[T]) at(row, metric int) (i int, ok bool) {
	i = t.begin[row] + int(t.place[metric]) - 1
	return i, t.place[metric] > 0 && i < t.begin[row+1]
}

func (t *table[T]) clone() table[T] {
	return table[T]{slices.Clone(t.place), slices.Clone(t.metrics), slices.Clone(t.begin), slices.Clone(t.data)}
}

func (t *table[T]) bytes() int {
	var zero T
	return 4*(len(t.place)+len(t.metrics)) + 8*len(t.begin) + len(t.data)*int(unsafe.Sizeof(zero))
}

// next is how many bytes the rows will take with one more.
func (w *rows) next() int {
	return 8*(len(w.counts.data)+len(w.counts.metrics)) + int(unsafe.Sizeof(levelRow{}))*(len(w.levels.data)+len(w.levels.metrics)) +
		int(unsafe.Sizeof(histRow{}))*(len(w.hists.data)+len(w.hists.metrics)) + 4*len(w.cells)
}

// count is a counter at the end of a bucket.
func (w *rows) count(bucket, counter int) uint64 {
	if i, ok := w.counts.at(bucket, counter); ok {
		return w.counts.data[i]
	}
	return 0
}

func (w *rows) level(bucket, level int) levelRow {
	if i, ok := w.levels.at(bucket, level); ok {
		return w.levels.data[i]
	}
	return levelRow{}
}

func (w *rows) hist(bucket, hist int) histRow {
	if i, ok := w.hists.at(bucket, hist); ok {
		return w.hists.data[i]
	}
	return histRow{max: none}
}

// endBefore is where the cells of a row of histograms begin.
func (w *rows) endBefore(i int) int {
	if i == 0 {
		return 0
	}
	return w.hists.data[i-1].end
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
// recording with buckets of twice the width. It works in place: writing never
// overtakes reading of the pair's second bucket.
func (w *rows) coalesce() {
	w.n /= 2
	w.counts.pairs(w.n, func(to, _, _, second, length int) {
		copy(w.counts.data[to:], w.counts.data[second:][:length])
	})
	w.levels.pairs(w.n, func(to, first, firstLength, second, length int) {
		for i := range length {
			row, before := w.levels.data[second+i], int64(0)
			if i < firstLength {
				before = w.levels.data[first+i].max
			}
			row.max = max(row.max, before)
			w.levels.data[to+i] = row
		}
	})
	merged, p := w.cells[:0], 0 // p: first cell of the pair's first bucket
	w.hists.pairs(w.n, func(to, first, firstLength, second, length int) {
		q := w.endBefore(second) // first cell of the pair's second bucket
		if length == 0 {
			return
		}
		w.aside = append(w.aside[:0], w.cells[p:q]...)
		base := p
		for i := range length {
			// Read both rows before writing: in the first pair they may be the same.
			row, before := w.hists.data[second+i], histRow{max: none, end: p}
			if i < firstLength {
				before = w.hists.data[first+i]
			}
			merged = mergeCells(merged, w.aside[p-base:before.end-base], w.cells[q:row.end])
			p, q = before.end, row.end
			row.max = max(row.max, before.max)
			row.end = len(merged)
			w.hists.data[to+i] = row
		}
		p = q
	})
	w.cells, w.aside = merged, w.aside[:0]
}

// pairs joins pairs of rows: the second, which is the longer, remains.
func (t *table[T]) pairs(n int, join func(to, first, firstLength, second, length int)) {
	to := 0
	for b := range n {
		first, second, end := t.begin[2*b], t.begin[2*b+1], t.begin[2*b+2]
		join(to, first, second-first, second, end-second)
		t.begin[b] = to
		to += end - second
	}
	t.begin[n] = to
	t.begin, t.data = t.begin[:n+1], t.data[:to]
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

// cellsOf are the cells of a histogram in a bucket.
func (w *rows) cellsOf(bucket, hist int) []cell {
	i, ok := w.hists.at(bucket, hist)
	if !ok {
		return nil
	}
	return w.cells[w.endBefore(i):w.hists.data[i].end]
}
