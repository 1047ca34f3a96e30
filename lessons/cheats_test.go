package lessons

import (
	"strings"
	"testing"
)

// TestTasksCannotBeCheated holds that no task is solved by a change beside its
// point, and that every repair which its explanation answers for solves it.
// Each entry is one try: changes of parameters, separated by blanks.
func TestTasksCannotBeCheated(t *testing.T) {
	for _, c := range []struct {
		task            string
		cheats, repairs []string
	}{
		{"telephone-and-email/quicker", []string{
			"service.shop.on.order.work=0s service.pay.on.charge.work=0s service.ship.on.send.work=0s", // nobody works any more
			"service.shop.speed=100 service.pay.speed=100 service.ship.speed=100",
			"service.pay.on.charge.work=0s service.ship.on.send.work=0s",
			"link.shop->pay.latency=10ms", // one hop of three
			"link.buyer->shop.latency=10ms",
			"service.pay.workers=100", // nobody stands in line
		}, []string{
			"link.default.latency=50ms",
			"link.shop->pay.latency=0s link.pay->ship.latency=0s", // all three in one house
		}},
		{"slowest-link/just-enough", []string{
			"service.pay.on.charge.work=100ms service.ship.on.send.work=100ms", // less to do, in place of more hands
			"service.pay.on.charge.work=1ms service.ship.on.send.work=1ms",
			"service.pay.speed=10 service.ship.speed=10",
			"service.pay.workers=5 service.ship.on.send.work=100ms",
			"service.pay.instances=8 service.ship.instances=4", // eight is one too many, under another name
			"service.pay.workers=2 service.pay.instances=3 service.ship.workers=2",
			"service.pay.workers=5",
			"load.buyer.rate=1/s", // fewer orders
		}, []string{
			"service.pay.workers=4 service.ship.workers=2",
			"service.pay.instances=4 service.ship.instances=2",
		}},
		{"waiting-costs-threads/size-it", []string{
			"load.buyer.rate=3/s", // fewer orders
			"service.pay.on.charge.work=1500ms",
			"service.pay.speed=2",
			"link.shop->pay.latency=0s service.pay.on.charge.work=1s",
			"service.shop.workers=15", // the average, without any room
			"service.shop.workers=16",
			"service.shop.workers=30",
			"service.shop.workers=22 load.buyer.rate=4/s",
		}, []string{
			"service.shop.workers=21",
			"service.shop.workers=22",
			"service.shop.workers=23",
		}},
		{"telling-five/quicker", []string{
			"service.shop.on.order.work=0s", // the shop, and not the five
			"service.shop.speed=100",
			"link.shop->stats.latency=10ms", // the hops
			"link.shop->stats.latency=50ms",
			"link.buyer->shop.latency=50ms",
			"link.default.latency=80ms",
			"service.points.on.tell.work=10ms", // not the slowest
			"service.stock.on.tell.work=0s service.bill.on.tell.work=0s service.mail.on.tell.work=0s service.points.on.tell.work=0s",
		}, []string{
			"service.stats.on.tell.work=250ms",
			"service.stats.speed=2",
			"service.stats.on.tell.work=0s service.points.on.tell.work=0s",
		}},
		{"dominoes/timeout", []string{
			"service.pay.on.do.call.timeout=1ms", // no letter is ever written
			"service.pay.on.do.call.timeout=0s",
			"service.pay.on.do.call.timeout=200ms fault.slow-mail.for=0s",
			"service.mail.on.do.work=1ms", // mail itself
			"service.mail.speed=100",
			"service.mail.workers=100",
			"service.mail.instances=50",
			"fault.slow-mail.factor=1", // no bad day
			"fault.slow-mail.for=1s",
			"fault.slow-mail.at=119s",
			"load.buyer.timeout=1h", // buyers who wait for ever
			"service.web.workers=50",
			"load.buyer.rate=0.2/s",
			"service.pay.on.do.call.timeout=20s",
		}, []string{
			"service.pay.on.do.call.timeout=300ms",
			"service.pay.on.do.call.timeout=1s",
		}},
		{"broker-and-queue/enough-cooks", []string{
			"service.kitchen.on.cook.work=250ms", // less to do
			"service.kitchen.speed=2",
			"load.bus.rate=1/s",                   // no rush
			"load.bus.rate=2/s load.bus.stop=60s", // a longer, lower one
			"load.bus.stop=25s",
			"load.guest.rate=0.5/s",
			"service.kitchen.workers=3",
			"service.kitchen.workers=5",
		}, []string{
			"service.kitchen.workers=2",
			"service.kitchen.instances=2", // the same two, under another name
		}},
	} {
		lesson, id, _ := strings.Cut(c.task, "/")
		l := Library().Find(lesson).In(original)
		s := stepWith(l, id)
		a := s.Activities()[0]
		for i, tries := range [][]string{c.cheats, c.repairs} {
			for _, try := range tries {
				want := i == 1
				met, missed := true, "every goal is met"
				for _, g := range goalsIn(a, run(t, l, s.Setup, strings.Fields(try)...)) {
					if !g.Pass {
						met, missed = false, "not met: "+g.Goal.Text.String()
					}
				}
				if met != want {
					t.Errorf("%s: %s: %s", c.task, try, missed)
				}
			}
		}
	}
}

func stepWith(l *Lesson, id string) *Step {
	for i := range l.Steps {
		if l.Steps[i].ID == id {
			return &l.Steps[i]
		}
	}
	return nil
}
