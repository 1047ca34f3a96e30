package lessons

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"asynclab/lessons/internal/numeral"
)

// A headline is what stands out above a prediction: the title of its step, and what the
// pictures in it show; of the first of a lesson also the lesson's title and summary, and
// all before it.

// headlines lists those above an activity.
func (l *Lesson) headlines(step int, a *Activity, first bool) (all []string) {
	shown := func(blocks []Block) {
		for i := range blocks {
			if blocks[i].Activity == a {
				return
			}
			if blocks[i].Kind == Picture {
				all = append(all, blocks[i].Text.String())
			}
		}
	}
	from := step
	if first {
		all, from = append(all, l.Title, l.Summary), 0
		shown(l.Intro)
	}
	for i := range l.Steps[from : step+1] {
		all = append(all, l.Steps[from+i].Title)
		shown(l.Steps[from+i].Blocks)
	}
	return all
}

// judgeHeadlines finds headlines with a word that of all choices only the right one has,
// in each language, for students take such a word for a hint. A word of the question is
// none. The headlines' numbers are kept with those of the texts.
func (r *reader) judgeHeadlines() {
	first := true
	for i := range r.lesson.Steps {
		for _, a := range r.lesson.Steps[i].Activities() {
			if !a.Kind.First || a.Sweep != nil {
				continue
			}
			lines := r.lesson.headlines(i, a, first)
			first = false
			for _, line := range lines {
				places := numeral.Strays(line)
				for k, at := range places {
					end := len(line)
					if k+1 < len(places) {
						end = places[k+1]
					}
					a.tell(Example, line[at:end])
				}
			}
			right := a.Right()
			if right < 0 {
				continue
			}
			free := wordsOf(a.Ask.String())
			for k, c := range a.Choices {
				if k != right {
					for w := range wordsOf(c.Text.String()) {
						free[w] = true
					}
				}
			}
			for w := range wordsOf(a.Choices[right].Text.String()) {
				for _, line := range lines {
					if !free[w] && wordsOf(line)[w] {
						r.At(a.Choices[right].at, "take another word, or use it in a wrong choice too", "the right choice has a word of a title, summary or picture above it that no other choice has: %q in %q", w, line)
					}
				}
			}
		}
	}
}

// wordsOf are the words of a text that say something: by their first five letters, which
// they have in all their forms, and in Chinese three characters in a row.
func wordsOf(text string) map[string]bool {
	all := map[string]bool{}
	for _, word := range strings.FieldsFunc(strings.ToLower(text), func(c rune) bool { return !unicode.IsLetter(c) }) {
		size := 5
		if first, _ := utf8.DecodeRuneInString(word); unicode.Is(unicode.Han, first) {
			size = 3
		}
		letters := []rune(word)
		switch {
		case len(letters) < size:
		case size == 5:
			all[string(letters[:5])] = true
		default:
			for i := range len(letters) - 2 {
				all[string(letters[i:i+3])] = true
			}
		}
	}
	return all
}
