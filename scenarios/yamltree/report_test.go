package yamltree

import (
	"fmt"
	"testing"
)

var plain = &Language{Size: 1000, Nesting: 5, Key: func(key string) string { return key }}

// A mistake comes once, at its place, with the line as written; after so many the
// rest is dropped.
func TestReport(t *testing.T) {
	const text = "a: 1\nbb: \"wrkers\"\n"
	r := New("a.yaml", text, plain)
	n := r.Parse([]byte(text), Pos{1, 1}, "the file")
	val := n.Get("bb")
	if val == nil || val.Pos != (Pos{2, 5}) || val.Text != "wrkers" {
		t.Fatalf("%+v", val)
	}
	if p := r.Position(val, 2); p != (Pos{2, 8}) {
		t.Errorf("the third letter is at %v", p)
	}
	for range 2 {
		r.Unknown(val, val.Text, "keys", []string{"workers"}, "unknown key %q", val.Text)
	}
	want := "a.yaml:2:5: unknown key \"wrkers\"\n    bb: \"wrkers\"\n        ^\nhint: did you mean workers? keys: workers"
	if got := r.Err(); got == nil || got.Error() != want {
		t.Errorf("%v\nwant\n%s", got, want)
	}
	for i := range 2 * MaxKept {
		r.At(Pos{1, 1}, "", "mistake %s", fmt.Sprint(i))
	}
	if len(r.Mistakes) != MaxKept || !r.Full() {
		t.Errorf("%d mistakes are kept", len(r.Mistakes))
	}
}
