package engine

import (
	"strconv"
	"strings"

	"asynclab/sim/draw"
	"asynclab/sim/measure"
	"asynclab/sim/metric"
	"asynclab/sim/warning"
)

// Runaway is why a run ended before its time: there was too much of something. Kind is nil
// where none did, or where the bound was one on events.
type Runaway struct {
	Kind    warning.Kind
	Element string     // of the warning: a metric, or what to change
	At      metric.Ref // of what there was most of; without a metric: nothing stands out
	N       int        // how much of it
	most    string     // what a run may have
}

// Runaway tells why the run ended before its time.
func (r *Run) Runaway() Runaway {
	switch r.end {
	case BudgetInFlight:
		return r.overMemory()
	case BudgetInstant:
		if r.endless > 0 {
			at := metric.Ref{Metric: metric.Edge.Metric(metric.EdgeRetries), Element: r.prog.nameOfEdge(r.endless - 1)}
			return Runaway{warning.BudgetRetries, at.Section(), at, maxRetries, ""}
		}
		return Runaway{Kind: warning.BudgetInstant, N: maxInstant}
	case BudgetResends:
		l := &r.prog.links[r.endless-1]
		at := metric.Ref{Metric: metric.Link.Metric(metric.LinkLost), Element: l.from + "->" + l.to}
		return Runaway{warning.BudgetResends, at.Section(), at, maxResends, ""}
	}
	return Runaway{}
}

// warning is what is said of it.
func (x *Runaway) warning(now string) warning.Warning {
	switch x.Kind {
	case warning.BudgetWaiting:
		return warning.Of(x.Kind, x.Element, now, x.most, x.N)
	case warning.BudgetRows:
		return warning.Of(x.Kind, x.Element, now, x.N, x.most)
	case warning.BudgetInFlight, warning.BudgetVisits:
		return warning.Of(x.Kind, "", now, x.most)
	}
	return warning.Of(x.Kind, x.Element, now, x.N)
}

// mostWait is where most wait now, in a room or a queue, and how many.
func (r *Run) mostWait() (place metric.Ref, most int) {
	of := func(k *metric.Kind, level, at measure.LevelID, name string) {
		if n := int(r.rec.LevelValue(at + level)); n > most {
			place, most = metric.Ref{Metric: k.Metric(level), Element: name}, n
		}
	}
	for i := range r.prog.services {
		of(metric.Service, metric.ServiceWaiting, r.prog.services[i].m.l, r.prog.services[i].name)
	}
	for i := range r.prog.queues[:r.prog.named] {
		of(metric.Queue, metric.QueueDepth, r.prog.queues[i].m.l, r.prog.queues[i].name)
	}
	return place, most
}

// keeper keeps what is done with: rows of a store, messages of a topic, keys of a
// de-duplication, what a mechanism remembers.
type keeper struct {
	path string // in the design
	at   metric.Ref
	n    int
	size int // in bytes
}

// mostKept is the one that takes most.
func (r *Run) mostKept() (most keeper) {
	of := func(path string, k *metric.Kind, name string, n, size int) {
		if size > most.size {
			most = keeper{path, metric.Ref{Metric: &k.Metrics[0], Element: name}, n, size}
		}
	}
	for i := range r.prog.stores {
		st, n := &r.prog.stores[i], 0
		for _, c := range r.store.cells[st.cell0 : st.cell0+st.cells] {
			n += c.rows.Len()
		}
		service, store, _ := strings.Cut(st.name, "/")
		of("service."+service+".stores."+store, metric.Store, st.name, n, n*st.rowSize())
	}
	remembers := func(name string, k *knownT) {
		if k.memory > 0 {
			t := &r.known[numMemories*(k.memory-1)+byWindow]
			of("queue."+name+".deduplicate", metric.Queue, name, t.Len(), t.Used())
		}
	}
	for i := range r.prog.queues[:r.prog.named] {
		remembers(r.prog.queues[i].name, &r.prog.queues[i].known)
	}
	for i := range r.prog.topics {
		t, n, size := &r.prog.topics[i], 0, 0
		if t.partitions == 0 {
			continue
		}
		for _, l := range r.logs[t.log0 : t.log0+t.partitions] {
			for _, s := range l.segments {
				n, size = n+len(s.records), size+s.bytes()
			}
		}
		of("queue."+t.name+".keep", metric.Log, t.name, n, size)
		remembers(t.name, &r.prog.logs[t.log0].known)
	}
	r.ofCells(func(at metric.Ref, n, size int) {
		if size > most.size {
			most = keeper{at.Section(), at, n, size}
		}
	})
	return most
}

// overMemory tells what took more than a run may have.
func (r *Run) overMemory() Runaway {
	x := Runaway{Kind: warning.BudgetInFlight, most: draw.FormatQuantity(float64(r.cfg.MaxBytes), draw.Bytes)}
	if n := r.cfg.MaxInFlight; n > 0 && r.records() > n {
		x.most = strconv.Itoa(n) + " records"
	} else if r.visits.Used() > r.cfg.MaxBytes/8 {
		x.Kind, x.most = warning.BudgetVisits, draw.FormatQuantity(float64(r.cfg.MaxBytes/8), draw.Bytes)
	}
	if r.visits.Used() > r.inFlight()/2 {
		x.Kind = warning.BudgetVisits
	}
	at, n := r.mostWait()
	switch kept := r.mostKept(); {
	case kept.size > r.inFlight()/2 && n < kept.n/2: // what waits in a log is kept
		x.Kind, x.Element, x.At, x.N = warning.BudgetRows, kept.path, kept.at, kept.n
	case x.Kind == warning.BudgetInFlight && n > 0 && n >= r.records()/4:
		x.Kind, x.Element, x.At, x.N = warning.BudgetWaiting, at.String(), at, n
	}
	return x
}
