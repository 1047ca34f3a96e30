package design

import (
	"strings"
	"testing"
)

// postfix writes a condition in the order in which it is evaluated.
func postfix(c Condition) string {
	var all []string
	for _, t := range c.Terms {
		switch {
		case t.Join != Compare:
			all = append(all, []string{"", "and", "or", "not"}[t.Join])
		case t.Op == Is:
			all = append(all, t.Name)
		default:
			all = append(all, t.Name+comparisons[t.Op]+t.Word)
		}
	}
	return strings.Join(all, " ")
}

func TestParseCondition(t *testing.T) {
	for text, want := range map[string]string{
		"kind == buy":                        "kind==buy",
		"a==b and c!=d or redelivered":       "a==b c!=d and redelivered or",
		"a == b or c == d and not e == f":    "a==b c==d e==f not and or",
		"(a == b or c == d) and redelivered": "a==b c==d or redelivered and",
		"not not (n<3)":                      "n< not not",
		" n >= 2ms ":                         "n>=",
	} {
		c, err := ParseCondition(text)
		if err != nil {
			t.Errorf("%s: %v", text, err)
		} else if got := postfix(c); got != want {
			t.Errorf("%s is %s, want %s", text, got, want)
		}
	}
	for text, at := range map[string]int{
		"": 0, "and": 0, "a ==": 4, "a = b": 2, "a == b c": 7, "(a == b": 7, "a == b)": 6, "3 < a": 0, "a < ?": 4, "not": 3,
		strings.Repeat("not ", 40) + "a": 64, strings.Repeat("a == b or ", 40) + "a == b": 0,
	} {
		if _, err := ParseCondition(text); err == nil || err.Offset != at {
			t.Errorf("%q: %v", text, err)
		}
	}
}

// FuzzParseCondition holds that no text makes the parser panic or hang, that an error
// lies within the text, and that the canonical text reads the same.
//
//	go test ./sim/design -run FuzzParseCondition -fuzz FuzzParseCondition -fuzztime 60s
func FuzzParseCondition(f *testing.F) {
	for _, s := range []string{"kind == buy and (amount > 100 or redelivered)", "not a<=5ms", "((((", "a == b or", "é != ü"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		c, err := ParseCondition(text)
		if err != nil {
			if err.Offset < 0 || err.Offset > len(text) || err.Msg == "" {
				t.Fatalf("%q: %+v", text, err)
			}
			return
		}
		depth := 0
		for _, term := range c.Terms { // postfix is never short of operands
			switch term.Join {
			case Compare:
				depth++
			case And, Or:
				depth--
			}
			if depth < 1 {
				t.Fatalf("%q: %v", text, postfix(c))
			}
		}
		if depth != 1 || len(c.Terms) > MaxTerms {
			t.Fatalf("%q leaves %d results", text, depth)
		}
		if again, err := ParseCondition(c.Text); err != nil || postfix(again) != postfix(c) {
			t.Fatalf("%q: %v", c.Text, err)
		}
	})
}
