package lessons

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"asynclab/scenarios/yamltree"
)

// A kind of activity that is declared here, and nowhere else, is read, checked for
// its keys, documented, gates the text, and is kept in progress.
func TestNewActivity(t *testing.T) {
	remark := &ActivityKind{Block: "remark", Log: "remarks", Row: "remark", alone: true, doc: "a remark of the student",
		words: map[string]words{"name": {"en": "remark"}, "long": {"en": "(%d words)"}},
		page: func(a *Activity, say sayer) (shown, answer []Line) {
			return []Line{{Text: Text{{Text: say("long", 3)}}}}, nil
		},
		keys:   []prop[draft]{{"words", true, true, "how many", func(r *reader, n *yamltree.Node, d *draft) { r.whole(n, 1, 9) }}},
		finish: func(r *reader, d *draft) { r.reportStrays(nil) },
		prove:  func(*Activity) []*proof { return nil },
		passed: func(t Try) bool { return t.Right },
		leave:  func(*Player) error { return ErrAnswer },
	}
	defer func(all []*ActivityKind) { Activities = all }(Activities)
	Activities = append(Activities[:len(Activities):len(Activities)], remark)

	const step = "## A step {#a-step}\n\n```remark\nask: Well?\n%\n```\n\nBehind it.\n"
	for words, want := range map[string]string{"words: 3": "", "words: 30": "from 1 to 9", "word: 3": `did you mean words?`, "ask: Again?": "appears twice", "explain: Why.": `needs "words"`} {
		text := marketLesson(strings.Replace(step, "%", words, 1)).Mistakes().Error()
		if !strings.Contains(text, want) || (text == "") != (want == "") {
			t.Errorf("%s: %s", words, text)
		}
	}
	if all := tables(); !strings.Contains(all["remark"], "| `words` |") || !strings.Contains(all["blocks"], "a remark of the student") {
		t.Error("the guide does not know it")
	}
	l := marketLesson(strings.Replace(step, "%", "words: 3", 1))[0].In("en")
	progress := &Progress{}
	p := NewPlayer(l, progress.Of(l.ID, noon))
	a := p.Gate()
	if a == nil || a.Kind != remark || len(p.Visible()) != 1 || p.Leave(noon) != ErrAnswer {
		t.Fatalf("it is no gate: %+v", a)
	}
	if shown, answer := a.Page("zh-Hans"); remark.Name("en") != "remark" || len(shown) != 1 || shown[0].Text.String() != "(3 words)" || answer != nil {
		t.Errorf("its page: %v, %v", shown, answer)
	}
	p.add(a, Try{Said: "so it is", Judged: true, Right: true}, noon)
	if again := progress.Clone(); p.Gate() != nil || !p.Done() || len(again.Lessons[l.ID].Steps["a-step"].Of(remark)) != 1 {
		t.Errorf("it is not kept: %+v", again)
	}
	var table strings.Builder
	if err := progress.CSV(&table, nil); err != nil || !strings.Contains(table.String(), ",remark,2026-11-21T12:00:00Z,so it is,") {
		t.Error(table.String(), err)
	}
}

// Every kind of activity has its texts in every language, with the same values in
// them, and a name.
func TestActivityWords(t *testing.T) {
	verbs := regexp.MustCompile(`%[a-z]`)
	for _, kind := range Activities {
		if kind.words["name"] == nil {
			t.Errorf("%s has no name", kind)
		}
		for id, text := range kind.words {
			for _, lang := range Languages {
				if got, want := verbs.FindAllString(text[lang], -1), verbs.FindAllString(text["en"], -1); text[lang] == "" || !slices.Equal(got, want) {
					t.Errorf("%s, %s, %s: %q, want %v in it", kind, id, lang, text[lang], want)
				}
			}
		}
	}
}

// A file of progress has the tries of a step beside its other fields, by kind, as
// it always had.
func TestProgressFile(t *testing.T) {
	const file = `{"version":1,"lessons":{"a":{"step":"s","started":"2026-11-21T12:00:00Z","touched":"2026-11-21T12:00:00Z","steps":{"s":{"done":"2026-11-21T12:00:00Z","predictions":[{"at":"2026-11-21T12:00:00Z","choice":2,"judged":true,"right":true}],"attempts":[{"at":"2026-11-21T12:00:00Z","goals":[true],"judged":true,"right":true}],"hints":{"task":1}}}}}}`
	p, why := decode([]byte(file))
	if why != "" {
		t.Fatal(why)
	}
	s := p.Clone().Lessons["a"].Steps["s"]
	if got := s.Of(Prediction); len(got) != 1 || got[0].Choice != 2 || len(s.Of(Task)) != 1 || len(s.Of(Question)) != 0 || s.Hints["task"] != 1 || s.Done.IsZero() {
		t.Errorf("%+v", s)
	}
	if _, why := decode([]byte(`{"version":1,"lessons":{"a":{"steps":{"s":{"answers":7}}}}}`)); !strings.Contains(why, "damaged") {
		t.Errorf("answers that are no list: %q", why)
	}
}
