package main

import (
	"bytes"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"asynclab/lessons"
)

// On a terminal, lessons are wrapped, with bold headings; tables and drawings
// are as wide as they are.
func TestLessonPages(t *testing.T) {
	drawn := regexp.MustCompile(`\S  +\S|[─└├│┌▶]|^ *-+$`)
	for _, f := range lessons.Library() {
		for _, lang := range lessons.Languages {
			for _, width := range []int{0, 50, 80, 200} {
				var out, errs bytes.Buffer
				if code := Main([]string{"lesson", "show", f.ID, "--lang", lang}, nil, &out, &errs, Env{Width: width}); code != 0 || errs.Len() > 0 {
					t.Fatalf("%s: code %d, %s", f.ID, code, errs.String())
				}
				if bold := strings.Contains(out.String(), "\x1b["); bold != (width > 0) {
					t.Errorf("%s, %d columns: bold is %v", f.ID, width, bold)
				}
				most := width
				if width == 0 || width > 100 {
					most = 80
				}
				for line := range strings.Lines(out.String()) {
					line = strings.TrimSuffix(line, "\n")
					if n := wide(strings.NewReplacer("\x1b[1m", "", "\x1b[0m", "").Replace(line)); n > most+4 && !drawn.MatchString(line) && !strings.Contains(line, " = ") && !strings.Contains(line, "://") { // up to two closing marks hang over
						t.Errorf("%s, %s: %d columns of %d: %s", f.ID, lang, n, most, line)
					}
				}
			}
		}
	}
}

// What stands behind an activity is at the end of the page, and what stands behind
// the second of a step is there after the answers to all first ones.
func TestAnswersComeLast(t *testing.T) {
	var out, errs bytes.Buffer
	if code := Main([]string{"lesson", "show", "waiting-costs-threads"}, nil, &out, &errs, Env{}); code != 0 {
		t.Fatal(errs.String())
	}
	asked, rest, _ := strings.Cut(out.String(), "\nAnswers\n")
	if !strings.Contains(asked, "PREDICT  How many workers") || strings.Contains(asked, "For how much") || strings.Contains(asked, "6 workers. An order") {
		t.Errorf("the page asks too little or tells too much:\n%s", asked)
	}
	for _, next := range []string{"\n2. How many are held?, predict\n", "\n   6 workers. An order holds a worker", "\n   QUESTION  For how much",
		"\n8. In a hospital, elsewhere\n", "\n2. How many are held?, question\n", "   c) A twelfth"} {
		_, after, found := strings.Cut(rest, next)
		if !found {
			t.Fatalf("%q is not where it belongs", next)
		}
		rest = after
	}
}

// A lesson of the library is played whole on a terminal, in each language: an act, two
// wrong predictions, a sweep, a try, a task that is missed first, and a transfer.
func TestLessonOnATerminal(t *testing.T) {
	written := strings.Join([]string{"", "",
		"b sure", "",
		"7 sure", "",
		"service.hall.on.mail.delay=1s",
		"hint", "service.hall.on.mail.delay=1s",
		"service.hall.on.sell.way.1.weight=0%, service.hall.on.sell.way.2.weight=100%", "",
		"a", "",
		"30", "",
		"", ""}, "\n")
	for lang, want := range map[string][]string{
		"en":      {"Accepted after 5 ms", "It turns between 4s … 6s.", "With service.hall.on.mail.delay=1s: 20", "missed: At most one guest", "met: At most one guest", "The run gives 90 readers.", "That was the lesson."},
		"zh-Hans": {"5 毫秒后已受理", "变化发生在 4s … 6s 之间", "service.hall.on.mail.delay=1s 时：20", "没达到：最多一位客人", "达到：最多一位客人", "运行给出的是 90 位读者", "这节课学完了。"},
	} {
		var out, errs bytes.Buffer
		data := t.TempDir()
		if code := Main([]string{"lesson", "play", "own-desk", "--lang", lang, "--data", data}, strings.NewReader(written), &out, &errs, Env{}); code != 0 || errs.Len() > 0 {
			t.Fatalf("%s: code %d, %s", lang, code, errs.String())
		}
		for _, w := range want {
			if !strings.Contains(out.String(), w) {
				t.Errorf("%s: it does not say %q", lang, w)
			}
		}
		_, kept, _, err := lessons.OpenStore(filepath.Join(data, "progress.json"))
		if err != nil || !kept.Finished("own-desk") {
			t.Errorf("%s: the lesson is not finished: %v\n%s", lang, err, out.String())
		}
	}
}

func TestSeparate(t *testing.T) {
	for line, want := range map[string][]string{
		"":                       nil,
		"a=1":                    {"a=1"},
		"a=1 b=2":                {"a=1", "b=2"},
		"a=1, b=uniform(0s, 1s)": {"a=1", "b=uniform(0s, 1s)"},
		"a=1，b=2":                {"a=1", "b=2"},
		" a=1 ; b=2,":            {"a=1", "b=2"},
	} {
		if got := separate(line); !slices.Equal(got, want) {
			t.Errorf("%q: %q, not %q", line, got, want)
		}
	}
}

func TestPieces(t *testing.T) {
	for text, want := range map[string]string{
		"a b  c":     "a| b| | c",
		"请求 request": "请|求| request",
		"共5个":        "共|5|个",
		"":           "",
	} {
		if got := strings.Join(pieces(text), "|"); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
	if strong := (&page{bold: true}).strong("请a"); wide(strong) != 3 {
		t.Error(wide(strong))
	}
}

// Every language has every text of a page, with the same values in it.
func TestPageWords(t *testing.T) {
	verbs := regexp.MustCompile(`%[a-z]`)
	for _, lang := range lessons.Languages {
		words := pageWords[lang]
		for id, en := range pageWords["en"] {
			if got, want := verbs.FindAllString(words[id], -1), verbs.FindAllString(en, -1); words[id] == "" || !slices.Equal(got, want) {
				t.Errorf("%s, %s: %q, want %v in it", lang, id, words[id], want)
			}
		}
	}
}
