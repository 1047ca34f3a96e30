package figure

import (
	"fmt"
	"image/color"
	"sync"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"

	"asynclab/assets"
	"asynclab/sim/chart"
	"asynclab/ui/look"
)

// The palette of all figures: curves first, then the lanes of Compare.
var paletteNames = []fyne.ThemeColorName{
	look.ColorCurve1, look.ColorCurve2, look.ColorCurve3, look.ColorCurve4,
	look.ColorCurve5, look.ColorCurve6, look.ColorCurve7, look.ColorCurve8,
	look.ColorLane1, look.ColorLane2, look.ColorLane3, look.ColorLane4,
}

// Numbers of colours in the palette.
const (
	curveColors = 8
	laneColor   = curveColors // of the first lane
)

const fontName = "asynclab"

// useFont makes the bundled font known to the charts, once.
var useFont = sync.OnceFunc(func() {
	if err := chart.UseFont(fontName, assets.RegularFont()); err != nil {
		panic(fmt.Sprintf("figure: the bundled font: %v", err)) // part of the program
	}
})

// styleNow is how figures look in the theme of now.
func styleNow(scale float64) chart.Style {
	useFont()
	palette := make([]color.Color, len(paletteNames))
	for i, name := range paletteNames {
		palette[i] = theme.Color(name)
	}
	return chart.Style{
		Background: theme.Color(theme.ColorNameBackground),
		Foreground: theme.Color(theme.ColorNameForeground),
		Muted:      theme.Color(look.ColorMuted),
		Grid:       theme.Color(look.ColorGrid),
		Band:       theme.Color(look.ColorFault),
		Palette:    palette,
		Font:       fontName,
		TextSize:   float64(theme.Size(theme.SizeNameCaptionText)) + 1,
		Scale:      scale,
	}
}
