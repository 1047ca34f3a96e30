package scenarios

import (
	"errors"
	"maps"
	"slices"
	"strings"

	"asynclab/scenarios/yamltree"
	"asynclab/sim/design"
	"asynclab/sim/spell"
	"asynclab/sim/warning"

	"github.com/invopop/jsonschema"
)

// Designs by difference: a design is laid over the one that it extends, which is laid
// over what all designs share. When all designs have been laid together, the settings
// of each chain are made, in its order.
//
//	shared ◄── naive ◄── no-retry      parts, merged key by key
//	             │           │
//	           set         set         parameters, by path

var (
	designKind      = &kind{name: "design", example: "naive", schema: titled("design", namePatternSchema), doc: "the name of a design"}
	assignmentsKind = &kind{name: "parameters and values", example: "{service.pay.workers: 8}",
		doc: "parameters, by the paths that `--set` knows, and their values",
		schema: func() *jsonschema.Schema {
			return &jsonschema.Schema{Type: "object", AdditionalProperties: settingKind.schema()}
		}}
)

// chains finds the designs that each design extends. An unknown one and a circle are
// mistakes; the chain is then empty.
func (r *reader) chains(all []namedVariant) []namedVariant {
	at := map[string]*namedVariant{}
	for i := range all {
		at[all[i].name] = &all[i]
	}
	wrong := map[*namedVariant]bool{} // a mistake in what it extends has been reported
	for i := range all {
		if v := &all[i]; v.extends != nil {
			wrong[v] = !r.extends(v, all, at)
		}
	}
	for i := range all {
		v := &all[i]
		for b := v; ; b = at[b.extends.Text] {
			if wrong[b] || slices.Contains(v.chain, b) {
				r.circle(v, b, wrong)
				v.chain = nil
				break
			}
			v.chain = append(v.chain, b)
			if b.extends == nil {
				break
			}
		}
		slices.Reverse(v.chain)
	}
	return all
}

// extends checks the name of the design that another one extends.
func (r *reader) extends(v *namedVariant, all []namedVariant, at map[string]*namedVariant) bool {
	text, ok := r.text(v.extends, designKind)
	if ok && at[text] == nil {
		var names []string
		for i := range all {
			if all[i].name != v.name {
				names = append(names, all[i].name)
			}
		}
		r.unknown(v.extends, text, "designs", names, "there is no design %q", text)
		return false
	}
	return ok
}

// circle reports the designs from a to b, which is met for the second time; once.
func (r *reader) circle(v, b *namedVariant, wrong map[*namedVariant]bool) {
	if wrong[b] {
		wrong[v] = true
		return
	}
	from := v.chain[slices.Index(v.chain, b):]
	var names []string
	for _, x := range append(slices.Clip(from), b) {
		names = append(names, x.name)
		wrong[x] = true
	}
	wrong[v] = true
	if len(from) == 1 {
		r.at(b.extends, "leave extends out for a design that is laid over what all designs share", "%s extends itself", b.name)
		return
	}
	r.at(b.extends, "one of them must extend nothing, or a design outside the circle", "the designs extend each other: %s", strings.Join(names, " -> "))
}

// applySettings makes the settings of every design, and of those that it extends.
func (r *reader) applySettings(all []*built) {
	if !slices.ContainsFunc(all, func(b *built) bool { return b.set != nil }) {
		return
	}
	laid := map[string]*laidDesign{} // by name, before its settings
	for _, b := range all {
		laid[b.name] = &laidDesign{built: b, draft: design.NewDraft(b.design), placed: map[string]*yamltree.Node{}}
	}
	for _, b := range all {
		var draft *design.Draft
		for _, of := range b.chain {
			if of.set == nil || !r.afford(of.set) {
				continue
			}
			if draft == nil {
				draft = laid[b.name].draft.Fork()
			}
			r.setAll(draft, laid[of.name], laid[b.name], of.set)
		}
		if draft != nil {
			b.design = draft.Freeze()
		}
	}
	for _, b := range laid {
		maps.Copy(b.where, b.placed)
		settle(b.used, b.placed)
	}
}

// laidDesign is a design before its settings.
type laidDesign struct {
	*built
	draft  *design.Draft
	placed map[string]*yamltree.Node // the values of its settings, by the place of the parameter
}

// setAll makes the settings of a design in one that extends it, or in itself. What the
// parts of the extending one say of the same parameter stands.
func (r *reader) setAll(to *design.Draft, from, in *laidDesign, settings *yamltree.Node) {
	own := from == in
	if settings.Shape != yamltree.Mapping {
		if own {
			r.at(settings, spell.Textf("for example %s", assignmentsKind.example), "expected parameters and their values, found %s", settings.Shape.Noun())
		}
		return
	}
	paths := design.NewStepPaths(in.design)
	for _, p := range settings.Pairs {
		if r.Full() { // a path that is not there is searched for in the whole design
			return
		}
		path := canonical(p.Key.Text)
		now, old, ok := to.Now(path)
		place := paths.ByPlace(now)
		switch {
		case !ok && own && len(in.wrong) == 0:
			r.param(p.Key, path, to.Unknown(path, to.Paths()))
			continue
		case !ok || !own && overridden(path, place, from, in):
			continue
		}
		text := p.Val.Text
		if own {
			if old {
				w := warning.Of(warning.StepByPosition, path, path, now)
				r.warn(p.Key, w, spell.Textf("%s", w))
			}
			if text, ok = r.text(p.Val, settingKind); !ok {
				continue
			}
		}
		if err := to.Set(path, text); err != nil {
			if own {
				r.param(p.Val, path, err)
			}
			continue
		}
		in.placed[place] = p.Val
	}
}

// overridden tells whether the parts of a design say something else of a parameter than
// those of the design that it extends.
func overridden(path, place string, from, in *laidDesign) bool {
	before, had := from.draft.Get(path)
	now, has := in.draft.Get(path)
	if had != has || before != now {
		return true
	}
	at := in.where[place]
	return at != nil && at != from.where[place]
}

// param reports a mistake in the path or the value of a parameter.
func (r *reader) param(at *yamltree.Node, path string, err error) {
	var e *design.ParamError
	if !errors.As(err, &e) {
		r.at(at, "", "%v", err)
		return
	}
	r.at(at, e.Advice(), "%s: %s", path, e.Says())
}
