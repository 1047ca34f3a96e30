package scenarios

import (
	"slices"
	"strings"

	"asynclab/scenarios/yamltree"
	"asynclab/sim/design"
	"asynclab/sim/draw"
	"asynclab/sim/mech/backoff"
	"asynclab/sim/spec"
	"asynclab/sim/spell"

	"github.com/invopop/jsonschema"
)

// backoffForm is the back-off of a retry, as an expression.
var backoffForm = form{
	func(l *language, f *spec.Field) *kind {
		return &kind{name: "back-off", example: "exponential(100ms, max=10s)", object: l.object(f.Inner),
			doc: "how long to wait before the k-th retry: a duration or a distribution such as `1s` or `exp(2s)`, the same each time; " + schedules() + "each may have `max=10s`; or a list of waits, `[10s, 30s, 1min]`, the last of which stays",
			schema: func() *jsonschema.Schema {
				return anyOf(&jsonschema.Schema{Type: "string"}, &jsonschema.Schema{Type: "array", Items: &jsonschema.Schema{Type: "string"}})
			}}
	},
	func(r *reader, n *yamltree.Node, e *entry, owner any) bool {
		p := owner.(*design.Retry)
		if n.Shape == yamltree.List {
			return r.waits(n, p)
		}
		text, ok := r.text(n, e.kind)
		return ok && r.backoff(n, text, r.lang.object(e.Inner), p)
	},
}

// mostWaits bounds a back-off that is a list.
const mostWaits = 1000

// waits reads a back-off that is a list.
func (r *reader) waits(n *yamltree.Node, p *design.Retry) bool {
	const such = "for example [0s, 1s, 10s, 1min]; the last one stays"
	if len(n.Items) == 0 || len(n.Items) > mostWaits {
		r.at(n, such, "a list has 1 to %d waits, not %d", mostWaits, len(n.Items))
		return false
	}
	waits := make([]float64, len(n.Items))
	for i, item := range n.Items {
		if item.Shape != yamltree.Scalar {
			r.at(item, such, "expected a wait, found %s", found(item))
			return false
		}
		d, err := draw.ParseDuration(item.Text)
		if err != nil || d < 0 || d > design.MaxTime {
			r.at(item, such, "%s is no wait", design.Quoted(item.Text))
			return false
		}
		waits[i] = d.Seconds()
	}
	p.Backoff, p.Base = backoff.List(waits...), draw.Const(1)
	return true
}

// schedules says what each back-off with a name does.
func schedules() (text string) {
	for _, b := range backoff.All {
		text += "`" + strings.Replace(b.Usage, ", max=10s", "", 1) + "` " + b.Doc + "; "
	}
	return text
}

func (r *reader) backoff(n *yamltree.Node, text string, o *object, p *design.Retry) (ok bool) {
	name, _, _ := strings.Cut(text, "(")
	i := slices.IndexFunc(backoff.All, func(b *backoff.Schedule) bool { return b.Word == strings.TrimSpace(name) })
	if i < 0 {
		p.Backoff = nil
		p.Base, ok = r.dist(n, 0, text, draw.Seconds)
		return ok
	}
	p.Backoff = backoff.All[i]
	s := signature{plain: 1, keys: p.Backoff.Keys, usage: p.Backoff.Usage}
	c, wrong, ok := parseCall(text)
	if !ok {
		r.within(n, max(wrong, 0), spell.Textf("write %s", s.usage), "%q is not a back-off", text)
		return false
	}
	plain, named, ok := r.arguments(n, 0, c, s)
	if !ok {
		return false
	}
	p.Base, ok = r.dist(n, plain[0].offset, plain[0].text, draw.Seconds)
	for i := range o.entries {
		e := &o.entries[i]
		if a, given := named[e.Key]; given {
			ok = r.scalar(e, n, a.offset, a.text, p) && ok
		}
	}
	return ok
}

// causesForm is a list of causes of failure.
var causesForm = form{
	func(l *language, _ *spec.Field) *kind {
		return &kind{name: "list of causes", example: "[timeout, error]", doc: "some of " + strings.Join(l.causes, ", ") + "; `expired` is a lost patience or a TTL, `lost` has no effect: a client sees a timeout",
			schema: func() *jsonschema.Schema {
				return &jsonschema.Schema{Type: "array", Items: wordSchema(l.causes)}
			}}
	},
	func(r *reader, n *yamltree.Node, e *entry, owner any) bool {
		if n.Shape != yamltree.List || len(n.Items) == 0 {
			found := n.Shape.String()
			if n.Shape == yamltree.List {
				found = "an empty one"
			}
			r.at(n, spell.Textf("for example %s", e.kind.example), "expected a list of causes, found %s", found)
			return false
		}
		set := e.At(owner).(*design.CauseSet)
		ok := true
		for _, item := range n.Items {
			if item.Shape != yamltree.Scalar || !slices.Contains(r.lang.causes, item.Text) {
				r.unknown(item, item.Text, "causes", r.lang.causes, "unknown cause of failure %q", item.Text)
				ok = false
				continue
			}
			*set = set.WithName(item.Text)
		}
		return ok
	},
}
