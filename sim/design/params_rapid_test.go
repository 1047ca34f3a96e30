package design_test

import (
	. "asynclab/sim/design"
	"asynclab/sim/design/designtest"
	"fmt"
	"math"
	"reflect"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"asynclab/sim/check"
	"asynclab/sim/draw"
	"asynclab/sim/mech/backoff"
	"asynclab/sim/mech/balance"
	"asynclab/sim/mech/deal"
	"asynclab/sim/mech/overflow"
)

// Designs of any shape, most of them wrong somewhere: the registry and the checks
// must cope with all of them.

var anyName = rapid.SampledFrom([]string{"a", "b", "a.b", "a.work", "b-2", "on", "x.on.h", "mean", "loss", "支付", "", "a/b", "default"})

var anyDist = rapid.SampledFrom([]string{
	"0", "5ms", "exp(5ms)", "uniform(1ms, 9ms)", "erlang(4, 10ms)", "gamma(10ms, cv=0.5)", "normal(20ms, 5ms)",
	"lognormal(10ms, p99=80ms)", "weibull(0.7, mean=5ms)", "pareto(2.5, min=1ms)", "hyperexp(5ms, cv=2)",
	"discrete(1ms: 90, 20ms: 10)", "mix(0.99: exp(1ms), 0.01: exp(10ms))",
})

func drawDist(t *rapid.T) draw.Dist {
	return draw.Must(draw.Parse(anyDist.Draw(t, "dist"), draw.Seconds, nil))
}

// drawFields fills the plain fields of a struct: numbers in and out of range.
func drawFields(t *rapid.T, ptr any) {
	v := reflect.ValueOf(ptr).Elem()
	for i := range v.NumField() {
		f := v.Field(i)
		if !rapid.Bool().Draw(t, "set") {
			continue
		}
		switch {
		case f.Type() == reflect.TypeFor[draw.Dist]():
			f.Set(reflect.ValueOf(drawDist(t)))
		case f.Type() == reflect.TypeFor[time.Duration]():
			f.SetInt(rapid.SampledFrom([]int64{0, -1, -2, 1, 1e6, 1e9, 123456789, int64(MaxTime), math.MaxInt64}).Draw(t, "duration"))
		case f.Kind() == reflect.Int:
			f.SetInt(rapid.SampledFrom([]int64{0, -1, -2, 1, 2, 7, 1000, 1e6, 1e9, math.MaxInt64}).Draw(t, "int"))
		case f.Kind() == reflect.Float64:
			f.SetFloat(rapid.SampledFrom([]float64{0, 0.25, 1.0 / 3, 1, 2, -1, 1e9, 1e300, math.Inf(1), math.NaN()}).Draw(t, "float"))
		case f.Kind() == reflect.Bool:
			f.SetBool(true)
		case f.Kind() == reflect.Uint8:
			f.SetUint(uint64(rapid.IntRange(0, 5).Draw(t, "enum")))
		case f.Type() == reflect.TypeFor[Retry](), f.Type() == reflect.TypeFor[Arrivals](), f.Type() == reflect.TypeFor[LinkParams]():
			drawFields(t, f.Addr().Interface())
		}
	}
}

func drawSteps(t *rapid.T, target func() Target, depth int) []Step {
	var list []Step
	for range rapid.IntRange(0, 4-depth).Draw(t, "steps") {
		var s Step
		drawFields(t, &s)
		s.Op = StepOp(rapid.IntRange(0, int(Stop)+1).Draw(t, "op"))
		s.To = target()
		if depth < 4 {
			for range rapid.IntRange(0, 3).Draw(t, "branches") {
				s.Branches = append(s.Branches, drawSteps(t, target, depth+1))
				s.Weights = append(s.Weights, rapid.SampledFrom([]float64{0.25, 0.5, 1, 0, 2, -1}).Draw(t, "weight"))
			}
			if s.HasElse {
				s.Else = drawSteps(t, target, depth+1)
			}
		}
		list = append(list, s)
	}
	return list
}

func drawDesign(t *rapid.T) *Design {
	d := &Design{Name: "any"}
	name := func() string { return anyName.Draw(t, "name") }
	var targets []Target
	target := func() Target {
		if len(targets) == 0 || rapid.IntRange(0, 9).Draw(t, "wild") == 0 {
			return Target{Node: name(), Entry: name()}
		}
		return rapid.SampledFrom(targets).Draw(t, "target")
	}
	several := func(most int, f func(i int)) {
		for i := range rapid.IntRange(0, most).Draw(t, "count") {
			f(i)
		}
	}
	several(2, func(int) {
		b := Broker{Name: name()}
		several(2, func(int) {
			var q Queue
			drawFields(t, &q)
			drawFields(t, &q.RedeliveryDelay)
			q.Name, q.DeadLetter = name(), name()
			b.Queues = append(b.Queues, q)
			targets = append(targets, Target{Node: b.Name, Entry: q.Name})
		})
		several(2, func(int) {
			topic := Topic{Name: name()}
			drawFields(t, &topic.Template)
			several(1, func(int) { topic.Subscriptions = append(topic.Subscriptions, Queue{Name: name()}) })
			b.Topics = append(b.Topics, topic)
			targets = append(targets, Target{Node: b.Name, Entry: topic.Name})
		})
		d.Brokers = append(d.Brokers, b)
	})
	several(3, func(int) {
		var s Service
		drawFields(t, &s)
		s.Name = name()
		several(2, func(int) {
			s.Handlers = append(s.Handlers, Handler{Name: name()})
			targets = append(targets, Target{Node: s.Name, Entry: s.Handlers[len(s.Handlers)-1].Name})
		})
		several(2, func(int) {
			var k Consume
			drawFields(t, &k)
			k.From, k.Handler, k.Subscription = target(), name(), name()
			s.Consumes = append(s.Consumes, k)
		})
		d.Services = append(d.Services, s)
	})
	for i := range d.Services {
		for j := range d.Services[i].Handlers {
			d.Services[i].Handlers[j].Steps = drawSteps(t, target, 1)
		}
	}
	several(2, func(int) {
		var l Load
		drawFields(t, &l)
		l.Name, l.To = name(), target()
		several(1, func(int) { l.Confirm = append(l.Confirm, target()) })
		several(2, func(int) {
			l.Arrivals.Profile = append(l.Arrivals.Profile, Segment{For: time.Second, From: 1, To: rapid.Float64().Draw(t, "rate")})
		})
		several(2, func(int) { l.Arrivals.Times = append(l.Arrivals.Times, rapid.Int64().Draw(t, "time")) })
		d.Loads = append(d.Loads, l)
	})
	drawTrouble(t, d)
	return d
}

// drawTrouble adds connections and faults.
func drawTrouble(t *rapid.T, d *Design) {
	name := func() string { return anyName.Draw(t, "name") }
	several := func(most int, f func()) {
		for range rapid.IntRange(0, most).Draw(t, "count") {
			f()
		}
	}
	drawFields(t, &d.Default)
	several(2, func() {
		l := Link{From: name(), To: name()}
		drawFields(t, &l.LinkParams)
		d.Links = append(d.Links, l)
	})
	several(2, func() {
		var f Fault
		drawFields(t, &f)
		f.Name, f.Node = name(), name()
		several(2, func() { f.Cut = append(f.Cut, Cut{From: name(), To: name()}) })
		several(2, func() { f.Set = append(f.Set, Setting{Path: "link.default.loss", Value: name()}) })
		d.Faults = append(d.Faults, f)
	})
}

// Setting every parameter to what it is changes nothing, and two parameters never
// share a path unless Check complains.
func TestRapidSetGet(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := drawDesign(t)
		before := fmt.Sprintf("%+v", d)
		seen := map[string]bool{}
		for _, p := range Params(d) {
			seen[p.Path] = true
			text, err := d.Get(p.Path)
			if err != nil {
				t.Fatalf("%s cannot be read: %v", p.Path, err)
			}
			if err := d.Set(p.Path, text); err != nil {
				t.Fatalf("%s cannot be set to %q: %v", p.Path, text, err)
			}
		}
		if after := fmt.Sprintf("%+v", d); after != before {
			t.Fatalf("changed\nfrom %s\nto   %s", before, after)
		}
		check.Design(d)
	})
}

// What Get writes, Set of another value in between, reads back to the same text.
func TestRapidSetBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := drawDesign(t)
		params := Params(d)
		if len(params) == 0 {
			return
		}
		p := rapid.SampledFrom(params).Draw(t, "param")
		if p.Unit == draw.BytesPerSecond {
			p.Max = 1e9 // draw writes terabytes per second, but does not read them
		}
		x := rapid.SampledFrom([]float64{p.Min, p.Max, (p.Min + p.Max) / 3, 1, 0.1, math.Inf(1), 3}).Draw(t, "value")
		was, _ := d.Get(p.Path)
		if n, _ := d.Number(p.Path); math.IsNaN(n) || n == x {
			return
		}
		if err := d.SetNumber(p.Path, x); err != nil {
			if text, _ := d.Get(p.Path); text != was {
				t.Fatalf("%s changed from %s to %s by an error: %v", p.Path, was, text, err)
			}
			return
		}
		text, err := d.Get(p.Path)
		if err != nil {
			return // users = 0 and the like: the parameter has no meaning any more
		}
		c := d.Clone()
		if err := c.SetNumber(p.Path, p.Max); err == nil || c.Set(p.Path, "none") == nil {
			if err := c.Set(p.Path, text); err != nil {
				t.Fatalf("%s = %v is written %q, which cannot be set: %v", p.Path, x, text, err)
			}
			if back, _ := c.Get(p.Path); back != text && p.Kind != ParamMean {
				t.Fatalf("%s = %q came back as %q", p.Path, text, back)
			}
		}
		if strings.Contains(text, "NaN") {
			t.Fatalf("%s is %s", p.Path, text)
		}
		check.Design(d)
	})
}

// Clone shares no slice with its original.
func TestRapidClone(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := drawDesign(t)
		c := d.Clone()
		if a, b := fmt.Sprintf("%+v", d), fmt.Sprintf("%+v", c); a != b {
			t.Fatalf("differs\n%s\n%s", a, b)
		}
		apart(t, "design", reflect.ValueOf(d).Elem(), reflect.ValueOf(c).Elem())
	})
}

func apart(t *rapid.T, path string, a, b reflect.Value) {
	switch a.Kind() {
	case reflect.Slice:
		if a.IsNil() != b.IsNil() {
			t.Fatalf("%s: nil in one of them", path)
		}
		if a.Len() > 0 && a.Pointer() == b.Pointer() {
			t.Fatalf("%s is shared", path)
		}
		for i := range a.Len() {
			apart(t, path+"[]", a.Index(i), b.Index(i))
		}
	case reflect.Struct:
		switch a.Type() {
		case reflect.TypeFor[draw.Dist]():
			return
		case reflect.TypeFor[Use]():
			apart(t, path+".Settings", a.FieldByName("Settings").Elem(), b.FieldByName("Settings").Elem())
			return
		}
		for i := range a.NumField() {
			apart(t, path+"."+a.Type().Field(i).Name, a.Field(i), b.Field(i))
		}
	case reflect.Pointer:
		switch a.Interface().(type) {
		case *backoff.Schedule, *balance.Policy, *deal.Strategy, *overflow.Policy: // values that never change
			return
		}
		if strings.HasSuffix(path, ".Settings") && a.Pointer() != b.Pointer() {
			apart(t, path, a.Elem(), b.Elem())
			return
		}
		t.Fatalf("%s is shared", path)
	case reflect.Map, reflect.Interface:
		t.Fatalf("%s: Clone does not copy a %s", path, a.Kind())
	}
}

// Every unknown path gets an answer that helps.
func TestRapidUnknown(t *testing.T) {
	d := designtest.Shop()
	params := Params(d)
	rapid.Check(t, func(t *rapid.T) {
		p := rapid.SampledFrom(params).Draw(t, "param").Path
		at := rapid.IntRange(1, len(p)-1).Draw(t, "at")
		wrong := p[:at] + "~" + p[at:]
		err := d.Set(wrong, "1")
		if err == nil {
			t.Fatalf("%s was set", wrong)
		}
		if bad, ok := err.(*ParamError); !ok || bad.Hint == "" {
			t.Fatalf("%s: no hint: %v", wrong, err)
		}
	})
}

func FuzzSet(f *testing.F) {
	for _, p := range Params(designtest.Shop()) {
		v, err := designtest.Shop().Get(p.Path)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(p.Path, v)
	}
	f.Add("link.pay->shop.loss", "10%")
	f.Add("service.shop.workers", "-1")
	f.Fuzz(func(t *testing.T, path, value string) {
		d := designtest.Shop()
		if err := d.Set(path, value); err != nil {
			if !reflect.DeepEqual(d, designtest.Shop()) {
				t.Fatalf("%s = %q: changed in spite of %v", path, value, err)
			}
			return
		}
		text, err := d.Get(path)
		if err != nil {
			t.Fatalf("%s = %q: %v", path, value, err)
		}
		if err := designtest.Shop().Set(path, text); err != nil && !strings.HasSuffix(path, ".mean") {
			t.Fatalf("%s = %q is written %q: %v", path, value, text, err)
		}
		for _, p := range check.Design(d) {
			// One parameter within its range is at most at odds with another.
			if p.Warning == nil && p.Path == path && strings.Contains(p.Msg, "possible") {
				t.Fatalf("%s = %q was accepted, but: %s", path, value, p.Msg)
			}
		}
	})
}
