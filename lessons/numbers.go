package lessons

import (
	"fmt"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"asynclab/sim/draw"
)

// Numbers in texts: a number that a person reads is either what the engine gives
// or marked as something else.

var numberRegexp = regexp.MustCompile(`\d{1,3}(?:[,\x{a0}\x{202f}]\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?`)

// shown is a number as a text shows it, in base units.
type shown struct {
	value float64
	half  float64 // half of its last digit: how far the value may be away
	unit  draw.Unit
}

type textUnit struct {
	name  string
	unit  draw.Unit
	scale float64
}

// textUnits are the units that texts may use, the longer names first.
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

var rateRegexp = regexp.MustCompile(`(?i)(?:/\s?|\bper |\ba |\ban |\beach |\bevery )(seconds?|sec|s|minutes?|min|hours?|h)\b|每一?(秒|分钟?|小时)|/\s?(秒|分钟?|小时)`)

// readShown reads the one number of a text with its unit. A duration may have
// several parts: "1 min 30 s".
func readShown(text string) (shown, error) {
	all := numberRegexp.FindAllStringIndex(text, -1)
	if len(all) == 0 {
		return shown{}, fmt.Errorf("there is no number in %q", text)
	}
	var out shown
	for i, m := range all {
		one := readNumber(text[m[0]:m[1]])
		u := unitAfter(text[m[1]:])
		if strings.HasSuffix(strings.TrimRight(text[:m[0]], " "), "百分之") {
			u = textUnit{"百分之", draw.Ratio, 0.01}
		}
		if i > 0 && (u.unit != draw.Seconds || out.unit != draw.Seconds) {
			return shown{}, fmt.Errorf("there are several numbers in %q", text)
		}
		out.value += one.value * u.scale
		out.half, out.unit = one.half*u.scale, u.unit
	}
	if per := rateOf(text); per > 0 && out.unit != draw.Seconds && out.unit != draw.Ratio {
		out.value, out.half = out.value/per, out.half/per
		out.unit = map[draw.Unit]draw.Unit{draw.None: draw.PerSecond, draw.Bytes: draw.BytesPerSecond}[out.unit]
	}
	return out, nil
}

func readNumber(text string) shown {
	digits := strings.NewReplacer(",", "", "\u00a0", "", "\u202f", "").Replace(text)
	v, _ := strconv.ParseFloat(digits, 64)
	_, decimals, _ := strings.Cut(digits, ".")
	return shown{value: v, half: 0.5 * math.Pow10(-len(decimals))}
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

// rateOf is the number of seconds that a text speaks of: "a minute" is 60; 0 if
// it names no rate.
func rateOf(text string) float64 {
	m := rateRegexp.FindStringSubmatch(text)
	if m == nil {
		return 0
	}
	name := strings.ToLower(m[1] + m[2] + m[3])
	return unitAfter(name).scale
}

// stray is a number in a text that is neither a claim nor an example.
type stray struct {
	text string // from the number on, a few words
	at   at
}

var wordedRegexp = regexp.MustCompile(`(?i)\b(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|twenty|thirty|forty|fifty|sixty|ninety|hundred|thousand)[ -](?:milliseconds?|seconds?|minutes?|hours?|percent)\b|[两二三四五六七八九十百千万]+ ?(?:毫秒|秒|分钟|小时)|百分之[一二三四五六七八九十百]+`)

// strays finds the places of numbers in a text, in bytes. A number inside a name
// (p99, HTTP/1.1) is none.
func strays(text string) (places []int) {
	for _, m := range numberRegexp.FindAllStringIndex(text, -1) {
		if !inName(text, m[0]) {
			places = append(places, m[0])
		}
	}
	for _, m := range wordedRegexp.FindAllStringIndex(text, -1) {
		places = append(places, m[0])
	}
	slices.Sort(places)
	return places
}

// inName tells whether what stands at i goes on with a word that begins with a
// letter.
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

// literal is a number of an expectation or of a parameter's value.
type literal struct {
	draw.Quantity         // in the base unit
	written       float64 // without its unit
}

func literals(text string) (all []literal) {
	for _, m := range literalRegexp.FindAllStringIndex(text, -1) {
		if inName(text, m[0]) {
			continue
		}
		if q, err := draw.ParseQuantity(text[m[0]:m[1]]); err == nil {
			all = append(all, literal{q, readNumber(numberRegexp.FindString(text[m[0]:m[1]])).value})
		}
	}
	return all
}

var literalRegexp = regexp.MustCompile(`\d[\d_]*(?:\.\d+)?(?:e-?\d+)?(?:%|/?[a-zA-Zµ]+(?:/s)?)?`)

// among tells whether a shown number is one of the literals; a text that was
// asked for a unit may leave it out.
func (s shown) among(all []literal) bool {
	return slices.ContainsFunc(all, func(q literal) bool {
		fits := q.Unit == s.unit || countLike(q.Unit) && countLike(s.unit)
		near := math.Abs(q.Value-s.value) <= 1e-9*math.Abs(q.Value)
		return fits && near || s.unit == draw.None && s.value == q.written
	})
}

// countLike tells whether a unit is a plain number or a share of one.
func countLike(u draw.Unit) bool { return u == draw.None || u == draw.Ratio }
