package design

import (
	"math"
	"time"

	"asynclab/sim/mech/balance"
	"asynclab/sim/spec"
)

var serviceTable = spec.New(spec.Table{
	Name: "service", Doc: "a node that handles messages; each instance has its own workers and waiting room", Shared: true,
	Fields: []spec.Field{
		{Key: "instances", Kind: spec.Count, Rank: 5, Label: "instances", Min: 1, Max: MaxInstances, Default: spec.Of(1), Live: true,
			Doc: "instances of the service. More while it runs: new ones begin empty, at once; fewer: the last ones get nothing new, and leave when what they have is done. With `scale`, which goes on from there, they take its `start_up`",
			At:  spec.At(func(s *Service) *int { return &s.Instances })},
		useField,
		{Key: "workers", Kind: spec.Count, Rank: 3, Label: "workers", Max: MaxWorkers, Unlimited: true, Default: spec.Of(1), Live: true,
			Doc: "tasks an instance works on at the same time; fewer while it runs: those that work end in their own time",
			At:  spec.At(func(s *Service) *int { return &s.Workers }), Zero: spec.At(func(s *Service) *bool { return &s.NoWorkers })},
		{Key: "queue", Path: spec.Self, Kind: spec.Part, Inner: roomTable, Doc: "the waiting room of each instance", At: spec.Same},
		{Key: "discipline", Kind: spec.Word, Words: []string{"fifo", "lifo", "priority", "preemptive", "sharing", "deadline"}, Default: spec.Of(0),
			Doc: "who is served next: first come first served; last come first served; the lowest priority number, among those that are there (how many of a queue, the prefetch says); the same, also interrupting work; all at once, each on a thread of its own, sharing the workers (processors); the operation whose `deadline` comes first, those without one last",
			At:  spec.Enum(func(s *Service) *Discipline { return &s.Discipline })},
		{Key: "balance", Kind: spec.Word, Words: balance.Words(), Default: spec.Of(0),
			Doc: "how calls are spread over the instances: " + balance.Docs() + ". There are no health checks: an instance that is down still gets calls, and looks idle",
			At:  spec.OneOf(balance.All, func(s *Service) **balance.Policy { return &s.Balance })},
		{Key: "key", Kind: spec.Name, Default: spec.Says("none"), Doc: "the attribute by which `balance: sticky` and `balance: hash` choose the instance",
			At: spec.At(func(s *Service) *string { return &s.Key })},
		{Key: "on_crash", Kind: spec.Word, Words: []string{"lose", "keep", "resume", "restart"}, Default: spec.Of(0),
			Doc: "what a crash leaves: nothing; the waiting room; also the work, which goes on where it was; or which begins again",
			At:  spec.Enum(func(s *Service) *CrashPolicy { return &s.Crash })},
		{Key: "speed", Kind: spec.Number, Rank: 12, Min: 1e-6, Max: 1e6, Default: spec.Of(1), Live: true, Doc: "work done per second; 2 is twice as fast",
			At: spec.At(func(s *Service) *float64 { return &s.Speed })},
		{Key: "errors", Kind: spec.Share, Rank: 11, Default: spec.Of(0), Live: true, Doc: "probability that a task fails when it starts",
			At: spec.At(func(s *Service) *float64 { return &s.Errors })},
		ownPrice("price of an hour of an instance, in the currency of `prices`", func(s *Service) *float64 { return &s.Price }, func(s *Service) *bool { return &s.HasPrice }),
		{Key: "on", Kind: spec.Form, Form: "handlers", Doc: "its handlers: what it does with each kind of message",
			At: spec.At(func(s *Service) *[]Handler { return &s.Handlers })},
		{Key: "consumes", Kind: spec.Form, Form: "consumers", Inner: consumeTable, Doc: "queues and topics it takes messages from, and the handler for each",
			At: spec.At(func(s *Service) *[]Consume { return &s.Consumes })},
		{Key: "consume_order", Kind: spec.Word, Words: []string{"each", "strict", "weighted"}, Default: spec.Of(0),
			Doc: "with several queues of a broker: each has consumers of its own; or a consumer takes from all of them, with one `prefetch`, that of the first: from the first in the list that has something, so that the others wait until there is nothing in those before; or, of those that have something, in shares of their `weight`",
			At:  spec.Enum(func(s *Service) *ConsumeOrder { return &s.Order })},
		{Key: "stores", Kind: spec.Form, Form: "stores", Inner: storeTable, Default: spec.Says("none"), Doc: "tables that it keeps: states, counters, locks",
			At: spec.At(func(s *Service) *[]Store { return &s.Stores })},
	},
})

var roomTable = spec.New(spec.Table{
	Name: "waiting room", Doc: "the line in front of a service", Short: true, Shared: true,
	Fields: []spec.Field{
		{Key: "limit", Path: "queue", Kind: spec.Count, Rank: 4, Label: "tasks", Max: 1e9, Unlimited: true, ZeroWord: "none", Default: spec.Of(DefaultRoom), Live: true,
			Doc: "places in the waiting room of an instance; with `discipline: sharing`, which has no line, the most tasks that may be there, those in service included",
			At:  spec.At(func(s *Service) *int { return &s.Room }), Has: spec.At(func(s *Service) *bool { return &s.HasRoom })},
		{Key: "when_full", Kind: spec.Word, Words: []string{"reject", "drop-oldest"}, Default: spec.Of(0),
			Doc: "what happens to one more task: it is refused, or the one that has waited longest makes room, by `priority` of those with the highest number",
			At:  spec.Enum(func(s *Service) *OnFull { return &s.OnFull })},
	},
})

// Consumer is a Consume of a service, from which some of its defaults come.
type Consumer struct {
	*Consume
	Of *Service
}

// leads: its credit is not that of another queue.
var leads = spec.When(func(c *Consumer) bool { return c.Of.Order == OrderEach || c.Consume == &c.Of.Consumes[0] })

func (c *Consumer) defaultPrefetch() float64 {
	switch {
	case c.Ack == Automatic && !c.Pull.On:
		return math.Inf(1)
	case c.Batch.Max > 0:
		return float64(c.Batch.Max)
	}
	return 1
}

func (c *Consumer) defaultPoll() float64 {
	if c.Pull.Wait > 0 {
		return 0
	}
	return DefaultPoll.Seconds()
}

var consumeTable = spec.New(spec.Table{
	Name: "consumer", Doc: "how a service takes messages from a queue or a topic", Short: true, Shared: true,
	Fields: []spec.Field{
		{Key: "handler", Kind: spec.Name, Default: spec.Required, Doc: "the handler for its messages",
			At: spec.At(func(c *Consumer) *string { return &c.Handler })},
		useField,
		{Key: "ack", Kind: spec.Word, Words: []string{"manual", "automatic"}, Default: spec.Of(0),
			Doc: "`manual`: the end of the handler acknowledges, a failure returns the message; `automatic`: the broker forgets it when it hands it over; it waits in the consumer's buffer, and a crash loses it",
			At:  spec.Enum(func(c *Consumer) *Ack { return &c.Ack })},
		{Key: "prefetch", Kind: spec.Count, Rank: 14, Label: "messages", Max: 1e6, Unlimited: true, Live: true,
			Default: spec.Auto("1, with `batch` its `max`; `unlimited` with automatic acknowledgement, without `pull`", func(c *Consumer) float64 { return c.defaultPrefetch() }),
			Doc:     "deliveries a consumer may hold that are not yet acknowledged; with automatic acknowledgement, that are not yet done, as with a client that pulls (RabbitMQ ignores it there: `unlimited`); with `pull`, messages that an answer brings at most; 0: it takes none (`unlimited` is what AMQP writes as 0)",
			At:      spec.At(func(c *Consumer) *int { return &c.Prefetch }), Zero: spec.At(func(c *Consumer) *bool { return &c.Stopped }), Where: leads},
		{Key: "consumers", Kind: spec.Count, Label: "consumers", Min: 1, Max: 1e6, Doc: "consumers of an instance",
			Default: spec.Auto("as many as workers", func(c *Consumer) float64 { return float64(c.Of.ConsumersEach()) }),
			At:      spec.At(func(c *Consumer) *int { return &c.Consumers }), Where: leads},
		{Key: "weight", Kind: spec.Count, Min: 1, Max: 1000, Default: spec.Of(1), Doc: "with `consume_order: weighted`: so many messages of this queue to the `weight` of each other that has some",
			At: spec.At(func(c *Consumer) *int { return &c.Weight }), Where: spec.When(func(c *Consumer) bool { return c.Of.Order == OrderWeighted })},
		{Key: "pull", Kind: spec.Part, Inner: pullTable, Default: spec.Says("the broker hands messages over by itself"),
			Doc: "a consumer that has nothing to do asks for messages, up to `prefetch` at a time, and asks again when all of them are done", At: spec.Same},
		{Key: "batch", Kind: spec.Part, Inner: batchTable, Default: spec.Says("one message at a time"),
			Doc: "its handler takes several messages at once: one task, whose steps are done once, for the operation of the first of them; its end acknowledges each of them, its failure returns each. `batch` in a condition, or as in `work: 2ms * batch` and `size: 1kB * batch`, is how many they are; `set: {rows: {from: batch}}` tells it whom the handler calls", At: spec.Same},
		{Key: "subscription", Kind: spec.Name, Default: spec.Says("the service's name"), Doc: "of a topic: services with the same subscription share its messages",
			At: spec.At(func(c *Consumer) *string { return &c.Subscription })},
	},
})

var (
	pulling  = spec.When(func(c *Consumer) bool { return c.Pull.On })
	batching = spec.When(func(c *Consumer) bool { return c.Batch.Max > 0 })
)

var pullTable = spec.New(spec.Table{
	Name: "pull", Short: true, Shared: true,
	Doc: "how a consumer asks its broker for messages. `pull: 0s` asks again and again (short polls), `pull: 20s` lets a pull wait for the next message (long polls)",
	Fields: []spec.Field{
		{Key: "wait", Kind: spec.Duration, Default: spec.Required, Live: true, Doc: "how long a pull waits at the broker while there is nothing; 0: it is answered at once",
			At: spec.At(func(c *Consumer) *time.Duration { return &c.Pull.Wait }), Has: spec.At(func(c *Consumer) *bool { return &c.Pull.On }), Where: pulling},
		{Key: "poll", Kind: spec.Duration, NotZero: true, Live: true, Default: spec.Auto("1s, with `wait` at once", func(c *Consumer) float64 { return c.defaultPoll() }),
			Doc: "time from an empty answer until it asks again",
			At:  spec.At(func(c *Consumer) *time.Duration { return &c.Pull.Poll }), Where: pulling},
		{Key: "min", Kind: spec.Count, Label: "messages", Min: 1, Max: 1e6, Default: spec.Of(1), Live: true,
			Doc: "a pull waits until so many messages are there, or its `wait` is over, when it takes what there is",
			At:  spec.At(func(c *Consumer) *int { return &c.Pull.Min }), Where: pulling},
	},
})

var batchTable = spec.New(spec.Table{
	Name: "batch", Short: true, Shared: true,
	Doc: "how many messages a handler takes at once. A consumer begins a batch when it is done with the one before: with what it holds, which is at most `prefetch`",
	Fields: []spec.Field{
		{Key: "max", Kind: spec.Count, Label: "messages", Min: 1, Max: 1e5, Default: spec.Required, Live: true, Doc: "messages of a batch at most",
			At: spec.At(func(c *Consumer) *int { return &c.Batch.Max }), Where: batching},
		{Key: "linger", Kind: spec.Duration, Default: spec.Of(0), Live: true, Doc: "a batch that is not full waits for more until its first message has been there for so long; with `pull`, `wait` and `min` say so",
			At: spec.At(func(c *Consumer) *time.Duration { return &c.Batch.Linger }), Where: batching},
	},
})

const gatherDoc = "messages are gathered and sent together, as one message of their size: those of a step or load and instance. Each is stored and confirmed by itself; what its `timeout` allows begins when it is gathered, and a crash loses what was not sent"

var gathering = spec.When(func(g *Gather) bool { return g.Linger > 0 })

var gatherTable = spec.New(spec.Table{
	Name: "gathering", Short: true, Shared: true,
	Doc: "when the messages that a publisher has gathered are sent. `batch: 5ms` is Kafka's `linger.ms`",
	Fields: []spec.Field{
		{Key: "linger", Kind: spec.Duration, NotZero: true, Default: spec.Required, Live: true, Doc: "time after the first of them",
			At: spec.At(func(g *Gather) *time.Duration { return &g.Linger }), Where: gathering},
		{Key: "max", Kind: spec.Count, Label: "messages", Min: 1, Max: 1e6, Unlimited: true, Default: spec.Never, Live: true, Doc: "at once when they are so many",
			At: spec.At(func(g *Gather) *int { return &g.Max }), Where: gathering},
		{Key: "size", Path: spec.NoParam, Kind: spec.Size, Min: 1, Unlimited: true, Default: spec.Never, Doc: "at once when they are so large together",
			At: spec.At(func(g *Gather) *float64 { return &g.Size })},
	},
})
