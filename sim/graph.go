package sim

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"asynclab/sim/design"
	"asynclab/sim/draw"
	"asynclab/sim/record"
	"asynclab/sim/topology"
)

// Graph is the topology of a design: loads as clients, services, brokers with their
// queues, topics and subscriptions, and an edge for every call, publish, delivery and
// dead-letter. The ID of a node is the element in the names of its metrics: the name of a load, service or
// broker, BROKER/QUEUE, BROKER/TOPIC/SUBSCRIPTION.
func Graph(d *design.Design) topology.Graph {
	g := &grapher{seen: map[edgeKey]int{}, known: map[string]bool{}}
	for i := range d.Loads {
		l := &d.Loads[i]
		g.node(topology.Node{ID: l.Name, Kind: topology.Client, Detail: loadDetail(l)})
	}
	for i := range d.Services {
		s := &d.Services[i]
		g.node(topology.Node{ID: s.Name, Kind: topology.Service, Detail: serviceDetail(s)})
	}
	for i := range d.Brokers {
		g.broker(&d.Brokers[i], d.Services)
	}
	for _, l := range d.Loads {
		g.edge(l.Name, l.To, topology.Call, "")
		for _, to := range l.Uses.Targets() {
			g.edge(l.Name, to, topology.Call, "(failover)")
		}
	}
	for _, s := range d.Services {
		for _, h := range s.Handlers {
			g.steps(s.Name, h.Steps)
		}
		for _, c := range s.Consumes {
			from := c.From
			if g.known[from.String()+"/"+subscription(s.Name, c)] {
				from.Entry += "/" + subscription(s.Name, c)
			}
			g.add(from.String(), s.Name, topology.Deliver, c.Handler)
		}
	}
	for _, b := range d.Brokers {
		g.inside(b.Name)
	}
	for i, e := range g.labels {
		g.out.Edges[i].Label = short(e)
	}
	return g.out
}

type edgeKey struct {
	from, to string
	kind     topology.EdgeKind
}

// AwaitNote is in the label of an edge over which answers are awaited without holding a
// worker.
const AwaitNote = "(await)"

type grapher struct {
	out    topology.Graph
	known  map[string]bool
	seen   map[edgeKey]int
	labels [][]string // of each edge
	dead   [][2]string
	topics [][2]string // topic and subscription
}

func (g *grapher) node(n topology.Node) {
	if !g.known[n.ID] {
		g.known[n.ID] = true
		g.out.Nodes = append(g.out.Nodes, n)
	}
}

// add adds an edge once, however many steps use it, and collects its labels. Edges to
// nodes that do not exist are ignored: the checker reports them.
func (g *grapher) add(from, to string, kind topology.EdgeKind, label string) {
	if !g.known[from] || !g.known[to] {
		return
	}
	k := edgeKey{from, to, kind}
	i, ok := g.seen[k]
	if !ok {
		i = len(g.out.Edges)
		g.seen[k] = i
		g.out.Edges = append(g.out.Edges, topology.Edge{From: from, To: to, Kind: kind})
		g.labels = append(g.labels, nil)
	}
	if label != "" && !slices.Contains(g.labels[i], label) {
		g.labels[i] = append(g.labels[i], label)
	}
}

// edge adds the edge of a message to a target: a service, or a queue or topic of a
// broker.
func (g *grapher) edge(from string, to design.Target, kind topology.EdgeKind, label string) {
	if g.known[to.String()] {
		if kind == topology.Call {
			kind = topology.Publish
		}
		g.add(from, to.String(), kind, label)
		return
	}
	g.add(from, to.Node, kind, strings.TrimSpace(to.Entry+" "+label))
}

func (g *grapher) steps(from string, steps []design.Step) {
	for i := range steps {
		s := &steps[i]
		switch s.Op {
		case design.Call:
			g.edge(from, s.To, topology.Call, "")
		case design.Await:
			g.edge(from, s.To, topology.Call, AwaitNote)
		case design.Send:
			g.edge(from, s.To, topology.Send, carried(s))
		case design.Publish:
			g.edge(from, s.To, topology.Publish, carried(s))
		}
		for _, to := range s.Uses.Targets() {
			g.edge(from, to, topology.Call, "(failover)")
		}
		for _, b := range s.Branches {
			g.steps(from, b)
		}
		g.steps(from, s.Else)
	}
}

// carried says that a message does not carry the trace of its operation.
func carried(s *design.Step) string {
	if s.Untraced {
		return "(no trace)"
	}
	return ""
}

// subscription returns the name of the subscription through which a service
// consumes a topic.
func subscription(service string, c design.Consume) string {
	if c.Subscription != "" {
		return c.Subscription
	}
	return service
}

func (g *grapher) broker(b *design.Broker, services []design.Service) {
	g.node(topology.Node{ID: b.Name, Kind: topology.Broker})
	for i := range b.Queues {
		g.queue(b.Name, b.Name+"/"+b.Queues[i].Name, topology.Queue, &b.Queues[i])
	}
	for i := range b.Topics {
		t := &b.Topics[i]
		id := b.Name + "/" + t.Name
		g.node(topology.Node{ID: id, Label: t.Name, Kind: topology.Topic, Parent: b.Name})
		for j := range t.Subscriptions {
			g.subscription(b.Name, id, &t.Subscriptions[j])
		}
		for _, s := range services {
			for _, c := range s.Consumes {
				if c.From.Node == b.Name && c.From.Entry == t.Name {
					q := t.Template
					q.Name = subscription(s.Name, c)
					g.subscription(b.Name, id, &q)
				}
			}
		}
	}
}

func (g *grapher) subscription(broker, topic string, q *design.Queue) {
	id := topic + "/" + q.Name
	if !g.known[id] {
		g.queue(broker, id, topology.Subscription, q)
		g.topics = append(g.topics, [2]string{topic, id})
	}
}

func (g *grapher) queue(broker, id string, kind topology.Kind, q *design.Queue) {
	g.node(topology.Node{ID: id, Label: q.Name, Kind: kind, Parent: broker, Detail: queueDetail(q)})
	if q.DeadLetter != "" {
		g.dead = append(g.dead, [2]string{id, broker + "/" + q.DeadLetter})
	}
}

// inside adds the edges within a broker, from topics to subscriptions and to
// dead-letter queues, once all nodes are known.
func (g *grapher) inside(broker string) {
	for _, t := range g.topics {
		if strings.HasPrefix(t[0], broker+"/") {
			g.add(t[0], t[1], topology.Deliver, "")
		}
	}
	for _, d := range g.dead {
		if strings.HasPrefix(d[0], broker+"/") {
			g.add(d[0], d[1], topology.DeadLetter, "")
		}
	}
}

// short joins the labels of an edge: the first two, and the number of the
// others.
func short(labels []string) string {
	const most = 2
	if len(labels) > most {
		return fmt.Sprintf("%s, +%d", strings.Join(labels[:most], ", "), len(labels)-most)
	}
	return strings.Join(labels, ", ")
}

// The texts in the lines of nodes.
var (
	workers          = counted{record.Word{ID: "detail.worker", English: "%d worker"}, record.Word{ID: "detail.workers", English: "%d workers"}}
	users            = counted{record.Word{ID: "detail.user", English: "%d user"}, record.Word{ID: "detail.users", English: "%d users"}}
	arrivals         = counted{record.Word{ID: "detail.arrival", English: "trace of %d arrival"}, record.Word{ID: "detail.arrivals", English: "trace of %d arrivals"}}
	segments         = counted{record.Word{ID: "detail.segment", English: "profile of %d segment"}, record.Word{ID: "detail.segments", English: "profile of %d segments"}}
	deliveries       = counted{record.Word{ID: "detail.delivery", English: "%d delivery"}, record.Word{ID: "detail.deliveries", English: "%d deliveries"}}
	unlimitedWorkers = record.Word{ID: "detail.unlimited-workers", English: "unlimited workers"}
	instances        = record.Word{ID: "detail.instances", English: "%d × %s"}
	poisson          = record.Word{ID: "detail.poisson", English: "poisson, %s"}
	regular          = record.Word{ID: "detail.regular", English: "regular, %s"}
	once             = record.Word{ID: "detail.once", English: "once"}
	batches          = record.Word{ID: "detail.batches", English: "batches of %s"}
	every            = record.Word{ID: "detail.every", English: "every %s"}
	think            = record.Word{ID: "detail.think", English: "think %s"}
	atMost           = record.Word{ID: "detail.at-most", English: "at most %d"}
	ttl              = record.Word{ID: "detail.ttl", English: "ttl %s"}
	visible          = record.Word{ID: "detail.visible", English: "visible after %s"}
)

// disciplines are the orders in which services serve who waits, but for the usual one.
var disciplines = [...]record.Word{
	design.LIFO:             {ID: "detail.lifo", English: "newest first"},
	design.Priority:         {ID: "detail.priority", English: "by priority"},
	design.Preemptive:       {ID: "detail.preemptive", English: "by priority, interrupting"},
	design.Sharing:          {ID: "detail.sharing", English: "all at once"},
	design.EarliestDeadline: {ID: "detail.deadline", English: "earliest deadline first"},
}

// GraphWords returns all words of a Graph that can be translated, except those
// of package topology.
func GraphWords() []record.Word {
	all := []record.Word{unlimitedWorkers, instances, poisson, regular, once, batches, every, think, atMost, ttl, visible, onlyIn, differs}
	for _, c := range []counted{workers, users, arrivals, segments, deliveries} {
		all = append(all, c.one, c.many)
	}
	return append(all, disciplines[design.LIFO:]...)
}

// counted is a text with a count, in the singular and the plural.
type counted struct{ one, many record.Word }

func (c counted) line(n int) topology.Detail {
	if n == 1 {
		return line(c.one, n)
	}
	return line(c.many, n)
}

func line(w record.Word, args ...any) topology.Detail { return topology.Detail{Word: w, Args: args} }

func loadDetail(l *design.Load) []topology.Detail {
	out := arrivalDetail(l)
	if l.Arrivals.HasBatch {
		out = append(out, line(batches, l.Arrivals.Batch.String()))
	}
	return out
}

// rateDetail is a rate by the second, the minute, the hour or the day: nine a minute are 9/min,
// not 0.15/s.
func rateDetail(v float64) string {
	for _, by := range [...]struct {
		k    float64
		unit string
	}{{1, "/s"}, {60, "/min"}, {3600, "/h"}, {86400, "/d"}} {
		if n := float64(v * by.k * 10); v < 1 && n > 0.5 && math.Abs(n-math.Round(n)) < 1e-6 {
			return strconv.FormatFloat(math.Round(n)/10, 'f', -1, 64) + by.unit
		}
	}
	return draw.FormatQuantity(v, draw.PerSecond)
}

func arrivalDetail(l *design.Load) []topology.Detail {
	a := &l.Arrivals
	var rate any = rateDetail(a.Rate)
	if len(a.Profile) > 0 {
		rate = segments.line(len(a.Profile))
	}
	if l.Count == 1 && (a.Kind == design.Poisson || a.Kind == design.Regular || a.Kind == design.Renewal) {
		return []topology.Detail{line(once)}
	}
	switch a.Kind {
	case design.Poisson:
		return []topology.Detail{line(poisson, rate)}
	case design.Regular:
		return []topology.Detail{line(regular, rate)}
	case design.Renewal:
		return []topology.Detail{line(every, a.Interval.String())}
	case design.Trace:
		return []topology.Detail{arrivals.line(len(a.Times))}
	}
	return []topology.Detail{users.line(l.Users), line(think, l.Think.String())}
}

func serviceDetail(s *design.Service) []topology.Detail {
	d := WorkersDetail(s.WorkersEach())
	if s.Instances > 1 {
		d = line(instances, s.Instances, d)
	}
	if w := disciplines[s.Discipline]; w.ID != "" {
		return []topology.Detail{d, line(w)}
	}
	return []topology.Detail{d}
}

// WorkersDetail returns the line with the number of workers.
func WorkersDetail(n int) topology.Detail {
	if n == design.Unlimited {
		return line(unlimitedWorkers)
	}
	return workers.line(n)
}

func queueDetail(q *design.Queue) []topology.Detail {
	var out []topology.Detail
	if q.MaxLength > 0 {
		out = append(out, line(atMost, q.MaxLength))
	}
	if q.TTL > 0 {
		out = append(out, line(ttl, duration(q.TTL)))
	}
	if q.Visible > 0 {
		out = append(out, line(visible, duration(q.Visible)))
	}
	if q.MaxDeliveries > 0 {
		out = append(out, deliveries.line(q.MaxDeliveries))
	}
	return out
}

func duration(d time.Duration) string { return draw.FormatDuration(d.Seconds()) }
