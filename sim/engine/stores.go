package engine

import (
	"math"
	"slices"

	"asynclab/sim/design"
	"asynclab/sim/draw"
	"asynclab/sim/kernel"
	"asynclab/sim/measure"
	"asynclab/sim/metric"
)

// Stores: tables of services, in cells, one for each instance or one for all.
//
//	cell ─┬─ rows     key ──► state · version · written · counters
//	      ├─ locks    key ──► holder · line          only while held
//	      ├─ parked   key ──► line                   only while somebody is
//	      └─ line of those who wait for a slot
//
// Whoever waits has a record in waits, and is named there by its task. A design without
// stores has no cells, which is one comparison where a task ends or is given up.

// storeT is a store of a program.
type storeT struct {
	name       string // SERVICE/STORE
	element    uint64
	service    int32
	key        int32 // the attribute, plus one; 0: one row; operationKey
	outside    bool
	volatile   bool
	cell0      int32
	cells      int32
	states     int32
	counters   int32
	allow      []bool // from state × to state; nil: every transition
	otherwise  design.Otherwise
	parked     int32
	patience   int64 // of parked ones; 0: for ever
	ttl        int64
	rows       int32
	latency    draw.Dist
	keyLatency int32
	slots      int32
	lease      int64 // never: for ever
	m          block
	stateM     []block
	counterM   []block
}

const operationKey = -1

// The words of a row, before its counters.
const (
	rowState = iota
	rowVersion
	rowWritten
	rowHead
)

// The words of a lock.
const (
	lockKind    = iota // by whom it is held
	lockHolder         // the id of the task, or of the operation
	lockTask           // the task
	lockLine           // the first that waits, plus one, and the last
	lockLineEnd        //
	lockLease          // its waiter for the end of the lease, plus one
	lockNext           // of the same task: its cell and row, see lockAt
	lockWords
)

const (
	ofTask   = 1 + iota
	ofNobody // its holder has crashed
	ofOperation
)

// lockAt packs where a lock is; 0 is nowhere.
func lockAt(cell, row int32) int64 { return int64(cell)<<32 | int64(row) + 1 }

// storeState is the state of all stores.
type storeState struct {
	cells   []storeCell
	waits   slab[storeWait]
	waiting []int32 // by task: its place in waits, plus one
	held    []int64 // by task: the lock that it took last
	read    []int64 // by task: the version that it has read last, plus one
	rows    int     // in all cells, and the bytes that they take
	size    int
}

type storeCell struct {
	store  int32
	inUse  int32    // accesses
	line   waitList // for an access
	parked int32
	rows   kernel.Table
	locks  kernel.Table
	park   kernel.Table // words: the first that is parked, plus one, and the last
}

type waitKind uint8

const (
	forSlot waitKind = iota
	forLock
	forState
	leaseEnd
)

// storeWait is a task that waits at a store, or the end of a lease.
type storeWait struct {
	timer      uint64
	since      int64
	until      int64 // parked: 0: for ever
	key        uint64
	task       int32
	cell       int32
	next, prev int32
	kind       waitKind
	called     bool // parked: it has been told to look again
}

func (s *storeState) clone() storeState {
	c := storeState{slices.Clone(s.cells), s.waits.clone(), slices.Clone(s.waiting), slices.Clone(s.held), slices.Clone(s.read), s.rows, s.size}
	for i := range c.cells {
		d := &c.cells[i]
		d.rows, d.locks, d.park = d.rows.Clone(), d.locks.Clone(), d.park.Clone()
	}
	return c
}

func (s *storeState) bytes() (n int) {
	for i := range s.cells {
		n += s.cells[i].rows.Bytes() + s.cells[i].locks.Bytes() + s.cells[i].park.Bytes()
	}
	return n + sizeOf(s.cells) + sizeOf(s.waits.items) + sizeOf(s.waiting) + 8*(len(s.held)+len(s.read))
}

// storeTables compiles the stores of all services.
func (c *compiler) storeTables() {
	for i := range c.d.Services {
		s := &c.d.Services[i]
		for j := range s.Stores {
			d := &s.Stores[j]
			element := "store/" + s.Name + "/" + d.Name
			t := storeT{
				name: s.Name + "/" + d.Name, element: draw.HashString(element), service: int32(i),
				outside: d.Lives == design.Outside, volatile: d.Lives == design.InMemory,
				cell0: c.storeCells, cells: c.services[i].instances, states: int32(len(d.States)), counters: int32(len(d.Counters)),
				otherwise: d.Otherwise, parked: bound(d.Parked, design.DefaultParked), patience: limit(d.Patience, design.DefaultTimeout),
				ttl: limit(d.TTL, 0), rows: bound(d.Rows, maxInt32), latency: d.Latency, keyLatency: c.key(element, "latency"),
				slots: bound(d.Slots, maxInt32), lease: int64(d.Lease),
			}
			if t.key = c.by(d.Key); d.Key == design.OperationKey {
				t.key = operationKey
			}
			if t.outside {
				t.cells = 1
			}
			if d.Lease < 0 {
				t.lease = never
			}
			if len(d.Allow) > 0 {
				t.allow = make([]bool, t.states*t.states)
				for _, a := range d.Allow {
					for _, to := range a.To {
						t.allow[int32(slices.Index(d.States, a.From))*t.states+int32(slices.Index(d.States, to))] = true
					}
				}
			}
			c.storeCells += t.cells
			c.store[design.Target{Node: s.Name, Entry: d.Name}] = int32(len(c.stores))
			c.stores = append(c.stores, t)
		}
	}
	c.noCapacity = design.Cause(slices.Index(c.reasons, design.NoCapacity))
}

// storeMetrics gives the stores their metrics.
func (c *compiler) storeMetrics(next *block) {
	for i := range c.stores {
		t := &c.stores[i]
		t.m = next.take(metric.Store)
		for range t.states {
			t.stateM = append(t.stateM, next.take(metric.State))
		}
		for range t.counters {
			t.counterM = append(t.counterM, next.take(metric.Counter))
		}
	}
}

// eachStored visits what has the metrics of stores, by kind.
func (p *Program) eachStored(visit func(k *metric.Kind, b block, name string, i int)) {
	for i := range p.stores {
		visit(metric.Store, p.stores[i].m, p.stores[i].name, i)
	}
	for _, k := range []*metric.Kind{metric.State, metric.Counter} {
		for i := range p.stores {
			t := &p.stores[i]
			d := &p.design.Services[t.service].Stores[i-p.firstStore(t.service)]
			names, blocks := d.States, t.stateM
			if k == metric.Counter {
				names, blocks = d.Counters, t.counterM
			}
			for j := range names {
				visit(k, blocks[j], t.name+"/"+names[j], i)
			}
		}
	}
}

// firstStore is the index of a service's first store.
func (p *Program) firstStore(service int32) int {
	return slices.IndexFunc(p.stores, func(t storeT) bool { return t.service == service })
}

// startStores creates the cells.
func (r *Run) startStores() {
	for i := range r.prog.stores {
		t := &r.prog.stores[i]
		for range t.cells {
			r.store.cells = append(r.store.cells, newStoreCell(int32(i), t))
		}
	}
}

func newStoreCell(store int32, t *storeT) storeCell {
	return storeCell{
		store: store, line: waitList{none, none},
		rows: kernel.Table{Width: rowHead + int(t.counters)}, locks: kernel.Table{Width: lockWords}, park: kernel.Table{Width: 2},
	}
}

// cellOf is the cell of a store for the tasks of an instance.
func (r *Run) cellOf(st *storeT, inst int32) int32 {
	if st.outside {
		return st.cell0
	}
	return st.cell0 + inst - nth(r.prog.services, st.service).inst0
}

// stored is the cell and the key of a task at a store.
func (r *Run) stored(ti int32, t *task, store int32) (st *storeT, ci int32, c *storeCell, key uint64) {
	st = nth(r.prog.stores, store)
	ci = r.cellOf(st, t.inst)
	return st, ci, nth(r.store.cells, ci), r.rowKey(st, t.op, r.envelope(ti))
}

// rowKey is the key of an operation's row.
func (r *Run) rowKey(st *storeT, slot, envelope int32) uint64 {
	switch st.key {
	case 0:
		return 0
	case operationKey:
		return r.ops.at(slot).id
	}
	return r.keyOf(slot, envelope, st.key)
}

// rowOf is the row of a key, or kernel.NoRow where there is none any more.
func (r *Run) rowOf(st *storeT, c *storeCell, key uint64) int32 {
	row := c.rows.Find(key)
	if row != kernel.NoRow && st.ttl > 0 && c.rows.Words(row)[rowWritten]+st.ttl <= r.now {
		return kernel.NoRow
	}
	return row
}

// readRow is what a condition reads of a row.
func (r *Run) readRow(m message, c *term) float64 {
	st := nth(r.prog.stores, c.place)
	cell := nth(r.store.cells, r.cellOf(st, m.inst))
	row := r.rowOf(st, cell, r.rowKey(st, m.op, m.envelope))
	if row == kernel.NoRow {
		return 0
	}
	words := cell.rows.Words(row)
	switch c.reads {
	case design.ReadState:
		return float64(words[rowState])
	case design.ReadVersion:
		return float64(words[rowVersion])
	case design.ReadCounter:
		return float64(words[rowHead+c.counter])
	}
	return 1
}

// write is the row of a key, to be written now.
func (r *Run) write(st *storeT, c *storeCell, key uint64) []int64 {
	for st.ttl > 0 { // the rows are in the order of their last writes
		first := c.rows.First()
		if first == kernel.NoRow || c.rows.Words(first)[rowWritten]+st.ttl > r.now {
			break
		}
		r.forgetRow(st, c, first)
	}
	row, added := c.rows.Add(key)
	if added {
		if int32(c.rows.Len()) > st.rows {
			r.forgetRow(st, c, c.rows.First())
		}
		r.level(st.m.l+metric.StoreRows, 1)
		r.levelOf(st.stateM, 0, 1)
		r.store.size += st.rowSize()
		if r.store.rows++; r.store.rows%64 == 0 {
			r.room(rowStore, r.store.rows)
		}
	} else if st.ttl > 0 || st.rows < maxInt32 {
		c.rows.Last(row)
	}
	words := c.rows.Words(row)
	words[rowVersion]++
	words[rowWritten] = r.now
	r.rec.Inc(st.m.c + metric.StoreWrites)
	return words
}

func (r *Run) level(id measure.LevelID, d int64) { r.rec.Level(id, r.now, d) }

// levelOf changes the level of a state or a counter, where there are any.
func (r *Run) levelOf(of []block, i, d int64) {
	if len(of) > 0 && d != 0 {
		r.level(of[i].l, d)
	}
}

// rowSize is how many bytes a row takes, about.
func (st *storeT) rowSize() int { return 16 + 8 + 8*int(rowHead+st.counters) }

// forgetRow removes a row.
func (r *Run) forgetRow(st *storeT, c *storeCell, row int32) {
	r.uncount(st, c.rows.Words(row))
	r.rec.Inc(st.m.c + metric.StoreForgotten)
	c.rows.Remove(row)
}

// uncount takes a row out of the levels.
func (r *Run) uncount(st *storeT, words []int64) {
	r.store.rows--
	r.store.size -= st.rowSize()
	r.level(st.m.l+metric.StoreRows, -1)
	r.levelOf(st.stateM, words[rowState], -1)
	for i := range st.counterM {
		r.levelOf(st.counterM, int64(i), -words[rowHead+i])
	}
}

// setRow does a set step. It reports false where the task does not go on: it has ended, or
// is parked.
func (r *Run) setRow(ti int32, t *task, in *instr) bool {
	st, ci, c, key := r.stored(ti, t, in.a)
	state, version := int64(0), int64(0)
	if row := r.rowOf(st, c, key); row != kernel.NoRow {
		state, version = c.rows.Words(row)[rowState], c.rows.Words(row)[rowVersion]
	}
	if in.n != 0 && in.n&(1<<state) == 0 || in.requeue && r.versionRead(ti) != version {
		r.unpark(ti)
		r.rec.Inc(st.m.c + metric.StoreConflicts)
		return r.proceed(ti, design.Error)
	}
	if in.b != none && st.allow != nil && !st.allow[int32(state)*st.states+in.b] {
		return r.notAllowed(ti, st, ci, c, key)
	}
	r.unpark(ti)
	words := r.write(st, c, key)
	if in.b != none && words[rowState] != int64(in.b) {
		r.levelOf(st.stateM, words[rowState], -1)
		r.levelOf(st.stateM, int64(in.b), 1)
		words[rowState] = int64(in.b)
		if st.otherwise == design.ParkOther {
			r.callParked(c, key)
		}
	}
	t.pc++
	return true
}

// notAllowed is what happens to a transition that is not allowed.
func (r *Run) notAllowed(ti int32, st *storeT, ci int32, c *storeCell, key uint64) bool {
	switch st.otherwise {
	case design.IgnoreOther:
		r.rec.Inc(st.m.c + metric.StoreIgnored)
		r.endTask(ti, design.OK)
		return false
	case design.RejectOther:
		r.rec.Inc(st.m.c + metric.StoreRefused)
		return r.proceed(ti, design.Error)
	}
	if w := got(r.store.waiting, ti); w != 0 { // it has been called too early
		k := r.store.waits.at(w - 1)
		if k.until != 0 && k.until <= r.now {
			return r.parkedTooLong(ti, st)
		}
		k.called = false
	} else {
		if c.parked >= st.parked {
			r.rec.Inc(st.m.c + metric.StoreRefused)
			return r.proceed(ti, r.prog.noCapacity)
		}
		r.rec.Inc(st.m.c + metric.StoreParked)
		c.parked++
		r.level(st.m.l+metric.StoreParking, 1)
		w := r.waitAt(forState, ti, ci, key, st.patience)
		row, _ := c.park.Add(key)
		r.linkWait(w, &c.park.Words(row)[0], &c.park.Words(row)[1])
	}
	t := r.tasks.at(ti)
	t.state = taskAwaiting
	if t.holding {
		r.release(ti)
	}
	return false
}

// callParked lets those look again who are parked at a row whose state has changed.
func (r *Run) callParked(c *storeCell, key uint64) {
	row := c.park.Find(key)
	if row == kernel.NoRow {
		return
	}
	for w := int32(c.park.Words(row)[0]) - 1; w != none; w = r.store.waits.at(w).next {
		if k := r.store.waits.at(w); !k.called {
			k.called = true
			r.ready.push(r.tasks.at(k.task).id, readyWord(k.task, 0, design.OK, readyStore))
		}
	}
}

// unpark ends the parking of a task whose step is over.
func (r *Run) unpark(ti int32) {
	if got(r.store.waiting, ti) != 0 {
		r.leaveStore(ti)
	}
}

func (r *Run) parkedTooLong(ti int32, st *storeT) bool {
	r.leaveStore(ti)
	r.rec.Inc(st.m.c + metric.StoreRefused)
	return r.proceed(ti, design.Expired)
}

// versionRead is the version that a task has read last.
func (r *Run) versionRead(ti int32) int64 {
	if ti = r.root(ti); int(ti) < len(r.store.read) {
		return r.store.read[ti] - 1
	}
	return -1
}

// noteVersion notes the version of the row that a task reads.
func (r *Run) noteVersion(ti int32, t *task, in *instr) {
	st, _, c, key := r.stored(ti, t, in.a)
	r.rec.Inc(st.m.c + metric.StoreReads)
	version := int64(0)
	if row := r.rowOf(st, c, key); row != kernel.NoRow {
		version = c.rows.Words(row)[rowVersion]
	}
	ti = r.root(ti)
	put64(&r.store.read, ti, version+1)
}

func put64(list *[]int64, i int32, v int64) {
	if more := int(i) + 1 - len(*list); more > 0 {
		*list = append(*list, make([]int64, max(more, len(*list)))...)
	}
	*nth(*list, i) = v
}

// countRow does a count step.
func (r *Run) countRow(ti int32, t *task, in *instr) {
	st, _, c, key := r.stored(ti, t, in.a)
	d := int64(math.Round(min(max(in.p*r.times(ti, t.op, r.envelope(ti), in.by), -1e15), 1e15)))
	r.write(st, c, key)[rowHead+in.b] += d
	r.levelOf(st.counterM, int64(in.b), d)
}

// forgetAt does a forget step.
func (r *Run) forgetAt(ti int32, t *task, in *instr) {
	st, _, c, key := r.stored(ti, t, in.a)
	if row := c.rows.Find(key); row != kernel.NoRow {
		r.forgetRow(st, c, row)
		if st.otherwise == design.ParkOther {
			r.callParked(c, key)
		}
	}
}

// access begins an access that takes a time, or waits for a slot. It reports true where
// it is over already.
func (r *Run) access(ti int32, t *task, in *instr) bool {
	st, ci, c, _ := r.stored(ti, t, in.a)
	if c.inUse >= st.slots {
		t.state = taskBlocked
		r.block(ti, +1)
		r.waitAt(forSlot, ti, ci, 0, 0)
		return false
	}
	d := r.demand(ti, t, in)
	if d == 0 {
		return true
	}
	t.state = taskBlocked
	r.block(ti, +1)
	r.useSlot(ti, st, c, d)
	return false
}

func (r *Run) useSlot(ti int32, st *storeT, c *storeCell, d int64) {
	c.inUse++
	r.level(st.m.l+metric.StoreAccesses, 1)
	r.tasks.at(ti).timer = r.list.Push(r.now+d, kernel.PhaseTimer, evDelay, ti)
}

// freeSlot gives a slot to the next in line.
func (r *Run) freeSlot(ci int32) {
	c := nth(r.store.cells, ci)
	st := nth(r.prog.stores, c.store)
	c.inUse--
	r.level(st.m.l+metric.StoreAccesses, -1)
	if w := c.line.head; w != none && c.inUse < st.slots {
		ti := r.store.waits.at(w).task
		r.leaveStore(ti)
		t := r.tasks.at(ti)
		r.useSlot(ti, st, nth(r.store.cells, ci), r.demand(ti, t, nth(r.prog.code, t.pc)))
	}
}

// accessed ends an access.
func (r *Run) accessed(ti int32, in *instr) {
	t := r.tasks.at(ti)
	ci := r.cellOf(nth(r.prog.stores, in.a), t.inst)
	r.block(ti, -1)
	t.state = taskRunning
	t.pc++
	r.freeSlot(ci)
	r.runTask(ti)
}
