package lessons

import (
	"context"
	"errors"
	"fmt"
	"path"
	"reflect"
	"slices"
	"strings"

	"asynclab/lessons/internal/runs"
	"asynclab/scenarios"
	"asynclab/sim/design"
)

// Limits of a design of a student's own: files are untrusted.
const (
	maxOpen       = 256 << 10   // bytes
	maxOpenEvents = 100_000_000 // of one run
)

// given are the parameters that a design of a student's own has to leave as the task has
// them: whoever comes, what goes wrong, what it costs, how far it is, and how long work
// takes. Everything else is theirs.
var given = []string{"load.*", "fault.*", "prices.*", "link.*", "service.*.on.*.work*", "service.*.speed", "service.*.errors", "service.*.price"}

// Designed certifies a design of a student's own for the task of a step: text is a scenario
// whose design of that name, or only one, is run in the place of the lesson's.
func Designed(ctx context.Context, l *Lesson, step, name string, text []byte, seeds int, progress func(done, of int)) (*Certificate, error) {
	c := &Certificate{Version: certificateVersion, Name: name, Lesson: l.ID, Step: step, Design: string(text)}
	return c, c.run(ctx, l, seeds, progress)
}

// open reads the design of a certificate, and holds it against that of the task.
func (c *Certificate) open(a *Activity) (*design.Design, error) {
	if len(c.Design) > maxOpen {
		return nil, fmt.Errorf("the design is larger than %d kiB", maxOpen>>10)
	}
	if strings.Contains("\n"+c.Design, "\n```") {
		return nil, errors.New("the design holds three back-quotes at the beginning of a line")
	}
	if len(a.setup.begin) != 1 {
		return nil, errors.New("the task shows several designs: it has no place for one of your own")
	}
	s, err := scenarios.Parse(nil, "design", []byte(c.Design))
	if err != nil {
		return nil, err
	}
	begin, own := a.setup.begin[0], s.Designs[0]
	if len(s.Designs) > 1 {
		if own = s.Design(begin.Name); own == nil {
			return nil, fmt.Errorf("the file has %d designs, and none is called %s, as in the task", len(s.Designs), begin.Name)
		}
	}
	own = own.Clone()
	own.Name = begin.Name
	if left := a.setup.Faults; left != nil { // the scenario that the design is made of has them all
		own.Faults = slices.DeleteFunc(slices.Clone(own.Faults), func(f design.Fault) bool { return !slices.Contains(left, f.Name) })
	}
	if !reflect.DeepEqual(own.Loads, begin.Loads) {
		return nil, errors.New("the loads are not those of the task: copy them as they are")
	}
	if !reflect.DeepEqual(own.Faults, begin.Faults) {
		return nil, errors.New("the faults are not those of the task: copy them as they are")
	}
	for _, p := range design.Params(begin) {
		if !isGiven(p.Path) {
			continue
		}
		was, err := begin.Get(p.Path)
		if err != nil {
			continue
		}
		if is, err := own.Get(p.Path); err != nil || is != was {
			return nil, fmt.Errorf("%s is %s in the task, and has to stay so", p.Path, was)
		}
	}
	return own, nil
}

// isGiven tells whether a parameter belongs to what a task gives.
func isGiven(name string) bool {
	for _, pattern := range given {
		if ok, _ := path.Match(pattern, strings.ReplaceAll(name, "/", "|")); ok {
			return true
		}
	}
	return false
}

// runOpen makes a run of a design of a student's own in the place of the task's, with a
// seed so far from that of the scenario.
func (a *Activity) runOpen(ctx context.Context, l *Lesson, own *design.Design, seed int) (scene, error) {
	var x runs.Set
	config := l.Config(a.setup)
	config.Seed += uint64(seed)
	if config.MaxEvents == 0 {
		config.MaxEvents = maxOpenEvents
	}
	reading, err := x.At(runs.State{Of: own, Start: own.Clone(), Config: config}, a.setup.Until)
	if err != nil {
		return nil, err
	}
	for _, e := range a.expectations() {
		for _, ref := range e.Metrics() {
			if ref.Window != nil && !isParam(ref) {
				reading.AskWindow(ref.Metric, *ref.Window)
			}
		}
	}
	if err := x.Make(ctx, nil); err != nil {
		return nil, err
	}
	return scene{own.Name: reading}, reading.Err()
}

// runWith makes a run of a task's setup: with changes, or of a design of a student's own.
func (a *Activity) runWith(ctx context.Context, l *Lesson, own *design.Design, set []Change, seed int) (scene, error) {
	if own != nil {
		return a.runOpen(ctx, l, own, seed)
	}
	e, err := a.run(ctx, l, set, seed)
	if err != nil {
		return nil, err
	}
	return e.(scene), nil
}
