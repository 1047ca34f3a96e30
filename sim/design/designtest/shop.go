// Package designtest provides a design for tests.
package designtest

import (
	"time"

	"asynclab/sim/design"
	"asynclab/sim/draw"
)

// Milliseconds is a constant time of x milliseconds.
func Milliseconds(x float64) draw.Dist { return draw.Const(x / 1000) }

// Shop is a small design without a single problem: a call chain, a queue with a
// dead-letter queue, a topic with two subscribers.
func Shop() *design.Design {
	return &design.Design{
		Name: "shop",
		Loads: []design.Load{{
			Name: "shoppers", To: design.Target{Node: "shop", Entry: "order"}, Arrivals: design.Arrivals{Kind: design.Poisson, Rate: 100},
			Confirm: []design.Target{{Node: "mail", Entry: "notify"}},
		}, {
			Name: "clerks", To: design.Target{Node: "shop", Entry: "ask"}, Users: 5, Think: Milliseconds(1000),
		}},
		Services: []design.Service{
			{Name: "shop", Workers: 8, Handlers: []design.Handler{
				{Name: "order", Steps: []design.Step{
					{Op: design.Work, Dist: Milliseconds(2)},
					{Op: design.Call, To: design.Target{Node: "pay", Entry: "charge"}},
					{Op: design.Publish, To: design.Target{Node: "bus", Entry: "orders"}},
					{Op: design.Choose, Weights: []float64{0.5, 0.3}, Branches: [][]design.Step{
						{{Op: design.Send, To: design.Target{Node: "bus", Entry: "mails"}}},
						{{Op: design.Work, Dist: Milliseconds(1)}, {Op: design.Work, Dist: Milliseconds(3)}},
					}},
				}},
				{Name: "ask", Steps: []design.Step{{Op: design.Repeat, Count: 3, Branches: [][]design.Step{{{Op: design.Await, To: design.Target{Node: "pay", Entry: "charge"}}}}}}},
			}},
			{Name: "pay", Workers: 4, Handlers: []design.Handler{{Name: "charge", Steps: []design.Step{{Op: design.Work, Dist: Milliseconds(5)}, {Op: design.Fail, Prob: 0.1}}}}},
			{Name: "mail", Handlers: []design.Handler{
				{Name: "notify", Steps: []design.Step{{Op: design.Work, Dist: Milliseconds(5)}}},
				{Name: "note", Steps: []design.Step{{Op: design.Delay, Dist: Milliseconds(5)}, {Op: design.AckNow}}},
				{Name: "bury", Steps: nil},
			}, Consumes: []design.Consume{
				{From: design.Target{Node: "bus", Entry: "mails"}, Handler: "notify"},
				{From: design.Target{Node: "bus", Entry: "orders"}, Handler: "note"},
				{From: design.Target{Node: "bus", Entry: "dead"}, Handler: "bury"},
			}},
		},
		Brokers: []design.Broker{{Name: "bus",
			Queues: []design.Queue{{Name: "mails", DeadLetter: "dead", MaxDeliveries: 3}, {Name: "dead"}},
			Topics: []design.Topic{{Name: "orders"}},
		}},
		Default: design.LinkParams{Latency: Milliseconds(1)},
		Links:   []design.Link{{From: "shop", To: "pay", LinkParams: design.LinkParams{Latency: Milliseconds(3)}}},
		Faults:  []design.Fault{{Name: "crash", Kind: design.FaultCrash, Node: "pay", At: time.Minute, For: draw.Const(30), HasFor: true}},
	}
}
