package check

import (
	"slices"
	"strings"

	"asynclab/sim/design"
	"asynclab/sim/spell"
	"asynclab/sim/warning"
)

// stores are those that the steps of a handler can name.
func (at *stepContext) stores() []design.Store {
	if at.info == nil {
		return nil
	}
	return at.info.service.Stores
}

// stores checks the tables of a service.
func (c *checker) stores(s *design.Service, path string) {
	if len(s.Stores) > design.MaxStores {
		c.fail(path+".stores", "split the service", "%d stores, the most is %d", len(s.Stores), design.MaxStores)
		return
	}
	seen := map[string]bool{}
	for i := range s.Stores {
		t := &s.Stores[i]
		at := path + ".stores." + design.Named(t.Name, i)
		c.fresh(seen, at, t.Name, "store")
		if c.attribute(t.Name) != nil || slices.Contains(design.Facts, t.Name) {
			c.fail(at, "give it another name: conditions read both", "the name %s is that of an attribute", t.Name)
		}
		if t.Key != "" && t.Key != design.OperationKey {
			c.by(at+".key", t.Key)
		}
		c.wordsOf(at+".states", t.States, "state", design.MaxStates)
		c.wordsOf(at+".counters", t.Counters, "counter", design.MaxCounters)
		if slices.Contains(t.Counters, "version") {
			c.fail(at+".counters", "give it another name", "version is what counts the writes of a row")
		}
		c.machine(t, at)
		if t.Slots > 0 && t.Latency.IsZero() {
			c.fail(at+".slots", "give it a latency", "an access that takes no time never waits for a slot")
		}
		c.grows(s, t, at)
	}
}

// wordsOf checks a list of names.
func (c *checker) wordsOf(path string, words []string, what string, most int) {
	seen := map[string]bool{}
	for _, w := range words {
		c.fresh(seen, path, w, what)
	}
	if len(words) > most {
		c.fail(path, "", "%d of the kind %s, the most is %d", len(words), what, most)
	}
}

// machine checks the transitions of a store.
func (c *checker) machine(t *design.Store, path string) {
	if len(t.Allow) == 0 {
		if t.Otherwise != design.RejectOther {
			c.fail(path+".otherwise", "say with allow what leads where", "every transition is allowed")
		}
		return
	}
	for _, a := range t.Allow {
		for _, w := range append([]string{a.From}, a.To...) {
			if !slices.Contains(t.States, w) {
				c.fail(path+".allow", spell.HintText(w, "states", t.States), "the store %s has no state %s", t.Name, design.Quoted(w))
				return
			}
		}
	}
}

// grows warns of a store that keeps a row for every operation.
func (c *checker) grows(s *design.Service, t *design.Store, path string) {
	if t.Key != design.OperationKey || t.TTL > 0 || t.Rows > 0 {
		return
	}
	for i := range s.Handlers {
		if forgets(s.Handlers[i].Steps, t.Name, 1) {
			return
		}
	}
	c.warn(path, warning.UnboundedStore)
}

func forgets(steps []design.Step, store string, depth int) bool {
	return depth <= design.MaxStepDepth && slices.ContainsFunc(steps, func(s design.Step) bool {
		return s.Op == design.Forget && s.Store == store || forgets(s.Else, store, depth+1) ||
			slices.ContainsFunc(s.Branches, func(b []design.Step) bool { return forgets(b, store, depth+1) })
	})
}

// storeStep checks a step that names a store.
func (c *checker) storeStep(s *design.Step, at *stepContext) {
	var names []string
	stores := at.stores()
	for i := range stores {
		names = append(names, stores[i].Name)
	}
	k := slices.Index(names, s.Store)
	if k < 0 {
		hint := spell.Textf("its stores are %s", strings.Join(names, ", "))
		if len(names) == 0 {
			hint = spell.Textf("declare it there: stores: {%s: {}}", s.Store)
		}
		c.fail(at.path, spell.NearOr(s.Store, names, hint), "%s has no store %s", at.target.Node, design.Quoted(s.Store))
		c.broken = true
		return
	}
	t := &stores[k]
	missing := func(w, what string, all []string) {
		hint := spell.Textf("declare it there: %ss: [%s]", what, w)
		if what == "state" {
			hint = spell.Textf("declare it there, behind the state of a row that nobody has written: states: [new, %s]", w)
		}
		if len(all) > 0 {
			hint = spell.HintText(w, spell.Textf("%s of %s", spell.Noun(what+"s"), t.Name), all)
		}
		c.fail(at.path, hint, "the store %s has no %s %s", t.Name, what, design.Quoted(w))
		c.broken = true
	}
	if s.Op == design.LockRow {
		c.lockOrder(s.Store, at)
	}
	for _, w := range append([]string{s.State}, s.From...) {
		if w != "" && !slices.Contains(t.States, w) {
			missing(w, "state", t.States)
		}
	}
	if s.Op == design.Count && !slices.Contains(t.Counters, s.Counter) {
		missing(s.Counter, "counter", t.Counters)
	}
}

// lockOrder warns of two stores of a service whose locks are taken in one order here and
// in the other one elsewhere. Locks that an operation holds beyond a handler are not
// followed.
func (c *checker) lockOrder(store string, at *stepContext) {
	for _, held := range at.held {
		service := at.target.Node
		if held != store {
			c.locked[[3]string{service, held, store}] = true
		}
		if held != store && c.locked[[3]string{service, store, held}] {
			c.warn(at.path, warning.LockOrder, store, held, service)
		}
	}
}
