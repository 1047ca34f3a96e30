package main

import (
	"bytes"
	"strings"
	"testing"

	"asynclab/sim/topology"
)

// On a terminal the page fits it, and nothing is lost: every key, every word of code.
func TestReferenceFits(t *testing.T) {
	for _, width := range []int{40, 80, 200} {
		var out, errs bytes.Buffer
		if code := Main([]string{"reference"}, nil, &out, &errs, Env{Width: width}); code != 0 {
			t.Fatalf("code %d: %s", code, errs.String())
		}
		for line := range strings.Lines(out.String()) {
			words := strings.Fields(line)
			if topology.Columns(strings.TrimRight(line, "\n")) > min(width, 100) && len(words) > 1 && !strings.HasPrefix(line, "    ") {
				t.Errorf("%d columns: %s", width, line)
			}
		}
		for _, want := range []string{"\nconsumer\n--------\n", "  `prefetch` · count"} {
			if width == 80 && !strings.Contains(out.String(), want) {
				t.Errorf("%q is missing", want)
			}
		}
		if strings.Contains(out.String(), "<!--") || strings.Contains(out.String(), "|---") || strings.Contains(out.String(), "](#") {
			t.Error("marks of Markdown are shown")
		}
	}
}
