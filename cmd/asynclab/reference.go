package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"asynclab/scenarios"
	"asynclab/sim/draw"
	"asynclab/sim/model"
)

type metricsCmd struct {
	Scenario string `arg:"" optional:"" help:"List the metrics of this scenario's designs by name instead."`
	Format   string `enum:"text,json,markdown" default:"text" help:"One of text, json, markdown."`
}

var unitWords = map[draw.Unit]string{
	draw.None: "number", draw.Seconds: "seconds", draw.PerSecond: "per second", draw.Bytes: "bytes",
	draw.BytesPerSecond: "bytes per second", draw.Ratio: "ratio",
}

// statsOf are the names that a kind of metric has beside its bare one.
var statsOf = map[string]string{
	"distribution": "mean p50 p90 p95 p99 p999 max",
	"level":        "mean max final",
	"count":        "(none) rate ratio",
	"value":        "(none)",
}

func (c *metricsCmd) Run(a *app) error {
	if c.Scenario != "" {
		return c.names(a)
	}
	docs := model.MetricDocs()
	switch c.Format {
	case "json":
		type doc struct {
			Metric string `json:"metric"`
			Unit   string `json:"unit"`
			Stats  string `json:"stats"`
			Doc    string `json:"doc"`
		}
		all := []doc{}
		for _, d := range docs {
			all = append(all, doc{d.Pattern, unitWords[d.Unit], d.Stats, d.Doc})
		}
		enc := json.NewEncoder(a.stdout)
		enc.SetEscapeHTML(false)
		enc.SetIndent("", "  ")
		return enc.Encode(all)
	case "markdown":
		fmt.Fprint(a.stdout, "| metric | unit | kind | meaning |\n|---|---|---|---|\n")
		for _, d := range docs {
			fmt.Fprintf(a.stdout, "| `%s` | %s | %s | %s |\n", d.Pattern, unitWords[d.Unit], d.Stats, d.Doc)
		}
		return nil
	}
	rows := [][]string{{"METRIC", "UNIT", "KIND", "MEANING"}}
	for _, d := range docs {
		rows = append(rows, []string{d.Pattern, unitWords[d.Unit], d.Stats, d.Doc})
	}
	if err := a.table(rows); err != nil {
		return err
	}
	fmt.Fprintln(a.stdout, "\nThe kind says what may follow the name, after a dot:")
	rows = nil
	for _, kind := range []string{"distribution", "level", "count", "value"} {
		rows = append(rows, []string{"  " + kind, statsOf[kind]})
	}
	return a.table(rows)
}

// names lists what the designs of a scenario have.
func (c *metricsCmd) names(a *app) error {
	s, err := a.load(c.Scenario)
	if err != nil {
		return err
	}
	for _, d := range s.Designs {
		p, err := model.Compile(d)
		if err != nil {
			return wrongf("", "design %s: %v", d.Name, err)
		}
		for _, m := range p.Metrics() {
			fmt.Fprintf(a.stdout, "%s.%s\n", d.Name, m.Name)
		}
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
