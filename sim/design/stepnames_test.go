package design_test

import (
	"testing"

	"pgregory.net/rapid"

	. "asynclab/sim/design"
	"asynclab/sim/draw"
)

// handlerOfAll has calls that are alike, one with a name, and work in branches.
func handlerOfAll() *Design {
	ms := func(n int) Step { return Step{Op: Work, Dist: draw.Const(float64(n) / 1000)} }
	call := func(node, name string, tries int) Step {
		return Step{Op: Call, Name: name, To: Target{Node: node, Entry: "do"}, Retry: Retry{Attempts: tries}}
	}
	inner := call("pay", "", 3)
	inner.HasElse, inner.Else = true, []Step{ms(7)}
	return &Design{Services: []Service{{Name: "shop", Handlers: []Handler{{Name: "order", Steps: []Step{
		{Op: Choose, Weights: []float64{0.5, 0.5}, Branches: [][]Step{{inner, ms(2)}, {call("pay", "second", 4)}}},
		ms(1),
		call("pay", "", 5),
		call("stock", "", 6),
		{Op: Delay, Dist: draw.Const(1)},
		ms(3),
	}}}}}}
}

// A step is found by its name, by its kind and target, by its kind where there is
// only one, and by its place, which is old.
func TestStepsByName(t *testing.T) {
	for _, c := range []struct{ path, value, now string }{
		{"call:pay/do.retry.attempts", "5", ""}, // those of the handler are counted first
		{"call:pay/do#2.retry.attempts", "3", ""},
		{"call:pay/do#3.retry.attempts", "4", "second.retry.attempts"},
		{"second.retry.attempts", "4", ""},
		{"call:stock/do.retry.attempts", "6", ""},
		{"work", "1ms", ""},
		{"work#2", "3ms", ""},
		{"work#3", "2ms", ""},
		{"work#4.mean", "7ms", ""},
		{"delay", "1s", ""},
		{"choose.2.weight", "50%", ""},
		{"call.retry.attempts", "5", "old call:pay/do.retry.attempts"},
		{"call2.retry.attempts", "6", "old call:stock/do.retry.attempts"},
		{"work2", "3ms", "old work#2"},
		{"choose.1.call.else.work", "7ms", "old work#4"},
		{"choose.2.call.retry.attempts", "4", "old second.retry.attempts"},
	} {
		const base = "service.shop.on.order."
		for _, d := range []*Design{handlerOfAll(), NewDraft(handlerOfAll()).Design} {
			if v, err := d.Get(base + c.path); v != c.value {
				t.Errorf("%s is %s (%v), want %s", c.path, v, err, c.value)
			}
			now, old, ok := d.Now(base + c.path)
			want := c.path
			if c.now != "" {
				want = c.now
			}
			if got := map[bool]string{true: "old "}[old] + now[len(base):]; !ok || got != want {
				t.Errorf("%s is now %s, want %s", c.path, got, want)
			}
		}
	}
	for _, path := range []string{"call:pay/do#1.timeout", "call:pay/do#4.timeout", "call#2.timeout", "work#1", "work5", "work#02", "call:pay.timeout", "delay#2"} {
		if _, err := handlerOfAll().Get("service.shop.on.order." + path); err == nil {
			t.Errorf("%s is found", path)
		}
	}
}

// Every path has a place, and comes back from it.
func TestStepPaths(t *testing.T) {
	d := handlerOfAll()
	paths := NewStepPaths(d)
	for _, p := range d.Paths() {
		if back := paths.ByName(paths.ByPlace(p)); back != p {
			t.Errorf("%s comes back as %s", p, back)
		}
	}
	for name, place := range map[string]string{
		"service.shop.on.order.second": "service.shop.on.order.choose.2.call", "service.shop.on.order.work#4.mean": "service.shop.on.order.choose.1.call.else.work.mean",
		"service.shop.on.order": "service.shop.on.order", "service.pay.on.order.second": "service.pay.on.order.second", "link.a->b.loss": "link.a->b.loss",
	} {
		if got := paths.ByPlace(name); got != place {
			t.Errorf("%s is at %s, want %s", name, got, place)
		}
	}
}

// Whatever the design, the steps of a handler have different names and places.
func TestStepNamesAreUnique(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := drawDesign(t)
		for i := range d.Services {
			s := &d.Services[i]
			for j := range s.Handlers {
				names, places := map[string]bool{}, map[string]bool{}
				for _, s := range s.Handlers[j].StepNames() {
					if s.Op > Stop { // no kind of step: a mistake
						continue
					}
					if s.Step.Name == "" && names[s.Name] || places[s.Place] {
						t.Fatalf("a second %s (%s)", s.Name, s.Place)
					}
					names[s.Name], places[s.Place] = true, true
				}
			}
		}
	})
}
