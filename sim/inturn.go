package sim

import "asynclab/sim/design"

// InTurn reports whether the time to the answer of a design's operations is the sum
// of what its handlers and their calls take: whoever waits, waits for one at a time,
// and what handlers call is called only while somebody waits for them.
func InTurn(d *design.Design) bool {
	alone := map[design.Target]bool{} // handlers that run while nobody waits
	for i := range d.Services {
		for _, c := range d.Services[i].Consumes {
			alone[design.Target{Node: d.Services[i].Name, Entry: c.Handler}] = true
		}
		for j := range d.Services[i].Handlers {
			sent(d.Services[i].Handlers[j].Steps, alone)
		}
	}
	for i := range d.Services {
		for j := range d.Services[i].Handlers {
			h := &d.Services[i].Handlers[j]
			waits, overlaps := waiting(h.Steps)
			if overlaps || waits && alone[design.Target{Node: d.Services[i].Name, Entry: h.Name}] {
				return false
			}
		}
	}
	return true
}

// sent notes the targets of messages that nobody waits for.
func sent(steps []design.Step, to map[design.Target]bool) {
	for i := range steps {
		s := &steps[i]
		if s.Op == design.Send {
			to[s.To] = true
		}
		for _, b := range s.Branches {
			sent(b, to)
		}
		sent(s.Else, to)
	}
}

// waiting reports whether steps wait for others, and whether they do so while others
// do, or after their answer.
func waiting(steps []design.Step) (waits, overlaps bool) {
	replied := false
	for i := range steps {
		s := &steps[i]
		inner := s.Op == design.Call || s.Op == design.Await || s.Op == design.Publish
		for _, b := range append(s.Branches[:len(s.Branches):len(s.Branches)], s.Else) {
			w, o := waiting(b)
			inner, overlaps = inner || w, overlaps || o || w && s.Op == design.Parallel || w && replied
			for k := range b {
				replied = replied || b[k].Op == design.Reply
			}
		}
		waits, overlaps = waits || inner, overlaps || inner && replied
		replied = replied || s.Op == design.Reply
	}
	return waits, overlaps
}
