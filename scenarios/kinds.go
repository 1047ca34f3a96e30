package scenarios

import (
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"asynclab/sim/draw"
	"asynclab/sim/model"

	"github.com/invopop/jsonschema"
)

// text reads a scalar; anything else is a mistake that names what was expected.
func (r *reader) text(n *node, k *kind) (string, bool) {
	if n.shape == scalar && n.text != "" {
		return n.text, true
	}
	found := shapeNames[n.shape]
	if n.shape == scalar {
		found = "an empty text"
	}
	r.at(n, "for example "+k.example, "expected a %s, found %s", k.name, found)
	return "", false
}

// exprMistake reports an error of the expression reader at its place.
func (r *reader) exprMistake(n *node, base int, err error) {
	var e *draw.ExprError
	if errors.As(err, &e) {
		r.within(n, base+e.Offset, e.Hint, "%s", e.Msg)
		return
	}
	r.at(n, "", "%v", err)
}

// quantity reads a number with its unit out of a text that begins at an offset
// of the node.
func (r *reader) quantity(n *node, base int, text string, unit draw.Unit, k *kind) (float64, bool) {
	q, err := draw.ParseQuantity(text)
	if err != nil {
		r.exprMistake(n, base, err)
		return 0, false
	}
	hint := "for example " + k.example
	number := strings.TrimSpace(text)
	switch {
	case q.Unit == draw.None && q.Value == 0: // nothing is nothing in every unit
	case q.Unit != unit && q.Unit == draw.None:
		switch unit {
		case draw.Seconds:
			hint = fmt.Sprintf("write %ss or %sms", number, number)
		case draw.PerSecond:
			hint = fmt.Sprintf("write %s/s", number)
		case draw.Ratio:
			hint = fmt.Sprintf("shares are written as percentages: %s%%", strconv.FormatFloat(q.Value*100, 'g', 6, 64))
		}
		r.within(n, base, hint, "%s has no unit, expected a %s", text, k.name)
		return 0, false
	case q.Unit != unit:
		r.within(n, base, hint, "expected a %s, found %s", k.name, text)
		return 0, false
	case math.IsNaN(q.Value) || math.IsInf(q.Value, 0):
		r.within(n, base, hint, "%s is not a finite number", text)
		return 0, false
	case q.Value < 0:
		r.within(n, base, "", "%s is negative", text)
		return 0, false
	}
	return q.Value, true
}

// duration converts seconds; ok is false after a mistake.
func (r *reader) duration(n *node, base int, text string, k *kind, zero bool) (time.Duration, bool) {
	s, ok := r.quantity(n, base, text, draw.Seconds, k)
	switch {
	case !ok:
		return 0, false
	case s > model.MaxTime.Seconds():
		r.within(n, base, "the longest time is 20 years", "%s is too long", text)
		return 0, false
	case s == 0 && !zero:
		r.within(n, base, "for example "+k.example, "a %s must be longer than nothing", k.name)
		return 0, false
	}
	return time.Duration(math.Round(s * 1e9)), true
}

func pattern(p string) func() *jsonschema.Schema {
	return func() *jsonschema.Schema { return &jsonschema.Schema{Type: "string", Pattern: p} }
}

// quantitySchema is a text with a unit; nothing needs none.
func quantitySchema(p string) func() *jsonschema.Schema {
	return func() *jsonschema.Schema { return anyOf(pattern(p)(), &jsonschema.Schema{Const: 0}) }
}

// pattern for one quantity: a number, then a unit.
const unitPattern = `^[0-9][0-9.eE+_-]*\s*[A-Za-zµμ%/]`

var (
	durationKind = &kind{name: "duration", example: "200ms", schema: durationSchema(),
		doc: "a time with its unit: `1.5s`, `200ms`, `10us`, `5min`, `2h`, `3d`; parts add up: `1h30min`"}
	limitKind = &kind{name: "time limit", example: "2s", words: []string{"none"}, schema: orWords(durationSchema(), "none"),
		doc: "a duration, or `none` for no limit"}
	rateKind = &kind{name: "rate", example: "200/s", schema: quantitySchema(`^[0-9][0-9.eE+_-]*\s*/`),
		doc: "so many per time: `200/s`, `12/min`, `5000/h`"}
	shareKind = &kind{name: "share", example: "0.1%", schema: quantitySchema(`^[0-9][0-9.eE+_-]*\s*%$`),
		doc: "a percentage from `0%` to `100%`; probabilities are shares"}
	bandwidthKind = &kind{name: "bandwidth", example: "10MB/s", schema: quantitySchema(`^[0-9][0-9.eE+_-]*\s*[A-Za-z]+/`),
		doc: "a size per time: `10MB/s`, `1Gbit/s`"}
	timeDistKind = &kind{name: "time distribution", example: "exp(5ms)", schema: distSchema(),
		doc: "a duration, always the same, or a distribution of durations: `5ms`, `exp(5ms)`, `lognormal(10ms, p99=80ms)`"}
	sizeDistKind = &kind{name: "size distribution", example: "2kB", schema: distSchema(),
		doc: "a size with its unit, or a distribution of sizes: `2kB`, `exp(1MB)`"}
	countDistKind = &kind{name: "count distribution", example: "geometric(5)", schema: distSchema(),
		doc: "a number, or a distribution of whole numbers: `5`, `geometric(5)`"}
	boolKind = &kind{name: "yes or no", example: "true", words: []string{"true", "false"},
		schema: func() *jsonschema.Schema { return &jsonschema.Schema{Type: "boolean"} }, doc: "`true` or `false`"}
	textKind = &kind{name: "text", example: "some words", schema: func() *jsonschema.Schema { return &jsonschema.Schema{Type: "string"} },
		doc: "any text; with `|` after the colon it may have several lines"}
	nameKind = &kind{name: "name", example: "order-flow", schema: pattern(namePattern),
		doc: "letters, digits, `_`, and `-` between them; it begins with a letter"}
	targetKind = &kind{name: "target", example: "stock/reserve", schema: pattern(`^[^/\s]+/[^/\s]+$`),
		doc: "where a message goes: a service and its handler (`stock/reserve`), or a broker and its queue or topic (`bus/orders`)"}
	numberKind = &kind{name: "number", example: "0.5", schema: func() *jsonschema.Schema { return &jsonschema.Schema{Type: "number"} },
		doc: "a number without a unit"}
	nodeKind = &kind{name: "node", example: "pay", schema: pattern(namePattern), doc: "the name of a service or a broker"}
)

func durationSchema() func() *jsonschema.Schema { return quantitySchema(unitPattern) }

// distSchema: a schema cannot read expressions; numbers without a unit are the
// commonest slip and are left to the parser's better message.
func distSchema() func() *jsonschema.Schema {
	return func() *jsonschema.Schema {
		return &jsonschema.Schema{AnyOf: []*jsonschema.Schema{{Type: "string"}, {Type: "number", Minimum: "0"}}}
	}
}

// orWords allows words beside what a schema allows.
func orWords(schema func() *jsonschema.Schema, words ...string) func() *jsonschema.Schema {
	return func() *jsonschema.Schema { return anyOf(wordSchema(words), schema()) }
}

func anyOf(all ...*jsonschema.Schema) *jsonschema.Schema { return &jsonschema.Schema{AnyOf: all} }

func wordSchema(words []string) *jsonschema.Schema {
	s := &jsonschema.Schema{}
	for _, w := range words {
		s.Enum = append(s.Enum, w)
	}
	return s
}

// simple makes a value out of a reader of a scalar's text.
func simple[V any](k *kind, read func(r *reader, n *node, text string) (V, bool)) value[V] {
	return value[V]{k, func(r *reader, n *node) (V, bool) {
		text, ok := r.text(n, k)
		if !ok {
			var none V
			return none, false
		}
		return read(r, n, text)
	}}
}

var (
	textValue = simple(textKind, func(_ *reader, _ *node, text string) (string, bool) { return text, true })
	nameValue = simple(nameKind, func(r *reader, n *node, text string) (string, bool) { return text, r.name(n, "") })
	timeValue = simple(durationKind, func(r *reader, n *node, text string) (time.Duration, bool) {
		return r.duration(n, 0, text, durationKind, true)
	})
	// spanValue is a duration that is not zero.
	spanValue = simple(durationKind, func(r *reader, n *node, text string) (time.Duration, bool) {
		return r.duration(n, 0, text, durationKind, false)
	})
	limitValue = simple(limitKind, func(r *reader, n *node, text string) (time.Duration, bool) {
		if text == "none" {
			return model.None, true
		}
		return r.duration(n, 0, text, limitKind, false)
	})
	shareValue = simple(shareKind, func(r *reader, n *node, text string) (float64, bool) {
		v, ok := r.quantity(n, 0, text, draw.Ratio, shareKind)
		if ok && v > 1 {
			r.at(n, "", "%s is more than 100%%", text)
			return 0, false
		}
		return v, ok
	})
	bandwidthValue = simple(bandwidthKind, func(r *reader, n *node, text string) (float64, bool) {
		v, ok := r.quantity(n, 0, text, draw.BytesPerSecond, bandwidthKind)
		if ok && v == 0 {
			r.at(n, "to cut a link write a fault: {at: 0s, cut: …}", "a bandwidth must be greater than zero")
			return 0, false
		}
		return v, ok
	})
	boolValue = simple(boolKind, func(r *reader, n *node, text string) (bool, bool) {
		switch text {
		case "true", "false":
			return text == "true", true
		}
		r.at(n, "", "expected true or false, found %s", text)
		return false, false
	})
	targetValue = simple(targetKind, func(r *reader, n *node, text string) (model.Target, bool) { return r.target(n, text) })
	timeDist    = distValue(timeDistKind, draw.Seconds)
	sizeDist    = distValue(sizeDistKind, draw.Bytes)
	countDist   = distValue(countDistKind, draw.None)
)

func distValue(k *kind, unit draw.Unit) value[draw.Dist] {
	return simple(k, func(r *reader, n *node, text string) (draw.Dist, bool) { return r.dist(n, 0, text, unit) })
}

// dist reads a distribution expression that begins at an offset of the node.
func (r *reader) dist(n *node, base int, text string, unit draw.Unit) (draw.Dist, bool) {
	d, err := r.data.dist(text, unit)
	if err != nil {
		r.exprMistake(n, base, err)
		return draw.Dist{}, false
	}
	return d, true
}

// target splits "service/handler".
func (r *reader) target(n *node, text string) (model.Target, bool) {
	node, entry, ok := strings.Cut(text, "/")
	if !ok || !validName(node) || !validName(entry) {
		r.at(n, "write service/handler, broker/queue or broker/topic, for example stock/reserve", "%q is not a target", text)
		return model.Target{}, false
	}
	return model.Target{Node: node, Entry: entry}, true
}

// countValue is a whole number in a range.
func countValue(lo, hi float64) value[int] {
	k := countKind(lo, hi)
	return simple(k, func(r *reader, n *node, text string) (int, bool) { return r.count(n, text, lo, hi) })
}

func countKind(lo, hi float64) *kind {
	return &kind{name: "count", example: strconv.FormatFloat(max(lo, 1), 'g', -1, 64),
		doc: "a whole number, also written `1e6`", limits: rangeOf(lo, hi),
		schema: func() *jsonschema.Schema {
			return &jsonschema.Schema{Type: "integer", Minimum: number(lo), Maximum: number(hi)}
		}}
}

func (r *reader) count(n *node, text string, lo, hi float64) (int, bool) {
	v, ok := r.quantity(n, 0, text, draw.None, countKind(lo, hi))
	switch {
	case !ok:
		return 0, false
	case v != math.Floor(v):
		r.at(n, "", "expected a whole number, found %s", text)
		return 0, false
	case v < lo || v > hi:
		r.at(n, "", "%s is not between %s and %s", text, plainNumber(lo), plainNumber(hi))
		return 0, false
	}
	return int(v), true
}

func rangeOf(lo, hi float64) string {
	short := func(v float64) string {
		if v < 1e4 && v >= 1e-3 || v == 0 {
			return plainNumber(v)
		}
		s := strconv.FormatFloat(v, 'g', -1, 64)
		return strings.NewReplacer("e+0", "e", "e-0", "e-", "e+", "e").Replace(s)
	}
	return short(lo) + " … " + short(hi)
}

func plainNumber(v float64) string { return strconv.FormatFloat(v, 'f', -1, 64) }

// numberValue is a number in a range that may have a fraction.
func numberValue(lo, hi float64) value[float64] {
	k := *numberKind
	k.limits = rangeOf(lo, hi)
	k.schema = func() *jsonschema.Schema {
		return &jsonschema.Schema{Type: "number", Minimum: number(lo), Maximum: number(hi)}
	}
	return simple(&k, func(r *reader, n *node, text string) (float64, bool) {
		v, ok := r.quantity(n, 0, text, draw.None, numberKind)
		if ok && (v < lo || v > hi) {
			r.at(n, "", "%s is not between %v and %v", text, lo, hi)
			return 0, false
		}
		return v, ok
	})
}

// countOr is a whole number, or a word that stands for one.
func countOr(lo, hi float64, words map[string]int, order ...string) value[int] {
	k := *countKind(lo, hi)
	k.words = order
	k.schema = orWords(k.schema, order...)
	return simple(&k, func(r *reader, n *node, text string) (int, bool) {
		if v, ok := words[text]; ok {
			return v, true
		}
		if text[0] > '9' {
			r.at(n, meant(text, "words", order)+", or a number", "expected a number, found %q", text)
			return 0, false
		}
		return r.count(n, text, lo, hi)
	})
}

// unbounded is a count with no bound as a choice.
func unbounded(lo, hi float64) value[int] {
	return countOr(lo, hi, map[string]int{"unlimited": model.Unlimited}, "unlimited")
}

// choice is one of a few words.
func choice[V any](words []string, values ...V) value[V] {
	k := &kind{name: "word", words: words, example: words[0], schema: func() *jsonschema.Schema { return wordSchema(words) }}
	return simple(k, func(r *reader, n *node, text string) (V, bool) {
		for i, w := range words {
			if w == text {
				return values[i], true
			}
		}
		r.at(n, meant(text, "choices", words), "unknown word %q", text)
		var none V
		return none, false
	})
}

func words(s string) []string { return strings.Fields(s) }

const namePattern = `^[\p{L}][\p{L}\p{Nd}_]*(-[\p{L}\p{Nd}_]+)*$`

// name checks a name given by the author: it becomes part of metric names.
func (r *reader) name(n *node, what string) bool {
	if validName(n.text) {
		return true
	}
	if what = "the name of a " + what; what == "the name of a " {
		what = "a name"
	}
	r.at(n, "a name has letters, digits, _ and - between them, begins with a letter, and has at most 60 characters",
		"%q cannot be %s", n.text, what)
	return false
}

func number(v float64) (n jsonNumber) { return jsonNumber(strconv.FormatFloat(v, 'f', -1, 64)) }
