package scenarios

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"asynclab/scenarios/yamltree"
	"asynclab/sim/design"
	"asynclab/sim/spec"
	"asynclab/sim/spell"

	"github.com/invopop/jsonschema"
)

// maxCuts bounds the links, each direction by itself, that the faults of a design cut.
const maxCuts = 100_000

// fault is a fault as the file states it, before it is applied to a design.
type fault struct {
	design.Fault
	kinds     []string // its keys that name a kind of fault; exactly one is valid
	partition []string
	at        *yamltree.Node
	nodes     map[string]*yamltree.Node // position of each service, broker or load that it names
}

// faultForm is a key that names the kind of fault.
func faultForm(k *kind, kind design.FaultKind, read func(r *reader, n *yamltree.Node, f *fault)) form {
	return form{fixed(k), func(r *reader, n *yamltree.Node, e *entry, _ any) bool {
		f := r.fault
		f.Kind, f.kinds = kind, append(f.kinds, e.Key)
		read(r, n, f)
		return true
	}}
}

var membersKind = &kind{name: "node or list of nodes", example: "pay",
	doc: "the name of a service or a broker, or `pay#2` for an instance; or a list of such, which fail together",
	schema: func() *jsonschema.Schema {
		return oneOrList(&jsonschema.Schema{Type: "string", Title: "node", Pattern: strings.TrimSuffix(namePatternSchema, "$") + "(#[1-9][0-9]*)?$"})
	}}

// nodeForm are the nodes that fail, kept with their positions. The key names the kind
// of fault.
var nodeForm = form{fixed(membersKind), func(r *reader, n *yamltree.Node, e *entry, _ any) bool {
	f := r.fault
	f.Kind, _ = design.FaultWord(e.Key)
	f.kinds = append(f.kinds, e.Key)
	all, before := r.members(n), len(r.Mistakes)
	for i, m := range all {
		if slices.Contains(all[:i], m) {
			r.at(n, "leave one of them out", "%s is named twice", m)
		}
		f.nodes[m.Node] = n
	}
	if len(all) > 0 {
		f.Node, f.Others = all[0].Node, all[1:]
		f.Instance = max(f.Instance, all[0].Instance)
	}
	return len(all) > 0 && len(r.Mistakes) == before
}}

// members reads a node, or a list of nodes; after a mistake there are none.
func (r *reader) members(n *yamltree.Node) (all []design.Member) {
	items := n.Items
	if n.Shape != yamltree.List {
		items = []*yamltree.Node{n}
	}
	if len(items) == 0 || len(items) > design.MaxFaults {
		r.at(n, "for example [pay, stock]", "a list of nodes has 1 to %d of them", design.MaxFaults)
		return nil
	}
	for _, item := range items {
		text, ok := r.text(item, nodeKind)
		if !ok {
			return nil
		}
		m, ok := design.ParseMember(text)
		if !ok || !validName(m.Node) {
			r.at(item, "write pay, or pay#2 for an instance", "%q cannot be the name of a node", text)
			return nil
		}
		all = append(all, m)
	}
	return all
}

func (r *reader) node(n *yamltree.Node) (string, bool) {
	text, ok := r.text(n, nodeKind)
	return text, ok && r.name(n, "node")
}

var cutKind = &kind{name: "connection", example: "shop -> pay",
	doc:    "`shop -> pay` is one direction, `shop <-> pay` both; `*` stands for every node; or a list of such",
	schema: func() *jsonschema.Schema { return oneOrList(&jsonschema.Schema{Type: "string", Pattern: "->"}) }}

func oneOrList(s *jsonschema.Schema) *jsonschema.Schema {
	return anyOf(s, &jsonschema.Schema{Type: "array", Items: s})
}

var nodesKind = &kind{name: "list of nodes", example: "[pay, stock]", schema: func() *jsonschema.Schema { return oneOrList(nodeKind.schema()) }}

var settingsKind = &kind{name: "settings", example: "{link.shop->pay.loss: 20%}",
	doc:    "parameters, by the paths that `--set` knows, and the values they have while the fault lasts",
	schema: func() *jsonschema.Schema { return &jsonschema.Schema{Type: "object"} }}

func readCut(r *reader, n *yamltree.Node, f *fault) {
	items := n.Items
	if n.Shape != yamltree.List {
		items = []*yamltree.Node{n}
	}
	for _, item := range items {
		text, ok := r.text(item, cutKind)
		if !ok {
			continue
		}
		both := strings.Contains(text, "<->")
		from, to, ok := strings.Cut(strings.Replace(text, "<->", "->", 1), "->")
		from, to = strings.TrimSpace(from), strings.TrimSpace(to)
		if !ok || from != "*" && !validName(from) || to != "*" && !validName(to) {
			r.at(item, "write shop -> pay, or shop <-> pay for both directions; * stands for every node", "%q is not a connection", text)
			continue
		}
		f.nodes[from], f.nodes[to] = item, item
		f.Cut = append(f.Cut, design.Cut{From: from, To: to})
		if both {
			f.Cut = append(f.Cut, design.Cut{From: to, To: from})
		}
	}
}

func readPartition(r *reader, n *yamltree.Node, f *fault) {
	items := n.Items
	if n.Shape != yamltree.List {
		items = []*yamltree.Node{n}
	}
	for _, item := range items {
		if name, ok := r.node(item); ok && f.nodes[name] == nil {
			f.partition = append(f.partition, name)
			f.nodes[name] = item
		}
	}
}

func readSettings(r *reader, n *yamltree.Node, f *fault) {
	r.entries(n, "parameters", func(key, val *yamltree.Node) {
		if text, ok := r.text(val, &kind{name: "value", example: "20%"}); ok {
			r.push(key.Text, key, val)
			r.pop()
			f.Set = append(f.Set, design.Setting{Path: key.Text, Value: text})
			if name := settingNode(key.Text); name != "" {
				f.nodes[name] = key
			}
		}
	})
}

// settingNode is the service, broker or load of a parameter; "" for other
// parameters, which the check of the design covers.
func settingNode(path string) string {
	kind, rest, _ := strings.Cut(path, ".")
	name, _, _ := strings.Cut(rest, ".")
	switch kind {
	case "service", "broker", "load":
		return name
	case "queue":
		name, _, _ = strings.Cut(name, "/")
		return name
	}
	return ""
}

// readFaults reads a list of faults. taken counts the names already given.
func readFaults(r *reader, n *yamltree.Node, taken map[string]int) (all []fault) {
	if n == nil {
		return nil
	}
	if n.Shape != yamltree.List {
		r.at(n, "each fault is an item of a list: - {at: 2min, for: 30s, crash: pay}", "expected a list of faults, found %s", n.Shape.Noun())
		return nil
	}
	if len(n.Items) > design.MaxFaults {
		r.at(n, "one fault with every or period happens again and again", "more than %d faults", design.MaxFaults)
		return nil
	}
	for _, item := range n.Items {
		f := fault{at: item, nodes: map[string]*yamltree.Node{}}
		before := len(r.Mistakes)
		r.fault = &f
		r.lang.fault.read(r, item, &f.Fault)
		if item.Shape == yamltree.Mapping && len(r.Mistakes) == before && f.complete(r) {
			f.call(taken)
			all = append(all, f)
		}
	}
	return all
}

// wrongs lists the keys that name a kind of fault.
func (l *language) wrongs() string {
	var keys []string
	for _, e := range l.fault.entries {
		if e.Kind == spec.Form {
			keys = append(keys, e.Key)
		}
	}
	last := len(keys) - 1
	return "one of " + strings.Join(keys[:last], ", ") + " and " + keys[last]
}

// complete checks that a fault has exactly one kind, and the keys of that kind.
func (f *fault) complete(r *reader) bool {
	before := len(r.Mistakes)
	if len(f.kinds) != 1 {
		if len(f.kinds) == 0 {
			r.at(f.at, spell.Textf("for example crash: pay; %s", r.lang.wrongs()), "nothing goes wrong in this fault")
			return false
		}
		r.at(f.at, r.lang.wrongs(), "a fault is one thing that goes wrong, this is %d", len(f.kinds))
		return false
	}
	class := f.Kind.Class()
	for i := range design.FaultClasses {
		c := &design.FaultClasses[i]
		given := c.Amount != "" && f.at.Get(c.Amount) != nil
		switch {
		case c == class && c.Amount != "" && !given:
			r.at(f.at, spell.Textf("for example %s: %s", c.Amount, c.Example), "%s needs %s", c.Word, c.Amount)
		case c.Amount != class.Amount && given:
			r.at(f.at.Get(c.Amount), "leave it out", "%s belongs to a fault with %s", c.Amount, c.Word)
		}
	}
	switch at := f.at.Get("instance"); {
	case at != nil && f.Node == "":
		r.at(at, "leave it out", "instance belongs to a fault of a service")
	case at != nil && (len(f.Others) > 0 || f.at.Get(f.kinds[0]) != nil && strings.Contains(f.at.Get(f.kinds[0]).Text, "#")):
		r.at(at, "write pay#2 instead of instance: 2", "the instance stands in the name already, or there are several nodes")
	}
	if at := f.at.Get("pick"); at != nil && f.Pick > len(f.Others) {
		r.at(at, "leave it out to strike them all", "pick %d of %d", f.Pick, len(f.Members()))
	}
	return len(r.Mistakes) == before
}

// call gives a fault without a name one that is not taken, such as crash-pay-2.
func (f *fault) call(taken map[string]int) {
	if f.Name != "" {
		taken[f.Name]++
		return
	}
	parts := []string{strings.ReplaceAll(f.kinds[0], "_", "-")}
	switch {
	case f.Node != "":
		parts = append(parts, f.Node)
	case len(f.partition) > 0:
		parts = append(parts, f.partition[0])
	case len(f.Cut) > 0:
		parts = append(parts, strings.Trim(f.Cut[0].From, "*"), strings.Trim(f.Cut[0].To, "*"))
	case len(f.Set) > 0:
		words := strings.FieldsFunc(f.Set[0].Path, func(c rune) bool { return strings.ContainsRune(".>/-", c) })
		parts = append(parts, words...)
	}
	parts = slices.DeleteFunc(parts, func(p string) bool { return !validName(p) })
	base := strings.Join(parts, "-")
	if runes := []rune(base); len(runes) > maxName-6 {
		base = strings.TrimRight(string(runes[:maxName-6]), "-_")
	}
	f.Name = base
	for taken[f.Name] > 0 {
		taken[base]++ // the number to try next
		f.Name = base + "-" + strconv.Itoa(taken[base])
	}
	taken[f.Name]++
}

// apply returns the fault for one design, without the nodes and parameters that
// the design does not have, and with the members of zones in their place. ok is false if
// nothing is left.
func (f *fault) apply(d *design.Design, has map[string]bool, all []string, z zones) (out design.Fault, ok bool) {
	out = f.Fault
	if f.Node != "" {
		var kept []design.Member
		for _, named := range f.Members() {
			for _, m := range z.struck(named, f.Kind, d) {
				if has[m.Node] && z[m.Node] == nil && !slices.Contains(kept, m) {
					kept = append(kept, m)
				}
			}
		}
		if len(z) > 0 { // zones may share a node, of which one has an instance only
			kept = slices.DeleteFunc(kept, func(m design.Member) bool {
				return m.Instance > 0 && slices.Contains(kept, design.Member{Node: m.Node})
			})
		}
		if len(kept) == 0 {
			return out, false
		}
		out.Node, out.Instance, out.Others = kept[0].Node, kept[0].Instance, nil
		if len(kept) > 1 {
			out.Others = kept[1:]
		}
		if f.Pick >= len(kept) {
			out.Pick = 0 // this design has not got more
		}
	}
	if f.Kind == design.FaultSet {
		out.Set = slices.DeleteFunc(slices.Clone(f.Set), func(s design.Setting) bool {
			name := settingNode(s.Path)
			return name != "" && !has[name]
		})
		return out, len(out.Set) > 0
	}
	if f.Kind != design.FaultCut {
		return out, true
	}
	out.Cut = nil
	for _, c := range f.Cut {
		for _, from := range z.nodes(c.From) {
			for _, to := range z.nodes(c.To) {
				if (from == "*" || has[from]) && (to == "*" || has[to]) && (from != to || z[c.From] == nil && z[c.To] == nil) && len(out.Cut) <= maxCuts {
					out.Cut = append(out.Cut, design.Cut{From: from, To: to})
				}
			}
		}
	}
	within := map[string]bool{}
	var partition []string
	for _, name := range f.partition {
		for _, node := range z.nodes(name) {
			if !within[node] {
				within[node] = true
				partition = append(partition, node)
			}
		}
	}
	for _, inside := range partition {
		for _, outside := range all {
			if has[inside] && !within[outside] && len(out.Cut) <= maxCuts {
				out.Cut = append(out.Cut, design.Cut{From: inside, To: outside}, design.Cut{From: outside, To: inside})
			}
		}
	}
	return out, len(out.Cut) > 0
}

// applyFaults adds to every design the faults that apply to it. The nodes that a
// fault of a design names must be in that design; those of a shared fault in some
// design.
func applyFaults(r *yamltree.Report, shared []fault, designs []*built) {
	known, inZones := map[string]bool{"*": true}, map[string]bool{}
	for _, b := range designs {
		d := b.design
		has, all := designNodes(d)
		for name := range b.zones {
			has[name], inZones[name] = true, true
		}
		maps.Copy(known, has)
		for j := range b.faults {
			b.faults[j].missing(r, has, b.zones.names(), "this design")
		}
		cuts := 0
		for _, f := range slices.Concat(shared, b.faults) {
			for name, at := range f.nodes {
				if m, is := b.zones.split(name); is && f.Kind == design.FaultCut && !r.Full() {
					r.At(at, "make the instances services of their own", "a link belongs to a whole service, and zone %s has only %s", name, m)
				}
			}
			if out, ok := f.apply(d, has, all, b.zones); ok {
				d.Faults = append(d.Faults, out)
				if cuts += len(out.Cut) + len(out.Others); cuts > maxCuts {
					break
				}
			}
		}
		if cuts > maxCuts || len(d.Faults) > design.MaxFaults {
			r.At(b.at, "", "the faults of design %s are too many", d.Name)
		}
	}
	for j := range shared {
		shared[j].missing(r, known, slices.Sorted(maps.Keys(inZones)), "any design")
	}
}

// missing reports the nodes that a fault names and that are not known. Where there are
// zones, they are what a fault may have meant besides a node of nearly that name.
func (f *fault) missing(r *yamltree.Report, known map[string]bool, zones []string, where string) {
	for name, at := range f.nodes {
		if name != "*" && !known[name] && !r.Full() {
			all := slices.DeleteFunc(slices.Sorted(maps.Keys(known)), func(name string) bool { return name == "*" })
			if len(zones) > 0 {
				r.At(at, spell.NearOr(name, all, spell.Textf("%s: %s", spell.Noun("zones"), spell.List(zones))), "there is no node and no zone %q in %s", name, where)
				continue
			}
			r.Unknown(at, name, "nodes", all, "there is no %q in %s", name, where)
		}
	}
}

// designNodes returns the names of the loads, services and brokers of a design.
func designNodes(d *design.Design) (has map[string]bool, all []string) {
	has = map[string]bool{"*": true}
	for _, l := range d.Loads {
		all = append(all, l.Name)
	}
	for _, s := range d.Services {
		all = append(all, s.Name)
	}
	for _, b := range d.Brokers {
		all = append(all, b.Name)
	}
	for _, name := range all {
		has[name] = true
	}
	return has, all
}
