package eventlog

import (
	"strings"
	"testing"
	"time"

	"asynclab/scenarios"
	"asynclab/sim"
	"asynclab/sim/engine"
	"asynclab/sim/record"
	"asynclab/ui/control"
	"asynclab/ui/sequence"
)

// storm has every class of message: retries against a slow service that give up
// on its work, losses, duplicates, redeliveries, dead letters that are read, and
// confirms of a queue that is often full.
const storm = `
version: 1
name: storm
run: {duration: 1min, seed: 3}
load:
  web: {to: shop/order, arrivals: constant(20/s), timeout: 3s}
  app: {to: shop/note, arrivals: constant(5/s)}
brokers: {mq: {queues: {
  orders: {max_deliveries: 2, dead_letter: failed, max_length: 3, when_full: reject}, failed: {}}}}
services:
  shop:
    workers: 50
    on:
      order: [{call: pay/charge, timeout: 150ms, cancel: true, retry: {attempts: 3, backoff: 100ms}}, {publish: mq/orders, confirm: true}]
      note: [publish: mq/orders]
  pay: {workers: 2, queue: 5, errors: 5%, on: {charge: [work: exp(80ms)]}}
  mail: {workers: 1, errors: 40%, consumes: {mq/orders: write}, on: {write: [work: 80ms]}}
  clerk: {workers: 1, consumes: {mq/failed: look}, on: {look: [work: 300ms]}}
links:
  default: {latency: exp(10ms)}
  shop -> pay: {latency: exp(10ms), loss: 5%, duplicate: 5%}
`

// Picture, log and diagram say the same of the same message.
func TestPictureLogAndDiagramAgree(t *testing.T) {
	sc, err := scenarios.Parse(nil, "storm.yaml", []byte(storm))
	if err != nil {
		t.Fatal(err)
	}
	s, err := control.Open(sc, nil, control.Options{Dots: 10_000})
	if err != nil {
		t.Fatal(err)
	}
	type sending struct {
		msg uint64
		op  uint64
	}
	drawn := map[sending]map[record.Mark]bool{} // marks that the picture gave a message
	ops := map[uint64]bool{}
	var f control.Frame
	for at := time.Duration(0); at < 8*time.Second; at += 2 * time.Millisecond {
		s.Advance(at, 0)
		s.Fill(&f)
		for _, d := range f.Lanes[0].Dots {
			m := sending{d.Msg, d.Op}
			if drawn[m] == nil {
				drawn[m] = map[record.Mark]bool{}
			}
			drawn[m][d.Mark] = true
			ops[d.Op] = true
		}
	}
	seen := map[record.Class]int{}
	told := map[sending]map[record.Mark]bool{}
	for op := range ops {
		st, err := s.Story(0, op)
		if err != nil {
			t.Fatal(err)
		}
		d := sequence.FromStory(st, sim.Graph(sc.Designs[0]))
		next := 0
		for i := range st.Entries {
			e := &st.Entries[i]
			class := e.Class()
			seen[class]++
			if text := Say(e, nil); !strings.Contains(text, class.Say(nil, e.Fate(), e.Why.Word())) {
				t.Fatalf("the log says %q of %s", text, class.ID())
			}
			if e.Kind == engine.CopyDeadLettered && next < len(d.Messages) && d.Messages[next].Class == record.DeadLetter {
				next++ // inside the broker: the diagram alone draws it
			}
			if e.Kind != engine.MsgSent && e.Kind != engine.MsgDuplicated {
				continue
			}
			if next == len(d.Messages) || d.Messages[next].Class != class {
				t.Fatalf("operation %d: the diagram has %v, the log %s", op, d.Messages[next:], Say(e, nil))
			}
			next++
			m := sending{e.Msg, op}
			if told[m] == nil {
				told[m] = map[record.Mark]bool{}
			}
			told[m][class.Mark()] = true
		}
	}
	for m, marks := range drawn {
		for mark := range marks {
			if !told[m][mark] {
				t.Fatalf("message %+v is drawn as %q, the log has %v", m, mark.ID(), told[m])
			}
		}
	}
	for _, c := range record.Classes {
		if c.IsMessage() && seen[c] == 0 && c != record.Pull && c != record.Empty { // which belong to no operation
			t.Errorf("no %s in the whole storm: it proves nothing", c.ID())
		}
	}
}
