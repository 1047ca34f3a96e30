package scenarios_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"

	"asynclab/scenarios"
	"asynclab/sim/warning"
)

// Generated scenarios: text of the whole language, written at random, for the
// comparison of two commits. Services stand in layers, so that calls go forward;
// what the checks refuse all the same is drawn again. Runs are short: some
// thousand events, a few seconds of simulated time.

// generator writes one scenario. All randomness comes from the seed.
type generator struct {
	*rand.Rand
	services int
	handlers []string // SERVICE/HANDLER of every handler
	consumed []string // of those, the handlers that consume
	ordered  bool     // the last service takes from all of its queues
	entries  []string // BROKER/QUEUE and BROKER/TOPIC
	nodes    []string // loads, services and brokers
	loads    []string
	brokers  []string
	price    string // of single elements; "": there is no price list
	named    int    // steps that have a name
}

// generate writes the scenario of a number, the first of its tries that the
// language accepts.
func generate(seed uint64, number int) (text string, sc *scenarios.Scenario, err error) {
	for try := range uint64(200) {
		g := &generator{Rand: rand.New(rand.NewPCG(seed, uint64(number)<<16|try))}
		text = g.scenario(number)
		sc, err = scenarios.Parse(againstData, "generated.yaml", []byte(text))
		if err == nil {
			return text, sc, nil
		}
	}
	return text, nil, fmt.Errorf("none of 200 tries of design %d is accepted; the last: %w", number, err)
}

func (g *generator) chance(p float64) bool { return g.Float64() < p }

func (g *generator) between(lo, hi int) int { return lo + g.IntN(hi-lo+1) }

func (g *generator) pick(words ...string) string { return words[g.IntN(len(words))] }

// A mapping or a list in flow style: {a: b, c: d}, [a, b].
type flow struct{ parts []string }

func (f *flow) put(key, value string)                { f.parts = append(f.parts, key+": "+value) }
func (f *flow) putf(key, format string, args ...any) { f.put(key, fmt.Sprintf(format, args...)) }
func (f *flow) mapping() string                      { return "{" + strings.Join(f.parts, ", ") + "}" }

func sequence(items ...string) string { return "[" + strings.Join(items, ", ") + "]" }

// inQuotes protects commas and brackets inside flow style.
func inQuotes(text string) string { return strconv.Quote(text) }

// dist is a distribution of times with about this mean in milliseconds, in every
// form that the language has.
func (g *generator) dist(mean float64) string {
	m := func(x float64) string { return fmt.Sprintf("%.3gms", x) }
	a := m(mean)
	return inQuotes(g.pick(
		a, "exp("+a+")", "exp("+a+")", "exp("+a+")",
		"uniform("+m(mean/2)+", "+m(mean*1.5)+")",
		"erlang(3, "+a+")",
		"gamma("+a+", cv=0.5)", "gamma(shape=4, mean="+a+")",
		"normal("+a+", "+m(mean/3)+")",
		"lognormal("+a+", p99="+m(mean*5)+")", "lognormal("+a+", cv=2)", "lognormal("+a+", sigma=0.5)",
		"lognormal(median="+a+", p95="+m(mean*4)+")", "lognormal(median="+a+", sigma=0.5)",
		"weibull(0.7, scale="+a+")", "weibull(1.5, mean="+a+")",
		"pareto(2.5, min="+m(mean/2)+")", "pareto(2.2, mean="+a+")",
		"hyperexp(0.9, "+m(mean/2)+", "+m(mean*5)+")", "hyperexp("+a+", cv=2)",
		"mix(90: exp("+m(mean/2)+"), 10: "+m(mean*4)+")",
		"discrete("+m(mean/2)+": 70, "+m(mean*2)+": 30)",
		`empirical("times.csv")`,
	))
}

func (g *generator) time(lo, hi int) string { return strconv.Itoa(g.between(lo, hi)) + "ms" }

func (g *generator) limit(lo, hi int) string {
	if g.chance(0.15) {
		return "none"
	}
	return g.time(lo, hi)
}

func (g *generator) share(most int) string { return strconv.Itoa(g.between(0, most)) + "%" }

func (g *generator) size() string {
	return inQuotes(g.pick("0B", "200B", "1kB", "2kB", "exp(1kB)", "uniform(100B, 3kB)", "1kB * batch", "discrete(100B: 50, 9kB: 50)"))
}

func (g *generator) backoff() string {
	base := g.time(1, 30)
	if g.chance(0.1) {
		return "[0s, " + base + ", 50ms]"
	}
	return inQuotes(g.pick(base, "exp("+base+")", "linear("+base+")", "exponential("+base+")", "exponential("+base+", max=60ms)",
		"exponential("+base+", factor=3, max=90ms)", "decorrelated("+base+")", "decorrelated("+base+", max=80ms)", "linear("+base+", max=50ms)"))
}

func (g *generator) jitter() string { return g.pick("none", "full", "equal", "fifth") }

func (g *generator) retry(broker bool) string {
	var f flow
	f.put("attempts", g.pick("2", "3", "4", "6", "unlimited"))
	if g.chance(0.8) || strings.HasSuffix(f.parts[0], "unlimited") {
		f.put("backoff", g.backoff())
	}
	if g.chance(0.5) {
		f.put("jitter", g.jitter())
	}
	if !broker && g.chance(0.3) {
		f.put("instance", g.pick("any", "another", "another"))
	}
	if g.chance(0.3) {
		causes := []string{"timeout", "rejected", "refused", "error", "lost", "expired", "limited"}
		g.Shuffle(len(causes), func(i, j int) { causes[i], causes[j] = causes[j], causes[i] })
		f.put("on", sequence(causes[:g.between(1, 5)]...))
	}
	return f.mapping()
}

// scenario writes it all.
func (g *generator) scenario(number int) string {
	var b strings.Builder
	millis := g.between(1200, 4000)
	run := flow{}
	if g.chance(0.15) {
		run.putf("completions", "%d", g.between(50, 400))
	} else {
		run.putf("duration", "%dms", millis)
	}
	if g.chance(0.5) {
		run.putf("warmup", "%dms", g.between(100, 800))
	}
	run.putf("seed", "%d", g.IntN(1000))
	run.put("max_events", "30000")
	if g.chance(0.4) {
		run.put("drain", g.limit(100, 5000))
	}
	fmt.Fprintf(&b, "version: 1\nname: generated-%d\nrun: %s\n", number, run.mapping())
	if kinds := warning.Kinds(); number%3 == 0 { // each in its turn
		fmt.Fprintf(&b, "silence: [%s]\n", kinds[number/3%len(kinds)].ID())
	}
	if number%4 == 0 {
		b.WriteString("prices: {currency: USD, instance_hour: 0.1, broker_million: 0.4, gb: 0.09}\n")
		g.price = "0.5"
	}
	g.layout()
	section(&b, "load", g.loadSection(millis))
	section(&b, "services", g.serviceSection())
	section(&b, "brokers", g.brokerSection())
	section(&b, "links", g.linkSection())
	b.WriteString("zones: {z0: [s0, bus], z1: [s0#1]}\n")
	if g.chance(0.2) {
		var d flow
		var s flow
		for i := range g.services {
			if g.chance(0.5) {
				s.putf(fmt.Sprintf("s%d", i), "{workers: %d}", g.between(1, 4))
			}
		}
		d.put("services", s.mapping())
		if g.chance(0.5) {
			d.put("links", "{default: null}")
		}
		if g.chance(0.5) {
			d.put("faults", sequence(g.fault("other", millis)))
		}
		fmt.Fprintf(&b, "designs:\n  a: {}\n  b: %s\n", d.mapping())
		if g.chance(0.2) {
			fmt.Fprintf(&b, "  c: {extends: b, set: {service.%s.workers: %d}}\n", strings.Split(g.handlers[0], "/")[0], g.between(1, 9))
		}
	}
	if g.chance(0.7) {
		b.WriteString("faults:\n")
		for i := range g.between(1, 3) {
			fmt.Fprintf(&b, "  - %s\n", g.fault(fmt.Sprintf("f%d", i), millis))
		}
	}
	if g.chance(0.2) {
		fmt.Fprintf(&b, "changes:\n  - {at: %dms, set: service.s0.workers, to: %d}\n", g.between(1, millis), g.between(1, 4))
		fmt.Fprintf(&b, "  - {at: %dms, inject: %s}\n", g.between(1, millis/2), inQuotes(g.injection()+" name=mine"))
		fmt.Fprintf(&b, "  - {at: %dms, heal: mine}\n", g.between(millis/2, millis))
	}
	return b.String()
}

func section(b *strings.Builder, name string, parts flow) {
	fmt.Fprintf(b, "%s:\n", name)
	for _, p := range parts.parts {
		fmt.Fprintf(b, "  %s\n", p)
	}
}

// layout decides what there is, before anything refers to it.
func (g *generator) layout() {
	g.services = g.between(1, 4)
	for i := range g.services {
		g.handlers = append(g.handlers, fmt.Sprintf("s%d/do", i))
		g.nodes = append(g.nodes, fmt.Sprintf("s%d", i))
	}
	g.consumed = []string{fmt.Sprintf("s%d/eat", g.services-1)}
	if g.services > 1 && g.chance(0.4) {
		g.consumed = append(g.consumed, fmt.Sprintf("s%d/eat", g.services-2))
	}
	g.ordered = len(g.consumed) > 1 && g.chance(0.5)
	g.entries = []string{"bus/q", "bus/t", "bus/log"}
	g.brokers = []string{"bus"}
	if g.chance(0.3) {
		g.entries = append(g.entries, "mq/r")
		g.brokers = append(g.brokers, "mq")
	}
	g.loads = []string{"open", "closed", "events", "batches"}
	g.Shuffle(len(g.loads), func(i, j int) { g.loads[i], g.loads[j] = g.loads[j], g.loads[i] })
	g.loads = g.loads[:g.between(1, 4)]
	slices.Sort(g.loads)
	g.nodes = slices.Concat(g.nodes, g.brokers, g.loads)
}

func (g *generator) loadSection(millis int) (all flow) {
	for _, name := range g.loads {
		var f flow
		switch name {
		case "open":
			f.put("to", "s0/do")
			f.put("arrivals", g.arrivals(millis))
		case "closed":
			f.put("to", "s0/do")
			f.putf("users", "%d", g.between(1, 12))
			if g.chance(0.9) {
				f.put("think", g.dist(40))
			} else {
				f.putf("count", "%d", g.between(50, 300))
			}
			if g.chance(0.4) {
				f.put("stagger", g.pick("true", "false"))
			}
		case "events":
			f.put("to", g.pick(g.entries...))
			f.put("arrivals", g.arrivals(millis))
			if g.chance(0.6) {
				f.put("confirm", g.confirm())
			}
		case "batches":
			f.put("to", "s0/do")
			f.put("arrivals", g.batches())
			if g.chance(0.5) {
				f.putf("count", "%d", g.between(20, 100))
			}
		}
		f.put("attributes", `{kind: {buy: 20%, ask: 80%}, items: "integer(0, 3)", weight: exp(2)}`)
		g.clientOptions(&f, millis)
		all.put(name, f.mapping())
	}
	return all
}

func (g *generator) arrivals(millis int) string {
	rate := g.between(20, 120)
	half := millis / 2
	return inQuotes(g.pick(
		fmt.Sprintf("poisson(%d/s)", rate), fmt.Sprintf("poisson(%d/s)", rate), fmt.Sprintf("constant(%d/s)", rate),
		fmt.Sprintf("poisson(ramp(from=10/s, to=%d/s, over=%dms))", rate*2, half),
		fmt.Sprintf("constant(ramp(from=%d/s, to=5/s, over=%dms))", rate*2, half),
		fmt.Sprintf("poisson(bursts(base=20/s, peak=%d/s, for=100ms, every=%dms, at=50ms))", rate*3, half),
		"every(erlang(2, 20ms))", "every(uniform(5ms, 30ms))", `trace("arrivals.csv")`))
}

func (g *generator) batches() string {
	var f flow
	switch g.IntN(4) {
	case 0:
		f.put("every", g.dist(60))
	case 1:
		f.putf("poisson", "%d/s", g.between(10, 30))
	case 2:
		f.put("trace", "arrivals.csv")
	case 3:
		f.put(g.pick("poisson", "constant"), "[{for: 300ms, rate: 10/s, to: 60/s}, {for: 200ms, rate: 30/s}, {for: 250ms, rate: 0/s, to: 40/s}]")
		if g.chance(0.6) {
			f.put("repeat", "true")
		}
	}
	f.put("batch", inQuotes(g.pick("3", "1", "geometric(3)", "discrete(1: 60, 5: 40)")))
	return f.mapping()
}

func (g *generator) confirm() string {
	h := g.pick(g.consumed...)
	if len(g.consumed) > 1 && g.chance(0.5) {
		return fmt.Sprintf("{at: [%s], count: %d}", strings.Join(g.consumed, ", "), g.between(1, 3))
	}
	if g.chance(0.3) {
		return fmt.Sprintf("{at: [%s]}", h)
	}
	return h
}

func (g *generator) clientOptions(f *flow, millis int) {
	if g.chance(0.15) {
		f.put("start", g.time(1, millis/2))
	}
	if g.chance(0.15) {
		f.put("stop", g.time(millis/2+1, millis))
	}
	if g.chance(0.6) {
		f.put("deadline", g.limit(50, 1500))
	}
	if g.chance(0.5) {
		f.put("cancel", g.pick("true", "false"))
	}
	if g.chance(0.7) {
		f.put("timeout", g.limit(20, 400))
	}
	if g.chance(0.5) {
		f.put("retry", g.retry(!slices.Contains(f.parts, "to: s0/do")))
	}
	if g.chance(0.3) {
		f.put("patience", g.dist(60))
	}
	if g.chance(0.3) {
		f.put("late_replies", g.pick("count", "ignore"))
	}
	if g.chance(0.3) {
		f.put("late_backoff", g.pick("fail", "wait"))
	}
	if g.chance(0.4) {
		f.putf("priority", "%d", g.between(0, 7))
	}
	if g.chance(0.3) {
		f.put("size", g.size())
	}
}

func (g *generator) serviceSection() (all flow) {
	for i := range g.services {
		name := fmt.Sprintf("s%d", i)
		var f flow
		f.put("workers", g.pick("1", "1", "2", "3", "4", "unlimited"))
		if g.chance(0.4) {
			f.putf("instances", "%d", g.between(1, 3))
		}
		if g.chance(0.6) {
			f.put("queue", g.pick("none", "unlimited", "0", "3", "20", "{limit: 2, when_full: reject}", "{limit: 4, when_full: drop-oldest}", "{limit: 1, when_full: drop-oldest}"))
		}
		if g.chance(0.7) {
			f.put("discipline", g.pick("fifo", "lifo", "priority", "preemptive", "sharing", "deadline"))
		}
		if g.chance(0.6) {
			balance := g.pick("round-robin", "random", "least-busy", "two-choices", "sticky", "hash", "others")
			f.put("balance", balance)
			if balance == "sticky" || balance == "hash" {
				f.put("key", g.pick("kind", "items"))
			}
		}
		if g.chance(0.1) {
			f.put("max_message", g.pick("1kB", "2kB"))
		}
		if g.chance(0.7) {
			f.put("on_crash", g.pick("lose", "keep", "resume", "restart"))
		}
		if g.chance(0.3) {
			f.put("speed", g.pick("0.5", "1.5", "3"))
		}
		if g.chance(0.3) {
			f.put("errors", g.share(15))
		}
		if g.price != "" && i == 0 {
			f.put("price", g.price)
		}
		var on flow
		on.put("do", g.steps(i, 0))
		if slices.Contains(g.consumed, name+"/eat") {
			on.put("eat", g.steps(i, 0))
			consumes, order := g.consumes(i)
			f.put("consumes", consumes)
			if order != "" {
				f.put("consume_order", order)
			} else if g.chance(0.3) {
				f.put("consume_order", "each")
			}
		}
		f.put("on", on.mapping())
		f.put("stores", g.stores())
		all.put(name, f.mapping())
	}
	return all
}

// stores is the table that each service has.
func (g *generator) stores() string {
	f := flow{[]string{"states: [new, mid, end]", "counters: [n]"}}
	if g.chance(0.7) {
		f.put("key", g.pick("kind", "items", "operation"))
	}
	if g.chance(0.6) {
		f.put("lives", g.pick("memory", "disk", "outside"))
	}
	if g.chance(0.4) {
		f.put("allow", "{new: mid, mid: [end, new], end: new}")
		f.put("otherwise", g.pick("reject", "ignore", "park"))
		f.put("parked", g.pick("1", "5"))
		f.put("patience", g.pick("20ms", "200ms"))
	}
	f.put("ttl", g.pick("50ms", "1s"))
	if g.chance(0.3) {
		f.put("rows", g.pick("1", "3"))
	}
	if g.chance(0.3) {
		f.put("latency", g.dist(2))
		if g.chance(0.5) {
			f.put("slots", g.pick("1", "2"))
		}
	}
	if g.chance(0.4) {
		f.put("lease", g.pick("0s", "30ms", "none"))
	}
	return "{t: " + f.mapping() + "}"
}

// atStore is a step at the table of the service.
func (g *generator) atStore(service, depth int) string {
	f := flow{[]string{g.pick("read: t", "set: t", "set: t", "count: t.n", "forget: t", "lock: t", "lock: t", "unlock: t")}}
	switch kind, _, _ := strings.Cut(f.parts[0], ":"); kind {
	case "set":
		f.put("to", g.pick("new", "mid", "end"))
		if g.chance(0.3) {
			f.put("from", g.pick("new", "[mid, end]"))
		}
		if g.chance(0.2) {
			f.put("unchanged", "true")
		}
	case "count":
		f.put("add", g.pick("1", "-2", "items", `"3 * items"`))
		return f.mapping()
	case "lock":
		f.put("patience", g.pick("0s", "10ms", "100ms", "none"))
		f.put("for", g.pick("handler", "handler", "operation"))
	default:
		return f.parts[0]
	}
	if g.chance(0.4) {
		f.put("else", g.alternative(service, depth))
	}
	return f.mapping()
}

// consumes draws the queues of a service, and whether a consumer takes from all of them.
func (g *generator) consumes(i int) (consumes, order string) {
	var all flow
	entries := slices.Clone(g.entries)
	switch last := i == g.services-1; {
	case g.ordered && last:
		entries, order = []string{"bus/q", "bus/t"}, g.pick("strict", "weighted")
	case g.ordered:
		entries = entries[1:] // a log is in no order
	case !last:
		entries = []string{"bus/t"} // the others belong to the last one
	}
	if i == g.services-1 && g.chance(0.3) {
		entries = append(entries, "bus/dead")
	}
	for k, e := range entries {
		if order != "" && k > 0 {
			if order == "weighted" {
				all.putf(e, "{handler: eat, weight: %d}", g.between(1, 4))
			} else {
				all.put(e, "eat")
			}
			continue
		}
		if g.chance(0.3) {
			all.put(e, "eat")
			continue
		}
		f := flow{[]string{"handler: eat"}}
		if g.chance(0.6) {
			if ack := g.pick("manual", "automatic"); e != "bus/log" { // whose offsets are committed
				if order == "" {
					f.put("ack", ack)
				}
			}
		}
		if order != "" {
			f.put("prefetch", g.pick("1", "2", "5"))
		} else if g.chance(0.6) {
			f.put("prefetch", g.pick("1", "2", "5", "unlimited"))
		}
		if g.chance(0.3) {
			f.putf("consumers", "%d", g.between(1, 4))
		}
		if order == "" {
			g.fetches(&f, e != "bus/log") // whose members ask by themselves
		} else if g.chance(0.3) {
			f.put("pull", g.pick("0s", "{wait: 200ms, poll: 5ms}"))
		}
		if e == "bus/t" && g.chance(0.5) {
			f.put("subscription", g.pick("sub", "shared"))
		}
		all.put(e, f.mapping())
	}
	return all.mapping(), order
}

// fetches draws whether a consumer asks for messages, and whether it takes several.
func (g *generator) fetches(f *flow, asks bool) {
	pulls := asks && g.chance(0.3)
	if pulls {
		f.put("pull", g.pick("0s", "30ms", "{wait: 0s, poll: 20ms}", "{wait: 200ms, poll: 5ms}"))
	}
	switch {
	case g.chance(0.7):
	case pulls:
		f.put("batch", g.pick("1", "3", "{max: 10}"))
	default:
		f.put("batch", g.pick("1", "3", "{max: 2, linger: 10ms}", "{max: 50, linger: 100ms}"))
	}
}
