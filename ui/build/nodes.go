package build

import (
	"strings"

	"asynclab/scenarios"
	"asynclab/scenarios/yamltree"
)

// The picture and the text show the same element: a tap on a node leads to where it is
// written, and the node at the caret is lit.

// follow lights the node at the caret.
func (p *Place) follow() {
	if p.editor == nil || p.picture.Scene() == nil {
		return
	}
	path := pathAt(p.buffer.Text(), p.buffer.Caret)
	if len(path) == 0 {
		return
	}
	id, design := scenarios.ElementOf(path)
	if design != "" && design != p.design && p.has(design) {
		p.design = design
		p.draw()
	}
	if id != "" && id != p.Lit() {
		p.light(id)
	}
}

// pathAt is the path of the key at a place, or of what the place is in.
func pathAt(text string, at int) []string {
	for _, k := range yamltree.Keys(text) {
		if k.From <= at && at <= k.From+len(k.Path[len(k.Path)-1]) {
			return k.Path
		}
	}
	p, _ := yamltree.PlaceAt(text, at)
	return p.Path
}

// Lit is the node that is lit; "" if none.
func (p *Place) Lit() string {
	if p.picture == nil {
		return ""
	}
	return p.picture.Selected().ID
}

func (p *Place) has(design string) bool {
	for _, s := range p.valid.scenes {
		if s.Design == design {
			return true
		}
	}
	return false
}

// ShowNode leads to where a node is written: in the design that is shown, or else in
// what the designs share.
func (p *Place) ShowNode(id string) {
	best, rank := -1, 0
	for _, k := range yamltree.Keys(p.buffer.Text()) {
		node, design := scenarios.ElementOf(k.Path)
		own := len(k.Path) == 2 || len(k.Path) == 4 && (design != "" || strings.Contains(node, "/")) || len(k.Path) == 6
		if node != id && !strings.HasPrefix(id, node+"/") || node == "" || !own {
			continue
		}
		r := 1 + 2*len(node) // a queue before its broker
		if design == p.design {
			r++
		}
		if (design == "" || design == p.design) && r > rank {
			best, rank = k.From, r
		}
	}
	if best >= 0 {
		p.editor.GoTo(best)
	}
}
