package scenarios

import (
	"cmp"
	"errors"
	"slices"
	"time"

	"asynclab/scenarios/yamltree"
	"asynclab/sim/check"
	"asynclab/sim/design"
	"asynclab/sim/draw"
	"asynclab/sim/spec"
	"asynclab/sim/spell"

	"github.com/invopop/jsonschema"
)

// maxChanges is the most changes of a scenario.
const maxChanges = 5_000

// Change is a manual change recorded during a run: it sets a parameter, or
// injects or heals a fault.
type Change struct {
	Design string // "": every design that has the parameter or fault
	design.Change
}

// change is a change as the file states it.
type change struct {
	when              time.Duration
	design            string
	set, inject, heal string
	to                string
	at                *yamltree.Node
	what              *yamltree.Node // of set, inject or heal
	kinds             []string
}

// changeTable has the keys of a change.
var changeTable = spec.New(spec.Table{
	Name: "change", Doc: "one thing that was done by hand",
	Fields: []spec.Field{
		{Key: "at", Kind: spec.Form, Form: "exact time", Default: spec.Required, Doc: "when it takes effect, before anything else at that time, to the nanosecond",
			At: spec.At(func(c *change) *time.Duration { return &c.when })},
		{Key: "design", Kind: spec.Form, Form: "word", Default: spec.Says("every design that has what it names"), Doc: "the design it is done to",
			At: spec.At(func(c *change) *string { return &c.design })},
		{Key: "set", Kind: spec.Form, Form: "parameter", Doc: "a parameter that can change while running; `to` says to what",
			At: spec.At(func(c *change) *string { return &c.set })},
		{Key: "to", Kind: spec.Form, Form: "setting", Doc: "the value of `set`", At: spec.At(func(c *change) *string { return &c.to })},
		{Key: "inject", Kind: spec.Form, Form: "injection", Doc: "a fault begins, until it is healed or `for` is over",
			At: spec.At(func(c *change) *string { return &c.inject })},
		{Key: "heal", Kind: spec.Form, Form: "word", Doc: "the fault of this name ends: one of `faults`, or an injected one, which is called by what it does, `crash-pay`",
			At: spec.At(func(c *change) *string { return &c.heal })},
	},
})

func anyText() *jsonschema.Schema { return &jsonschema.Schema{Type: "string"} }

// textForm is a text that is checked later, when the designs have been read.
func textForm(k *kind) form {
	return form{fixed(k), func(r *reader, n *yamltree.Node, e *entry, owner any) bool {
		text, ok := r.text(n, k)
		*e.At(owner).(*string) = text
		return ok
	}}
}

var (
	pathKind = &kind{name: "parameter", example: "service.pay.workers", schema: anyText,
		doc: "the path of a parameter, as `--set` knows it; `asynclab params` lists them"}
	settingKind = &kind{name: "value", example: "20%", schema: func() *jsonschema.Schema {
		return &jsonschema.Schema{AnyOf: []*jsonschema.Schema{{Type: "string"}, {Type: "number"}}}
	}}
	injectionKind = &kind{name: "fault in words", example: "crash pay", schema: anyText,
		doc: "`crash pay`, `host_crash pay`, `pause pay`, `slow pay factor=5`, `errors pay rate=20%`, `cut shop->pay`, `cut shop<->pay`; with `instance=2`, `for=30s`, `name=x`"}
)

// exactTimeForm is a time, exact to the nanosecond: float seconds would round it.
var exactTimeForm = form{fixed(durationKind), func(r *reader, n *yamltree.Node, e *entry, owner any) bool {
	text, ok := r.text(n, durationKind)
	if !ok {
		return false
	}
	at, ok := r.duration(n, 0, text, durationKind, true)
	if exact, err := draw.ParseDuration(text); ok && err == nil {
		at = exact
	}
	*e.At(owner).(*time.Duration) = at
	return ok
}}

func changesKind(l *language, _ *spec.Field) *kind {
	o := l.object(changeTable)
	return &kind{name: "list of changes", example: "[{at: 2min, set: service.pay.workers, to: 12}]", object: o,
		schema: func() *jsonschema.Schema { return &jsonschema.Schema{Type: "array", Items: ref(o)} }}
}

// read reads a change; ok is false after a mistake.
func (c *change) read(r *reader) bool {
	before := len(r.Mistakes)
	r.lang.change.read(r, c.at, c)
	for _, p := range c.at.Pairs {
		if key := p.Key.Text; key == "set" || key == "inject" || key == "heal" {
			c.kinds, c.what = append(c.kinds, key), p.Val
		}
	}
	c.set, c.inject, c.heal = canonical(c.set), canonical(c.inject), canonical(c.heal)
	return c.at.Shape == yamltree.Mapping && len(r.Mistakes) == before && c.complete(r)
}

// complete checks that a change has exactly one of set, inject and heal, and
// that it has to if and only if it has set.
func (c *change) complete(r *reader) bool {
	switch {
	case len(c.kinds) == 0:
		r.at(c.at, "for example set: service.pay.workers, to: 12; or inject: crash pay; or heal: crash-pay", "nothing is done in this change")
	case len(c.kinds) > 1:
		r.at(c.what, "one change for each", "a change does one thing: set, inject or heal")
	case c.kinds[0] == "set" && c.at.Get("to") == nil:
		r.at(c.at, "for example to: 12", "set needs to")
	case c.kinds[0] != "set" && c.at.Get("to") != nil:
		r.at(c.at.Get("to"), "leave it out", "to belongs to set")
	default:
		return true
	}
	return false
}

// model converts the change to that of a run.
func (c *change) model() design.Change {
	switch c.kinds[0] {
	case "set":
		return design.Change{At: c.when, Path: c.set, Value: c.to}
	case "inject":
		return design.Change{At: c.when, Path: "inject", Value: c.inject}
	}
	return design.Change{At: c.when, Path: "heal", Value: c.heal}
}

// changes reads the changes, and checks them against the designs.
func (r *reader) changes(s *Scenario, n *yamltree.Node) {
	if n == nil {
		return
	}
	if n.Shape != yamltree.List {
		r.at(n, "each change is an item of a list: - {at: 2min, set: service.pay.workers, to: 12}", "expected a list of changes, found %s", n.Shape.Noun())
		return
	}
	if len(n.Items) > maxChanges {
		r.at(n, "", "%d changes are too many, the most is %d", len(n.Items), maxChanges)
		return
	}
	sound := len(r.Mistakes) == 0 // parts missing from a design with mistakes are not reported again
	var all []change
	for _, item := range n.Items {
		c := change{at: item}
		if !c.read(r) {
			continue
		}
		if c.design != "" && s.Design(c.design) == nil {
			r.unknown(item.Get("design"), c.design, "designs", s.DesignNames(), "there is no design %q", c.design)
			continue
		}
		if end := s.Run.Duration; end > 0 && c.when >= end {
			w := check.LateChange(&design.Change{At: c.when}, end)
			r.warn(item, w, spell.Textf("%s", w))
		}
		all = append(all, c)
		s.Changes = append(s.Changes, Change{c.design, c.model()})
	}
	if sound {
		r.tryChanges(s, all)
	}
}

// tryChanges reports the changes that are valid in no design.
func (r *reader) tryChanges(s *Scenario, all []change) {
	fits := make([]bool, len(all))
	first := make([]error, len(all))
	for _, d := range s.Designs {
		for i, err := range s.check(d) {
			if c := s.Changes[i].Design; c != "" && c != d.Name {
				continue
			}
			fits[i] = fits[i] || err == nil
			if first[i] == nil {
				first[i] = err
			}
		}
	}
	for i := range all {
		if !fits[i] {
			all[i].reject(r, s, first[i])
			continue
		}
		for _, d := range s.Designs {
			if w, old := check.OldPath(d, all[i].set); old {
				r.warn(all[i].what, w, spell.Textf("%s", w))
				break
			}
		}
	}
}

// reject reports why a change is not valid.
func (c *change) reject(r *reader, s *Scenario, err error) {
	var e *design.ParamError
	if !errors.As(err, &e) {
		r.at(c.what, "", "%v", err)
		return
	}
	at, msg := c.what, e.Msg
	if c.set != "" {
		msg = e.Path + ": " + e.Msg
		d := s.Designs[0]
		if c.design != "" {
			d = s.Design(c.design)
		}
		if p, known := d.Param(c.set); known && p.Live {
			at = c.at.Get("to")
		}
	}
	r.at(at, e.Advice(), "%s", msg)
}

// check checks the changes that apply to a design. It returns one error for each
// change of the scenario; nil if the change is valid or is for another design.
func (s *Scenario) check(d *design.Design) []error {
	errs := make([]error, len(s.Changes))
	for {
		var try []design.Change
		var index []int
		for i, c := range s.Changes {
			if errs[i] == nil && (c.Design == "" || c.Design == d.Name) {
				try, index = append(try, c.Change), append(index, i)
			}
		}
		well := true
		for k, err := range check.Changes(d, try) {
			if err != nil {
				errs[index[k]], well = err, false
			}
		}
		if well { // otherwise check again: heals of a rejected fault are rejected too
			return errs
		}
	}
}

// ChangesOf returns the changes of a design in the order of time: those that name
// it, and those for every design whose parameter or fault it has.
func (s *Scenario) ChangesOf(name string) []design.Change {
	d := s.Design(name)
	if d == nil {
		return nil
	}
	var out []design.Change
	for i, err := range s.check(d) {
		if c := s.Changes[i]; err == nil && (c.Design == "" || c.Design == name) {
			out = append(out, c.Change)
		}
	}
	slices.SortStableFunc(out, func(a, b design.Change) int { return cmp.Compare(a.At, b.At) })
	return out
}

// AllChanges returns the changes of every design, by design name, for sim.Settings.
func (s *Scenario) AllChanges() map[string][]design.Change {
	if len(s.Changes) == 0 {
		return nil
	}
	all := map[string][]design.Change{}
	for _, d := range s.Designs {
		all[d.Name] = s.ChangesOf(d.Name)
	}
	return all
}
