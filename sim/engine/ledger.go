package engine

import (
	"cmp"
	"fmt"
	"slices"

	"asynclab/sim/design"
	"asynclab/sim/record"
)

// Where the latency of operations goes. Each task, message and copy has a thread: the
// way of its operation up to it, from the operation's arrival, as a list of stretches of
// time that follow one another without a gap. Who is made by another inherits its
// thread; a caller whose call ends well takes the thread of the answer, a task whose
// parallel step is over that of the branch that ended it. The thread of what ends an
// operation is so the path backwards from its end: at each join the branch that ended
// last, at each retry what was before the attempt that counted, at each delivery the
// waiting of that copy. Its stretches add up to the latency, to the nanosecond.
//
//	client ──► message ──► task ──► message ──► task of the callee
//	  ▲  network   │  worker  │  network   │  worker, work  │
//	  └────────────┴──────────┴── the answer's thread ◄─────┘
//
// A run without it pays a comparison at a few places; with it, one observes. What is
// kept is bounded by the operations in flight.

// Spent is what a stretch of latency was spent on.
type Spent uint8

// What time is spent on.
const (
	SpentWork      Spent = iota // at work, however slow
	SpentWorker                 // in line for a worker
	SpentQueue                  // in a queue, until the delivery
	SpentNetwork                // on a link, sent again or held back too
	SpentBackoff                // before the next attempt
	SpentBlocked                // in attempts that did not count
	SpentLine                   // in line at a protection: a limit, a bulkhead
	SpentDelay                  // in delays of a handler
	SpentLock                   // in line for a lock
	SpentStore                  // accessing a store, and in line for it
	SpentParked                 // parked, until the row is in a state that allows it
	SpentFollowers              // at a broker, until its followers have the message
	SpentBroker                 // at a broker, at work and in line for one of its workers
	SpentBatch                  // until the batch that it is sent or handled in is full, or has lingered
	SpentDown                   // at an instance that is down and keeps its tasks, or in a queue whose broker is down
	SpentPaused                 // at an instance that is paused, at work or in line for a worker
	SpentHung                   // at one that hangs, likewise
	NumSpent
)

var spentWords = [NumSpent]record.Word{
	{ID: "spent.work", English: "work"}, {ID: "spent.worker", English: "waiting for a worker"}, {ID: "spent.queue", English: "waiting in a queue"},
	{ID: "spent.network", English: "network"}, {ID: "spent.back-off", English: "back-off"}, {ID: "spent.blocked", English: "blocked on others"},
	{ID: "spent.line", English: "waiting for a slot or token"}, {ID: "spent.delay", English: "delay"}, {ID: "spent.lock", English: "waiting for a lock"},
	{ID: "spent.store", English: "at a store"}, {ID: "spent.parked", English: "parked"}, {ID: "spent.followers", English: "waiting for followers"},
	{ID: "spent.broker", English: "work of a broker"}, {ID: "spent.batch", English: "waiting for a batch"}, {ID: "spent.down", English: "down"},
	{ID: "spent.paused", English: "paused"}, {ID: "spent.hung", English: "hung"},
}

// SpentWords are what time is spent on.
func SpentWords() []record.Word { return spentWords[:] }

// Word is what the time was spent on.
func (s Spent) Word() record.Word { return spentWords[s] }

// String is that in English.
func (s Spent) String() string { return s.Word().English }

// Stretch is the time that operations of a load spent on one thing at one place.
type Stretch struct {
	Spent Spent
	Place string // a service, queue, link or edge
	All   int64  // ns, over all operations that were confirmed
	Slow  int64  // ns, over the slow ones
}

// Latencies is where the time of the confirmed operations of a load went. The stretches
// add up to the sums of the latencies.
type Latencies struct {
	Load          string
	Operations    int
	Slow          int // of them, those as slow as asked for
	Total, OfSlow int64
	Stretches     []Stretch
	From          int64 // ns: slow is from here on

	above above
}

// Sums are what was spent on each thing, wherever, of all operations or of the slow ones:
// the most first.
func (l *Latencies) Sums(slow bool) (out []Stretch) {
	var all [NumSpent]Stretch
	for _, s := range l.Stretches {
		x := &all[s.Spent]
		x.Spent, x.All, x.Slow = s.Spent, x.All+s.All, x.Slow+s.Slow
	}
	of := func(s Stretch) int64 {
		if slow {
			return s.Slow
		}
		return s.All
	}
	out = slices.DeleteFunc(all[:], func(s Stretch) bool { return of(s) == 0 })
	slices.SortStableFunc(out, func(a, b Stretch) int { return cmp.Compare(of(b), of(a)) })
	return out
}

// Largest are the n stretches that take the largest share, of all operations or of the slow
// ones.
func (l *Latencies) Largest(n int) []Stretch {
	weight := func(s Stretch) float64 {
		return max(float64(s.All)/float64(max(l.Total, 1)), float64(s.Slow)/float64(max(l.OfSlow, 1)))
	}
	out := slices.Clone(l.Stretches)
	slices.SortStableFunc(out, func(a, b Stretch) int { return cmp.Compare(weight(b), weight(a)) })
	return out[:min(n, len(out))]
}

// above counts the operations that are slower than slow ones must be: where very many
// take just as long as that, these are the slow ones.
type above struct {
	n    int
	took int64
	from int64 // the least of them
}

// slower is how much longer these take, at least: 1 part in 100, twice the error of a
// percentile.
const slower = 100

// thread is the way of an operation up to a task, message or copy.
type thread struct {
	op    uint64 // identity
	since int64  // what came before is in the list
	last  int32  // the latest stretch, or none
}

// stretch is one of a list; it never changes.
type stretchOf struct {
	place  int32
	before int32 // the one before it, or none
	next   int32 // of its operation's
	spent  Spent
	took   int64
}

// ledger is what a run that explains itself keeps.
type ledger struct {
	tasks, msgs, copies, ops []thread
	answers                  map[int32]thread // of answers that take no time, by call
	source                   thread           // of what makes something now
	now                      thread           // of the answer that arrives now, if its op is not 0
	list                     slab[stretchOf]
	mine                     []int32 // by operation: its stretches
	slow                     []int64
	sums                     []map[uint64]*[3]int64 // by load: of spent and place; of all, of the slow ones, of those above
	lingers                  map[int32]bool         // consumers whose batch lingers
	halts                    map[halting][]halt
	out                      []Latencies
}

// Observe lets the run know that somebody looks: nothing is cut short.
func (l *ledger) Observe(Record) {}

// The kinds of places, in the low bits of a place.
const (
	atService = iota
	atQueue
	atLink
	atEdge
	placeKinds = 2 // bits
)

// Explain makes a run that has not begun account for the latency of its operations.
// slow is, for each load, from which latency on an operation is slow, in nanoseconds.
func (r *Run) Explain(slow []int64) {
	l := &ledger{answers: map[int32]thread{}, lingers: map[int32]bool{}, halts: map[halting][]halt{}, slow: slow}
	for i := range r.prog.loads {
		l.sums = append(l.sums, map[uint64]*[3]int64{})
		l.out = append(l.out, Latencies{Load: r.prog.loads[i].name, From: slow[i]})
	}
	r.led = l
	r.SetObserver(l)
}

// Explained lists where the latency of each load's operations went.
func (r *Run) Explained() []Latencies {
	l := r.led
	out := slices.Clone(l.out)
	for i := range out {
		x := &out[i]
		slow := 1
		if x.above.n > 0 && x.Slow > x.Operations/50 {
			slow, x.Slow, x.OfSlow, x.From = 2, x.above.n, x.above.took, x.above.from
		}
		for key, took := range l.sums[i] {
			x.Stretches = append(x.Stretches, Stretch{Spent(key >> 32), r.placeName(int32(uint32(key))), took[0], took[slow]})
		}
		slices.SortFunc(x.Stretches, func(a, b Stretch) int {
			return cmp.Or(cmp.Compare(b.All, a.All), cmp.Compare(a.Spent, b.Spent), cmp.Compare(a.Place, b.Place))
		})
	}
	return out
}

func (r *Run) placeName(place int32) string {
	i := place >> placeKinds
	switch place & (1<<placeKinds - 1) {
	case atService:
		return r.prog.services[i].name
	case atQueue:
		return r.prog.queues[i].name
	case atLink:
		ends := r.prog.Links()[i]
		return ends[0] + "->" + ends[1]
	}
	return r.prog.nameOfEdge(i)
}

func spot(kind, index int32) int32 { return index<<placeKinds | kind }

// threadOf is the thread in a place of a list; a new one begins with the operation's arrival.
func (r *Run) threadOf(list *[]thread, i, o int32) *thread {
	if n := int(i) + 1 - len(*list); n > 0 {
		*list = append(*list, make([]thread, n)...)
	}
	t, p := &(*list)[i], r.ops.at(o)
	if t.op != p.id {
		*t = thread{p.id, p.arrival, none}
	}
	return t
}

func (r *Run) taskThread(ti int32) *thread { return r.threadOf(&r.led.tasks, ti, r.tasks.at(ti).op) }
func (r *Run) msgThread(mi int32) *thread  { return r.threadOf(&r.led.msgs, mi, r.msgs.at(mi).op) }
func (r *Run) copyThread(k int32) *thread  { return r.threadOf(&r.led.copies, k, r.copies.at(k).op) }

// caller is the thread of whose call it is.
func (r *Run) caller(c *call) *thread {
	if c.ofClient() {
		return r.threadOf(&r.led.ops, ^c.owner, ^c.owner)
	}
	return r.taskThread(c.owner)
}

// spend adds the time since the last stretch of a thread.
func (r *Run) spend(t *thread, o int32, what Spent, place int32) {
	r.lay(t, o, what, place, r.now-t.since)
}

// lay adds a stretch to a thread.
func (r *Run) lay(t *thread, o int32, what Spent, place int32, d int64) {
	if d <= 0 {
		return
	}
	l := r.led
	for n := int(o) + 1 - len(l.mine); n > 0; n-- {
		l.mine = append(l.mine, none)
	}
	i := l.list.take()
	*l.list.at(i) = stretchOf{place, t.last, l.mine[o], what, d}
	l.mine[o] = i
	t.since, t.last = t.since+d, i
}

func (r *Run) spendTask(ti int32, what Spent, place int32) {
	t := r.tasks.at(ti)
	switch what {
	case SpentWork, SpentWorker, SpentBatch:
		r.spendAt(r.taskThread(ti), t.op, what, place, r.instanceAt(t.inst))
	default:
		r.spend(r.taskThread(ti), t.op, what, place)
	}
}

// spendDelay ends a delay of a handler, or an access of a store.
func (r *Run) spendDelay(ti int32) {
	t, what := r.tasks.at(ti), SpentDelay
	switch {
	case t.rare&rareAtDoor != 0:
		what = SpentLine
	case nth(r.prog.code, t.pc).op == opAccess:
		what = SpentStore
	}
	r.spendTask(ti, what, spot(atService, t.service))
}

// spendMsg ends the way of a message.
func (r *Run) spendMsg(mi int32) *thread {
	m, t := r.msgs.at(mi), r.msgThread(mi)
	r.spend(t, m.op, SpentNetwork, spot(atLink, m.link))
	return t
}

// copyMade gives the thread of a message to its copy, when there is room for it.
func (r *Run) copyMade(mi, k, qi int32) {
	m, t := r.msgs.at(mi), r.msgThread(mi)
	r.spend(t, m.op, SpentQueue, spot(atQueue, qi))
	*r.copyThread(k) = *t
}

// spendCall adds to the thread of whose call it is.
func (r *Run) spendCall(c *call, what Spent) {
	r.spend(r.caller(c), r.opOf(c), what, spot(atEdge, c.site))
}

// sending is the thread of who sends a message.
func (r *Run) sending(task, o int32) *thread {
	if task == none {
		return r.threadOf(&r.led.ops, o, o)
	}
	return r.taskThread(task)
}

// answerComes finds the thread of an answer that took no time.
func (l *ledger) answerComes(ci int32) {
	l.now = l.answers[ci]
	delete(l.answers, ci)
}

// takeThread gives the thread of a good answer to whose call it is.
func (r *Run) takeThread(c *call, cause design.Cause) {
	t := r.caller(c)
	if cause == design.OK && r.led.now.op == t.op {
		*t = r.led.now
	}
	r.spend(t, r.opOf(c), SpentBlocked, spot(atEdge, c.site))
	r.led.now = thread{}
}

// confirmedNow accounts for an operation: at its end is its client, or the handler whose
// completion confirms it.
func (r *Run) confirmedNow(o int32, l *loadT) {
	t := r.led.source
	if len(l.confirm) == 0 {
		t = *r.threadOf(&r.led.ops, o, o)
	}
	r.account(o, t)
}

// inherit gives the thread of what makes something now to what is made.
func (r *Run) inherit(t *thread) {
	if r.led.source.op == t.op {
		*t = r.led.source
	}
}

// settleThreads forgets the stretches of an operation whose record is given back.
func (r *Run) settleThreads(o int32) {
	l := r.led
	if int(o) >= len(l.mine) {
		return
	}
	for i := l.mine[o]; i != none; {
		next := l.list.at(i).next
		l.list.give(i)
		i = next
	}
	l.mine[o] = none
	if int(o) < len(l.ops) {
		l.ops[o] = thread{}
	}
}

// account adds the latency of an operation that is confirmed now, at the end of a thread.
func (r *Run) account(o int32, t thread) {
	l, p := r.led, r.ops.at(o)
	if !p.measured {
		return
	}
	if t.op != p.id {
		t = thread{p.id, p.arrival, none}
	}
	r.spend(&t, o, SpentBlocked, spot(atEdge, nth(r.prog.loads, p.load).site))
	x := &l.out[p.load]
	took, sum := r.now-p.arrival, int64(0)
	slow := took >= l.slow[p.load]
	x.Operations++
	x.Total += took
	if slow {
		x.Slow++
		x.OfSlow += took
	}
	above := slow && l.slow[p.load] > 0 && took-l.slow[p.load] > took/slower
	if above {
		if x.above.n++; x.above.n == 1 || took < x.above.from {
			x.above.from = took
		}
		x.above.took += took
	}
	for i := t.last; i != none; i = l.list.at(i).before {
		s := l.list.at(i)
		key := uint64(s.spent)<<32 | uint64(uint32(s.place))
		sums := l.sums[p.load][key]
		if sums == nil {
			sums = new([3]int64)
			l.sums[p.load][key] = sums
		}
		sums[0] += s.took
		if slow {
			sums[1] += s.took
		}
		if above {
			sums[2] += s.took
		}
		sum += s.took
	}
	if sum != took {
		panic(fmt.Sprintf("engine: the stretches of an operation add up to %d ns, and it took %d", sum, took))
	}
}
