package engine

import (
	"testing"
	"time"

	"asynclab/sim/design"
)

// kept is a log of n partitions that keeps its messages.
func kept(n int, key string, k design.Retention) []design.Broker {
	all := logBus(n, key, design.Group{})
	all[0].Topics[0].Keep = k
	return all
}

// A log keeps its messages whoever has had them. Of one every 10 ms for 2 s, those of the
// last 500 ms are kept by age, or as many as there is room for: 50. A group that nobody
// consumes for has expired what is deleted.
func TestRetention(t *testing.T) {
	for _, c := range []struct {
		keep    design.Retention
		records float64
	}{{design.Retention{For: 495 * milli}, 50}, {design.Retention{Size: 50_000}, 50}, {design.Retention{For: design.None}, 200}, {design.Retention{For: 495 * milli, Size: 20_500}, 20}} {
		idle := logEater("idle", design.Consume{Stopped: true}, work(milli))
		d := &design.Design{
			Loads: []design.Load{burst(200, 10*milli)}, Services: []design.Service{logEater("s", design.Consume{}, work(milli)), idle}, Brokers: kept(1, "", c.keep),
		}
		r := start(t, d, Config{Duration: 1995 * milli})
		for r.Step() {
			if err := r.Audit(); err != nil {
				t.Fatal(err)
			}
		}
		wants{"retention.bus/t.appended": 200, "retention.bus/t.records.final": c.records, "retention.bus/t.bytes.final": 1000 * c.records, "retention.bus/t.deleted": 200 - c.records,
			"queue.bus/t/idle.expired": 200 - c.records, "queue.bus/t/idle.lag.final": c.records, "queue.bus/t/s.acked": 200, "load.l.completed": 200}.check(t, r)
	}
}

// What is beyond a limit that is narrower goes at once; a wider one keeps more from then
// on. Of one message of 1 kB every 10 ms, 100 are kept at 1 s, 20 of them from the moment
// on at which the limit is 200 ms or 20 kB, and all that come after that at which there is
// none.
func TestKeepByHand(t *testing.T) {
	for _, c := range []struct {
		path, narrow, none string
		keep               design.Retention
	}{
		{"queue.bus/t.keep.for", "200ms", "none", design.Retention{For: design.None}},
		{"queue.bus/t.keep.size", "20kB", "unlimited", design.Retention{Size: 1e6}},
	} {
		d := &design.Design{Loads: []design.Load{burst(200, 10*milli)}, Services: []design.Service{logEater("s", design.Consume{}, work(milli))}, Brokers: kept(1, "", c.keep)}
		r := start(t, d, Config{Duration: 1995 * milli, Changes: []design.Change{{At: 995 * milli, Path: c.path, Value: c.narrow}, {At: 1495 * milli, Path: c.path, Value: c.none}}})
		for _, at := range []struct {
			time    time.Duration
			records int64
		}{{994 * milli, 100}, {996 * milli, 20}, {1494 * milli, 20}, {1994 * milli, 70}} {
			r.Advance(int64(at.time), 0)
			if err := r.Audit(); err != nil {
				t.Fatal(err)
			}
			if got := r.logs[0].records; int64(got) != at.records {
				t.Errorf("%s, at %v: %d records are kept, want %d", c.path, at.time, got, at.records)
			}
		}
		r.Advance(never, 0)
		wants{"retention.bus/t.deleted": 130, "load.l.completed": 200}.check(t, r)
	}
}

// A replay hands over again what is still there, from a place: of 100 messages, one every
// 10 ms, those from the beginning (100), from 500 ms on (50), from offset 80 on (20), or of
// those of the last 300 ms that are kept (30). A jump to the end costs a group that has
// fallen behind what it had not read.
func TestReplay(t *testing.T) {
	for _, c := range []struct {
		keep  time.Duration
		to    design.LogPlace
		again float64
	}{
		{design.None, design.LogPlace{}, 100}, {design.None, design.LogPlace{Time: 500 * milli}, 50}, {design.None, design.LogPlace{Offset: 80}, 20},
		{1305 * milli, design.LogPlace{}, 30}, {1305 * milli, design.LogPlace{Time: 300 * milli}, 30}, {design.None, design.LogPlace{Now: true}, 0},
	} {
		d := &design.Design{
			Loads: []design.Load{burst(100, 10*milli)}, Services: []design.Service{logEater("s", design.Consume{}, work(milli)), logEater("o", design.Consume{}, work(milli))},
			Brokers: kept(1, "", design.Retention{For: c.keep}),
		}
		sub := d.Brokers[0].Topics[0].Template
		sub.Name, sub.Replay = "s", design.Replay{At: 2 * time.Second, To: c.to}
		d.Brokers[0].Topics[0].Subscriptions = []design.Queue{sub}
		r := start(t, d, Config{Duration: 3 * time.Second})
		for r.Step() {
			if err := r.Audit(); err != nil {
				t.Fatal(err)
			}
		}
		wants{"group.bus/t/s.replayed": c.again, "queue.bus/t/s.published": 100 + c.again, "queue.bus/t/s.acked": 100 + c.again, "service.s.completed": 100 + c.again,
			"service.o.completed": 100, "load.l.completed": 100, "queue.bus/t/s.lag.final": 0}.check(t, r)
	}
}

// A group that begins now has nothing of what was published before its first member came,
// at 505 ms; one that begins at the start has it all. The second has lost its place, too:
// of its lag at 1 s, 49 or 100 messages, those of the last 205 ms are kept.
func TestWhereAGroupBegins(t *testing.T) {
	for now, done := range map[bool]float64{false: 100, true: 49} {
		late := logEater("s", design.Consume{Stopped: true}, work(milli))
		d := &design.Design{Loads: []design.Load{burst(100, 10*milli)}, Services: []design.Service{late}, Brokers: logBus(2, "", design.Group{Begin: design.LogPlace{Now: now}})}
		r := start(t, d, Config{Duration: 3 * time.Second, Changes: []design.Change{{At: 505 * milli, Path: "service.s.consumes.bus/t.prefetch", Value: "1"}}})
		r.Advance(never, 0)
		wants{"queue.bus/t/s.published": done, "service.s.completed": done, "queue.bus/t/s.lag.final": 0}.check(t, r)
	}
	for now, done := range map[bool]float64{false: 60, true: 40} { // 20 of 80 are still there when it comes back, and 40 come then; or only these
		s := logEater("s", design.Consume{}, work(milli))
		d := &design.Design{Loads: []design.Load{burst(120, 10*milli)}, Services: []design.Service{s}, Brokers: kept(1, "", design.Retention{For: 195 * milli})}
		d.Brokers[0].Topics[0].Template.Group.Begin.Now = now
		r := start(t, d, Config{Duration: 3 * time.Second, Changes: []design.Change{
			{At: 0, Path: "service.s.consumes.bus/t.prefetch", Value: "0"}, {At: 795 * milli, Path: "service.s.consumes.bus/t.prefetch", Value: "1"}}})
		r.Advance(never, 0)
		wants{"service.s.completed": done, "queue.bus/t/s.expired": 120 - done}.check(t, r)
	}
}

// Two groups on one log, the second of which begins at a place. Message i of 100 is
// published at i times 10 ms, the even ones to partition 0 and the odd ones to partition 1,
// so that message i has offset i/2 (rounded down) there. From 510 ms on they are 52, 54 …
// 98 (24) and 51, 53 … 99 (25), and 1 ns later there are 24 and 24; from offset 30 on they
// are 20 and 20. That is the same for a group whose first member comes at 800 ms. Where
// messages are deleted after 195 ms it has missed 51 to 60, or of those from offset 30 on
// number 60 alone. No message is at a place beyond the last.
func TestAGroupBeginsAtAPlace(t *testing.T) {
	for _, c := range []struct {
		keep            design.Retention
		begin           design.LogPlace
		late            bool
		even, odd, lost float64
	}{
		{begin: design.LogPlace{Time: 510 * milli}, even: 24, odd: 25},
		{begin: design.LogPlace{Time: 510*milli + 1}, even: 24, odd: 24},
		{begin: design.LogPlace{Offset: 30}, even: 20, odd: 20},
		{begin: design.LogPlace{Time: 510 * milli}, late: true, even: 24, odd: 25},
		{begin: design.LogPlace{Offset: 30}, late: true, even: 20, odd: 20},
		{keep: design.Retention{For: 195 * milli}, begin: design.LogPlace{Time: 510 * milli}, late: true, even: 24, odd: 25, lost: 10},
		{keep: design.Retention{For: 195 * milli}, begin: design.LogPlace{Offset: 30}, late: true, even: 20, odd: 20, lost: 1},
		{begin: design.LogPlace{Time: 991 * milli}}, {begin: design.LogPlace{Offset: 50}}, {begin: design.LogPlace{Offset: 49}, even: 1, odd: 1},
	} {
		d := &design.Design{
			Loads: []design.Load{burst(100, 10*milli)}, Services: []design.Service{logEater("s", design.Consume{Stopped: c.late}, work(milli)), logEater("o", design.Consume{}, work(milli))},
			Brokers: kept(2, "", c.keep),
		}
		sub := d.Brokers[0].Topics[0].Template
		sub.Name, sub.Group.Begin = "s", c.begin
		d.Brokers[0].Topics[0].Subscriptions = []design.Queue{sub}
		cfg := Config{Duration: 3 * time.Second}
		if c.late {
			cfg.Changes = []design.Change{{At: 800 * milli, Path: "service.s.consumes.bus/t.prefetch", Value: "1"}}
		}
		r := start(t, d, cfg)
		for r.Step() {
			if err := r.Audit(); err != nil {
				t.Fatal(err)
			}
		}
		all := c.even + c.odd
		wants{"queue.bus/t/s/0.published": c.even, "queue.bus/t/s/1.published": c.odd, "queue.bus/t/s.expired": c.lost, "service.s.completed": all - c.lost,
			"load.l.completed": all - c.lost, "queue.bus/t/s.lag.final": 0, "service.o.completed": 100}.check(t, r)
		if t.Failed() {
			t.Fatalf("%+v", c)
		}
	}
}

// A replay is stronger than the place at which a group begins: with that at offset 80, a
// replay at 505 ms hands over all 51 that there are, and then whatever comes.
func TestAReplayBeforeAGroupBegins(t *testing.T) {
	d := &design.Design{
		Loads: []design.Load{burst(100, 10*milli)}, Services: []design.Service{logEater("s", design.Consume{}, work(milli))},
		Brokers: kept(1, "", design.Retention{For: design.None}),
	}
	q := &d.Brokers[0].Topics[0].Template
	q.Group.Begin.Offset, q.Replay.At = 80, 505*milli
	wants{"group.bus/t/s.replayed": 51, "service.s.completed": 100, "queue.bus/t/s.lag.final": 0}.check(t, corner(t, d))
}

// Compaction leaves the newest message of each key: of 1,000 messages with ten keys, ten
// in all, and what came since the last interval. A group that was away gets only these.
func TestCompaction(t *testing.T) {
	idle := logEater("idle", design.Consume{Stopped: true}, work(milli))
	l := burst(1000, milli)
	l.Attributes = numbers("customer", "integer(0, 9)")
	d := &design.Design{Loads: []design.Load{l}, Services: []design.Service{logEater("s", design.Consume{}, work(milli/10)), idle}, Brokers: kept(3, "customer", design.Retention{Compact: 100 * milli})}
	r := start(t, d, Config{Duration: 2 * time.Second, Changes: []design.Change{{At: 1500 * milli, Path: "service.idle.consumes.bus/t.prefetch", Value: "3"}}})
	for n := 0; r.Step(); n++ {
		if n%50 == 0 {
			if err := r.Audit(); err != nil {
				t.Fatal(err)
			}
		}
	}
	wants{"retention.bus/t.records.final": 10, "retention.bus/t.records.max": 110, "retention.bus/t.compacted": 990, "service.s.completed": 1000, "service.idle.completed": 10,
		"queue.bus/t/idle.expired": 990, "queue.bus/t/idle.acked": 10, "queue.bus/t/idle.lag.final": 0}.check(t, r)
}

// A log is empty once its only record was superseded by one that a crash loses: a replay
// from its start finds nothing. The first is on disk at 50 ms and goes at 80 ms, since the
// second has come at 70 ms, which is on disk only at 100 ms.
func TestNothingIsLeftToReplay(t *testing.T) {
	l := burst(2, 70*milli)
	l.Attributes = numbers("customer", "7")
	d := &design.Design{Loads: []design.Load{l}, Services: []design.Service{logEater("s", design.Consume{}, work(milli))}, Brokers: kept(1, "customer", design.Retention{Compact: 10 * milli})}
	d.Faults = []design.Fault{crashed("bus", 90*milli, 5*milli)}
	sub := &d.Brokers[0].Topics[0].Template
	sub.Flush = design.Flush{Every: 50 * milli, Received: true}
	sub.Replay = design.Replay{At: 400 * milli}
	r := start(t, d, Config{Duration: 3 * time.Second})
	for r.Step() {
		if err := r.Audit(); err != nil {
			t.Fatal(err)
		}
	}
	wants{"retention.bus/t.compacted": 1, "retention.bus/t.records.final": 0, "group.bus/t/s.replayed": 0, "service.s.completed": 2}.check(t, r)
}

// A log of many keys that is compacted all the time is compacted within a bound of work.
func TestCompactionIsBounded(t *testing.T) {
	const n = 20_000
	l := burst(n, milli)
	l.Attributes = numbers("id", "integer(0, 1000000000)")
	d := &design.Design{Loads: []design.Load{l}, Services: []design.Service{logEater("s", design.Consume{}, work(0))}, Brokers: kept(1, "id", design.Retention{Compact: milli})}
	r := start(t, d, Config{Duration: 30 * time.Second})
	r.Advance(never, 0)
	if most := freeCleans + eventCleans*r.Events(); r.cleaned == 0 || r.cleaned > most {
		t.Errorf("%d records were looked at, at most %d", r.cleaned, most)
	}
	if err := r.Audit(); err != nil {
		t.Error(err)
	}
}
