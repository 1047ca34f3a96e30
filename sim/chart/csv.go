package chart

import (
	"encoding/csv"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"

	"asynclab/sim/draw"
)

// CSV writes the numbers of a figure, exactly and in base units, as RFC 4180
// has it: a row for each x of any curve, a column for each curve. A field is
// empty where a curve has no value. Bars come as rows with their two ends; a
// figure with both has the bars first.
func CSV(w io.Writer, fig Figure) error {
	out := csv.NewWriter(w)
	out.UseCRLF = true
	rows := fig.table()
	if err := out.WriteAll(rows); err != nil {
		return fmt.Errorf("csv: %w", err)
	}
	return nil
}

func (f *Figure) table() [][]string {
	x := heading(f.X.Label, f.X.Unit)
	var rows [][]string
	if len(f.Bars) > 0 {
		head := []string{x + " from", x + " to"}
		columns := make([]map[[2]float64]float64, len(f.Bars))
		var keys [][2]float64
		for i, b := range f.Bars {
			head = append(head, heading(named(b.Name, f.Y.Label), f.Y.Unit))
			columns[i] = map[[2]float64]float64{}
			for _, bin := range b.Bins {
				columns[i][[2]float64{bin.Lo, bin.Hi}] = bin.Y
				keys = append(keys, [2]float64{bin.Lo, bin.Hi})
			}
		}
		slices.SortFunc(keys, func(a, b [2]float64) int { return slices.Compare(a[:], b[:]) })
		rows = append(rows, head)
		for _, k := range slices.Compact(keys) {
			rows = append(rows, line(columns, k, k[0], k[1]))
		}
	}
	if len(f.Curves) == 0 && len(f.Bars) > 0 {
		return rows
	}
	head := []string{x}
	columns := make([]map[float64]float64, len(f.Curves))
	var keys []float64
	for i, c := range f.Curves {
		head = append(head, heading(named(c.Name, f.Y.Label), f.Y.Unit))
		columns[i] = map[float64]float64{}
		for _, q := range c.XY {
			if _, twice := columns[i][q.X]; !twice {
				columns[i][q.X] = q.Y
				keys = append(keys, q.X)
			}
		}
	}
	slices.Sort(keys)
	rows = append(rows, head)
	for _, k := range slices.Compact(keys) {
		rows = append(rows, line(columns, k, k))
	}
	return rows
}

// line returns a row: the key, and its value in each column.
func line[K comparable](columns []map[K]float64, key K, begin ...float64) []string {
	var row []string
	for _, v := range begin {
		row = append(row, exact(v))
	}
	for _, c := range columns {
		field := ""
		if v, ok := c[key]; ok && !math.IsNaN(v) {
			field = exact(v)
		}
		row = append(row, field)
	}
	return row
}

func exact(v float64) string { return strconv.FormatFloat(v, 'g', -1, 64) }

func named(name, otherwise string) string {
	if name == "" {
		return otherwise
	}
	return name
}

func heading(name string, u draw.Unit) string {
	if u.Symbol() == "" {
		return name
	}
	return captionOf(name, u.Symbol())
}
