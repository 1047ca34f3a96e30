package engine

import (
	"fmt"
	"slices"

	"asynclab/sim/design"
	"asynclab/sim/draw"
)

func (c *compiler) emitHandlers() {
	for i := range c.d.Services {
		s := &c.d.Services[i]
		c.here(i)
		c.scope.Stores = s.Stores
		for j := range s.Handlers {
			c.cur = design.Target{Node: s.Name, Entry: s.Handlers[j].Name}
			c.curService = int32(i)
			c.ordinal = map[string]int{}
			c.loops = 0
			h := &c.handlers[c.handler[c.cur]]
			h.start = c.pc()
			c.emit(s.Handlers[j].Steps)
			c.put(instr{op: opEnd})
			c.takeWorkers(h.start)
		}
	}
	c.here(len(c.d.Services))
	c.scope = design.Scope{}
}

func (c *compiler) put(i instr) int32 {
	c.code = append(c.code, i)
	return int32(len(c.code) - 1)
}

func (c *compiler) pc() int32 { return int32(len(c.code)) }

// nth numbers the things of one kind within a handler; the salt of the first is 0.
func (c *compiler) nth(what string) uint64 {
	n := c.ordinal[what]
	c.ordinal[what] = n + 1
	if n == 0 {
		return 0
	}
	return draw.HashString(fmt.Sprintf("%s#%d", what, n))
}

func (c *compiler) emit(steps []design.Step) {
	for i := range steps {
		c.emitStep(&steps[i])
	}
}

func (c *compiler) emitStep(s *design.Step) {
	if s.When.IsZero() {
		c.emitBare(s)
		return
	}
	at := c.put(instr{op: opWhen, when: c.condition(&s.When), stored: c.stored(&s.When)})
	c.emitBare(s)
	if when := c.code[at].when; s.Op == design.Stop && c.code[at].stored && when.to == when.from+1 {
		end := &c.code[len(c.code)-1]
		end.op, end.a = opKnown, c.terms[when.from].place
	}
	c.code[at].a = c.pc()
}

// emitBare emits a step without its condition.
func (c *compiler) emitBare(s *design.Step) {
	element := "service/" + c.cur.Node
	switch s.Op {
	case design.Work:
		c.put(instr{op: opWork, needsWorker: true, dist: s.Dist, by: c.by(s.By), slot: c.loops, key: c.key(element, "work:"+c.cur.Entry), salt: c.nth("work")})
	case design.Delay:
		c.put(instr{op: opDelay, dist: s.Dist, by: c.by(s.By), slot: c.loops, key: c.key(element, "delay:"+c.cur.Entry), salt: c.nth("delay")})
	case design.Fail:
		c.put(instr{op: opFail, p: s.FailProb(), slot: c.loops, key: c.key(element, "fail:"+c.cur.Entry), salt: c.nth("fail")})
	case design.Reply:
		// Every reply has its draws, also one of the default size: its size may change.
		in := instr{op: opReply, sized: ownSize(&s.Size, s.HasSize, s.By), dist: s.Size, by: c.by(s.By), slot: c.loops, key: c.key(element, "reply:"+c.cur.Entry), salt: c.nth("reply")}
		if of := c.settingOf(fmt.Sprintf("reply%x", in.salt), s.Sets); of.setter > 0 {
			in.n, in.when = of.setter, of.span
			c.carries = true
		}
		c.put(in)
	case design.AckNow:
		c.put(instr{op: opAck})
	case design.Nack:
		c.put(instr{op: opNack, requeue: s.Requeue})
	case design.Stop:
		c.put(instr{op: opEnd})
	case design.Call, design.Await, design.Send, design.Publish:
		c.emitSend(s)
	case design.Read, design.Set, design.Count, design.Forget, design.LockRow, design.Unlock:
		c.emitStore(s)
	case design.Parallel:
		c.emitParallel(s)
	case design.Choose:
		c.emitChoose(s)
	case design.Repeat:
		c.emitRepeat(s)
	}
}

// emitStore emits the access to a store, if it takes a time, and what is done there.
func (c *compiler) emitStore(s *design.Step) {
	d := c.d.Services[c.curService].StoreNamed(s.Store)
	at := instr{a: c.store[design.Target{Node: c.cur.Node, Entry: s.Store}], orElse: none}
	if !d.Latency.IsZero() {
		st := &c.stores[at.a]
		c.put(instr{op: opAccess, needsWorker: true, a: at.a, dist: st.latency, key: st.keyLatency, slot: c.loops, salt: draw.Mix(draw.HashString(c.cur.Entry), c.nth("access "+s.Store))})
	}
	switch s.Op {
	case design.Read:
		at.op = opRead
	case design.Set:
		at.op, at.b, at.requeue = opSet, int32(slices.Index(d.States, s.State)), s.Fresh
		for _, w := range s.From {
			at.n |= 1 << slices.Index(d.States, w)
		}
	case design.Count:
		at.op, at.b, at.p, at.by = opCount, int32(slices.Index(d.Counters, s.Counter)), s.Add, c.by(s.By)
		if s.Add == 0 && !s.HasAdd {
			at.p = 1
		}
	case design.Forget:
		at.op = opForget
	case design.LockRow:
		at.op, at.needsWorker, at.requeue = opLock, true, s.Keep
		switch patience := limit(s.Patience, design.DefaultTimeout); {
		case s.NoWait && s.Patience == 0:
		case patience == 0:
			at.salt = uint64(never)
		default:
			at.salt = uint64(patience)
		}
	case design.Unlock:
		at.op = opUnlock
	}
	pc := c.put(at)
	if s.HasElse && (s.Op == design.Set || s.Op == design.LockRow) {
		over := c.put(instr{op: opJump})
		c.emitElse(pc, over, s)
	}
}

func (c *compiler) emitSend(s *design.Step) {
	st := c.siteFor(s.To)
	st.from, st.load, st.loops, st.cancel, st.leave, st.late = c.curService, none, c.loops, s.Cancel, s.Cancel || c.leave, s.Late
	by := c.cur.Node
	c.linked(&st, by, s.To.Node)
	if st.conn = none; st.broker != none {
		st.conn = c.connTo(by, s.To.Node)
	}
	name := s.To.String()
	nth := c.nth("to " + name)
	st.salt = c.incoming(name, c.cur.String()+fmt.Sprint(nth), c.back[s])
	st.linkSalt = draw.Mix(draw.HashString(name), nth)
	element := "service/" + by
	st.timeout = limit(s.Timeout, design.DefaultTimeout)
	st.retry = c.retry(&s.Retry, element, "backoff:"+c.cur.Entry+":"+name)
	st.sized, st.size, st.sizeBy, st.keySize = ownSize(&s.Size, s.HasSize, s.By), s.Size, c.by(s.By), c.key(element, "size:"+c.cur.Entry+":"+name)
	st.guards = c.guard(design.Where{Service: &c.d.Services[c.curService], Step: s}, s.Uses, c.curService, c.node[by], none)
	of := c.setBySite(s.Sets)
	st.setter, st.sets = of.setter, of.span
	st.gathers(&s.Gather)
	c.postOf(&st, &s.Post, element, ":"+c.cur.Entry+":"+name+fmt.Sprint(nth))
	st.untraced = s.Untraced
	st.hedge = c.hedging(&st)
	own := c.d.Services[c.curService].Balance
	st.peer = st.kind == toService && s.To.Node == by && own != nil && own.Others
	st.bare = c.bare(&st)
	for _, to := range s.Uses.Targets() {
		c.alternate(&st, by, to, func() guards {
			return c.guard(design.Where{Service: &c.d.Services[c.curService], Step: s}, s.Uses, c.curService, c.node[by], none)
		})
	}
	in := instr{op: opSend, slot: c.loops, a: int32(len(c.sites)), orElse: none}
	switch {
	case s.Op == design.Call:
		in.op, in.needsWorker, st.wait = opCall, true, true
	case s.Op == design.Await:
		in.op, st.wait = opAwait, true
	case st.kind != toService && (s.Confirm || c.blocks(&st)):
		in.op, in.needsWorker, st.wait = opCall, true, true
	}
	c.sites = append(c.sites, st)
	at := c.put(in)
	if s.HasElse && st.wait {
		over := c.put(instr{op: opJump})
		c.emitElse(at, over, s)
	}
}

// takeWorkers marks the steps of a handler before which a task takes a worker,
// beyond those that need one by themselves: the steps with an effect, if a step
// before the next await or delay, or the end, needs one. The text decides, not
// which branches are chosen.
func (c *compiler) takeWorkers(start int32) {
	code := c.code[start:]
	need := make([]bool, len(code)) // does a step from here on, before the task waits without a worker, need one?
	from := func(pc int32) bool { return need[pc-start] }
	for again := true; again; { // loops lead back: once more for each that is nested
		again = false
		for i := len(code) - 1; i >= 0; i-- {
			in, pc := &code[i], start+int32(i)
			n := in.needsWorker
			switch in.op {
			case opWork, opCall, opAwait, opDelay, opGather, opNack, opKnown, opEnd:
			case opJump, opLoopNext:
				n = from(in.a)
			case opBranchEnd:
				n = in.a != none && from(in.a)
			case opLoopTest, opWhen:
				n = from(pc+1) || from(in.a)
			case opChoose, opParallel:
				n = n || from(pc+1) || in.op == opParallel && in.orElse != none && from(in.orElse)
				for _, b := range c.branches[in.a : in.a+in.b] {
					n = n || from(b.pc)
				}
			default:
				n = from(pc + 1)
			}
			again = again || n != need[i]
			need[i] = n
		}
	}
	for i := range code {
		switch code[i].op {
		case opReply, opFail, opAck, opSend, opParallel, opRead, opSet, opCount, opForget, opUnlock:
			code[i].needsWorker = need[i]
		case opWhen, opChoose, opLoopTest: // to read a store is an effect
			code[i].needsWorker = code[i].needsWorker || code[i].stored && need[i]
		}
	}
}

// emitElse emits the steps that run when the instruction at fails; the jump
// over leads past them.
func (c *compiler) emitElse(at, over int32, s *design.Step) {
	c.code[at].orElse, c.code[at].degrades = c.pc(), !s.Harmless
	c.emit(s.Else)
	c.code[over].a = c.pc()
}

// siteFor fills in where a message to the target goes.
func (c *compiler) siteFor(t design.Target) site {
	st := site{from: none, load: none, handler: none, service: none, queue: none, broker: none}
	if h, ok := c.handler[t]; ok {
		st.kind, st.handler, st.service = toService, h, c.handlers[h].service
		return st
	}
	st.broker = c.broker[t.Node]
	st.unasked = c.brokers[st.broker].silent
	if q, ok := c.queue[t]; ok {
		st.kind, st.queue = toQueue, q
		return st
	}
	st.kind, st.queue = toTopic, c.topic[t]
	return st
}

// bare reports whether a message needs no record on a link that cannot harm it.
func (c *compiler) bare(st *site) bool {
	return !st.sized && !st.untraced && !st.peer && !st.unasked && st.linger == 0 && st.post == 0 && (st.kind == toService || st.kind == toQueue && c.queues[st.queue].plain && c.brokers[st.broker].capacity.workers == 0)
}

// blocks reports whether whoever sends a message may have to wait until there is room.
func (c *compiler) blocks(st *site) bool {
	if st.unasked {
		return false
	}
	queues := []int32{st.queue}
	if st.kind == toTopic {
		queues = c.topics[st.queue].subs
	}
	return slices.ContainsFunc(queues, func(q int32) bool { return c.queues[q].overflow.Waits || c.brokers[c.queues[q].broker].flow.on })
}

func (c *compiler) emitParallel(s *design.Step) {
	copies := max(1, s.Times)
	need := s.Need
	if total := len(s.Branches) * copies; need <= 0 || need > total {
		need = total
	}
	at := c.put(instr{op: opParallel, n: int32(need), copies: int32(copies), slot: c.loops, orElse: none})
	over := c.put(instr{op: opJump})
	pcs := make([]branchT, 0, len(s.Branches))
	var ends []int32
	waits := false
	around := c.leave
	c.leave = around || s.Cancel
	for _, b := range s.Branches {
		from := c.pc()
		pcs = append(pcs, branchT{pc: from})
		c.emit(b)
		ends = append(ends, c.put(instr{op: opBranchEnd, a: over}))
		for pc := from; pc < c.pc(); pc++ {
			if c.code[pc].needsWorker {
				c.code[at].needsWorker = true
			}
			waits = waits || c.code[pc].op == opAwait || c.code[pc].op == opDelay
		}
	}
	c.leave = around
	if waits && !c.code[at].needsWorker {
		c.code[at].op = opGather // a parallel step of awaits gives the worker back, as one await does
		for _, pc := range ends {
			c.code[pc].a = none
		}
	}
	c.code[at].a, c.code[at].b = int32(len(c.branches)), int32(len(pcs))
	c.branches = append(c.branches, pcs...)
	if c.code[over].a = c.pc(); s.HasElse {
		c.emitElse(at, over, s)
	}
}

func (c *compiler) emitChoose(s *design.Step) {
	at := c.put(instr{op: opChoose, slot: c.loops, key: c.key("service/"+c.cur.Node, "choose:"+c.cur.Entry), salt: c.nth("choose")})
	over := []int32{c.put(instr{op: opJump})}
	var pcs []branchT
	sum := 0.0
	for i, b := range s.Branches {
		t := branchT{pc: c.pc(), upTo: 2} // the rest: above every draw
		switch {
		case i < len(s.Weights):
			sum += s.Weights[i]
			t.upTo = sum
		case i < len(s.Whens):
			t.when = c.condition(&s.Whens[i])
			c.code[at].stored = c.code[at].stored || c.stored(&s.Whens[i])
		}
		pcs = append(pcs, t)
		c.emit(b)
		over = append(over, c.put(instr{op: opJump}))
	}
	c.code[at].a, c.code[at].b = int32(len(c.branches)), int32(len(pcs))
	c.branches = append(c.branches, pcs...)
	for _, o := range over {
		c.code[o].a = c.pc()
	}
}

func (c *compiler) emitRepeat(s *design.Step) {
	slot := c.loops
	c.put(instr{op: opLoop, slot: slot})
	test := c.put(instr{op: opLoopTest, slot: slot, n: int32(s.Count), by: c.by(s.By), when: c.condition(&s.While), stored: c.stored(&s.While)})
	c.loops++
	c.emit(s.Branches[0])
	c.loops--
	c.put(instr{op: opLoopNext, slot: slot, a: test})
	c.code[test].a = c.pc()
}

// findCycles marks the steps that lead back to a handler from which they were
// reached: when an operation comes to that handler again, its draws must differ
// from those of the first time. Depth first, in declaration order.
func (c *compiler) findCycles() {
	c.back = map[*design.Step]bool{}
	const white, grey, black = 0, 1, 2
	colour := make([]uint8, len(c.handlers))
	var byHandler [][]*design.Step
	for i := range c.d.Services {
		for j := range c.d.Services[i].Handlers {
			byHandler = append(byHandler, sends(c.d.Services[i].Handlers[j].Steps, nil))
		}
	}
	readers := make([][]int32, len(c.queues))
	for i := range c.consumes {
		k := &c.consumes[i]
		readers[k.queue] = append(readers[k.queue], k.handler)
	}
	var visit func(h int32)
	visit = func(h int32) {
		colour[h] = grey
		for _, s := range byHandler[h] {
			all := c.reached(s.To, readers)
			for _, to := range s.Uses.Targets() {
				all = append(all, c.reached(to, readers)...)
			}
			for _, to := range all {
				switch colour[to] {
				case white:
					visit(to)
				case grey:
					c.back[s] = true
				}
			}
		}
		colour[h] = black
	}
	for i := range c.handlers {
		if colour[i] == white {
			visit(int32(i))
		}
	}
}

func sends(steps []design.Step, to []*design.Step) []*design.Step {
	for i := range steps {
		s := &steps[i]
		switch s.Op {
		case design.Call, design.Await, design.Send, design.Publish:
			to = append(to, s)
		}
		for _, b := range s.Branches {
			to = sends(b, to)
		}
		to = sends(s.Else, to)
	}
	return to
}

// reached lists the handlers that a message to the target comes to; readers are
// those of each queue.
func (c *compiler) reached(t design.Target, readers [][]int32) []int32 {
	if h, ok := c.handler[t]; ok {
		return []int32{h}
	}
	var queues []int32
	if q, ok := c.queue[t]; ok {
		queues = []int32{q}
	} else if tp, ok := c.topic[t]; ok {
		queues = c.topics[tp].subs
	}
	var hs []int32
	for _, q := range queues {
		hs = append(hs, readers[q]...)
		if dead := c.queues[q].deadLetter; dead != none {
			hs = append(hs, readers[dead]...)
		}
	}
	return hs
}
