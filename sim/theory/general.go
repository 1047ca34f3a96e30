package theory

import "math"

// MG1 is M/G/1: Poisson arrivals, one server, work with mean work and squared coefficient
// of variation cv2 (0: constant, M/D/1; 1: exponential), a line without bound that takes
// no account of the work. Wait = ρ(1+cv2)/2 · work/(1-ρ) (Pollaczek 1930, Khinchine 1932;
// Kleinrock 1975, section 5.6). The mean is the same last come first served.
func MG1(rate, work, cv2 float64) (Queue, error) {
	rho := rate * work
	if rho >= 1 {
		return Queue{}, Unstable{rho}
	}
	if cv2 == 1 {
		return MMC(rate, work, 1)
	}
	wait := rho * (1 + cv2) / 2 * work / (1 - rho)
	return Queue{Servers: 1, Utilization: rho, Busy: rho, Delayed: rho, Throughput: rate,
		Wait: wait, Waiting: rate * wait, Sojourn: wait + work}, nil
}

// MDC is M/D/c: Poisson arrivals, c servers with constant work. The mean wait is
// Crommelin's sum over i = 1, 2, … of P(N(ia) ≥ ic) - (c/a)·P(N(ia) > ic), in units of the
// work, where N(m) is Poisson with mean m (Crommelin 1932; Prabhu, Queues and Inventories,
// 1965, section 1.5). exact is false above a load of 0.97 with several servers, where the
// sum takes long and the approximation of Cosmetatos (1975) is within 1 %.
func MDC(rate, work float64, c int) (q Queue, exact bool, err error) {
	if c == 1 {
		q, err = MG1(rate, work, 0)
		return q, true, err
	}
	a, n := rate*work, float64(c)
	rho := a / n
	if rho >= 1 {
		return q, false, Unstable{rho}
	}
	if q, err = MMC(rate, work, c); err != nil {
		return q, false, err
	}
	if rho > 0.97 {
		q.Wait *= (1 + (1-rho)*(n-1)*(math.Sqrt(4+5*n)-2)/(16*rho*n)) / 2
	} else {
		exact = true
		q.Wait = work * crommelin(a, n)
	}
	q.Waiting, q.Sojourn, q.tail, q.Delayed = rate*q.Wait, q.Wait+work, nil, math.NaN()
	return q, exact, nil
}

func crommelin(a, c float64) float64 {
	sum := 0.0
	for i := 1.0; ; i++ {
		m, n := i*a, i*c
		lg, _ := math.Lgamma(n + 1)
		at := math.Exp(n*math.Log(m) - m - lg) // P(N = n)
		above, term := 0.0, at                 // P(N > n)
		for k := n + 1; term > 1e-17*at && term > 0; k++ {
			term *= m / k
			above += term
		}
		x := at + above - c/a*above
		sum += x
		if x < 1e-13*sum || at < 1e-300 {
			return sum
		}
	}
}

// MGC approximates M/G/c by scaling the wait of M/M/c with (1+cv2)/2 (Lee & Longton 1959;
// Kimura, Approximations for multi-server queues, 1994): exact for c = 1 and for cv2 = 1,
// usually within a few percent for cv2 below 2.
func MGC(rate, work, cv2 float64, c int) (Queue, error) {
	return GGC(rate, work, 1, cv2, c)
}

// GGC approximates G/G/c by scaling the wait of M/M/c with (ca2+cs2)/2, the squared
// coefficients of variation of the intervals and of the work (Allen & Cunneen; Bolch,
// Greiner, de Meer & Trivedi, Queueing Networks and Markov Chains, 2nd ed. 2006, section
// 6.3.6).
func GGC(rate, work, ca2, cs2 float64, c int) (Queue, error) {
	q, err := MMC(rate, work, c)
	if err != nil || ca2 == 1 && cs2 == 1 {
		return q, err
	}
	q.Wait *= (ca2 + cs2) / 2
	q.Waiting, q.Sojourn, q.tail, q.Delayed = rate*q.Wait, q.Wait+work, nil, math.NaN()
	return q, nil
}

// GM1 is G/M/1: independent intervals with the given quantile function (of u in (0,1), to
// seconds), one server, exponential work. The share that finds the server busy is the
// root σ < 1 of σ = A*((1-σ)/work), A* being the Laplace transform of the intervals,
// integrated over 20,000 quantiles; the wait is σ·work/(1-σ). (Kleinrock 1975, section
// 6.4.)
func GM1(rate, work float64, interval func(u float64) float64) (Queue, error) {
	rho := rate * work
	if rho >= 1 {
		return Queue{}, Unstable{rho}
	}
	const points = 20_000
	x := make([]float64, points)
	for i := range x {
		x[i] = interval((float64(i) + 0.5) / points)
	}
	// Strictly below the root the transform is above σ, above it below: bisection.
	lo, hi := 0.0, 1-1e-12
	for range 60 {
		sigma := (lo + hi) / 2
		s, sum := (1-sigma)/work, 0.0
		for _, v := range x {
			sum += math.Exp(-s * v)
		}
		if sum/points > sigma {
			lo = sigma
		} else {
			hi = sigma
		}
	}
	sigma := (lo + hi) / 2
	q := Queue{Servers: 1, Utilization: rho, Busy: rho, Delayed: sigma, Throughput: rate, Wait: sigma * work / (1 - sigma)}
	q.Waiting, q.Sojourn = rate*q.Wait, q.Wait+work
	mu := (1 - sigma) / work
	q.tail = func(t float64) (float64, float64) { return sigma * math.Exp(-mu*t), math.Exp(-mu * t) }
	return q, nil
}

// Class is a priority class of a server, the first served first.
type Class struct {
	Rate, Work, Second float64 // Second: second moment of the work, s²
}

// Cobham gives the mean waits of the classes of an M/G/1 queue that does not interrupt
// work (Cobham 1954; Kleinrock, Queueing Systems 2, 1976, section 3.6).
func Cobham(classes []Class) ([]float64, error) {
	left, rho := 0.0, 0.0 // mean work left in the server
	for _, c := range classes {
		left += c.Rate * c.Second / 2
		rho += c.Rate * c.Work
	}
	if rho >= 1 {
		return nil, Unstable{rho}
	}
	waits := make([]float64, len(classes))
	above := 0.0
	for i, c := range classes {
		through := above + c.Rate*c.Work
		waits[i] = left / ((1 - above) * (1 - through))
		above = through
	}
	return waits, nil
}
