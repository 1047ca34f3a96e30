package report

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"io"

	"asynclab/sim"
)

// Failed is the report of a scenario that could not be run, in WriteAll.
func Failed(scenario, why string) *Report {
	return &Report{Result: &sim.Result{Scenario: scenario}, failed: why}
}

// WriteAll writes the reports of several scenarios as one: JSON is an array, CSV has a
// column for the scenario, and JUnit a suite for each.
func WriteAll(w io.Writer, all []*Report, format string) error {
	switch format {
	case "json":
		return jsonAll(w, all)
	case "csv":
		return csvAll(w, all)
	case "junit":
		return junitAll(w, all)
	}
	for i, r := range all {
		if i > 0 {
			fmt.Fprintln(w)
		}
		if r.failed != "" {
			if format == "markdown" {
				fmt.Fprintf(w, "# %s\n\ncould not be run: %s\n", escape(r.Scenario), escape(r.failed))
			} else {
				fmt.Fprintf(w, "%s\n\ncould not be run: %s\n", r.Scenario, r.failed)
			}
			continue
		}
		if err := r.Write(w, format); err != nil {
			return err
		}
	}
	return nil
}

func jsonAll(w io.Writer, all []*Report) error {
	var out []any
	for _, r := range all {
		if r.failed != "" {
			out = append(out, map[string]string{"scenario": r.Scenario, "error": r.failed})
		} else {
			out = append(out, r.Result)
		}
	}
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(out)
}

func csvAll(w io.Writer, all []*Report) error {
	out := csv.NewWriter(w)
	_ = out.Write(append([]string{"scenario"}, csvHeader...))
	for _, r := range all {
		if r.failed != "" {
			_ = out.Write([]string{r.Scenario, "", "error", "", "", "", "", "", r.failed}) // Error returns the first
			continue
		}
		var one bytes.Buffer
		if err := r.csv(&one); err != nil {
			return err
		}
		rows, err := csv.NewReader(&one).ReadAll()
		if err != nil {
			return err
		}
		for _, row := range rows[1:] {
			_ = out.Write(append([]string{r.Scenario}, row...))
		}
	}
	out.Flush()
	return out.Error()
}

type junitSuites struct {
	XMLName  xml.Name `xml:"testsuites"`
	Tests    int      `xml:"tests,attr"`
	Failures int      `xml:"failures,attr"`
	Errors   int      `xml:"errors,attr"`
	Skipped  int      `xml:"skipped,attr"`
	Suites   []junitSuite
}

func junitAll(w io.Writer, all []*Report) error {
	var out junitSuites
	for _, r := range all {
		s := r.suite()
		out.Tests, out.Failures, out.Errors, out.Skipped = out.Tests+s.Tests, out.Failures+s.Failures, out.Errors+s.Errors, out.Skipped+s.Skipped
		out.Suites = append(out.Suites, s)
	}
	return writeXML(w, out)
}

func writeXML(w io.Writer, v any) error {
	var b bytes.Buffer
	b.WriteString(xml.Header)
	enc := xml.NewEncoder(&b)
	enc.Indent("", "  ")
	if err := enc.Encode(v); err != nil {
		return err
	}
	b.WriteByte('\n')
	_, err := w.Write(b.Bytes())
	return err
}
