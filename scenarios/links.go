package scenarios

import (
	"asynclab/scenarios/yamltree"
	"asynclab/sim/design"
	"asynclab/sim/spell"
	"strings"
)

// ends splits the key of a link ("shop -> pay"); ok is false if it is none.
func ends(key string) (from, to string, ok bool) {
	from, to, ok = strings.Cut(key, "->")
	from, to = strings.TrimSpace(from), strings.TrimSpace(to)
	return from, to, ok && validName(from) && validName(to)
}

// readLinks reads the links. The default comes first, because every link starts
// from it.
func readLinks(r *reader, n *yamltree.Node, d *design.Design, z zones) {
	declared, between := map[[2]string]bool{}, []func(){}

	if def := n.Get("default"); def != nil {
		r.in("link.default", def, def, func() { r.lang.link.read(r, def, &d.Default) })
	}
	r.entries(n, "links", func(key, val *yamltree.Node) {
		if key.Text == "default" {
			return
		}
		from, to, ok := ends(key.Text)
		if both := strings.TrimSpace(strings.TrimSuffix(from, "<")); !ok && validName(both) && validName(to) {
			r.at(key, spell.Textf("write %s -> %s: it describes the way back too, unless %s -> %s is there", both, to, to, both), "a link is written with ->")
			return
		}
		if !ok {
			r.unknown(key, key.Text, "keys", []string{"default", "shop -> pay"}, "%q is not a link", key.Text)
			return
		}
		l := design.Link{From: from, To: to, LinkParams: d.Default}
		r.in("link."+from+"->"+to, key, val, func() {
			if !r.lang.link.read(r, val, &l.LinkParams) {
				return
			}
			if z[from] != nil || z[to] != nil {
				between = append(between, func() { z.link(r, key, from, to, l.LinkParams, d, declared) })
				return
			}
			declared[[2]string{from, to}] = true
			d.Links = append(d.Links, l)
		})
	})
	for _, declare := range between {
		declare()
	}
}
