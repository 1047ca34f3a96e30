package design

import "strings"

// A pattern of words that dots join, as the bindings of a topic exchange have it: * is
// exactly one of them, # any number of them, none included.
const (
	oneWord  = "*"
	anyWords = "#"
)

// pattern reads the pattern behind matches, with or without quotation marks.
func (p *conditionParser) pattern() string {
	rest := strings.TrimLeftFunc(p.text[p.pos:], blank)
	p.at = len(p.text) - len(rest)
	n := strings.IndexFunc(rest, func(r rune) bool { return blank(r) || r == '(' || r == ')' })
	quoted := strings.HasPrefix(rest, `"`)
	if quoted {
		n = strings.IndexByte(rest[1:], '"') + 2
		if n == 1 {
			p.wrong("", "a quotation mark is not closed")
			return ""
		}
	} else if n < 0 {
		n = len(rest)
	}
	text := rest[:n]
	p.pos = p.at + n
	if quoted {
		p.at++
		text = text[1 : n-1]
	}
	for word := range strings.SplitSeq(text, ".") {
		switch {
		case text == "":
			p.wrong(`for example key matches "orders.*.eu"; a # behind a blank begins a comment unless it is quoted`, "expected a pattern, found none")
		case word == "":
			p.wrong("between two dots stands a word, *, or #", "an empty word in the pattern %q", text)
		case word == ">":
			p.wrong("any number of words is #", "%q is no word of a pattern", word)
		case word != oneWord && word != anyWords && !isPatternWord(word):
			p.wrong("* is one whole word, # any number of words", "%q is no word of a pattern", word)
		}
		p.at += len(word) + 1
	}
	return text
}

func isPatternWord(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool { return blank(r) || strings.ContainsRune(`*#"()=!<>`, r) })
}

// matches reports whether words match a pattern, both split at their dots.
func matches(pattern, words []string) bool {
	reach := make([]bool, len(words)+1) // after so many words, the pattern so far is used up
	reach[0] = true
	for _, p := range pattern {
		if p == anyWords {
			for i := range words {
				reach[i+1] = reach[i+1] || reach[i]
			}
			continue
		}
		for i := len(words); i > 0; i-- {
			reach[i] = reach[i-1] && (p == oneWord || p == words[i-1])
		}
		reach[0] = false
	}
	return reach[len(words)]
}

// matching says of each of some words whether it matches the pattern of a term.
func (t *Term) matching(words []string) []bool {
	pattern := strings.Split(t.Word, ".")
	all := make([]bool, len(words))
	for i, w := range words {
		all[i] = matches(pattern, strings.Split(w, "."))
	}
	return all
}
