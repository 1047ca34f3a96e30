package scenarios

import (
	"maps"
	"slices"

	"asynclab/scenarios/yamltree"
	"asynclab/sim/design"

	"github.com/invopop/jsonschema"
)

// Zones are a matter of the language: a fault of a zone is one of its members, a link
// between two zones stands for those between their members that have none of their own.

// maxZoneLinks bounds the links that stand for those between zones.
const maxZoneLinks = 10_000

// zones are the members of each, by name.
type zones map[string][]design.Member

var zonesKind = &kind{name: "mapping from zones to their members", example: "{eu: [shop, pay#1], us: [pay#2, bus]}",
	doc: "the name of a zone, and a list of services, brokers, instances (`pay#1`) and loads",
	schema: func() *jsonschema.Schema {
		return &jsonschema.Schema{Type: "object", AdditionalProperties: membersKind.schema()}
	}}

// readZones reads the zones of a design. A zone may have members that other designs
// have, and this one has not.
func readZones(r *reader, n *yamltree.Node) zones {
	all := zones{}
	r.entries(n, "zones", func(key, val *yamltree.Node) {
		if r.name(key, "zone") {
			all[key.Text] = r.members(val)
		}
	})
	return all
}

func (z zones) names() []string { return slices.Sorted(maps.Keys(z)) }

// within expands a name to what it stands for: the members of a zone, or itself.
func (z zones) within(m design.Member) []design.Member {
	if all, ok := z[m.Node]; ok && m.Instance == 0 {
		return all
	}
	return []design.Member{m}
}

// struck expands a name to what a fault of a kind strikes: of a zone neither its loads nor,
// where brokers have nothing that could fail so, these; unless it has nothing else.
func (z zones) struck(m design.Member, kind design.FaultKind, d *design.Design) []design.Member {
	all := z.within(m)
	if z[m.Node] == nil {
		return all
	}
	left := slices.DeleteFunc(slices.Clone(all), func(m design.Member) bool {
		named := func(name string) bool { return name == m.Node }
		return slices.ContainsFunc(d.Loads, func(l design.Load) bool { return named(l.Name) }) ||
			!kind.Class().Broker && slices.ContainsFunc(d.Brokers, func(b design.Broker) bool { return named(b.Name) })
	})
	if len(left) == 0 {
		return all
	}
	return left
}

// nodes are the nodes of a zone, or the node of that name.
func (z zones) nodes(name string) (all []string) {
	for _, m := range z.within(design.Member{Node: name}) {
		all = append(all, m.Node)
	}
	return all
}

// split is a member of a zone that is only an instance of its service: links are of
// the whole service.
func (z zones) split(name string) (m design.Member, is bool) {
	all := z[name]
	i := slices.IndexFunc(all, func(m design.Member) bool { return m.Instance > 0 })
	if i < 0 {
		return m, false
	}
	return all[i], true
}

// link declares the links between the members of two zones.
func (z zones) link(r *reader, key *yamltree.Node, from, to string, l design.LinkParams, d *design.Design, declared map[[2]string]bool) {
	for _, name := range []string{from, to} {
		if m, is := z.split(name); is {
			r.at(key, "make the instances services of their own", "a link belongs to a whole service, and zone %s has only %s", name, m)
			return
		}
	}
	for _, a := range z.nodes(from) {
		for _, b := range z.nodes(to) {
			if a == b || declared[[2]string{a, b}] {
				continue
			}
			if len(d.Links) >= maxZoneLinks {
				r.at(key, "", "the links between zones are more than %d", maxZoneLinks)
				return
			}
			declared[[2]string{a, b}] = true
			r.where["link."+a+"->"+b] = key
			d.Links = append(d.Links, design.Link{From: a, To: b, LinkParams: l, Zone: true})
		}
	}
}

// checkZones reports members that no design has, and zones that are called as a node is.
func checkZones(r *yamltree.Report, designs []*built) {
	known := map[string]bool{}
	for _, b := range designs {
		has, _ := designNodes(b.design)
		maps.Copy(known, has)
	}
	names := slices.DeleteFunc(slices.Sorted(maps.Keys(known)), func(name string) bool { return name == "*" })
	seen := map[*yamltree.Node]bool{}
	for _, b := range designs {
		for _, at := range b.zonesAt {
			if at == nil || at.Shape != yamltree.Mapping || seen[at] {
				continue
			}
			seen[at] = true
			for _, p := range at.Pairs {
				if known[p.Key.Text] {
					r.At(p.Key, "give the zone another name", "%s is a zone and a node", p.Key.Text)
				}
				for _, m := range b.zones[p.Key.Text] {
					if !known[m.Node] && !r.Full() {
						r.Unknown(p.Val, m.Node, "nodes", names, "there is no %q in any design", m.Node)
					}
				}
			}
		}
	}
}
