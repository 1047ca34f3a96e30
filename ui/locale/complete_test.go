package locale

import (
	"bytes"
	"encoding/json"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
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
	"asynclab/sim/metric"
	"asynclab/sim/model"
	"asynclab/sim/record"
	"asynclab/sim/sequence"
	"asynclab/sim/spec"
)

const root = "../.."

// said is every text that the program says, with where it says it.
type said map[string]string

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

// windowTexts collects what the code of the window says with T, and with Doc
// where that is a literal. T takes nothing else: a text that is not there to be
// read cannot be translated.
func windowTexts(t *testing.T) said {
	texts := said{}
	goFiles(t, func(path string, files *token.FileSet, file *ast.File) {
		ast.Inspect(file, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok || len(call.Args) == 0 {
				return true
			}
			name := function(call.Fun, file.Name.Name == "locale")
			if name != "T" && name != "Doc" {
				return true
			}
			text, literal := literalOf(call.Args[0])
			if literal {
				texts[text] = files.Position(call.Pos()).String()
			} else if name == "T" {
				t.Errorf("%s: locale.T takes its text as a literal", files.Position(call.Pos()))
			}
			return true
		})
	}, "ui", "cmd/asynclab-desktop")
	return texts
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

// modelTexts collects what the window passes on from the simulator with Doc: what
// parameters and metrics are, why playback stopped.
func modelTexts(t *testing.T) said {
	texts := said{}
	for _, k := range metric.Kinds {
		for i := range k.Metrics {
			m := &k.Metrics[i]
			texts[m.Doc] = "metric " + m.ID()
			if m.Curve.Label != "" {
				texts[m.Curve.Label] = "curve of " + m.ID()
			}
		}
	}
	model.Core.Visit(func(of *spec.Table, f *spec.Field) {
		if f.Kind.Numeric() && f.Path != spec.NoParam {
			texts[f.Doc] = "parameter " + of.Name + "." + f.Key
		}
	})
	goFiles(t, func(path string, files *token.FileSet, file *ast.File) {
		for name, values := range packageStrings(file) {
			if !strings.HasPrefix(name, "notice") {
				continue
			}
			for _, v := range values {
				texts[v] = path + ": " + name
			}
		}
	}, "ui/control")
	return texts
}

// packageStrings is the string constants and the values of string maps that a
// file declares, by name.
func packageStrings(file *ast.File) map[string][]string {
	all := map[string][]string{}
	for _, d := range file.Decls {
		decl, ok := d.(*ast.GenDecl)
		if !ok {
			continue
		}
		for _, s := range decl.Specs {
			spec, ok := s.(*ast.ValueSpec)
			if !ok {
				continue
			}
			for i, v := range spec.Values {
				name := spec.Names[i].Name
				if text, ok := literalOf(v); ok {
					all[name] = append(all[name], text)
				}
				if m, ok := v.(*ast.CompositeLit); ok {
					for _, e := range m.Elts {
						if pair, ok := e.(*ast.KeyValueExpr); ok {
							if text, ok := literalOf(pair.Value); ok {
								all[name] = append(all[name], text)
							}
						}
					}
				}
			}
		}
	}
	return all
}

// libraryTexts collects what the scenarios of the library say of themselves and
// of their designs, and those of the lessons of their designs.
func libraryTexts(t *testing.T) said {
	texts := said{}
	for _, e := range scenarios.Library() {
		sc, err := scenarios.Load(e.Name)
		if err != nil {
			t.Fatal(err)
		}
		texts[sc.Title], texts[sc.Description] = "scenario "+e.Name, "scenario "+e.Name
		for i, d := range sc.Designs {
			if title := sc.DesignTitles[i]; title != d.Name && title != sc.Title {
				texts[title] = "scenario " + e.Name + ", design " + d.Name
			}
		}
	}
	for _, f := range lessons.Library() {
		for _, step := range f.Lessons[0].Steps {
			if step.Setup == nil {
				continue
			}
			sc := f.Lessons[0].Scenario(step.Setup.Scenario)
			for i, d := range sc.Designs {
				if title := sc.DesignTitles[i]; title != d.Name && title != sc.Title {
					texts[title] = "lesson " + f.ID + ", design " + d.Name
				}
			}
		}
	}
	return texts
}

func translations(t *testing.T, name string) map[string]string {
	t.Helper()
	data, err := assets.Translations.ReadFile("translations/zh-Hans/" + name + ".json")
	if err != nil {
		t.Fatal(err)
	}
	texts := map[string]string{}
	if err := json.Unmarshal(data, &texts); err != nil {
		t.Fatal(err)
	}
	return texts
}

// TestOneVoice holds that a text is said in one way, whoever says it: the
// catalogues are one when the program runs.
func TestOneVoice(t *testing.T) {
	first := map[string]string{}
	for _, name := range []string{"window", "model", "library"} {
		for text, translated := range translations(t, name) {
			if before, ok := first[text]; ok && before != translated {
				t.Errorf("%q is %q and, in %s.json, %q", text, before, name, translated)
			}
			first[text] = translated
		}
	}
}

// TestComplete holds that everything said has a translation with the same verbs,
// and that nothing is translated that nobody says.
func TestComplete(t *testing.T) {
	for name, texts := range map[string]said{
		"window": windowTexts(t), "model": modelTexts(t), "library": libraryTexts(t),
	} {
		if len(texts) == 0 {
			t.Errorf("%s: no texts found", name)
		}
		known := translations(t, name)
		var missing []string
		for text, at := range texts {
			translated, ok := known[text]
			switch {
			case !ok:
				missing = append(missing, fmt.Sprintf("%s: %q", strings.TrimPrefix(at, root+"/"), text))
			case name == "window" && !slices.Equal(verbs(text), verbs(translated)):
				t.Errorf("%s: %q and %q differ in their verbs", at, text, translated)
			}
		}
		slices.Sort(missing)
		if len(missing) > 0 {
			t.Errorf("%s.json lacks %d texts:\n%s", name, len(missing), strings.Join(missing, "\n"))
		}
		for text := range known {
			if _, ok := texts[text]; !ok {
				t.Errorf("%s.json translates %q, which nobody says", name, text)
			}
		}
	}
}

// TestRecordWords holds that every word of records and diagrams has a translation
// under its id, with the same verbs, and that no other id is translated.
func TestRecordWords(t *testing.T) {
	words := append(record.Words(), sequence.Words()...)
	for _, c := range model.Causes() {
		words = append(words, c.Word())
	}
	known := translations(t, "record")
	seen := map[string]bool{}
	for _, w := range words {
		if w.ID == "" || w.English == "" || seen[w.ID] {
			t.Errorf("%+v has no id, no words, or the id of another", w)
		}
		seen[w.ID] = true
		if said, ok := known[w.ID]; !ok || !slices.Equal(verbs(w.English), verbs(said)) {
			t.Errorf("record.json: %s is %q, for %q", w.ID, said, w.English)
		}
	}
	for id := range known {
		if !seen[id] {
			t.Errorf("record.json translates %s, which is not declared", id)
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
	for name, texts := range map[string]said{"window": windowTexts(t), "model": modelTexts(t)} {
		for text, at := range texts {
			note(text, at)
		}
		for _, text := range translations(t, name) {
			note(text, name+".json: "+text)
		}
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
