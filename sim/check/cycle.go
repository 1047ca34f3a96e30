package check

import (
	"slices"
	"strings"

	"asynclab/sim/design"
	"asynclab/sim/warning"
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
				at := len(stack) - 1
				for stack[at] != v {
					at--
				}
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
// component; the components that they lead to are settled already.
func (c *checker) settle(g *flowGraph, members []int) {
	first := &g.nodes[members[0]]
	if len(members) == 1 && !slices.ContainsFunc(first.edges, func(e flowEdge) bool { return e.to == members[0] }) {
		first.count = g.countNode(first)
		return
	}
	always := func(e flowEdge) bool { return !e.holds }
	if at, ok := g.solve(members, always); !ok {
		c.neverEnds(g, members, at)
		for _, m := range members {
			g.nodes[m].count = 0 // reported once
		}
		return
	}
	if !slices.ContainsFunc(members, func(m int) bool {
		return slices.ContainsFunc(g.nodes[m].edges, func(e flowEdge) bool { return e.holds && !e.remembers && g.nodes[e.to].scc == first.scc })
	}) {
		return
	}
	forgetful := func(e flowEdge) bool { return !e.remembers }
	if x, _ := g.unknowns(members, forgetful); x == nil {
		c.goesRound(g, members, forgetful)
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

func (g *flowGraph) countList(list []design.Step, depth int) float64 {
	total := 0.0
	if depth > design.MaxStepDepth {
		return total
	}
	for i := range list {
		s := &list[i]
		switch s.Op {
		case design.Call, design.Await, design.Send, design.Publish:
			if to, ok := g.byName[s.To]; ok {
				total += 1 + g.nodes[to].count
			}
		case design.Choose:
			most := 0.0
			for _, b := range s.Branches {
				most = max(most, g.countList(b, depth+1))
			}
			total += most
		case design.Parallel, design.Repeat:
			sum := 0.0
			for _, b := range s.Branches {
				sum += g.countList(b, depth+1)
			}
			if sum > 0 { // 0 times infinity is none
				total += float64(sum * s.Rounds())
			}
		}
		total += g.countList(s.Else, depth+1)
		if s.Ends() {
			break
		}
	}
	return total
}

// system is x = b + W·x for the members of one component: x is how many messages
// one message becomes on average.
type system struct {
	w []map[int]float64
	b []float64
}

// What is sent under a condition counts once, but what becomes of it in the cycle
// does not: use says which edges go round.
func (g *flowGraph) system(members []int, use func(flowEdge) bool) system {
	n := len(members)
	local := make(map[int]int, n)
	for i, m := range members {
		local[m] = i
	}
	s := system{make([]map[int]float64, n), make([]float64, n)}
	for i, m := range members {
		s.w[i] = map[int]float64{}
		for _, e := range g.nodes[m].edges {
			if j, in := local[e.to]; in {
				s.b[i] += e.mean
				if use(e) {
					s.w[i][j] += e.mean
				}
			} else if e.mean > 0 {
				s.b[i] += float64(e.mean * (1 + g.nodes[e.to].count))
			}
		}
	}
	return s
}

// solve finds the mean numbers of messages in a cycle, or the node at which it
// was seen that they do not die out (W has a spectral radius of 1 or more).
func (g *flowGraph) solve(members []int, use func(flowEdge) bool) (at int, ok bool) {
	x, k := g.unknowns(members, use)
	if x == nil {
		return members[k], false
	}
	for i, m := range members {
		g.nodes[m].count = x[i]
	}
	return 0, true
}

// unknowns solves the system, or tells at which of them it was seen that it cannot be.
func (g *flowGraph) unknowns(members []int, use func(flowEdge) bool) (x []float64, k int) {
	x, k, decided := g.system(members, use).eliminate()
	if !decided {
		x, k = g.system(members, use).iterate()
	}
	return x, k
}

// maxElimination and maxSweeps bound the work on one component.
const (
	maxElimination = 4_000_000
	maxSweeps      = 500
)

// eliminate takes one unknown after another out of the system, which it uses up.
// A pivot that is not positive means that the messages do not die out (W is then
// no matrix of an M-matrix I-W); x is nil and k is where that was. Rings and
// trees are cheap; where the system becomes dense, it returns undecided.
func (s system) eliminate() (x []float64, k int, decided bool) {
	work, n := 0, len(s.b)
	column := make([][]int, n) // rows below the diagonal that have the unknown
	for i := range n {
		for _, j := range sortedKeys(s.w[i]) {
			if j < i {
				column[j] = append(column[j], i)
			}
		}
	}
	for k := range n {
		pivot := 1 - s.w[k][k]
		if !(pivot > 1e-9) {
			return nil, k, true
		}
		delete(s.w[k], k)
		keys := sortedKeys(s.w[k])
		s.b[k] /= pivot
		for _, j := range keys {
			s.w[k][j] /= pivot
		}
		slices.Sort(column[k])
		for _, i := range column[k] {
			f := s.w[i][k]
			if f == 0 {
				continue
			}
			delete(s.w[i], k)
			s.b[i] += float64(f * s.b[k])
			for _, j := range keys {
				if _, there := s.w[i][j]; !there && j < i {
					column[j] = append(column[j], i)
				}
				s.w[i][j] += float64(f * s.w[k][j])
			}
			if work += len(keys); work > maxElimination {
				return nil, k, false
			}
		}
	}
	for k := n - 1; k >= 0; k-- {
		for _, j := range sortedKeys(s.w[k]) {
			s.b[k] += float64(s.w[k][j] * s.b[j])
		}
	}
	return s.b, 0, true
}

// iterate is for large and dense components. For any positive v the spectral
// radius is at most the largest (W·v)ᵢ/vᵢ (Collatz and Wielandt); once that is
// below 1, b + W·x converges. An undecided system counts as not dying out.
func (s system) iterate() (x []float64, k int) {
	n := len(s.b)
	keys := make([][]int, n)
	v, next := make([]float64, n), make([]float64, n)
	for i := range n {
		keys[i] = sortedKeys(s.w[i])
		v[i] = 1
	}
	row := func(i int, x []float64) float64 {
		sum := 0.0
		for _, j := range keys[i] {
			sum += float64(s.w[i][j] * x[j])
		}
		return sum
	}
	shrinks := false
	for sweep := 0; sweep < maxSweeps && !shrinks; sweep++ {
		most, size := 0.0, 0.0
		for i := range n {
			wv := row(i, v)
			if r := wv / v[i]; r > most {
				most, k = r, i
			}
			next[i] = (v[i] + wv) / 2
			size = max(size, next[i])
		}
		for i := range next {
			next[i] = max(next[i]/size, 1e-100)
		}
		v, next = next, v
		shrinks = most < 1-1e-9
	}
	if !shrinks {
		return nil, k
	}
	x = slices.Clone(s.b)
	for range maxSweeps {
		change := 0.0
		for i := range n {
			y := s.b[i] + row(i, x)
			change = max(change, y-x[i])
			x[i] = y
		}
		if change < 1e-6 {
			break
		}
	}
	return x, 0
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
	some := func(e flowEdge) bool { return g.nodes[e.to].scc == scc && e.mean > 0 && !e.holds }
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
	path, round := c.cycle(g, cycle)
	c.fail(path, "let a step of the cycle be a choose with a probability below 1, or do not send back", msg, round)
}

// goesRound warns of a cycle that ends by its conditions only, none of which asks
// what has been seen before.
func (c *checker) goesRound(g *flowGraph, members []int, use func(flowEdge) bool) {
	scc := g.nodes[members[0]].scc
	for _, m := range members {
		if cycle := g.cycleAt(m, func(e flowEdge) bool { return g.nodes[e.to].scc == scc && e.mean > 0 && use(e) }); cycle != nil {
			path, round := c.cycle(g, cycle)
			c.warn(path, warning.GoesRound, round)
			return
		}
	}
}

// cycle is where a cycle begins, whose place becomes that of the next problem, and
// its names.
func (c *checker) cycle(g *flowGraph, cycle []int) (path, round string) {
	var names []string
	for _, n := range cycle {
		names = append(names, g.nodes[n].name)
	}
	start := &g.nodes[cycle[0]]
	path, c.place = start.path, start.place
	for _, e := range start.edges {
		if e.to == cycle[1%len(cycle)] && e.mean > 0 {
			path = e.path
			break
		}
	}
	return path, strings.Join(append(names, names[0]), " -> ")
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
