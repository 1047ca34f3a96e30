package scenarios

import (
	"encoding/json"
	"strings"
	"unicode"
	"unicode/utf8"
)

type jsonNumber = json.Number

const maxName = 60

// validName is true of letters, digits and _, and - between them, from a letter on.
func validName(s string) bool {
	if first, _ := utf8.DecodeRuneInString(s); !unicode.IsLetter(first) || utf8.RuneCountInString(s) > maxName {
		return false
	}
	for part := range strings.SplitSeq(s, "-") {
		if part == "" || strings.ContainsFunc(part, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '_' }) {
			return false
		}
	}
	return true
}

// validWord is true of the value of an attribute: names with dots between them.
func validWord(s string) bool {
	for part := range strings.SplitSeq(s, ".") {
		if !validName(part) {
			return false
		}
	}
	return utf8.RuneCountInString(s) <= maxName
}
