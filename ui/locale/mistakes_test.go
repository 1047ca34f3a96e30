package locale

import (
	"go/ast"
	"go/token"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"asynclab/lessons"
	"asynclab/scenarios"
	"asynclab/scenarios/study"
	"asynclab/scenarios/yamltree"
	"asynclab/sim/spec"
	"asynclab/sim/spell"
)

// mistakeDirs are where the mistakes of a scenario are said.
var mistakeDirs = []string{"sim/spell", "sim/check", "sim/mech", "sim/draw", "sim/spec", "sim/design", "sim/expect", "sim/engine/cells.go", "sim/engine/wear.go", "sim/metric", "sim/series.go", "scenarios", "lessons"}

// says are the functions that say a mistake: the places of its hint and its format among
// the arguments; -1: it has no hint.
var says = map[string][2]int{
	"fail": {1, 2}, "Fail": {1, 2}, "At": {1, 2}, "at": {1, 2}, "Within": {2, 3}, "within": {2, 3}, "Unknown": {-1, 4}, "unknown": {-1, 4},
	"Mistake": {1, 2}, "mistake": {1, 2}, "wrong": {0, 1}, "Wrong": {1, 2}, "FaultErrorf": {0, 1}, "ChoiceErrorf": {1, 2}, "Textf": {-1, 0}, "Mistakef": {-1, 0}, "errorf": {1, 2}, "say": {0, 1},
}

// mistakes are the sentences about mistakes of a scenario, and where they are said; those
// that are no formats are plain.
func mistakes(t *testing.T) (all used, plain map[string]bool) {
	all, plain = used{}, map[string]bool{}
	goFiles(t, func(path string, files *token.FileSet, file *ast.File) {
		if strings.Contains(path, "scenarios/study") && !slices.Contains([]string{"sweep_say.go", "sweep_run.go", "flip.go"}, filepath.Base(path)) {
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
				if name == "say" && strings.Contains(path, "/lessons/") {
					return true // the words of an activity, which it has in all languages
				}
				if at, ok := says[name]; ok && len(n.Args) > at[1] {
					if at[0] >= 0 {
						if composed(n.Args[at[0]]) || formatted(n.Args[at[0]]) {
							t.Errorf("%s: a hint composed of strings cannot be translated: use spell.Textf", files.Position(n.Pos()))
						}
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

// composed reports whether an expression joins words with something else.
func composed(e ast.Expr) bool {
	b, ok := e.(*ast.BinaryExpr)
	if !ok || b.Op != token.ADD {
		return false
	}
	_, whole := literalOf(e)
	words := false
	ast.Inspect(e, func(n ast.Node) bool {
		x, ok := n.(*ast.BasicLit)
		words = words || ok && strings.Contains(x.Value, " ")
		return true
	})
	return !whole && words
}

// formatted reports whether an expression is a call of fmt.
func formatted(e ast.Expr) bool {
	call, ok := e.(*ast.CallExpr)
	if !ok {
		return false
	}
	f, ok := call.Fun.(*ast.SelectorExpr)
	if !ok {
		return false
	}
	of, ok := f.X.(*ast.Ident)
	return ok && of.Name == "fmt"
}

// TestMistakesComplete holds that no mistake of a scenario is without a translation with the
// same arguments, and that nothing is translated that nobody says.
func TestMistakesComplete(t *testing.T) {
	said, plain := mistakes(t)
	for _, noun := range slices.Concat(scenarios.Nouns(), spec.Expected(), lessons.Nouns()) {
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
		"services: {shop: {wokers: 1, errors: 7, on: {order: [work: exq(20ms), work: exp(), work: 5mz, call: pay/charge]}}, pay: {queue: -1, on: {charge: [reply]}}}\n"))
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
	for _, want := range []string{"服务里没有键 \"wokers\"", "是不是想写 workers？服务的键：", "未知的分布 \"exq\"", "\n是不是想写 exp？\n", "比例写成百分数：700%", "\n写 exp(5ms)\n", "\n时长 ns us"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not in:\n%s", want, text)
		}
	}
}

// So is a text that is no YAML, with what the library says of it.
func TestNoYAMLInChinese(t *testing.T) {
	defer Use("en")
	Use("zh-Hans")
	for text, want := range map[string]string{
		"faults:\n  s\n  - {at: 1s}\n": "文件不是有效的 YAML：这里不能写“键: 值”/检查缩进；含有“: ”的值要加引号",
		"load: {a: [1, 2}\n":           "文件不是有效的 YAML：在 [ ] 里的列表中：缺少 , 或 ]/检查括号是否都已闭合；含有 [ ] { } 或逗号的值要加引号",
		"run:\n\tduration: 1s\n":       "文件不是有效的 YAML：在下一个值开头处：有不能用来开头的字符/缩进用空格，不用制表符",
		"title: \"never\nversion: 1\n": "文件不是有效的 YAML：在加引号的文字中：文本没写完就结束了/检查缩进和引号",
		"a: 1\n b: 2\n":                "文件不是有效的 YAML：这里不能写“键: 值”/检查缩进；含有“: ”的值要加引号",
		"a: 1\nb\n":                    "文件不是有效的 YAML：在一个键中：缺少冒号 :/写成 键: 值，冒号后面有一个空格",
	} {
		_, err := scenarios.Parse(nil, "x.yaml", []byte(text))
		ds, ok := err.(yamltree.Diagnostics)
		if !ok || len(ds) == 0 {
			t.Fatalf("%q: %v", text, err)
		}
		if got := Mistake(ds[0].Says) + "/" + Mistake(ds[0].Advice); got != want {
			t.Errorf("%q: %s, want %s", text, got, want)
		}
	}
}

// So is what a sweep has found, its warnings included.
func TestSweepInChinese(t *testing.T) {
	defer Use("en")
	Use("zh-Hans")
	a := &study.Axis{Places: []study.Place{{Text: "1"}, {Text: "9"}}}
	a.Path = "service.pay.workers"
	s := &study.Swept{Sweep: &study.Sweep{Axes: []*study.Axis{a}}, Knees: []study.Knee{{Design: "chain", Rising: true}},
		Flips: []study.Flipping{{Expect: "a > b", Remark: spell.Textf("is met at every value")}}}
	want := []string{"\"a > b\" 在每个取值都达到", "chain 到 9 为止没有拐点：吞吐量与平均延迟之比仍在上升"}
	for i, x := range s.Sentences() {
		if got := Mistake(x); got != want[i] {
			t.Errorf("%q, want %q", got, want[i])
		}
	}
}
