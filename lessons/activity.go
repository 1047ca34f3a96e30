package lessons

import (
	"math"
	"strings"

	"asynclab/sim/draw"

	"github.com/yuin/goldmark/text"

	"go.yaml.in/yaml/v4"
)

const (
	maxChoices = 12
	maxPoints  = 200
)

// activity reads a predict, question or task block, and puts it into the step.
func (r *reader) activity(s *Step, info string, n *node) {
	a := &Activity{at: n.at, setup: s.Setup}
	for a.Kind.String() != info {
		a.Kind++
	}
	for _, other := range s.Activities() {
		if other.Kind == a.Kind {
			r.at(n.at, "make two steps of it", "a second %s block in one step", info)
			return
		}
	}
	if r.original != nil {
		o := r.counterpart(s, a.Kind)
		if o == nil {
			r.at(n.at, "take it away, or put it where the original has it", "the original has no %s block here", info)
			return
		}
		*a = *o
		a.at, a.Hints = n.at, nil
		a.Choices = append([]Choice(nil), o.Choices...)
		a.Goals = append([]Goal(nil), o.Goals...)
		a.Explain = nil
	}
	what := "the " + info + " block"
	both := []field{
		{"ask", true, false, func(n *node) { a.Ask = r.text(n) }},
		{"explain", false, false, func(n *node) { a.Explain = r.text(n) }},
	}
	switch a.Kind {
	case Task:
		r.task(a, what, n, both)
	default:
		r.choosing(a, what, n, both)
	}
	s.Blocks = append(s.Blocks, Block{Kind: Gate, Activity: a})
}

// counterpart is the activity of the original that a translation repeats.
func (r *reader) counterpart(s *Step, kind ActivityKind) *Activity {
	i := r.original.Step(s.ID)
	if i < 0 {
		return nil
	}
	for _, a := range r.original.Steps[i].Activities() {
		if a.Kind == kind {
			return a
		}
	}
	return nil
}

// choosing reads a prediction or a question.
func (r *reader) choosing(a *Activity, what string, n *node, fields []field) {
	translated := r.original != nil
	var choices, answer, curve *node
	number := &Number{Tolerance: draw.Quantity{Value: 0.1, Unit: draw.Ratio}}
	fields = append(fields, field{"choices", false, false, func(n *node) { choices = n }})
	if a.Kind == Prediction {
		fields = append(fields,
			field{"answer", false, true, func(n *node) { answer, number.Answer = n, r.expression(n) }},
			field{"unit", false, false, func(n *node) {
				number.Unit, _ = r.word(n)
				number.unit, number.Scale = unitOf(number.Unit)
			}},
			field{"tolerance", false, true, func(n *node) { number.Tolerance, _ = r.quantity(n, n.text) }},
			field{"curve", false, true, func(n *node) { curve, a.Curve = n, r.curve(n) }},
		)
	}
	r.fields(n, what, translated, fields...)
	r.reportStrays(nil)
	if translated {
		r.translatedNumber(a, number)
		r.translatedChoices(a, n, choices)
		return
	}
	switch {
	case answer != nil && choices != nil:
		r.at(answer.at, "take one of the two away", "a prediction is either a number or a choice")
	case answer != nil:
		a.Number = number
		if number.Unit == "" {
			number.Scale = 1
		}
		return
	case choices == nil:
		r.at(n.at, "write choices, or answer for a number", "there is nothing to choose from")
		return
	}
	r.choices(a, choices, curve != nil)
}

// unitOf reads the unit that a student sees beside a number: a time, a share, a
// rate ("orders a second"), or the name of what is counted ("workers").
func unitOf(name string) (draw.Unit, float64) {
	if u := unitAfter(name); u.name == name {
		return u.unit, u.scale
	}
	if per := rateOf(name); per > 0 {
		return draw.PerSecond, 1 / per
	}
	return draw.None, 1
}

// translatedNumber takes the name of the unit from a translation.
func (r *reader) translatedNumber(a *Activity, number *Number) {
	if number.Unit == "" || a.Number == nil {
		return
	}
	if number.unit != a.Number.unit || number.Scale != a.Number.Scale {
		r.at(a.at, "the same unit in the other language", "the original has the unit %q, not %q", a.Number.Unit, number.Unit)
	}
	n := *a.Number
	n.Unit = number.Unit
	a.Number = &n
}

func (r *reader) choices(a *Activity, list *node, curve bool) {
	right := 0
	for _, item := range r.list(list) {
		c := Choice{at: item.at}
		if item.shape == yaml.ScalarNode {
			c.Text = r.text(item)
		} else {
			r.fields(item, "a choice", false,
				field{"text", true, false, func(n *node) { c.Text = r.text(n) }},
				field{"because", false, false, func(n *node) {
					held := r.strays // of the text, which may be free
					r.strays = nil
					c.Because = r.text(n)
					r.reportStrays(nil)
					r.strays = held
				}},
				field{"right", false, false, func(n *node) { c.Right = r.yes(n) }},
				field{"holds", false, false, func(n *node) { c.Holds = r.expectation(n) }},
				field{"points", false, false, func(n *node) { c.Points = r.points(n) }},
			)
		}
		r.choiceStrays(c)
		switch {
		case curve && len(c.Points) == 0 && item.get("points") == nil:
			r.at(item.at, `such as points: "0s 0, 60s 600"`, "a choice of a curve needs points")
		case !curve && len(c.Points) > 0:
			r.at(item.at, `such as curve: "broker: queue.bus/orders.depth.mean"`, "points need a curve: the metric that they are of")
		}
		if c.Right {
			right++
			if a.Kind == Prediction && c.Holds == nil && !curve && item.get("holds") == nil {
				r.at(item.at, "add holds: an expectation that the run must meet", "nothing proves the right answer")
			}
		}
		a.Choices = append(a.Choices, c)
	}
	switch {
	case len(a.Choices) < 2 || len(a.Choices) > maxChoices:
		r.at(list.at, "", "there must be two to %d choices", maxChoices)
	case right != 1:
		r.at(list.at, "add right: true to one of them", "one choice must be right, not %d", right)
	}
}

// choiceStrays lets the texts of wrong choices say what they like, and that of
// the right one the numbers of its proof.
func (r *reader) choiceStrays(c Choice) {
	switch {
	case !c.Right:
		r.strays = nil
	case c.Holds != nil:
		r.reportStrays(literals(c.Holds.Text()))
	}
	r.reportStrays(nil)
}

// translatedChoices reads the texts of choices, in the order of the original.
func (r *reader) translatedChoices(a *Activity, n, list *node) {
	if list == nil {
		if len(a.Choices) > 0 {
			r.at(n.at, "", "the choices are missing")
		}
		return
	}
	items := r.list(list)
	if len(items) != len(a.Choices) {
		r.at(list.at, "one text for each, in the same order", "the original has %d choices, this has %d", len(a.Choices), len(items))
	}
	for i, item := range items[:min(len(items), len(a.Choices))] {
		c := &a.Choices[i]
		had := len(c.Because) > 0
		c.Because = nil
		if item.shape == yaml.ScalarNode {
			c.Text = r.text(item)
		} else {
			r.fields(item, "a choice", true,
				field{"text", true, false, func(n *node) { c.Text = r.text(n) }},
				field{"because", false, false, func(n *node) { c.Because = r.text(n) }},
				field{"right", false, true, nil}, field{"holds", false, true, nil}, field{"points", false, true, nil},
			)
		}
		r.choiceStrays(*c)
		if had != (len(c.Because) > 0) {
			r.at(item.at, "give both of them one, or neither", "%q is in one of the two languages only", "because")
		}
	}
}

func (r *reader) curve(n *node) *Curve {
	e := r.expression(n)
	if e == nil {
		return nil
	}
	refs := e.Metrics()
	if len(refs) != 1 || refs[0].Window != nil || strings.HasPrefix(refs[0].Design, param) {
		r.at(n.at, `such as "broker: queue.bus/orders.depth.mean"`, "a curve is one metric over time")
		return nil
	}
	return &Curve{Design: refs[0].Design, Metric: refs[0].Metric, expr: e}
}

// points reads "0s 0, 60s 1200".
func (r *reader) points(n *node) (out []Point) {
	text, ok := r.word(n)
	if !ok {
		return nil
	}
	for part := range strings.SplitSeq(text, ",") {
		t, v, two := strings.Cut(strings.TrimSpace(part), " ")
		if !two || len(out) >= maxPoints {
			r.at(r.find(n, part), `such as "0s 0, 60s 600"`, "%q is no point: a time, a blank, a value", strings.TrimSpace(part))
			return nil
		}
		tq, ok1 := r.quantity(n, t)
		vq, ok2 := r.quantity(n, v)
		if !ok1 || !ok2 {
			return nil
		}
		if len(out) > 0 && tq.Value <= out[len(out)-1].T {
			r.at(r.find(n, part), "", "the times of points go up")
			return nil
		}
		out = append(out, Point{tq.Value, vq.Value})
	}
	if len(out) < 2 {
		r.at(n.at, "", "a curve has two points or more")
	}
	return out
}

// at is the value of a drawn curve at a time, on straight lines.
func curveAt(points []Point, t float64) float64 {
	if t <= points[0].T {
		return points[0].V
	}
	for i := 1; i < len(points); i++ {
		a, b := points[i-1], points[i]
		if t <= b.T {
			return a.V + (b.V-a.V)*(t-a.T)/math.Max(b.T-a.T, 1e-12)
		}
	}
	return points[len(points)-1].V
}

// text reads a text with its marks: one paragraph or several.
func (r *reader) text(n *node) Text {
	if n.shape != yaml.ScalarNode {
		r.at(n.at, "a text that begins with [ or { goes in quotes, or on the lines below >", "expected a text")
		return nil
	}
	data := []byte(n.text)
	src := source{data, func(offset int) at {
		rest, _, _ := strings.Cut(n.text[min(max(offset, 0), len(n.text)):], "\n")
		return r.find(n, runes(rest, 24))
	}}
	var out Text
	doc := paragraphs.Parse(text.NewReader(data))
	for c := doc.FirstChild(); c != nil; c = c.NextSibling() {
		if len(out) > 0 {
			out = append(out, Span{Kind: Break})
		}
		out = append(out, r.spans(src, c)...)
	}
	if len(out) == 0 {
		r.at(n.at, "", "the text is empty")
	}
	return out
}

// hint reads the Markdown of a hint.
func (r *reader) hint(s *Step, y yamlText, place at) {
	all := s.Activities()
	if len(all) == 0 {
		r.at(place, "put it after the predict, question or task that it helps with", "a hint for nothing")
		return
	}
	a := all[len(all)-1]
	data := append([]byte(nil), y.data...)
	inFile := func(offset int) at {
		p := placeIn(data)(offset)
		return at{p.line + y.line - 1, p.col + y.col - 1}
	}
	blocks := r.blocks(source{data, inFile}, markdown.Parse(text.NewReader(data)))
	r.reportStrays(a.numbers())
	if len(blocks) == 0 {
		r.at(place, "", "the hint is empty")
		return
	}
	a.Hints = append(a.Hints, blocks)
}
