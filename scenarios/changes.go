package scenarios

import (
	"cmp"
	"errors"
	"slices"
	"time"

	"asynclab/sim/draw"
	"asynclab/sim/model"

	"github.com/invopop/jsonschema"
)

// Limits of the changes of a scenario: their number, and their number times the
// size of the designs they are looked up in.
const (
	maxChanges    = 5_000
	maxChangeWork = 100_000_000
)

// Change is something done by hand while a design ran: a parameter set, a fault
// injected or healed.
type Change struct {
	Design string // "": every design that has what it names
	model.Change
}

// change is a change as it is written.
type change struct {
	when               time.Duration
	design             string
	set, inject, heal  string
	to                 string
	designAt, toAt, at *node
	what               *node // of set, inject or heal
	kinds              []string
}

var (
	pathKind = &kind{name: "parameter", example: "service.pay.workers", schema: func() *jsonschema.Schema { return &jsonschema.Schema{Type: "string"} },
		doc: "the path of a parameter, as `--set` knows it; `asynclab params` lists them"}
	settingKind = &kind{name: "value", example: "20%", schema: func() *jsonschema.Schema {
		return &jsonschema.Schema{AnyOf: []*jsonschema.Schema{{Type: "string"}, {Type: "number"}}}
	}}
	injectionKind = &kind{name: "fault in words", example: "crash pay", schema: func() *jsonschema.Schema { return &jsonschema.Schema{Type: "string"} },
		doc: "`crash pay`, `host_crash pay`, `pause pay`, `slow pay factor=5`, `errors pay rate=20%`, `cut shop->pay`, `cut shop<->pay`; with `instance=2`, `for=30s`, `name=x`"}
	exactTime = simple(durationKind, func(r *reader, n *node, text string) (time.Duration, bool) {
		rough, ok := r.duration(n, 0, text, durationKind, true)
		if exact, err := draw.ParseDuration(text); ok && err == nil {
			return exact, true
		}
		return rough, ok
	})
)

// action is the key that says what a change does.
func action(key string, k *kind, doc string, place func(*change) *string) prop[change] {
	return prop[change]{field: field{key, k, "", doc}, set: func(r *reader, n *node, c *change) {
		c.kinds, c.what = append(c.kinds, key), n
		text, _ := r.text(n, k)
		*place(c) = canonical(text)
	}}
}

var changeObject = newObject("change", "one thing that was done by hand",
	one("at", exactTime, required, "when it takes effect, before anything else at that time, to the nanosecond", func(c *change) *time.Duration { return &c.when }),
	prop[change]{field: field{"design", nameKind, "every design that has what it names", "the design it is done to"}, set: func(r *reader, n *node, c *change) {
		c.design, _ = r.text(n, nameKind)
		c.designAt = n
	}},
	action("set", pathKind, "a parameter that can change while running; `to` says to what", func(c *change) *string { return &c.set }),
	prop[change]{field: field{"to", settingKind, "", "the value of `set`"}, set: func(r *reader, n *node, c *change) {
		c.to, _ = r.text(n, settingKind)
		c.toAt = n
	}},
	action("inject", injectionKind, "a fault begins, until it is healed or `for` is over", func(c *change) *string { return &c.inject }),
	action("heal", nameKind, "the fault of this name ends: one of `faults`, or an injected one, which is called by what it does, `crash-pay`", func(c *change) *string { return &c.heal }),
)

var changesKind = &kind{name: "list of changes", example: "[{at: 2min, set: service.pay.workers, to: 12}]", object: changeObject.info,
	schema: func() *jsonschema.Schema { return &jsonschema.Schema{Type: "array", Items: ref(changeObject.info)} }}

// complete checks that the parts of a change belong together.
func (c *change) complete(r *reader) bool {
	switch {
	case len(c.kinds) == 0:
		r.at(c.at, "for example set: service.pay.workers, to: 12; or inject: crash pay; or heal: crash-pay", "nothing is done in this change")
	case len(c.kinds) > 1:
		r.at(c.what, "one change for each", "a change does one thing: set, inject or heal")
	case c.kinds[0] == "set" && c.toAt == nil:
		r.at(c.at, "for example to: 12", "set needs to")
	case c.kinds[0] != "set" && c.toAt != nil:
		r.at(c.toAt, "", "to belongs to set")
	default:
		return true
	}
	return false
}

// model is the change as a run knows it.
func (c *change) model() model.Change {
	switch c.kinds[0] {
	case "set":
		return model.Change{At: c.when, Path: c.set, Value: c.to}
	case "inject":
		return model.Change{At: c.when, Path: "inject", Value: c.inject}
	}
	return model.Change{At: c.when, Path: "heal", Value: c.heal}
}

// changes reads the changes, and tries them on the designs.
func (r *reader) changes(s *Scenario, n *node) {
	if n == nil {
		return
	}
	if n.shape != list {
		r.at(n, "each change is an item of a list: - {at: 2min, set: service.pay.workers, to: 12}", "expected a list of changes, found %s", shapeNames[n.shape])
		return
	}
	if size := maxRead - *r.budget; len(n.items) > maxChanges || len(n.items)*size > maxChangeWork {
		r.at(n, "", "%d changes are too many for designs of this size", len(n.items))
		return
	}
	sound := len(r.mistakes) == 0 // what a broken design lacks is no second mistake
	var all []change
	for _, item := range n.items {
		c := change{at: item}
		before := len(r.mistakes)
		changeObject.read(r, item, &c)
		if item.shape != mapping || len(r.mistakes) > before || !c.complete(r) {
			continue
		}
		if c.design != "" && s.Design(c.design) == nil {
			r.at(c.designAt, meant(c.design, "designs", designNames(s)), "there is no design %q", c.design)
			continue
		}
		if end := s.Run.Duration; end > 0 && c.when >= end {
			r.add(Diagnostic{Line: item.line, Column: item.col, Msg: "the run is over before this change", Warning: true})
		}
		all = append(all, c)
		s.Changes = append(s.Changes, Change{c.design, c.model()})
	}
	if sound {
		r.tryChanges(s, all)
	}
}

// tryChanges reports the changes that fit no design.
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
		}
	}
}

// reject reports why a change does not fit.
func (c *change) reject(r *reader, s *Scenario, err error) {
	var e *model.ParamError
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
		if p, err := d.Lookup(c.set); err == nil && p.Live {
			at = c.toAt
		}
	}
	r.at(at, e.Hint, "%s", msg)
}

// check tries the changes of a design on it: one error for each change of the
// scenario, nil where it is well or belongs to another design.
func (s *Scenario) check(d *model.Design) []error {
	errs := make([]error, len(s.Changes))
	for {
		var try []model.Change
		var index []int
		for i, c := range s.Changes {
			if errs[i] == nil && (c.Design == "" || c.Design == d.Name) {
				try, index = append(try, c.Change), append(index, i)
			}
		}
		well := true
		for k, err := range model.CheckChanges(d, try) {
			if err != nil {
				errs[index[k]], well = err, false
			}
		}
		if well { // otherwise, what was to heal them goes with the faults
			return errs
		}
	}
}

// ChangesOf are the changes that concern a design, in the order of time: its
// own, and those of the scenario as far as it has what they name.
func (s *Scenario) ChangesOf(name string) []model.Change {
	d := s.Design(name)
	if d == nil {
		return nil
	}
	var out []model.Change
	for i, err := range s.check(d) {
		if c := s.Changes[i]; err == nil && (c.Design == "" || c.Design == name) {
			out = append(out, c.Change)
		}
	}
	slices.SortStableFunc(out, func(a, b model.Change) int { return cmp.Compare(a.At, b.At) })
	return out
}

// AllChanges are the changes of every design, by its name, for sim.Settings.
func (s *Scenario) AllChanges() map[string][]model.Change {
	if len(s.Changes) == 0 {
		return nil
	}
	all := map[string][]model.Change{}
	for _, d := range s.Designs {
		all[d.Name] = s.ChangesOf(d.Name)
	}
	return all
}
