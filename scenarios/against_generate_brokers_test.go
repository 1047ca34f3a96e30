package scenarios_test

import (
	"fmt"
	"slices"
	"strings"
)

// Brokers, links and faults of the generated scenarios.

func (g *generator) brokerSection() (all flow) {
	var q, queues, topics, topic flow
	g.queueOptions(&q, "dead")
	queues.put("q", q.mapping())
	var dead flow
	if g.chance(0.4) {
		dead.putf("max_length", "%d", g.between(1, 5))
	}
	if g.chance(0.2) {
		dead.put("ttl", "60ms")
		dead.put("dead_letter", "q")
	}
	if g.chance(0.3) {
		var again flow
		again.put("at", g.time(50, 800))
		again.put("rate", g.pick("10/s", "500/s"))
		if g.chance(0.4) {
			again.put("every", g.time(100, 400))
		}
		again.put("to", "q")
		dead.put("redrive", again.mapping())
	}
	queues.put("dead", dead.mapping())
	g.queueOptions(&topic, "dead")
	if g.chance(0.4) {
		var sub flow
		g.queueOptions(&sub, "dead")
		if g.chance(0.3) {
			sub.put("filter", inQuotes(g.condition()))
		}
		topic.put("subscriptions", fmt.Sprintf("{shared: %s, audit: {}}", sub.mapping()))
	}
	topics.put("t", topic.mapping())
	topics.put("unheard", "{}")
	topics.put("log", g.log())
	var bus flow
	bus.put("queues", queues.mapping())
	bus.put("topics", topics.mapping())
	if g.chance(0.4) {
		bus.put("heartbeat", g.limit(20, 2000))
	}
	if g.chance(0.3) {
		bus.put("reconnect", g.backoff())
	}
	if g.chance(0.3) {
		var nodes flow
		n := g.between(1, 3)
		nodes.putf("nodes", "%d", n)
		nodes.put("lag", g.time(1, 40))
		nodes.put("failover", g.time(0, 200))
		if g.chance(0.3) {
			nodes.put("catch_up", g.time(10, 300))
		}
		if g.chance(0.5) {
			if strings.Contains(nodes.mapping(), "catch_up") {
				nodes.put("unclean", g.pick("true", "false"))
			}
			nodes.put("acks", "all")
			nodes.putf("min_in_sync", "%d", g.between(1, n))
			if g.chance(0.4) {
				nodes.put("lag_limit", g.time(400, 900))
			}
		} else {
			nodes.put("acks", g.pick("leader", "majority", "none"))
		}
		bus.put("replicas", nodes.mapping())
	}
	if g.chance(0.25) {
		var own flow
		own.putf("workers", "%d", g.between(1, 3))
		own.put("publish", g.pick("exp(2ms)", "3ms", "uniform(1ms, 4ms)"))
		own.put("store", g.time(0, 3))
		own.put("deliver", g.pick("exp(1ms)", "2ms", "0s"))
		if strings.Contains(bus.mapping(), "nodes: 2") || strings.Contains(bus.mapping(), "nodes: 3") {
			own.put("replicate", g.time(1, 3))
		}
		bus.put("capacity", own.mapping())
	}
	if g.chance(0.25) {
		bus.put("flow_control", g.pick("5", "{size: 4kB}", "{messages: 6, size: 8kB, resume: 50%}", "{messages: 4, slow_to: 20/s}"))
	}
	if g.price != "" {
		bus.put("price", g.price)
	}
	all.put("bus", bus.mapping())
	if len(g.brokers) > 1 {
		var r flow
		g.queueOptions(&r, "")
		all.put("mq", fmt.Sprintf("{queues: {r: %s}}", r.mapping()))
	}
	return all
}

// flush says how what is durable comes to the disk.
func (g *generator) flush(f *flow) {
	if g.chance(0.5) {
		return
	}
	var of flow
	if g.chance(0.6) {
		of.put("every", g.limit(20, 300))
	}
	if g.chance(0.4) {
		of.putf("count", "%d", g.between(1, 6))
	}
	if g.chance(0.5) {
		of.put("takes", g.time(1, 30))
	}
	if g.chance(0.5) {
		of.put("confirm", g.pick("flushed", "received"))
	}
	if g.chance(0.5) {
		of.put("buffer", g.pick("process", "system"))
	}
	if len(of.parts) > 0 {
		f.put("flush", of.mapping())
	}
}

// log is a topic with partitions.
func (g *generator) log() string {
	var f, group flow
	f.putf("partitions", "%d", g.between(1, 6))
	if g.chance(0.5) {
		f.put("key", g.pick("kind", "items"))
	}
	if g.chance(0.5) {
		f.put("max_deliveries", g.pick("1", "3"))
	}
	group.put("deal", g.pick("range", "round-robin", "sticky"))
	group.put("rebalance", g.pick("eager", "cooperative"))
	if g.chance(0.5) {
		group.put("pause", g.time(10, 100))
	}
	if g.chance(0.5) {
		group.put("session", g.limit(30, 300))
	}
	if g.chance(0.5) {
		group.put("poll_limit", g.limit(30, 300))
	}
	if g.chance(0.5) {
		group.put("commit", g.time(20, 300))
	}
	if g.chance(0.4) {
		group.put("begin", g.pick("now", "{time: "+g.time(10, 400)+"}", fmt.Sprintf("{offset: %d}", g.between(1, 40))))
	}
	f.put("group", group.mapping())
	if g.chance(0.5) {
		f.put("durable", "true")
		g.flush(&f)
	}
	if g.chance(0.2) {
		f.put("max_message", g.pick("1kB", "{size: 2kB}", "unlimited"))
	}
	if g.chance(0.2) {
		f.put("deduplicate", g.pick("100ms", "{window: 200ms, key: kind}"))
	}
	if g.chance(0.5) {
		var keep, replay flow
		keep.put("for", g.limit(30, 500))
		if g.chance(0.5) {
			keep.put("size", g.pick("2kB", "20kB", "unlimited"))
		}
		if strings.Contains(f.mapping(), "key:") && g.chance(0.5) {
			keep.put("compact", g.time(20, 300))
		}
		f.put("keep", keep.mapping())
		replay.put("at", g.time(50, 900))
		switch g.between(0, 3) {
		case 0:
			replay.put("from", g.pick("start", "now"))
		case 1:
			replay.put("time", g.time(10, 400))
		case 2:
			replay.putf("offset", "%d", g.between(1, 40))
		}
		f.put("replay", replay.mapping())
	}
	return f.mapping()
}

func (g *generator) queueOptions(f *flow, dead string) {
	full := g.pick("reject", "drop-oldest", "block", "dead-letter")
	if full == "dead-letter" && dead == "" {
		full = "reject"
	}
	if g.chance(0.2) {
		f.put("key", g.pick("kind", "items"))
	} else if g.chance(0.3) && dead != "" {
		var line flow
		line.putf("levels", "%d", g.between(2, 5))
		line.put("first", g.pick("lowest", "highest"))
		if g.chance(0.5) {
			line.putf("ratio", "%d", g.between(1, 3))
		}
		f.put("priorities", line.mapping())
	}
	if g.chance(0.7) {
		f.put("max_length", g.pick("1", "3", "10", "50", "unlimited"))
		f.put("when_full", full)
	}
	if g.chance(0.2) {
		f.put("max_unacked", g.pick("1", "3", "unlimited"))
	}
	if g.chance(0.3) {
		f.put("ttl", g.limit(20, 300))
	}
	if g.chance(0.3) {
		f.put("expire", g.pick("head", "any", "held"))
	}
	if g.chance(0.2) {
		f.put("delayed", g.time(1, 60))
	}
	if g.chance(0.2) {
		f.put("limit", g.pick("30/s", "{rate: 60/s, burst: 4}", "{rate: 30/s, key: kind, keys: 2}", "{rate: 20/s, retry_after: true}"))
	}
	if g.chance(0.2) {
		f.put("max_message", g.pick("1kB", "{size: 2kB}", "unlimited"))
	}
	if g.chance(0.2) {
		f.put("deduplicate", g.pick("100ms", "{window: 200ms, key: kind}", "{window: 30ms, key: items}"))
	}
	if g.chance(0.5) {
		f.put("visibility", g.time(20, 300))
		f.put("on_disconnect", g.pick("return", "wait"))
		f.put("late_ack", g.pick("accept", "refuse"))
	} else if !g.ordered && g.chance(0.2) {
		f.put("consumer_timeout", g.time(20, 300))
	}
	endless := true
	if g.chance(0.5) {
		f.put("max_deliveries", g.pick("1", "2", "4", "unlimited"))
		if g.chance(0.4) {
			f.put("at_limit", g.pick("remove", "set-aside", "set-aside"))
		}
		endless = strings.HasSuffix(f.parts[len(f.parts)-1], "unlimited")
		if g.chance(0.4) {
			f.put("counted", g.pick("[failure, lost]", "[nack]", "[timeout, nack]"))
			endless = true
		}
	}
	if endless || g.chance(0.2) { // a message that always fails would come back at the same instant
		if g.chance(0.5) {
			f.put("redelivery_delay", g.backoff())
		} else {
			f.put("redelivery_delay", fmt.Sprintf("{backoff: %s, jitter: %s}", g.backoff(), g.jitter()))
		}
	}
	if dead != "" && (g.chance(0.6) || slices.Contains(f.parts, "when_full: dead-letter")) {
		f.put("dead_letter", dead)
	}
	switch {
	case g.chance(0.3):
		f.put("durable", "true")
		if g.chance(0.4) {
			f.put("persistent", g.pick("kind == buy", "items > 1"))
		}
		g.flush(f)
	case g.chance(0.3):
		f.put("durable", g.pick("true", "false"))
	}
	if g.chance(0.5) {
		f.put("requeue", g.pick("original", "head", "tail", "{nack: tail, lost: head}", "{lost: same}", "{lost: original, nack: head}"))
	}
}

func (g *generator) linkSection() (all flow) {
	all.put("default", g.link())
	for range g.between(0, 3) {
		from, to := g.pick(g.nodes...), g.pick(g.nodes...)
		if from != to && !slices.ContainsFunc(all.parts, func(p string) bool { return strings.HasPrefix(p, from+" -> "+to+":") }) {
			all.put(from+" -> "+to, g.link())
		}
	}
	return all
}

func (g *generator) link() string {
	var f flow
	if g.chance(0.7) {
		f.put("latency", g.dist(float64(g.between(1, 8))))
	}
	if g.chance(0.3) {
		f.put("jitter", g.dist(1))
	}
	if g.chance(0.4) {
		f.put("order", g.pick("auto", "none", "fifo"))
	}
	if g.chance(0.4) {
		f.put("loss", g.share(8))
		f.put("retransmit", g.limit(10, 60))
	}
	if g.chance(0.3) {
		f.put("duplicate", g.share(8))
	}
	if g.chance(0.3) {
		f.put("reorder", g.pick("5%", "{probability: 6%, by: 10ms}", "{probability: 3%, by: exp(5ms)}"))
	}
	if g.chance(0.3) {
		f.put("corrupt", g.share(6))
		f.put("corruption", g.pick("caught", "unseen"))
	}
	if g.chance(0.3) {
		f.put("bandwidth", g.pick("1MB/s", "200kB/s", "10Mbit/s"))
	}
	if g.price != "" {
		f.put("price", g.price)
	}
	return f.mapping()
}

func (g *generator) fault(name string, millis int) string {
	var f flow
	if g.chance(0.8) {
		f.put("name", name)
	}
	service := fmt.Sprintf("s%d", g.IntN(g.services))
	node := service
	if g.chance(0.3) {
		node = g.pick(g.brokers...)
	}
	switch g.IntN(10) {
	case 8:
		f.put("hang", service)
	case 9:
		f.put(g.pick("crash", "host_crash"), g.pick("[s0, bus]", "[bus, s0]", "[z0, z1]"))
		if g.chance(0.5) {
			f.put("pick", "1")

		}
	case 0:
		f.put("crash", node)
	case 1:
		f.put("host_crash", node)
	case 2:
		f.put("slow", service)
		f.put("factor", g.pick("0.5", "3", "10"))
	case 3:
		f.put("pause", service)
	case 4:
		f.put("errors", service)
		f.put("rate", g.share(60))
	case 5:
		f.put("cut", g.pick(inQuotes(service+" -> *"), inQuotes("* <-> "+node), fmt.Sprintf("[%s -> bus, bus -> %s]", service, service), inQuotes("open <-> s0")))
	case 6:
		f.put("partition", g.pick("[bus]", "["+service+"]", "["+service+", bus]"))
	case 7:
		f.put("set", g.settings(service))
	}
	if slices.ContainsFunc(f.parts, func(p string) bool { return strings.HasSuffix(p, ": "+service) }) && g.chance(0.3) {
		f.putf("instance", "%d", g.between(1, 2))
	}
	length := g.dist(float64(g.between(20, 500)))
	switch g.IntN(6) {
	case 0:
		f.put("at", g.time(0, millis))
	case 1:
		f.put("every", g.dist(300))
		f.put("for", length)
		if slices.ContainsFunc(f.parts, func(p string) bool { return strings.HasSuffix(p, ": "+service) }) && g.chance(0.4) {
			f.put("clock", "busy")
		}
	case 4:
		f.put("when", g.pick(`"service.`+service+`.waiting > 2"`, `"service.`+service+`.arrived >= 20"`))
		f.put("look", g.time(5, 100))
		f.put("for", length)
	case 2:
		f.put("at", g.time(1, millis))
		f.put("every", g.dist(400))
		f.put("for", length)
	case 3:
		f.put("at", g.time(1, millis))
		f.put("period", "400ms")
		f.put("for", g.time(10, 350))
	default:
		f.put("at", g.time(1, millis))
		f.put("for", length)
	}
	if g.chance(0.2) {
		f.put("down", g.dist(float64(g.between(5, 60))))
		f.put("up", g.dist(float64(g.between(5, 60))))
	}
	return f.mapping()
}

func (g *generator) settings(service string) string {
	return g.pick(
		fmt.Sprintf("{service.%s.workers: 3, link.default.loss: 20%%}", service),
		fmt.Sprintf("{link.default.latency: 0s, service.%s.speed: 3, service.%s.workers: 1}", service, service),
		"{queue.bus/q.max_length: 2, queue.bus/t.ttl: 30ms}",
		"{link.default.duplicate: 30%, link.default.down: 1}",
		"{load.open.rate: 200/s}",
		"{load.closed.think: 1ms}",
	)
}

// injection is a fault in words.
func (g *generator) injection() string {
	service := fmt.Sprintf("s%d", g.IntN(g.services))
	node := g.pick(service, service, g.brokers[0])
	text := g.pick(
		"crash "+node, "host_crash "+node, "pause "+service, "hang "+service, "crash s0,bus", "crash s0,bus pick=1", "pause "+service+" down=30ms up=exp(20ms)", "slow "+service+" factor=4", "slow "+service+" factor=0.3", "errors "+service+" rate=40%",
		"cut "+service+"->*", "cut *<->"+node, "cut "+service+"->bus,bus->"+service,
	)
	if g.chance(0.2) && strings.HasSuffix(text, " "+service) {
		text += " instance=1"
	}
	if g.chance(0.6) {
		text += " for=" + g.pick("20ms", "150ms", "exp(100ms)", "uniform(10ms, 300ms)")
	}
	return text
}
