package topology

// Mode chooses the colours of an SVG.
type Mode uint8

// The modes: Auto follows the reader's system (CSS prefers-color-scheme).
const (
	Auto Mode = iota
	Light
	Dark
)

// Theme says how an SVG looks. The zero value follows the reader's system.
type Theme struct {
	Mode       Mode
	Title      string // the accessible title of the whole picture; none if empty
	Font       string // CSS font-family; a system sans-serif if empty
	Background bool   // paint the background; otherwise the page shows through
	Prefix     string // of every class in the SVG, so that several fit in one HTML page; "topo" if empty
}
