package warning

import (
	"cmp"
	"slices"

	"asynclab/sim/record"
)

// Kind is a kind of warning. The kinds are ordered by weight: the first says that
// the numbers are not those of the run that was asked for, the last that a number
// rests on few samples.
type Kind = *Declaration

// Declaration declares a kind of warning.
type Declaration struct {
	Name   string // stable: `silence`, JSON, translations
	Source Source
	Says   string // what is so; each %s is a term
	Advise string // what to do
	Means  string // which number means something else than it seems
}

// kinds are the kinds of the core, those that matter most first.
var kinds = [...]Kind{
	BudgetEvents,
	BudgetInFlight,
	BudgetWaiting,
	BudgetInstant,
	BudgetRetries,
	BudgetVisits,
	BudgetRows,
	BudgetResends,
	NoLoad,
	NoOperations,
	NoWorkers,
	NeverLetIn,
	Unconfirmed,
	Unfinished,
	HeldLost,
	HeldWhenLost,
	ResentForEver,
	Growing,
	Draining,
	Saturated,
	AllBlocked,
	ShortWarmup,
	LateFault,
	NeverHeld,
	LateChange,
	LateWindow,
	CutWindow,
	DoneWhenPublished,
	DoneWhenAnswered,
	LostUnseen,
	StepWaits,
	ClientWaits,
	NeverClosed,
	ReturnsForEver,
	RetriesForEver,
	GoesRound,
	LockOrder,
	NotUndone,
	UsersTurnedAway,
	UsersRefused,
	DeadInstance,
	DeadLooksIdle,
	ServedInTurn,
	UnboundedBuffer,
	UnboundedQueue,
	UnboundedRoom,
	Unreached,
	NeverHappens,
	NotConsumed,
	NoSubscription,
	NoTraffic,
	AlreadyForgotten,
	NotConsuming,
	NoBatch,
	IdleMembers,
	StepByPosition,
	CauseIgnored,
	CauseNever,
	NoElse,
	NeverRead,
	FaultsWithoutNumbers,
	UnboundedStore,
	PrecisionNotReached,
	FewerReplications,
	FewSamples,
}

// Source is where warnings of a kind come from.
type Source string

// The sources.
const (
	Check Source = "design" // before a run
	Run   Source = "run"
)

// The kinds of warnings.
var (
	BudgetEvents = &Declaration{"budget-events", Run,
		"stopped after %s events: the budget of events was used up at %s", "raise max_events, or run shorter",
		"every number is of the run until then"}
	BudgetInFlight = &Declaration{"budget-in-flight", Run,
		"stopped at %s: the operations, messages, tasks and copies in flight took more than %s", "bound the queues and retries, or give more workers",
		"every number is of the run until then; the load is more than the design carries, or something goes round for ever"}
	BudgetWaiting = &Declaration{"budget-waiting", Run,
		"stopped at %s: what is in flight took more than %s, and %s wait here", "bound what may wait here, and the retries of who sends it, or give it more workers",
		"every number is of the run until then; more comes here than is done"}
	BudgetInstant = &Declaration{"budget-instant", Run,
		"stopped at %s: more than %s things happened at one instant, as in a loop that takes no time", "give the retry, the redelivery or the work in it some time",
		"every number is of the run until then"}
	BudgetRetries = &Declaration{"budget-retries", Run,
		"stopped at %s: every attempt failed at once and was followed by the next one at the same instant, without end (more than %s things happened at it)", "give the retry a back-off, or an end: attempts: 3",
		"every number is of the run until then"}
	BudgetVisits = &Declaration{"budget-visits", Run,
		"stopped at %s: the visits of open operations, which have to be remembered, took more than %s", "bound the deliveries or retries: messages go round, and their operations do not end",
		"every number is of the run until then"}
	BudgetRows = &Declaration{"budget-rows", Run,
		"stopped at %s: %s are kept here, and with what is in flight they take more than %s", "give a store a ttl or a number of rows, or forget a row when it is done with; let a topic keep for less time; give a de-duplication a shorter window, a cache a size, a limit fewer keys",
		"every number is of the run until then"}
	BudgetResends = &Declaration{"budget-resends", Run,
		"stopped at %s: a link that loses what it carries had sent one message again %s times", "give it a loss below 100%, or no retransmission",
		"every number is of the run until then"}
	NoWorkers = &Declaration{"no-workers", Check,
		"without a worker nothing is done", "give it one, unless it gets some while it runs",
		"what comes waits, or is rejected"}
	NeverLetIn = &Declaration{"never-let-in", Check,
		"no call is ever let in", "with discipline: sharing the queue counts those in service too: give it at least 1",
		"every call is rejected"}
	Unconfirmed = &Declaration{"unconfirmed", Run,
		"%s of %s operations ended unconfirmed, though nothing had failed: not done for them was %s", "let confirm have a count where one of its handlers is enough, or name handlers that every operation reaches: a batch goes on for the first of its messages only",
		"these operations count as failed, as lost"}
	Unfinished = &Declaration{"unfinished", Run,
		"%s of %s operations were still open when the run ended, and are in no latency: the mean is %s without them, and %s with them at the age they had, so that the truth is more", "let the drain be longer: it follows them to their ends",
		"latencies are those of the operations that ended soon enough"}
	HeldLost = &Declaration{"held-lost", Run,
		"%s messages were lost on their way to consumers or back, and keep their places in the prefetch", "give the queue a visibility timeout, or the link a retransmission",
		"the consumers have had fewer places than the prefetch says, or none"}
	IdleMembers = &Declaration{"idle-members", Check,
		"%s consumers share %s partitions: %s of them have none", "give the topic more partitions, or fewer consumers",
		"those are idle, and take over when another leaves"}
	ResentForEver = &Declaration{"resent-for-ever", Check,
		"every message is lost and sent again, without end", "give it a loss below 100%, or no retransmission",
		"nothing arrives, and events are those of the link"}
	DeadInstance = &Declaration{"dead-instance", Check,
		"calls still go to instance %s of %s while it is down: balancing has no health checks", "give the callers a short timeout and a retry, which may reach another instance",
		"a part of all calls fails while the instance is down, which a balancer with health checks would keep away from it"}
	DeadLooksIdle = &Declaration{"dead-looks-idle", Check,
		"calls still go to instance %s of %s while it is down, and it looks idle: balancing has no health checks", "with balance: round-robin a retry may reach another instance",
		"most calls, and their retries, go to the instance that is down"}
	ServedInTurn = &Declaration{"served-in-turn", Check,
		"the queues are served in turn, as if first come first served: with a prefetch of 1 one message of each is there, and priorities decide among these only", "a larger prefetch lets more messages of a queue be there to choose from",
		"what is urgent waits as long as the rest"}
	UnboundedBuffer = &Declaration{"unbounded-buffer", Check,
		"the broker hands over all there is: what waits in the consumers' buffers has no bound, and a crash loses it", "declare a prefetch, as a client that pulls has one, or unlimited",
		"depth is 0 while messages wait at the consumers"}
	NoLoad = &Declaration{"no-load", Check,
		"there is no load: nothing would ever happen", "add a load",
		"every count is 0, every latency has no samples"}
	NoOperations = &Declaration{"no-operations", Run,
		"no operation arrived in the measured window", "run longer, or cut off less as warm-up",
		"every number of the load is 0 or has no samples"}
	HeldWhenLost = &Declaration{"held-when-lost", Check,
		"what is lost on its way to a consumer keeps a place of its prefetch for ever: %s", "give the queue a visibility timeout, or the link a retransmission",
		"the queue stops for good once every place is taken: that is the model's, not the broker's"}
	Growing = &Declaration{"growing", Run,
		"never reached a steady state: it was still growing at the end (%s), so its means and the latencies depend on the length of the run", "give more workers or less load, or read the numbers as those of this length",
		"means, percentiles and latencies grow with the duration; the operations that wait longest are not yet among them"}
	Draining = &Declaration{"draining", Run,
		"never reached a steady state: it was still shrinking at the end (%s), so its means and the latencies depend on the length of the run", "run longer, or measure after the peak",
		"means and latencies are those of a peak that had not ended"}
	Saturated = &Declaration{"saturated", Run,
		"every worker was busy for %s of the time: more comes than they can do, or just as much", "give more workers or less load; with closed users this may be what is meant",
		"what waits grows with the run, or is bounded by rooms, users and deadlines only; latencies are those of the bound"}
	AllBlocked = &Declaration{"all-blocked", Run,
		"every worker was held for %s of the time, and for %s of that it waited for others: these are too slow, or wait for it in their turn (a deadlock)", "look at what it calls; give its calls a timeout, or break the circle of services that wait for each other",
		"more workers or less load would not help for long; what waits is bounded by rooms, users and deadlines only"}
	ShortWarmup = &Declaration{"short-warmup", Run,
		"the beginning is not like the rest: a warm-up of %s is suggested (MSER-5), and it was %s", "set warmup in run, or --warmup",
		"the mean has the beginning of the run in it, which is not what lasts"}
	LateFault = &Declaration{"late-fault", Check,
		"this fault never happens: it is due at %s, and the run ends at %s", "let it be earlier, or run longer",
		"it has no effect on any number"}
	NeverHeld = &Declaration{"never-held", Run,
		"this fault never happened: %s was never so when it was looked at", "choose another bound, look more often, or run longer",
		"it has no effect on any number"}
	LateChange = &Declaration{"late-change", Check,
		"this change is never made: it is due at %s, and the run ends at %s", "let it be earlier, or run longer",
		"it has no effect on any number"}
	FaultsWithoutNumbers = &Declaration{"faults-without-numbers", Run,
		"%s of %s faults have neither affected nor time_to_recover: they are kept for %s", "name those that matter in an expectation: they come first",
		"these numbers are null, whatever the faults did"}
	LateWindow = &Declaration{"late-window", Check,
		"the window %s is never seen: the run ends at %s", "let it be earlier, or run longer",
		"the expectation has no samples, and fails"}
	CutWindow = &Declaration{"cut-window", Check,
		"the window %s ends after the run, which ends at %s", "let it be earlier, or run longer",
		"the expectation is judged by the part of the window that the run reaches"}
	DoneWhenPublished = &Declaration{"done-when-published", Check,
		"an operation is confirmed as soon as the broker has the message", "name the handler whose completion counts with confirm",
		"completed and confirmed.latency leave out the work of the consumers"}
	DoneWhenAnswered = &Declaration{"done-when-answered", Check,
		"an operation is confirmed when %s answers, before %s has done its part", "name the handler whose completion counts with confirm",
		"completed and confirmed.latency leave out the work behind the queue, beside a design where the client waits for it"}
	LostUnseen = &Declaration{"lost-unseen", Check,
		"what is lost here is never sent again, and nobody waits for it: %s", "let the publish confirm and retry, or the link retransmit",
		"completed operations may lack a part of their work"}
	StepWaits = &Declaration{"step-waits", Check,
		"could wait for ever: %s", "give it a timeout",
		"a worker that waits for ever is busy for ever, and its operation ends only by its deadline"}
	ClientWaits = &Declaration{"client-waits", Check,
		"the client could wait for ever: %s", "give it a timeout",
		"an operation whose message or answer is lost is never tried again"}
	NeverClosed = &Declaration{"never-closed", Check,
		"an operation could stay open for ever: %s", "give it a deadline",
		"such operations are neither completed nor failed, and in no latency"}
	ReturnsForEver = &Declaration{"returns-for-ever", Check,
		"every message goes back to %s and comes again 100 µs later, without end", "give the queue max_deliveries or a redelivery back-off",
		"deliveries and utilization are those of the loop"}
	RetriesForEver = &Declaration{"retries-for-ever", Check,
		"retries follow at once and without end", "give it a back-off",
		"requests and utilization are those of the retries"}
	LockOrder = &Declaration{"lock-order", Check,
		"the lock of %s is taken by who holds that of %s, and elsewhere in %s the other way round: two can wait for each other", "take locks in the same order everywhere",
		"who waits so holds its worker and its locks until its patience ends"}
	NotUndone = &Declaration{"not-undone", Check,
		"what %s has done stays when %s fails: the steps here undo others, and not this", "undo it in the else of the step that fails, before its fail or stop",
		"the counts of the services no longer fit each other, and no failure says so"}
	GoesRound = &Declaration{"goes-round", Check,
		"messages may go round for ever: %s", "let it stop at what it has seen: {stop: , when: seen}, set: seen",
		"messages, and what they cost, are those until the run ended"}
	UsersTurnedAway = &Declaration{"users-turned-away", Check,
		"there are more users than %s has room for: who is refused comes back at the same instant", "give them a think time, or the link a latency",
		"the run ends by its budget of events at one instant"}
	UsersRefused = &Declaration{"users-refused", Check,
		"who is refused while %s is down comes back at the same instant", "give them a think time, or the link a latency",
		"the run ends by its budget of events at one instant"}
	UnboundedQueue = &Declaration{"unbounded-queue", Check,
		"the queue is unbounded: nothing stops it from growing", "give it a bound, to see what happens at it",
		"no message is ever refused or dropped, as a real broker would when its memory or disk is full"}
	UnboundedRoom = &Declaration{"unbounded-room", Check,
		"the waiting room is unbounded: nothing stops it from growing", "give it a bound, to see what happens at it",
		"no request is ever rejected"}
	Unreached = &Declaration{"unreached", Check,
		"no message ever reaches it", "call it, send to it, consume a queue with it, or remove it",
		"its numbers are 0, and the load that was meant for it is missing elsewhere"}
	NeverHappens = &Declaration{"never-happens", Check,
		"never happens: the handler has ended at %s", "remove it, or what ends the handler before it",
		"the work of the step is missing"}
	NotConsumed = &Declaration{"not-consumed", Check,
		"no service consumes it: messages stay in it", "let a service consume it, or name it as a dead_letter",
		"depth only grows, and its wait has no samples"}
	NoSubscription = &Declaration{"no-subscription", Check,
		"the topic has no subscriptions: what is published to it is gone", "let a service consume it",
		"published operations count as done, and nothing is done for them"}
	NoTraffic = &Declaration{"no-traffic", Check,
		"its ends never talk to each other", "remove it, or look for a wrong name",
		"the link that was meant has the default latency and loss"}
	AlreadyForgotten = &Declaration{"already-forgotten", Check,
		"has no effect: the broker forgot the message when it handed it over", "consume with manual acknowledgement",
		"what the handler gives back is not delivered again"}
	NotConsuming = &Declaration{"not-consuming", Check,
		"has no effect: %s is never consumed from a queue", "let the service consume a queue with this handler",
		"nothing is acknowledged"}
	NoBatch = &Declaration{"no-batch", Check,
		"batch is always 1 here: no consumer gives %s a batch", "let its consumer have a batch; what the handler of a batch calls is called once for all messages, and is told how many with set: {rows: {from: batch}}, read there as work: 1ms * rows",
		"its work is that of a single message, however many there were"}
	StepByPosition = &Declaration{"step-by-position", Check,
		"%s counts the steps of a handler: the same parameter is now %s", "write it so, or give the step a name",
		"with another step before it, the path would mean that one"}
	CauseIgnored = &Declaration{"cause-ignored", Check,
		"has no effect: no client ever sees that a message was lost, it sees a timeout", "remove it; timeout is a cause of its own",
		"attempts are those of the other causes"}
	CauseNever = &Declaration{"cause-never", Check,
		"has no effect: nothing in this design fails with %s", "remove it, or declare what fails so",
		"attempts are those of the other causes"}
	NeverRead = &Declaration{"never-read", Check,
		"nothing reads the attribute %s", "read it in a condition, a key, a filter, a time, a size, a count or a priority, or leave it out",
		"operations differ by it, but nothing that is done to them does"}
	UnboundedStore = &Declaration{"unbounded-store", Check,
		"keeps a row for every operation, and forgets none", "give it a ttl or a number of rows, or forget a row when it is done with",
		"the table grows as long as the run goes on, and ends it when its memory is used up"}
	NoElse = &Declaration{"no-else", Check,
		"degraded: false has no effect: the step has no else", "give the step an else, or remove it",
		"the step still fails its handler"}
	PrecisionNotReached = &Declaration{"precision-not-reached", Run,
		"is known to ±%s after %s replications; ±%s was asked for", "allow more replications, let each run longer, or ask for less",
		"its interval is wider than the precision says"}
	FewerReplications = &Declaration{"fewer-replications", Run,
		"the mean is over %s of %s replications: the others have no samples", "run longer, so that each replication has some",
		"a replication in which nothing of the kind happened is not counted as 0: it is left out"}
	FewSamples = &Declaration{"few-samples", Run,
		"it rests on %s operations, of which %s lie beyond it; %s or more make it worth reading", "run longer, or give more replications",
		"the percentile is that of a few operations, and another seed gives another"}
)

// ID is the stable id by which the kind is silenced.
func (k *Declaration) ID() string { return k.Name }

// Do is what to do about it.
func (k *Declaration) Do() string { return k.Advise }

// Why is which number means something else than it seems.
func (k *Declaration) Why() string { return k.Means }

// OfNumber reports whether the warning is about a single number: it matters only
// where that number is read.
func (k *Declaration) OfNumber() bool { return k == FewerReplications || k == FewSamples }

// ByChance reports whether healthy runs have the warning now and then: of several
// replications, at least half must have it.
func (k *Declaration) ByChance() bool { return k == ShortWarmup }

// From is where warnings of the kind come from.
func (k *Declaration) From() Source { return k.Source }

// Pattern is the text with … for what differs.
func (k *Declaration) Pattern() string {
	return Warning{Kind: k, Terms: slices.Repeat([]Term{{Word: record.Word{English: "…"}}}, places(k.Says))}.Text()
}

// Advice is Do with the id of its translation.
func (k *Declaration) Advice() record.Word {
	return record.Word{ID: "warning." + k.Name + ".do", English: k.Advise}
}

func (k *Declaration) word() record.Word {
	return record.Word{ID: "warning." + k.Name, English: k.Says}
}

func places(format string) (n int) {
	for i := range len(format) - 1 {
		if format[i] == '%' && format[i+1] == 's' {
			n++
		}
	}
	return n
}

// Kinds lists the kinds of the core, those that matter most first.
func Kinds() []Kind { return slices.Clone(kinds[:]) }

// Find finds a kind by its id; nil if there is none.
func Find(all []Kind, id string) Kind {
	if i := slices.IndexFunc(all, func(k Kind) bool { return k.Name == id }); i >= 0 {
		return all[i]
	}
	return nil
}

// weight orders kinds: those of mechanisms matter less than those of the core, and more
// than those of a single number.
func (k *Declaration) weight() int {
	i := slices.Index(kinds[:], k)
	switch {
	case i < 0:
		return len(kinds)
	case k.OfNumber():
		return i + len(kinds)
	}
	return i
}

// Compare orders kinds by weight: those that matter most come first.
func Compare(a, b Kind) int { return cmp.Compare(a.weight(), b.weight()) }

// Words are the texts of a kind that need a translation.
func (k *Declaration) Words() []record.Word { return []record.Word{k.word(), k.Advice()} }

// Reason is a phrase: why something could wait for ever, or be lost.
type Reason uint8

// The reasons.
const (
	MessageLost Reason = iota
	MessageCorrupt
	LinkDown
	FaultLoses
	FaultStops
	FaultCuts
	NobodyNotices
	numReasons
)

var reasons = [numReasons]record.Word{
	MessageLost:    {ID: "warning.because.lost", English: "a message %s can be lost"},
	MessageCorrupt: {ID: "warning.because.corrupt", English: "a message %s can be dropped as corrupt"},
	LinkDown:       {ID: "warning.because.down", English: "the link %s is down"},
	FaultLoses:     {ID: "warning.because.fault-loses", English: "the fault %s makes messages between %s and %s lost"},
	FaultStops:     {ID: "warning.because.fault-stops", English: "the fault %s stops %s"},
	NobodyNotices:  {ID: "warning.because.unnoticed", English: "nobody notices that %s is silent: %s has no heartbeat"},
	FaultCuts:      {ID: "warning.because.fault-cuts", English: "the fault %s cuts %s from %s"},
}

// With returns the phrase with the names in it.
func (r Reason) With(names ...string) Term { return Term{reasons[r], names} }

var inSome = record.Word{ID: "warning.in-some", English: "%s (in %s of %s replications)"}

// Words are all texts of this package that need a translation.
func Words() []record.Word {
	all := append([]record.Word{inSome}, reasons[:]...)
	for _, k := range kinds {
		all = append(all, k.Words()...)
	}
	return all
}
