package scenarios_test

import (
	"fmt"
	"math"
	"runtime"
	"strings"
	"sync"
	"testing"

	"asynclab/sim/draw"
	"asynclab/sim/golden"
)

// truthBits holds every value of every replication of the quick form to the
// bit: a line for each value of a case, with what is expected of it and a hash
// of each replication's number.
//
// A commit that changes a line names the sentence of the semantics that asks for
// it and, where the case is closed-form, shows the full form passing. What a
// case expects, and its tolerance, never change.
type truthBits struct {
	mu    sync.Mutex
	ran   map[string]bool   // cases
	lines map[string]string // by case and value
}

// add takes the values of a case, replication by replication.
func (b *truthBits) add(c *truthCase, values [][]float64) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.ran[c.id] = true
	for i, v := range c.values {
		line := fmt.Sprintf("%v ± %v:", v.want, v.tol)
		for _, x := range values[i] {
			if math.IsNaN(x) { // there is more than one
				x = math.NaN()
			}
			line += fmt.Sprintf(" %08x", draw.Mix(0, math.Float64bits(x))>>32)
		}
		name := c.id + " " + v.name
		for n := 2; b.lines[name] != ""; n++ { // the same of another design
			name = fmt.Sprintf("%s %s #%d", c.id, v.name, n)
		}
		b.lines[name] = line
	}
}

// check compares the cases that ran. Their values are worked out of metrics in
// plain Go, which other processors may round differently.
func (b *truthBits) check(t *testing.T) {
	if *truthFull || runtime.GOARCH != "amd64" {
		return
	}
	golden.Check(t, "testdata/truth_quick.txt", b.lines, func(name string) bool {
		id, _, _ := strings.Cut(name, " ")
		return b.ran[id]
	})
}
