package model

import "strings"

// maxSuggestWork bounds how many paths an unknown one is compared with.
const maxSuggestWork = 5_000

// unknownParam is the error for a path that is not in the registry.
func unknownParam(path string, paths []string) error {
	e := &ParamError{Path: path, Msg: "there is no such parameter"}
	if len(path) > 400 {
		e.Path = path[:400] + "…"
		return e
	}
	if len(paths) <= maxSuggestWork {
		if near := nearest(path, paths); near != "" {
			e.Hint = "did you mean " + near + "?"
			return e
		}
	}
	e.Hint = beside(path, paths)
	return e
}

// beside lists what exists under the longest known beginning of a path.
func beside(path string, paths []string) string {
	for at := len(path); at > 0; {
		at = strings.LastIndexByte(path[:at], '.')
		if at < 0 {
			break
		}
		var there []string
		for _, p := range paths {
			if strings.HasPrefix(p, path[:at+1]) && !strings.HasSuffix(p, ".mean") {
				there = append(there, p[at+1:])
			}
		}
		if len(there) > 0 {
			return path[:at] + " has " + listed(there)
		}
	}
	return "paths begin with load, service, queue, link or fault: asynclab show --params lists them"
}

// didYouMean is the hint for an unknown name: the nearest, or what exists.
func didYouMean(name string, known []string, what string) string {
	if len(known) == 0 {
		return "there are no " + what
	}
	hint := what + ": " + listed(known)
	if near := nearest(name, known); near != "" {
		hint = "did you mean " + near + "? " + hint
	}
	return hint
}

// listed joins names, leaving out the tail of a long list.
func listed(names []string) string {
	const most = 10
	if len(names) > most {
		return strings.Join(names[:most], ", ") + ", …"
	}
	return strings.Join(names, ", ")
}

// nearest is the known name that differs in the fewest letters, or "" when none
// is near enough to be meant.
func nearest(name string, known []string) string {
	best, least := "", 1+min(len(name)/4, 4)
	for _, k := range known {
		if n := editDistance(name, k, least); n <= least && (best == "" || n < least) {
			best, least = k, n
		}
	}
	return best
}

// editDistance counts insertions, deletions, substitutions and swaps of
// neighbours; anything above limit is limit+1. Bytes do: names are short, and a
// letter of several bytes only counts a little more.
func editDistance(a, b string, limit int) int {
	if a == b {
		return 0
	}
	if len(a)-len(b) > limit || len(b)-len(a) > limit || len(a) > 400 {
		return limit + 1
	}
	before := make([]int, len(b)+1)
	last := make([]int, len(b)+1)
	row := make([]int, len(b)+1)
	for j := range last {
		last[j] = j
	}
	for i := 1; i <= len(a); i++ {
		// Only the band in which the distance can be within the limit.
		from, to := max(1, i-limit), min(len(b), i+limit)
		row[from-1] = limit + 1
		if from == 1 {
			row[0] = i
		}
		if to < len(b) {
			row[to+1] = limit + 1
		}
		least := limit + 1
		for j := from; j <= to; j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			row[j] = min(last[j]+1, row[j-1]+1, last[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
			least = min(least, row[j])
		}
		if least > limit {
			return limit + 1
		}
		before, last, row = last, row, before
	}
	return min(last[len(b)], limit+1)
}
