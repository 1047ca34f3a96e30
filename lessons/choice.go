package lessons

import (
	"cmp"
	"math"
	"slices"
	"strings"
	"unicode"

	"asynclab/lessons/internal/numeral"
	"asynclab/scenarios/yamltree"
	"asynclab/sim/expect"
	"asynclab/sim/spell"
)

const maxChoices = 12

// Choice is one of several answers.
type Choice struct {
	ID      string // in a student's progress, in whatever order and language the choices stand
	Text    Text
	Because Text // shown when it was taken; may be empty
	Right   bool
	Holds   *expect.Expectation // its proof; may be nil
	Points  []Point             // of a curve

	at yamltree.Pos
}

// Right is the index of the right choice, or -1.
func (a *Activity) Right() int {
	return slices.IndexFunc(a.Choices, func(c Choice) bool { return c.Right })
}

// Chosen is the index of the choice that a try took; -1 if it took none, or one that the
// lesson does not have any more.
func (a *Activity) Chosen(t Try) int {
	if t.Chosen != "" {
		return slices.IndexFunc(a.Choices, func(c Choice) bool { return c.ID == t.Chosen })
	}
	if t.Choice < 1 || t.Choice > len(a.Choices) {
		return -1
	}
	return t.Choice - 1
}

// slug is the letters and digits of a text in lower case, with a hyphen between words.
func slug(text string) string {
	return strings.Join(strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }), "-")
}

// choicePage is an activity with choices as text: all of them; the right one, and why
// each is right or wrong.
func choicePage(a *Activity, _ sayer) (shown, answer []Line) {
	var because []Line
	for i, c := range a.Choices {
		letter := string(rune('a' + i))
		line := Line{letter + ") ", c.Text}
		shown = append(shown, line)
		if c.Right {
			answer = append(answer, line)
		}
		if len(c.Because) > 0 {
			because = append(because, Line{letter + ": ", c.Because})
		}
	}
	return shown, append(answer, because...)
}

var choicesProp = prop[draft]{"choices", false, false, "the answers to choose from, two to twelve, one of them right",
	func(*reader, *yamltree.Node, *draft) {}} // choices reads them

var choiceObject = object[Choice]{"a choice", []prop[Choice]{
	{"text", true, false, "what it says; a choice with a text only may be written without the key", func(r *reader, n *yamltree.Node, c *Choice) { c.Text = r.text(n) }},
	{"id", false, true, "its name in the progress of students, so that the choices may change places; otherwise it is made of the words of `text`", func(r *reader, n *yamltree.Node, c *Choice) {
		if c.ID, _ = r.word(n); c.ID != slug(c.ID) {
			r.At(n, spell.Textf("such as id: %s", cmp.Or(slug(c.ID), "half-of-them")), "%q is no id: small letters, digits and hyphens", c.ID)
		}
	}},
	{"because", false, false, "shown with the choice when it was taken", (*reader).because},
	{"right", false, true, "`true` for the right one", func(r *reader, n *yamltree.Node, c *Choice) { c.Right = r.yes(n) }},
	{"holds", false, true, "an expectation: the run must meet that of the right choice, and must not meet that of a wrong one", func(r *reader, n *yamltree.Node, c *Choice) { c.Holds = r.expectation(n) }},
	{"points", false, true, "a drawn curve: `0s 0, 60s 600`", func(r *reader, n *yamltree.Node, c *Choice) { c.Points = r.points(n) }},
}}

// because reads why a choice is right or wrong. Its numbers are checked in the
// original, also those of a wrong choice.
func (r *reader) because(n *yamltree.Node, c *Choice) {
	ofText := r.strays
	r.strays = nil
	c.Because = r.text(n)
	if r.original == nil {
		r.reportStrays(nil)
	}
	r.strays = append(ofText, r.strays...)
}

// choice reads one choice. The text of a wrong choice may contain any number, that
// of the right choice the numbers of its proof.
func (r *reader) choice(n *yamltree.Node, c *Choice) {
	if n.IsText() {
		c.Text = r.text(n)
	} else {
		choiceObject.read(r, n, c)
	}
	if !c.Right {
		r.strays = nil
	} else if c.Holds != nil {
		r.reportStrays(numeral.Literals(c.Holds.Text()))
	}
	r.reportStrays(nil)
}

// choices reads the choices of a block. If proved is true, the right one needs a
// proof.
func (r *reader) choices(d *draft, proved bool) {
	r.reportStrays(nil)
	choices, curve := d.n.Get("choices"), d.n.Get("curve") != nil
	if choices == nil {
		switch {
		case r.original == nil:
			r.At(d.n, "write choices, or answer for a number", "there is nothing to choose from")
		case len(d.Choices) > 0:
			r.At(d.n, "", "the choices are missing")
		}
		return
	}
	items := r.list(choices)
	if r.original != nil {
		r.translatedChoices(d, choices, items)
		return
	}
	right := 0
	for _, item := range items {
		c := Choice{at: item.Pos}
		r.choice(item, &c)
		hasPoints := item.Get("points") != nil
		switch {
		case curve && !hasPoints:
			r.At(item, `such as points: "0s 0, 60s 600"`, "a choice of a curve needs points")
		case !curve && len(c.Points) > 0:
			r.At(item, `such as curve: "broker: queue.bus/orders.depth.mean"`, "points need a curve: the metric that they are of")
		}
		if c.ID == "" {
			c.ID = slug(c.Text.String())
		}
		if slices.ContainsFunc(d.Choices, func(o Choice) bool { return o.ID == c.ID }) {
			r.At(item, "give one of them an id of its own", "two choices have the id %q", c.ID)
		}
		if c.Right {
			right++
			if proved && !curve && item.Get("holds") == nil {
				r.At(item, "add holds: an expectation that the run must meet", "nothing proves the right answer")
			}
		}
		d.Choices = append(d.Choices, c)
	}
	switch {
	case len(d.Choices) < 2 || len(d.Choices) > maxChoices:
		r.At(choices, "", "there must be two to %d choices", maxChoices)
	case right != 1:
		r.At(choices, "add right: true to one of them", "one choice must be right, not %d", right)
	}
}

// translatedChoices reads the texts of choices, in the order of the original.
func (r *reader) translatedChoices(d *draft, choices *yamltree.Node, items []*yamltree.Node) {
	if len(items) != len(d.Choices) {
		r.At(choices, "one text for each, in the same order", "the original has %d choices, this has %d", len(d.Choices), len(items))
	}
	for i, item := range items[:min(len(items), len(d.Choices))] {
		c := &d.Choices[i]
		c.at = item.Pos
		had := len(c.Because) > 0
		c.Because = nil
		r.choice(item, c)
		if had != (len(c.Because) > 0) {
			r.At(item, "give both of them one, or neither", "%q is in one of the two languages only", "because")
		}
	}
}

// proveAnswer checks that the right answer is right, and that wrong ones are wrong.
func proveAnswer(a *Activity) []*proof {
	if len(a.expectations()) == 0 && a.Curve == nil {
		return nil
	}
	p := &proof{at: a.at, curve: a.Curve}
	p.judge = func(s scene) {
		if n := a.Number; n != nil {
			if out := judge(n.Answer, a.setup.Designs, s); math.IsNaN(out.Value) {
				p.unmet(a.at, "", "the run gives no answer: %s", out.Detail)
			} else if text := a.toldAs(out.Value, n.unit); text != "" {
				p.unmet(a.at, "give what it is made of, not the number itself", "the text before the prediction says %q, which is the answer", text)
			}
		}
		for _, ch := range a.Choices {
			if ch.Holds == nil {
				continue
			}
			out := judge(ch.Holds, a.setup.Designs, s)
			switch {
			case ch.Right && !out.Pass:
				p.unmet(ch.at, "", "the right answer is not what the run shows: %s: %s", ch.Holds.Text(), out.Detail)
			case !ch.Right && out.Pass:
				p.unmet(ch.at, "", "a wrong answer is what the run shows: %s: %s", ch.Holds.Text(), out.Detail)
			}
		}
		if a.Drawn() {
			p.proveDrawn(a, s)
		} else if a.Curve != nil {
			p.proveCurve(a, s)
		}
	}
	return []*proof{p}
}
