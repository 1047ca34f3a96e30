package scenarios_test

import (
	"context"
	"fmt"
	"hash/fnv"
	"io"
	"math"
	"math/bits"
	"strconv"
	"strings"
	"time"

	"asynclab/scenarios"
	"asynclab/sim"
	"asynclab/sim/design"
	"asynclab/sim/draw"
	"asynclab/sim/engine"
)

// The runs of the comparison, and what is written down about them. A line is
// KIND<TAB>NAME<TAB>VALUE; kinds are fingerprint, value, fact and record.

type notes struct {
	io.Writer
	at   string // where in the run: the beginning of every name
	line []byte
}

func (n *notes) write(kind, name, value string) {
	n.line = append(n.line[:0], kind...)
	n.line = append(append(n.line, '\t'), n.at...)
	n.line = append(append(n.line, ' '), name...)
	n.line = append(append(n.line, '\t'), value...)
	_, _ = n.Write(append(n.line, '\n')) // of a bufio.Writer, which keeps its error for Flush
}

func (n *notes) fact(name string, format string, args ...any) {
	n.write("fact", name, fmt.Sprintf(format, args...))
}

// exactly is the bits of a number; all that are none are the same.
func exactly(x float64) string {
	if math.IsNaN(x) {
		return "none"
	}
	return hex(math.Float64bits(x))
}

func hex(x uint64) string { return strconv.FormatUint(x, 16) }

// digest of anything that fmt can print whole.
func digest(xs ...any) string {
	h := fnv.New64a()
	fmt.Fprint(h, xs...)
	return hex(h.Sum64())
}

// dump runs a scenario as its plan says and writes down what came out.
func dump(w io.Writer, sc *scenarios.Scenario, p plan) error {
	n := &notes{Writer: w}
	if p.Acts == nil {
		return n.straight(sc, p)
	}
	for _, d := range sc.Designs {
		n.at = d.Name
		if err := n.byHand(sc, d, p); err != nil {
			return err
		}
	}
	return nil
}

// straight runs all designs as the command line does.
func (n *notes) straight(sc *scenarios.Scenario, p plan) error {
	s := sim.Settings{Duration: sc.Run.Duration, Warmup: sc.Run.WarmupOf(sc.Run.Duration), Drain: sc.Run.Drain, Completions: sc.Run.Completions, Seed: sc.Run.Seed,
		Replications: sc.Run.Replications, MaxEvents: sc.Run.MaxEvents, Parallel: 1, Changes: sc.AllChanges()}
	if p.Replications > 0 {
		s.Replications = p.Replications
	}
	if p.MaxEvents > 0 && (s.MaxEvents == 0 || p.MaxEvents < s.MaxEvents) {
		s.MaxEvents = p.MaxEvents
	}
	for _, e := range sc.Expect {
		s.Expect = append(s.Expect, e.Parsed)
	}
	r, err := sim.Run(context.Background(), sc.Designs, s, nil)
	if err != nil {
		return err
	}
	for i := range r.Designs {
		d := &r.Designs[i]
		n.at = d.Name
		n.write("fingerprint", "at the end", d.Fingerprint)
		n.fact("ended", "%s at %d", d.Ended, d.At)
		n.fact("events", "%d", d.Events)
		for _, w := range d.Warnings {
			n.fact("warning", "%s %s", w.ID(), w.Element)
		}
		for _, m := range d.Metrics {
			for k, v := range m.Values {
				n.write("value", fmt.Sprintf("replication %d: %s", k+1, m.Name), exactly(v))
			}
			if len(m.Values) > 1 {
				n.write("value", "interval: "+m.Name, digest(exactly(m.Mean), exactly(m.Low), exactly(m.High)))
			}
		}
	}
	n.at = "expected"
	for _, v := range r.Expectations {
		n.fact(v.Expect, "%v %v %s", v.Pass, v.Inconclusive, exactly(v.Value))
	}
	return nil
}

// watcher is a hash over everything that an observer is told. Kinds go in by
// name, because their numbers may change.
type watcher struct{ h uint64 }

var recordNames = hashes(map[engine.RecordKind]string{
	engine.OpArrived: "op arrived", engine.OpAccepted: "op accepted", engine.OpConfirmed: "op confirmed", engine.OpFailed: "op failed",
	engine.MsgSent: "sent", engine.MsgDuplicated: "duplicated", engine.MsgLost: "lost", engine.MsgCorrupted: "corrupted", engine.MsgArrived: "arrived",
	engine.MsgRefused: "refused", engine.TaskArrived: "task arrived", engine.TaskStarted: "task started", engine.TaskEnded: "task ended",
	engine.TaskRejected: "task rejected", engine.TaskCancelled: "task cancelled", engine.TaskLost: "task lost",
	engine.CopyDeadLettered: "dead-lettered", engine.CopyEnded: "copy ended", engine.Retrying: "retrying", engine.FaultBegan: "fault began",
	engine.FaultEnded: "fault ended", engine.Changed: "changed",
})

var messageNames = hashes(map[engine.MessageKind]string{
	engine.RequestMessage: "request", engine.PublishMessage: "publish", engine.ReplyMessage: "reply", engine.DeliverMessage: "deliver",
	engine.AckMessage: "ack", engine.NackMessage: "nack", engine.CancelMessage: "cancel",
})

// hashes has the hash of each name at the number of its kind.
func hashes[K ~uint8](names map[K]string) (all [256]uint64) {
	for k, name := range names {
		all[k] = draw.HashString(name)
	}
	return all
}

// Observe mixes a record in.
func (w *watcher) Observe(r engine.Record) {
	if recordNames[r.Kind] == 0 && r.Kind != engine.Acted { // a kind that the other side may not have
		return
	}
	resend := uint64(0)
	if r.Resend {
		resend = 1
	}
	for _, x := range [...]uint64{uint64(r.Time), r.Op, r.Seq, r.Msg, uint64(r.Arrives), uint64(r.Node), uint64(r.To), uint64(r.Queue), uint64(r.Instance),
		recordNames[r.Kind], messageNames[r.Message], draw.HashString(r.Cause.String()), resend} {
		w.h = (bits.RotateLeft64(w.h, 23) ^ x) * 0x9e3779b97f4a7c15
	}
}

// byHand runs one design with what is done to it, and looks at it wherever it
// was kept or returned to.
func (n *notes) byHand(sc *scenarios.Scenario, d *design.Design, p plan) error {
	prog, err := engine.Compile(d)
	if err != nil {
		return err
	}
	cfg := engine.Config{Duration: sc.Run.Duration, Warmup: sc.Run.WarmupOf(sc.Run.Duration), Drain: sc.Run.Drain, Completions: sc.Run.Completions, Seed: sc.Run.Seed,
		MaxEvents: sc.Run.MaxEvents, Replication: p.Replication, MaxInFlight: p.MaxInFlight, Points: p.Points, Changes: sc.ChangesOf(d.Name)}
	r, err := prog.NewRun(cfg)
	if err != nil {
		return err
	}
	w := &watcher{}
	if p.Observed {
		r.SetObserver(w)
	}
	const never = math.MaxInt64 / 2
	var kept *engine.Checkpoint
	for i, a := range p.Acts {
		n.at = fmt.Sprintf("%s, act %d (%s):", d.Name, i+1, a.Do)
		r.Advance(int64(a.At), 0)
		if a.Events > 0 && a.Do != "step" {
			r.Advance(never, a.Events)
		}
		switch a.Do {
		case "set":
			err = r.Set(a.What, a.Value)
		case "inject":
			var f design.Fault
			if f, err = design.ParseFault(a.What); err == nil {
				err = r.Inject(f)
			}
		case "heal":
			err = r.Heal(a.What)
		case "keep":
			kept = r.Checkpoint()
			n.now(r)
			n.values(r)
		case "return", "again":
			made := r.Changes()
			n.now(r)
			r.Restore(kept)
			if a.Do == "again" {
				err = r.Plan(made)
			}
			n.now(r)
		case "forget":
			err = r.Plan(nil)
		case "step":
			for range a.Events {
				r.Step()
			}
			next, ok := r.Next()
			n.fact("next", "%d %v", next, ok)
		default:
			return fmt.Errorf("there is no act %q", a.Do)
		}
		n.fact("done", "%v", err == nil)
	}
	n.at = d.Name + ", at the end:"
	r.Advance(never, 0)
	n.now(r)
	n.values(r)
	n.rest(r)
	if p.Observed {
		n.write("record", "all", hex(w.h))
	}
	if kept != nil { // once more from where it was kept
		n.at = d.Name + ", once more:"
		made := r.Changes()
		r.Restore(kept)
		if err := r.Plan(made); err != nil {
			return err
		}
		r.Advance(never, 0)
		n.now(r)
	}
	return nil
}

// now is where a run is.
func (n *notes) now(r *engine.Run) {
	n.write("fingerprint", "now", hex(r.Fingerprint()))
	n.fact("now", "%d ns, %d events, %d completions, end %d", r.Now(), r.Events(), r.Completions(), r.End())
}

func (n *notes) values(r *engine.Run) {
	for _, v := range r.Values() {
		n.write("value", v.Name, exactly(v.Value))
	}
}

// rest is what else can be asked of a run.
func (n *notes) rest(r *engine.Run) {
	for _, f := range r.Faults() {
		n.fact("fault "+f.Name, "%v %v %v %d", f.Kind, f.Active, f.ByHand, f.Begun)
	}
	for _, c := range r.Changes() {
		n.fact("change", "%d %s %s", c.At, c.Path, c.Value)
	}
	for _, w := range r.Warnings() {
		n.fact("warning", "%s %s", w.ID(), w.Element)
	}
	third := time.Duration(r.Now() / 3)
	for _, v := range r.Values() {
		turn := fnv.New32a()
		fmt.Fprint(turn, v.Name, r.Events())
		if turn.Sum32()%16 != 0 { // every metric has its turn in some design
			continue
		}
		if s, ok := r.Series(v.Name); ok {
			n.write("value", "series: "+v.Name, digest(s))
		}
		if x, ok := r.ValueIn(v.Name, third, 2*third); ok {
			n.write("value", "in a window: "+v.Name, exactly(x))
		}
		if base, ok := strings.CutSuffix(v.Name, ".p50"); ok {
			if b, ok := r.Distribution(base); ok {
				n.write("value", "distribution: "+base, digest(b))
			}
		}
	}
}
