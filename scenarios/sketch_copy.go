package scenarios

import (
	"slices"
	"strconv"
	"strings"

	"asynclab/sim/spell"
)

// A copy of a design extends it: what is edited by hand in the copy is written there, and
// the design that it is a copy of stays as it is.
//
//	designs:
//	  chain: {}
//	  chain-2:
//	    extends: chain
//	    services: {pay: {workers: 8}}   what is different

// CopyDesign adds a copy of the design that is shown, and returns the text and its name.
func (s *Sketch) CopyDesign() (text, name string, err error) {
	name = s.free(s.design + "-2")
	copied := "  " + name + ":\n    extends: " + s.design
	designs := s.tree.Find("designs")
	switch {
	case designs == nil: // the scenario is one design, with its name
		return strings.TrimRight(s.ofDesign(), "\n") + "\n\ndesigns:\n  " + s.design + ": {}\n" + copied + "\n", name, nil
	case s.tree.Find("designs", s.design) == nil:
		return "", "", spell.Mistakef("there is no design %s", s.design)
	}
	text, err = s.tree.Add(name, "{extends: "+s.design+"}", "designs")
	return text, name, err
}

// ofDesign is the text with the design named in every expectation: with two designs it must
// be said which one is meant.
func (s *Sketch) ofDesign() string {
	text, all := s.text, s.tree.Find("expect")
	if all == nil {
		return text
	}
	for i := len(all.Items) - 1; i >= 0; i-- {
		n := all.Items[i]
		if !n.IsText() || strings.HasPrefix(n.Text, s.design+":") {
			continue
		}
		from, to := s.tree.Written(n)
		text = text[:from] + strconv.Quote(s.design+": "+n.Text) + text[to:]
	}
	return text
}

// apart tells whether the design that is shown is a copy of another one.
func (s *Sketch) apart() bool { return s.tree.Find("designs", s.design, "extends") != nil }

// layers are where the design that is shown is written: what all designs share, the designs
// that it extends, and itself.
func (s *Sketch) layers() (all [][]string) {
	for name := s.design; len(all) < maxDesigns; {
		all = append(all, []string{"designs", name})
		n := s.tree.Find("designs", name, "extends")
		if n == nil || !n.IsText() {
			break
		}
		name = n.Text
	}
	all = append(all, nil)
	slices.Reverse(all)
	return all
}

// ownPath is a path in the design that is shown.
func (s *Sketch) ownPath(path []string) []string {
	return append([]string{"designs", s.design}, trimDesign(path)...)
}

// home is where an edit of an element is written.
func (s *Sketch) home(id string) []string {
	at := last(s.places(id))
	if s.apart() {
		return s.ownPath(at)
	}
	return at
}

// inOneLine is a list of steps as a list in brackets.
func (s *Sketch) inOneLine(list []string) (string, error) {
	var steps []string
	for _, n := range s.tree.Find(list...).Items {
		raw := s.tree.Raw(n)
		if strings.ContainsAny(raw, "\n#") {
			return "", spell.Mistakef("a step is on several lines: copy the handler in the text")
		}
		steps = append(steps, raw)
	}
	return "[" + strings.Join(steps, ", ") + "]", nil
}

// leaveOut leaves an element of another design out of this one, with the steps that name it.
func (s *Sketch) leaveOut(id string) (string, error) {
	all := s.places(id)
	if len(all) == 0 {
		return "", spell.Mistakef("there is no %s", id)
	}
	now, err := s.again(s.tree.Set("null", s.home(id)...))
	if err != nil {
		return "", err
	}
	for _, m := range s.mentions(id) {
		p := trimDesign(m.path)
		if len(p) < 5 || p[0] != "services" || p[2] != "on" || p[1] == id {
			continue
		}
		for _, h := range now.Handlers(p[1]) {
			for i := len(h.Steps) - 1; i >= 0 && h.Name == p[3]; i-- {
				if !strings.Contains(h.Steps[i], " "+id+"/") && !strings.HasSuffix(h.Steps[i], " "+id) {
					continue
				}
				if now, err = now.again(now.SetStep(p[1], h.Name, i, "")); err != nil {
					return "", err
				}
			}
		}
	}
	return now.text, nil
}
