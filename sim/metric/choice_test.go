package metric

import (
	"errors"
	"iter"
	"path"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func refs(names ...string) iter.Seq[Ref] {
	return func(yield func(Ref) bool) {
		for _, n := range names {
			if r, ok := Core.Parse(n); !ok || !yield(r) {
				return
			}
		}
	}
}

func TestChoice(t *testing.T) {
	names := []string{"load.shoppers.completed", "load.shoppers.completed.rate", "load.shoppers.confirmed.latency.mean",
		"load.shoppers.confirmed.latency.p99", "queue.bus/orders.depth.mean", "queue.bus/orders.depth.max", "link.shop->pay.sent", "run.events"}
	for _, c := range []struct {
		patterns string
		want     []string
	}{
		{"load.*.completed", names[:1]},
		{"load.*.completed*", names[:2]},
		{"*.confirmed.latency", names[2:4]},
		{"*.latency.p??", names[3:4]},
		{"queue.*", names[4:6]},
		{"queue.bus/orders.depth", names[4:6]},
		{"link.shop->*.sent run.events", names[6:]},
		{"*", names},
		{"", names},
		{"load.*.complete", nil},
		{"completed", nil},
	} {
		choice, err := Choose(strings.Fields(c.patterns)...)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for r := range refs(names...) {
			if choice.Has(r) {
				got = append(got, r.String())
			}
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s chooses %v, not %v", c.patterns, got, c.want)
		}
	}
}

func TestChoiceOfNothing(t *testing.T) {
	names := refs("load.shoppers.completed", "load.shoppers.offered", "queue.bus/orders.depth.mean", "queue.bus/orders.depth.max")
	for pattern, hint := range map[string]string{
		"load.*.completd":     "did you mean load.*.completed? after load.*. come completed, offered; asynclab metrics SCENARIO lists them all",
		"laod.*":              "did you mean load.*? names begin with load, queue; asynclab metrics SCENARIO lists them all",
		"queue.*.depth.least": "after queue.*.depth. come mean, max; asynclab metrics SCENARIO lists them all",
		"queue.*.depth.maxx":  "did you mean queue.*.depth.max? after queue.*.depth. come mean, max; asynclab metrics SCENARIO lists them all",
	} {
		choice, _ := Choose("load.*", pattern)
		err := choice.Check(names)
		var e *ChoiceError
		if !errors.As(err, &e) || e.Pattern != pattern || e.Advice().String() != hint {
			t.Errorf("%s: %#v", pattern, err)
		}
	}
	choice, _ := Choose("load.*", "*.depth")
	if err := choice.Check(names); err != nil {
		t.Error(err)
	}
	for _, bad := range []string{"", "  ", strings.Repeat("a", maxPattern+1)} {
		if _, err := Choose(bad); err == nil {
			t.Errorf("%.10q is a pattern", bad)
		}
	}
}

// Without slashes and brackets, patterns are those of package path.
func TestMatchAsPath(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		pattern, name := rapid.StringMatching(`[ab*?.ß]{0,8}`).Draw(t, "pattern"), rapid.StringMatching(`[ab.ß]{0,10}`).Draw(t, "name")
		want, err := path.Match(pattern, name)
		if err != nil {
			t.Fatal(err)
		}
		if got := match(pattern, name); got != want {
			t.Fatalf("%q matches %q: %v, not %v", pattern, name, got, want)
		}
	})
}
