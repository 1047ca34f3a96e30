package learn

import (
	"strings"
	"testing"
	"unicode/utf8"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"
	"pgregory.net/rapid"
)

// ten takes every character for ten wide.
func ten(text string, _ fyne.TextStyle) float32 { return float32(10 * utf8.RuneCountInString(text)) }

// set is a paragraph as lines of text; | between spans, and [ ] around a number.
func set(t *testing.T, text string, width float32) string {
	t.Helper()
	var spans []textSpan
	for _, s := range strings.Split(text, "|") {
		number, is := strings.CutPrefix(s, "[")
		spans = append(spans, textSpan{text: strings.TrimSuffix(number, "]"), claim: is})
	}
	var out []string
	for _, line := range newParagraph(theme.SizeNameText, spans).lines(width, ten) {
		text, end := "", float32(0)
		for _, r := range line {
			if r.x > end+1 {
				text += " "
			}
			text += r.text
			end = r.x + ten(r.text, fyne.TextStyle{})
		}
		out = append(out, strings.TrimRight(strings.ReplaceAll(text, "\u00a0", "_"), " "))
	}
	return strings.Join(out, "/")
}

func TestParagraph(t *testing.T) {
	for _, c := range []struct {
		text  string
		width float32
		want  string
	}{
		{"", 100, ""},
		{"one two three", 100, "one two/three"},
		{"one two three", 130, "one two three"},
		{"one |two|, three", 70, "one/two,/three"}, // no line begins with a comma of the next span
		{"it is (|here|)", 80, "it is/(here)"},     // nor ends with a bracket
		{"it is |[300 ms]|, always", 90, "it is/300_ms,/always"},
		{"a rate of |[50 orders a second]", 100, "a rate of/50 orders/a second"},
		{"one\ntwo", 100, "one/two"},
		{"数一数一个订单", 40, "数一数一/个订单"},
		{"数一数一，个订单", 40, "数一数/一，个订/单"}, // no line begins with a closing mark
		{"数一数（一）个", 40, "数一数/（一）个"},
		{"每次都是|[300 毫秒]|。", 70, "每次都是/300_毫秒。"},
		{"看 |shop|（商店）。", 50, "看/shop/（商店）。"},
		{"说“您好”吧", 40, "说“您/好”吧"},
		{"incomprehensible", 50, "incom/prehe/nsibl/e"},
	} {
		if got := set(t, c.text, c.width); got != c.want {
			t.Errorf("%q in %v: %q, want %q", c.text, c.width, got, c.want)
		}
	}
}

// TestParagraphProperties: nothing is lost, and no line is wider than it may be.
func TestParagraphProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		texts := rapid.SliceOf(rapid.StringOfN(rapid.SampledFrom([]rune("ab 12,.(“”）（，数一秒\n%")), 0, 12, -1)).Draw(t, "texts")
		width := float32(rapid.IntRange(20, 300).Draw(t, "width"))
		var spans []textSpan
		for i, s := range texts {
			spans = append(spans, textSpan{text: s, claim: i%3 == 2})
		}
		got := ""
		for _, line := range newParagraph(theme.SizeNameText, spans).lines(width, ten) {
			last := line[len(line)-1]
			if end := last.x + ten(strings.TrimRight(last.text, " "), fyne.TextStyle{}); end > width+0.5 {
				t.Fatalf("a line is %v wide: %+v", end, line)
			}
			for _, r := range line {
				got += r.text
			}
		}
		bare := strings.NewReplacer(" ", "", "\u00a0", "", "\n", "")
		if want := bare.Replace(strings.Join(texts, "")); bare.Replace(got) != want {
			t.Fatalf("%q became %q", want, got)
		}
	})
}
