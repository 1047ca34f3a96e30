package lessons

import (
	"fmt"
	"math"
	"strings"

	"asynclab/lessons/internal/numeral"
	"asynclab/scenarios/yamltree"
	"asynclab/sim/draw"
	"asynclab/sim/expect"
	"asynclab/sim/metric"
)

// Act lets the student cause something: one click lets the run go, in which a load
// sends one operation, theirs, into every shown design.
var Act = &ActivityKind{Block: "act", Log: "acts", Row: "act",
	doc: "one click that sends the student's own operation into all shown designs",
	words: map[string]words{"name": {"en": "do", "zh-Hans": "动手"}, "sends": {"en": "(yours is one of %s, and goes into: %s)", "zh-Hans": "（你是 %s 之一，你的会进入：%s）"},
		"ended": {"en": "%s: %s", "zh-Hans": "%s：%s"}, "alone": {"en": "%s.", "zh-Hans": "%s。"},
		"in order": {"en": "accepted after %s, confirmed after %s", "zh-Hans": "%s后已受理，%s后已办结"},
		"earlier":  {"en": "confirmed after %[2]s, and accepted when its answer came, after %[1]s", "zh-Hans": "%[2]s后已办结；响应%[1]s后才到，那时算已受理"}},
	page: func(a *Activity, say sayer) (shown, answer []Line) {
		return []Line{{Text: Text{{Text: say("sends", a.Sends, strings.Join(a.setup.Designs, ", "))}}}}, nil
	},
	keys: []prop[draft]{
		{"sends", true, true, "the load whose only operation it is: between `from` and `until` it sends one", func(r *reader, n *yamltree.Node, d *draft) { d.Sends, _ = r.word(n) }},
	},
	finish: func(r *reader, d *draft) {
		r.reportStrays(nil)
		if r.original == nil {
			d.sent = r.sent(d.Activity, d.n)
		}
	},
	expects: func(a *Activity) []*expect.Expectation { return a.sent },
	prove:   proveAct,
	passed:  func(t Try) bool { return t.Judged },
	leave:   func(*Player) error { return ErrAct },
	judge:   judgeAct,
}

// ends are what an act tells of each design: how many operations were sent, and when
// the one was accepted and confirmed.
var ends = [...]metric.Ref{
	{Metric: metric.Load.Metric(metric.LoadOffered)},
	{Metric: metric.Load.Metric(metric.LoadAcceptedLatency), Stat: metric.Max},
	{Metric: metric.Load.Metric(metric.LoadConfirmedLatency), Stat: metric.Max},
}

// sent are the expressions of the ends in each shown design, design by design.
func (r *reader) sent(a *Activity, n *yamltree.Node) (all []*expect.Expectation) {
	if a.setup == nil || a.Sends == "" {
		return nil
	}
	for _, d := range a.setup.Designs {
		for _, end := range ends {
			e, err := expect.ParseValue(fmt.Sprintf("%s: load.%s.%s", d, a.Sends, end.Short()), firstWords()...)
			if err != nil {
				r.At(n.Get("sends"), "the name of a load", "%q is no load", a.Sends)
				return nil
			}
			r.exprs[e] = n.Get("sends")
			r.lesson.expect(e)
			all = append(all, e)
		}
	}
	return all
}

// proveAct checks that the load sends one operation into each design.
func proveAct(a *Activity) []*proof {
	p := &proof{at: a.at}
	p.judge = func(s scene) {
		for i := 0; i < len(a.sent); i += len(ends) {
			if out := judge(a.sent[i], a.setup.Designs, s); out.Value != 1 {
				p.unmet(a.at, "such as arrivals: constant(1/s), with until: 1.5s, or a load of its own that begins at from", "%s sends %g operations into %s, not one", a.Sends, out.Value, a.setup.Designs[i/len(ends)])
			}
		}
	}
	return []*proof{p}
}

// judgeAct keeps when the student's operation was accepted and confirmed, in each
// design: "call 300ms 900ms; message 300ms 1s".
func judgeAct(_ *Player, a *Activity, run Evidence, v *Verdict) *Try {
	var all []string
	for i := 0; i+2 < len(a.sent); i += len(ends) {
		one := a.setup.Designs[i/len(ends)]
		for _, e := range a.sent[i+1 : i+3] {
			one += " " + told(judge(e, a.setup.Designs, run))
		}
		all = append(all, one)
	}
	v.Right = true
	return &Try{Said: strings.Join(all, "; ")}
}

// told is a value with its unit, or a dash where the run gives none.
func told(out expect.Outcome) string {
	if math.IsNaN(out.Value) {
		return "–"
	}
	return draw.FormatQuantity(out.Value, out.Unit)
}

// Came is what came of an act, a sentence for each design, in a language. The only
// design needs no name.
func (a *Activity) Came(t Try, lang string) (all []string) {
	say := Act.say(lang)
	for one := range strings.SplitSeq(t.Said, "; ") {
		f := strings.Fields(one)
		if len(f) != 3 {
			continue
		}
		order := "in order"
		accepted, err := draw.ParseDuration(f[1])
		if confirmed, e := draw.ParseDuration(f[2]); err == nil && e == nil && confirmed < accepted {
			order = "earlier"
		}
		ends := say(order, numeral.Spoken(f[1], lang), numeral.Spoken(f[2], lang))
		if one == t.Said {
			all = append(all, say("alone", strings.ToUpper(ends[:1])+ends[1:]))
		} else {
			all = append(all, say("ended", f[0], ends))
		}
	}
	return all
}
