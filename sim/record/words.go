package record

import "fmt"

// Word is a word or a short sentence with a stable id, by which it is translated.
// A word without an id is a name, the same in every language.
type Word struct{ ID, English string }

// Voice translates a word into a language; nil leaves it in English.
type Voice func(id, english string) string

// Say returns a word in the language of v.
func (v Voice) Say(w Word) string {
	if v == nil || w.ID == "" {
		return w.English
	}
	return v(w.ID, w.English)
}

// The patterns by which words are joined.
var (
	separator = Word{"form.and", ", "}
	because   = Word{"form.because", "%s: %s"}
	aside     = Word{"form.aside", "%s (%s)"}
)

// Say is the sentence of a log: the event, its cause, and the fate of the
// message. why is a cause, or the name of a fault; the zero Word is none.
func (c Class) Say(v Voice, f Fate, why Word) string {
	return c.tell(v, v.Say(classes[c].word), f, why)
}

// Label is the text on an arrow or beside a line of a diagram. It leaves out an
// arrival, which the diagram shows.
func (c Class) Label(v Voice, f Fate, why Word) string {
	if f == Arrived {
		f = InFlight
	}
	return c.tell(v, v.Say(classes[c].short()), f, why)
}

func (d *declaration) short() Word {
	if d.label == "" {
		return d.word
	}
	return Word{d.word.ID + ".label", d.label}
}

func (c Class) tell(v Voice, text string, f Fate, why Word) string {
	if d := &classes[c]; d.because && why.English != "" && (why.ID == "" || why.ID != d.implies) {
		text = fmt.Sprintf(v.Say(because), text, v.Say(why))
	}
	if f != InFlight {
		text = fmt.Sprintf(v.Say(aside), text, v.Say(fates[f].word))
	}
	return text
}

// Words are all words of this package that need a translation.
func Words() []Word {
	all := []Word{separator, because, aside}
	for i := range classes {
		all = append(all, classes[i].word)
		if classes[i].label != "" {
			all = append(all, classes[i].short())
		}
	}
	for _, f := range fates[Arrived:] {
		all = append(all, f.word)
	}
	return append(all, groups[:]...)
}
