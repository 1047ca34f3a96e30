package scenarios

import (
	"slices"
	"strings"
	"testing"

	"asynclab/sim/design"

	"pgregory.net/rapid"
)

const sketched = `# head
version: 1
name: shop # of a shop
run: {duration: 1min}

load:
  buyers: {to: shop/order, arrivals: poisson(10/s)}  # they buy

services:
  # the shop itself
  shop:
    workers: 4   # few
    on:
      order:
        - work: 5ms
        # then it pays
        - {call: pay/charge, timeout: 1s}
        - publish: bus/orders
  pay: {on: {charge: [work: 5ms]}}
  mail:
    on: {send: [work: 1ms]}
    consumes: {bus/orders: send}

brokers:
  bus: {queues: {orders: {}}}

links:
  default: {latency: 1ms}
  shop -> pay: {latency: 2ms}   # far

faults:
  - {at: 10s, for: 1s, crash: pay}
  - at: 20s
    for: 1s
    crash: mail

expect:
  - "service.pay.completed > 0"
  - "load.buyers.failed < 1000"
`

func sketch(t *testing.T, text string) *Sketch {
	t.Helper()
	s, err := OpenSketch(text, "shop")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// An edit changes the lines that it is about.
func TestSketch(t *testing.T) {
	for _, c := range []struct {
		name string
		edit func(s *Sketch) (string, error)
		gone string // lines
		come string
	}{
		{"add a service", func(s *Sketch) (string, error) { text, _, err := s.Add("service", ""); return text, err }, "", "  service: {on: {do: [work: 10ms]}}"},
		{"add a queue", func(s *Sketch) (string, error) { text, _, err := s.Add("queue", ""); return text, err },
			"  bus: {queues: {orders: {}}}", "  bus: {queues: {orders: {}, queue: {}}}"},
		{"add a topic", func(s *Sketch) (string, error) { text, _, err := s.Add("topic", "bus/orders"); return text, err },
			"  bus: {queues: {orders: {}}}", "  bus: {queues: {orders: {}}, topics: {topic: {}}}"},
		{"add a load", func(s *Sketch) (string, error) { text, _, err := s.Add("load", ""); return text, err }, "", "  users: {to: shop/order, arrivals: poisson(10/s)}"},
		{"call", func(s *Sketch) (string, error) { return s.Connect("shop", "mail", "call") }, "", "        - call: mail/send"},
		{"send", func(s *Sketch) (string, error) { return s.Connect("pay", "mail", "send") },
			"  pay: {on: {charge: [work: 5ms]}}", "  pay: {on: {charge: [work: 5ms, send: mail/send]}}"},
		{"publish", func(s *Sketch) (string, error) { return s.Connect("pay", "bus/orders", "publish") },
			"  pay: {on: {charge: [work: 5ms]}}", "  pay: {on: {charge: [work: 5ms, publish: bus/orders]}}"},
		{"consume", func(s *Sketch) (string, error) { return s.Connect("bus/orders", "pay", "consume") },
			"  pay: {on: {charge: [work: 5ms]}}", "  pay: {on: {charge: [work: 5ms]}, consumes: {bus/orders: charge}}"},
		{"to", func(s *Sketch) (string, error) { return s.Connect("buyers", "pay", "to") },
			"  buyers: {to: shop/order, arrivals: poisson(10/s)}  # they buy", "  buyers: {to: pay/charge, arrivals: poisson(10/s)}  # they buy"},
		{"set", func(s *Sketch) (string, error) { return s.Set("shop", "workers", "8") }, "    workers: 4   # few", "    workers: 8   # few"},
		{"set anew", func(s *Sketch) (string, error) { return s.Set("bus/orders", "ttl", "1s") }, "  bus: {queues: {orders: {}}}", "  bus: {queues: {orders: {ttl: 1s}}}"},
		{"unset", func(s *Sketch) (string, error) { return s.Set("shop", "workers", "") }, "    workers: 4   # few", ""},
		{"set a step", func(s *Sketch) (string, error) { return s.SetStep("shop", "order", 1, "call: pay/charge, timeout: 2s") },
			"        - {call: pay/charge, timeout: 1s}", "        - {call: pay/charge, timeout: 2s}"},
		{"add a step", func(s *Sketch) (string, error) { return s.SetStep("pay", "charge", 1, "reply") },
			"  pay: {on: {charge: [work: 5ms]}}", "  pay: {on: {charge: [work: 5ms, reply]}}"},
		{"take a step away", func(s *Sketch) (string, error) { return s.SetStep("shop", "order", 0, "") }, "        - work: 5ms", ""},
		{"the first of several steps", func(s *Sketch) (string, error) { return s.SetStep("shop", "order", 0, "work: exp(5ms)") }, "        - work: 5ms", "        - work: exp(5ms)"},
		{"add a handler", func(s *Sketch) (string, error) { return s.AddHandler("pay", "refund") },
			"  pay: {on: {charge: [work: 5ms]}}", "  pay: {on: {charge: [work: 5ms], refund: [work: 10ms]}}"},
		{"add a handler on lines", func(s *Sketch) (string, error) { return s.AddHandler("shop", "cancel") }, "", "      cancel: [work: 10ms]"},
		{"rename", func(s *Sketch) (string, error) { return s.Rename("pay", "bank") },
			`        - {call: pay/charge, timeout: 1s}
  pay: {on: {charge: [work: 5ms]}}
  shop -> pay: {latency: 2ms}   # far
  - {at: 10s, for: 1s, crash: pay}
  - "service.pay.completed > 0"`,
			`        - {call: bank/charge, timeout: 1s}
  bank: {on: {charge: [work: 5ms]}}
  shop -> bank: {latency: 2ms}   # far
  - {at: 10s, for: 1s, crash: bank}
  - "service.bank.completed > 0"`},
		{"rename a queue", func(s *Sketch) (string, error) { return s.Rename("bus/orders", "work") },
			`        - publish: bus/orders
    consumes: {bus/orders: send}
  bus: {queues: {orders: {}}}`,
			`        - publish: bus/work
    consumes: {bus/work: send}
  bus: {queues: {work: {}}}`},
		{"delete", func(s *Sketch) (string, error) { return s.Delete("mail") },
			`  mail:
    on: {send: [work: 1ms]}
    consumes: {bus/orders: send}
  - at: 20s
    for: 1s
    crash: mail`, ""},
		{"delete what is called", func(s *Sketch) (string, error) { return s.Delete("pay") },
			`        - {call: pay/charge, timeout: 1s}
  pay: {on: {charge: [work: 5ms]}}
  shop -> pay: {latency: 2ms}   # far
  - {at: 10s, for: 1s, crash: pay}
  - "service.pay.completed > 0"`, ""},
	} {
		text, err := c.edit(sketch(t, sketched))
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		if _, err := Parse(nil, "shop", []byte(text)); err != nil {
			t.Errorf("%s: %v", c.name, err)
		}
		gone, come := linesOf(sketched, text), linesOf(text, sketched)
		if gone != c.gone || come != c.come {
			t.Errorf("%s: gone\n%s\ncome\n%s", c.name, gone, come)
		}
	}
}

// linesOf are the lines of a text that another one has not got.
func linesOf(text, other string) string {
	var out []string
	left := strings.Split(other, "\n")
	for _, l := range strings.Split(text, "\n") {
		if i := slices.Index(left, l); i >= 0 {
			left = slices.Delete(left, i, i+1)
			continue
		}
		out = append(out, l)
	}
	return strings.Join(out, "\n")
}

// Where the shown design has an element of its own, the edit is made there.
func TestSketchOfADesign(t *testing.T) {
	text := "version: 1\nname: a\nrun: {duration: 1s}\nload: {u: {to: s/x, arrivals: 1/s}}\nservices:\n  s: {on: {x: [work: 1ms]}}\n" +
		"designs:\n  naive: {}\n  wide:\n    services:\n      s: {workers: 2}\n      t: {on: {y: [work: 1ms]}}\n"
	for _, c := range []struct{ design, id, key, want string }{
		{"naive", "s", "workers", "  s: {on: {x: [work: 1ms]}, workers: 9}"},
		{"wide", "s", "workers", "      s: {workers: 9}"},
		{"wide", "t", "workers", "      t: {on: {y: [work: 1ms]}, workers: 9}"},
	} {
		s, err := OpenSketch(text, c.design)
		if err != nil {
			t.Fatal(err)
		}
		got, err := s.Set(c.id, c.key, "9")
		if come := linesOf(got, text); err != nil || come != c.want {
			t.Errorf("%s: %s: %q, %v", c.design, c.id, come, err)
		}
	}
}

// Whatever is edited by hand in any scenario of the library: the text stays valid YAML,
// comments on lines of their own stay where nothing is deleted, at most the lines change
// that the edit is about, and the edit is in the design that is read from the text.
func TestSketchAnyEdit(t *testing.T) {
	all := slices.DeleteFunc(Library(), func(e Entry) bool { return len(e.Content) > 5_000 })
	rapid.Check(t, func(t *rapid.T) {
		e := all[rapid.IntRange(0, len(all)-1).Draw(t, "scenario")]
		text := string(e.Content)
		for range rapid.IntRange(1, 4).Draw(t, "edits") {
			sc, err := Parse(libraryFS(), e.Name+extension, []byte(text))
			if err != nil {
				return // a deletion may leave a load without a target: mistakes say so
			}
			d := sc.Designs[rapid.IntRange(0, len(sc.Designs)-1).Draw(t, "design")]
			var ids []string
			for i := range d.Services {
				ids = append(ids, d.Services[i].Name)
			}
			for i := range d.Brokers {
				for _, q := range d.Brokers[i].Queues {
					ids = append(ids, d.Brokers[i].Name+"/"+q.Name)
				}
			}
			s, err := OpenSketch(text, d.Name)
			if err != nil {
				t.Fatal(err)
			}
			id, other := rapid.SampledFrom(ids).Draw(t, "id"), rapid.SampledFrom(ids).Draw(t, "other")
			most, next := 1, ""
			switch op := rapid.IntRange(0, 4).Draw(t, "edit"); op {
			case 0:
				var new string
				next, new, err = s.Add(rapid.SampledFrom(Elements).Draw(t, "what"), id)
				most = 4 // a section of its own
				if err == nil && !strings.Contains(next, new[strings.LastIndexByte(new, '/')+1:]) {
					t.Fatalf("%s is not there", new)
				}
			case 1:
				ways := s.Ways(id, other)
				if len(ways) == 0 {
					continue
				}
				next, err = s.Connect(id, other, rapid.SampledFrom(ways).Draw(t, "way"))
				most = 2
			case 2:
				fields := s.Fields(id)
				f := rapid.SampledFrom(fields).Draw(t, "field")
				next, err = s.Set(id, f.Key, f.Example)
			case 3:
				next, err = s.Rename(id, s.free("fresh"))
				most = len(text)
			default:
				next, err = s.Delete(id)
				most = len(text)
			}
			if err != nil {
				t.Fatalf("%s in %s: %v", id, e.Name, err)
			}
			if _, err := OpenSketch(next, d.Name); err != nil {
				t.Fatalf("%s: no YAML any more: %v\n%s", e.Name, err, linesOf(next, text))
			}
			if n := strings.Count(linesOf(next, text), "\n") + 1; n > most {
				t.Fatalf("%d lines have changed:\n%s", n, linesOf(next, text))
			}
			for line := range strings.Lines(linesOf(text, next)) {
				if strings.HasPrefix(strings.TrimSpace(line), "#") && most < len(text) {
					t.Fatalf("a comment is gone: %s", line)
				}
			}
			text = next
		}
	})
}

// What is edited in a copy of a design is written in the copy: the design that it is a
// copy of stays as it is, and the copy differs in what was edited.
func TestSketchCopy(t *testing.T) {
	text, name, err := sketch(t, sketched).CopyDesign()
	if err != nil || name != "shop-2" {
		t.Fatalf("%s, %v", name, err)
	}
	do := func(what string, edit func(*Sketch) (string, error)) {
		t.Helper()
		s, err := OpenSketch(text, name)
		if err == nil {
			text, err = edit(s)
		}
		if err != nil {
			t.Fatalf("%s: %v\n%s", what, err, text)
		}
	}
	do("workers", func(s *Sketch) (string, error) { return s.Set("pay", "workers", "7") })
	do("a queue", func(s *Sketch) (string, error) { text, _, err := s.Add("queue", ""); return text, err })
	do("consume", func(s *Sketch) (string, error) { return s.Connect("bus/queue", "pay", "consume") })
	do("a handler", func(s *Sketch) (string, error) { return s.AddHandler("mail", "again") })
	do("publish", func(s *Sketch) (string, error) { return s.Connect("mail", "bus/queue", "publish") })
	do("no step", func(s *Sketch) (string, error) { return s.SetStep("mail", "send", 0, "") })
	before, _, _ := strings.Cut(sketched, "expect:")
	if !strings.HasPrefix(text, before) || !strings.Contains(text, `- "shop: service.pay.completed > 0"`) {
		t.Errorf("what was there has changed:\n%s", text)
	}
	sc, err := Parse(nil, "shop", []byte(text))
	if err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	a, b := sc.Designs[0], sc.Designs[1]
	workers := func(d *design.Design) string { v, _ := d.Get("service.pay.workers"); return v }
	if workers(a) != "1" || workers(b) != "7" || len(a.Brokers[0].Queues) != 1 || len(b.Brokers[0].Queues) != 2 || len(a.Services[2].Handlers) != 1 || len(b.Services[2].Handlers) != 2 {
		t.Errorf("workers %s and %s, queues %v and %v", workers(a), workers(b), a.Brokers[0].Queues, b.Brokers[0].Queues)
	}
	if n := len(b.Services[2].Handlers[0].Steps); n != 0 {
		t.Errorf("mail/send has %d steps in the copy: %s", n, text)
	}
	do("leave out", func(s *Sketch) (string, error) { return s.Delete("bus/queue") })
	do("and a copy of the copy", func(s *Sketch) (string, error) { text, _, err := s.CopyDesign(); return text, err })
	if _, err := Parse(nil, "shop", []byte(text)); err != nil || strings.Contains(text, "bus/queue") {
		t.Errorf("%v\n%s", err, text)
	}
}
