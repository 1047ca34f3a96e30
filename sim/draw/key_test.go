package draw

import (
	"fmt"
	"math"
	"math/bits"
	"testing"
)

// chiSquare is the statistic of equal expected counts as a normal deviate (Wilson and Hilferty).
func chiSquare(counts []int) float64 {
	total := 0
	for _, c := range counts {
		total += c
	}
	expected := float64(total) / float64(len(counts))
	sum := 0.0
	for _, c := range counts {
		sum += (float64(c) - expected) * (float64(c) - expected) / expected
	}
	f := float64(len(counts) - 1)
	return (math.Cbrt(sum/f) - (1 - 2/(9*f))) / math.Sqrt(2/(9*f))
}

// streams are ways of walking through the counters and keys as the engine does.
var streams = map[string]func(i uint64) uint64{
	"operations":   func(i uint64) uint64 { return NewKey(7, 0, "pay", "service").Bits(i, 0) },
	"occurrences":  func(i uint64) uint64 { return NewKey(7, 0, "pay", "service").Bits(1, i) },
	"mixed":        func(i uint64) uint64 { return NewKey(7, 0, "pay", "service").Bits(i>>4, Mix(i&15, 3)) },
	"seeds":        func(i uint64) uint64 { return NewKey(i, 0, "pay", "service").Bits(0, 0) },
	"replications": func(i uint64) uint64 { return NewKey(7, int(i), "pay", "service").Bits(0, 0) },
	"names":        func(i uint64) uint64 { return NewKey(7, 0, fmt.Sprint("s", i), "service").Bits(0, 0) },
	"high bits":    func(i uint64) uint64 { return NewKey(7, 0, "pay", "service").Bits(i<<40, 0) },
	"diagonal":     func(i uint64) uint64 { return NewKey(7, 0, "pay", "service").Bits(i, i) },
	"raw keys":     func(i uint64) uint64 { return Key(i).Bits(0, 0) },
	"Mix":          func(i uint64) uint64 { return Mix(i, i+1) },
	"hash":         func(i uint64) uint64 { return HashString(fmt.Sprint(i)) },
}

// TestBytesAreUniform also looks at pairs of neighbours and at their correlation.
func TestBytesAreUniform(t *testing.T) {
	const n = 1 << 16
	for name, next := range streams {
		var counts [8][256]int
		pairs := make([]int, 256) // top four bits of two neighbours
		var last uint64
		var lag float64
		for i := range uint64(n) {
			x := next(i)
			for b := range 8 {
				counts[b][x>>(8*b)&255]++
			}
			if i > 0 {
				pairs[x>>60<<4|last>>60]++
				lag += 12 * (Unit01(x) - 0.5) * (Unit01(last) - 0.5)
			}
			last = x
		}
		for b := range 8 {
			if z := chiSquare(counts[b][:]); math.Abs(z) > 4.5 {
				t.Errorf("%s: byte %d has chi-square %+.2f sigma", name, b, z)
			}
		}
		if z := chiSquare(pairs); math.Abs(z) > 4.5 {
			t.Errorf("%s: neighbours have chi-square %+.2f sigma", name, z)
		}
		if z := lag / math.Sqrt(n-1); math.Abs(z) > 4.5 {
			t.Errorf("%s: neighbours correlate by %+.2f sigma", name, z)
		}
	}
}

// TestStreamsAreIndependent correlates the draws of neighbouring streams for the same operations.
func TestStreamsAreIndependent(t *testing.T) {
	const n = 1 << 15
	base := NewKey(1, 0, "pay", "service")
	for name, other := range map[string]Key{
		"seed": NewKey(2, 0, "pay", "service"), "replication": NewKey(1, 1, "pay", "service"),
		"element": NewKey(1, 0, "pax", "service"), "purpose": NewKey(1, 0, "pay", "latency"),
		"swapped": NewKey(1, 0, "service", "pay"), "key bit": base ^ 1, "key top bit": base ^ 1<<63,
	} {
		if other == base {
			t.Fatalf("%s: the same key", name)
		}
		sum, same := 0.0, 0
		for i := range uint64(n) {
			sum += 12 * (base.Uniform(i, 0) - 0.5) * (other.Uniform(i, 0) - 0.5)
			same += bits.OnesCount64(^(base.Bits(i, 0) ^ other.Bits(i, 0)))
		}
		z := sum / math.Sqrt(n)
		zBits := (float64(same) - 32*n) / math.Sqrt(16*n)
		if math.Abs(z) > 4.5 || math.Abs(zBits) > 4.5 {
			t.Errorf("%s: correlation %+.2f sigma, equal bits %+.2f sigma", name, z, zBits)
		}
	}
}

// TestAvalanche: each of the 192 input bits changes each output bit in half of the cases.
func TestAvalanche(t *testing.T) {
	const n = 4000
	for in := range 192 {
		var flips [64]int
		for i := range uint64(n) {
			k, op, occ := NewKey(5, 0, "a", "b"), i, uint64(0)
			k2, op2, occ2 := k, op, occ
			switch bit := in % 64; in / 64 {
			case 0:
				op2 ^= 1 << bit
			case 1:
				occ2 ^= 1 << bit
			default:
				k2 ^= 1 << bit
			}
			for d := k.Bits(op, occ) ^ k2.Bits(op2, occ2); d != 0; d &= d - 1 {
				flips[bits.TrailingZeros64(d)]++
			}
		}
		for out, c := range flips {
			// 12288 cells: 5.5 sigma, and the slight bias of the finaliser itself.
			if z := (float64(c) - n/2) / math.Sqrt(n/4); math.Abs(z) > 6 {
				t.Errorf("input bit %d flips output bit %d in %d of %d", in, out, c, n)
			}
		}
	}
}

func TestUniformIsInside(t *testing.T) {
	if lo, hi := Unit01(0), Unit01(math.MaxUint64); lo != 0x1p-53 || hi != 1-0x1p-53 || 1-hi != lo {
		t.Errorf("Unit01 ranges over %v … %v", lo, hi)
	}
}

// Draws never share a value: distinct operations and occurrences collide only as random 64-bit numbers do.
func TestNoCollisions(t *testing.T) {
	seen := map[uint64]bool{}
	k := NewKey(1, 0, "x", "y")
	for op := range uint64(300) {
		for occ := range uint64(300) {
			seen[k.Bits(op, occ)] = true
		}
	}
	if len(seen) != 300*300 {
		t.Errorf("%d values of %d", len(seen), 300*300)
	}
}

var sinkBits uint64
var sinkFloat float64
var sinkNanos int64

func BenchmarkBits(b *testing.B) {
	k := NewKey(1, 0, "pay", "service")
	b.ReportAllocs()
	var s, i uint64
	for b.Loop() {
		s += k.Bits(i, 0)
		i++
	}
	sinkBits = s
}

func BenchmarkLog(b *testing.B) {
	b.ReportAllocs()
	x, s := 0.3, 0.0
	for b.Loop() {
		s += Log(x)
		x += 1e-9
	}
	sinkFloat = s
}

// BenchmarkLogLatency makes every call wait for the one before.
func BenchmarkLogLatency(b *testing.B) {
	x := 0.3
	for b.Loop() {
		x = 0.5 - Log(x)*1e-3
	}
	sinkFloat = x
}

// BenchmarkNanos is a whole draw: bits, uniform, sample, rounding.
func BenchmarkNanos(b *testing.B) {
	for _, f := range families {
		d := mustParse(b, f.expr)
		b.Run(f.expr, func(b *testing.B) {
			b.ReportAllocs()
			k := NewKey(1, 0, "pay", "service")
			var s int64
			var i uint64
			for b.Loop() {
				s += d.SampleNanos(k.Uniform(i, 0))
				i++
			}
			sinkNanos = s
		})
	}
}

// The draws of scattered operations are as uniform and as independent as the
// others: within a stream, between two streams, and between occurrences.
func TestUniformOf(t *testing.T) {
	const n = 200_000
	a, b := NewKey(1, 0, "pay", "work"), NewKey(1, 0, "pay", "fail")
	source := HashString("load/shoppers")
	var mean, square, lag, cross, occ, before float64
	for i := range uint64(n) {
		op := Operation(source, i)
		u, v, w := a.UniformOf(op, 0)-0.5, b.UniformOf(op, 0)-0.5, a.UniformOf(op, 1)-0.5
		mean += u
		square += u * u
		lag += u * before
		cross += u * v
		occ += u * w
		before = u
	}
	const sd = 0.28867513459481287 // of a uniform number
	for _, x := range []struct {
		what      string
		got, want float64
		se        float64
	}{
		{"mean", mean / n, 0, sd / math.Sqrt(n)},
		{"variance", square / n, 1.0 / 12, math.Sqrt(1.0/180) / math.Sqrt(n)},
		{"correlation of neighbours", lag / n, 0, sd * sd / math.Sqrt(n)},
		{"correlation of streams", cross / n, 0, sd * sd / math.Sqrt(n)},
		{"correlation of occurrences", occ / n, 0, sd * sd / math.Sqrt(n)},
	} {
		if z := (x.got - x.want) / x.se; math.Abs(z) > 4.5 {
			t.Errorf("%s: %g, %.1f standard errors from %g", x.what, x.got, z, x.want)
		}
	}
}
