package check

import (
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"asynclab/sim/design"
	"asynclab/sim/design/designtest"
	"asynclab/sim/draw"
	"asynclab/sim/mech/balance"
	"asynclab/sim/mech/overflow"
)

func TestCheckClean(t *testing.T) {
	for _, p := range Design(designtest.Shop()) {
		t.Errorf("%+v", p)
	}
}

// checkCase breaks the shop in one way; want is what Check must say, and it must
// say nothing else: "path: part of the message", "?" before a warning.
type checkCase struct {
	name  string
	spoil func(d *design.Design)
	want  []string
}

func runCases(t *testing.T, cases []checkCase) {
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			d := designtest.Shop()
			c.spoil(d)
			var got []string
			for _, p := range Design(d) {
				mark := ""
				if p.Warning != nil {
					mark = "?"
				}
				if strings.ToLower(p.Msg[:1]) != p.Msg[:1] || strings.HasSuffix(p.Msg, ".") {
					t.Errorf("style of %q", p.Msg)
				}
				got = append(got, fmt.Sprintf("%s%s: %s", mark, p.Path, p.Msg))
				if p.Hint != "" {
					got[len(got)-1] += " | " + p.Hint
				}
			}
			if len(got) != len(c.want) {
				t.Fatalf("got %d problems, want %d:\n%s", len(got), len(c.want), strings.Join(got, "\n"))
			}
			for i, w := range c.want {
				path, text, _ := strings.Cut(w, ": ")
				if !strings.HasPrefix(got[i], path+": ") || !strings.Contains(got[i], text) {
					t.Errorf("problem %d\n got %s\nwant %s", i, got[i], w)
				}
			}
		})
	}
}

func order(d *design.Design) *[]design.Step    { return &d.Services[0].Handlers[0].Steps }
func addOrder(d *design.Design, s design.Step) { *order(d) = append(*order(d), s) }

func TestCheckNames(t *testing.T) {
	runCases(t, []checkCase{
		{"empty", func(d *design.Design) { d.Services[2].Handlers[2].Name = "" }, []string{
			"service.mail.on.#3: the handler has no name", `service.mail.consumes.bus/dead: mail has no handler "bury"`}},
		{"fault without name", func(d *design.Design) { d.Faults[0].Name = "" }, []string{"fault.#1: the fault has no name"}},
		{"letters", func(d *design.Design) { d.Faults[0].Name = "a b" }, []string{"fault.a b: cannot contain ' '"}},
		{"slash", func(d *design.Design) { d.Loads[1].Name = "a/b" }, []string{"load.a/b: cannot contain '/'"}},
		{"arrow", func(d *design.Design) { d.Loads[1].Name = "a->b" }, []string{"load.a->b: stands for a connection"}},
		{"dot", func(d *design.Design) { d.Loads[1].Name = "a.b" }, []string{`load.a.b: cannot contain '.'`}},
		{"long", func(d *design.Design) { d.Loads[1].Name = strings.Repeat("x", 101) }, []string{
			"load." + strings.Repeat("x", 101) + ": longer than 100 bytes"}},
		{"chinese is fine", func(d *design.Design) { d.Loads[1].Name = "顾客" }, nil},
		{"shared by load and service", func(d *design.Design) { d.Loads[1].Name = "pay" }, []string{
			"service.pay: already that of a load"}},
		{"handler twice", func(d *design.Design) { d.Services[0].Handlers[1].Name = "order" }, []string{
			`load.clerks.to: shop has no handler "ask"`, "service.shop.on.order: there is already a handler of this name"}},
		{"queue and topic", func(d *design.Design) {
			d.Brokers[0].Topics = append(d.Brokers[0].Topics, design.Topic{Name: "mails"})
		}, []string{"queue.bus/mails: already a queue or topic of this name"}},
		{"subscription twice", func(d *design.Design) {
			d.Brokers[0].Topics[0].Subscriptions = []design.Queue{{Name: "mail"}, {Name: "mail"}}
		}, []string{"queue.bus/orders/mail: already a subscription"}},
	})
}

func TestCheckTargets(t *testing.T) {
	to := func(op design.StepOp, node, entry string) func(*design.Design) {
		return func(d *design.Design) { addOrder(d, design.Step{Op: op, To: design.Target{Node: node, Entry: entry}}) }
	}
	runCases(t, []checkCase{
		{"service", to(design.Call, "pey", "charge"), []string{`service.shop.on.order.call:pey/charge: no service or broker "pey" | did you mean pay?`}},
		{"handler", to(design.Call, "pay", "chrage"), []string{`service.shop.on.order.call:pay/chrage: pay has no handler "chrage" | did you mean charge?`}},
		{"queue", to(design.Publish, "bus", "mail"), []string{`service.shop.on.order.publish:bus/mail: bus has no queue or topic "mail" | did you mean mails?`}},
		{"subscription", to(design.Publish, "bus", "orders/mail"), []string{`service.shop.on.order.publish:bus/orders/mail: bus/orders/mail is a subscription`}},
		{"nothing near", to(design.Call, "zebra", "charge"), []string{`service.shop.on.order.call:zebra/charge: no service or broker "zebra" | services and brokers: shop, pay, mail, bus`}},
		{"missing", to(design.Call, "", ""), []string{`service.shop.on.order.call: call has no target`}},
		{"load", to(design.Send, "clerks", "x"), []string{`service.shop.on.order.send:clerks/x: clerks is a load`}},
		{"call a broker", to(design.Call, "bus", "mails"), []string{`service.shop.on.order.call:bus/mails: does not answer | publish`}},
		{"await a broker", to(design.Await, "bus", "mails"), []string{`service.shop.on.order.await:bus/mails: does not answer | publish`}},
		{"publish to a service", to(design.Publish, "pay", "charge"), []string{`service.shop.on.order.publish:pay/charge: only queues and topics are published to | call a service`}},
		{"send to a topic", to(design.Send, "bus", "orders"), []string{`service.shop.on.order.send:bus/orders: bus/orders is a topic | publish`}},
		{"load to nowhere", func(d *design.Design) { d.Loads[1].To.Entry = "aks" }, []string{`load.clerks.to: shop has no handler "aks" | did you mean ask?`}},
		{"confirm unknown", func(d *design.Design) { d.Loads[0].Confirm[0].Entry = "notifi" }, []string{`load.shoppers.confirm: did you mean notify?`}},
		{"confirm a queue", func(d *design.Design) { d.Loads[0].Confirm[0] = design.Target{Node: "bus", Entry: "mails"} }, []string{`load.shoppers.confirm: bus/mails is a queue or topic`}},
		{"confirm out of reach", func(d *design.Design) {
			d.Loads[1].Confirm = []design.Target{{Node: "pay", Entry: "charge"}, {Node: "shop", Entry: "order"}}
		},
			[]string{`load.clerks.confirm.2: no operation could ever be confirmed: nothing leads from shop/ask to shop/order`}},
		{"load to a broker", func(d *design.Design) {
			d.Loads = append(d.Loads, design.Load{Name: "p", To: design.Target{Node: "bus", Entry: "mails"}, Arrivals: design.Arrivals{Kind: design.Regular, Rate: 1}})
		}, []string{`?load.p.to: confirmed as soon as the broker has the message`}},
	})
}

func TestCheckLoads(t *testing.T) {
	with := func(f func(l *design.Load)) func(*design.Design) {
		return func(d *design.Design) { f(&d.Loads[0]) }
	}
	profile := func(repeat bool, s ...design.Segment) func(*design.Design) {
		return with(func(l *design.Load) { l.Arrivals = design.Arrivals{Kind: design.Poisson, Profile: s, Repeat: repeat} })
	}
	runCases(t, []checkCase{
		{"both", with(func(l *design.Load) { l.Users = 3 }), []string{"load.shoppers: both arrivals and users"}},
		{"neither", with(func(l *design.Load) { l.Arrivals.Kind = design.NoArrivals }), []string{"load.shoppers: neither"}},
		{"negative users", func(d *design.Design) { d.Loads[1].Users = -1 }, []string{"load.clerks.users: negative"}},
		{"many users", func(d *design.Design) { d.Loads[1].Users = 2e6 }, []string{"load.clerks.users: 2000000 is above the most possible, 1000000"}},
		{"no rate", with(func(l *design.Load) { l.Arrivals.Rate = 0 }), []string{"load.shoppers.rate: nothing would ever arrive"}},
		{"negative rate", with(func(l *design.Load) { l.Arrivals.Rate = -1 }), []string{"load.shoppers.rate: negative"}},
		{"NaN rate", with(func(l *design.Load) { l.Arrivals.Rate = math.NaN() }), []string{"load.shoppers.rate: not a finite number"}},
		{"huge rate", with(func(l *design.Load) { l.Arrivals.Rate = 1e10 }), []string{"load.shoppers.rate: above the most possible"}},
		{"huge scaled rate", with(func(l *design.Load) { l.Arrivals.Rate, l.Arrivals.Scale = 1e8, 100 }), []string{"load.shoppers.scale: above the most possible"}},
		{"profile of no time", profile(false, design.Segment{For: 0, From: 1, To: 1}), []string{"load.shoppers.profile.1.for: lasts no time"}},
		{"profile of nothing", profile(true, design.Segment{For: time.Minute, From: 0, To: 0}), []string{"load.shoppers.profile: nothing would ever arrive"}},
		{"silent profile that ends in nothing", profile(false, design.Segment{For: time.Minute, From: 0, To: 0}), []string{"load.shoppers.profile: nothing"}},
		{"ramp is fine", profile(false, design.Segment{For: time.Minute, From: 0, To: 50}), nil},
		{"negative profile", profile(false, design.Segment{For: time.Minute, From: 5, To: -1}), []string{"load.shoppers.profile.1.to: negative"}},
		{"negative time", profile(false, design.Segment{For: time.Minute, From: 5, To: 5}, design.Segment{For: -time.Minute, From: 5, To: 5}), []string{"load.shoppers.profile.2.for: negative"}},
		{"renewal", with(func(l *design.Load) { l.Arrivals = design.Arrivals{Kind: design.Renewal} }), []string{"load.shoppers.interval: always 0"}},
		{"empty trace", with(func(l *design.Load) { l.Arrivals = design.Arrivals{Kind: design.Trace} }), []string{"load.shoppers.trace: no times"}},
		{"negative trace", with(func(l *design.Load) { l.Arrivals = design.Arrivals{Kind: design.Trace, Times: []int64{-1}} }), []string{"load.shoppers.trace: time 1 of the trace is negative"}},
		{"unsorted trace", with(func(l *design.Load) { l.Arrivals = design.Arrivals{Kind: design.Trace, Times: []int64{1, 1, 0}} }), []string{"load.shoppers.trace: time 3"}},
		{"stops first", with(func(l *design.Load) { l.Start, l.Stop = time.Minute, time.Second }), []string{"load.shoppers.stop: stops before it starts"}},
		{"negative deadline", with(func(l *design.Load) { l.Deadline = -5 }), []string{"load.shoppers.deadline: negative"}},
		{"deadline too long", with(func(l *design.Load) { l.Deadline = design.MaxTime + 1e9 }), []string{"load.shoppers.deadline: above the most possible"}},
		{"priority", with(func(l *design.Load) { l.Priority = 8 }), []string{"load.shoppers.priority: above"}},
		{"retries without end", with(func(l *design.Load) { l.Retry.Attempts = design.Unlimited }), []string{"?load.shoppers.retry.attempts: without end"}},
		{"retries below", with(func(l *design.Load) { l.Retry.Attempts = -2 }), []string{"load.shoppers.retry.attempts: below"}},
		{"spin", func(d *design.Design) {
			d.Loads[1].Think, d.Default, d.Links = draw.Dist{}, design.LinkParams{}, nil
			d.Services[1].Handlers[0].Steps = nil
		}, []string{"load.clerks.think: users never think"}},
		{"a declared end that takes time is fine", func(d *design.Design) {
			d.Loads[1].Think, d.Default = draw.Dist{}, design.LinkParams{}
			d.Loads[1].To, d.Loads[1].Confirm = design.Target{Node: "bus", Entry: "mails"}, []design.Target{{Node: "mail", Entry: "notify"}}
		}, []string{"?service.shop.on.ask: no message"}},
		{"a declared end that takes none", func(d *design.Design) {
			d.Loads[1].Think, d.Default = draw.Dist{}, design.LinkParams{}
			d.Loads[1].To, d.Loads[1].Confirm = design.Target{Node: "bus", Entry: "dead"}, []design.Target{{Node: "mail", Entry: "bury"}}
		}, []string{"load.clerks.think: loop at one instant", "?service.shop.on.ask: no message"}},
		{"spin through time of the callee is fine", func(d *design.Design) { d.Loads[1].Think, d.Default = draw.Dist{}, design.LinkParams{} }, nil},
		{"refused at once", func(d *design.Design) {
			d.Loads[1].Think, d.Default, d.Loads[1].Users = draw.Dist{}, design.LinkParams{}, 20
			d.Services[0].Room, d.Services[0].HasRoom = 5, true
		}, []string{"?load.clerks.think: more users than shop has room for"}},
		{"deadline none with a crash", with(func(l *design.Load) { l.Deadline = design.None }), []string{"?load.shoppers.deadline: open for ever: the fault crash stops pay"}},
		{"timeout none with loss", func(d *design.Design) {
			d.Loads[1].Timeout, d.Links = design.None, append(d.Links, design.Link{From: "clerks", To: "shop", LinkParams: design.LinkParams{Loss: 0.1}})
		}, []string{"?load.clerks.timeout: wait for ever: a message clerks->shop can be lost"}},
		{"no loads", func(d *design.Design) { d.Loads = nil }, []string{"?design: there is no load"}},
	})
}

func TestCheckServices(t *testing.T) {
	add := func(s design.Step) func(*design.Design) { return func(d *design.Design) { addOrder(d, s) } }
	work := []design.Step{{Op: design.Work, Dist: designtest.Milliseconds(1)}}
	deep := work
	for range design.MaxStepDepth {
		deep = []design.Step{{Op: design.Parallel, Branches: [][]design.Step{deep}}}
	}
	runCases(t, []checkCase{
		{"workers", func(d *design.Design) { d.Services[0].Workers = 1e9 }, []string{"service.shop.workers: 1000000000 is above the most possible, 1000000"}},
		{"instances", func(d *design.Design) { d.Services[0].Instances = -1 }, []string{"service.shop.instances: below the least possible, 1 | write a whole number from 1 to 1000"}},
		{"errors", func(d *design.Design) { d.Services[0].Errors = 1.5 }, []string{"service.shop.errors: above the most possible"}},
		{"speed", func(d *design.Design) { d.Services[0].Speed = math.Inf(1) }, []string{"service.shop.speed: not a finite number"}},
		{"unbounded room", func(d *design.Design) { d.Services[0].Room, d.Services[0].HasRoom = design.Unlimited, true }, []string{"?service.shop.queue: unbounded"}},
		{"no workers", func(d *design.Design) { d.Services[0].Workers, d.Services[0].NoWorkers = 0, true }, []string{"?service.shop.workers: nothing is done | give it one, unless it gets some while it runs"}},
		{"sharing without room", func(d *design.Design) {
			d.Services[0].HasRoom, d.Services[0].Discipline = true, design.Sharing
		}, []string{"?service.shop.queue: no call is ever let in | with discipline: sharing the queue counts those in service too"}},
		{"room", func(d *design.Design) { d.Services[0].Room, d.Services[0].HasRoom = -2, true }, []string{"service.shop.queue: negative"}},
		{"policy", func(d *design.Design) { d.Services[0].Crash = 9 }, []string{"service.shop.on_crash: unknown word"}},
		{"repeat without body", add(design.Step{Op: design.Repeat, Count: 1}), []string{"service.shop.on.order.repeat: repeat has no steps"}},
		{"repeat count", add(design.Step{Op: design.Repeat, Count: 2e6, Branches: [][]design.Step{work}}), []string{"service.shop.on.order.repeat: above"}},
		{"repeat too deep", func(d *design.Design) {
			inner := work
			for range 5 {
				inner = []design.Step{{Op: design.Repeat, Count: 1, Branches: [][]design.Step{inner}}}
			}
			addOrder(d, inner[0])
		}, []string{"service.shop.on.order.repeat#5: nested more than 4 deep"}},
		{"steps too deep", add(deep[0]), []string{"service.shop.on.order.parallel#16: nested more than 16 deep"}},
		{"parallel without branches", add(design.Step{Op: design.Parallel}), []string{"service.shop.on.order.parallel: no branches"}},
		{"need", add(design.Step{Op: design.Parallel, Need: 3, Branches: [][]design.Step{work, work}}), []string{"service.shop.on.order.parallel.need: needs 3 branches, but has 2"}},
		{"copies", add(design.Step{Op: design.Parallel, Times: 3, Branches: [][]design.Step{work, work}}), []string{"service.shop.on.order.parallel.times: only a single branch"}},
		{"weights above 1", add(design.Step{Op: design.Choose, Weights: []float64{0.6, 0.6}, Branches: [][]design.Step{work, work}}), []string{"service.shop.on.order.choose#2: add up to 120%"}},
		{"weight", add(design.Step{Op: design.Choose, Weights: []float64{-0.1}, Branches: [][]design.Step{work}}), []string{"service.shop.on.order.choose#2.weight: negative"}},
		{"weights missing", add(design.Step{Op: design.Choose, Branches: [][]design.Step{work}}), []string{"service.shop.on.order.choose#2: 1 branches have 0 probabilities"}},
		{"probability", add(design.Step{Op: design.Fail, Prob: 2}), []string{"service.shop.on.order.fail: above"}},
		{"unknown step", add(design.Step{Op: 99}), []string{"service.shop.on.order.step(99): unknown step 99"}},
		{"after the end", func(d *design.Design) { addOrder(d, design.Step{Op: design.Stop}); addOrder(d, work[0]) }, []string{"?service.shop.on.order.work#2: never happens: the handler has ended at stop"}},
		{"ack without queue", add(design.Step{Op: design.AckNow}), []string{"?service.shop.on.order.ack: never consumed from a queue"}},
		{"automatic nack", func(d *design.Design) { d.Services[2].Consumes[1].Ack = design.Automatic }, []string{"?service.mail.on.note.ack: has no effect", "?service.mail.consumes.bus/orders.prefetch: the broker hands over all there is"}},
		{"priorities in turn", func(d *design.Design) {
			d.Services[2].Discipline, d.Loads[1].Priority = design.Priority, 3
		}, []string{"?service.mail.discipline: as if first come first served: with a prefetch of 1"}},
		{"priorities, more to choose from", func(d *design.Design) {
			d.Services[2].Discipline, d.Loads[1].Priority = design.Priority, 3
			for i := range d.Services[2].Consumes {
				d.Services[2].Consumes[i].Prefetch = 2
			}
		}, nil},
		{"one priority", func(d *design.Design) { d.Services[2].Discipline = design.Priority }, nil},
		{"poison", func(d *design.Design) {
			d.Services[2].Handlers[1].Steps = []design.Step{{Op: design.Nack, Requeue: true}}
		}, []string{"?service.mail.consumes.bus/orders: without end"}},
		{"timeout none", func(d *design.Design) { (*order(d))[1].Timeout = design.None }, []string{"?service.shop.on.order.call:pay/charge.timeout: wait for ever: the fault crash stops pay"}},
		{"timeout none, cut", func(d *design.Design) {
			(*order(d))[1].Timeout = design.None
			d.Faults[0] = design.Fault{Name: "f", Kind: design.FaultCut, Cut: []design.Cut{{From: "*", To: "shop"}}}
		}, []string{"?service.shop.on.order.call:pay/charge.timeout: the fault f cuts shop from pay"}},
		{"timeout none, set", func(d *design.Design) {
			(*order(d))[1].Timeout = design.None
			d.Faults[0] = design.Fault{Name: "f", Kind: design.FaultSet, Set: []design.Setting{{Path: "link.default.loss", Value: "5%"}}}
		}, []string{"?service.shop.on.order.call:pay/charge.timeout: the fault f makes"}},
		{"unreached", func(d *design.Design) {
			d.Services[1].Handlers = append(d.Services[1].Handlers, design.Handler{Name: "refund"})
		}, []string{"?service.pay.on.refund: no message ever reaches it"}},
		{"unknown broker", func(d *design.Design) { d.Services[2].Consumes[0].From.Node = "bos" }, []string{
			`service.mail.consumes.bos/mails: no broker "bos" | did you mean bus?`, "?queue.bus/mails: no service consumes it"}},
		{"consume a service", func(d *design.Design) { d.Services[2].Consumes[2].From = design.Target{Node: "pay", Entry: "charge"} }, []string{"service.mail.consumes.pay/charge: pay is a service"}},
		{"consume unknown handler", func(d *design.Design) { d.Services[2].Consumes[0].Handler = "notfy" }, []string{"service.mail.consumes.bus/mails: did you mean notify?"}},
		{"consume twice", func(d *design.Design) { d.Services[2].Consumes[2] = d.Services[2].Consumes[0] }, []string{"service.mail.consumes.bus/mails: consumed twice"}},
		{"subscription of a queue", func(d *design.Design) { d.Services[2].Consumes[0].Subscription = "x" }, []string{"service.mail.consumes.bus/mails/x: bus/mails is a queue"}},
		{"order of queues", func(d *design.Design) {
			d.Services[2].Order, d.Services[2].Consumes[0].Prefetch, d.Services[2].Consumes[1].Weight = design.OrderStrict, design.Unlimited, 2
			d.Services[2].Consumes[1].Prefetch, d.Services[2].Consumes[2].Batch.Max = 3, 2
			d.Brokers[0].Queues[0].Timeout = time.Second
		}, []string{"service.mail.consumes.bus/orders.weight: each queue has its turn", "service.mail.consumes.bus/mails.prefetch: where all there is", "service.mail.consumes.bus/mails: a consumer timeout closes", "service.mail.consumes.bus/orders: bus/mails, the first, says them", "service.mail.consumes.bus/dead.batch: a batch is of one queue"}},
		{"order of one queue", func(d *design.Design) {
			d.Services[2].Order, d.Services[2].Consumes = design.OrderWeighted, d.Services[2].Consumes[:1]
			d.Services[2].Handlers = d.Services[2].Handlers[:1]
		}, []string{"service.mail.consume_order: there is an order between queues", "?queue.bus/orders: the topic has no subscriptions"}},
		{"prefetch", func(d *design.Design) { d.Services[2].Consumes[0].Prefetch = -7 }, []string{"service.mail.consumes.bus/mails.prefetch: negative"}},
		{"consumers", func(d *design.Design) { d.Services[2].Consumes[0].Consumers, d.Services[2].Instances = 1e6, 1000 }, []string{"service.mail.consumes.bus/mails.consumers: most consumers over all queues"}},
	})
}

func TestCheckBrokersLinksFaults(t *testing.T) {
	queue := func(f func(q *design.Queue)) func(*design.Design) {
		return func(d *design.Design) { f(&d.Brokers[0].Queues[0]) }
	}
	fault := func(f design.Fault) func(*design.Design) {
		return func(d *design.Design) { f.Name = "f"; d.Faults = []design.Fault{f} }
	}
	runCases(t, []checkCase{
		{"lost for ever", func(d *design.Design) { d.Default.Loss, d.Default.Retransmit = 1, time.Second }, []string{"?link.default.retransmit: every message is lost and sent again, without end"}},
		{"dead letter unknown", queue(func(q *design.Queue) { q.DeadLetter = "daed" }), []string{"queue.bus/mails.dead_letter: did you mean dead?"}},
		{"own dead letter", queue(func(q *design.Queue) { q.DeadLetter = "mails" }), []string{"?service.mail.on.bury: no message ever reaches", "queue.bus/mails.dead_letter: its own"}},
		{"no dead letter", queue(func(q *design.Queue) { q.DeadLetter, q.Overflow = "", overflow.DeadLetter }), []string{"?service.mail.on.bury: no message ever reaches", "queue.bus/mails.dead_letter: there is none"}},
		{"full for ever", func(d *design.Design) {
			d.Brokers[0].Queues[1].DeadLetter = "mails"
			d.Brokers[0].Queues[0].Overflow, d.Brokers[0].Queues[1].Overflow = overflow.DeadLetter, overflow.DeadLetter
		}, []string{"queue.bus/mails.dead_letter: mails -> dead -> mails"}},
		{"full for ever by what makes room", func(d *design.Design) {
			d.Brokers[0].Queues[1].DeadLetter = "mails"
			d.Brokers[0].Queues[0].Overflow, d.Brokers[0].Queues[1].Overflow = overflow.DropOldest, overflow.DropOldest
		}, []string{"queue.bus/mails.dead_letter: mails -> dead -> mails"}},
		{"length", queue(func(q *design.Queue) { q.MaxLength = -3 }), []string{"queue.bus/mails.max_length: below"}},
		{"unbounded", queue(func(q *design.Queue) { q.MaxLength = design.Unlimited }), []string{"?queue.bus/mails.max_length: unbounded"}},
		{"ttl", queue(func(q *design.Queue) { q.TTL = -9 }), []string{"queue.bus/mails.ttl: negative"}},
		{"await visible", queue(func(q *design.Queue) { q.AwaitVisible = true }), []string{"queue.bus/mails.visibility: there is none"}},
		{"nobody consumes", func(d *design.Design) { d.Brokers[0].Queues = append(d.Brokers[0].Queues, design.Queue{Name: "x"}) }, []string{"?queue.bus/x: no service consumes it"}},
		{"dead letters may stay", func(d *design.Design) {
			d.Services[2].Consumes, d.Services[2].Handlers = d.Services[2].Consumes[:2], d.Services[2].Handlers[:2]
		}, nil},
		{"no subscription", func(d *design.Design) { d.Brokers[0].Topics = append(d.Brokers[0].Topics, design.Topic{Name: "t"}) }, []string{"?queue.bus/t: no subscriptions"}},
		{"unread subscription", func(d *design.Design) { d.Brokers[0].Topics[0].Subscriptions = []design.Queue{{Name: "audit"}} }, []string{"?queue.bus/orders/audit: no service consumes it"}},
		{"link to nowhere", func(d *design.Design) { d.Links[0].To = "pai" }, []string{"link.shop->pai: did you mean pay?"}},
		{"link twice", func(d *design.Design) { d.Links = append(d.Links, d.Links[0]) }, []string{"link.shop->pay: declared twice"}},
		{"link to itself", func(d *design.Design) { d.Links[0].To = "shop" }, []string{"link.shop->shop: to itself"}},
		{"idle link", func(d *design.Design) { d.Links = append(d.Links, design.Link{From: "pay", To: "mail"}) }, []string{"?link.pay->mail: its ends never talk to each other"}},
		{"loss", func(d *design.Design) { d.Links[0].Loss = math.NaN() }, []string{"link.shop->pay.loss: not a finite number"}},
		{"default loss", func(d *design.Design) { d.Default.Loss, d.Default.Retransmit = 1.1, design.None }, []string{
			"?service.shop.on.order.publish:bus/orders: never sent again", "?service.shop.on.order.send:bus/mails: a message shop->bus can be lost",
			"?service.mail.consumes.bus/mails: a place of its prefetch for ever: a message bus->mail can be lost",
			"?service.mail.consumes.bus/orders: bus->mail", "?service.mail.consumes.bus/dead: bus->mail", "link.default.loss: above"}},
		{"fault without node", fault(design.Fault{}), []string{"fault.f: no node"}},
		{"fault of unknown", fault(design.Fault{Node: "shp"}), []string{"fault.f: did you mean shop?"}},
		{"fault of a load", fault(design.Fault{Node: "clerks"}), []string{"fault.f: is a load"}},
		{"slow broker", fault(design.Fault{Node: "bus", Kind: design.FaultSlow, Factor: 2}), []string{"fault.f: does no work"}},
		{"slow by nothing", fault(design.Fault{Node: "pay", Kind: design.FaultSlow}), []string{"fault.f.factor: below"}},
		{"errors", fault(design.Fault{Node: "pay", Kind: design.FaultErrors, Factor: 2}), []string{"fault.f.factor: above"}},
		{"what is published to a broker that crashes", func(d *design.Design) { d.Faults[0].Node = "bus" }, []string{
			"?service.shop.on.order.publish:bus/orders: nobody waits for it: the fault crash stops bus"}},
		{"a cut that a connection outlasts", func(d *design.Design) {
			d.Faults[0] = design.Fault{Name: "cut", Kind: design.FaultCut, Cut: []design.Cut{{From: "shop", To: "bus"}}, HasFor: true, For: draw.Const(14)}
		}, nil},
		{"a cut that ends a connection", func(d *design.Design) {
			d.Faults[0] = design.Fault{Name: "cut", Kind: design.FaultCut, Cut: []design.Cut{{From: "shop", To: "bus"}}, HasFor: true, For: draw.Const(16)}
		}, []string{"?service.shop.on.order.publish:bus/orders: nobody waits for it: the fault cut cuts shop from bus"}},
		{"calls to a dead instance", func(d *design.Design) { d.Services[1].Instances, d.Faults[0].Instance = 2, 1 }, []string{
			"?fault.crash: calls still go to instance 1 of pay while it is down: balancing has no health checks | give the callers a short timeout and a retry, which may reach another instance"}},
		{"and it looks idle", func(d *design.Design) {
			d.Services[1].Instances, d.Services[1].Balance, d.Faults[0].Instance = 2, balance.LeastBusy, 1
		}, []string{"?fault.crash: looks idle: balancing has no health checks | with balance: round-robin a retry may reach another instance"}},
		{"silence of a host", func(d *design.Design) {
			d.Services[1].Instances, d.Faults[0].Instance, d.Faults[0].Kind = 2, 1, design.FaultHostCrash
		}, []string{"?fault.crash: calls still go to instance 1 of pay while it is down"}},
		{"all instances", func(d *design.Design) { d.Services[1].Instances = 2 }, nil},
		{"a consumer's instance", func(d *design.Design) {
			d.Services[2].Instances, d.Faults[0].Node, d.Faults[0].Instance = 2, "mail", 1
		}, nil},
		{"instance", fault(design.Fault{Node: "pay", Instance: 2}), []string{"fault.f: no instance 2"}},
		{"negative time", fault(design.Fault{Node: "pay", At: -1}), []string{"fault.f.at: negative"}},
		{"every and period", fault(design.Fault{Node: "pay", HasEvery: true, Every: draw.Const(1), Period: 1e9, HasFor: true}), []string{"fault.f.every: both"}},
		{"again without end", fault(design.Fault{Node: "pay", Period: 1e9}), []string{"fault.f.for: never ends"}},
		{"always at once", fault(design.Fault{Node: "pay", HasEvery: true, HasFor: true}), []string{"fault.f.every: always 0"}},
		{"overlap", fault(design.Fault{Node: "pay", Period: 1e9, HasFor: true, For: draw.Const(2)}), []string{"fault.f.period: begins again before"}},
		{"cut nothing", fault(design.Fault{Kind: design.FaultCut}), []string{"fault.f: cuts nothing"}},
		{"cut unknown", fault(design.Fault{Kind: design.FaultCut, Cut: []design.Cut{{From: "shop", To: "pya"}}}), []string{"fault.f: did you mean pay?"}},
		{"set nothing", fault(design.Fault{Kind: design.FaultSet}), []string{"fault.f: sets nothing"}},
		{"set", fault(design.Fault{Kind: design.FaultSet, Set: []design.Setting{
			{Path: "service.shop.workrs", Value: "3"}, {Path: "service.shop.workers", Value: "three"}, {Path: "load.shoppers.count", Value: "2"}, {Path: "link.pay->shop.loss", Value: "3%"},
		}}), []string{
			"fault.f.set: no such parameter | did you mean service.shop.workers?",
			`fault.f.set.2: cannot read "three"`, "fault.f.set.3: load.shoppers.count: cannot change while running"}},
		{"unknown fault", fault(design.Fault{Kind: 77}), []string{"fault.f: unknown fault 77"}},
	})
}
