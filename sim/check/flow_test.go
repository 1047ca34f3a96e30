package check

import (
	"asynclab/sim/design"
	"asynclab/sim/design/designtest"
	"fmt"
	"strings"
	"testing"
)

// repeatStop sends to itself up to three times, with p to stop before each.
func repeatStop(p float64) func(d *design.Design) {
	return func(d *design.Design) {
		d.Services[1].Handlers[0].Steps = []design.Step{{Op: design.Repeat, Count: 3, Branches: [][]design.Step{{
			{Op: design.Choose, Weights: []float64{p}, Branches: [][]design.Step{{{Op: design.Stop}}}},
			{Op: design.Send, To: design.Target{Node: "pay", Entry: "charge"}}}}}}
	}
}

func TestCheckCycles(t *testing.T) {
	back := func(p float64) func(*design.Design) {
		return func(d *design.Design) {
			d.Services[1].Handlers[0].Steps = []design.Step{{Op: design.Choose, Weights: []float64{p}, Branches: [][]design.Step{{{Op: design.Call, To: design.Target{Node: "shop", Entry: "order"}}}}}}
		}
	}
	seen := func(cond string) func(*design.Design) {
		return func(d *design.Design) { // pay tells itself, unless it has seen it
			when, err := design.ParseCondition(cond)
			if err != nil {
				t.Fatal(err)
			}
			d.Loads[0].Attributes = []design.Attribute{{Name: "kind", Words: []string{"a", "b"}}}
			d.Services[1].Stores = []design.Store{{Name: "seen", Key: "operation", TTL: 1e9}}
			d.Services[1].Handlers[0].Steps = []design.Step{{Op: design.Stop, When: when}, {Op: design.Set, Store: "seen"},
				{Op: design.Send, To: design.Target{Node: "pay", Entry: "charge"}}}
		}
	}
	cases := []checkCase{
		{"stops at what it has seen", func(d *design.Design) { seen("seen")(d); d.Loads[0].Attributes = nil }, nil},
		{"stops at some", seen("kind == a"), []string{"?service.pay.on.charge.send:pay/charge: messages may go round for ever: pay/charge -> pay/charge"}},
		{"certain", back(1), []string{"service.shop.on.order.call:pay/charge: never ends: shop/order -> pay/charge -> shop/order"}},
		{"by chance", back(0.5), nil},
		{"itself", func(d *design.Design) {
			addOrder(d, design.Step{Op: design.Send, To: design.Target{Node: "shop", Entry: "order"}})
		},
			[]string{"service.shop.on.order.send:shop/order: never ends: shop/order -> shop/order"}},
		{"over the broker", func(d *design.Design) {
			d.Services[2].Handlers[1].Steps = []design.Step{{Op: design.Publish, To: design.Target{Node: "bus", Entry: "orders"}}}
		}, []string{"service.mail.on.note.publish:bus/orders: never ends: mail/note -> bus/orders -> bus/orders/mail -> mail/note"}},
		{"after an end", func(d *design.Design) {
			d.Services[1].Handlers[0].Steps = []design.Step{{Op: design.Fail}, {Op: design.Call, To: design.Target{Node: "shop", Entry: "order"}}}
		}, []string{"?service.pay.on.charge.call:shop/order: never happens"}},
		{"only when it fails", func(d *design.Design) {
			(*order(d))[1].HasElse, (*order(d))[1].Else = true, []design.Step{{Op: design.Call, To: design.Target{Node: "shop", Entry: "order"}}}
		}, nil},
		{"grows", func(d *design.Design) {
			d.Services[1].Handlers[0].Steps = []design.Step{{Op: design.Repeat, Count: 3, Branches: [][]design.Step{{
				{Op: design.Choose, Weights: []float64{0.4}, Branches: [][]design.Step{{{Op: design.Send, To: design.Target{Node: "pay", Entry: "charge"}}}}}}}}}
		}, []string{"service.pay.on.charge.send:pay/charge: grows without end"}},
		{"dies out", func(d *design.Design) {
			d.Services[1].Handlers[0].Steps = []design.Step{{Op: design.Repeat, Count: 3, Branches: [][]design.Step{{
				{Op: design.Choose, Weights: []float64{0.3}, Branches: [][]design.Step{{{Op: design.Send, To: design.Target{Node: "pay", Entry: "charge"}}}}}}}}}
		}, nil},
		{"repeat that may stop, dies out", repeatStop(0.5), nil},
		{"repeat that may stop, grows", repeatStop(0.4), []string{"service.pay.on.charge.send:pay/charge: grows without end"}},
		{"redrive of dead letters", func(d *design.Design) {
			d.Services[2].Handlers[2].Steps = []design.Step{{Op: design.Send, To: design.Target{Node: "bus", Entry: "mails"}}}
		}, nil},
		{"competing consumers", func(d *design.Design) { // one of two puts it back
			d.Services[1].Consumes = []design.Consume{{From: design.Target{Node: "bus", Entry: "mails"}, Handler: "charge"}}
			d.Services[2].Handlers[0].Steps = []design.Step{{Op: design.Send, To: design.Target{Node: "bus", Entry: "mails"}}}
		}, nil},
		{"fan-out", func(d *design.Design) {
			many := design.Step{Op: design.Send, To: design.Target{Node: "bus", Entry: "mails"}}
			for range 4 {
				many = design.Step{Op: design.Repeat, Count: 200, Branches: [][]design.Step{{many}}}
			}
			addOrder(d, many)
		}, []string{"load.shoppers.to: one operation becomes 3.2e+09 messages"}},
		{"fan-out along a chain", func(d *design.Design) {
			for i := range 8 {
				d.Services[1].Handlers = append(d.Services[1].Handlers, design.Handler{Name: fmt.Sprint("h", i), Steps: []design.Step{
					{Op: design.Parallel, Times: 10, Branches: [][]design.Step{{{Op: design.Call, To: design.Target{Node: "pay", Entry: fmt.Sprint("h", i+1)}}}}}}})
			}
			d.Services[1].Handlers = append(d.Services[1].Handlers, design.Handler{Name: "h8"})
			addOrder(d, design.Step{Op: design.Send, To: design.Target{Node: "pay", Entry: "h0"}})
		}, []string{"load.shoppers.to: one operation becomes 1.11e+08 messages"}},
	}
	for i := range cases { // what is sent to a service that crashes is lost, which is another warning
		spoil := cases[i].spoil
		cases[i].spoil = func(d *design.Design) { d.Faults = nil; spoil(d) }
	}
	runCases(t, cases)
}

func TestCheckLimits(t *testing.T) {
	d := designtest.Shop()
	d.Services = make([]design.Service, design.MaxNodes+1)
	if ps := Design(d); len(ps) != 1 || !strings.Contains(ps[0].Msg, "the most is 20000") {
		t.Errorf("%v", ps)
	}
	d = designtest.Shop()
	for i := range 1000 {
		d.Faults = append(d.Faults, design.Fault{Name: fmt.Sprint("f", i)})
	}
	ps := Design(d)
	if len(ps) != maxProblems+1 || ps[maxProblems].Msg != "800 more errors are not shown" || ps[maxProblems].Warning != nil {
		t.Errorf("%d problems, last %v", len(ps), ps[len(ps)-1])
	}
	d = designtest.Shop()
	for i := range 300 {
		d.Services[0].Handlers = append(d.Services[0].Handlers, design.Handler{Name: fmt.Sprint("h", i)})
	}
	for _, p := range Design(d) {
		if p.Warning == nil {
			t.Errorf("too many warnings are an error: %v", p)
		}
	}
}
