package scenarios

import (
	"time"

	"asynclab/sim/model"

	"github.com/invopop/jsonschema"
)

type duration = time.Duration

func durationOf[T any](place func(*T) *duration) func(*T) *time.Duration { return place }

// room is a waiting room: its size and what happens when it is full.
type room struct {
	limit  int
	onFull model.OnFull
}

var (
	roomLimit = countOr(0, 1e9, map[string]int{"none": 0, "unlimited": model.Unlimited}, "none", "unlimited")
	whenFull  = choice(words("reject drop-oldest"), model.RejectNew, model.DropOldest)
)

var roomObject = newObject("waiting room", "the line in front of a service",
	one("limit", roomLimit, "10000", "how many tasks may wait at each instance; `none`, or `unlimited`", func(q *room) *int { return &q.limit }),
	one("when_full", whenFull, "reject", "what happens to one more: it is refused, or the one that has waited longest makes room", func(q *room) *model.OnFull { return &q.onFull }),
).overridable()

var roomKind = &kind{name: "waiting room", example: "1000", object: roomObject.info, words: []string{"none", "unlimited"},
	doc:    "how many tasks may wait at each instance, or `none`, or `unlimited`; or a mapping that also says what happens when it is full",
	schema: func() *jsonschema.Schema { return anyOf(roomLimit.kind.schema(), ref(roomObject.info)) }}

var roomValue = value[room]{roomKind, func(r *reader, n *node) (room, bool) {
	q := room{limit: model.DefaultRoom}
	ok := false
	if n.shape == mapping {
		ok = roomObject.read(r, n, &q)
	} else {
		q.limit, ok = roomLimit.read(r, n)
	}
	return q, ok
}}

var serviceObject = newObject("service", "a node that handles messages with workers",
	one("instances", countValue(1, model.MaxInstances), "1", "copies of the service, each with its own workers and waiting room", func(s *model.Service) *int { return &s.Instances }),
	one("workers", unbounded(1, model.MaxWorkers), "1", "how many tasks each instance works on at once; or `unlimited`", func(s *model.Service) *int { return &s.Workers }),
	with("queue", roomValue, "10000", "the waiting room of each instance", func(s *model.Service, q room) { s.Room, s.HasRoom, s.OnFull = q.limit, true, q.onFull }),
	one("discipline", choice(words("fifo lifo priority preemptive sharing"), model.FIFO, model.LIFO, model.Priority, model.Preemptive, model.Sharing), "fifo",
		"who is served next: first come first served; last come first served; the lowest priority number; the same, also interrupting work; all at once, sharing the workers",
		func(s *model.Service) *model.Discipline { return &s.Discipline }),
	one("balance", choice(words("round-robin random least-busy two-choices"), model.RoundRobin, model.Random, model.LeastBusy, model.TwoChoices), "round-robin",
		"how calls are spread over the instances: in turn; at random; to the one with the fewest tasks; to the better of two random ones",
		func(s *model.Service) *model.Balance { return &s.Balance }),
	one("on_crash", choice(words("lose keep resume restart"), model.CrashLose, model.CrashKeep, model.CrashResume, model.CrashRestart), "lose",
		"what a crash leaves: nothing; the waiting room; also the work, which goes on where it was; or which begins again",
		func(s *model.Service) *model.CrashPolicy { return &s.Crash }),
	one("speed", numberValue(1e-6, 1e6), "1", "work done per second: 2 halves every work time", func(s *model.Service) *float64 { return &s.Speed }),
	one("errors", shareValue, "0%", "the share of tasks that fail when they start", func(s *model.Service) *float64 { return &s.Errors }),
	one("on", handlersValue, "", "its handlers: what it does with each kind of message", func(s *model.Service) *[]model.Handler { return &s.Handlers }),
	one("consumes", consumesValue, "", "queues and topics it takes messages from, and the handler for each", func(s *model.Service) *[]model.Consume { return &s.Consumes }),
).overridable()

// byName describes a mapping from names to something.
func byName(keys *kind, of *kind) *kind {
	return &kind{name: "mapping", example: "{…}", object: of.object, doc: "a " + of.name + " for each " + keys.name,
		schema: func() *jsonschema.Schema {
			s := &jsonschema.Schema{Type: "object", AdditionalProperties: of.schema()}
			if of.object == nil || of.object.null {
				s.AdditionalProperties = anyOf(s.AdditionalProperties, &jsonschema.Schema{Type: "null"})
			}
			return s
		}}
}

// entries visits what a mapping from names has; anything else is a mistake.
func (r *reader) entries(n *node, what string, visit func(key, val *node)) bool {
	if n == nil {
		return true
	}
	if n.shape != mapping {
		r.at(n, "", "expected a mapping with names as keys (%s), found %s", what, shapeNames[n.shape])
		return false
	}
	for _, p := range n.pairs {
		visit(p.key, p.val)
	}
	return true
}

var handlersValue = value[[]model.Handler]{
	byName(&kind{name: "handler name"}, stepsKind),
	func(r *reader, n *node) (all []model.Handler, ok bool) {
		ok = r.entries(n, "handlers", func(key, val *node) {
			if !r.name(key, "handler") {
				return
			}
			r.push(key.text, key, val)
			steps, _ := r.steps(val)
			r.pop()
			all = append(all, model.Handler{Name: key.text, Steps: steps})
		})
		return all, ok
	},
}

var consumeObject = newObject("consumer", "how a service takes messages from a queue or a topic",
	one("handler", nameValue, required, "the handler for its messages", func(c *model.Consume) *string { return &c.Handler }),
	one("ack", choice(words("manual automatic"), model.Manual, model.Automatic), "manual",
		"`manual`: the end of the handler acknowledges, a failure returns the message; `automatic`: the broker forgets it when it hands it over",
		func(c *model.Consume) *model.Ack { return &c.Ack }),
	one("prefetch", unbounded(1, 1e6), "1", "deliveries that each consumer may hold unacknowledged; or `unlimited`", func(c *model.Consume) *int { return &c.Prefetch }),
	one("consumers", countValue(1, 1e6), "as many as workers", "consumers of each instance", func(c *model.Consume) *int { return &c.Consumers }),
	one("subscription", nameValue, "the service's name", "of a topic: services with the same subscription share its messages", func(c *model.Consume) *string { return &c.Subscription }),
).overridable()

var consumeKind = &kind{name: "consumer", example: "charge", object: consumeObject.info, doc: "the name of a handler, or a mapping",
	schema: func() *jsonschema.Schema { return anyOf(nameKind.schema(), ref(consumeObject.info)) }}

var consumesValue = value[[]model.Consume]{
	byName(&kind{name: "queue or topic (`bus/orders`)"}, consumeKind),
	func(r *reader, n *node) (all []model.Consume, ok bool) {
		ok = r.entries(n, "queues and topics", func(key, val *node) {
			var c model.Consume
			var fine bool
			if c.From, fine = r.target(key, key.text); !fine {
				return
			}
			r.push(key.text, key, val)
			defer r.pop()
			if val.shape == mapping {
				fine = consumeObject.read(r, val, &c)
			} else {
				c.Handler, fine = nameValue.read(r, val)
			}
			if fine {
				all = append(all, c)
			}
		})
		return all, ok
	},
}

// readService reads one service of a merged design.
func readService(r *reader, name *node, n *node) (model.Service, bool) {
	s := model.Service{Name: name.text}
	if !r.name(name, "service") {
		return s, false
	}
	serviceObject.read(r, n, &s)
	return s, n.shape == mapping
}
