package main

import (
	"bytes"
	"strings"
	"testing"

	"asynclab/scenarios"
	"asynclab/sim/design"
)

// The command lists every parameter of a design, with the doc and the range that
// its field has, and nothing else.
func TestParamsAreFields(t *testing.T) {
	const file = "../../scenarios/testdata/every-field.yaml"
	s, err := scenarios.Load(file)
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if err := (&paramsCmd{Scenario: file}).Run(&app{Env: Env{Context: t.Context()}, stdout: &out, stderr: &out}); err != nil {
		t.Fatal(err)
	}
	rows := map[string]string{}
	for line := range strings.Lines(out.String()) {
		path, rest, _ := strings.Cut(line, " ")
		if strings.Contains(path, ".") {
			rows[path] = rest
		}
	}
	for _, p := range design.Params(s.Designs[0]) {
		row, ok := rows[p.Path]
		delete(rows, p.Path)
		switch {
		case p.Kind == design.ParamMean:
		case !ok:
			t.Errorf("%s is not listed", p.Path)
		case !strings.Contains(row, p.Doc) || !strings.Contains(row, least(s.Designs[0], p)+" .. "+bound(p.Max, p.Unit)):
			t.Errorf("%s is listed as %s", p.Path, row)
		case p.Live == strings.Contains(row, "fixed while a run lasts"):
			t.Errorf("%s: live %v, listed as %s", p.Path, p.Live, row)
		}
	}
	for path := range rows {
		t.Errorf("%s is no parameter", path)
	}
}

// A rate that no run would begin with is not offered.
func TestParamsOfferWhatSetTakes(t *testing.T) {
	var out bytes.Buffer
	if err := (&paramsCmd{Scenario: "order-flow", Match: "shoppers.rate"}).Run(&app{Env: Env{Context: t.Context()}, stdout: &out, stderr: &out}); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(out.String(), " above 0/s .. ") {
		t.Errorf("the range of the rate is not above 0/s:\n%s", out.String())
	}
}
