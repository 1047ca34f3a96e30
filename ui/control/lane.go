package control

import (
	"fmt"
	"slices"
	"strings"

	"asynclab/scenarios"
	"asynclab/sim"
	"asynclab/sim/check"
	"asynclab/sim/design"
	"asynclab/sim/engine"
	"asynclab/sim/record"
	"asynclab/sim/topology"
	"asynclab/sim/warning"
)

// lane is one design under the common clock: its run, and the state of its
// picture.
type lane struct {
	scene Scene
	given *design.Design // as in the scenario
	prog  *engine.Program
	cfg   engine.Config
	run   *engine.Run
	watch *observer

	snapshot  engine.Snapshot
	shown     engine.Snapshot // of who holds, works and waits: see show
	shownAt   int64
	samples   int  // taken for it
	behind    bool // it is not the present one
	flows     bool // somewhere messages are too fast to be seen one by one
	nodes     []part
	ends      [][2]int32 // of each edge: index into nodes; -1: none
	sites     []int32    // of each edge: the queue or topic that it leads to, as in a Record; -1: none
	links     [][2]int32 // of each edge: index into Program.Links, forward and reverse; -1: none
	inside    []int32    // of each edge within a broker: index into Program.Queues of its end; -1: another
	owner     []string   // of each node: the ID of its broker, or its own
	rates     []rate     // of each edge
	said      []rate     // likewise, to be read
	back, bad []rate     // answers, and those that are refusals or errors
	again     []rate     // sent along it, and sent before
	awaits    []bool     // of each edge: its answers are awaited without holding a worker
	sent      []rate     // along it
	transit   []transit
	held      []lastSeen
	atWork    []atWork // of each node
	signs     []sign
	warnings  []warning.Warning // about the design
	share     uint              // 1 of 2^share dots is shown
	queues    []string
	faults    []engine.FaultNow // of the whole reached part of the run; for their names
	learnt    int               // length of watch.faults when faults was last updated
}

// part says which entry of which list of a Snapshot a node of the picture is.
type part struct {
	kind  topology.Kind
	index int32
}

// rate is a smoothed number of messages per second.
type rate struct {
	seen        uint64
	at          int64
	begun       bool
	count, span float64 // both decay by the same factor
	perSecond   float64
}

// transit is the mean time that the latest messages along an edge take.
type transit struct {
	count, spent uint64 // up to the last mean
	mean         float64
	last         int64 // when the latest were seen
}

func newLane(d *design.Design, used []scenarios.Used, title string, cfg engine.Config, opt *Options, wide float64) (*lane, error) {
	p, err := engine.Compile(d)
	if err != nil {
		return nil, fmt.Errorf("design %s: %w", d.Name, err)
	}
	g := sim.Graph(d)
	namePresets(&g, used)
	l := &lane{
		scene: Scene{Design: d.Name, Title: title, Graph: g},
		given: d, prog: p, cfg: cfg, queues: p.Queues(),
	}
	w := newWays(p, &l.scene.Graph)
	l.findSigns(w)
	roomy, lines := l.reserved()
	l.scene.Lines, l.scene.Groups = lines, make([]bool, len(g.Nodes))
	if opt.Name != nil {
		for i := range roomy.Nodes {
			if name := opt.Name(roomy.Nodes[i].ID); name != "" {
				roomy.Nodes[i].Label = name
			}
		}
	}
	for i, parted := range p.Parted() {
		if k, ok := w.index[l.queues[i]]; ok && parted {
			l.scene.Groups[k] = true
			roomy.Nodes[k].Label = groupTitle(opt.Voice, roomy.Nodes[k].Title())
		}
	}
	space := topology.Options{NodeGap: 50, Gap: l.gapBelow, Below: 30, Wide: wide, Voice: opt.Voice} // for what the stage writes under a node
	if l.scene.Layout, err = topology.Arrange(roomy, space); err != nil {
		return nil, fmt.Errorf("design %s: %w", d.Name, err)
	}
	if l.scene.Small, err = l.smaller(roomy, space); err != nil {
		return nil, fmt.Errorf("design %s: %w", d.Name, err)
	}
	if l.run, err = p.NewRun(cfg); err != nil {
		return nil, fmt.Errorf("design %s: %w", d.Name, err)
	}
	for _, p := range slices.Concat(check.Design(d), check.Late(d, cfg.Duration)) {
		if p.Warning != nil {
			l.warnings = append(l.warnings, *p.Warning)
		}
	}
	l.watch = newObserver(w, len(g.Edges), opt.Log, int64(cfg.Duration))
	l.run.SetObserver(l.watch)
	l.rates, l.sent, l.said = make([]rate, len(g.Edges)), make([]rate, len(g.Edges)), make([]rate, len(g.Edges))
	l.again = make([]rate, len(g.Edges))
	l.back, l.bad, l.awaits = make([]rate, len(g.Edges)), make([]rate, len(g.Edges)), make([]bool, len(g.Edges))
	for i, e := range g.Edges {
		l.awaits[i] = strings.Contains(e.Label, sim.AwaitNote)
	}
	l.transit = make([]transit, len(g.Edges))
	l.held, l.atWork = make([]lastSeen, len(g.Edges)), make([]atWork, len(g.Nodes))
	l.findParts(d)
	l.findLinks()
	return l, nil
}

// Sizes of a picture in a window of 1280 by 720: of one that is read with its details, and of
// one of several side by side.
const (
	usualWide, usualHigh = 960.0, 390.0
	besideWide           = 370.0
	besideHigh           = 130.0
)

// groupTitle is the name of a group of consumers in the picture: most are called as their
// service.
func groupTitle(v record.Voice, name string) string {
	return v.Sayf(record.Word{ID: "picture.group", English: "group %s"}, name)
}

// smaller is the layout of boxes without details for a design that is larger than a usual
// picture, or one of several; nil if it is neither. Side by side there is no room for what is
// written at links either, and names are as large in it as the least text is at its zoom.
func (l *lane) smaller(g topology.Graph, space topology.Options) (small *topology.Layout, err error) {
	alone := space.Wide > 0
	if alone && l.scene.Layout.W <= usualWide && l.scene.Layout.H <= usualHigh {
		return nil, nil
	}
	for i := range g.Nodes {
		g.Nodes[i].Detail = nil
	}
	space.NodeGap = 40
	space.Gap = func(n topology.Node) float64 { return max(l.gapBelow(n)-8, 40) }
	if alone {
		return topology.Arrange(g, space)
	}
	for i := range g.Edges {
		g.Edges[i].Label = ""
	}
	for _, space.Names = range [...]float64{1.3, 1.6, 1.9, 2.2} {
		if small, err = topology.Arrange(g, space); err != nil {
			return nil, err
		}
		const usual, least = 14.0, 12.5 // pixels of a name
		if zoom := min(besideWide/small.W, besideHigh/small.H); usual*space.Names*zoom >= least {
			break
		}
	}
	return small, nil
}

// namePresets writes at the nodes of a picture which known systems their settings are of.
func namePresets(g *topology.Graph, used []scenarios.Used) {
	for i := range g.Nodes {
		n := &g.Nodes[i]
		var names []topology.Detail
		for _, u := range used {
			if _, id, _ := strings.Cut(u.Element, "."); id == n.ID {
				names = append(names, topology.Detail{Word: record.Word{English: u.Preset.Name()}})
			}
		}
		n.Detail = append(names, n.Detail...)
	}
}

// gapBelow is the space below a node for what the stage writes there: a line of what waits
// and its number, or a number only.
func (l *lane) gapBelow(n topology.Node) float64 {
	const line, number = 50, 40
	if n.Kind == topology.Client || n.Kind == topology.Service && l.unlimited(n.ID) {
		return number
	}
	return line
}

// unlimited reports whether nobody ever waits before a service.
func (l *lane) unlimited(service string) bool {
	for i := range l.given.Services {
		if s := &l.given.Services[i]; s.Name == service {
			return s.WorkersEach() == design.Unlimited
		}
	}
	return false
}

func (l *lane) findParts(d *design.Design) {
	index := map[string]part{}
	for i := range d.Loads {
		index[d.Loads[i].Name] = part{topology.Client, int32(i)}
	}
	for i := range d.Services {
		index[d.Services[i].Name] = part{topology.Service, int32(i)}
	}
	for i := range d.Brokers {
		index[d.Brokers[i].Name] = part{topology.Broker, int32(i)}
	}
	for i, q := range l.queues {
		index[q] = part{topology.Queue, int32(i)}
	}
	for i, n := range l.scene.Graph.Nodes {
		p, ok := index[n.ID]
		if !ok { // a topic has the health of its broker
			p = part{topology.Topic, index[n.Parent].index}
		}
		l.nodes = append(l.nodes, p)
		l.owner = append(l.owner, n.ID)
		if n.Parent != "" {
			l.owner[i] = n.Parent
		}
	}
}

func (l *lane) findLinks() {
	index := map[[2]string]int32{}
	for i, ends := range l.prog.Links() {
		index[ends] = int32(i)
	}
	find := func(from, to string) int32 {
		if i, ok := index[[2]string{from, to}]; ok {
			return i
		}
		return -1
	}
	for _, e := range l.scene.Graph.Edges {
		l.ends = append(l.ends, [2]int32{int32(l.node(e.From)), int32(l.node(e.To))})
		l.sites = append(l.sites, int32(slices.Index(l.watch.ways.sites, e.To)))
		from, to := l.top(e.From), l.top(e.To)
		l.links = append(l.links, [2]int32{find(from, to), find(to, from)})
		l.inside = append(l.inside, int32(-1))
		if from == to {
			l.inside[len(l.inside)-1] = int32(slices.Index(l.queues, e.To))
		}
	}
}

// top is the service, load or broker that an element of the picture is, or
// belongs to.
func (l *lane) top(id string) string {
	if i := l.node(id); i >= 0 {
		return l.owner[i]
	}
	name, _, _ := strings.Cut(id, "/")
	return name
}

// node is the index of a node of the picture, or -1.
func (l *lane) node(id string) int {
	if i, ok := l.watch.ways.index[id]; ok {
		return int(i)
	}
	return -1
}

// learn records the faults that have happened, because after going back the run
// does not have those that were injected later.
func (l *lane) learn() {
	if n := len(l.watch.faults); n != l.learnt {
		l.learnt = n
		if all := l.run.Faults(); len(all) > len(l.faults) {
			l.faults = all
		}
	}
}

// forget drops the faults after a time, when the run changes from there on.
func (l *lane) forget(from int64) {
	l.watch.forget(from)
	known := len(l.given.Faults)
	for _, f := range l.watch.faults {
		known = max(known, int(f.fault)+1)
	}
	l.faults = l.faults[:min(known, len(l.faults))]
	l.learnt = -1
}

// save is a checkpoint of all lanes at one moment.
type save struct {
	time   int64
	events uint64 // of all lanes
	lanes  []laneSave
	bytes  int
}

type laneSave struct {
	run    *engine.Checkpoint
	memory memory
}

func (l *lane) save() laneSave {
	return laneSave{l.run.Checkpoint(), l.watch.save(l.run.Now())}
}

func (l *lane) restore(s *laneSave) {
	l.run.Restore(s.run)
	l.watch.restore(&s.memory)
	for i := range l.rates {
		l.rates[i] = rate{perSecond: l.rates[i].perSecond}
		l.sent[i] = rate{perSecond: l.sent[i].perSecond}
		l.said[i], l.back[i], l.bad[i], l.again[i] = rate{}, rate{}, rate{}, rate{}
	}
}
