package report

import (
	"bytes"
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"asynclab/sim"
	"asynclab/sim/draw"
)

// facts are the metrics of one design by name.
type facts map[string]sim.Metric

func factsOf(d sim.DesignResult) facts {
	f := make(facts, len(d.Metrics))
	for _, m := range d.Metrics {
		f[m.Name] = m
	}
	return f
}

// value is NaN where there is no such metric, or nothing was measured.
func (f facts) value(name string) float64 {
	if m, ok := f[name]; ok {
		return m.Mean
	}
	return math.NaN()
}

// text is the value for people; "" where there is none.
func (f facts) text(name string) string {
	v := f.value(name)
	if math.IsNaN(v) {
		return ""
	}
	return quantity(v, f[name].Unit)
}

// named is a number that belongs to an element or a cause.
type named struct {
	name  string
	value float64
}

// all gives the numbers above 0 of the metrics "PREFIX.NAME.SUFFIX", or
// "PREFIX.NAME" without a suffix, the largest first.
func (f facts) all(d sim.DesignResult, prefix, suffix string) []named {
	var out []named
	for _, m := range d.Metrics {
		name, ok := strings.CutPrefix(m.Name, prefix)
		if ok && suffix != "" {
			name, ok = strings.CutSuffix(name, suffix)
		}
		if ok && m.Mean > 0 && !strings.Contains(name, ".") {
			out = append(out, named{name, m.Mean})
		}
	}
	slices.SortStableFunc(out, func(a, b named) int { return cmp.Compare(b.value, a.value) })
	return out
}

// brief says in a few lines what a design did. Each line has its numbers; they
// are those of the table below it.
func (r *Report) brief(d sim.DesignResult) []string {
	f := factsOf(d)
	var loads []string
	for _, m := range d.Metrics {
		if name, ok := strings.CutPrefix(m.Name, "load."); ok && strings.HasSuffix(name, ".offered") {
			loads = append(loads, strings.TrimSuffix(name, ".offered"))
		}
	}
	var out []string
	for _, l := range loads {
		lines := append([]string{f.outcome(d, "load."+l+".")}, f.latencies("load."+l+".")...)
		for _, text := range lines {
			if text != "" && len(loads) > 1 {
				text = l + ": " + text
			}
			out = append(out, text)
		}
	}
	out = append(out, f.queued(d), r.blocked(f, d), f.twice(d))
	return slices.DeleteFunc(out, func(s string) bool { return s == "" })
}

// outcome is what became of the operations of a load.
func (f facts) outcome(d sim.DesignResult, load string) string {
	offered, completed := f.value(load+"offered"), f.value(load+"completed")
	failed, open := f.value(load+"failed"), f.value(load+"unfinished")
	switch {
	case math.IsNaN(offered) || math.IsNaN(completed):
		return ""
	case offered == 0:
		return "nothing was offered"
	case completed == offered:
		return "all " + quantity(offered, draw.None) + " completed"
	}
	text := fmt.Sprintf("%s of %s completed", quantity(completed/offered, draw.Ratio), quantity(offered, draw.None))
	if failed > 0 {
		text += ", " + quantity(failed, draw.None) + " failed"
		var causes []string
		for _, c := range f.all(d, load+"failed.", "") {
			switch {
			case c.name == "rate" || c.name == "ratio":
			case c.value == failed:
				causes = append(causes, c.name)
			default:
				causes = append(causes, quantity(c.value, draw.None)+" "+c.name)
			}
		}
		if len(causes) > 0 {
			text += " (" + strings.ReplaceAll(strings.Join(causes, ", "), "_", " ") + ")"
		}
	} else {
		text += ", none failed"
	}
	if open > 0 {
		text += ", " + quantity(open, draw.None) + " open at the end"
	}
	return text
}

// latencies tell when clients had their answers, and when all was done if that
// is something else.
func (f facts) latencies(load string) []string {
	span := func(what, metric string) string {
		name := load + metric
		half, most := f.text(name+".p50"), f.text(name+".p99")
		switch {
		case half == "" && most == "":
			return ""
		case half == most && most == f.text(name+".max"):
			return what + " within " + most + " each time"
		case half == "" || half == most:
			return fmt.Sprintf("99%% %s within %s", what, most)
		case most == "":
			return fmt.Sprintf("half %s within %s", what, half)
		}
		return fmt.Sprintf("half %s within %s, 99%% within %s", what, half, most)
	}
	answered, done := span("answered", "accepted.latency"), span("done", "confirmed.latency")
	if strings.Replace(answered, "answered", "done", 1) == done {
		return []string{answered}
	}
	return []string{answered, done}
}

// queued is the queue in which most has waited, and what became of that.
func (f facts) queued(d sim.DesignResult) string {
	all := f.all(d, "queue.", ".depth.max")
	if len(all) == 0 {
		return ""
	}
	q := all[0]
	text := fmt.Sprintf("up to %s messages waited in queue %s", quantity(q.value, draw.None), q.name)
	if q.value == 1 {
		text = "at most 1 message waited in queue " + q.name
	}
	if drain := f.text("queue." + q.name + ".drain_time"); drain != "" {
		return text + ", gone " + drain + " later"
	}
	if rest := f.value("queue." + q.name + ".depth.final"); rest > 0 {
		return text + ", " + quantity(rest, draw.None) + " are still there"
	}
	return text
}

// blocked tells whose workers stood still because they waited for others; that
// nobody's did is worth a line beside a design where they did.
func (r *Report) blocked(f facts, d sim.DesignResult) string {
	const most = 4
	all := f.all(d, "service.", ".thread_seconds.blocked")
	if len(all) == 0 {
		for _, other := range r.Designs {
			if len(factsOf(other).all(other, "service.", ".thread_seconds.blocked")) > 0 && len(d.Metrics) > 0 {
				return "no worker waited for others"
			}
		}
		return ""
	}
	var parts []string
	for _, s := range all[:min(most, len(all))] {
		parts = append(parts, s.name+" "+quantity(s.value, draw.Seconds))
	}
	return "workers waited for others: " + strings.Join(parts, ", ")
}

// twice counts what was worked on more than once.
func (f facts) twice(d sim.DesignResult) string {
	n := 0.0
	for _, s := range f.all(d, "service.", ".duplicates") {
		n += s.value
	}
	switch {
	case n == 0:
		return ""
	case n == 1:
		return "1 message was worked on twice"
	}
	return quantity(n, draw.None) + " times a message was worked on again"
}

// textBrief writes what the designs are and what each of them did.
func (r *Report) textBrief(b *bytes.Buffer) {
	wide, single := 0, len(r.Designs) == 1 && len(r.About) == 0
	for _, d := range r.Designs {
		wide = max(wide, width(d.Name))
	}
	if single {
		wide = -gap + 1
	}
	indent := strings.Repeat(" ", 2+wide+2)
	for i, d := range r.Designs {
		lines := r.brief(d)
		if i == 0 {
			b.WriteString("\nin short\n")
		}
		if about := r.About[d.Name]; about != "" {
			lines = append([]string{about}, lines...)
		}
		for k, l := range lines {
			head := indent
			if k == 0 && !single {
				head = "  " + left(d.Name, wide) + "  "
			}
			wrap(b, head, indent, l, r.prose())
		}
	}
}

// wrap writes a text in lines of at most so many columns, the first after head,
// the others after indent; a word that is longer stands alone.
func wrap(b *bytes.Buffer, head, indent, text string, most int) {
	line, empty := head, true
	for _, word := range strings.Fields(text) {
		if !empty && width(line)+1+width(word) > most {
			b.WriteString(line + "\n")
			line, empty = indent, true
		}
		if !empty {
			line += " "
		}
		line += word
		empty = false
	}
	b.WriteString(strings.TrimRight(line, " ") + "\n")
}

// Indented writes a text with its own line breaks two columns in. Lines longer
// than most columns are broken, if most is not 0; what follows stands where the
// line began.
func Indented(b *bytes.Buffer, text string, most int) {
	for line := range strings.SplitSeq(strings.TrimSpace(text), "\n") {
		line = strings.TrimRight(line, " \t\r")
		own := line[:len(line)-len(strings.TrimLeft(line, " "))]
		switch {
		case line == "":
			b.WriteByte('\n')
		case most > 0 && 2+width(line) > most:
			wrap(b, "  "+own, "  "+own, line, most)
		default:
			b.WriteString("  " + line + "\n")
		}
	}
}
