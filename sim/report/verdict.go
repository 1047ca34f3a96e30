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
	over     over
	more     string // with a place for the size of the difference
	less     string
	equal    string
	onlyTail bool // a percentile: said only where it goes another way than the mean
	// of is the ratio of the operations that the number is about. Where the designs
	// differ much in it, the number is of others in each, and is not compared.
	of *metric.Metric
	// unless is the metric after which this one says nothing new where that differs.
	unless *metric.Metric
}

// over is the elements that a clause is about.
type over uint8

const (
	eachLoad over = iota
	everything
	theRun
)

// apart is the difference in what is completed, as a share of the better one, from
// which on latencies are of other operations and not compared.
const apart = 0.1

// clauses are in the order of what matters.
var clauses = []clause{
	{m: completed, stat: metric.Ratio, more: "completes %s of all operations more", less: "completes %s of all operations less", equal: "what is completed"},
	{m: through, stat: metric.Plain, more: "completes %s more", less: "completes %s less", unless: completed},
	{m: degraded, stat: metric.Ratio, more: "degrades %s of all operations more", less: "degrades %s of all operations less"},
	{m: accepted, stat: metric.Mean, more: "answers %s later", less: "answers %s sooner", equal: "the time to the answer", of: positive},
	{m: accepted, stat: metric.P99, more: "answers the slowest hundredth %s later", less: "answers the slowest hundredth %s sooner", onlyTail: true, of: positive},
	{m: confirmed, stat: metric.Mean, more: "has its operations done %s later", less: "has its operations done %s sooner", equal: "the time until all is done", of: completed},
	{m: confirmed, stat: metric.P99, more: "has the slowest hundredth done %s later", less: "has the slowest hundredth done %s sooner", onlyTail: true, of: completed},
	{m: metric.Queue.Metric(metric.QueueLost), over: everything, more: "loses %s more messages in its brokers", less: "loses %s fewer messages in its brokers"},
	{m: metric.Queue.Metric(metric.QueueDropped), over: everything, more: "drops %s more messages from its queues", less: "drops %s fewer messages from its queues"},
	{m: metric.Service.Metric(metric.ServiceLost), over: everything, more: "loses %s more tasks in crashes", less: "loses %s fewer tasks in crashes"},
	{m: drained, over: everything, more: "has its queues empty again %s later", less: "has its queues empty again %s sooner", equal: "the time to recover"},
	{m: metric.Service.Metric(metric.ServiceHeld), over: everything, more: "holds its workers for %s more", less: "holds its workers for %s less", equal: "worker time"},
	{m: metric.Run.Metric(metric.RunCost), over: theRun, more: "costs %s more", less: "costs %s less", equal: "cost"},
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
		case c.over == everything:
			v.say(c, sim.Everything, "")
		case c.over == theRun:
			v.say(c, "", "")
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
	if len(v.said) == 0 {
		return strings.Join(append([]string{"between " + p.Design + " and " + p.Base + " there is " + chance + equal}, v.apartness()...), "; ")
	}
	all := v.said
	if equal != "" {
		all = append(all, "there is "+chance+equal)
	}
	return p.Design + " " + strings.Join(append(all, v.apartness()...), "; ")
}

// sentence is a verdict as it grows.
type sentence struct {
	at       map[metric.Ref]*sim.Difference
	currency string
	said     []string
	equal    []string
	left     []string // what is not compared
	shares   []string // and why, for each
}

func sentenceOf(p *sim.Pair) *sentence {
	v := &sentence{at: make(map[metric.Ref]*sim.Difference, len(p.Differences)), currency: p.Currency}
	for i := range p.Differences {
		v.at[p.Differences[i].Ref] = &p.Differences[i]
	}
	return v
}

// differs reports a difference beyond chance.
func differs(d *sim.Difference) bool { return d != nil && d.N > 1 && !d.Noise() && !d.Same() }

func (v *sentence) say(c *clause, element, of string) {
	ref := metric.Ref{Metric: c.m, Element: element, Stat: c.stat}
	d := v.at[ref]
	if d == nil || d.N < 2 || c.m == accepted && v.asConfirmed(ref) {
		return
	}
	if c.unless != nil && differs(v.at[metric.Ref{Metric: c.unless, Element: element, Stat: metric.Ratio}]) {
		return
	}
	less, more := c.less, c.more
	if c.of != nil {
		share := v.at[metric.Ref{Metric: c.of, Element: element, Stat: metric.Ratio}]
		switch {
		case share == nil || !differs(share):
		case math.Abs(share.Mean) > apart*max(share.Base, share.Of):
			v.leave(c, share, of)
			return
		default: // nearly the same ones: what is said is of those
			less, more = strings.Replace(less, "its operations", "what it completes", 1), strings.Replace(more, "its operations", "what it completes", 1)
		}
	}
	ref.Stat = metric.Mean
	switch mean := v.at[ref]; {
	case c.onlyTail && (!differs(d) || mean != nil && !mean.Noise() && (mean.Mean > 0) == (d.Mean > 0)):
	case !differs(d):
		if c.equal != "" && (d.Base != 0 || d.Of != 0) {
			v.equal = append(v.equal, c.equal+of)
		}
	default:
		text := more
		if d.Mean < 0 {
			text = less
		}
		size, interval := margin(d)
		if c.over == theRun {
			size += " " + v.currency
		}
		v.said = append(v.said, fmt.Sprintf(text, size)+of+", "+interval)
	}
}

// leave says which number is not compared, because the designs complete too different
// operations; once for a metric.
func (v *sentence) leave(c *clause, share *sim.Difference, of string) {
	if c.equal == "" {
		return
	}
	v.left = append(v.left, c.equal+of)
	v.shares = append(v.shares, quantity(share.Of, share.Unit)+" of all are completed, against "+quantity(share.Base, share.Unit))
}

// apartness says what is not compared; numbers with the same reason together.
func (v *sentence) apartness() (all []string) {
	for i := 0; i < len(v.left); {
		same := []string{v.left[i]}
		for i++; i < len(v.left) && v.shares[i] == v.shares[i-1]; i++ {
			same = append(same, v.left[i])
		}
		verb := " is not compared: it is"
		if len(same) > 1 {
			verb = " are not compared: they are"
		}
		all = append(all, list(same)+verb+" of different operations, as "+v.shares[i-1])
	}
	return all
}

// asConfirmed reports whether the time to the answer is that to the end in both
// designs, so that it is said once.
func (v *sentence) asConfirmed(r metric.Ref) bool {
	a := v.at[r]
	r.Metric = confirmed
	c := v.at[r]
	return c != nil && c.Base == a.Base && c.Of == a.Of
}

// margin is the size of a difference, and its interval in the same unit; the words
// "every time" where it is the same in every replication.
func margin(d *sim.Difference) (size, interval string) {
	low, high := d.Low, d.High
	if d.Mean < 0 {
		low, high = -high, -low
	}
	value := math.Abs(d.Mean)
	if high-low <= rounding*value {
		return quantity(value, d.Unit), "every time"
	}
	factor, suffix, ok := scale(value, d.Unit)
	if !ok && d.Unit == draw.Seconds { // 5m24s has no place for the digits of an interval
		factor, suffix, ok = 1, "s", true
	}
	if !ok {
		return quantity(value, d.Unit), "[" + quantity(low, d.Unit) + ", " + quantity(high, d.Unit) + "]"
	}
	decimals := decimalsOf((high - low) / 2 * factor)
	for low > 0 && low*factor < math.Pow10(-decimals)/2 && decimals < 9 { // it is not 0
		decimals++
	}
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
