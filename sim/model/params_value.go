package model

import (
	"fmt"
	"math"
	"reflect"
	"strconv"
	"strings"
	"time"

	"asynclab/sim/draw"
)

// slot is one parameter of one design: its description and where its value is.
type slot struct {
	f       *field
	v       reflect.Value // addressable
	has     reflect.Value // the bool that says v is set, if there is one
	mean    bool          // the mean of the distribution v
	auto    float64       // what zero means, with zeroAuto
	declare func()        // puts what holds v into the design, if it is not yet there
}

// value is the value of a parameter, whatever its kind.
type value struct {
	num  float64       // counts, numbers and ratios; +Inf is unlimited
	dur  time.Duration // durations; None is none
	dist draw.Dist
	off  bool // of a distribution: none
}

type valueError struct{ msg, hint string }

func (e *valueError) Error() string { return e.msg }

func (s *slot) kind() ParamKind {
	if s.mean {
		return ParamMean
	}
	return s.f.kind
}

func (s *slot) param(path string) Param {
	f := s.f
	return Param{
		Path: path, Kind: s.kind(), Unit: f.unit, Label: f.label, Min: f.min, Max: f.max, Live: f.live,
		NoneAllowed: f.none, UnlimitedAllowed: f.unlimited, ID: f.id, Doc: s.doc(),
	}
}

func (s *slot) doc() string {
	if s.mean {
		return "mean of: " + s.f.doc + " (scales it, the shape stays)"
	}
	return s.f.doc
}

// unset tells whether the field stands for its default.
func (s *slot) unset() bool {
	if s.has.IsValid() {
		// A literal probability need not set its bool as well.
		return !s.has.Bool() && (s.v.Kind() != reflect.Float64 || s.v.Float() == 0)
	}
	return s.f.zero != zeroItself && s.v.IsZero()
}

// load reads the value, with defaults in place of what is not set.
func (s *slot) load() value {
	unset := s.unset()
	zero := s.f.zeroValue
	if s.f.zero == zeroAuto {
		zero = s.auto
	}
	switch s.f.kind {
	case ParamDist, ParamMean:
		v := value{dist: s.v.Interface().(draw.Dist).In(s.f.unit)}
		if unset {
			v.dist, v.off = draw.Const(zero).In(s.f.unit), s.f.none
		}
		return v
	case ParamDuration:
		v := value{dur: time.Duration(s.v.Int())}
		switch {
		case unset && math.IsInf(zero, 1):
			v.dur = None
		case unset:
			v.dur = time.Duration(zero * 1e9)
		}
		return v
	case ParamInteger:
		n := s.v.Int()
		switch {
		case unset:
			return value{num: zero}
		case n == Unlimited && s.f.unlimited:
			return value{num: math.Inf(1)}
		}
		return value{num: float64(n)}
	}
	if unset {
		return value{num: zero}
	}
	return value{num: s.v.Float()}
}

// store writes a value that has passed check.
func (s *slot) store(v value) {
	if s.has.IsValid() {
		s.has.SetBool(!v.off)
	}
	zeroIsOff := s.f.zero == zeroNumber && math.IsInf(s.f.zeroValue, 1) && !s.has.IsValid()
	switch s.f.kind {
	case ParamDist:
		s.v.Set(reflect.ValueOf(v.dist))
	case ParamDuration:
		if v.dur == None && zeroIsOff {
			v.dur = 0
		}
		s.v.SetInt(int64(v.dur))
	case ParamInteger:
		switch {
		case !math.IsInf(v.num, 1):
			s.v.SetInt(int64(v.num))
		case zeroIsOff:
			s.v.SetInt(0)
		default:
			s.v.SetInt(Unlimited)
		}
	default:
		if math.IsInf(v.num, 1) {
			v.num = 0 // the only numbers without a bound are those whose zero says so
		}
		s.v.SetFloat(v.num)
	}
	if s.declare != nil {
		s.declare()
	}
}

// number is the value in its base unit.
func (s *slot) number(v value) float64 {
	switch s.f.kind {
	case ParamDist:
		if v.off {
			return math.Inf(1)
		}
		return v.dist.Mean()
	case ParamDuration:
		if v.dur == None && s.f.none {
			return math.Inf(1)
		}
		return v.dur.Seconds()
	}
	return v.num
}

// text is the canonical text of the value.
func (s *slot) text(v value) string {
	x := s.number(v)
	switch {
	case math.IsInf(x, 1) && s.f.none:
		return "none"
	case math.IsInf(x, 1) && s.f.unlimited:
		return "unlimited"
	case s.kind() == ParamDist:
		return v.dist.String()
	case s.kind() == ParamInteger:
		return strconv.FormatFloat(x, 'f', -1, 64)
	}
	return draw.Quantity{Value: x, Unit: s.f.unit}.String()
}

// parse reads a value and checks its range.
func (s *slot) parse(text string) (value, error) {
	switch {
	case text == "":
		return value{}, &valueError{"no value given", s.expects()}
	case text == "none" && s.f.none, text == "unlimited" && s.f.unlimited:
		return s.fromNumber(math.Inf(1))
	case text == "none" || text == "unlimited":
		return value{}, &valueError{fmt.Sprintf("%q is not possible here", text), s.expects()}
	}
	if s.kind() == ParamDist {
		d, err := draw.Parse(text, s.f.unit, nil)
		if err != nil {
			return value{}, err
		}
		v := value{dist: d.In(s.f.unit)}
		return v, s.check(v)
	}
	q, err := draw.ParseQuantity(text)
	if err != nil {
		return value{}, err
	}
	if err := s.fits(q); err != nil {
		return value{}, err
	}
	return s.fromNumber(q.Value)
}

// fits compares the unit that was written with the unit of the parameter. Zero
// needs no unit, and a share may be a plain number.
func (s *slot) fits(q draw.Quantity) error {
	switch {
	case q.Unit == s.f.unit, q.Unit == draw.None && (q.Value == 0 || s.f.unit == draw.Ratio):
		return nil
	case q.Unit == draw.None:
		return &valueError{"the unit is missing", s.expects()}
	case q.Unit == draw.Ratio && s.f.unit == draw.None && s.kind() != ParamInteger:
		return nil
	}
	return &valueError{"the unit does not fit", s.expects()}
}

// fromNumber makes a value of a number in the base unit, and checks its range.
func (s *slot) fromNumber(x float64) (value, error) {
	off := math.IsInf(x, 1) && (s.f.none || s.f.unlimited)
	v := value{num: x}
	switch s.f.kind {
	case ParamDist:
		if off {
			v.off = true
			return v, nil
		}
		if err := s.inRange(x); err != nil {
			return v, err
		}
		return s.scaled(x)
	case ParamDuration:
		if off {
			v.dur = None
			return v, nil
		}
		if err := s.inRange(x); err != nil { // before the conversion, which is only defined for what fits
			return v, err
		}
		v.dur = time.Duration(math.Round(x * 1e9))
	}
	return v, s.check(v)
}

// scaled gives the distribution another mean and keeps its shape.
func (s *slot) scaled(mean float64) (value, error) {
	old := s.load()
	m := old.dist.Mean()
	if old.off || old.dist.IsConstant() || !(m > 0) {
		return value{dist: draw.Const(mean).In(s.f.unit)}, nil
	}
	if mean == 0 {
		return value{}, &valueError{"a distribution cannot be scaled to a mean of 0", "write const(0) for the distribution itself"}
	}
	v := value{dist: old.dist.Scaled(mean / m).In(s.f.unit)}
	if got := v.dist.Mean(); math.Abs(got-mean) > 1e-6*mean {
		return value{}, &valueError{
			fmt.Sprintf("%s cannot have a mean of %s", old.dist.String(), draw.FormatQuantity(mean, s.f.unit)),
			"give the distribution itself another expression",
		}
	}
	return v, nil
}

// check judges a value against the range of the parameter.
func (s *slot) check(v value) error {
	x := s.number(v)
	if math.IsInf(x, 1) && (s.f.none || s.f.unlimited) {
		return nil
	}
	if s.f.kind == ParamInteger && x != math.Floor(x) {
		return &valueError{"not a whole number", s.expects()}
	}
	return s.inRange(x)
}

func (s *slot) inRange(x float64) error {
	most := s.f.max
	if s.f.kind == ParamDist {
		most *= 1 + 1e-9 // a mean is computed, and rounded
	}
	switch {
	case math.IsNaN(x) || math.IsInf(x, 0):
		return &valueError{"not a finite number", s.expects()}
	case x < 0 && s.f.min == 0:
		return &valueError{"negative", s.expects()}
	case x < s.f.min:
		return &valueError{fmt.Sprintf("%s is below the least possible, %s", s.show(x), s.show(s.f.min)), s.expects()}
	case x > most:
		return &valueError{fmt.Sprintf("%s is above the most possible, %s", s.show(x), s.show(s.f.max)), s.expects()}
	}
	return nil
}

func (s *slot) show(x float64) string {
	if s.f.kind == ParamInteger {
		return strconv.FormatFloat(x, 'f', -1, 64)
	}
	return draw.FormatQuantity(x, s.f.unit)
}

// expects says what to write.
func (s *slot) expects() string {
	var what string
	switch k := s.kind(); {
	case k == ParamInteger:
		what = fmt.Sprintf("write a whole number from %s to %s", s.show(s.f.min), s.show(s.f.max))
	case k == ParamRatio:
		what = "write a share such as 0.1% or 0.001, from 0 to 1"
	case k == ParamDist && s.f.unit == draw.Seconds:
		what = "write a distribution of times, such as 5ms or exp(5ms)"
	case k == ParamDist && s.f.unit == draw.Bytes:
		what = "write a distribution of sizes, such as 2kB or exp(2kB)"
	case k == ParamDist:
		what = "write a distribution of numbers, such as 5 or geometric(5)"
	case s.f.unit == draw.Seconds:
		what = "write a time with its unit, such as 250ms, 2s or 1m"
	case s.f.unit == draw.PerSecond:
		what = "write a rate, such as 200/s"
	case s.f.unit == draw.Bytes:
		what = "write a size, such as 2kB"
	case s.f.unit == draw.BytesPerSecond:
		what = "write a bandwidth, such as 10MB/s"
	default:
		what = fmt.Sprintf("write a number from %s to %s", s.show(s.f.min), s.show(s.f.max))
	}
	var words []string
	if s.f.none {
		words = append(words, "none")
	}
	if s.f.unlimited {
		words = append(words, "unlimited")
	}
	if len(words) > 0 {
		what += ", or " + strings.Join(words, " or ")
	}
	return what
}

// quoted shows what somebody wrote, shortened if it is long.
func quoted(s string) string {
	const most = 60
	if r := []rune(s); len(r) > most {
		s = string(r[:most]) + "…"
	}
	return strconv.Quote(s)
}
