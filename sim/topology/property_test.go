package topology

import (
	"fmt"
	"math"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"
)

// graphs draws designs of up to 40 nodes: brokers with parts, parallel edges, self
// loops, several components.
func graphs() *rapid.Generator[Graph] {
	return rapid.Custom(func(t *rapid.T) Graph {
		var g Graph
		for i := range rapid.IntRange(1, 40).Draw(t, "nodes") {
			n := Node{ID: fmt.Sprintf("n%d", i), Kind: Kind(rapid.IntRange(0, 5).Draw(t, "kind"))}
			n.Detail = make([]Detail, rapid.IntRange(0, 3).Draw(t, "details"))
			if n.Kind >= Queue {
				if p := rapid.IntRange(0, i).Draw(t, "parent"); p < i && g.Nodes[p].Kind == Broker {
					n.Parent = g.Nodes[p].ID
				}
			}
			g.Nodes = append(g.Nodes, n)
		}
		one := rapid.IntRange(0, len(g.Nodes)-1)
		for range rapid.IntRange(0, 2*len(g.Nodes)).Draw(t, "edges") {
			from, to := g.Nodes[one.Draw(t, "from")], g.Nodes[one.Draw(t, "to")]
			if from.Parent == to.ID || to.Parent == from.ID {
				continue
			}
			g.Edges = append(g.Edges, Edge{From: from.ID, To: to.ID, Kind: EdgeKind(rapid.IntRange(0, 4).Draw(t, "kind")),
				Label: rapid.SampledFrom([]string{"", "reserve", "扣款"}).Draw(t, "label")})
		}
		return g
	})
}

func TestLayoutProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g := graphs().Draw(t, "g")
		l, err := Arrange(g, Options{})
		if err != nil {
			t.Fatal(err)
		}
		for _, fault := range faults(g, l) {
			t.Error(fault)
		}
		again, err := Arrange(g, Options{})
		if err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(l, again, cmpopts.IgnoreUnexported(Route{})); d != "" {
			t.Errorf("the same graph gives two layouts:\n%s", d)
		}
	})
}

// faults lists what is wrong with a layout.
func faults(g Graph, l *Layout) (out []string) {
	fault := func(format string, args ...any) { out = append(out, fmt.Sprintf(format, args...)) }
	at := g.index()
	const air = 16
	for i, a := range l.Boxes {
		if a.Node != i || a.X < 0 || a.Y < 0 || a.X+a.W > l.W || a.Y+a.H > l.H || !(a.W > 0) || !(a.H > 0) {
			fault("box %d is not in the picture: %+v", i, a)
		}
		for j, b := range l.Boxes[:i] {
			switch {
			case g.Nodes[i].Parent == g.Nodes[j].ID || g.Nodes[j].Parent == g.Nodes[i].ID:
				frame, part := a, b
				if g.Nodes[i].Parent != "" {
					frame, part = b, a
				}
				if part.X < frame.X || part.Y < frame.Y || part.X+part.W > frame.X+frame.W || part.Y+part.H > frame.Y+frame.H {
					fault("part %+v is not inside its frame %+v", part, frame)
				}
			// Side by side or one above the other, with air between.
			case a.X < b.X+b.W+air && b.X < a.X+a.W+air && a.Y < b.Y+b.H+air && b.Y < a.Y+a.H+air:
				fault("boxes of %s and %s overlap or touch", g.Nodes[i].ID, g.Nodes[j].ID)
			}
		}
	}
	for i, r := range l.Routes {
		from, to := at[g.Edges[i].From], at[g.Edges[i].To]
		if r.Edge != i || len(r.Points) < 2 {
			fault("route %d is missing: %+v", i, r)
			continue
		}
		first, last := r.Points[0], r.Points[len(r.Points)-1]
		if !onBorder(first, l.Boxes[from]) || !onBorder(last, l.Boxes[to]) {
			fault("route %d, %v to %v, does not join the borders of %+v and %+v", i, first, last, l.Boxes[from], l.Boxes[to])
		}
		sideways := to != from && first.X >= last.X != r.Reversed
		if sideways {
			fault("route %d goes from x=%g to x=%g, reversed: %v", i, first.X, last.X, r.Reversed)
		}
		for j, b := range l.Boxes {
			// A route may pass the frames of the brokers it begins or ends in.
			if g.Nodes[j].ID == g.Nodes[from].Parent || g.Nodes[j].ID == g.Nodes[to].Parent {
				continue
			}
			if j != from && j != to { // it keeps its distance, too
				const clear = 4
				b = Box{X: b.X - clear, Y: b.Y - clear, W: b.W + 2*clear, H: b.H + 2*clear}
			}
			if passes(r.Points, b) {
				fault("route %d, %s to %s, passes through or touches %s", i, g.Edges[i].From, g.Edges[i].To, g.Nodes[j].ID)
			}
		}
		for _, p := range r.Points {
			if p.X < 0 || p.Y < 0 || p.X > l.W || p.Y > l.H {
				fault("route %d leaves the picture at %v", i, p)
			}
		}
	}
	return out
}

const near = 1e-6

func onBorder(p Point, b Box) bool {
	if p.X < b.X-near || p.X > b.X+b.W+near || p.Y < b.Y-near || p.Y > b.Y+b.H+near {
		return false
	}
	return math.Abs(p.X-b.X) < near || math.Abs(p.X-b.X-b.W) < near || math.Abs(p.Y-b.Y) < near
}

// passes looks every 2 px whether a line is inside a box.
func passes(line []Point, b Box) bool {
	for i := 1; i < len(line); i++ {
		p, q := line[i-1], line[i]
		steps := int(math.Hypot(q.X-p.X, q.Y-p.Y)/2) + 1
		for s := range steps + 1 {
			f := float64(s) / float64(steps)
			x, y := p.X+f*(q.X-p.X), p.Y+f*(q.Y-p.Y)
			if x > b.X+near && x < b.X+b.W-near && y > b.Y+near && y < b.Y+b.H-near {
				return true
			}
		}
	}
	return false
}

// crossings counts pairs of drawn lines that cross properly.
func crossings(l *Layout) int {
	count := 0
	for i := range l.Routes {
		for j := range i {
			if linesCross(l.Routes[i].Points, l.Routes[j].Points) {
				count++
			}
		}
	}
	return count
}

func linesCross(a, b []Point) bool {
	side := func(p, q, r Point) float64 { return (q.X-p.X)*(r.Y-p.Y) - (q.Y-p.Y)*(r.X-p.X) }
	for i := 1; i < len(a); i++ {
		for j := 1; j < len(b); j++ {
			if side(a[i-1], a[i], b[j-1])*side(a[i-1], a[i], b[j]) < -near &&
				side(b[j-1], b[j], a[i-1])*side(b[j-1], b[j], a[i]) < -near {
				return true
			}
		}
	}
	return false
}

func TestAcyclicGraphsRunLeftToRight(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g := graphs().Draw(t, "g")
		at := g.index()
		kept := g.Edges[:0]
		for i := range g.Nodes {
			g.Nodes[i].Kind, g.Nodes[i].Parent = Service, ""
		}
		for _, e := range g.Edges {
			if at[e.From] < at[e.To] {
				kept = append(kept, e)
			}
		}
		g.Edges = kept
		l, err := Arrange(g, Options{})
		if err != nil {
			t.Fatal(err)
		}
		for i, r := range l.Routes {
			if r.Reversed {
				t.Errorf("edge %d is reversed without a cycle", i)
			}
		}
	})
}

func TestTreesHaveNoCrossings(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g := Graph{Nodes: []Node{{ID: "n0", Kind: Client}}}
		count := rapid.IntRange(1, 40).Draw(t, "nodes")
		for i := 1; i < count; i++ {
			id := fmt.Sprintf("n%d", i)
			g.Nodes = append(g.Nodes, Node{ID: id, Kind: Service})
			g.Edges = append(g.Edges, Edge{From: fmt.Sprintf("n%d", rapid.IntRange(0, i-1).Draw(t, "parent")), To: id})
		}
		l, err := Arrange(g, Options{})
		if err != nil {
			t.Fatal(err)
		}
		if c := crossings(l); c != 0 {
			t.Errorf("%d crossings in a tree", c)
		}
	})
}

func TestFewCrossings(t *testing.T) {
	k := func(a, b int) Graph {
		var g Graph
		for i := range a + b {
			g.Nodes = append(g.Nodes, Node{ID: fmt.Sprint(i), Kind: Service})
		}
		for i := range a {
			for j := range b {
				g.Edges = append(g.Edges, Edge{From: fmt.Sprint(i), To: fmt.Sprint(a + j)})
			}
		}
		return g
	}
	tests := []struct {
		name string
		g    Graph
		most int
	}{
		{"chain", chainGraph(), 0},
		{"broker", brokerGraph(), 0},
		{"cycle", cycleGraph(), 0},
		{"K2,2", k(2, 2), 1}, // as few as two columns allow
		{"K3,3", k(3, 3), 9},
	}
	for _, tt := range tests {
		l, err := Arrange(tt.g, Options{})
		if err != nil {
			t.Fatal(err)
		}
		if c := crossings(l); c > tt.most {
			t.Errorf("%s: %d crossings, at most %d", tt.name, c, tt.most)
		}
	}
}

func TestLargestGraphsAreQuick(t *testing.T) {
	if testing.Short() {
		t.Skip("draws the largest pictures")
	}
	const nodes, edges = 2_000, 5_000
	shapes := map[string]func(i int, next func(int) int) (from, to int){
		"any":    func(_ int, next func(int) int) (int, int) { return next(nodes), next(nodes) },
		"onward": func(_ int, next func(int) int) (int, int) { f := next(nodes - 1); return f, f + 1 + next(nodes-f-1) },
		"hub":    func(i int, next func(int) int) (int, int) { return next(2), 2 + next(nodes-2) },
		"near":   func(_ int, next func(int) int) (int, int) { f := next(nodes - 5); return f, f + 1 + next(4) },
	}
	for name, draw := range shapes {
		var g Graph
		for i := range nodes {
			g.Nodes = append(g.Nodes, Node{ID: fmt.Sprint(i), Kind: Service})
		}
		state := uint64(7) // a small generator of our own: the graph is the same everywhere
		next := func(n int) int {
			state = state*6364136223846793005 + 1442695040888963407
			return int(state>>33) % n
		}
		for i := range edges {
			from, to := draw(i, next)
			g.Edges = append(g.Edges, Edge{From: fmt.Sprint(from), To: fmt.Sprint(to), Label: "reserve"})
		}
		begin := time.Now()
		_, err := Arrange(g, Options{})
		took := time.Since(begin)
		t.Logf("%s: %v, error %v", name, took.Round(time.Millisecond), err)
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if !raceEnabled && took > 20*time.Second { // it takes well under 2 s; the machine may be busy
			t.Errorf("%s: %v, more than 20 s", name, took)
		}
	}
}
