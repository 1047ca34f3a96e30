package spec

import (
	"math"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"

	"asynclab/sim/draw"
	"asynclab/sim/spell"
)

// Value is the value of a field that is a number, whatever its kind.
type Value struct {
	Num  float64       // counts, numbers, shares, rates and bandwidths; +Inf is unlimited
	Dur  time.Duration // durations; None is none
	Dist draw.Dist
	Off  bool // of a distribution: none
}

// Error describes an invalid value, and what to write instead.
type Error struct {
	Msg, Hint    string
	says, advice spell.Text // Msg and Hint, for who translates them
}

// Advice is the hint, as it can be translated.
func (e *Error) Advice() spell.Text { return e.advice }

// Says is the message, as it can be translated.
func (e *Error) Says() spell.Text {
	if e.says.Format == "" {
		return spell.Of(e.Msg)
	}
	return e.says
}

// wrong is an error; hint is a string or a spell.Text.
func wrong(hint any, format string, args ...any) *Error {
	says, advice := spell.Textf(format, args...), spell.Of(hint)
	return &Error{says.String(), advice.String(), says, advice}
}

func (e *Error) Error() string { return e.Msg }

// unset reports whether the field has no value of its own, so that the default
// applies.
func (f *Field) unset(owner, place any) bool {
	if f.Has != nil {
		if *f.Has(owner).(*bool) {
			return false
		}
		switch p := place.(type) { // a literal of these need not set its bool as well
		case *float64:
			return *p == 0
		case *draw.Dist:
			return p.IsZero()
		}
		return true
	}
	if f.Default.Written || f.Default.Auto == nil && f.Default.Value == 0 {
		return false
	}
	return !f.Kind.Dist() && reflect.ValueOf(place).Elem().IsZero() && (f.Zero == nil || !*f.Zero(owner).(*bool))
}

// Computed reports whether the field's value is a default computed from the owner.
func (f *Field) Computed(owner any) bool {
	return f.Default.Auto != nil && f.unset(owner, f.At(owner))
}

// ofDefault makes a value from the number of a default.
func (f *Field) ofDefault(x float64) Value {
	switch {
	case f.Kind.Dist() && math.IsInf(x, 1):
		return Value{Dist: draw.Const(0).In(f.Kind.Unit()), Off: true}
	case f.Kind.Dist():
		return Value{Dist: draw.Const(x).In(f.Kind.Unit())}
	case f.Kind == Duration && math.IsInf(x, 1):
		return Value{Dur: None}
	case f.Kind == Duration:
		return Value{Dur: time.Duration(x * 1e9)}
	}
	return Value{Num: x}
}

// Load reads the value, with the default in place of what is not set.
func (f *Field) Load(owner any) Value {
	place := f.At(owner)
	if f.unset(owner, place) {
		if f.Default.Auto != nil {
			return f.ofDefault(f.Default.Auto(owner))
		}
		return f.ofDefault(f.Default.Value)
	}
	switch p := place.(type) {
	case *draw.Dist:
		return Value{Dist: p.In(f.Kind.Unit())}
	case *time.Duration:
		return Value{Dur: *p}
	case *int:
		if *p == Unlimited && f.Unlimited {
			return Value{Num: math.Inf(1)}
		}
		return Value{Num: float64(*p)}
	case *uint64:
		return Value{Num: float64(*p)}
	case *float64:
		if *p == Unlimited && f.Unlimited {
			return Value{Num: math.Inf(1)}
		}
		return Value{Num: *p}
	}
	panic("spec: the place of " + f.Key + " holds no number")
}

// Store writes a value that has passed Check.
func (f *Field) Store(owner any, v Value) {
	zeroIsOff := math.IsInf(f.Default.Value, 1)
	if f.Has != nil {
		*f.Has(owner).(*bool) = !v.Off
		zeroIsOff = false
	}
	if f.Zero != nil {
		*f.Zero(owner).(*bool) = v.Num == 0
	}
	switch p := f.At(owner).(type) {
	case *draw.Dist:
		*p = v.Dist
	case *time.Duration:
		if *p = v.Dur; v.Dur == None && zeroIsOff {
			*p = 0
		}
	case *int:
		switch {
		case !math.IsInf(v.Num, 1):
			*p = int(v.Num)
		case zeroIsOff:
			*p = 0
		default:
			*p = Unlimited
		}
	case *uint64:
		if *p = 0; !math.IsInf(v.Num, 1) {
			*p = uint64(v.Num)
		}
	case *float64:
		switch {
		case !math.IsInf(v.Num, 1):
			*p = v.Num
		case zeroIsOff:
			*p = 0
		default:
			*p = Unlimited
		}
	}
}

// Copy gives the field exactly the value that it has in another owner,
// including data that has no text, such as the samples of a file.
func (f *Field) Copy(to, from any) {
	for _, place := range []Place{f.At, f.Has, f.Zero} {
		if place != nil {
			reflect.ValueOf(place(to)).Elem().Set(reflect.ValueOf(place(from)).Elem())
		}
	}
}

// Number is the value in the base unit: the mean of a distribution, +Inf for
// none and unlimited.
func (f *Field) Number(v Value) float64 {
	switch {
	case f.Kind.Dist() && v.Off:
		return math.Inf(1)
	case f.Kind.Dist():
		return v.Dist.Mean()
	case f.Kind == Duration && v.Dur == None && f.None:
		return math.Inf(1)
	case f.Kind == Duration:
		return v.Dur.Seconds()
	}
	return v.Num
}

// Text is the canonical text of a value.
func (f *Field) Text(v Value) string {
	switch {
	case f.Kind == Duration && v.Dur == 0 && f.autoIsZero():
		return f.AutoWord
	case !f.Kind.Dist() || v.Off:
		return f.TextOf(f.Number(v))
	}
	return v.Dist.String()
}

// TextOf is the canonical text of a number in the base unit.
func (f *Field) TextOf(x float64) string {
	switch {
	case math.IsInf(x, 1) && f.None:
		return "none"
	case math.IsInf(x, 1) && f.Unlimited:
		return "unlimited"
	case f.Kind == Count:
		return strconv.FormatFloat(x, 'f', -1, 64)
	}
	return draw.Quantity{Value: x, Unit: f.Kind.Unit()}.String()
}

// Parse reads a value and checks its range.
func (f *Field) Parse(text string) (Value, error) {
	if v, done, err := f.word(text); done {
		return v, err
	}
	if !f.Kind.Dist() {
		x, err := f.quantity(text)
		if err != nil {
			return Value{}, err
		}
		return f.FromNumber(x)
	}
	d, err := draw.Parse(text, f.Kind.Unit(), nil)
	if err != nil {
		return Value{}, err
	}
	v := Value{Dist: d.In(f.Kind.Unit())}
	return v, f.Check(v)
}

// ParseMean reads a mean and scales a distribution to it.
func (f *Field) ParseMean(text string, old Value) (Value, error) {
	m := *f
	m.mean = true
	if v, done, err := m.word(text); done {
		return v, err
	}
	x, err := m.quantity(text)
	if err != nil {
		return Value{}, err
	}
	return m.Scale(x, old)
}

// autoIsZero reports whether the zero value stands for the default that AutoWord
// names, as it does where 0 cannot be said.
func (f *Field) autoIsZero() bool { return f.AutoWord != "" && f.NotZero }

// word reads the words that are values, such as none and unlimited.
func (f *Field) word(text string) (v Value, done bool, err error) {
	switch {
	case text == "":
		return v, true, wrong(f.Expects(), "no value given")
	case text != "" && text == f.AutoWord && f.autoIsZero():
		return v, true, nil
	case text == "none" && f.None, text == "unlimited" && f.Unlimited:
		return f.ofDefault(math.Inf(1)), true, nil
	case text == "none" || text == "unlimited":
		return v, true, wrong(f.Expects(), "%q is not possible here", text)
	}
	return v, false, nil
}

// quantity reads a number and compares its unit with that of the field. Zero
// needs no unit, and a share may be a plain number.
func (f *Field) quantity(text string) (float64, error) {
	q, err := draw.ParseQuantity(text)
	if err != nil {
		return 0, err
	}
	unit := f.Kind.Unit()
	switch {
	case q.Unit == unit, q.Unit == draw.None && (q.Value == 0 || unit == draw.Ratio):
		return q.Value, nil
	case q.Unit == draw.None:
		return 0, wrong(f.Expects(), "the unit is missing")
	case q.Unit == draw.Ratio && unit == draw.None && f.Kind != Count:
		return q.Value, nil
	}
	return 0, wrong(f.Expects(), "the unit does not fit")
}

// FromNumber makes a value of a number in the base unit, and checks its range.
// A distribution needs Scale.
func (f *Field) FromNumber(x float64) (Value, error) {
	if math.IsInf(x, 1) && (f.None || f.Unlimited) {
		return f.ofDefault(x), nil
	}
	if f.Kind == Duration {
		if err := f.inRange(x); err != nil { // before the conversion, whose result is not defined out of range
			return Value{Num: x}, err
		}
		return Value{Num: x, Dur: time.Duration(math.Round(x * 1e9))}, nil
	}
	v := Value{Num: x}
	return v, f.Check(v)
}

// Scale gives a distribution another mean and keeps its shape.
func (f *Field) Scale(mean float64, old Value) (Value, error) {
	if math.IsInf(mean, 1) && f.None {
		return f.ofDefault(mean), nil
	}
	if err := f.inRange(mean); err != nil {
		return Value{}, err
	}
	m, unit := old.Dist.Mean(), f.Kind.Unit()
	if old.Off || old.Dist.IsConstant() || !(m > 0) {
		return Value{Dist: draw.Const(mean).In(unit)}, nil
	}
	if mean == 0 {
		return Value{}, wrong("write const(0) for the distribution itself", "a distribution cannot be scaled to a mean of 0")
	}
	v := Value{Dist: old.Dist.Scaled(mean / m).In(unit)}
	if got := v.Dist.Mean(); math.Abs(got-mean) > 1e-6*mean {
		return Value{}, wrong("give the distribution itself another expression",
			"%s cannot have a mean of %s", old.Dist.String(), draw.FormatQuantity(mean, unit))
	}
	return v, nil
}

// Check checks that a value is in the range of the field.
func (f *Field) Check(v Value) error {
	x := f.Number(v)
	if math.IsInf(x, 1) && (f.None || f.Unlimited) {
		return nil
	}
	if f.Kind == Count && x != math.Floor(x) {
		return wrong(f.Expects(), "not a whole number")
	}
	return f.inRange(x)
}

func (f *Field) inRange(x float64) error {
	most := f.Max
	if f.Kind.Dist() {
		most *= 1 + 1e-9 // a mean is computed, and rounded
	}
	switch {
	case math.IsNaN(x) || math.IsInf(x, 0):
		return wrong(f.Expects(), "not a finite number")
	case x < 0 && f.Min == 0:
		return wrong(f.Expects(), "negative")
	case x < f.Min:
		return wrong(f.Expects(), "%s is below the least possible, %s", f.show(x), f.show(f.Min))
	case x > most:
		return wrong(f.Expects(), "%s is above the most possible, %s", f.show(x), f.show(f.Max))
	}
	return nil
}

func (f *Field) show(x float64) string {
	if f.Kind == Count {
		return strconv.FormatFloat(x, 'f', -1, 64)
	}
	return draw.FormatQuantity(x, f.Kind.Unit())
}

// Expects says what to write.
func (f *Field) Expects() spell.Text {
	kind := &kinds[f.Kind]
	what := kind.expects
	if f.mean {
		what = kind.expectsMean
	}
	if what == "" {
		what = "number"
	}
	expects := spell.Textf("%s", spell.Noun(what))
	if strings.HasSuffix(what, "number") {
		expects = spell.Textf("%s from %s to %s", spell.Noun(what), f.show(f.Min), f.show(f.Max))
	}
	if words := f.Bounds(); len(words) > 0 {
		expects = spell.Textf("%s, or %s", expects, strings.Join(words, " or "))
	}
	return spell.Textf("write a %s", expects)
}

// Expected are the nouns that Expects says.
func Expected() (nouns []string) {
	nouns = append(nouns, "number")
	for _, k := range kinds {
		nouns = append(nouns, k.expects, k.expectsMean)
	}
	slices.Sort(nouns)
	return slices.DeleteFunc(slices.Compact(nouns), func(s string) bool { return s == "" })
}

// Bounds are the words that the field accepts besides numbers.
func (f *Field) Bounds() []string {
	var words []string
	if f.None {
		words = append(words, "none")
	}
	if f.Unlimited {
		words = append(words, "unlimited")
	}
	return words
}
