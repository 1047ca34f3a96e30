package scenarios

import (
	"strings"

	"asynclab/scenarios/yamltree"
)

const maxFile = 4 << 20 // bytes of a scenario file

// format is the subset of YAML that scenario files use.
var format = &yamltree.Language{
	Size: maxFile, Marks: "\n,:[]{}-?", Parts: 800_000, Never: "\u0085\u2028\u2029\ufeff", Nesting: 64,
	Large: "keep long lists of numbers in a data file beside it",
	Calls: true, Key: canonical, Under: useKey,
	Empty:  "asynclab new prints a scenario to start from",
	Shared: "write the shared part at the top level of the file; a design that has not got it takes it away with null",
}

// top is the position of problems without one: the first character of the file.
var top = &yamltree.Node{Pos: yamltree.Pos{Line: 1, Col: 1}}

// parseTree reads a file into a tree; nil after a mistake that leaves none.
func parseTree(r *yamltree.Report, data []byte) *yamltree.Node {
	if !r.Plain(data) {
		return nil
	}
	return r.Parse(data, top.Pos, "the file")
}

// canonical makes "shop -> pay" and "shop->pay" one key.
func canonical(key string) string {
	if !strings.Contains(key, "->") {
		return key
	}
	parts := strings.Split(key, "->")
	for i := range parts {
		parts[i] = strings.TrimSpace(parts[i])
	}
	return strings.Join(parts, "->")
}
