package scenarios

import (
	"slices"
	"strings"

	"asynclab/scenarios/yamltree"
	"asynclab/sim/spell"
)

// call is name(arguments), as in poisson(200/s). Every argument has its byte offset
// in the text, so that a mistake has a position.
type call struct {
	name string
	args []arg
}

// arg is an argument: a text, or key=text.
type arg struct {
	key    string
	text   string
	offset int // of the text
}

const maxArgs = 20

// parseCall splits one call at the commas and equals signs outside of inner
// parentheses and quotes; the caller parses the arguments. ok is false if the text
// is no call; wrong is then the offset of the mistake, or -1 if the text has no
// parenthesis.
func parseCall(text string) (c call, wrong int, ok bool) {
	open := strings.IndexByte(text, '(')
	if open < 0 {
		return call{}, -1, false
	}
	c.name = strings.TrimSpace(text[:open])
	depth, quoted, start := 0, false, open+1
	equals := -1
	add := func(end int) {
		a := arg{text: text[start:end], offset: start}
		if equals >= 0 {
			a.key = strings.TrimSpace(text[start:equals])
			a.text, a.offset = text[equals+1:end], equals+1
		}
		trimmed := strings.TrimLeft(a.text, " ")
		a.offset += len(a.text) - len(trimmed)
		a.text = strings.TrimRight(trimmed, " ")
		c.args = append(c.args, a)
		start, equals = end+1, -1
	}
	for i := open + 1; i < len(text); i++ {
		switch ch := text[i]; {
		case ch == '"':
			quoted = !quoted
		case quoted:
		case ch == '(':
			depth++
		case ch == ')' && depth > 0:
			depth--
		case ch == ')':
			if strings.TrimSpace(text[i+1:]) != "" {
				return c, i + 1, false
			}
			if strings.TrimSpace(text[open+1:i]) != "" {
				add(i)
			}
			return c, 0, true
		case depth > 0:
		case ch == '=' && equals < 0:
			equals = i
		case ch == ',':
			add(i)
			if len(c.args) > maxArgs {
				return c, i, false
			}
		}
	}
	return c, len(text), false
}

// signature describes the arguments of a call: at most one without a name, and
// named ones. usage is an example for hints.
type signature struct {
	usage string
	plain int // arguments without a name that are needed
	keys  []string
	needs []string // of the keys
	words []string // that may stand alone; they are named arguments without a text
}

// arguments splits the arguments of a call into plain and named ones, and reports
// those that do not match the signature. base is the offset of the call in the node.
func (r *reader) arguments(n *yamltree.Node, base int, c call, s signature) (plain []arg, named map[string]arg, ok bool) {
	named = map[string]arg{}
	ok = true
	fail := func(offset int, format string, args ...any) {
		r.within(n, base+offset, spell.Textf("write %s", s.usage), format, args...)
		ok = false
	}
	for _, a := range c.args {
		_, twice := named[a.key]
		switch {
		case a.text == "":
			fail(a.offset, "an argument of %s is empty", c.name)
		case a.key == "" && slices.Contains(s.words, a.text):
			if _, twice := named[a.text]; twice {
				fail(a.offset, "%s is given twice", a.text)
			}
			named[a.text] = arg{offset: a.offset}
		case a.key == "" && len(plain) == s.plain:
			fail(a.offset, "one argument too many for %s", c.name)
		case a.key == "":
			plain = append(plain, a)
		case !slices.Contains(s.keys, a.key):
			fail(a.offset, "%s has no argument %q", c.name, a.key)
		case twice:
			fail(a.offset, "%s is given twice", a.key)
		default:
			named[a.key] = a
		}
	}
	if ok && len(plain) < s.plain {
		fail(0, "%s needs an argument", c.name)
	}
	for _, k := range s.needs {
		if _, has := named[k]; ok && !has {
			fail(0, "%s needs %s=…", c.name, k)
		}
	}
	return plain, named, ok
}
