package lessons

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"

	"asynclab/lessons/internal/numeral"
	"asynclab/scenarios/yamltree"
	"asynclab/sim/draw"
	"asynclab/sim/expect"
	"asynclab/sim/spell"
)

// Claim is a number or a statement about a run that texts quote.
type Claim struct {
	Name      string
	Condition *expect.Expectation // of a statement
	Value     *expect.Expectation // of a number
	Tolerance draw.Quantity       // 0: as precise as it is written
	setup     *Setup
	attempt   *Attempt       // nil: of the step's own run
	is        *yamltree.Node // while it is read
	at        yamltree.Pos
	unit      draw.Unit // of Value, from the units of its metrics
}

var claimObject = object[Claim]{"a claim", []prop[Claim]{
	{"is", true, false, "the value or the statement; without a tolerance it may be written without the key", func(_ *reader, n *yamltree.Node, c *Claim) { c.is = n }},
	{"tolerance", false, false, "how far the text may be from the run: a share such as 5%, or a quantity such as 2ms; otherwise half of the last digit written",
		func(r *reader, n *yamltree.Node, c *Claim) { c.Tolerance, _ = r.quantity(n, n.Text) }},
}}

// claims reads the claims about the run of a setup, or of an attempt.
func (r *reader) claims(u *Setup, attempt *Attempt, n *yamltree.Node) {
	for _, p := range n.Pairs {
		k := p.Key
		c := &Claim{Name: k.Text, setup: u, attempt: attempt, is: p.Val, at: k.Pos}
		switch {
		case !idRegexp().MatchString(k.Text):
			r.At(k, "small letters, digits and dashes", "%q is no name for a claim", k.Text)
			continue
		case r.lesson.claims[k.Text] != nil:
			r.At(k, "names of claims are of the whole lesson", "there is a claim %q already", k.Text)
			continue
		case u == nil:
			r.At(k, "write a setup before it", "there is no run that the claim could be about")
			continue
		}
		if item := c.is; item.Shape == yamltree.Mapping {
			c.is = nil
			claimObject.read(r, item, c)
		}
		if c.is == nil {
			continue
		}
		if _, err := expect.Parse(strings.TrimSpace(c.is.Text), firstWords()...); err == nil && c.is.IsText() {
			c.Condition = r.expectation(c.is)
		} else {
			c.Value = r.expression(c.is)
		}
		r.lesson.claims[k.Text] = c
		r.claimed = append(r.claimed, k.Text)
	}
}

// judgeClaim makes the checks of a claim that need no run.
func (r *reader) judgeClaim(c *Claim) {
	r.judgeExpr(c.setup, c.Value)
	r.judgeExpr(c.setup, c.Condition)
	known := false
	if c.unit, known = r.units[c.Value]; !known {
		c.Value = nil // reported; quotes of it are not reported again
		return
	}
	if t := c.Tolerance; t.Value > 0 && t.Unit != draw.Ratio && t.Unit != c.unit {
		r.At(c.at, "a share such as 5%, or a quantity in the unit of the value", "the tolerance is %v, and the value is %v", t.Unit, c.unit)
	}
}

// fits checks, without a run, whether a text can quote a claim: its numbers and unit.
func (c *Claim) fits(text string) error {
	if c.Condition != nil {
		if number := numeral.Foreign(text, numeral.Literals(c.Condition.Text())); number != "" {
			return spell.Advise(spell.Mistakef("%q is not in the statement %q", number, c.Condition.Text()), spell.Textf("write a number of the statement, or quote a value instead"))
		}
		return nil
	}
	if c.Value == nil {
		return nil // the claim is a mistake, already reported
	}
	_, got, isSpan := numeral.Span(text)
	if !isSpan {
		var err error
		if got, err = numeral.Read(text); err != nil {
			return spell.Advise(err, spell.Textf("write one number with its unit, or make the claim a statement, with a comparison"))
		}
	}
	if numeral.Comparable(got.Unit, c.unit) {
		return nil
	}
	return spell.Advise(spell.Mistakef("the claim %s is %v, and %q is %v", c.Name, c.unit, text, got.Unit), inside(c.unit))
}

// inside is the hint that the unit stands inside the brackets; empty for some units.
func inside(unit draw.Unit) spell.Text {
	switch unit {
	case draw.Seconds:
		return spell.Textf("such as [102 ms](claim:…): the unit stands inside the brackets")
	case draw.PerSecond:
		return spell.Textf("such as [50 requests a second](claim:…): the unit stands inside the brackets")
	case draw.Bytes:
		return spell.Textf("such as [2 MB](claim:…)")
	case draw.BytesPerSecond:
		return spell.Textf("such as [2 MB/s](claim:…)")
	}
	return spell.Text{}
}

// compare describes how a text and a run differ; "" if they agree.
func (c *Claim) compare(text string, run Evidence) string {
	if c.Condition != nil {
		out := judge(c.Condition, c.setup.Designs, run)
		if out.Pass {
			return ""
		}
		return fmt.Sprintf("the run does not show %q: %s", c.Condition.Text(), out.Detail)
	}
	out := judge(c.Value, c.setup.Designs, run)
	if math.IsNaN(out.Value) {
		return fmt.Sprintf("the run gives no value for %q: %s", c.Name, out.Detail)
	}
	if low, high, ok := numeral.Span(text); ok {
		if out.Value < low.Value-low.Half || out.Value > high.Value+high.Half {
			return fmt.Sprintf("the text says %q, and the run gives %s", text, draw.FormatQuantity(out.Value, c.unit))
		}
		return ""
	}
	got, err := numeral.Read(text)
	if err != nil {
		return err.Error()
	}
	if near(got.Value, out.Value, max(got.Half, allowance(c.Tolerance, out.Value))) {
		return ""
	}
	return fmt.Sprintf("the text says %q, and the run gives %s", text, draw.FormatQuantity(out.Value, c.unit))
}

// allowance is the largest difference that a tolerance allows, in base units; a share
// is relative to the value.
func allowance(tolerance draw.Quantity, value float64) float64 {
	if tolerance.Unit == draw.Ratio {
		return tolerance.Value * math.Abs(value)
	}
	return tolerance.Value
}

// near tells whether a number is at most room away from a value, but for rounding of
// floating-point numbers.
func near(got, value, room float64) bool {
	return math.Abs(got-value) <= room*(1+1e-9)+1e-12*math.Abs(value)
}

// judgeUses checks the references in the texts, except those to other lessons, which
// are not known here.
func (r *reader) judgeUses() {
	for _, u := range r.lesson.uses {
		switch u.kind {
		case Term:
			if _, ok := Glossary("en").Find(u.target); !ok {
				r.Unknown(u.at, u.target, "terms", Glossary("en").IDs(), "the glossary has no %q", u.target)
			}
		case ClaimSpan:
			if c := r.lesson.claims[u.target]; c == nil {
				r.Unknown(u.at, u.target, "claims", slices.Sorted(maps.Keys(r.lesson.claims)), "there is no claim %q", u.target)
			} else if err := c.fits(u.text); err != nil {
				r.Wrong(u.at, err)
			}
		}
	}
}

// Given tells whether the value of a claim is a parameter, and so stands in the scenario.
func (l *Lesson) Given(claim string) bool {
	c := l.claims[claim]
	if c == nil || c.Value == nil {
		return false
	}
	refs := c.Value.Metrics()
	return len(refs) == 1 && isParam(refs[0]) && !strings.ContainsAny(c.Value.Text(), "+*()") && !strings.Contains(c.Value.Text(), " / ")
}

// Quoted lists the claims that blocks quote, what activities ask and explain included.
func Quoted(blocks []Block) map[string]bool {
	all := map[string]bool{}
	text := func(texts ...Text) {
		for _, t := range texts {
			for _, s := range t {
				if s.Kind == ClaimSpan {
					all[s.Target] = true
				}
			}
		}
	}
	for _, b := range blocks {
		text(b.Text)
		for _, row := range b.Rows {
			text(row...)
		}
		for _, item := range b.Items {
			maps.Copy(all, Quoted(item))
		}
		if a := b.Activity; a != nil {
			text(a.Ask)
			for _, c := range a.Choices {
				text(c.Text)
			}
		}
	}
	return all
}
