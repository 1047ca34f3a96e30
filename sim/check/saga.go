package check

import (
	"slices"

	"asynclab/sim/design"
	"asynclab/sim/warning"
)

// A saga is a list of steps of which one that fails undoes what those before it have
// done at other services, and ends the handler.

// saga warns of a step of a saga that nothing undoes when a later one fails.
func (c *checker) saga(list []design.Step, path string) {
	if !slices.ContainsFunc(list, func(s design.Step) bool { return c.undoes(&s) != nil }) {
		return
	}
	type done struct {
		to   design.Target
		path string
		at   []string // the services whose stores it has changed
	}
	var all []done
	compensates := false // some step before has been undone: it is a saga
	var missing []func()
	var places design.StepPlaces
	for i := range list {
		s := &list[i]
		here := path + "." + places.Next(s.Op)
		if s.Op != design.Call && s.Op != design.Await {
			continue
		}
		undone := c.undoes(s)
		goesOn := s.Retry.Attempts == design.Unlimited || s.HasElse && !ends(s.Else)
		all = slices.DeleteFunc(all, func(d done) bool {
			switch {
			case goesOn:
				return false
			case slices.ContainsFunc(d.at, func(name string) bool { return slices.Contains(undone, name) }):
				compensates = true
				return false
			}
			missing = append(missing, func() { c.warn(d.path, warning.NotUndone, d.to, s.To) })
			return true
		})
		if at := c.changes(s.To); len(at) > 0 && !slices.ContainsFunc(all, func(d done) bool { return d.to == s.To }) {
			all = append(all, done{s.To, here, at})
		}
	}
	for _, say := range missing {
		if compensates {
			say()
		}
	}
}

// undoes lists the services whose stores the else of a step changes before it ends the
// handler; none: it does no such thing.
func (c *checker) undoes(s *design.Step) (all []string) {
	if ends(s.Else) {
		all = c.changedBy(s.Else, nil, map[design.Target]bool{}, 1)
	}
	return all
}

// changes lists the services whose stores a call of a handler changes.
func (c *checker) changes(to design.Target) []string {
	all, known := c.changed[to]
	if !known {
		all = c.changedBy([]design.Step{{Op: design.Call, To: to}}, nil, map[design.Target]bool{}, 1)
		c.changed[to] = all
	}
	return all
}

func ends(list []design.Step) bool { return len(list) > 0 && list[len(list)-1].Ends() }

// mostSeen bounds the handlers behind a call that are looked at.
const mostSeen = 200

func (c *checker) changedBy(list []design.Step, all []string, seen map[design.Target]bool, depth int) []string {
	for i := range list {
		s := &list[i]
		if depth < design.MaxStepDepth {
			all = c.changedBy(s.Else, all, seen, depth+1)
			for _, b := range s.Branches {
				all = c.changedBy(b, all, seen, depth+1)
			}
		}
		if s.Op != design.Call && s.Op != design.Await && s.Op != design.Send || seen[s.To] || len(seen) == mostSeen {
			continue
		}
		seen[s.To] = true
		if h := c.handlers[s.To]; h != nil && !slices.Contains(all, s.To.Node) {
			if writes(h.handler.Steps, 1) {
				all = append(all, s.To.Node)
			}
			all = c.changedBy(h.handler.Steps, all, seen, depth+1)
		}
	}
	return all
}

// writes reports whether steps change a store.
func writes(list []design.Step, depth int) bool {
	return depth <= design.MaxStepDepth && slices.ContainsFunc(list, func(s design.Step) bool {
		return s.Op == design.Set || s.Op == design.Count || s.Op == design.Forget || writes(s.Else, depth+1) ||
			slices.ContainsFunc(s.Branches, func(b []design.Step) bool { return writes(b, depth+1) })
	})
}
