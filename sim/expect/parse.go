package expect

import (
	"errors"
	"math"
	"slices"
	"strings"
	"time"

	"asynclab/sim/draw"
	"asynclab/sim/metric"
	"asynclab/sim/spell"
)

type comparison uint8

const (
	atLeast comparison = iota
	atMost
	greater
	less
	equal
	notEqual
	within
	between
)

var comparisons = map[string]comparison{">=": atLeast, "<=": atMost, ">": greater, "<": less, "==": equal, "!=": notEqual}

// node is a node of the syntax tree of an expression. op is '#' for a number,
// '$' for a metric, one of + - * / for the operators, '~' for the unary minus,
// and 'm', 'M', 'a' for min, max and abs.
type node struct {
	op    byte
	at    int
	value float64 // of a number
	unit  dim     // of a number
	ref   int     // of a metric: index into refs
	args  []*node
}

// Parse reads an expectation. Its error is an *Error. extra are words that may
// begin names besides those that begin metrics.
func Parse(text string, extra ...string) (*Expectation, error) {
	return parse(text, &parser{kinds: append(extra, kinds...)})
}

// ParseValue reads an expectation without a comparison: the Value of its
// Outcome is the result. A calculation without a metric has a value too.
func ParseValue(text string, extra ...string) (*Expectation, error) {
	return parse(text, &parser{kinds: append(extra, kinds...), value: true})
}

func parse(text string, p *parser) (*Expectation, error) {
	tokens, err := lex(text)
	if err != nil {
		return nil, err
	}
	p.tokens = tokens
	if err := p.line(); err != nil {
		return nil, err
	}
	e := &p.out
	e.text = strings.TrimSpace(text)
	unknown := make([]dim, len(e.refs))
	for i := range unknown {
		unknown[i].any = true
	}
	if err := e.checkDims(unknown); err != nil {
		return nil, err
	}
	return e, nil
}

type parser struct {
	tokens []token
	kinds  []string // the first words of names
	value  bool     // without a comparison
	i      int
	depth  int
	out    Expectation
	line0  *Window // the window at the end of the line
}

func (p *parser) peek() token { return p.tokens[p.i] }

func (p *parser) next() token {
	t := p.tokens[p.i]
	if t.kind != end {
		p.i++
	}
	return t
}

// take consumes the next token if it is this symbol or keyword.
func (p *parser) take(text string) bool {
	if t := p.peek(); t.text == text && (t.kind == symbol || t.kind == word) {
		p.i++
		return true
	}
	return false
}

func (t token) String() string {
	if t.kind == end {
		return "the end of the line"
	}
	return "“" + t.text + "”"
}

func (p *parser) line() *Error {
	e := &p.out
	if first := p.peek(); first.kind == word && p.tokens[1].text == ":" {
		if strings.ContainsAny(first.text, "./>") {
			return mistake(first.at, "write the design's name before the colon, and the metric after it",
				"%q is not the name of a design", first.text)
		}
		e.design = first.text
		p.i = 2
	}
	if p.peek().kind == end {
		return mistake(p.peek().at, "such as load.NAME.completed.ratio >= 99.9%", "an expectation is missing")
	}
	var err *Error
	if e.left, err = p.sum(); err != nil {
		return err
	}
	if p.value {
		e.right = &node{op: '#', unit: dim{any: true}} // "expression >= 0": zero fits every unit
	} else if err := p.comparison(); err != nil {
		return err
	}
	if t := p.peek(); t.kind != end {
		return mistake(t.at, "", "expected the end of the line, found %v", t)
	}
	if len(e.refs) == 0 && !p.value {
		return mistake(e.left.at, "compare a metric; asynclab metrics lists them", "an expectation without a metric says nothing")
	}
	for i := range e.refs {
		if e.refs[i].Window == nil {
			e.refs[i].Window = p.line0
		}
	}
	return nil
}

func (p *parser) comparison() (err *Error) {
	e, t := &p.out, p.next()
	second := func(keyword string, a, b **node) *Error {
		if *a, err = p.sum(); err != nil {
			return err
		}
		if t := p.peek(); !p.take(keyword) {
			return mistake(t.at, "", "expected %q, found %v", keyword, t)
		}
		*b, err = p.sum()
		return err
	}
	switch {
	case t.kind == word && t.text == "within":
		e.cmp = within
		return second("of", &e.extra, &e.right)
	case t.kind == word && t.text == "between":
		e.cmp = between
		return second("and", &e.right, &e.extra)
	}
	cmp, ok := comparisons[t.text]
	if !ok || t.kind != symbol {
		return mistake(t.at, "one of >= <= > < == != within … of, between … and", "expected a comparison, found %v", t)
	}
	e.cmp = cmp
	if e.right, err = p.sum(); err != nil {
		return err
	}
	if t := p.peek(); t.kind == symbol && comparisons[t.text] != 0 || t.text == ">=" {
		return mistake(t.at, "write two expectations, or between … and", "an expectation has one comparison")
	}
	return nil
}

func (p *parser) sum() (*node, *Error) { return p.chain("+-", p.product) }

func (p *parser) product() (*node, *Error) { return p.chain("*/", p.factor) }

// chain reads operands joined by left-associative operators of one precedence.
func (p *parser) chain(ops string, operand func() (*node, *Error)) (*node, *Error) {
	left, err := operand()
	for err == nil {
		t := p.peek()
		if t.kind != symbol || len(t.text) != 1 || !strings.Contains(ops, t.text) {
			return left, nil
		}
		p.i++
		var right *node
		right, err = operand()
		left = &node{op: t.text[0], at: t.at, args: []*node{left, right}}
	}
	return nil, err
}

func (p *parser) factor() (*node, *Error) {
	p.depth++
	defer func() { p.depth-- }()
	t := p.next()
	if p.depth > maxDepth {
		return nil, mistake(t.at, "", "the expression is nested more than %d deep", maxDepth)
	}
	if t.kind == symbol && t.text == "-" {
		arg, err := p.factor()
		return &node{op: '~', at: t.at, args: []*node{arg}}, err
	}
	firstRef := len(p.out.refs)
	n, err := p.primary(t)
	if err != nil {
		return nil, err
	}
	if at := p.peek().at; p.take("in") {
		w, err := p.window()
		if err != nil {
			return nil, err
		}
		if p.peek().kind == end && !p.nested() {
			p.line0 = w
			return n, nil
		}
		if firstRef == len(p.out.refs) {
			return nil, mistake(at, "it belongs after a metric, or at the end of the line", "a number has no window")
		}
		for i := firstRef; i < len(p.out.refs); i++ {
			if p.out.refs[i].Window == nil {
				p.out.refs[i].Window = w
			}
		}
	}
	return n, nil
}

// nested reports whether the window just read cannot be that of the whole line,
// because the comparison follows it.
func (p *parser) nested() bool { return p.out.left == nil && !p.value }

func (p *parser) primary(t token) (*node, *Error) {
	switch {
	case t.kind == number:
		return p.number(t)
	case t.kind == symbol && t.text == "(":
		n, err := p.sum()
		if err == nil {
			err = p.closing(t)
		}
		return n, err
	case t.kind == word && p.peek().text == "(":
		return p.function(t)
	case t.kind == word && strings.Contains(t.text, "."):
		return p.metric(t)
	case t.kind == word:
		return nil, mistake(t.at, "a metric has dots, such as load.NAME.offered; asynclab metrics lists them", "%q is not a metric", t.text)
	}
	return nil, mistake(t.at, "", "expected a metric or a number, found %v", t)
}

func (p *parser) closing(open token) *Error {
	if t := p.peek(); !p.take(")") {
		return mistake(t.at, "", "the parenthesis opened before is not closed, found %v", t)
	}
	return nil
}

func (p *parser) number(t token) (*node, *Error) {
	q, err := draw.ParseQuantity(t.text)
	if err != nil {
		bad := mistake(t.at, "", "%s", err.Error())
		var ee *draw.ExprError
		if errors.As(err, &ee) {
			bad.Msg, bad.Hint, bad.says, bad.advice = ee.Msg, ee.Hint, ee.Says(), ee.Advice()
		}
		return nil, bad
	}
	if math.IsNaN(q.Value) || math.IsInf(q.Value, 0) {
		return nil, mistake(t.at, "", "%q is not a finite number", t.text)
	}
	n := &node{op: '#', at: t.at, value: q.Value, unit: dimOf(q.Unit)}
	n.unit.any = q.Value == 0 && q.Unit == draw.None
	return n, nil
}

func (p *parser) metric(t token) (*node, *Error) {
	ref := Ref{Design: p.out.design, Metric: t.text, Offset: t.at}
	if first, rest, _ := strings.Cut(t.text, "."); !slices.Contains(p.kinds, first) || designBroker(t.text) {
		kind, _, _ := strings.Cut(rest, ".")
		if !slices.Contains(p.kinds, kind) {
			return nil, mistake(t.at, spell.Textf("a metric begins with %s, with the name of a design before it or not", strings.Join(kinds, ", ")),
				"%q is not a metric", t.text)
		}
		ref.Design, ref.Metric = first, rest
	}
	if !strings.Contains(ref.Metric, ".") {
		return nil, mistake(t.at, "asynclab metrics lists them", "%q is not a metric", t.text)
	}
	p.out.refs = append(p.out.refs, ref)
	return &node{op: '$', at: t.at, ref: len(p.out.refs) - 1}, nil
}

// designBroker reports whether a name begins with a design that is called broker, as
// many are: broker.load.shoppers.offered, broker.run.cost. A broker called run can be
// named with its design before it only.
func designBroker(name string) bool {
	if !strings.HasPrefix(name, metric.Broker.Name+".") {
		return false
	}
	ref, ok := metric.Core.Parse(name)
	return !ok || ref.Element == metric.Run.Name
}

var functions = map[string]byte{"min": 'm', "max": 'M', "abs": 'a'}

func (p *parser) function(t token) (*node, *Error) {
	op, ok := functions[t.text]
	if !ok {
		return nil, mistake(t.at, "there are min, max and abs", "unknown function %q", t.text)
	}
	open := p.next()
	n := &node{op: op, at: t.at}
	for {
		arg, err := p.sum()
		if err != nil {
			return nil, err
		}
		n.args = append(n.args, arg)
		if !p.take(",") {
			break
		}
	}
	if op == 'a' && len(n.args) != 1 {
		return nil, mistake(t.at, "", "abs takes one value, not %d", len(n.args))
	}
	return n, p.closing(open)
}

// window reads FROM..TO, after "in".
func (p *parser) window() (*Window, *Error) {
	from, err := p.time()
	if err != nil {
		return nil, err
	}
	if t := p.peek(); !p.take("..") {
		return nil, mistake(t.at, "a window is written in 2m..3m", "expected .. in the window, found %v", t)
	}
	at := p.peek().at
	to, err := p.time()
	if err != nil {
		return nil, err
	}
	if from >= to {
		return nil, mistake(at, "", "the window ends at %v, not after its beginning at %v", to, from)
	}
	return &Window{from, to}, nil
}

const maxTime = 20 * 365 * 24 * time.Hour

func (p *parser) time() (time.Duration, *Error) {
	t := p.next()
	if t.kind != number {
		return 0, mistake(t.at, "a window is written in 2m..3m", "expected a time, found %v", t)
	}
	n, err := p.number(t)
	if err != nil {
		return 0, err
	}
	if !n.unit.any && n.unit != dimOf(draw.Seconds) {
		return 0, mistake(t.at, "such as 90s or 2m", "a window is in simulated time, and %q is not a time", t.text)
	}
	if n.value > maxTime.Seconds() {
		return 0, mistake(t.at, "", "%q is longer than any run", t.text)
	}
	return time.Duration(math.Round(n.value * 1e9)), nil
}
