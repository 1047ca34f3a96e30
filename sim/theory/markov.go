package theory

import (
	"fmt"
	"math"
)

// Unstable is the error of a queue without a steady state: its line grows for ever.
type Unstable struct {
	Load float64 // offered work ÷ what the servers can do
}

func (u Unstable) Error() string {
	return fmt.Sprintf("no steady state: %.4g times the work that the servers can do arrives", u.Load)
}

// Queue is the steady state of a queue. Times are seconds, rates per second, and numbers
// of customers are means over time. Wait and Sojourn are of those that were served.
type Queue struct {
	Servers     int     // 0: unlimited
	Utilization float64 // share of the servers in use; of unlimited servers NaN
	Busy        float64 // servers in use
	Waiting     float64 // customers in line
	Wait        float64 // time in line
	Sojourn     float64 // time in line and in service
	Delayed     float64 // share of those let in that find every server busy
	Refused     float64 // share of the arrivals that find no room
	GivenUp     float64 // share of the arrivals that lose patience in line
	Throughput  float64 // of those served

	tail func(t float64) (wait, sojourn float64) // P(> t), nil where it has no closed form
}

// WaitTail is the probability to wait in line for more than t seconds, and SojournTail
// that to be there for more than t; NaN where there is no closed form.
func (q *Queue) WaitTail(t float64) float64 {
	if q.tail == nil {
		return math.NaN()
	}
	w, _ := q.tail(t)
	return w
}

// SojournTail: see WaitTail.
func (q *Queue) SojournTail(t float64) float64 {
	if q.tail == nil {
		return math.NaN()
	}
	_, s := q.tail(t)
	return s
}

// Quantiles of the wait and of the sojourn: the least t whose tail is at most 1-p; NaN
// where there is no closed form.
func (q *Queue) Quantiles(p float64) (wait, sojourn float64) {
	return invert(q.WaitTail, 1-p, q.Sojourn), invert(q.SojournTail, 1-p, q.Sojourn)
}

// invert finds t ≥ 0 with tail(t) = x, by bisection from a scale.
func invert(tail func(float64) float64, x, scale float64) float64 {
	if math.IsNaN(tail(0)) || !(scale > 0) {
		return math.NaN()
	}
	if tail(0) <= x {
		return 0
	}
	lo, hi := 0.0, scale
	for tail(hi) > x && hi < 1e9*scale {
		hi *= 2
	}
	for range 200 {
		if mid := (lo + hi) / 2; tail(mid) > x {
			lo = mid
		} else {
			hi = mid
		}
	}
	return (lo + hi) / 2
}

// ErlangB is the share of Poisson arrivals that find all c servers busy where nobody
// waits; a is the offered work in erlangs (rate × mean work), c ≥ 0. It holds for any
// distribution of the work. By the recurrence B(k) = a·B(k-1) / (k + a·B(k-1)), which is
// stable; O(c). (Kleinrock, Queueing Systems 1, 1975, section 3.6.)
func ErlangB(c int, a float64) float64 {
	b := 1.0
	for k := 1; k <= c; k++ {
		b = a * b / (float64(k) + a*b)
	}
	return b
}

// ErlangC is the share of Poisson arrivals that have to wait for one of c servers with
// exponential work; 1 where a ≥ c. (Kleinrock 1975, section 3.5.)
func ErlangC(c int, a float64) float64 {
	rho := a / float64(c)
	if rho >= 1 {
		return 1
	}
	b := ErlangB(c, a)
	return b / (1 - rho*(1-b))
}

// MMC is M/M/c: Poisson arrivals at a rate, c servers with exponential work of a mean,
// one line without bound, first come first served. (Kleinrock 1975, section 3.5; the
// distribution of the sojourn: Gross, Shortle, Thompson & Harris, Fundamentals of
// Queueing Theory, 4th ed. 2008, section 2.3.) With c = 1 it is M/M/1.
func MMC(rate, work float64, c int) (Queue, error) {
	a, n := rate*work, float64(c)
	if a >= n {
		return Queue{}, Unstable{a / n}
	}
	delayed := ErlangC(c, a)
	q := Queue{Servers: c, Utilization: a / n, Busy: a, Delayed: delayed, Throughput: rate, Wait: delayed * work / (n - a)}
	q.Waiting, q.Sojourn = rate*q.Wait, q.Wait+work
	drain, mu := (n-a)/work, 1/work // rate at which the line drains while all are busy
	q.tail = func(t float64) (float64, float64) {
		w := delayed * math.Exp(-drain*t)
		own := math.Exp(-mu * t)
		if math.Abs(drain-mu) < 1e-9*mu {
			return w, own * (1 + delayed*mu*t)
		}
		return w, own + delayed*mu/(mu-drain)*(math.Exp(-drain*t)-own)
	}
	return q, nil
}

// MGInf is M/G/∞: nobody waits, and the number in service is Poisson whatever the
// distribution of the work. (Kleinrock 1975, section 3.4.)
func MGInf(rate, work float64) Queue {
	return Queue{Utilization: math.NaN(), Busy: rate * work, Sojourn: work, Throughput: rate}
}

// MMCK is M/M/c with room for line more customers than are in service (K = c + line
// places), who lose patience in line after an exponential time of mean patience (+Inf:
// never). It is M/M/c/K for patience +Inf, Erlang-A (M/M/c+M) for line < 0, which means
// without bound, and Erlang's loss system for line 0. Sums from the mode, with the
// recurrence of ErlangB below c: no factorials; O(c + line), or as long as terms count.
// (Gross et al. 2008, section 2.5; Garnett, Mandelbaum & Reiman, Designing a call center
// with impatient customers, 2002, section 2.)
func MMCK(rate, work float64, c, line int, patience float64) (Queue, error) {
	a, n := rate*work, float64(c)
	if line < 0 && math.IsInf(patience, 1) {
		return MMC(rate, work, c)
	}
	// Weights relative to the states 0 … c, whose sum is 1: c has b, and the mean number
	// in them is a·(1-b), n·b of it in the state c.
	b := ErlangB(c, a)
	t := lineWeights(rate, n/work, line, patience)
	total := (1-b)*t.unit + b*t.sum
	q := Queue{Servers: c}
	q.Waiting = b * t.first / total
	q.Busy = (max(a*(1-b)-n*b, 0)*t.unit + n*b*t.sum) / total
	if line >= 0 {
		q.Refused = b * t.last / total
	}
	in := rate * (1 - q.Refused)
	q.Delayed = b * (t.sum - t.last) / total / (1 - q.Refused)
	q.Throughput, q.Utilization = q.Busy/work, q.Busy/n
	q.Wait = q.Waiting / in
	if !math.IsInf(patience, 1) {
		q.GivenUp = q.Waiting / patience / rate
		q.Wait = math.NaN() // of those served alone: no closed form here
	}
	q.Sojourn = q.Wait + work
	return q, nil
}

// tails are sums over the states in which all servers are busy.
type tails struct {
	unit  float64 // the weight of the state with nobody in line, after rescaling
	sum   float64 // of the weights
	first float64 // of weight × customers in line
	last  float64 // the weight of the full state; 0 if it does not count
}

// lineWeights sums the weights of the states with j customers in line, each of whom
// leaves at rate 1/patience, behind servers that together serve at rate full. Weights
// that grow are rescaled before they overflow.
func lineWeights(rate, full float64, line int, patience float64) tails {
	t := tails{unit: 1, sum: 1, last: 1}
	w := 1.0
	for j := 1; line < 0 || j <= line; j++ {
		f := rate / (full + float64(j)/patience)
		w *= f
		t.sum += w
		t.first += w * float64(j)
		t.last = w
		if w > 1e200 {
			w, t.last, t.unit, t.sum, t.first = w*1e-200, t.last*1e-200, t.unit*1e-200, t.sum*1e-200, t.first*1e-200
		}
		if f < 1 && float64(j)*w < 1e-18*t.sum*(1-f) {
			if line < 0 || j < line {
				t.last = w * math.Pow(f, float64(max(line, j)-j))
			}
			break
		}
	}
	return t
}

// MMCD is M/M/c whose customers wait in line for at most the time patience: lost is the
// share that gives up, from the density of the work before the next free server, which
// up to patience is that of M/M/c and beyond it falls by the servers alone (Barrer,
// Queuing with impatient customers and ordered service, 1957; Baccelli & Hebuterne 1981).
func MMCD(rate, work float64, c int, patience float64) Queue {
	a, n, d := rate*work, float64(c), patience/work
	b := ErlangB(c, a)
	// Weights relative to the states 0 … c, whose sum is 1. A density v(0) of the virtual
	// wait at 0, per mean work, is a times the state c-1, c times the state c.
	v, r := n*b, n-a
	inside := d // ∫ exp(-r x) from 0 to d
	if math.Abs(r*d) > 1e-9 {
		inside = -math.Expm1(-r*d) / r
	}
	edge := math.Exp(-r * d)
	total := 1 - b + v*inside + v*edge/n
	q := Queue{Servers: c, Wait: math.NaN(), Waiting: math.NaN(), Sojourn: math.NaN()}
	q.GivenUp = v * edge / n / total
	q.Throughput = rate * (1 - q.GivenUp)
	q.Busy = q.Throughput * work
	q.Utilization = q.Busy / n
	q.Delayed = (v*inside + v*edge/n) / total
	return q
}
