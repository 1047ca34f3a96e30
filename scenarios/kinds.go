package scenarios

import (
	"errors"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"asynclab/scenarios/yamltree"
	"asynclab/sim/design"
	"asynclab/sim/draw"
	"asynclab/sim/spec"
	"asynclab/sim/spell"

	"github.com/invopop/jsonschema"
)

// text reads a scalar; any other node is a mistake, with a message that names k.
func (r *reader) text(n *yamltree.Node, k *kind) (string, bool) {
	if n.Shape == yamltree.Scalar && n.Text != "" {
		return n.Text, true
	}
	found := n.Shape.Noun()
	if n.Shape == yamltree.Scalar {
		found = "an empty text"
	}
	r.at(n, spell.Textf("for example %s", k.example), "expected a %s, found %s", spell.Noun(k.name), found)
	return "", false
}

// exprMistake reports an error of the expression parser at its position. base is the
// offset of the expression in the node, and example what could stand there.
func (r *reader) exprMistake(n *yamltree.Node, base int, err error, example string) {
	hint := spell.Textf("for example %s", example)
	var e *draw.ExprError
	if !errors.As(err, &e) {
		r.at(n, hint, "%v", err)
		return
	}
	if e.Hint != "" {
		hint = e.Advice()
	}
	r.within(n, base+e.Offset, hint, "%s", e.Says())
}

// quantity reads a number with its unit. base is the offset of the text in the node.
func (r *reader) quantity(n *yamltree.Node, base int, text string, unit draw.Unit, k *kind) (float64, bool) {
	q, err := draw.ParseQuantity(text)
	if err != nil {
		r.exprMistake(n, base, err, k.example)
		return 0, false
	}
	hint := spell.Textf("for example %s", k.example)
	number := strings.TrimSpace(text)
	switch {
	case q.Unit == draw.None && q.Value == 0: // zero needs no unit
	case q.Unit != unit && q.Unit == draw.None:
		switch unit {
		case draw.Seconds:
			hint = spell.Textf("write %ss or %sms", number, number)
		case draw.PerSecond:
			hint = spell.Textf("write %s/s", number)
		case draw.Ratio:
			hint = spell.Textf("shares are written as percentages: %s%%", strconv.FormatFloat(q.Value*100, 'g', 6, 64))
		}
		r.within(n, base, hint, "%s has no unit, expected a %s", text, spell.Noun(k.name))
		return 0, false
	case q.Unit != unit:
		r.within(n, base, hint, "expected a %s, found %s", spell.Noun(k.name), text)
		return 0, false
	case math.IsNaN(q.Value) || math.IsInf(q.Value, 0):
		r.within(n, base, hint, "%s is not a finite number", text)
		return 0, false
	case q.Value < 0 && !k.below:
		r.within(n, base, "values start at 0", "%s is negative", text)
		return 0, false
	}
	return q.Value, true
}

// duration reads a time and rounds it to nanoseconds. zero allows 0; ok is false
// after a mistake.
func (r *reader) duration(n *yamltree.Node, base int, text string, k *kind, zero bool) (time.Duration, bool) {
	s, ok := r.quantity(n, base, text, draw.Seconds, k)
	switch {
	case !ok:
		return 0, false
	case s > design.MaxTime.Seconds():
		r.within(n, base, "the longest time is 20 years", "%s is too long", text)
		return 0, false
	case s == 0 && !zero:
		r.within(n, base, spell.Textf("for example %s", k.example), "a %s must be longer than nothing", spell.Noun(k.name))
		return 0, false
	}
	return time.Duration(math.Round(s * 1e9)), true
}

func pattern(p string) func() *jsonschema.Schema {
	return func() *jsonschema.Schema { return &jsonschema.Schema{Type: "string", Pattern: p} }
}

// titled is the pattern of a name of something in the file: what the title says.
func titled(title, p string) func() *jsonschema.Schema {
	return func() *jsonschema.Schema { return &jsonschema.Schema{Type: "string", Title: title, Pattern: p} }
}

// quantitySchema is a text with a unit, or 0 without one.
func quantitySchema(p string) func() *jsonschema.Schema {
	return func() *jsonschema.Schema { return anyOf(pattern(p)(), &jsonschema.Schema{Const: 0}) }
}

// unitPattern matches one quantity: a number, then a unit.
const unitPattern = `^[0-9][0-9.eE+_-]*\s*[A-Za-zµμ%/]`

var (
	durationKind = &kind{name: "duration", example: "200ms", schema: durationSchema(),
		doc: "a time with its unit: `1.5s`, `200ms`, `10us`, `5min`, `2h`, `3d`; parts add up: `1h30min`"}
	limitKind = &kind{name: "time limit", example: "2s", schema: durationSchema(),
		doc: "a duration, or `none` for no limit"}
	rateKind = &kind{name: "rate", example: "200/s", schema: quantitySchema(`^[0-9][0-9.eE+_-]*\s*/`),
		doc: "so many per time: `200/s`, `12/min`, `5000/h`"}
	shareKind = &kind{name: "share", example: "0.1%", schema: quantitySchema(`^[0-9][0-9.eE+_-]*\s*%$`),
		doc: "a percentage from `0%` to `100%`; probabilities are shares"}
	bandwidthKind = &kind{name: "bandwidth", example: "10MB/s", schema: quantitySchema(`^[0-9][0-9.eE+_-]*\s*[A-Za-z]+/`),
		doc: "a size per time: `10MB/s`, `1Gbit/s`"}
	sizeKind     = &kind{name: "size", example: "1GB", schema: quantitySchema(`^[0-9][0-9.eE+_-]*\s*[A-Za-z]+$`), doc: "a size with its unit: `200B`, `2kB`, `1GB`"}
	timeDistKind = &kind{name: "time distribution", example: "exp(5ms)", schema: distSchema(),
		doc: "a duration, always the same, or a distribution of durations: `5ms`, `exp(5ms)`, `lognormal(10ms, p99=80ms)`"}
	sizeDistKind = &kind{name: "size distribution", example: "2kB", schema: distSchema(),
		doc: "a size with its unit, or a distribution of sizes: `2kB`, `exp(1MB)`"}
	countDistKind = &kind{name: "count distribution", example: "geometric(5)", schema: distSchema(),
		doc: "a number, or a distribution of whole numbers: `5`, `geometric(5)`"}
	boolKind = &kind{name: "yes or no", example: "true",
		schema: func() *jsonschema.Schema { return &jsonschema.Schema{Type: "boolean"} }, doc: "`true` or `false`"}
	textKind = &kind{name: "text", example: "some words", schema: func() *jsonschema.Schema { return &jsonschema.Schema{Type: "string"} },
		doc: "any text; with `|` after the colon it may have several lines"}
	nameKind = &kind{name: "name", example: "order-flow", schema: pattern(namePatternSchema),
		doc: "letters, digits, `_`, and `-` between them; it begins with a letter"}
	targetKind = &kind{name: "target", example: "stock/reserve", schema: titled("target", `^[^/\s]+/[^/\s]+$`),
		doc: "where a message goes: a service and its handler (`stock/reserve`), or a broker and its queue or topic (`bus/orders`)"}
	countKind = &kind{name: "count", doc: "a whole number, also written `1e6`",
		schema: func() *jsonschema.Schema { return &jsonschema.Schema{Type: "integer"} }}
	numberKind = &kind{name: "number", example: "0.5", schema: func() *jsonschema.Schema { return &jsonschema.Schema{Type: "number"} },
		doc: "a number without a unit"}
	nodeKind = &kind{name: "node", example: "pay", schema: titled("node", namePatternSchema), doc: "the name of a service or a broker"}
)

func durationSchema() func() *jsonschema.Schema { return quantitySchema(unitPattern) }

// distSchema is any text or number: a schema cannot check expressions, and for a
// number without a unit, a common mistake, the parser has the better message.
func distSchema() func() *jsonschema.Schema {
	return func() *jsonschema.Schema {
		return &jsonschema.Schema{AnyOf: []*jsonschema.Schema{{Type: "string"}, {Type: "number", Minimum: "0"}}}
	}
}

func anyOf(all ...*jsonschema.Schema) *jsonschema.Schema { return &jsonschema.Schema{AnyOf: all} }

func wordSchema(words []string) *jsonschema.Schema {
	s := &jsonschema.Schema{}
	for _, w := range words {
		s.Enum = append(s.Enum, w)
	}
	return s
}

// plainKinds maps kinds of fields to the kinds of their values.
var plainKinds = map[spec.Kind]*kind{
	spec.Number: numberKind, spec.Count: countKind, spec.Share: shareKind, spec.Rate: rateKind, spec.Bandwidth: bandwidthKind, spec.Size: sizeKind,
	spec.Duration: durationKind, spec.TimeDist: timeDistKind, spec.SizeDist: sizeDistKind, spec.CountDist: countDistKind,
	spec.YesNo: boolKind, spec.Text: textKind, spec.Name: nameKind, spec.Target: targetKind,
}

// kindOf is the kind of the values of a field.
func (l *language) kindOf(f *spec.Field) *kind {
	switch {
	case f.Form != "":
		return l.forms[f.Form].kind(l, f)
	case f.Kind == spec.Part:
		return l.partKind(f)
	case f.Kind == spec.Word:
		return &kind{name: "word", words: f.Words, example: f.Words[0], schema: func() *jsonschema.Schema { return wordSchema(f.Words) }}
	}
	k := *plainKinds[f.Kind]
	if f.Kind == spec.Duration && f.None {
		k = *limitKind
	}
	switch f.Kind {
	case spec.Count:
		if k.example = plainNumber(max(f.Min, 1)); f.Default.Value > 0 && !math.IsInf(f.Default.Value, 1) {
			k.example = plainNumber(f.Default.Value)
		}
		fallthrough
	case spec.Number:
		k.limits, k.below = func() string { return rangeOf(f.Min, f.Max) }, f.Min < 0
		typ := k.schema().Type
		k.schema = func() *jsonschema.Schema {
			return &jsonschema.Schema{Type: typ, Minimum: number(f.Min), Maximum: number(f.Max)}
		}
	}
	if f.By != nil && !f.Kind.Dist() {
		plain := k.schema
		k.schema = func() *jsonschema.Schema {
			return anyOf(plain(), pattern(namePatternSchema)(), pattern(productPattern)())
		}
	}
	if k.words = slices.Concat(k.words, wordsOf(f)); f.Kind.Numeric() && len(k.words) > 0 {
		plain := k.schema
		k.schema = func() *jsonschema.Schema { return anyOf(wordSchema(k.words), plain()) }
	}
	return &k
}

// productPattern is that of a value times an attribute, "-1 * amount".
const productPattern = `^[^*]+\*[^*]+$`

// wordsOf returns the words that a field allows instead of a number.
func wordsOf(f *spec.Field) []string {
	words := f.Bounds()
	for _, w := range []string{f.AutoWord, f.ZeroWord} {
		if w != "" {
			words = append(words, w)
		}
	}
	return words
}

// partKind is the kind of a mapping with the fields of another table. If that table
// allows it, the value of its first field may replace the mapping.
func (l *language) partKind(f *spec.Field) *kind {
	o := l.object(f.Inner)
	if !o.Short {
		return &kind{name: o.Name, object: o, example: o.example(), schema: func() *jsonschema.Schema { return ref(o) }}
	}
	first := o.entries[0].kind
	return &kind{name: o.Name, object: o, example: first.example, words: first.words,
		doc:    first.name + " alone, which is its `" + o.entries[0].Key + "`; or a mapping",
		schema: func() *jsonschema.Schema { return anyOf(first.schema(), ref(o)) }}
}

// example is a mapping with what it must have, or with its first value.
func (o *object) example() string {
	for i := range o.entries {
		e := &o.entries[i]
		if e.kind != nil && e.kind.object == nil && e.kind.example != "" && (e.Default.Required || i == 0) {
			return "{" + e.Key + ": " + e.kind.example + "}"
		}
	}
	return "{…}"
}

// scalar reads the text of a value that is no mapping or list.
func (r *reader) scalar(e *entry, n *yamltree.Node, base int, text string, owner any) bool {
	switch e.Kind {
	case spec.YesNo:
		yes := slices.Index([]string{"false", "true"}, text)
		if yes < 0 {
			r.at(n, "", "expected true or false, found %s", text)
			return false
		}
		e.Choose(owner, yes)
	case spec.Word:
		i := slices.Index(e.Words, text)
		if i < 0 {
			r.unknown(n, text, "choices", e.Words, "unknown word %q", text)
			return false
		}
		e.Choose(owner, i)
	case spec.Text:
		*e.At(owner).(*string) = text
	case spec.Name:
		if !r.name(n, "") {
			return false
		}
		*e.At(owner).(*string) = text
	case spec.Target:
		t, ok := r.target(n, text)
		*e.At(owner).(*design.Target) = t
		return ok
	default:
		value, name := r.by(e, text)
		if e.By != nil {
			*e.By(owner).(*string) = name
		}
		if value == "" && name != "" {
			e.Store(owner, e.one())
			return true
		}
		v, ok := r.number(e, n, base+strings.Index(text, value), value)
		if ok {
			e.Store(owner, v)
		}
		return ok
	}
	return true
}

// number reads a number, or a word that stands for one, and checks its range.
func (r *reader) number(e *entry, n *yamltree.Node, base int, text string) (v spec.Value, ok bool) {
	words := wordsOf(e.Field)
	switch {
	case slices.Contains(e.Bounds(), text):
		v, _ = e.FromNumber(math.Inf(1))
		return v, true
	case slices.Contains(words, text):
		return spec.Value{}, true // these words mean 0 or the default: both are the zero value
	case e.Kind.Dist():
		v.Dist, ok = r.dist(n, base, text, e.Kind.Unit())
		return v, ok
	case e.Kind == spec.Duration:
		v.Dur, ok = r.duration(n, base, text, e.kind, !e.NotZero)
		return v, ok
	case e.Kind == spec.Count && len(words) > 0 && text[0] > '9':
		r.unknown(n, text, "choices", slices.Concat(words, []string{"a number"}), "expected a number, found %q", text)
		return v, false
	}
	v.Num, ok = r.quantity(n, base, text, e.Kind.Unit(), e.kind)
	switch {
	case !ok:
	case e.Kind == spec.Count && v.Num != math.Floor(v.Num):
		r.at(n, spell.Textf("for example %s", strconv.Itoa(int(max(1, min(v.Num, 1e6))))), "expected a whole number, found %s", text)
		ok = false
	case e.Kind == spec.Bandwidth && v.Num == 0:
		r.at(n, "to cut a link write a fault: {at: 0s, cut: …}", "a bandwidth must be greater than zero")
		ok = false
	case e.Kind == spec.Share && v.Num > 1:
		r.within(n, base, "write at most 100%", "%s is more than 100%%", text)
		ok = false
	case e.Kind == spec.Rate && v.Num > e.Max:
		r.within(n, base, spell.Textf("the highest rate is %s/s", rangeEnd(e.Max)), "%s is too high", text)
		ok = false
	case v.Num < e.Min || v.Num > e.Max:
		end := e.rangeEnd
		hint := spell.Textf("at most %s", end(e.Max))
		if v.Num < e.Min {
			hint = spell.Textf("at least %s", end(e.Min))
		}
		if says, _ := e.Says(); says != "" {
			hint = spell.Textf("%s, or leave it out: %s", hint, strings.ReplaceAll(says, "`", ""))
		}
		r.within(n, base, hint, "%s is not between %s and %s", text, end(e.Min), end(e.Max))
		ok = false
	}
	return v, ok
}

// dist reads a distribution. base is the offset of the expression in the node.
func (r *reader) dist(n *yamltree.Node, base int, text string, unit draw.Unit) (draw.Dist, bool) {
	d, err := r.data.dist(text, unit)
	if at := strings.Index(text, " + "); err != nil && at > 0 {
		r.within(n, base+at+1, "what is added is a step of its own: work: 10ms, work: 0.2ms * rows", "a value is one distribution, or one times an attribute")
		return draw.Dist{}, false
	}
	if err != nil {
		example := countDistKind.example
		switch unit {
		case draw.Seconds:
			example = timeDistKind.example
		case draw.Bytes:
			example = sizeDistKind.example
		}
		r.exprMistake(n, base, err, example)
		return draw.Dist{}, false
	}
	return d, true
}

// target splits "service/handler".
func (r *reader) target(n *yamltree.Node, text string) (design.Target, bool) {
	node, entry, ok := strings.Cut(text, "/")
	if !ok || !validName(node) || !validName(entry) {
		r.at(n, "write service/handler, broker/queue or broker/topic, for example stock/reserve", "%q is not a target", text)
		return design.Target{}, false
	}
	return design.Target{Node: node, Entry: entry}, true
}

// rangeOf formats the range of a number, in the shortest form.
func rangeOf(lo, hi float64) string { return rangeEnd(lo) + " … " + rangeEnd(hi) }

// rangeEnd formats an end of the range of a field, as its values are written.
func (e *entry) rangeEnd(x float64) string {
	switch e.Kind {
	case spec.Count:
		return plainNumber(x)
	case spec.Share:
		return draw.FormatQuantity(x, draw.Ratio)
	}
	return rangeEnd(x)
}

func rangeEnd(v float64) string {
	if v < 1e4 && v >= 1e-3 || v == 0 {
		return plainNumber(v)
	}
	s := strconv.FormatFloat(v, 'g', -1, 64)
	return strings.NewReplacer("e+0", "e", "e-0", "e-", "e+", "e").Replace(s)
}

func plainNumber(v float64) string {
	if n := int(v); v == float64(n) && v < 1<<53 { // most are, and those are quicker
		return strconv.Itoa(n)
	}
	return strconv.FormatFloat(v, 'f', -1, 64)
}

// namePatternSchema is validName without Unicode classes, which not every schema
// validator supports: every character outside of ASCII, except blanks, counts as a
// letter.
const namePatternSchema = "^" + nameSchema + "$"

const nameSchema = "[^\\s!-@\\[-`{-~]" + namePartSchema + "*(-" + namePartSchema + "+)*"

// wordPatternSchema is validWord.
const wordPatternSchema = "^" + nameSchema + "(\\." + nameSchema + ")*$"

const namePartSchema = "[^\\s!-/:-@\\[-^`{-~]"

// name checks a name: it becomes part of metric names. what is the kind of the named
// element, for the message.
func (r *reader) name(n *yamltree.Node, what string) bool {
	if validName(n.Text) {
		return true
	}
	if what = "the name of a " + what; what == "the name of a " {
		what = "a name"
	}
	r.at(n, "a name has letters, digits, _ and - between them, begins with a letter, and has at most 60 characters",
		"%q cannot be %s", n.Text, what)
	return false
}

func number(v float64) (n jsonNumber) { return jsonNumber(strconv.FormatFloat(v, 'f', -1, 64)) }
