package figure

import (
	"image/color"
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/theme"

	"asynclab/sim/chart"
)

// table is the values at a position: the first row has the position and the
// column titles, then there is a row for each colour.
type table struct {
	rows   [][]string
	colors []int // of each row but the first
}

func tableAt(fig *chart.Figure, x float64) table {
	readings := fig.At(x)
	head := []string{fig.X.Format(x)}
	for _, r := range readings {
		if !slices.Contains(head[1:], r.Column) {
			head = append(head, r.Column)
		}
	}
	t := table{rows: [][]string{head}}
	at := map[chart.Key]int{} // row of a name and a colour
	for _, r := range readings {
		k := chart.Key{Name: r.Row, Color: r.Color}
		i, known := at[k]
		if !known {
			i = len(t.rows)
			at[k] = i
			row := make([]string, len(head))
			row[0] = r.Row
			t.rows, t.colors = append(t.rows, row), append(t.colors, r.Color)
		}
		t.rows[i][1+slices.Index(head[1:], r.Column)] = fig.Y.Format(r.Y)
	}
	return t
}

const (
	readoutGap    = 5
	readoutSample = 10 // length of the line in the colour of a row
)

// readOut writes a table beside the cross-hair: on the right if there is room,
// otherwise on the left. Rows that do not fit are left out from the end.
func (r *renderer) readOut(t table, cross fyne.Position, left, right float32) {
	size := theme.Size(theme.SizeNameCaptionText)
	step := fyne.MeasureText("0", size, fyne.TextStyle{}).Height
	room := r.f.Size().Height
	n := min(len(t.rows), max(1, int((room-2*readoutGap)/step)))
	widths := make([]float32, len(t.rows[0]))
	for _, row := range t.rows[:n] {
		for c, text := range row {
			widths[c] = max(widths[c], fyne.MeasureText(text, size, fyne.TextStyle{}).Width)
		}
	}
	width := float32(readoutSample + 3*readoutGap)
	for _, w := range widths {
		width += w + 2*readoutGap
	}
	width -= 2 * readoutGap
	if over := width - r.f.Size().Width; over > 0 { // names are shortened before numbers
		widths[0] -= over
		width -= over
		for _, row := range t.rows[:n] {
			row[0] = short(row[0], size, widths[0])
		}
	}
	height := step*float32(n) + 2*readoutGap
	at := cross.AddXY(8, 0)
	if at.X+width > right {
		at.X = cross.X - 8 - width
	}
	// Prefer overlapping the curves to leaving the figure.
	at.X = min(max(at.X, left), max(0, r.f.Size().Width-width))
	at.Y = max(0, min(at.Y, room-height))
	r.frame(at, fyne.NewSize(width, height))
	colors := styleNow(1)
	used := 0
	for i, row := range t.rows[:n] {
		y := at.Y + readoutGap + step*float32(i)
		x := at.X + readoutGap
		if i > 0 {
			r.sample(i-1, colors.Color(t.colors[i-1]), fyne.NewPos(x, y+step/2-1.5))
		}
		x += readoutSample + readoutGap
		for c, text := range row {
			place := x
			if c > 0 { // numbers are aligned to the right
				place += widths[c] - fyne.MeasureText(text, size, fyne.TextStyle{}).Width
			}
			ink := colors.Foreground
			if i == 0 && c > 0 {
				ink = colors.Muted
			}
			r.write(used, text, size, ink, fyne.NewPos(place, y))
			used++
			x += widths[c] + 2*readoutGap
		}
	}
}

// short is the longest beginning of a text that fits a width.
func short(text string, size, width float32) string {
	fits := func(s string) bool { return fyne.MeasureText(s, size, fyne.TextStyle{}).Width <= width }
	if fits(text) {
		return text
	}
	letters := []rune(text)
	for len(letters) > 0 && !fits(string(letters)+"…") {
		letters = letters[:len(letters)-1]
	}
	return string(letters) + "…"
}

// frame is slightly transparent, so that the curves remain visible.
func (r *renderer) frame(at fyne.Position, size fyne.Size) {
	fill := color.NRGBAModel.Convert(theme.Color(theme.ColorNameOverlayBackground)).(color.NRGBA)
	fill.A = 0xe8
	r.box.FillColor, r.box.StrokeColor = fill, theme.Color(theme.ColorNameSeparator)
	r.box.Move(at)
	r.box.Resize(size)
	r.box.Show()
	r.box.Refresh()
}

// write reuses text object i, or creates it.
func (r *renderer) write(i int, text string, size float32, ink color.Color, at fyne.Position) {
	if i == len(r.texts) {
		r.texts = append(r.texts, canvas.NewText("", nil))
		r.objects = append(r.objects, r.texts[i])
	}
	t := r.texts[i]
	t.Text, t.TextSize, t.Color = text, size, ink
	t.Move(at)
	t.Show()
	t.Refresh()
}

// sample is the line in the colour of row i.
func (r *renderer) sample(i int, c color.Color, at fyne.Position) {
	if i == len(r.samples) {
		r.samples = append(r.samples, canvas.NewRectangle(nil))
		r.objects = append(r.objects, r.samples[i])
	}
	s := r.samples[i]
	s.FillColor = c
	s.Move(at)
	s.Resize(fyne.NewSize(readoutSample, 3))
	s.Show()
	s.Refresh()
}
