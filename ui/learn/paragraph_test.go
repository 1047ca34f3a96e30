package learn

import (
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"pgregory.net/rapid"
)

// narrow measures as a typewriter does: Chinese is twice as wide as Latin.
func narrow(text string, _ fyne.TextStyle) (w float32) {
	for _, r := range text {
		if w++; r >= 0x2e80 {
			w++
		}
	}
	return w
}

// However a paragraph is made up and wide it is: nothing is lost, nothing is
// wider than its line but what cannot be divided, and no line begins with a
// closing mark or ends with an opening one.
func TestLinesOfParagraphs(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		piece := rapid.SampledFrom([]string{"a", "message", "队列", "消", " ", " ", ",", "，", "。", "（", "）", "(", ")", "“", "”", "1,300 ms", "\n", "x.y"})
		var spans []textSpan
		for range rapid.IntRange(1, 5).Draw(t, "spans") {
			text := strings.Join(rapid.SliceOfN(piece, 1, 12).Draw(t, "text"), "")
			spans = append(spans, textSpan{text: text, claim: rapid.Bool().Draw(t, "claim")})
		}
		width := float32(rapid.IntRange(8, 60).Draw(t, "width"))
		p := &Paragraph{spans: spans, words: wordsOf(spans)}
		var all strings.Builder
		for i, line := range p.lines(width, narrow) {
			text, end := "", float32(0)
			for _, r := range line {
				if r.x < end-0.01 {
					t.Fatalf("line %d: %q lies over what is before it", i, r.text)
				}
				text += r.text
				end = r.x + narrow(r.text, fyne.TextStyle{})
			}
			if text == "" {
				t.Fatalf("line %d is empty", i)
			}
			if end > width && len(line) > 0 && strings.Contains(strings.TrimSpace(text), " ") && divisible(line) {
				t.Fatalf("line %d, %q, is %v wide of %v", i, text, end, width)
			}
			all.WriteString(text)
		}
		if got, want := bare(all.String()), bare(p.String()); got != want {
			t.Fatalf("said is %q, given was %q", got, want)
		}
	})
}

// divisible tells whether a line has a space at which it could have been ended.
func divisible(line []run) bool {
	for _, r := range line {
		if strings.Contains(strings.Trim(r.text, " "), " ") {
			return true
		}
	}
	return false
}

// bare is a text without anything that a line's end may take the place of.
func bare(text string) string {
	return strings.NewReplacer(" ", "", "\n", "", "\u00a0", "").Replace(text)
}

func TestNoMarkBeginsALine(t *testing.T) {
	const text = "一个请求走完全程，它的回答也是。（队列满了，新的就被拒绝：这叫“背压”。）A call, or a message? “Both”, they say (and mean it). 等 300 ms，再来。"
	p := &Paragraph{spans: []textSpan{{text: text}}}
	p.words = wordsOf(p.spans)
	for width := float32(14); width < 80; width++ {
		lines := p.lines(width, narrow)
		for i, line := range lines {
			first, last := []rune(line[0].text)[0], []rune(line[len(line)-1].text)
			if strings.ContainsRune("，。：）,.?)”", first) {
				t.Errorf("%v wide, line %d begins with %c", width, i, first)
			}
			if strings.ContainsRune("（(“", last[len(last)-1]) && i < len(lines)-1 {
				t.Errorf("%v wide, line %d ends with %c", width, i, last[len(last)-1])
			}
		}
	}
}
