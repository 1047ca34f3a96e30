// Package numeral finds and reads the numbers in texts for people, in English and
// Chinese, with their units: "1 min 30 s", "40 percent", "每秒 50 个".
//
//	text ──► Strays    where numbers stand that are no part of a name (p99)
//	    └──► Read      the one number of a text, in its base unit
//
//	an expectation ──► Literals ◄── Foreign, Allowed
package numeral

import (
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"asynclab/sim/draw"
	"asynclab/sim/spell"
)

var digits = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`\d{1,3}(?:[,\x{a0}\x{202f}]\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?`)
})

// Number is a number as a text shows it, in base units.
type Number struct {
	Value float64
	Half  float64 // half a unit of its last digit: the rounding of the text
	Unit  draw.Unit
}

type textUnit struct {
	name  string
	unit  draw.Unit
	scale float64
}

// textUnits lists the units that texts may use, longer names first, because unitAfter
// takes the first that matches.
var textUnits = func() []textUnit {
	var all []textUnit
	for _, u := range []struct {
		names string
		unit  draw.Unit
		scale float64
	}{
		{"ns nanosecond nanoseconds 纳秒", draw.Seconds, 1e-9},
		{"µs μs us microsecond microseconds 微秒", draw.Seconds, 1e-6},
		{"ms millisecond milliseconds 毫秒", draw.Seconds, 1e-3},
		{"s sec second seconds 秒 秒钟", draw.Seconds, 1},
		{"min minute minutes 分 分钟", draw.Seconds, 60},
		{"h hour hours 小时 个小时", draw.Seconds, 3600},
		{"d day days 天", draw.Seconds, 86400},
		{"B byte bytes 字节 个字节", draw.Bytes, 1},
		{"kB kilobyte kilobytes", draw.Bytes, 1e3},
		{"MB megabyte megabytes", draw.Bytes, 1e6},
		{"GB gigabyte gigabytes", draw.Bytes, 1e9},
		{"% percent ％", draw.Ratio, 0.01},
	} {
		for name := range strings.FieldsSeq(u.names) {
			all = append(all, textUnit{name, u.unit, u.scale})
		}
	}
	slices.SortStableFunc(all, func(a, b textUnit) int { return len(b.name) - len(a.name) })
	return all
}()

var rates = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`(?i)(?:/\s?|\bper |\ba |\ban |\beach |\bevery )(seconds?|sec|s|minutes?|min|hours?|h)\b|每一?(秒|分钟?|小时)|/\s?(秒|分钟?|小时)`)
})

// written is a duration as the engine writes it: 1m30s, 469ms.
var written = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`(\d+(?:\.\d+)?)(ns|µs|ms|s|m|h|d)`) })

// names of the units of time in the texts of lessons, by language; others are as they are.
var names = map[string]map[string]string{
	"en":      {"m": "min"},
	"zh-Hans": {"ns": "纳秒", "µs": "微秒", "ms": "毫秒", "s": "秒", "m": "分钟", "h": "小时", "d": "天"},
}

// Spoken is a duration as the texts of lessons in a language write it: 469 ms, 469 毫秒.
func Spoken(text, language string) string {
	parts := written().FindAllStringSubmatch(text, -1)
	if len(parts) == 0 || len(strings.Join(slices.Concat(parts...), "")) != 2*len(text) {
		return text
	}
	var all []string
	for _, p := range parts {
		unit := p[2]
		if name := names[language][unit]; name != "" {
			unit = name
		}
		all = append(all, p[1]+" "+unit)
	}
	return strings.Join(all, " ")
}

// Read reads the one number of a text with its unit. A duration may have
// several parts: "1 min 30 s".
func Read(text string) (Number, error) {
	all := digits().FindAllStringIndex(text, -1)
	if len(all) == 0 {
		return Number{}, spell.Mistakef("there is no number in %q", text)
	}
	var out Number
	for i, m := range all {
		one := readDigits(text[m[0]:m[1]])
		u := unitAfter(text[m[1]:])
		if strings.HasSuffix(strings.TrimRight(text[:m[0]], " "), "百分之") {
			u = textUnit{"百分之", draw.Ratio, 0.01}
		}
		if i > 0 && (u.unit != draw.Seconds || out.Unit != draw.Seconds) {
			return Number{}, spell.Mistakef("there are several numbers in %q", text)
		}
		out.Value += one.Value * u.scale
		out.Half, out.Unit = one.Half*u.scale, u.unit
	}
	if per := rateOf(text); per > 0 && out.Unit != draw.Seconds && out.Unit != draw.Ratio {
		out.Value, out.Half = out.Value/per, out.Half/per
		out.Unit = map[draw.Unit]draw.Unit{draw.None: draw.PerSecond, draw.Bytes: draw.BytesPerSecond}[out.Unit]
	}
	return out, nil
}

var spans = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^[^\d]*(\d[\d,.]*)\s*(\D{0,12}?)\s*(?:-|–|to|and|到|至)\s*(\d.*)$`)
})

// Span reads a text with a range of values: "9 to 13 s", "800 ms to 1.1 s", "9 到 13 秒".
// Without a unit, the low end has that of the high end. ok is false for other texts.
func Span(text string) (low, high Number, ok bool) {
	m := spans().FindStringSubmatch(text)
	if m == nil {
		return low, high, false
	}
	high, err := Read(m[3])
	if err != nil {
		return low, high, false
	}
	low, err = Read(m[1] + " " + m[2])
	if m[2] == "" {
		low, err = Read(m[1] + m[3][len(digits().FindString(m[3])):])
	}
	return low, high, err == nil && low.Unit == high.Unit && low.Value < high.Value
}

func readDigits(text string) Number {
	plain := strings.NewReplacer(",", "", "\u00a0", "", "\u202f", "").Replace(text)
	v, _ := strconv.ParseFloat(plain, 64)
	_, decimals, _ := strings.Cut(plain, ".")
	return Number{Value: v, Half: 0.5 * math.Pow10(-len(decimals))}
}

// unitAfter is the unit that a text begins with; a plain number if there is none.
func unitAfter(text string) textUnit {
	text = strings.TrimLeft(text, " \u00a0\u202f")
	for _, u := range textUnits {
		rest, ok := strings.CutPrefix(text, u.name)
		if !ok {
			continue
		}
		next, _ := utf8.DecodeRuneInString(rest)
		last, _ := utf8.DecodeLastRuneInString(u.name)
		if rest == "" || last > unicode.MaxLatin1 || !isASCIILetter(next) || !unicode.IsLetter(last) {
			return u
		}
	}
	return textUnit{"", draw.None, 1}
}

func isASCIILetter(c rune) bool { return c < utf8.RuneSelf && unicode.IsLetter(c) }

// rateOf is the period of a rate in seconds: 60 for "50 a minute"; 0 if the text names
// no rate.
func rateOf(text string) float64 {
	m := rates().FindStringSubmatch(text)
	if m == nil {
		return 0
	}
	name := strings.ToLower(m[1] + m[2] + m[3])
	return unitAfter(name).scale
}

var worded = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`(?i)\b(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|twenty|thirty|forty|fifty|sixty|ninety|hundred|thousand)[ -](?:milliseconds?|seconds?|minutes?|hours?|percent)\b|[两二三四五六七八九十百千万]+ ?(?:毫秒|秒|分钟|小时)|百分之[一二三四五六七八九十百]+`)
})

// Strays returns the byte offsets of the numbers in a text. A number inside a name
// (p99, HTTP/1.1) does not count.
func Strays(text string) (places []int) {
	for _, m := range digits().FindAllStringIndex(text, -1) {
		if !inName(text, m[0]) {
			places = append(places, m[0])
		}
	}
	for _, m := range worded().FindAllStringIndex(text, -1) {
		if !strings.HasSuffix(text[:m[0]], "第") { // the second minute is no quantity
			places = append(places, m[0])
		}
	}
	slices.Sort(places)
	return places
}

// inName tells whether the number at i is part of a word that begins with a letter.
func inName(text string, i int) bool {
	begin := i
	for begin > 0 {
		c := text[begin-1]
		if c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || strings.IndexByte("_./-", c) >= 0 {
			begin--
			continue
		}
		break
	}
	return begin < i && (text[begin] >= 'a' && text[begin] <= 'z' || text[begin] >= 'A' && text[begin] <= 'Z')
}

// Literal is a number of an expectation or of a parameter's value.
type Literal struct {
	draw.Quantity         // in its base unit
	written       float64 // without its unit
}

// Literals returns the numbers in an expectation or a value.
func Literals(text string) (all []Literal) {
	for _, m := range literalPattern().FindAllStringIndex(text, -1) {
		if inName(text, m[0]) {
			continue
		}
		if q, err := draw.ParseQuantity(text[m[0]:m[1]]); err == nil {
			all = append(all, Literal{q, readDigits(digits().FindString(text[m[0]:m[1]])).Value})
		}
	}
	return all
}

var literalPattern = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`\d[\d_]*(?:\.\d+)?(?:e-?\d+)?(?:%|/?[a-zA-Zµ]+(?:/s)?)?`)
})

// among tells whether a number equals one of the literals. A number without a unit
// also equals a literal with the same digits: texts may omit the unit.
func (s Number) among(all []Literal) bool {
	return slices.ContainsFunc(all, func(q Literal) bool {
		near := math.Abs(q.Value-s.Value) <= 1e-9*math.Abs(q.Value)
		return near && Comparable(q.Unit, s.Unit) || s.Unit == draw.None && s.Value == q.written
	})
}

// Comparable tells whether values in two units can be compared: the units are equal,
// or each is none or a share.
func Comparable(a, b draw.Unit) bool {
	plain := func(u draw.Unit) bool { return u == draw.None || u == draw.Ratio }
	return a == b || plain(a) && plain(b)
}

// First is the first number of a text, in digits or in words; "" if there is none.
func First(text string) string {
	if number := digits().FindString(text); number != "" {
		return number
	}
	return worded().FindString(text)
}

// Allowed tells whether the first number of a text, with its unit, is in all.
func Allowed(text string, all []Literal) bool {
	places := digits().FindAllStringIndex(text, 2)
	if len(places) == 2 {
		text = text[:places[1][0]]
	}
	got, err := Read(text)
	return err == nil && got.among(all)
}

// Foreign is the first number of a text that is not in all; "" if there is none.
func Foreign(text string, all []Literal) string {
	for _, m := range digits().FindAllStringIndex(text, -1) {
		if !inName(text, m[0]) && !Allowed(text[m[0]:], all) {
			return text[m[0]:m[1]]
		}
	}
	return ""
}

// UnitNamed is the unit that a person names beside a number, and its size in base
// units: a time, a share, a rate ("orders a second"), or what is counted ("workers").
func UnitNamed(name string) (draw.Unit, float64) {
	if u := unitAfter(name); u.name == name {
		return u.unit, u.scale
	}
	if per := rateOf(name); per > 0 {
		return draw.PerSecond, 1 / per
	}
	return draw.None, 1
}
