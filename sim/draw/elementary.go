package draw

import "math"

// The functions of this file give the same bits on every processor. The Go specification lets a compiler fuse x*y + z
// into one operation with one rounding, and package math has assembly on some processors; both change the last bits. So
// every product that is added to something is written float64(x*y), which forbids the fusion, and of package math only
// operations are used that IEEE 754 rounds correctly (Sqrt, Floor, bit conversions).

const (
	inf       = 0x7ff << 52         // the bits of +Inf
	ln2Hi     = 0x1.62e42fefa38p-01 // log 2 as a multiple of 2^-42: products with exponents are exact
	ln2Lo     = 0x1.ef35793c7673p-45
	ln2By64Hi = 0x1.62e42ffp-07 // log(2)/64 as a multiple of 2^-38
	ln2By64Lo = -0x1.718432a1b0e26p-41
	expSteps  = 64
)

// Log is the natural logarithm: NaN below 0, -Inf at 0. Error below 0.51 units in the last place (ulp).
//
// Method (table look-up after P. T. P. Tang, ACM TOMS 16, 1990): x = 2^e·m, 1 <= m < 2; a table gives a short number i
// near 1/m with log(1/i); then log x = e·log 2 + log(1/i) + log(1+r) with r = m·i - 1, |r| < 0.005, computed without
// error, and Taylor's series for log(1+r).
func Log(x float64) float64 {
	ix := math.Float64bits(x)
	if ix-1<<52 >= inf-1<<52 {
		var special bool
		if ix, special = logSpecial(x); special {
			return math.Float64frombits(ix)
		}
	}
	e := float64(int64(ix)>>52 - 1023)
	t := &logTable[(ix>>44&0xff+1)>>1]
	m := ix&(1<<52-1) | 1023<<52
	top := math.Float64frombits(m &^ (1<<10 - 1)) // 43 bits: its product with the 10 bits of t.inv is exact
	r := (float64(top*t.inv) - 1) + float64((math.Float64frombits(m)-top)*t.inv)
	r2 := float64(r * r)
	q := float64(-1.0/2+float64(r*(1.0/3))) + float64(r2*(float64(-1.0/4+float64(r*(1.0/5)))+
		float64(r2*(-1.0/6+float64(r*(1.0/7))))))
	hi := float64(e*ln2Hi) + t.hi // exact
	w := hi + r
	return w + (((hi - w) + r) + (float64(r2*q) + (float64(e*ln2Lo) + t.lo)))
}

// unitLog is a faster Log for 0 < x < 1 with an error of up to two ulp, which is enough for a draw. It leaves out Log's
// compensation for rounding, whose steps each wait for the one before.
func unitLog(x float64) float64 {
	ix := math.Float64bits(x)
	n := int64(ix)>>52 - 1023
	e := float64(n)
	t := &logTable[(ix>>44&0xff+1)>>1]
	r := float64(math.Float64frombits(ix-uint64(n)<<52)*t.inv) - 1
	r2 := float64(r * r)
	q := float64(-1.0/2+float64(r*(1.0/3))) + float64(r2*(float64(-1.0/4+float64(r*(1.0/5)))+float64(r2*(-1.0/6))))
	return (float64(e*ln2Hi) + t.hi) + (r + (float64(r2*q) + (float64(e*ln2Lo) + t.lo)))
}

// taylor are the coefficients of Taylor's series for log(1+r), from the second on: in memory, from where the processor
// multiplies and adds in one step each.
var taylor = [...]float64{-1.0 / 2, 1.0 / 3, -1.0 / 4, 1.0 / 5, -1.0 / 6}

// unitExp is the sample of an exponential distribution of mean 1 for 64 uniform bits: the bits of -unitLog(1-Unit01(bits)),
// in fewer steps. What depends on the exponent of 1-Unit01(bits) comes from a table, the sign from the order of the terms.
func unitExp(bits uint64) float64 {
	x := float64(int64(^bits>>11 | 1)) // 1-Unit01(bits), which is Unit01(^bits), multiplied by 2^53
	ix := math.Float64bits(x)
	t, b, c := &logTable[(ix>>44&0xff+1)>>1], &binadeTable[ix>>52&63], &taylor
	r := float64(float64(x*b.down)*t.inv) - 1
	r2 := float64(r * r)
	q := float64(c[0]+float64(r*c[1])) + float64(r2*(float64(c[2]+float64(r*c[3]))+float64(r2*c[4])))
	return (b.hi - t.hi) - (r + (float64(r2*q) + (t.lo - b.lo)))
}

// logSpecial handles every x that is not a positive normal number. A subnormal is returned multiplied by 2^52 with the
// exponent field lowered to match (negative, so Log shifts with the sign); for any other x the result itself is
// returned.
func logSpecial(x float64) (bits uint64, special bool) {
	switch {
	case x == 0:
		return math.Float64bits(math.Inf(-1)), true
	case x < 0 || x != x:
		return math.Float64bits(math.NaN()), true
	case x > math.MaxFloat64:
		return inf, true
	}
	return math.Float64bits(x*0x1p52) - 52<<52, false
}

// logExtra is log x as a sum of two numbers, good to about 2^-68 absolutely, for normal x > 0.
func logExtra(x float64) (hi, lo float64) {
	ix := math.Float64bits(x)
	e := float64(int64(ix>>52) - 1023)
	t := &logTable[(ix>>44&0xff+1)>>1]
	m := ix&(1<<52-1) | 1023<<52
	top := math.Float64frombits(m &^ (1<<10 - 1))
	r0 := float64(top*t.inv) - 1
	r1 := float64((math.Float64frombits(m) - top) * t.inv)
	r := r0 + r1
	rest := r1 - (r - r0)
	// The square is needed to twice the precision: r²/2 is the largest term that rounds.
	s, sLo := twoProduct(r, r)
	q := float64(r*(1.0/3)) + float64(s*(float64(-1.0/4+float64(r*(1.0/5)))+
		float64(s*(float64(-1.0/6+float64(r*(1.0/7)))+float64(s*(-1.0/8))))))
	base := float64(e*ln2Hi) + t.hi
	w, wLo := twoSum(base, r)
	v, vLo := twoSum(w, float64(-s/2))
	low := wLo + vLo + (rest - float64(r*rest) - float64(sLo/2) + float64(s*q) + (float64(e*ln2Lo) + t.lo))
	hi = v + low
	return hi, low - (hi - v)
}

// twoSum is a+b and its rounding error (Knuth).
func twoSum(a, b float64) (sum, err float64) {
	sum = a + b
	bb := sum - a
	return sum, (a - (sum - bb)) + (b - bb)
}

// twoProduct is a·b and its rounding error (Veltkamp's splitting, Dekker's product: no fused operation needed).
func twoProduct(a, b float64) (product, err float64) {
	const split = 1<<27 + 1
	c := float64(split * a)
	a1 := c - (c - a)
	a2 := a - a1
	c = float64(split * b)
	b1 := c - (c - b)
	b2 := b - b1
	product = float64(a * b)
	err = float64(a2*b2) - (((product - float64(a1*b1)) - float64(a2*b1)) - float64(a1*b2))
	return product, err
}

// Exp is e^x: 0 and +Inf where the result leaves the range. Error below 0.52 ulp (subnormal
// results may round twice).
//
// Method (Tang, ACM TOMS 15, 1989): x = (64k+j)·log(2)/64 + r, |r| < 0.0055; then e^x = 2^k·2^(j/64)·e^r with a table
// for the middle factor and Taylor's series for the last.
func Exp(x float64) float64 { return expExtra(x, 0) }

// expExtra is e^(x+lo) for a small lo.
func expExtra(x, lo float64) float64 {
	switch {
	case x != x:
		return x
	case x > 709.79:
		return math.Inf(1)
	case x < -745.2:
		return 0
	}
	k, t, p := expReduce(x, lo)
	y := t.hi + (float64(t.hi*p) + t.lo)
	if k > -1022 && k < 1023 {
		return y * math.Float64frombits(uint64(k+1023)<<52)
	}
	half := k / 2 // in two steps: 2^k itself is out of range
	return y * math.Float64frombits(uint64(half+1023)<<52) * math.Float64frombits(uint64(k-half+1023)<<52)
}

// expReduce gives k, the table entry for j and p = e^r - 1.
func expReduce(x, lo float64) (k int64, t *expEntry, p float64) {
	n := math.Floor(float64(x*(expSteps/math.Ln2)) + 0.5)
	i := int64(n)
	r := (x - float64(n*ln2By64Hi)) - float64(n*ln2By64Lo) + lo
	r2 := float64(r * r)
	p = r + float64(r2*(float64(0.5+float64(r*(1.0/6)))+
		float64(r2*(float64(1.0/24+float64(r*(1.0/120)))+float64(r2*(1.0/720))))))
	return i >> 6, &expTable[i&63], p
}

// Log1p is log(1+x), accurate near 0 (error below 2 ulp): the logarithm of the rounded sum, corrected for what the
// rounding lost.
func Log1p(x float64) float64 {
	if x > -0x1p-54 && x < 0x1p-54 {
		return x
	}
	u := 1 + x
	if x <= -1 || u > math.MaxFloat64 || x != x {
		return Log(u)
	}
	lost := x - (u - 1)
	if x > 1 {
		lost = 1 - (u - x)
	}
	return Log(u) + lost/u
}

// Pow is x^y for x >= 0 (NaN below): 1 for y = 0 or x = 1. Error below 0.51 ulp in the normal range: the logarithm is
// carried in two numbers, so that a large product y·log x does not magnify its rounding.
func Pow(x, y float64) float64 {
	switch {
	case y == 0 || x == 1:
		return 1
	case y == 1:
		return x
	case x != x || y != y || x < 0:
		return math.NaN()
	case x == 0 || x > math.MaxFloat64:
		if (x == 0) == (y > 0) {
			return 0
		}
		return math.Inf(1)
	}
	var shift float64
	if x < 0x1p-1022 {
		x, shift = x*0x1p54, -54
	}
	hi, lo := logExtra(x)
	if shift != 0 {
		var e float64
		hi, e = twoSum(hi, float64(shift*ln2Hi))
		lo += e + float64(shift*ln2Lo)
	}
	if z := y * hi; z > 800 || z < -800 {
		return Exp(z)
	}
	p, e := twoProduct(y, hi)
	return expExtra(p, e+float64(y*lo))
}

// Expm1 is e^x - 1, accurate near 0 (error below 2 ulp).
func Expm1(x float64) float64 {
	switch {
	case x > 40 || x != x:
		return Exp(x) - 1
	case x < -40:
		return -1
	case x > -0x1p-54 && x < 0x1p-54:
		return x
	}
	k, t, p := expReduce(x, 0)
	scale := math.Float64frombits(uint64(k+1023) << 52)
	s := float64(t.hi * scale) // exact
	if s == 1 {
		return p
	}
	return (s - 1) + (float64(s*p) + float64(t.lo*scale))
}
