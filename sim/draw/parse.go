package draw

// ExprError says where an expression is wrong and what to write instead.
type ExprError struct {
	Offset int // byte offset in the expression
	Msg    string
	Hint   string // may be empty
}

func (e *ExprError) Error() string {
	if e.Hint == "" {
		return e.Msg
	}
	return e.Msg + " (" + e.Hint + ")"
}

// Parse reads a distribution expression whose values have the unit want.
func Parse(expr string, want Unit, load func(name string) ([]float64, error)) (Dist, error) {
	return Dist{}, &ExprError{Msg: "not yet"}
}

// String is the canonical expression.
func (d Dist) String() string { return formSpecs[d.form].name }

// Quantile is the smallest x with P(X <= x) >= p.
func (d *Dist) Quantile(p float64) float64 { return d.quantile(p) }
