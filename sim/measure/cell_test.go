package measure

import "testing"

// A count beyond what one cell holds is spread over several, and merging never
// makes more cells than there were.
func TestCellsOverflow(t *testing.T) {
	const big = 3*cellCount + 5
	a := appendCell(nil, 7, big)
	b := appendCell(appendCell(nil, 7, cellCount), 9, 1)
	merged := mergeCells(nil, a, b)
	if len(merged) > len(a)+len(b) {
		t.Errorf("%d cells merged into %d", len(a)+len(b), len(merged))
	}
	var sum [10]uint64
	for i, c := range merged {
		sum[c.code()] += c.count()
		if i > 0 && c.code() < merged[i-1].code() {
			t.Errorf("cell %d is out of order", i)
		}
	}
	if sum[7] != big+cellCount || sum[9] != 1 {
		t.Errorf("counts %d and %d, want %d and 1", sum[7], sum[9], big+cellCount)
	}
	if top := binOf(1<<60) >> cellShift; top >= 1<<10 {
		t.Errorf("code %d does not fit a cell", top)
	}
}
