package main

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"

	"asynclab/scenarios"
	"asynclab/scenarios/files"
	"asynclab/scenarios/yamltree"
	"asynclab/sim/report"
)

// maxFolder bounds the files of one folder.
const maxFolder = 10_000

// scenarioFiles replaces folders by the scenario files in them and below, by name. A YAML
// file there that is no scenario is left out, with a remark.
func (a *app) scenarioFiles(names []string, quiet bool) (paths []string, folder bool, err error) {
	for _, name := range names {
		info, err := os.Stat(name)
		if name == "-" || err != nil || !info.IsDir() {
			paths = append(paths, name)
			continue
		}
		folder = true
		found, other, err := yamlFiles(name)
		if err != nil {
			return nil, false, wrongf("", "cannot read the folder %s: %v", name, err)
		}
		for _, o := range other {
			if !quiet {
				fmt.Fprintf(a.stderr, "asynclab: %s is left out: it is no scenario, which has version: at the beginning of a line\n", o)
			}
		}
		if len(found) == 0 {
			return nil, false, wrongf("scenario files end with .yaml or .yml", "there is no scenario in the folder %s", name)
		}
		paths = append(paths, found...)
	}
	return paths, folder, nil
}

var versionLine = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`(?m)^["']?version["']?\s*:`) })

// yamlFiles lists the scenario files of a folder and below, and the other YAML files.
func yamlFiles(folder string) (found, other []string, err error) {
	err = filepath.WalkDir(folder, func(path string, d fs.DirEntry, err error) error {
		ext := strings.ToLower(filepath.Ext(path))
		switch {
		case err != nil:
			return err
		case !d.Type().IsRegular() || ext != ".yaml" && ext != ".yml":
			return nil
		case len(found)+len(other) == maxFolder:
			return fmt.Errorf("it has more than %d files", maxFolder)
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		if versionLine().Match(text) {
			found = append(found, path)
		} else {
			other = append(other, path)
		}
		return nil
	})
	slices.Sort(found)
	return found, other, err
}

// ci writes what GitHub Actions shows: annotations at the lines of expectations, and a
// summary of the step. Elsewhere it does nothing.
type ci struct {
	a    *app
	on   bool
	file string // of the summary; "" if there is none
}

func newCI(a *app) *ci {
	return &ci{a, os.Getenv("GITHUB_ACTIONS") == "true", os.Getenv("GITHUB_STEP_SUMMARY")}
}

// annotate writes one annotation; line 0 is none.
func (c *ci) annotate(path string, line, column int, text string) {
	at := ""
	if info, err := os.Stat(path); err == nil && info.Mode().IsRegular() {
		at = " file=" + property(filepath.ToSlash(path))
		if line > 0 {
			at += fmt.Sprintf(",line=%d", line)
		}
		if column > 0 {
			at += fmt.Sprintf(",col=%d", column)
		}
	} else {
		text = path + ": " + text
	}
	fmt.Fprintf(c.a.stderr, "::error%s::%s\n", at, escapeData.Replace(text))
}

// Escapes of workflow commands: of their text, and of their properties.
var (
	escapeData     = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A")
	escapeProperty = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A", ":", "%3A", ",", "%2C")
)

func property(text string) string { return escapeProperty.Replace(text) }

// judged annotates the expectations of a scenario that are not met, and with --strict
// its warnings.
func (c *ci) judged(path string, s *scenarios.Scenario, r *report.Report) {
	if !c.on {
		return
	}
	lines := map[string]scenarios.Expectation{}
	for _, e := range s.Expect {
		lines[e.Parsed.Text()] = e
	}
	for _, v := range r.Expectations {
		if v.Pass {
			continue
		}
		what := "not met"
		if v.Inconclusive {
			what = "inconclusive"
		}
		e := lines[v.Expect]
		c.annotate(path, e.Line, e.Column, what+": "+v.Expect+": "+v.Detail)
	}
	if n := r.Warned(); r.Strict && n > 0 {
		c.annotate(path, 0, 0, report.Plural(n, "warning")+", and --strict allows none")
	}
}

// failed annotates the mistakes of a scenario that cannot be run.
func (c *ci) failed(path string, err error) {
	if !c.on {
		return
	}
	var mistakes yamltree.Diagnostics
	if !errors.As(err, &mistakes) {
		c.annotate(path, 0, 0, err.Error())
		return
	}
	for _, m := range mistakes {
		text := m.Msg
		if m.Hint != "" {
			text += "\nhint: " + m.Hint
		}
		c.annotate(path, m.Line, m.Column, text)
	}
}

// summary adds the reports to the summary of the step.
func (c *ci) summary(all []*report.Report) error {
	if c.file == "" {
		return nil
	}
	var b bytes.Buffer
	if err := report.WriteAll(&b, all, "markdown"); err != nil {
		return err
	}
	f, err := os.OpenFile(c.file, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
	if err == nil {
		_, err = f.WriteString(escaped(b.String()))
		err = errors.Join(err, f.Close())
	}
	if err != nil {
		c.a.complain(fmt.Sprintf("cannot write the summary %s: %v", c.file, files.Reason(err)), "GITHUB_STEP_SUMMARY names it")
	}
	return nil
}
