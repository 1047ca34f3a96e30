package engine

import (
	"fmt"

	"asynclab/sim/metric"
)

// logs proves that what a group has before it in a log, what has come back and what its
// members have is what is counted, and that every partition is with whom it should be.
func (a *auditor) logs() {
	r := a.r
	if len(r.groups) == 0 {
		return
	}
	parts := make([]struct{ live, line, held int }, len(r.partitions))
	byMember, again := make([]int, len(r.members)), make([]int, len(r.members))
	for _, c := range used(&r.copies) {
		part := r.prog.queues[c.queue].part
		if part == 0 {
			continue
		}
		p := &parts[part-1]
		p.live++
		switch {
		case c.state == copyWaiting:
			p.line++
		case c.state != copyDelivered:
			a.wrong("copy %x of a partition is in state %d", c.id, c.state)
		case !c.done:
			p.held++
			byMember[c.consumer]++
			if c.timer != 0 {
				again[c.consumer]++
			}
		}
	}
	depth, lag, stopped := make([]int, len(r.groups)), make([]int, len(r.groups)), make([]int, len(r.groups))
	ahead := make([]int32, len(r.ops.items))
	for pi := range r.partitions {
		p, t := &r.partitions[pi], &r.prog.partitions[pi]
		name, l := r.prog.queues[t.queue].name, &r.logs[t.log]
		left := 0
		for _, s := range l.segments {
			for i := range s.records {
				if s.offset(i) < p.position {
					continue
				}
				if left++; r.alive(&s.records[i]) != nil {
					ahead[s.records[i].slot]++
				}
			}
		}
		depth[t.group] += left + parts[pi].line
		lag[t.group] += left + parts[pi].live
		if p.dead {
			stopped[t.group]++
		}
		a.equal(name+": lag", int(r.rec.LevelValue(t.m.l+metric.PartitionLag)), left+parts[pi].live)
		a.equal(name+": held", int(p.held), parts[pi].held)
		line := r.along(nil, r.queues[t.queue].head)
		a.equal(name+": line", len(line), parts[pi].line)
		for i := 1; i < len(line); i++ {
			if r.byPlace(line[i-1], line[i]) > 0 {
				a.wrong("%s: the line is not in the order of publication", name)
			}
		}
		if p.owner != none && !r.members[p.owner].joined {
			a.wrong("%s belongs to consumer %d, which is no member", name, p.owner)
		}
		if oldest := r.oldestIn(int32(pi)); oldest != r.queues[t.queue].oldest {
			a.wrong("%s: the oldest message is of %d, not of %d", name, oldest, r.queues[t.queue].oldest)
		}
	}
	for i := range r.logs {
		a.kept(&r.logs[i], &r.prog.logs[i])
	}
	for i, o := range used(&r.ops) {
		if o.state == opOpen && o.id != 0 {
			a.equal(fmt.Sprintf("records of operation %x that groups have before them", o.id), int(*r.logged(int32(i))), int(ahead[i]))
		}
	}
	for gi := range r.groups {
		g, t := &r.groups[gi], &r.prog.groups[gi]
		q := &r.prog.queues[t.queue]
		a.equal(q.name+": depth", int(r.queues[t.queue].depth), depth[gi])
		a.equal(q.name+": lag", int(r.rec.LevelValue(q.m.l+metric.QueueLag)), lag[gi])
		a.equal(q.name+": members", int(r.rec.LevelValue(t.m.l+metric.GroupMembers)), len(g.members))
		a.equal(q.name+": stopped partitions", int(r.rec.LevelValue(t.m.l+metric.GroupStopped)), stopped[gi])
		for _, ci := range g.members {
			a.member(ci)
		}
	}
	for ci := range r.members {
		a.equal(fmt.Sprintf("copies of member %d", ci), int(r.members[ci].held), byMember[ci])
		a.equal(fmt.Sprintf("copies that member %d tries again", ci), int(r.members[ci].again), again[ci])
	}
}

// member proves that a member that could go on does.
func (a *auditor) member(ci int32) {
	r := a.r
	c, m := &r.consumers[ci], &r.members[ci]
	g, t := &r.groups[m.group], &r.prog.groups[m.group]
	stops := (g.wanted || g.timer != 0 || g.over) && !t.cooperative
	if m.fresh || m.held > 0 || c.credit != c.prefetch || r.suspended(c.inst) || !r.conns[c.conn].broker || !r.conns[c.conn].client || stops || r.queues[c.queue].queued || r.end == AtCompletions {
		return
	}
	for pi := t.parts.from; pi < t.parts.to; pi++ {
		if p := &r.partitions[pi]; p.owner == ci && !p.moving && r.has(pi) {
			a.wrong("%s has something, and its owner %d is idle", r.prog.queues[r.prog.partitions[pi].queue].name, ci)
		}
	}
}

// kept proves that what a log keeps is what is counted.
func (a *auditor) kept(l *logState, t *logT) {
	if !t.keeps {
		return
	}
	name, n, size := a.r.prog.topics[t.topic].name, 0, 0
	for _, s := range l.segments {
		for i := range s.records {
			if s.offset(i) >= l.start {
				n, size = n+1, size+int(s.records[i].size)
			}
			if i > 0 && s.offset(i) <= s.offset(i-1) {
				a.wrong("%s: offset %d follows %d", name, s.offset(i), s.offset(i-1))
			}
		}
	}
	a.equal(name+": records kept", int(l.records), n)
	a.equal(name+": bytes kept", int(l.bytes), size)
	for _, pi := range t.readers {
		if p := &a.r.partitions[pi]; p.position < l.start && n > 0 {
			a.wrong("%s: a group is at %d, before the first record, %d", name, p.position, l.start)
		}
	}
}
