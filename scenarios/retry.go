package scenarios

import (
	"strings"
	"time"

	"asynclab/sim/draw"
	"asynclab/sim/model"

	"github.com/invopop/jsonschema"
)

// wait is a back-off: the part of a retry policy that says how long.
type wait struct {
	backoff model.Backoff
	base    draw.Dist
	factor  float64
	cap     time.Duration
}

func (w wait) into(p *model.Retry) {
	p.Backoff, p.Base, p.Factor, p.Cap = w.backoff, w.base, w.factor, w.cap
}

var backoffKind = &kind{name: "back-off", example: "exponential(100ms, max=10s)",
	doc: "how long to wait before the k-th retry: a duration or a distribution such as `1s` or `exp(2s)`, the same each time; " +
		"`linear(100ms)` k times as long; `exponential(100ms, factor=2)` times the factor (2 if not given) with each retry; " +
		"`decorrelated(100ms)` between the base and three times the wait before, at random; each may have `max=10s`",
	schema: func() *jsonschema.Schema { return &jsonschema.Schema{Type: "string"} }}

var backoffValue = simple(backoffKind, func(r *reader, n *node, text string) (wait, bool) { return r.backoff(n, text) })

func (r *reader) backoff(n *node, text string) (w wait, ok bool) {
	name, _, _ := strings.Cut(text, "(")
	s := signature{plain: 1, keys: []string{"max"}}
	switch strings.TrimSpace(name) {
	case "linear":
		w.backoff, s.usage = model.BackoffLinear, "linear(100ms, max=10s)"
	case "exponential":
		w.backoff, s.usage = model.BackoffExponential, "exponential(100ms, factor=2, max=10s)"
		s.keys = []string{"factor", "max"}
	case "decorrelated":
		w.backoff, s.usage = model.BackoffDecorrelated, "decorrelated(100ms, max=10s)"
	default:
		w.base, ok = r.dist(n, 0, text, draw.Seconds)
		return w, ok
	}
	c, wrong, ok := parseCall(text)
	if !ok {
		r.within(n, max(wrong, 0), "write "+s.usage, "%q is not a back-off", text)
		return w, false
	}
	plain, named, ok := r.arguments(n, 0, c, s)
	if !ok {
		return w, false
	}
	w.base, ok = r.dist(n, plain[0].offset, plain[0].text, draw.Seconds)
	if a, given := named["max"]; given {
		var fine bool
		w.cap, fine = r.duration(n, a.offset, a.text, durationKind, false)
		ok = ok && fine
	}
	if a, given := named["factor"]; given {
		f, fine := r.quantity(n, a.offset, a.text, draw.None, numberKind)
		if fine && (f < 1 || f > 1000) {
			r.within(n, a.offset, "2 doubles the wait", "factor is %s, must be between 1 and 1000", a.text)
			fine = false
		}
		w.factor, ok = f, ok && fine
	}
	return w, ok
}

var jitterValue = choice(words("none full equal"), model.NoJitter, model.FullJitter, model.EqualJitter)

func causesValue() value[model.CauseSet] {
	var names []string
	for _, c := range model.Causes() {
		names = append(names, c.String())
	}
	k := &kind{name: "list of causes", example: "[timeout, error]", words: names,
		schema: func() *jsonschema.Schema {
			return &jsonschema.Schema{Type: "array", Items: wordSchema(names)}
		}}
	return value[model.CauseSet]{k, func(r *reader, n *node) (set model.CauseSet, ok bool) {
		if n.shape != list || len(n.items) == 0 {
			r.at(n, "for example [timeout, error]", "expected a list of causes, found %s", shapeNames[n.shape])
			return 0, false
		}
		ok = true
		for _, item := range n.items {
			c, err := model.ParseCause(item.text)
			if item.shape != scalar || err != nil {
				r.at(item, meant(item.text, "causes", names), "unknown cause of failure %q", item.text)
				ok = false
				continue
			}
			set = set.With(c)
		}
		return set, ok
	}}
}

var retryObject = newObject("retry", "what is done when an attempt fails",
	one("attempts", unbounded(1, 1e6), required, "attempts in all, the first included; or `unlimited`", func(p *model.Retry) *int { return &p.Attempts }),
	with("backoff", backoffValue, "no wait", "how long to wait before a retry", func(p *model.Retry, w wait) { w.into(p) }),
	one("jitter", jitterValue, "none", "spreads a wait w at random: `full` over 0 to w, `equal` over w/2 to w", func(p *model.Retry) *model.Jitter { return &p.Jitter }),
	one("on", causesValue(), "[timeout, rejected, refused, error, lost]", "which failures are tried again", func(p *model.Retry) *model.CauseSet { return &p.On }),
).overridable()

var retryValue = retryObject.asValue(nil)

// redelivery: the wait before a returned message is delivered again.
var redeliveryObject = newObject("redelivery delay", "the wait before a returned message is delivered again",
	with("backoff", backoffValue, required, "how long; k counts the deliveries before", func(p *model.Retry, w wait) { w.into(p) }),
	one("jitter", jitterValue, "none", "spreads the wait, as in a retry", func(p *model.Retry) *model.Jitter { return &p.Jitter }),
).overridable()

var redeliveryKind = &kind{name: "redelivery delay", example: "1s", object: redeliveryObject.info,
	doc:    "a back-off, or a mapping with a back-off and a jitter",
	schema: func() *jsonschema.Schema { return anyOf(backoffKind.schema(), ref(redeliveryObject.info)) }}

var redeliveryValue = value[model.Retry]{redeliveryKind, func(r *reader, n *node) (p model.Retry, ok bool) {
	if n.shape == mapping {
		ok = redeliveryObject.read(r, n, &p)
		return p, ok
	}
	w, ok := backoffValue.read(r, n)
	w.into(&p)
	return p, ok
}}
