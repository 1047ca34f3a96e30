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
	"asynclab/sim/metric"
	"asynclab/sim/topology"
)

// facts are the metrics of one design.
type facts map[metric.Ref]sim.Metric

func factsOf(d sim.DesignResult) facts {
	f := make(facts, len(d.Metrics))
	for _, m := range d.Metrics {
		f[m.Ref] = m
	}
	return f
}

// value returns NaN where there is no such metric, or nothing was measured.
func (f facts) value(m *metric.Metric, element string, s metric.Stat) float64 {
	if m, ok := f[metric.Ref{Metric: m, Element: element, Stat: s}]; ok {
		return m.Mean
	}
	return math.NaN()
}

// text returns the formatted value; "" where there is none.
func (f facts) text(m *metric.Metric, element string, s metric.Stat) string {
	v := f.value(m, element, s)
	if math.IsNaN(v) {
		return ""
	}
	return quantity(v, m.Unit)
}

// largest returns the values above 0 of one metric for all elements, or for all
// causes of one element, the largest first.
func largest(d sim.DesignResult, m *metric.Metric, s metric.Stat, element string) []sim.Metric {
	var out []sim.Metric
	for _, x := range d.Metrics {
		if x.Ref.Metric == m && x.Ref.Stat == s && x.Mean > 0 && (element == "" || x.Ref.Element == element) {
			out = append(out, x)
		}
	}
	slices.SortStableFunc(out, func(a, b sim.Metric) int { return cmp.Compare(b.Mean, a.Mean) })
	return out
}

// The metrics used in the lines below.
var (
	offered   = metric.Load.Metric(metric.LoadOffered)
	positive  = metric.Load.Metric(metric.LoadAccepted)
	completed = metric.Load.Metric(metric.LoadCompleted)
	failed    = metric.Load.Metric(metric.LoadFailed)
	failedBy  = metric.Load.Metric(metric.LoadFailedBy)
	degraded  = metric.Load.Metric(metric.LoadDegraded)
	through   = metric.Load.Metric(metric.LoadThroughput)
	open      = metric.Load.Metric(metric.LoadUnfinished)
	accepted  = metric.Load.Metric(metric.LoadAcceptedLatency)
	confirmed = metric.Load.Metric(metric.LoadConfirmedLatency)
	depth     = metric.Queue.Metric(metric.QueueDepth)
	drained   = metric.Queue.Metric(metric.QueueDrainTime)
	blocked   = metric.Service.Metric(metric.ServiceHeldBlocked)
	linked    = metric.Connection.Metric(metric.ConnectionOpen)
	up        = metric.Service.Metric(metric.ServiceInstances)
	lasted    = metric.Run.Metric(metric.RunDuration)
	repeated  = metric.Service.Metric(metric.ServiceDuplicates)
)

// brief describes in a few lines what a design did. Each line contains its
// numbers, which are those of the table below it.
func (r *Report) brief(d sim.DesignResult) []string {
	f := factsOf(d)
	var loads []string
	for _, m := range d.Metrics {
		if m.Ref.Metric == offered && m.Ref.Stat == metric.Plain {
			loads = append(loads, m.Ref.Element)
		}
	}
	var out []string
	for _, l := range loads {
		lines := append([]string{f.outcome(d, l)}, f.latencies(l)...)
		for _, text := range lines {
			if text != "" && len(loads) > 1 {
				text = l + ": " + text
			}
			out = append(out, text)
		}
	}
	out = append(append(out, faults(d)...), f.queued(d), f.away(d), r.blocked(d), twice(d))
	return slices.DeleteFunc(out, func(s string) bool { return s == "" })
}

// outcome describes the outcomes of the operations of a load.
func (f facts) outcome(d sim.DesignResult, load string) string {
	all, good := f.value(offered, load, metric.Plain), f.value(completed, load, metric.Plain)
	bad, rest := f.value(failed, load, metric.Plain), f.value(open, load, metric.Plain)
	switch {
	case math.IsNaN(all) || math.IsNaN(good):
		return ""
	case all == 0:
		return "nothing was offered"
	case good == all:
		return "all " + quantity(all, draw.None) + " completed" + f.fallbacks(load) + f.unanswered(load) + f.behind(load)
	}
	text := fmt.Sprintf("%s of %s completed", quantity(good/all, draw.Ratio), quantity(all, draw.None)) + f.fallbacks(load)
	if bad > 0 {
		text += ", " + quantity(bad, draw.None) + " failed"
		var causes []string
		for _, c := range largest(d, failedBy, metric.Plain, load) {
			if c.Mean == bad {
				causes = append(causes, c.Ref.Cause)
			} else {
				causes = append(causes, quantity(c.Mean, draw.None)+" "+c.Ref.Cause)
			}
		}
		if len(causes) > 0 {
			text += " (" + strings.ReplaceAll(strings.Join(causes, ", "), "_", " ") + ")"
		}
	} else {
		text += ", none failed"
	}
	if rest > 0 {
		text += ", " + quantity(rest, draw.None) + " open at the end"
	}
	return text + f.unanswered(load) + f.behind(load)
}

// unanswered tells the share of clients that had a positive answer, where more
// operations were completed: the latencies of answers are those of these clients.
func (f facts) unanswered(load string) string {
	had, done := f.value(positive, load, metric.Ratio), f.value(completed, load, metric.Ratio)
	if text := quantity(had, draw.Ratio); had < done && text != quantity(done, draw.Ratio) {
		return ", only " + text + " answered"
	}
	return ""
}

// fallbacks tells how many operations were degraded.
func (f facts) fallbacks(load string) string {
	if n := f.value(degraded, load, metric.Plain); n > 0 {
		return ", " + quantity(n, draw.None) + " of them degraded (a step took its else)"
	}
	return ""
}

// behind tells the rate at which operations were completed, where more came than
// that for as long as the run lasted.
func (f facts) behind(load string) string {
	done, by, came := f.value(through, load, metric.Plain), f.value(completed, load, metric.Rate), f.value(offered, load, metric.Rate)
	if !(done < 0.95*by) {
		return ""
	}
	return ", " + quantity(done, draw.PerSecond) + " while " + quantity(came, draw.PerSecond) + " came"
}

// latencies describes the latency of the clients' answers, and the time to
// complete if that differs.
func (f facts) latencies(load string) []string {
	span := func(what string, m *metric.Metric) string {
		half, most := f.text(m, load, metric.P50), f.text(m, load, metric.P99)
		switch {
		case half == "" && most == "":
			return ""
		case half == most && most == f.text(m, load, metric.Max):
			return what + " within " + most + " each time"
		case half == "" || half == most:
			return fmt.Sprintf("99%% %s within %s", what, most)
		case most == "":
			return fmt.Sprintf("half %s within %s", what, half)
		}
		return fmt.Sprintf("half %s within %s, 99%% within %s", what, half, most)
	}
	answered, done := span("answered", accepted), span("done", confirmed)
	if strings.Replace(answered, "answered", "done", 1) == done {
		return []string{answered}
	}
	return []string{answered, done}
}

// queued describes the queue with the most waiting copies, and what became of
// them.
func (f facts) queued(d sim.DesignResult) string {
	all := largest(d, depth, metric.Max, "")
	if len(all) == 0 {
		return ""
	}
	name, most := all[0].Ref.Element, all[0].Mean
	text := fmt.Sprintf("up to %s messages waited in queue %s", quantity(most, draw.None), name)
	if most == 1 {
		text = "at most 1 message waited in queue " + name
	}
	if drain := f.text(drained, name, metric.Plain); drain != "" {
		return text + ", gone " + drain + " later"
	}
	if rest := f.value(depth, name, metric.Final); rest > 0 {
		return text + ", " + quantity(rest, draw.None) + " are still there"
	}
	return text
}

// away describes the connections that were closed for longest. After an outage a
// client is away for longer than its broker, because it waits between its attempts
// to connect again.
func (f facts) away(d sim.DesignResult) string {
	name, longest := "", 0.0
	for _, most := range largest(d, linked, metric.Max, "") {
		e := most.Ref.Element
		client, _, _ := strings.Cut(e, "->")
		there := f.value(up, client, metric.Mean) // a client that is down needs no connection
		if math.IsNaN(there) {
			there = most.Mean // a load
		}
		closed := (there - f.value(linked, e, metric.Mean)) / most.Mean * f.value(lasted, "", metric.Plain)
		if closed > longest {
			name, longest = e, closed
		}
	}
	if longest < 1 {
		return ""
	}
	text := "the connection " + name + " was closed for " + quantity(longest, draw.Seconds)
	if f.value(linked, name, metric.Max) > 1 {
		text = "the connections " + name + " were closed for " + quantity(longest, draw.Seconds) + " each, on average"
	}
	return text + ": clients wait between attempts to connect again (reconnect)"
}

// blocked describes the services whose workers were blocked while they waited
// for others. That no worker was blocked is worth a line beside a design where
// some were.
func (r *Report) blocked(d sim.DesignResult) string {
	const most = 4
	all := largest(d, blocked, metric.Plain, "")
	if len(all) == 0 {
		for _, other := range r.Designs {
			if len(largest(other, blocked, metric.Plain, "")) > 0 && len(d.Metrics) > 0 {
				return "no worker waited for others"
			}
		}
		return ""
	}
	var parts []string
	for _, s := range all[:min(most, len(all))] {
		parts = append(parts, s.Ref.Element+" "+quantity(s.Mean, s.Unit))
	}
	return "workers waited for others: " + strings.Join(parts, ", ")
}

// twice counts work that was done more than once.
func twice(d sim.DesignResult) string {
	n := 0.0
	for _, s := range largest(d, repeated, metric.Plain, "") {
		n += s.Mean
	}
	switch {
	case n == 0:
		return ""
	case n == 1:
		return "1 message was worked on twice"
	}
	return quantity(n, draw.None) + " times a message was worked on again"
}

// textBrief writes the description of each design and what it did.
func (r *Report) textBrief(b *bytes.Buffer) {
	wide, single := 0, len(r.Designs) == 1 && len(r.About) == 0
	for _, d := range r.Designs {
		wide = max(wide, topology.Columns(d.Name))
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

// wrap writes a text in lines of at most most columns, the first after head,
// the others after indent; a longer word has a line of its own.
func wrap(b *bytes.Buffer, head, indent, text string, most int) {
	line, empty := head, true
	for _, word := range strings.Fields(text) {
		if !empty && topology.Columns(line)+1+topology.Columns(word) > most {
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

// Indented writes a text with its own line breaks, indented by two columns.
// Lines longer than most columns are wrapped, if most is not 0; continuation
// lines start where the line began.
func Indented(b *bytes.Buffer, text string, most int) {
	for line := range strings.SplitSeq(strings.TrimSpace(text), "\n") {
		line = strings.TrimRight(line, " \t\r")
		own := line[:len(line)-len(strings.TrimLeft(line, " "))]
		switch {
		case line == "":
			b.WriteByte('\n')
		case most > 0 && 2+topology.Columns(line) > most:
			wrap(b, "  "+own, "  "+own, line, most)
		default:
			b.WriteString("  " + line + "\n")
		}
	}
}
