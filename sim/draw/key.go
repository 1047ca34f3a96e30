package draw

// Key identifies a stream of draws. It is a hash of the seed, the replication, the name of the model element and the
// purpose ("service", "latency", "loss" …). Make keys with NewKey only: the generator relies on a well mixed key.
type Key uint64

const (
	weyl1 = 0x9e3779b97f4a7c15 // 2^64 divided by the golden ratio, odd: the Weyl increment of SplitMix64
	weyl2 = 0xd1342543de82ef95 // a second odd multiplier, so that Mix(a, b) and Mix(b, a) differ
)

// scramble is the 64-bit finaliser of SplitMix64 (Steele, Lea, Flood: "Fast Splittable Pseudorandom Number
// Generators", OOPSLA 2014, with the constants of Stafford's variant 13). It is a bijection in which every input bit
// changes every output bit with probability close to one half.
func scramble(x uint64) uint64 {
	x ^= x >> 30
	x *= 0xbf58476d1ce4e5b9
	x ^= x >> 27
	x *= 0x94d049bb133111eb
	x ^= x >> 31
	return x
}

// Mix combines two words into one; the order matters. The engine derives occurrences with it: a hash of attempt,
// redelivery, branch and so on, folded one after the other.
func Mix(a, b uint64) uint64 {
	return scramble(scramble(a+weyl1) ^ (b*weyl2 + weyl1))
}

// HashString hashes a name: 64-bit FNV-1a (Fowler, Noll, Vo), finalised with scramble because the high bits of plain
// FNV are poor for short names. The value is part of every golden result: it never changes.
func HashString(s string) uint64 {
	h := uint64(0xcbf29ce484222325)
	for i := 0; i < len(s); i++ {
		h ^= uint64(s[i])
		h *= 0x100000001b3
	}
	return scramble(h + weyl1)
}

// NewKey makes the key of a stream. The name of the design is deliberately no argument: the same element meets the
// same draws in every design (common random numbers).
func NewKey(seed uint64, replication int, element, purpose string) Key {
	h := Mix(seed, uint64(replication))
	h = Mix(h, HashString(element))
	return Key(Mix(h, HashString(purpose)))
}

// Bits is the draw of the stream for an operation and an occurrence: 64 uniform bits, a pure function.
//
// It is two rounds of the SplitMix64 finaliser (paper at scramble) with the key added before each, in the manner of an
// iterated Even-Mansour cipher: over consecutive occurrences of one operation it walks the SplitMix64 sequence from a
// start that depends on key and operation. For a fixed occurrence it is a bijection of the operation, so operations
// never collide; the key in the second round keeps two streams apart even where their first rounds coincide. Unlike
// Squares, every bit of operation and occurrence has full avalanche, which matters because occurrences are hashes.
func (k Key) Bits(operation, occurrence uint64) uint64 {
	x := scramble(uint64(k) + operation*weyl1)
	return scramble((x ^ uint64(k)) + occurrence*weyl1)
}

// Uniform is the draw as a number strictly between 0 and 1: an odd multiple of 2^-53, so that 1-u is exact, is never
// 0 or 1 either, and has the same distribution.
func (k Key) Uniform(operation, occurrence uint64) float64 {
	return Unit01(k.Bits(operation, occurrence))
}

// Operation is the identity of the n-th operation of a source, scattered over all 64 bits, which saves UniformOf one
// round.
func Operation(source, n uint64) uint64 { return scramble(source + n*weyl1) }

// UniformOf is Uniform for the result of Operation, which has already done the first of the two rounds, without the
// key, once for all the draws of the operation.
func (k Key) UniformOf(operation, occurrence uint64) float64 {
	return Unit01(k.BitsOf(operation, occurrence))
}

// BitsOf is Bits, likewise.
func (k Key) BitsOf(operation, occurrence uint64) uint64 {
	return scramble((operation ^ uint64(k)) + occurrence*weyl1)
}

// UnitExps are the draws of consecutive operations as samples of an exponential with mean 1: the gaps of a Poisson
// process of rate 1.
func (k Key) UnitExps(first uint64, to []float64) { k.UnitExpsOf(uint64(k), first, 0, to) }

// UnitExpsOf is UnitExps for one draw of each of the operations of a source, from the first on: of BitsOf(Operation(source,
// first+i), occurrence). They do not depend on each other, so that a processor computes several in the time of one.
//
//go:noinline
func (k Key) UnitExpsOf(source, first, occurrence uint64, to []float64) {
	x, y := source+first*weyl1, occurrence*weyl1
	for i := range to {
		to[i] = unitExp(scramble((scramble(x) ^ uint64(k)) + y))
		x += weyl1
	}
}

// Unit01 maps 64 uniform bits to (0,1): (bits>>12 + ½)·2^-52, written so that it costs one conversion. With 53 bits
// (bits>>11 + ½)·2^-53 would round up to 1 for the largest value.
func Unit01(bits uint64) float64 {
	return float64(int64(bits>>11|1)) * 0x1p-53
}
