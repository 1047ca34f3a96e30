package check

import (
	"slices"
	"strings"

	"asynclab/sim/design"
	"asynclab/sim/draw"
	"asynclab/sim/spell"
	"asynclab/sim/warning"
)

// attributes checks what the loads declare: those that share a name share the kind of
// value. It runs before anything reads one.
func (c *checker) attributes() {
	c.attrs, c.read, c.written = c.d.Attributes(), map[string]bool{}, map[string][]written{}
	if n := len(c.attrs); n > design.MaxAttributes {
		c.at(kindDesign, 0)
		c.fail("design", "", "there are %d attributes, the most is %d", n, design.MaxAttributes)
	}
	for i := range c.d.Loads {
		l := &c.d.Loads[i]
		c.at(kindLoad, i)
		seen := map[string]bool{}
		for k := range l.Attributes {
			a := &l.Attributes[k]
			path := "load." + design.Named(l.Name, i) + ".attributes." + a.Name
			if seen[a.Name] || a.Name == "" || slices.Contains(design.Facts, a.Name) {
				c.fail(path, "give it another name", "the name %s of an attribute is taken", design.Quoted(a.Name))
			}
			seen[a.Name] = true
			first := c.attribute(a.Name)
			if (len(first.Words) > 0) != (len(a.Words) > 0) || len(a.Words) == 0 && first.Dist.Unit() != a.Dist.Unit() {
				c.fail(path, "loads that share a name share the attribute: words, or numbers of one unit", "%s is another kind of value than in an earlier load", a.Name)
			}
		}
	}
}

// sets checks what a step sets on its messages.
func (c *checker) sets(of *stepContext, all []design.Assign) {
	seen := map[string]bool{}
	for i := range all {
		a := &all[i]
		at := of.path + ".set." + a.Name
		first := c.attribute(a.Name)
		switch {
		case seen[a.Name] || a.Name == "" || slices.Contains(design.Facts, a.Name):
			c.fail(at, "give it another name", "the name %s of an attribute is taken", design.Quoted(a.Name))
		case a.From == design.Facts[design.FactBatch] && (len(first.Words) > 0 || first.Dist.Unit() != draw.None):
			c.fail(at, "give it another name", "%s is another kind of value than %s", a.Name, a.From)
		case a.From == design.Facts[design.FactBatch]:
			c.readsBatch(of)
		case a.From != "":
			c.by(at, a.From)
			if from := c.attribute(a.From); from != nil && ((len(first.Words) > 0) != (len(from.Words) > 0) || first.Dist.Unit() != from.Dist.Unit()) {
				c.fail(at, "an attribute is words everywhere, or numbers of one unit", "%s is another kind of value than %s", a.Name, a.From)
			}
		case (len(first.Words) > 0) != (a.Word != ""):
			c.fail(at, "an attribute is a word everywhere, or a number everywhere", "%s is another kind of value than elsewhere", a.Name)
		case a.Word == "" && first.Dist.Unit() != a.Unit:
			c.fail(at, "an attribute has one unit everywhere", "%s is %s elsewhere", a.Name, first.Dist.Unit())
		}
		seen[a.Name] = true
		c.written[a.Name] = append(c.written[a.Name], written{at, c.place})
	}
}

// kept checks a call whose answers are kept: others get them, too.
func (c *checker) kept(s *design.Step, path string) {
	if s.Uses.Of("cache") == nil {
		return
	}
	for i := range c.d.Services {
		for j := range c.d.Services[i].Handlers {
			h := &c.d.Services[i].Handlers[j]
			if (design.Target{Node: c.d.Services[i].Name, Entry: h.Name}) != s.To {
				continue
			}
			design.EachStep(h.Steps, func(of *design.Step) {
				for k := range of.Sets {
					if of.Op == design.Reply && of.Sets[k].From != "" {
						c.fail(path+".cache", "set a word or a number there, or do not keep it", "an answer that copies an attribute of one operation cannot be kept for others: %s sets %s", s.To, of.Sets[k])
					}
				}
			})
		}
	}
}

// written is a place where a step sets an attribute.
type written struct {
	path  string
	place int
}

func (c *checker) attribute(name string) *design.Attribute {
	if i := slices.IndexFunc(c.attrs, func(a design.Attribute) bool { return a.Name == name }); i >= 0 {
		return &c.attrs[i]
	}
	return nil
}

// by checks the attribute that multiplies a value.
func (c *checker) by(path, name string) {
	if name == "" {
		return
	}
	c.read[name] = true
	if c.attribute(name) != nil {
		return
	}
	if slices.Contains(design.Facts, name) {
		hint := spell.Textf("compare it: {choose: [{when: %s > 1, do: [work: 20ms]}, {do: [work: 10ms]}]}", name)
		if name == design.Facts[design.FactBatch] {
			hint = spell.Textf("it multiplies what a step of a handler says: work: 1ms * batch, size: 2kB * batch")
		}
		c.fail(path, hint, "%s is no attribute: it is read by conditions", name)
		return
	}
	var names []string
	for i := range c.attrs {
		names = append(names, c.attrs[i].Name)
	}
	hint := spell.Textf("known are %s", strings.Join(names, ", "))
	if len(names) == 0 {
		hint = spell.Textf("declare it on a load: attributes: {%s: integer(1, 5)}", name)
	}
	c.fail(path, spell.NearOr(name, names, hint), "no load has an attribute %s", design.Quoted(name))
}

// stepTimes checks what multiplies a time, a size or a count of a step.
func (c *checker) stepTimes(s *design.Step, at *stepContext) {
	if s.By == design.Facts[design.FactBatch] {
		c.readsBatch(at)
		return
	}
	c.times(at.path, s.By)
}

// readsBatch warns where the handler of a step that reads how many messages it handles
// never handles several. A design without batches may share it with one that has them.
func (c *checker) readsBatch(at *stepContext) {
	if c.batches && at.info != nil && !at.info.batch {
		c.warn(at.path, warning.NoBatch, at.target)
	}
}

// times checks an attribute that multiplies a time, a size or a count.
func (c *checker) times(path, name string) {
	c.by(path, name)
	if a := c.attribute(name); a != nil && len(a.Words) > 0 {
		c.fail(path, spell.Textf("choose by conditions: {when: %s == %s, do: [work: 10ms]}", name, a.Words[0]), "%s is a word, and not a number", name)
	}
}

// condition checks what a condition reads, in a handler of a service that has stores.
func (c *checker) condition(path string, cond *design.Condition, stores []design.Store) {
	for i := range cond.Terms {
		t := &cond.Terms[i]
		if t.Join != design.Compare {
			continue
		}
		c.read[t.Name] = true
		if _, wrong := t.Resolve(design.Scope{Attributes: c.attrs, Stores: stores}); wrong != nil {
			c.fail(path, wrong.Advice(), "%s", wrong.Says())
			return
		}
	}
}

// unread warns of attributes that nothing reads.
func (c *checker) unread() {
	for i := range c.d.Loads {
		l := &c.d.Loads[i]
		c.at(kindLoad, i)
		for k := range l.Attributes {
			if name := l.Attributes[k].Name; !c.read[name] {
				c.warn("load."+design.Named(l.Name, i)+".attributes."+name, warning.NeverRead, name)
			}
		}
	}
	for i := range c.attrs {
		if name := c.attrs[i].Name; !c.read[name] {
			for _, w := range c.written[name] {
				c.place = w.place
				c.warn(w.path, warning.NeverRead, name)
			}
		}
	}
}
