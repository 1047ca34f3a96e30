package stage

import (
	"slices"

	"fyne.io/fyne/v2"

	"asynclab/sim/topology"
	"asynclab/ui/control"
)

// A design that is too large for its stage has smaller boxes there, without room for the
// details that could not be read: its names and lines are larger for it. Whoever zooms in
// until details can be read gets the boxes that have room for them.

// small is a scene as it is drawn without details; the scene itself if it has no such layout.
func small(scene *control.Scene) *control.Scene {
	if scene == nil || scene.Small == nil {
		return scene
	}
	x := *scene
	x.Layout, x.Lines = scene.Small, nil
	x.Graph.Nodes = slices.Clone(x.Graph.Nodes)
	for i := range x.Graph.Nodes {
		x.Graph.Nodes[i].Detail = nil
	}
	return &x
}

// pick takes the boxes that suit the size of the stage.
func (s *Stage) pick() {
	if s.given == nil {
		return
	}
	whole := fit(s.given.Layout.W, s.given.Layout.H, s.size)
	if readable(whole.zoom) || s.given.Small == nil {
		s.take(s.given)
	} else if s.scene == s.given {
		s.take(small(s.given))
	}
}

// take draws another scene of the same design from now on.
func (s *Stage) take(scene *control.Scene) {
	if s.scene == scene {
		return
	}
	s.scene, s.placed, s.notes = scene, 0, nil
	s.ground.scene(scene)
	s.ground.links(s.lane.Links, s.lane.Nodes)
}

// enlarge takes the boxes that have room for details once these can be read, so that the
// node next to a position stays where it is.
func (s *Stage) enlarge(v view, at fyne.Position) view {
	if s.scene == s.given || !readable(v.zoom) || v.zoom <= 1.02*s.fitted().zoom {
		return v
	}
	middle := func(i int) topology.Point {
		b := s.scene.Layout.Boxes[i]
		return topology.Point{X: b.X + b.W/2, Y: b.Y + b.H/2}
	}
	near, least := 0, -1.0
	for i := range s.scene.Layout.Boxes {
		p := v.place(middle(i))
		if dx, dy := float64(p.X-at.X), float64(p.Y-at.Y); least < 0 || dx*dx+dy*dy < least {
			near, least = i, dx*dx+dy*dy
		}
	}
	before := v.place(middle(near))
	s.take(s.given)
	after := v.place(middle(near))
	v.x, v.y = v.x+float64(before.X-after.X), v.y+float64(before.Y-after.Y)
	return v
}
