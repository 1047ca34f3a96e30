package design

import (
	"slices"
	"strings"

	"asynclab/sim/draw"
	"asynclab/sim/spell"
)

// Condition is a test of the attributes of a message: comparisons, joined by and, or
// and not. The zero value is always true.
//
//	kind == buy and (amount > 100 or redelivered)
//	key matches "orders.*.eu"
type Condition struct {
	Text  string
	Terms []Term // in postfix order
}

// Term is a comparison, or joins the results of those before it.
type Term struct {
	Join  Join
	Name  string // of an attribute, or one of Facts
	Op    Comparison
	Word  string // compared with, or the pattern of Matches; "": Value
	Value float64
	Unit  draw.Unit
	At    int // in the text
}

// Join says what a term is.
type Join uint8

// The joins: a comparison, and operators on the results before it.
const (
	Compare Join = iota
	And
	Or
	NotJoin
)

// Comparison compares an attribute with a value.
type Comparison uint8

// The comparisons; Matches takes a pattern, and Is a name alone, which is true or not.
const (
	Equal Comparison = iota
	NotEqual
	Less
	LessEqual
	Greater
	GreaterEqual
	Matches
	Is
)

var comparisons = []string{"==", "!=", "<", "<=", ">", ">=", "matches"}

// MaxTerms bounds a condition.
const MaxTerms = 64

// IsZero reports whether there is no condition.
func (c *Condition) IsZero() bool { return len(c.Terms) == 0 }

// ParseCondition reads a condition. The error has the offset of the mistake.
func ParseCondition(text string) (Condition, *draw.ExprError) {
	p := conditionParser{text: text, c: Condition{Text: strings.TrimFunc(text, blank)}}
	if p.or(0); p.err == nil {
		if p.word(); p.token != "" {
			p.wrong("join comparisons with and, or", "unexpected %q", p.token)
		}
	}
	if p.err == nil && len(p.c.Terms) > MaxTerms {
		p.at = 0
		p.wrong("", "more than %d comparisons and operators", MaxTerms)
	}
	if p.err != nil {
		return Condition{}, p.err
	}
	return p.c, nil
}

func blank(r rune) bool { return r <= ' ' }

type conditionParser struct {
	text  string
	pos   int    // behind the token
	at    int    // of the token
	token string // the last that word read; "": the end
	c     Condition
	err   *draw.ExprError
}

func (p *conditionParser) wrong(hint any, format string, args ...any) {
	if p.err == nil {
		p.err = draw.Mistake(p.at, hint, format, args...)
	}
}

// word reads the next token: a parenthesis, a comparison, or what stands between.
func (p *conditionParser) word() string {
	for p.pos < len(p.text) && p.text[p.pos] <= ' ' {
		p.pos++
	}
	p.at = p.pos
	rest := p.text[p.pos:]
	n := strings.IndexFunc(rest, func(r rune) bool { return r <= ' ' || strings.ContainsRune("()=!<>", r) })
	switch {
	case rest == "":
		n = 0
	case n == 0 && len(rest) > 1 && rest[1] == '=' && rest[0] != '(' && rest[0] != ')':
		n = 2
	case n == 0:
		n = 1
	case n < 0:
		n = len(rest)
	}
	p.token = rest[:n]
	p.pos += n
	return p.token
}

// next reports whether the next token is a word, and reads it then.
func (p *conditionParser) next(want string) bool {
	pos := p.pos
	if p.word() == want {
		return true
	}
	p.pos = pos
	return false
}

func (p *conditionParser) put(t Term) {
	if len(p.c.Terms) <= MaxTerms {
		p.c.Terms = append(p.c.Terms, t)
	}
}

func (p *conditionParser) or(depth int) {
	p.and(depth)
	for p.err == nil && p.next("or") {
		p.and(depth)
		p.put(Term{Join: Or})
	}
}

func (p *conditionParser) and(depth int) {
	p.not(depth)
	for p.err == nil && p.next("and") {
		p.not(depth)
		p.put(Term{Join: And})
	}
}

func (p *conditionParser) not(depth int) {
	switch {
	case depth > MaxStepDepth:
		p.wrong("nothing needs so many parentheses", "nested more than %d deep", MaxStepDepth)
	case p.next("not"):
		p.not(depth + 1)
		p.put(Term{Join: NotJoin})
	case p.next("("):
		p.or(depth + 1)
		if p.err == nil && !p.next(")") {
			p.wrong("close it with )", "a parenthesis is not closed")
		}
	default:
		p.comparison()
	}
}

func (p *conditionParser) comparison() {
	name := p.word()
	at := p.at
	if !isName(name) {
		if name == "" {
			name = "the end"
		}
		p.wrong("for example kind == buy", "expected the name of an attribute, found %s", name)
		return
	}
	t := Term{Name: name, Op: Is, At: at}
	pos := p.pos
	op := -1
	for i, c := range comparisons {
		if p.pos = pos; p.word() == c {
			op = i
			break
		}
	}
	switch {
	case op < 0 && (p.token == "=" || p.token == "!"):
		p.wrong("equal is ==, not equal is !=", "unknown comparison %q", p.token)
		return
	case op < 0:
		p.pos = pos
		p.put(t)
		return
	}
	t.Op = Comparison(op)
	if t.Op == Matches {
		t.Word = p.pattern()
		p.put(t)
		return
	}
	value := p.word()
	switch q, err := draw.ParseQuantity(value); {
	case value == "":
		p.wrong("for example kind == buy, or amount > 100", "expected a word or a number, found the end")
	case err == nil:
		t.Value, t.Unit = q.Value, q.Unit
	case isName(value):
		t.Word = value
	default:
		p.wrong("for example kind == buy, or amount > 100", "%q is no word and no number", value)
	}
	p.put(t)
}

// isName is a rough test; what exists decides.
func isName(s string) bool {
	if s == "" || s == "and" || s == "or" || s == "not" {
		return false
	}
	c := s[0]
	return c == '_' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= 0x80
}

// Reading says what a term reads.
type Reading uint8

// An attribute, one of Facts, and of a row of a store its state, a counter, its version,
// and whether it is there.
const (
	ReadAttribute Reading = iota
	ReadFact
	ReadState
	ReadCounter
	ReadVersion
	ReadRow
)

// Scope is what the conditions of a place can read: the attributes of a design and, in
// the handlers of a service, its stores.
type Scope struct {
	Attributes []Attribute
	Stores     []Store
}

// Resolved is a term whose names are known.
type Resolved struct {
	Reads   Reading
	Place   int // among the attributes, Facts, or stores
	Counter int
	Value   float64 // with which it is compared
	Matches []bool  // instead, by the numbers of the words
}

// Resolve finds what a term reads, and the value that it is compared with.
func (t *Term) Resolve(in Scope) (r Resolved, wrong *draw.ExprError) {
	say := func(hint any, format string, args ...any) *draw.ExprError {
		return draw.Mistake(t.At, hint, format, args...)
	}
	for i := range Facts {
		if Facts[i] == t.Name {
			return t.fact(i, say)
		}
	}
	var names []string
	for i := range in.Attributes {
		if in.Attributes[i].Name == t.Name {
			return t.attribute(i, &in.Attributes[i], say)
		}
		names = append(names, in.Attributes[i].Name)
	}
	store, part, _ := strings.Cut(t.Name, ".")
	for i := range in.Stores {
		if in.Stores[i].Name == store {
			return t.store(i, &in.Stores[i], part, say)
		}
		names = append(names, in.Stores[i].Name)
	}
	names = append(names, Facts...)
	hint := spell.Textf("known are %s", strings.Join(names, ", "))
	if len(names) == len(Facts) {
		hint = spell.Textf("declare it on a load: attributes: {%s: [a, b]}", t.Name)
	}
	return r, say(spell.NearOr(t.Name, names, hint), "no load has an attribute %q", t.Name)
}

type sayWrong func(hint any, format string, args ...any) *draw.ExprError

func (t *Term) fact(i int, say sayWrong) (Resolved, *draw.ExprError) {
	r := Resolved{Reads: ReadFact, Place: i, Value: t.Value}
	switch {
	case (i == FactRedelivered) != (t.Op == Is):
		if i == FactRedelivered {
			return r, say("write redelivered, or not redelivered", "redelivered is true or not, and is not compared")
		}
		return r, say(spell.Textf("for example %s > 1", t.Name), "%s is a number: compare it", t.Name)
	case t.Word != "" || t.Unit != draw.None:
		return r, say(spell.Textf("for example %s > 1", t.Name), "%s is a number without a unit", t.Name)
	}
	if i == FactRedelivered {
		r.Value = 1
	}
	return r, nil
}

func (t *Term) attribute(i int, a *Attribute, say sayWrong) (Resolved, *draw.ExprError) {
	r := Resolved{Place: i, Value: t.Value}
	switch {
	case t.Op == Is:
		return r, say(spell.Textf("for example %s == %s", t.Name, a.example()), "compare %s with a value", t.Name)
	case len(a.Words) > 0:
		return t.word(r, a.Words, say)
	case t.Word != "":
		return r, say(spell.Textf("for example %s > 100", t.Name), "%s is a number, and not a word", t.Name)
	case t.Unit != a.Dist.Unit() && t.Value != 0:
		return r, say(spell.Textf("for example %s > %s", t.Name, a.example()), "%s is %s", t.Name, a.Dist.Unit())
	}
	return r, nil
}

// word compares with one of some words, by their numbers.
func (t *Term) word(r Resolved, words []string, say sayWrong) (Resolved, *draw.ExprError) {
	switch {
	case t.Word == "":
		return r, say(spell.Textf("its words are %s", strings.Join(words, ", ")), "%s is a word, and not a number", t.Name)
	case t.Op == Matches:
		if r.Matches = t.matching(words); !slices.Contains(r.Matches, true) {
			return r, say(spell.Textf("its words are %s", strings.Join(words, ", ")), "%s never matches %q", t.Name, t.Word)
		}
		return r, nil
	case t.Op != Equal && t.Op != NotEqual:
		return r, say("compare it with ==, != or matches", "%s is a word, and words have no order", t.Name)
	}
	w := wordOf(words, t.Word)
	if w < 0 {
		hint := spell.Textf("its words are %s", strings.Join(words, ", "))
		return r, say(spell.NearOr(t.Word, words, hint), "%s is never %q", t.Name, t.Word)
	}
	r.Value = float64(w)
	return r, nil
}

func (t *Term) store(i int, s *Store, part string, say sayWrong) (Resolved, *draw.ExprError) {
	r := Resolved{Reads: ReadState, Place: i, Value: t.Value}
	switch {
	case part == "" && t.Op == Is:
		r.Reads = ReadRow
		return r, nil
	case part == "" && len(s.States) == 0:
		return r, say(spell.Textf("write %s alone: it is true where there is a row", t.Name), "the store %s has no states", t.Name)
	case part == "":
		return t.word(r, s.States, say)
	case part == "version":
		r.Reads = ReadVersion
	default:
		r.Reads, r.Counter = ReadCounter, wordOf(s.Counters, part)
		if r.Counter < 0 {
			return r, say(spell.HintText(part, spell.Textf("%s of %s", spell.Noun("counters"), s.Name), s.Counters), "the store %s has no counter %q", s.Name, part)
		}
	}
	if t.Op == Is || t.Word != "" || t.Unit != draw.None {
		return r, say(spell.Textf("for example %s > 1", t.Name), "%s is a number without a unit", t.Name)
	}
	return r, nil
}

// example is a value that the attribute may have.
func (a *Attribute) example() string {
	if len(a.Words) > 0 {
		return a.Words[0]
	}
	return draw.FormatQuantity(a.Dist.Mean(), a.Dist.Unit())
}
