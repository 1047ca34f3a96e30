package lessons

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"testing/fstest"
)

// twoLessons are a lesson, and one two places later that brings a prediction of the
// first back.
func twoLessons(t *testing.T, later string) (first, last *Lesson, mistakes Diagnostics) {
	t.Helper()
	head := func(id string, order int) string {
		return strings.Replace(strings.Replace(marketHead, "id: market", "id: "+id, 1), "minutes", fmt.Sprintf("order: %d\nminutes", order), 1)
	}
	s := read(fstest.MapFS{
		"one/shop.yaml": {Data: []byte(market)},
		"one/en.md": {Data: []byte(head("one", 1) + "## A {#a}\n\n```setup\ndesigns: [chain]\nuntil: 30s\n```\n\n```predict\nask: What?\n" +
			"choices:\n  - {text: This., right: true, holds: load.shoppers.failed == 0}\n  - That.\n```\n")},
		"three/shop.yaml": {Data: []byte(market)},
		"three/en.md":     {Data: []byte(head("three", 3) + "## B {#b}\n\n" + later)},
	}, "here", nil)
	return s.Find("one").In("en"), s.Find("three").In("en"), s.Mistakes()
}

// A prediction that was wrong and sure comes back, and no other.
func TestReview(t *testing.T) {
	const review = "```review\nof: one/a\nask: Again?\nchoices:\n  - No.\n  - {text: Yes., right: true}\n```\n\nBehind it.\n"
	first, last, mistakes := twoLessons(t, review)
	if len(mistakes) > 0 {
		t.Fatal(mistakes)
	}
	ended, err := first.Steps[0].Activities()[0].Run(context.Background(), first, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		g   Guess
		due bool
	}{{Guess{Choice: 1, Sure: true}, true}, {Guess{Choice: 1}, false}, {Guess{Choice: 0, Sure: true}, false}} {
		progress := &Progress{}
		p := NewPlayer(first, progress.Of(first.ID, noon))
		if err := p.Predict(c.g, noon); err != nil {
			t.Fatal(err)
		}
		if p.Finished(ended, noon) == nil {
			t.Fatal("it is not compared")
		}
		progress = progress.Clone() // as it is read from a file
		p = NewPlayer(last, progress.Of(last.ID, noon))
		gate := p.Gate()
		if c.due != (gate != nil && gate.Kind == Review) || len(p.Visible()) != 1 || c.due != (p.Visible()[0].Activity != nil) {
			t.Errorf("%+v: the gate is %v, and %d blocks are seen", c.g, gate, len(p.Visible()))
		}
		if !c.due {
			continue
		}
		if right, err := p.Answer(0, noon); right || err != nil || p.Gate() == nil {
			t.Errorf("the wrong answer is %v, %v", right, err)
		}
		if right, err := p.Answer(1, noon); !right || err != nil || p.Gate() != nil || len(p.Visible()) != 2 {
			t.Errorf("the right answer is %v, %v", right, err)
		}
		var table strings.Builder
		if err := progress.CSV(&table, nil); err != nil || !strings.Contains(table.String(), "one,a,prediction,2026-11-21T12:00:00Z,that,,,false,,0,true\n") {
			t.Error(table.String(), err)
		}
	}
	for change, want := range map[string]string{
		"of: one":     `"one" names no prediction`,
		"of: two/a":   `there is no lesson "two"`,
		"of: one/b":   `has no prediction in a step "b"`,
		"of: three/b": `has no prediction in a step "b"`,
	} {
		if _, _, ds := twoLessons(t, strings.Replace(review, "of: one/a", change, 1)); !strings.Contains(ds.Error(), want) {
			t.Errorf("%s: %v", change, ds)
		}
	}
}

// A try keeps what was changed and what came of it; a run that changes nothing, or
// something else, is none.
func TestTrial(t *testing.T) {
	const try = "```setup\ndesigns: [chain]\nknobs: [service.pay.on.charge.work]\nuntil: 30s\n```\n\n```try\nask: Change it.\nwatch: load.shoppers.confirmed.latency.p50\n```\n\nBehind it.\n"
	l, ds := one(try)
	if len(ds) > 0 {
		t.Fatal(ds)
	}
	taken := (&Progress{}).Of(l.ID, noon)
	p := NewPlayer(l, taken)
	for _, c := range []struct{ change, beside string }{{"", ""}, {"service.shop.on.buy.work=1ms", "service.shop.on.buy.work"}, {"service.pay.on.charge.work=20ms", ""}} {
		a := p.Gate()
		if a == nil || a.Kind != Trial || p.MayNext() != ErrEnd || len(p.Tries(a)) > 0 {
			t.Fatalf("before %q the gate is %v", c.change, a)
		}
		var set []Change
		if c.change != "" {
			one, err := a.Setup().Change(c.change)
			if err != nil {
				t.Fatal(err)
			}
			set = append(set, one)
		}
		ended, err := a.Run(context.Background(), l, set)
		if err != nil {
			t.Fatal(err)
		}
		v := p.Finished(ended, noon)
		if got := v != nil && strings.Join(v.Beside, " ") == c.beside; (c.change != "") != got {
			t.Errorf("%s: %+v", c.change, v)
		}
	}
	tries := taken.Steps["a"].Of(Trial)
	if p.Gate() != nil || len(tries) != 1 || tries[0].Said != "service.pay.on.charge.work=20ms" || l.Steps[0].Activities()[0].Watched(tries[0]) != "50ms" { // 4 × 5 + 10 + 20
		t.Errorf("%+v", tries)
	}
	if _, ds := one(strings.Replace(try, "service.pay.on.charge.work]", "load.shoppers.count]", 1)); !strings.Contains(ds.Error(), "load.shoppers.count is fixed while a run lasts") {
		t.Error(ds)
	}
	if _, ds := one(strings.Replace(try, "knobs: [service.pay.on.charge.work]\n", "", 1)); !strings.Contains(ds.Error(), "no knobs to try") {
		t.Error(ds)
	}
}

// one is a lesson of one step in the market.
func one(step string) (*Lesson, Diagnostics) {
	s := marketLesson("## A {#a}\n\n" + step)
	return s[0].In("en"), s.Mistakes()
}

// A transfer is about a scenario of its own, and has no hints.
func TestTransfer(t *testing.T) {
	const block = "```transfer\nask: What?\nchoices:\n  - {text: This., right: true, holds: \"chain: load.shoppers.failed == 0\"}\n  - That.\n```\n"
	for text, want := range map[string]string{
		"```setup\nuntil: 30s\n```\n\n" + block:                                                                        "",
		"```setup\nuntil: 30s\n```\n\n" + block + "\n```hint\nLook.\n```\n":                                            "a transfer has no hints",
		"```setup\nuntil: 30s\n```\n\nText.\n\n## B {#b}\n\n```setup\nuntil: 40s\n```\n\n" + block:                     `shows the scenario of the transfer in the step "a" too`,
		"```setup\nuntil: 30s\n```\n\n" + strings.Replace(block, "failed == 0", "failed > 0", 1):                       "the right answer is not what the run shows",
		"```setup\nuntil: 30s\n```\n\n```claims\nn: \"chain: load.shoppers.failed\"\n```\n\n[0](claim:n).\n\n" + block: "which the prediction",
	} {
		r, err := Check(context.Background(), marketLesson("## A {#a}\n\n"+text), false, 1, nil)
		if err != nil {
			t.Fatal(err)
		}
		if got := r.Mistakes.Error() + r.Unmet.Error(); !strings.Contains(got, want) || (got == "") != (want == "") {
			t.Errorf("%s\n%s", text, got)
		}
	}
}

// A real block has a source with a date; its numbers are those of the source.
func TestReal(t *testing.T) {
	const block = "```real\nsystem: RabbitMQ\nversion: \"4.0\"\nsource: https://www.rabbitmq.com/docs/quorum-queues\nread: 2026-11-26\ntext: It gives up after 20 deliveries.\n```\n"
	l, ds := one(block)
	if len(ds) > 0 {
		t.Fatal(ds)
	}
	b := l.Steps[0].Blocks[0]
	if got := b.Items[0][1].Text.String(); b.Kind != Quote || got != "RabbitMQ (4.0): https://www.rabbitmq.com/docs/quorum-queues, read on 2026-11-26" {
		t.Errorf("%+v", b)
	}
	for change, want := range map[string]string{
		"read: 2026-11-31":     "is not a day",
		"source: somewhere":    "is not the address of a page",
		"source: http://a.org": "is not the address of a page",
		"version: \"\"":        "version",
	} {
		key, _, _ := strings.Cut(change, ":")
		var text []string
		for line := range strings.Lines(block) {
			if strings.HasPrefix(line, key+":") {
				line = change + "\n"
			}
			text = append(text, line)
		}
		if _, ds := one(strings.Join(text, "")); !strings.Contains(ds.Error(), want) {
			t.Errorf("%s: %v", change, ds)
		}
	}
}

// With more seeds, a number that is true of one seed must be true of all.
func TestSeeds(t *testing.T) {
	const text = "## A {#a}\n\n```setup\ndesigns: [chain]\nset: {service.pay.errors: 10%%}\nuntil: 30s\n```\n\n```claims\nn: load.shoppers.failed\n```\n\n[%s](claim:n).\n"
	for _, c := range []struct {
		says  string
		seeds int
		want  string
	}{
		{"15 to 70", 1, ""}, {"15 to 70", 20, ""}, {"41 to 43", 20, "(with seed"}, {"100 to 200", 1, "the text says"}, {"15 s to 70 s", 1, "is a plain number"},
	} {
		r, err := Check(context.Background(), marketLesson(fmt.Sprintf(text, c.says)), false, c.seeds, nil)
		if err != nil {
			t.Fatal(err)
		}
		if got := r.Mistakes.Error() + r.Unmet.Error(); !strings.Contains(got, c.want) || (got == "") != (c.want == "") || len(r.Unmet) > 1 {
			t.Errorf("%s with %d seeds: %s", c.says, c.seeds, got)
		}
	}
}
