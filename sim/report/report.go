package report

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"

	"asynclab/sim"
	"asynclab/sim/draw"
)

// Report is a result with the texts that explain it.
type Report struct {
	*sim.Result
	Title   string            // of the scenario
	Summary string            // a few lines about the scenario
	About   map[string]string // one line about each design, by name
	InTurn  map[string]bool   // designs, by name, whose latency is the sum of what its parts take: sim.InTurn
	All     bool              // show every metric in the tables, and every warning
	Strict  bool              // a warning is a failure
	Theory  []Theory          // what known models say, by design; nil if nobody asked
	Width   int               // columns of the terminal; 0 if the output is no terminal

	sparked bool // the table has courses over time

	failed []string // why the scenario could not be run: each mistake
}

// formats lists all formats, in the order in which they are listed to users.
var formats = []struct {
	name  string
	write func(*Report, io.Writer) error
}{
	{"text", (*Report).text}, {"json", (*Report).json}, {"csv", (*Report).csv}, {"markdown", (*Report).markdown}, {"junit", (*Report).junit},
}

// Formats lists the names of the formats.
func Formats() (names []string) {
	for _, f := range formats {
		names = append(names, f.name)
	}
	return names
}

// Write writes the report in one of the formats.
func (r *Report) Write(w io.Writer, format string) error {
	for _, f := range formats {
		if f.name == format {
			return f.write(r, w)
		}
	}
	return fmt.Errorf("unknown format %q", format)
}

func (r *Report) json(w io.Writer) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if r.Theory == nil {
		return enc.Encode(r.Result)
	}
	text, err := r.withTheory()
	if err != nil {
		return err
	}
	return enc.Encode(text)
}

var csvHeader = []string{"design", "metric", "unit", "value", "low", "high", "replications", "note"}

func (r *Report) csv(w io.Writer) error {
	out := csv.NewWriter(w)
	// csv.Writer keeps the first error; Error returns it.
	_ = out.Write(csvHeader)
	for _, d := range r.Designs {
		for _, m := range d.Metrics {
			if !r.Shown.Has(m.Ref) {
				continue
			}
			_ = out.Write([]string{d.Name, m.Name, unitName(m.Unit), number(m.Mean), number(m.Low), number(m.High), strconv.Itoa(m.N), ""})
		}
		for _, w := range d.Warnings {
			_ = out.Write([]string{d.Name, "warning." + w.ID(), "", "", "", "", "", about(w)})
		}
		for _, f := range d.Findings {
			_ = out.Write([]string{d.Name, "finding." + f.ID, "", "", "", "", "", f.Element + ": " + f.Text()})
		}
		for _, row := range r.theoryRows(d.Name) {
			_ = out.Write([]string{d.Name, row.metric, "", number(row.value), number(row.low), number(row.high), "", row.note})
		}
	}
	out.Flush()
	return out.Error()
}

// number is a number of a table for programs; empty where there is none.
func number(v float64) string {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return ""
	}
	return strconv.FormatFloat(v, 'g', -1, 64)
}

func unitName(u draw.Unit) string {
	if u == draw.Ratio {
		return "ratio"
	}
	return u.Symbol()
}

type junitSuite struct {
	XMLName  xml.Name         `xml:"testsuite"`
	Name     string           `xml:"name,attr"`
	Tests    int              `xml:"tests,attr"`
	Failures int              `xml:"failures,attr"`
	Errors   int              `xml:"errors,attr"`
	Skipped  int              `xml:"skipped,attr"`
	Time     string           `xml:"time,attr"`
	Props    *junitProperties `xml:"properties"`
	Cases    []junitCase      `xml:"testcase"`
	Out      string           `xml:"system-out,omitempty"`
}

type junitCase struct {
	Class   string        `xml:"classname,attr"`
	Name    string        `xml:"name,attr"`
	Failure *junitMessage `xml:"failure"`
	Error   *junitMessage `xml:"error"`
	Skipped *junitMessage `xml:"skipped"`
}

type junitMessage struct {
	Message string `xml:"message,attr"`
}

// junit writes the expectations as tests.
func (r *Report) junit(w io.Writer) error { return writeXML(w, r.suite()) }

// suite has a test for each expectation. If a budget ended a run, the design gets an
// error.
func (r *Report) suite() junitSuite {
	if n := len(r.failed); n > 0 {
		s := junitSuite{Name: "asynclab " + r.Scenario, Tests: n, Errors: n, Time: "0.000"}
		for i, why := range r.failed {
			name := "can be run"
			if n > 1 {
				name = fmt.Sprintf("can be run: mistake %d of %d", i+1, n)
			}
			s.Cases = append(s.Cases, junitCase{Class: r.Scenario, Name: name, Error: &junitMessage{why}})
		}
		return s
	}
	s := junitSuite{Name: "asynclab " + r.Scenario, Time: fmt.Sprintf("%.3f", r.Engine.Wall.Seconds()), Props: r.properties()}
	for _, v := range r.Expectations {
		c := junitCase{Class: r.Scenario, Name: v.Expect}
		if !v.Pass {
			s.Failures++
			c.Failure = &junitMessage{verdict(v) + ": " + v.Detail}
		}
		s.Cases = append(s.Cases, c)
	}
	for _, k := range r.Skipped {
		s.Skipped++
		s.Cases = append(s.Cases, junitCase{Class: r.Scenario, Name: k.Expect, Skipped: &junitMessage{k.Why}})
	}
	for _, d := range r.Designs {
		if text := ended(d); text != "" {
			s.Errors++
			s.Cases = append(s.Cases, junitCase{Class: r.Scenario, Name: "design " + d.Name, Error: &junitMessage{text}})
		}
	}
	if r.Strict {
		for _, w := range r.remarks(r.table()) {
			s.Failures++
			s.Cases = append(s.Cases, junitCase{Class: r.Scenario, Name: "warning " + w.kind.ID(), Failure: &junitMessage{w.String()}})
		}
	}
	var explained bytes.Buffer
	r.textExplained(&explained)
	s.Tests, s.Out = len(s.Cases), strings.TrimSpace(strings.Join(r.findings(), "\n")+"\n"+explained.String())
	return s
}

func verdict(v sim.Verdict) string {
	switch {
	case v.Pass:
		return "pass"
	case v.Inconclusive:
		return "inconclusive"
	}
	return "not met"
}

// ended describes an unplanned end of a run; "" if the end was planned.
func ended(d sim.DesignResult) string {
	at := " at " + draw.FormatDuration(d.At.Seconds())
	switch d.Ended {
	case sim.BudgetEvents:
		return "the budget of events ended the run" + at
	case sim.BudgetInFlight:
		return "messages and tasks in flight, and rows of stores, took too much memory, which ended the run" + at + ": the load is more than the design carries, or something never ends"
	case sim.BudgetInstant:
		return "too many events at one instant ended the run" + at + ": a loop without a delay"
	case sim.BudgetResends:
		return "a message that its link loses and sends again without end ended the run" + at
	case sim.Interrupted:
		return "interrupted" + at + ", its numbers are those until then"
	case sim.NotStarted:
		return "interrupted before it began"
	}
	return ""
}

// notes returns remarks that are not warnings.
func (r *Report) notes() []string {
	if !slices.ContainsFunc(r.Designs, func(d sim.DesignResult) bool { return len(d.Metrics) > 0 }) {
		return nil
	}
	var out []string
	if r.Asked <= 1 && len(r.Designs) > 1 {
		out = append(out, "every design ran once, so small differences between them may be chance",
			"hint: --reps 10 shows every number with its 95% interval")
	}
	if r.Asked > 1 {
		out = append(out, "± is half of a 95% interval of the mean over the replications")
	}
	if r.sparked {
		text := "▁▂▃▄▅▆▇█ is the course over the run, warm-up included, from 0 to the greatest of the row"
		if r.Asked > 1 {
			text += ", in the first replication"
		}
		out = append(out, text)
	}
	if r.Currency != "" {
		out = append(out, priced(r.Currency))
	}
	return append(out, "hint: asynclab metrics tells what each name means")
}

// priced explains costs.
func priced(currency string) string {
	return "costs are in " + currency + ", for the measured window"
}

// cost describes the work and the time of the result.
func (r *Report) cost() string {
	runs := r.Replications
	text := fmt.Sprintf("%s, seed %d", Plural(len(r.Designs), "design"), r.Seed)
	if r.Asked > 1 {
		text = fmt.Sprintf("%s with %s each, seed %d", Plural(len(r.Designs), "design"), Plural(runs, "replication"), r.Seed)
	}
	return fmt.Sprintf("%s · %s events in %s (%s/s)", text, group(strconv.FormatUint(r.Engine.Events, 10)),
		draw.FormatDuration(r.Engine.Wall.Seconds()), short(r.Engine.Rate()))
}

// Plural writes a count with its noun: "1 design", "2 designs".
func Plural(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return strconv.Itoa(n) + " " + what + "s"
}

// short writes a large number with k, M or G.
func short(v float64) string {
	for _, s := range []struct {
		over float64
		name string
	}{{1e9, "G"}, {1e6, "M"}, {1e3, "k"}} {
		if v >= s.over {
			return strconv.FormatFloat(v/s.over, 'f', 1, 64) + s.name
		}
	}
	return strconv.FormatFloat(v, 'f', 0, 64)
}

// group puts commas into the integer part of a number of four digits or more.
func group(s string) string {
	digits := 0
	for digits < len(s) && s[digits] >= '0' && s[digits] <= '9' {
		digits++
	}
	if digits < 4 {
		return s
	}
	var b strings.Builder
	for i := range digits {
		if i > 0 && (digits-i)%3 == 0 {
			b.WriteByte(',')
		}
		b.WriteByte(s[i])
	}
	return b.String() + s[digits:]
}
