package locale

import (
	"go/ast"
	"go/token"
	"slices"
	"strings"
	"testing"

	"asynclab/scenarios"
	"asynclab/scenarios/yamltree"
)

// mistakeDirs are where the mistakes of a scenario are said.
var mistakeDirs = []string{"sim/spell", "sim/check", "sim/mech", "sim/draw", "sim/spec", "sim/design", "sim/expect", "sim/engine/wear.go", "scenarios"}

// says are the functions that say a mistake: the places of its hint and its format among
// the arguments; -1: it has no hint.
var says = map[string][2]int{
	"fail": {1, 2}, "Fail": {1, 2}, "At": {1, 2}, "at": {1, 2}, "Within": {2, 3}, "within": {2, 3}, "Unknown": {-1, 4}, "unknown": {-1, 4},
	"Mistake": {1, 2}, "mistake": {1, 2}, "wrong": {0, 1}, "Wrong": {1, 2}, "FaultErrorf": {0, 1}, "Textf": {-1, 0}, "errorf": {1, 2}, "say": {0, 1},
}

// mistakes are the sentences about mistakes of a scenario, and where they are said; those
// that are no formats are plain.
func mistakes(t *testing.T) (all used, plain map[string]bool) {
	all, plain = used{}, map[string]bool{}
	goFiles(t, func(path string, files *token.FileSet, file *ast.File) {
		if strings.Contains(path, "scenarios/study") {
			return // of the command line
		}
		add := func(e ast.Expr, verbatim bool) {
			text, ok := literalOf(e)
			if !ok || text == "" || text == "%s" || text == "%v" || !strings.ContainsAny(text, " ") && strings.ContainsAny(text, "./>") {
				return // a path
			}
			if verbatim { // no arguments
				text = strings.ReplaceAll(text, "%%", "%")
				plain[text] = true
			}
			all[text] = files.Position(e.Pos()).String()
		}
		ast.Inspect(file, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.CallExpr:
				name := ""
				switch f := n.Fun.(type) {
				case *ast.Ident:
					name = f.Name
				case *ast.SelectorExpr:
					name = f.Sel.Name
				}
				if at, ok := says[name]; ok && len(n.Args) > at[1] {
					if at[0] >= 0 {
						add(n.Args[at[0]], true)
					}
					add(n.Args[at[1]], len(n.Args) == at[1]+1)
				}
			case *ast.CompositeLit:
				name := ""
				switch f := n.Type.(type) {
				case *ast.Ident:
					name = f.Name
				case *ast.SelectorExpr:
					name = f.Sel.Name
				}
				if name != "ExprError" && name != "ParamError" && name != "Problem" && name != "Error" {
					break
				}
				for _, e := range n.Elts {
					if kv, ok := e.(*ast.KeyValueExpr); ok {
						if k, ok := kv.Key.(*ast.Ident); ok && (k.Name == "Msg" || k.Name == "Hint") {
							add(kv.Value, true)
						}
					}
				}
			}
			return true
		})
	}, mistakeDirs...)
	return all, plain
}

// TestMistakesComplete holds that no mistake of a scenario is without a translation with the
// same arguments, and that nothing is translated that nobody says.
func TestMistakesComplete(t *testing.T) {
	said, plain := mistakes(t)
	for _, noun := range scenarios.Nouns() {
		said[noun] = "noun"
	}
	for _, l := range languages[1:] {
		known, nouns := texts(t, l.Tag, "mistake"), 0
		for text, at := range said {
			id := "mistake." + text
			if at == "noun" {
				id = "noun." + text
				nouns++
			}
			switch translated, ok := known[id]; {
			case !ok:
				t.Errorf("%s/mistake.json lacks %q (%s)", l.Tag, id, strings.TrimPrefix(at, root+"/"))
			case at != "noun" && !plain[text] && !slices.Equal(verbs(text), verbs(translated)):
				t.Errorf("%q and %q differ in their verbs", text, translated)
			}
		}
		for id := range known {
			if text, ok := strings.CutPrefix(id, "mistake."); ok && said[text] == "" {
				t.Errorf("%s/mistake.json has %q, which nobody says", l.Tag, text)
			}
		}
		if len(said) < 600 || nouns < 80 {
			t.Errorf("only %d sentences and %d nouns were found", len(said)-nouns, nouns)
		}
	}
}

// A mistake is said in the reader's language, with what it is about.
func TestMistakeInChinese(t *testing.T) {
	defer Use("en")
	_, err := scenarios.Parse(nil, "x.yaml", []byte("version: 1\nname: x\nrun: {duration: 1min}\nload: {users: {to: shop/order, arrivals: poisson(20/s)}}\n"+
		"services: {shop: {wokers: 1, on: {order: [work: exq(20ms), call: pay/charge]}}}\n"))
	ds, ok := err.(yamltree.Diagnostics)
	if !ok || len(ds) < 2 {
		t.Fatalf("%v", err)
	}
	Use("zh-Hans")
	var all []string
	for _, d := range ds {
		all = append(all, Mistake(d.Says), Mistake(d.Advice))
	}
	text := strings.Join(all, "\n")
	for _, want := range []string{"服务里没有键 \"wokers\"", "是不是想写 workers？服务的键：", "未知的分布 \"exq\""} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not in:\n%s", want, text)
		}
	}
}
