package locale

import (
	"bytes"
	"encoding/json"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/go-text/typesetting/font"

	"asynclab/assets"
	"asynclab/lessons"
	"asynclab/scenarios"
	"asynclab/sim"
	"asynclab/sim/design"
	"asynclab/sim/engine"
	"asynclab/sim/finding"
	"asynclab/sim/mech/all"
	"asynclab/sim/record"
	"asynclab/sim/sequence"
	"asynclab/sim/spec"
	"asynclab/sim/topology"
	"asynclab/sim/warning"
	"asynclab/ui/control"
)

const root = "../.."

// used is where an id is used, or what for.
type used map[string]string

// goFiles reads the Go files below some folders, tests left out.
func goFiles(t *testing.T, visit func(path string, files *token.FileSet, file *ast.File), dirs ...string) {
	t.Helper()
	files := token.NewFileSet()
	for _, dir := range dirs {
		err := filepath.WalkDir(filepath.Join(root, dir), func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
				return err
			}
			file, err := parser.ParseFile(files, path, nil, parser.SkipObjectResolution)
			if err != nil {
				return err
			}
			visit(path, files, file)
			return nil
		})
		if err != nil && !os.IsNotExist(err) {
			t.Fatal(err)
		}
	}
}

// windowIDs collects the ids that the window says with T, which takes a literal
// and as many arguments as the text has verbs for.
func windowIDs(t *testing.T) used {
	ids := used{}
	english := texts(t, "en", "window")
	goFiles(t, func(path string, files *token.FileSet, file *ast.File) {
		ast.Inspect(file, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok || len(call.Args) == 0 || function(call.Fun, file.Name.Name == "locale") != "T" {
				return true
			}
			at := files.Position(call.Pos()).String()
			id, literal := literalOf(call.Args[0])
			if !literal {
				t.Errorf("%s: locale.T takes its id as a literal", at)
				return true
			}
			ids[id] = at
			if n := arguments(english[id]); n != len(call.Args)-1 {
				t.Errorf("%s: %q takes %d arguments, not %d: %q", at, id, n, len(call.Args)-1, english[id])
			}
			return true
		})
	}, "ui", "cmd/asynclab-desktop")
	return ids
}

// function is the name of a function of this package that is called.
func function(called ast.Expr, here bool) string {
	switch f := called.(type) {
	case *ast.Ident:
		if here {
			return f.Name
		}
	case *ast.SelectorExpr:
		if pkg, ok := f.X.(*ast.Ident); ok && pkg.Name == "locale" {
			return f.Sel.Name
		}
	}
	return ""
}

// literalOf reads a string literal, or several joined by +.
func literalOf(e ast.Expr) (string, bool) {
	switch e := e.(type) {
	case *ast.BasicLit:
		s, err := strconv.Unquote(e.Value)
		return s, err == nil && e.Kind == token.STRING
	case *ast.BinaryExpr:
		a, okA := literalOf(e.X)
		b, okB := literalOf(e.Y)
		return a + b, okA && okB && e.Op == token.ADD
	case *ast.ParenExpr:
		return literalOf(e.X)
	}
	return "", false
}

// words are texts that are declared in English, by their ids.
type words map[string]string

func (w words) add(t *testing.T, id, english string) {
	t.Helper()
	if before, ok := w[id]; ok && before != english {
		t.Errorf("%s is %q and %q", id, before, english)
	}
	w[id] = english
}

// code is what stands in a text as it is written in a scenario.
var code = regexp.MustCompile("`[^`]*`")

// modelWords are what metrics, curves and parameters are, as the simulator
// declares it.
func modelWords(t *testing.T) words {
	w := words{}
	for _, k := range all.Mechanisms.Kinds() {
		for i := range k.Metrics {
			m := &k.Metrics[i]
			w.add(t, metricID(m), m.Doc)
			if m.Curve.Label != "" {
				w.add(t, "curve."+m.Curve.Label, m.Curve.Label)
			}
		}
	}
	for _, p := range all.Mechanisms.Kinds().Plots() {
		w.add(t, "plot."+p.ID, p.Title)
		if p.Counts != "" {
			w.add(t, "unit."+p.Counts, p.Counts)
		}
	}
	for i := range design.FaultClasses {
		if c := &design.FaultClasses[i]; c.Offer != "" {
			w.add(t, "fault."+c.Word, c.Offer)
		}
	}
	field := func(f *spec.Field) {
		w.add(t, "param."+f.ID(), f.Doc)
		if text, value := f.Says(); word.MatchString(code.ReplaceAllString(text, "")) && !value && !f.Default.Required {
			w.add(t, defaultID(text), text)
		}
	}
	for _, f := range scenarios.Fields() {
		field(f)
	}
	tables := all.Mechanisms.Tables() // those of parameters, too, that are not written by themselves
	tables.Visit(func(_ *spec.Table, f *spec.Field) { field(f) })
	return w
}

// recordWords are those of records, causes, diagrams and pictures.
func recordWords(t *testing.T) words {
	w := words{}
	declared := slices.Concat(record.Words(), sequence.Words(), topology.Words(), sim.GraphWords(), control.Words(), warning.Words(), finding.Words(), engine.SpentWords(), all.Mechanisms.Words(), all.Mechanisms.Kinds().SignWords(), design.FaultWords())
	for _, c := range design.Causes() {
		declared = append(declared, c.Word())
	}
	for _, x := range declared {
		if x.ID == "" || x.English == "" || w[x.ID] != "" {
			t.Errorf("%+v has no id, no words, or the id of another", x)
		}
		w[x.ID] = x.English
		if translated := texts(t, "zh-Hans", "record")[x.ID]; !slices.Equal(verbs(x.English), verbs(translated)) {
			t.Errorf("record.json: %s is %q, for %q", x.ID, translated, x.English)
		}
	}
	return w
}

// lessonScenarios are those that the lessons are about, by the beginning of
// their ids.
func lessonScenarios() map[string]*scenarios.Scenario {
	all := map[string]*scenarios.Scenario{}
	for _, f := range lessons.Library() {
		for _, step := range f.Lessons[0].Steps {
			if step.Setup != nil {
				all["lesson."+f.ID+"."+step.Setup.Scenario] = f.Lessons[0].Scenario(step.Setup.Scenario)
			}
		}
	}
	return all
}

// libraryWords are what the scenarios of the library say of themselves and of
// their designs, those of the lessons of their designs, and the names of the nodes of both.
func libraryWords(t *testing.T) words {
	w := words{}
	designs := func(begin string, sc *scenarios.Scenario) {
		for i, d := range sc.Designs {
			if title := sc.DesignTitles[i]; title != d.Name && title != sc.Title {
				w.add(t, begin+".design."+d.Name, title)
			}
			for _, f := range d.Faults {
				if name := f.OwnName(); f.Kind == design.FaultSet && name != "" {
					w.add(t, "set."+name, strings.ReplaceAll(name, "-", " "))
				}
			}
			graph := sim.Graph(d)
			for _, e := range graph.Edges {
				for one := range strings.SplitSeq(e.Label, ", ") {
					if name, _, _ := strings.Cut(one, " ("); name != "" && !strings.ContainsAny(name[:1], "(+") {
						w.add(t, "op."+name, name)
					}
				}
			}
			for _, n := range graph.Nodes {
				name := n.ID[strings.LastIndexByte(n.ID, '/')+1:]
				w.add(t, "node."+name, name)
			}
		}
	}
	for _, e := range scenarios.Library() {
		sc, err := scenarios.Load(e.Name)
		if err != nil {
			t.Fatal(err)
		}
		begin := "scenario." + e.Name
		w.add(t, begin+".title", sc.Title)
		w.add(t, begin+".description", sc.Description)
		designs(begin, sc)
	}
	for begin, sc := range lessonScenarios() {
		designs(begin, sc)
	}
	return w
}

// scenarioNamed tells whether there is a scenario whose words begin so.
func scenarioNamed(begin string) bool {
	_, ofLesson := lessonScenarios()[begin]
	return ofLesson || slices.ContainsFunc(scenarios.Library(), func(e scenarios.Entry) bool { return "scenario."+e.Name == begin })
}

// texts is one file of a language.
func texts(t *testing.T, tag, name string) map[string]string {
	t.Helper()
	data, err := assets.Translations.ReadFile("translations/" + tag + "/" + name + ".json")
	if err != nil {
		t.Fatal(err)
	}
	texts := map[string]string{}
	if err := json.Unmarshal(data, &texts); err != nil {
		t.Fatal(err)
	}
	return texts
}

// TestWindowComplete holds that every id that the window uses has a text in every
// language, with the same verbs, and that no other id has one.
func TestWindowComplete(t *testing.T) {
	ids := windowIDs(t)
	if len(ids) < 250 {
		t.Errorf("only %d ids are used", len(ids))
	}
	english := texts(t, "en", "window")
	for _, l := range languages {
		known := texts(t, l.Tag, "window")
		same(t, l.Tag+"/window.json", ids, known)
		for id, text := range known {
			if !slices.Equal(verbs(english[id]), verbs(text)) {
				t.Errorf("%s: %q and %q differ in their verbs", id, english[id], text)
			}
		}
	}
}

var latin = regexp.MustCompile(`[A-Za-z]{2}`)

// TestDeclaredComplete holds that what is declared in English has a translation that is
// not the English text, and that nothing is translated that is not declared.
func TestDeclaredComplete(t *testing.T) {
	for name, declared := range map[string]words{"model": modelWords(t), "record": recordWords(t), "library": libraryWords(t)} {
		for _, l := range languages[1:] {
			known := texts(t, l.Tag, name)
			for id := range known { // a node or an operation may have a name of its own in one scenario
				for _, kind := range []string{"node.", "op."} {
					begin, name, ok := strings.Cut(id, "."+kind)
					if english := declared[kind+name]; ok && english != "" && scenarioNamed(begin) {
						declared[id] = english
					}
				}
			}
			same(t, l.Tag+"/"+name+".json", used(declared), known)
			for id, english := range declared {
				if known[id] == english && latin.MatchString(english) {
					t.Errorf("%s/%s.json: %s is still English: %q", l.Tag, name, id, english)
				}
			}
		}
	}
	for _, l := range languages {
		same(t, l.Tag+"/toolkit.json", used(texts(t, "en", "toolkit")), texts(t, l.Tag, "toolkit"))
	}
}

// same holds that a file has texts for the ids that are used, and for no others.
func same(t *testing.T, file string, ids used, known map[string]string) {
	t.Helper()
	for _, id := range slices.Sorted(maps.Keys(ids)) {
		if known[id] == "" {
			t.Errorf("%s lacks %q (%s)", file, id, strings.TrimPrefix(ids[id], root+"/"))
		}
	}
	for _, id := range slices.Sorted(maps.Keys(known)) {
		if _, ok := ids[id]; !ok {
			t.Errorf("%s has %q, which nobody uses", file, id)
		}
	}
}

var idForm = regexp.MustCompile(`^[a-z][a-z0-9_]*([./-][a-z0-9_]+)+$`)

// TestKeysAreIDs holds that no text is a key: an id has no space and no capital,
// and no text is the id of another. Fyne's names of days are its own.
func TestKeysAreIDs(t *testing.T) {
	for _, l := range languages {
		for _, name := range []string{"window", "model", "record", "library", "toolkit"} {
			if l == languages[0] && (name != "window" && name != "toolkit") {
				continue
			}
			for id := range texts(t, l.Tag, name) {
				if !idForm.MatchString(id) && !(name == "toolkit" && strings.HasSuffix(id, "day")) {
					t.Errorf("%s/%s.json: the key %q is no id", l.Tag, name, id)
				}
			}
		}
	}
}

var verb = regexp.MustCompile(`%(?:\[(\d+)\])?([-+# 0]*(?:\*|[0-9]*)(?:\.(?:\*|[0-9]*))?)([a-zA-Z%])`)

// verbs is the verbs of a format in the order of their arguments; a width or
// precision given by a * is an argument too.
func verbs(format string) []string {
	var all []string
	arg := 0
	for _, m := range verb.FindAllStringSubmatch(format, -1) {
		if m[3] == "%" {
			continue
		}
		if m[1] != "" {
			arg, _ = strconv.Atoi(m[1])
			arg--
		}
		arg += 1 + strings.Count(m[2], "*")
		all = append(all, fmt.Sprintf("%03d%s%s", arg, m[2], m[3]))
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// arguments is how many arguments a format takes.
func arguments(format string) int {
	all := verbs(format)
	if len(all) == 0 {
		return 0
	}
	n, _ := strconv.Atoi(all[len(all)-1][:3])
	return n
}

func TestVerbs(t *testing.T) {
	for _, c := range []struct {
		a, b string
		same bool
	}{
		{"%s of %s", "%[2]s 中的 %[1]s", true},
		{"%s of %s", "%s / %s", true},
		{"%d of %s", "%[2]d / %[1]s", false},
		{"%.1f ms", "%.2f 毫秒", false},
		{"%d%% done", "完成 %d%%", true},
		{"%s", "没有", false},
		{"%d:%0*.*f min", "%d:%0*.*f 分", true},
		{"%.*f s", "%.2f 秒", false},
		{"%.*f s", "%f 秒", false},
	} {
		if same := slices.Equal(verbs(c.a), verbs(c.b)); same != c.same {
			t.Errorf("%q and %q: the same verbs: %v", c.a, c.b, same)
		}
	}
}

// TestFontsHaveWhatIsSaid holds that no text shows as boxes: not what the window
// says in any language, nor the lessons, nor the scenarios of the library.
func TestFontsHaveWhatIsSaid(t *testing.T) {
	where := map[rune]string{}
	note := func(text, at string) {
		for _, r := range text {
			if r > ' ' {
				where[r] = at
			}
		}
	}
	for id, doc := range modelWords(t) {
		note(doc, id)
	}
	for _, dir := range []string{"lessons", "scenarios/library", "assets/translations"} {
		err := filepath.WalkDir(filepath.Join(root, dir), func(path string, d fs.DirEntry, err error) error {
			if ext := filepath.Ext(path); err != nil || ext != ".md" && ext != ".yaml" && ext != ".json" {
				return err
			}
			data, err := os.ReadFile(path)
			note(string(data), path)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	for name, data := range map[string][]byte{"regular": assets.RegularFont(), "bold": assets.BoldFont(), "mono": assets.MonoFont()} {
		face, err := font.ParseTTF(bytes.NewReader(data))
		if err != nil {
			t.Fatal(err)
		}
		for r, at := range where {
			if _, ok := face.NominalGlyph(r); !ok {
				t.Errorf("the %s font has no %c (%U), which is said in %s", name, r, r, strings.TrimPrefix(at, root+"/"))
			}
		}
	}
}
