package theory

import "math"

// Harmonic is 1 + 1/2 + … + 1/n.
func Harmonic(n int) float64 {
	h := 0.0
	for k := n; k >= 1; k-- {
		h += 1 / float64(k)
	}
	return h
}

// MaxOfExponentials is the mean of the greatest of independent exponential times:
// mean·Harmonic(n) where all are alike (Trivedi, Probability and Statistics, 2nd ed.
// 2002, section 4.6), otherwise the integral of P(max > t), within 1e-6 of it.
func MaxOfExponentials(means []float64) float64 {
	top, alike := 0.0, true
	for _, m := range means {
		top = max(top, m)
		alike = alike && m == means[0]
	}
	if alike {
		return top * Harmonic(len(means))
	}
	// t = top·x, to where n·exp(-x) is nothing.
	const points = 20_000
	end := 40 + math.Log(float64(len(means)))
	h, sum := end/points, 0.0
	for i := range points + 1 {
		below := 1.0
		for _, m := range means {
			if m > 0 {
				below *= -math.Expm1(-top * h * float64(i) / m)
			}
		}
		w := 4.0 // Simpson
		switch {
		case i == 0 || i == points:
			w = 1
		case i%2 == 0:
			w = 2
		}
		sum += w * (1 - below)
	}
	return top * sum * h / 3
}

// ForkJoin is the mean time from a fork of Poisson arrivals to n alike M/M/1 queues until
// the last part is done. For n = 1 and 2 it is exact: (12-ρ)/8 of one queue's sojourn for
// 2 (Flatto & Hahn 1984; Nelson & Tantawi, Approximate analysis of fork/join
// synchronization in parallel queues, 1988, section 2). Above, mean is the approximation
// of Nelson & Tantawi (within 5 % up to n = 32), and low and high are bounds: the longest
// of n parts that do not wait, or one queue's sojourn; and the longest of n independent
// sojourns (Baccelli, Makowski & Shwartz 1989).
func ForkJoin(rate, work float64, n int) (mean, low, high float64, err error) {
	q, err := MMC(rate, work, 1)
	if err != nil {
		return 0, 0, 0, err
	}
	rho := rate * work
	switch n {
	case 1:
		return q.Sojourn, q.Sojourn, q.Sojourn, nil
	case 2:
		mean = (12 - rho) / 8 * q.Sojourn
		return mean, mean, mean, nil
	}
	s := Harmonic(n) / Harmonic(2)
	mean = (s + 4./11*(1-s)*rho) * (12 - rho) / 8 * q.Sojourn
	return mean, max(work*Harmonic(n), q.Sojourn), q.Sojourn * Harmonic(n), nil
}
