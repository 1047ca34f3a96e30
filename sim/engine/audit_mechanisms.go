package engine

import "fmt"

// mechanisms proves the books of the seams: who waits is in one line, an attempt has
// passed guards only while it is under way, and each cell finds its state in order.
func (a *auditor) mechanisms() {
	r := a.r
	in := make([]int, len(r.seam.lines))
	for _, w := range used(&r.seam.waiters) {
		in[r.prog.parts[w.part].cell0+w.cell]++
		if c := r.call(w.call); c.id != w.callID || c.out || c.timer != 0 {
			a.wrong("call %d waits in a line and is under way", w.call)
		}
	}
	for i, x := range used(&r.seam.races) {
		switch c := r.call(x.call); {
		case c.id != x.callID || c.resting || r.raceOf(x.call) != int32(i):
			a.wrong("race %d has no attempt", i)
		case !c.out && x.first == none:
			a.wrong("race %d has no request under way", i)
		case x.settled == c.out:
			a.wrong("race %d: its attempt is out %v, and settled %v", i, c.out, x.settled)
		}
	}
	for i := range r.prog.parts {
		p := &r.prog.parts[i]
		waiting := 0
		for n := range p.cells {
			name := fmt.Sprintf("%s.%s[%d]", p.mech.Key, p.name, n)
			l := r.seam.lines[p.cell0+n]
			waiting += int(l.n)
			a.equal(name+": waiting", int(l.n), in[p.cell0+n])
			if p.mech.Audit == nil {
				continue
			}
			if err := p.mech.Audit(r.cell(p, n, none)); err != nil {
				a.wrong("%s: %v", name, err)
			}
		}
		if p.mech.Line != nil {
			a.equal(p.mech.Key+"."+p.name+": waiting level", int(r.rec.LevelValue(p.m.l+p.mech.Line.Waiting)), waiting)
		}
	}
	for i := range len(r.seam.tickets) / max(1, r.prog.tickets) {
		ci := int32(i)
		there := i>>1 < len(r.ops.items)
		if ci&1 == 1 {
			there = i>>1 < len(r.calls.items)
		}
		if t := r.ticket(ci); t[0] != 0 && (!there || r.call(ci).id == 0) {
			a.wrong("call %d has ended and holds %d guards", i, t[0])
		}
	}
}
