package main

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"asynclab/scenarios"
	"asynclab/sim/draw"
	"asynclab/sim/engine"
	"asynclab/sim/mech/all"
	"asynclab/sim/metric"
)

type metricsCmd struct {
	Scenario string `arg:"" optional:"" help:"List the metrics of this scenario's designs by name instead."`
	Match    string `placeholder:"GLOB" help:"Only those with this in their names: latency, or the whole name with * and ?: queue.*.depth.max."`
	Format   string `enum:"text,json,markdown" default:"text" help:"One of text, json, markdown."`
}

// matcher is the choice of --match.
func (c *metricsCmd) matcher() (metric.Choice, error) {
	pattern := c.Match
	switch {
	case pattern == "":
		return metric.Choice{}, nil
	case !strings.ContainsAny(pattern, "*?"): // as that of params: somewhere in the name
		pattern = "*" + pattern + "*"
	}
	choice, err := metric.Choose(pattern)
	var bad *metric.ChoiceError
	if errors.As(err, &bad) {
		return choice, wrongf(bad.Advice().String(), "--match %s: %s", bad.Pattern, bad.Says())
	}
	return choice, err
}

var unitWords = map[draw.Unit]string{
	draw.None: "number", draw.Seconds: "seconds", draw.PerSecond: "per second", draw.Bytes: "bytes",
	draw.BytesPerSecond: "bytes per second", draw.Ratio: "ratio",
}

func (c *metricsCmd) Run(a *app) error {
	if c.Scenario != "" {
		return c.names(a)
	}
	type doc struct {
		ID     string `json:"id"`
		Metric string `json:"metric"`
		Unit   string `json:"unit"`
		Stats  string `json:"stats"`
		Of     string `json:"ratio_of,omitempty"`
		Doc    string `json:"doc"`
	}
	choice, err := c.matcher()
	if err != nil {
		return err
	}
	docs, rows := []doc{}, [][]string{{"METRIC", "UNIT", "KIND", "RATIO OF", "MEANING"}}
	for _, k := range all.Mechanisms.Kinds() {
		for i := range k.Metrics {
			m := &k.Metrics[i]
			if !choice.All() && !choice.Matches(m.Pattern()) {
				continue
			}
			d := doc{m.ID(), m.Pattern(), unitWords[m.Unit], m.Shape().String(), "", m.Doc}
			if of := m.Denominator(); of != nil {
				d.Of = of.Name
			}
			docs = append(docs, d)
			rows = append(rows, []string{d.Metric, d.Unit, d.Stats, d.Of, d.Doc})
		}
	}
	if len(docs) == 0 {
		return wrongf("asynclab metrics lists all", "no metric matches %s", c.Match)
	}
	switch c.Format {
	case "json":
		return a.json(docs)
	case "markdown":
		return a.markdown(rows)
	}
	if err := a.table(rows); err != nil || !choice.All() {
		return err
	}
	var causes []string
	for _, c := range all.Mechanisms.Causes() {
		causes = append(causes, c.Name)
	}
	fmt.Fprintf(a.stdout, "\nCAUSE is one of\n  %s,\n  %s.\nThe kind says what may follow the name, after a dot (a ratio where it is\nof something):\n", strings.Join(causes[:len(causes)/2], ", "), strings.Join(causes[len(causes)/2:], ", "))
	rows = nil
	for s := metric.Count; s <= metric.Computed; s++ {
		var words []string
		for _, stat := range s.Stats() {
			words = append(words, cmp.Or(stat.String(), "(none)"))
		}
		rows = append(rows, []string{"  " + s.String(), strings.Join(words, " ")})
	}
	return a.table(rows)
}

// names lists the metrics of the designs of a scenario.
func (c *metricsCmd) names(a *app) error {
	s, err := a.load(c.Scenario)
	if err != nil {
		return err
	}
	choice, err := c.matcher()
	if err != nil {
		return err
	}
	type name struct {
		Design string `json:"design"`
		Metric string `json:"metric"`
		ID     string `json:"id"`
		Unit   string `json:"unit"`
	}
	names, rows := []name{}, [][]string{{"METRIC", "UNIT"}}
	for _, d := range s.Designs {
		p, err := engine.Compile(d)
		if err != nil {
			return wrongf("", "design %s: %v", d.Name, err)
		}
		for _, m := range p.Metrics() {
			if !choice.Has(m.Ref) {
				continue
			}
			names = append(names, name{d.Name, m.Name, m.Ref.ID(), unitWords[m.Unit]})
			rows = append(rows, []string{d.Name + "." + m.Name, unitWords[m.Unit]})
		}
	}
	if len(names) == 0 {
		return wrongf("asynclab metrics "+c.Scenario+" lists all", "no metric matches %s", c.Match)
	}
	switch c.Format {
	case "json":
		return a.json(names)
	case "markdown":
		return a.markdown(rows)
	}
	for _, row := range rows[1:] {
		fmt.Fprintln(a.stdout, row[0])
	}
	return nil
}

func (a *app) json(v any) error {
	enc := json.NewEncoder(a.stdout)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(v)
}

// markdown writes a Markdown table: the first row is the header, and the cells of the
// first column are formatted as code.
func (a *app) markdown(rows [][]string) error {
	for i, row := range rows {
		if i == 0 {
			fmt.Fprintf(a.stdout, "| %s |\n|%s\n", strings.ToLower(strings.Join(row, " | ")), strings.Repeat("---|", len(row)))
			continue
		}
		fmt.Fprintf(a.stdout, "| `%s` | %s |\n", row[0], strings.Join(row[1:], " | "))
	}
	return nil
}

type schemaCmd struct {
	Out string `placeholder:"FILE" help:"Write to a file, whole or not at all."`
}

func (c *schemaCmd) Run(a *app) error {
	return a.output(c.Out, func(w writer) error {
		_, err := w.Write(scenarios.Schema())
		return err
	})
}

type newCmd struct {
	File string `arg:"" optional:"" help:"The file to write; it must not exist yet. Without it, stdout."`
	From string `placeholder:"SCENARIO" help:"Start from this library scenario instead of the small commented one."`
}

func (c *newCmd) Run(a *app) error {
	name := strings.TrimSuffix(filepath.Base(c.File), filepath.Ext(c.File))
	data := scenarios.Template(name)
	if c.From != "" {
		e, err := libraryEntry(c.From)
		if err != nil {
			return err
		}
		data = e.Content
	}
	if c.File == "" {
		_, err := a.stdout.Write(data)
		return err
	}
	if _, err := os.Lstat(c.File); err == nil {
		return wrongf("name a file that does not exist yet", "%s exists already", c.File)
	}
	if err := writeFile(c.File, data); err != nil {
		return err
	}
	_, err := fmt.Fprintf(a.stdout, "wrote %s\nrun it with: asynclab run %s\n", c.File, c.File)
	return err
}

func libraryEntry(name string) (scenarios.Entry, error) {
	for _, e := range scenarios.Library() {
		if e.Name == name {
			return e, nil
		}
	}
	return scenarios.Entry{}, wrongf("asynclab list shows them", "there is no library scenario %q", name)
}
