package topology

import (
	"bytes"
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"asynclab/sim/record"
)

func TestValidate(t *testing.T) {
	node := func(id string, k Kind, parent string) Node { return Node{ID: id, Kind: k, Parent: parent} }
	tests := []struct {
		name string
		g    Graph
		want []string // parts of the message; none: valid
	}{
		{"empty", Graph{}, nil},
		{"example", brokerGraph(), nil},
		{"no id", Graph{Nodes: []Node{{}}}, []string{"node 0 has no id"}},
		{"twice", Graph{Nodes: []Node{node("a", Service, ""), node("a", Queue, "")}}, []string{`id "a" is already taken by node 0`}},
		{"kind", Graph{Nodes: []Node{node("a", 9, "")}}, []string{"unknown kind(9)"}},
		{"no parent", Graph{Nodes: []Node{node("q", Queue, "mq")}}, []string{`its parent "mq" does not exist`}},
		{"parent is a service", Graph{Nodes: []Node{node("a", Service, ""), node("q", Queue, "a")}}, []string{"only a broker"}},
		{"service in broker", Graph{Nodes: []Node{node("b", Broker, ""), node("s", Service, "b")}}, []string{"a service cannot belong"}},
		{"ends", Graph{Nodes: []Node{node("a", Service, "")}, Edges: []Edge{{From: "a", To: "x"}, {From: "y", To: "a", Kind: 7}}},
			[]string{`edge 0: it ends at "x"`, `edge 1: it starts at "y"`, "unknown edgekind(7)"}},
		{"own part", Graph{Nodes: []Node{node("b", Broker, ""), node("q", Queue, "b")}, Edges: []Edge{{From: "b", To: "q"}}},
			[]string{"a broker and its own part"}},
	}
	for _, tt := range tests {
		err := tt.g.Validate()
		if (err == nil) != (tt.want == nil) {
			t.Errorf("%s: %v", tt.name, err)
		}
		for _, w := range tt.want {
			if err == nil || !strings.Contains(err.Error(), w) {
				t.Errorf("%s: %v, want it to say %q", tt.name, err, w)
			}
		}
		if err == nil {
			continue
		}
		if _, err := Arrange(tt.g, Options{}); err == nil {
			t.Errorf("%s: Arrange takes it", tt.name)
		}
		var b bytes.Buffer
		if Text(&b, tt.g) == nil || DOT(&b, tt.g) == nil || SVG(&b, tt.g, &Layout{}, Theme{}) == nil {
			t.Errorf("%s: a rendering takes it", tt.name)
		}
	}
}

func TestColumnsOfTheExamples(t *testing.T) {
	want := map[string][][]int{
		"chain":  {{0}, {1}, {2, 3}, {4}},
		"broker": {{0}, {1}, {2}, {6, 7}},
		"cycle":  {{0}, {1}, {2}, {3}, {4}},
	}
	for _, ex := range examples {
		l, err := Arrange(ex.graph(), Options{})
		if err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(want[ex.name], l.Layers); d != "" {
			t.Errorf("%s: %s", ex.name, d)
		}
	}
}

// Columns of a high picture stand apart, up to thrice their usual distance, or to a quarter
// of its height.
func TestWide(t *testing.T) {
	for _, services := range []int{5, 60} {
		g := Graph{Nodes: []Node{{ID: "office"}}}
		for i := range services {
			id := fmt.Sprint("s", i)
			g.Nodes = append(g.Nodes, Node{ID: id})
			g.Edges = append(g.Edges, Edge{From: "office", To: id})
		}
		usual, err := Arrange(g, Options{})
		if err != nil {
			t.Fatal(err)
		}
		most := usual.W - layerGap + max(3*layerGap, usual.H/4)
		if services == 60 { // whose lines are so steep that they stand apart already
			most = usual.W - 180 + usual.H/4
		}
		for wide, want := range map[float64]float64{0: usual.W, usual.W / usual.H / 2: usual.W, 100: most} {
			if l, err := Arrange(g, Options{Wide: wide}); err != nil || l.H != usual.H || l.W > want+1 || l.W < want-60 {
				t.Errorf("%d services, wide %g: %v × %v, %v; want %v × %v", services, wide, l.W, l.H, err, want, usual.H)
			}
		}
	}
}

func TestLimits(t *testing.T) {
	tooMany := func(g Graph) {
		t.Helper()
		if _, err := Arrange(g, Options{}); err == nil || !strings.Contains(err.Error(), "too many to draw") {
			t.Error(err)
		}
	}
	// A path of all nodes, and every other edge from its end to its start: there is
	// no way to draw that with few columns.
	var deep Graph
	for i := range 2_000 {
		deep.Nodes = append(deep.Nodes, Node{ID: fmt.Sprint(i), Kind: Service})
		if i > 0 {
			deep.Edges = append(deep.Edges, Edge{From: fmt.Sprint(i - 1), To: fmt.Sprint(i)})
		}
	}
	if _, err := Arrange(deep, Options{}); err != nil {
		t.Errorf("a path of 2,000: %v", err)
	}
	for range 3_000 {
		deep.Edges = append(deep.Edges, Edge{From: "1999", To: "0"})
	}
	if _, err := Arrange(deep, Options{}); err == nil || !strings.Contains(err.Error(), "too deep") {
		t.Errorf("a path of 2,000 with 3,000 edges back: %v", err)
	}
	for range 2 {
		deep.Edges = append(deep.Edges, Edge{From: "1999", To: "0"})
	}
	tooMany(deep) // edges
	tooMany(Graph{Nodes: append(deep.Nodes, Node{ID: "one more"})})
}

func TestAt(t *testing.T) {
	r := Route{Points: []Point{{0, 0}, {30, 40}, {30, 90}}}
	r.measure()
	tests := []struct {
		t    float64
		want Point
	}{
		{0, Point{0, 0}}, {-1, Point{0, 0}}, {math.NaN(), Point{0, 0}},
		{0.25, Point{15, 20}}, {0.5, Point{30, 40}}, {0.75, Point{30, 65}},
		{1, Point{30, 90}}, {2, Point{30, 90}},
	}
	for _, tt := range tests {
		if got := r.At(tt.t); math.Hypot(got.X-tt.want.X, got.Y-tt.want.Y) > 1e-9 {
			t.Errorf("At(%v) = %v, want %v", tt.t, got, tt.want)
		}
	}
	if got := (Route{}).At(0.5); got != (Point{}) {
		t.Errorf("of nothing: %v", got)
	}
	if r.Length() != 100 {
		t.Errorf("length %v, want 100", r.Length())
	}
	if n := testing.AllocsPerRun(100, func() { r.At(0.3) }); n != 0 {
		t.Errorf("At allocates %v times", n)
	}
}

func TestAtMovesEvenly(t *testing.T) {
	l, err := Arrange(cycleGraph(), Options{})
	if err != nil {
		t.Fatal(err)
	}
	for i, r := range l.Routes {
		const steps = 200
		for s := 1; s <= steps; s++ {
			p, q := r.At(float64(s-1)/steps), r.At(float64(s)/steps)
			if d := math.Hypot(q.X-p.X, q.Y-p.Y); d > r.Length()/steps+1e-9 {
				t.Errorf("edge %d: a step of %g, want at most %g", i, d, r.Length()/steps)
			}
		}
	}
}

func TestTextColumns(t *testing.T) {
	tests := []struct {
		s    string
		want int
	}{{"", 0}, {"shop", 4}, {"商店", 4}, {"e\u0301", 1}, {"한글", 4}, {"ｗ", 2}, {"🛒", 2}, {"café →", 6}}
	for _, tt := range tests {
		if got := Columns(tt.s); got != tt.want {
			t.Errorf("columns(%q) = %d, want %d", tt.s, got, tt.want)
		}
	}
	if !(TextWidth("商店商店", 14) > TextWidth("shop", 14)) {
		t.Error("four ideographs are not wider than four letters")
	}
}

func TestHostileText(t *testing.T) {
	evil := "</text><script>alert(1)</script>\"'&\\N\n\x00\x1b[31m"
	g := Graph{
		Nodes: []Node{{ID: evil, Label: evil, Kind: Client, Detail: lines(evil)}, {ID: "b", Kind: Broker, Label: evil}, {ID: "q", Kind: Queue, Parent: "b"}},
		Edges: []Edge{{From: evil, To: "q", Label: evil}, {From: "q", To: "q", Label: evil}},
	}
	l, err := Arrange(g, Options{})
	if err != nil {
		t.Fatal(err)
	}
	var svg, text, dot bytes.Buffer
	theme := Theme{Title: evil, Font: `x; } </style><script>`, Prefix: `1"><script>`}
	for _, err := range []error{SVG(&svg, g, l, theme), Text(&text, g), DOT(&dot, g)} {
		if err != nil {
			t.Fatal(err)
		}
	}
	wellFormed(t, svg.Bytes())
	if strings.Contains(svg.String(), "<script") {
		t.Error("a label becomes a script")
	}
	if strings.ContainsAny(text.String()+dot.String(), "\x00\x1b") {
		t.Error("control characters reach the terminal")
	}
}

func TestThemes(t *testing.T) {
	g := chainGraph()
	l, err := Arrange(g, Options{})
	if err != nil {
		t.Fatal(err)
	}
	draw := func(theme Theme) string {
		var b bytes.Buffer
		if err := SVG(&b, g, l, theme); err != nil {
			t.Fatal(err)
		}
		return b.String()
	}
	if auto := draw(Theme{}); !strings.Contains(auto, "prefers-color-scheme") || strings.Contains(auto, `class="back"`) {
		t.Error("the zero theme should follow the system and paint no background")
	}
	dark := draw(Theme{Mode: Dark, Prefix: "left"})
	if strings.Contains(dark, "prefers-color-scheme") || !strings.Contains(dark, ".left .line") || strings.Contains(dark, lightColours.ink) {
		t.Error("dark should be dark only, under its own prefix")
	}
	if err := SVG(&bytes.Buffer{}, Graph{}, l, Theme{}); err == nil {
		t.Error("SVG takes the layout of another graph")
	}
	if err := SVG(&bytes.Buffer{}, g, nil, Theme{}); err == nil {
		t.Error("SVG takes no layout")
	}
}

type full struct{}

func (full) Write([]byte) (int, error) { return 0, errors.New("disk full") }

func TestWriteErrors(t *testing.T) {
	g := chainGraph()
	l, err := Arrange(g, Options{})
	if err != nil {
		t.Fatal(err)
	}
	for _, err := range []error{Text(full{}, g), DOT(full{}, g), SVG(full{}, g, l, Theme{})} {
		if err == nil || !strings.Contains(err.Error(), "disk full") {
			t.Errorf("%v, want the writer's error", err)
		}
	}
}

func TestEmptyAndLonely(t *testing.T) {
	for _, g := range []Graph{
		{},
		{Nodes: []Node{{ID: "a"}}},
		{Nodes: []Node{{ID: "b", Kind: Broker}, {ID: "q", Kind: Queue, Parent: "b"}, {ID: "r", Kind: Topic, Parent: "b"}}},
		{Nodes: []Node{{ID: "b", Kind: Broker}, {ID: "q", Kind: Queue, Parent: "b"}, {ID: "s", Kind: Service}},
			Edges: []Edge{{From: "s", To: "b", Kind: Send}, {From: "b", To: "s", Kind: Deliver}}},
	} {
		l, err := Arrange(g, Options{})
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range faults(g, l) {
			t.Error(f)
		}
	}
}

func TestDetail(t *testing.T) {
	inner := Detail{Word: record.Word{ID: "workers", English: "%d workers"}, Args: []any{64}}
	shout := func(id, english string) string { return map[string]string{"workers": "%d WORKERS"}[id] }
	for _, c := range []struct {
		detail Detail
		voice  record.Voice
		want   string
	}{
		{inner, nil, "64 workers"},
		{Detail{Word: record.Word{English: "%d × %s"}, Args: []any{3, inner}}, nil, "3 × 64 workers"},
		{Detail{Word: record.Word{English: "%d × %s"}, Args: []any{3, inner}}, shout, "3 × 64 WORKERS"},
		{Detail{Word: record.Word{English: "loses 5%"}}, shout, "loses 5%"},
	} {
		if got := c.detail.Say(c.voice); got != c.want {
			t.Errorf("%q, want %q", got, c.want)
		}
	}
}

func BenchmarkAt(b *testing.B) {
	l, err := Arrange(cycleGraph(), Options{})
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for i := range b.N {
		l.Routes[2].At(float64(i%1000) / 1000)
	}
}

func ExampleText() {
	g := Graph{
		Nodes: []Node{{ID: "users", Kind: Client}, {ID: "shop", Kind: Service}, {ID: "mail", Kind: Queue}},
		Edges: []Edge{{From: "users", To: "shop"}, {From: "shop", To: "mail", Kind: Send, Label: "receipt"}},
	}
	var out strings.Builder
	if err := Text(&out, g); err != nil {
		fmt.Println(err)
	}
	fmt.Print(out.String())
	// Output:
	// (users)
	// └──▶ shop
	//      └╌ receipt ╌▷ [mail]
	//
	// ──▶ call, waits   ╌╌▷ message, does not wait
}

func TestCycles(t *testing.T) {
	got, err := cycleGraph().Cycles()
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff([][]int{{1, 2, 3, 4}}, got); d != "" {
		t.Error(d)
	}
	// The first node is in a cycle too.
	round := Graph{Nodes: []Node{{ID: "a"}, {ID: "b"}}, Edges: []Edge{{From: "a", To: "b"}, {From: "b", To: "a"}}}
	got, err = round.Cycles()
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff([][]int{{0, 1}}, got); d != "" {
		t.Error(d)
	}
	g := chainGraph()
	g.Edges = append(g.Edges, Edge{From: "stock", To: "stock"}, Edge{From: "stock", To: "stock", Kind: Send})
	got, err = g.Cycles()
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff([][]int{{2}}, got); d != "" {
		t.Error(d)
	}
}
