package lessons

import (
	"strings"
	"testing"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	extast "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/text"

	"pgregory.net/rapid"
)

// shape writes down a parsed text: its blocks and their texts, in order.
func shape(n ast.Node, source []byte) string {
	var b strings.Builder
	_ = ast.Walk(n, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		name := n.Kind().String()
		if n.Kind() == extast.KindTableHeader {
			name = extast.KindTableRow.String()
		}
		switch t, ok := n.(*ast.Text); {
		case ok && entering:
			b.WriteString(strings.ReplaceAll(string(t.Value(source)), `\|`, "|"))
		case !ok && entering:
			b.WriteString(" (" + name + " ")
		case !ok:
			b.WriteString(")")
		}
		return ast.WalkContinue, nil
	})
	return b.String()
}

// What goldmark's extension takes for a table is one here, with the same cells.
func TestTablesAreGoldmarks(t *testing.T) {
	theirs := goldmark.New(goldmark.WithExtensions(extension.Table)).Parser()
	check := func(t interface{ Fatalf(string, ...any) }, s string) {
		source := []byte(s)
		got, want := shape(markdown().Parse(text.NewReader(source)), source), shape(theirs.Parse(text.NewReader(source)), source)
		if got != want {
			t.Fatalf("%q:\n%s\ngoldmark's own:\n%s", s, got, want)
		}
	}
	for _, s := range []string{
		"| a | b |\n|---|---|\n| 1 | 2 |\n", "a|b\n-|-\n1|2", "before\n| a | b |\n| --- | :-: |\n| *1* | `2` | 3 |\n| 1 |\n\nafter\n",
		"| a |\n|---|---|\n", "a\n---\n", "a\n:-\nb", "| a \\| b | c |\n|:--|--:|\n| 1 | `2 \\| 3` |\n", "||\n|-|\n|x|\n", "> | a |\n> |---|\n> | b |\n", "- | a |\n  |---|\n  | b |\n",
	} {
		check(t, s)
	}
	piece := rapid.SampledFrom([]string{"a", "**b**", "`c`", "|", "| ", " |", "-", "---", ":--", "\n", "\n|", "\n\n", " ", "|---|---|\n", "|---|\n"})
	rapid.Check(t, func(t *rapid.T) {
		check(t, strings.Join(rapid.SliceOfN(piece, 1, 30).Draw(t, "text"), ""))
	})
}
