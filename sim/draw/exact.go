package draw

import (
	"fmt"
	"math/big"
	"strconv"
	"strings"
	"time"
)

// Times exact to the nanosecond: a float64 of seconds is that exact for about
// three months only.

// ExactDuration writes a time so that ParseDuration reads the same nanoseconds:
// "1.5ms", "2m0.000000001s", "3d4h".
func ExactDuration(d time.Duration) string {
	if d < 0 {
		return "-" + ExactDuration(max(-d, 0))
	}
	switch {
	case d == 0:
		return "0s"
	case d < time.Microsecond:
		return strconv.FormatInt(int64(d), 10) + "ns"
	case d < time.Millisecond:
		return decimal(d, time.Microsecond) + "us"
	case d < time.Second:
		return decimal(d, time.Millisecond) + "ms"
	}
	var b strings.Builder
	for _, p := range [...]struct {
		name string
		unit time.Duration
	}{{"d", 24 * time.Hour}, {"h", time.Hour}, {"m", time.Minute}} {
		if n := d / p.unit; n > 0 {
			fmt.Fprintf(&b, "%d%s", n, p.name)
			d %= p.unit
		}
	}
	if d > 0 {
		b.WriteString(decimal(d, time.Second) + "s")
	}
	return b.String()
}

// decimal writes d in a unit that is a power of ten nanoseconds.
func decimal(d, unit time.Duration) string {
	text := strconv.FormatInt(int64(d/unit), 10)
	if rest := d % unit; rest > 0 {
		digits := strconv.FormatInt(int64(unit+rest), 10)[1:]
		text += "." + strings.TrimRight(digits, "0")
	}
	return text
}

// ParseDuration reads a time as ParseQuantity does, but exactly; fractions of a
// nanosecond are rounded to the nearest. Its errors are of type *ExprError.
func ParseDuration(s string) (time.Duration, error) {
	q, err := parseQuantity(s)
	switch {
	case err != nil:
		return 0, err
	case q.Unit == None && q.Value == 0:
		return 0, nil
	case q.Unit != Seconds:
		return 0, Mistake(0, "like 1h30m or 200ms", "%s is %s, not a duration", quoted(strings.TrimSpace(s)), q.Unit.String())
	}
	// It is well formed: read it again, this time by rational numbers.
	text, negative := strings.CutPrefix(strings.TrimSpace(s), "-")
	total, pos := new(big.Rat), 0
	for pos < len(text) {
		number, exponent, _ := scanNumber(text, &pos)
		begin := pos
		for pos < len(text) && !isDigit(text[pos]) {
			pos++
		}
		unit := findUnit(strings.TrimSpace(text[begin:pos]))
		if exponent+unit.shift < -400 {
			continue // far below a nanosecond
		}
		term, _ := new(big.Rat).SetString(number + "e" + strconv.Itoa(exponent+unit.shift+9))
		total.Add(total, term.Mul(term, new(big.Rat).SetFloat64(unit.times)))
	}
	total.Add(total, big.NewRat(1, 2))
	d := time.Duration(new(big.Int).Quo(total.Num(), total.Denom()).Int64()) // 100 years fit
	if negative {
		return -d, nil
	}
	return d, nil
}
