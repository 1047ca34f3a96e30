package control

import (
	"math"
	"slices"
	"strings"

	"asynclab/sim/model"
	"asynclab/sim/topology"
)

// Readings are the metrics of an element of a lane's picture: a node by its ID,
// or a connection as "a->b", whose ends may be any nodes.
func (s *Session) Readings(lane int, element string) []Reading {
	l := s.lanes[lane]
	return s.readings(l, l.run.Values(), element)
}

func (s *Session) readings(l *lane, values []model.MetricValue, element string) []Reading {
	var all []Reading
	for _, prefix := range l.metricPrefixes(element) {
		for _, v := range values {
			if tail, ok := strings.CutPrefix(v.Name, prefix); ok {
				kind, _, _ := strings.Cut(v.Name, ".")
				id, doc := docs.of(kind, tail)
				all = append(all, Reading{v.Name, v.Unit, v.Value, id, doc})
			}
		}
	}
	return all
}

// metricPrefixes are what the names of an element's metrics begin with.
func (l *lane) metricPrefixes(element string) []string {
	if from, to, ok := strings.Cut(element, "->"); ok {
		from, to = l.top(from), l.top(to)
		return []string{"link." + from + "->" + to + ".", "link." + to + "->" + from + "."}
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
	case topology.Queue, topology.Subscription:
		return []string{"queue." + element + "."}
	}
	var all []string // of a broker or topic: its queues
	for _, q := range l.queues {
		if strings.HasPrefix(q, element+"/") {
			all = append(all, "queue."+q+".")
		}
	}
	return all
}

// metricDocs explains metrics, by kind and by what follows the name.
type metricDocs map[string]string

var docs = func() metricDocs {
	d := metricDocs{}
	for _, m := range model.MetricDocs() {
		parts := strings.SplitN(m.Pattern, ".", 3) // "run.events" has no name in the middle
		d[parts[0]+"."+parts[len(parts)-1]] = m.Doc
	}
	return d
}()

// of looks for the metric itself, then for that of which it is a statistic.
func (d metricDocs) of(kind, tail string) (id, doc string) {
	for {
		key := kind + "." + tail
		if doc, ok := d[key]; ok {
			return metricID(key), doc
		}
		i := strings.LastIndexByte(tail, '.')
		if i < 0 {
			return "", ""
		}
		tail = tail[:i]
		key = kind + "." + tail + ".CAUSE"
		if doc, ok := d[key]; ok {
			return metricID(key), doc
		}
	}
}

// metricID is the id of the words of a metric, from its pattern without the name.
func metricID(key string) string { return "metric." + strings.ToLower(key) }

// Params are the parameters of an element of a lane's picture, with their values
// now: of a service also those of its handlers; of a connection, there and back.
func (s *Session) Params(lane int, element string) []Param {
	l := s.lanes[lane]
	d := l.run.Design()
	var all []Param
	for _, prefix := range l.paramPrefixes(element) {
		if strings.HasPrefix(prefix, "link.") {
			all = append(all, l.linkParams(d, prefix)...)
			continue
		}
		for _, p := range model.Params(d) {
			if strings.HasPrefix(p.Path, prefix) {
				all = append(all, l.param(d, p))
			}
		}
	}
	return all
}

// linkParams also finds those of a connection that is not declared.
func (l *lane) linkParams(d *model.Design, prefix string) []Param {
	var all []Param
	for _, p := range model.Params(d) {
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

func (l *lane) param(d *model.Design, p model.Param) Param {
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

func eachStep(steps []model.Step, do func(*model.Step)) {
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
