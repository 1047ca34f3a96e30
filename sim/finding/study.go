package finding

import (
	"cmp"
	"math"
	"slices"
	"strings"
	"time"

	"asynclab/sim/design"
	"asynclab/sim/draw"
	"asynclab/sim/engine"
	"asynclab/sim/measure"
	"asynclab/sim/metric"
)

// Source is a finished run, as findings read it: what was counted anyway.
type Source interface {
	Design() *design.Design
	Refs() []metric.Ref
	ValueOf(metric.Ref) float64
	SeriesOf(metric.Ref) (measure.Series, bool)
	Measured() (from, to float64) // seconds
	Episodes() (all []engine.Episode, more int)
	Faults() []engine.FaultNow // those of the design first
	Runaway() engine.Runaway
}

// Find lists what happened in a run, what matters most first. A run in which nothing
// did has none.
func Find(src Source) []Finding {
	s := newStudy(src)
	looked := kinds[:]
	if s.n < fewest {
		looked = looked[:1] // [Runaway], which reads no series
	}
	for _, k := range looked {
		s.found = append(s.found, k.find(s, k)...)
	}
	var out []Finding
	for _, f := range s.found {
		if !s.explained(f) {
			out = append(out, f)
		}
	}
	ByWeight(out)
	return out
}

// fewest is how many intervals of the series the window must have.
const fewest = 10

// study is a run while it is looked at. All series are cut to the measured window, and
// have the same n intervals.
type study struct {
	src    Source
	design *design.Design
	start  float64 // of the first interval, in seconds
	width  float64
	end    float64 // of the window
	n      int

	loads, services, queues, links []string
	edges                          []edge
	byCaller, byCallee             map[string][]edge // of services, in the order of edges; byCallee once it is asked for
	others                         []metric.Ref      // of mechanisms, and refusals of the core
	known                          map[metric.Ref]bool
	cache                          map[metric.Ref][]float64

	found   []Finding
	spells  []spell
	crowded bool            // there were more than that
	blocked map[string]bool // services that wait for a culprit that was found

	saturated map[string]bool   // the culprits
	culprits  map[string]string // elements that hold back the calls to a service
}

// edge is a caller and its callee.
type edge struct {
	name     string
	from, to string // names of a load or service, and of a service, queue or topic
	load     bool
}

// span is the intervals [a, b).
type span struct{ a, b int }

func (x span) len() int { return x.b - x.a }

func newStudy(src Source) *study {
	s := &study{src: src, design: src.Design(), known: map[metric.Ref]bool{}, byCaller: map[string][]edge{}, cache: map[metric.Ref][]float64{}, blocked: map[string]bool{}, saturated: map[string]bool{}, culprits: map[string]string{}}
	s.start, s.end = src.Measured()
	for _, r := range src.Refs() {
		s.known[r] = true
		if r.Tells != metric.Nothing {
			s.others = append(s.others, r)
		}
		switch {
		case r.Metric == offered:
			s.loads = append(s.loads, r.Element)
		case r.Metric == arrived:
			s.services = append(s.services, r.Element)
		case r.Metric == published:
			s.queues = append(s.queues, r.Element)
		case r.Metric == sent:
			s.links = append(s.links, r.Element)
		case r.Metric == calls:
			e := edgeOf(r.Element)
			if s.edges = append(s.edges, e); !e.load {
				s.byCaller[e.from] = append(s.byCaller[e.from], e)
			}
		}
	}
	for _, l := range s.loads {
		if v, ok := src.SeriesOf(metric.Ref{Metric: offered, Element: l}); ok {
			cut := v.After(s.start)
			s.start, s.width, s.n = cut.At(0), cut.Width, len(cut.Values)
			break
		}
	}
	s.fixSpells()
	return s
}

func edgeOf(name string) edge {
	from, to, _ := strings.Cut(name, "->")
	to, _, _ = strings.Cut(to, "#")
	caller, _, handler := strings.Cut(from, "/")
	return edge{name: name, from: caller, to: to, load: !handler}
}

// callee is the service that an edge calls, or that consumes the queue in which its
// messages wait for room; "" where there is none.
func (s *study) callee(e edge) string {
	name, _, _ := strings.Cut(e.to, "/")
	if s.known[metric.Ref{Metric: arrived, Element: name}] {
		return name
	}
	if users := s.consumersOf(e.to); len(users) > 0 && s.total(edgeBlocked, e.name) > 0 {
		return users[0]
	}
	return ""
}

// callersOf lists the calls of services that wait for a service.
func (s *study) callersOf(callee string) []edge {
	if s.byCallee == nil {
		s.byCallee = map[string][]edge{}
		for _, e := range s.edges {
			if to := s.callee(e); !e.load && to != "" {
				s.byCallee[to] = append(s.byCallee[to], e)
			}
		}
	}
	return s.byCallee[callee]
}

// series is a metric per interval of the window: counts, means of levels and
// distributions. It is all zeros where the run does not have it.
func (s *study) series(m *metric.Metric, element string, stat metric.Stat) []float64 {
	return s.seriesOf(metric.Ref{Metric: m, Element: element, Stat: stat})
}

func (s *study) seriesOf(ref metric.Ref) []float64 {
	if v, ok := s.cache[ref]; ok {
		return v
	}
	out := make([]float64, s.n)
	if v, ok := s.src.SeriesOf(ref); ok {
		copy(out, v.After(s.start).Values)
	}
	s.cache[ref] = out
	return out
}

func (s *study) total(m *metric.Metric, element string) float64 {
	return s.value(m, element, m.Stats()[0])
}

func (s *study) value(m *metric.Metric, element string, stat metric.Stat) float64 {
	ref := metric.Ref{Metric: m, Element: element}
	if !s.known[ref] {
		return 0
	}
	ref.Stat = stat
	if v := s.src.ValueOf(ref); !math.IsNaN(v) {
		return v
	}
	return 0
}

// at is the beginning of an interval, in seconds; that of the one behind the last is
// the end of the window.
func (s *study) at(i int) float64 {
	if i >= s.n {
		return s.end
	}
	return s.start + float64(float64(i)*s.width)
}

func (s *study) seconds(x span) float64 { return s.at(x.b) - s.at(x.a) }

// index is the interval in which a time lies.
func (s *study) index(t float64) int {
	return min(max(int(math.Floor((t-s.start)/s.width+1e-9)), 0), s.n)
}

func (s *study) all() span { return span{0, s.n} }

// about makes a finding about an element and a stretch of time.
func (s *study) about(k *Kind, m *metric.Kind, element string, x span) Finding {
	name := element
	if m != nil {
		name = metric.Ref{Metric: &m.Metrics[0], Element: element}.Section()
	}
	return Finding{Kind: k, Element: name, From: duration(s.at(x.a)), To: duration(s.at(x.b))}
}

func duration(seconds float64) time.Duration { return time.Duration(math.Round(seconds * 1e9)) }

// from and till are the ends of a stretch as text.
func (s *study) from(x span) string { begin, _ := interval(s.at(x.a), s.at(x.b)); return begin }
func (s *study) till(x span) string { _, end := interval(s.at(x.a), s.at(x.b)); return end }

// interval is the beginning and the end of an interval as text: three digits of each, or
// as many as it takes to show its length.
func interval(from, to float64) (begin, end string) {
	a, b := draw.Significant(from, 3), draw.Significant(to, 3)
	if 5*max(math.Abs(a-from), math.Abs(b-to)) > to-from {
		a, b = from, to
	}
	return draw.FormatInterval(a, b)
}

func moment(seconds float64) string { return draw.FormatDuration(draw.Significant(seconds, 3)) }

// longest is the longest stretch of intervals for which ok holds, in which as many as
// gap in a row may be exceptions.
func (s *study) longest(gap int, ok func(i int) bool) (best span) {
	for _, x := range s.stretches(gap, ok) {
		if x.len() > best.len() {
			best = x
		}
	}
	return best
}

// stretches lists the stretches of intervals for which ok holds, in which as many as
// gap in a row may be exceptions.
func (s *study) stretches(gap int, ok func(i int) bool) (all []span) {
	last := -1
	for i := range s.n {
		if !ok(i) {
			continue
		}
		if n := len(all); n > 0 && i-last-1 <= gap {
			all[n-1].b = i + 1
		} else {
			all = append(all, span{i, i + 1})
		}
		last = i
	}
	return all
}

func sum(v []float64, x span) (n float64) {
	for _, a := range v[x.a:x.b] {
		if !math.IsNaN(a) {
			n += a
		}
	}
	return n
}

func mean(v []float64, x span) float64 {
	n, all := 0, 0.0
	for _, a := range v[x.a:x.b] {
		if !math.IsNaN(a) {
			n, all = n+1, all+a
		}
	}
	return all / float64(max(n, 1))
}

func most(v []float64, x span) (m float64) {
	for _, a := range v[x.a:x.b] {
		if a > m {
			m = a
		}
	}
	return m
}

// count, rate, share and long are numbers as text.
func count(v float64) string {
	if v >= 10 || v == math.Floor(v) {
		return draw.FormatQuantity(math.Round(v), draw.None)
	}
	return draw.FormatQuantity(v, draw.None)
}
func rate(v float64) string  { return draw.FormatQuantity(draw.Significant(v, 3), draw.None) }
func share(v float64) string { return draw.FormatQuantity(draw.Significant(v, 3), draw.Ratio) }
func long(v float64) string  { return draw.FormatDuration(v) }

// byCount sorts names by a number, the largest first.
func byCount(names []string, of func(string) float64) {
	slices.SortStableFunc(names, func(a, b string) int { return cmp.Compare(of(b), of(a)) })
}

// service finds the declaration of a service.
func (s *study) service(name string) *design.Service {
	for i := range s.design.Services {
		if s.design.Services[i].Name == name {
			return &s.design.Services[i]
		}
	}
	return nil
}

// The metrics that are read.
var (
	offered    = metric.Load.Metric(metric.LoadOffered)
	openOps    = metric.Load.Metric(metric.LoadOpen)
	opFailed   = metric.Load.Metric(metric.LoadFailed)
	loadFailed = metric.Load.Metric(metric.LoadFailedBy)
	degraded   = metric.Load.Metric(metric.LoadDegraded)
	through    = metric.Load.Metric(metric.LoadThroughput)
	confirmed  = metric.Load.Metric(metric.LoadConfirmedLatency)

	arrived     = metric.Service.Metric(metric.ServiceArrived)
	started     = metric.Service.Metric(metric.ServiceStarted)
	taskDone    = metric.Service.Metric(metric.ServiceCompleted)
	failed      = metric.Service.Metric(metric.ServiceFailed)
	lost        = metric.Service.Metric(metric.ServiceLost)
	doubles     = metric.Service.Metric(metric.ServiceDuplicates)
	used        = metric.Service.Metric(metric.ServiceUtilization)
	busy        = metric.Service.Metric(metric.ServiceBusy)
	blocked     = metric.Service.Metric(metric.ServiceBlocked)
	waiting     = metric.Service.Metric(metric.ServiceWaiting)
	tasks       = metric.Service.Metric(metric.ServiceTasks)
	held        = metric.Service.Metric(metric.ServiceHeld)
	heldBlocked = metric.Service.Metric(metric.ServiceHeldBlocked)
	sojourn     = metric.Service.Metric(metric.ServiceSojourn)
	instances   = metric.Service.Metric(metric.ServiceInstances)

	recovery    = metric.Fault.Metric(metric.FaultRecovery)
	calls       = metric.Edge.Metric(metric.EdgeCalls)
	attempts    = metric.Edge.Metric(metric.EdgeRetries)
	hedges      = metric.Edge.Metric(metric.EdgeHedges)
	edgeFailed  = metric.Edge.Metric(metric.EdgeFailedBy)
	unanswered  = metric.Edge.Metric(metric.EdgeUnanswered)
	edgeBlocked = metric.Edge.Metric(metric.EdgeBlocked)

	published    = metric.Queue.Metric(metric.QueuePublished)
	delivered    = metric.Queue.Metric(metric.QueueDelivered)
	again        = metric.Queue.Metric(metric.QueueRedelivered)
	late         = metric.Queue.Metric(metric.QueueLateAcks)
	deadLettered = metric.Queue.Metric(metric.QueueDeadLettered)
	nacked       = metric.Queue.Metric(metric.QueueNacked)
	copyLost     = metric.Queue.Metric(metric.QueueLost)
	depth        = metric.Queue.Metric(metric.QueueDepth)
	unacked      = metric.Queue.Metric(metric.QueueUnacked)

	rebalances   = metric.Group.Metric(metric.GroupRebalances)
	stoppedParts = metric.Group.Metric(metric.GroupStopped)

	storeLocks    = metric.Store.Metric(metric.StoreLocks)
	storeReads    = metric.Store.Metric(metric.StoreReads)
	storeWrites   = metric.Store.Metric(metric.StoreWrites)
	storeAccesses = metric.Store.Metric(metric.StoreAccesses)

	sent       = metric.Link.Metric(metric.LinkSent)
	linkLosses = metric.Link.Metric(metric.LinkLost)
	damaged    = metric.Link.Metric(metric.LinkCorrupted)
	doubled    = metric.Link.Metric(metric.LinkDuplicated)
	heldBack   = metric.Link.Metric(metric.LinkReordered)
	linkBytes  = metric.Link.Metric(metric.LinkBytes)
)
