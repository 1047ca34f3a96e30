package main

import (
	"io"
	"reflect"
	"strings"
	"testing"
)

// A parser of one command understands what the parser of all understands, and leaves
// help and mistakes to it.
func TestParseOne(t *testing.T) {
	lines := []string{
		"run order-flow --reps 3 --set service.pay.workers=2 -q", "run - --theory", "compare order-flow --base broker --precision=2%",
		"sweep bench/mm1 --vary load.clients.rate=0.1/s,0.2/s --nats embedded", "worker --nats localhost --jobs 2", "validate a.yaml b.yaml --strict",
		"list --names", "show order-flow --format svg", "metrics", "params order-flow", "new x.yaml --from order-flow", "schema --out s.json",
		"lesson show words", "trace order-flow --follow p99.9 --format svg", "lesson check .", "presets rabbitmq", "reference queue", "version", "completion bash",
	}
	all := reflect.TypeFor[cli]()
	seen := map[string]bool{}
	for _, line := range lines {
		args := strings.Fields(line)
		full := &cli{}
		parser, err := newParser(full, io.Discard, io.Discard)
		if err != nil {
			t.Fatal(err)
		}
		want, err := parser.Parse(args)
		if err != nil {
			t.Fatalf("%s: %v", line, err)
		}
		got := parseOne(args)
		if got == nil {
			t.Errorf("%s: the parser of one command does not understand it", line)
			continue
		}
		seen[args[0]] = true
		name, _ := all.FieldByNameFunc(func(n string) bool { return strings.EqualFold(n, args[0]) })
		a, b := want.Model.Target.FieldByName(name.Name), got.Model.Target.FieldByName(name.Name)
		if got.Command() != want.Command() || !reflect.DeepEqual(a.Interface(), b.Interface()) {
			t.Errorf("%s: %s %+v, with all commands %s %+v", line, got.Command(), b, want.Command(), a)
		}
	}
	for i := range all.NumField() {
		if name := strings.ToLower(all.Field(i).Name); !seen[name] {
			t.Errorf("no line for %s", name)
		}
	}
	for _, line := range []string{"run --help", "run order-flow -h", "run -qh order-flow", "lesson --help=true", "nosuch", "--help", "run", "run order-flow --nosuch", "worker", "run order-flow --reps x"} {
		if got := parseOne(strings.Fields(line)); got != nil {
			t.Errorf("%s: %s is parsed", line, got.Command())
		}
	}
}
