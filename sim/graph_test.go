package sim

import (
	"asynclab/sim/design"
	"asynclab/sim/draw"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestGraph(t *testing.T) {
	d := &design.Design{
		Loads: []design.Load{{Name: "shoppers", To: design.Target{Node: "shop", Entry: "place"}, Arrivals: design.Arrivals{Kind: design.Poisson, Rate: 200}}},
		Services: []design.Service{
			{Name: "shop", Workers: 64, Instances: 2, Handlers: []design.Handler{{Name: "place", Steps: []design.Step{
				{Op: design.Call, To: design.Target{Node: "stock", Entry: "reserve"}},
				{Op: design.Parallel, Branches: [][]design.Step{
					{{Op: design.Await, To: design.Target{Node: "stock", Entry: "price"}}},
					{{Op: design.Publish, To: design.Target{Node: "bus", Entry: "events"}}},
				}, Else: []design.Step{{Op: design.Send, To: design.Target{Node: "bus", Entry: "orders"}}}},
			}}}},
			{Name: "stock", Workers: design.Unlimited, Consumes: []design.Consume{{From: design.Target{Node: "bus", Entry: "orders"}, Handler: "order"}}},
			{Name: "mail", Workers: 1, Consumes: []design.Consume{{From: design.Target{Node: "bus", Entry: "events"}, Handler: "send"}}},
		},
		Brokers: []design.Broker{{
			Name:   "bus",
			Queues: []design.Queue{{Name: "orders", DeadLetter: "dead", TTL: 5 * time.Second}, {Name: "dead"}},
			Topics: []design.Topic{{Name: "events", Subscriptions: []design.Queue{{Name: "audit"}}}},
		}},
	}
	g := Graph(d)
	if err := g.Validate(); err != nil {
		t.Fatal(err)
	}
	var lines []string
	for _, n := range g.Nodes {
		lines = append(lines, fmt.Sprintf("%v %s %s", n.Kind, n.ID, strings.Join(n.Details(nil), "; ")))
	}
	for _, e := range g.Edges {
		lines = append(lines, fmt.Sprintf("%s %v %s: %s", e.From, e.Kind, e.To, e.Label))
	}
	want := []string{
		"client shoppers poisson, 200/s", "service shop 2 × 64 workers", "service stock unlimited workers", "service mail 1 worker",
		"broker bus ", "queue bus/orders ttl 5s", "queue bus/dead ", "topic bus/events ", "subscription bus/events/audit ",
		"subscription bus/events/mail ",
		"shoppers call shop: place", "shop call stock: reserve, price (await)", "shop publish bus/events: ", "shop send bus/orders: ",
		"bus/orders deliver stock: order", "bus/events/mail deliver mail: send", "bus/events deliver bus/events/audit: ",
		"bus/events deliver bus/events/mail: ", "bus/orders dead-letter bus/dead: ",
	}
	if diff := cmp.Diff(want, lines); diff != "" {
		t.Errorf("graph (-want +got):\n%s", diff)
	}
}

// Arrivals that bring several operations at once say so.
// A rate is told by the second, the minute or the hour, where it is a short number.
func TestRateDetail(t *testing.T) {
	for rate, want := range map[float64]string{0.15: "9/min", 0.25: "15/min", 9.5 / 60: "9.5/min", 40.0 / 3600: "40/h", 0.5: "0.5/s",
		0.1: "0.1/s", 1: "1/s", 1.5: "1.5/s", 0: "0/s", 2000: "2000/s", 1.0 / 3600: "1/h", 0.04166667 / 3600: "1/d", 1.0 / 7: "0.143/s"} {
		if got := rateDetail(rate); got != want {
			t.Errorf("%v is %s, not %s", rate, got, want)
		}
	}
}

func TestGraphBatches(t *testing.T) {
	d := &design.Design{Loads: []design.Load{{Name: "party", Arrivals: design.Arrivals{Kind: design.Regular, Rate: 1, Batch: draw.Const(60), HasBatch: true}}}}
	if got, want := strings.Join(Graph(d).Nodes[0].Details(nil), "; "), "regular, 1/s; batches of 60"; got != want {
		t.Errorf("the client shows %q, want %q", got, want)
	}
}
