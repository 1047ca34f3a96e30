package main

import (
	"bytes"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"asynclab/scenarios"
)

func output(t *testing.T, args ...string) string {
	t.Helper()
	var out, errs bytes.Buffer
	if code := Main(args, nil, &out, &errs, Env{}); code != 0 {
		t.Fatalf("%v: code %d, %s", args, code, errs.String())
	}
	return out.String()
}

// What the README shows is what the program does.
func TestReadme(t *testing.T) {
	text, err := os.ReadFile(filepath.Join("..", "..", "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(text), "```text\n")
	excerpt, _, ok := strings.Cut(rest, "```")
	if !ok || !strings.Contains(output(t, "run", "order-flow"), excerpt) {
		t.Error("its excerpt is not what asynclab run order-flow prints")
	}
	for _, design := range []string{"chain", "broker"} {
		path := filepath.Join("..", "..", "assets", "readme", "order-flow-"+design+".svg")
		picture, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if string(picture) != output(t, "show", "order-flow", "--design", design, "--format", "svg") {
			t.Errorf("%s: make it again with asynclab show order-flow --design %s --format svg --out", path, design)
		}
	}
	for _, e := range scenarios.Library() {
		if !strings.Contains(string(text), "[`"+e.Name+"`]") {
			t.Errorf("it does not name the scenario %s", e.Name)
		}
	}
	for _, command := range regexp.MustCompile(`(?m)^  (\w+) +\S`).FindAllStringSubmatch(output(t, "--help"), -1) {
		if !strings.Contains(string(text), "\n| `"+command[1]) && command[1] != "expected" {
			t.Errorf("it does not name the command %s", command[1])
		}
	}
	_, rest, _ = strings.Cut(string(text), "```yaml\n")
	file, _, _ := strings.Cut(rest, "```")
	if s, err := scenarios.Parse(nil, "README.md", []byte(file)); err != nil || len(s.Warnings) > 0 {
		t.Errorf("its scenario: %v %v", err, s)
	}
}
