package design

import "testing"

// A fault is told with the names that its nodes have for people.
func TestSentence(t *testing.T) {
	name := func(node string) string { return map[string]string{"pay": "the bank"}[node] }
	for text, want := range map[string][2]string{
		"crash pay":            {"pay crashes", "the bank crashes"},
		"slow pay factor=5":    {"pay works 5 times slower", "the bank works 5 times slower"},
		"crash pay instance=2": {"instance 2 of pay crashes", "instance 2 of the bank crashes"},
		"cut shop->pay":        {"links cut: shop -> pay", "links cut: shop -> the bank"},
		"errors shop rate=20%": {"20% of the tasks of shop fail", "20% of the tasks of shop fail"},
	} {
		f, err := ParseFault(text)
		if err != nil {
			t.Fatal(err)
		}
		if got := [2]string{f.Sentence(nil, nil), f.Sentence(nil, name)}; got != want {
			t.Errorf("%s: %q, want %q", text, got, want)
		}
	}
}
