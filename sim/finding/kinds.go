package finding

import (
	"asynclab/sim/record"
)

// Kind is a kind of finding.
type Kind struct {
	ID   string // stable
	Doc  string // one line: what is found, and by which numbers
	rank int    // causes come before what they bring about
	find func(*study, *Kind) []Finding
}

// The kinds.
var (
	Runaway = &Kind{ID: "runaway", find: runaways,
		Doc: "a run that ended by a bound on its memory, or on what happens at one instant: what there was most of, and what came there"}
	Deadlock = &Kind{ID: "deadlock", rank: 1, find: deadlocks,
		Doc: "every worker of the services of a circle of calls waits for another of them: their pools are full, and nobody can finish"}
	Storm = &Kind{ID: "retry-storm", rank: 2, find: storms,
		Doc: "retries multiply the load, and operations go on failing after the fault that began it is over, for longer than it lasted; or a service is saturated that could do what would come without them"}
	Fault = &Kind{ID: "fault", rank: 3, find: faults,
		Doc: "a fault, and what was different while it lasted and until all was as before: operations that failed or were degraded, latency, completions, queues"}
	Held = &Kind{ID: "held", rank: 3, find: helds,
		Doc: "consumers have no place left in their prefetch, and idle workers: what they hold was lost on the way, or its acknowledgement was"}
	Saturated = &Kind{ID: "saturated", rank: 4, find: saturations,
		Doc: "a service whose workers all work, or for which all workers of another wait, for most of the window or until its line is far longer than chance makes it, and who waits for it"}
	Bottleneck = &Kind{ID: "bottleneck", rank: 4, find: bottlenecks,
		Doc: "the slots of a pool or of a store, the tokens of a limit, a lock or the bandwidth of a link are in use nearly all the time, and those who wait for them are far more than chance makes them, or are all the workers of a service"}
	Away = &Kind{ID: "consumer-away", rank: 4, find: aways,
		Doc: "a queue grows while none of its consumers is up"}
	Burst = &Kind{ID: "burst", rank: 5, find: surges,
		Doc: "a load whose rate changes offers at least a fifth more than usual for a time, and what was different while it did and until all was as before"}
	Growing = &Kind{ID: "growing-queue", rank: 5, find: growths,
		Doc: "more comes to a queue than is taken from it, far longer than chance does that"}
	Failing = &Kind{ID: "failing", rank: 5, find: failings,
		Doc: "a service fails tasks by itself, not because one that it called failed, and operations fail, are degraded or are tried again"}
	Lossy = &Kind{ID: "lossy-link", rank: 5, find: losses,
		Doc: "a link loses, damages, doubles or holds back at least one message in a thousand"}
	Impatient = &Kind{ID: "impatient", rank: 6, find: impatients,
		Doc: "at least one call in a thousand is given up by its timeout, or one operation by its deadline, though nothing on its way is saturated, at fault or lost: they need longer than that"}
	Hot = &Kind{ID: "hot-key", rank: 6, find: hots,
		Doc: "messages wait for another of their key, while consumers have idle workers"}
	Uneven = &Kind{ID: "uneven", rank: 6, find: unevens,
		Doc: "tasks wait at one instance of a service while workers of another are idle"}
	Starved = &Kind{ID: "starved", rank: 6, find: starvations,
		Doc: "operations of a lower priority take more than ten times as long as those of a higher one, before a service whose workers are all busy"}
	Refusing = &Kind{ID: "refusing", rank: 7, find: refusals,
		Doc: "a room, a queue, a limit, a breaker or another protection turns away at least one in a thousand of what comes"}
	Retries = &Kind{ID: "retries", rank: 8, find: amplifications,
		Doc: "retries are at least a tenth of the calls"}
	Duplicates = &Kind{ID: "duplicates", rank: 9, find: duplicates,
		Doc: "messages are delivered again, or handled twice: at least one in a thousand"}
	Undone = &Kind{ID: "undone", rank: 10, find: undones,
		Doc: "messages end without being handled: dead-lettered, expired, dropped or lost"}
)

const behindAll = 100 // a rank behind those of all kinds

// kinds is ordered by rank.
var kinds = [...]*Kind{Runaway, Deadlock, Storm, Fault, Held, Bottleneck, Saturated, Away, Burst, Growing, Failing, Lossy, Impatient, Hot, Uneven, Starved, Refusing, Retries, Duplicates, Undone}

// Kinds lists the kinds, causes before what they bring about.
func Kinds() []*Kind { return append([]*Kind(nil), kinds[:]...) }

// KindOf finds the kind of an id; nil if there is none.
func KindOf(id string) *Kind {
	for _, k := range kinds {
		if k.ID == id {
			return k
		}
	}
	return nil
}

// phrase is what a finding can say.
type phrase struct{ record.Word }

var phrases []*phrase

func says(id, english string) *phrase {
	p := &phrase{record.Word{ID: "finding." + id, English: english}}
	phrases = append(phrases, p)
	return p
}

var (
	joint  = record.Word{ID: "finding.joint", English: "; "}
	inSome = record.Word{ID: "finding.in-some", English: "%s (in %s of %s replications)"}
)

// What findings say. A place for a time is a text such as 2m10s.
var (
	waitedAtEnd  = says("runaway-waited", "%s waited at %s when the run was stopped at %s: %s/s came, %s/s were done")
	keptAtEnd    = says("runaway-kept", "%s were kept by %s when the run was stopped at %s")
	openAtEnd    = says("runaway-open", "%s of %s operations were open when the run was stopped at %s")
	roundAtEnd   = says("runaway-round", "messages went round: %s came to %s for %s operations, when the run was stopped at %s")
	instantAtEnd = says("runaway-instant", "%s things happened at one instant, and the run was stopped at %s")
	triedAtEnd   = says("runaway-tried", "attempts of %s failed and were followed by the next at the same instant, without end, and the run was stopped at %s")
	resentAtEnd  = says("runaway-resent", "the link %s sent a message again %s times, and the run was stopped at %s")
	allWait      = says("deadlock", "the workers of %s wait for each other, from %s to %s: all %s of %s are blocked")
	multiplied   = says("multiplied", "retries multiplied the load of %s by %s from %s to %s")
	hedged       = says("hedged", "hedges multiplied the load of %s by %s from %s to %s")
	withoutThem  = says("without-them", "without them %s/s would have come to %s, and it did %s/s")
	placesHeld   = says("places-held", "the prefetch of its consumers is %s in all, and they waited for the next message %s of the time")
	outlived     = says("outlived", "the outage outlived its trigger, %s, by %s")
	lasted       = says("fault", "%s from %s to %s")
	lastedTimes  = says("fault-times", "%s %s times from %s to %s, %s in all")
	opsFailed    = says("ops-failed", "%s of %s operations of %s failed")
	opsMore      = says("ops-more", "%s of %s operations of %s failed, where usually %s would")
	opsDegraded  = says("ops-degraded", "%s of %s operations of %s were degraded")
	slower       = says("slower", "operations of %s took %s on average, before %s")
	fewer        = says("fewer", "%s/s of %s were done, before %s/s")
	asBefore     = says("as-before", "all was as before %s after it")
	tasksLost    = says("tasks-lost", "%s lost %s of its tasks")
	copiesLost   = says("copies-lost", "%s lost %s of its messages")
	deeper       = says("deeper", "%s grew to %s messages, before at most %s")
	lineOf       = says("line", "%s tasks waited at %s, before at most %s")
	lineAt       = says("line-at", "%s waited in the line of %s, before at most %s")
	allBusy      = says("busy", "the workers of %s worked %s of the time from %s to %s: it did %s/s, which is its capacity")
	allHeld      = says("held-all", "the workers of %s were held %s of the time from %s to %s, and it did %s/s")
	inUse        = says("in-use", "%s was in use all the time from %s to %s")
	onLink       = says("on-link", "requests and answers were on the link %s for most of the time that was waited for them, from %s to %s")
	goesTo       = says("goes-to", "they waited %s of that for others, most of it for %s")
	theyWorked   = says("they-worked", "they worked %s of that, the rest they waited for others")
	camePer      = says("came", "%s/s came")
	itsLine      = says("its-line", "up to %s waited for them")
	inLine       = says("in-line", "up to %s messages waited in %s")
	waitsFor     = says("waits-for", "workers of %s spent %s of the time they were held waiting for %s")
	itsOwnLine   = says("its-own-line", "up to %s waited for it")
	bandwidthIs  = says("bandwidth", "%s/s came to it, and it carries %s/s")
	slotsAre     = says("slots", "it has %s slots, and did %s accesses/s")
	withLine     = says("with-line", "up to %s waited for %s")
	turnedAway   = says("turned-away", "%s turned away %s of %s")
	cameMore     = says("burst", "%s/s came from %s, from %s to %s, otherwise %s/s")
	noConsumer   = says("away", "no consumer of %s was there from %s to %s, and it grew to %s messages")
	moreCame     = says("grew", "%s grew from %s to %s messages from %s to %s: %s/s came, %s/s were taken")
	dealtAnew    = says("dealt-anew", "its partitions were dealt anew %s times meanwhile, and on average %s of them stood still")
	workersBusy  = says("workers-busy", "workers of %s were busy %s of that time")
	heldLost     = says("held", "consumers of %s hold %s messages and have no place for more, from %s to %s, while workers of %s are idle %s of the time")
	failedTasks  = says("failed-tasks", "%s failed %s of its %s tasks by itself")
	linkLost     = says("link-lost", "the link %s lost %s of %s messages")
	linkDamaged  = says("link-damaged", "the link %s damaged %s of %s messages")
	linkDoubled  = says("link-doubled", "the link %s delivered %s of %s messages twice")
	linkHeldBack = says("link-held-back", "the link %s held back %s of %s messages, which others overtook")
	breakerMade  = says("breaker-made", "that opened %s, which turned away %s more")
	coldCache    = says("cold-cache", "%s answered %s of what it was asked, before %s")
	givenUp      = says("given-up", "%s of %s requests %s were given up after %s")
	overdue      = says("overdue", "%s of %s operations of %s were given up after %s, their deadline")
	itTakes      = says("it-takes", "%s takes %s on average, and %s or more for one in a hundred, while its workers are busy %s of the time")
	wayTakes     = says("way-takes", "the links there and back take %s on average")
	lowFails     = says("starved-failed", "%s of %s operations of %s failed, and %s of %s of those of %s, which go first")
	keyWaits     = says("hot-key", "%s messages of %s waited for others of their key from %s to %s, while workers of %s were idle %s of the time")
	idleBeside   = says("uneven", "%s tasks of %s waited from %s to %s while %s of its workers were idle, at other instances")
	lowWaits     = says("starved", "operations of %s took %s on average, those of %s, which go first, %s")
	refusedSome  = says("refusing", "%s turned away %s of %s (%s)")
	refusedAll   = says("refusing-all", "%s turned away %s (%s)")
	redelivered  = says("redelivered", "%s messages of %s were delivered again")
	lateAcks     = says("late-acks", "%s acknowledgements came too late")
	acksLost     = says("acks-lost", "%s messages from %s were lost on the way to the broker, %s deliveries again for each")
	handledTwice = says("handled-twice", "%s handled %s messages that it had begun to handle before")
	endedSo      = says("ended", "%s of %s messages of %s: %s")
)

// WordOf finds what a clause can say, by its id.
func WordOf(id string) (record.Word, bool) {
	for _, p := range phrases {
		if p.ID == id {
			return p.Word, true
		}
	}
	return record.Word{}, false
}

// Words are the texts that need a translation.
func Words() []record.Word {
	all := []record.Word{joint, inSome}
	for _, p := range phrases {
		all = append(all, p.Word)
	}
	return all
}
