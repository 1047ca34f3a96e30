package model

import (
	"slices"
	"strings"
)

// components finds the strongly connected components (Tarjan), each after those
// it leads to. Without recursion: the graph comes from a file.
func (g *flowGraph) components() [][]int {
	n := len(g.nodes)
	index, low, on := make([]int, n), make([]int, n), make([]bool, n)
	edge := make([]int, n) // next edge to follow
	var stack, way []int
	var all [][]int
	count := 0
	for root := range n {
		if index[root] != 0 {
			continue
		}
		way = append(way, root)
		for len(way) > 0 {
			v := way[len(way)-1]
			if index[v] == 0 {
				count++
				index[v], low[v], on[v] = count, count, true
				stack = append(stack, v)
			}
			if edge[v] < len(g.nodes[v].edges) {
				w := g.nodes[v].edges[edge[v]].to
				edge[v]++
				if index[w] == 0 {
					way = append(way, w)
				} else if on[w] {
					low[v] = min(low[v], index[w])
				}
				continue
			}
			way = way[:len(way)-1]
			if len(way) > 0 {
				low[way[len(way)-1]] = min(low[way[len(way)-1]], low[v])
			}
			if low[v] == index[v] {
				at := slices.Index(stack, v)
				members := slices.Clone(stack[at:])
				stack = stack[:at]
				for _, w := range members {
					on[w] = false
					g.nodes[w].scc = len(all)
				}
				slices.Sort(members)
				all = append(all, members)
			}
		}
	}
	return all
}

// settle counts the messages that one message becomes, for the members of one
// component; what they lead to is settled already.
func (c *checker) settle(g *flowGraph, members []int) {
	first := &g.nodes[members[0]]
	if len(members) == 1 && !slices.ContainsFunc(first.edges, func(e flowEdge) bool { return e.to == members[0] }) {
		first.count = g.countNode(first)
		return
	}
	if at, ok := g.solve(members); !ok {
		c.neverEnds(g, members, at)
		for _, m := range members {
			g.nodes[m].count = 0 // reported once
		}
	}
}

// countNode counts outside of cycles: the largest of several alternatives.
func (g *flowGraph) countNode(n *flowNode) float64 {
	if n.steps != nil {
		return g.countList(n.steps, 1)
	}
	total, most := 0.0, 0.0
	for _, e := range n.edges {
		switch x := g.nodes[e.to].count; {
		case n.topic:
			total += 1 + x
		case e.mean == 0: // a dead letter is one more copy
			total += 1 + x
		default:
			most = max(most, x)
		}
	}
	return total + most
}

func (g *flowGraph) countList(list []Step, depth int) float64 {
	total := 0.0
	if depth > MaxStepDepth {
		return total
	}
	for i := range list {
		s := &list[i]
		switch s.Op {
		case Call, Await, Send, Publish:
			if to, ok := g.byName[s.To]; ok {
				total += 1 + g.nodes[to].count
			}
		case Choose:
			most := 0.0
			for _, b := range s.Branches {
				most = max(most, g.countList(b, depth+1))
			}
			total += most
		case Parallel, Repeat:
			sum := 0.0
			for _, b := range s.Branches {
				sum += g.countList(b, depth+1)
			}
			if sum > 0 { // 0 times infinity is none
				total += sum * s.rounds()
			}
		}
		total += g.countList(s.Else, depth+1)
		if s.ends() {
			break
		}
	}
	return total
}

func (s *Step) rounds() float64 {
	if s.Op == Repeat {
		return float64(s.Count)
	}
	return float64(max(1, s.Times))
}

// maxElimination bounds the work of solve.
const maxElimination = 20_000_000

// solve finds the mean numbers of messages in a cycle: x = b + W·x, by
// elimination of one node after another. Whatever goes round on average less
// than once has a solution; a pivot that is not positive means that it does not
// die out (W has a spectral radius of 1 or more). It gives the node at which
// that was seen.
func (g *flowGraph) solve(members []int) (at int, ok bool) {
	n := len(members)
	local := make(map[int]int, n)
	for i, m := range members {
		local[m] = i
	}
	w := make([]map[int]float64, n)
	b := make([]float64, n)
	for i, m := range members {
		w[i] = map[int]float64{}
		for _, e := range g.nodes[m].edges {
			if j, in := local[e.to]; in {
				w[i][j] += e.mean
				b[i] += e.mean
			} else if e.mean > 0 {
				b[i] += e.mean * (1 + g.nodes[e.to].count)
			}
		}
	}
	work := 0
	for k := range n {
		pivot := 1 - w[k][k]
		if !(pivot > 1e-9) {
			return members[k], false
		}
		delete(w[k], k)
		keys := sortedKeys(w[k])
		b[k] /= pivot
		for _, j := range keys {
			w[k][j] /= pivot
		}
		for i := k + 1; i < n; i++ {
			f := w[i][k]
			if work++; f == 0 {
				continue
			}
			delete(w[i], k)
			b[i] += f * b[k]
			for _, j := range keys {
				w[i][j] += f * w[k][j]
			}
			if work += len(keys); work > maxElimination {
				return members[k], false
			}
		}
	}
	for k := n - 1; k >= 0; k-- {
		for _, j := range sortedKeys(w[k]) {
			b[k] += w[k][j] * b[j]
		}
		g.nodes[members[k]].count = b[k]
	}
	return 0, true
}

// sortedKeys: floating-point sums must not depend on the order of a map.
func sortedKeys(m map[int]float64) []int {
	keys := make([]int, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

// neverEnds reports a cycle that does not die out. A cycle without any chance of
// leaving it is named first; otherwise the shortest one round the given node.
func (c *checker) neverEnds(g *flowGraph, members []int, at int) {
	scc := g.nodes[at].scc
	sure := func(e flowEdge) bool { return g.nodes[e.to].scc == scc && e.sure }
	some := func(e flowEdge) bool { return g.nodes[e.to].scc == scc && e.mean > 0 }
	msg := "never ends: %s"
	var cycle []int
	for _, m := range members {
		if cycle = g.cycleAt(m, sure); cycle != nil {
			break
		}
	}
	if cycle == nil {
		msg = "grows without end, each message becomes on average one or more: %s"
		cycle = g.cycleAt(at, some)
	}
	if cycle == nil {
		cycle = []int{at}
	}
	var names []string
	for _, n := range cycle {
		names = append(names, g.nodes[n].name)
	}
	start := &g.nodes[cycle[0]]
	path, place := start.path, start.place
	for _, e := range start.edges {
		if e.to == cycle[1%len(cycle)] && e.mean > 0 {
			path = e.path
			break
		}
	}
	c.place = place
	c.fail(path, "let a step on the way be a choose with a probability below 1, or do not send back",
		msg, strings.Join(append(names, names[0]), " -> "))
}

// cycleAt finds a shortest cycle through a node along the edges that use allows,
// and turns it so that it begins at a handler.
func (g *flowGraph) cycleAt(start int, use func(flowEdge) bool) []int {
	from := map[int]int{}
	next := []int{start}
	for len(next) > 0 {
		v := next[0]
		next = next[1:]
		for _, e := range g.nodes[v].edges {
			if !use(e) {
				continue
			}
			if e.to == start {
				cycle := []int{v}
				for v != start {
					v = from[v]
					cycle = append(cycle, v)
				}
				slices.Reverse(cycle)
				return g.fromHandler(cycle)
			}
			if _, ok := from[e.to]; !ok {
				from[e.to] = v
				next = append(next, e.to)
			}
		}
	}
	return nil
}

func (g *flowGraph) fromHandler(cycle []int) []int {
	for i, n := range cycle {
		if strings.HasPrefix(g.nodes[n].path, "service.") {
			return slices.Concat(cycle[i:], cycle[:i])
		}
	}
	return cycle
}
