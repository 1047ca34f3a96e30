package sim

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"time"

	"asynclab/sim/design"
	"asynclab/sim/engine"
	"asynclab/sim/sequence"
)

// Pick says which operation of a run is followed.
type Pick struct {
	word   string
	number uint64  // of the load's operations, from 1; 0: the word decides
	share  float64 // of a percentile
}

// firsts are the picks that are the first operation to which something happens.
var firsts = []struct {
	word string
	is   func(r *engine.Record) bool
}{
	{"failed", func(r *engine.Record) bool { return r.Kind == engine.OpFailed }},
	{"retried", func(r *engine.Record) bool {
		return r.Kind == engine.MsgSent && r.Resend && (r.Message == engine.RequestMessage || r.Message == engine.PublishMessage)
	}},
	{"redelivered", func(r *engine.Record) bool {
		return r.Kind == engine.MsgSent && r.Resend && r.Message == engine.DeliverMessage
	}},
	{"dead-lettered", func(r *engine.Record) bool { return r.Kind == engine.CopyDeadLettered }},
	{"lost", func(r *engine.Record) bool { return r.Kind == engine.MsgLost || r.Kind == engine.TaskLost }},
}

// PickWords lists what an operation can be picked by, besides its number and percentiles.
func PickWords() []string {
	all := []string{"slowest", "fastest"}
	for _, f := range firsts {
		all = append(all, f.word)
	}
	return all
}

// ParsePick reads "slowest", "fastest", "failed", "retried", "redelivered",
// "dead-lettered", "lost", the number of an operation, from 1, or a percentile of the
// latency, "p99.9".
func ParsePick(text string) (Pick, error) {
	if slices.Contains(PickWords(), text) {
		return Pick{word: text}, nil
	}
	if digits, ok := strings.CutPrefix(text, "p"); ok {
		if v, err := strconv.ParseFloat(digits, 64); err == nil && v > 0 && v < 100 {
			return Pick{word: text, share: v / 100}, nil
		}
	}
	if n, err := strconv.ParseUint(strings.ReplaceAll(text, ",", ""), 10, 63); err == nil && n > 0 {
		return Pick{word: text, number: n}, nil
	}
	return Pick{}, fmt.Errorf("%q picks no operation", text)
}

// mostTimed is the number of operations of which a percentile is found, at 32 bytes each.
const mostTimed = 4_000_000

// Followed is an operation that was followed through a run.
type Followed struct {
	Design  string
	Load    string
	Number  uint64 // among the operations of its load, from 1
	Of      uint64 // how many operations of the load the pick was made from; 0: it was named by its number
	Entries []sequence.Entry
	Trace   sequence.Trace
}

// Diagram is the sequence diagram of the operation.
func (f *Followed) Diagram(d *design.Design) sequence.Diagram {
	return sequence.Build(f.Entries, Graph(d))
}

// NoneError says that no operation of a run is what a pick asks for.
type NoneError struct{ Msg, Hint string }

func (e *NoneError) Error() string { return e.Msg }

// Follow runs the first replication of a design twice, with the same seed: once to find
// the operation, if it is not named by its number, and once to note what happens to it,
// until the run ends. Of operations that are picked by what happens to them, only those of
// the measured window count. An empty load is the first. When ctx ends it returns nil.
func Follow(ctx context.Context, d *design.Design, s Settings, load string, pick Pick, progress func(Progress)) (out *Followed, err error) {
	s, err = s.complete()
	if err != nil {
		return nil, err
	}
	at := 0
	if load != "" {
		at = slices.IndexFunc(d.Loads, func(l design.Load) bool { return l.Name == load })
	}
	if at < 0 || at >= len(d.Loads) {
		return nil, &NoneError{fmt.Sprintf("design %s has no load %q", d.Name, load), "it has " + strings.Join(loadNames(d), ", ")}
	}
	failure := &Failure{Design: d.Name, Replication: 1, Seed: s.Seed}
	defer func() {
		if e := recover(); e != nil {
			failure.Cause, failure.Stack = fmt.Errorf("internal error: %v", e), string(debug.Stack())
			err = failure
		}
	}()
	p, err := engine.Compile(d)
	if err != nil {
		return nil, fmt.Errorf("design %q: %w", d.Name, err)
	}
	f := follower{prog: p, design: d, settings: s, progress: progress, load: int32(at), loadName: d.Loads[at].Name}
	number, of := pick.number, uint64(0)
	if number == 0 {
		seeker := &seeker{pick: pick, load: f.load, from: int64(s.Warmup), to: int64(s.Duration), open: map[uint64]seen{}}
		if ended, err := f.run(ctx, seeker, func() bool { return seeker.done }); err != nil || !ended {
			return nil, err
		}
		number, of = seeker.result(), seeker.count
		if number == 0 {
			return nil, f.none(pick, seeker)
		}
	}
	keeper := &keeper{load: f.load, seq: number - 1, nodes: p.Nodes(), queues: slices.Concat(p.Queues(), p.Topics()), handlers: p.Handlers()}
	if ended, err := f.run(ctx, keeper, func() bool { return false }); err != nil || !ended {
		return nil, err
	}
	if len(keeper.entries) == 0 {
		return nil, &NoneError{fmt.Sprintf("design %s has no operation %d of %s: %d came", d.Name, number, f.loadName, keeper.came), "a longer --duration has more"}
	}
	return &Followed{Design: d.Name, Load: f.loadName, Number: number, Of: of, Entries: keeper.entries, Trace: sequence.Spans(keeper.entries, Graph(d), nil)}, nil
}

func loadNames(d *design.Design) (all []string) {
	for i := range d.Loads {
		all = append(all, d.Loads[i].Name)
	}
	return all
}

type follower struct {
	prog     *engine.Program
	design   *design.Design
	settings Settings
	progress func(Progress)
	load     int32 // loads are the first nodes
	loadName string
}

// run runs the first replication before an observer, until it ends or is done; it reports
// false when ctx has ended.
func (f *follower) run(ctx context.Context, o engine.Observer, done func() bool) (bool, error) {
	r, err := f.prog.NewRun(f.settings.config(f.design.Name, 0))
	if err != nil {
		return false, errors.Join(&Failure{Design: f.design.Name, Replication: 1, Seed: f.settings.Seed}, err)
	}
	r.SetObserver(o)
	for r.Advance(math.MaxInt64, slice) == engine.Running && !done() {
		if f.progress != nil {
			f.progress(Progress{f.design.Name, 1, min(float64(r.Now())/float64(max(f.settings.Duration, 1)), 1), r.Events(), time.Duration(r.Now())})
		}
		if ctx.Err() != nil {
			return false, nil
		}
	}
	return true, nil
}

func (f *follower) none(p Pick, s *seeker) error {
	switch {
	case s.many:
		return &NoneError{fmt.Sprintf("more than %d operations: too many to find the %s of", mostTimed, p.word), "a shorter --duration, slowest, or an operation by its number"}
	case s.count == 0:
		return &NoneError{fmt.Sprintf("design %s: no operation of %s came in the measured window", f.design.Name, f.loadName), "a longer --duration, or an operation by its number"}
	}
	return &NoneError{fmt.Sprintf("design %s: %s picks none of the %d operations of %s", f.design.Name, p.word, s.count, f.loadName), "one of " + strings.Join(PickWords(), ", ") + ", a percentile such as p99, or a number"}
}

// seen is an operation under way.
type seen struct {
	seq uint64
	at  int64
}

type timed struct {
	seq  uint64
	took int64
}

// seeker is the observer that finds the operation.
type seeker struct {
	pick     Pick
	load     int32
	from, to int64 // arrivals that count
	open     map[uint64]seen
	ended    []timed // for a percentile
	best     timed
	found    uint64 // the number
	count    uint64
	done     bool
	many     bool
}

// Observe implements engine.Observer.
func (s *seeker) Observe(r engine.Record) {
	if r.Kind == engine.OpArrived {
		if r.Node == s.load && r.Time >= s.from && (s.to == 0 || r.Time < s.to) {
			if len(s.open) == mostTimed {
				s.done, s.many = true, true
				return
			}
			s.open[r.Op] = seen{r.Seq, r.Time}
			s.count++
		}
		return
	}
	o, ok := s.open[r.Op]
	if !ok || s.done {
		return
	}
	for _, f := range firsts {
		if f.word == s.pick.word && f.is(&r) {
			s.found, s.done = o.seq+1, true
			return
		}
	}
	switch r.Kind {
	case engine.OpConfirmed:
		s.timed(timed{o.seq, r.Time - o.at})
		s.forget(r.Op)
	case engine.OpFailed:
		s.forget(r.Op)
	default:
	}
}

// forget drops an operation that has ended, unless something may still happen to its
// messages that it is picked by.
func (s *seeker) forget(op uint64) {
	if s.pick.share > 0 || s.pick.word == "slowest" || s.pick.word == "fastest" || s.pick.word == "failed" {
		delete(s.open, op)
	}
}

func (s *seeker) timed(t timed) {
	switch {
	case s.pick.share > 0:
		if len(s.ended) == mostTimed {
			s.done, s.many = true, true
			return
		}
		s.ended = append(s.ended, t)
	case s.found == 0, s.pick.word == "slowest" && t.took > s.best.took, s.pick.word == "fastest" && t.took < s.best.took:
		if s.pick.word == "slowest" || s.pick.word == "fastest" {
			s.best, s.found = t, t.seq+1
		}
	}
}

// result is the number of the operation; 0: there is none.
func (s *seeker) result() uint64 {
	if s.pick.share == 0 || s.many || len(s.ended) == 0 {
		return s.found
	}
	slices.SortFunc(s.ended, func(a, b timed) int { return cmp.Or(cmp.Compare(a.took, b.took), cmp.Compare(a.seq, b.seq)) })
	rank := int(math.Ceil(s.pick.share*float64(len(s.ended)))) - 1 // nearest rank
	return s.ended[max(rank, 0)].seq + 1
}

// keeper is the observer that keeps what happens to one operation.
type keeper struct {
	load                    int32
	seq                     uint64
	op                      uint64
	came                    uint64
	nodes, queues, handlers []string
	entries                 []sequence.Entry
}

// Observe implements engine.Observer.
func (k *keeper) Observe(r engine.Record) {
	if r.Kind == engine.OpArrived && r.Node == k.load {
		k.came++
		if r.Seq == k.seq {
			k.op = r.Op
		}
	}
	if k.op == 0 || r.Op != k.op || len(k.entries) > sequence.MaxEntries {
		return
	}
	e := sequence.Named(r, k.nodes, k.queues)
	if r.Handler >= 0 && int(r.Handler) < len(k.handlers) {
		e.HandlerName = k.handlers[r.Handler]
	}
	k.entries = append(k.entries, e)
}
