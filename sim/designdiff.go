package sim

import (
	"cmp"
	"slices"
	"strings"

	"asynclab/sim/design"
	"asynclab/sim/record"
	"asynclab/sim/topology"
)

// DesignDiff is what differs between two designs in one element: a service, a step, a
// queue, a link …
type DesignDiff struct {
	Mark    topology.Mark // Added: only the second design has it; Removed: only the first
	Element string        // in the reader's words: "pay", "call shop → pay/charge"
	Values  []Changed     // of an element that both have

	nodes []string  // of the picture
	edge  [2]string // of the picture; empty: none
}

// Changed is a value that differs.
type Changed struct {
	Name     string // in the reader's words: "retry attempts"
	Was, Now string // "none" where a design has nothing of the kind
}

// Text is the difference as one line for each value: "pay: workers 32 → 64".
func (d *DesignDiff) Text(first, second string) []string {
	switch d.Mark {
	case topology.Added:
		return []string{d.Element + ": only in " + second}
	case topology.Removed:
		return []string{d.Element + ": only in " + first}
	}
	var lines []string
	for _, v := range d.Values {
		text := d.Element + ": "
		if v.Name != "" {
			text += v.Name + " "
		}
		lines = append(lines, text+v.Was+" → "+v.Now)
	}
	return lines
}

// part is an element of a design, with what is said of it.
type part struct {
	DesignDiff
	prefix string // of its paths
	parent string // prefix of the element that it belongs to
	values []Changed
	order  []string // of the steps of a handler
}

// DiffDesigns lists what differs between two designs, in the order of the first, what
// only the second has behind its neighbours.
func DiffDesigns(a, b *design.Design) []DesignDiff {
	was, now := parts(a, b), parts(b, a)
	at := map[string]*part{}
	for i := range now {
		at[now[i].prefix] = &now[i]
	}
	had := map[string]bool{}
	var all []DesignDiff
	gone := map[string]bool{} // elements that one design has not, whose parts are not told
	for i := range was {
		p := &was[i]
		had[p.prefix] = true
		other := at[p.prefix]
		switch {
		case other == nil:
			if gone[p.prefix] = true; !gone[p.parent] {
				p.Mark = topology.Removed
				all = append(all, p.DesignDiff)
			}
		default:
			p.Values = changed(p.values, other.values)
			if !slices.Equal(p.order, other.order) && slices.Equal(slices.Sorted(slices.Values(p.order)), slices.Sorted(slices.Values(other.order))) {
				p.Values = append(p.Values, Changed{"order of steps", strings.Join(p.order, ", "), strings.Join(other.order, ", ")})
			}
			if len(p.Values) > 0 {
				p.Mark = topology.Differs
				all = append(all, p.DesignDiff)
			}
		}
	}
	for i := range now {
		p := &now[i]
		if had[p.prefix] {
			continue
		}
		if gone[p.prefix] = true; !gone[p.parent] {
			p.Mark = topology.Added
			all = append(all, p.DesignDiff)
		}
	}
	return all
}

// changed are the values that differ. What is missing on one side is none; of settings
// with a common first word that are all missing, that word is told once.
func changed(was, now []Changed) (all []Changed) {
	find := func(list []Changed, name string) string {
		if i := slices.IndexFunc(list, func(c Changed) bool { return c.Name == name }); i >= 0 {
			return list[i].Now
		}
		return ""
	}
	group := func(list []Changed, name string) bool { // whether it has a setting of the same group
		word, _, _ := strings.Cut(name, " ")
		return slices.ContainsFunc(list, func(c Changed) bool { return c.Name == word || strings.HasPrefix(c.Name, word+" ") })
	}
	add := func(name, before, after string) {
		if word, _, of := strings.Cut(name, " "); of && (before == "" && !group(was, name) || after == "" && !group(now, name)) {
			name = word
			if before = "none"; after == "" {
				before, after = "yes", "none"
			} else {
				after = "yes"
			}
		}
		c := Changed{name, cmp.Or(before, "none"), cmp.Or(after, "none")}
		if c.Was != c.Now && !slices.ContainsFunc(all, func(x Changed) bool { return x.Name == name }) {
			all = append(all, c)
		}
	}
	for _, v := range was {
		add(v.Name, v.Now, find(now, v.Name))
	}
	for _, v := range now {
		if find(was, v.Name) == "" {
			add(v.Name, "", v.Now)
		}
	}
	return all
}

// parts lists the elements of a design, with what is said of each. A link that only the
// other design declares is there too, as it applies here.
func parts(d, other *design.Design) []part {
	d = withLinks(d, other)
	var all []part
	add := func(p part) { all = append(all, p) }
	for i := range d.Loads {
		l := &d.Loads[i]
		add(part{DesignDiff: DesignDiff{Element: "load " + l.Name, nodes: []string{l.Name}, edge: [2]string{l.Name, l.To.Node}}, prefix: "load." + l.Name,
			values: []Changed{{Name: "arrivals", Now: arrivalKinds[l.Arrivals.Kind]}}})
	}
	for i := range d.Services {
		all = append(all, serviceParts(&d.Services[i])...)
	}
	for i := range d.Brokers {
		all = append(all, brokerParts(&d.Brokers[i], d)...)
	}
	add(part{DesignDiff: DesignDiff{Element: "links"}, prefix: "link.default"})
	for i := range d.Links {
		l := &d.Links[i]
		add(part{DesignDiff: DesignDiff{Element: "link " + l.From + " → " + l.To, edge: [2]string{l.From, l.To}}, prefix: "link." + l.From + "->" + l.To})
	}
	for i := range d.Faults {
		f := &d.Faults[i]
		add(part{DesignDiff: DesignDiff{Element: "fault " + f.Called()}, prefix: "fault." + f.Name, values: []Changed{{Now: design.FormatFault(*f)}}})
	}
	if d.Prices.Currency != "" {
		add(part{DesignDiff: DesignDiff{Element: "prices"}, prefix: "prices"})
	}
	fill(d, all)
	return all
}

// arrivalKinds are the words of the language; users have arrivals of no kind.
var arrivalKinds = [...]string{design.NoArrivals: "by users", design.Poisson: "poisson", design.Regular: "constant", design.Renewal: "every", design.Trace: "from a file"}

// withLinks is the design with the links declared that the other one declares.
func withLinks(d, other *design.Design) *design.Design {
	d = d.Clone()
	ends := d.Ends()
	for i := range other.Links {
		l := &other.Links[i]
		has := slices.ContainsFunc(d.Links, func(x design.Link) bool { return x.From == l.From && x.To == l.To })
		if !has && slices.Contains(ends, l.From) && slices.Contains(ends, l.To) {
			d.Links = append(d.Links, design.Link{From: l.From, To: l.To, LinkParams: *d.LinkBetween(l.From, l.To)})
		}
	}
	return d
}

// fill gives each part what is said of it.
func fill(d *design.Design, all []part) {
	at := map[string]*part{}
	for i := range all {
		at[all[i].prefix] = &all[i]
	}
	say := func(path, text string) {
		for p := path; p != ""; p = p[:max(0, strings.LastIndexByte(p, '.'))] {
			if e := at[p]; e != nil {
				if strings.HasPrefix(p, "fault.") {
					return // a fault is told as one line
				}
				name := strings.NewReplacer(".", " ", "_", " ").Replace(strings.TrimPrefix(path[len(p):], "."))
				if strings.HasSuffix(name, "retry attempts") && text == "1" {
					text = "none"
				}
				if strings.HasPrefix(path, "load.") && name == "at" { // of a confirmation
					name = "confirmed at"
				}
				if text == "[]" {
					text = "none"
				}
				e.values = append(e.values, Changed{Name: name, Now: text})
				return
			}
		}
	}
	d.Describe(say)
}

func serviceParts(s *design.Service) []part {
	prefix := "service." + s.Name
	all := []part{{DesignDiff: DesignDiff{Element: s.Name, nodes: []string{s.Name}}, prefix: prefix}}
	for i := range s.Handlers {
		h := &s.Handlers[i]
		title := s.Name + "/" + h.Name
		if len(s.Handlers) == 1 {
			title = s.Name
		}
		handler := prefix + ".on." + h.Name
		names := h.StepNames()
		order := make([]string, 0, len(names))
		for j := range names {
			order = append(order, names[j].Name)
		}
		all = append(all, part{DesignDiff: DesignDiff{Element: s.Name + "/" + h.Name, nodes: []string{s.Name}}, prefix: handler, parent: prefix, order: order})
		for j := range names {
			st := &names[j]
			p := part{DesignDiff: DesignDiff{Element: title + ": " + st.Name, nodes: []string{s.Name}}, prefix: handler + "." + st.Name, parent: handler}
			if st.To != (design.Target{}) {
				p.Element = st.Op.String() + " " + title + " → " + st.To.String()
				if st.Step.Name != "" {
					p.Element += " (" + st.Step.Name + ")"
				} else if _, number, ok := strings.Cut(st.Name, "#"); ok {
					p.Element += " (#" + number + ")"
				}
				p.nodes, p.edge = nil, [2]string{s.Name, st.To.Node}
			}
			if st.HasElse {
				p.values = append(p.values, Changed{Name: "else", Now: "done"})
			}
			all = append(all, p)
		}
	}
	for i := range s.Consumes {
		k := &s.Consumes[i]
		all = append(all, part{DesignDiff: DesignDiff{Element: s.Name + " consumes " + k.Label(), edge: [2]string{k.From.String(), s.Name}},
			prefix: prefix + ".consumes." + k.Label(), parent: prefix})
	}
	return all
}

func brokerParts(b *design.Broker, d *design.Design) []part {
	all := []part{{DesignDiff: DesignDiff{Element: "broker " + b.Name, nodes: []string{b.Name}}, prefix: "broker." + b.Name}}
	queue := func(word, name string) {
		all = append(all, part{DesignDiff: DesignDiff{Element: word + " " + name, nodes: []string{name}}, prefix: "queue." + name, parent: "broker." + b.Name})
	}
	for i := range b.Queues {
		queue("queue", b.Name+"/"+b.Queues[i].Name)
	}
	readers := d.Readers()
	for i := range b.Topics {
		t := &b.Topics[i]
		queue("topic", b.Name+"/"+t.Name)
		for _, q := range t.All(readers[design.Target{Node: b.Name, Entry: t.Name}]) {
			queue("subscription", b.Name+"/"+t.Name+"/"+q.Name)
		}
	}
	return all
}

// The lines of a picture of two designs.
var (
	onlyIn  = record.Word{ID: "detail.only-in", English: "only in %s"}
	differs = record.Word{ID: "detail.differs", English: "differs"}
)

// GraphOfBoth is the topology of two designs: what both have, and what only one has. The
// marks tell what is added by the second, removed, and different.
func GraphOfBoth(a, b *design.Design) topology.Graph {
	was, out := Graph(a), Graph(b)
	has := map[string]int{}
	for i, n := range out.Nodes {
		has[n.ID] = i
	}
	before := map[string]bool{}
	for _, n := range was.Nodes {
		before[n.ID] = true
		if _, ok := has[n.ID]; !ok {
			n.Mark = topology.Removed
			has[n.ID] = len(out.Nodes)
			out.Nodes = append(out.Nodes, n)
		}
	}
	same := func(x, y topology.Edge) bool { return x.From == y.From && x.To == y.To && x.Kind == y.Kind }
	for i, e := range out.Edges {
		k := slices.IndexFunc(was.Edges, func(x topology.Edge) bool { return same(x, e) })
		switch {
		case k < 0:
			out.Edges[i].Mark = topology.Added
		case was.Edges[k].Label != e.Label:
			out.Edges[i].Mark = topology.Differs
		}
	}
	for _, e := range was.Edges {
		if !slices.ContainsFunc(out.Edges, func(x topology.Edge) bool { return same(x, e) }) {
			e.Mark = topology.Removed
			out.Edges = append(out.Edges, e)
		}
	}
	for _, d := range DiffDesigns(a, b) {
		for _, id := range d.nodes {
			if i, ok := has[id]; ok && out.Nodes[i].Mark == topology.Same {
				out.Nodes[i].Mark = topology.Differs
			}
		}
		for i := range out.Edges {
			if e := &out.Edges[i]; d.edge[0] != "" && e.Mark == topology.Same && within(e.From, d.edge[0]) && within(e.To, d.edge[1]) {
				e.Mark = topology.Differs
			}
		}
	}
	for i := range out.Nodes {
		n := &out.Nodes[i]
		switch {
		case !before[n.ID]:
			n.Mark = topology.Added
			n.Detail = append(n.Detail, line(onlyIn, b.Name))
		case n.Mark == topology.Removed:
			n.Detail = append(n.Detail, line(onlyIn, a.Name))
		case n.Mark == topology.Differs:
			n.Detail = append(n.Detail, line(differs))
		}
	}
	return out
}

// within tells whether the node of an edge is a node, or a part of it.
func within(id, node string) bool { return id == node || strings.HasPrefix(id, node+"/") }
