package locale

import (
	"go/ast"
	"go/token"
	"regexp"
	"strings"
	"testing"
)

// shows are the functions and methods through which text gets on the screen.
var shows = regexp.MustCompile(`^(New(Label|Button|Text|Check|Radio|Hyperlink|Tab|Menu|Card|Accordion|Form|Rich|Custom|Confirm|Information|Entry|Select)|Show(Info|Confirm|Custom|Form)|Set(Text|PlaceHolder|Title|SubTitle)$|SectionTitle$|Wrapped$)`)

// word tells text from signs, and from names like PNG.
var word = regexp.MustCompile(`\p{Ll}{2}`)

// alike is what is shown in every language as it is.
var alike = map[string]bool{"asynclab": true, "Language · 语言": true}

// TestNothingBare holds that words go to the screen through T or Word.
func TestNothingBare(t *testing.T) {
	checked := 0
	goFiles(t, func(path string, files *token.FileSet, file *ast.File) {
		if strings.Contains(path, "ui/locale") {
			return
		}
		ast.Inspect(file, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.CallExpr:
				if !shows.MatchString(called(n.Fun)) {
					return true
				}
				checked++
				for _, arg := range n.Args {
					if text, ok := bare(arg); ok {
						t.Errorf("%s: %q is shown in English to everybody: locale.T", files.Position(arg.Pos()), text)
					}
				}
			case *ast.AssignStmt:
				for i, left := range n.Lhs {
					field, ok := left.(*ast.SelectorExpr)
					if !ok || len(n.Rhs) != len(n.Lhs) || field.Sel.Name != "PlaceHolder" && field.Sel.Name != "Text" {
						continue
					}
					if text, ok := bare(n.Rhs[i]); ok {
						t.Errorf("%s: %q is shown in English to everybody: locale.T", files.Position(n.Pos()), text)
					}
				}
			}
			return true
		})
	}, "ui", "cmd/asynclab-desktop")
	if checked < 20 {
		t.Errorf("only %d calls that show text", checked)
	}
}

// called is the last name of what is called.
func called(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.Ident:
		return e.Name
	case *ast.SelectorExpr:
		return e.Sel.Name
	}
	return ""
}

// bare finds words in a text that is put together without T.
func bare(e ast.Expr) (string, bool) {
	switch e := e.(type) {
	case *ast.BasicLit:
		text, ok := literalOf(e)
		return text, ok && word.MatchString(text) && !alike[text]
	case *ast.BinaryExpr:
		if text, ok := bare(e.X); ok {
			return text, true
		}
		return bare(e.Y)
	}
	return "", false
}
