package draw

import "math"

// Placeholders, to be replaced by portable versions before use.
func Log(x float64) float64            { return math.Log(x) }
func Exp(x float64) float64            { return math.Exp(x) }
func Pow(x, y float64) float64         { return math.Pow(x, y) }
func Log1p(x float64) float64          { return math.Log1p(x) }
func Expm1(x float64) float64          { return math.Expm1(x) }
func NormalQuantile(p float64) float64 { return math.Sqrt2 * math.Erfinv(2*p-1) }
func NormalCDF(z float64) float64      { return 0.5 * math.Erfc(-z/math.Sqrt2) }
func LogGamma(x float64) float64       { v, _ := math.Lgamma(x); return v }

// GammaP …
func GammaP(a, x float64) float64 { return 0 }

// GammaQ …
func GammaQ(a, x float64) float64 { return 0 }

// GammaQuantile …
func GammaQuantile(a, p float64) float64 { return 0 }
