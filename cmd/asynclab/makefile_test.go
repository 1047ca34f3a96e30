package main

import (
	"io/fs"
	"os"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// sources calls visit with every Go file of the house, by its path from the top.
func sources(t *testing.T, visit func(name, text string)) {
	t.Helper()
	top := os.DirFS("../..")
	for _, room := range []string{"assets", "cmd", "lessons", "scenarios", "sim", "ui"} {
		err := fs.WalkDir(top, room, func(name string, _ fs.DirEntry, err error) error {
			if err != nil || path.Ext(name) != ".go" {
				return err
			}
			text, err := fs.ReadFile(top, name)
			visit(name, string(text))
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}

func makefile(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile("../../Makefile")
	if err != nil {
		t.Fatal(err)
	}
	return strings.ReplaceAll(string(text), "\\\n", " ")
}

// make fuzz has every fuzz target there is, and no other.
func TestFuzzTargets(t *testing.T) {
	list := regexp.MustCompile(`(?m)^FUZZ := (.*)$`).FindStringSubmatch(makefile(t))
	if list == nil {
		t.Fatal("the Makefile has no FUZZ")
	}
	listed := strings.Fields(list[1])
	var found []string
	target := regexp.MustCompile(`(?m)^func (Fuzz\w+)\(`)
	sources(t, func(name, text string) {
		for _, m := range target.FindAllStringSubmatch(text, -1) {
			found = append(found, path.Dir(name)+":"+m[1])
		}
	})
	slices.Sort(listed)
	slices.Sort(found)
	if !slices.Equal(listed, found) {
		t.Errorf("FUZZ of the Makefile has\n%s\nthe targets are\n%s", strings.Join(listed, "\n"), strings.Join(found, "\n"))
	}
}

// make race has every package beneath the window that starts a goroutine or
// goes around the compiler's checks, and make checked those that index unseen.
func TestRacePackages(t *testing.T) {
	text := makefile(t)
	rule := func(name string) string {
		_, rest, ok := strings.Cut(text, "\n"+name+":")
		if !ok {
			t.Fatalf("the Makefile has no rule %s", name)
		}
		body, _, _ := strings.Cut(rest, "\n\n")
		return body + " "
	}
	race, checked := rule("race"), rule("checked")
	goroutine := regexp.MustCompile(`(?m)^\t+go [a-zA-Z]`)
	sources(t, func(name, text string) {
		room := path.Dir(name)
		if strings.HasSuffix(name, "_test.go") || room != "ui/control" && (strings.HasPrefix(room, "ui") || room == "cmd/asynclab-desktop") {
			return // the window is driven by make e2e
		}
		if (goroutine.MatchString(text) || strings.Contains(text, `"unsafe"`)) && !strings.Contains(race, " ./"+room+" ") && !strings.Contains(race, " ./"+room+"\n") {
			t.Errorf("%s starts a goroutine or is unsafe, and make race has no ./%s", name, room)
		}
		if strings.HasSuffix(name, "/index_checked.go") && !strings.Contains(checked, " ./"+room+" ") && !strings.Contains(checked, " ./"+room+"\n") {
			t.Errorf("make checked has no ./%s", room)
		}
	})
}

// Every go test that is written down ends by itself, before the ten minutes
// after which go test gives up are over for want of a longer time.
func TestTimeouts(t *testing.T) {
	run, err := os.ReadFile("../../.ci/run")
	if err != nil {
		t.Fatal(err)
	}
	call := regexp.MustCompile(`(?m)^.*(\$\(GO\)|\bgo) test .*$`)
	calls := call.FindAllString(makefile(t)+string(run), -1)
	if len(calls) < 8 {
		t.Fatalf("%d calls of go test", len(calls))
	}
	for _, line := range calls {
		if !strings.HasPrefix(line, "#") && !strings.Contains(line, " -c ") && !strings.Contains(line, "-timeout ") {
			t.Errorf("no timeout: %s", strings.TrimSpace(line))
		}
	}
}
