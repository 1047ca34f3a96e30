package report

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"asynclab/sim"
	"asynclab/sim/draw"
	"asynclab/sim/metric"
)

// clause is what a verdict says about one number: how it differs, and the name under
// which it is said to be equal.
type clause struct {
	m        *metric.Metric
	stat     metric.Stat
	element  string // "": of every load
	more     string // with a place for the size of the difference
	less     string
	equal    string
	onlyTail bool // a percentile: said only where it goes another way than the mean
}

// clauses are in the order of what matters.
var clauses = []clause{
	{m: metric.Load.Metric(metric.LoadCompleted), stat: metric.Ratio, more: "completes %s of all operations more", less: "completes %s of all operations less", equal: "what is completed"},
	{m: degraded, stat: metric.Ratio, more: "degrades %s of all operations more", less: "degrades %s of all operations less"},
	{m: accepted, stat: metric.Mean, more: "answers %s later", less: "answers %s sooner", equal: "the time to the answer"},
	{m: accepted, stat: metric.P99, more: "answers the slowest hundredth %s later", less: "answers the slowest hundredth %s sooner", onlyTail: true},
	{m: confirmed, stat: metric.Mean, more: "has its operations done %s later", less: "has its operations done %s sooner", equal: "the time until all is done"},
	{m: confirmed, stat: metric.P99, more: "has the slowest hundredth done %s later", less: "has the slowest hundredth done %s sooner", onlyTail: true},
	{m: metric.Queue.Metric(metric.QueueLost), element: sim.Everything, more: "loses %s more messages in its brokers", less: "loses %s fewer messages in its brokers"},
	{m: metric.Queue.Metric(metric.QueueDropped), element: sim.Everything, more: "drops %s more messages from its queues", less: "drops %s fewer messages from its queues"},
	{m: metric.Service.Metric(metric.ServiceLost), element: sim.Everything, more: "loses %s more tasks in crashes", less: "loses %s fewer tasks in crashes"},
	{m: drained, element: sim.Everything, more: "has its queues empty again %s later", less: "has its queues empty again %s sooner", equal: "the time to recover"},
	{m: metric.Service.Metric(metric.ServiceHeld), element: sim.Everything, more: "holds its workers for %s more", less: "holds its workers for %s less", equal: "worker time"},
}

// Verdict is what the difference of two designs comes to, in one sentence: what is
// different with its size and interval, in the order of what matters, and then what
// is not. It never weighs one against the other.
func Verdict(p *sim.Pair) string {
	v := sentenceOf(p)
	var loads []string
	for i := range p.Differences {
		if d := &p.Differences[i]; d.Ref.Metric == completed && d.Ref.Stat == metric.Ratio {
			loads = append(loads, d.Ref.Element)
		}
	}
	for i := range clauses {
		c := &clauses[i]
		switch {
		case c.element != "":
			v.say(c, c.element, "")
		case len(loads) == 1:
			v.say(c, loads[0], "")
		default:
			for _, l := range loads {
				v.say(c, l, " for "+l)
			}
		}
	}
	const chance = "no difference beyond chance"
	equal := ""
	if len(v.equal) > 0 {
		equal = " in " + list(v.equal)
	}
	switch {
	case len(v.said) == 0:
		return "between " + p.Design + " and " + p.Base + " there is " + chance + equal
	case equal != "":
		v.said = append(v.said, chance+equal)
	}
	return p.Design + " " + strings.Join(v.said, "; ")
}

// sentence is a verdict as it grows.
type sentence struct {
	at    map[metric.Ref]*sim.Difference
	said  []string
	equal []string
}

func sentenceOf(p *sim.Pair) *sentence {
	v := &sentence{at: make(map[metric.Ref]*sim.Difference, len(p.Differences))}
	for i := range p.Differences {
		v.at[p.Differences[i].Ref] = &p.Differences[i]
	}
	return v
}

func (v *sentence) say(c *clause, element, of string) {
	ref := metric.Ref{Metric: c.m, Element: element, Stat: c.stat}
	d := v.at[ref]
	if d == nil || d.N < 2 || c.m == accepted && v.asConfirmed(ref) {
		return
	}
	ref.Stat = metric.Mean
	switch mean := v.at[ref]; {
	case c.onlyTail && (d.Noise() || d.Same() || mean != nil && !mean.Noise() && (mean.Mean > 0) == (d.Mean > 0)):
	case d.Noise() || d.Same():
		if c.equal != "" {
			v.equal = append(v.equal, c.equal+of)
		}
	default:
		text := c.more
		if d.Mean < 0 {
			text = c.less
		}
		size, interval := margin(d)
		v.said = append(v.said, fmt.Sprintf(text, size)+of+", "+interval)
	}
}

// asConfirmed reports whether the time to the answer is that to the end in both
// designs, so that it is said once.
func (v *sentence) asConfirmed(r metric.Ref) bool {
	a := v.at[r]
	r.Metric = confirmed
	c := v.at[r]
	return c != nil && c.Base == a.Base && c.Of == a.Of
}

// margin is the size of a difference, and its interval in the same unit.
func margin(d *sim.Difference) (size, interval string) {
	low, high := d.Low, d.High
	if d.Mean < 0 {
		low, high = -high, -low
	}
	value := math.Abs(d.Mean)
	factor, suffix, ok := scale(value, d.Unit)
	if !ok {
		return quantity(value, d.Unit), "[" + quantity(low, d.Unit) + ", " + quantity(high, d.Unit) + "]"
	}
	decimals := decimalsOf((high - low) / 2 * factor)
	write := func(x float64) string { return group(strconv.FormatFloat(x*factor, 'f', decimals, 64)) }
	return write(value) + suffix, "[" + write(low) + ", " + write(high) + "]"
}

// list writes "a, b and c".
func list(all []string) string {
	if len(all) == 1 {
		return all[0]
	}
	return strings.Join(all[:len(all)-1], ", ") + " and " + all[len(all)-1]
}

// decimalsOf is how many decimals a value has whose uncertainty is half: one digit of
// it, two where it begins with a 1.
func decimalsOf(half float64) int {
	if !(half > 0) {
		return 0
	}
	decimals := -int(math.Floor(math.Log10(half)))
	if draw.Significant(half, 1)*math.Pow10(decimals) < 1.5 {
		decimals++
	}
	return min(max(decimals, 0), 9)
}
