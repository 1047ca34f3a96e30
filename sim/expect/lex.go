package expect

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"asynclab/sim/draw"
)

type tokenKind uint8

const (
	end tokenKind = iota
	word
	number
	symbol
)

type token struct {
	kind tokenKind
	text string
	at   int
}

// Limits of the input, because scenario files are not trusted.
const (
	maxText   = 4096
	maxTokens = 512
	maxDepth  = 64
)

// symbols, the longer ones first. Editors and copied documents may replace the
// plain ones by the typographic ones.
var symbols = []string{">=", "<=", "==", "!=", "..", ">", "<", "=", "+", "-", "*", "/", "(", ")", ",", ":", "≥", "≤", "≠"}

var plain = map[string]string{"≥": ">=", "≤": "<=", "≠": "!=", "=": "=="}

func lex(s string) ([]token, *Error) {
	if len(s) > maxText {
		return nil, mistake(maxText, "", "an expectation is longer than %d bytes", maxText)
	}
	var out []token
	for i := 0; ; {
		r, size := utf8.DecodeRuneInString(s[i:])
		if size == 0 {
			return append(out, token{end, "", len(strings.TrimRightFunc(s, unicode.IsSpace))}), nil
		}
		if len(out) >= maxTokens {
			return nil, mistake(i, "", "an expectation has more than %d words and symbols", maxTokens)
		}
		if unicode.IsSpace(r) {
			i += size
			continue
		}
		t := token{symbol, "", i}
		switch {
		case r == '_' || unicode.IsLetter(r):
			t.kind, t.text = word, s[i:i+wordLen(s[i:])]
		case isDigit(s, i) || r == '.' && isDigit(s, i+1):
			t.kind, t.text = number, s[i:i+numberLen(s[i:])]
		default:
			for _, sym := range symbols {
				if strings.HasPrefix(s[i:], sym) {
					t.text = sym
					break
				}
			}
			if t.text == "" {
				return nil, mistake(i, "for example load.l.completed.ratio >= 99%", "unexpected character %q", r)
			}
		}
		i += len(t.text)
		if p, ok := plain[t.text]; ok && t.kind == symbol {
			t.text = p
		}
		out = append(out, t)
	}
}

// wordLen is the length of the name at the beginning of s: letters, digits and
// underscores, and between two of them a dot, a dash, a slash, a number sign or an arrow.
func wordLen(s string) int {
	i := 0
	for i < len(s) {
		n := nameRune(s[i:])
		if n > 0 {
			i += n
			continue
		}
		joint := 0
		switch {
		case strings.HasPrefix(s[i:], "->"):
			joint = 2
		case s[i] == '.' || s[i] == '-' || s[i] == '/' || s[i] == '#':
			joint = 1
		}
		if joint == 0 || nameRune(s[i+joint:]) == 0 {
			break
		}
		i += joint
	}
	return i
}

// nameRune is the length of the letter, digit or underscore that s begins with.
func nameRune(s string) int {
	r, size := utf8.DecodeRuneInString(s)
	if r == '_' || size > 0 && r != utf8.RuneError && (unicode.IsLetter(r) || unicode.IsDigit(r)) {
		return size
	}
	return 0
}

func isDigit(s string, i int) bool { return i < len(s) && s[i] >= '0' && s[i] <= '9' }

// numberLen is the length of the quantity at the beginning of s: digits and a
// unit written directly after them ("1h30m", "1.5e-3", "99.9%", "50/s").
func numberLen(s string) int {
	i := 0
	for i < len(s) {
		c := s[i]
		switch {
		case c == '%':
			return i + 1
		case c == '.' && isDigit(s, i+1):
			i++
		case (c == '+' || c == '-') && i > 1 && (s[i-1] == 'e' || s[i-1] == 'E') && isDigit(s, i-2) && isDigit(s, i+1):
			i++
		case c == '/' && unitLen(s[i+1:]) > 0:
			return i + 1 + unitLen(s[i+1:])
		default:
			n := nameRune(s[i:])
			if n == 0 {
				return i
			}
			i += n
		}
	}
	return i
}

// nameAfterDot reports whether a letter follows a dot.
func nameAfterDot(s string) bool {
	for i := range s {
		if s[i] == '.' && !isDigit(s, i+1) {
			return true
		}
	}
	return false
}

// unitLen is the length of the word after a slash if it can only be a unit of
// time ("50/s"): not the beginning of a name or a function.
func unitLen(s string) int {
	n := wordLen(s)
	// 800/min-35/min is a difference of two rates, if min is a unit; only in the
	// name of a metric can a letter follow a dot.
	if at := strings.IndexByte(s[:n], '-'); at > 0 && isDigit(s, at+1) && !nameAfterDot(s[at:n]) {
		if _, err := draw.ParseQuantity("1/" + s[:at]); err == nil {
			return at
		}
	}
	if n == 0 || strings.ContainsAny(s[:n], "./->_") || isDigit(s, 0) || strings.HasPrefix(s[n:], "(") {
		return 0
	}
	return n
}
