package palette

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"image/color"
	"math"
	"slices"
	"strconv"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"
	"github.com/lucasb-eyer/go-colorful"
)

var variants = map[string]fyne.ThemeVariant{"light": theme.VariantLight, "dark": theme.VariantDark}

// names is every colour name that names.go declares.
func names(t *testing.T) []fyne.ThemeColorName {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), "names.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	var all []fyne.ThemeColorName
	ast.Inspect(file, func(n ast.Node) bool {
		if v, ok := n.(*ast.ValueSpec); ok {
			for _, value := range v.Values {
				if lit, ok := value.(*ast.BasicLit); ok {
					s, _ := strconv.Unquote(lit.Value)
					all = append(all, fyne.ThemeColorName(s))
				}
			}
		}
		return true
	})
	if len(all) < 50 {
		t.Fatalf("only %d names", len(all))
	}
	return all
}

func TestEveryNameHasAColor(t *testing.T) {
	for _, name := range names(t) {
		c, ok := tints[name]
		if !ok {
			t.Errorf("%s has no colour", name)
		}
		if c.light == c.dark {
			t.Errorf("%s is the same in light and dark", name)
		}
	}
}

// over is a colour as it is seen on an opaque one.
func over(c, below color.NRGBA) colorful.Color {
	mix := func(a, b uint8) float64 {
		alpha := float64(c.A) / 255
		return (float64(a)*alpha + float64(b)*(1-alpha)) / 255
	}
	return colorful.Color{R: mix(c.R, below.R), G: mix(c.G, below.G), B: mix(c.B, below.B)}
}

// contrast is the ratio that WCAG 2 defines: of the relative luminances, the
// brighter first, each with a bit of stray light.
func contrast(a, b colorful.Color) float64 {
	luminance := func(c colorful.Color) float64 {
		r, g, b := c.LinearRgb()
		return 0.2126*r + 0.7152*g + 0.0722*b
	}
	x, y := luminance(a)+0.05, luminance(b)+0.05
	return max(x, y) / min(x, y)
}

const (
	textContrast = 4.5 // WCAG AA, text
	signContrast = 3.0 // WCAG AA, what is not text but means something
)

func TestContrast(t *testing.T) {
	surfaces := []fyne.ThemeColorName{
		theme.ColorNameBackground, theme.ColorNameHeaderBackground, theme.ColorNameMenuBackground,
		theme.ColorNameOverlayBackground, theme.ColorNameInputBackground, ColorStage,
	}
	fills := []fyne.ThemeColorName{ColorClientFill, ColorServiceFill, ColorBrokerFill, ColorQueueFill, ColorTopicFill, ColorSubscriptionFill}
	lit := append(slices.Clone(fills), surfaces...)
	for _, c := range []struct {
		front []fyne.ThemeColorName
		on    []fyne.ThemeColorName
		least float64
	}{
		{[]fyne.ThemeColorName{theme.ColorNameForeground, theme.ColorNamePlaceHolder, theme.ColorNameDisabled, theme.ColorNameHyperlink, theme.ColorNamePrimary, theme.ColorNameError, theme.ColorNameSuccess, theme.ColorNameWarning}, surfaces, textContrast},
		{[]fyne.ThemeColorName{theme.ColorNameForeground}, []fyne.ThemeColorName{theme.ColorNameButton}, textContrast},
		{[]fyne.ThemeColorName{theme.ColorNameDisabled}, []fyne.ThemeColorName{theme.ColorNameDisabledButton}, textContrast},
		{[]fyne.ThemeColorName{theme.ColorNameForegroundOnPrimary}, []fyne.ThemeColorName{theme.ColorNamePrimary}, textContrast},
		{[]fyne.ThemeColorName{theme.ColorNameForegroundOnError}, []fyne.ThemeColorName{theme.ColorNameError}, textContrast},
		{[]fyne.ThemeColorName{theme.ColorNameForegroundOnSuccess}, []fyne.ThemeColorName{theme.ColorNameSuccess}, textContrast},
		{[]fyne.ThemeColorName{theme.ColorNameForegroundOnWarning}, []fyne.ThemeColorName{theme.ColorNameWarning}, textContrast},
		{[]fyne.ThemeColorName{ColorLabel, ColorMuted}, lit, textContrast},
		{[]fyne.ThemeColorName{ColorCodeKey, ColorCodeNumber, ColorCodeQuoted}, surfaces, textContrast},
		{[]fyne.ThemeColorName{theme.ColorNameInputBorder}, []fyne.ThemeColorName{theme.ColorNameInputBackground, theme.ColorNameBackground}, signContrast},
		{messages, []fyne.ThemeColorName{ColorStage}, signContrast},
		{sparkColors, lit, signContrast},
		{healthColors, lit, signContrast},
		{curves, []fyne.ThemeColorName{ColorStage, theme.ColorNameBackground, theme.ColorNameOverlayBackground}, signContrast},
		{lanes, surfaces, signContrast},
		{[]fyne.ThemeColorName{ColorClientEdge, ColorServiceEdge, ColorBrokerEdge, ColorQueueEdge, ColorTopicEdge, ColorSubscriptionEdge, ColorEdge, ColorDeadEdge, ColorSelection, ColorFollowed}, []fyne.ThemeColorName{ColorStage}, signContrast},
		{[]fyne.ThemeColorName{ColorBusy, ColorBlocked, ColorWaiting, ColorUnacked}, fills, signContrast},
	} {
		for variant, v := range variants {
			for _, front := range c.front {
				for _, on := range c.on {
					below := tints[on].in(v)
					got := contrast(over(tints[front].in(v), below), over(below, below))
					if got < c.least {
						t.Errorf("%s: %s on %s has a contrast of %.2f, want %.2f", variant, front, on, got, c.least)
					}
				}
			}
		}
	}
}

// The categories: what stands beside what, and has to be told apart.
var (
	messages     = []fyne.ThemeColorName{ColorRequest, ColorReply, ColorFailedReply, ColorEvent, ColorAck, ColorNack, ColorRetry, ColorDuplicate, ColorDeadLetter, ColorCancel}
	sparkColors  = []fyne.ThemeColorName{ColorLostSpark, ColorRejectedSpark, ColorFailedSpark, ColorDeadSpark}
	healthColors = []fyne.ThemeColorName{ColorUp, ColorSlow, ColorFailing, ColorStopped, ColorPartly, ColorDown}
	cells        = []fyne.ThemeColorName{ColorIdle, ColorBusy, ColorBlocked, ColorWaiting, ColorUnacked}
	curves       = []fyne.ThemeColorName{ColorCurve1, ColorCurve2, ColorCurve3, ColorCurve4, ColorCurve5, ColorCurve6, ColorCurve7, ColorCurve8}
	lanes        = []fyne.ThemeColorName{ColorLane1, ColorLane2, ColorLane3, ColorLane4}
)

// eyes are kinds of colour vision, as matrices on linear RGB (Machado, Oliveira
// and Fernandes 2009, severity 1).
var eyes = map[string][9]float64{
	"full colour vision": {1, 0, 0, 0, 1, 0, 0, 0, 1},
	"protanopia":         {0.152286, 1.052583, -0.204868, 0.114503, 0.786281, 0.099216, -0.003882, -0.048116, 1.051998},
	"deuteranopia":       {0.367322, 0.860646, -0.227968, 0.280085, 0.672501, 0.047413, -0.011820, 0.042940, 0.968881},
	"tritanopia":         {1.255528, -0.076749, -0.178779, -0.078411, 0.930809, 0.147602, 0.004733, 0.691367, 0.303900},
}

func seen(c colorful.Color, eye [9]float64) colorful.Color {
	r, g, b := c.LinearRgb()
	return colorful.LinearRgb(
		eye[0]*r+eye[1]*g+eye[2]*b,
		eye[3]*r+eye[4]*g+eye[5]*b,
		eye[6]*r+eye[7]*g+eye[8]*b,
	).Clamped()
}

// TestToldApart holds how far apart the colours of a category are, as ΔE of
// CIEDE2000: to full colour vision, and to anybody's. Side by side, a person sees
// a difference of 2. Where shapes differ too (messages, healths), and for curves
// beyond the fourth, less will do.
func TestToldApart(t *testing.T) {
	for _, c := range []struct {
		name    string
		colors  []fyne.ThemeColorName
		full    float64
		anybody float64
	}{
		{"messages", messages, 18, 6},
		{"sparks", sparkColors, 25, 12},
		{"healths", healthColors, 18, 8},
		{"cells", cells, 25, 10},
		{"the first four curves", curves[:4], 30, 12},
		{"curves", curves, 16, 7},
		{"lanes", lanes, 30, 12},
	} {
		for variant, v := range variants {
			for eye, matrix := range eyes {
				least := c.anybody
				if eye == "full colour vision" {
					least = c.full
				}
				worst, pair := math.Inf(1), ""
				for i, a := range c.colors {
					for _, b := range c.colors[i+1:] {
						x, y := tints[a].in(v), tints[b].in(v)
						if d := 100 * seen(over(x, x), matrix).DistanceCIEDE2000(seen(over(y, y), matrix)); d < worst {
							worst, pair = d, fmt.Sprintf("%s and %s", a, b)
						}
					}
				}
				if worst < least {
					t.Errorf("%s, %s, %s: %s are %.1f apart, want %.0f", c.name, variant, eye, pair, worst, least)
				}
			}
		}
	}
}
