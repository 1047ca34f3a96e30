package scenarios

import (
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"asynclab/scenarios/yamltree"
)

// FuzzParse holds that no file makes the parser panic, hang or lie: an error is
// a list of complete diagnostics, and a scenario without one has designs.
//
//	go test ./scenarios -run FuzzParse -fuzz FuzzParse -fuzztime 60s
func FuzzParse(f *testing.F) {
	for _, pattern := range []string{"testdata/broken/*.yaml", "testdata/good/*.yaml", "library/*.yaml", "library/*/*.yaml", "template.yaml"} {
		files, _ := filepath.Glob(pattern)
		for _, file := range files {
			data, err := os.ReadFile(file)
			if err != nil {
				f.Fatal(err)
			}
			f.Add(data)
		}
	}
	files := fstest.MapFS{"a.csv": {Data: []byte("1s\n2s\n3\n")}}
	f.Fuzz(func(t *testing.T, data []byte) { hold(t, files, data) })
}

// hold parses and checks what must be true of every result.
func hold(t *testing.T, fsys fs.FS, data []byte) {
	t.Helper()
	s, err := Parse(fsys, "fuzz.yaml", data)
	if err == nil {
		if s == nil || len(s.Designs) == 0 || len(s.Designs) != len(s.DesignTitles) || !validName(s.Name) {
			t.Fatalf("no mistakes, but no scenario: %+v", s)
		}
		for _, d := range s.Designs {
			if !validName(d.Name) {
				t.Fatalf("a design without a name: %q", d.Name)
			}
		}
		return
	}
	ds, ok := err.(yamltree.Diagnostics)
	if !ok || len(ds) == 0 {
		t.Fatalf("an error that is no list of diagnostics: %T", err)
	}
	lines := strings.Count(string(data), "\n") + 1
	for _, d := range ds {
		if d.Msg == "" || d.Line < 0 || d.Line > lines || d.Line > 0 && d.Column < 1 {
			t.Fatalf("incomplete: %+v", d)
		}
	}
	_ = ds.Error()
}

// TestBombs reads files that are built to hurt. Each is refused, or read, in
// well under a second.
func TestBombs(t *testing.T) {
	head := "version: 1\nname: x\nrun: {duration: 1min}\n"
	bombs := map[string]string{
		"too large":     head + strings.Repeat("# comment\n", maxFile/10+1),
		"aliases":       "a: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b]\nd: [*c,*c,*c,*c,*c,*c,*c,*c]\n",
		"deep":          strings.Repeat("[", 100_000),
		"deep block":    strings.Repeat("- ", 100_000),
		"deep question": strings.Repeat("? ", 100_000),
		"commas":        head + "x: [" + strings.Repeat("a,", 500_000) + "]",
		"keys":          head + "load:\n" + strings.Repeat(" a: {}\n", 40_000),
		"loads":         head + "load: {" + numbered(30_000, "l%: {to: s/x}, ") + "}",
		"long line":     head + "title: " + strings.Repeat("x", maxFile-100),
		"long key":      head + strings.Repeat("k", maxFile/2) + ": 1",
		"long quote":    head + "title: \"" + strings.Repeat(`\u1234`, 100_000) + "\"",
		"spaces":        head + strings.Repeat(" ", maxFile-100),
		"newlines":      head + strings.Repeat("\n", 150_000),
		"parentheses":   head + "load: {a: {to: s/x, arrivals: \"poisson(" + strings.Repeat("(", 300_000) + "\"}}",
		"many args":     head + "load: {a: {to: s/x, arrivals: \"poisson(" + strings.Repeat("1,", 90_000) + ")\"}}",
		"expectations":  head + "expect: [" + strings.Repeat("\"load.a.b > 1\", ", 50_000) + "]",
		"faults":        head + "faults: [" + strings.Repeat("{crash: s, at: 1s}, ", 30_000) + "]",
		"many faults":   head + "services: {s: {}}\nfaults: [" + strings.Repeat("{crash: s, at: 1s}, ", 9_999) + "]",
		"partition":     head + "services: {" + numbered(1900, "s%: {}, ") + "}\nfaults: [{partition: [" + numbered(950, "s%, ") + "]}]",
		"designs":       head + "services: {" + numbered(20_000, "s%: {}, ") + "}\ndesigns: {" + numbered(60, "d%: {}, ") + "}",
		"steps":         head + "services: {s: {on: {x: [" + strings.Repeat("reply,", 100_000) + "]}}}",
		"nested steps":  head + "services: {s: {on: {x: " + strings.Repeat("[{repeat: 1000000, do: ", 25) + "[reply]" + strings.Repeat("}]", 25) + "}}}",
		"workers": head + "load: {a: {to: s0/x, arrivals: poisson(1e9/s)}}\nservices: {" + numbered(500, "s%: {instances: 1000, workers: 1000000, on: {x: []}}, ") +
			"}\nexpect: [\"load.a.completed > 5\"]",
		"open quotes": head + strings.Repeat("a: [\n", 60),
		"tags":        head + strings.Repeat("- !!x y\n", 10_000),
	}
	for name, text := range bombs {
		t.Run(name, func(t *testing.T) {
			began := time.Now()
			hold(t, nil, []byte(text))
			if took := time.Since(began); took > 30*time.Second { // they take well under 3 s; the machine may be busy
				t.Errorf("it took %v", took)
			}
		})
	}
}

// numbered repeats a text with a number in place of %.
func numbered(n int, text string) string {
	var b strings.Builder
	for i := range n {
		b.WriteString(strings.ReplaceAll(text, "%", strconv.Itoa(i)))
	}
	return b.String()
}
