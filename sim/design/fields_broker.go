package design

import (
	"time"

	"asynclab/sim/draw"
	"asynclab/sim/mech/deal"
	"asynclab/sim/mech/overflow"
	"asynclab/sim/spec"
)

var brokerTable = spec.New(spec.Table{
	Name: "broker", Doc: "a node that holds queues and topics", Shared: true,
	Fields: []spec.Field{
		{Key: "queues", Kind: spec.Form, Form: "queues", Inner: queueTable, Doc: "its queues; `{}` is one with default settings", At: spec.Same},
		useField,
		{Key: "heartbeat", Kind: spec.Duration, None: true, NotZero: true, Default: spec.Of(DefaultHeartbeat.Seconds()),
			Doc: "interval at which the broker looks whether anything has come on a connection; after two looks in a row without anything it closes the connection, and what its consumers held returns. A client gives up after one and a half of it",
			At:  spec.At(func(b *Broker) *time.Duration { return &b.Heartbeat })},
		{Key: "replicas", Kind: spec.Part, Inner: replicasTable, Default: spec.Says("it is one node"), Doc: "the nodes that the broker consists of: a leader, and followers that have its messages too",
			At: spec.At(func(b *Broker) *Replication { return &b.Replicas })},
		{Key: "flow_control", Kind: spec.Part, Inner: flowTable, Default: spec.Says("its queues say what they have room for, each by itself"), Doc: "when it holds publishers back, of all its queues", At: spec.At(func(b *Broker) *FlowControl { return &b.Flow })},
		{Key: "capacity", Kind: spec.Part, Inner: capacityTable, Default: spec.Says("messages cost it no time"), Doc: "the time of its own that messages cost it, and its workers", At: spec.At(func(b *Broker) *Capacity { return &b.Capacity })},
		{Key: "reconnect", Kind: spec.Part, Inner: reconnectTable, Default: spec.Says("`{backoff: exponential(1s, max=30s), jitter: equal}`"),
			Doc: "the wait between two attempts of a client to connect again; the first is made at once", At: spec.At(func(b *Broker) *Retry { return &b.Reconnect })},
		ownPrice("price of a million operations, in the currency of `prices`", func(b *Broker) *float64 { return &b.Price }, func(b *Broker) *bool { return &b.HasPrice }),
		{Key: "topics", Kind: spec.Form, Form: "topics", Inner: topicTable, Doc: "its topics", At: spec.Same},
	},
})

func replicated(r *Replication) bool { return r.Nodes > 0 }

var replicasTable = spec.New(spec.Table{
	Name: "replication", Short: true, Shared: true,
	Doc: "a broker of several nodes. A crash of the broker is that of its leader: after `failover` a follower leads, with what it has, durable or not, and until the end of the fault there is one node less. A crash while one is under way is that of one more; with none left it is away, and only what is durable is there when one comes back",
	Fields: []spec.Field{
		{Key: "nodes", Kind: spec.Count, Label: "nodes", Min: 1, Max: 100, Default: spec.Required, Doc: "how many, the leader included", At: spec.At(func(r *Replication) *int { return &r.Nodes }), Where: spec.When(replicated)},
		{Key: "acks", Kind: spec.Word, Words: []string{"leader", "all", "majority", "none"}, Default: spec.Of(0),
			Doc: "when a message is there for consumers, and confirmed: when the leader has it, so that what the followers do not have yet is lost with the leader; when all followers that are up and in step have it; or when more than half of all nodes have it, the leader included, and without so many up none leads. `none` is `leader` for consumers, but the broker acknowledges nothing: whoever publishes, a load or a `publish` with `confirm`, is done when the message is sent, and hears of no loss, of no full queue and of no broker that is away (Kafka's `acks=0`)",
			At:  spec.Enum(func(r *Replication) *Acks { return &r.Acks })},
		{Key: "min_in_sync", Kind: spec.Count, Label: "nodes", Min: 1, Max: 100, Default: spec.Of(1), Doc: "with `acks: all`: nodes that must be up and in step; with fewer a message is refused", At: spec.At(func(r *Replication) *int { return &r.Minimum }), Where: spec.When(replicated)},
		{Key: "lag", Kind: spec.TimeDist, Default: spec.Of(0), Doc: "how long the followers take to have a message, and the leader to know of it; with `acks: majority` each follower by itself", At: spec.At(func(r *Replication) *draw.Dist { return &r.Lag })},
		{Key: "lag_limit", Kind: spec.Duration, None: true, NotZero: true, Default: spec.Says("one that stands still is out of step at once"),
			Doc: "a follower that has not had a message for so long is out of step, until it has it: one whose `lag` is longer, or that stands still (`pause: BROKER#2`). With `acks: all` messages wait for it until then, and those that are left with fewer than `min_in_sync` are refused. It is Kafka's `replica.lag.time.max.ms`",
			At:  spec.At(func(r *Replication) *time.Duration { return &r.LagLimit })},
		{Key: "failover", Kind: spec.TimeDist, Default: spec.Of(0), Doc: "from the crash of the leader until a follower leads: to notice it, and to elect", At: spec.At(func(r *Replication) *draw.Dist { return &r.Failover })},
		{Key: "catch_up", Kind: spec.Duration, Default: spec.Of(0), Doc: "how long a node that is back takes, under a leader, until it has what came meanwhile; until then it is up, and not in step", At: spec.At(func(r *Replication) *time.Duration { return &r.CatchUp })},
		{Key: "unclean", Kind: spec.YesNo, Default: spec.Of(0), Doc: "where no node in step is up, one leads that is not, without what came since it went, confirmed or not; otherwise the broker is away until one is back that has all",
			At: spec.At(func(r *Replication) *bool { return &r.Unclean })},
	},
})

var flowTable = spec.New(spec.Table{
	Name: "flow control", Short: true, Shared: true,
	Doc: "a broker that has as many messages as one of its marks says, waiting or held by consumers, takes no more: what comes waits until there are fewer than the mark times `resume`, in the order in which it came to its queue. So does its publisher, as with `when_full: block`. Nothing is lost; what returns, dead letters and redriven messages are not held back, and a topic with partitions takes no part, its logs are on disk",
	Fields: []spec.Field{
		{Key: "messages", Kind: spec.Count, Label: "messages", Min: 1, Max: 1e9, Unlimited: true, Live: true, Default: spec.Says("`unlimited`, with `size`"), Doc: "high-water mark: messages in its queues",
			At: spec.At(func(f *FlowControl) *int { return &f.Messages }), Where: spec.When(func(f *FlowControl) bool { return f.Messages != 0 })},
		{Key: "size", Kind: spec.Size, Min: 1, Unlimited: true, Live: true, Default: spec.Says("`unlimited`, with `messages`"), Doc: "high-water mark: bytes of the messages in its queues",
			At: spec.At(func(f *FlowControl) *float64 { return &f.Size }), Where: spec.When(func(f *FlowControl) bool { return f.Size != 0 })},
		{Key: "resume", Kind: spec.Share, Default: spec.Of(1), Doc: "the low-water mark, as a share of each of the others: below it publishers go on", At: spec.At(func(f *FlowControl) *float64 { return &f.Resume })},
		{Key: "slow_to", Kind: spec.Rate, Min: 1e-6, Default: spec.Says("it takes none"), Live: true, Doc: "publishers are slowed and not blocked: meanwhile it takes so many messages per second, of the queues for which some wait in turn",
			At: spec.At(func(f *FlowControl) *float64 { return &f.Slow }), Where: spec.When(func(f *FlowControl) bool { return f.Slow > 0 })},
	},
})

func works(c *Capacity) bool { return c.Workers > 0 }

var capacityTable = spec.New(spec.Table{
	Name: "capacity", Shared: true,
	Doc: "the time of its own that a message costs a broker, on workers of its own: what comes, and what is handed over, stands in one line for them, first come, first served. A message is stored, and confirmed, when its time is over; one that is handed over leaves then. Several workers whose times vary let messages overtake each other. What costs no time does not stand in line, and acknowledgements cost none. A crash of the broker loses what is in line as what is on the way to it",
	Fields: []spec.Field{
		{Key: "workers", Kind: spec.Count, Label: "workers", Min: 1, Max: 10000, Live: true, Default: spec.Required, Doc: "how many messages it handles at a time", At: spec.At(func(c *Capacity) *int { return &c.Workers }), Where: spec.When(works)},
		{Key: "publish", Kind: spec.TimeDist, Live: true, Default: spec.Of(0), Doc: "to take a message from its publisher, stored or not", At: spec.At(func(c *Capacity) *draw.Dist { return &c.Publish }), Where: spec.When(works)},
		{Key: "store", Kind: spec.TimeDist, Live: true, Default: spec.Of(0), Doc: "beside that, for each queue, subscription or partition that gets it", At: spec.At(func(c *Capacity) *draw.Dist { return &c.Store }), Where: spec.When(works)},
		{Key: "replicate", Kind: spec.TimeDist, Live: true, Default: spec.Of(0), Doc: "and for each follower that is up", At: spec.At(func(c *Capacity) *draw.Dist { return &c.Replicate }), Where: spec.When(works)},
		{Key: "deliver", Kind: spec.TimeDist, Live: true, Default: spec.Of(0), Doc: "to hand a message to a consumer, each time; an answer to a pull costs it for each message that it brings, and an empty one once", At: spec.At(func(c *Capacity) *draw.Dist { return &c.Deliver }), Where: spec.When(works)},
	},
})

var topicTable = spec.New(spec.Table{
	Name: "topic", Shared: true,
	Doc: "a topic: each subscription gets a copy of every message; services that consume a topic get a subscription with these settings, and what a listed subscription does not say it takes from here too",
	Fields: append([]spec.Field{
		{Key: "partitions", Kind: spec.Count, Path: spec.NoParam, Min: 1, Max: MaxPartitions, Default: spec.Says("none"),
			Doc: "the topic is so many logs: a message is appended to one of them, by `key` or in turn, and is kept until every subscription has had it. A subscription is a group of consumers then: each partition belongs to one of them, who is given it in order, `prefetch` messages at a time",
			At:  spec.At(func(t *Topic) *int { return &t.Partitions })},
		{Key: "keep", Kind: spec.Part, Inner: keepTable, Default: spec.Says("until every subscription has had it"),
			Doc: "with `partitions`: how long a message is kept, whoever has had it", At: spec.At(func(t *Topic) *Retention { return &t.Keep })},
		{Key: "subscriptions", Kind: spec.Form, Form: "subscriptions", Inner: queueTable, Doc: "subscriptions that exist even if nobody consumes them", At: spec.Same},
	}, queueFields(func(t *Topic) *Queue { return &t.Template })...),
})

var keepTable = spec.New(spec.Table{
	Name: "retention", Short: true, Shared: true,
	Doc: "how long the messages of a topic with partitions are kept, whoever has had them: by one of these, or by several. What is deleted before a subscription has had it is `expired` for that subscription",
	Fields: []spec.Field{
		{Key: "for", Kind: spec.Duration, None: true, NotZero: true, Default: spec.Says("`none`, with another of these"), Live: true, Doc: "they are deleted at this age; `none`: never",
			At: spec.At(func(k *Retention) *time.Duration { return &k.For }), Where: spec.When(func(k *Retention) bool { return k.For != 0 })},
		{Key: "size", Kind: spec.Size, Min: 1, Unlimited: true, Default: spec.Says("`unlimited`, with another of these"), Live: true, Doc: "the oldest of a partition are deleted when all of it together are larger; the newest stays",
			At: spec.At(func(k *Retention) *float64 { return &k.Size }), Where: spec.When(func(k *Retention) bool { return k.Size != 0 })},
		{Key: "compact", Kind: spec.Duration, None: true, NotZero: true, Default: spec.Says("`none`"), Doc: "interval at which every message is deleted that is followed by a newer one with the same `key`",
			At: spec.At(func(k *Retention) *time.Duration { return &k.Compact }), Where: spec.When(func(k *Retention) bool { return k.Compact > 0 })},
	},
})

var replayTable = spec.New(spec.Table{
	Name: "replay", Shared: true,
	Doc: "a subscription goes to another place in its log, once: back, to get again what is still kept, as new copies of it; or forward, where what it passes is `expired` for it. The place is one of `from`, `time` and `offset`",
	Fields: append([]spec.Field{
		{Key: "at", Kind: spec.Duration, NotZero: true, Default: spec.Required, Doc: "when", At: spec.At(func(r *Replay) *time.Duration { return &r.At })},
	}, placeFields(func(r *Replay) *LogPlace { return &r.To })...),
})

var beginTable = spec.New(spec.Table{
	Name: "beginning", Short: true, Shared: true,
	Doc:    "the place in each partition from which on a group gets messages: one of `from`, `time` and `offset`. `now` is where the log ends when its first member comes; the others do not depend on when it comes. A group whose place has not been published yet waits behind the newest message, and does not get what comes before its place; what is deleted before it has had it is `expired` for it",
	Fields: placeFields(func(p *LogPlace) *LogPlace { return p }),
})

// placeFields are those of the place in a log that a T has.
func placeFields[T any](p func(*T) *LogPlace) []spec.Field {
	return spec.Several("replay", []spec.Field{
		{Key: "from", Kind: spec.Word, Words: []string{"start", "now"}, Default: spec.Of(0), Doc: "the oldest message that is kept, or behind the newest",
			At: spec.At(func(t *T) *bool { return &p(t).Now })},
		{Key: "time", Kind: spec.Duration, NotZero: true, Default: spec.Says("none"), Doc: "the first message that is published at this time of the run or later",
			At: spec.At(func(t *T) *time.Duration { return &p(t).Time }), Where: spec.When(func(t *T) bool { return p(t).Time != 0 })},
		{Key: "offset", Kind: spec.Count, Path: spec.NoParam, Min: 1, Max: 1e15, Default: spec.Says("none"), Doc: "the message with this number, in each partition; the first is 0, for which `from: start` stands",
			At: spec.At(func(t *T) *int { return &p(t).Offset })},
	}...)
}

func redrives(r *Redrive) bool { return r.At > 0 }

var redriveTable = spec.New(spec.Table{
	Name: "redrive", Shared: true,
	Doc: "messages go from a queue of dead letters back to where they came from, one by one, until those are gone that were there when it began. Each begins anew there: with a time to live and a number of deliveries of its own. One for which there is no room waits, and those behind it; one that was published to the queue itself ends it, without `to`",
	Fields: []spec.Field{
		{Key: "at", Kind: spec.Duration, NotZero: true, Default: spec.Required, Doc: "when it begins", At: spec.At(func(r *Redrive) *time.Duration { return &r.At }), Where: spec.When(redrives)},
		{Key: "rate", Kind: spec.Rate, Min: 1e-6, Default: spec.Required, Live: true, Doc: "messages that it moves per second", At: spec.At(func(r *Redrive) *float64 { return &r.Rate }), Where: spec.When(redrives)},
		{Key: "every", Kind: spec.Duration, None: true, NotZero: true, Default: spec.Says("once"), Doc: "it begins again after this time, and again", At: spec.At(func(r *Redrive) *time.Duration { return &r.Every }), Where: spec.When(redrives)},
		{Key: "to", Kind: spec.Name, Default: spec.Says("where each came from"), Doc: "the queue of the same broker to which they go", At: spec.At(func(r *Redrive) *string { return &r.To })},
	},
})

var queueTable = spec.New(spec.Table{
	Name: "queue", Doc: "a queue: each message goes to one consumer", Shared: true,
	Fields: queueFields(func(q *Queue) *Queue { return q }),
})

// queueFields are the settings of the queue that a T is, or has as a template.
func queueFields[T any](q func(*T) *Queue) []spec.Field {
	return spec.Several("queue", []spec.Field{
		useField,
		{Key: "max_length", Kind: spec.Count, Rank: 13, Label: "messages", Min: 1, Max: 1e9, Unlimited: true, Default: spec.Of(DefaultRoom), Live: true,
			Doc: "messages that may wait in the queue, those that wait for their redelivery included", At: spec.At(func(t *T) *int { return &q(t).MaxLength })},
		{Key: "when_full", Kind: spec.Word, Words: overflow.Words(), Default: spec.Of(0),
			Doc: "what happens to one more message: " + overflow.Docs() + ". A message that returns is let in, but costs the oldest its place (`drop-oldest`) or goes to the dead-letter queue (`dead-letter`)",
			At:  spec.OneOf(overflow.All, func(t *T) **overflow.Policy { return &q(t).Overflow })},
		{Key: "ttl", Kind: spec.Duration, Rank: 19, None: true, NotZero: true, Default: spec.Never, Live: true,
			Doc: "time after which a waiting message expires", At: spec.At(func(t *T) *time.Duration { return &q(t).TTL })},
		{Key: "expire", Kind: spec.Word, Words: []string{"head", "any", "held"}, Default: spec.Of(0),
			Doc: "where a message expires, in a queue that has a `ttl` or whose messages have their own: only at the head of the line, so that one that has longer to live keeps those behind it; anywhere in the line; or also while a consumer holds it. What is held or delayed expires when it returns, otherwise",
			At:  spec.Enum(func(t *T) *Expire { return &q(t).Expire })},
		{Key: "delayed", Kind: spec.Duration, Rank: 23, Default: spec.Of(0), Live: true,
			Doc: "how long a message waits before it can be delivered for the first time, unless it has a `delayed` of its own; it counts as waiting, and takes its place in the line when it can be delivered", At: spec.At(func(t *T) *time.Duration { return &q(t).Delay })},
		{Key: "deduplicate", Kind: spec.Part, Inner: knownTable, Default: spec.Says("every message is stored"),
			Doc: "messages that are the same as one that came before are not stored; their publisher is told that they are", At: spec.At(func(t *T) *Known { return &q(t).Known })},
		{Key: "visibility", Kind: spec.Duration, Rank: 20, None: true, NotZero: true, Default: spec.Never, Live: true,
			Doc: "time after which an unacknowledged delivery returns to the queue", At: spec.At(func(t *T) *time.Duration { return &q(t).Visible })},
		{Key: "consumer_timeout", Kind: spec.Duration, None: true, NotZero: true, Default: spec.Never,
			Doc: "time after which an unacknowledged delivery closes the channel of its consumer: all that it holds returns, an acknowledgement of that is ignored, and the consumer is away for the first wait of the broker's `reconnect`",
			At:  spec.At(func(t *T) *time.Duration { return &q(t).Timeout })},
		{Key: "on_disconnect", Kind: spec.Word, Words: []string{"return", "wait"}, Default: spec.Of(0),
			Doc: "what a lost connection does to unacknowledged messages: they return at once, or at their visibility timeout",
			At:  spec.At(func(t *T) *bool { return &q(t).AwaitVisible })},
		{Key: "late_ack", Kind: spec.Word, Words: []string{"accept", "refuse"}, Default: spec.Of(0),
			Doc: "what an acknowledgement does whose message has returned to the queue meanwhile, and may be with another consumer: the message is done, or it stays where it is",
			At:  spec.At(func(t *T) *bool { return &q(t).RefuseLate })},
		{Key: "max_deliveries", Kind: spec.Count, Rank: 21, Label: "deliveries", Min: 1, Max: 1e6, Unlimited: true, Default: spec.Never, Live: true,
			Doc: "deliveries after which a message is dead-lettered, dropped or set aside", At: spec.At(func(t *T) *int { return &q(t).MaxDeliveries })},
		{Key: "at_limit", Kind: spec.Word, Words: []string{"remove", "set-aside"}, Default: spec.Of(0),
			Doc: "what becomes of a message after `max_deliveries`: `remove`, it goes to the dead-letter queue, or is dropped without one; `set-aside`, it stays in the queue and is never delivered again. It counts in `max_length` and the marks of `flow`, and no longer keeps its operation open; it goes by its time to live, as the oldest of a full queue that drops those, or by a late acknowledgement that counts",
			At:  spec.At(func(t *T) *bool { return &q(t).SetAside })},
		{Key: "max_unacked", Kind: spec.Count, Path: spec.NoParam, Label: "deliveries", Min: 1, Max: 1e9, Unlimited: true, Default: spec.Never,
			Doc: "deliveries that all its consumers together may hold unacknowledged, beside the `prefetch` of each; with so many it hands over no more (JetStream's `MaxAckPending`)",
			At:  spec.At(func(t *T) *int { return &q(t).MaxUnacked })},
		{Key: "counted", Kind: spec.Form, Form: "words", Default: spec.Says("`[failure, nack, lost, timeout]`"),
			Doc: "which ends of a delivery count towards `max_deliveries`: its handler failed, or had no room; a `nack` refused it; its connection was lost; its `visibility` or `consumer_timeout` was over. What does not count may happen without end",
			At:  spec.At(func(t *T) *[]string { return &q(t).Counted })},
		{Key: "redelivery_delay", Path: "redelivery", Kind: spec.Part, Inner: redeliveryTable, Default: spec.Says("no wait"),
			Doc: "the wait before a refused message is delivered again, at least 100 µs after its last delivery; what a lost connection or a timeout returns does not wait", At: spec.At(func(t *T) *Retry { return &q(t).RedeliveryDelay })},
		{Key: "priorities", Kind: spec.Part, Inner: lineTable, Default: spec.Says("none: first come, first served"),
			Doc: "the line is in the order of priorities, and of publication where they are equal: what returns takes its place by both, whatever `requeue` says", At: spec.At(func(t *T) *Line { return &q(t).Line })},
		{Key: "key", Kind: spec.Name, Default: spec.Says("none"), Doc: "an attribute: one message of each value is under way at a time, in line, held or waiting for its redelivery, and the others wait behind it in the order of publication. With `partitions`: the partition is the value modulo their number, a word by its hash",
			At: spec.At(func(t *T) *string { return &q(t).Key })},
		{Key: "filter", Kind: spec.Form, Form: "condition", Default: spec.Says("every message"), Doc: "which messages of its topic a subscription gets, for example `kind == refund`",
			At: spec.At(func(t *T) *Condition { return &q(t).Filter })},
		{Key: "dead_letter", Kind: spec.Name, Default: spec.Says("dropped"), Doc: "the queue of the same broker that takes what cannot be delivered",
			At: spec.At(func(t *T) *string { return &q(t).DeadLetter })},
		{Key: "group", Kind: spec.Part, Inner: groupTable, Default: spec.Says("as below"), Doc: "how consumers share the partitions of a topic",
			At: spec.At(func(t *T) *Group { return &q(t).Group })},
		{Key: "replay", Kind: spec.Part, Inner: replayTable, Default: spec.Says("none"), Doc: "of a topic that keeps its messages: what a subscription gets again",
			At: spec.At(func(t *T) *Replay { return &q(t).Replay })},
		{Key: "redrive", Kind: spec.Part, Inner: redriveTable, Default: spec.Says("none"), Doc: "of a queue of dead letters: when its messages go back", At: spec.At(func(t *T) *Redrive { return &q(t).Redrive })},
		{Key: "durable", Kind: spec.YesNo, Default: spec.Of(0), Doc: "its messages survive a crash of the broker",
			At: spec.At(func(t *T) *bool { return &q(t).Durable })},
		{Key: "persistent", Kind: spec.Form, Form: "condition", Default: spec.Says("every message"), Doc: "with `durable`: which of its messages survive, for example `kind == order`; the others are as if they were published with `transient`",
			At: spec.At(func(t *T) *Condition { return &q(t).Persistent })},
		{Key: "flush", Kind: spec.Part, Inner: flushTable, Default: spec.Says("each message at once, in no time"),
			Doc: "with `durable`: how its messages come to the disk of the broker, which a crash leaves", At: spec.At(func(t *T) *Flush { return &q(t).Flush })},
		{Key: "requeue", Path: spec.Self, Kind: spec.Part, Inner: requeueTable, Doc: "where a returned message takes its place in the line",
			At: spec.At(q)},
	}...)
}

func ranked(l *Line) bool { return l.Levels > 0 }

// MaxRanks is how many priorities the messages of a queue can have.
const MaxRanks = 256

var lineTable = spec.New(spec.Table{
	Name: "priorities", Short: true, Shared: true,
	Doc: "which message of a queue is handed over next. The priority of a message is that of its `publish`, or that of its load. `priorities: {levels: 10, first: highest}` is a classic queue of RabbitMQ with `x-max-priority: 9`",
	Fields: []spec.Field{
		{Key: "levels", Kind: spec.Count, Path: spec.NoParam, Label: "levels", Min: 2, Max: MaxRanks, Default: spec.Required, Doc: "how many differ: 0, 1, … A number beyond counts as the last of them",
			At: spec.At(func(l *Line) *int { return &l.Levels }), Where: spec.When(ranked)},
		{Key: "first", Kind: spec.Word, Words: []string{"lowest", "highest"}, Default: spec.Of(0), Doc: "which number is first: 0, as everywhere here, or the highest, as most brokers have it",
			At: spec.At(func(l *Line) *bool { return &l.Highest })},
		{Key: "ratio", Kind: spec.Count, Path: spec.NoParam, Min: 1, Max: 1000, Default: spec.Says("strict: the others wait until there is none"),
			Doc: "so many of the first level that is there to one of those behind it, among which the same rule holds", At: spec.At(func(l *Line) *int { return &l.Ratio })},
	},
})

var flushTable = spec.New(spec.Table{
	Name: "flushing", Short: true, Shared: true,
	Doc: "when a broker brings to its disk what came to a queue, or to a partition: each message as soon as it comes, or by time, or by number, or by whichever is first. What comes while it does so goes with the next flush. A message can be delivered before it is on disk; a crash of the broker loses it then, if no other node has it",
	Fields: []spec.Field{
		{Key: "every", Kind: spec.Duration, None: true, NotZero: true, Default: spec.Says("`none`"), Doc: "at the multiples of this time",
			At: spec.At(func(f *Flush) *time.Duration { return &f.Every }), Where: spec.When(func(f *Flush) bool { return f.Every > 0 })},
		{Key: "count", Kind: spec.Count, Label: "messages", Min: 1, Max: 1e9, Default: spec.Says("not by number"), Doc: "when so many messages have come",
			At: spec.At(func(f *Flush) *int { return &f.Count }), Where: spec.When(func(f *Flush) bool { return f.Count > 0 })},
		{Key: "takes", Kind: spec.TimeDist, Default: spec.Of(0), Doc: "how long a flush takes", At: spec.At(func(f *Flush) *draw.Dist { return &f.Takes })},
		{Key: "confirm", Kind: spec.Word, Words: []string{"flushed", "received"}, Default: spec.Of(0), Doc: "when a publisher that waits for it hears that a message is stored: when it is on disk, or when the broker has it, so that a crash can lose what was confirmed",
			At: spec.At(func(f *Flush) *bool { return &f.Received })},
		{Key: "buffer", Kind: spec.Word, Words: []string{"process", "system"}, Default: spec.Of(0), Doc: "where a message is until then: in the memory of the broker, or in that of the operating system, which only `host_crash` empties",
			At: spec.At(func(f *Flush) *bool { return &f.System })},
	},
})

var knownTable = spec.New(spec.Table{
	Name: "de-duplication", Short: true, Shared: true,
	Doc: "which messages a queue, or a topic with partitions, takes for the same: it remembers each that it has stored, whatever became of it, and does not begin anew with one that it did not store",
	Fields: []spec.Field{
		{Key: "window", Kind: spec.Duration, NotZero: true, Default: spec.Required, Doc: "how long it remembers one, from when it came",
			At: spec.At(func(k *Known) *time.Duration { return &k.Window }), Where: spec.When(func(k *Known) bool { return k.Window > 0 })},
		{Key: "key", Kind: spec.Name, Default: spec.Says("what its publisher, or its link, sends again"), Doc: "the attribute of which messages with the same value are the same",
			At: spec.At(func(k *Known) *string { return &k.Key })},
	},
})

// postFields are what the messages have of their own that a T sends to a broker.
func postFields[T any](p func(*T) *Post) []spec.Field {
	return spec.Several("message", []spec.Field{
		{Key: "ttl", Kind: spec.TimeDist, None: true, Default: spec.Says("as its queue says"), Live: true, Doc: "to a queue or a topic without partitions: time after which the message expires, if the `ttl` of its queue is not over before",
			At: spec.At(func(t *T) *draw.Dist { return &p(t).TTL }), Has: spec.At(func(t *T) *bool { return &p(t).HasTTL }), By: spec.At(func(t *T) *string { return &p(t).TTLBy }),
			Where: spec.When(func(t *T) bool { return p(t).HasTTL })},
		{Key: "delayed", Kind: spec.TimeDist, Default: spec.Says("as its queue says"), Doc: "likewise: how long the message waits in its queue before it can be delivered for the first time",
			At: spec.At(func(t *T) *draw.Dist { return &p(t).Delay }), Has: spec.At(func(t *T) *bool { return &p(t).HasDelay }), By: spec.At(func(t *T) *string { return &p(t).DelayBy }),
			Where: spec.When(func(t *T) bool { return p(t).HasDelay })},
		{Key: "idempotent", Kind: spec.YesNo, Default: spec.Of(0),
			Doc: "the broker knows what its publisher sends again without knowing whether it has come: it stores it once, and says yes. It knows it by the publisher and a number, so that a publisher that has crashed, or a handler that is run again, publishes anew; of each queue or topic it remembers the last 10,000",
			At:  spec.At(func(t *T) *bool { return &p(t).Idempotent })},
		{Key: "transient", Kind: spec.YesNo, Default: spec.Of(0), Doc: "to a queue or a topic without partitions: the message does not survive a crash of the broker, also where its queue is durable",
			At: spec.At(func(t *T) *bool { return &p(t).Transient })},
	}...)
}

var requeueTable = spec.New(spec.Table{
	Name: "place of a return", Short: true, Shared: true,
	Doc: "where a message takes its place in the line: by its publication; in front, behind those that returned there before; at the end. A quorum queue of RabbitMQ is `{nack: tail, lost: head}`, with a limit of deliveries `head`",
	Fields: []spec.Field{
		{Key: "nack", Kind: spec.Word, Words: []string{"original", "head", "tail"}, Default: spec.Of(0), Doc: "a message that its consumer refused",
			At: spec.Enum(func(q *Queue) *Requeue { return &q.Requeue })},
		{Key: "lost", Kind: spec.Word, Words: []string{"same", "original", "head", "tail"}, Default: spec.Of(0),
			Doc: "one whose connection was lost or whose visibility timeout is over; `same`: as one that was refused",
			At:  spec.Enum(func(q *Queue) *Requeue { return &q.RequeueLost })},
	},
})

var groupTable = spec.New(spec.Table{
	Name: "consumer group", Shared: true,
	Doc: "how the consumers of a subscription share the partitions of its topic, one member each: a partition belongs to one member at a time; with more members than partitions some are idle. A message that fails is tried again in its place after `redelivery_delay`, and its partition waits, until `max_deliveries`: then it goes to the dead-letter queue, or is skipped without one. A `batch` is of all partitions that a member has; one that fails is tried again, before any other",
	Fields: []spec.Field{
		{Key: "deal", Kind: spec.Word, Words: deal.Words(), Default: spec.Of(0), Doc: "how partitions are dealt to members: " + deal.Docs(),
			At: spec.OneOf(deal.All, func(g *Group) **deal.Strategy { return &g.Deal })},
		{Key: "rebalance", Kind: spec.Word, Words: []string{"eager", "cooperative"}, Default: spec.Of(0),
			Doc: "what a member that comes or goes stops: everything, until every member has finished what it has; or only the partitions that move",
			At:  spec.At(func(g *Group) *bool { return &g.Cooperative })},
		{Key: "pause", Kind: spec.Duration, Default: spec.Of(0), Doc: "time that a rebalance takes, once every member has finished what it has",
			At: spec.At(func(g *Group) *time.Duration { return &g.Pause })},
		{Key: "session", Kind: spec.Duration, None: true, NotZero: true, Default: spec.Of(DefaultSession.Seconds()),
			Doc: "a member that is silent for so long (crashed, paused, cut off) has left: what it had goes to others, from the last commit on",
			At:  spec.At(func(g *Group) *time.Duration { return &g.Session })},
		{Key: "poll_limit", Kind: spec.Duration, None: true, NotZero: true, Default: spec.Never,
			Doc: "a member that takes longer for what it was given at once has left; it goes on with the message it is at, and comes again",
			At:  spec.At(func(g *Group) *time.Duration { return &g.PollLimit })},
		{Key: "begin", Kind: spec.Part, Inner: beginTable,
			Doc: "where a group begins. When the message that it is to have next has been deleted, it goes on at the oldest message that is kept; one that begins `now`, behind the newest",
			At:  spec.At(func(g *Group) *LogPlace { return &g.Begin })},
		{Key: "commit", Kind: spec.Duration, NotZero: true, Default: spec.Says("after each message"),
			Doc: "interval at which a member that has finished what it was given commits how far it has come; what it did since is done again when it goes without notice",
			At:  spec.At(func(g *Group) *time.Duration { return &g.Commit })},
	},
})
