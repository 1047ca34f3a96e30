package topology

import (
	"cmp"
	"slices"
)

// The third step of Sugiyama et al. (1981): order the vertices of each column so
// that few edges cross. Weighted medians and transposition are those of Gansner,
// Koutsofios, North & Vo, "A technique for drawing directed graphs" (1993).

// Work is bounded: big pictures get fewer sweeps, because no order makes them
// readable.
const (
	mostSweeps      = 24
	sweepBudget     = 600_000 // segments visited by all sweeps together
	transposeAtMost = 4_000   // segments up to which neighbours are swapped on trial
)

// reduceCrossings orders the columns. It starts from the present order if there is
// one, and from two depth-first walks otherwise, and keeps the best order found.
// hold keeps the first and last column as they are.
func (n *net) reduceCrossings(hold bool) {
	sweeps := max(min(mostSweeps, sweepBudget/(len(n.segs)+1)), 3)
	var starts [][][]int
	if n.layers != nil {
		starts = append(starts, copyLayers(n.layers))
	} else {
		starts = append(starts, n.walk(false), n.walk(true))
	}
	var best [][]int
	least := -1
	for _, start := range starts {
		n.setOrder(start)
		for i := 0; ; i++ {
			if c := n.crossings(); least < 0 || c < least {
				best, least = copyLayers(n.layers), c
			}
			if i == sweeps || least == 0 {
				break
			}
			n.sweep(i%2 == 0, i%4 >= 2, hold)
			if len(n.segs) <= transposeAtMost {
				n.transpose(hold)
			}
		}
	}
	n.setOrder(best)
}

// walk orders each column as a depth-first walk over the arcs, seen as undirected,
// visits its vertices: a tree gets no crossings.
func (n *net) walk(back bool) [][]int {
	layers := make([][]int, n.columns())
	seen := make([]bool, len(n.verts))
	stack := make([]int, 0, len(n.verts))
	for root := range n.solids {
		r := root
		if back {
			r = n.solids - 1 - root
		}
		for stack = append(stack[:0], r); len(stack) > 0; {
			v := stack[len(stack)-1]
			stack = stack[:len(stack)-1]
			if seen[v] {
				continue
			}
			seen[v] = true
			layers[n.verts[v].rank] = append(layers[n.verts[v].rank], v)
			// The stack reverses the order: push the last one first.
			for _, s := range slices.Backward(n.verts[v].in) {
				stack = append(stack, n.segs[s].a)
			}
			for _, s := range slices.Backward(n.verts[v].out) {
				stack = append(stack, n.segs[s].b)
			}
		}
	}
	return layers
}

// sweep reorders column after column by the medians of the one before.
func (n *net) sweep(forward, flipEqual, hold bool) {
	last := len(n.layers) - 1
	for i := range n.layers {
		l := i
		if !forward {
			l = last - i
		}
		if hold && (l == 0 || l == last) {
			continue
		}
		n.byMedian(l, forward, flipEqual)
	}
}

func (n *net) byMedian(l int, forward, flipEqual bool) {
	type ranked struct {
		v int
		m float64
	}
	column := n.layers[l]
	moving := make([]ranked, 0, len(column))
	slots := make([]int, 0, len(column))
	var keys []float64
	for i, v := range column {
		keys = keys[:0]
		if forward {
			for _, s := range n.verts[v].in {
				keys = append(keys, n.posA(s))
			}
		} else {
			for _, s := range n.verts[v].out {
				keys = append(keys, n.posB(s))
			}
		}
		if len(keys) > 0 { // vertices without neighbours there stay where they are
			moving = append(moving, ranked{v, median(keys)})
			slots = append(slots, i)
		}
	}
	if flipEqual {
		slices.Reverse(moving)
	}
	slices.SortStableFunc(moving, func(a, b ranked) int { return cmp.Compare(a.m, b.m) })
	for i, s := range slots {
		column[s] = moving[i].v
		n.verts[moving[i].v].pos = s
	}
}

// median is the weighted median of Gansner et al.: of two middle values it prefers
// the one on the side where the values lie closer together.
func median(keys []float64) float64 {
	slices.Sort(keys)
	k, m := len(keys), len(keys)/2
	switch {
	case k%2 == 1:
		return keys[m]
	case k == 2:
		return (keys[0] + keys[1]) / 2
	}
	left, right := keys[m-1]-keys[0], keys[k-1]-keys[m]
	if left+right == 0 {
		return (keys[m-1] + keys[m]) / 2
	}
	return (keys[m-1]*right + keys[m]*left) / (left + right)
}

// transpose swaps neighbours as long as that removes crossings.
func (n *net) transpose(hold bool) {
	const rounds = 12
	for round, better := 0, true; better && round < rounds; round++ {
		better = false
		for l, column := range n.layers {
			if hold && (l == 0 || l == len(n.layers)-1) {
				continue
			}
			for i := 0; i+1 < len(column); i++ {
				v, w := column[i], column[i+1]
				asIs, swapped := n.pairCrossings(v, w)
				if swapped < asIs {
					column[i], column[i+1] = w, v
					n.verts[v].pos, n.verts[w].pos = i+1, i
					better = true
				}
			}
		}
	}
}

// pairCrossings counts the crossings among the arcs of two neighbours in a column,
// v over w and w over v.
func (n *net) pairCrossings(v, w int) (vw, wv int) {
	for _, s := range n.verts[v].in {
		p := n.posA(s)
		for _, t := range n.verts[w].in {
			q := n.posA(t)
			vw += b2i(p > q)
			wv += b2i(p < q)
		}
	}
	for _, s := range n.verts[v].out {
		p := n.posB(s)
		for _, t := range n.verts[w].out {
			q := n.posB(t)
			vw += b2i(p > q)
			wv += b2i(p < q)
		}
	}
	return vw, wv
}

// crossings counts all crossings, one pair of columns after another, as inversions
// with a binary indexed tree.
func (n *net) crossings() int {
	total := 0
	type end struct{ a, b float64 }
	var ends []end
	var keys []float64
	for l := range len(n.layers) - 1 {
		ends, keys = ends[:0], keys[:0]
		for _, v := range n.layers[l] {
			for _, s := range n.verts[v].out {
				e := end{n.posA(s), n.posB(s)}
				ends = append(ends, e)
				keys = append(keys, e.b)
			}
		}
		slices.SortFunc(ends, func(x, y end) int {
			return cmp.Or(cmp.Compare(x.a, y.a), cmp.Compare(x.b, y.b))
		})
		slices.Sort(keys)
		keys = slices.Compact(keys)
		tree := make([]int, len(keys)+1)
		for i, e := range ends {
			k, _ := slices.BinarySearch(keys, e.b)
			notAbove := 0
			for j := k + 1; j > 0; j -= j & -j {
				notAbove += tree[j]
			}
			total += i - notAbove
			for j := k + 1; j < len(tree); j += j & -j {
				tree[j]++
			}
		}
	}
	return total
}
