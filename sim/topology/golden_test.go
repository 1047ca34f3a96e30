package topology

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"testing"

	"asynclab/sim/golden"
	"asynclab/sim/record"
)

// lines are details without arguments.
func lines(english ...string) []Detail {
	var all []Detail
	for _, e := range english {
		all = append(all, Detail{Word: record.Word{English: e}})
	}
	return all
}

func chainGraph() Graph {
	return Graph{
		Nodes: []Node{
			{ID: "shoppers", Kind: Client, Detail: lines("poisson(200/s)")},
			{ID: "shop", Kind: Service, Detail: lines("64 workers", "exp(2ms)")},
			{ID: "stock", Kind: Service, Detail: lines("64 workers", "exp(5ms)")},
			{ID: "pay", Kind: Service, Detail: lines("32 workers", "lognormal(10ms)")},
			{ID: "delivery", Kind: Service, Detail: lines("8 workers", "exp(20ms)")},
		},
		Edges: []Edge{
			{From: "shoppers", To: "shop", Label: "place order"},
			{From: "shop", To: "stock", Label: "reserve"},
			{From: "shop", To: "pay", Label: "charge"},
			{From: "pay", To: "delivery", Label: "ship"},
		},
	}
}

func brokerGraph() Graph {
	return Graph{
		Nodes: []Node{
			{ID: "shoppers", Kind: Client, Detail: lines("poisson(200/s)")},
			{ID: "shop", Kind: Service, Detail: lines("64 workers")},
			{ID: "mq", Label: "message broker", Kind: Broker, Detail: lines("at least once")},
			{ID: "orders", Kind: Queue, Parent: "mq", Detail: lines("max 10,000")},
			{ID: "payments", Kind: Queue, Parent: "mq", Detail: lines("max 10,000")},
			{ID: "dlq", Label: "dead letters", Kind: Queue, Parent: "mq"},
			{ID: "stock", Kind: Service, Detail: lines("64 workers", "exp(5ms)")},
			{ID: "pay", Kind: Service, Detail: lines("32 workers", "exp(10ms)")},
		},
		Edges: []Edge{
			{From: "shoppers", To: "shop", Label: "place order"},
			{From: "shop", To: "orders", Kind: Send},
			{From: "shop", To: "payments", Kind: Send},
			{From: "orders", To: "stock", Kind: Deliver},
			{From: "payments", To: "pay", Kind: Deliver},
			{From: "orders", To: "dlq", Kind: DeadLetter, Label: "5 tries"},
			{From: "payments", To: "dlq", Kind: DeadLetter, Label: "5 tries"},
		},
	}
}

func cycleGraph() Graph {
	return Graph{
		Nodes: []Node{
			{ID: "users", Kind: Client},
			{ID: "shop", Label: "商店 shop", Kind: Service, Detail: lines("queue 1,000")},
			{ID: "a", Label: "billing <a>", Kind: Service},
			{ID: "b", Label: "ledger & b", Kind: Service},
			{ID: "events", Kind: Topic},
		},
		Edges: []Edge{
			{From: "users", To: "shop"},
			{From: "shop", To: "a", Label: "bill"},
			{From: "a", To: "b", Label: "book"},
			{From: "b", To: "a", Label: "confirm"},
			{From: "b", To: "events", Kind: Publish},
			{From: "events", To: "shop", Kind: Deliver, Label: "booked"},
			{From: "shop", To: "shop", Kind: Send, Label: "retry"},
		},
	}
}

var examples = []struct {
	name  string
	graph func() Graph
}{
	{"chain", chainGraph},
	{"broker", brokerGraph},
	{"cycle", cycleGraph},
}

func TestGolden(t *testing.T) {
	for _, ex := range examples {
		g := ex.graph()
		l, err := Arrange(g, Options{})
		if err != nil {
			t.Fatal(err)
		}
		var text, dot, svg bytes.Buffer
		for _, err := range []error{
			Text(&text, g), DOT(&dot, g), SVG(&svg, g, l, Theme{Title: ex.name, Background: true}),
		} {
			if err != nil {
				t.Fatal(err)
			}
		}
		golden.Equal(t, "testdata/"+ex.name+".txt", text.Bytes())
		golden.Equal(t, "testdata/"+ex.name+".dot", dot.Bytes())
		golden.Equal(t, "testdata/"+ex.name+".svg", svg.Bytes())
		wellFormed(t, svg.Bytes())
	}
}

func wellFormed(t *testing.T, doc []byte) {
	t.Helper()
	d := xml.NewDecoder(bytes.NewReader(doc))
	for {
		if _, err := d.Token(); errors.Is(err, io.EOF) {
			return
		} else if err != nil {
			t.Fatalf("not well-formed: %v", err)
		}
	}
}
