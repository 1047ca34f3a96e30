package metric

import (
	"fmt"
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
			return Choice{}, &ChoiceError{p, "a pattern of names of metrics is empty", "such as load.*.completed"}
		case len(p) > maxPattern:
			return Choice{}, &ChoiceError{p, fmt.Sprintf("a pattern of names of metrics is longer than %d bytes", maxPattern), ""}
		}
	}
	return Choice{slices.Clone(patterns)}, nil
}

const maxPattern = 1000

// ChoiceError is a pattern that chooses nothing, and what to do.
type ChoiceError struct{ Pattern, Msg, Hint string }

func (e *ChoiceError) Error() string { return e.Msg }

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
	return &ChoiceError{left[0], fmt.Sprintf("no metric is called %s", left[0]), nearest(left[0], all)}
}

// nearest is a hint about a pattern: the part between dots from which on no name
// fits, with the words that stand there.
func nearest(pattern string, all iter.Seq[Ref]) string {
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
	const otherwise = "asynclab metrics SCENARIO lists them all"
	if len(words) == 0 {
		return otherwise
	}
	hint := "after " + strings.Join(parts[:deep], ".") + ". come "
	if deep == 0 {
		hint = "names begin with "
	}
	hint += spell.List(words) + "; " + otherwise
	if deep < len(parts) {
		if near := spell.Nearest(strings.Trim(parts[deep], "*?"), words); near != "" {
			parts[deep] = near
			return "did you mean " + strings.Join(parts, ".") + "? " + hint
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
