package record

import "fmt"

// Word is a word or a short sentence with a stable id, by which it is translated.
// A word without an id is a name, the same in every language.
type Word struct{ ID, English string }

// Voice says a word in a language; nil says it in English.
type Voice func(id, english string) string

// Say says a word.
func (v Voice) Say(w Word) string {
	if v == nil || w.ID == "" {
		return w.English
	}
	return v(w.ID, w.English)
}

// How words are put together.
var (
	separator = Word{"form.and", ", "}
	because   = Word{"form.because", "%s: %s"}
	aside     = Word{"form.aside", "%s (%s)"}
)

// Say is the sentence of a log: what, why, and what became of it. why is a cause,
// or the name of a fault; the zero Word is none.
func (c Class) Say(v Voice, f Fate, why Word) string {
	return c.tell(v, v.Say(classes[c].word), f, why)
}

// Label is what stands on an arrow or beside a line of a diagram, where an arrival
// is seen and need not be said.
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

// Words are all words of this package: what there is to translate.
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
