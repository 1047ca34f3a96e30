package topology

import (
	"fmt"
	"slices"
	"strings"

	"asynclab/sim/record"
)

// Mode chooses the colours of an SVG.
type Mode uint8

// The modes: Auto follows the reader's system (CSS prefers-color-scheme).
const (
	Auto Mode = iota
	Light
	Dark
)

// Theme is the style of an SVG. The zero value follows the reader's system.
type Theme struct {
	Mode       Mode
	Voice      record.Voice // language of details and kinds; nil is English
	Title      string       // the accessible title of the whole picture; none if empty
	Font       string       // CSS font-family; a system sans-serif if empty
	Background bool         // paint the background; otherwise the page shows through
	Prefix     string       // of every class in the SVG, so that several fit in one HTML page; "topo" if empty
}

// Complete fills in defaults, and drops characters that do not belong into a style
// sheet.
func (t Theme) Complete() Theme {
	if t.Font == "" {
		t.Font = `system-ui, -apple-system, "Segoe UI", "Noto Sans", "Helvetica Neue", Arial, "Noto Sans CJK SC", "PingFang SC", "Microsoft YaHei", sans-serif`
	}
	t.Font = strings.Map(func(r rune) rune {
		if strings.ContainsRune(`<>&{};\`, r) || r < ' ' {
			return -1 // the text goes into a style sheet
		}
		return r
	}, t.Font)
	t.Prefix = strings.Map(func(r rune) rune {
		if r == '-' || r == '_' || r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' {
			return r
		}
		return -1
	}, t.Prefix)
	if t.Prefix == "" || t.Prefix[0] >= '0' && t.Prefix[0] <= '9' {
		t.Prefix = "topo" + t.Prefix
	}
	return t
}

// palette is a set of colours: a fill and a line for each kind of node, and the rest.
type palette struct {
	back, ink, faint, line, dead string
	fill, edge                   [6]string // by Kind
}

// Lightness differs between the kinds as well as hue, for readers who do not see
// colours and for printers.
var (
	lightColours = palette{
		back: "#ffffff", ink: "#0f172a", faint: "#475569", line: "#475569", dead: "#b91c1c",
		fill: [6]string{"#e0e7ff", "#ecfdf5", "#f8fafc", "#fff1dc", "#f3e8ff", "#faf5ff"},
		edge: [6]string{"#4f46e5", "#059669", "#94a3b8", "#d97706", "#9333ea", "#a855f7"},
	}
	darkColours = palette{
		back: "#0b1220", ink: "#f1f5f9", faint: "#a9b6c8", line: "#9fb0c6", dead: "#f87171",
		fill: [6]string{"#2a2f6b", "#0f3d33", "#131c2e", "#4a3110", "#3d1f5f", "#2f1d4a"},
		edge: [6]string{"#8b93ff", "#34d399", "#51617a", "#f5a742", "#c084fc", "#a78bfa"},
	}
)

// markColours are seen on light and on dark.
var markColours = [...]string{Added: "#16a34a", Removed: "#dc2626", Differs: "#d97706"}

// css writes the style sheet; every rule begins with the prefix, so that none
// affects the page around the picture.
func (t Theme) css() string {
	var b strings.Builder
	first := lightColours
	if t.Mode == Dark {
		first = darkColours
	}
	b.WriteString(first.rules(t.Prefix))
	fmt.Fprintf(&b, `.%[1]s text { font-family: %[2]s }
.%[1]s .name { font-size: %[3]gpx; font-weight: 600 }
.%[1]s .detail { font-size: %[4]gpx }
.%[1]s .label { font-size: %[5]gpx; stroke-width: 6px; stroke-linejoin: round; paint-order: stroke }
.%[1]s .shape { stroke-width: 1.5px }
.%[1]s .broker .shape { stroke-dasharray: 2 3 }
.%[1]s .mark { fill: none; stroke-width: 1.2px }
.%[1]s .line { fill: none; stroke-width: 1.6px }
.%[1]s .publish .line, .%[1]s .deliver .line, .%[1]s .send .line { stroke-dasharray: 6 4 }
.%[1]s .dead-letter .line { stroke-dasharray: 2 4 }
`, t.Prefix, t.Font, titleFont, detailFont, labelFont)
	if t.Mode == Auto {
		fmt.Fprintf(&b, "@media (prefers-color-scheme: dark) {\n%s}\n", darkColours.rules(t.Prefix))
	}
	return b.String()
}

// markCSS colours what has a mark, in a picture of two designs.
func (g Graph) markCSS(prefix string) string {
	marked := func(m Mark) bool { return m != Same }
	if !slices.ContainsFunc(g.Nodes, func(n Node) bool { return marked(n.Mark) }) && !slices.ContainsFunc(g.Edges, func(e Edge) bool { return marked(e.Mark) }) {
		return ""
	}
	var b strings.Builder
	for m := Added; m <= Differs; m++ {
		fmt.Fprintf(&b, ".%[1]s .%[2]v .shape { stroke: %[3]s; stroke-width: 3px }\n.%[1]s .edge.%[2]v .line { stroke: %[3]s; stroke-width: 3px }\n.%[1]s .edge.%[2]v .head, .%[1]s .edge.%[2]v .label { fill: %[3]s }\n",
			prefix, m, markColours[m])
	}
	return b.String()
}

func (p palette) rules(prefix string) string {
	var b strings.Builder
	fmt.Fprintf(&b, `.%[1]s .back { fill: %[2]s }
.%[1]s .name { fill: %[3]s }
.%[1]s .detail { fill: %[4]s }
.%[1]s .label { fill: %[4]s; stroke: %[2]s }
.%[1]s .line { stroke: %[5]s }
.%[1]s .head { fill: %[5]s }
`, prefix, p.back, p.ink, p.faint, p.line)
	for k := range p.fill {
		fmt.Fprintf(&b, ".%[1]s .%[2]v .shape { fill: %[3]s; stroke: %[4]s }\n", prefix, Kind(k), p.fill[k], p.edge[k])
		fmt.Fprintf(&b, ".%[1]s .%[2]v .icon { fill: %[4]s }\n.%[1]s .%[2]v .mark { stroke: %[4]s }\n", prefix, Kind(k), p.fill[k], p.edge[k])
	}
	fmt.Fprintf(&b, ".%[1]s .dead-letter .line { stroke: %[2]s }\n.%[1]s .dead-letter .head, .%[1]s .dead-letter .label { fill: %[2]s }\n", prefix, p.dead)
	return b.String()
}
