package yamltree

import (
	"slices"
	"strings"
	"testing"
)

func TestSpans(t *testing.T) {
	text := `# head
name: shop # it
run: {duration: 2min, seed: 1}
on:
  pay:
    - work: exp(2ms)
    - "reply"
    - {call: a/b, timeout: 1s}
description: |
  two: lines
  # of text
last: 'it''s'
`
	var got []string
	for _, s := range Spans(text) {
		got = append(got, string("pknq#m"[s.Class])+":"+text[s.From:s.To])
	}
	want := []string{"#:# head", "k:name", "m::", "p:shop", "#:# it", "k:run", "m::", "m:{", "k:duration", "m::", "n:2min", "m:,", "k:seed", "m::", "n:1", "m:}",
		"k:on", "m::", "k:pay", "m::", "m:-", "k:work", "m::", "p:exp(2ms)", "m:-", `q:"reply"`, "m:-", "m:{", "k:call", "m::", "p:a/b", "m:,", "k:timeout", "m::", "n:1s", "m:}",
		"k:description", "m::", "m:|", "q:two: lines", "q:# of text", "k:last", "m::", "q:'it'", "q:'s'"}
	if !slices.Equal(got, want) {
		t.Errorf("got  %q\nwant %q", got, want)
	}
}

// The cursor stands at the bar.
func TestPlaceAt(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"|", " key"},
		{"na|", " key na"},
		{"name: a\n|\nrun: {}\n", " key used name,run"},
		{"services:\n  |", "services key"},
		{"services:\n  pay:\n    |", "services.pay key"},
		{"services:\n  pay:\n    workers: |", "services.pay.workers val"},
		{"services:\n  pay:\n    workers: 1|", "services.pay.workers val 1"},
		{"services:\n  pay:\n    workers: 1\n    q|\n    on: {}\n  shop: {}\n", "services.pay key q used workers,on"},
		{"services:\n  pay:\n    workers: 1\n  |", "services key used pay"},
		{"services:\n  pay:\n    workers:|", "none"},
		{"services:\n  pay:\n    on:\n      do:\n        - |", "services.pay.on.do.* key val"},
		{"services:\n  pay:\n    on:\n      do:\n        - w|", "services.pay.on.do.* key val w"},
		{"services:\n  pay:\n    on:\n      do:\n        - work: |", "services.pay.on.do.*.work val"},
		{"services:\n  pay:\n    on:\n      do:\n        - call: a/b\n          |", "services.pay.on.do.* key used call"},
		{"services:\n  pay: {on: {do: [wo|", "services.pay.on.do.* key val wo"},
		{"services:\n  pay: {on: {do: [work: 1ms, ca|", "services.pay.on.do.* key val ca"},
		{"services:\n  pay: {on: {do: [work: |", "services.pay.on.do.*.work val"},
		{"services:\n  pay: {workers: 2, |}", "services.pay key used workers"},
		{"services:\n  pay: {workers: |}", "services.pay.workers val"},
		{"faults:\n  - {at: 1s, |", "faults.* key used at"},
		{"faults:\n- at: 1s\n  |", "faults.* key used at"},
		{"faults:\n- at: 1s\n|", " key used faults"},
		{"name: a # com|", "none"},
		{"description: |~\n  some te|", "none"},
	} {
		text, rest, _ := strings.Cut(strings.ReplaceAll(c.text, "|~", "\x01"), "|")
		text = strings.ReplaceAll(text, "\x01", "|")
		got := "none"
		if p, ok := PlaceAt(text+rest, len(text)); ok {
			got = strings.Join(p.Path, ".")
			got = strings.ReplaceAll(strings.TrimSuffix(strings.ReplaceAll(got+".", "..", ".*."), "."), "\x00", "")
			if p.Key {
				got += " key"
			}
			if p.Val {
				got += " val"
			}
			if word := text[p.From:]; word != "" {
				got += " " + word
			}
			if len(p.Used) > 0 {
				got += " used " + strings.Join(p.Used, ",")
			}
		}
		if got != c.want {
			t.Errorf("%q: got %q, want %q", c.text, got, c.want)
		}
	}
}

func TestKeys(t *testing.T) {
	var got []string
	for _, k := range Keys("brokers:\n  bus: {queues: {in: {}}}\ntopics:\n  - a: 1\n    b: 2\n") {
		got = append(got, strings.Join(k.Path, "."))
	}
	if want := []string{"brokers", "brokers.bus", "brokers.bus.queues", "brokers.bus.queues.in", "topics", "topics..a", "topics..b"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

// Whatever is written, the pieces of a text are in order, and none is outside of it.
func FuzzSpans(f *testing.F) {
	f.Add("a: {b: [c, 'd', \"e\\\"\"]} # f\n- |\n  x\n", 5)
	f.Add("}]a: :,:\n\t- -\r\n", 1)
	f.Fuzz(func(t *testing.T, text string, at int) {
		end := 0
		for _, s := range Spans(text) {
			if s.From < end || s.To <= s.From || s.To > len(text) || strings.Contains(text[s.From:s.To], "\n") {
				t.Fatalf("%q: %+v after %d", text, s, end)
			}
			end = s.To
		}
		if p, ok := PlaceAt(text, at); ok && (p.From < 0 || p.From > len(text)) {
			t.Fatalf("%q at %d: %+v", text, at, p)
		}
		Keys(text)
	})
}
