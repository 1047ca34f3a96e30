package lessons

import (
	"asynclab/sim/golden"
	"context"
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"
)

// market has everything that the examples in FORMAT.md mention.
const market = `version: 1
name: shop
run: {duration: 3min, warmup: 10s, seed: 2}
load:
  shoppers: {to: shop/buy, arrivals: constant(20/s)}
services:
  shop: {workers: 8}
  pay: {workers: 4}
links:
  default: {latency: 5ms}
faults:
  - {name: pay-slow, at: 60s, for: 30s, slow: pay, factor: 10}
designs:
  chain:
    services:
      shop: {on: {buy: [work: 10ms, call: pay/charge]}}
      pay: {on: {charge: [work: 50ms]}}
  broker:
    load:
      shoppers: {confirm: pay/charge}
    brokers:
      bus: {queues: {orders: {}}}
    services:
      shop: {on: {buy: [work: 10ms, publish: bus/orders]}}
      pay: {consumes: {bus/orders: charge}, on: {charge: [work: 50ms]}}
`

const marketHead = `---
lesson: 1
id: market
title: Market
summary: Two shops.
minutes: 5
scenario: shop
---

`

func marketLesson(text string) Shelf {
	return read(fstest.MapFS{
		"market/shop.yaml": {Data: []byte(market)},
		"market/en.md":     {Data: []byte(marketHead + text)},
	}, "here", []string{"telephone-and-email"})
}

var fenceRegexp = regexp.MustCompile("(?ms)^```(\\w+)\n(.*?)^```$")

var tableRegexp = regexp.MustCompile("(?s)(<!-- table: ([a-z]+) -->\n).*?(<!-- end -->\n)")

// tables are those of the page, by the names in its marks.
func tables() map[string]string {
	all := map[string]string{
		"blocks": blockTable(), "head": headObject.table(), "setup": setupObject.table(), "claim": claimObject.table(),
		"choice": choiceObject.table(), "goal": goalObject.table(), "attempt": object[Attempt]{props: attemptProps}.table(),
		"real": realObject.table(),
	}
	for _, kind := range Activities {
		all[kind.Block] = object[draft]{props: kind.props()}.table()
	}
	return all
}

func blockTable() string {
	var b strings.Builder
	b.WriteString("| block | how many in a step | what it is |\n|---|---|---|\n")
	for _, k := range blocks() {
		fmt.Fprintf(&b, "| `%s` | %s | %s |\n", k.name, k.many, k.doc)
	}
	return b.String()
}

// table is the keys as the guide has them.
func (o object[T]) table() string {
	var b strings.Builder
	b.WriteString("| key | must be there | what it is |\n|---|---|---|\n")
	for _, p := range o.props {
		must := ""
		if p.required {
			must = "yes"
		}
		if p.required && p.original {
			must = "in the original"
		}
		fmt.Fprintf(&b, "| `%s` | %s | %s |\n", p.key, must, p.doc)
	}
	return b.String()
}

// The tables of the page are those that the reader reads by.
func TestFormatTables(t *testing.T) {
	page, err := os.ReadFile("FORMAT.md")
	if err != nil {
		t.Fatal(err)
	}
	all, seen := tables(), map[string]bool{}
	want := tableRegexp.ReplaceAllStringFunc(string(page), func(s string) string {
		m := tableRegexp.FindStringSubmatch(s)
		seen[m[2]] = true
		return m[1] + all[m[2]] + m[3]
	})
	for name := range all {
		if !seen[name] {
			t.Errorf("FORMAT.md has no table of %s", name)
		}
	}
	golden.Equal(t, "FORMAT.md", []byte(want))
	if strings.Contains(string(Guide()), "<!--") {
		t.Error("the guide shows marks")
	}
}

// The examples of the page for lecturers are part of the format.
func TestFormatPage(t *testing.T) {
	page, err := os.ReadFile("FORMAT.md")
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]int{}
	for _, m := range fenceRegexp.FindAllStringSubmatch(string(page), -1) {
		block, body := m[1], m[2]
		lesson := "## A step {#a-step}\n\n```setup\n```\n\n"
		switch {
		case block == "yaml": // the page of the setup block
			lesson = "## A step {#a-step}\n\n```setup\n" + body + "```\n"
			block = "setup"
		case strings.Contains(body, "支付") || block == "markdown":
			continue // of a translation, or no block
		case block == "hint":
			lesson += "```question\nask: What?\nchoices: [{text: This., right: true}, That.]\n```\n\n" + m[0] + "\n"
		default:
			lesson += m[0] + "\n"
		}
		if block == "try" {
			lesson = strings.Replace(lesson, "```setup\n", "```setup\nknobs: [service.pay.workers]\n", 1)
		}
		if block == "setup" {
			lesson = strings.Replace(lesson, "chain: {service.pay.workers: 8}", "chain: {service.pay.workers: 8, service.shop.workers: 4}", 1)
		}
		seen[block]++
		for _, d := range marketLesson(lesson).Mistakes() {
			t.Errorf("%s: %v", block, d)
		}
	}
	for block, n := range map[string]int{"setup": 1, "claims": 1, "act": 1, "predict": 4, "edge": 1, "question": 1, "task": 1, "hint": 1, "review": 1, "try": 1, "transfer": 1, "real": 1} {
		if seen[block] != n {
			t.Errorf("%d examples of %s, want %d", seen[block], block, n)
		}
	}
}

// Setups change designs together and apart, leave faults out, and end early;
// attempts change things while it runs.
func TestStates(t *testing.T) {
	const lesson = `## Two {#two}

` + "```setup\ndesigns: [chain, broker]\nuntil: %s\nfaults: %s\nset: {service.pay.workers: %s, chain: {service.shop.workers: %s}}\n```\n\n```claims\n%s\n```\n\n%s\n"
	for _, c := range []struct{ until, faults, pay, shop, claims, text string }{
		{"30s", "[]", "2", "4", "n: param.service.pay.workers", "[2](claim:n)"},
		{"30s", "[]", "2", "4", "n: chain.param.service.shop.workers + broker.param.service.shop.workers", "[12](claim:n)"},
		{"30s", "[]", "2", "4", "n: 2 * 3", "[6](claim:n)"},
		{"30s", "[]", "2", "4", `n: "chain: load.shoppers.offered"`, "[401](claim:n)"}, // 20 s measured, and the one that comes at 30 s
		{"50s", "[]", "2", "4", `n: {is: "chain: load.shoppers.offered in 10s..20s", tolerance: 10%}`, "[about 200](claim:n)"},
		{"50s", "[]", "4", "8", `n: "chain: 80ms == load.shoppers.confirmed.latency.max"`, "[always 80 ms](claim:n)"},
		{"90s", "[]", "4", "8", `n: "broker: queue.bus/orders.depth.max"`, "[0](claim:n)"},
		{"90s", "[pay-slow]", "4", "8", `n: "broker: queue.bus/orders.depth.max > 100"`, "[more than 100](claim:n)"},
	} {
		r, err := Check(context.Background(), marketLesson(fmt.Sprintf(lesson, c.until, c.faults, c.pay, c.shop, c.claims, c.text)), false, 1, nil)
		if err != nil || len(r.Mistakes)+len(r.Unmet) > 0 {
			t.Errorf("%s: %v\n%v\n%v", c.claims, err, r.Mistakes, r.Unmet)
		}
	}
	const task = "## Task {#task}\n\n```setup\ndesigns: [broker]\nuntil: 90s\n```\n\n```task\nask: Keep the queue short.\ngoals: [{text: It is short., expect: queue.bus/orders.depth.max < 70}]\nrepairs: [{%s}]\ncheats: [{set: {service.shop.workers: 9}}]\n```\n"
	for repair, want := range map[string]string{
		"faults: []": "",
		"then: [{at: 60s, set: {service.pay.workers: 60}}]": "",
		"then: [{at: 89s, set: {service.pay.workers: 60}}]": "does not meet the goal",
		"then: [{at: 60s, set: {load.shoppers.count: 60}}]": "is fixed while a run lasts",
		"then: [{at: 60s}]":            `a change needs "set"`,
		"set: {queue.bus/orders.x: 1}": "queue.bus/orders.x",
		"faults: [nothing]":            `there is no fault "nothing"`,
	} {
		r, err := Check(context.Background(), marketLesson(fmt.Sprintf(task, repair)), false, 1, nil)
		if err != nil {
			t.Fatal(err)
		}
		text := r.Mistakes.Error() + r.Unmet.Error()
		if !strings.Contains(text, want) || (text == "") != (want == "") {
			t.Errorf("%s: %s", repair, text)
		}
	}
	for claims, want := range map[string]string{
		"n: load.shoppers.offered":                "of which design?",
		"n: param.service.shop.workers":           "differs between the designs",
		"n: param.service.shop.wrkers":            "service.shop.wrkers",
		`n: "bus: load.shoppers.offered"`:         `the step shows no design "bus"`,
		`n: "chain: load.shoppers.offered + 1ms"`: "cannot add",
		"n: {is: 2 * 3, tolerance: 1ms}":          "the tolerance is a duration",
		"n: two":                                  "is not a metric",
		"N: 2 * 3":                                "is no name for a claim",
	} {
		s := marketLesson(fmt.Sprintf(lesson, "30s", "[]", "2", "4", claims, "Nothing."))
		if text := s.Mistakes().Error(); !strings.Contains(text, want) {
			t.Errorf("%s: %s", claims, text)
		}
	}
}

// Runs that are asked for several times are made once.
func TestRunsOnce(t *testing.T) {
	step := "## A {#%s}\n\n```setup\ndesigns: [%s]\nuntil: %s\n%s\n```\n\n```claims\n%[1]s: 'chain: load.shoppers.offered > 0'\n```\n\n[Some](claim:%[1]s).\n\n"
	text := fmt.Sprintf(step, "a", "chain", "30s", "") + fmt.Sprintf(step, "b", "chain", "60s", "") +
		fmt.Sprintf(step, "c", "chain, broker", "30s", "set: {service.pay.workers: 4}") + fmt.Sprintf(step, "d", "chain", "30s", "faults: []")
	r, err := Check(context.Background(), marketLesson(text), false, 1, nil)
	if err != nil || len(r.Mistakes)+len(r.Unmet) > 0 {
		t.Fatal(err, r.Mistakes, r.Unmet)
	}
	if r.Runs != 3 || r.Claims != 4 { // chain, broker, chain without its fault
		t.Errorf("%+v", r)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := Check(ctx, marketLesson(text), false, 1, nil); err == nil {
		t.Error("a check that was cancelled goes on")
	}
}
