package check

import (
	"fmt"
	"math"
	"slices"
	"time"

	"asynclab/sim/design"
	"asynclab/sim/draw"
	"asynclab/sim/warning"
)

func (c *checker) load(l *design.Load, path string) {
	c.target(path+".to", l.To, "load")
	c.arrivals(l, path)
	for i, t := range l.Confirm {
		c.confirmTarget(numbered(path+".confirm", i), t)
	}
	if n := len(l.Confirm); n > design.MaxConfirmers && l.Confirms == 0 {
		c.fail(path+".confirms", "say how many completions confirm an operation: count", "%d handlers have to confirm an operation, each of them; the most is %d", n, design.MaxConfirmers)
	}
	c.by(path+".priority", l.PriorityBy)
	c.times(path+".size", l.SizeBy)
	c.post(&l.Post, append([]design.Target{l.To}, l.Uses.Targets()...), true, path)
	c.gathers(path, l.To, &l.Gather)
	c.retry(&l.Retry, l.To, path+".retry")
	if l.Stop > 0 && l.Stop <= l.Start {
		c.fail(path+".stop", "let it stop after its start", "the load stops before it starts")
	}
	if len(l.Confirm) == 0 {
		c.confirmedEarly(l, path)
	}
}

// confirmedEarly warns of a load without a declared end whose operations go on behind
// a queue: the client's answer then confirms them.
func (c *checker) confirmedEarly(l *design.Load, path string) {
	if c.ends[l.To.Node] == kindBroker {
		c.warn(path+".to", warning.DoneWhenPublished)
		return
	}
	if to := c.published(l.To); to != nil {
		c.warn(path+".to", warning.DoneWhenAnswered, l.To, to)
	}
}

// published finds the queue or topic to which a handler, or one that it calls, always
// publishes before it ends, and of which somebody consumes; nil if there is none.
func (c *checker) published(t design.Target) *design.Target {
	h := c.handlers[t]
	if known, seen := c.behind[t]; seen || h == nil {
		return known
	}
	c.behind[t] = nil // a call in a circle finds nothing
	c.behind[t] = c.publishes(h)
	return c.behind[t]
}

func (c *checker) publishes(h *handlerInfo) *design.Target {
	for i := range h.handler.Steps {
		s := &h.handler.Steps[i]
		switch {
		case !s.When.IsZero():
		case s.Op == design.Publish && len(c.readers[s.To]) > 0:
			return &s.To
		case s.Op == design.Call || s.Op == design.Await:
			if to := c.published(s.To); to != nil {
				return to
			}
		case s.Ends():
			return nil
		}
	}
	return nil
}

// numbered is the path of the i-th of several; the first is named without a number.
func numbered(path string, i int) string {
	if i == 0 {
		return path
	}
	return fmt.Sprintf("%s.%d", path, i+1)
}

func (c *checker) arrivals(l *design.Load, path string) {
	a := &l.Arrivals
	switch {
	case l.Users > 0 && a.Kind != design.NoArrivals:
		c.fail(path, "keep either arrivals (open) or users (closed)", "the load has both arrivals and users")
		return
	case l.Users < 0:
		c.fail(path+".users", design.Core.Load.Field("users").Expects(), "negative")
		return
	case l.Users == 0 && a.Kind == design.NoArrivals:
		c.fail(path, "give it arrivals (open) or users (closed)", "the load has neither arrivals nor users")
		return
	case l.Users > design.MaxUsers:
		return // ranges says so
	}
	switch a.Kind {
	case design.NoArrivals:
		c.spin(l, path)
	case design.Poisson, design.Regular:
		c.profile(a, path)
	case design.Renewal:
		if a.Interval.IsZero() {
			c.fail(path+".interval", "write a distribution of times, such as exp(5ms)", "the time between arrivals is always 0")
		}
	case design.Trace:
		c.trace(a, path)
	default:
		c.fail(path, "", "unknown arrival process %d", a.Kind)
	}
}

func (c *checker) profile(a *design.Arrivals, path string) {
	scale := a.Scale
	if scale == 0 {
		scale = 1
	}
	peak := a.Rate
	if len(a.Profile) > 0 {
		peak = c.segments(a, path)
	} else if a.Rate == 0 {
		c.fail(path+".rate", "write a rate, such as 200/s", "the rate is 0: nothing would ever arrive")
	}
	if peak <= design.MaxRate && scale*peak > design.MaxRate {
		c.fail(path+".scale", "", "the scaled rate is above the most possible, %s", draw.FormatQuantity(design.MaxRate, draw.PerSecond))
	}
}

// segments checks a profile and gives its highest rate.
func (c *checker) segments(a *design.Arrivals, path string) float64 {
	peak, total := 0.0, 0.0
	var length time.Duration
	for i := range a.Profile {
		s := &a.Profile[i]
		if s.For == 0 {
			c.fail(fmt.Sprintf("%s.profile.%d.for", path, i+1), "a jump needs no time: end one part at one rate and begin the next at another",
				"a part of the profile lasts no time")
		}
		if length += s.For; length > design.MaxTime || length < 0 {
			c.fail(path+".profile", "", "the profile is longer than the longest time, %s", draw.FormatDuration(design.MaxTime.Seconds()))
			return 0
		}
		peak = math.Max(peak, math.Max(s.From, s.To))
		total += float64((s.From + s.To) * s.For.Seconds())
	}
	last := a.Profile[len(a.Profile)-1].To
	if total == 0 && (a.Repeat || last == 0) {
		c.fail(path+".profile", "give some part of it a rate", "the rate is 0 everywhere: nothing would ever arrive")
	}
	return peak
}

func (c *checker) trace(a *design.Arrivals, path string) {
	if len(a.Times) == 0 {
		c.fail(path+".trace", "", "the trace has no times: nothing would ever arrive")
	}
	for i, t := range a.Times {
		switch {
		case t < 0:
			c.fail(path+".trace", "times count from 0", "time %d of the trace is negative", i+1)
			return
		case t > int64(design.MaxTime):
			c.fail(path+".trace", "times are in nanoseconds", "time %d of the trace is too large", i+1)
			return
		case i > 0 && t < a.Times[i-1]:
			c.fail(path+".trace", "sort the times", "time %d of the trace is before the one above it", i+1)
			return
		}
	}
}

// spin finds closed loads whose operations and think times could take no time,
// so that the simulated time would never advance.
func (c *checker) spin(l *design.Load, path string) {
	if !l.Think.IsZero() || c.takesTime(l.Name, l.To.Node) {
		return
	}
	h := c.handlers[l.To]
	switch {
	case h == nil && c.ends[l.To.Node] != kindBroker:
		return // unknown target, reported elsewhere
	case c.endLasts(l):
		if c.fails(l.To.Node) {
			c.warn(path+".think", warning.UsersRefused, l.To.Node)
		}
	case h == nil || !c.lasts(h.handler.Steps, l.To.Node, map[design.Target]bool{l.To: true}, 1):
		c.fail(path+".think", "give them a think time, or the link a latency", "users never think and no message or step takes time: they would loop at one instant")
	case float64(l.Users) > h.service.Holds():
		c.warn(path+".think", warning.UsersTurnedAway, l.To.Node)
	case c.fails(l.To.Node):
		c.warn(path+".think", warning.UsersRefused, l.To.Node)
	}
}

// endLasts reports whether a declared end takes time: every handler that may confirm an
// operation works, or gets its messages over a link with a latency.
func (c *checker) endLasts(l *design.Load) bool {
	for _, t := range l.Confirm {
		h := c.handlers[t]
		if h == nil {
			return false
		}
		slow := c.lasts(h.handler.Steps, t.Node, map[design.Target]bool{t: true}, 1)
		for i := range h.service.Consumes {
			k := &h.service.Consumes[i]
			slow = slow || k.Handler == t.Entry && c.takesTime(k.From.Node, t.Node)
		}
		if !slow {
			return false
		}
	}
	return len(l.Confirm) > 0
}

// fails reports whether a fault makes a node refuse or fail its messages.
func (c *checker) fails(node string) bool {
	for i := range c.d.Faults {
		f := &c.d.Faults[i]
		if f.Strikes(node) && f.Kind.Class().Fails {
			return true
		}
	}
	return false
}

// takesTime reports whether messages between two nodes take time.
func (c *checker) takesTime(a, b string) bool {
	there, back := c.linkParams(a, b), c.linkParams(b, a)
	for _, p := range []*design.LinkParams{there, back} {
		if !p.Latency.IsZero() || !p.Jitter.IsZero() || p.Bandwidth > 0 {
			return true
		}
	}
	return false
}

// lasts reports whether steps can take time.
func (c *checker) lasts(list []design.Step, node string, seen map[design.Target]bool, depth int) bool {
	if depth > design.MaxStepDepth {
		return true
	}
	for i := range list {
		s := &list[i]
		switch s.Op {
		case design.Work, design.Delay:
			if !s.Dist.IsZero() {
				return true
			}
		case design.Call, design.Await:
			if c.takesTime(node, s.To.Node) {
				return true
			}
			if h := c.handlers[s.To]; h != nil && !seen[s.To] {
				seen[s.To] = true
				if c.lasts(h.handler.Steps, s.To.Node, seen, 1) {
					return true
				}
			}
		case design.Publish:
			if s.Confirm && c.takesTime(node, s.To.Node) {
				return true
			}
		case design.Reply:
			if !s.When.IsZero() {
				continue
			}
			return false // the caller does not wait for the steps after it
		}
		for _, b := range s.Branches {
			if c.lasts(b, node, seen, depth+1) {
				return true
			}
		}
	}
	return false
}

// confirmTarget checks one of the handlers that confirm an operation.
func (c *checker) confirmTarget(path string, t design.Target) {
	if c.ends[t.Node] == kindBroker {
		c.fail(path, "name the handler that consumes it", "%s is a queue or topic: an operation is confirmed by a handler", t)
		c.broken = true
		return
	}
	c.target(path, t, "confirm")
}

// retry checks the retry of a message to a target.
func (c *checker) retry(r *design.Retry, to design.Target, path string) {
	if r.Another && c.ends[to.Node] == kindBroker {
		c.fail(path+".instance", "leave it out, or give failover: other brokers", "%s is at a broker, which has no instances to choose among", to)
	}
	if r.Attempts == design.Unlimited && r.Base.IsZero() {
		c.warn(path+".attempts", warning.RetriesForEver)
	}
	if r.On.Has(design.Lost) {
		c.warn(path+".on", warning.CauseIgnored)
	}
	for _, name := range r.On.More {
		if !slices.ContainsFunc(c.reasons, func(r *design.Reason) bool { return r.Name == name }) {
			c.warn(path+".on", warning.CauseNever, name)
		}
	}
}
