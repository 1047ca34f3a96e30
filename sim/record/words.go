package record

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Word is a word or a short sentence with a stable id, by which it is translated.
// A word without an id is a name, the same in every language.
type Word struct{ ID, English string }

// String is the word in English.
func (w Word) String() string { return w.English }

// Voice translates a word into a language; nil leaves it in English.
type Voice func(id, english string) string

// Say returns a word in the language of v.
func (v Voice) Say(w Word) string {
	if v == nil || w.ID == "" {
		return w.English
	}
	return v(w.ID, w.English)
}

// Sayf is a word that is a format, in the language of v, with its terms.
func (v Voice) Sayf(w Word, terms ...any) string { return Closed(fmt.Sprintf(v.Say(w), terms...)) }

// Closed is a text without blanks between two signs of Chinese: a format has them for
// terms in Latin letters.
func Closed(text string) string {
	for i := 0; i < len(text); i++ {
		at := strings.IndexByte(text[i:], ' ')
		if at < 0 {
			break
		}
		i += at
		before, _ := utf8.DecodeLastRuneInString(text[:i])
		after, _ := utf8.DecodeRuneInString(text[i+1:])
		if chinese(before) && chinese(after) {
			text = text[:i] + text[i+1:]
		}
	}
	return text
}

// chinese reports whether a sign is as wide as it is high: a character, or a mark such as “，”.
func chinese(r rune) bool {
	return unicode.Is(unicode.Han, r) || '\u3000' <= r && r <= '\u303f' || '\uff00' <= r && r <= '\uff60'
}

// The patterns by which words are joined.
var (
	separator = Word{"form.and", ", "}
	because   = Word{"form.because", "%s: %s"}
	aside     = Word{"form.aside", "%s (%s)"}
)

// Say is the sentence of a log: the event, its cause, and the fate of the
// message. why is a cause, or the name of a fault; the zero Word is none.
func (c *Declared) Say(v Voice, f Fate, why Word) string {
	return c.tell(v, v.Say(c.word), f, why)
}

// Listed joins texts, as a list is written in the language of v.
func (v Voice) Listed(all []string) string { return strings.Join(all, v.Say(separator)) }

// Label is the text on an arrow or beside a line of a diagram. It leaves out an
// arrival, which the diagram shows.
func (c *Declared) Label(v Voice, f Fate, why Word) string {
	if f == Arrived {
		f = InFlight
	}
	return c.tell(v, v.Say(c.short()), f, why)
}

func (d *Declared) short() Word {
	if d.label == "" {
		return d.word
	}
	return Word{d.word.ID + ".label", d.label}
}

func (c *Declared) tell(v Voice, text string, f Fate, why Word) string {
	if c.because && why.English != "" && (why.ID == "" || why.ID != c.implies) {
		text = v.Sayf(because, text, v.Say(why))
	}
	if f != InFlight {
		text = v.Sayf(aside, text, v.Say(fates[f].word))
	}
	return text
}

// Words are the words of a class that need a translation.
func (c *Declared) Words() []Word {
	if c.label == "" {
		return []Word{c.word}
	}
	return []Word{c.word, c.short()}
}

// Words are all words of this package that need a translation.
func Words() []Word {
	all := []Word{separator, because, aside}
	for _, c := range Classes {
		all = append(all, c.Words()...)
	}
	for _, f := range fates[Arrived:] {
		all = append(all, f.word)
	}
	return append(all, groups[:]...)
}
