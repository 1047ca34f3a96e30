package build

import (
	"strings"

	"asynclab/scenarios/yamltree"
	"asynclab/ui/stage"
)

// The picture and the text show the same element: a tap on a node leads to where it is
// written, and the node at the caret is lit.

// nodeAt is the node of the picture that a path of the text is about; "" if none.
func nodeAt(path []string) (node, design string) {
	if len(path) > 2 && path[0] == "designs" {
		design, path = path[1], path[2:]
	}
	switch {
	case len(path) >= 4 && path[0] == "brokers" && (path[2] == "queues" || path[2] == "topics"):
		return path[1] + "/" + path[3], design
	case len(path) >= 2 && (path[0] == "services" || path[0] == "brokers" || path[0] == "load"):
		return path[1], design
	}
	return "", design
}

// follow lights the node at the caret.
func (p *Place) follow() {
	if p.editor == nil || p.picture.Scene() == nil {
		return
	}
	lit := stage.Element{}
	if path := pathAt(p.buffer.Text(), p.buffer.Caret); len(path) > 0 {
		node, design := nodeAt(path)
		if design != "" && design != p.design && p.has(design) {
			p.design = design
			p.draw()
			return
		}
		if _, _, ok := p.picture.Box(node); ok {
			lit = stage.Node(node)
		}
	}
	p.picture.Select(lit)
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
		node, design := nodeAt(k.Path)
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
		p.focus()
		p.editor.GoTo(best)
	}
}
