package engine

import (
	"fmt"
	"math"
	"testing"
	"time"

	"asynclab/sim/design"
	"asynclab/sim/metric"
)

// turning has a queue and a load for each rate, and a service that takes from all of them.
func turning(order design.ConsumeOrder, first design.Consume, weights []int, rates []float64, step design.Step) *design.Design {
	b := design.Broker{Name: "bus"}
	s := eater("s", design.Consume{}, step)
	s.Consumes, s.Order = nil, order
	d := &design.Design{}
	for i, rate := range rates {
		name := fmt.Sprintf("q%d", i)
		to := design.Target{Node: "bus", Entry: name}
		b.Queues = append(b.Queues, design.Queue{Name: name, MaxLength: design.Unlimited})
		k := design.Consume{}
		if i == 0 {
			k = first
		}
		k.From, k.Handler, k.Weight = to, "eat", weights[i]
		s.Consumes = append(s.Consumes, k)
		d.Loads = append(d.Loads, design.Load{Name: name, To: to, Arrivals: design.Arrivals{Kind: design.Poisson, Rate: rate}, Deadline: design.None, Confirm: []design.Target{{Node: "s", Entry: "eat"}}})
	}
	d.Brokers, d.Services = []design.Broker{b}, []design.Service{s}
	return d
}

// A consumer that takes from the second of two queues only when there is nothing in the
// first is M/M/1 with two priorities that do not interrupt: Cobham's waits, as with one
// queue that has priorities (TestPrioritiesOfALine). Pushed to or pulling, it is the same.
func TestQueuesInStrictOrder(t *testing.T) {
	const runs, length = 24, 40_000
	for _, pull := range []design.Pull{{}, {On: true, Wait: time.Hour}} {
		var sum, square [2]float64
		for seed := range runs {
			d := turning(design.OrderStrict, design.Consume{Pull: pull}, []int{0, 0}, []float64{0.4, 0.4}, design.Step{Op: design.Work, Dist: exp(time.Second)})
			r := start(t, d, Config{Duration: length * time.Second, Seed: uint64(seed)})
			r.Advance(never, 0)
			for i, name := range []string{"q0", "q1"} {
				x := metricOf(t, r, "load."+name+".confirmed.latency.mean") - 1
				sum[i], square[i] = sum[i]+x, square[i]+x*x
			}
		}
		for i, want := range []float64{0.8 / 0.6, 0.8 / 0.6 / 0.2} {
			mean := sum[i] / runs
			se := math.Sqrt((square[i]/runs - mean*mean) / (runs - 1))
			if z := (mean - want) / se; math.Abs(z) > 4 || se > 0.05*want {
				t.Errorf("pull %v: those of q%d wait for %.3f s, want %.3f: %.1f standard errors of %.3f", pull.On, i, mean, want, z, se)
			}
		}
	}
}

// With more in each queue than one can do, what is done of each is in the shares of their
// weights, whatever the prefetch and however many consumers; a queue that has nothing
// leaves its share to the others. Strictly, only the first has a turn.
func TestQueuesInShares(t *testing.T) {
	for _, c := range []struct {
		order   design.ConsumeOrder
		weights []int
		rates   []float64
		want    []float64
	}{
		{design.OrderWeighted, []int{0, 0}, []float64{9, 9}, []float64{1. / 2, 1. / 2}},
		{design.OrderWeighted, []int{3, 1}, []float64{9, 9}, []float64{3. / 4, 1. / 4}},
		{design.OrderWeighted, []int{5, 3, 1}, []float64{9, 9, 9}, []float64{5. / 9, 3. / 9, 1. / 9}},
		{design.OrderWeighted, []int{5, 3, 1}, []float64{1e-6, 9, 9}, []float64{0, 3. / 4, 1. / 4}},
		{design.OrderStrict, []int{0, 0}, []float64{9, 9}, []float64{1, 0}},
	} {
		for _, k := range []design.Consume{{}, {Prefetch: 4}, {Prefetch: 4, Pull: design.Pull{On: true, Wait: time.Minute}}} {
			for _, workers := range []int{1, 3} {
				d := turning(c.order, k, c.weights, c.rates, work(time.Second))
				d.Services[0].Workers = workers
				r := start(t, d, Config{Duration: 1000 * time.Second})
				r.Advance(int64(1000*time.Second), 0)
				all := 0.
				for i := range c.rates {
					all += metricOf(t, r, fmt.Sprintf("queue.bus/q%d.acked", i))
				}
				for i, want := range c.want {
					if got := metricOf(t, r, fmt.Sprintf("queue.bus/q%d.acked", i)) / all; math.Abs(got-want) > 0.006 {
						t.Errorf("%v, prefetch %d, pull %v, %d workers: %.4f of those done are of q%d, want %.4f", c.weights, k.Prefetch, k.Pull.On, workers, got, i, want)
					}
				}
				if most := float64(max(1, k.Prefetch) * workers); all < 1000*float64(workers)-most-1 {
					t.Errorf("%v, prefetch %d: %v done, with %d workers for 1000 s", c.weights, k.Prefetch, all, workers)
				}
			}
		}
	}
}

// By hand: three messages come to each of two queues, in turn, at once; works of 1 s, one
// worker. With one credit of two, the first of each queue is handed over as it comes, and
// then, as one is done, what is left of the first queue before what is left of the second:
// the first queue's are done after 1, 3 and 4 s, the second's after 2, 5 and 6 s, and never
// more than two are held. Where each queue has a consumer of its own, the first two of each
// are handed over in turn, and the thirds as the firsts are done: after 1, 3, 5 and 2, 4, 6 s.
func TestOneCreditForAllQueues(t *testing.T) {
	for _, c := range []struct {
		order                    design.ConsumeOrder
		first, second, held, sum float64
	}{{design.OrderStrict, 4, 6, 2, 8}, {design.OrderEach, 5, 6, 4, 9}} {
		d := turning(c.order, design.Consume{Prefetch: 2}, []int{0, 0}, []float64{1, 1}, work(time.Second))
		if c.order == design.OrderEach {
			d.Services[0].Consumes[1].Prefetch = 2
		}
		for i := range d.Loads {
			d.Loads[i].Arrivals = design.Arrivals{Kind: design.Trace, Times: make([]int64, 3)}
		}
		r := start(t, d, Config{Duration: time.Minute})
		held := int64(0)
		for r.Step() {
			if err := r.Audit(); err != nil {
				t.Fatal(err)
			}
			now := int64(0)
			for i := range r.prog.queues {
				now += r.rec.LevelValue(r.prog.queues[i].m.l + metric.QueueUnacked)
			}
			held = max(held, now)
		}
		wants{"load.q0.confirmed.latency.max": c.first, "load.q1.confirmed.latency.max": c.second}.check(t, r)
		if got := metricOf(t, r, "load.q0.confirmed.latency.mean") * 3; math.Abs(got-c.sum) > 0.05 || float64(held) != c.held {
			t.Errorf("order %d: the works of the first queue end at %.2f s in all, want %v; %d held at once, want %v", c.order, got, c.sum, held, c.held)
		}
	}
}
