package study

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"asynclab/sim/design"
	"asynclab/sim/draw"
)

// Limits of what is varied.
const (
	DefaultPoints = 11
	MaxPoints     = 10_000 // of one parameter
	maxVaryText   = 4_000  // bytes
)

// Vary says which values a parameter takes: those of a range, or of a list.
//
//	load.users.rate=10/s..200/s         11 values, at equal distances
//	load.users.rate=10/s..200/s:20      20 values
//	load.users.rate=10/s..1000/s:7log   7 values, at equal ratios; also :log, :7:log
//	service.pay.workers=1,2,4,8         these values
type Vary struct {
	Path     string
	From, To string   // of a range, as written
	Points   int      // of a range
	Log      bool     // equal ratios instead of equal distances
	Values   []string // of a list, as written

	text string // as it was given
}

// InputError is a mistake in what a study is asked to do.
type InputError struct {
	Where     string // the option or the path
	Msg, Hint string
}

func (e *InputError) Error() string { return e.Where + ": " + e.Msg }

func inputf(where, hint, format string, args ...any) error {
	return &InputError{where, fmt.Sprintf(format, args...), hint}
}

const varyExample = "such as load.users.rate=10/s..200/s, …:20 for 20 values, …:log for equal ratios, or PATH=1,2,4,8"

// ParseVary reads what a parameter varies over. It knows no parameters yet; errors are
// of type *InputError.
func ParseVary(text string) (Vary, error) {
	where := "vary " + design.Quoted(text)
	if len(text) > maxVaryText {
		return Vary{}, inputf(where, "give a range, FROM..TO, instead of a list", "longer than %d characters", maxVaryText)
	}
	path, rest, ok := strings.Cut(text, "=")
	v := Vary{Path: strings.TrimSpace(path), text: text}
	rest = strings.TrimSpace(rest)
	if !ok || v.Path == "" || rest == "" {
		return Vary{}, inputf(where, varyExample, "it needs PATH=FROM..TO")
	}
	for _, dots := range []string{"...", "…"} {
		if strings.Contains(rest, dots) {
			return Vary{}, inputf(where, "write "+v.Path+"="+strings.Replace(rest, dots, "..", 1), "a range is written with two dots")
		}
	}
	from, to, isRange := strings.Cut(rest, "..")
	if !isRange {
		v.Values = splitList(rest)
		return v, v.checkList(where)
	}
	to, options, more := strings.Cut(to, ":")
	v.From, v.To, v.Points = strings.TrimSpace(from), strings.TrimSpace(to), DefaultPoints
	switch {
	case v.From == "" || v.To == "":
		return Vary{}, inputf(where, varyExample, "a range has two ends, FROM..TO")
	case strings.Contains(v.To, ".."):
		return Vary{}, inputf(where, "FROM..TO:N has N values", "a range has two ends, this one has more")
	}
	if !more {
		return v, nil
	}
	return v, v.options(where, options)
}

// options reads what follows a range: a number of points, log, or both.
func (v *Vary) options(where, text string) error {
	counted := false
	for option := range strings.SplitSeq(text, ":") {
		option = strings.TrimSpace(option)
		number, log := strings.CutSuffix(option, "log")
		if log && v.Log || option == "" || number != "" && counted {
			return inputf(where, "such as FROM..TO:20, FROM..TO:log or FROM..TO:20log", "cannot read :%s after the range", text)
		}
		v.Log = v.Log || log
		if number == "" {
			continue
		}
		counted = true
		q, err := draw.ParseQuantity(number)
		if err != nil || q.Unit != draw.None || q.Value != math.Floor(q.Value) {
			return inputf(where, "such as FROM..TO:20, FROM..TO:log or FROM..TO:20log", "%s is not a number of points", design.Quoted(number))
		}
		if q.Value < 2 || q.Value > MaxPoints {
			return inputf(where, "", "a range has from 2 to %d points, not %s", MaxPoints, number)
		}
		v.Points = int(q.Value)
	}
	return nil
}

// splitList splits at the commas that are not inside parentheses.
func splitList(text string) []string {
	var out []string
	depth, from := 0, 0
	for i, c := range text {
		switch {
		case c == '(':
			depth++
		case c == ')':
			depth--
		case c == ',' && depth <= 0:
			out = append(out, strings.TrimSpace(text[from:i]))
			from = i + 1
		}
	}
	return append(out, strings.TrimSpace(text[from:]))
}

func (v *Vary) checkList(where string) error {
	switch {
	case slices.Contains(v.Values, ""):
		return inputf(where, varyExample, "a value is missing")
	case len(v.Values) < 2:
		return inputf(where, varyExample, "one value does not vary; --set gives a parameter a value")
	}
	return nil
}

// String is the text that [ParseVary] reads.
func (v Vary) String() string {
	if v.Values != nil {
		return v.Path + "=" + strings.Join(v.Values, ",")
	}
	log := ""
	if v.Log {
		log = "log"
	}
	return fmt.Sprintf("%s=%s..%s:%d%s", v.Path, v.From, v.To, v.Points, log)
}

// Axis is a varied parameter of certain designs.
type Axis struct {
	Path    string
	Unit    draw.Unit
	Log     bool    // of a range with equal ratios
	Integer bool    // a count: no values between two neighbours
	Number  bool    // the values are numbers, each greater than the last
	Places  []Place // ascending where Number
	asked   string  // as --vary takes it
	has     []bool  // by design: whether it has the parameter
	first   *design.Design
}

// Place is a value of an axis.
type Place struct {
	Text string  // as --set takes it
	X    float64 // in the base unit; the mean of a distribution
}

// Resolve finds the values: the parameter must be one of at least one of the designs,
// and each value in its range in every design that has it.
func (v Vary) Resolve(designs []*design.Design) (*Axis, error) {
	where := "vary " + design.Quoted(cmp.Or(v.text, v.String()))
	a := &Axis{Path: v.Path, Log: v.Log, Number: true, asked: cmp.Or(v.text, v.String())}
	var p design.Param
	var unknown error
	for _, d := range designs {
		found, err := d.Lookup(v.Path)
		a.has = append(a.has, err == nil)
		switch {
		case err != nil && unknown == nil:
			unknown = err
		case err == nil && a.first == nil:
			a.first, p = d, found
		}
	}
	if a.first == nil {
		return nil, parameterError(where, unknown)
	}
	a.Unit, a.Integer = p.Unit, p.Kind == design.ParamInteger
	var err error
	if v.Values != nil {
		err = a.list(where, v)
	} else if p.Kind == design.ParamDist && !a.constant() {
		err = inputf(where, fmt.Sprintf("vary its mean: %s.mean=%s..%s; or list distributions: %s=exp(5ms),uniform(1ms, 9ms)", v.Path, v.From, v.To, v.Path),
			"%s is a distribution, and distributions have no order", v.Path)
	} else {
		err = a.span(where, v)
	}
	if err != nil {
		return nil, err
	}
	return a, a.valid(where, designs)
}

func parameterError(where string, err error) error {
	var p *design.ParamError
	if errors.As(err, &p) {
		return inputf(where, p.Hint, "%s: %s", p.Path, p.Msg)
	}
	return inputf(where, "", "%v", err)
}

// constant reports whether the parameter is a constant where it is found first: a range
// of constants then loses no shape.
func (a *Axis) constant() bool {
	text, err := a.first.Get(a.Path)
	if err != nil {
		return false
	}
	_, err = draw.ParseQuantity(text)
	return err == nil
}

// place reads a value.
func (a *Axis) place(where, text string) (Place, error) {
	d := a.first.Clone()
	if err := d.Set(a.Path, text); err != nil {
		return Place{}, parameterError(where, err)
	}
	x, err := d.Number(a.Path)
	if err != nil {
		return Place{}, parameterError(where, err)
	}
	return Place{text, x}, nil
}

func (a *Axis) list(where string, v Vary) error {
	for _, text := range v.Values {
		p, err := a.place(where, text)
		if err != nil {
			return err
		}
		if slices.ContainsFunc(a.Places, func(q Place) bool { return q.Text == p.Text }) {
			return inputf(where, "name each value once", "%s is there twice", text)
		}
		a.Places = append(a.Places, p)
	}
	slices.SortStableFunc(a.Places, func(p, q Place) int { return cmp.Compare(p.X, q.X) })
	for i, p := range a.Places {
		a.Number = a.Number && !math.IsInf(p.X, 0) && (i == 0 || p.X > a.Places[i-1].X)
	}
	return nil
}

func (a *Axis) span(where string, v Vary) error {
	from, err := a.place(where, v.From)
	if err != nil {
		return err
	}
	to, err := a.place(where, v.To)
	if err != nil {
		return err
	}
	switch {
	case math.IsInf(from.X, 0) || math.IsInf(to.X, 0):
		return inputf(where, "a list may have it: "+v.Path+"=10,100,unlimited", "a range needs two numbers")
	case from.X == to.X:
		return inputf(where, "--set gives a parameter a value", "the range begins where it ends")
	case from.X > to.X:
		return inputf(where, fmt.Sprintf("write %s=%s..%s", v.Path, v.To, v.From), "the range goes backwards")
	case v.Log && from.X <= 0:
		return inputf(where, "begin above 0, or leave out log", "equal ratios cannot begin at %s", v.From)
	}
	for i := range v.Points {
		p, err := a.at(where, v.value(from.X, to.X, i))
		if err != nil {
			return err
		}
		if n := len(a.Places); n == 0 || p.X > a.Places[n-1].X { // rounding to counts makes equal ones
			a.Places = append(a.Places, p)
		}
	}
	// The ends keep the text of the user.
	a.Places[0] = from
	if last := &a.Places[len(a.Places)-1]; last.X == to.X {
		*last = to
	}
	return nil
}

// value is the i-th value, with as many digits as its distance to the next needs.
func (v Vary) value(from, to float64, i int) float64 {
	part := float64(i) / float64(v.Points-1)
	switch {
	case i == 0:
		return from
	case i == v.Points-1:
		return to
	case v.Log:
		return draw.Significant(from*math.Pow(to/from, part), 4)
	}
	return significant(from+part*(to-from), (to-from)/float64(v.Points-1), false)
}

// At is the place of a number between two places.
func (a *Axis) At(x float64) (Place, error) { return a.at("vary "+design.Quoted(a.Path), x) }

func (a *Axis) at(where string, x float64) (Place, error) {
	if a.Integer {
		x = math.Round(x)
		return a.place(where, strconv.FormatFloat(x, 'f', -1, 64))
	}
	return a.place(where, draw.Quantity{Value: x, Unit: a.Unit}.String())
}

// valid checks every value in every design.
func (a *Axis) valid(where string, designs []*design.Design) error {
	for i, d := range designs {
		if !a.has[i] || d == a.first {
			continue
		}
		for _, p := range a.Places {
			if err := d.Valid(a.Path, p.Text); err != nil {
				return parameterError(where+", design "+d.Name, err)
			}
		}
	}
	return nil
}

// Show writes a value for people: as it was written, or with its unit.
func (a *Axis) Show(x float64) string {
	for _, p := range a.Places {
		if p.X == x {
			return p.Text
		}
	}
	return draw.FormatQuantity(x, a.Unit)
}

// Axes resolves what one or two parameters vary over.
func Axes(all []Vary, designs []*design.Design) ([]*Axis, error) {
	if len(all) == 0 {
		return nil, inputf("vary", varyExample, "there is nothing to vary")
	}
	if len(all) > 2 {
		return nil, inputf("vary", "sweep them one pair after the other", "at most two parameters, not %d", len(all))
	}
	if len(all) == 2 && all[0].Path == all[1].Path {
		return nil, inputf("vary "+design.Quoted(all[1].String()), "vary one of them, or name another parameter", "%s is varied already", all[1].Path)
	}
	var out []*Axis
	for _, v := range all {
		a, err := v.Resolve(designs)
		if err != nil {
			return nil, err
		}
		out = append(out, a)
	}
	return out, nil
}
