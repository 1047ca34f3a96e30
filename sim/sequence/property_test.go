package sequence_test

import (
	"bytes"
	"fmt"
	"math"
	"slices"
	"testing"
	"time"

	"asynclab/sim/design"
	"asynclab/sim/engine"
	"asynclab/sim/record"
	"asynclab/sim/sequence"
	"asynclab/sim/topology"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// Everything that happened in real runs can be drawn, and is drawn once.
func TestRealStories(t *testing.T) {
	for _, run := range []struct {
		name string
		told *told
	}{
		{"chain", library(t, "order-flow", "chain", 4*time.Minute-time.Second, 4*time.Minute+6*time.Second)},
		{"broker", library(t, "order-flow", "broker", 4*time.Minute-time.Second, 4*time.Minute+2*time.Second)},
		{"dominoes", library(t, "dominoes", "chain", 5*time.Minute, 5*time.Minute+12*time.Second)},
		{"automatic", library(t, "order-queue", "automatic", 0, 5*time.Minute)},
		{"lossy", parsed(t, lossy, 30*time.Second)},
		{"poison", parsed(t, poison, 30*time.Second)},
	} {
		t.Run(run.name, func(t *testing.T) {
			for _, op := range run.told.order {
				entries := run.told.entries(op)
				d := sequence.Build(entries, run.told.graph)
				if err := sound(entries, &d); err != nil {
					t.Fatalf("operation %d: %v", op, err)
				}
				if d.Cut || entries[0].Kind != engine.OpArrived {
					continue
				}
				for i, m := range d.Messages {
					if m.Fate == record.InFlight && m.Due > 0 && m.Due < d.Moments[len(d.Moments)-1] {
						t.Fatalf("operation %d: message %d should have arrived", op, i)
					}
				}
			}
		})
	}
}

// sound checks what holds for every diagram of these entries.
func sound(entries []sequence.Entry, d *sequence.Diagram) error {
	sent := 0
	for _, e := range entries[:min(len(entries), sequence.MaxEntries)] {
		if (e.Kind == engine.MsgSent || e.Kind == engine.MsgDuplicated) && e.NodeName != "" && e.ToName != "" {
			sent++
		}
	}
	drawn := 0
	for _, m := range d.Messages {
		if m.Class != record.DeadLetter || d.Lanes[m.To].Kind != topology.Queue {
			drawn++
		}
		if m.Sent > m.Arrived || m.Arrived >= len(d.Moments) || m.From >= len(d.Lanes) || m.To >= len(d.Lanes) {
			return fmt.Errorf("message %+v goes nowhere", m)
		}
	}
	if drawn != sent {
		return fmt.Errorf("%d messages were sent, %d are drawn", sent, drawn)
	}
	if !slices.IsSorted(d.Moments) {
		return fmt.Errorf("moments go back: %v", d.Moments)
	}
	for _, b := range d.Bars {
		if b.From > b.To || b.To >= len(d.Moments) {
			return fmt.Errorf("bar %+v ends before it begins", b)
		}
	}
	for _, scale := range []sequence.Scale{sequence.Even, sequence.Proportional} {
		if err := laidOut(d, sequence.Arrange(d, sequence.Options{Scale: scale})); err != nil {
			return fmt.Errorf("scale %d: %w", scale, err)
		}
	}
	return nil
}

func laidOut(d *sequence.Diagram, l *sequence.Layout) error {
	if len(l.Arrows) != len(d.Messages) || len(l.Bars) != len(d.Bars) {
		return fmt.Errorf("%d arrows for %d messages, %d boxes for %d bars", len(l.Arrows), len(d.Messages), len(l.Bars), len(d.Bars))
	}
	notes := 0
	for _, n := range l.Notes {
		notes += len(n.Notes)
	}
	if notes != len(d.Notes) {
		return fmt.Errorf("%d notes of %d", notes, len(d.Notes))
	}
	for i, a := range l.Arrows {
		first, last := a.Points[0], a.Points[len(a.Points)-1]
		if last.Y < first.Y {
			return fmt.Errorf("message %d goes back in time: %v", i, a.Points)
		}
		for _, p := range a.Points {
			if p.X < 0 || p.X > l.W || p.Y < l.Top || p.Y > l.H || math.IsNaN(p.X+p.Y) {
				return fmt.Errorf("message %d leaves the picture: %v", i, a.Points)
			}
		}
	}
	for i, x := range l.Lines[1:] {
		if x <= l.Lines[i] || l.Heads[i].X+l.Heads[i].W > l.Heads[i+1].X {
			return fmt.Errorf("lanes %d and %d overlap", i, i+1)
		}
	}
	return nil
}

// Whatever comes, in whatever order: nothing panics, and the diagram is sound.
func TestAnyEntries(t *testing.T) {
	nodes := []string{"", "client", "a", "b", "mq"}
	queues := []string{"", "mq/q", "mq/t", "mq/t/a", "mq/dead"}
	graph := topology.Graph{
		Nodes: []topology.Node{
			{ID: "client", Kind: topology.Client}, {ID: "a", Kind: topology.Service}, {ID: "mq", Kind: topology.Broker},
			{ID: "mq/q", Kind: topology.Queue, Parent: "mq"}, {ID: "mq/dead", Kind: topology.Queue, Parent: "mq"},
		},
		Edges: []topology.Edge{{From: "mq/q", To: "mq/dead", Kind: topology.DeadLetter}},
	}
	entry := rapid.Custom(func(t *rapid.T) sequence.Entry {
		at := int64(rapid.IntRange(0, 6).Draw(t, "time"))
		e := sequence.Entry{Record: engine.Record{
			Time: at, Kind: engine.RecordKind(rapid.IntRange(0, int(engine.Changed)).Draw(t, "kind")),
			Message: engine.MessageKind(rapid.IntRange(0, int(engine.CancelMessage)).Draw(t, "message")),
			Cause:   design.Cause(rapid.IntRange(0, 4).Draw(t, "cause")),
			Msg:     uint64(rapid.IntRange(1, 5).Draw(t, "msg")), Resend: rapid.Bool().Draw(t, "resend"),
			Arrives: int64(rapid.IntRange(0, 9).Draw(t, "arrives")),
		}}
		e.NodeName = rapid.SampledFrom(nodes).Draw(t, "node")
		e.ToName = rapid.SampledFrom(nodes).Draw(t, "to")
		e.QueueName = rapid.SampledFrom(queues).Draw(t, "queue")
		return e
	})
	rapid.Check(t, func(t *rapid.T) {
		entries := rapid.SliceOfN(entry, 1, 40).Draw(t, "entries")
		d := sequence.Build(entries, graph)
		if len(d.Lanes) == 0 {
			return
		}
		if err := sound(entries, &d); err != nil {
			t.Fatal(err)
		}
		var first, second bytes.Buffer
		again := sequence.Build(entries, graph)
		for b, d := range map[*bytes.Buffer]*sequence.Diagram{&first: &d, &second: &again} {
			if err := sequence.Text(b, d, sequence.TextOptions{ASCII: true}); err != nil {
				t.Fatal(err)
			}
			if err := sequence.SVG(b, d, sequence.Arrange(d, sequence.Options{}), nil, sequence.Theme{}); err != nil {
				t.Fatal(err)
			}
		}
		if diff := cmp.Diff(first.String(), second.String()); diff != "" {
			t.Fatalf("twice the same is not the same: %s", diff)
		}
	})
}

func TestLongStoryIsCut(t *testing.T) {
	var entries []sequence.Entry
	for i := range 2 * sequence.MaxEntries {
		r := engine.Record{Time: int64(i), Kind: engine.MsgSent, Msg: uint64(i + 1), Arrives: int64(i) + 5}
		entries = append(entries, sequence.Entry{Record: r, NodeName: "a", ToName: "b"})
	}
	d := sequence.Build(entries, topology.Graph{})
	if !d.Cut || len(d.Messages) != sequence.MaxEntries {
		t.Errorf("%d messages, cut %v", len(d.Messages), d.Cut)
	}
	var text bytes.Buffer
	if err := sequence.Text(&text, &d, sequence.TextOptions{}); err != nil {
		t.Fatal(err)
	}
	if !bytes.Contains(text.Bytes(), []byte("the story is longer")) {
		t.Error("the text does not say that there is more")
	}
	if l := sequence.Arrange(&d, sequence.Options{}); l.Foot.Text == "" {
		t.Error("the layout does not say that there is more")
	}
}

func TestClock(t *testing.T) {
	for d, want := range map[time.Duration]string{
		0: "0 s", 1500: "1.5 µs", 20*time.Millisecond + 123*time.Microsecond: "20.1 ms", 1802 * time.Millisecond: "1.802 s",
		4*time.Minute + 5123*time.Millisecond: "4 min 05.123 s", 2 * time.Hour: "120 min 00.000 s",
	} {
		if got := sequence.Clock(d); got != want {
			t.Errorf("%v: %q, want %q", d, got, want)
		}
	}
}

// A task waits from its request to the answer, over all attempts; what does not
// answer is not waited for.
func TestBars(t *testing.T) {
	states := func(d sequence.Diagram, lane string) (out []string) {
		for _, b := range d.Bars {
			if d.Lanes[b.Lane].ID == lane {
				out = append(out, [...]string{"waits", "works", "blocked"}[b.State])
			}
		}
		return out
	}
	lost := parsed(t, lossy, 30*time.Second)
	retried := lost.diagram(lost.first(t, 0, is(engine.Retrying)))
	if got := states(retried, "shop"); !slices.Equal(got, []string{"works", "blocked"}) {
		t.Errorf("retried: shop %v", got)
	}
	s := parsed(t, `
version: 1
name: told
run: {duration: 1min, seed: 3}
load: {web: {to: shop/order, arrivals: constant(2/s)}}
services:
  shop: {workers: 4, on: {order: [work: 5ms, send: log/write, work: 20ms]}}
  log: {on: {write: [work: 1ms]}}
links: {default: {latency: 1ms}}
`, time.Second)
	if got := states(s.diagram(s.order[0]), "shop"); !slices.Equal(got, []string{"works"}) {
		t.Errorf("sent without waiting: shop %v", got)
	}
}
