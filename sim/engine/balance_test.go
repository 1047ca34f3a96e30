package engine

import (
	"fmt"
	"math"
	"slices"
	"testing"
	"time"

	"asynclab/sim/design"
	"asynclab/sim/draw"
	"asynclab/sim/mech/balance"
	"asynclab/sim/metric"
)

// "Among n equals one draw chooses the ⌊u·n⌋-th in order of instance"
// (SEMANTICS, Balancing): exactly that one, and each equally often.
func TestLeastBusyAmongEquals(t *testing.T) {
	s := service("s", work(milli))
	s.Instances, s.Balance = 6, balance.LeastBusy
	front := service("front", work(milli)) // so that the instances of s are not the first
	d := &design.Design{Loads: []design.Load{at("l", design.Target{Node: "s", Entry: "do"}, 0)}, Services: []design.Service{front, s}}
	r := start(t, d, Config{Seed: 3})
	si := int32(1)
	inst0 := r.prog.services[si].inst0
	key := draw.NewKey(3, 0, "service/s", "balance")
	o := r.ops.take()
	const rounds = 40_000
	for _, c := range []struct {
		tasks  []int32
		equals []int32 // the instances with the fewest, in their order
	}{
		{[]int32{0, 0, 0, 0, 0, 0}, []int32{0, 1, 2, 3, 4, 5}},
		{[]int32{2, 1, 3, 1, 1, 2}, []int32{1, 3, 4}},
		{[]int32{5, 4, 4, 5, 5, 5}, []int32{1, 2}},
		{[]int32{3, 3, 3, 3, 3, 2}, []int32{5}},
		{[]int32{1, 2, 2, 2, 2, 1}, []int32{0, 5}},
	} {
		for i, n := range c.tasks {
			in := &r.instances[inst0+int32(i)]
			r.outstanding(in, 0, n-r.rank[in.rank].tasks)
		}
		chosen := map[int32]int{}
		n := float64(len(c.equals))
		for k := range uint64(rounds) {
			id := draw.Operation(99, k)
			r.ops.at(o).id = id
			got := r.pick(&task{service: si, op: o, occ: k}, 0) - inst0
			u := key.UniformOf(id, draw.Mix(k, 0))
			if want := c.equals[int(u*n)]; got != want {
				t.Fatalf("tasks %v, u = %v: instance %d, want %d", c.tasks, u, got, want)
			}
			chosen[got]++
		}
		expected := rounds / n
		for _, i := range c.equals {
			if diff := math.Abs(float64(chosen[i]) - expected); diff > 5*math.Sqrt(expected) {
				t.Errorf("tasks %v: instance %d was chosen %d times of %d, want about %.0f", c.tasks, i, chosen[i], rounds, expected)
			}
		}
	}
}

// A request goes where its attribute says, at every attempt: a number k to instance
// k mod n, a word to that of its hash.
func TestStickyReadsTheAttribute(t *testing.T) {
	d := &design.Design{Loads: []design.Load{at("l", design.Target{Node: "s", Entry: "do"}, 0)}, Services: []design.Service{service("s", work(milli))}}
	d.Loads[0].Attributes = []design.Attribute{
		{Name: "customer", Dist: draw.Must(draw.Parse("integer(0, 99)", draw.None, nil))},
		{Name: "who", Dist: draw.Must(draw.DiscreteDist([]float64{0, 1}, []float64{1, 3})), Words: []string{"ann", "carol"}},
	}
	s := &d.Services[0]
	s.Instances, s.Balance, s.Key = 7, balance.Sticky, "customer"
	for _, key := range []string{"customer", "who"} {
		s.Key = key
		r := start(t, d, Config{Seed: 3})
		o := r.ops.take()
		seen := map[int32]int{}
		for k := range uint64(4000) {
			r.ops.at(o).id, r.ops.at(o).load = draw.Operation(99, k), 0
			v, ok := r.attribute(o, 0, r.prog.services[0].key-1)
			got := r.pick(&task{service: 0, op: o, occ: k}, 0)
			want := int32(v) % 7
			if key == "who" {
				want = int32(draw.HashString(d.Loads[0].Attributes[1].Words[int(v)]) % 7)
			}
			if !ok || got != want {
				t.Fatalf("%s %v goes to %d, want %d", key, v, got, want)
			}
			seen[got]++
		}
		if key == "customer" && len(seen) != 7 || key == "who" && len(seen) != 2 {
			t.Errorf("by %s: %v", key, seen)
		}
	}
}

// A peer asks every other instance equally often, and never itself: one of several that
// are left, unless no other is in.
func TestPeersAskOthers(t *testing.T) {
	s := service("s", design.Step{Op: design.Send, To: design.Target{Node: "s", Entry: "hear"}})
	s.Instances, s.Balance = 5, balance.Others
	s.Handlers = append(s.Handlers, design.Handler{Name: "hear"})
	r := start(t, &design.Design{Loads: []design.Load{at("l", design.Target{Node: "s", Entry: "do"}, 0)}, Services: []design.Service{s}}, Config{Seed: 3})
	site := int32(slices.IndexFunc(r.prog.sites, func(s site) bool { return s.peer }))
	o := r.ops.take()
	draw5 := func(by int32) (chosen [5]int) {
		for k := range uint64(20_000) {
			r.ops.at(o).id = draw.Operation(99, k)
			chosen[r.pick(&task{service: 0, op: o, occ: k, site: site, call: none, consumer: by}, 0)]++
		}
		return chosen
	}
	for by := range int32(5) {
		for i, n := range draw5(by) {
			switch {
			case int32(i) == by && n > 0:
				t.Errorf("instance %d asks itself %d times", by, n)
			case int32(i) != by && math.Abs(float64(n)-5000) > 5*math.Sqrt(5000):
				t.Errorf("instance %d asks %d %d times of 20000, want about 5000", by, i, n)
			}
		}
	}
	for i := range int32(4) {
		r.leaveOut(i, outAway, true)
	}
	if got := draw5(4); got[4] != 20_000 {
		t.Errorf("the only one that is in asks %v", got)
	}
	r.leaveOut(1, outAway, false)
	if got := draw5(4); got[1] != 20_000 {
		t.Errorf("where one other is in, %v are asked", got)
	}
}

// What was not answered in time is not outstanding (SEMANTICS, Balancing): to a balancer that
// counts tasks, an instance that hangs looks as idle as the other when the next request
// comes. Half of them go there; a balancer that saw its tasks would send one.
func TestGivenUpIsNotOutstanding(t *testing.T) {
	for _, policy := range []*balance.Policy{balance.LeastBusy, balance.TwoChoices} {
		for latency, timeout := range map[float64]time.Duration{0: 50 * time.Millisecond, 0.03: 90 * time.Millisecond} {
			s := service("s", work(10*milli))
			s.Instances, s.Workers, s.Room, s.Balance = 2, 1, design.Unlimited, policy
			l := at("l", design.Target{Node: "s", Entry: "do"}, 0)
			l.Arrivals = design.Arrivals{Kind: design.Regular, Rate: 10}
			l.Timeout, l.Deadline = timeout, design.None
			d := &design.Design{Loads: []design.Load{l}, Services: []design.Service{s}, Default: design.LinkParams{Latency: draw.Const(latency)},
				Faults: []design.Fault{{Name: "hung", Kind: design.FaultHang, Node: "s", Instance: 2}}}
			r := start(t, d, Config{Seed: 7, Duration: 1000 * time.Second})
			r.Advance(never, 0)
			if err := r.Audit(); err != nil {
				t.Fatal(err)
			}
			const n = 10_000
			failed := float64(r.rec.Count(r.prog.loads[0].m.c + metric.LoadFailed))
			if diff := math.Abs(failed - n/2); diff > 4*math.Sqrt(n)/2 {
				t.Errorf("%s, latency %v: %v of %d requests were not answered, want half", policy.Word, latency, failed, n)
			}
		}
	}
}

// A balancer knows the requests of its own caller only (SEMANTICS, Balancing): each caller
// sends one request to the instance that does not answer, at one of its first, and no other.
func TestEachCallerKnowsItsOwn(t *testing.T) {
	hung := []design.Fault{{Name: "hung", Kind: design.FaultHang, Node: "s", Instance: 1}}
	for _, policy := range []*balance.Policy{balance.LeastBusy, balance.TwoChoices} {
		s := service("s", work(milli))
		s.Instances, s.Workers, s.Room, s.Balance = 2, 1, design.Unlimited, policy
		front := service("front", calling("s"))
		front.Instances, front.Workers = 3, 100
		front.Handlers[0].Steps[0].Timeout = design.None
		var loads []design.Load
		for _, to := range []string{"s", "s", "front"} {
			l := at(fmt.Sprint("l", len(loads)), design.Target{Node: to, Entry: "do"}, 0)
			l.Arrivals = design.Arrivals{Kind: design.Regular, Rate: 100}
			l.Start = time.Duration(len(loads)) * 3 * time.Millisecond
			l.Timeout, l.Deadline = design.None, design.None
			loads = append(loads, l)
		}
		d := &design.Design{Loads: loads, Services: []design.Service{s, front}, Faults: hung}
		r := start(t, d, Config{Seed: 7, Duration: 10 * time.Second})
		r.Advance(never, 0)
		if err := r.Audit(); err != nil {
			t.Fatal(err)
		}
		for i, want := range []int64{1, 1, 3} { // the three instances of front are callers each
			if open := r.loads[i].open; open != want {
				t.Errorf("%s: %d requests of load %d stand still, want %d", policy.Word, open, i, want)
			}
		}
	}
}

// The trees of all services together are bounded, whatever a file says: the callers of the
// services for which there is no room share one.
func TestRanksAreBounded(t *testing.T) {
	d := &design.Design{Loads: []design.Load{at("l", design.Target{Node: "s0", Entry: "do"}, 0)}}
	const services = 12
	for i := range services {
		s := service(fmt.Sprint("s", i), work(milli))
		if i+1 < services {
			s.Handlers[0].Steps = []design.Step{calling(fmt.Sprint("s", i+1))}
		}
		s.Instances, s.Balance = 1000, balance.LeastBusy
		d.Services = append(d.Services, s)
	}
	r := start(t, d, Config{Seed: 1})
	if n := len(r.rank); n > maxRanks+services*2*1024 || n < maxRanks/2 {
		t.Errorf("%d nodes, the most is %d", n, maxRanks)
	}
	if first, last := r.services[1].callers, r.services[services-1].callers; first != 1000 || last != 1 {
		t.Errorf("%d and %d trees, want one for each of 1,000 callers, and one for all", first, last)
	}
}
