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
		`k matches "a.*.b" and not n`:        "kmatchesa.*.b n not and",
		"(k matches #.a) or k matches b":     "kmatches#.a kmatchesb or",
		"matches matches matches":            "matchesmatchesmatches",
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
		"a matches": 9, `a matches ""`: 11, "a matches b..c": 12, "a matches .b": 10, "a matches b.": 12, `a matches "b.c`: 10, "a matches b.c*": 12,
		"a matches b.>": 12, `a matches "b c"`: 11, "a matches b c": 12, `a matches "b"c`: 13,
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
	for _, s := range []string{"kind == buy and (amount > 100 or redelivered)", "not a<=5ms", "((((", "a == b or", "é != ü", `key matches "orders.*.eu" or not key matches lazy.#`, `k matches "`, "k matches a..b", "k matches >", "\u0085"} {
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

// The examples of RabbitMQ's tutorial on topics: two queues, of which the second has two
// bindings, and further what # and * are at the ends of a key.
func TestPatterns(t *testing.T) {
	second := `key matches "*.*.rabbit" or key matches "lazy.#"`
	for _, c := range []struct {
		text string
		want string // the words of key for which it holds
	}{
		{`key matches "*.orange.*"`, "quick.orange.rabbit lazy.orange.elephant quick.orange.fox"},
		{second, "quick.orange.rabbit lazy.orange.elephant lazy.brown.fox lazy.pink.rabbit lazy.orange.new.rabbit lazy"},
		{"not (" + second + ") and not key matches *.orange.*", "quick.brown.fox orange quick.orange.new.rabbit"},
		{"key matches #", "quick.orange.rabbit lazy.orange.elephant quick.orange.fox lazy.brown.fox lazy.pink.rabbit quick.brown.fox orange quick.orange.new.rabbit lazy.orange.new.rabbit lazy"},
		{"key matches *", "orange lazy"},
		{"key matches #.rabbit", "quick.orange.rabbit lazy.pink.rabbit quick.orange.new.rabbit lazy.orange.new.rabbit"},
		{"key matches lazy.#.#.rabbit", "lazy.pink.rabbit lazy.orange.new.rabbit"},
		{"key matches #.orange.#", "quick.orange.rabbit lazy.orange.elephant quick.orange.fox orange quick.orange.new.rabbit lazy.orange.new.rabbit"},
		{"key matches *.#.*.*.*", "quick.orange.new.rabbit lazy.orange.new.rabbit"},
		{"key matches lazy.pink.rabbit", "lazy.pink.rabbit"},
	} {
		key := Attribute{Name: "key", Words: strings.Fields("quick.orange.rabbit lazy.orange.elephant quick.orange.fox lazy.brown.fox lazy.pink.rabbit quick.brown.fox orange quick.orange.new.rabbit lazy.orange.new.rabbit lazy")}
		cond, err := ParseCondition(c.text)
		if err != nil {
			t.Fatalf("%s: %v", c.text, err)
		}
		var got []string
		for w, word := range key.Words {
			var stack []bool
			for i := range cond.Terms {
				n := len(stack)
				switch term := &cond.Terms[i]; term.Join {
				case And:
					stack = append(stack[:n-2], stack[n-2] && stack[n-1])
				case Or:
					stack = append(stack[:n-2], stack[n-2] || stack[n-1])
				case NotJoin:
					stack[n-1] = !stack[n-1]
				default:
					r, wrong := term.Resolve(Scope{Attributes: []Attribute{key}})
					if wrong != nil {
						t.Fatalf("%s: %v", c.text, wrong)
					}
					stack = append(stack, r.Matches[w])
				}
			}
			if stack[0] {
				got = append(got, word)
			}
		}
		if strings.Join(got, " ") != c.want {
			t.Errorf("%s holds for %v, want %s", c.text, got, c.want)
		}
	}
}

// A pattern is for words, of which it matches one.
func TestPatternMistakes(t *testing.T) {
	in := Scope{Attributes: []Attribute{{Name: "key", Words: []string{"a.b", "c"}}, {Name: "n"}}, Stores: []Store{{Name: "s", States: []string{"new", "paid"}, Counters: []string{"k"}}}}
	for text, want := range map[string]string{
		"key matches a.*.b":   `key never matches "a.*.b" (its words are a.b, c)`,
		"n matches a.*":       "n is a number, and not a word (for example n > 100)",
		"s matches #":         "",
		"s.k matches a.*":     "s.k is a number without a unit (for example s.k > 1)",
		"attempt matches a.*": "attempt is a number without a unit (for example attempt > 1)",
		"redelivered matches": "expected a pattern, found none",
		"key matches a..b":    `an empty word in the pattern "a..b" (between two dots stands a word, *, or #)`,
		"key matches a.>":     `">" is no word of a pattern (any number of words is #)`,
		"key matches a.b*":    `"b*" is no word of a pattern (* is one whole word, # any number of words)`,
	} {
		cond, err := ParseCondition(text)
		if err == nil {
			_, err = cond.Terms[0].Resolve(in)
		}
		if got := ""; err != nil {
			if got = err.Error(); want == "" || !strings.HasPrefix(got, want) {
				t.Errorf("%s: %s", text, got)
			}
		} else if want != "" {
			t.Errorf("%s: no mistake", text)
		}
	}
}
