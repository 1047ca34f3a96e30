package warning

import (
	"fmt"
	"slices"

	"asynclab/sim/record"
)

// Warning is what a reader must know before believing a result.
type Warning struct {
	Kind
	Element string // metric, parameter or element that it is about; "" for none
	Terms   []Term // fill the places of its text
	In, Of  int    // replications in which it was given, of how many; 0 if in all
}

// Term fills a place in the text of a warning: a name or number, or a phrase, which
// has an id and may have places of its own.
type Term struct {
	record.Word
	Of []string
}

// Of returns a warning about an element. Each term is a Term, or a text that is the
// same in every language.
func Of(k Kind, element string, terms ...any) Warning {
	w := Warning{Kind: k, Element: element}
	for _, t := range terms {
		term, phrase := t.(Term)
		if !phrase {
			term.English = fmt.Sprint(t)
		}
		w.Terms = append(w.Terms, term)
	}
	return w
}

// Text is the text of the warning, in English, without its element.
func (w Warning) Text() string { return w.Say(nil) }

// String is Text.
func (w Warning) String() string { return w.Text() }

// Say is the text of the warning in the language of v.
func (w Warning) Say(v record.Voice) string {
	var terms []any
	for _, t := range w.Terms {
		terms = append(terms, t.say(v))
	}
	text := v.Say(w.word())
	if len(terms) > 0 {
		text = v.Sayf(w.word(), terms...)
	}
	if w.Of > 0 {
		text = v.Sayf(inSome, text, fmt.Sprint(w.In), fmt.Sprint(w.Of))
	}
	return text
}

func (t Term) say(v record.Voice) string {
	if len(t.Of) == 0 {
		return v.Say(t.Word)
	}
	var names []any
	for _, n := range t.Of {
		names = append(names, n)
	}
	return v.Sayf(t.Word, names...)
}

// ByWeight sorts warnings: those that matter most come first, and those of a kind
// keep their order.
func ByWeight(all []Warning) {
	slices.SortStableFunc(all, func(a, b Warning) int { return Compare(a.Kind, b.Kind) })
}

// Loud returns the warnings of the kinds that are not silenced, and how many others
// there are.
func Loud(all []Warning, silenced []Kind) (loud []Warning, silent int) {
	for _, w := range all {
		if slices.Contains(silenced, w.Kind) {
			silent++
		} else {
			loud = append(loud, w)
		}
	}
	return loud, silent
}
