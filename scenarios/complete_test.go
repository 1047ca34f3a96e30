package scenarios

import (
	"slices"
	"strings"
	"testing"
)

// The cursor stands at the bar. Completions end with those that must not be there.
func TestComplete(t *testing.T) {
	shop := "services:\n  pay: {on: {charge: []}}\nbrokers:\n  bus: {queues: {orders: {}}}\ndesigns:\n  naive: {}\n"
	for _, c := range []struct {
		text, yes, no string
	}{
		{"|", "version: |name: |services: ", "workers: "},
		{"version: 1\n|\nservices: {}\n", "name: |brokers: ", "version: |services: "},
		{"run: {dur|", "duration: ", "seed: "},
		{shop + "load:\n  a: {|", "to: |arrivals: |deadline: ", "workers: "},
		{shop + "load:\n  a: {to: |", "pay/charge|bus/orders", "pay"},
		{shop + "load:\n  a:\n    arrivals: |", "poisson(200/s)", "to: "},
		{"services:\n  shop:\n    |", "workers: |on: |consumes: ", "queues: "},
		{"services:\n  shop:\n    workers: |", "unlimited", "workers: "},
		{"services:\n  shop:\n    on:\n      order:\n        - |", "work: |call: |reply|publish: ", "workers: "},
		{"services:\n  shop:\n    on:\n      order:\n        - {work: 1ms}\n        - re|", "reply|repeat: ", "work: "},
		{"services:\n  shop:\n    on:\n      order:\n        - call: pay/charge\n          |", "timeout: |retry: ", "call: "},
		{shop + "faults:\n  - {at: 1s, |", "crash: |for: ", "at: "},
		{shop + "faults:\n  - {at: 1s, crash: |", "pay|bus", "naive"},
		{shop + "  other: {extends: |", "naive", "pay"},
		{"brokers:\n  bus:\n    queues:\n      orders:\n        durable: |", "true|false", ""},
		{shop + "silence: [|", "unbounded-queue", "pay"},
		{"# |", "", "version: "},
	} {
		text, rest, _ := strings.Cut(c.text, "|")
		from, all := Complete(text+rest, len(text))
		var got []string
		for _, x := range all {
			got = append(got, x.Text)
		}
		for _, want := range strings.Split(c.yes, "|") {
			if want != "" && !slices.Contains(got, want) {
				t.Errorf("%q: no %q in %q", c.text, want, got)
			}
		}
		for _, not := range strings.Split(c.no, "|") {
			if not != "" && slices.Contains(got, not) {
				t.Errorf("%q: %q is in %q", c.text, not, got)
			}
		}
		if from > len(text) || strings.ContainsAny(text[from:], " \n") {
			t.Errorf("%q: from %q", c.text, text[min(from, len(text)):])
		}
	}
}

// Every key of the language can be completed where it stands in the file that has them
// all, and is documented there.
func TestCompleteEveryField(t *testing.T) {
	for _, c := range (completer{language: core(), schema: completions()}).allKeys() {
		if c.Field == nil || c.Field.Doc == "" || c.Kind == "" {
			t.Errorf("%q is not documented", c.Text)
		}
	}
}

func (c completer) allKeys() (all []Completion) {
	for _, o := range c.allObjects() {
		if o == c.document {
			continue
		}
		for _, s := range c.open(candidate{Schema: ref(o)}) {
			all = append(all, c.keys(s, nil)...)
		}
	}
	return all
}
