package topology

import "unicode"

// Sizes in pixels at scale 1.
const (
	titleFont   = 14.0
	detailFont  = 12.0
	labelFont   = 12.0
	titleLine   = 18.0
	detailLine  = 15.0
	padX        = 14.0
	padY        = 13.0
	minW        = 92.0
	minH        = 48.0
	portGap     = 20.0 // between edges that arrive side by side
	oppositeGap = 34.0 // and that run opposite ways
	portRoom    = 14.0 // above the first and below the last port of a box
	tallest     = 168.0
	margin      = 20.0 // around the picture
	framePad    = 18.0
	lead        = 12.0 // straight piece before and after a curve; an arrow head fits in
	loopH       = 24.0
	iconW       = 26.0
	slotsW      = 38.0
)

// Columns returns the width of a text in terminal cells: two for wide East Asian
// characters and emoji, none for combining marks.
func Columns(s string) int {
	n := 0
	for _, r := range s {
		n += cells(r)
	}
	return n
}

func cells(r rune) int {
	switch {
	case r == 0x200B || r == 0x200D || unicode.In(r, unicode.Mn, unicode.Me, unicode.Cf):
		return 0
	case wide(r):
		return 2
	}
	return 1
}

// wide follows the blocks that Unicode's East Asian Width calls wide or fullwidth.
func wide(r rune) bool {
	switch {
	case r < 0x1100:
		return false
	case r <= 0x115F, // Hangul Jamo
		r >= 0x2E80 && r <= 0x303E, // radicals, CJK punctuation
		r >= 0x3041 && r <= 0xA4CF, // kana, ideographs, Yi
		r >= 0xA960 && r <= 0xA97F,
		r >= 0xAC00 && r <= 0xD7A3, // Hangul
		r >= 0xF900 && r <= 0xFAFF,
		r >= 0xFE30 && r <= 0xFE6F,
		r >= 0xFF01 && r <= 0xFF60, r >= 0xFFE0 && r <= 0xFFE6, // fullwidth forms
		r >= 0x1F300 && r <= 0x1F64F, r >= 0x1F680 && r <= 0x1F6FF, r >= 0x1F900 && r <= 0x1FAFF, // emoji
		r >= 0x20000 && r <= 0x3FFFD:
		return true
	}
	return false
}

// TextWidth estimates the width of a text in a proportional sans-serif of that size.
// No font is loaded here; the estimate errs on the wide side.
func TextWidth(s string, font float64) float64 {
	w := 0.0
	for _, r := range s {
		switch c := cells(r); {
		case c != 1:
			w += float64(c) * 0.52
		case r == ' ' || r == 'i' || r == 'l' || r == 'j' || r == 't' || r == 'f' || r == 'r' || r == '.' || r == ',' ||
			r == ':' || r == ';' || r == '|' || r == '\'' || r == '(' || r == ')' || r == 'I':
			w += 0.38
		case r == 'm' || r == 'w' || r == 'M' || r == 'W' || r == '@' || r == '%':
			w += 0.92
		case unicode.IsUpper(r):
			w += 0.70
		default:
			w += 0.59
		}
	}
	return w * font * 1.05
}

// textInset returns how much of the box the shape of a node takes left and right of
// its text.
func textInset(k Kind) (left, right float64) {
	switch k {
	case Client, Topic:
		return padX + iconW, padX
	case Queue:
		return padX + 4, padX + slotsW
	case Subscription:
		return padX + 6, padX
	}
	return padX, padX
}

// boxSize returns the size of a node's box before ports are spread on it.
func boxSize(n Node, opt Options) (w, h float64) {
	text := TextWidth(n.Title(), titleFont) * 1.06 // titles are semi-bold
	if opt.Names > 0 {
		ends := padX
		if n.Kind == Queue || n.Kind == Subscription { // round
			ends *= 2
		}
		return max(text*opt.Names+ends, minW), minH
	}
	for _, d := range n.Details(opt.Voice) {
		text = max(text, TextWidth(d, detailFont))
	}
	left, right := textInset(n.Kind)
	return max(text+left+right, minW), max(2*padY+titleLine+detailLine*float64(len(n.Detail)), minH)
}

// headerSize returns the room that a broker's title and details take in its frame.
func headerSize(n Node, opt Options) (w, h float64) {
	w, _ = boxSize(n, opt)
	if opt.Names > 0 {
		return w, 34 * max(1, opt.Names/1.5)
	}
	return w + iconW, 34 + detailLine*float64(len(n.Detail))
}

// heightFor returns the least height of a box whose ports on one side are spread so far.
func heightFor(ports float64) float64 {
	return min(ports+2*portRoom, tallest)
}
