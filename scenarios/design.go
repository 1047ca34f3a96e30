package scenarios

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"asynclab/scenarios/yamltree"
	"asynclab/sim/design"
	"asynclab/sim/draw"
	"asynclab/sim/expect"
	"asynclab/sim/spell"
)

// Expectation is one line about the results, and its position in the file.
type Expectation struct {
	Text         string
	Line, Column int
	Parsed       *expect.Expectation
}

// scenario makes a scenario from the tree of a file. Mistakes go to the report.
func (r *reader) scenario(root *yamltree.Node) *Scenario {
	var d document
	d.Path = r.File
	r.lang.document.read(r, root, &d)
	if root.Shape != yamltree.Mapping {
		return nil
	}
	s := &d.Scenario
	if s.Title == "" {
		s.Title = s.Name
	}
	r.settings(root.Get("run"), s.Run)

	taken := map[string]int{}
	shared := readFaults(r, d.faults, taken)
	var all []*built
	for _, v := range r.chains(r.variants(&d)) {
		b := r.design(&d, v)
		names := maps.Clone(taken)
		for _, part := range v.chain {
			b.faults = append(b.faults, readFaults(r, part.faults, names)...)
		}
		all = append(all, b)
		s.Designs = append(s.Designs, b.design)
		s.DesignTitles = append(s.DesignTitles, v.title)
	}
	checkZones(r.Report, all)
	applyFaults(r.Report, shared, all)
	r.applySettings(all)
	for i, b := range all {
		s.Designs[i] = b.design
		s.Presets = append(s.Presets, b.used)
	}
	for _, b := range all {
		for _, f := range slices.Concat(shared, b.faults) {
			b.where["fault."+f.Name] = f.at
			for _, p := range f.at.Pairs {
				b.where["fault."+f.Name+"."+p.Key.Text] = p.Val
			}
		}
	}
	r.currencies(all)
	r.check(all, s.Run.Duration)
	r.changes(s, d.changes)
	r.expectations(s, d.expect)
	s.DataFiles, s.Data = r.data.names(), r.data.uses
	return s
}

// settings checks the settings of the run against each other.
func (r *reader) settings(n *yamltree.Node, s Settings) {
	if n == nil || n.Shape != yamltree.Mapping {
		return
	}
	switch {
	case n.Get("duration") == nil && n.Get("completions") == nil:
		r.at(n, "for example run: {duration: 10min, warmup: 1min}", "a run needs a duration or a number of completions")
	case s.WarmupShare > 0 && n.Get("duration") == nil:
		r.at(n.Get("warmup"), "write a time, for example 1min", "a share of which duration? the run has none")
	case s.Duration > 0 && s.Warmup >= s.Duration:
		r.at(n.Get("warmup"), "for example 10%", "the warm-up takes the whole run")
	}
}

// namedVariant is a design with its name and the node of the name.
type namedVariant struct {
	variant
	name  string
	at    *yamltree.Node
	chain []*namedVariant // the designs it is laid over, the first first, and itself; none after a mistake
}

// variants lists the designs of the file. A file without designs has one, made of
// the shared parts and named after the scenario.
func (r *reader) variants(d *document) []namedVariant {
	if d.designs == nil {
		return []namedVariant{{variant: variant{title: d.Title}, name: d.Name, at: top}}
	}
	var all []namedVariant
	r.entries(d.designs, "designs", func(key, val *yamltree.Node) {
		switch {
		case !r.name(key, "design"):
			return
		case expect.IsKind(key.Text) || slices.Contains(r.lang.mechanisms.Begin(), key.Text):
			r.at(key, spell.Textf("call it %s-design, or something that says what is different", key.Text), "%q cannot be the name of a design: metrics begin with this word", key.Text)
			return
		case len(all) == maxDesigns:
			r.at(key, "", "more than %d designs", maxDesigns)
			return
		}
		v := namedVariant{variant: variant{title: key.Text}, name: key.Text, at: key}
		if r.lang.variant.read(r, val, &v.variant) {
			all = append(all, v)
		}
	})
	if d.designs.Shape == yamltree.Mapping && len(d.designs.Pairs) == 0 {
		r.at(d.designs, "leave designs out to have one, of what is shared", "no designs")
	}
	return all
}

// built is a design with the nodes of the file that it was read from.
type built struct {
	design *design.Design
	namedVariant
	where   map[string]*yamltree.Node // of every path
	wrong   map[string]bool           // paths with a mistake at or below them
	faults  []fault                   // of this design alone
	zones   zones
	zonesAt []*yamltree.Node        // where they are declared
	own     map[*yamltree.Node]bool // nodes in its own part of the file; filled at the first use
	used    []Used                  // what its elements have from presets
}

// design reads one design: the shared parts, merged with those of the designs that it
// extends, and its own.
func (r *reader) design(d *document, v namedVariant) *built {
	out := &design.Design{Name: v.name}
	b := &built{design: out, namedVariant: v, where: map[string]*yamltree.Node{"design": v.at}, wrong: map[string]bool{}}
	of := &reader{Report: r.Report, lang: r.lang, data: r.data, where: b.where, wrong: b.wrong, budget: r.budget}
	merged := func(base *yamltree.Node, over func(v *variant) *yamltree.Node) *yamltree.Node {
		for _, v := range v.chain {
			base = r.Merge(base, over(&v.variant))
		}
		return base
	}
	if len(v.chain) == 0 {
		return b
	}
	part := func(base *yamltree.Node, over func(v *variant) *yamltree.Node, what string, visit func(key, val *yamltree.Node)) {
		n := merged(base, over)
		if n == nil || !r.afford(n) {
			return
		}
		of.entries(n, what, visit)
	}
	part(d.load, func(v *variant) *yamltree.Node { return v.load }, "loads", func(key, val *yamltree.Node) {
		of.in("load."+key.Text, key, val, func() {
			if l, ok := readLoad(of, key, val); ok {
				out.Loads = append(out.Loads, l)
			}
		})
	})
	part(d.services, func(v *variant) *yamltree.Node { return v.services }, "services", func(key, val *yamltree.Node) {
		of.in("service."+key.Text, key, val, func() {
			if s, ok := readService(of, key, val); ok {
				out.Services = append(out.Services, s)
			}
		})
	})
	part(d.brokers, func(v *variant) *yamltree.Node { return v.brokers }, "brokers", func(key, val *yamltree.Node) {
		of.in("broker."+key.Text, key, val, func() {
			if b, ok := readBroker(of, key, val); ok {
				out.Brokers = append(out.Brokers, b)
			}
		})
	})
	b.zones, b.zonesAt = zones{}, []*yamltree.Node{d.zones}
	for _, v := range v.chain {
		b.zonesAt = append(b.zonesAt, v.zones)
	}
	if n := merged(d.zones, func(v *variant) *yamltree.Node { return v.zones }); n != nil && r.afford(n) {
		b.zones = readZones(of, n)
	}
	if n := merged(d.links, func(v *variant) *yamltree.Node { return v.links }); n != nil && r.afford(n) {
		readLinks(of, n, out, b.zones)
	}
	if n := merged(d.prices, func(v *variant) *yamltree.Node { return v.prices }); n != nil && r.afford(n) {
		of.in("prices", n, n, func() { r.lang.prices.read(of, n, &out.Prices) })
	}
	b.used = of.used
	return b
}

// currencies reports a design that is priced in another currency than the first priced
// one: their costs could not be compared.
func (r *reader) currencies(all []*built) {
	var first *built
	for _, b := range all {
		now := b.design.Prices.Currency
		switch {
		case now == "":
		case first == nil:
			first = b
		case now != first.design.Prices.Currency:
			at, _ := locate(b.where, "prices.currency")
			r.at(at, spell.Textf("write all prices in %s", first.design.Prices.Currency), "design %s is priced in %s, and design %s in %s: their costs could not be compared",
				b.name, now, first.name, first.design.Prices.Currency)
			return
		}
	}
}

// afford subtracts the nodes of a part from the budget of the file. Every design
// reads the shared parts again, so that the size of the file does not bound the work.
func (r *reader) afford(n *yamltree.Node) bool {
	if *r.budget < 0 {
		return false
	}
	if *r.budget -= n.Size; *r.budget < 0 {
		r.at(n, "split it into several scenarios", "the designs are too large together")
		return false
	}
	return true
}

// expectations reads the lines of expect, and checks their designs.
func (r *reader) expectations(s *Scenario, n *yamltree.Node) {
	if n == nil {
		return
	}
	if n.Shape != yamltree.List {
		r.at(n, spell.Textf("for example %s", expectKind.example), "expected a list of expectations, found %s", n.Shape.Noun())
		return
	}
	if len(n.Items) > maxExpect {
		r.at(n, "", "more than %d expectations", maxExpect)
		return
	}
	// Metrics are checked only if all designs are valid.
	var unit func(design, metric string) (draw.Unit, error)
	if len(r.Mistakes) == 0 && len(s.Designs) > 0 {
		known := Metrics{}
		unit = func(design, metric string) (draw.Unit, error) {
			return known.Unit(cmp.Or(s.Design(design), s.Designs[0]), metric)
		}
	}
	for _, item := range n.Items {
		if r.Full() { // the hint for an unknown metric is expensive
			return
		}
		if item.Shape == yamltree.Mapping && len(item.Pairs) > 0 {
			r.at(item, unquoted(item), "an expectation is one line of text")
			continue
		}
		text, ok := r.text(item, &kind{name: "line", example: expectKind.example})
		if !ok {
			continue
		}
		e := Expectation{Text: text, Line: item.Line, Column: item.Col}
		if e.Parsed, ok = r.expectation(item, text, s, unit); ok {
			s.Expect = append(s.Expect, e)
		}
	}
}

// unquoted is the hint for the most common mistake: without quotes, the colon
// makes the line a mapping.
func unquoted(item *yamltree.Node) string {
	p := item.Pairs[0]
	return "put it in quotes: \"" + strings.TrimSpace(p.Key.Text+": "+p.Val.Text) + "\""
}
