package control

import (
	"math"
	"slices"
	"strings"

	"asynclab/sim/design"
	"asynclab/sim/engine"
	"asynclab/sim/metric"
	"asynclab/sim/topology"
)

// Readings are the metrics of an element of a lane's picture: a node by its ID,
// or a link as "a->b", whose ends may be any nodes.
func (s *Session) Readings(lane int, element string) []Reading {
	l := s.lanes[lane]
	return s.readings(l, l.run.Values(), element)
}

func (s *Session) readings(l *lane, values []engine.MetricValue, element string) []Reading {
	var all []Reading
	for _, at := range l.measured(element) {
		for _, v := range values {
			if v.Ref.Kind() == at.kind && v.Ref.Element == at.name {
				all = append(all, Reading{v.Name, v.Unit, v.Value, v.Ref})
			}
		}
	}
	return all
}

// measured is an element under the name that metrics use.
type measured struct {
	kind *metric.Kind
	name string
}

// measured lists the elements with metrics that an element of the picture
// represents.
func (l *lane) measured(element string) (all []measured) {
	if from, to, ok := strings.Cut(element, "->"); ok {
		from, to = l.top(from), l.top(to)
		return []measured{{metric.Link, from + "->" + to}, {metric.Link, to + "->" + from}}
	}
	i := l.node(element)
	if i < 0 {
		return nil
	}
	switch l.scene.Graph.Nodes[i].Kind {
	case topology.Client:
		return []measured{{metric.Load, element}}
	case topology.Service:
		return []measured{{metric.Service, element}}
	case topology.Queue, topology.Subscription:
		return []measured{{metric.Queue, element}}
	}
	for _, q := range l.queues { // of a broker or topic
		if strings.HasPrefix(q, element+"/") {
			all = append(all, measured{metric.Queue, q})
		}
	}
	return all
}

// Params are the parameters of an element of a lane's picture, with their
// current values: a service includes those of its handlers, a link those of
// both directions.
func (s *Session) Params(lane int, element string) []Param {
	l := s.lanes[lane]
	d := l.run.Design()
	var all []Param
	for _, prefix := range l.paramPrefixes(element) {
		if strings.HasPrefix(prefix, "link.") {
			all = append(all, l.linkParams(d, prefix)...)
			continue
		}
		for _, p := range design.Params(d) {
			if strings.HasPrefix(p.Path, prefix) {
				all = append(all, l.param(d, p))
			}
		}
	}
	return all
}

// linkParams also finds the parameters of a link that is not declared.
func (l *lane) linkParams(d *design.Design, prefix string) []Param {
	var all []Param
	for _, p := range design.Params(d) {
		tail, ok := strings.CutPrefix(p.Path, "link.default.")
		if !ok {
			continue
		}
		if p, err := d.Lookup(prefix + tail); err == nil {
			all = append(all, l.param(d, p))
		}
	}
	return all
}

func (l *lane) param(d *design.Design, p design.Param) Param {
	x := Param{Param: p}
	x.Text, _ = d.Get(p.Path)
	x.Value, _ = d.Number(p.Path)
	if initial, err := l.given.Get(p.Path); err == nil {
		x.Initial = initial
	}
	return x
}

func (l *lane) paramPrefixes(element string) []string {
	if from, to, ok := strings.Cut(element, "->"); ok {
		var all []string
		links := l.prog.Links()
		for _, ends := range [][2]string{{l.top(from), l.top(to)}, {l.top(to), l.top(from)}} {
			if slices.Contains(links, ends) {
				all = append(all, "link."+ends[0]+"->"+ends[1]+".")
			}
		}
		return all
	}
	i := l.node(element)
	if i < 0 {
		return nil
	}
	switch l.scene.Graph.Nodes[i].Kind {
	case topology.Client:
		return []string{"load." + element + "."}
	case topology.Service:
		return []string{"service." + element + "."}
	case topology.Broker:
		return []string{"queue." + element + "/"}
	}
	return []string{"queue." + element + ".", "queue." + element + "/"}
}

func eachStep(steps []design.Step, do func(*design.Step)) {
	for i := range steps {
		do(&steps[i])
		for _, b := range steps[i].Branches {
			eachStep(b, do)
		}
		eachStep(steps[i].Else, do)
	}
}

func median(x []float64) float64 {
	if len(x) == 0 {
		return math.NaN()
	}
	x = slices.Sorted(slices.Values(x))
	return x[(len(x)-1)/2]
}
