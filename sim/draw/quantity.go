package draw

import (
	"math"
	"strconv"
	"strings"

	"asynclab/sim/spell"
)

// Unit is the unit of a number. Values are kept in the base unit: seconds, per second, bytes, bytes per second.
type Unit uint8

// The units. None is a plain number or a count, Ratio a share written as a percentage (0.1% has the value 0.001).
const (
	None Unit = iota
	Seconds
	PerSecond
	Bytes
	BytesPerSecond
	Ratio
)

// unitNouns has for each unit its name in messages with an example, and the symbol of its base unit.
var unitNouns = [...]struct{ noun, example, symbol string }{
	None:           {"a plain number", "5", ""},
	Seconds:        {"a duration", "5ms", "s"},
	PerSecond:      {"a rate", "5/s", "1/s"},
	Bytes:          {"a size", "5kB", "B"},
	BytesPerSecond: {"a bandwidth", "5MB/s", "B/s"},
	Ratio:          {"a percentage", "5%", ""},
}

// String names the unit for messages: "a duration", "a rate" …
func (u Unit) String() string {
	if int(u) < len(unitNouns) {
		return unitNouns[u].noun
	}
	return "an unknown unit"
}

// Symbol is the symbol of the base unit in machine-readable tables; "" for numbers and ratios.
func (u Unit) Symbol() string { return unitNouns[u].symbol }

// Quantity is a number with its unit, in the base unit.
type Quantity struct {
	Value float64
	Unit  Unit
}

// MaxDuration is the longest duration that can be written: 100 years of 365.25 days, in seconds.
const MaxDuration = 100 * 365.25 * 86400

// unitSpec turns a written number into the base unit: the decimal point moves by shift places (exactly, in the text),
// the result is multiplied by times and divided by per.
type unitSpec struct {
	name       string
	unit       Unit
	shift      int
	times, per float64
}

var unitSpecs = []unitSpec{
	{"ns", Seconds, -9, 1, 1}, {"us", Seconds, -6, 1, 1}, {"µs", Seconds, -6, 1, 1}, {"μs", Seconds, -6, 1, 1},
	{"ms", Seconds, -3, 1, 1}, {"s", Seconds, 0, 1, 1}, {"m", Seconds, 0, 60, 1}, {"min", Seconds, 0, 60, 1},
	{"h", Seconds, 0, 3600, 1}, {"d", Seconds, 0, 86400, 1}, {"w", Seconds, 0, 604800, 1},
	{"/ns", PerSecond, 9, 1, 1}, {"/us", PerSecond, 6, 1, 1}, {"/µs", PerSecond, 6, 1, 1}, {"/μs", PerSecond, 6, 1, 1},
	{"/ms", PerSecond, 3, 1, 1}, {"/s", PerSecond, 0, 1, 1}, {"/m", PerSecond, 0, 1, 60}, {"/min", PerSecond, 0, 1, 60},
	{"/h", PerSecond, 0, 1, 3600}, {"/d", PerSecond, 0, 1, 86400}, {"/w", PerSecond, 0, 1, 604800},
	{"B", Bytes, 0, 1, 1}, {"kB", Bytes, 3, 1, 1}, {"MB", Bytes, 6, 1, 1}, {"GB", Bytes, 9, 1, 1}, {"TB", Bytes, 12, 1, 1},
	{"KiB", Bytes, 0, 1 << 10, 1}, {"MiB", Bytes, 0, 1 << 20, 1}, {"GiB", Bytes, 0, 1 << 30, 1}, {"TiB", Bytes, 0, 1 << 40, 1},
	{"B/s", BytesPerSecond, 0, 1, 1}, {"kB/s", BytesPerSecond, 3, 1, 1}, {"MB/s", BytesPerSecond, 6, 1, 1},
	{"GB/s", BytesPerSecond, 9, 1, 1}, {"KiB/s", BytesPerSecond, 0, 1 << 10, 1}, {"MiB/s", BytesPerSecond, 0, 1 << 20, 1},
	{"GiB/s", BytesPerSecond, 0, 1 << 30, 1}, {"bit/s", BytesPerSecond, 0, 1, 8}, {"kbit/s", BytesPerSecond, 3, 1, 8},
	{"Mbit/s", BytesPerSecond, 6, 1, 8}, {"Gbit/s", BytesPerSecond, 9, 1, 8},
	{"%", Ratio, -2, 1, 1}, {"", None, 0, 1, 1},
}

func findUnit(name string) *unitSpec {
	for i := range unitSpecs {
		if unitSpecs[i].name == name {
			return &unitSpecs[i]
		}
	}
	return nil
}

// ParseQuantity reads one number with its unit; spaces around it and between number and unit are allowed.
//
//	durations    ns us µs ms s m min h d w, and compounds from large to small: 1h30m, 1m2.5s
//	rates        200/s 10/min 5/h 3/ms
//	sizes        B kB MB GB TB (powers of 1000), KiB MiB GiB TiB (powers of 1024)
//	bandwidths   kB/s MiB/s … and bit/s kbit/s Mbit/s Gbit/s
//	percentages  0.1%
//	plain        1_000_000, 1e6, -2.5
//
// Infinities, hexadecimal numbers, numbers out of range and durations over 100 years are errors (*ExprError).
func ParseQuantity(s string) (Quantity, error) {
	q, err := parseQuantity(s)
	if err != nil {
		return Quantity{}, err
	}
	return q, nil
}

func parseQuantity(s string) (Quantity, *ExprError) {
	start := 0
	for start < len(s) && s[start] == ' ' {
		start++
	}
	end := len(s)
	for end > start && s[end-1] == ' ' {
		end--
	}
	q, err := parseTerms(s[start:end])
	if err != nil {
		err.Offset += start
	}
	return q, err
}

// parseTerms reads number and unit, and for durations further terms of smaller units.
func parseTerms(s string) (Quantity, *ExprError) {
	negative := strings.HasPrefix(s, "-")
	pos := 0
	if negative {
		pos = 1
	}
	var total Quantity
	var last *unitSpec
	for first := true; first || pos < len(s); first = false {
		begin := pos
		number, exponent, err := scanNumber(s, &pos)
		if err != nil {
			return Quantity{}, err
		}
		for pos < len(s) && s[pos] == ' ' {
			pos++
		}
		at := pos
		for pos < len(s) && (s[pos] < '0' || s[pos] > '9') {
			pos++
		}
		name := strings.TrimRight(s[at:pos], " ")
		spec := findUnit(name)
		if spec == nil {
			return Quantity{}, Mistake(at, unitHint(name), "unknown unit %s", quoted(name))
		}
		if !first && (spec.unit != Seconds || last.unit != Seconds) {
			return Quantity{}, &ExprError{Offset: begin, Msg: "only durations are written in several parts", Hint: "like 1h30m"}
		}
		v, err := spec.value(number, exponent, begin)
		if err != nil {
			return Quantity{}, err
		}
		if !first && spec.times*math.Pow10(spec.shift) >= last.times*math.Pow10(last.shift) {
			return Quantity{}, &ExprError{Offset: begin, Msg: "parts of a duration go from large to small", Hint: "like 1h30m"}
		}
		total = Quantity{total.Value + v, spec.unit}
		last = spec
	}
	if total.Unit == Seconds && total.Value > MaxDuration {
		return Quantity{}, &ExprError{Msg: "longer than 100 years"}
	}
	if negative && total.Value != 0 {
		total.Value = -total.Value
	}
	return total, nil
}

// value converts; number is digits with an optional point.
func (u *unitSpec) value(number string, exponent, at int) (float64, *ExprError) {
	v, err := strconv.ParseFloat(number+"e"+strconv.Itoa(exponent+u.shift), 64)
	if err == nil {
		v = float64(v*u.times) / u.per
	}
	if err != nil || math.IsInf(v, 0) {
		return 0, &ExprError{Offset: at, Msg: "number out of range", Hint: "write a smaller number"}
	}
	if v == 0 && strings.ContainsAny(number, "123456789") {
		return 0, &ExprError{Offset: at, Msg: "number out of range", Hint: "too small to be told from 0"}
	}
	return v, nil
}

// scanNumber reads digits, _ between digits, a point and an exponent, from *pos on. The underscores are taken out.
func scanNumber(s string, pos *int) (number string, exponent int, err *ExprError) {
	begin, i := *pos, *pos
	var b strings.Builder
	digits, point := 0, false
	for ; i < len(s); i++ {
		switch c := s[i]; {
		case c >= '0' && c <= '9':
			digits++
			b.WriteByte(c)
			continue
		case c == '_' && i > begin && isDigit(s[i-1]) && i+1 < len(s) && isDigit(s[i+1]):
			continue
		case c == '.' && !point:
			point = true
			b.WriteByte(c)
			continue
		}
		break
	}
	if digits == 0 {
		return "", 0, notANumber(s, begin)
	}
	if i < len(s) && (s[i] == 'e' || s[i] == 'E') {
		j := i + 1
		if j < len(s) && (s[j] == '-' || s[j] == '+') {
			j++
		}
		k := j
		for k < len(s) && isDigit(s[k]) {
			k++
		}
		n, bad := strconv.Atoi(s[i+1 : k])
		if k == j || bad != nil || n > 10000 || n < -10000 {
			return "", 0, &ExprError{Offset: i, Msg: "bad exponent", Hint: "like 1e6 or 2.5e-3"}
		}
		i, exponent = k, n
	}
	if i < len(s) && (s[i] == '_' || s[i] == '.' || s[i] == 'x' || s[i] == 'X') {
		return "", 0, Mistake(i, "numbers are decimal, like 1_000 or 2.5", "not a number: unexpected %s", quoted(s[i:i+1]))
	}
	*pos = i
	return b.String(), exponent, nil
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

func notANumber(s string, at int) *ExprError {
	if at >= len(s) {
		return &ExprError{Offset: at, Msg: "a number is missing"}
	}
	e := Mistake(at, "", "%s is not a number", quoted(s[at:]))
	if s[at] == '+' {
		e.Hint = "leave out the +"
	}
	return e
}

func unitHint(name string) spell.Text {
	var names []string
	for i := range unitSpecs {
		names = append(names, unitSpecs[i].name)
	}
	return spell.NearOr(name, names, spell.Textf("durations ns us ms s min h d w, rates like 200/s, sizes B kB MB KiB MiB, percentages %%"))
}

// quoted quotes input for a message, shortened.
func quoted(s string) string {
	const most = 40
	if r := []rune(s); len(r) > most {
		s = string(r[:most]) + "…"
	}
	return strconv.Quote(s)
}
