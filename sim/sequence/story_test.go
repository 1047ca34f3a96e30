package sequence_test

import (
	"slices"
	"testing"
	"time"

	"asynclab/scenarios"
	"asynclab/sim"
	"asynclab/sim/design"
	"asynclab/sim/engine"
	"asynclab/sim/sequence"
	"asynclab/sim/topology"
)

// recorder keeps what happened, by operation.
type recorder struct {
	order []uint64
	ops   map[uint64][]engine.Record
}

func (r *recorder) Observe(x engine.Record) {
	if x.Op == 0 {
		return
	}
	if _, ok := r.ops[x.Op]; !ok {
		r.order = append(r.order, x.Op)
	}
	r.ops[x.Op] = append(r.ops[x.Op], x)
}

// told is a run with the stories of its operations.
type told struct {
	prog  *engine.Program
	graph topology.Graph
	recorder
}

func (s *told) entries(op uint64) []sequence.Entry {
	names := slices.Concat(s.prog.Queues(), s.prog.Topics())
	var out []sequence.Entry
	for _, r := range s.ops[op] {
		out = append(out, sequence.Named(r, s.prog.Nodes(), names))
	}
	return out
}

func (s *told) diagram(op uint64) sequence.Diagram { return sequence.Build(s.entries(op), s.graph) }

// first is the first operation to which something of a kind has happened.
func (s *told) first(t *testing.T, after time.Duration, is func(engine.Record) bool) uint64 {
	t.Helper()
	for _, op := range s.order {
		if rs := s.ops[op]; rs[0].Kind == engine.OpArrived && time.Duration(rs[0].Time) >= after && slices.ContainsFunc(rs, is) {
			return op
		}
	}
	t.Fatal("there is no such operation")
	return 0
}

// tell runs a design of a scenario from a moment until another.
func tell(t *testing.T, d *design.Design, seed uint64, from, until time.Duration) *told {
	t.Helper()
	p, err := engine.Compile(d)
	if err != nil {
		t.Fatal(err)
	}
	r, err := p.NewRun(engine.Config{Duration: until + time.Hour, Seed: seed})
	if err != nil {
		t.Fatal(err)
	}
	s := &told{prog: p, graph: sim.Graph(d), recorder: recorder{ops: map[uint64][]engine.Record{}}}
	r.Advance(int64(from), 1<<40)
	r.SetObserver(&s.recorder)
	r.Advance(int64(until), 1<<40)
	return s
}

// library runs a design of a library scenario.
func library(t *testing.T, name, design string, from, until time.Duration) *told {
	t.Helper()
	s, err := scenarios.Load(name)
	if err != nil {
		t.Fatal(err)
	}
	return tell(t, s.Design(design), s.Run.Seed, from, until)
}

// parsed runs the only design of a scenario.
func parsed(t *testing.T, text string, until time.Duration) *told {
	t.Helper()
	s, err := scenarios.Parse(nil, "test.yaml", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return tell(t, s.Designs[0], s.Run.Seed, 0, until)
}
