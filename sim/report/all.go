package report

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"io"

	"asynclab/sim"
	"asynclab/sim/topology"
)

// Failed is the report of a scenario that could not be run, in WriteAll, with every
// reason: the mistakes in its file.
func Failed(scenario string, why ...string) *Report {
	return &Report{Result: &sim.Result{Scenario: scenario}, failed: why}
}

// state says in a few words what became of a scenario, beginning with a mark: ok is
// false where something is not as it was to be.
func (r *Report) state() (mark, text string, ok bool) {
	if len(r.failed) > 0 {
		return "ERROR", "could not be run: " + Plural(len(r.failed), "mistake"), false
	}
	for _, d := range r.Designs {
		if text := ended(d); text != "" {
			return "ERROR", d.Name + ": " + text, false
		}
	}
	missed, open := 0, 0
	for _, v := range r.Expectations {
		switch {
		case v.Inconclusive:
			open++
		case !v.Pass:
			missed++
		}
	}
	all := Plural(len(r.Expectations), "expectation")
	switch {
	case missed > 0 && open > 0:
		return "FAIL", fmt.Sprintf("%d of %s not met, %d inconclusive", missed, all, open), false
	case missed > 0:
		return "FAIL", fmt.Sprintf("%d of %s not met", missed, all), false
	case open > 0:
		return "FAIL", fmt.Sprintf("%d of %s inconclusive", open, all), false
	case r.Strict && r.Warned() > 0:
		return "FAIL", Plural(r.Warned(), "warning") + ", and --strict allows none", false
	case len(r.Expectations) == 0:
		return "ok", "expects nothing", true
	}
	return "ok", all + " met", true
}

// summary lists what became of each scenario: those that failed first.
func summary(all []*Report) (head string, lines [][3]string) {
	var good [][3]string
	for _, r := range all {
		mark, text, ok := r.state()
		if line := [3]string{mark, r.Scenario, text}; ok {
			good = append(good, line)
		} else {
			lines = append(lines, line)
		}
	}
	head = Plural(len(all), "scenario") + ": all as expected"
	if n := len(lines); n > 0 {
		head = fmt.Sprintf("%s: %d as expected, %d not", Plural(len(all), "scenario"), len(good), n)
	}
	return head, append(lines, good...)
}

// writeSummary writes the summary of several scenarios.
func writeSummary(w io.Writer, all []*Report, format string) {
	head, lines := summary(all)
	if format == "markdown" {
		fmt.Fprintf(w, "\n# %s\n\n| | scenario | |\n|---|---|---|\n", escape(head))
		for _, l := range lines {
			fmt.Fprintf(w, "| %s | %s | %s |\n", escape(l[0]), escape(l[1]), escape(l[2]))
		}
		return
	}
	marks, names := 0, 0
	for _, l := range lines {
		marks, names = max(marks, topology.Columns(l[0])), max(names, topology.Columns(l[1]))
	}
	fmt.Fprintf(w, "\n%s\n", head)
	for _, l := range lines {
		fmt.Fprintf(w, "  %s  %s  %s\n", left(l[0], marks), left(l[1], names), l[2])
	}
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
		if len(r.failed) > 0 {
			if format == "markdown" {
				fmt.Fprintf(w, "# %s\n\n", escape(r.Scenario))
				for _, why := range r.failed {
					fmt.Fprintf(w, "could not be run: %s\n", escape(why))
				}
			} else {
				fmt.Fprintf(w, "%s\n\n", r.Scenario)
				for _, why := range r.failed {
					fmt.Fprintf(w, "could not be run: %s\n", why)
				}
			}
			continue
		}
		if err := r.Write(w, format); err != nil {
			return err
		}
	}
	if len(all) > 1 {
		writeSummary(w, all, format)
	}
	return nil
}

func jsonAll(w io.Writer, all []*Report) error {
	var out []any
	for _, r := range all {
		if len(r.failed) > 0 {
			out = append(out, map[string]any{"scenario": r.Scenario, "error": r.failed[0], "errors": r.failed})
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
		if len(r.failed) > 0 {
			for _, why := range r.failed {
				_ = out.Write([]string{r.Scenario, "", "error", "", "", "", "", "", why}) // Error returns the first
			}
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
