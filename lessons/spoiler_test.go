package lessons

import (
	"context"
	"strings"
	"testing"
)

// A right answer does not stand before its question: not as a number that happens to be
// the same, and not as a reason in its choice.
func TestTold(t *testing.T) {
	const (
		setup  = "```setup\ndesigns: [chain]\nuntil: 30s\n```\n\n```claims\nwork: param.service.pay.on.charge.work\nmean: load.shoppers.confirmed.latency.p50\n```\n\n"
		choice = "```predict\nask: How long?\nchoices:\n  - {text: \"About [80 ms](example:)\", right: true, holds: \"load.shoppers.confirmed.latency.p50 between 76ms and 84ms\"}\n  - {text: About 50 ms}\n```\n"
		number = "```predict\nask: How long?\nanswer: load.shoppers.confirmed.latency.p50\nunit: ms\n```\n"
		told   = "Somebody said [80 ms](example:).\n\n"
	)
	for text, want := range map[string]string{
		setup + choice:                                     "",
		setup + told + choice:                              `the text before the prediction says "80 ms", and so does the right choice`,
		told + "## B {#b}\n\n" + setup + choice:            `says "80 ms"`,
		setup + "Half of [160 ms](example:).\n\n" + choice: "",
		setup + number:                                     "",
		setup + told + number:                              `the text before the prediction says "80 ms", which is the answer`,
		setup + strings.Replace(number, "long?", "long, if not [0.08 s](example:)?", 1):                                          `says "0.08 s", which is the answer`,
		setup + strings.Replace(choice, "About 50 ms", "About 50 ms. Nobody waits.", 1):                                          `a choice of the first prediction says why`,
		setup + number + "\n## B {#b}\n\n" + setupOnly + strings.Replace(choice, "About 50 ms", "About 50 ms. Nobody waits.", 1): "",
		setup + told + "## B {#b}\n\n" + setupOnly + number:                                                                      `which is the answer`, // the first prediction of the lesson
		setup + choice + "\n" + told + "## B {#b}\n\n" + setupOnly + number:                                                      "",                    // a later one
	} {
		l, ds := one(text)
		got := ds.Error()
		if len(ds) == 0 {
			r, err := Check(context.Background(), Shelf{{ID: l.ID, Lessons: []*Lesson{l}}}, false, 1, nil)
			if err != nil {
				t.Fatal(err)
			}
			if got = r.Unmet.Error(); len(r.Unmet) == 0 {
				got = ""
			}
		}
		if want == "" && got != "" || !strings.Contains(got, want) {
			t.Errorf("%s\n%q, want %q", text, got, want)
		}
	}
}

const setupOnly = "```setup\ndesigns: [chain]\nuntil: 30s\n```\n\n"

// A right answer does not stand in a headline either, as a word that no other choice has.
func TestHeadlines(t *testing.T) {
	const (
		setup   = "```setup\ndesigns: [chain]\nuntil: 30s\n```\n\n"
		choice  = "```predict\nask: What do the shoppers see?\nchoices:\n  - {text: The answers are delayed., right: true, holds: \"load.shoppers.confirmed.latency.p50 between 76ms and 84ms\"}\n  - {text: Shoppers are refused.}\n```\n"
		picture = "![A line of people, delayed by one.](topology:chain)\n\n"
	)
	for text, want := range map[string]string{
		setup + choice:           "",
		setup + picture + choice: `the right choice has a word of a title, summary or picture above it that no other choice has: "delay"`,
		setup + choice + picture: "",
		setup + strings.Replace(picture, "delayed", "refused", 1) + choice:                                     "",
		setup + strings.Replace(picture, "delayed", "shoppers", 1) + choice:                                    "",
		setup + choice + "\n## Long delays {#b}\n\n" + setup + strings.Replace(choice, "answers", "others", 1): `"delay" in "Long delays"`,
		"First.\n\n## Long delays {#b}\n\n" + setup + "Some.\n\n## B {#c}\n\n" + setup + choice:                `"delay" in "Long delays"`, // the first of the lesson
		setup + choice + "\n## Long delays {#b}\n\n" + setup + "Some.\n\n## B {#c}\n\n" + setup + choice:       "",                         // a later one
	} {
		got := ""
		if l, ds := one(text); len(ds) > 0 {
			got = ds.Error()
		} else {
			r, err := Check(context.Background(), Shelf{{ID: l.ID, Lessons: []*Lesson{l}}}, false, 1, nil)
			if err != nil {
				t.Fatal(err)
			}
			if len(r.Unmet) > 0 {
				got = r.Unmet.Error()
			}
		}
		if want == "" && got != "" || !strings.Contains(got, want) {
			t.Errorf("%s\n%q, want %q", text, got, want)
		}
	}
}
