package bench

import (
	"strings"
	"testing"

	"asynclab/scenarios"
	"asynclab/sim/design"
	"asynclab/sim/spec"
	"asynclab/ui/control"
)

// Every number that is declared has a knob, named by its doc, and a slider that
// stays where the range of the field is.
func TestKnobsOfFields(t *testing.T) {
	sc, err := scenarios.Load("../../scenarios/testdata/every-field.yaml")
	if err != nil {
		t.Fatal(err)
	}
	d := sc.Designs[0]
	names := map[string]bool{}
	for _, p := range design.Params(d) {
		number, err := d.Number(p.Path)
		if err != nil {
			t.Fatal(err)
		}
		name := nameOf("", control.Param{Param: p, Value: number})
		names[p.Doc] = strings.Contains(name, strings.TrimSuffix(strings.TrimPrefix(p.Doc, "mean of: "), " (scales it, the shape stays)"))
		if p.Live == strings.Contains(name, "fixed while it runs") {
			t.Errorf("%s: live %v, but it is called %q", p.Path, p.Live, name)
		}
		if r := rangeOf(p, number); r.lo < p.Min || r.hi > p.Max {
			t.Errorf("%s: a slider from %v to %v, the range is %v to %v", p.Path, r.lo, r.hi, p.Min, p.Max)
		}
	}
	design.Core.Visit(func(of *spec.Table, f *spec.Field) {
		if _, ok := f.Param(); ok && f.Kind.Numeric() && !names[f.Doc] {
			t.Errorf("no knob says what %s.%s is: %q", of.Name, f.Key, f.Doc)
		}
	})
}

func TestForemost(t *testing.T) {
	of := func(path string, kind design.ParamKind, rank int, live bool) control.Param {
		return control.Param{Param: design.Param{Path: path, Kind: kind, Rank: rank, Live: live}}
	}
	ps, front := foremost([]control.Param{
		of("instances", design.ParamInteger, 5, false), of("work", design.ParamDist, 6, true), of("work.mean", design.ParamMean, 6, true),
		of("size", design.ParamDist, 0, true), of("workers", design.ParamInteger, 3, true),
	})
	var order []string
	for _, p := range ps {
		order = append(order, p.Path)
	}
	if got := strings.Join(order, " "); got != "workers work.mean work size instances" || front != 2 {
		t.Errorf("%s, %d in front", got, front)
	}
}
