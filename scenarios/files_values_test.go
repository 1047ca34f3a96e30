package scenarios

import (
	"fmt"
	"slices"
	"strings"

	"asynclab/sim/design"
	"asynclab/sim/spec"
)

// entry writes the value of a field, if it is needed or chosen.
func (g *generator) entry(e *entry, t *spec.Table, needed bool) (string, bool) {
	needed = needed || e.Key == "duration" || t.Name == "broker"
	if !needed && g.Float64() >= genShare {
		return "", false
	}
	v := g.value(e)
	if e.Kind == spec.Text && e.Key == "when" { // of a fault
		v = `"service.s0.arrived > 3"`
	}
	if v != "" {
		g.written[e.Field] = true
	}
	return v, v != ""
}

func (g *generator) value(e *entry) string {
	switch {
	case e.Unlimited && g.IntN(8) == 0:
		return "unlimited"
	case e.None && g.IntN(8) == 0:
		return "none"
	case e.Kind == spec.Form || e.Form != "":
		return g.form(e)
	case e.Kind == spec.Part:
		return g.object(g.lang.object(e.Inner))
	}
	switch e.Kind {
	case spec.Number:
		if e.Key == "capacity" { // of a budget: more than a floor and a cost
			return "20"
		}
		return fmt.Sprintf("%.2f", g.within(e, 0.5, 4))
	case spec.Count:
		if e.Key == "need" || e.Key == "instance" || e.Key == "pick" {
			return "1"
		}
		return fmt.Sprint(int(g.within(e, 1, 12)))
	case spec.Share:
		return fmt.Sprintf("%d%%", g.IntN(30)+1)
	case spec.Rate:
		return fmt.Sprintf("%d/s", g.IntN(40)+1)
	case spec.Bandwidth:
		return fmt.Sprintf("%dkB/s", g.IntN(5000)+100)
	case spec.Size:
		return fmt.Sprintf("%dkB", g.IntN(500)+1)
	case spec.Duration:
		return g.duration(e)
	case spec.TimeDist:
		if e.Key == "think" || e.Key == "every" {
			return g.pick("20ms", "exp(50ms)")
		}
		return g.pick("0s", "3ms", "20ms", "exp(10ms)", `"uniform(1ms, 30ms)"`, `"lognormal(5ms, p99=40ms)"`, `empirical("times.csv")`, "exp(1s)")
	case spec.SizeDist:
		return g.pick("0B", "1kB", "exp(20kB)")
	case spec.CountDist:
		return g.pick("1", "3", "geometric(2)")
	case spec.YesNo:
		return g.pick("true", "false")
	case spec.Word:
		return g.pick(e.Words...)
	case spec.Target:
		return g.target(e.Key)
	case spec.Name:
		return g.name(e.Key)
	}
	if e.Key == "currency" {
		return "EUR"
	}
	return g.pick("a text", `"with: signs"`)
}

// within is a number of a field's range, between two usual values if they are in it.
func (g *generator) within(e *entry, lo, hi float64) float64 {
	lo, hi = max(lo, e.Min), min(max(hi, e.Min), e.Max)
	return lo + g.Float64()*(hi-lo)
}

func (g *generator) duration(e *entry) string {
	if e.Key == "duration" {
		return fmt.Sprintf("%dms", 500+g.IntN(4000))
	}
	if e.Key == "stop" {
		return "3s"
	}
	return g.pick("1ms", "40ms", "250ms", "1s", "1500ms")
}

// target is one that steps of the present service may send to without a circle: a
// handler of a later service, or a queue.
func (g *generator) target(key string) string {
	later := g.service + 1 + g.IntN(max(1, genServices-g.service-1))
	switch {
	case g.service >= 2 && key == "publish": // what consumes does not publish: no circles
		return ""
	case key == "send" && g.service < 2 && g.IntN(2) == 0:
		return g.pick("m/q0", "m/q1")
	case key == "publish":
		return g.pick("m/q0", "m/q1", "m/t0")
	case key == "to" && g.IntN(6) == 0:
		return "m/q0"
	case key == "to":
		g.to = fmt.Sprintf("s%d/h%d", g.IntN(2), g.IntN(2))
		return g.to
	case later >= genServices:
		return ""
	}
	return fmt.Sprintf("s%d/h%d", later, g.IntN(2))
}

func (g *generator) name(key string) string {
	switch key {
	case "dead_letter":
		return "dead"
	case "key":
		return g.pick("kind", "items")
	case "handler":
		return "take"
	case "read", "set", "forget", "lock", "unlock":
		return "t"
	case "to":
		return g.pick("open", "done")
	case "subscription":
		return "mine"
	}
	g.names++
	return fmt.Sprintf("n%d", g.names)
}

// form writes the values with a syntax of their own; "" for one that has no line here.
func (g *generator) form(e *entry) string {
	inner := func() *object { return g.lang.object(e.Inner) }
	several := func(names ...string) string {
		var parts []string
		for _, n := range names {
			parts = append(parts, n+": "+g.object(inner()))
		}
		return mapping(parts)
	}
	switch e.Form {
	case "version":
		return "1"
	case "part":
		return g.object(inner())
	case "covers":
		return "[C1, E7]"
	case "silence":
		return "[" + g.pick("unreached", "never-happens, unbounded-queue") + "]"
	case "warmup":
		return g.pick("10%", "200ms", "0s")
	case "expectations":
		return g.pick(`["load.l0.offered >= 0"]`, `["load.l0.completed.ratio <= 100%", "load.l0.accepted.latency.p99 in 0s..1s >= 0s"]`)
	case "mapping":
		switch e.Key {
		case "load":
			return g.loads(inner())
		case "services":
			return g.services(inner())
		case "brokers":
			return several("m")
		}
		g.design = true
		return several("d0", "d1")
	case "links":
		return several("default", "s0 -> s1", "m -> s2", "l0 -> s0", "s2 -> m")
	case "queues":
		return g.queues(inner())
	case "topics":
		return several("t0")
	case "subscriptions":
		return several("mine", "other")
	case "faults":
		var all []string
		for range 1 + g.IntN(3) {
			all = append(all, g.fault(inner()))
		}
		return "[" + strings.Join(all, ", ") + "]"
	case "node":
		return g.pick("s0", "s1", "s2", "s3", "m", "[s0, s1#1]", "[s2, s3]")
	case "zones":
		return g.pick("{z0: [s0, s1#1], z1: [m]}", "{z0: s2}")
	case "cut":
		return g.pick("s0 -> s1", "[s0 <-> s1, l0 -> *]", "m <-> s2")
	case "partition":
		return g.pick("s1", "[s2, s3]")
	case "design":
		return g.pick("", "", "", "d0") // most would be a circle, or unknown
	case "assignments":
		return g.pick("", "", "{link.default.latency: 2ms}", "{link.default.loss: 1%}", "{service.s0.workers: 3}")
	case "settings":
		return g.pick("{service.s1.workers: 1}", "{link.default.loss: 5%, service.s0.queue: 3}")
	case "changes":
		return g.pick("[{at: 300ms, set: service.s1.workers, to: 2}]", "[{at: 200ms, inject: crash s1}, {at: 600ms, heal: crash-s1}]", "[{at: 10ms, set: load.l0.rate, to: 7/s}]")
	case "arrivals":
		return g.arrivals(inner())
	case "rates":
		if g.IntN(2) == 0 {
			return "20/s"
		}
		return "[" + g.object(inner()) + ", " + g.object(inner()) + "]"
	case "trace":
		return "times.csv"
	case "use":
		of, _, _ := strings.Cut(e.Table(), " ")
		return map[string]string{"queue": "rabbitmq-4.2/quorum", "topic": "kafka-4/topic", "broker": "rabbitmq-4.2/broker", "consumer": "sqs/consumer", "publish": "rabbitmq-4.2/publisher",
			"load": "resilience4j/retry", "link": "tcp", "service": "spring-boot", "call": "resilience4j", "await": "[resilience4j/retry, resilience4j/bulkhead]"}[of]
	case "causes":
		return g.pick("[timeout]", "[timeout, rejected, error]", "[expired, lost, refused]")
	case "back-off":
		if g.IntN(2) == 0 {
			return g.pick("20ms", "exp(30ms)", "[10ms, 0s, 1min]", `"linear(10ms, max=1s)"`, "decorrelated(10ms)")
		}
		args := []string{"10ms"}
		for i := range inner().entries {
			if a := &inner().entries[i]; a.Key != "" && g.IntN(2) == 0 {
				args = append(args, a.Key+"="+g.value(a))
				g.written[a.Field] = true
			}
		}
		return `"exponential(` + strings.Join(args, ", ") + `)"`
	case "targets":
		if g.IntN(8) == 0 {
			return "[s2/take, s3/take]"
		}
		return "[" + g.to + "]"
	case "handlers":
		return fmt.Sprintf("{h0: %s, h1: %s, take: %s}", g.steps(), g.steps(), g.steps())
	case "consumers":
		all := []string{g.pick("m/q0", "m/q1") + ": " + g.object(inner(), "subscription", "weight")}
		if g.service == genServices-1 {
			all = append(all, "m/t0: "+g.object(inner(), "pull", "weight")) // members of a group ask by themselves
		}
		return mapping(all)
	case "mechanism": // its settings, drawn one by one, often contradict each other
		if g.IntN(6) > 0 {
			return ""
		}
		parts := g.fields(inner())
		has := func(key string) func(string) bool {
			return func(p string) bool { return strings.HasPrefix(p, key+":") }
		}
		switch {
		case e.Key == "scale":
			for _, k := range []string{"min", "max", "interval", "down_window", "occupancy", "depth", "age"} {
				parts = slices.DeleteFunc(parts, has(k))
			}
			if !slices.ContainsFunc(parts, has("utilization")) {
				parts = append(parts, "utilization: 50%")
			}
		case e.Key == "limit":
			if g.IntN(3) > 0 { // nothing waits at a door
				parts = slices.DeleteFunc(parts, has("wait"))
			}
			if !slices.ContainsFunc(parts, has("wait")) {
				parts = slices.DeleteFunc(parts, has("line"))
			}
			if !slices.ContainsFunc(parts, has("key")) {
				parts = slices.DeleteFunc(parts, has("keys"))
			}
		case e.Key == "breaker" && slices.ContainsFunc(parts, has("calls")): // one window, with calls enough in it
			parts = slices.DeleteFunc(slices.DeleteFunc(parts, has("window")), has("min_calls"))
		case e.Key == "breaker" && !slices.ContainsFunc(parts, has("window")):
			parts = slices.DeleteFunc(parts, has("slow"))
		case e.Key == "bulkhead": // whose slots are not those of a store
			if parts = slices.DeleteFunc(parts, has("latency")); !slices.ContainsFunc(parts, has("setup")) {
				parts = slices.DeleteFunc(parts, has("idle"))
			}
		case e.Key == "failover":
			parts = append(slices.DeleteFunc(parts, has("to")), "to: [s2/take]")
		case e.Key == "health":
			parts = append(slices.DeleteFunc(slices.DeleteFunc(parts, has("failures")), has("timeout")), "failures: 5")
		case e.Key == "shed" && !slices.ContainsFunc(parts, has("length")):
			parts = append(parts, "length: 5")
		case e.Key == "concurrency":
			if slices.ContainsFunc(parts, has("max")) {
				parts = slices.DeleteFunc(parts, has("min"))
			}
			if !slices.ContainsFunc(parts, has("target")) {
				parts = append(parts, "target: 50ms")
			}
		case e.Key != "hedge":
		case slices.ContainsFunc(parts, has("after")):
			parts = slices.DeleteFunc(parts, has("percentile"))
		case !slices.ContainsFunc(parts, has("percentile")):
			parts = append(parts, "after: 20ms")
		}
		return mapping(parts)
	case "attributes":
		return `{kind: {a: 30%, b: 70%}, items: "integer(0, 3)", weight: exp(2)}`
	case "stores":
		o := inner()
		return "{t: " + mapping(mended(append(g.fields(o, "states", "counters"), g.must(o, "states"), g.must(o, "counters")))) + "}"
	case "words":
		switch e.Key {
		case "counters":
			return "[n]"
		case "states":
			return "[open, done]"
		case "counted":
			return g.pick("[failure, lost]", "nack", "[timeout]")
		}
		return g.pick("[open, done]", "open")
	case "transitions":
		return "{open: [done, open], done: open}"
	case "counter":
		return "t.n"
	case "sets":
		return g.pick("{kind: a}", "{kind: c, items: 2}", "{weight: 0.5}")
	case "condition":
		return g.pick("kind == a", "items > 1 and not redelivered", `"attempt > 1 or weight < 2"`, `"(kind != a or delivery == 2) and items <= 2"`)
	case "steps":
		return g.steps()
	case "branches":
		if g.IntN(2) == 0 {
			return g.object(inner())
		}
		return "[" + g.steps() + ", " + g.steps() + "]"
	case "choices":
		by := g.pick("p", "when")
		all := []string{g.choice(inner(), by), g.choice(inner(), by)}
		if g.IntN(2) == 0 {
			all = append(all, mapping([]string{g.must(inner(), "do")}))
		}
		return "[" + strings.Join(all, ", ") + "]"
	}
	return ""
}

func (g *generator) choice(o *object, by string) string {
	return mapping([]string{g.must(o, by), g.must(o, "do")})
}

func (g *generator) loads(o *object) string {
	var all []string
	for i := range 1 + g.IntN(2) {
		g.service, g.to = -1, "s3/take"
		var parts []string
		if g.design { // they are laid over loads that have arrivals or users
			parts = g.fields(o, "arrivals", "users", "think", "stagger")
		} else if g.IntN(3) == 0 {
			parts = g.fields(o, "arrivals", "users", "think", "attributes")
			parts = append(parts, g.must(o, "users"), g.must(o, "think"), g.must(o, "attributes"))
		} else {
			parts = append(g.fields(o, "arrivals", "users", "think", "stagger", "attributes"), g.must(o, "arrivals"), g.must(o, "attributes"))
		}
		all = append(all, fmt.Sprintf("l%d: %s", i, mapping(parts)))
	}
	return mapping(all)
}

// must writes a field with its key.
func (g *generator) must(o *object, key string) string {
	for i := range o.entries {
		if e := &o.entries[i]; e.Key == key {
			v, _ := g.entry(e, o.Table, true)
			return key + ": " + v
		}
	}
	return ""
}

func (g *generator) arrivals(o *object) string {
	var ways, rest []string
	for i := range o.entries {
		e := &o.entries[i]
		if v := g.value(e); v != "" {
			if e.Kind == spec.Form || e.Key == "every" {
				ways = append(ways, e.Key+": "+v)
			} else if g.IntN(3) == 0 {
				rest = append(rest, e.Key+": "+v)
			}
			g.written[e.Field] = true
		}
	}
	if g.IntN(2) == 0 {
		return g.pick("poisson(30/s)", "constant(20/s)", "every(exp(40ms))", `trace("times.csv")`, `"poisson(bursts(base=5/s, peak=60/s, for=100ms, every=500ms))"`)
	}
	return mapping(append(rest, g.pick(ways...)))
}

// services can call later ones, and those that consume do not send.
func (g *generator) services(o *object) string {
	var all []string
	for i := range genServices {
		g.service = i
		parts := append(g.fields(o, "on", "consumes", "consume_order", "key", "stores"), g.must(o, "on"), g.must(o, "stores")) // only some balancing reads a key: mended
		for k := range o.entries {
			if e := &o.entries[k]; e.Key == "key" && slices.ContainsFunc(parts, func(p string) bool { return strings.HasPrefix(p, "key:") }) {
				g.written[e.Field] = true
			}
		}
		if i >= 2 {
			parts = append(parts, g.consumes(o)...)
		}
		all = append(all, fmt.Sprintf("s%d: %s", i, mapping(parts)))
	}
	return mapping(all)
}

// consumes lets a service consume one queue or, seldom, take from two in an order.
func (g *generator) consumes(o *object) []string {
	at := func(of *object, key string) *entry {
		return &of.entries[slices.IndexFunc(of.entries, func(e entry) bool { return e.Key == key })]
	}
	if g.IntN(16) > 0 {
		return []string{g.must(o, "consumes")}
	}
	order, weight := at(o, "consume_order"), at(g.lang.object(at(o, "consumes").Inner), "weight")
	g.written[order.Field], g.written[weight.Field] = true, true
	return []string{g.pick("consume_order: strict, consumes: {m/q0: {handler: take, prefetch: 2}, m/q1: take}",
		"consume_order: weighted, consumes: {m/q0: {handler: take, pull: 20ms}, m/q1: {handler: take, weight: 3}}")}
}

func (g *generator) queues(o *object) string {
	return fmt.Sprintf("{q0: %s, q1: %s, dead: %s}", g.object(o, "filter"), g.object(o, "filter"), g.object(o, "dead_letter", "when_full", "filter"))
}

// fault writes one of the kinds of faults: the fields with a form are the kinds.
func (g *generator) fault(o *object) string {
	var kinds []*entry
	var parts []string
	for i := range o.entries {
		if e := &o.entries[i]; e.Kind == spec.Form {
			kinds = append(kinds, e)
		}
	}
	chosen := kinds[g.IntN(len(kinds))]
	for i := range o.entries {
		e := &o.entries[i]
		needed := e == chosen || e.Key == "factor" && chosen.Key == "slow" || e.Key == "rate" && chosen.Key == "errors"
		if !needed && (e.Kind == spec.Form || e.Key == "factor" || e.Key == "rate") {
			continue
		}
		if v, ok := g.entry(e, o.Table, needed); ok {
			parts = append(parts, e.Key+": "+v)
		}
	}
	return mapping(mended(parts))
}

// steps writes a short list of steps.
func (g *generator) steps() string {
	if g.depth > 2 {
		return "[work: 1ms]"
	}
	g.depth++
	defer func() { g.depth-- }()
	var all []string
	for range 1 + g.IntN(3) {
		s := &g.lang.steps[g.IntN(len(g.lang.steps))]
		switch first := &s.entries[0]; {
		case s.bare && g.IntN(2) == 0:
			all = append(all, s.name())
			g.written[first.Field] = true
		case first.kind.name == nothing:
			all = append(all, mapping(append([]string{s.name() + ": null"}, g.fields(s.object, s.name())...)))
			g.written[first.Field] = true
		default:
			if v := g.value(first); v != "" {
				g.written[first.Field] = true
				all = append(all, mapping(mended(append([]string{s.name() + ": " + v}, g.fields(s.object, s.name())...))))
			}
		}
		if s.op == design.Reply || s.op == design.Stop {
			break
		}
	}
	if len(all) == 0 {
		return "[work: exp(2ms)]"
	}
	return "[" + strings.Join(all, ", ") + "]"
}
