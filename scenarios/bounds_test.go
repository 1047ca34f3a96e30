package scenarios

import (
	"fmt"
	"strings"
	"syscall"
	"testing"
	"time"

	"asynclab/scenarios/yamltree"
	"asynclab/sim"
)

// However many mistakes a file has, all of it is judged at once: hints are made
// only for those that are kept.
func TestManyMistakesAreBounded(t *testing.T) {
	const head = "version: 1\nname: x\nrun: {duration: 10s}\nload: {l: {to: s/h, arrivals: poisson(10/s)}}\n"
	many := func(n int, format string) string {
		var b strings.Builder
		for i := range n {
			fmt.Fprintf(&b, format, i)
		}
		return b.String()
	}
	for name, text := range map[string]string{
		"keys at the top":           "version: 1\n" + many(90_000, "k%d:\n"),
		"a key in many designs":     head + "services: {s: {on: {h: [work: 1ms]}, " + many(7000, "quue%d: 1, ") + "}}\ndesigns: {" + many(64, "d%d: {}, ") + "}\n",
		"metrics":                   head + "services: {s: {on: {h: [work: 1ms]}}}\nexpect:\n" + many(999, "  - \"x: load.l.complet%d > 1\"\n"),
		"metrics of a large design": head + "services: {s: {on: {h: [work: 1ms]}}, " + many(1900, "s%d: {on: {h: [reply]}}, ") + "}\nexpect:\n" + many(999, "  - \"x: service.s%d.utilizatoin > 1\"\n"),
		"changes":                   head + "services: {s: {on: {h: [work: 1ms]}}, " + many(1500, "s%d: {on: {h: [reply]}}, ") + "}\nchanges:\n" + many(1500, "  - {at: 1s, set: service.s%d.wrkers, to: 3}\n"),
		"ids of warnings":           head + "services: {s: {on: {h: [work: 1ms]}}}\nsilence: [" + many(90_000, "z%d, ") + "]\n",
		"designs":                   head + "services: {s: {on: {h: [work: 1ms]}}, " + many(1200, "s%d: {on: {h: [work: 1ms], g: [cal: s/h]}}, ") + "}\ndesigns: {" + many(60, "d%d: {}, ") + "}\n",
		"settings":                  head + "services: {s: {on: {h: [work: 1ms]}}, " + many(1200, "s%d: {on: {h: [work: 1ms]}}, ") + "}\ndesigns: {" + strings.ReplaceAll(many(60, "d%d: {set: {SET}}, "), "SET", many(1200, "service.s%d.wrkers: 3, ")) + "}\n",
	} {
		t.Run(name, func(t *testing.T) {
			began := processorTime(t)
			_, err := Parse(nil, "x.yaml", []byte(text))
			took := processorTime(t) - began
			if ds, ok := err.(yamltree.Diagnostics); !ok || len(ds) != yamltree.MaxKept || ds[0].Hint == "" {
				t.Errorf("%d mistakes, not %d with a hint", len(ds), yamltree.MaxKept)
			}
			if took > 10*time.Second { // it is a fraction of one on an idle machine; it was minutes
				t.Errorf("took %v", took)
			}
		})
	}
}

// processorTime is what the process has used of a processor: unlike the clock on the
// wall it says the same on a busy machine.
func processorTime(t *testing.T) time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		t.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// A scenario of 10,000 services with 5,000 changes is read.
func TestLargeScenario(t *testing.T) {
	var b strings.Builder
	b.WriteString("version: 1\nname: x\nrun: {duration: 10s}\nload: {l: {to: s0/h, arrivals: poisson(10/s)}}\nservices:\n")
	for i := range 10_000 {
		fmt.Fprintf(&b, "  s%d: {workers: 4, on: {h: [work: exp(1ms), choose: [{p: 50%%, do: [call: s%d/h]}, {p: 40%%, do: [call: s%d/h]}]]}}\n", i, (2*i+1)%10_000, (2*i+2)%10_000)
	}
	b.WriteString("changes:\n")
	for i := range 5000 {
		fmt.Fprintf(&b, "  - {at: %dms, set: service.s%d.workers, to: 5}\n", i, i)
	}
	s, err := Parse(nil, "x.yaml", []byte(b.String()))
	if err != nil {
		t.Fatal(err)
	}
	if d := s.Designs[0]; len(d.Services) != 10_000 || len(s.ChangesOf(d.Name)) != 5000 {
		t.Errorf("%d services, %d changes", len(d.Services), len(s.ChangesOf(d.Name)))
	}
}

// What a run would have no memory for is a mistake of the file.
func TestDesignsHaveRoom(t *testing.T) {
	for _, c := range []struct {
		services  int
		uses, msg string
	}{
		{1001, "", "the most instances over all services is 1000000"},
		{100, ", breaker: {calls: 100000, rate: 50%}", "the state of the mechanisms up to here takes 226MB, and that of all may take 201MB"},
	} {
		var b strings.Builder
		b.WriteString("version: 1\nname: x\nrun: {duration: 10s}\nload: {l: {to: s0/h, arrivals: poisson(10/s)}}\nservices:\n  t: {on: {h: [reply]}}\n")
		for i := range c.services {
			fmt.Fprintf(&b, "  s%d: {instances: 1000, on: {h: [{call: t/h%s}]}}\n", i, c.uses)
		}
		_, err := Parse(nil, "x.yaml", []byte(b.String()))
		if ds, ok := err.(yamltree.Diagnostics); !ok || len(ds) != 1 || !strings.Contains(ds[0].Msg, c.msg) || ds[0].Hint == "" {
			t.Errorf("%d services%s: want %s\ngot %v", c.services, c.uses, c.msg, err)
		}
	}
}

// What is found in a run of thousands of services takes as long as there are of them.
func TestFindingsAreLinear(t *testing.T) {
	var b strings.Builder
	b.WriteString("version: 1\nname: x\nrun: {duration: 1s}\nload: {l: {to: s0/h, arrivals: constant(100/s)}}\nservices:\n")
	for i := range 5000 {
		fmt.Fprintf(&b, "  s%d: {on: {h: [work: 1ms, {call: s%d/h, timeout: 20ms}]}}\n", i, i+1)
	}
	b.WriteString("  s5000: {on: {h: [reply]}}\n")
	s, err := Parse(nil, "x.yaml", []byte(b.String()))
	if err != nil {
		t.Fatal(err)
	}
	began := processorTime(t)
	if _, err := sim.Run(t.Context(), s.Designs, sim.Settings{Duration: time.Second, Seed: 1, Findings: true}, nil); err != nil {
		t.Fatal(err)
	}
	if took := processorTime(t) - began; took > 10*time.Second { // some three on an idle machine; each pair of services looked at made it a hundred
		t.Errorf("took %v", took)
	}
}

// Files that mean harm, or are broken as files are: a place and a way on, at once.
func TestHostileFiles(t *testing.T) {
	const head, load, services = "version: 1\nname: x\nrun: {duration: 10s}\n", "load: {l: {to: s/h, arrivals: poisson(10/s)}}\n", "services: {s: {on: {h: [work: 1ms]}}}\n"
	deep := func(n int, open, in, end string) string { return strings.Repeat(open, n) + in + strings.Repeat(end, n) }
	var bomb strings.Builder
	bomb.WriteString("a: &a [x, x, x, x, x, x, x, x, x]\n")
	for c := 'b'; c < 'k'; c++ {
		fmt.Fprintf(&bomb, "%[1]c: &%[1]c [%[2]s]\n", c, strings.Repeat("*"+string(c-1)+", ", 9))
	}
	for name, text := range map[string]string{
		"nothing": "", "a number": "42\n", "a list": "- 1\n", "nulls": "version: ~\nname:\nrun:\nload:\n", "words": "version: yes\nname: on\nrun: true\nload: off\n",
		"carriage returns": strings.ReplaceAll(head+load+services, "\n", "\r"), "zero bytes": head + load + services + "\x00", "no UTF-8": head + "title: \xff\xfe\n", "tabs": head + "load:\n\tl: {to: s/h}\n",
		"two documents": head + load + services + "---\n" + head, "keys twice": head + load + services + services, "aliases of aliases": bomb.String() + head + load + services, "an alias of itself": head + load + "services: &s {s: *s}\n",
		"tags": head + load + "services: !!python/object:os.system {s: {}}\n", "merged keys": head + load + "services: {s: {<<: {workers: 2}}}\n",
		"deep steps": head + load + "services: {s: {on: {h: " + deep(5000, "[{repeat: 2, do: ", "[work: 1ms]", "}]") + "}}}\n", "deep mappings": head + "x: " + deep(100_000, "{a: ", "1", "}") + "\n", "deep lists": head + "x: " + strings.Repeat("[", 100_000) + "\n",
		"a deep expression": head + load + "services: {s: {on: {h: [work: \"" + deep(600, "max(", "1ms", ")") + "\"]}}}\n", "a deep condition": head + load + "services: {s: {on: {h: [{work: 1ms, when: \"" + deep(50_000, "(", "a == b", ")") + "\"}]}}}\n",
		"not not not": head + load + "services: {s: {on: {h: [{work: 1ms, when: \"" + strings.Repeat("not ", 50_000) + "redelivered\"}]}}}\n", "keys": head + load + "services: {s: {" + strings.Repeat("k: 1, ", 100_000) + "}}\n",
		"no number": head + "load: {l: {to: s/h, arrivals: poisson(.nan)}}\n" + services, "NaN": head + "load: {l: {to: s/h, arrivals: poisson(NaN/s)}}\n" + services, "infinity": head + "load: {l: {to: s/h, arrivals: poisson(inf/s)}}\n" + services,
		"1e400": head + "load: {l: {to: s/h, arrivals: poisson(1e400/s)}}\n" + services, "a long run": "version: 1\nname: x\nrun: {duration: 1e300s}\n" + load + services, "a run backwards": "version: 1\nname: x\nrun: {duration: -10s}\n" + load + services,
		"workers below 0": head + load + "services: {s: {workers: -5, on: {h: [work: -1ms]}}}\n", "workers beyond": head + load + "services: {s: {workers: 99999999999999999999999999, on: {h: [work: 1ms]}}}\n", "half a worker": head + load + "services: {s: {workers: 1.5, on: {h: [work: 1ms]}}}\n",
		"hexadecimal": head + load + "services: {s: {workers: 0x1F, on: {h: [work: 1ms]}}}\n", "minutes": head + load + "services: {s: {on: {h: [work: 1:30]}}}\n", "a large batch": head + "load: {l: {to: s/h, arrivals: {poisson: 10/s, batch: 1e18}}}\n" + services,
		"a file above": head + "load: {l: {to: s/h, arrivals: {trace: ../../../etc/passwd}}}\n" + services, "a device": head + "load: {l: {to: s/h, arrivals: {trace: /dev/zero}}}\n" + services,
		"Zipf": head + "load: {l: {to: s/h, arrivals: poisson(10/s), attributes: {a: 'zipf(1000000001, 1)'}}}\n" + services, "a steep Zipf": head + "load: {l: {to: s/h, arrivals: poisson(10/s), attributes: {a: 'zipf(1e9, 1e308)'}}}\n" + services,
		"a name": head + load + "services: {\"s\\u202ex\": {on: {h: [work: 1ms]}}, " + strings.Repeat("s", 100_000) + ": {}}\n", "expectations": head + load + services + "expect: ['x: load.l.completed > 1e999', 'x: load.l.completed == NaN', 'x: load.l.completed ? 1']\n",
		"lists for words": head + load + services + "silence: " + deep(40, "[", "", "]") + "\n", "a circle": head + load + "services: {s: {workers: unlimited, on: {h: [call: s/h]}}}\n",
	} {
		began := processorTime(t)
		_, err := Parse(nil, "x.yaml", []byte(text))
		took := processorTime(t) - began
		ds, ok := err.(yamltree.Diagnostics)
		if !ok || len(ds) == 0 {
			t.Errorf("%s: no mistake: %v", name, err)
		}
		for _, d := range ds {
			if d.Line == 0 || d.Hint == "" {
				t.Errorf("%s: no place or no way on: %v", name, d)
			}
		}
		if took > 2*time.Second { // hundredths of one on an idle machine
			t.Errorf("%s: took %v", name, took)
		}
	}
}
