package metric

import (
	"asynclab/sim/draw"
	"asynclab/sim/measure"
	"asynclab/sim/record"
)

// Core is every kind of element of the core that has metrics, in reporting order.
var Core = Kinds{Load, Service, Edge, Broker, Replication, Flow, Capacity, Queue, Partition, Group, Log, Flush, Link, Connection, Publisher, Consumer, Store, State, Counter, Fault, Run}

// The counters of a load. LoadFailedBy is the first of one counter for each
// cause, so it is the last of these.
const (
	LoadOffered measure.Counter = iota
	LoadAccepted
	LoadCompleted
	LoadFailed
	LoadRetries
	LoadDegraded
	LoadBroken
	LoadFailedBy
)

// The distributions of a load.
const (
	LoadAcceptedLatency measure.HistID = iota
	LoadConfirmedLatency
	LoadFailedLatency
)

// The metrics that the engine computes when they are read.
const (
	LoadUnfinished Value = iota
	LoadThroughput
	LoadOpen
	LoadAmplification
	ServiceUtilization
	ServiceHeld
	ServiceHeldBlocked
	ServiceInstanceHours
	ServiceCost
	EdgeTime
	EdgeBlocked
	BrokerOperations
	BrokerCost
	CapacityUtilization
	QueueDrainTime
	FaultAffected
	FaultRecovery
	RunEvents
	RunDuration
	RunCost
)

var percentiles = []Stat{Mean, P50, P99, Max}

// Load is the metrics of a load.
var Load = Declare("load", 10, "NAME", []Metric{
	{Key: LoadOffered, Name: "offered", Doc: "operations that arrived in the measured window",
		Row: Row{At: 10, Stats: []Stat{Plain}}, Curve: Curve{Plot: Throughput, Stat: Rate, Label: "offered", Color: 5, Dash: Dotted}},
	{Key: LoadAccepted, Name: "accepted", Better: Higher, Of: LoadOffered, Doc: "operations whose client got its first positive answer",
		Row: Row{At: 15, Stats: []Stat{Ratio}, Unless: LoadCompleted}, Curve: Curve{Plot: Throughput, Stat: Rate, Label: "accepted", Color: 0, Dash: DashDot, Async: true}},
	{Key: LoadCompleted, Name: "completed", Better: Higher, Of: LoadOffered, Doc: "operations that reached their declared end (confirmed)",
		Row:      Row{At: 20, Stats: []Stat{Plain, Ratio}},
		Compared: Compared{At: byGoodput + 1, Stats: []Stat{Ratio}, Head: true}},
	{Key: LoadThroughput, Name: "throughput", Better: Higher, Unit: draw.PerSecond,
		Doc: "completions per second of the measured window, counted when they happen, whenever their operations arrived (completed.rate is by arrival)",
		Row: Row{At: 35, When: NonZero, Stats: []Stat{Plain}}, Curve: Curve{Plot: Throughput, Stat: Plain, Label: "completed", Color: 2},
		Compared: Compared{At: byGoodput + 2, Stats: []Stat{Plain}}},
	{Key: LoadFailed, Name: "failed", Better: Lower, Of: LoadOffered, Sign: Sign{Says: "%s/s fail", Group: record.Failure}, Doc: "operations that failed, by whatever cause",
		Row: Row{At: 40, When: NonZero, Stats: []Stat{Plain}}, Curve: Curve{Plot: Throughput, Stat: Rate, Label: "failed", Color: 1, Dash: Dashed},
		Compared: Compared{At: byLosses, Stats: []Stat{Plain}}},
	{Key: LoadFailedBy, Name: "failed", Better: Lower, PerCause: true, Of: LoadOffered, Doc: "operations that failed by this cause",
		Row: Row{At: 50, When: NonZero, Stats: []Stat{Plain}}, Curve: Curve{Plot: Failures, Stat: Rate}},
	{Key: LoadUnfinished, Name: "unfinished", Better: Lower, Doc: "operations still open when the drain ended; offered = completed + failed + unfinished",
		Row:      Row{At: 60, When: NonZero, Stats: []Stat{Plain}},
		Compared: Compared{At: byLosses + 1, Stats: []Stat{Plain}}},
	{Key: LoadOpen, Name: "open", Better: Lower, Doc: "operations without an end when the measured window ended, the warm-up's too",
		Curve: Curve{Plot: Open, Stat: Plain}},
	{Key: LoadDegraded, Name: "degraded", Better: Lower, Of: LoadOffered, Doc: "completed operations for which a step took its else",
		Row: Row{At: 32, When: NonZero, Stats: []Stat{Plain, Ratio}}},
	{Key: LoadCompleted, Less: LoadDegraded, Name: "goodput", Better: Higher, Of: LoadOffered, Doc: "operations completed and not degraded",
		Row:      Row{At: 30, Stats: []Stat{Ratio}, Unless: LoadCompleted},
		Compared: Compared{At: byGoodput, Stats: []Stat{Ratio}, Head: true}},
	{Key: LoadRetries, Plus: LoadOffered, Name: "attempts", Better: Lower, Doc: "requests that the client sent, retries and hedges included",
		Curve: Curve{Plot: Attempts, Stat: Rate}},
	{Key: LoadBroken, Plus: LoadOffered, Name: "traces", Better: Lower, Sign: Sign{Says: "%s/s traces", Asked: true},
		Doc: "traces that the operations fall into: one each, and one for every message that did not carry it (a topic's: for every subscription)"},
	{Key: LoadAmplification, Name: "amplification", Better: Lower, Of: LoadOffered, Doc: "requests per operation",
		Row: Row{At: 70, When: NotOne, Stats: []Stat{Plain}}},
	{Key: LoadAcceptedLatency, Name: "accepted.latency", Better: Lower, Unit: draw.Seconds, Doc: "from an operation's arrival to its client's first positive answer",
		Row: Row{At: 80, When: Measured, Stats: percentiles, Unless: LoadConfirmedLatency}, Curve: Curve{Plot: Latency, Label: "accepted"},
		Compared: Compared{At: byAccepted, Stats: []Stat{Mean, P50, P99}, Head: true}},
	{Key: LoadConfirmedLatency, Name: "confirmed.latency", Better: Lower, Unit: draw.Seconds, Doc: "from an operation's arrival to its declared end",
		Row: Row{At: 90, When: Measured, Stats: percentiles}, Curve: Curve{Plot: Latency, Label: "confirmed"},
		Compared: Compared{At: byConfirmed, Stats: []Stat{Mean, P50, P99}, Head: true}},
	{Key: LoadFailedLatency, Name: "failed.latency", Better: Lower, Unit: draw.Seconds, Doc: "from an operation's arrival to its failure"},
})

// The counters of a service.
const (
	ServiceArrived measure.Counter = iota
	ServiceStarted
	ServiceCompleted
	ServiceFailed
	ServiceRejected
	ServiceCancelled
	ServiceLost
	ServiceDuplicates
	ServiceOutOfOrder
	ServiceInversions
	ServiceRetries
	ServiceRestarted
)

// The levels of a service.
const (
	ServiceBusy measure.LevelID = iota
	ServiceBlocked
	ServiceWaiting
	ServiceTasks
	ServiceInstances
)

// The distributions of a service.
const (
	ServiceWait measure.HistID = iota
	ServiceSojourn
)

// Service is the metrics of a service, over all its instances.
var Service = Declare("service", 20, "NAME", []Metric{
	{Key: ServiceArrived, Name: "arrived", Doc: "tasks that came to the service: calls and deliveries, but not the calls that it refused because it was down"},
	{Key: ServiceStarted, Name: "started", Of: ServiceArrived, Doc: "tasks whose handler began"},
	{Key: ServiceCompleted, Name: "completed", Of: ServiceArrived, Doc: "tasks whose handler ended well"},
	{Key: ServiceFailed, Name: "failed", Better: Lower, Of: ServiceArrived, Doc: "tasks whose handler failed", Row: ifAny(60)},
	{Key: ServiceRejected, Name: "rejected", Tells: Refuses, Better: Lower, Of: ServiceArrived, Sign: Sign{Says: "%s/s turned away", Group: record.Rejection}, Row: ifAny(50),
		Doc: "tasks rejected by a full waiting room, whose client lost patience, or that were shed when their turn came"},
	{Key: ServiceCancelled, Name: "cancelled", Better: Lower, Of: ServiceArrived, Sign: Sign{Says: "%s/s cancelled", Group: record.Rejection}, Row: ifAny(70),
		Doc: "tasks stopped because their result was no longer wanted"},
	{Key: ServiceLost, Name: "lost", Better: Lower, Of: ServiceArrived, Sign: Sign{Says: "%s/s lost", Group: record.Loss}, Doc: "tasks lost in a crash", Row: ifAny(80),
		Compared: Compared{At: byLosses + 5, Stats: []Stat{Plain}, Over: Sum}},
	{Key: ServiceRestarted, Name: "restarted", Better: Lower, Of: ServiceArrived, Doc: "tasks whose work began again after a crash", Row: ifAny(85)},
	{Key: ServiceDuplicates, Name: "duplicates", Better: Lower, Of: ServiceArrived, Row: ifAny(100),
		Doc: "tasks for a message that the handler had begun to handle before"},
	{Key: ServiceOutOfOrder, Name: "out_of_order", Better: Lower, Of: ServiceCompleted, Sign: Sign{Says: "%s/s out of order", Group: record.Repetition, Asked: true}, Row: Row{At: 110, When: Expected, Stats: []Stat{Plain}},
		Doc: "messages done for the first time after a later one of the same queue (of the same key, where the queue has one) or, sent without a queue, of the same sender; answers to calls have no order"},
	{Key: ServiceInversions, Name: "inversions", Better: Lower, Of: ServiceCompleted, Sign: Sign{Says: "%s/s overtake", Group: record.Repetition, Asked: true}, Row: Row{At: 115, When: Expected, Stats: []Stat{Plain}},
		Doc: "pairs of neighbours in a queue (of one key, where it has one) of which the later was done first, while the earlier was not yet acknowledged"},
	{Key: ServiceRetries, Name: "retries", Better: Lower, Doc: "requests that the service sent again", Row: ifAny(90)},
	{Key: ServiceUtilization, Name: "utilization", Unit: draw.Ratio, Row: Row{At: 10, When: Measured, Stats: []Stat{Plain}},
		Doc: "busy ÷ the workers there are (those held, where they are more; none on an instance that is down); null with unlimited workers"},
	{Key: ServiceBusy, Name: "busy", Doc: "workers held, working or blocked (sharing: processors in use)",
		Curve: Curve{Plot: Workers, Stat: Mean, Label: "busy"}},
	{Key: ServiceBlocked, Name: "blocked", Better: Lower, Doc: "workers held by tasks that wait for others (sharing: the tasks themselves)",
		Curve: Curve{Plot: Workers, Stat: Mean, Label: "blocked", Dash: Dotted, Quiet: true}},
	{Key: ServiceWaiting, Name: "waiting", Better: Lower, Doc: "tasks in the waiting room", Row: ifAny(20, Mean, Max),
		Curve: Curve{Plot: Waiting, Stat: Mean}},
	{Key: ServiceTasks, Name: "tasks", Better: Lower, Doc: "tasks that are there: working, blocked, awaiting or in the waiting room",
		Row: Row{At: 25, When: Expected, Stats: []Stat{Mean, Max}}},
	{Key: ServiceInstances, Name: "instances", Sign: Sign{Says: "instances: %s", Moved: true}, Doc: "instances that are up", Row: Row{At: 15, When: Expected, Stats: []Stat{Mean}}},
	{Key: ServiceWait, Name: "wait", Better: Lower, Unit: draw.Seconds, Doc: "time in line for a worker, 0 where one was free; a task that gives its worker back stands in line again", Row: ifAny(30, P99)},
	{Key: ServiceSojourn, Name: "sojourn", Better: Lower, Unit: draw.Seconds, Doc: "from a task's arrival to the end of its handler"},
	{Key: ServiceHeld, Name: "thread_seconds", Better: Lower, Unit: draw.Seconds, Doc: "worker time held, working or blocked: the integral of busy (sharing: of tasks)",
		Compared: Compared{At: byThreads, Stats: []Stat{Plain}, Over: Sum}},
	{Key: ServiceHeldBlocked, Name: "thread_seconds.blocked", Better: Lower, Unit: draw.Seconds, Row: ifAny(40),
		Doc:      "of it, the time that waits for others: the integral of blocked",
		Compared: Compared{At: byThreads + 1, Stats: []Stat{Plain}, Over: Sum}},
	{Key: ServiceInstanceHours, Name: "instance_hours", Better: Lower, Doc: "hours of its instances in the measured window, up or down"},
	{Key: ServiceCost, Name: "cost", Better: Lower, Priced: true, Row: ifAny(120),
		Doc: "money for its instance hours and for the bytes that it sends, in the measured window; there with `prices` only"},
})

// The counters of an edge. EdgeFailedBy is the first of one counter for each cause.
const (
	EdgeCalls measure.Counter = iota
	EdgeOK
	EdgeUnanswered
	EdgeRetries
	EdgeFallbacks
	EdgeAbandoned
	EdgeLate
	EdgeHedges
	EdgeBudgetSpent
	EdgeFailedBy
)

// EdgeLatency is the distribution of an edge.
const EdgeLatency measure.HistID = 0

// Edge is the metrics of a caller and its callee: of one step that calls, awaits,
// sends or publishes, or of a load. A step that does not wait for an answer has calls
// only.
var Edge = Declare("edge", 25, "A/H->B/G", []Metric{
	{Key: EdgeCalls, Name: "calls", Doc: "calls that began, or messages sent where no answer is awaited; of a load, its operations"},
	{Key: EdgeRetries, Plus: EdgeCalls, Name: "attempts", Better: Lower, Doc: "requests, retries and hedges included: ok − late + failed + abandoned + those under way at the end"},
	{Key: EdgeOK, Name: "ok", Better: Higher, Of: EdgeCalls, Doc: "calls with a good answer"},
	{Key: EdgeUnanswered, Name: "unanswered", Better: Lower, Of: EdgeCalls, Doc: "calls that ended without a good answer: attempts spent, or left by the caller"},
	{Key: EdgeFailedBy, Name: "failed", Better: Lower, PerCause: true, Of: EdgeCalls, Doc: "attempts that failed by this cause"},
	{Key: EdgeFallbacks, Name: "fallbacks", Better: Lower, Of: EdgeCalls, Doc: "calls after which their step took its else"},
	{Key: EdgeRetries, Name: "retries", Better: Lower, Of: EdgeCalls, Sign: Sign{Says: "%s/s again", Group: record.Repetition}, Doc: "requests sent again", Curve: Curve{Plot: Again, Stat: Rate, Quiet: true}},
	{Key: EdgeHedges, Name: "hedges", Better: Lower, Of: EdgeCalls, Doc: "further requests of an attempt, sent while its first was under way"},
	{Key: EdgeBudgetSpent, Name: "budget_spent", Better: Lower, Of: EdgeCalls, Doc: "retries that were not made because the retry budget was spent"},
	{Key: EdgeAbandoned, Name: "abandoned", Better: Lower, Of: EdgeCalls, Doc: "attempts left under way: the caller crashed, was cancelled, or had another answer first"},
	{Key: EdgeLate, Name: "late", Better: Lower, Of: EdgeCalls, Doc: "good answers to an attempt that had failed by its timeout, which counted all the same"},
	{Key: EdgeLatency, Name: "latency", Better: Lower, Unit: draw.Seconds, Doc: "from a call's beginning, retries and back-offs included, to its good answer; recorded where an expectation or --metrics names it, and for loads"},
	{Key: EdgeTime, Name: "time", Better: Lower, Unit: draw.Seconds, Doc: "how long a call lasts, answered or not: the integral of open calls over the calls begun; a load has latency instead"},
	{Key: EdgeBlocked, Name: "blocked", Better: Lower, Unit: draw.Seconds, Doc: "worker time that waits in the calls of this step: the integral of its open calls"},
})

// Broker is the metrics of a broker.
var Broker = Declare("broker", 28, "NAME", []Metric{
	{Key: BrokerOperations, Name: "operations", Better: Lower,
		Doc: "what clients ask of it in the measured window: messages published (once for all subscriptions of a topic), deliveries, acknowledgements that settle one"},
	{Key: BrokerCost, Name: "cost", Better: Lower, Priced: true, Row: ifAny(10),
		Doc: "money for its operations and for the bytes that it sends, in the measured window; there with `prices` only"},
})

// The counters of a queue.
const (
	QueuePublished measure.Counter = iota
	QueueDelivered
	QueueRedelivered
	QueueAcked
	QueueNacked
	QueueLateAcks
	QueueDeadLettered
	QueueExpired
	QueueDropped
	QueueRejected
	QueueLost
	QueueFiltered
	QueueDeduplicated
	QueueRedriven
)

// The levels of a queue. Age and lag time are in nanoseconds.
const (
	QueueDepth measure.LevelID = iota
	QueueDelayed
	QueueUnacked
	QueueAge
	QueueLag
	QueueLagTime
	QueueSetAside
)

// QueueWait is the distribution of a queue.
const QueueWait measure.HistID = 0

// Queue is the metrics of a queue or subscription.
var Queue = Declare("queue", 30, "BROKER/Q", []Metric{
	{Key: QueuePublished, Name: "published", OfPublished: true, Doc: "messages that came to the queue, those it turned away included; one that waits for room has not come yet",
		Row: Row{At: 10, Stats: []Stat{Plain}}},
	{Key: QueueDelivered, Name: "delivered", Of: QueuePublished, Doc: "deliveries to consumers, redeliveries included",
		Row: Row{At: 20, Stats: []Stat{Plain}, Unless: QueuePublished}},
	{Key: QueueRedelivered, Name: "redelivered", Better: Lower, Of: QueuePublished, Sign: Sign{Says: "%s/s again", Group: record.Repetition}, Row: ifAny(30),
		Doc: "deliveries of a message that had been delivered before"},
	{Key: QueueAcked, Name: "acked", Of: QueuePublished, OfPublished: true, Doc: "messages acknowledged (automatic: handed over)"},
	{Key: QueueNacked, Name: "nacked", Better: Lower, Of: QueuePublished, Doc: "negative acknowledgements", Row: ifAny(40)},
	{Key: QueueLateAcks, Name: "late_acks", Better: Lower, Of: QueueDelivered, Row: ifAny(45),
		Doc: "acknowledgements, positive or negative, that came after their message had returned to the queue or ended"},
	{Key: QueueDeadLettered, Name: "dead_lettered", Tells: Ends, Better: Lower, Of: QueuePublished, OfPublished: true, Sign: Sign{Says: "%s/s dead-lettered", Group: record.Rejection}, Doc: "messages moved to the dead-letter queue", Row: ifAny(50),
		Compared: Compared{At: byLosses + 4, Stats: []Stat{Plain}, Over: Sum}},
	{Key: QueueExpired, Name: "expired", Tells: Ends, Better: Lower, Of: QueuePublished, OfPublished: true, Row: ifAny(60),
		Sign: Sign{Says: "%s/s expired", Group: record.Rejection}, Doc: "messages whose time to live ended while they waited (dead_lettered instead, where there is a dead-letter queue); of a topic with partitions, those deleted or passed before the subscription had them"},
	{Key: QueueDropped, Name: "dropped", Tells: Ends, Better: Lower, Of: QueuePublished, OfPublished: true, Row: ifAny(70),
		Sign: Sign{Says: "%s/s dropped", Group: record.Loss}, Doc: "messages dropped with no dead-letter queue: by a full queue, or given up; by a full dead-letter queue",
		Compared: Compared{At: byLosses + 3, Stats: []Stat{Plain}, Over: Sum}},
	{Key: QueueRejected, Name: "rejected", Tells: Refuses, Better: Lower, Of: QueuePublished, OfPublished: true, Sign: Sign{Says: "%s/s refused", Group: record.Rejection}, Doc: "messages refused by a full queue", Row: ifAny(80)},
	{Key: QueueLost, Name: "lost", Tells: Ends, Better: Lower, Of: QueuePublished, OfPublished: true, Doc: "messages lost in a crash of the broker", Row: ifAny(90),
		Compared: Compared{At: byLosses + 2, Stats: []Stat{Plain}, Over: Sum}},
	{Key: QueueFiltered, Name: "filtered", Sign: Sign{Says: "%s/s filtered out"}, Doc: "messages of the topic that the filter left out; they did not come to the subscription", Row: ifAny(95)},
	{Key: QueueRedriven, Name: "redriven", Of: QueuePublished, OfPublished: true, Doc: "messages that went from this queue of dead letters back to where they came from", Row: ifAny(55)},
	{Key: QueueDeduplicated, Name: "deduplicated", Sign: Sign{Says: "%s/s known already", Group: record.Repetition}, Doc: "messages that were not stored, because they were the same as one that was; they did not come to the queue", Row: ifAny(96)},
	{Key: QueueDepth, Name: "depth", Better: Lower, Doc: "messages waiting", Row: ifAny(100, Mean, Max), Curve: Curve{Plot: Queues, Stat: Mean}},
	{Key: QueueDelayed, Name: "delayed", Better: Lower, Sign: Sign{Says: "%s delayed"}, Doc: "messages whose time to be delivered, or delivered again, has not come", Row: ifAny(105, Mean, Max)},
	{Key: QueueSetAside, Name: "set_aside", Better: Lower, Sign: Sign{Says: "%s set aside", Group: record.Rejection}, Doc: "messages that have reached their number of deliveries and stay in the queue, where none is delivered again", Row: ifAny(106, Max, Final)},
	{Key: QueueUnacked, Name: "unacked", Better: Lower, Doc: "messages delivered and not yet acknowledged"},
	{Key: QueueAge, Name: "age", Better: Lower, Unit: draw.Seconds, Doc: "age of the message at the head of the queue; 0 when it is empty", Row: ifAny(120, Max), Curve: Curve{Plot: Age, Stat: Mean}},
	{Key: QueueLag, Name: "lag", Better: Lower, Doc: "of a topic with partitions: messages that are not yet committed, waiting or with a consumer", Row: ifAny(121, Mean, Max)},
	{Key: QueueLagTime, Name: "lag_time", Better: Lower, Unit: draw.Seconds, Doc: "likewise, the age of the oldest of them; 0 when there is none", Row: ifAny(122, Max), Curve: Curve{Plot: Age, Stat: Mean}},
	{Key: QueueWait, Name: "wait", Better: Lower, Unit: draw.Seconds, Doc: "time a message waited in the queue before a delivery", Row: ifAny(110, P99)},
	{Key: QueueDrainTime, Name: "drain_time", Better: Lower, Unit: draw.Seconds, Row: ifAny(130),
		Doc:      "from the moment of the greatest depth to the first moment the queue was empty again; null if it never was",
		Compared: Compared{At: byRecovery, Stats: []Stat{Plain}, Over: Longest}},
})

// The counters of a publisher that gathers messages.
const (
	PublisherBatches measure.Counter = iota
	PublisherBatched
)

// PublisherLinger is the distribution of such a publisher.
const PublisherLinger measure.HistID = 0

// Publisher is the metrics of a step or load that gathers the messages that it publishes.
var Publisher = Declare("publisher", 35, "CALLER->BROKER/Q", []Metric{
	{Key: PublisherBatches, Name: "batches", Sign: Sign{Says: "%s/s batches"}, Doc: "sends of the messages that were gathered", Row: ifAny(10)},
	{Key: PublisherBatched, Name: "batched", Doc: "messages in them"},
	{Key: PublisherLinger, Name: "linger", Better: Lower, Unit: draw.Seconds, Doc: "time that a message waits at its publisher until it is sent", Row: ifAny(20, Mean)},
})

// The counters of a consumer that asks for messages, or takes several at once.
const (
	ConsumerPulls measure.Counter = iota
	ConsumerEmpty
	ConsumerPulled
	ConsumerBatches
	ConsumerBatched
)

// ConsumerBatchWait is the distribution of such a consumer.
const ConsumerBatchWait measure.HistID = 0

// Consumer is the metrics of the consumers of a service at a queue or subscription that
// ask for messages, or whose handler takes several at once.
var Consumer = Declare("consumer", 36, "BROKER/Q->SERVICE", []Metric{
	{Key: ConsumerPulls, Name: "pulls", Better: Lower, Row: ifAny(10), Doc: "times that they asked the broker for messages"},
	{Key: ConsumerEmpty, Name: "empty", Better: Lower, Of: ConsumerPulls, Row: ifAny(20), Doc: "answers without a message"},
	{Key: ConsumerPulled, Name: "pulled", Doc: "messages that answers brought"},
	{Key: ConsumerBatches, Name: "batches", Sign: Sign{Says: "%s/s batches"}, Doc: "batches that the handler was given", Row: ifAny(30)},
	{Key: ConsumerBatched, Name: "batched", Doc: "messages in them"},
	{Key: ConsumerBatchWait, Name: "batch_wait", Better: Lower, Unit: draw.Seconds, Doc: "time that a message waits at its consumer until its batch begins", Row: ifAny(40, Mean)},
})

// The counters of a partition.
const (
	PartitionPublished measure.Counter = iota
	PartitionAcked
)

// The levels of a partition. Lag time is in nanoseconds.
const (
	PartitionLag measure.LevelID = iota
	PartitionLagTime
)

// Partition is the metrics of a partition of a topic, as one subscription sees it.
var Partition = Declare("queue", 31, "BROKER/TOPIC/SUBSCRIPTION/P", []Metric{
	{Key: PartitionPublished, Name: "published", Doc: "messages that came to the partition; the first is 0"},
	{Key: PartitionAcked, Name: "acked", Of: PartitionPublished, Doc: "messages committed"},
	{Key: PartitionLag, Name: "lag", Better: Lower, Doc: "messages that are not yet committed, waiting or with a consumer"},
	{Key: PartitionLagTime, Name: "lag_time", Better: Lower, Unit: draw.Seconds, Doc: "the age of the oldest of them; 0 when there is none"},
}).Called("partition")

// The counters of a group.
const (
	GroupRebalances measure.Counter = iota
	GroupReplayed
)

// The levels of a group.
const (
	GroupMembers measure.LevelID = iota
	GroupStopped
	GroupAgain
)

// GroupRepeated is the distribution of a group.
const GroupRepeated measure.HistID = 0

// Group is the metrics of the consumers that share the partitions of a topic.
var Group = Declare("group", 32, "BROKER/TOPIC/SUBSCRIPTION", []Metric{
	{Key: GroupRebalances, Name: "rebalances", Better: Lower, Doc: "times that the partitions were dealt anew", Row: ifAny(10)},
	{Key: GroupReplayed, Name: "replayed", Doc: "messages that the group got again by a replay, as new copies", Row: ifAny(15)},
	{Key: GroupRepeated, Name: "repeated", Better: Lower, Row: ifAny(18, Mean, Max), Doc: "messages that a member which went without notice had done and not committed, so that they are done again; one sample for each that went"},
	{Key: GroupMembers, Name: "members", Sign: Sign{Says: "members: %s", Kept: true}, Doc: "consumers that are members, those that have gone without notice included"},
	{Key: GroupAgain, Name: "again", Sign: Sign{Says: "reads again: %s to go", Group: record.Repetition}, Doc: "after a replay, offsets that the group has yet to read again, until it is where it was before", Row: ifAny(16, Max)},
	{Key: GroupStopped, Name: "stopped", Better: Lower, Sign: Sign{Says: "partitions standing still: %s", Group: record.Fault}, Doc: "partitions that no member has, or that are about to move", Row: ifAny(20, Mean), Curve: Curve{Plot: Stopped, Stat: Mean}},
})

// The counters of a topic that keeps its messages.
const (
	LogAppended measure.Counter = iota
	LogDeleted
	LogCompacted
)

// Its levels.
const (
	LogRecords measure.LevelID = iota
	LogBytes
)

// Log is the metrics of a topic that keeps its messages.
var Log = Declare("retention", 33, "BROKER/TOPIC", []Metric{
	{Key: LogAppended, Name: "appended", Doc: "messages that came to the topic"},
	{Key: LogDeleted, Name: "deleted", Doc: "messages deleted because of their age, or because all were too large", Row: ifAny(10)},
	{Key: LogCompacted, Name: "compacted", Doc: "messages deleted because a newer one of their key followed", Row: ifAny(20)},
	{Key: LogRecords, Name: "records", Sign: Sign{Says: "%s kept", Quiet: true}, Doc: "messages kept, in all partitions", Row: ifAny(30, Mean, Max)},
	{Key: LogBytes, Name: "bytes", Unit: draw.Bytes, Doc: "their sizes together", Row: ifAny(40, Max)},
})

// The counters of a queue, or topic, whose messages come to a disk.
const (
	FlushFlushes measure.Counter = iota
	FlushFlushed
)

// FlushUnflushed is its level.
const FlushUnflushed measure.LevelID = 0

// Flush is the metrics of a durable queue, or topic, that is flushed to disk.
var Flush = Declare("flush", 34, "BROKER/Q", []Metric{
	{Key: FlushFlushes, Name: "flushes", Doc: "flushes to the disk", Row: ifAny(10)},
	{Key: FlushFlushed, Name: "flushed", Doc: "messages that they brought there", Row: ifAny(20)},
	{Key: FlushUnflushed, Name: "unflushed", Better: Lower, Sign: Sign{Says: "%s not on disk"}, Doc: "messages that have come and are not on disk: a crash of the broker loses those of them that are still there", Row: ifAny(30, Mean, Max)},
})

// The counters of a broker of several nodes.
const (
	ReplicationFailovers measure.Counter = iota
	ReplicationLost
	ReplicationRefused
	ReplicationUnclean
	ReplicationShrinks
)

// The levels of a broker of several nodes.
const (
	ReplicationNodes measure.LevelID = iota
	ReplicationInSync
)

// Replication is the metrics of a broker of several nodes.
var Replication = Declare("replication", 29, "BROKER", []Metric{
	{Key: ReplicationFailovers, Name: "failovers", Better: Lower, Doc: "times that a follower took over", Row: ifAny(10)},
	{Key: ReplicationLost, Name: "lost", Better: Lower, Sign: Sign{Says: "%s/s lost", Group: record.Loss}, Doc: "messages that the follower that took over did not have", Row: ifAny(20)},
	{Key: ReplicationRefused, Name: "refused", Better: Lower, Tells: Refuses, Sign: Sign{Says: "%s/s refused", Group: record.Rejection}, Doc: "messages refused because too few nodes were up, or in step", Row: ifAny(30)},
	{Key: ReplicationUnclean, Name: "unclean", Better: Lower, Doc: "times that one took over that was not in step", Row: ifAny(35)},
	{Key: ReplicationNodes, Name: "nodes", Better: Higher, Doc: "nodes that are up", Row: ifAny(40, Mean)},
	{Key: ReplicationShrinks, Name: "shrinks", Better: Lower, Doc: "times that a follower was out of step by its `lag_limit`", Row: ifAny(36)},
	{Key: ReplicationInSync, Name: "in_sync", Better: Higher, Doc: "nodes that are in step, or count as such: the in-sync set"},
})

// The counter and the levels of a broker that holds publishers back.
const (
	FlowStops measure.Counter = 0

	FlowStopped measure.LevelID = 0
	FlowHeld    measure.LevelID = 1
	FlowWaiting measure.LevelID = 2
)

// Flow is the metrics of a broker that holds publishers back at a mark.
var Flow = Declare("flow", 27, "BROKER", []Metric{
	{Key: FlowStops, Name: "stops", Better: Lower, Doc: "times that it began to hold publishers back", Row: ifAny(10)},
	{Key: FlowStopped, Name: "stopped", Better: Lower, Doc: "1 while it holds publishers back, or slows them, otherwise 0: its mean is the share of the time", Row: ifAny(20, Mean)},
	{Key: FlowWaiting, Name: "waiting", Better: Lower, Sign: Sign{Says: "%s held back", Group: record.Rejection}, Doc: "messages that it has not taken yet, for their publishers wait before a mark, or before a queue without room", Row: ifAny(30, Mean, Max)},
	{Key: FlowHeld, Name: "held", Better: Lower, Doc: "messages in its queues, waiting or held by consumers"},
})

// The levels of a broker that messages cost time.
const (
	CapacityBusy measure.LevelID = iota
	CapacityWaiting
)

// CapacityWait is its distribution.
const CapacityWait measure.HistID = 0

// Capacity is the metrics of a broker that messages cost time.
var Capacity = Declare("capacity", 26, "BROKER", []Metric{
	{Key: CapacityUtilization, Name: "utilization", Unit: draw.Ratio, Row: Row{At: 10, When: Measured, Stats: []Stat{Plain}},
		Doc: "busy ÷ its workers (those in use, where they are more; none while it is away)"},
	{Key: CapacityBusy, Name: "busy", Doc: "workers of the broker that handle a message"},
	{Key: CapacityWaiting, Name: "waiting", Better: Lower, Sign: Sign{Says: "%s in its line"}, Doc: "messages in line for a worker of the broker: published, or to be handed over", Row: ifAny(20, Mean, Max)},
	{Key: CapacityWait, Name: "wait", Unit: draw.Seconds, Better: Lower, Doc: "time in that line, 0 where a worker was free", Row: ifAny(30, Mean, P99)},
})

// The counters of one direction of a link.
const (
	LinkSent measure.Counter = iota
	LinkLost
	LinkDuplicated
	LinkReordered
	LinkCorrupted
	LinkBytes // without the bytes of messages of the default size
)

// Link is the metrics of one direction of a link.
var Link = Declare("link", 40, "A->B", []Metric{
	{Key: LinkSent, Name: "sent", Doc: "messages put on the link, requests, replies and acknowledgements alike"},
	{Key: LinkLost, Name: "lost", Better: Lower, Of: LinkSent, Doc: "messages lost on the link (retransmitted ones count each time)",
		Row: ifAny(10), Curve: Curve{Plot: Losses, Stat: Rate, Quiet: true}},
	{Key: LinkDuplicated, Name: "duplicated", Better: Lower, Of: LinkSent, Sign: Sign{Says: "%s/s doubled", Group: record.Repetition}, Doc: "messages that the link delivered twice", Row: ifAny(20)},
	{Key: LinkReordered, Name: "reordered", Better: Lower, Of: LinkSent, Sign: Sign{Says: "%s/s out of order", Group: record.Repetition}, Doc: "messages that the link held back", Row: ifAny(30)},
	{Key: LinkCorrupted, Name: "corrupted", Better: Lower, Of: LinkSent, Sign: Sign{Says: "%s/s damaged", Group: record.Loss}, Doc: "messages that arrived damaged", Row: ifAny(40)},
	{Key: LinkBytes, Plus: LinkSent, Name: "bytes", Unit: draw.Bytes, Doc: "bytes put on the link"},
})

// The counters of connections.
const (
	ConnectionClosed measure.Counter = iota
	ConnectionOpened
)

// The level of connections.
const ConnectionOpen measure.LevelID = 0

// Connection is the metrics of the connections between a broker and the instances
// of a service, or a load.
var Connection = Declare("connection", 50, "CLIENT->BROKER", []Metric{
	{Key: ConnectionOpen, Name: "open", Better: Higher, Doc: "connections that both sides hold for open: one for each instance of a service, one for a load"},
	{Key: ConnectionClosed, Name: "closed", Better: Lower, Doc: "connections that were closed: by a crash, or because nothing came for too long", Row: ifAny(10)},
	{Key: ConnectionOpened, Name: "opened", Better: Lower, Doc: "connections that were opened again", Row: ifAny(20)},
})

// Fault is the metrics of a fault of the design.
var Fault = Declare("fault", 90, "NAME", []Metric{
	{Key: FaultAffected, Name: "affected", Better: Lower,
		Doc: "operations that arrived or were open while it lasted and failed, were degraded or took longer than the p99 from before, less the number to expect from their share before; null where a load had fewer than 100 operations before. Before is the time in which no fault lasts, after the warm-up",
		Row: Row{At: 10, When: Measured, Stats: []Stat{Plain}}},
	{Key: FaultRecovery, Name: "time_to_recover", Better: Lower, Unit: draw.Seconds,
		Doc:      "from its end to the first interval of the series from which, for a tenth of its length and at least 10 s, 99% of the share before of every load's arrivals are good, and no line is longer than its longest before plus three of its standard deviations; the longest of its occurrences. Null with fewer than 10 intervals before, where that never comes, or where another fault begins first",
		Row:      Row{At: 20, When: Measured, Stats: []Stat{Plain}},
		Compared: Compared{At: byRecovery + 1, Stats: []Stat{Plain}}},
})

// Run is the metrics of the run itself.
var Run = Declare("run", 100, "", []Metric{
	{Key: RunEvents, Name: "events", Doc: "events dispatched, warm-up and drain included"},
	{Key: RunDuration, Name: "duration", Unit: draw.Seconds, Doc: "length of the measured window"},
	{Key: RunCost, Name: "cost", Better: Lower, Priced: true, Row: ifAny(10),
		Doc:   "money for all services and brokers in the measured window; there with `prices` only; over time, what an hour costs",
		Curve: Curve{Plot: Cost, Stat: Plain}, Compared: Compared{At: byCost, Stats: []Stat{Plain}}},
})

// ifAny is a row that is left out where its metric is zero in all designs.
func ifAny(at int, stats ...Stat) Row {
	if len(stats) == 0 {
		stats = []Stat{Plain}
	}
	return Row{At: at, When: NonZero, Stats: stats}
}
