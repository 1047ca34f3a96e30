package draw

import (
	"bytes"
	"fmt"
	"go/format"
	"math"
	"math/big"
	"os"
	"testing"
)

const tablePrecision = 200

// bigLog2 and friends compute with 200 bits from the power series, independent of package math.
func bigLog(x *big.Float) *big.Float { // 1/2 <= x <= 2, by 2·atanh((x-1)/(x+1))
	num := new(big.Float).SetPrec(tablePrecision).Sub(x, big.NewFloat(1))
	den := new(big.Float).SetPrec(tablePrecision).Add(x, big.NewFloat(1))
	s := new(big.Float).SetPrec(tablePrecision).Quo(num, den)
	s2 := new(big.Float).SetPrec(tablePrecision).Mul(s, s)
	sum := new(big.Float).SetPrec(tablePrecision)
	for n := int64(0); n < 80; n++ {
		term := new(big.Float).SetPrec(tablePrecision).Quo(s, new(big.Float).SetInt64(2*n+1))
		sum.Add(sum, term)
		s.Mul(s, s2)
	}
	return sum.Mul(sum, big.NewFloat(2))
}

func bigExp(x *big.Float) *big.Float {
	sum := new(big.Float).SetPrec(tablePrecision)
	term := new(big.Float).SetPrec(tablePrecision).SetInt64(1)
	for n := int64(1); n < 60; n++ {
		sum.Add(sum, term)
		term.Mul(term, x)
		term.Quo(term, new(big.Float).SetInt64(n))
	}
	return sum
}

// split rounds x to a multiple of 2^-bits and the rest to a float64.
func split(x *big.Float, bits int) (hi, lo float64) {
	scaled := new(big.Float).SetPrec(tablePrecision).SetMantExp(x, bits)
	f, _ := scaled.Float64()
	hi = math.Ldexp(math.RoundToEven(f), -bits)
	rest := new(big.Float).SetPrec(tablePrecision).Sub(x, new(big.Float).SetFloat64(hi))
	lo, _ = rest.Float64()
	return hi, lo
}

func renderTables() []byte {
	var b bytes.Buffer
	fmt.Fprint(&b, "package draw\n\n// Written by TestTables with DRAW_UPDATE=1, from power series with 200 bits. Do not edit.\n\n")
	ln2 := bigLog(big.NewFloat(2).SetPrec(tablePrecision))
	hi, lo := split(ln2, 42)
	fmt.Fprintf(&b, "const (\n\tlogHiLast = %x\n\tlogLoLast = %x\n", hi, lo)
	step := new(big.Float).SetPrec(tablePrecision).SetMantExp(ln2, -6)
	hi, lo = split(step, 38)
	fmt.Fprintf(&b, "\tln2By64Hi = %x\n\tln2By64Lo = %x\n)\n\n", hi, lo)
	fmt.Fprint(&b, "type logEntry struct{ inv, hi, lo float64 }\n\n")
	fmt.Fprint(&b, "// logTable[j] is a number of 10 bits near 1/(1+j/128) and minus its logarithm as a sum, hi a multiple of 2^-42.\n")
	fmt.Fprint(&b, "var logTable = [129]logEntry{\n")
	for j := 0; j <= 128; j++ {
		inv := math.Round(512/(1+float64(j)/128)) / 512
		hi, lo := split(new(big.Float).Neg(bigLog(new(big.Float).SetPrec(tablePrecision).SetFloat64(inv))), 42)
		fmt.Fprintf(&b, "\t{%v, %x, %x},\n", inv, hi, lo)
	}
	fmt.Fprint(&b, "}\n\ntype expEntry struct{ hi, lo float64 }\n\n// expTable[j] is 2^(j/64) as a sum.\nvar expTable = [64]expEntry{\n")
	for j := int64(0); j < 64; j++ {
		x := new(big.Float).SetPrec(tablePrecision).Mul(step, new(big.Float).SetInt64(j))
		e := bigExp(x)
		hi, _ := e.Float64()
		lo, _ := new(big.Float).SetPrec(tablePrecision).Sub(e, new(big.Float).SetFloat64(hi)).Float64()
		fmt.Fprintf(&b, "\t{%x, %x},\n", hi, lo)
	}
	fmt.Fprint(&b, "}\n")
	out, err := format.Source(b.Bytes())
	if err != nil {
		panic(err)
	}
	return out
}

// TestTables recomputes tables.go; with DRAW_UPDATE=1 it writes the file.
func TestTables(t *testing.T) {
	want := renderTables()
	if os.Getenv("DRAW_UPDATE") != "" {
		if err := os.WriteFile("tables.go", want, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile("tables.go")
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Error("tables.go is not what the series give")
	}
}
