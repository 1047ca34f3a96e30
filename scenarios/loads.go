package scenarios

import (
	"asynclab/sim/draw"
	"asynclab/sim/model"

	"github.com/invopop/jsonschema"
)

// confirm is where an operation is confirmed, and how often.
type confirm struct {
	at    []model.Target
	count int
}

var targetsKind = &kind{name: "list of targets", example: "[mail/send, stock/book]",
	schema: func() *jsonschema.Schema {
		return anyOf(targetKind.schema(), &jsonschema.Schema{Type: "array", Items: targetKind.schema()})
	}}

var targetsValue = value[[]model.Target]{targetsKind, func(r *reader, n *node) (all []model.Target, ok bool) {
	items := n.items
	if n.shape != list {
		items = []*node{n}
	}
	ok = len(items) > 0
	if !ok {
		r.at(n, "for example [mail/send]", "the list is empty")
	}
	for _, item := range items {
		t, fine := targetValue.read(r, item)
		all = append(all, t)
		ok = ok && fine
	}
	return all, ok
}}

var confirmObject = newObject("confirmation", "which completions confirm an operation",
	one("at", targetsValue, required, "handlers whose completion counts", func(c *confirm) *[]model.Target { return &c.at }),
	one("count", countValue(1, 1e6), "one of each", "how many completions are needed", func(c *confirm) *int { return &c.count }),
).overridable()

var confirmKind = &kind{name: "confirmation", example: "mail/send", object: confirmObject.info,
	doc:    "a handler whose completion confirms the operation, or a mapping with several and a count",
	schema: func() *jsonschema.Schema { return anyOf(targetKind.schema(), ref(confirmObject.info)) }}

var confirmValue = value[confirm]{confirmKind, func(r *reader, n *node) (c confirm, ok bool) {
	if n.shape == mapping {
		ok = confirmObject.read(r, n, &c)
		return c, ok
	}
	t, ok := targetValue.read(r, n)
	return confirm{at: []model.Target{t}}, ok
}}

var loadObject = newObject("load", "a source of operations: an open one with `arrivals`, or a closed one with `users`",
	one("to", targetValue, "required", "where its requests go", func(l *model.Load) *model.Target { return &l.To }),
	one("arrivals", arrivalsValue, "", "when operations come, whatever happens to the ones before (open load)", func(l *model.Load) *model.Arrivals { return &l.Arrivals }),
	one("users", countValue(1, model.MaxUsers), "", "so many users, each of whom waits for the end of an operation before beginning the next (closed load)",
		func(l *model.Load) *int { return &l.Users }),
	one("think", timeDist, "0s", "how long a user thinks between two operations", func(l *model.Load) *draw.Dist { return &l.Think }),
	one("stagger", boolValue, "true", "users begin with a think time; otherwise all begin an operation at once", func(l *model.Load) *bool { return &l.Stagger }),
	one("start", timeValue, "0s", "nothing arrives before", durationOf(func(l *model.Load) *duration { return &l.Start })),
	one("stop", spanValue, "never", "nothing arrives from then on", durationOf(func(l *model.Load) *duration { return &l.Stop })),
	one("count", countValue(1, 1e12), "no bound", "how many operations there are at most", func(l *model.Load) *int { return &l.Count }),
	one("deadline", limitValue, "60s", "an operation that has not ended then has failed", durationOf(func(l *model.Load) *duration { return &l.Deadline })),
	one("cancel", boolValue, "false", "the deadline, a timeout or lost patience also cut work that has begun", func(l *model.Load) *bool { return &l.Cancel }),
	one("timeout", limitValue, "30s", "how long one request is waited for", durationOf(func(l *model.Load) *duration { return &l.Timeout })),
	one("retry", retryValue, "one attempt", "what the client does when a request fails", func(l *model.Load) *model.Retry { return &l.Retry }),
	with("patience", timeDist, "for ever", "how long a client waits in line for its request to be started", func(l *model.Load, d draw.Dist) { l.Patience, l.HasLimit = d, true }),
	one("late_replies", choice(words("count ignore"), false, true), "count", "what an answer to an attempt already given up is worth while the operation is open",
		func(l *model.Load) *bool { return &l.IgnoreLate }),
	with("confirm", confirmValue, "the reply", "what confirms an operation, where the reply only accepts it", func(l *model.Load, c confirm) { l.Confirm, l.Confirms = c.at, c.count }),
	one("priority", countValue(0, model.MaxPriorities-1), "0", "0 is served first, where a service looks at priorities", func(l *model.Load) *int { return &l.Priority }),
	one("size", sizeDist, "0B", "the size of a request", func(l *model.Load) *draw.Dist { return &l.Size }),
).overridable()

// readLoad reads one load of a merged design.
func readLoad(r *reader, name *node, n *node) (model.Load, bool) {
	l := model.Load{Name: name.text, Stagger: true}
	if !r.name(name, "load") || !loadObject.read(r, n, &l) {
		return l, n.shape == mapping
	}
	open, closed := n.get("arrivals") != nil, n.get("users") != nil
	switch {
	case open && closed:
		r.at(n.get("users"), "to replace what all designs share, write arrivals: null", "a load has either arrivals or users")
	case !open && !closed:
		r.at(name, "for example arrivals: poisson(200/s), or users: 20 with think: exp(5s)", "load %s has neither arrivals nor users", name.text)
	case open && n.get("think") != nil:
		r.at(n.get("think"), "write users: 20 instead of arrivals for users who wait for their answers", "think belongs to a load with users")
	}
	if l.Stop > 0 && l.Stop <= l.Start {
		r.at(n.get("stop"), "", "the load stops before it starts")
	}
	return l, true
}
