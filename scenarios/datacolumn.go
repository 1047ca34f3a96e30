package scenarios

import (
	"errors"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
	"time"

	"asynclab/sim/design"
	"asynclab/sim/draw"
	"asynclab/sim/spell"
)

// dataKind is what the values of a column are.
type dataKind uint8

const (
	dataSamples dataKind = iota // of a distribution
	dataTimes                   // of arrivals: from the beginning of the run, or dates
	dataGaps                    // between arrivals
)

// DataUse says what a scenario took from a data file.
type DataUse struct {
	File, Column string // Column is its name, or its number without a header; "" if the file has only one and no header
	Values       string // what they are, in the plural: timestamps, times, gaps, samples
	Count        int
	From, To     string // the first and the last of times, the smallest and the largest of others
	Last         string // time of the last arrival, where From and To do not say it
}

// String is a line such as "arrivals.csv: column ts, 3 timestamps, from 2024-05-01
// 10:00:00 to 2024-05-01 10:00:04, the first at 0s, the last at 4s".
func (u DataUse) String() string {
	var b strings.Builder
	b.WriteString(u.File + ": ")
	if u.Column != "" {
		b.WriteString("column " + u.Column + ", ")
	}
	values := u.Values
	if u.Count == 1 {
		values = strings.TrimSuffix(values, "s")
	}
	fmt.Fprintf(&b, "%s %s, from %s to %s", thousands(u.Count), values, u.From, u.To)
	switch u.Values {
	case "timestamps":
		b.WriteString(", the first at 0s, the last at " + u.Last)
	case "gaps":
		b.WriteString(", the last arrival at " + u.Last)
	}
	return b.String()
}

func thousands(n int) string {
	s := strconv.Itoa(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// dataColumn is a column that was read.
type dataColumn struct {
	numbers []float64 // samples, in the base unit
	times   []int64   // of arrivals, nanoseconds from the beginning of the run, ascending
	use     DataUse
}

func (c *dataColumn) count() int { return len(c.numbers) + len(c.times) }

// readColumn reads at most some values of a column. Its errors name the line and say
// what to do.
func readColumn(text []byte, q dataQuery, most int) (*dataColumn, error) {
	s, err := newSheet(text)
	if err != nil {
		return nil, err
	}
	r := columnReader{q: q}
	r.out.use.File = q.Name
	at, width := -1, 0
	for {
		cells, err := s.next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, err
		}
		if at < 0 {
			header := isHeader(cells, q.Column)
			if at, err = column(cells, header, q.Column); err != nil {
				return nil, err
			}
			if width = len(cells); header || width > 1 {
				r.out.use.Column = columnWord(cells, header, at)
			}
			if header {
				continue
			}
		}
		switch {
		case len(cells) != width:
			return nil, spell.Mistakef("line %d has %d columns, not %d as the first: put text with the separator in quotes", s.line, len(cells), width)
		case s.csv == nil && separator(cells[0]) != 0:
			return nil, spell.Mistakef("line %d: %.100q has several columns, the first line has one; decimals are written with a point", s.line, cells[0])
		case cells[at] == "":
			return nil, spell.Mistakef("line %d: column %s is empty: give it a value, or remove the line", s.line, r.out.use.Column)
		case r.out.count() >= most:
			return nil, spell.Mistakef("line %d: more than %d numbers in all data files", s.line, maxDataNumbers)
		}
		if err := r.add(cells[at]); err != nil {
			return nil, spell.Mistakef("line %d: %s", s.line, spell.Said(err))
		}
	}
	if r.out.count() == 0 {
		return nil, spell.Mistakef("it has no numbers")
	}
	r.finish()
	return &r.out, nil
}

// columnReader reads the cells of one column. The first cell of times decides
// whether all are dates, seconds since 1970 or times from the beginning of the run.
type columnReader struct {
	q      dataQuery
	out    dataColumn
	clock  clock
	first  time.Time // of timestamps
	lo, hi float64   // of numbers
}

func (r *columnReader) add(text string) error {
	switch r.q.as {
	case dataSamples:
		v, err := dataNumber(text, r.q.unit, r.q.Unit)
		if err != nil {
			return err
		}
		r.spread(v, len(r.out.numbers) == 0)
		r.out.numbers = append(r.out.numbers, v)
		return nil
	case dataGaps:
		return r.addGap(text)
	}
	return r.addTime(text)
}

func (r *columnReader) spread(v float64, first bool) {
	if first {
		r.lo, r.hi = v, v
	}
	r.lo, r.hi = min(r.lo, v), max(r.hi, v)
}

func (r *columnReader) addGap(text string) error {
	if _, ok := date(text); ok {
		return spell.Mistakef("%.60q is a timestamp, not the time between two arrivals: leave gaps out", text)
	}
	v, err := dataNumber(text, draw.Seconds, r.q.Unit)
	if err != nil {
		return err
	}
	r.spread(v, len(r.out.times) == 0)
	var before int64
	if n := len(r.out.times); n > 0 {
		before = r.out.times[n-1]
	}
	if v+float64(before)/1e9 > design.MaxTime.Seconds() {
		return spell.Mistakef("the gaps add up to more than 20 years: tell their unit, such as unit=ms")
	}
	r.out.times = append(r.out.times, before+int64(math.Round(v*1e9)))
	return nil
}

func (r *columnReader) addTime(text string) error {
	n := len(r.out.times)
	if n == 0 {
		r.clock = clockOf(text, r.q.Unit)
	}
	var ns int64
	if r.clock.absolute {
		t, err := r.clock.read(text)
		if err != nil {
			return err
		}
		if n == 0 {
			r.first = t
		}
		ns = int64(t.Sub(r.first))
		if ns > int64(design.MaxTime) {
			return spell.Mistakef("%.60q is more than 20 years after the first timestamp", text)
		}
	} else {
		v, err := dataNumber(text, draw.Seconds, r.q.Unit)
		if err != nil {
			return err
		}
		if v > design.MaxTime.Seconds() {
			return spell.Mistakef("the time %.60s is too late: times are from the beginning of the run, in seconds without a unit; of timestamps the first is one, too", text)
		}
		ns = int64(math.Round(v * 1e9))
	}
	if n > 0 && ns < r.out.times[n-1] {
		return spell.Mistakef("%.60s is earlier than the one before it: a trace lists times in ascending order, so sort the file; intervals are read with gaps", text)
	}
	r.out.times = append(r.out.times, ns)
	return nil
}

// finish says what was read.
func (r *columnReader) finish() {
	u := &r.out.use
	u.Count = r.out.count()
	u.Values, u.From, u.To = "samples", draw.FormatQuantity(r.lo, r.q.unit), draw.FormatQuantity(r.hi, r.q.unit)
	if r.q.as == dataSamples {
		return
	}
	first, last := r.out.times[0], r.out.times[len(r.out.times)-1]
	u.Last = draw.FormatDuration(float64(last) / 1e9)
	switch {
	case r.q.as == dataGaps:
		u.Values = "gaps"
	case r.clock.absolute:
		u.Values, u.From, u.To = "timestamps", stamp(r.first), stamp(r.first.Add(time.Duration(last)))
	default:
		u.Values, u.From, u.To = "times", draw.FormatDuration(float64(first)/1e9), u.Last
	}
}

func stamp(t time.Time) string {
	text := t.Format("2006-01-02 15:04:05.999999999")
	if _, offset := t.Zone(); offset != 0 {
		text += t.Format(" -07:00")
	}
	return text
}

// clock reads timestamps of one notation.
type clock struct {
	absolute bool
	digits   int // decimal places of a nanosecond in the unit of seconds since 1970: 9 for seconds; -1: dates
}

// epochUnits are the units of times since 1970, by the smallest number that is one.
var epochUnits = []struct {
	unit   string
	digits int
	from   float64 // September 2001 in seconds; for the others 1973
}{{"s", 9, 1e9}, {"ms", 6, 1e11}, {"us", 3, 1e14}, {"ns", 0, 1e17}}

// clockOf recognises timestamps by the first one: a date, or a number that is larger
// than any time of a run.
func clockOf(text, unit string) clock {
	if _, ok := date(text); ok {
		return clock{true, -1}
	}
	v, err := strconv.ParseFloat(text, 64)
	if err != nil {
		return clock{}
	}
	c := clock{}
	unit = strings.NewReplacer("µ", "u", "μ", "u").Replace(unit)
	for _, e := range epochUnits {
		least := math.Pow10(18 - e.digits)
		if unit == "" {
			least = e.from
		}
		if (unit == "" || unit == e.unit) && v >= least {
			c = clock{true, e.digits}
		}
	}
	return c
}

func (c clock) read(text string) (time.Time, error) {
	if c.digits < 0 {
		if t, ok := date(text); ok {
			return t, nil
		}
		return time.Time{}, spell.Mistakef("%.60q is not a timestamp, as the first is; write 2024-05-01T10:00:00Z", text)
	}
	whole, fraction, _ := strings.Cut(text, ".")
	ns, err := strconv.ParseInt(whole+(fraction + "000000000")[:c.digits], 10, 64)
	if err != nil || strings.Trim(whole+fraction, "0123456789") != "" {
		return time.Time{}, spell.Mistakef("%.60q is not a time since 1970, as the first is; write all its digits, as 1714557600.123", text)
	}
	return time.Unix(0, ns).UTC(), nil
}

// date reads an RFC 3339 time, also with a space for the T or without a zone (UTC).
func date(text string) (time.Time, bool) {
	if len(text) < len("2006-01-02T15:04:05") || len(text) > 40 || text[4] != '-' {
		return time.Time{}, false
	}
	layout := "2006-01-02" + text[10:11] + "15:04:05"
	if text[10] != 'T' && text[10] != ' ' {
		return time.Time{}, false
	}
	if strings.ContainsAny(text[19:], "Z+-") {
		layout += "Z07:00"
	}
	t, err := time.Parse(layout, text)
	return t, err == nil
}

// dataNumber reads a number with its unit. One without has the unit that is given, or
// is in the base unit (seconds for times).
func dataNumber(text string, unit draw.Unit, given string) (float64, error) {
	v, err := strconv.ParseFloat(text, 64)
	bare := err == nil && given != "" && v > 0 && !math.IsInf(v, 0)
	if bare {
		text += given
	}
	if err != nil || bare {
		q, qerr := draw.ParseQuantity(text)
		switch {
		case qerr != nil || len(text) > 100:
			return 0, spell.Mistakef("%.100q is not a number with its unit; one number a line, comments after #", text)
		case q.Unit != unit && q.Unit != draw.None:
			return 0, spell.Mistakef("%s is %s, not %s", text, q.Unit, unit)
		}
		v = q.Value
	}
	if math.IsNaN(v) || math.IsInf(v, 0) || v < 0 {
		return 0, spell.Mistakef("%s is not a finite number from 0 up", text)
	}
	return v, nil
}
