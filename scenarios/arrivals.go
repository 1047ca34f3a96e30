package scenarios

import (
	"strings"
	"time"

	"asynclab/scenarios/yamltree"
	"asynclab/sim/design"
	"asynclab/sim/draw"
	"asynclab/sim/spec"
	"asynclab/sim/spell"

	"github.com/invopop/jsonschema"
)

// arrivalsForm is an arrival process: one expression, or a mapping if it has
// options (a rate profile, a batch size).
var arrivalsForm = form{
	func(l *language, f *spec.Field) *kind {
		o := l.object(f.Inner)
		return &kind{
			name:    "arrivals",
			example: "poisson(200/s)",
			doc: "how operations come: `poisson(200/s)` independently of each other, `constant(10/s)` evenly, " +
				"`every(erlang(2, 1.25s))` with independent intervals of a distribution, `trace(\"arrivals.csv\")` at the times of a [data file](#data-files); " +
				"instead of a rate, `poisson` and `constant` take a rate over time: `poisson(ramp(from=10/s, to=200/s, over=5min))`, " +
				"`poisson(bursts(base=50/s, peak=300/s, for=10s, every=60s, at=30s))`; or a mapping",
			object: o,
			schema: func() *jsonschema.Schema {
				return anyOf(&jsonschema.Schema{Type: "string", Pattern: `^\s*(poisson|constant|every|trace)\s*\(.*\)\s*$`}, ref(o))
			},
		}
	},
	func(r *reader, n *yamltree.Node, e *entry, owner any) bool {
		a := e.At(owner).(*design.Arrivals)
		if n.Shape == yamltree.Mapping {
			return r.arrivalsMapping(n, r.lang.object(e.Inner), a)
		}
		text, ok := r.text(n, e.kind)
		if ok {
			*a, ok = r.arrivalsExpr(n, text)
		}
		return ok
	},
}

const arrivalsUsage = "write poisson(200/s), constant(10/s), every(exp(5s)) or trace(\"arrivals.csv\")"

func (r *reader) arrivalsExpr(n *yamltree.Node, text string) (a design.Arrivals, ok bool) {
	c, wrong, ok := parseCall(text)
	if q, err := draw.ParseQuantity(text); !ok && err == nil && q.Unit == draw.PerSecond {
		r.within(n, 0, spell.Textf("write poisson(%s), at random moments, or constant(%s), at equal distances", text, text), "how do they come, %s?", text)
		return a, false
	}
	if !ok {
		r.within(n, max(wrong, 0), arrivalsUsage, "%q is not an arrival process", text)
		return a, false
	}
	usage := map[string]string{"poisson": "poisson(200/s)", "constant": "constant(10/s)", "every": "every(exp(5s))", "trace": `trace("arrivals.csv")`}
	known := []string{"poisson", "constant", "every", "trace"}
	if usage[c.name] == "" {
		if c.name == "bursts" || c.name == "ramp" {
			r.at(n, spell.Textf("write poisson(%s)", text), "unknown arrival process %q", c.name)
		} else {
			r.unknown(n, c.name, "arrival processes", known, "unknown arrival process %q", c.name)
		}
		return a, false
	}
	if c.name == "trace" {
		a.Kind = design.Trace
		a.Times, ok = r.trace(n, c)
		return a, ok
	}
	plain, _, ok := r.arguments(n, 0, c, signature{usage: usage[c.name], plain: 1})
	if !ok {
		return a, false
	}
	switch arg := plain[0]; c.name {
	case "poisson":
		a.Kind = design.Poisson
		ok = r.rates(n, arg.offset, arg.text, &a)
	case "constant":
		a.Kind = design.Regular
		ok = r.rates(n, arg.offset, arg.text, &a)
	case "every":
		a.Kind = design.Renewal
		a.Interval, ok = r.dist(n, arg.offset, arg.text, draw.Seconds)
	}
	return a, ok
}

// rates reads a rate, or a rate over time, for a Poisson or a regular process.
func (r *reader) rates(n *yamltree.Node, base int, text string, a *design.Arrivals) bool {
	c, wrong, ok := parseCall(text)
	switch {
	case !ok && wrong < 0:
		a.Rate, ok = r.rate(n, base, text)
		return ok
	case !ok:
		r.within(n, base+wrong, "write a rate such as 200/s, ramp(…) or bursts(…)", "%q is not a rate", text)
	case c.name == "ramp":
		return r.ramp(n, base, c, a)
	case c.name == "bursts":
		return r.bursts(n, base, c, a)
	default:
		r.unknown(r.Position(n, base), c.name, "rates over time", []string{"ramp", "bursts"}, "unknown rate over time %q", c.name)
	}
	return false
}

func (r *reader) rate(n *yamltree.Node, base int, text string) (float64, bool) {
	v, ok := r.quantity(n, base, text, draw.PerSecond, rateKind)
	if ok && v > design.MaxRate {
		r.within(n, base, "the highest rate is 1e9/s", "%s is too high", text)
		return 0, false
	}
	return v, ok
}

func (r *reader) ramp(n *yamltree.Node, base int, c call, a *design.Arrivals) bool {
	keys := []string{"from", "to", "over"}
	_, args, ok := r.arguments(n, base, c, signature{usage: "ramp(from=10/s, to=200/s, over=5min)", keys: keys, needs: keys})
	if !ok {
		return false
	}
	from, ok1 := r.rate(n, base+args["from"].offset, args["from"].text)
	to, ok2 := r.rate(n, base+args["to"].offset, args["to"].text)
	over, ok3 := r.duration(n, base+args["over"].offset, args["over"].text, durationKind, false)
	a.Profile = []design.Segment{{For: over, From: from, To: to}}
	return ok1 && ok2 && ok3
}

// bursts reads a periodic rate: base until at, the peak for the time for, base
// for the rest of the period.
func (r *reader) bursts(n *yamltree.Node, base int, c call, a *design.Arrivals) bool {
	_, args, ok := r.arguments(n, base, c, signature{usage: "bursts(base=50/s, peak=300/s, for=10s, every=60s, at=30s)",
		keys: []string{"base", "peak", "for", "every", "at"}, needs: []string{"base", "peak", "for", "every"}})
	if !ok {
		return false
	}
	low, ok1 := r.rate(n, base+args["base"].offset, args["base"].text)
	high, ok2 := r.rate(n, base+args["peak"].offset, args["peak"].text)
	long, ok3 := r.duration(n, base+args["for"].offset, args["for"].text, durationKind, false)
	every, ok4 := r.duration(n, base+args["every"].offset, args["every"].text, durationKind, false)
	var at time.Duration
	ok5 := true
	if arg, given := args["at"]; given {
		at, ok5 = r.duration(n, base+arg.offset, arg.text, durationKind, true)
	}
	if !ok1 || !ok2 || !ok3 || !ok4 || !ok5 {
		return false
	}
	if at+long > every {
		r.within(n, base+args["for"].offset, "at + for must fit into every", "the burst is longer than its period")
		return false
	}
	a.Repeat = true
	if at > 0 {
		a.Profile = append(a.Profile, design.Segment{For: at, From: low, To: low})
	}
	a.Profile = append(a.Profile, design.Segment{For: long, From: high, To: high})
	if rest := every - at - long; rest > 0 {
		a.Profile = append(a.Profile, design.Segment{For: rest, From: low, To: low})
	}
	return true
}

// trace reads trace("arrivals.csv", column=ts, unit=ms, gaps): the times of a file, in
// nanoseconds.
func (r *reader) trace(n *yamltree.Node, c call) ([]int64, bool) {
	plain, named, ok := r.arguments(n, 0, c, signature{usage: c.name + `("arrivals.csv"), or with options ` + c.name + `("arrivals.csv", column=ts, unit=ms, gaps)`,
		plain: 1, keys: []string{"column", "unit"}, words: []string{"gaps"}})
	if !ok {
		return nil, false
	}
	name, ok := unquote(plain[0].text)
	if !ok {
		r.within(n, plain[0].offset, spell.Textf("write %s(\"%s\")", c.name, strings.Trim(plain[0].text, `"'`)), "the name of a file goes in quotes")
		return nil, false
	}
	q := dataQuery{File: draw.File{Name: name, Unit: named["unit"].text}, unit: draw.Seconds, as: dataTimes}
	if q.Column, ok = unquote(named["column"].text); !ok {
		q.Column = named["column"].text
	}
	if _, given := named["gaps"]; given {
		q.as = dataGaps
	}
	if q.Unit != "" {
		if u, err := draw.ParseQuantity("1" + q.Unit); err != nil || u.Unit != draw.Seconds || strings.Trim(q.Unit, "0123456789") != q.Unit {
			r.within(n, named["unit"].offset, "write unit=ms, unit=s or another unit of times", "%q is not a unit of times", q.Unit)
			return nil, false
		}
	}
	return r.times(n, plain[0].offset, q)
}

// unquote removes the quotes around a text.
func unquote(text string) (string, bool) {
	if len(text) < 2 || text[0] != '"' || text[len(text)-1] != '"' {
		return "", false
	}
	return text[1 : len(text)-1], true
}

// times reads the times of a trace. base is the offset of the name of the file.
func (r *reader) times(n *yamltree.Node, base int, q dataQuery) ([]int64, bool) {
	c, err := r.data.load(q)
	if err != nil {
		r.within(n, base, "the file lies in the folder of the scenario or below it, with one number a line, or a column that is named", "cannot read %q: %s", q.Name, spell.Said(err))
		return nil, false
	}
	return c.times, true
}

// ratesForm is a rate, constant or over time.
var ratesForm = form{
	func(l *language, f *spec.Field) *kind {
		o := l.object(f.Inner)
		return &kind{name: "rate over time", example: "200/s", object: o,
			doc: "a rate, `ramp(from=10/s, to=200/s, over=5min)`, `bursts(base=50/s, peak=300/s, for=10s, every=60s)`, or a list of stretches",
			schema: func() *jsonschema.Schema {
				return anyOf(rateKind.schema(), &jsonschema.Schema{Type: "string", Pattern: `^\s*(ramp|bursts)\s*\(.*\)\s*$`},
					&jsonschema.Schema{Type: "array", Items: ref(o)})
			}}
	},
	func(r *reader, n *yamltree.Node, e *entry, owner any) bool {
		a := owner.(*design.Arrivals)
		if n.Shape != yamltree.List {
			text, ok := r.text(n, e.kind)
			return ok && r.rates(n, 0, text, a)
		}
		if len(n.Items) == 0 {
			r.at(n, "for example [{for: 10s, rate: 300/s}, {for: 50s, rate: 50/s}]", "a rate over time without stretches")
		}
		for _, item := range n.Items {
			var s design.Segment
			r.lang.object(e.Inner).read(r, item, &s)
			if item.Get("to") == nil {
				s.To = s.From
			}
			a.Profile = append(a.Profile, s)
		}
		return len(n.Items) > 0
	},
}

var traceForm = form{
	fixed(&kind{name: "file", example: "arrivals.csv", schema: func() *jsonschema.Schema { return &jsonschema.Schema{Type: "string"} },
		doc: "the name of a file in the scenario's folder or below it, see [data files](#data-files); with options, `file(\"arrivals.csv\", column=ts, unit=ms, gaps)`"}),
	func(r *reader, n *yamltree.Node, e *entry, owner any) bool {
		text, ok := r.text(n, e.kind)
		if !ok {
			return false
		}
		times := e.At(owner).(*[]int64)
		if c, _, isCall := parseCall(text); isCall && c.name == "file" {
			*times, ok = r.trace(n, c)
		} else {
			*times, ok = r.times(n, 0, dataQuery{File: draw.File{Name: text}, unit: draw.Seconds, as: dataTimes})
		}
		return ok
	},
}

// processes maps the keys of a mapping to kinds of arrival processes.
var processes = []struct {
	key  string
	kind design.ArrivalKind
}{{"poisson", design.Poisson}, {"constant", design.Regular}, {"every", design.Renewal}, {"trace", design.Trace}}

func (r *reader) arrivalsMapping(n *yamltree.Node, o *object, a *design.Arrivals) bool {
	before := len(r.Mistakes)
	o.read(r, n, a)
	if len(r.Mistakes) > before {
		return false
	}
	named := 0
	for _, p := range processes {
		if rate := n.Get(p.key); rate != nil {
			named++
			a.Kind = p.kind
			a.Repeat = a.Repeat || strings.HasPrefix(rate.Text, "bursts") // bursts repeat even with repeat: false
		}
	}
	if named != 1 {
		r.at(n, "for example {poisson: 200/s, batch: 5}", "exactly one of poisson, constant, every and trace is needed, found %d", named)
	}
	return named == 1
}
