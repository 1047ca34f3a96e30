package main

import (
	"bytes"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"

	"asynclab/lessons"
	"asynclab/scenarios"
	"asynclab/sim/design"
	"asynclab/sim/draw"
	"asynclab/sim/topology"
)

func TestCatalogue(t *testing.T) {
	seen := map[string]bool{}
	for _, c := range catalogue {
		if seen[c.id] || c.what == "" || len(c.what) > 72 {
			t.Errorf("%s: twice, empty or long: %q", c.id, c.what)
		}
		if !strings.ContainsFunc(c.zh, func(r rune) bool { return unicode.Is(unicode.Han, r) }) {
			t.Errorf("%s has no Chinese: %q", c.id, c.zh)
		}
		seen[c.id] = true
	}
	for _, e := range scenarios.Library() {
		if i := slices.IndexFunc(e.Covers, func(id string) bool { return !seen[id] }); i >= 0 {
			t.Errorf("%s covers %s, which is not in the catalogue", e.Name, e.Covers[i])
		}
	}
	for _, c := range catalogue {
		if strings.Contains("CB", c.id[:1]) && !slices.ContainsFunc(scenarios.Library(), func(e scenarios.Entry) bool { return covers(e, c.id) }) {
			t.Errorf("no scenario shows %s: %s", c.id, c.what)
		}
	}
	listed := 0
	for _, e := range scenarios.Library() {
		if slices.ContainsFunc(subjects, func(s struct{ id, what string }) bool { return s.id == subjectOf(e) }) {
			listed++
		}
	}
	if n := len(scenarios.Library()); listed != n {
		t.Errorf("%d of %d scenarios have a subject", listed, n)
	}
	shelf := lessons.Library()
	for _, row := range uncovered(shelf)[1:] {
		t.Errorf("no lesson is about %s: %s", row[0], row[1])
	}
	for _, f := range shelf {
		covers := f.In("en").Covers
		if i := slices.IndexFunc(covers, func(id string) bool { return !seen[id] }); i >= 0 {
			t.Errorf("the lesson %s covers %s, which is not in the catalogue", f.ID, covers[i])
		}
	}
}

func TestFaultText(t *testing.T) {
	long, err := draw.Parse("30s", draw.Seconds, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		fault design.Fault
		want  string
	}{
		{design.Fault{Node: "pay", At: 4 * time.Minute, For: long, HasFor: true}, "at 4m, for 30s: pay crashes"},
		{design.Fault{Node: "pay", Instance: 2, Kind: design.FaultPause}, "at 0s, to the end of the run: instance 2 of pay pauses"},
		{design.Fault{Node: "pay", Kind: design.FaultSlow, Factor: 500, At: time.Second, Period: time.Minute}, "at 1s and every 1m after it, to the end of the run: pay works 500 times slower"},
		{design.Fault{Node: "pay", Kind: design.FaultHostCrash, Every: long, HasEvery: true, For: long, HasFor: true}, "repeatedly, first after 30s, for 30s: the host of pay crashes: no connection is reset"},
		{design.Fault{Node: "pay", Kind: design.FaultErrors, Factor: 0.05}, "at 0s, to the end of the run: 5% of the tasks of pay fail"},
		{design.Fault{Kind: design.FaultCut, Cut: []design.Cut{{From: "a", To: "b"}, {From: "b", To: "a"}}}, "at 0s, to the end of the run: links cut: a -> b, b -> a"},
		{design.Fault{Kind: design.FaultSet, Set: []design.Setting{{Path: "service.pay.workers", Value: "1"}}}, "at 0s, to the end of the run: changed: service.pay.workers = 1"},
	} {
		if got := faultText(&c.fault); got != c.want {
			t.Errorf("%s, want %s", got, c.want)
		}
	}
}

// On a narrow terminal nothing but what cannot be broken is wider than it.
func TestNarrowTerminal(t *testing.T) {
	for _, args := range [][]string{{"list"}, {"list", "--catalogue"}, {"metrics"}, {"run", "order-queue"}} {
		var out, errs bytes.Buffer
		if code := Main(args, nil, &out, &errs, Env{Width: 80}); code != 0 {
			t.Fatalf("%v: code %d, %s", args, code, errs.String())
		}
		for line := range strings.Lines(out.String()) {
			if topology.Columns(line) > 80+1 {
				t.Errorf("%v: %d columns: %s", args, topology.Columns(line), line)
			}
		}
	}
}
