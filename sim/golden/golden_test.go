package golden

import (
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestCheck(t *testing.T) {
	const before = "a = 1\nb = 2\nc x = 3 = 4\n"
	onlyA := func(name string) bool { return name == "a" }
	for name, c := range map[string]struct {
		got          map[string]string
		covers       func(string) bool
		update, bits bool
		wrong        []string // what the error says; none: no error
		after        string   // "": the file stays
	}{
		"equal":                   {got: map[string]string{"a": "1", "b": "2", "c x": "3 = 4"}},
		"a name came":             {got: map[string]string{"a": "1", "b": "2", "c x": "3 = 4", "d": "5"}, wrong: []string{"new (1):\n    d"}},
		"a name went":             {got: map[string]string{"a": "1", "b": "2"}, wrong: []string{"gone (1):\n    c x"}},
		"bits changed":            {got: map[string]string{"a": "1", "b": "7", "c x": "3 = 4"}, wrong: []string{"changed (1):\n    b\n\twas 2\n\tis  7"}},
		"all three":               {got: map[string]string{"a": "0", "b": "2", "d": "5"}, wrong: []string{"new (1)", "gone (1)", "changed (1)"}},
		"names may be updated":    {got: map[string]string{"a": "1", "d": "5"}, update: true, after: "a = 1\nd = 5\n"},
		"bits may not":            {got: map[string]string{"a": "1", "b": "7", "d": "5"}, update: true, wrong: []string{"changed (1)"}},
		"unless one means it":     {got: map[string]string{"a": "1", "b": "7"}, update: true, bits: true, after: "a = 1\nb = 7\n"},
		"bits without update":     {got: map[string]string{"a": "0", "b": "2", "c x": "3 = 4"}, bits: true, wrong: []string{"changed (1)"}},
		"a part, equal":           {got: map[string]string{"a": "1"}, covers: onlyA},
		"a part, changed":         {got: map[string]string{"a": "0"}, covers: onlyA, wrong: []string{"changed (1):\n    a"}},
		"a part, gone":            {got: map[string]string{}, covers: onlyA, wrong: []string{"gone (1):\n    a"}},
		"a part keeps the others": {got: map[string]string{"a": "0"}, covers: onlyA, update: true, bits: true, after: "a = 0\nb = 2\nc x = 3 = 4\n"},
	} {
		t.Run(name, func(t *testing.T) {
			file := filepath.Join(t.TempDir(), "golden.txt")
			if err := os.WriteFile(file, []byte(before), 0o644); err != nil {
				t.Fatal(err)
			}
			err := check(file, c.got, c.covers, c.update, c.bits)
			if (err != nil) != (c.wrong != nil) {
				t.Fatalf("the error is %v", err)
			}
			for _, w := range c.wrong {
				if !strings.Contains(err.Error(), w) {
					t.Errorf("the error does not say %q: %v", w, err)
				}
			}
			if c.after == "" {
				c.after = before
			}
			if text, _ := os.ReadFile(file); string(text) != c.after {
				t.Errorf("the file is now\n%s, want\n%s", text, c.after)
			}
		})
	}
	if check(filepath.Join(t.TempDir(), "none.txt"), nil, nil, false, false) == nil {
		t.Error("a file that is not there is no error")
	}
}

func TestDiffer(t *testing.T) {
	long := strings.Repeat("0123456789", 20)
	was, is := differ(long+"a", long+"b")
	if was != `"0123456789`+`0123456789a" from byte 180` || is != `"0123456789`+`0123456789b" from byte 180` {
		t.Errorf("long texts are shown as %s and %s", was, is)
	}
	if was, is = differ("1", "2"); was != "1" || is != "2" {
		t.Errorf("short texts are shown as %s and %s", was, is)
	}
}

func TestBits(t *testing.T) {
	for x, want := range map[float64]string{0: "0x0p+00", 1.5: "0x1.8p+00", math.Nextafter(1, 2): "0x1.0000000000001p+00"} {
		if got := Bits(x); got != want {
			t.Errorf("%v is %s, want %s", x, got, want)
		}
	}
	if Bits(math.NaN()) != "null" || Bits(math.Copysign(0, -1)) == Bits(0) {
		t.Error("NaN or minus zero is not told apart")
	}
}

// noted is a test that only takes down what would be reported.
type noted struct {
	testing.TB
	said string
}

func (n *noted) Helper()                           {}
func (n *noted) Errorf(format string, args ...any) { n.said += fmt.Sprintf(format, args...) }
func (n *noted) Fatalf(format string, args ...any) { n.Errorf(format, args...); panic(n) }

func TestEqual(t *testing.T) {
	file := filepath.Join(t.TempDir(), "testdata", "a.txt")
	said := func(got string) string {
		n := &noted{TB: t}
		defer func() { _ = recover() }()
		Equal(n, file, []byte(got))
		return n.said
	}
	before := *update
	defer func() { *update = before }()
	*update = true
	if s := said("right\n"); s != "" {
		t.Errorf("-update says %s", s)
	}
	*update = false
	if s := said("right\n"); s != "" {
		t.Errorf("the same text: %s", s)
	}
	if said("wrong\n") == "" {
		t.Error("another text passes")
	}
	if data, err := os.ReadFile(file); err != nil || string(data) != "right\n" {
		t.Errorf("the file holds %q, %v", data, err)
	}
}
