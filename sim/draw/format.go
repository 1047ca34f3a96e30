package draw

import (
	"math"
	"strconv"
	"strings"
)

// String writes the quantity exactly: the shortest text that ParseQuantity reads back to the same value.
func (q Quantity) String() string { return exactText(q.Value, q.Unit) }

// exactText converts to a unit by moving the decimal point in the text of the shortest decimal, which cannot round.
func exactText(v float64, u Unit) string {
	sign := ""
	if v < 0 {
		sign, v = "-", -v
	}
	switch u {
	case Seconds:
		return sign + exactDuration(v)
	case PerSecond:
		return sign + exactDecimal(v, 0) + "/s"
	case Bytes, BytesPerSecond:
		text := exactBytes(v)
		if u == BytesPerSecond {
			text += "/s"
		}
		return sign + text
	case Ratio:
		return sign + exactDecimal(v, 2) + "%"
	}
	return sign + exactDecimal(v, 0)
}

func exactDuration(v float64) string {
	switch {
	case v == 0:
		return "0s"
	case v >= 60 && v == math.Floor(v) && v < 1e15:
		var b strings.Builder
		rest := int64(v)
		for _, p := range [...]struct {
			name    string
			seconds int64
		}{{"d", 86400}, {"h", 3600}, {"m", 60}, {"s", 1}} {
			if n := rest / p.seconds; n > 0 {
				b.WriteString(strconv.FormatInt(n, 10))
				b.WriteString(p.name)
				rest -= n * p.seconds
			}
		}
		return b.String()
	case v >= 1:
		return exactDecimal(v, 0) + "s"
	case v >= 1e-3:
		return exactDecimal(v, 3) + "ms"
	case v >= 1e-6:
		return exactDecimal(v, 6) + "us"
	}
	return exactDecimal(v, 9) + "ns"
}

func exactBytes(v float64) string {
	if v >= 1024 && v < 1<<53 && v == math.Floor(v) {
		for i, name := range [...]string{"TiB", "GiB", "MiB", "KiB"} {
			unit := float64(int64(1) << (40 - 10*i))
			if n := v / unit; n == math.Floor(n) && math.Mod(v, 1000) != 0 {
				return exactDecimal(n, 0) + name
			}
		}
	}
	for i, name := range [...]string{"TB", "GB", "MB", "kB"} {
		if shift := 12 - 3*i; v >= math.Pow10(shift) {
			return exactDecimal(v, -shift) + name
		}
	}
	return exactDecimal(v, 0) + "B"
}

// exactDecimal is v·10^shift as a decimal text; v >= 0.
func exactDecimal(v float64, shift int) string {
	text := strconv.FormatFloat(v, 'e', -1, 64)
	mantissa, tail, found := strings.Cut(text, "e")
	if !found { // an infinity or NaN, for messages only
		return text
	}
	exponent, _ := strconv.Atoi(tail)
	if v != 0 {
		exponent += shift
	}
	digits := strings.Replace(mantissa, ".", "", 1)
	switch point := exponent + 1; {
	case exponent < -6 || exponent > 20:
		return mantissa + "e" + strconv.Itoa(exponent)
	case point <= 0:
		return "0." + strings.Repeat("0", -point) + digits
	case point >= len(digits):
		return digits + strings.Repeat("0", point-len(digits))
	default:
		return digits[:point] + "." + digits[point:]
	}
}

// FormatDuration writes a duration in seconds for people: three significant digits below a minute ("18.4ms", "1.5s"),
// two units above ("2m30s", "1h30m", "3d4h").
func FormatDuration(seconds float64) string {
	if text, special := specialText(seconds); special {
		return text
	}
	if seconds < 0 {
		return "-" + FormatDuration(-seconds)
	}
	if seconds == 0 {
		return "0s"
	}
	for _, p := range [...]struct {
		name string
		unit float64
		most float64
	}{{"ns", 1e9, 1000}, {"µs", 1e6, 1000}, {"ms", 1e3, 1000}, {"s", 1, 60}} {
		if v := Significant(seconds*p.unit, 3); v < p.most {
			return plainText(v) + p.name
		}
	}
	n := math.Round(seconds)
	switch {
	case n < 3600:
		return twoParts(n, 60, "m", 1, "s")
	case math.Round(seconds/60)*60 < 86400:
		return twoParts(math.Round(seconds/60)*60, 3600, "h", 60, "m")
	case seconds < 1e15:
		return twoParts(math.Round(seconds/3600)*3600, 86400, "d", 3600, "h")
	}
	return plainText(Significant(seconds/86400, 3)) + "d"
}

// FormatInterval writes the beginning and the end of an interval as FormatDuration does, unless that hides its length:
// then with more digits, at least a fifth of the length apart ("2m18s", "2m18.5s").
func FormatInterval(from, to float64) (begin, end string) {
	length := to - from
	if !(length > 0) || math.IsInf(to, 0) || 5*resolution(to) <= length {
		return FormatDuration(from), FormatDuration(to)
	}
	decimals := min(max(int(math.Ceil(-math.Log10(length)))+1, 0), 9)
	return exactly(from, decimals), exactly(to, decimals)
}

// resolution is how far apart two durations are that FormatDuration writes differently.
func resolution(seconds float64) float64 {
	switch {
	case seconds >= 86400:
		return 3600
	case seconds >= 3600:
		return 60
	case seconds >= 60:
		return 1
	}
	return math.Pow(10, math.Floor(math.Log10(max(seconds, 1e-12)))-2)
}

// exactly writes a duration with all its parts, and the given number of decimals of a second at most.
func exactly(seconds float64, decimals int) string {
	seconds, _ = strconv.ParseFloat(strconv.FormatFloat(seconds, 'f', decimals, 64), 64)
	text := ""
	for _, p := range [...]struct {
		name string
		unit float64
	}{{"d", 86400}, {"h", 3600}, {"m", 60}} {
		if n := math.Floor(seconds / p.unit); n > 0 {
			text += plainText(n) + p.name
			seconds -= float64(n * p.unit)
		}
	}
	rest, _ := strconv.ParseFloat(strconv.FormatFloat(seconds, 'f', decimals, 64), 64)
	if rest > 0 || text == "" {
		text += strconv.FormatFloat(rest, 'f', -1, 64) + "s"
	}
	return text
}

func twoParts(v, large float64, largeName string, small float64, smallName string) string {
	n := math.Floor(v / large)
	rest := math.Round((v - float64(n*large)) / small)
	text := plainText(n) + largeName
	if rest > 0 {
		text += plainText(rest) + smallName
	}
	return text
}

// FormatQuantity writes a value of a unit for people. Whole counts are exact, everything else has three significant
// digits; shares close to 100 % keep two digits of the difference to 100 % ("99.95%").
func FormatQuantity(v float64, u Unit) string {
	if text, special := specialText(v); special {
		return text
	}
	if v < 0 {
		return "-" + FormatQuantity(-v, u)
	}
	switch u {
	case Seconds:
		return FormatDuration(v)
	case PerSecond:
		switch {
		case v == 0 || v >= 0.1:
			return countText(v) + "/s"
		case v >= 0.1/60:
			return countText(v*60) + "/min"
		}
		return countText(v*3600) + "/h"
	case Bytes:
		return bytesText(v)
	case BytesPerSecond:
		return bytesText(v) + "/s"
	case Ratio:
		if v > 0.99 && v < 1 {
			missing := Significant(100*(1-v), 2)
			text := strconv.FormatFloat(100-missing, 'f', 12, 64)
			return strings.TrimRight(strings.TrimRight(text, "0"), ".") + "%"
		}
		return plainText(Significant(v*100, 3)) + "%"
	}
	return countText(v)
}

func specialText(v float64) (string, bool) {
	switch {
	case v != v:
		return "n/a", true
	case math.IsInf(v, 1):
		return "∞", true
	case math.IsInf(v, -1):
		return "-∞", true
	}
	return "", false
}

func countText(v float64) string {
	if v == math.Floor(v) && v < 1e15 {
		return strconv.FormatFloat(v, 'f', -1, 64)
	}
	return plainText(Significant(v, 3))
}

func bytesText(v float64) string {
	for i, name := range [...]string{"B", "kB", "MB", "GB"} {
		if x := Significant(v/math.Pow10(3*i), 3); x < 1000 {
			return plainText(x) + name
		}
	}
	return plainText(Significant(v/1e12, 3)) + "TB"
}

// Significant rounds v to the given number of significant digits, through the decimal text so that 0.3 stays 0.3.
func Significant(v float64, digits int) float64 {
	x, _ := strconv.ParseFloat(strconv.FormatFloat(v, 'e', digits-1, 64), 64)
	return x
}

func plainText(v float64) string {
	if v != 0 && (v < 1e-6 || v >= 1e15) {
		return strconv.FormatFloat(v, 'g', -1, 64)
	}
	return strconv.FormatFloat(v, 'f', -1, 64)
}

// levelName is the keyword of a quantile: p90 for 0.9, p999 for 0.999.
func levelName(level float64) string {
	digits := strings.TrimPrefix(strconv.FormatFloat(level, 'f', -1, 64), "0.")
	if len(digits) < 2 {
		digits += "0"
	}
	return "p" + digits
}

// String is the canonical expression: Parse reads it back to an Equal distribution, given the unit and a loader for
// empirical files. (The exceptions are values that cannot be written: durations over 100 years, made by Scaled, or
// mixtures over 4 KiB.)
func (d Dist) String() string {
	var b strings.Builder
	d.write(&b)
	return b.String()
}

func (d *Dist) write(b *strings.Builder) {
	spec := &formSpecs[d.form]
	if d.kind == Constant {
		b.WriteString(exactText(d.p[0], d.unit))
		return
	}
	b.WriteString(spec.name)
	b.WriteByte('(')
	for i, q := range spec.params {
		if i > 0 {
			b.WriteString(", ")
		}
		name := q.name
		if q.class == quantile {
			name = levelName(d.p[i+1])
		}
		if q.keyOnly {
			b.WriteString(name)
			b.WriteByte('=')
		}
		if q.class == plain {
			b.WriteString(exactDecimal(d.p[i], 0))
		} else {
			b.WriteString(exactText(d.p[i], d.unit))
		}
	}
	if d.kind == Empirical {
		file := d.tab.file
		b.WriteString(`"` + file.Name + `"`)
		if d.a != 1 {
			b.WriteString(", scale=" + exactDecimal(d.a, 0))
		}
		switch {
		case file.Column == "":
		case isWord(file.Column) || strings.Trim(file.Column, "0123456789") == "":
			b.WriteString(", column=" + file.Column)
		default:
			b.WriteString(`, column="` + file.Column + `"`)
		}
		if file.Unit != "" {
			b.WriteString(", unit=" + file.Unit)
		}
	}
	if d.tab != nil {
		for i, w := range d.tab.weights {
			if i > 0 {
				b.WriteString(", ")
			}
			if d.kind == Mixture {
				b.WriteString(exactDecimal(w, 0) + ": ")
				d.tab.dists[i].write(b)
			} else {
				b.WriteString(exactText(d.tab.values[i], d.unit) + ": " + exactDecimal(w, 0))
			}
		}
	}
	b.WriteByte(')')
}
