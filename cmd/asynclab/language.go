package main

import (
	"io"
	"regexp"
	"slices"
	"strings"
	"sync"

	"asynclab/scenarios"
	"asynclab/sim/spell"
	"asynclab/sim/topology"
)

type referenceCmd struct {
	Name []string `arg:"" optional:"" help:"Only this: an element (queue, retry budget), a step (call), a section (values, cookbook), or a key (prefetch)."`
}

// Run prints the page of the language, or a section of it: as it is into a file or
// another program, wrapped on a terminal.
func (c *referenceCmd) Run(a *app) error {
	text := scenarios.Page()
	if len(c.Name) > 0 {
		var err error
		if text, err = sectionNamed(text, strings.Join(c.Name, " ")); err != nil {
			return err
		}
	}
	if a.Width > 0 {
		text = plainPage(text, a.Width)
	}
	_, err := io.WriteString(a.stdout, text)
	return err
}

// heading is a heading of the page, its level and the lines that it is about.
type heading struct {
	name     string
	level    int
	from, to int
}

// headings lists those of a page; what is in code is none.
func headings(lines []string) (all []heading) {
	code := false
	for i, line := range lines {
		if strings.HasPrefix(line, "```") {
			code = !code
		}
		marks := len(line) - len(strings.TrimLeft(line, "#"))
		if ends := strings.HasPrefix(line, "<!-- end"); !code && (ends || marks > 0) {
			for j := range all {
				if all[j].to == 0 && (!ends && all[j].level >= marks || ends && all[j].level > 2) {
					all[j].to = i
				}
			}
		}
		if !code && marks > 1 {
			all = append(all, heading{strings.Trim(line[marks:], " `\n"), marks, i, 0})
		}
	}
	for j := range all {
		if all[j].to == 0 {
			all[j].to = len(lines)
		}
	}
	return all
}

// sectionNamed finds what a name stands for: a heading, or the tables that have a key.
func sectionNamed(text, name string) (string, error) {
	lines := strings.SplitAfter(text, "\n")
	all := headings(lines)
	known := []string{}
	for _, h := range all {
		if known = append(known, strings.ToLower(h.name)); sameName(h.name, name) {
			return strings.TrimRight(strings.Join(lines[h.from:h.to], ""), "\n") + "\n", nil
		}
	}
	var found []string
	for _, h := range all {
		if h.level != 3 {
			continue
		}
		table := slices.IndexFunc(lines[h.from:h.to], func(l string) bool { return strings.HasPrefix(l, "| key ") })
		if table < 0 {
			continue
		}
		for _, line := range lines[h.from+table : h.to] {
			key, _, _ := strings.Cut(strings.TrimPrefix(line, "| `"), "`")
			if !slices.Contains(known, key) && strings.HasPrefix(line, "| `") {
				known = append(known, key)
			}
			if strings.HasPrefix(line, "| `") && sameName(key, name) {
				found = append(found, lines[h.from], "\n", lines[h.from+table], lines[h.from+table+1], line, "\n")
			}
		}
	}
	if len(found) == 0 {
		hint := spell.DidYouMean(name, known)
		return "", wrongf(strings.TrimSpace(hint+" asynclab reference prints all"), "the language has no element, step, section or key %q", name)
	}
	return strings.TrimRight(strings.Join(found, ""), "\n") + "\n", nil
}

// sameName compares names without case; blanks, dashes and underscores are alike.
func sameName(a, b string) bool {
	plain := strings.NewReplacer("-", " ", "_", " ", "`", "")
	return strings.EqualFold(plain.Replace(a), plain.Replace(b))
}

var linkRegexp = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`\[([^\]]+)\]\([^)]*\)`) })

// plainPage lays Markdown out for a terminal: paragraphs and the last column of tables
// are wrapped, code stays as it is.
func plainPage(text string, width int) string {
	width = min(width, 100)
	var b strings.Builder
	put := func(first, rest, words string) {
		words = strings.ReplaceAll(linkRegexp().ReplaceAllString(words, "$1"), "**", "")
		line := first
		for _, w := range strings.Fields(words) {
			if topology.Columns(line)+topology.Columns(w) > width && strings.TrimSpace(line) != "" {
				b.WriteString(strings.TrimRight(line, " ") + "\n")
				line = rest
			}
			line += w + " "
		}
		b.WriteString(strings.TrimRight(line, " ") + "\n")
	}
	var paragraph []string
	flush := func() {
		if len(paragraph) > 0 {
			put("", strings.Repeat(" ", len(paragraph[0])-len(strings.TrimLeft(paragraph[0], "-* "))), strings.Join(paragraph, " "))
			paragraph = nil
		}
	}
	code := false
	lines := strings.Split(strings.TrimRight(text, "\n"), "\n")
	for i, line := range lines {
		switch {
		case strings.HasPrefix(line, "```"):
			flush()
			code = !code
		case code:
			b.WriteString("    " + line + "\n")
		case strings.HasPrefix(line, "<!--"), strings.HasPrefix(line, "|---"), i+1 < len(lines) && strings.HasPrefix(lines[i+1], "|---"):
			flush()
		case strings.HasPrefix(line, "#"):
			flush()
			name := strings.Trim(line, "# `")
			put("", "", name)
			b.WriteString(strings.Repeat("-", min(topology.Columns(name), width)) + "\n")
		case strings.HasPrefix(line, "|"):
			flush()
			row := cells(line)
			put("  ", "      ", strings.Join(slices.DeleteFunc(row[:len(row)-1], func(s string) bool { return s == "" }), " · "))
			put("      ", "      ", cells(line)[len(row)-1])
		case line == "":
			flush()
			b.WriteString("\n")
		case strings.HasPrefix(line, "- "):
			flush()
			paragraph = append(paragraph, line)
		default:
			paragraph = append(paragraph, line)
		}
	}
	flush()
	return b.String()
}

// cells splits a row of a table.
func cells(line string) []string {
	line = strings.ReplaceAll(strings.Trim(line, "| "), `\|`, "\x00")
	all := strings.Split(line, "|")
	for i := range all {
		all[i] = strings.TrimSpace(strings.ReplaceAll(all[i], "\x00", "|"))
	}
	return all
}
