package draw

import (
	"errors"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"asynclab/sim/spell"
)

// maxExpr bounds the text of an expression, in bytes.
const maxExpr = 4 << 10

// ExprError is an error in an expression or a quantity: its position, and what to write instead. Messages start in
// lower case.
type ExprError struct {
	Offset int // byte offset in the text
	Msg    string
	Hint   string // may be empty

	says, advice spell.Text // Msg and Hint, for who translates them
}

// Advice is the hint, as it can be translated.
func (e *ExprError) Advice() spell.Text {
	if e.advice.String() != e.Hint {
		return spell.Of(e.Hint)
	}
	return e.advice
}

// advise gives the error another hint.
func (e *ExprError) advise(hint spell.Text) { e.Hint, e.advice = hint.String(), hint }

// Says is the message, as it can be translated.
func (e *ExprError) Says() spell.Text {
	if e.says.String() != e.Msg {
		return spell.Of(e.Msg)
	}
	return e.says
}

// Mistake is an error at a byte offset of a text; hint is a string or a spell.Text.
func Mistake(offset int, hint any, format string, args ...any) *ExprError {
	says, advice := spell.Textf(format, args...), spell.Of(hint)
	return &ExprError{Offset: offset, Msg: says.String(), Hint: advice.String(), says: says, advice: advice}
}

func (e *ExprError) Error() string {
	if e.Hint == "" {
		return e.Msg
	}
	return e.Msg + " (" + e.Hint + ")"
}

// File is a file of samples, as an expression names it, and what is read of it.
type File struct {
	Name   string
	Column string // name or number (from 1) of the column; "": the file has only one
	Unit   string // of numbers without one, as it is written: "ms"; "": the base unit
}

// Parse reads a distribution expression whose values have the unit want. The argument load reads the samples of
// empirical("name", column=…, unit=…), in the base unit (seconds); nil forbids files. A number without unit is accepted where want is
// None or Ratio; 0 is accepted everywhere. Errors are of type *ExprError. See the package documentation for the forms.
func Parse(expr string, want Unit, load func(File) ([]float64, error)) (Dist, error) {
	d, err := parse(expr, want, load)
	if err != nil {
		return Dist{}, err
	}
	return d, nil
}

func parse(expr string, want Unit, load func(File) ([]float64, error)) (Dist, *ExprError) {
	switch {
	case len(expr) > maxExpr:
		return Dist{}, &ExprError{Offset: maxExpr, Msg: "expression longer than 4 KiB", Hint: `put values in a file and write empirical("file.csv")`}
	case !utf8.ValidString(expr):
		return Dist{}, &ExprError{Msg: "expression is not UTF-8 text"}
	case int(want) >= len(unitNouns):
		return Dist{}, &ExprError{Msg: "no such unit is known"}
	}
	p := parser{s: expr}
	n, err := p.node(0)
	if err != nil {
		return Dist{}, err
	}
	if p.peek() != 0 {
		return Dist{}, p.unexpected("the end")
	}
	b := builder{want: want, load: load}
	return b.dist(&n)
}

// node is a call (name, args), a quoted string (str) or a bare word such as 5ms (text).
type node struct {
	off   int
	name  string
	text  string
	str   string
	isStr bool
	args  []arg
}

// arg is value, key=value or weight: value.
type arg struct {
	key    string
	weight *node
	off    int
	val    node
}

type parser struct {
	s   string
	pos int
}

// peek skips white space and returns the next byte without consuming it, 0 at the end.
func (p *parser) peek() byte {
	for p.pos < len(p.s) && strings.IndexByte(" \t\r\n", p.s[p.pos]) >= 0 {
		p.pos++
	}
	if p.pos == len(p.s) {
		return 0
	}
	if c := p.s[p.pos]; c != 0 {
		return c
	}
	return 1 // a NUL in the text is not the end
}

func (p *parser) unexpected(wanted string) *ExprError {
	if p.peek() == 0 {
		return &ExprError{Offset: p.pos, Msg: "the expression ends too early", Hint: wanted + " is missing"}
	}
	_, width := utf8.DecodeRuneInString(p.s[p.pos:])
	return Mistake(p.pos, spell.Textf("%s should come here", wanted), "unexpected %s", quoted(p.s[p.pos:p.pos+width]))
}

// word reads up to the next punctuation mark.
func (p *parser) word() string {
	start := p.pos
	if i := strings.IndexAny(p.s[start:], `,:()="`); i >= 0 {
		p.pos += i
	} else {
		p.pos = len(p.s)
	}
	return strings.TrimRight(p.s[start:p.pos], " \t\r\n")
}

func (p *parser) node(depth int) (node, *ExprError) {
	c := p.peek()
	n := node{off: p.pos}
	if c == '"' {
		end := strings.IndexByte(p.s[p.pos+1:], '"')
		if end < 0 {
			return n, &ExprError{Offset: p.pos, Msg: "the quoted name does not end", Hint: `a closing " is missing`}
		}
		n.str, n.isStr = p.s[p.pos+1:p.pos+1+end], true
		p.pos += end + 2
		return n, nil
	}
	n.text = p.word()
	if n.text == "" {
		return n, p.unexpected("a value or a distribution")
	}
	if p.peek() != '(' {
		return n, nil
	}
	if depth == maxDepth {
		return n, &ExprError{Offset: n.off, Msg: "nested more than 4 deep", Hint: "multiply the weights out"}
	}
	n.name, n.text = n.text, ""
	p.pos++
	return n, p.args(&n, depth+1)
}

func (p *parser) args(n *node, depth int) *ExprError {
	if p.peek() == ')' {
		p.pos++
		return nil
	}
	for {
		p.peek()
		a := arg{off: p.pos}
		v, err := p.node(depth)
		if err != nil {
			return err
		}
		switch c := p.peek(); {
		case c == '=' && isWord(v.text):
			p.pos++
			a.key = v.text
			v, err = p.node(depth)
		case c == ':' && v.text != "":
			p.pos++
			w := v
			a.weight = &w
			v, err = p.node(depth)
		}
		if err != nil {
			return err
		}
		a.val = v
		n.args = append(n.args, a)
		if len(n.args) > maxBranches {
			return &ExprError{Offset: a.off, Msg: "more than 64 branches", Hint: `put the values in a file and write empirical("file.csv")`}
		}
		switch p.peek() {
		case ',':
			p.pos++
		case ')':
			p.pos++
			return nil
		default:
			return p.unexpected(`"," or ")"`)
		}
	}
}

// isWord reports whether a text can be a name: a letter, then letters, digits and _.
func isWord(s string) bool {
	for i := 0; i < len(s); i++ {
		c := s[i] | 0x20
		if !(c >= 'a' && c <= 'z' || i > 0 && (isDigit(s[i]) || s[i] == '_')) {
			return false
		}
	}
	return s != ""
}

// builder turns nodes into distributions.
type builder struct {
	want Unit
	load func(File) ([]float64, error)
}

func (b *builder) dist(n *node) (Dist, *ExprError) {
	var d Dist
	var err *ExprError
	switch {
	case n.isStr:
		return Dist{}, &ExprError{Offset: n.off, Msg: "a name in quotes is no distribution", Hint: `write empirical("file.csv")`}
	case n.name == "" && isWord(n.text):
		if forms := formsOf(n.text); forms != nil {
			return Dist{}, Mistake(n.off, b.usage(n.text), "%s needs arguments", n.text)
		}
		return Dist{}, unknownName(n, n.text)
	case n.name == "":
		var v float64
		if v, err = b.value(n); err == nil {
			d, err = b.form(formConst, "const", []float64{v}, []int{n.off}, n.off)
		}
	case n.name == "discrete":
		d, err = b.discrete(n)
	case n.name == "mix":
		d, err = b.mix(n)
	case n.name == "empirical":
		d, err = b.empirical(n)
	case formsOf(n.name) == nil:
		return Dist{}, unknownName(n, n.name)
	default:
		d, err = b.call(n)
	}
	if err != nil {
		return Dist{}, err
	}
	if d.kind != Mixture { // its branches have the unit already
		d.unit = b.want
	}
	return d, nil
}

func unknownName(n *node, name string) *ExprError {
	e := Mistake(n.off, "", "unknown distribution %s", quoted(name))
	var names []string
	for _, f := range formSpecs {
		names = append(names, f.name)
	}
	names = slices.Compact(names)
	e.advise(spell.NearOr(name, names, spell.Textf("known are %s", strings.Join(names, ", "))))
	return e
}

// Family reports whether a word is the name of a family of distributions.
func Family(name string) bool { return formsOf(name) != nil }

func formsOf(name string) []form {
	var found []form
	for f := range formSpecs {
		if formSpecs[f].name == name {
			found = append(found, form(f))
		}
	}
	return found
}

// usage lists the forms of a distribution, as examples if the unit is a duration.
func (b *builder) usage(name string) spell.Text {
	var ways []string
	for _, f := range formsOf(name) {
		if b.want == Seconds || formSpecs[f].params == nil {
			ways = append(ways, formSpecs[f].usage)
		} else {
			ways = append(ways, formSpecs[f].signature())
		}
	}
	return spell.Textf("write %s", strings.Join(ways, " or "))
}

func (f *formSpec) signature() string {
	var names []string
	for _, q := range f.params {
		if q.keyOnly {
			q.name += "=…"
		}
		names = append(names, q.name)
	}
	return f.name + "(" + strings.Join(names, ", ") + ")"
}

// value reads a value in the wanted unit.
func (b *builder) value(n *node) (float64, *ExprError) {
	q, err := n.quantity()
	if err != nil {
		return 0, err
	}
	switch {
	case q.Unit == b.want || q.Unit == None && b.want == Ratio:
		return q.Value, nil
	case q.Unit == None && q.Value == 0:
		return 0, nil
	case q.Unit == None && b.want == Seconds:
		return 0, Mistake(n.off, spell.Textf("write %ss or %sms", n.text, n.text), "%s has no unit", n.text)
	}
	e := Mistake(n.off, "", "%s is %s, here %s is wanted", n.text, q.Unit.String(), b.want.String())
	e.advise(spell.Textf("like %s", unitNouns[b.want].example))
	return 0, e
}

// number reads a value without unit; a percentage is read as a share (5% is 0.05).
func (b *builder) number(n *node, what string) (float64, *ExprError) {
	q, err := n.quantity()
	if err != nil {
		return 0, err
	}
	if q.Unit != None && q.Unit != Ratio {
		return 0, Mistake(n.off, "", "%s is %s, must be a plain number without unit", what, quoted(n.text))
	}
	return q.Value, nil
}

func (n *node) quantity() (Quantity, *ExprError) {
	if n.text == "" {
		return Quantity{}, &ExprError{Offset: n.off, Msg: "a number is wanted here", Hint: "only the branches of mix are distributions"}
	}
	q, err := parseQuantity(n.text)
	if err != nil {
		err.Offset += n.off
	}
	return q, err
}

func (b *builder) empirical(n *node) (Dist, *ExprError) {
	scale := 1.0
	if len(n.args) == 0 || !n.args[0].val.isStr || n.args[0].key != "" || n.args[0].weight != nil {
		return Dist{}, Mistake(n.off, b.usage("empirical"), "empirical takes the name of a file")
	}
	file := File{Name: n.args[0].val.str}
	for i := range n.args[1:] {
		a := &n.args[1+i]
		if slices.ContainsFunc(n.args[1:1+i], func(o arg) bool { return o.key == a.key }) && a.key != "" {
			return Dist{}, Mistake(a.off, "", "%s is given twice", a.key)
		}
		var err *ExprError
		switch {
		case a.key == "scale" && a.weight == nil:
			scale, err = b.number(&a.val, "scale")
			if err == nil && !(scale > 0 && scale <= maxValue) {
				err = &ExprError{Offset: a.val.off, Msg: "empirical: scale must be positive"}
			}
		case a.key == "column" && a.weight == nil:
			file.Column, err = a.val.columnName()
		case a.key == "unit" && a.weight == nil:
			file.Unit, err = b.unitName(&a.val)
		default:
			err = &ExprError{Offset: a.off, Msg: "empirical has no such argument", Hint: `write empirical("file.csv", column=latency, unit=ms, scale=2)`}
		}
		if err != nil {
			return Dist{}, err
		}
	}
	off := n.args[0].val.off
	if b.load == nil {
		return Dist{}, &ExprError{Offset: off, Msg: "files cannot be read here"}
	}
	samples, lerr := b.load(file)
	if lerr != nil {
		return Dist{}, Mistake(off, "the file lies in the folder of the scenario or below it, with one number a line, or a column that is named", "cannot read %s: %s", quoted(file.Name), spell.Said(lerr))
	}
	d, err := FromSamples(samples)
	if err != nil {
		return Dist{}, located(err, off)
	}
	d.tab.file = file
	d.a = scale
	return d, nil
}

// columnName reads the name of a column, in quotes or without, or its number.
func (n *node) columnName() (string, *ExprError) {
	if name := n.text + n.str; n.name == "" && name != "" {
		return name, nil
	}
	return "", &ExprError{Offset: n.off, Msg: "column takes the name of a column, or its number", Hint: `write column=latency, column="response time" or column=2`}
}

// unitName reads the name of a unit of the wanted kind.
func (b *builder) unitName(n *node) (string, *ExprError) {
	u := findUnit(n.text)
	switch {
	case u == nil || n.text == "":
		return "", Mistake(n.off, unitHint(n.text), "unknown unit %s", quoted(n.text+n.name+n.str))
	case u.unit != b.want:
		return "", Mistake(n.off, "", "%s is the unit of %s, here %s is wanted", n.text, u.unit.String(), b.want.String())
	}
	return n.text, nil
}

// located adds the position to an error of a constructor.
func located(err error, off int) *ExprError {
	var e *ExprError
	if !errors.As(err, &e) {
		return &ExprError{Offset: off, Msg: err.Error()}
	}
	return &ExprError{Offset: off, Msg: e.Msg, Hint: e.Hint, says: e.says, advice: e.advice}
}

// level reads the keyword of a quantile: p99 is 0.99, p999 is 0.999.
func level(key string) (float64, bool) {
	if len(key) < 3 || len(key) > 20 || key[0] != 'p' || strings.Trim(key[1:], "0123456789") != "" {
		return 0, false
	}
	v, err := strconv.ParseFloat("0."+key[1:], 64)
	return v, err == nil
}
