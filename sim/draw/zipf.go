package draw

import "math"

// The law of Zipf on 1, 2, … n: P(k) = k^-s / H, H = Σ j^-s. Some thousand million values need no table: the first
// zipfHead sums are kept, those beyond follow from the formula of Euler and Maclaurin, whose error is below 1e-13 of H
// there; a sample is found by inverting the integral, and corrected by a step if its rounding was wrong.

const zipfHead = 64

// deriveZipf keeps the first sums (tab.cum, not normalised), H in a, and the mean.
func (d *Dist) deriveZipf() {
	n, s := d.p[0], d.p[1]
	t := &table{cum: make([]float64, 0, int(math.Min(n, zipfHead)))}
	sum, first := 0.0, 0.0
	for k := 1.0; k <= math.Min(n, zipfHead); k++ {
		sum += Pow(k, -s)
		first += Pow(k, 1-s)
		t.cum = append(t.cum, sum)
	}
	if n > zipfHead {
		sum += powerSum(n, s)
		first += powerSum(n, s-1)
	}
	t.mean = first / sum
	d.a, d.b, d.tab = sum, s, t
}

// zipfVariance is Σ k^(2-s) / H - mean².
func (d *Dist) zipfVariance() float64 {
	n, s, sum := d.p[0], d.b, 0.0
	for k := 1.0; k <= math.Min(n, zipfHead); k++ {
		sum += Pow(k, 2-s)
	}
	if n > zipfHead {
		sum += powerSum(n, s-2)
	}
	return sum/d.a - float64(d.tab.mean*d.tab.mean)
}

// powerSum is Σ j^-s for j from zipfHead+1 to n.
func powerSum(n, s float64) float64 {
	term := func(x float64) float64 { // of the sum up to x, but for a constant
		p := Pow(x, -s)
		area := Log(x)
		if s != 1 {
			area = float64(x*p) / (1 - s)
		}
		return area + float64(p/2) - float64(s*p/(12*x)) + float64(float64(s*(s+1))*(s+2)*p/(720*x*x*x))
	}
	return term(n) - term(zipfHead)
}

// zipf inverts the distribution function.
func (d *Dist) zipf(u float64) float64 {
	want := float64(u * d.a)
	head := d.tab.cum
	if last := head[len(head)-1]; want < last || len(head) < zipfHead {
		lo, hi := 0, len(head)-1
		for lo < hi {
			if mid := int(uint(lo+hi) >> 1); head[mid] > want {
				hi = mid
			} else {
				lo = mid + 1
			}
		}
		return float64(lo + 1)
	}
	rest := want - head[zipfHead-1]
	const from = zipfHead + 0.5
	var x float64
	if s := d.b; s == 1 {
		x = from * Exp(rest)
	} else {
		x = Pow(math.Max(0, Pow(from, 1-s)+float64((1-s)*rest)), 1/(1-s))
	}
	n := d.p[0]
	for range 2 { // the integral is off by a little, which is many values where they are rare; so is its tangent, by far less
		x = math.Min(math.Max(x, from), n+0.5)
		x += float64((rest - powerSum(x-0.5, d.b)) * Pow(x, d.b))
	}
	k := math.Min(math.Max(math.Ceil(x-0.5), zipfHead+1), n)
	for range 3 {
		switch {
		case k < n && powerSum(k, d.b) <= rest:
			k++
		case k > zipfHead+1 && powerSum(k-1, d.b) > rest:
			k--
		default:
			return k
		}
	}
	return k
}
