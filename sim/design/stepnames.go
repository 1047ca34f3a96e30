package design

import (
	"slices"
	"strconv"
	"strings"
)

// NamedStep is a step of a handler with the names by which it is known.
type NamedStep struct {
	*Step
	// Name is the step's own name, or its kind and target, or, without a target, its
	// kind: "charge", "call:pay/charge", "work". Of several that are alike, all but the first
	// are numbered: "call:pay/charge#2". It is unique within the handler; paths,
	// metrics and diagrams have it.
	Name string
	// Place is where the step stands: by kinds, numbers and branches, "choose.2.work2".
	// It changes when a step is put before it.
	Place string

	alike string // kind and target, numbered
	only  string // its kind, if no other step of the handler is of that kind
	depth int
}

// StepNames lists the steps of a handler, those of branches and of else too, each
// before its branches. Of steps that are alike, those of the handler itself are counted
// before those in branches, each in the order of declaration.
func (h *Handler) StepNames() []NamedStep {
	all := make([]NamedStep, 0, len(h.Steps))
	addSteps(&all, h.Steps, "", 1)
	var ofKind [NumSteps]int
	deepest := 0
	for i := range all {
		if op := all[i].Op; int(op) < len(ofKind) {
			ofKind[op]++
		}
		deepest = max(deepest, all[i].depth)
	}
	var seen map[string]int
	if len(all) > 1 {
		seen = make(map[string]int, len(all))
	}
	for depth := 1; depth <= deepest; depth++ {
		for i := range all {
			if s := &all[i]; s.depth == depth {
				s.named(seen, ofKind[:])
			}
		}
	}
	return all
}

func (s *NamedStep) named(seen map[string]int, ofKind []int) {
	s.alike = s.Op.String()
	if int(s.Op) < len(ofKind) && ofKind[s.Op] == 1 {
		s.only = s.alike
	}
	if s.To != (Target{}) {
		s.alike += ":" + s.To.String()
	}
	if s.Store != "" {
		s.alike += ":" + s.Store
	}
	if s.Counter != "" {
		s.alike += "/" + s.Counter
	}
	if seen != nil {
		if seen[s.alike]++; seen[s.alike] > 1 {
			s.alike += "#" + strconv.Itoa(seen[s.alike])
		}
	}
	if s.Name = s.Step.Name; s.Name == "" {
		s.Name = s.alike
	}
}

func addSteps(all *[]NamedStep, list []Step, base string, depth int) {
	if depth > MaxStepDepth {
		return
	}
	var places StepPlaces
	for i := range list {
		s := &list[i]
		place := base + places.Next(s.Op)
		*all = append(*all, NamedStep{Step: s, Place: place, depth: depth})
		if s.branches() {
			for j := range s.Branches {
				inner := place + "."
				if label := BranchLabel(j, len(s.Branches)); label != "" {
					inner += label + "."
				}
				addSteps(all, s.Branches[j], inner, depth+1)
			}
		}
		if s.HasElse {
			addSteps(all, s.Else, place+".else.", depth+1)
		}
	}
}

func (s *Step) branches() bool { return s.Op == Parallel || s.Op == Choose || s.Op == Repeat }

// StepPlaces makes the places of the steps of one list: their kinds, the second of a
// kind with a 2.
type StepPlaces [NumSteps]int

// Next is the place of the next step.
func (n *StepPlaces) Next(op StepOp) string {
	if int(op) >= len(n) {
		return op.String()
	}
	n[op]++
	if n[op] == 1 {
		return op.String()
	}
	return op.String() + strconv.Itoa(n[op])
}

// BranchLabel names a branch; an only branch needs no name.
func BranchLabel(i, of int) string {
	if of == 1 {
		return ""
	}
	return strconv.Itoa(i + 1)
}

// NamesSteps tells whether a step of a list, or of the branches in it, has a name.
func NamesSteps(list []Step) bool { return namesSteps(list, 1) }

func namesSteps(list []Step, depth int) bool {
	if depth > MaxStepDepth {
		return false
	}
	for i := range list {
		s := &list[i]
		if s.Name != "" || namesSteps(s.Else, depth+1) {
			return true
		}
		for _, b := range s.Branches {
			if namesSteps(b, depth+1) {
				return true
			}
		}
	}
	return false
}

// IsStep tells whether a word is a kind of step.
func IsStep(word string) bool {
	return slices.ContainsFunc(stepTables, func(t StepTable) bool { return t.Name() == word })
}

// handlerMark is in the path of everything that belongs to a handler.
const handlerMark = ".on."

// handler walks the steps of a handler, by their names or by their places.
func (w *walker) handler(h *Handler) {
	w.step.base = len(w.path)
	all := h.StepNames()
	for i := range all {
		s := &all[i]
		w.step.name = s.Name
		if w.places {
			w.named(s, s.Place)
			continue
		}
		w.named(s, s.Name)
		if w.want != "" { // the other names that it may be asked for by
			for _, other := range []string{s.alike, s.only} {
				if other != "" && other != s.Name {
					w.named(s, other)
				}
			}
		}
	}
	w.step.base, w.step.end = 0, 0
}

func (w *walker) named(s *NamedStep, label string) {
	w.within(func() {
		w.step.end = len(w.path)
		w.oneStep(s.Step)
	}, label)
}

// oneStep walks a step without the steps of its branches.
func (w *walker) oneStep(s *Step) {
	if int(s.Op) < len(Core.Steps) {
		w.table(s, Core.Steps[s.Op].Table)
	}
	w.uses(s.Uses, Where{Service: w.in, Step: s})
	for i := range s.Branches {
		if s.Op != Choose || i >= len(s.Weights) {
			break
		}
		if label := BranchLabel(i, len(s.Branches)); label != "" {
			w.within(func() { w.table(s.Choice(i), choiceTable) }, label)
		} else {
			w.table(s.Choice(i), choiceTable)
		}
	}
}

// Now is the path of a parameter as Params lists it; old tells that the path names a
// step by its place, as version 1 did first. ok is false where there is no such parameter.
func (d *Design) Now(path string) (now string, old, ok bool) {
	s := d.lookup(path)
	if s == nil {
		return path, false, false
	}
	return s.path, s.old, true
}

// StepPaths translates paths of steps, and of what is in them, of one design.
type StepPaths struct {
	services map[string]*Service
	handlers map[*Handler]*[2]map[string]string // by name: the place; by place: the name
	d        *Design
}

// NewStepPaths is for a design that does not change meanwhile.
func NewStepPaths(d *Design) *StepPaths { return &StepPaths{d: d} }

// ByName is a path with the name of a step for its place.
func (p *StepPaths) ByName(path string) string { return p.rename(path, 1) }

// ByPlace is a path with the place of a step for its name.
func (p *StepPaths) ByPlace(path string) string { return p.rename(path, 0) }

// rename replaces the longest name of a step in a path.
func (p *StepPaths) rename(path string, by int) string {
	service, rest, ok := strings.Cut(path, handlerMark)
	service, isService := strings.CutPrefix(service, "service.")
	handler, rest, inStep := strings.Cut(rest, ".")
	if !ok || !isService || !inStep {
		return path
	}
	if p.services == nil {
		p.services, p.handlers = make(map[string]*Service, len(p.d.Services)), map[*Handler]*[2]map[string]string{}
		for i := range p.d.Services {
			if s := &p.d.Services[i]; p.services[s.Name] == nil {
				p.services[s.Name] = s
			}
		}
	}
	s := p.services[service]
	if s == nil {
		return path
	}
	i := slices.IndexFunc(s.Handlers, func(h Handler) bool { return h.Name == handler })
	if i < 0 {
		return path
	}
	names := p.names(&s.Handlers[i])[by]
	for step := rest; step != ""; step = step[:max(0, strings.LastIndexByte(step, '.'))] {
		if to, ok := names[step]; ok {
			return path[:len(path)-len(rest)] + to + rest[len(step):]
		}
	}
	return path
}

func (p *StepPaths) names(h *Handler) *[2]map[string]string {
	if p.handlers[h] == nil {
		all := h.StepNames()
		both := [2]map[string]string{make(map[string]string, len(all)), make(map[string]string, len(all))}
		for i := range all {
			both[0][all[i].Name], both[1][all[i].Place] = all[i].Place, all[i].Name
		}
		p.handlers[h] = &both
	}
	return p.handlers[h]
}
