package scenarios

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"

	"asynclab/scenarios/preset"
)

// elementsOfPresets has the text of a scenario for each kind of element that may use a
// preset, with %s where its settings are.
var elementsOfPresets = map[string]string{
	"queue":    "brokers: {b: {queues: {q: {%s}, dead: {}}}}",
	"topic":    "brokers: {b: {queues: {dead: {}}, topics: {t: {%s, subscriptions: {s: {}}}}}}",
	"broker":   "brokers: {b: {queues: {q: {}}, %s}}",
	"consumer": "brokers: {b: {queues: {q: {max_deliveries: 5, visibility: 10min}}}}\nservices: {w: {consumes: {b/q: {handler: h, %s}}, on: {h: [work: 1ms]}}}",
	"service":  "services: {w: {on: {h: [reply]}, %s}}",
	"load":     "load: {l: {to: s/h, arrivals: poisson(1/s), attributes: {k: \"uniform(1, 9)\"}, %s}}",
	"link":     "links: {default: {%s}}",
	"call":     "services: {w: {on: {h: [{call: s/h, %s}]}}}",
	"await":    "services: {w: {on: {h: [{await: s/h, %s}]}}}",
	"publish":  "brokers: {b: {queues: {q: {max_length: 10}}}}\nservices: {w: {on: {h: [{publish: b/q, %s}]}}}",
}

// withElement is a scenario in which one element of a kind has these settings.
func withElement(kind, settings string) string {
	text := fmt.Sprintf(elementsOfPresets[kind], settings)
	load := "load: {l: {to: s/h, arrivals: poisson(1/s), attributes: {k: \"uniform(1, 9)\"}}}\n"
	if kind == "load" {
		load = ""
	}
	service := "s: {on: {h: [reply]}}"
	if services, rest, ok := strings.Cut(text, "services: {"); ok {
		text = services + "services: {" + service + ", " + rest
	} else {
		text += "\nservices: {" + service + "}"
	}
	return "version: 1\nname: x\nrun: {duration: 10s}\n" + load + text + "\n"
}

// Every value of every preset is one that the language takes, at every element that it
// fits, and has a page or says that it is assumed.
func TestPresetFiles(t *testing.T) {
	for _, product := range preset.All() {
		versions := product.Versions
		if len(versions) == 0 {
			versions = []string{""}
		}
		for _, version := range versions {
			for _, part := range product.Parts {
				p := preset.Preset{Part: part, Version: version}
				for _, element := range part.Fits {
					if elementsOfPresets[element] == "" {
						t.Fatalf("%s fits a %s: no such element", p.Name(), element)
					}
					settings := "use: " + p.Name()
					for _, need := range part.Needs {
						settings += ", " + need.Key + ": " + map[string]string{"key": "k", "dead_letter": "dead", "visibility": "1min", "durable": "true"}[need.Key]
					}
					s, err := Parse(nil, "x.yaml", []byte(withElement(element, settings)))
					if err != nil {
						t.Errorf("%s at a %s: %v", p.Name(), element, err)
						continue
					}
					if used := s.Presets[0]; len(used) != 1 || len(used[0].Values) != len(p.Values()) {
						t.Errorf("%s at a %s: the scenario does not know its values: %+v", p.Name(), element, used)
					}
				}
				if len(p.Values()) == 0 {
					t.Errorf("%s sets nothing", p.Name())
				}
				var keys []string
				for _, v := range p.Values() {
					if slices.Contains(keys, v.Key) {
						t.Errorf("%s sets %s twice", p.Name(), v.Key)
					}
					keys = append(keys, v.Key)
					if u, err := url.Parse(v.Source); v.Assumed == "" && (err != nil || u.Scheme != "https" || u.Host == "") {
						t.Errorf("%s: %s has the page %q", p.Name(), v.Key, v.Source)
					}
				}
			}
		}
	}
}

// What is written beside use stands, key by key; null takes a setting away.
func TestUse(t *testing.T) {
	for _, c := range []struct{ element, settings, path, want, origin string }{
		{"queue", "use: rabbitmq-4.2/quorum", "queue.b/q.max_deliveries", "21", "rabbitmq-4.2/quorum"},
		{"queue", "use: rabbitmq-4.2/quorum, max_deliveries: 5", "queue.b/q.max_deliveries", "5", ""},
		{"queue", "use: rabbitmq-4.2/quorum, max_deliveries: null", "queue.b/q.max_deliveries", "unlimited", ""},
		{"queue", "use: rabbitmq-3.10/quorum", "queue.b/q.max_deliveries", "unlimited", "rabbitmq-3.10/quorum"},
		{"queue", "use: rabbitmq-4.2/quorum, max_deliveries: 5", "queue.b/q.max_length", "unlimited", "rabbitmq-4.2/quorum"},
		{"queue", "use: sqs/standard", "queue.b/q.visibility", "30s", "sqs/standard"},
		{"call", "use: resilience4j", "service.w.on.h.call.retry.attempts", "3", "resilience4j/default"},
		{"call", "use: resilience4j", "service.w.on.h.call.breaker.min_calls", "100", "resilience4j/default"},
		{"call", "use: resilience4j, retry: {attempts: 4}", "service.w.on.h.call.retry.attempts", "4", ""},
		{"call", "use: resilience4j, retry: {attempts: 4}", "service.w.on.h.call.retry.backoff", "500ms", "resilience4j/default"},
		{"call", "use: [resilience4j/retry, resilience4j/bulkhead]", "service.w.on.h.call.bulkhead.slots", "25", "resilience4j/bulkhead"},
		{"load", "use: resilience4j/retry", "load.l.retry.attempts", "3", "resilience4j/retry"},
		{"consumer", "use: rabbitmq-4.2/quorum-consumer", "service.w.consumes.b/q.prefetch", "2000", "rabbitmq-4.2/quorum-consumer"},
	} {
		t.Run(c.settings, func(t *testing.T) {
			s, err := Parse(nil, "x.yaml", []byte(withElement(c.element, c.settings)))
			if err != nil {
				t.Fatal(err)
			}
			d := s.Designs[0]
			if got, err := d.Get(c.path); err != nil || got != c.want {
				t.Errorf("%s = %q, %v; want %s", c.path, got, err, c.want)
			}
			if got := s.Origin(d, c.path); got != c.origin {
				t.Errorf("%s is from %q, want %q", c.path, got, c.origin)
			}
		})
	}
}

// Designs lay their own settings, and their own presets, over the shared ones.
func TestUseInDesigns(t *testing.T) {
	const text = `version: 1
name: x
run: {duration: 10s}
load: {l: {to: b/q, arrivals: poisson(1/s)}}
services: {w: {consumes: {b/q: h}, on: {h: [work: 1ms]}}}
brokers: {b: {queues: {q: {use: rabbitmq-4.2/quorum}}}}
designs:
  quorum: {}
  fewer: {brokers: {b: {queues: {q: {max_deliveries: 3}}}}}
  none: {brokers: {b: {queues: {q: {max_deliveries: null}}}}}
  classic: {brokers: {b: {queues: {q: {use: rabbitmq-4.2/classic}}}}}
  bare: {brokers: {b: {queues: {q: {use: null}}}}}
  set: {extends: quorum, set: {queue.b/q.max_deliveries: 7}}
`
	s, err := Parse(nil, "x.yaml", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	want := map[string][3]string{ // deliveries, their origin, the length
		"quorum":  {"21", "rabbitmq-4.2/quorum", "unlimited"},
		"fewer":   {"3", "", "unlimited"},
		"none":    {"unlimited", "", "unlimited"},
		"classic": {"unlimited", "rabbitmq-4.2/classic", "unlimited"},
		"bare":    {"unlimited", "", "10000"},
		"set":     {"7", "", "unlimited"},
	}
	for _, d := range s.Designs {
		deliveries, _ := d.Get("queue.b/q.max_deliveries")
		length, _ := d.Get("queue.b/q.max_length")
		got := [3]string{deliveries, s.Origin(d, "queue.b/q.max_deliveries"), length}
		if got != want[d.Name] {
			t.Errorf("%s: %q, want %q", d.Name, got, want[d.Name])
		}
	}
}

// A mistake has the place of the name of the preset, and a way on; more are in
// TestBadInput.
func TestUseMistakes(t *testing.T) {
	for _, c := range []struct{ element, settings, msg, hint string }{
		{"queue", "use: rabbitmq/quorum", "which version of RabbitMQ?", "rabbitmq-4.3"},
		{"queue", "use: rabbitmq-4.2/quorom", `rabbitmq-4.2 has no part "quorom"`, "did you mean quorum?"},
		{"queue", "use: rabbitmq-4.2", "which part of rabbitmq-4.2?", "rabbitmq-4.2/classic or rabbitmq-4.2/quorum"},
		{"queue", "use: rabbitmq-4.2/broker", "rabbitmq-4.2/broker is for a broker, not for a queue", "rabbitmq-4.2/classic or"},
		{"queue", "use: resilience4j", "resilience4j has nothing for a queue", "resilience4j/retry for a call"},
		{"queue", "use: sqs-2/fifo", "Amazon SQS has no versions here", "write sqs"},
		{"queue", "use: sqs/fifo", "key is missing beside sqs/fifo", "the attribute that is the message group"},
		{"queue", "use: {a: b}", "expected a preset", "for example rabbitmq-4.2/quorum"},
		{"queue", "use: [a, b, c, d, e, f, g, h, i]", "more than 8 presets for one element", ""},
		{"queue", "use: sqs/standard, delay: null", `there is no shared "delay"`, ""},
	} {
		t.Run(c.settings, func(t *testing.T) {
			text := withElement(c.element, c.settings)
			_, err := Parse(nil, "x.yaml", []byte(text))
			if err == nil {
				t.Fatal("no mistake")
			}
			line := 1 + strings.Count(text[:strings.Index(text, c.settings)], "\n")
			for _, want := range []string{c.msg, c.hint, fmt.Sprintf("x.yaml:%d:", line)} {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("%q is not in:\n%v", want, err)
				}
			}
		})
	}
}

// What presets bring counts as if it were written, so that a file of names is read in
// bounded time.
func TestUseIsBounded(t *testing.T) {
	many := strings.Repeat("sqs/standard, ", maxUsed)
	var b strings.Builder
	b.WriteString("version: 1\nname: x\nrun: {duration: 1s}\nload: {l: {to: b/q0, arrivals: poisson(1/s)}}\nbrokers: {b: {queues: {")
	for i := range 1500 {
		fmt.Fprintf(&b, "q%d: {use: [%s]}, ", i, many)
	}
	b.WriteString("}}}\n")
	if _, err := Parse(nil, "x.yaml", []byte(b.String())); err == nil || !strings.Contains(err.Error(), "too large together") {
		t.Errorf("12,000 presets: %.300v", err)
	}
}
