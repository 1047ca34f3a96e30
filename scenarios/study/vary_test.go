package study

import (
	"errors"
	"math"
	"slices"
	"strings"
	"testing"

	"asynclab/scenarios"
	"asynclab/sim/design"
)

const twoDesigns = `version: 1
name: two
run: {duration: 10s}
load: {users: {to: shop/buy, arrivals: poisson(10/s)}}
designs:
  small: {services: {shop: {workers: 2, on: {buy: [work: exp(10ms)]}}}}
  large: {services: {shop: {workers: 4, on: {buy: [work: exp(10ms), call: pay/charge]}}, pay: {on: {charge: [work: exp(1ms)]}}}}
`

func designsOf(t testing.TB, text string) []*design.Design {
	t.Helper()
	s, err := scenarios.Parse(nil, "test", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return s.Designs
}

func texts(a *Axis) (out []string) {
	for _, p := range a.Places {
		out = append(out, p.Text)
	}
	return out
}

func TestVary(t *testing.T) {
	designs := designsOf(t, twoDesigns)
	for _, c := range []struct{ vary, want string }{
		{"load.users.rate=10/s..20/s:3", "10/s 15/s 20/s"},
		{"load.users.rate=10/s..110/s", "10/s 20/s 30/s 40/s 50/s 60/s 70/s 80/s 90/s 100/s 110/s"},
		{"load.users.rate = 1/s .. 1000/s : 4log", "1/s 10/s 100/s 1000/s"},
		{"load.users.rate=1/s..1000/s:log:4", "1/s 10/s 100/s 1000/s"},
		{"load.users.rate=1/s..2/s:3log", "1/s 1.414/s 2/s"},
		{"load.users.rate=60/min..2/s:2", "60/min 2/s"},
		{"service.shop.workers=1..9:log:5", "1 2 3 5 9"},
		{"service.shop.workers=1..4", "1 2 3 4"},
		{"service.shop.workers=1..1e3:2", "1 1e3"},
		{"service.shop.workers=8,1,4", "1 4 8"},
		{"service.shop.queue=10,unlimited,100", "10 100 unlimited"},
		{"service.shop.errors=0%..1%:3", "0% 0.5% 1%"},
		{"service.shop.errors=0..0.3:4", "0 10% 20% 0.3"},
		{"load.users.rate=20/s..100/s:7", "20/s 33.3/s 46.7/s 60/s 73.3/s 86.7/s 100/s"},
		{"load.users.deadline=100ms..1s:4", "100ms 400ms 700ms 1s"},
		{"service.shop.on.buy.work.mean=5ms..10ms:2", "5ms 10ms"},
		{"service.shop.on.buy.work=exp(5ms), uniform(1ms, 9ms)", "exp(5ms) uniform(1ms, 9ms)"},
		{"service.pay.speed=0.5..1.5:3", "0.5 1 1.5"},
		{"link.default.latency=0s..10ms:3", "0s 5ms 10ms"},
	} {
		v, err := ParseVary(c.vary)
		if err != nil {
			t.Errorf("%s: %v", c.vary, err)
			continue
		}
		a, err := v.Resolve(designs)
		if err != nil {
			t.Errorf("%s: %v", c.vary, err)
			continue
		}
		if got := strings.Join(texts(a), " "); got != c.want {
			t.Errorf("%s: %s, want %s", c.vary, got, c.want)
		}
		if again, err := ParseVary(v.String()); err != nil || again.String() != v.String() {
			t.Errorf("%s: written as %s, read back as %v, %v", c.vary, v, again, err)
		}
		for _, p := range a.Places {
			d := designs[slices.Index(a.has, true)].Clone()
			if err := d.Set(a.Path, p.Text); err != nil {
				t.Errorf("%s: %v", c.vary, err)
			}
			if x, err := d.Number(a.Path); err != nil || x != p.X {
				t.Errorf("%s: %s is %v, %v, want %v", c.vary, p.Text, x, err, p.X)
			}
		}
	}
}

func TestVaryShapes(t *testing.T) {
	designs := designsOf(t, twoDesigns)
	for _, c := range []struct {
		vary            string
		number, integer bool
		has             []bool
	}{
		{"load.users.rate=10/s..20/s", true, false, []bool{true, true}},
		{"service.shop.workers=1,2,4", true, true, []bool{true, true}},
		{"service.shop.queue=1,unlimited", false, true, []bool{true, true}},
		{"service.shop.on.buy.work=exp(5ms),uniform(1ms, 9ms)", false, false, []bool{true, true}},
		{"service.pay.workers=1,2", true, true, []bool{false, true}},
	} {
		v, err := ParseVary(c.vary)
		if err != nil {
			t.Fatal(err)
		}
		a, err := v.Resolve(designs)
		if err != nil {
			t.Fatal(err)
		}
		if a.Number != c.number || a.Integer != c.integer || !slices.Equal(a.has, c.has) {
			t.Errorf("%s: number %v, integer %v, has %v", c.vary, a.Number, a.Integer, a.has)
		}
	}
}

func TestVaryMistakes(t *testing.T) {
	designs := designsOf(t, twoDesigns)
	for _, c := range []struct{ vary, msg, hint string }{
		{"", "needs PATH=FROM..TO", "such as"},
		{"load.users.rate", "needs PATH=FROM..TO", "such as"},
		{"load.users.rate=", "needs PATH=FROM..TO", "such as"},
		{"load.users.rate=10/s..", "two ends", "such as"},
		{"load.users.rate=..10/s", "two ends", "such as"},
		{"load.users.rate=1/s..2/s..3/s", "more", "FROM..TO:N"},
		{"load.users.rate=1/s...2/s", "two dots", "write load.users.rate=1/s..2/s"},
		{"load.users.rate=1/s…2/s:5", "two dots", "write load.users.rate=1/s..2/s:5"},
		{"load.users.rate=10/s", "does not vary", "such as"},
		{"load.users.rate=10/s,,20/s", "missing", ""},
		{"load.users.rate=10/s,10/s", "twice", "once"},
		{"load.user.rate=10/s..20/s", "there is no such parameter", "did you mean load.users.rate?"},
		{"load.users.rate=20/s..10/s", "backwards", "write load.users.rate=10/s..20/s"},
		{"load.users.rate=10/s..10/s", "begins where it ends", ""},
		{"load.users.rate=10..20/s", "unit is missing", "write a rate"},
		{"load.users.rate=10ms..20ms", "", ""},
		{"load.users.rate=10/s..1e12/s", "", ""},
		{"service.shop.errors=0%..10%:log", "cannot begin at 0%", "above 0"},
		{"load.users.deadline=1s..none", "two numbers", "list"},
		{"service.shop.workers=1.5..3", "", ""},
		{"service.shop.on.buy.work=1ms..5ms", "no order", "service.shop.on.buy.work.mean=1ms..5ms"},
		{"load.users.rate=1/s..2/s:1e9", "from 2 to 10000 points", ""},
		{"load.users.rate=1/s..2/s:1000000000", "from 2 to 10000 points", ""},
		{"load.users.rate=1/s..2/s:1", "from 2 to 10000 points", ""},
		{"load.users.rate=1/s..2/s:log:log", "cannot read", "FROM..TO:20log"},
		{"load.users.rate=1/s..2/s:", "cannot read", "FROM..TO:20log"},
		{"load.users.rate=1/s..2/s:5s", "not a number of points", "FROM..TO:20log"},
		{"a=" + strings.Repeat("1,", 3000), "longer than", "range"},
	} {
		v, err := ParseVary(c.vary)
		if err == nil {
			_, err = v.Resolve(designs)
		}
		var bad *InputError
		if !errors.As(err, &bad) {
			t.Errorf("%s: %v", c.vary, err)
			continue
		}
		if !strings.Contains(bad.Msg, c.msg) || !strings.Contains(bad.Hint, c.hint) || !strings.Contains(bad.Where, "vary") {
			t.Errorf("%s: %q, hint %q, where %q", c.vary, bad.Msg, bad.Hint, bad.Where)
		}
	}
	rate := Vary{Path: "load.users.rate", Values: []string{"1/s", "2/s"}}
	for _, all := range [][]Vary{nil, {rate, rate}, {rate, rate, rate}} {
		if _, err := Axes(all, designs); err == nil {
			t.Errorf("%v: no error", all)
		}
	}
}

// Whatever is read has a text that reads back to the same, and bounded work.
func FuzzVary(f *testing.F) {
	for _, s := range []string{"load.users.rate=10/s..200/s:7log", "service.shop.workers=1,2,4", "load.users.deadline=1s..none", "service.shop.on.buy.work=exp(5ms),uniform(1ms, 9ms)",
		"load.users.rate=1/s..2/s:1e9", "=..:", "a=1..2:log:9", "service.shop.errors=0..1:10000"} {
		f.Add(s)
	}
	designs := designsOf(f, twoDesigns)
	f.Fuzz(func(t *testing.T, text string) {
		v, err := ParseVary(text)
		if err != nil {
			return
		}
		if v.Points > MaxPoints || v.Points < 0 {
			t.Fatalf("%d points", v.Points)
		}
		again, err := ParseVary(v.String())
		if err != nil || again.String() != v.String() {
			t.Fatalf("%q is written as %q, read back as %q, %v", text, v, again, err)
		}
		v.Points = min(v.Points, 50)
		a, err := v.Resolve(designs)
		if err != nil {
			return
		}
		for i, p := range a.Places {
			if math.IsNaN(p.X) || a.Number && i > 0 && !(p.X > a.Places[i-1].X) {
				t.Fatalf("%q: places %v", text, a.Places)
			}
		}
	})
}
