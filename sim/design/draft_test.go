package design_test

import (
	. "asynclab/sim/design"
	"asynclab/sim/design/designtest"
	"fmt"
	"reflect"
	"testing"

	"pgregory.net/rapid"
)

// unlike reports whether no two elements of a design have the same name.
func unlike(d *Design) bool {
	seen := map[string]bool{}
	fresh := func(parts ...any) bool {
		name := fmt.Sprint(parts...)
		was := seen[name]
		seen[name] = true
		return !was
	}
	ok := true
	for _, name := range d.Ends() {
		ok = fresh("end ", name) && name != "" && name != "a/b" && ok
	}
	for _, l := range d.Links {
		ok = fresh("link ", l.From, "->", l.To) && ok
	}
	for i := range d.Brokers {
		for _, q := range d.Brokers[i].Queues {
			ok = fresh(i, "/", q.Name) && q.Name != "a/b" && ok
		}
		for _, t := range d.Brokers[i].Topics {
			ok = fresh(i, "/", t.Name) && t.Name != "a/b" && ok
			for _, q := range t.Subscriptions {
				ok = fresh(i, "/", t.Name, "/", q.Name) && q.Name != "a/b" && ok
			}
		}
	}
	for _, f := range d.Faults {
		ok = fresh("fault ", f.Name) && ok
	}
	return ok
}

// A draft is what a copy would be, changed in the same way; what it began with and
// what it has given out stay as they were; and what is reset is as it was.
func TestRapidDraft(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := drawDesign(t)
		if !unlike(d) {
			return
		}
		paths := d.Paths()
		for _, a := range d.Ends() {
			for _, b := range d.Ends() {
				paths = append(paths, "link."+a+"->"+b+".loss", "link."+a+"->"+b+".latency.mean")
			}
		}
		if len(paths) == 0 {
			return
		}
		f, want := NewDraft(d), d.Clone()
		frozen, as := []*Design{d}, []string{fmt.Sprintf("%+v", *d)}
		for range rapid.IntRange(1, 8).Draw(t, "changes") {
			path := rapid.SampledFrom(paths).Draw(t, "path")
			value := rapid.SampledFrom([]string{"2", "3s", "25%", "unlimited", "none", "7/s", "exp(1s)"}).Draw(t, "value")
			a, known := want.Param(path)
			if b, ok := f.Param(path); ok != known || a != b {
				t.Fatalf("%s is %+v, want %+v", path, b, a)
			}
			if err, other := want.Set(path, value), f.Set(path, value); fmt.Sprint(err) != fmt.Sprint(other) {
				t.Fatalf("%s = %s: %v, want %v", path, value, other, err)
			}
			if rapid.IntRange(0, 2).Draw(t, "freeze") == 0 {
				g := f.Freeze()
				frozen, as = append(frozen, g), append(as, fmt.Sprintf("%+v", *g))
				if rapid.Bool().Draw(t, "go on") {
					f = f.Of(g)
				}
			}
			if a, b := fmt.Sprintf("%+v", *f.Design), fmt.Sprintf("%+v", *want); a != b {
				t.Fatalf("%s = %s: the draft is\n%s\nwant\n%s", path, value, a, b)
			}
		}
		for i, g := range frozen {
			if now := fmt.Sprintf("%+v", *g); now != as[i] {
				t.Fatalf("what was\n%s\nis\n%s", as[i], now)
			}
		}
	})
}

// A draft that goes on from another can be reset to it, element by element, also
// where setting a parameter has declared a link or a subscription.
func TestDraftReset(t *testing.T) {
	for _, path := range []string{"service.pay.workers", "link.pay->shop.loss", "link.default.loss", "load.shoppers.deadline", "queue.bus/mails.max_length", "queue.bus/orders/mail.max_length"} {
		hand := NewDraft(designtest.Shop())
		value := "7"
		if p, ok := hand.Param(path); !ok {
			t.Errorf("there is no %s", path)
		} else if p.Kind == ParamRatio {
			value = "0.5"
		} else if p.Kind == ParamDuration {
			value = "7s"
		}
		f := hand.Fork()
		if err := f.Set(path, value); err != nil {
			t.Fatal(err)
		}
		if err := hand.Set("link.shop->pay.latency", "5ms"); err != nil {
			t.Fatal(err)
		}
		if err := f.Set("link.shop->pay.latency", "5ms"); err != nil {
			t.Fatal(err)
		}
		if reflect.DeepEqual(f.Design, hand.Design) {
			t.Errorf("%s changed nothing", path)
		}
		f.Reset(path, hand)
		if !reflect.DeepEqual(f.Design, hand.Design) {
			t.Errorf("%s: after the reset\n%+v\nwant\n%+v", path, *f.Design, *hand.Design)
		}
	}
}
