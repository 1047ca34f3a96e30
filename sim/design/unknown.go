package design

import (
	"slices"
	"strings"

	"asynclab/sim/spell"
)

// maxShownPath bounds the part of an unknown path that an error repeats, in bytes.
const maxShownPath = 400

// Unknown returns the error for a path that the registry does not have.
func (d *Design) Unknown(path string, paths []string) error {
	e := Wrong(path, "", "there is no such parameter")
	if len(path) > maxShownPath {
		e.Path = path[:maxShownPath] + "…"
		return e
	}
	hint := spell.NearOr(path, paths, spell.Text{})
	if hint.Format == "" {
		hint = d.unknownLink(path)
	}
	if hint.Format == "" {
		hint = beside(path, paths)
	}
	return Wrong(path, hint, "there is no such parameter")
}

// unknownLink explains what is wrong with the path of a link: its ends need
// not be declared together, but each must exist.
func (d *Design) unknownLink(path string) spell.Text {
	rest, ok := strings.CutPrefix(path, "link.")
	from, rest, arrow := strings.Cut(rest, "->")
	if !ok || !arrow {
		return spell.Text{}
	}
	ends := d.Ends()
	to := strings.TrimSuffix(rest, ".mean")
	if dot := strings.LastIndexByte(to, '.'); dot >= 0 {
		to = to[:dot]
	}
	for _, end := range []string{from, to} {
		if !slices.Contains(ends, end) {
			return spell.HintText(end, "ends", ends)
		}
	}
	var params []string
	w := walker{d: d, visit: func(path string, s *slot) {
		if !s.mean {
			params = append(params, path)
		}
	}}
	w.table(&LinkParams{}, Core.Link)
	return spell.Textf("a link between two ends has %s", strings.Join(params, ", "))
}

// beside lists what exists under the longest known beginning of a path.
func beside(path string, paths []string) spell.Text {
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
			return spell.Textf("%s has %s", path[:at], spell.List(there))
		}
	}
	return spell.Textf("paths begin with load, service, queue, link or fault: asynclab params lists them")
}
