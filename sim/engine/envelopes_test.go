package engine

import (
	"testing"
	"time"

	"asynclab/sim/design"
	"asynclab/sim/draw"
	"asynclab/sim/mech/cache"
)

func conditionOf(t *testing.T, text string) design.Condition {
	t.Helper()
	c, err := design.ParseCondition(text)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// answering is a shop that asks what a thing costs, and works a millisecond for each unit
// of the price that the answer carries: 3, or what is called rate there, by the kind.
func answering(t *testing.T) *design.Design {
	plain := design.Step{Op: design.Reply, When: conditionOf(t, "kind == plain"), Sets: []design.Assign{{Name: "price", Value: 3}, {Name: "seen", Word: "yes"}}}
	own := design.Step{Op: design.Reply, Sets: []design.Assign{{Name: "price", From: "rate"}}}
	ask := design.Step{Op: design.Call, To: design.Target{Node: "b", Entry: "price"}, Sets: []design.Assign{{Name: "inside", Value: 1}}}
	each := work(milli)
	each.By = "price"
	leak := work(milli * 100)
	leak.When = conditionOf(t, "inside > 0") // what a caller sets on its request is not on its own message
	words := []string{"plain", "own"}
	l := func(name string, kind int) design.Load {
		l := at(name, design.Target{Node: "a", Entry: "do"}, 0, 100*milli, 200*milli)
		l.Attributes = []design.Attribute{{Name: "kind", Dist: draw.Const(float64(kind)), Words: words}, {Name: "rate", Dist: draw.Const(7)}}
		return l
	}
	return &design.Design{
		Loads: []design.Load{l("plain", 0), l("own", 1)},
		Services: []design.Service{
			{Name: "a", Workers: 2, Handlers: []design.Handler{handler("do", ask, each, leak)}},
			{Name: "b", Workers: 2, Handlers: []design.Handler{handler("price", plain, own)}},
		},
	}
}

// What an answer carries is on the message of its caller from then on, whether the answer
// takes time or none, and whether it was kept by a cache: there also for others.
func TestAnswersCarryAttributes(t *testing.T) {
	for _, latency := range []float64{0, 0.002} {
		d := answering(t)
		d.Default.Latency = draw.Const(latency)
		wants{"load.plain.confirmed.latency.max": 0.003 + 4*latency, "load.own.confirmed.latency.max": 0.007 + 4*latency, "load.plain.completed": 3, "load.own.completed": 3}.check(t, corner(t, d))
	}
	d := answering(t)
	d.Default.Latency = draw.Const(0.002)
	d.Loads = d.Loads[:1]
	d.Services[0].Handlers[0].Steps[0].Uses = design.Uses{{Of: cache.Mechanism, Settings: &cache.Settings{Key: "kind", Single: true}}}
	d.Services[1].Handlers[0].Steps = d.Services[1].Handlers[0].Steps[:1]
	d.Loads[0].Arrivals.Times = []int64{0, int64(milli), int64(100 * milli)}
	// The first calls, at 2 ms, and works from 6 to 9; the second comes at 3 and waits for
	// that answer until 6; the third finds it.
	wants{"cache.a->b/price.hits": 1, "cache.a->b/price.shared": 1, "load.plain.confirmed.latency.mean": (0.011 + 0.010 + 0.007) / 3}.check(t, corner(t, d))
}

// A copy is of what the sender's message had before the step set anything: of what is set
// there, else of the operation's own. Here other becomes kind, and kind what other was,
// over two hops; words keep their meaning though every attribute has its own.
func TestAttributesAreCopied(t *testing.T) {
	swap := []design.Assign{{Name: "other", From: "kind"}, {Name: "kind", From: "other"}}
	count := func(name, text string) design.Step {
		return design.Step{Op: design.Call, To: design.Target{Node: "count", Entry: name}, When: conditionOf(t, text)}
	}
	l := at("l", design.Target{Node: "a", Entry: "do"}, 0, milli, 2*milli)
	l.Attributes = []design.Attribute{{Name: "kind", Dist: draw.Const(1), Words: []string{"x", "y"}}, {Name: "other", Dist: draw.Const(0), Words: []string{"z", "y"}}}
	l.Confirm = []design.Target{{Node: "c", Entry: "do"}}
	count0 := design.Service{Name: "count"}
	for _, name := range []string{"once", "twice", "set"} {
		count0.Handlers = append(count0.Handlers, handler(name, work(0)))
	}
	d := &design.Design{Loads: []design.Load{l}, Services: []design.Service{
		{Name: "a", Handlers: []design.Handler{handler("do", design.Step{Op: design.Send, To: design.Target{Node: "b", Entry: "do"}, Sets: swap})}},
		{Name: "b", Handlers: []design.Handler{handler("do", count("once", "other == y and kind == z"), design.Step{Op: design.Publish, To: design.Target{Node: "bus", Entry: "q"}, Sets: append(swap, design.Assign{Name: "third", From: "kind"})})}},
		{Name: "c", Handlers: []design.Handler{handler("do", count("twice", "other == z and kind == y"), count("set", "third == z"))}, Consumes: []design.Consume{{From: design.Target{Node: "bus", Entry: "q"}, Handler: "do"}}},
		count0,
	}, Brokers: []design.Broker{{Name: "bus", Queues: []design.Queue{{Name: "q", Key: "third"}}}}}
	wants{"load.l.completed": 3, "edge.b/do->count/once.ok": 3, "edge.c/do->count/twice.ok": 3, "edge.c/do->count/set.ok": 3}.check(t, corner(t, d))
}

// Three subscriptions filter by the routing key, which is drawn for some operations and set
// by a step for others: with the keys 1 to 6 times each, and lazy.x set on 7 more.
func TestSubscriptionsMatchPatterns(t *testing.T) {
	keys := []string{"quick.orange.rabbit", "lazy.orange.elephant", "quick.orange.fox", "lazy.brown.fox", "lazy.pink.rabbit", "quick.brown.fox"}
	d := &design.Design{}
	publish := design.Step{Op: design.Publish, To: design.Target{Node: "bus", Entry: "t"}}
	set := publish
	set.Sets = []design.Assign{{Name: "key", Word: "lazy.x"}}
	for i := range keys {
		var times []time.Duration
		for k := range i + 1 {
			times = append(times, time.Duration(k)*milli)
		}
		d.Loads = append(d.Loads, at("l"+string(rune('a'+i)), design.Target{Node: "a", Entry: "do"}, times...))
		d.Loads[i].Attributes = []design.Attribute{{Name: "key", Dist: draw.Const(float64(i)), Words: keys}}
	}
	d.Loads = append(d.Loads, at("bare", design.Target{Node: "a", Entry: "set"}, 0, milli, 2*milli, 3*milli, 4*milli, 5*milli, 6*milli), at("none", design.Target{Node: "a", Entry: "do"}, 0, milli))
	d.Services = []design.Service{{Name: "a", Handlers: []design.Handler{handler("do", publish), handler("set", set)}}}
	topic := design.Topic{Name: "t"}
	want := wants{}
	for name, of := range map[string]struct {
		filter string
		gets   float64
	}{
		"first":  {`key matches "*.orange.*"`, 1 + 2 + 3},
		"second": {`key matches "*.*.rabbit" or key matches "lazy.#"`, 1 + 2 + 4 + 5 + 7},
		"third":  {`not key matches "#.fox"`, 1 + 2 + 5 + 7 + 2}, // also who has no key
	} {
		topic.Subscriptions = append(topic.Subscriptions, design.Queue{Name: name, Filter: conditionOf(t, of.filter)})
		want["queue.bus/t/"+name+".published"], want["queue.bus/t/"+name+".filtered"] = of.gets, 21+7+2-of.gets
	}
	d.Brokers = []design.Broker{{Name: "bus", Topics: []design.Topic{topic}}}
	want.check(t, corner(t, d))
}
