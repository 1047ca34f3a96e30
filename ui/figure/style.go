package figure

import (
	"fmt"
	"image/color"
	"sync"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"

	"asynclab/assets"
	"asynclab/sim/chart"
	"asynclab/ui/palette"
)

// The palette of all figures: curves first, then the lanes of Compare.
var paletteNames = []fyne.ThemeColorName{
	palette.ColorCurve1, palette.ColorCurve2, palette.ColorCurve3, palette.ColorCurve4,
	palette.ColorCurve5, palette.ColorCurve6, palette.ColorCurve7, palette.ColorCurve8,
	palette.ColorLane1, palette.ColorLane2, palette.ColorLane3, palette.ColorLane4,
}

// Numbers of colours in the palette.
const (
	curveColors = 8
	laneColor   = curveColors // of the first lane
)

const fontName = "asynclab"

// useFont registers the bundled font with the charts, once.
var useFont = sync.OnceFunc(func() {
	if err := chart.UseFont(fontName, assets.RegularFont()); err != nil {
		panic(fmt.Sprintf("figure: the bundled font: %v", err)) // part of the program
	}
})

// styleNow is the style of figures in the current theme.
func styleNow(scale float64) chart.Style {
	useFont()
	colours := make([]color.Color, len(paletteNames))
	for i, name := range paletteNames {
		colours[i] = theme.Color(name)
	}
	return chart.Style{
		Background: theme.Color(theme.ColorNameBackground),
		Foreground: theme.Color(theme.ColorNameForeground),
		Muted:      theme.Color(palette.ColorMuted),
		Grid:       theme.Color(palette.ColorGrid),
		Band:       theme.Color(palette.ColorFault),
		Palette:    colours,
		Font:       fontName,
		TextSize:   float64(theme.Size(theme.SizeNameCaptionText)) + 1,
		Scale:      scale,
	}
}
