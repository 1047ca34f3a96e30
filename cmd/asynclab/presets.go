package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"

	"asynclab/scenarios"
	"asynclab/scenarios/preset"
	"asynclab/sim/report"
	"asynclab/sim/spell"
)

type presetsCmd struct {
	Name   string `arg:"" optional:"" help:"Explain this preset, value by value: rabbitmq, rabbitmq-4.2 or rabbitmq-4.2/quorum. Without it, list all."`
	Format string `enum:"text,json" default:"text" help:"One of text, json."`
}

// Help is shown by --help.
func (c *presetsCmd) Help() string {
	return `A preset is what a known system does unless it is told otherwise, in the words of a scenario. Write its name at the ` +
		`element that it fits, beside whatever is different: {use: rabbitmq-4.2/quorum, max_deliveries: 5}. Every value has the page ` +
		`that documents it, or is named as an assumption.`
}

func (c *presetsCmd) Run(a *app) error {
	var chosen []preset.Preset
	for _, p := range preset.All() {
		chosen = append(chosen, partsOf(p, p.Latest(), "")...)
	}
	if c.Name != "" {
		var err error
		if chosen, err = presetsNamed(c.Name); err != nil {
			return err
		}
	}
	if c.Format == "json" {
		return a.json(presetsJSON(chosen))
	}
	if c.Name == "" {
		return listPresets(a)
	}
	var b bytes.Buffer
	width := a.width("")
	of := chosen[0].Of
	report.Heading(&b, of.Name, of.Title+", as its pages were read in "+of.Read, width)
	if of.About != "" {
		b.WriteByte('\n')
		report.Indented(&b, of.About, width)
	}
	if len(of.Versions) > 0 {
		fmt.Fprintf(&b, "\nversions: %s\n", strings.Join(of.Versions, ", "))
	}
	for _, p := range chosen {
		explain(&b, p, width)
	}
	_, err := a.stdout.Write(b.Bytes())
	return err
}

// partsOf are the presets of a product in a version; only: the part of this name, if any.
func partsOf(of *preset.Product, version, only string) (all []preset.Preset) {
	for _, p := range of.Parts {
		if only == "" || p.Name == only {
			all = append(all, preset.Preset{Part: p, Version: version})
		}
	}
	return all
}

// presetsNamed finds what a name stands for; a product without its version is shown in
// the newest.
func presetsNamed(name string) ([]preset.Preset, error) {
	head, part, _ := strings.Cut(name, "/")
	for _, p := range preset.All() {
		if p.Name == head {
			head = p.Versioned(p.Latest())
		}
	}
	of, version, err := preset.Lookup(head)
	var wrong *preset.Error
	if errors.As(err, &wrong) {
		return nil, wrongf(wrong.Hint, "%s", wrong.Msg)
	}
	all := partsOf(of, version, part)
	if len(all) == 0 {
		var names []string
		for _, p := range of.Parts {
			names = append(names, p.Name)
		}
		return nil, wrongf(spell.Hint(part, "parts", names), "%s has no part %q", head, part)
	}
	return all, nil
}

// listPresets writes one line for each part of each product.
func listPresets(a *app) error {
	rows := [][]string{{"PRESET", "FOR A", "WHAT IT IS"}}
	for _, of := range preset.All() {
		for _, p := range partsOf(of, of.Latest(), "") {
			rows = append(rows, []string{p.Name(), strings.Join(p.Fits, ", "), of.Title + ": " + p.Title})
		}
	}
	if err := a.table(rows); err != nil {
		return err
	}
	var versions []string
	for _, of := range preset.All() {
		if len(of.Versions) > 1 {
			versions = append(versions, "  "+of.Name+": "+strings.Join(of.Versions, ", "))
		}
	}
	fmt.Fprintf(a.stdout, "\nother versions\n%s\n\nexplain one with: asynclab presets %s\n", strings.Join(versions, "\n"), rows[1][0])
	return nil
}

// explain writes the values of a preset, each with what it means and where it is from.
func explain(w io.Writer, p preset.Preset, width int) {
	fmt.Fprintf(w, "\n%s · %s, for a %s\n", p.Name(), p.Title, strings.Join(p.Fits, ", "))
	for _, need := range p.Needs {
		fmt.Fprintf(w, "  needs %s: %s\n", need.Key, need.Says)
	}
	for _, v := range p.Values() {
		fmt.Fprintf(w, "  %s: %s\n", v.Key, v.Text)
		explainFact(w, v.Fact, width)
	}
	beyond := p.Beyond()
	if len(beyond) > 0 {
		fmt.Fprintln(w, "  documented, and not set by it:")
	}
	for _, f := range beyond {
		explainFact(w, f, width)
	}
}

// indent is where the meaning of a value begins.
const indent = "      "

func explainFact(w io.Writer, f preset.Fact, width int) {
	text := f.Says
	if f.Assumed != "" {
		text += "; assumed: " + f.Assumed
	}
	for _, line := range wrapped(text, width-len(indent)) {
		fmt.Fprintln(w, indent+line)
	}
	if f.Source != "" {
		fmt.Fprintln(w, indent+f.Source)
	}
}

// wrapped cuts a text into lines of at most so many columns; 0 or less: one line.
func wrapped(text string, columns int) []string {
	var lines []string
	line := ""
	for _, word := range strings.Fields(text) {
		if line != "" && columns > 0 && len(line)+1+len(word) > columns {
			lines, line = append(lines, line), ""
		}
		line = strings.TrimSpace(line + " " + word)
	}
	return append(lines, line)
}

type presetJSON struct {
	Preset  string      `json:"preset"`
	Product string      `json:"product"`
	Title   string      `json:"title"`
	Fits    []string    `json:"fits"`
	Read    string      `json:"read"`
	Values  []valueJSON `json:"values"`
	Beyond  []valueJSON `json:"beyond"`
}

type valueJSON struct {
	Key     string `json:"key,omitempty"`
	Value   string `json:"value,omitempty"`
	Says    string `json:"says"`
	Source  string `json:"source,omitempty"`
	Assumed string `json:"assumed,omitempty"`
}

func presetsJSON(all []preset.Preset) []presetJSON {
	out := []presetJSON{}
	for _, p := range all {
		j := presetJSON{p.Name(), p.Of.Title, p.Title, p.Fits, p.Of.Read, []valueJSON{}, []valueJSON{}}
		for _, v := range p.Values() {
			j.Values = append(j.Values, valueJSON{v.Key, v.Text, v.Says, v.Source, v.Assumed})
		}
		for _, f := range p.Beyond() {
			j.Beyond = append(j.Beyond, valueJSON{Says: f.Says, Source: f.Source, Assumed: f.Assumed})
		}
		out = append(out, j)
	}
	return out
}

// showPresets writes what the elements of a design have from presets.
func showPresets(w io.Writer, used []scenarios.Used, width int) {
	for i, u := range used {
		if i == 0 {
			fmt.Fprintln(w, "\npresets")
		}
		fmt.Fprintf(w, "  %s: %s\n", u.Element, u.Preset.Name())
		var set, replaced []string
		for _, v := range u.Values {
			if v.Replaced {
				replaced = append(replaced, v.Key)
			} else {
				set = append(set, v.Key+" "+v.Text)
			}
		}
		if len(replaced) > 0 {
			set = append(set, "replaced here: "+strings.Join(replaced, ", "))
		}
		for _, line := range wrapped(strings.Join(set, "; "), width-4) {
			fmt.Fprintln(w, "    "+line)
		}
	}
}
