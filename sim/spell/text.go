package spell

import (
	"errors"
	"fmt"
	"strings"
)

// Text is a sentence about a mistake. Its format, as it is in English, is its id: the
// window looks up the format in the reader's language, and fills in the same arguments.
type Text struct {
	Format string
	Args   []any // none: the format is the sentence; one may be a Text or a Noun
}

// Noun is a word for a kind of thing, as an argument of a Text: translated, too.
type Noun string

// Textf is a sentence with arguments, as fmt.Sprintf takes them.
func Textf(format string, args ...any) Text {
	if len(args) == 0 {
		format = strings.ReplaceAll(format, "%%", "%")
	}
	return Text{format, args}
}

// Of is a sentence that was made elsewhere: a Text, or a string without arguments.
func Of(said any) Text {
	switch t := said.(type) {
	case Text:
		return t
	case string:
		return Text{Format: t}
	case nil:
		return Text{}
	}
	return Text{Format: fmt.Sprint(said)}
}

// String is the sentence in English.
func (t Text) String() string {
	if len(t.Args) == 0 {
		return t.Format
	}
	return fmt.Sprintf(t.Format, t.Args...)
}

// NearOr suggests the nearest word, as DidYouMean does, or says otherwise if no word is near.
func NearOr(word string, known []string, otherwise Text) Text {
	if near := Nearest(word, known); near != "" {
		return Textf("did you mean %s?", near)
	}
	return otherwise
}

// HintText is Hint as a Text; what is a noun, or a Text with one.
func HintText(word string, what any, known []string) Text {
	if noun, ok := what.(string); ok {
		what = Noun(noun)
	}
	if len(known) == 0 {
		return Textf("there are no %s", what)
	}
	if near := Nearest(word, known); near != "" {
		return Textf("did you mean %s? %s: %s", near, what, List(known))
	}
	return Textf("%s: %s", what, List(known))
}

// Error is a sentence about a mistake as an error, and what to do; the hint may be empty.
type Error struct{ said, advice Text }

// Mistakef is a sentence with arguments as an error.
func Mistakef(format string, args ...any) error { return &Error{said: Textf(format, args...)} }

// Advise gives an error a hint.
func Advise(err error, hint Text) error { return &Error{Said(err), hint} }

func (e *Error) Error() string { return e.said.String() }

// Says is the sentence, as it can be translated.
func (e *Error) Says() Text { return e.said }

// Advice is the hint, as it can be translated.
func (e *Error) Advice() Text { return e.advice }

// Said is what an error says: what can be translated, if it has that.
func Said(err error) Text {
	var own interface{ Says() Text }
	if errors.As(err, &own) {
		return own.Says()
	}
	return Text{Format: err.Error()}
}
