package ui

import (
	"strings"

	"asynclab/sim/draw"
	"asynclab/sim/model"
	"asynclab/sim/topology"
	"asynclab/ui/locale"
	"asynclab/ui/stage"
)

// What is chosen on the bench, what it is called, and what is done to it.

// choose selects a node or a link and shows what can be done with it.
func (b *bench) choose(lane int, element string) {
	b.point(lane, element)
	b.selectTab(b.element.content)
}

// point selects a node or a link without turning to its panel.
func (b *bench) point(lane int, element string) {
	b.lane, b.chose = lane, element
	for i, st := range b.stages {
		if i == lane {
			st.Select(b.elementOf(lane, element))
		} else {
			st.Select(stage.Element{})
		}
	}
	b.ctl.Select(lane, element)
	b.element.show(lane, element)
	b.stories.turnTo(lane)
}

func (b *bench) unchoose() {
	b.chose = ""
	for _, st := range b.stages {
		st.Select(stage.Element{})
		st.Follow(0)
	}
	b.op = 0
	b.ctl.Follow(0)
	b.element.empty()
}

// story shows what happened to an operation.
func (b *bench) story(lane int, op uint64) {
	if op == 0 {
		return
	}
	b.op, b.lane = op, lane
	for i, st := range b.stages {
		if i == lane {
			st.Follow(op)
		}
	}
	b.selectTab(b.stories.content)
	b.stories.ask(lane, op)
}

func (b *bench) laneName(i int) string {
	if i < 0 || i >= len(b.scenes) {
		return locale.T("design.all")
	}
	return b.scenes[i].Design
}

func (b *bench) kindOf(lane int, element string) topology.Kind {
	for _, n := range b.scenes[lane].Graph.Nodes {
		if n.ID == element {
			return n.Kind
		}
	}
	return topology.Service
}

// linkOf is the name of the link under an edge: links join services, loads and
// brokers, edges also the parts of a broker.
func (b *bench) linkOf(lane, edge int) string {
	e := b.scenes[lane].Graph.Edges[edge]
	whole := func(id string) string {
		for _, n := range b.scenes[lane].Graph.Nodes {
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

func (b *bench) elementOf(lane int, element string) stage.Element {
	if !strings.Contains(element, "->") {
		return stage.Node(element)
	}
	for i := range b.scenes[lane].Graph.Edges {
		if b.linkOf(lane, i) == element {
			return stage.Edge(i)
		}
	}
	return stage.Element{}
}

func (b *bench) set(lane int, path, value string) { b.ctl.Set(b.all(lane), path, value) }
func (b *bench) inject(lane int, f model.Fault)   { b.ctl.Inject(b.all(lane), f) }

// all is the lane that a change is for: where several designs are compared, a
// change is made to all of them that have the parameter.
func (b *bench) all(lane int) int {
	if len(b.scenes) > 1 {
		return -1
	}
	return lane
}

// valid tells whether a parameter can have a value.
func (b *bench) valid(lane int, path, value string) error {
	return b.sc.Designs[b.designs[lane]].Valid(path, value)
}

// slowLink makes a link ten times as slow.
func (b *bench) slowLink(lane int, link string) {
	for _, p := range b.board.Chosen.Params {
		if b.board.Chosen.Element == link && strings.HasSuffix(p.Path, ".latency.mean") {
			b.set(lane, p.Path, draw.FormatDuration(p.Value*10))
			return
		}
	}
}
