package lessons

import (
	"strings"
	"testing"
)

// What a real system does by default is what its preset says, in every language.
func TestRealPresets(t *testing.T) {
	const block = "```real\nsystem: Amazon SQS\npresets: [sqs/fifo]\nversion: \"2026\"\nsource: https://example.org/a\nread: 2026-11-26\ntext: It is back after [30 s](preset:visibility), [in order](preset:requeue=original).\n```\n"
	for _, c := range []struct{ old, is, want string }{
		{"", "", ""},
		{"[30 s]", "[0.5 min]", ""},
		{"[30 s]", "[45 s]", `the text says "45 s", and sqs/fifo has visibility: 30s`},
		{"[30 s]", "[30 times]", `has visibility: 30s`},
		{"=original", "=head", `sqs/fifo has requeue: original`},
		{"=original", "", `name the word: preset:requeue=original`},
		{"(preset:visibility)", "(preset:visible)", `no preset of the block has "visible"`},
		{"presets: [sqs/fifo]\n", "", `there is no preset that "30 s" could be quoted from`},
		{"[sqs/fifo]", "sqs/fifo", ""},
		{"[sqs/fifo]", "[sqs/fofi]", `sqs has no part "fofi"`},
		{"[sqs/fifo]", "[sqz/fifo]", `there is no preset "sqz"`},
		{"It is back after [30 s](preset:visibility), [in order](preset:requeue=original).", "It is back.", "the text quotes nothing of sqs/fifo"},
	} {
		_, ds := one(strings.Replace(block, c.old, c.is, 1))
		if got := ds.Error(); c.want == "" && len(ds) > 0 || !strings.Contains(got, c.want) {
			t.Errorf("%q: %q, want %q", c.is, got, c.want)
		}
	}
	named := 0
	for _, f := range Library() {
		l := f.Lessons[0]
		for i := range l.Steps {
			for _, x := range l.Steps[i].reals {
				named += len(x.Presets)
			}
		}
	}
	if named < 17 {
		t.Errorf("the pages of real systems name %d presets only", named)
	}
}
