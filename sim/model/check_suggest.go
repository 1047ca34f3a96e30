package model

import "strings"

// maxShownPath bounds what an error repeats of a path that nobody knows.
const maxShownPath = 400

// unknownParam is the error for a path that is not among those of the registry.
func (d *Design) unknownParam(path string, paths []string) error {
	e := &ParamError{Path: path, Msg: "there is no such parameter"}
	if len(path) > maxShownPath {
		e.Path = path[:maxShownPath] + "…"
		return e
	}
	if near := nearestPath(path, paths); near != "" {
		e.Hint = "did you mean " + near + "?"
	} else if hint := d.unknownLink(path); hint != "" {
		e.Hint = hint
	} else {
		e.Hint = beside(path, paths)
	}
	return e
}

// nearestPath compares only where two paths differ, so that a long path does not
// make a short name in it look alike.
func nearestPath(path string, paths []string) string {
	best, least := "", maxDistance+1
	for _, p := range paths {
		a, b := path, p
		for cut := 1; cut > 0; {
			cut = strings.IndexByte(a, '.') + 1
			if !strings.HasPrefix(b, a[:cut]) {
				break
			}
			a, b = a[cut:], b[cut:]
		}
		for cut := 0; cut >= 0; {
			cut = strings.LastIndexByte(a, '.')
			if cut < 0 || !strings.HasSuffix(b, a[cut:]) {
				break
			}
			a, b = a[:cut], b[:len(b)-(len(a)-cut)]
		}
		if n := editDistance(a, b, min(allowed(a), least-1)); n < least && n <= allowed(a) {
			best, least = p, n
		}
	}
	return best
}

// unknownLink explains what is wrong with the path of a connection: its ends need
// not be declared together, but each must exist.
func (d *Design) unknownLink(path string) string {
	rest, ok := strings.CutPrefix(path, "link.")
	from, rest, arrow := strings.Cut(rest, "->")
	if !ok || !arrow {
		return ""
	}
	var ends []string
	d.eachEnd(func(n string) { ends = append(ends, n) })
	to := strings.TrimSuffix(rest, ".mean")
	if dot := strings.LastIndexByte(to, '.'); dot >= 0 {
		to = to[:dot]
	}
	for _, end := range []string{from, to} {
		if !d.hasEnd(end) {
			return didYouMean(end, ends, "ends")
		}
	}
	var params []string
	w := walker{d: d, visit: func(path string, s *slot) {
		if !s.mean {
			params = append(params, path)
		}
	}}
	w.table(&LinkParams{}, Core.Link)
	return "a connection between two ends has " + strings.Join(params, ", ")
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
	return "paths begin with load, service, queue, link or fault: asynclab params lists them"
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

// maxDistance is the most letters by which a name may be mistaken for another.
const maxDistance = 3

// allowed is the most letters by which this name may: short ones differ quickly.
func allowed(name string) int { return min(max(1, len(name)/4), maxDistance) }

// nearest is the known name that differs in the fewest letters, or "" when none
// is near enough to be meant.
func nearest(name string, known []string) string {
	best, least := "", allowed(name)+1
	for _, k := range known {
		if n := editDistance(name, k, least-1); n < least {
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
	if limit <= 0 || len(a)-len(b) > limit || len(b)-len(a) > limit || len(a) > 400 {
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
