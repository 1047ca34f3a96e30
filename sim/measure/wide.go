package measure

import "math/bits"

// wide is a signed 128-bit integer in two's complement. The integral of a level
// of a million over ten million seconds, in unit·nanoseconds, is 10²²: past
// 64 bits, and a float would lose the small changes of a large sum.
type wide struct{ hi, lo uint64 }

func (a wide) plus(b wide) wide {
	lo, carry := bits.Add64(a.lo, b.lo, 0)
	return wide{a.hi + b.hi + carry, lo}
}

func (a wide) minus(b wide) wide {
	lo, borrow := bits.Sub64(a.lo, b.lo, 0)
	return wide{a.hi - b.hi - borrow, lo}
}

// product is value·dt, for dt ≥ 0.
func product(value, dt int64) wide {
	hi, lo := bits.Mul64(uint64(value), uint64(dt))
	return wide{hi - uint64(value>>63)&uint64(dt), lo}
}

// float is a as a float64. The magnitude is converted, so that small negative
// numbers keep their digits.
func (a wide) float() float64 {
	if int64(a.hi) < 0 {
		return -wide{}.minus(a).float()
	}
	return float64(float64(a.hi)*(1<<64)) + float64(a.lo)
}

// seconds converts nanoseconds, or an integral over nanoseconds.
func (a wide) seconds() float64 { return a.float() / 1e9 }

func seconds(nanos int64) float64 { return float64(nanos) / 1e9 }
