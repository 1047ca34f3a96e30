package model

import (
	"fmt"
	"strings"
	"testing"
)

// repeatStop sends to itself up to three times, with p to stop before each.
func repeatStop(p float64) func(d *Design) {
	return func(d *Design) {
		d.Services[1].Handlers[0].Steps = []Step{{Op: Repeat, Count: 3, Branches: [][]Step{{
			{Op: Choose, Weights: []float64{p}, Branches: [][]Step{{{Op: Stop}}}},
			{Op: Send, To: Target{"pay", "charge"}}}}}}
	}
}

func TestCheckCycles(t *testing.T) {
	back := func(p float64) func(*Design) {
		return func(d *Design) {
			d.Services[1].Handlers[0].Steps = []Step{{Op: Choose, Weights: []float64{p}, Branches: [][]Step{{{Op: Call, To: Target{"shop", "order"}}}}}}
		}
	}
	runCases(t, []checkCase{
		{"certain", back(1), []string{"service.shop.on.order.call: never ends: shop/order -> pay/charge -> shop/order"}},
		{"by chance", back(0.5), nil},
		{"itself", func(d *Design) { addOrder(d, Step{Op: Send, To: Target{"shop", "order"}}) },
			[]string{"service.shop.on.order.send: never ends: shop/order -> shop/order"}},
		{"over the broker", func(d *Design) {
			d.Services[2].Handlers[1].Steps = []Step{{Op: Publish, To: Target{"bus", "orders"}}}
		}, []string{"service.mail.on.note.publish: never ends: mail/note -> bus/orders -> bus/orders/mail -> mail/note"}},
		{"after an end", func(d *Design) {
			d.Services[1].Handlers[0].Steps = []Step{{Op: Fail}, {Op: Call, To: Target{"shop", "order"}}}
		}, []string{"?service.pay.on.charge.call: never happens"}},
		{"only when it fails", func(d *Design) {
			(*order(d))[1].HasElse, (*order(d))[1].Else = true, []Step{{Op: Call, To: Target{"shop", "order"}}}
		}, nil},
		{"grows", func(d *Design) {
			d.Services[1].Handlers[0].Steps = []Step{{Op: Repeat, Count: 3, Branches: [][]Step{{
				{Op: Choose, Weights: []float64{0.4}, Branches: [][]Step{{{Op: Send, To: Target{"pay", "charge"}}}}}}}}}
		}, []string{"service.pay.on.charge.repeat.choose.send: grows without end"}},
		{"dies out", func(d *Design) {
			d.Services[1].Handlers[0].Steps = []Step{{Op: Repeat, Count: 3, Branches: [][]Step{{
				{Op: Choose, Weights: []float64{0.3}, Branches: [][]Step{{{Op: Send, To: Target{"pay", "charge"}}}}}}}}}
		}, nil},
		{"repeat that may stop, dies out", repeatStop(0.5), nil},
		{"repeat that may stop, grows", repeatStop(0.4), []string{"service.pay.on.charge.repeat.send: grows without end"}},
		{"redrive of dead letters", func(d *Design) {
			d.Services[2].Handlers[2].Steps = []Step{{Op: Send, To: Target{"bus", "mails"}}}
		}, nil},
		{"competing consumers", func(d *Design) { // one of two puts it back
			d.Services[1].Consumes = []Consume{{From: Target{"bus", "mails"}, Handler: "charge"}}
			d.Services[2].Handlers[0].Steps = []Step{{Op: Send, To: Target{"bus", "mails"}}}
		}, nil},
		{"fan-out", func(d *Design) {
			many := Step{Op: Send, To: Target{"bus", "mails"}}
			for range 4 {
				many = Step{Op: Repeat, Count: 200, Branches: [][]Step{{many}}}
			}
			addOrder(d, many)
		}, []string{"load.shoppers.to: one operation becomes 3.2e+09 messages"}},
		{"fan-out along a chain", func(d *Design) {
			for i := range 8 {
				d.Services[1].Handlers = append(d.Services[1].Handlers, Handler{fmt.Sprint("h", i), []Step{
					{Op: Parallel, Times: 10, Branches: [][]Step{{{Op: Call, To: Target{"pay", fmt.Sprint("h", i+1)}}}}}}})
			}
			d.Services[1].Handlers = append(d.Services[1].Handlers, Handler{Name: "h8"})
			addOrder(d, Step{Op: Send, To: Target{"pay", "h0"}})
		}, []string{"load.shoppers.to: one operation becomes 1.11e+08 messages"}},
	})
}

func TestCheckLimits(t *testing.T) {
	d := shop()
	d.Services = make([]Service, MaxNodes+1)
	if ps := Check(d); len(ps) != 1 || !strings.Contains(ps[0].Msg, "the most is 2000") {
		t.Errorf("%v", ps)
	}
	d = shop()
	for i := range 1000 {
		d.Faults = append(d.Faults, Fault{Name: fmt.Sprint("f", i)})
	}
	ps := Check(d)
	if len(ps) != maxProblems+1 || ps[maxProblems].Msg != "800 more errors are not shown" || ps[maxProblems].Warning {
		t.Errorf("%d problems, last %v", len(ps), ps[len(ps)-1])
	}
	d = shop()
	for i := range 300 {
		d.Services[0].Handlers = append(d.Services[0].Handlers, Handler{Name: fmt.Sprint("h", i)})
	}
	for _, p := range Check(d) {
		if !p.Warning {
			t.Errorf("too many warnings are an error: %v", p)
		}
	}
}
