package engine

import (
	"fmt"
	"reflect"
	"slices"
	"sort"

	"asynclab/sim/design"
	"asynclab/sim/draw"
	"asynclab/sim/kernel"
	"asynclab/sim/measure"
	"asynclab/sim/mech"
	"asynclab/sim/metric"
)

// Mechanisms: their tables in a program, and their state in a run. What stands at a
// call site, a service's door or a queue is a range of guards, whose number is 0 where
// there is none: the whole cost of the seams to a design without mechanisms.

// partT is a mechanism at an element of the design. It has a cell for each instance of
// a service, and one for a load or a queue.
type partT struct {
	mech     *mech.Mechanism
	name     string
	element  uint64
	settings any
	node     int32 // of its records
	queue    int32 // or none
	inst0    int32 // instance of the first cell; none: it has one cell
	cell0    int32
	cells    int32
	word0    int32
	words    int32 // of a cell
	timer0   int32
	causes   []design.Cause // the numbers of its causes
	key      int32          // the attribute that is its key, plus one
	draws    int32          // its stream of random draws
	table0   int32
	site     int32 // with Targets: a call that has them
	m        block
}

// guards is a range of Program.guards.
type guards struct{ first, n int32 }

type partKey struct{ key, caller, name string }

// guard makes the parts of the mechanisms at an element, the lowest rank first, and
// returns their range. service is the one whose instances have a cell each.
func (c *compiler) guard(w design.Where, uses design.Uses, service, node, queue int32) guards {
	if len(uses) == 0 {
		return guards{}
	}
	var all []int32
	path := w.Path
	for i := range uses {
		at := w
		at.Of, at.Path = &uses[i], path+"."+uses[i].Of.Declaration().Key
		if c.instead != nil && at.Of.Of.Declaration().EachTarget() { // that of another target
			at = at.For(*c.instead)
		}
		all = append(all, c.part(&at, service, node, queue))
	}
	slices.SortStableFunc(all, func(a, b int32) int { return c.parts[a].mech.Rank - c.parts[b].mech.Rank })
	key := fmt.Sprint(all)
	g, known := c.guardsOf[key]
	if !known {
		g = guards{int32(len(c.Program.guards)), int32(len(all))}
		c.guardsOf[key] = g
		c.Program.guards = append(c.Program.guards, all...)
		c.tickets = max(c.tickets, ticketHead+len(all))
	}
	return g
}

// part is the index of a mechanism at an element; one that is there takes the settings
// that the design has now.
func (c *compiler) part(w *design.Where, service, node, queue int32) int32 {
	m := w.Of.Of.(*mech.Mechanism)
	k := partKey{m.Key, w.Caller(), w.Element()}
	if i, known := c.partOf[k]; known {
		c.parts[i].settings = w.Of.Settings
		return i
	}
	t := partT{
		mech: m, name: k.name, element: draw.HashString("mechanism/" + m.Key + "/" + k.name), settings: w.Of.Settings,
		node: node, queue: queue, inst0: none, cells: 1, cell0: c.cells, word0: c.words, timer0: c.timers,
	}
	if service != none {
		s := &c.services[service]
		t.inst0, t.cells = s.inst0, s.instances
		c.owned[service] = append(c.owned[service], int32(len(c.parts)))
	}
	if m.Words != nil {
		t.words = int32(m.Words(t.settings))
	}
	if t.table0 = c.tables; m.Attribute != nil {
		t.key = c.by(m.Attribute(t.settings))
	}
	if m.Draws {
		t.draws = c.key("mechanism/"+m.Key+"/"+k.name, "draws")
	}
	c.tables += t.cells * int32(m.Tables)
	for _, r := range m.Causes {
		t.causes = append(t.causes, design.Cause(slices.Index(c.reasons, r)))
	}
	c.cells += t.cells
	c.words += t.cells * t.words
	c.timers += t.cells * int32(m.Timers)
	i := int32(len(c.parts))
	c.partOf[k] = i
	c.parts = append(c.parts, t)
	return i
}

// asksAtTurns reports whether a guard of a door is asked when a turn comes.
func (c *compiler) asksAtTurns(g guards) bool {
	return slices.ContainsFunc(c.Program.guards[g.first:g.first+g.n], func(i int32) bool { return c.parts[i].mech.Turn != nil })
}

// hedging is the place of the guard that hedges a call, plus one.
func (c *compiler) hedging(st *site) int32 {
	for k := range st.guards.n {
		if st.kind == toService && c.parts[c.Program.guards[st.guards.first+k]].mech.Hedge != nil {
			return k + 1
		}
	}
	return 0
}

// kinds are the kinds of metrics of a program: those of the core, and of the
// mechanisms that the design uses.
func (p *Program) mechanismKinds() metric.Kinds {
	all := metric.Core
	for i := range p.parts {
		if k := p.parts[i].mech.Metrics; k != nil && !slices.Contains(all, k) {
			all = all.With(k)
		}
	}
	return all
}

// Kinds are the kinds of metrics that the design may have.
func (p *Program) Kinds() metric.Kinds { return p.kinds }

// Kinds are the kinds of metrics that the run may have.
func (r *Run) Kinds() metric.Kinds { return r.prog.kinds }

// Elements lists the elements that have the metrics of a mechanism.
func (p *Program) Elements(k *metric.Kind) (names []string) {
	for i := range p.parts {
		if p.parts[i].mech.Metrics == k {
			names = append(names, p.parts[i].name)
		}
	}
	return names
}

// Reasons are the causes of failure that the design may have, by number.
func (p *Program) Reasons() []*design.Reason { return p.reasons }

// mechanismMetrics gives each part its metrics.
func (c *compiler) mechanismMetrics(next *block) {
	c.kinds = c.mechanismKinds()
	for i := range c.parts {
		if k := c.parts[i].mech.Metrics; k != nil {
			c.parts[i].m = next.take(k)
		}
	}
}

// eachMetered visits the parts that have metrics, by kind.
func (p *Program) eachMetered(visit func(k *metric.Kind, t *partT, i int)) {
	for _, k := range p.kinds {
		for i := range p.parts {
			if t := &p.parts[i]; t.mech.Metrics == k {
				visit(k, t, i)
			}
		}
	}
}

// seamState is the state of all mechanisms: flat, so that a checkpoint copies it.
type seamState struct {
	words   []int64        // by part and cell
	timers  []uint64       // events, likewise
	lines   []line         // by cell
	tables  []kernel.Table // by part and cell
	took    []int          // bytes that each of these took when a hook last had it
	kept    int            // bytes of words and tables
	looked  int            // up to so many it has been looked whether they are too many
	waiters slab[waiter]
	races   slab[race]
	flights slab[flight]
	tried   tried
	after   []afterT // by call: what its last refusal has told, where one told anything
	tickets []int64  // by call: how many guards it has passed, when it was sent, its waiter, its race, its hedges before that, and what each guard has left
}

// ticketHead is the number of words before those of the guards.
const ticketHead = 5

// seamTimers is the number of kinds of timers beyond those of cells: of waiters, races and
// flights.
const seamTimers = 3

type line struct{ head, tail, n int32 }

// waiter is an attempt in the line of a cell.
type waiter struct {
	callID     uint64
	timer      uint64 // its patience
	since      int64
	call       int32
	part, cell int32
	ticket     int64 // by which others end its wait
	guard      int32 // the place of the part among the guards of the site
	next, prev int32
	goes       bool // when its time is over it goes on, and does not fail
}

func (s *seamState) bytes() int {
	return tablesBytes(s.tables) + sizeOf(s.took) + sizeOf(s.words) + sizeOf(s.timers) + sizeOf(s.lines) + sizeOf(s.waiters.items) + sizeOf(s.races.items) + sizeOf(s.flights.items) + s.tried.bytes() + sizeOf(s.tickets) + sizeOf(s.after)
}

// startMechanisms creates the cells.
func (r *Run) startMechanisms() {
	p := &r.prog
	s := &r.seam
	s.words, s.timers, s.lines, s.tables = p.newCells()
	s.took, s.kept = make([]int, p.tables), sizeOf(s.words)
	for i := range p.parts {
		for n := range p.parts[i].cells {
			r.startCell(&p.parts[i], n)
		}
	}
}

func (r *Run) startCell(p *partT, n int32) {
	if p.mech.Start != nil {
		p.mech.Start(r.cell(p, n, none))
	}
}

// cell is the n-th cell of a part, for a hook that is called about an operation, or none.
func (r *Run) cell(p *partT, n, o int32) *mech.Cell {
	w := p.word0 + n*p.words
	r.host = host{r, p, n, o, 0, 0}
	r.hooked = mech.Cell{Settings: p.settings, Words: r.seam.words[w : w+p.words : w+p.words], Now: r.now, Host: &r.host, Index: p.cell0 + n}
	return &r.hooked
}

// host implements mech.Host for one cell.
type host struct {
	r  *Run
	p  *partT
	n  int32
	op int32

	envelope int32 // of the operation's message
	call     int32 // that is asked about, where it matters as a whole
}

func (h *host) Count(m measure.Counter) { h.r.rec.Inc(h.p.m.c + m) }

func (h *host) Level(m measure.LevelID, d int64) { h.r.rec.Level(h.p.m.l+m, h.r.now, d) }

func (h *host) Observe(m measure.HistID, d int64) { h.r.rec.Observe(h.p.m.h+m, d) }

func (h *host) timer(k int) int32 { return h.p.timer0 + h.n*int32(h.p.mech.Timers) + int32(k) }

func (h *host) Timer(k int, at int64) {
	h.Cancel(k)
	i := h.timer(k)
	h.r.seam.timers[i] = h.r.list.Push(max(at, h.r.now), kernel.PhaseTimer, evMechanism, i)
}

func (h *host) Cancel(k int) { h.r.cancel(&h.r.seam.timers[h.timer(k)]) }

func (h *host) Draw(n uint64) float64 { return h.r.keys[h.p.draws].Uniform(n, uint64(h.n)) }

func (h *host) Waiting() int { return int(h.r.seam.lines[h.p.cell0+h.n].n) }

func (h *host) Has(set design.CauseSet, cause design.Cause) bool {
	return set.Bits(h.r.prog.reasons)&(1<<cause) != 0
}

func (h *host) Next() bool { return h.r.nextInLine(h.p, h.n, h.r.hooked.Ticket) }

// mechanismTimer finds the part and the cell of a timer.
func (r *Run) mechanismTimer(i int32) (p *partT, n, k int32) {
	all := r.prog.parts
	p = &all[sort.Search(len(all), func(j int) bool { return all[j].timer0 > i })-1]
	of := int32(p.mech.Timers)
	return p, (i - p.timer0) / of, (i - p.timer0) % of
}

// mechanismEvent is the end of a timer of a cell, or of the patience of a waiter.
func (r *Run) mechanismEvent(arg int32) {
	if w := arg - r.prog.timers; w >= 0 {
		switch w % seamTimers {
		case 0:
			r.impatient(w / seamTimers)
		case 1:
			r.hedge(w / seamTimers)
		default:
			r.flightTimeout(w / seamTimers)
		}
		return
	}
	p, n, k := r.mechanismTimer(arg)
	r.note(evMechanism, p.element, none, uint64(n)<<8|uint64(k))
	r.seam.timers[arg] = 0
	p.mech.Timer(r.cell(p, n, none), int(k))
}

// mechanismLive reports whether the event of a timer was not cancelled.
func (r *Run) mechanismLive(arg int32, id uint64) bool {
	if w := arg - r.prog.timers; w >= 0 {
		switch w % seamTimers {
		case 0:
			return r.seam.waiters.at(w/seamTimers).timer == id
		case 1:
			return r.seam.races.at(w/seamTimers).timer == id
		}
		return r.seam.flights.at(w/seamTimers).timer == id
	}
	return r.seam.timers[arg] == id
}

// forgetCells resets the cells of an instance that has crashed.
func (r *Run) forgetCells(service, ii int32) {
	for _, i := range r.prog.owned[service] {
		if p := &r.prog.parts[i]; !p.mech.Outside {
			r.resetCell(p, ii-p.inst0)
		}
	}
}

// forgetQueue resets the cells of a queue whose broker has crashed.
func (r *Run) forgetQueue(qi int32) {
	g := r.prog.queues[qi].guards
	for _, i := range r.prog.guards[g.first : g.first+g.n] {
		r.resetCell(&r.prog.parts[i], 0)
	}
}

func (r *Run) resetCell(p *partT, n int32) {
	c := r.cell(p, n, none)
	if p.mech.Reset != nil {
		p.mech.Reset(c)
	}
	for k := range p.mech.Timers {
		r.host.Cancel(k)
	}
	clear(c.Words)
	for i := range p.mech.Tables {
		r.host.Table(i).Clear()
	}
	r.startCell(p, n)
}

// settingsChanged tells the mechanisms whose settings differ from those before.
func (r *Run) settingsChanged(before []any) {
	for i := range r.prog.parts {
		p := &r.prog.parts[i]
		if was := before[i]; p.mech.Changed != nil && was != p.settings && !reflect.DeepEqual(was, p.settings) {
			for n := range p.cells {
				p.mech.Changed(r.cell(p, n, none), was)
			}
		}
	}
}
