package scenarios

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"

	"asynclab/sim/design"
	"asynclab/sim/mech/all"
	"asynclab/sim/spec"
)

// generator writes files by the tables of the language: a new field is generated
// without a line here, a new form needs one.
type generator struct {
	*rand.Rand
	lang    *language
	written map[*spec.Field]bool
	service int // in whose handlers the steps are: they send to later ones only
	depth   int
	to      string // where the present load sends to
	design  bool   // the parts are those of a design
	names   int
}

const (
	genServices = 4
	genShare    = 0.25 // of the optional fields that a file has
)

func (g *generator) pick(all ...string) string { return all[g.IntN(len(all))] }

func (g *generator) document() string {
	var b strings.Builder
	d := g.lang.document
	for _, e := range d.entries {
		g.design = false
		v, ok := g.entry(&e, d.Table, e.Key == "version" || e.Key == "name" || e.Key == "run" || e.Key == "load" || e.Key == "services" || e.Key == "brokers" || e.Key == "prices")
		if ok {
			fmt.Fprintf(&b, "%s: %s\n", e.Key, v)
		}
	}
	return b.String()
}

// object writes a mapping with its required fields and some of the others.
func (g *generator) object(o *object, skip ...string) string { return mapping(g.fields(o, skip...)) }

func mapping(parts []string) string { return "{" + strings.Join(parts, ", ") + "}" }

func (g *generator) fields(o *object, skip ...string) (parts []string) {
	for i := range o.entries {
		e := &o.entries[i]
		if slices.Contains(skip, e.Key) || e.Key == "redrive" && !slices.Contains(skip, "dead_letter") && (o.Table.Name != "topic" || g.IntN(10) > 0) { // which a topic may not have
			continue
		}
		if v, ok := g.entry(e, o.Table, e.Default.Required); ok {
			parts = append(parts, e.Key+": "+v)
		}
	}
	if parts = mended(parts); o.Table.Name == "redrive" { // to a queue that is there
		parts = append(slices.DeleteFunc(parts, func(p string) bool { return strings.HasPrefix(p, "to:") || strings.HasPrefix(p, "for:") }), "to: q0")
	}
	if o.Table.Name == "capacity" { // of a broker that may be alone
		parts = append(slices.DeleteFunc(parts, func(p string) bool { return strings.HasPrefix(p, "replicate:") || strings.HasPrefix(p, "deliver:") }), "deliver: 1ms")
	}
	if o.Table.Name == "flushing" { // which lasts no time
		parts = slices.DeleteFunc(parts, func(p string) bool { return strings.HasPrefix(p, "for:") })
	}
	return parts
}

// onCalls are the keys of the mechanisms of calls, each with its colon.
var onCalls = func() (keys []string) {
	for _, m := range all.Mechanisms {
		if m.Stands&design.OnCall != 0 {
			keys = append(keys, m.Key+":")
		}
	}
	return keys
}()

// mended adds what some values need beside them: most files should be valid.
func mended(parts []string) []string {
	has := func(begin string) bool {
		return slices.ContainsFunc(parts, func(p string) bool { return strings.HasPrefix(p, begin) })
	}
	if has("pick:") && !slices.ContainsFunc(parts, func(p string) bool { return strings.Contains(p, ": [s") }) {
		parts = slices.DeleteFunc(parts, func(p string) bool { return strings.HasPrefix(p, "pick:") })
	}
	if has("when: \"service") { // a fault has one of the three
		parts = slices.DeleteFunc(parts, func(p string) bool {
			return strings.HasPrefix(p, "every:") || strings.HasPrefix(p, "period:") || strings.HasPrefix(p, "clock:")
		})
	} else {
		parts = slices.DeleteFunc(parts, func(p string) bool { return strings.HasPrefix(p, "look:") })
	}
	if has("clock: busy") && (!has("every:") || !slices.ContainsFunc([]string{"crash: s", "slow: s", "pause: s", "errors: s", "hang: s"}, has)) {
		parts = slices.DeleteFunc(parts, func(p string) bool { return strings.HasPrefix(p, "clock:") })
	}
	if has("every:") && has("period:") {
		parts = slices.DeleteFunc(parts, func(p string) bool { return strings.HasPrefix(p, "period:") })
	}
	if has("publish:") { // which has mechanisms if it confirms, is not hedged, and has no answer
		parts = slices.DeleteFunc(parts, func(p string) bool {
			return strings.HasPrefix(p, "hedge:") || strings.HasPrefix(p, "failover:") || strings.HasPrefix(p, "cache:")
		})
		if slices.ContainsFunc(onCalls, has) {
			parts = append(slices.DeleteFunc(parts, func(p string) bool { return strings.HasPrefix(p, "confirm:") }), "confirm: true")
		}
	}
	if has("to: m/") || has("cache:") { // at a broker, or of one target
		parts = slices.DeleteFunc(parts, func(p string) bool { return strings.HasPrefix(p, "failover:") })
	}
	if has("key:") || has("redrive:") { // whose order is that of publication
		parts = slices.DeleteFunc(parts, func(p string) bool { return strings.HasPrefix(p, "priorities:") || strings.HasPrefix(p, "use: ibm") })
	}
	if has("resume:") && !has("size:") && !has("messages:") {
		parts = append(parts, "messages: 5")
	}
	if has("slow_to:") && !has("size:") && !has("messages:") {
		parts = append(parts, "messages: 5")
	}
	if has("unclean: true") && !has("catch_up:") {
		parts = append(parts, "catch_up: 30ms")
	}
	if has("unclean: true") || has("acks: majority") && !has("min_in_sync:") {
		parts = append(slices.DeleteFunc(parts, func(p string) bool { return strings.HasPrefix(p, "acks:") }), "acks: "+map[bool]string{true: "all", false: "majority"}[has("unclean: true")])
	}
	if has("min_in_sync:") { // at most the nodes, and of all
		parts = append(slices.DeleteFunc(parts, func(p string) bool { return strings.HasPrefix(p, "min_in_sync:") || strings.HasPrefix(p, "acks:") }), "min_in_sync: 1", "acks: all")
	}
	if has("idempotent: true") && has("publish:") && !has("confirm:") {
		parts = append(parts, "confirm: true")
	} else if has("idempotent:") && has("publish:") {
		parts = slices.DeleteFunc(parts, func(p string) bool { return strings.HasPrefix(p, "idempotent:") })
	}
	if has("send: m/") { // which nobody waits for
		parts = slices.DeleteFunc(parts, func(p string) bool {
			return strings.HasPrefix(p, "idempotent:") || slices.ContainsFunc(onCalls, func(key string) bool { return strings.HasPrefix(p, key) })
		})
	}
	if has("confirm: false") {
		parts = slices.DeleteFunc(parts, func(p string) bool { return strings.HasPrefix(p, "idempotent:") })
	}
	if has("to: s") { // what only a broker knows
		parts = slices.DeleteFunc(parts, func(p string) bool {
			return slices.ContainsFunc([]string{"ttl:", "delayed:", "idempotent:", "transient:", "batch:"}, func(key string) bool { return strings.HasPrefix(p, key) })
		})
	}
	apart := []string{"group:", "keep:", "replay:"} // what stands with partitions only, or never
	if has("partitions:") {
		apart = []string{"max_length:", "when_full:", "persistent:", "ttl:", "expire:", "delayed:", "visibility:", "on_disconnect:", "late_ack:", "requeue:", "filter:", "redrive:", "subscriptions:", "limit:", "bulkhead:", "priorities:", "max_unacked:", "counted:", "consumer_timeout:"}
	}
	parts = slices.DeleteFunc(parts, func(p string) bool {
		return slices.ContainsFunc(apart, func(key string) bool { return strings.HasPrefix(p, key) })
	})
	if has("up: none") || has("down: none") { // which is as if it were not there
		parts = slices.DeleteFunc(parts, func(p string) bool { return strings.HasPrefix(p, "up:") || strings.HasPrefix(p, "down:") })
	}
	disk := has("takes:") || has("buffer:") || has("count:") || has("confirm: flushed") || has("confirm: received") // a flush, not a fault
	for _, n := range [][2]string{{"balance: sticky", "key: kind"}, {"balance: hash", "key: items"}, {"on_disconnect: wait", "visibility: 1s"}, {"when_full: dead-letter", "dead_letter: dead"},
		{"every:", "for: 100ms"}, {"down:", "up: 30ms"}, {"up:", "down: 20ms"}, {"period:", "for: 100ms"}, {"line:", "wait: 20ms"}, {"slots:", "latency: 2ms"}, {"attempts: unlimited", "backoff: 20ms"}, {"otherwise: ignore", "allow: {open: done}"}, {"otherwise: park", "allow: {open: done}"}} {
		if key, _, _ := strings.Cut(n[1], ":"); has(n[0]) && !has(key+":") && (n[0] != "every:" || !disk) {
			parts = append(parts, n[1])
		}
	}
	if has("flush:") || has("persistent:") {
		parts = append(slices.DeleteFunc(parts, func(p string) bool { return strings.HasPrefix(p, "durable:") }), "durable: true")
	}
	switch {
	case has("visibility:") && has("use: rabbitmq"):
		parts = slices.DeleteFunc(parts, func(p string) bool { return strings.HasPrefix(p, "use:") || strings.HasPrefix(p, "consumer_timeout:") })
	case has("visibility:"): // one or the other
		parts = slices.DeleteFunc(parts, func(p string) bool { return strings.HasPrefix(p, "consumer_timeout:") })
	}
	if has("pull:") { // it is the pull that waits
		for i, p := range parts {
			if strings.HasPrefix(p, "batch: {") {
				parts[i] = "batch: 4"
			}
		}
	}
	return parts
}
