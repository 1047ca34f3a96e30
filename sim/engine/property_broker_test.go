package engine

import (
	"time"

	"asynclab/sim/design"
	"asynclab/sim/mech/deal"

	"pgregory.net/rapid"
)

// Generated brokers: what their queues, topics, publishers and consumers do.

// gather draws whether a publisher sends its messages together.
func (g *designer) gather(name string) (all design.Gather) {
	if g.chance(name+" gathers", 0.3) {
		all = design.Gather{Linger: g.ms(name+" linger", 120), Max: rapid.IntRange(0, 4).Draw(g.t, name+" together")}
		if g.chance(name+" of a size", 0.3) {
			all.Size = 2500
		}
	}
	return all
}

// fetches draws whether a consumer asks for messages, and whether it takes several.
func (g *designer) fetches(k *design.Consume) {
	name := k.From.Entry
	if g.chance(name+" pulls", 0.4) {
		k.Pull = design.Pull{On: true, Poll: g.ms(name+" poll", 60)}
		if g.chance(name+" long poll", 0.6) {
			k.Pull.Wait, k.Pull.Min = g.ms(name+" wait", 200), rapid.IntRange(1, 3).Draw(g.t, name+" least")
			if g.chance(name+" at once", 0.5) {
				k.Pull.Poll = 0
			}
		}
	}
	if k.Batch = g.batch(name); k.Pull.On {
		k.Batch.Linger = 0
	}
}

// order draws whether the consumers of a service take from all of its queues.
func (g *designer) order(s *design.Service, q *design.Queue) {
	if q.Timeout > 0 || !g.chance("all queues", 0.3) {
		return
	}
	s.Order = design.ConsumeOrder(rapid.IntRange(int(design.OrderStrict), int(design.OrderWeighted)).Draw(g.t, "order"))
	first := &s.Consumes[0]
	if first.Ack == design.Automatic && first.Prefetch == 0 {
		first.Prefetch = 2
	}
	for i := range s.Consumes {
		k := &s.Consumes[i]
		if k.Ack, k.Batch = first.Ack, (design.Batch{}); i > 0 {
			k.Prefetch, k.Pull = 0, design.Pull{}
		}
		if s.Order == design.OrderWeighted {
			k.Weight = rapid.IntRange(0, 3).Draw(g.t, k.From.Entry+" weight")
		}
	}
}

// batch draws whether a handler takes several messages.
func (g *designer) batch(name string) (b design.Batch) {
	if g.chance(name+" takes batches", 0.4) {
		b.Max = rapid.IntRange(1, 4).Draw(g.t, name+" batch")
		b.Linger = rapid.SampledFrom([]time.Duration{0, 10 * time.Millisecond, 100 * time.Millisecond}).Draw(g.t, name+" linger")
	}
	return b
}

// known draws what a queue or topic remembers.
func (g *designer) known(name string) design.Known {
	if !g.chance(name+" remembers", 0.3) {
		return design.Known{}
	}
	return design.Known{Window: rapid.SampledFrom([]time.Duration{10 * time.Millisecond, 200 * time.Millisecond}).Draw(g.t, name+" window"), Key: rapid.SampledFrom([]string{"", "kind", "items"}).Draw(g.t, name+" same")}
}

// post draws what messages have of their own.
func (g *designer) post(name string, to design.Target, confirmed bool) (p design.Post) {
	if to.Node != "bus" {
		return p
	}
	p.Idempotent = confirmed && g.chance(name+" idempotent", 0.3)
	if to.Entry == "log" {
		return p
	}
	if p.Transient = g.chance(name+" transient", 0.2); g.chance(name+" own ttl", 0.3) {
		p.TTL, p.HasTTL, p.TTLBy = g.dist(name+" time to live"), true, rapid.SampledFrom([]string{"", "items"}).Draw(g.t, name+" ttl by")
	}
	if g.chance(name+" own priority", 0.3) {
		p.Priority, p.HasPriority, p.PriorityBy = rapid.IntRange(0, 3).Draw(g.t, name+" priority"), true, rapid.SampledFrom([]string{"", "items"}).Draw(g.t, name+" priority by")
	}
	if g.chance(name+" own delay", 0.3) {
		p.Delay, p.HasDelay = g.dist(name+" delay"), true
	}
	return p
}

// flush draws how what is durable comes to the disk.
func (g *designer) flush(name string, durable bool) (f design.Flush) {
	if !durable || !g.chance(name+" is flushed", 0.5) {
		return f
	}
	if g.chance(name+" by time", 0.6) {
		f.Every = g.ms(name+" flush", 200)
	}
	if g.chance(name+" by number", 0.4) {
		f.Count = rapid.IntRange(1, 5).Draw(g.t, name+" flush of")
	}
	if g.chance(name+" flush takes time", 0.5) {
		f.Takes = g.dist(name + " flush takes")
	}
	f.Received, f.System = g.chance(name+" received", 0.3), g.chance(name+" with the system", 0.3)
	return f
}

// log draws a topic with partitions, and two groups that read it.
func (g *designer) log(last *design.Service) {
	t := design.Topic{Name: "log", Partitions: rapid.IntRange(1, 5).Draw(g.t, "partitions"), Template: design.Queue{
		Key: rapid.SampledFrom([]string{"", "kind", "items"}).Draw(g.t, "log key"), Durable: g.chance("log durable", 0.5),
		MaxDeliveries: rapid.IntRange(0, 3).Draw(g.t, "log tries"),
		Group: design.Group{
			Deal: rapid.SampledFrom(deal.All).Draw(g.t, "deal"), Cooperative: g.chance("cooperative", 0.5),
			Session: rapid.SampledFrom([]time.Duration{0, design.None, 50 * time.Millisecond, 300 * time.Millisecond}).Draw(g.t, "session"),
		},
	}}
	t.Template.Known = g.known("log")
	t.Template.Flush = g.flush("log", t.Template.Durable)
	if g.chance("log measures", 0.2) {
		t.Template.Uses = design.Uses{g.largest("log")}
	}
	if g.chance("log dead", 0.5) {
		t.Template.DeadLetter = "dead"
		if dead := &g.d.Brokers[0].Queues[1]; dead.Redrive.At > 0 { // nothing goes back into a log
			dead.Redrive.To = "q"
		}
	}
	if g.chance("log redelivery", 0.5) {
		t.Template.RedeliveryDelay = design.Retry{Base: g.dist("log redelivery wait")}
	}
	if g.chance("log pause", 0.5) {
		t.Template.Group.Pause = g.ms("pause", 200)
	}
	if g.chance("log poll limit", 0.3) {
		t.Template.Group.PollLimit = g.ms("poll limit", 150)
	}
	if g.chance("log commit", 0.5) {
		t.Template.Group.Commit = g.ms("commit", 400)
	}
	if g.chance("begin", 0.4) {
		t.Template.Group.Begin = g.place("begin")
	}
	if g.chance("keep", 0.6) {
		t.Keep.For = rapid.SampledFrom([]time.Duration{design.None, 30 * time.Millisecond, 300 * time.Millisecond}).Draw(g.t, "keep for")
		t.Keep.Size = rapid.SampledFrom([]float64{0, 3000, 30_000}).Draw(g.t, "keep size")
		if t.Template.Key != "" && g.chance("compact", 0.5) {
			t.Keep.Compact = g.ms("compact every", 200)
		}
		if g.chance("replay", 0.7) {
			t.Template.Replay = design.Replay{At: g.ms("replay at", 900), To: g.place("replay to")}
		}
	}
	g.d.Brokers[0].Topics = append(g.d.Brokers[0].Topics, t)
	read := func(s *design.Service) {
		s.Consumes = append(s.Consumes, design.Consume{From: design.Target{Node: "bus", Entry: "log"}, Handler: "eat", Prefetch: rapid.IntRange(1, 4).Draw(g.t, "log prefetch"), Batch: g.batch(s.Name + " log")})
	}
	if last.Order == design.OrderEach {
		read(last)
	}
	if first := &g.d.Services[0]; first != last && g.chance("second group", 0.5) {
		first.Handlers = append(first.Handlers, design.Handler{Name: "eat", Steps: []design.Step{{Op: design.Work, Dist: g.dist("log work")}}})
		read(first)
	}
}

// place is a place in a log.
func (g *designer) place(name string) (p design.LogPlace) {
	switch rapid.IntRange(0, 3).Draw(g.t, name) {
	case 1:
		p.Now = true
	case 2:
		p.Time = g.ms(name+" time", 500)
	case 3:
		p.Offset = rapid.IntRange(1, 50).Draw(g.t, name+" offset")
	}
	return p
}
