package draw

import (
	"math/big"
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
