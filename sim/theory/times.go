package theory

import (
	"fmt"
	"strings"

	"asynclab/sim/design"
)

// way is the mean time on a link.
func (x *system) way(from, to string) float64 {
	if x.noWays {
		return 0
	}
	l := x.d.LinkBetween(from, to)
	return l.Latency.Mean() + l.Jitter.Mean()
}

// linkTrouble says what a link does to messages that a closed form does not know.
func (x *system) linkTrouble(from, to string) string {
	l := x.d.LinkBetween(from, to)
	what := ""
	switch {
	case l.Loss > 0:
		what = "loses messages"
	case l.Duplicate > 0:
		what = "duplicates messages"
	case l.Corrupt > 0:
		what = "corrupts messages"
	case l.Bandwidth > 0:
		what = "has a bandwidth, which is a line of its own"
	case l.Down > 0:
		what = "is cut"
	default:
		return ""
	}
	return fmt.Sprintf("the link %s->%s %s", from, to, what)
}

// answer is the mean time from sending a request to its answer.
func (x *system) answer(from string, t design.Target, bare bool) span {
	a := x.reply(t, bare)
	if !bare {
		a.mean += x.way(from, t.Node) + x.way(t.Node, from)
	}
	return a
}

// reply is the mean time in a handler until it replies.
func (x *system) reply(t design.Target, bare bool) span {
	known := x.known
	if bare {
		known = x.bare
	}
	if s, ok := known[t]; ok {
		return s
	}
	h := x.at[t]
	if h == nil || x.asking[t] {
		return unknown
	}
	x.asking[t] = true
	c := x.walk(h, bare, nil)
	delete(x.asking, t)
	s := span{c.replyT / c.replyP, c.kind}
	if h.trouble != "" || c.replyP == 0 {
		s = unknown
	}
	known[t] = s
	return s
}

// walk goes through a handler.
func (x *system) walk(h *handler, bare bool, sends func(design.Target, float64, float64)) *clock {
	s := &x.services[h.svc]
	c := &clock{x: x, from: s.d.Name, speed: s.speed(), stand: s.wait.mean, bare: bare, sends: sends}
	if !bare {
		for _, n := range h.needs {
			if n {
				c.kind = s.wait.kind
			}
		}
	}
	c.run(h)
	return c
}

// join is the mean time from a fork to the end of its last branch.
func (x *system) join(h *handler, from string, bare bool) span {
	if bare || len(h.fork) == 0 {
		return unknown
	}
	var works []float64
	ways, alike := x.way(from, h.fork[0].Node)+x.way(h.fork[0].Node, from), true
	single := map[string]bool{}
	constantWork, longest := true, 0.0
	for _, t := range h.fork {
		g := x.at[t]
		if g == nil || len(g.parts) != 1 || g.held || g.trouble != "" || x.way(from, t.Node)+x.way(t.Node, from) != ways {
			return unknown
		}
		w := g.work[0]
		if w.shape != exponential && w.shape != constant {
			return unknown
		}
		constantWork = constantWork && w.shape == constant
		longest = max(longest, w.mean())
		works = append(works, w.mean())
		single[t.Node] = true
		s := x.byName[t.Node]
		alike = alike && s.workers == 1 && s.rate == h.rate && w.shape == exponential && w.of == works[0] && s.d.Discipline == design.FIFO
	}
	free := true
	for n := range single {
		s := x.byName[n]
		free = free && (s.workers == 0 || s.wait.mean == 0)
	}
	switch {
	case free && constantWork:
		return span{ways + longest, Exact}
	case free && !constantWork:
		for _, t := range h.fork {
			if x.at[t].work[0].shape != exponential {
				return unknown
			}
		}
		return span{ways + MaxOfExponentials(works), Exact}
	case alike && len(single) == len(h.fork):
		mean, _, _, err := ForkJoin(h.rate, works[0], len(works))
		if err != nil {
			return unknown
		}
		kind := Exact
		if len(works) > 2 || x.services[h.svc].passes != "" {
			kind = Approximation
		}
		return span{ways + mean, kind}
	}
	return unknown
}

func list(words []string) string {
	switch n := len(words); n {
	case 0:
		return ""
	case 1:
		return words[0]
	default:
		return strings.Join(words[:n-1], ", ") + " and " + words[n-1]
	}
}
