package scenarios_test

import (
	"fmt"
	"strings"
)

func (g *generator) steps(service, depth int) string {
	var all []string
	for range g.between(1, 3) {
		step := g.step(service, depth)
		// A path that ends at the name of a step does not say what its value is.
		if inner, braces := strings.CutSuffix(step, "}"); braces && !strings.HasPrefix(step, "{reply") && !strings.HasPrefix(step, "{repeat") && g.chance(0.1) {
			g.named++
			kind, _, _ := strings.Cut(inner[1:], ":") // by which plans find its values
			step = fmt.Sprintf("%s, name: %s-%d}", inner, kind, g.named)
		}
		if g.chance(0.1) {
			step = g.conditional(step)
		}
		all = append(all, step)
	}
	if g.chance(0.05) {
		all = append(all, "stop")
	}
	return sequence(all...)
}

// conditional puts a condition on a step.
func (g *generator) conditional(step string) string {
	when := ", when: " + inQuotes(g.condition()) + "}"
	if g.chance(0.3) {
		when = ", when: " + inQuotes(g.stored()) + "}"
	}
	switch {
	case step[0] == '{':
		return step[:len(step)-1] + when
	case strings.Contains(step, ": "):
		return "{" + step + when
	}
	return "{" + step + ": " + when
}

// sets is what a message carries on top of the attributes of its operation.
func (g *generator) sets() string {
	return g.pick("{kind: buy}", "{kind: refund, items: 2}", "{weight: 1.5}", "{weight: 2, items: {from: weight}}", "{items: {from: batch}}")
}

func (g *generator) condition() string {
	return g.pick("kind == buy", "kind != buy and items > 1", "not redelivered", "attempt > 1 or weight < 2", "(delivery >= 2 or kind == ask) and items <= 3")
}

// stored is a condition that reads the table of the service.
func (g *generator) stored() string {
	return g.pick("t == mid", "t.n > 2 or not t", "t.version < 3 and kind == buy")
}

func (g *generator) step(service, depth int) string {
	forward := service+1 < g.services
	switch kind := g.IntN(18); {
	case kind == 0 && g.chance(0.1):
		return g.pick("work: 0s", "delay: 0s")
	case kind <= 3:
		if g.chance(0.1) {
			return "work: " + g.pick(`"exp(4ms) * items"`, `"weight * 2ms"`)
		}
		return "work: " + g.dist(float64(g.between(1, 20)))
	case kind <= 6 && forward:
		to := g.handlers[g.between(service+1, g.services-1)]
		return g.request(g.pick("call", "call", "await"), to, service, depth)
	case kind == 7 && forward:
		return g.send(g.handlers[g.between(service+1, g.services-1)])
	case kind <= 9 && (forward || g.chance(0.1)):
		return g.publish(service, depth)
	case kind == 10:
		return g.pick("reply", "{reply: "+g.size()+"}", "{reply: 2kB, set: {kind: refund, items: 2}}", "ack", "fail: 10%", "fail: 3%", "{choose: [{p: 5%, do: [fail]}]}", "{choose: [{p: 5%, do: [stop]}]}")
	case kind == 11 && depth < 2:
		return g.parallel(service, depth)
	case kind == 12 && depth < 2:
		if g.chance(0.5) {
			return fmt.Sprintf("{choose: [{p: 50%%, do: %s}]}", g.steps(service, depth+1))
		}
		if g.chance(0.3) {
			return fmt.Sprintf("{choose: [{when: %s, do: %s}, {do: %s}]}", inQuotes(g.condition()), g.steps(service, depth+1), g.steps(service, depth+1))
		}
		return fmt.Sprintf("{choose: [{p: 30%%, do: %s}, {p: 40%%, do: %s}]}", g.steps(service, depth+1), g.steps(service, depth+1))
	case kind == 13 && depth < 2:
		while := ""
		if g.chance(0.2) {
			while = "while: " + inQuotes(g.condition()) + ", "
		}
		return fmt.Sprintf("{repeat: %d, %sdo: %s}", g.between(0, 3), while, g.steps(service, depth+1))
	case kind >= 16:
		return g.atStore(service, depth)
	case kind == 14:
		return fmt.Sprintf("{choose: [{p: 10%%, do: [%s]}]}", g.pick("nack", "nack: requeue", "nack: drop"))
	}
	return "delay: " + g.dist(float64(g.between(1, 30)))
}

// request is a call or an await; publish adds what these do not share with it.
func (g *generator) request(word, to string, service, depth int) string {
	f := flow{[]string{word + ": " + to}}
	if g.chance(0.6) {
		f.put("timeout", g.limit(10, 200))
	}
	if g.chance(0.4) {
		f.put("retry", g.retry(word == "publish"))
	}
	if g.chance(0.1) {
		f.put("set", g.sets())
	}
	if word != "publish" && g.chance(0.3) {
		f.put("cancel", g.pick("true", "false"))
	}
	if g.chance(0.2) {
		f.put("size", g.size())
	}
	if g.chance(0.1) {
		f.put("trace", g.pick("true", "false"))
	}
	if g.chance(0.3) {
		f.put("else", g.alternative(service, depth))
		if g.chance(0.4) {
			f.put("degraded", g.pick("true", "false"))
		}
	}
	return f.mapping()
}

func (g *generator) alternative(service, depth int) string {
	if depth >= 2 || g.chance(0.5) {
		return g.pick("[]", "[reply]", "[delay: 5ms]", "[work: 2ms]")
	}
	return g.steps(service, depth+1)
}

func (g *generator) send(to string) string {
	if g.chance(0.4) {
		to = g.pick(g.entries[0], "bus/q")
	}
	if g.chance(0.5) {
		return "send: " + to
	}
	return fmt.Sprintf("{send: %s, size: %s, trace: %s}", to, g.size(), g.pick("true", "false"))
}

func (g *generator) publish(service, depth int) string {
	to := g.pick(g.entries...)
	if g.chance(0.1) {
		to = "bus/unheard"
	}
	if g.chance(0.4) {
		text := g.request("publish", to, service, depth)
		return strings.TrimSuffix(text, "}") + ", confirm: true" + g.post(to, true) + "}"
	}
	if g.chance(0.5) {
		return "publish: " + to
	}
	batch := ""
	if g.chance(0.3) {
		batch = ", batch: " + g.pick("20ms", "{linger: 50ms, max: 3}", "{linger: 100ms, size: 4kB}")
	}
	return fmt.Sprintf("{publish: %s, size: %s%s%s}", to, g.size(), batch, g.post(to, false))
}

// post is what the messages to a broker have of their own.
func (g *generator) post(to string, confirmed bool) (text string) {
	if to != "bus/log" && g.chance(0.3) {
		text += ", ttl: " + g.time(10, 200)
	}
	if to != "bus/log" && g.chance(0.3) {
		text += ", delayed: " + g.time(1, 100)
	}
	if to != "bus/log" && g.chance(0.2) {
		text += ", transient: true"
	}
	if to != "bus/log" && g.chance(0.3) {
		text += ", priority: " + g.pick("3", "0", "2 * items")
	}
	if confirmed && g.chance(0.4) {
		text += ", idempotent: true"
	}
	return text
}

func (g *generator) parallel(service, depth int) string {
	var f flow
	if g.chance(0.4) {
		f.putf("parallel", "{times: %d, do: %s}", g.between(1, 4), g.steps(service, depth+1))
		f.put("need", g.pick("1", "all"))
	} else {
		f.put("parallel", sequence(g.steps(service, depth+1), g.steps(service, depth+1)))
		if g.chance(0.6) {
			f.put("need", g.pick("1", "2", "all"))
		}
	}
	if g.chance(0.3) {
		f.put("else", g.alternative(service, depth))
		if g.chance(0.4) {
			f.put("degraded", g.pick("true", "false"))
		}
	}
	return f.mapping()
}
