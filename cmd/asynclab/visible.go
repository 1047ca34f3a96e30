package main

import (
	"fmt"
	"io"
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"
)

// visible escapes all text that the program writes, to a terminal, a file or another
// program, so that text from files and command lines cannot control a terminal. A
// call of Write must not split a character.
type visible struct {
	io.Writer
	bold bool // boldOn and boldOff make text bold; only for text that cannot hold them
}

// Marks around bold text, inside the program.
const boldOn, boldOff = '\x0e', '\x0f'

func (v visible) Write(p []byte) (int, error) {
	if _, err := io.WriteString(v.Writer, v.escaped(string(p))); err != nil {
		return 0, err
	}
	return len(p), nil
}

// escaped replaces unprintable characters, except line ends and tabs: control and
// format characters, such as marks of direction, by escapes as in JSON, bytes that
// are not UTF-8 by \xNN.
func escaped(s string) string { return visible{}.escaped(s) }

func (v visible) escaped(s string) string {
	var b strings.Builder
	b.Grow(len(s))
	for i := 0; i < len(s); {
		if n := plain(s[i:]); n > 0 {
			b.WriteString(s[i : i+n])
			i += n
			continue
		}
		r, size := utf8.DecodeRuneInString(s[i:])
		switch {
		case r == utf8.RuneError && size == 1:
			fmt.Fprintf(&b, `\x%02x`, s[i])
		case v.bold && r == boldOn:
			b.WriteString("\x1b[1m")
		case v.bold && r == boldOff:
			b.WriteString("\x1b[0m")
		case printable(r):
			b.WriteString(s[i : i+size])
		case r > 0xffff:
			high, low := utf16.EncodeRune(r)
			fmt.Fprintf(&b, `\u%04x\u%04x`, high, low)
		default:
			fmt.Fprintf(&b, `\u%04x`, r)
		}
		i += size
	}
	return b.String()
}

// plain is how many bytes at the beginning of s are printable ASCII or line ends.
func plain(s string) int {
	for i := range len(s) {
		if c := s[i]; (c < ' ' || c > '~') && c != '\n' {
			return i
		}
	}
	return len(s)
}

func printable(r rune) bool {
	switch r {
	case '\n', '\t', '\u200c', '\u200d': // the joiners belong to scripts and emoji
		return true
	}
	return !unicode.In(r, unicode.Cc, unicode.Cf, unicode.Zl, unicode.Zp, unicode.Cs, unicode.Noncharacter_Code_Point)
}
