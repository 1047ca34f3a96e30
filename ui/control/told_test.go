package control

import (
	"context"
	"strings"
	"testing"
	"time"

	"asynclab/scenarios"
	"asynclab/sim/design"
	"asynclab/sim/engine"
)

// crash is a fault as a person injects it.
func fault(t *testing.T, text string) design.Fault {
	t.Helper()
	f, err := design.ParseFault(text)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func TestChangesAreAHistory(t *testing.T) {
	s := open(t, "order-flow", Options{})
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	s.Advance(time.Minute, 0)
	must(s.Set(-1, "service.pay.workers", "3"))
	must(s.Set(-1, "service.pay.workers", "2")) // the same slider at the same time
	s.Advance(2*time.Minute, 0)
	must(s.Inject(1, fault(t, "crash stock")))
	s.Advance(3*time.Minute, 0)
	if got := s.Changes(); len(got) != 2 || got[0].Value != "2" || got[0].At != time.Minute+1 || got[1].Lane != 1 {
		t.Fatalf("%v", got)
	}
	with := state(s)
	must(s.JumpTo(90 * time.Second))
	must(s.Set(0, "service.shop.workers", "5"))
	if got := s.Changes(); len(got) != 2 || got[1].Path != "service.shop.workers" {
		t.Fatalf("what was to come is not forgotten: %v", got)
	}
	if s.Reached() != 90*time.Second {
		t.Errorf("reached %v of a run that nobody has seen", s.Reached())
	}
	must(s.Undo())
	if got := s.Changes(); len(got) != 2 || got[1].Path != "inject" {
		t.Fatalf("what was forgotten does not come back: %v", got)
	}
	s.Advance(3*time.Minute, 0)
	if got := state(s); got[0] != with[0] || got[1] != with[1] {
		t.Error("the run is another than before")
	}
	must(s.Undo())
	must(s.Undo())
	if b := s.Board(nil, nil, 0, ""); len(b.Changes) != 0 || b.CanUndo || !b.CanRedo {
		t.Errorf("%v, undo %v, redo %v", b.Changes, b.CanUndo, b.CanRedo)
	}
	if got := s.Now(); got != 3*time.Minute {
		t.Errorf("undone, it is %v", got)
	}
	if err := s.Set(-1, "service.pay.colour", "red"); err == nil {
		t.Error("a parameter that does not exist was set")
	}
	if err := s.Set(-1, "service.pay.workers", "many"); err == nil || s.now != int64(3*time.Minute) {
		t.Error("a value that is none was set")
	}
}

// What is saved and opened again is the same run.
func TestSaved(t *testing.T) {
	s := open(t, "order-flow", Options{Length: 5 * time.Minute})
	s.Advance(time.Minute, 0)
	for _, err := range []error{s.Set(-1, "load.shoppers.rate", "70/s"), s.Inject(2, fault(t, "slow stock factor=4 for=10s"))} {
		if err != nil {
			t.Fatal(err)
		}
	}
	s.Advance(2*time.Minute, 0)
	text, err := s.SaveText()
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(text, "what the three designs share is written once") {
		t.Error("the comments are gone")
	}
	sc, err := scenarios.Parse(nil, "again.yaml", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	again, err := Open(sc, nil, Options{Length: 5 * time.Minute})
	if err != nil {
		t.Fatal(err)
	}
	again.Advance(2*time.Minute, 0)
	for i, fp := range state(s) {
		if again.Fingerprint(i) != fp {
			t.Errorf("lane %d is another run", i)
		}
	}
	if got := again.Changes(); len(got) != 2 || got[0].Lane != -1 || got[1].Lane != 2 {
		t.Errorf("%v", got)
	}
}

func TestStory(t *testing.T) {
	s := open(t, "order-flow", Options{}, 0, 1)
	s.Advance(5*time.Minute, 0)
	before := state(s)
	p := s.Board(nil, nil, 0, "").Lanes
	for lane, op := range []uint64{p[0].Picks.Failed, p[1].Picks.Slowest} {
		st, err := s.Story(lane, op)
		if err != nil {
			t.Fatal(err)
		}
		kinds := map[engine.RecordKind]int{}
		last := int64(0)
		for _, e := range st.Entries {
			kinds[e.Kind]++
			if e.Op != op || e.Time < last || e.Lane != lane {
				t.Fatalf("%+v after %d", e, last)
			}
			last = e.Time
		}
		if st.Load != "shoppers" || kinds[engine.OpArrived] != 1 || kinds[engine.MsgSent] == 0 || kinds[engine.OpFailed]+kinds[engine.OpConfirmed] != 1 {
			t.Errorf("lane %d: %+v", lane, kinds)
		}
	}
	// One that nobody remembers is found too.
	old := s.lanes[0]
	first := uint64(0)
	probe := open(t, "order-flow", Options{}, 0)
	probe.Advance(time.Second, 0)
	first = probe.lanes[0].watch.ended.at(0).op
	if _, known := old.watch.arrival(first); known {
		t.Fatal("the first operation of five minutes is still remembered")
	}
	if st, err := s.Story(0, first); err != nil || st.Arrived > time.Second {
		t.Errorf("%v %v", st.Arrived, err)
	}
	if _, err := s.Story(0, 12345); err == nil {
		t.Error("there is a story of an operation that never was")
	}
	if got := state(s); got[0] != before[0] || got[1] != before[1] {
		t.Error("a story changes the run")
	}
}

func TestMarks(t *testing.T) {
	s := open(t, "order-flow", Options{})
	check := func(planned bool) {
		t.Helper()
		b := s.Board(nil, nil, 0, "")
		if len(b.Marks) != 1 || b.Marks[0].Lane != -1 || b.Marks[0].From != 4*time.Minute || b.Marks[0].To != 270*time.Second || b.Marks[0].Planned != planned {
			t.Errorf("at %v: %+v", s.Now(), b.Marks)
		}
	}
	check(true)
	s.NextFault()
	if s.Now() != 4*time.Minute {
		t.Errorf("the fault is at %v", s.Now())
	}
	s.Advance(4*time.Minute+time.Second, 0)
	check(false) // when it will be over is known while it lasts
	s.Advance(5*time.Minute, 0)
	check(false)
	if err := s.JumpTo(time.Minute); err != nil {
		t.Fatal(err)
	}
	check(true)
	if err := s.Inject(1, fault(t, "crash stock for=5s")); err != nil {
		t.Fatal(err)
	}
	s.Advance(2*time.Minute, 0)
	b := s.Board(nil, nil, 0, "")
	if len(b.Marks) != 2 || b.Marks[0].Name != "crash-stock" || !b.Marks[0].ByHand || b.Marks[0].Lane != 1 || b.Marks[0].To != time.Minute+1+5*time.Second {
		t.Errorf("%+v", b.Marks)
	}
	if err := s.JumpTo(0); err != nil {
		t.Fatal(err)
	}
	if again := s.Board(nil, nil, 0, "").Marks; len(again) != 2 || again[0].Name != "crash-stock" || !again[0].Planned {
		t.Errorf("before it, the timeline does not know it: %+v", again)
	}
	if f := b.Lanes[1].Fault; len(f) != 2 || f[1].Active || !f[1].ByHand {
		t.Errorf("%+v", f)
	}
}

func TestElements(t *testing.T) {
	s := open(t, "order-flow", Options{}, 1)
	s.Advance(10*time.Second, 0)
	for element, want := range map[string][2]string{
		"shoppers":            {"load.shoppers.offered", "load.shoppers.rate"},
		"pay":                 {"service.pay.utilization", "service.pay.on.charge.work"},
		"bus":                 {"queue.bus/paid.depth.mean", "queue.bus/paid.max_length"},
		"bus/placed":          {"queue.bus/placed/pay.depth.mean", "queue.bus/placed/pay.max_length"},
		"bus/placed/pay":      {"queue.bus/placed/pay.depth.mean", "queue.bus/placed/pay.max_length"},
		"shoppers->shop":      {"link.shoppers->shop.sent", "link.shoppers->shop.latency"},
		"shop->bus/placed":    {"link.shop->bus.sent", "link.shop->bus.latency"},
		"bus/placed/pay->pay": {"link.bus->pay.sent", "link.bus->pay.latency"},
		"nobody":              {},
	} {
		reading, param := want[0] == "", want[1] == ""
		for _, r := range s.Readings(0, element) {
			reading = reading || r.Name == want[0]
			if r.Ref.Doc == "" {
				t.Errorf("%s has no explanation", r.Name)
			}
		}
		for _, p := range s.Params(0, element) {
			param = param || p.Path == want[1]
			if p.Text == "" || p.Text != p.Initial {
				t.Errorf("%+v", p)
			}
		}
		if !reading || !param {
			t.Errorf("%s: %s is there: %v, %s: %v", element, want[0], reading, want[1], param)
		}
	}
}

func TestJudge(t *testing.T) {
	s := open(t, "order-flow", Options{})
	s.Advance(s.Length(), 0)
	var lines []string
	for _, e := range s.sc.Expect {
		lines = append(lines, e.Text)
	}
	for _, v := range s.Judge(lines) {
		if !v.Pass {
			t.Errorf("%s: %s", v.Text, v.Detail)
		}
	}
	for _, line := range []string{"chain: load.shoppers", "other: run.events > 1", "run.events > 1", "broker: load.shoppers.failed > 5"} {
		if v := s.Judge([]string{line}); v[0].Pass || v[0].Detail == "" {
			t.Errorf("%s: %+v", line, v)
		}
	}
}

func TestReplication(t *testing.T) {
	s := open(t, "order-flow", Options{Length: 20 * time.Second}, 0, 2)
	s.Advance(time.Second, 0)
	if err := s.Inject(0, fault(t, "crash pay")); err != nil {
		t.Fatal(err)
	}
	r, err := s.replication(2)(context.Background(), nil)
	if err != nil || len(r.Designs) != 2 || r.Replications != 2 {
		t.Fatalf("%+v, %v", r, err)
	}
	broken, _ := r.Designs[0].Metric("load.shoppers.completed.ratio")
	well, _ := r.Designs[1].Metric("load.shoppers.completed.ratio")
	if broken.Mean > 0.2 || well.Mean < 0.9 {
		t.Errorf("completed: %v without pay, %v with it", broken.Mean, well.Mean)
	}
}

func TestLength(t *testing.T) {
	sc := load(t, "order-flow")
	if got := Length(sc); got != 10*time.Minute {
		t.Errorf("ten minutes are %v", got)
	}
	sc.Run.Duration, sc.Run.Completions = 0, 5_000
	if got := Length(sc); got != 160*time.Second { // the warm-up of a minute, and 5,000 at 50 a second
		t.Errorf("5,000 completions take %v", got)
	}
}

// The log is in order, and what matters is in it although much came after.
func TestLog(t *testing.T) {
	s := open(t, "order-flow", Options{})
	s.Advance(5*time.Minute, 0)
	if err := s.JumpTo(time.Duration(s.saves[len(s.saves)-1].time)); err != nil {
		t.Fatal(err)
	}
	log := s.Board(nil, nil, 0, "").Log
	last, faults, lanes := int64(0), 0, map[int]int{}
	for _, e := range log {
		if e.Time < last {
			t.Fatalf("%+v comes after %d", e, last)
		}
		last = e.Time
		lanes[e.Lane]++
		if e.Kind == engine.FaultEnded && e.FaultName != "" {
			faults++
		}
	}
	if len(log) < logLines || len(log) > logLines+keptNotable || faults != 3 || len(lanes) != 3 {
		t.Errorf("%d lines, %d ends of the crash, lanes %v", len(log), faults, lanes)
	}
}

// A burst in one lane leaves the other ahead of the time that both have reached: an
// operation that arrived there has its story too.
func TestStoryOfALaneAhead(t *testing.T) {
	sc, err := scenarios.Parse(nil, "x.yaml", []byte(`version: 1
name: x
run: {duration: 10s}
services: {s: {workers: 4, on: {do: [work: 1ms]}}}
links: {default: {latency: 1ms}}
designs:
  even: {load: {l: {to: s/do, arrivals: poisson(100/s)}}}
  burst: {load: {l: {to: s/do, arrivals: "poisson(bursts(base=100/s, peak=100000/s, for=1s, every=2s, at=1s))"}}}
`))
	if err != nil {
		t.Fatal(err)
	}
	s, err := Open(sc, nil, Options{})
	if err != nil {
		t.Fatal(err)
	}
	ahead := 0
	for range 100 {
		s.Advance(10*time.Second, 100)
		l := s.lanes[0]
		op := l.watch.picks.last.op
		if at, ok := l.watch.arrival(op); !ok || at <= s.now {
			continue
		}
		ahead++
		if st, err := s.Story(0, op); err != nil || len(st.Entries) == 0 || st.Arrived <= s.Now() {
			t.Fatalf("at %v the story of %x in a lane at %v: %+v, %v", s.Now(), op, time.Duration(l.run.Now()), st, err)
		}
	}
	if ahead == 0 {
		t.Error("the lane was never ahead with an operation of its own")
	}
}
