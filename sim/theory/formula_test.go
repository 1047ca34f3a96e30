package theory

import (
	"math"
	"testing"

	"pgregory.net/rapid"
)

func near(t *testing.T, what string, got, want, relative float64) {
	t.Helper()
	if !(math.Abs(got-want) <= relative*math.Abs(want)+1e-300) {
		t.Errorf("%s is %.10g, not %.10g", what, got, want)
	}
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

// Values of textbooks and tables, not of this package.
func TestPublished(t *testing.T) {
	q := must(MMC(8, 0.1, 1))
	near(t, "M/M/1 wait", q.Wait, 0.4, 1e-12)
	_, p99 := q.Quantiles(0.99)
	near(t, "M/M/1 p99", p99, 2.302585, 1e-6)
	w99, _ := q.Quantiles(0.99)
	near(t, "M/M/1 wait p99", w99, 2.191013, 1e-6)
	q = must(MMC(18, 1, 20))
	near(t, "M/M/20 delayed", q.Delayed, 0.550769, 1e-6)
	near(t, "M/M/20 wait", q.Wait, 0.2753845, 1e-6)
	w99, _ = q.Quantiles(0.99)
	near(t, "M/M/20 wait p99", w99, 2.004365, 1e-6)
	near(t, "Erlang B, 15 lines", ErlangB(15, 8.108), 0.009999632, 1e-6)
	q = must(MMCK(40, 1./30, 3, 4, math.Inf(1))) // queueing/inst/qsmmmk.m, from which come the next too
	near(t, "M/M/3/7 sojourn", q.Sojourn, 0.03651701, 1e-6)
	q = must(MMCK(50, 0.1, 4, 2, math.Inf(1)))
	near(t, "M/M/4/6 refused", q.Refused, 0.293543, 1e-6)
	q = must(MMCK(3, 0.5, 2, 3, math.Inf(1)))
	near(t, "M/M/2/5 refused", q.Refused, 0.08511384, 1e-6)
	near(t, "M/M/2/5 wait", q.Wait, 0.2308576, 1e-6)
	q = must(MMCK(0.8, 60, 50, -1, 120)) // Gans, Koole & Mandelbaum 2003: 3.1 %, queue 3, 93 %
	near(t, "Erlang-A given up", q.GivenUp, 0.03091225, 1e-6)
	near(t, "Erlang-A waiting", q.Waiting, 2.967576, 1e-6)
	near(t, "Erlang-A utilization", q.Utilization, 0.9303242, 1e-6)
	near(t, "Erlang-A delayed", q.Delayed, 0.4677741, 1e-6)
	q = must(MG1(0.8, 1, 0))
	near(t, "M/D/1 wait", q.Wait, 2, 1e-12)
	q = must(MG1(0.7, 1, 4))
	near(t, "M/G/1 wait", q.Wait, 5.833333, 1e-6)
	q = must(GM1(0.8, 1, func(float64) float64 { return 1.25 }))
	near(t, "D/M/1 wait", q.Wait, 1.692731, 1e-6)
	for _, v := range []struct {
		c         int
		rho, wait float64 // Tijms, A First Course in Stochastic Models 2003, table 9.6.2: W(M/D/c) ÷ W(M/M/c)
	}{{2, 0.8, 0.5 * 1.0315}} {
		d, exact, err := MDC(v.rho*float64(v.c), 1, v.c)
		m := must(MMC(v.rho*float64(v.c), 1, v.c))
		if !exact || err != nil {
			t.Error("M/D/2 is not exact")
		}
		t.Logf("M/D/%d at %g: %.6f of M/M/c", v.c, v.rho, d.Wait/m.Wait)
	}
	c := MVA([]Station{{Demand: 0.2, Servers: 1}}, 5, 40)
	near(t, "40 users", c.Throughput, 4.992946, 1e-6)
	near(t, "40 users, response", c.Response, 3.011303, 1e-6)
	// Jain 1991, page 577.
	c = MVA([]Station{{Demand: 16 * 0.125, Servers: 1}, {Demand: 10 * 0.3, Servers: 1}, {Demand: 5 * 0.2, Servers: 1}}, 4, 20)
	near(t, "Jain X", c.Throughput, 0.3332465, 1e-6)
	near(t, "Jain cpu", c.Present[0], 1.990623, 1e-6)
	near(t, "Jain disk A", c.Present[1], 16.17665, 1e-6)
	e := Engset(10, 2, 1, 3, 0)
	near(t, "Engset call congestion", e.Refused, 0.42, 1e-9)
	f, _, _, _ := ForkJoin(0.5, 1, 2)
	near(t, "fork-join", f, 2.875, 1e-12)
	near(t, "max of five", MaxOfExponentials([]float64{1, 1, 1, 1, 1}), 137./60, 1e-12)
	near(t, "max of two", MaxOfExponentials([]float64{1, 2}), 3-1/1.5, 1e-6)
	// An exactly solved chain of threads held by a queue below: a 4-thread pool, 100 ms
	// of its own, 200 ms at one worker. The approximation is 2 % of it.
	l := must(SolveLayers(3.5, &Layer{4, 0.1, []Call{{1, &Layer{1, 0.2, nil}}}}, -1))
	near(t, "held threads", l.Sojourn, 0.76828, 0.02)
	near(t, "held threads, line", l.Wait, 0.1867394, 0.08)
	t.Log(l.Sojourn, l.Wait)
}

// A general model is the special one where they meet.
func TestModelsAgree(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		c := rapid.IntRange(1, 300).Draw(r, "c")
		rho := rapid.Float64Range(0.01, 0.98).Draw(r, "rho")
		work := rapid.Float64Range(1e-6, 1e3).Draw(r, "work")
		rate := rho * float64(c) / work
		same := func(what string, got, want, rel float64) {
			if !(math.Abs(got-want) <= rel*math.Abs(want)+1e-290) {
				r.Fatalf("%s: %.12g is not %.12g", what, got, want)
			}
		}
		m := must(MMC(rate, work, c))
		k := must(MMCK(rate, work, c, 1_000_000, math.Inf(1)))
		same("M/M/c/K with much room", k.Wait, m.Wait, 1e-9)
		same("M/M/c/K sojourn", k.Sojourn, m.Sojourn, 1e-9)
		a := must(MMCK(rate, work, c, -1, work*1e9))
		same("Erlang-A with much patience", a.Waiting, m.Waiting, 1e-3)
		same("M/M/c+D with much patience", MMCD(rate, work, c, work*1e6).Delayed, m.Delayed, 1e-9)
		b := must(MMCK(rate, work, c, 0, math.Inf(1)))
		same("Erlang B", b.Refused, ErlangB(c, rate*work), 1e-9)
		same("Erlang B as no patience", MMCD(rate, work, c, 0).GivenUp, ErlangB(c, rate*work), 1e-9)
		same("Little", k.Waiting, k.Wait*k.Throughput, 1e-9)
		if c == 1 {
			g := must(MG1(rate, work, 1))
			same("M/G/1 of exponential work", g.Wait, m.Wait, 1e-12)
			e := must(GM1(rate, work, func(u float64) float64 { return -math.Log1p(-u) / rate }))
			same("G/M/1 of Poisson arrivals", e.Wait, m.Wait, 1e-3)
		}
		n := rapid.IntRange(1, 60).Draw(r, "n")
		stations := []Station{{Demand: work, Servers: 1}, {Demand: 2 * work, Servers: 1}, {Demand: work}}
		mva, conv := MVA(stations, 3*work, n), convolve(stations, 3*work, n)
		same("MVA and convolution", mva.Throughput, conv.Throughput, 1e-9)
		for i := range stations {
			same("MVA and convolution, present", mva.Present[i], conv.Present[i], 1e-8)
		}
		s := rapid.IntRange(1, n).Draw(r, "s")
		re, one := Repair(n, 3*work, work, s), MVA([]Station{{Demand: work, Servers: s}}, 3*work, n)
		same("repair and network", re.Throughput, one.Throughput, 1e-9)
		same("repair and network, response", re.Sojourn, one.Response, 1e-8)
		l := must(SolveLayers(rate, &Layer{c, work / 3, []Call{{2, &Layer{2 * c, work / 3, nil}}}}, -1))
		same("layers in which nobody below waits", l.Sojourn, m.Sojourn, 1e-8)
	})
}

// Numbers as large as the language lets them be, without overflow.
func TestLarge(t *testing.T) {
	for _, rho := range []float64{0.5, 0.999, 1, 1.001, 2} {
		for _, c := range []int{1, 100, 10_000} {
			q := must(MMCK(rho*float64(c), 1, c, 1_000_000, math.Inf(1)))
			for _, v := range []float64{q.Wait, q.Waiting, q.Busy, q.Utilization, q.Refused, q.Delayed, q.Throughput} {
				if math.IsNaN(v) || math.IsInf(v, 0) || v < 0 {
					t.Errorf("c %d, rho %g: %+v", c, rho, q)
				}
			}
			near(t, "throughput", q.Throughput, rho*float64(c)*(1-q.Refused), 1e-9)
			if rho == 2 {
				near(t, "refused of twice the load", q.Refused, 0.5, 1e-9)
			}
			if rho == 1 {
				near(t, "waiting at a load of 1", q.Waiting, 500_000, 0.01)
			}
		}
	}
	q := Repair(1_000_000, 100, 1, 10_000)
	near(t, "a million users", q.Throughput, 1_000_000/101., 0.02)
	near(t, "more users than the service can do", Repair(1_000_000, 10, 1, 10_000).Throughput, 10_000, 1e-9)
	if _, err := MMC(2, 1, 1); err == nil || err.Error() != "no steady state: 2 times the work that the servers can do arrives" {
		t.Error(err)
	}
}
