package main

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
)

func TestEscaped(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"plain\ttext\n", "plain\ttext\n"},
		{"订单 é 👩‍🚀　", "订单 é 👩‍🚀　"},
		{"\x1b[31mred\x07", `\u001b[31mred\u0007`},
		{"\u009b31m\u0085\x7f", `\u009b31m\u0085\u007f`},
		{"back\rfront", `back\u000dfront`},
		{"a\u202eb\u2066c", `a\u202eb\u2066c`},
		{"\xff\xc3", `\xff\xc3`},
		{"\U000e0041", `\udb40\udc41`},
		{"\ufffe\ufdd0\U0001ffff", `\ufffe\ufdd0\ud83f\udfff`},
	} {
		if got := escaped(c.text); got != c.want {
			t.Errorf("%q: %q, want %q", c.text, got, c.want)
		}
	}
}

// Whatever a file has in its texts, no command sends controls to a terminal, and
// JSON stays JSON.
func TestNothingUnprintable(t *testing.T) {
	file := strings.Replace(tiny, "name: tiny", "name: tiny\ntitle: \"red \\e[31m \\x9b31m \\u202e\"\ndescription: \"bell \\a\"", 1)
	broken := strings.Replace(file, "version: 1", `version: "1\e[2J"`, 1)
	for _, args := range [][]string{
		{"run", "-"}, {"run", "-", "--format", "json"}, {"run", "-", "--format", "markdown"}, {"run", "-", "--format", "junit"},
		{"run", "-", "--design", "\x1b[2J"}, {"run", "no\x1b[2J.yaml"}, {"--\x1b[2J"},
		{"show", "-"}, {"show", "-", "--format", "svg"}, {"show", "-", "--format", "dot"}, {"params", "-"}, {"validate", "-"},
	} {
		for _, text := range []string{file, broken} {
			var out, errs bytes.Buffer
			Main(args, strings.NewReader(text), &out, &errs, Env{})
			for _, got := range []string{out.String(), errs.String()} {
				if i := strings.IndexFunc(got, func(r rune) bool { return !printable(r) }); i >= 0 {
					t.Errorf("%q: %q", args, got[max(0, i-30):min(len(got), i+30)])
				}
			}
			if args[len(args)-1] == "json" && text == file && !json.Valid(out.Bytes()) {
				t.Errorf("no JSON: %s", out.String())
			}
		}
	}
}
