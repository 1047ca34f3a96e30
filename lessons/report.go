package lessons

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// maxKept bounds the mistakes of one file: more are one mistake repeated.
const maxKept = 500

// report collects the mistakes of one file.
type report struct {
	file     string
	src      []string
	mistakes Diagnostics
}

// at reports a mistake. Arguments for the message follow the hint.
func (r *report) at(p at, hint, format string, args ...any) {
	if len(r.mistakes) < maxKept {
		r.mistakes = append(r.mistakes, diagnose(r.file, r.src, p, hint, fmt.Sprintf(format, args...)))
	}
}

func diagnose(file string, src []string, p at, hint, msg string) Diagnostic {
	d := Diagnostic{File: file, Line: p.line, Column: max(p.col, 1), Msg: msg, Hint: hint}
	if p.line == 0 {
		d.Column = 0
	}
	if p.line > 0 && p.line <= len(src) {
		d.Source = strings.TrimSuffix(src[p.line-1], "\r")
	}
	return d
}

// sorted puts diagnostics in the order of files and lines, each once.
func sorted(ds Diagnostics) Diagnostics {
	slices.SortStableFunc(ds, func(a, b Diagnostic) int {
		return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
	})
	return slices.Compact(ds)
}
