package main

import (
	"fmt"
	"runtime"
	"slices"
	"strconv"
	"strings"

	"asynclab/scenarios"
	"asynclab/scenarios/study"
	"asynclab/scenarios/yamltree"
	"asynclab/sim/check"
	"asynclab/sim/design"
	"asynclab/sim/draw"
	"asynclab/sim/report"
	"asynclab/sim/topology"
)

var version = study.Version

type versionCmd struct{}

func (versionCmd) Run(a *app) error {
	_, err := fmt.Fprintf(a.stdout, "asynclab %s (%s, %s/%s)\n", version, runtime.Version(), runtime.GOOS, runtime.GOARCH)
	return err
}

type validateCmd struct {
	Files  []string `arg:"" name:"file" help:"Scenario files, folders with scenario files, or names of library scenarios."`
	Strict bool     `help:"A warning is a failure: exit code 1. silence in the file names those that are meant."`
	Quiet  bool     `short:"q" help:"Say nothing about files that are right."`
}

func (c *validateCmd) Run(a *app) error {
	paths, _, err := a.scenarioFiles(c.Files, c.Quiet)
	if err != nil {
		return err
	}
	for _, name := range paths {
		s, err := a.load(name)
		if err != nil {
			if a.code = a.finish(err); a.code == exitInterrupted {
				return nil
			}
			continue
		}
		a.remarkData(s, c.Quiet)
		a.warn(s.Warnings)
		if c.Strict && len(s.Warnings) > 0 {
			a.complain(fmt.Sprintf("%s: %s, and --strict allows none", name, report.Plural(len(s.Warnings), "warning")), strictHint)
			a.code = max(a.code, exitNotMet)
			continue
		}
		if !c.Quiet {
			silenced := ""
			if s.Silenced > 0 {
				silenced = ", " + report.Plural(s.Silenced, "warning") + " silenced"
			}
			fmt.Fprintf(a.stdout, "%s: ok, %s, %s%s\n", name, report.Plural(len(s.Designs), "design"), report.Plural(len(s.Expect), "expectation"), silenced)
		}
	}
	return nil
}

// remarkData says on stderr what a scenario took from its data files.
func (a *app) remarkData(s *scenarios.Scenario, quiet bool) {
	if quiet {
		return
	}
	for _, use := range s.Data {
		fmt.Fprintln(a.stderr, use)
	}
}

// warn prints warnings, which are sorted by kind: the first few of each kind, and
// the lines of the others.
func (a *app) warn(all yamltree.Diagnostics) {
	const most = 3 // of a kind
	for len(all) > 0 {
		n := slices.IndexFunc(all, func(d yamltree.Diagnostic) bool { return d.Warning != all[0].Warning })
		if n < 0 {
			n = len(all)
		}
		for _, w := range all[:min(n, most)] {
			fmt.Fprintln(a.stderr, w)
		}
		if n > most {
			var lines []string
			for _, w := range all[most:n] {
				if line := strconv.Itoa(w.Line); !slices.Contains(lines, line) {
					lines = append(lines, line)
				}
			}
			fmt.Fprintf(a.stderr, "%s: warning: %d more like it, in lines %s [%s]\n", all[0].File, n-most, strings.Join(lines, " "), all[0].Warning)
		}
		all = all[n:]
	}
}

type listCmd struct {
	Covers    string `placeholder:"ID" help:"Only those that show this entry of the catalogue, such as C9."`
	Catalogue bool   `help:"The catalogue: what the ids mean, and which scenarios show them."`
	Names     bool   `help:"Only the names, one a line."`
}

func (c *listCmd) Run(a *app) error {
	if c.Catalogue {
		return a.catalogue(c.Covers)
	}
	var found []scenarios.Entry
	for _, e := range scenarios.Library() {
		if c.Covers == "" || covers(e, c.Covers) {
			found = append(found, e)
		}
	}
	if len(found) == 0 {
		return wrongf("asynclab list --catalogue tells what the ids mean, and which scenarios show them", "no scenario covers %q", c.Covers)
	}
	if c.Names {
		var rows [][]string
		for _, e := range found {
			rows = append(rows, []string{e.Name})
		}
		return a.table(rows)
	}
	return a.bySubject(found)
}

// bySubject lists scenarios, each below its subject.
func (a *app) bySubject(all []scenarios.Entry) error {
	name, title := 0, 0
	for _, e := range all {
		name, title = max(name, len(e.Name)), max(title, topology.Columns(e.Title))
	}
	narrow := a.Width > 0 && a.Width < 2+name+2+title+2+len("C1 C2 C3 C7 E1 E3 E5 E6 E8 F1") // without the column of ids
	for _, of := range subjects {
		var rows [][]string
		for _, e := range all {
			if subjectOf(e) != of.id {
				continue
			}
			row := []string{fmt.Sprintf("  %-*s", name, e.Name), e.Title}
			if !narrow {
				row[1] += strings.Repeat(" ", title-topology.Columns(e.Title))
				row = append(row, strings.Join(e.Covers, " "))
			}
			rows = append(rows, row)
		}
		if len(rows) == 0 {
			continue
		}
		fmt.Fprintln(a.stdout, of.what)
		if err := a.table(rows); err != nil {
			return err
		}
		fmt.Fprintln(a.stdout)
	}
	fmt.Fprintf(a.stdout, "run one with: asynclab run %s\nwhat the ids mean: asynclab list --catalogue\n", all[0].Name)
	return nil
}

// subjectOf is the letter of what a scenario covers and the fewest others do.
func subjectOf(e scenarios.Entry) string {
	if strings.Contains(e.Name, "/") || len(e.Covers) == 0 {
		return ""
	}
	shown := func(id string) (n int) {
		for _, other := range scenarios.Library() {
			if covers(other, id) {
				n++
			}
		}
		return n
	}
	return slices.MinFunc(e.Covers, func(a, b string) int { return shown(a) - shown(b) })[:1]
}

func covers(e scenarios.Entry, id string) bool {
	return slices.ContainsFunc(e.Covers, func(other string) bool { return strings.EqualFold(other, id) })
}

// catalogue lists the entries of the catalogue, or one of them, and the scenarios
// that cover each.
func (a *app) catalogue(only string) error {
	rows := [][]string{{"ID", "WHAT", "SCENARIOS"}}
	for _, c := range catalogue {
		if only != "" && !strings.EqualFold(only, c.id) {
			continue
		}
		shown := "none yet"
		var names []string
		for _, e := range scenarios.Library() {
			if covers(e, c.id) {
				names = append(names, e.Name)
			}
		}
		if len(names) > 0 {
			shown = strings.Join(names, ", ")
		}
		rows = append(rows, []string{c.id, c.what, shown})
	}
	if len(rows) == 1 {
		return wrongf("asynclab list --catalogue shows them all", "there is no entry %q in the catalogue", only)
	}
	return a.table(rows)
}

type paramsCmd struct {
	Scenario string   `arg:"" help:"Path of a scenario file, or the name of a library scenario."`
	Design   []string `placeholder:"NAME" sep:"none" help:"Only those of this design; may be repeated."`
	Match    string   `placeholder:"TEXT" help:"Only those with this in their path."`
	Names    bool     `help:"The paths only, a line each."`
	Designs  bool     `help:"Instead the names of the designs, a line each."`
}

// names lists what --set and --design complete to.
func (c *paramsCmd) names(a *app, designs []*design.Design) error {
	seen := map[string]bool{}
	line := func(text string) {
		if !seen[text] && strings.Contains(text, c.Match) {
			fmt.Fprintln(a.stdout, text)
		}
		seen[text] = true
	}
	for _, d := range designs {
		if c.Designs {
			line(d.Name)
			continue
		}
		for _, p := range design.Params(d) {
			line(p.Path)
		}
	}
	return nil
}

// Run lists every parameter once; if its value differs between designs, with the
// value in each. The mean of a constant is left out: it equals the constant.
func (c *paramsCmd) Run(a *app) error {
	s, err := a.load(c.Scenario)
	if err != nil {
		return err
	}
	designs, err := pick(s, c.Design)
	if err != nil {
		return err
	}
	if c.Names || c.Designs {
		return c.names(a, designs)
	}
	rows := [][]string{{"PARAMETER", "VALUE", "FROM .. TO", "MEANING"}}
	seen := map[string]bool{}
	for i, d := range designs {
		for _, p := range design.Params(d) {
			if seen[p.Path] || !strings.Contains(p.Path, c.Match) {
				continue
			}
			seen[p.Path] = true
			value, doc := values(designs[i:], p.Path), p.Doc
			if whole, ok := strings.CutSuffix(p.Path, ".mean"); ok {
				if values(designs[i:], whole) == value && c.Match != p.Path {
					continue
				}
				doc = "its mean: scales it, the shape stays"
				value = rounded(value)
			}
			if from := s.Origin(d, p.Path); from != "" {
				doc += " [" + from + "]"
			}
			if !p.Live {
				doc += " (fixed while a run lasts)"
			}
			rows = append(rows, []string{p.Path, value, least(d, p) + " .. " + bound(p.Max, p.Unit), doc})
		}
	}
	if len(rows) == 1 {
		return wrongf("asynclab params "+c.Scenario+" lists all", "no parameter has %q in its path", c.Match)
	}
	if err := a.table(rows); err != nil {
		return err
	}
	fmt.Fprintf(a.stdout, "\nchange one with: asynclab run %s --set '%s=%s'\n", c.Scenario, rows[1][0], first(rows[1][1]))
	return nil
}

// least formats the lower end of a parameter's range. A rate can be set to 0 during a
// run, but a design with a rate of 0 may be invalid: then it is "above 0".
func least(d *design.Design, p design.Param) string {
	text := bound(p.Min, p.Unit)
	if p.Unit != draw.PerSecond || p.Min > 0 {
		return text
	}
	if d = d.Clone(); d.SetNumber(p.Path, 0) == nil && check.Err(check.Design(d)) != nil {
		return "above " + text
	}
	return text
}

// bound formats a limit of a parameter, a large one in exponent form.
func bound(v float64, u draw.Unit) string {
	if v >= 1e6 && (u == draw.None || u == draw.PerSecond) {
		return strings.Replace(strconv.FormatFloat(v, 'e', -1, 64), "e+0", "e", 1) + strings.Repeat("/s", strings.Count(draw.FormatQuantity(1, u), "/s"))
	}
	return draw.FormatQuantity(v, u)
}

// rounded formats a quantity with three digits: computed means have many.
func rounded(value string) string {
	if q, err := draw.ParseQuantity(value); err == nil {
		return draw.FormatQuantity(q.Value, q.Unit)
	}
	return value
}

// first returns the value of the first design, if the designs differ.
func first(value string) string {
	if name, rest, several := strings.Cut(value, "="); several && !strings.ContainsAny(name, "( ") {
		value, _, _ = strings.Cut(rest, " ")
	}
	return value
}

func values(designs []*design.Design, path string) string {
	var all []string
	same := true
	for _, d := range designs {
		v, err := d.Get(path)
		if err != nil {
			continue
		}
		same = same && (len(all) == 0 || strings.HasSuffix(all[0], "="+v))
		all = append(all, d.Name+"="+v)
	}
	if len(all) > 0 && same {
		_, v, _ := strings.Cut(all[0], "=")
		return v
	}
	return strings.Join(all, " ")
}
