package sim

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"asynclab/sim/model"
)

func TestGraph(t *testing.T) {
	d := &model.Design{
		Loads: []model.Load{{Name: "shoppers", To: model.Target{Node: "shop", Entry: "place"}, Arrivals: model.Arrivals{Kind: model.Poisson, Rate: 200}}},
		Services: []model.Service{
			{Name: "shop", Workers: 64, Instances: 2, Handlers: []model.Handler{{Name: "place", Steps: []model.Step{
				{Op: model.Call, To: model.Target{Node: "stock", Entry: "reserve"}},
				{Op: model.Parallel, Branches: [][]model.Step{
					{{Op: model.Await, To: model.Target{Node: "stock", Entry: "price"}}},
					{{Op: model.Publish, To: model.Target{Node: "bus", Entry: "events"}}},
				}, Else: []model.Step{{Op: model.Send, To: model.Target{Node: "bus", Entry: "orders"}}}},
			}}}},
			{Name: "stock", Workers: model.Unlimited, Consumes: []model.Consume{{From: model.Target{Node: "bus", Entry: "orders"}, Handler: "order"}}},
			{Name: "mail", Workers: 1, Consumes: []model.Consume{{From: model.Target{Node: "bus", Entry: "events"}, Handler: "send"}}},
		},
		Brokers: []model.Broker{{
			Name:   "bus",
			Queues: []model.Queue{{Name: "orders", DeadLetter: "dead", TTL: 5 * time.Second}, {Name: "dead"}},
			Topics: []model.Topic{{Name: "events", Subscriptions: []model.Queue{{Name: "audit"}}}},
		}},
	}
	g := Graph(d)
	if err := g.Validate(); err != nil {
		t.Fatal(err)
	}
	var lines []string
	for _, n := range g.Nodes {
		lines = append(lines, fmt.Sprintf("%v %s %s", n.Kind, n.ID, strings.Join(n.Detail, "; ")))
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
