package metric

import (
	"iter"
	"slices"
	"strings"
	"unicode/utf8"

	"asynclab/sim/spell"
)

// Choice is a choice of metrics by patterns of their names. The zero value
// chooses all.
//
// In a pattern, * stands for any characters, also none, dots and slashes
// included, and ? for one character. A pattern chooses a name that it matches as
// a whole: load.*.completed, queue.bus/*.depth.max. It may leave out the
// statistic where a metric has none without: *.confirmed.latency chooses the mean,
// every percentile and the maximum.
type Choice struct{ patterns []string }

// Choose makes a choice. It does not know which metrics there are: see Check.
func Choose(patterns ...string) (Choice, error) {
	for _, p := range patterns {
		switch {
		case strings.TrimSpace(p) == "":
			return Choice{}, ChoiceErrorf(p, "such as load.*.completed", "a pattern of names of metrics is empty")
		case len(p) > maxPattern:
			return Choice{}, ChoiceErrorf(p, "", "a pattern of names of metrics is longer than %d bytes", maxPattern)
		}
	}
	return Choice{slices.Clone(patterns)}, nil
}

const maxPattern = 1000

// ChoiceError is a pattern that chooses nothing, and what to do.
type ChoiceError struct {
	Pattern      string
	says, advice spell.Text
}

// ChoiceErrorf is an error about a pattern; hint is a string or a spell.Text.
func ChoiceErrorf(pattern string, hint any, format string, args ...any) *ChoiceError {
	return &ChoiceError{pattern, spell.Textf(format, args...), spell.Of(hint)}
}

func (e *ChoiceError) Error() string { return e.says.String() }

// Says is the message, as it can be translated.
func (e *ChoiceError) Says() spell.Text { return e.says }

// Advice is the hint, as it can be translated; it may be empty.
func (e *ChoiceError) Advice() spell.Text { return e.advice }

// Patterns lists the patterns.
func (c Choice) Patterns() []string { return slices.Clone(c.patterns) }

// All reports whether it chooses every metric.
func (c Choice) All() bool { return len(c.patterns) == 0 }

// Has reports whether it chooses a number of a metric.
func (c Choice) Has(r Ref) bool {
	if c.All() {
		return true
	}
	name := r.String()
	short := name
	if r.Stats()[0] != Plain {
		short = strings.TrimSuffix(name, suffixes[r.Stat])
	}
	return slices.ContainsFunc(c.patterns, func(p string) bool { return match(p, name) || short != name && match(p, short) })
}

// Matches reports whether it chooses a name, as it is written.
func (c Choice) Matches(name string) bool {
	return c.All() || slices.ContainsFunc(c.patterns, func(p string) bool { return match(p, name) })
}

// Check finds a pattern that chooses none of the given metrics; the error is a
// *ChoiceError with the nearest names.
func (c Choice) Check(all iter.Seq[Ref]) error {
	left := slices.Clone(c.patterns)
	for r := range all {
		left = slices.DeleteFunc(left, func(p string) bool { return Choice{[]string{p}}.Has(r) })
		if len(left) == 0 {
			return nil
		}
	}
	if len(left) == 0 {
		return nil
	}
	return ChoiceErrorf(left[0], nearest(left[0], all), "no metric is called %s", left[0])
}

// nearest is a hint about a pattern: the part between dots from which on no name
// fits, with the words that stand there.
func nearest(pattern string, all iter.Seq[Ref]) spell.Text {
	parts := strings.Split(pattern, ".")
	var words []string
	seen, deep := map[string]bool{}, -1
	for r := range all {
		have := strings.Split(r.String(), ".")
		n := 0
		for n < min(len(parts), len(have)) && match(parts[n], have[n]) {
			n++
		}
		switch {
		case n < deep || n == len(have):
			continue
		case n > deep:
			deep, words = n, nil
			clear(seen)
		}
		if !seen[have[n]] {
			seen[have[n]] = true
			words = append(words, have[n])
		}
	}
	otherwise := spell.Textf("asynclab metrics SCENARIO lists them all")
	if len(words) == 0 {
		return otherwise
	}
	hint := spell.Textf("after %s. come %s; %s", strings.Join(parts[:deep], "."), spell.List(words), otherwise)
	if deep == 0 {
		hint = spell.Textf("names begin with %s; %s", spell.List(words), otherwise)
	}
	if deep < len(parts) {
		if near := spell.Nearest(strings.Trim(parts[deep], "*?"), words); near != "" {
			parts[deep] = near
			return spell.Textf("%s %s", spell.Textf("did you mean %s?", strings.Join(parts, ".")), hint)
		}
	}
	return hint
}

// match reports whether a pattern matches the whole of a name. The last star is
// the only one that has to be tried again, so that it takes at most the product of
// the lengths.
func match(pattern, name string) bool {
	p, n := 0, 0
	star, from := -1, 0
	for n < len(name) {
		_, size := utf8.DecodeRuneInString(name[n:])
		switch {
		case p < len(pattern) && pattern[p] == '*':
			star, from = p, n
			p++
		case p < len(pattern) && pattern[p] == '?':
			p++
			n += size
		case p < len(pattern) && pattern[p] == name[n]:
			p++
			n++
		case star >= 0:
			_, size = utf8.DecodeRuneInString(name[from:])
			from += size
			p, n = star+1, from
		default:
			return false
		}
	}
	return strings.Trim(pattern[p:], "*") == ""
}
