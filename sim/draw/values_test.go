package draw

import (
	"bytes"
	"fmt"
	"math"
	"math/big"
	"testing"

	"asynclab/sim/golden"
)

// The tables of values.go are these: computed in fixed-point integers, numbers multiplied by 2^160, so that they are
// the same on every processor. An entry keeps at most 106 of the bits.
func TestValues(t *testing.T) {
	var b bytes.Buffer
	fmt.Fprint(&b, "package draw\n\n// Written by go test ./sim/draw -run TestValues -update.\n\nvar logTable = [129]logEntry{\n")
	for _, e := range makeLogTable() {
		fmt.Fprintf(&b, "\t{%x, %x, %x},\n", e.inv, e.hi, e.lo)
	}
	fmt.Fprint(&b, "}\n\nvar expTable = [64]expEntry{\n")
	for _, e := range makeExpTable() {
		fmt.Fprintf(&b, "\t{%x, %x},\n", e.hi, e.lo)
	}
	fmt.Fprint(&b, "}\n\nvar binadeTable = [64]binadeEntry{\n")
	for _, e := range makeBinadeTable() {
		fmt.Fprintf(&b, "\t{%x, %x, %x},\n", e.down, e.hi, e.lo)
	}
	fmt.Fprint(&b, "}\n")
	golden.Equal(t, "values.go", b.Bytes())
	if logTable != makeLogTable() || expTable != makeExpTable() || binadeTable != makeBinadeTable() {
		t.Error("the compiled tables are not the computed ones")
	}
}

const fixedBits = 160

// fixed is n/2^160.
func fixed(n *big.Int) *big.Float {
	return new(big.Float).SetMantExp(new(big.Float).SetInt(n), -fixedBits)
}

// beyond is x - hi.
func beyond(x *big.Float, hi float64) float64 {
	lo, _ := new(big.Float).Sub(x, big.NewFloat(hi)).Float64()
	return lo
}

// makeLogTable adds up log(k/(k-1)) = 2·atanh(1/(2k-1)) from k = 512 downwards.
func makeLogTable() (table [129]logEntry) {
	var sum, power, term big.Int
	k, two := int64(512), new(big.Int).Lsh(big.NewInt(2), fixedBits)
	for j := range table {
		d := int64(128 + j)
		inv := (2*65_536 + d) / (2 * d) // 512/(1+j/128), rounded
		for ; k > inv; k-- {
			m := 2*k - 1
			power.Quo(two, big.NewInt(m))
			for n := int64(1); n < 15; n += 2 {
				sum.Add(&sum, term.Quo(&power, big.NewInt(n)))
				power.Quo(&power, big.NewInt(m*m))
			}
		}
		log := fixed(&sum)
		near, _ := new(big.Float).SetMantExp(log, 42).Float64()
		hi := math.Ldexp(math.RoundToEven(near), -42)
		table[j] = logEntry{float64(inv) / 512, hi, beyond(log, hi)}
	}
	return table
}

func makeExpTable() (table [64]expEntry) {
	power := new(big.Int).Lsh(big.NewInt(1), fixedBits)
	step := new(big.Int).Lsh(power, 1)
	for range 6 {
		step.Sqrt(step.Lsh(step, fixedBits))
	}
	for j := range table {
		x := fixed(power)
		hi, _ := x.Float64()
		table[j] = expEntry{hi, beyond(x, hi)}
		power.Rsh(power.Mul(power, step), fixedBits)
	}
	return table
}

func makeBinadeTable() (table [64]binadeEntry) {
	for n := range 53 {
		e := float64(53 - n)
		table[(n+1023)&63] = binadeEntry{math.Ldexp(1, -n), float64(e * ln2Hi), float64(e * ln2Lo)}
	}
	return table
}
