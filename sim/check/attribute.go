package check

import (
	"slices"
	"strings"

	"asynclab/sim/design"
	"asynclab/sim/spell"
	"asynclab/sim/warning"
)

// attributes checks what the loads declare: those that share a name share the kind of
// value. It runs before anything reads one.
func (c *checker) attributes() {
	c.attrs, c.read = c.d.Attributes(), map[string]bool{}
	if n := len(c.attrs); n > design.MaxAttributes {
		c.at(kindDesign, 0)
		c.fail("design", "", "the loads have %d attributes, the most is %d", n, design.MaxAttributes)
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
	var names []string
	for i := range c.attrs {
		names = append(names, c.attrs[i].Name)
	}
	hint := spell.DidYouMean(name, names)
	switch {
	case hint == "" && len(names) == 0:
		hint = "declare it on a load: attributes: {" + name + ": integer(1, 5)}"
	case hint == "":
		hint = "known are " + strings.Join(names, ", ")
	}
	c.fail(path, hint, "no load has an attribute %s", design.Quoted(name))
}

// times checks an attribute that multiplies a time, a size or a count.
func (c *checker) times(path, name string) {
	c.by(path, name)
	if a := c.attribute(name); a != nil && len(a.Words) > 0 {
		c.fail(path, "choose by conditions: {when: "+name+" == "+a.Words[0]+", do: [work: 10ms]}", "%s is a word, and not a number", name)
	}
}

// condition checks what a condition reads.
func (c *checker) condition(path string, cond *design.Condition) {
	for i := range cond.Terms {
		t := &cond.Terms[i]
		if t.Join != design.Compare {
			continue
		}
		c.read[t.Name] = true
		if _, _, _, wrong := t.Resolve(c.attrs); wrong != nil {
			c.fail(path, wrong.Hint, "%s", wrong.Msg)
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
}
