package scenarios

import (
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"asynclab/sim/golden"
)

var madeRegexp = regexp.MustCompile("(?s)(<!-- table: ([a-z]+) -->\n).*?(<!-- end -->\n)")

// The tables of the page are those that the parser reads by.
func TestReference(t *testing.T) {
	page, err := os.ReadFile("LANGUAGE.md")
	if err != nil {
		t.Fatal(err)
	}
	all, seen := core().reference(), map[string]bool{}
	want := madeRegexp.ReplaceAllStringFunc(string(page), func(s string) string {
		m := madeRegexp.FindStringSubmatch(s)
		seen[m[2]] = true
		return m[1] + all[m[2]] + m[3]
	})
	for name := range all {
		if !seen[name] {
			t.Errorf("LANGUAGE.md has no table of %s", name)
		}
	}
	golden.Equal(t, "LANGUAGE.md", []byte(want))
}

// reference is what LANGUAGE.md says in tables, by the names in its marks.
func (l *language) reference() map[string]string {
	var values, distributions, keys, steps, warnings strings.Builder
	values.WriteString("| kind | example | what it is |\n|---|---|---|\n")
	for _, k := range l.allKinds() {
		fmt.Fprintf(&values, "| %s | %s | %s |\n", k.name, code(k.example), cell(k.doc))
	}
	distributions.WriteString("| expression | mean | variance | when |\n|---|---|---|---|\n")
	for _, d := range distributionDocs {
		fmt.Fprintf(&distributions, "| `%s` | %s | %s | %s |\n", d.expr, d.mean, d.variance, d.use)
	}
	for _, o := range l.allObjects() {
		if !slices.ContainsFunc(l.steps, func(s stepObject) bool { return s.object == o }) {
			fmt.Fprintf(&keys, "\n### %s\n\n%s.\n", o.Name, sentence(o.Doc))
			fieldTable(&keys, o)
		}
	}
	for _, s := range l.steps {
		name := s.name()
		fmt.Fprintf(&steps, "\n### `%s`\n\n%s.", name, sentence(s.Doc))
		if s.bare {
			fmt.Fprintf(&steps, " May stand alone, as the word `%s`.", name)
		}
		steps.WriteString("\n")
		fieldTable(&steps, s.object)
	}
	warnings.WriteString("| id | what it says | what it means | what to do |\n|---|---|---|---|\n")
	for _, k := range l.warnings {
		fmt.Fprintf(&warnings, "| `%s` | %s | %s | %s |\n", k.ID(), cell(k.Pattern()), cell(k.Why()), cell(k.Do()))
	}
	return map[string]string{"warnings": warnings.String(), "values": values.String(), "distributions": distributions.String(), "keys": keys.String(), "steps": steps.String()}
}

func fieldTable(b *strings.Builder, o *object) {
	b.WriteString("\n| key | value | default | meaning |\n|---|---|---|---|\n")
	for _, e := range o.entries {
		def, value := e.Says()
		switch {
		case e.Default.Required:
			def = "**required**"
		case value:
			def = code(def)
		}
		kind := kindCell(e.kind)
		if e.By != nil {
			kind += ", attribute, or their product"
		}
		fmt.Fprintf(b, "| `%s` | %s | %s | %s |\n", e.Key, kind, def, cell(e.Doc))
	}
}

// kindCell says what may be written: the words themselves where there are only
// words, the name of the kind otherwise.
func kindCell(k *kind) string {
	var parts []string
	if k.name != "word" {
		name := k.name
		if k.name == "mapping" || k.name == "" {
			name = k.doc
		}
		if k.limits != nil {
			name += " " + k.limits()
		}
		parts = append(parts, name)
	}
	for _, w := range k.words {
		parts = append(parts, code(w))
	}
	return cell(strings.Join(parts, ", "))
}

func code(s string) string {
	if s == "" {
		return ""
	}
	if strings.Contains(s, "`") {
		return cell(s)
	}
	return "`" + cell(s) + "`"
}

func cell(s string) string { return strings.ReplaceAll(s, "|", `\|`) }

func sentence(s string) string { return strings.ToUpper(s[:1]) + s[1:] }

// allKinds are the kinds of values that have something to say, by first use.
func (l *language) allKinds() []*kind {
	var all []*kind
	seen := map[string]bool{}
	add := func(k *kind) {
		if k.doc != "" && k.name != "mapping" && !seen[k.name] {
			seen[k.name] = true
			all = append(all, k)
		}
	}
	for _, o := range l.allObjects() {
		for _, e := range o.entries {
			add(e.kind)
		}
	}
	slices.SortStableFunc(all, func(a, b *kind) int { return strings.Compare(a.name, b.name) })
	return all
}

// distributionDocs lists the ways of writing a distribution. A test reads every
// expression and compares its mean and variance with the formulas' values.
var distributionDocs = []struct{ expr, mean, variance, use string }{
	{"5ms", "5ms", "0", "nothing varies, or a first estimate"},
	{"uniform(1ms, 9ms)", "(a+b)/2", "(b−a)²/12", "only the limits are known"},
	{"exp(5ms)", "m", "m²", "nothing known but the mean; time between independent arrivals"},
	{"erlang(4, 10ms)", "m", "m²/k", "k similar steps one after the other"},
	{"gamma(10ms, cv=0.5)", "m", "(cv·m)²", "a measured coefficient of variation below 1"},
	{"gamma(shape=4, mean=10ms)", "m", "m²/k", "the same, by shape"},
	{"normal(20ms, 5ms)", "m + s·λ", "s²(1 + αλ − λ²)", "a symmetric spread; cut at 0, with α = −m/s and λ = φ(α)/(1−Φ(α))"},
	{"lognormal(10ms, p99=80ms)", "m", "m²(exp(σ²)−1), σ = z − √(z² − 2·ln(q/m))", "work and latency, of which mean and p99 were measured"},
	{"lognormal(10ms, cv=2)", "m", "(cv·m)²", "the same, by coefficient of variation"},
	{"lognormal(10ms, sigma=0.5)", "m", "m²(exp(σ²)−1)", "the same, by σ"},
	{"lognormal(median=8ms, p99=80ms)", "h·exp(σ²/2)", "mean²(exp(σ²)−1), σ = ln(q/h)/z", "median and p99, as dashboards show"},
	{"lognormal(median=8ms, sigma=0.5)", "h·exp(σ²/2)", "mean²(exp(σ²)−1)", "the same, by σ"},
	{"weibull(0.7, scale=5ms)", "b·Γ(1+1/k)", "b²(Γ(1+2/k) − Γ(1+1/k)²)", "time to failure"},
	{"weibull(0.7, mean=5ms)", "m", "the same, b = m/Γ(1+1/k)", "the same, by mean"},
	{"pareto(2.5, min=1ms)", "a·b/(a−1)", "b²a/((a−1)²(a−2)); infinite for a ≤ 2", "a heavy tail"},
	{"pareto(2.5, mean=5ms)", "m", "the same, b = m(a−1)/a", "the same, by mean"},
	{"hyperexp(0.9, 1ms, 50ms)", "p·m₁ + (1−p)·m₂", "2(p·m₁² + (1−p)·m₂²) − mean²", "two kinds of requests"},
	{"hyperexp(5ms, cv=2)", "m", "(cv·m)²", "a measured coefficient of variation above 1"},
	{"mix(90: exp(1ms), 10: exp(40ms))", "Σ wm", "Σ w(v + (m−mean)²)", "several kinds of requests, with their weights"},
	{"discrete(1ms: 90, 20ms: 10)", "Σ wv", "Σ w(v−mean)²", "a few fixed values, with their weights"},
	{"geometric(5)", "m", "m(m−1)", "batch sizes; counts only"},
	{"integer(1, 6)", "(a+b)/2", "((b−a+1)²−1)/12", "whole numbers, all equally likely; counts only"},
	{"zipf(1000, 1.1)", "Σ k^(1−s)/Σ k^−s", "Σ k^(2−s)/Σ k^−s − mean²", "which of n things is asked for; the first is the most popular; counts only"},
	{`empirical("measured.csv")`, "of the samples", "of the samples", "measurements in a file beside the scenario, see [data files](#data-files)"},
}
