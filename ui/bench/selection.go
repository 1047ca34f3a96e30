package bench

import (
	"cmp"
	"math"
	"slices"
	"strings"

	"asynclab/sim/design"
	"asynclab/sim/draw"
	"asynclab/sim/engine"
	"asynclab/sim/topology"
	"asynclab/ui/control"
	"asynclab/ui/locale"
	"asynclab/ui/stage"
)

// The selection on the bench, names of its elements, and commands for it.

// Choose selects a node or a link and shows its panel.
func (b *Bench) Choose(lane int, element string) {
	b.Select(lane, element)
	b.SelectTab(b.Element.Content)
}

// Select selects a node or a link without showing its panel.
func (b *Bench) Select(lane int, element string) {
	b.lane, b.Selected = lane, element
	for i, st := range b.Stages {
		if i == lane {
			st.Select(b.ElementOf(lane, element))
		} else {
			st.Select(stage.Element{})
		}
	}
	b.Controller.Select(lane, element)
	b.Element.Show(lane, element)
	b.Story.turnTo(lane)
}

func (b *Bench) Unchoose() {
	b.Selected = ""
	for _, st := range b.Stages {
		st.Select(stage.Element{})
		st.Follow(0)
	}
	b.Followed = 0
	b.Controller.Follow(0)
	b.Element.empty()
}

// ShowStory shows the story of an operation.
func (b *Bench) ShowStory(lane int, op uint64) {
	if op == 0 {
		return
	}
	b.Followed, b.lane = op, lane
	for i, st := range b.Stages {
		if i == lane {
			st.Follow(op)
		}
	}
	b.SelectTab(b.Story.Content)
	b.Story.ask(lane, op)
}

func (b *Bench) LaneName(i int) string {
	if i < 0 || i >= len(b.Scenes) {
		return locale.T("design.all")
	}
	return b.Scenes[i].Design
}

func (b *Bench) kindOf(lane int, element string) topology.Kind {
	for _, n := range b.Scenes[lane].Graph.Nodes {
		if n.ID == element {
			return n.Kind
		}
	}
	return topology.Service
}

// LinkOf is the name of the link under an edge: links join services, loads and
// brokers, edges also the parts of a broker.
func (b *Bench) LinkOf(lane, edge int) string {
	e := b.Scenes[lane].Graph.Edges[edge]
	whole := func(id string) string {
		for _, n := range b.Scenes[lane].Graph.Nodes {
			if n.ID == id && n.Parent != "" {
				return n.Parent
			}
		}
		return id
	}
	from, to := whole(e.From), whole(e.To)
	if from == to {
		return from
	}
	return from + "->" + to
}

func (b *Bench) ElementOf(lane int, element string) stage.Element {
	if !strings.Contains(element, "->") {
		return stage.Node(element)
	}
	for i := range b.Scenes[lane].Graph.Edges {
		if b.LinkOf(lane, i) == element {
			return stage.Edge(i)
		}
	}
	return stage.Element{}
}

// changing must be called before a change by hand.
func (b *Bench) changing() *control.Controller {
	if b.OnChange != nil {
		b.OnChange()
	}
	return b.Controller
}

func (b *Bench) Set(lane int, path, value string) { b.changing().Set(b.all(lane), path, value) }
func (b *Bench) Inject(lane int, f design.Fault)  { b.changing().Inject(b.all(lane), f) }

// Heal ends a fault, in every design that has it.
func (b *Bench) Heal(lane int, name string) { b.changing().Heal(b.all(lane), name) }

// active is the active fault of a lane that does what f does; nil if there is none.
func (b *Bench) active(lane int, f *design.Fault) *control.FaultState {
	if lane >= len(b.Board.Lanes) {
		return nil
	}
	for i := range b.Board.Lanes[lane].Fault {
		s := &b.Board.Lanes[lane].Fault[i]
		if s.Active && s.Kind == f.Kind && s.Node == f.Node && slices.Equal(s.Cut, f.Cut) {
			return s
		}
	}
	return nil
}

// changed is a parameter of the selected element, by the end of its path, if it
// has another value than in the scenario.
func (b *Bench) changed(element, end string) (control.Param, bool) {
	for _, p := range b.Board.Chosen.Params {
		if b.Board.Chosen.Element == element && strings.HasSuffix(p.Path, end) && p.Text != p.Initial {
			return p, true
		}
	}
	return control.Param{}, false
}

// markWords is what a mark of the timeline says.
func (b *Bench) markWords(m control.Mark) string {
	if m.Surge {
		name := m.Name
		if called := Names(b.Words); called != nil {
			name = cmp.Or(called(name), name)
		}
		return locale.T("timeline.surge", name)
	}
	return b.faultWords(m.Name)
}

// markDid is what a fault of a mark did, in each lane that has it: how many operations it
// affected, and how long after it all was as before.
func (b *Bench) markDid(m control.Mark) (text string) {
	if m.Surge || m.Planned {
		return ""
	}
	for i, l := range b.Board.Lanes {
		if m.Lane >= 0 && m.Lane != i {
			continue
		}
		k := slices.IndexFunc(l.Episodes, func(e engine.Episode) bool { return e.Fault == m.Name && e.From == m.From })
		if k < 0 {
			continue
		}
		did := fatesOf(&l.Episodes[k])
		if did != "" && m.Lane < 0 && len(b.Board.Lanes) > 1 {
			did = locale.T("timeline.in-design", b.Scenes[i].Design, did)
		}
		text += did
	}
	return text
}

// fatesOf says what an occurrence of a fault did; "" where it is not known.
func fatesOf(e *engine.Episode) (text string) {
	if !math.IsNaN(e.Affected) {
		text = locale.T("timeline.affected", draw.FormatQuantity(math.Round(e.Affected), draw.None))
	}
	switch {
	case e.Recovery == 0:
		text += locale.T("timeline.recovered-at-once")
	case !math.IsNaN(e.Recovery):
		text += locale.T("timeline.recovered", draw.FormatDuration(e.Recovery))
	}
	return text
}

// sentence is what a fault does, in words and with the names of the picture. What sets
// parameters is told by its name if it has one.
func (b *Bench) sentence(f *design.Fault) string {
	if name := f.OwnName(); f.Kind == design.FaultSet && name != "" {
		return locale.Word("set."+name, strings.ReplaceAll(name, "-", " "))
	}
	return f.Sentence(locale.Word, called(b.Words))
}

// worded is a board whose marks are called as the timeline calls them, without those
// behind the end.
func (b *Bench) worded(d *control.Board) *control.Board {
	if len(d.Marks) == 0 {
		return d
	}
	is := *d
	end := b.length()
	is.Marks = slices.DeleteFunc(slices.Clone(d.Marks), func(m control.Mark) bool { return end > 0 && m.From >= end })
	for i, m := range is.Marks {
		is.Marks[i].Name = b.markWords(m)
	}
	return &is
}

// faultWords is what a fault of the run does, in words; its name if it is not known.
func (b *Bench) faultWords(name string) string {
	for _, l := range b.Board.Lanes {
		for i := range l.Fault {
			if l.Fault[i].Name == name {
				return b.sentence(&l.Fault[i].Fault)
			}
		}
	}
	return name
}

// all is the lane for a change: if several designs are compared, a change
// applies to all of them that have the parameter.
func (b *Bench) all(lane int) int {
	if len(b.Scenes) > 1 {
		return -1
	}
	return lane
}

// valid returns an error if a parameter does not accept a value.
func (b *Bench) valid(lane int, path, value string) error {
	return b.Scenario.Designs[b.Designs[lane]].Valid(path, value)
}

// slowLink multiplies the mean latency of a link by ten.
func (b *Bench) slowLink(lane int, link string) {
	for _, p := range b.Board.Chosen.Params {
		if b.Board.Chosen.Element == link && strings.HasSuffix(p.Path, ".latency.mean") {
			b.Set(lane, p.Path, draw.FormatDuration(p.Value*10))
			return
		}
	}
}
