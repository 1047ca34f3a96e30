package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"asynclab/sim/mech/all"
	"asynclab/sim/metric"
)

// deps lists what a package reaches, itself included.
func deps(t *testing.T, pattern string) []string {
	t.Helper()
	out, err := exec.Command("go", "list", "-deps", pattern).Output()
	if err != nil {
		t.Fatalf("go list -deps %s: %v", pattern, err)
	}
	return strings.Fields(string(out))
}

// The rooms of the house and what they must never reach. It runs one way: a
// later room never calls back into an earlier one.
func TestImportRules(t *testing.T) {
	// Everybody may use these; they know nothing of the house.
	small := []string{"asynclab/scenarios/files", "asynclab/sim/spell", "asynclab/sim/svg"}
	rules := []struct {
		room  string
		never []string
	}{
		{"asynclab/scenarios/files", []string{"asynclab/", "gonum.org/"}},
		{"asynclab/sim/spell", []string{"asynclab/", "gonum.org/"}},
		{"asynclab/sim/svg", []string{"asynclab/", "gonum.org/"}},
		{"asynclab/sim/kernel", []string{"asynclab/", "gonum.org/"}},
		{"asynclab/sim/draw", []string{"asynclab/", "gonum.org/"}},
		{"asynclab/sim/measure", []string{"asynclab/"}},
		{"asynclab/sim/metric", []string{"asynclab/sim/engine", "asynclab/sim/design", "asynclab/sim/report", "asynclab/sim/chart", "asynclab/scenarios"}},
		{"asynclab/sim/mech/...", []string{"asynclab/sim/check", "asynclab/sim/engine", "asynclab/sim/report", "asynclab/scenarios"}}, // of the kernel its table: a cell that needs one gets it from its host
		{"asynclab/sim/topology", []string{"asynclab/sim/engine", "asynclab/sim/design", "asynclab/sim/metric", "asynclab/scenarios"}},
		{"asynclab/sim/record", []string{"asynclab/"}},
		{"asynclab/sim/warning", []string{"asynclab/sim/design", "asynclab/sim/engine", "asynclab/sim/measure", "asynclab/scenarios"}},
		{"asynclab/sim/theory", []string{"asynclab/sim/engine", "asynclab/sim/check", "asynclab/sim/report", "asynclab/scenarios", "gonum.org/"}},
		{"asynclab/sim/expect", []string{"asynclab/sim/engine", "asynclab/sim/design", "asynclab/scenarios"}},
		{"asynclab/sim/design", []string{"asynclab/sim/check", "asynclab/sim/engine", "asynclab/sim/kernel", "asynclab/sim/measure"}},
		{"asynclab/sim/check", []string{"asynclab/sim/engine", "asynclab/sim/kernel", "asynclab/sim/measure"}},
		{"asynclab/sim/engine", []string{"asynclab/sim/expect", "asynclab/sim/report", "asynclab/sim/topology", "asynclab/scenarios"}},
		{"asynclab/sim/...", []string{"asynclab/scenarios", "asynclab/lessons", "asynclab/ui", "fyne.io/", "go.yaml.in/"}},
		{"asynclab/scenarios/yamltree", []string{"asynclab/", "gonum.org/"}},
		{"asynclab/scenarios", []string{"asynclab/lessons", "asynclab/ui", "asynclab/cmd", "fyne.io/", "github.com/nats-io/"}},
		{"asynclab/scenarios/study/cluster", []string{"asynclab/lessons", "asynclab/ui", "asynclab/cmd", "fyne.io/"}},
		{"asynclab/scenarios/study", []string{"asynclab/lessons", "asynclab/ui", "asynclab/cmd", "fyne.io/", "github.com/nats-io/"}},
		{"asynclab/lessons", []string{"asynclab/ui", "asynclab/assets", "asynclab/cmd", "fyne.io/", "gonum.org/v1/plot"}},
		{"asynclab/cmd/asynclab", []string{"asynclab/ui", "asynclab/assets", "fyne.io/", "github.com/nats-io/", "asynclab/sim/chart", "gonum.org/", "git.sr.ht/~sbinet/", "golang.org/x/image", "net/http"}},
		{"asynclab/assets", []string{"asynclab/", "fyne.io/", "gonum.org/", "golang.org/"}},
		{"asynclab/ui/control", []string{"asynclab/ui", "asynclab/assets", "asynclab/lessons", "fyne.io/", "gonum.org/v1/plot"}},
		{"asynclab/ui/window", []string{"asynclab/ui/bench", "asynclab/ui/lab", "asynclab/ui/learn", "asynclab/lessons"}},
		{"asynclab/ui/bench", []string{"asynclab/ui/lab", "asynclab/ui/learn", "asynclab/lessons"}},
		{"asynclab/ui/...", []string{"fyne.io/fyne/v2/app", "asynclab/cmd"}},
	}
	for _, r := range rules {
		reached := deps(t, r.room)
		own := strings.TrimSuffix(r.room, "...")
		for _, p := range reached {
			bad := slices.ContainsFunc(r.never, func(n string) bool { return strings.HasPrefix(p, n) })
			if bad && !strings.HasPrefix(p, own) && !slices.Contains(small, p) {
				t.Errorf("%s reaches %s", r.room, p)
			}
		}
	}
}

// The second program has what the first hands over to it, and no window.
func TestStudyProgram(t *testing.T) {
	out, err := exec.Command("go", "list", "-tags", "study", "-deps", "asynclab/cmd/asynclab").Output()
	if err != nil {
		t.Fatal(err)
	}
	reached := strings.Fields(string(out))
	for _, p := range []string{"asynclab/scenarios/study/cluster", "asynclab/scenarios/study/picture"} {
		if !slices.Contains(reached, p) {
			t.Errorf("asynclab-study does not have %s", p)
		}
	}
	for _, p := range reached {
		if strings.HasPrefix(p, "asynclab/ui") || strings.HasPrefix(p, "fyne.io/") {
			t.Errorf("asynclab-study reaches %s", p)
		}
	}
}

// Drawing has one room: gonum/plot is imported by the charts alone. And only the
// desktop program opens a real window.
func TestImportedInOnePlace(t *testing.T) {
	list := exec.Command("go", "list", "-f", `{{.ImportPath}} {{join .Imports " "}}`, "asynclab/...")
	list.Env = append(os.Environ(), "CGO_ENABLED=1") // the desktop program is left out without it
	out, err := list.Output()
	if err != nil {
		t.Fatal(err)
	}
	places := map[string][]string{}
	for line := range strings.Lines(string(out)) {
		room, imports, _ := strings.Cut(strings.TrimSpace(line), " ")
		for _, p := range strings.Fields(imports) {
			if owner, _, _ := strings.Cut(p, "/"); p == "fyne.io/fyne/v2/app" || strings.HasPrefix(p, "gonum.org/v1/plot") {
				places[owner] = append(places[owner], room)
			}
		}
	}
	for owner, want := range map[string]string{"gonum.org": "asynclab/sim/chart", "fyne.io": "asynclab/cmd/asynclab-desktop"} {
		if got := slices.Compact(places[owner]); !slices.Equal(got, []string{want}) {
			t.Errorf("%s is imported by %v, not by %s alone", owner, got, want)
		}
	}
}

// The engine has one clock, its own, and one source of chance, its draws.
func TestEngineIsClosed(t *testing.T) {
	for _, room := range []string{"asynclab/sim/kernel", "asynclab/sim/engine", "asynclab/sim/draw", "asynclab/sim/measure"} {
		out, err := exec.Command("go", "list", "-f", `{{join .Imports " "}}`, room).Output()
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range strings.Fields(string(out)) {
			if slices.Contains([]string{"math/rand", "math/rand/v2", "os", "net", "sync", "runtime", "crypto/rand"}, p) {
				t.Errorf("%s imports %s", room, p)
			}
		}
	}
	reads := regexp.MustCompile(`time\.(Now|Since|Sleep|After|Tick)|\bgo func\b`)
	for _, room := range []string{"kernel", "engine", "draw", "measure"} {
		files, err := filepath.Glob(filepath.Join("..", "..", "sim", room, "*.go"))
		if err != nil || len(files) == 0 {
			t.Fatalf("no files in sim/%s: %v", room, err)
		}
		for _, f := range files {
			text, err := os.ReadFile(f)
			if err != nil {
				t.Fatal(err)
			}
			if m := reads.Find(text); m != nil && !strings.HasSuffix(f, "_test.go") {
				t.Errorf("%s reads a clock or starts a goroutine: %s", f, m)
			}
		}
	}
}

// Same bits on every processor: the compiler must find nothing in the engine's
// rooms that it may fuse into one multiplication-and-addition.
func TestNoFusedArithmetic(t *testing.T) {
	if testing.Short() {
		t.Skip("compiles ten packages; not in the short form")
	}
	fused := regexp.MustCompile(`(?m)^.*\s(VF|F)N?M(ADD|SUB)\w*\s.*$`)
	for _, target := range []string{"GOARCH=arm64", "GOAMD64=v3"} {
		for _, room := range []string{"draw", "kernel", "measure", "engine", "expect", "mech/backoff", "mech/balance", "mech/breaker", "mech/deal", "mech/limit"} {
			cmd := exec.Command("go", "build", "-gcflags=-S", "asynclab/sim/"+room)
			cmd.Env = append(os.Environ(), target, "CGO_ENABLED=0", "GOFLAGS=-buildvcs=false")
			out, err := cmd.CombinedOutput()
			if err != nil {
				t.Fatalf("%s, sim/%s: %v\n%s", target, room, err, out)
			}
			if len(out) < 1000 {
				t.Fatalf("%s, sim/%s: no assembly to look at", target, room)
			}
			for _, line := range fused.FindAllString(string(out), 5) {
				if !strings.Contains(line, "/src/") { // the standard library's own, inlined: not in draws
					t.Errorf("%s: %s", target, strings.TrimSpace(line))
				}
			}
		}
	}
}

// Names of metrics are made by asynclab/sim/metric alone. A metric's own words,
// as a literal with a dot, are a name that is put together somewhere else.
func TestMetricNamesAreMadeInOnePlace(t *testing.T) {
	words := map[string]bool{}
	for _, k := range all.Mechanisms.Kinds() {
		for i := range k.Metrics {
			m := &k.Metrics[i]
			for _, s := range m.Stats() {
				words[metric.Ref{Metric: m, Stat: s}.Short()] = true
			}
			words[m.Name] = true
		}
	}
	delete(words, "attempts")     // a parameter of retries is called so too
	delete(words, "latency.mean") // and one of links
	delete(words, "unclean")      // and one of replicas
	delete(words, "delayed")      // and one of messages
	name := regexp.MustCompile(`^(?:(?:load|service|queue|link|run)\.[^.]*)?\.?([a-z_]+(?:\.[a-z0-9_]+)*)$`)
	root := filepath.Join("..", "..")
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") ||
			strings.HasPrefix(path, filepath.Join(root, "sim", "metric")) {
			return err
		}
		files := token.NewFileSet()
		file, err := parser.ParseFile(files, path, nil, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		ast.Inspect(file, func(n ast.Node) bool {
			if lit, ok := n.(*ast.BasicLit); ok && lit.Kind == token.STRING {
				text, _ := strconv.Unquote(lit.Value)
				if m := name.FindStringSubmatch(text); m != nil && words[m[1]] && strings.Contains(text, ".") {
					t.Errorf("%s: %q is the name of a metric; take it from asynclab/sim/metric", files.Position(lit.Pos()), text)
				}
			}
			return true
		})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// What the command line does before it knows its arguments costs every run: no
// pattern is compiled then, neither here nor in goldmark's extensions.
func TestNothingCompiledAtStart(t *testing.T) {
	if slices.Contains(deps(t, "asynclab/cmd/asynclab"), "github.com/yuin/goldmark/extension") {
		t.Error("asynclab/cmd/asynclab reaches goldmark's extensions")
	}
	early := regexp.MustCompile(`(?m)^(?:var |\t)(\w+) += (?:regexp\.MustCompile|goldmark\.New|parser\.NewParser)\(`)
	sources(t, func(name, text string) {
		if strings.HasSuffix(name, "_test.go") || strings.HasPrefix(name, "ui/") {
			return
		}
		for _, m := range early.FindAllStringSubmatch(text, -1) {
			t.Errorf("%s makes %s when the program starts: sync.OnceValue makes it at its first use", name, m[1])
		}
	})
}
