package scenarios

import (
	"slices"
	"strconv"
	"strings"

	"asynclab/scenarios/yamltree"
	"asynclab/sim/spell"
)

// SketchHandler is a handler of a service, as its form shows it.
type SketchHandler struct {
	Name  string
	Steps []string // as they are written, without braces; one on several lines is its first line and …
}

// more marks a step that goes on in further lines: it is edited in the text.
const more = " …"

// OneLine tells whether a step can be edited in a form.
func OneLine(step string) bool { return !strings.HasSuffix(step, more) }

// Handlers lists the handlers of a service; one that the shown design has of its own
// stands.
func (s *Sketch) Handlers(id string) (all []SketchHandler) {
	for _, p := range s.places(id) {
		on := s.tree.Find(append(slices.Clone(p), "on")...)
		if on == nil {
			continue
		}
		for _, h := range on.Pairs {
			next := SketchHandler{Name: h.Key.Text}
			for _, step := range h.Val.Items {
				next.Steps = append(next.Steps, s.step(step))
			}
			if i := slices.IndexFunc(all, func(x SketchHandler) bool { return x.Name == next.Name }); i >= 0 {
				all[i] = next
			} else {
				all = append(all, next)
			}
		}
	}
	return all
}

func (s *Sketch) step(n *yamltree.Node) string {
	first, _, several := strings.Cut(s.tree.Raw(n), "\n")
	if several {
		return strings.TrimSpace(first) + more
	}
	if strings.HasPrefix(first, "{") && strings.HasSuffix(first, "}") {
		first = strings.TrimSpace(first[1 : len(first)-1])
	}
	return first
}

// SetStep replaces a step of a handler, by its number from 0; "" takes it away, and a
// number past the last one adds it.
func (s *Sketch) SetStep(id, handler string, i int, step string) (string, error) {
	var list []string
	for _, p := range s.places(id) {
		if at := append(slices.Clone(p), "on", handler); s.tree.Find(at...) != nil {
			list = at
		}
	}
	if list == nil {
		return "", spell.Mistakef("%s has no handler %s", id, handler)
	}
	if own := s.ownPath(list); s.apart() && s.tree.Find(own...) == nil { // the copy gets steps of its own
		steps, err := s.inOneLine(list)
		if err != nil {
			return "", err
		}
		next, err := s.again(s.tree.Set(steps, own...))
		if err != nil {
			return "", err
		}
		return next.SetStep(id, handler, i, step)
	}
	if strings.Contains(step, ", ") && !strings.HasPrefix(step, "{") {
		step = "{" + step + "}"
	}
	at := append(list, strconv.Itoa(i))
	switch there := s.tree.Find(at...) != nil; {
	case step == "" && there:
		return s.tree.Remove(at...)
	case step == "":
		return s.text, nil
	case there:
		return s.tree.Set(step, at...)
	}
	return s.tree.AddItem(step, list...)
}

// IsService tells whether an element is a service.
func (s *Sketch) IsService(id string) bool { return s.kindOf(id) == "services" }

// AddHandler gives a service a handler more, of one step.
func (s *Sketch) AddHandler(id, name string) (string, error) {
	if !s.IsService(id) {
		return "", spell.Mistakef("%s is no service", id)
	}
	if !validName(name) {
		return "", notAName(name)
	}
	if slices.ContainsFunc(s.Handlers(id), func(h SketchHandler) bool { return h.Name == name }) {
		return "", spell.Mistakef("%s has a handler %s already", id, name)
	}
	at := s.home(id)
	for _, p := range s.places(id) {
		if !s.apart() && s.tree.Find(append(slices.Clone(p), "on")...) != nil {
			at = p
		}
	}
	return s.tree.Set("[work: 10ms]", append(slices.Clone(at), "on", name)...)
}
