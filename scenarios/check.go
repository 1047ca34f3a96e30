package scenarios

import (
	"errors"
	"slices"
	"strings"
	"time"

	"asynclab/scenarios/yamltree"
	"asynclab/sim/check"
	"asynclab/sim/design"
	"asynclab/sim/draw"
	"asynclab/sim/engine"
	"asynclab/sim/expect"
	"asynclab/sim/spec"
	"asynclab/sim/spell"
	"asynclab/sim/warning"

	"github.com/invopop/jsonschema"
)

// finding is a problem of a design and the node of the file that causes it.
type finding struct {
	at        *yamltree.Node
	msg, hint string
}

// check checks the designs as a whole and reports each problem at its position in
// the file. If a shared part is a problem in only some designs, the message names
// them.
func (r *reader) check(all []*built, length time.Duration) {
	designs, warnings := map[finding][]*built{}, map[finding]*warning.Warning{}
	said := map[finding]check.Problem{}
	var order []finding
	for _, b := range all {
		if len(b.chain) == 0 {
			continue
		}
		paths := design.NewStepPaths(b.design) // the file has the places of steps
		problems := check.Design(b.design)
		if check.Err(problems) == nil {
			problems = append(problems, engine.Check(b.design)...)
		}
		for _, p := range slices.Concat(problems, check.Late(b.design, length)) {
			at, path := locate(b.where, paths.ByPlace(p.Path))
			// A part with a mistake was left out of the design; problems that
			// follow from that are not reported again.
			if b.wrong[path] {
				continue
			}
			f := finding{at, p.Msg, p.Hint}
			if designs[f] == nil {
				order, warnings[f], said[f] = append(order, f), p.Warning, p
			}
			designs[f] = append(designs[f], b)
		}
	}
	for _, f := range order {
		of := designs[f]
		says, advice := said[f].Translatable()
		if len(of) < len(all) && !of[0].wrote(f.at) {
			var names []string
			for _, b := range of {
				if !slices.Contains(names, b.name) {
					names = append(names, b.name)
				}
			}
			says = spell.Textf("%s (in %s)", says, strings.Join(names, ", "))
		}
		if w := warnings[f]; w != nil {
			r.warn(f.at, *w, says)
		} else {
			r.At(f.at, advice, "%s", says)
		}
	}
}

// warn reports a warning, with a text that may say more than its own.
func (r *reader) warn(at yamltree.Placed, w warning.Warning, msg any) {
	r.Warn(at, w.ID(), spell.Textf("%s", w.Advice()), msg)
}

// loud sorts the warnings by weight and leaves out those that the file silences; it
// returns how many these are.
func (l *language) loud(all yamltree.Diagnostics, silenced []warning.Kind) (kept yamltree.Diagnostics, silent int) {
	kind := func(d yamltree.Diagnostic) warning.Kind { return warning.Find(l.warnings, d.Warning) }
	for _, d := range yamltree.Sorted(all) {
		if slices.Contains(silenced, kind(d)) {
			silent++
		} else {
			kept = append(kept, d)
		}
	}
	slices.SortStableFunc(kept, func(a, b yamltree.Diagnostic) int { return warning.Compare(kind(a), kind(b)) })
	return kept, silent
}

// warningIDs are the ids of all warnings.
func (l *language) warningIDs() (all []string) {
	for _, k := range l.warnings {
		all = append(all, k.ID())
	}
	return all
}

// silenceForm is the list of the ids of warnings that are only counted.
var silenceForm = form{
	func(l *language, _ *spec.Field) *kind {
		return &kind{name: "list of warnings", example: "[unbounded-queue]", doc: "ids of warnings, as the table of warnings has them",
			schema: func() *jsonschema.Schema {
				return &jsonschema.Schema{Type: "array", Items: wordSchema(l.warningIDs())}
			}}
	},
	func(r *reader, n *yamltree.Node, e *entry, owner any) bool {
		if n.Shape != yamltree.List {
			r.at(n, spell.Textf("for example %s", e.kind.example), "expected a list of ids of warnings, found %s", n.Shape.Noun())
			return false
		}
		list := e.At(owner).(*[]warning.Kind)
		for _, item := range n.Items {
			k := warning.Find(r.lang.warnings, item.Text)
			if item.Shape != yamltree.Scalar || k == nil {
				r.unknown(item, item.Text, "warnings", r.lang.warningIDs(), "there is no warning %q", item.Text)
				continue
			}
			*list = append(*list, k)
		}
		return true
	},
}

// wrote tells whether a node is in the design's own part of the file.
func (b *built) wrote(n *yamltree.Node) bool {
	if b.own == nil {
		b.own = map[*yamltree.Node]bool{b.at: true}
		for _, part := range []*yamltree.Node{b.load, b.services, b.brokers, b.links, b.variant.faults, b.variant.prices, b.set} {
			part.Visit(func(n *yamltree.Node) { b.own[n] = true })
		}
	}
	return b.own[n]
}

// locate finds the node of the longest prefix of a path that is in the file; if
// none is, the node of the design, or the top of the file.
func locate(where map[string]*yamltree.Node, path string) (*yamltree.Node, string) {
	for path != "" {
		if n := where[path]; n != nil {
			return n, path
		}
		path = path[:max(strings.LastIndexAny(path, ".[/"), 0)]
	}
	if n := where["design"]; n != nil {
		return n, "design"
	}
	return top, ""
}

// expectation reads one line and checks the designs and metrics in it.
func (r *reader) expectation(n *yamltree.Node, text string, s *Scenario, unit func(design, metric string) (draw.Unit, error)) (*expect.Expectation, bool) {
	e, err := expect.Parse(text, r.lang.mechanisms.Begin()...)
	if err != nil {
		r.expectMistake(n, err)
		return nil, false
	}
	if name := e.Design(); name != "" && s.Design(name) == nil {
		r.unknown(r.Position(n, strings.Index(text, name)), name, "designs", s.DesignNames(), "there is no design %q", name)
		return nil, false
	}
	ok := true
	for _, ref := range e.Metrics() {
		switch {
		case ref.Design == "" && len(s.Designs) > 1:
			r.within(n, ref.Offset, spell.Textf("begin the line with the design: %s: %s", s.DesignNames()[0], text), "%s of which design?", ref.Metric)
			ok = false
		case ref.Design != "" && s.Design(ref.Design) == nil:
			r.unknown(r.Position(n, ref.Offset), ref.Design, "designs", s.DesignNames(), "there is no design %q", ref.Design)
			ok = false
		}
	}
	if !ok || unit == nil {
		return e, ok
	}
	for _, w := range e.Late(s.Run.Duration) {
		r.warn(n, w, spell.Textf("%s", w))
	}
	if err := e.Check(unit); err != nil {
		r.expectMistake(n, err)
		return nil, false
	}
	return e, true
}

func (r *reader) expectMistake(n *yamltree.Node, err error) {
	var e *expect.Error
	if errors.As(err, &e) {
		r.within(n, e.Offset, e.Advice(), "%s", e.Says())
		return
	}
	r.at(n, "", "%v", err)
}
